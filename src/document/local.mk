# SPDX-License-Identifier: LGPL-2.1-or-later
# PDF and XML, for the command alone: the modules are not linked with what parses documents.
noinst_LTLIBRARIES += libjpki-document.la
libjpki_document_la_SOURCES = \
	src/document/bytes.c src/document/bytes.h \
	src/document/file_name.c src/document/file_name.h \
	src/document/guard.c src/document/guard.h \
	src/document/kind.c src/document/kind.h \
	src/document/pdf_bytes.c src/document/pdf_bytes.h \
	src/document/pdf_compare.c src/document/pdf_compare.h \
	src/document/pdf_field.c src/document/pdf_field.h \
	src/document/pdf_find.c src/document/pdf_find.h \
	src/document/pdf_judge.c src/document/pdf_judge.h \
	src/document/pdf_shown.c src/document/pdf_shown.h \
	src/document/pdf_objects.c src/document/pdf_objects.h \
	src/document/pdf_plan.c src/document/pdf_plan.h \
	src/document/pdf_tail.c src/document/pdf_tail.h \
	src/document/pdf_token.c src/document/pdf_token.h \
	src/document/pdf_update.c src/document/pdf_update.h \
	src/document/pdf_verdict.h \
	src/document/pdf_written.c src/document/pdf_written.h \
	src/document/xml_arrange.c src/document/xml_arrange.h \
	src/document/xml_base64.c src/document/xml_base64.h \
	src/document/xml_canonical.c src/document/xml_canonical.h \
	src/document/xml_claims.c src/document/xml_claims.h \
	src/document/xml_dsig.c src/document/xml_dsig.h \
	src/document/xml_fault.c src/document/xml_fault.h \
	src/document/xml_form.h \
	src/document/xml_guarded.c src/document/xml_guarded.h \
	src/document/xml_judge.c src/document/xml_judge.h \
	src/document/xml_key.c src/document/xml_key.h \
	src/document/xml_method.c src/document/xml_method.h \
	src/document/xml_name.c src/document/xml_name.h \
	src/document/xml_names.c src/document/xml_names.h \
	src/document/xml_prefix.c src/document/xml_prefix.h \
	src/document/xml_profile.c src/document/xml_profile.h \
	src/document/xml_read.c src/document/xml_read.h \
	src/document/xml_shown.c src/document/xml_shown.h \
	src/document/xml_sign.c src/document/xml_sign.h \
	src/document/xml_signed.c src/document/xml_signed.h \
	src/document/xml_text.c src/document/xml_text.h \
	src/document/xml_time.c src/document/xml_time.h \
	src/document/xml_unsigned.c src/document/xml_unsigned.h \
	src/document/xml_uri.c src/document/xml_uri.h \
	src/document/xml_verify.c src/document/xml_verify.h
libjpki_document_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(QPDF_CFLAGS) \
	$(XML_CFLAGS)
libjpki_document_la_LIBADD = libjpki.la $(JANSSON_LIBS) $(QPDF_LIBS) $(XML_LIBS) $(CRYPTO_LIBS) -lm
