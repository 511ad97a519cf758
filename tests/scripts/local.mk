# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of quickstart's parts.
SCRIPT_TESTS = tests/scripts/debian.test tests/scripts/packages.test
dist_check_SCRIPTS += $(SCRIPT_TESTS)
TESTS += $(SCRIPT_TESTS)
