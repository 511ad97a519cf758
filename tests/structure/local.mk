# SPDX-License-Identifier: LGPL-2.1-or-later
# The rules of the source tree: see tests/structure/structure.py.

# With all that our headers may need of libraries.
STRUCTURE_CFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) \
	$(P11KIT_CFLAGS) $(XML_CFLAGS) $(WINDOW_CFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS)
tests/structure/compiler: Makefile
	$(AM_V_GEN)$(MKDIR_P) tests/structure && echo '$(CC) $(STRUCTURE_CFLAGS)' >$@
CLEANFILES += tests/structure/compiler

# The rules alone, without the proof that each of them can fail.
structure: all tests/structure/compiler
	@$(srcdir)/tests/structure/structure.py --source $(srcdir)
.PHONY: structure

dist_check_SCRIPTS += tests/structure/structure.test
TESTS += tests/structure/structure.test
tests/structure/structure.log: tests/structure/compiler
EXTRA_DIST += tests/structure/arrows.py tests/structure/files.py tests/structure/structure.py \
	tests/structure/tree.py
