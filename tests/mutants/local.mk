# SPDX-License-Identifier: LGPL-2.1-or-later
# Which one-line faults of the sources the tests notice: see tests/mutants/mutants.py.

mutants:
	$(srcdir)/tests/mutants/mutants.py
.PHONY: mutants

# The lists must fit the sources; that takes no time.
dist_check_SCRIPTS += tests/mutants/lists.test
TESTS += tests/mutants/lists.test
EXTRA_DIST += tests/mutants/mutants.py docs/mutants.md \
	tests/mutants/app.txt tests/mutants/base.txt tests/mutants/card.txt \
	tests/mutants/crypto.txt tests/mutants/document.txt tests/mutants/document-xml.txt \
	tests/mutants/pkcs11.txt tests/mutants/portal.txt tests/mutants/token.txt \
	tests/mutants/tool.txt tests/mutants/window.txt
