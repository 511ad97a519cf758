# SPDX-License-Identifier: LGPL-2.1-or-later
# The benchmark: "make bench" measures what docs/bench.md says, and writes its tables. "make check" only
# builds what it needs; what may not grow is tested by counts of commands (docs/apdu-budget.md).
check_PROGRAMS += tests/bench/at-once
tests_bench_at_once_SOURCES = tests/bench/at-once.c $(P11_CLIENT)
tests_bench_at_once_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_bench_at_once_LDADD = -ldl $(CRYPTO_LIBS)
EXTRA_DIST += tests/bench/bench.sh tests/bench/window.sh docs/bench.md

bench: all tests/vcard/jpki-vcard$(EXEEXT) tests/bench/at-once$(EXEEXT) \
		tests/integration/lib/p11-drive$(EXEEXT) tests/integration/lib/await-card$(EXEEXT) \
		tests/integration/mynumber.card
	$(srcdir)/tests/bench/bench.sh $(abs_srcdir)/docs/bench.md
.PHONY: bench
