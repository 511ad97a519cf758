# SPDX-License-Identifier: LGPL-2.1-or-later
# The layers below PKCS#11, for the module, the tests and the command alike.
noinst_LTLIBRARIES += libjpki.la
libjpki_la_SOURCES = \
	src/base/buffer.c src/base/buffer.h \
	src/base/config.c src/base/config.h \
	src/base/der.c src/base/der.h \
	src/base/error.c src/base/error.h \
	src/base/log.c src/base/log.h \
	src/base/secret.c src/base/secret.h \
	src/base/write.c src/base/write.h \
	src/crypto/blame.h \
	src/crypto/certificate.c src/crypto/certificate.h \
	src/crypto/context.c src/crypto/context.h \
	src/crypto/ecdsa.c src/crypto/ecdsa.h \
	src/crypto/hash.c src/crypto/hash.h \
	src/crypto/key.c src/crypto/key.h \
	src/card/apdu.c src/card/apdu.h \
	src/card/attributes.c src/card/attributes.h \
	src/card/card.c src/card/card.h src/card/card_state.h \
	src/card/generation.c src/card/generation.h \
	src/card/generation_find.c src/card/generation_find.h \
	src/card/pcsc.c src/card/pcsc.h \
	src/card/read.c \
	src/card/scard.c src/card/scard.h \
	src/card/scheme.c src/card/scheme.h \
	src/card/selected.h \
	src/card/status_word.c src/card/status_word.h \
	src/card/transport.h \
	src/token/application.c src/token/application.h \
	src/token/availability.c src/token/availability.h \
	src/token/certificate.c src/token/certificate.h \
	src/token/change.c \
	src/token/clock.c src/token/clock.h \
	src/token/info.h \
	src/token/known.c src/token/known.h \
	src/token/link.c src/token/link.h \
	src/token/login.c \
	src/token/pin.c src/token/pin.h \
	src/token/pin_value.c src/token/pin_value.h \
	src/token/reader.c src/token/reader.h \
	src/token/readers.c src/token/readers.h \
	src/token/recognise.c src/token/recognise.h \
	src/token/place.c src/token/place.h \
	src/token/kept.c src/token/kept.h \
	src/token/record.c src/token/record.h \
	src/token/refused.c src/token/refused.h \
	src/token/ref.h \
	src/token/room.c src/token/room.h \
	src/token/sign.c \
	src/token/snapshot.c src/token/snapshot.h \
	src/token/state.c src/token/state.h \
	src/token/token.c src/token/token.h \
	src/token/text.c \
	src/token/tries.c src/token/tries.h \
	src/token/unlock.c src/token/unlock.h \
	src/token/visit.c src/token/visit.h
libjpki_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS) $(CRYPTO_CFLAGS)
libjpki_la_CFLAGS = $(AM_CFLAGS) $(FRAME_CFLAGS)
libjpki_la_LIBADD = $(PCSC_LIBS) $(CRYPTO_LIBS)

# The PKCS#11 layer, without the export list, so that tests can reach inside.
noinst_LTLIBRARIES += libjpki-pkcs11.la
libjpki_pkcs11_la_SOURCES = \
	include/jpki-pkcs11.h include/pkcs11v3.h \
	src/pkcs11/attribute.c src/pkcs11/attribute.h \
	src/pkcs11/entry.c src/pkcs11/entry.h \
	src/pkcs11/find.c src/pkcs11/find.h \
	src/pkcs11/functions.c src/pkcs11/functions.h \
	src/pkcs11/general.c src/pkcs11/general.h \
	src/pkcs11/mechanism.c src/pkcs11/mechanism.h \
	src/pkcs11/module.c src/pkcs11/module.h \
	src/pkcs11/object.c src/pkcs11/object.h \
	src/pkcs11/operate.c src/pkcs11/operate.h \
	src/pkcs11/operation.c src/pkcs11/operation.h \
	src/pkcs11/rv.c src/pkcs11/rv.h \
	src/pkcs11/session.c src/pkcs11/session.h \
	src/pkcs11/session_table.c src/pkcs11/session_table.h \
	src/pkcs11/slot.c src/pkcs11/slot.h \
	src/pkcs11/slot_table.c src/pkcs11/slot_table.h \
	src/pkcs11/text.c src/pkcs11/text.h \
	src/pkcs11/unsupported.c src/pkcs11/unsupported.h
libjpki_pkcs11_la_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS)
libjpki_pkcs11_la_CFLAGS = $(AM_CFLAGS) $(FRAME_CFLAGS)
libjpki_pkcs11_la_LIBADD = libjpki.la

# Which card generations are known. Not in libjpki.la, so that a test can be linked with another list.
noinst_LTLIBRARIES += libgenerations.la
libgenerations_la_SOURCES = src/card/generation_list.c src/card/generation_list.h

# Which keys have slots, for the tests: both.
noinst_LTLIBRARIES += libproduct.la
libproduct_la_SOURCES = src/pkcs11/product.c src/pkcs11/product.h
libproduct_la_LIBADD = libgenerations.la

# The shipped modules: the three names of the export list and nothing else. The same code, but for
# the keys that have slots.
p11moduledir = $(p11_module_path)
p11module_LTLIBRARIES = jpki-pkcs11.la jpki-pkcs11-auth.la jpki-pkcs11-sign.la
MODULE_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -Wl,-z,nodelete \
	-Wl,--version-script=$(top_srcdir)/src/pkcs11/exports.map
MODULE_NEEDS = libjpki-pkcs11.la libgenerations.la src/pkcs11/exports.map
jpki_pkcs11_la_SOURCES = src/pkcs11/product.c
jpki_pkcs11_la_LIBADD = libjpki-pkcs11.la libgenerations.la
jpki_pkcs11_la_LDFLAGS = $(MODULE_LDFLAGS)
jpki_pkcs11_la_DEPENDENCIES = $(MODULE_NEEDS)
jpki_pkcs11_auth_la_SOURCES = src/pkcs11/product.c
jpki_pkcs11_auth_la_CPPFLAGS = $(AM_CPPFLAGS) -DJPKI_PRODUCT_AUTH
jpki_pkcs11_auth_la_LIBADD = libjpki-pkcs11.la libgenerations.la
jpki_pkcs11_auth_la_LDFLAGS = $(MODULE_LDFLAGS)
jpki_pkcs11_auth_la_DEPENDENCIES = $(MODULE_NEEDS)
jpki_pkcs11_sign_la_SOURCES = src/pkcs11/product.c
jpki_pkcs11_sign_la_CPPFLAGS = $(AM_CPPFLAGS) -DJPKI_PRODUCT_SIGN
jpki_pkcs11_sign_la_LIBADD = libjpki-pkcs11.la libgenerations.la
jpki_pkcs11_sign_la_LDFLAGS = $(MODULE_LDFLAGS)
jpki_pkcs11_sign_la_DEPENDENCIES = $(MODULE_NEEDS)
EXTRA_DIST += src/pkcs11/exports.map

# libtool's own files are of no use beside modules that are only ever dlopen'ed; without them libtool
# does not find the modules to uninstall.
install-data-hook: install-browser-files
	for f in $(p11module_LTLIBRARIES); do rm -f "$(DESTDIR)$(p11moduledir)/$$f"; done
uninstall-hook: uninstall-browser-files
	for f in $(p11module_LTLIBRARIES:.la=.so); do rm -f "$(DESTDIR)$(p11moduledir)/$$f"; done
	$(uninstall_directories)
