# SPDX-License-Identifier: LGPL-2.1-or-later
TAP_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_LOG_DRIVER)
# The end of a test that hangs, and not a promise of how fast they are. A test ends with who runs it.
TEST_LIMIT = setpriv --pdeathsig KILL timeout --verbose --kill-after=60 \
	$$((2400 * $${JPKI_TEST_PATIENCE:-1})) setpriv --pdeathsig KILL
LOG_COMPILER = $(TEST_LIMIT)
TEST_LOG_COMPILER = $(TEST_LIMIT)

include $(top_srcdir)/tests/vcard/local.mk
include $(top_srcdir)/tests/reader/local.mk
include $(top_srcdir)/tests/unit/local.mk
include $(top_srcdir)/tests/unit/vcard/local.mk
include $(top_srcdir)/tests/integration/local.mk
include $(top_srcdir)/tests/bench/local.mk
include $(top_srcdir)/tests/generation/local.mk
include $(top_srcdir)/tests/scripts/local.mk
include $(top_srcdir)/tests/conformance/local.mk
include $(top_srcdir)/tests/fuzz/local.mk
include $(top_srcdir)/tests/inject/local.mk
include $(top_srcdir)/tests/structure/local.mk
include $(top_srcdir)/tests/mutants/local.mk
