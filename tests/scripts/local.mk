# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of quickstart's parts.
SCRIPT_TESTS = tests/scripts/debian.test tests/scripts/forms.test tests/scripts/installed.test \
	tests/scripts/packages.test
dist_check_SCRIPTS += $(SCRIPT_TESTS)
TESTS += $(SCRIPT_TESTS)
EXTRA_DIST += tests/scripts/forms.py .github/ISSUE_TEMPLATE/config.yml .github/ISSUE_TEMPLATE/portal-en.yml \
	.github/ISSUE_TEMPLATE/portal-ja.yml
