# SPDX-License-Identifier: LGPL-2.1-or-later
# A driver for pcscd with a virtual card that has power as in real readers.
check_LTLIBRARIES += tests/reader/ifd-power.la
tests_reader_ifd_power_la_SOURCES = tests/reader/ifd-power.c
tests_reader_ifd_power_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS) -D_GNU_SOURCE
tests_reader_ifd_power_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
