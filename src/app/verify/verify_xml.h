/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_xml: reports the signatures in an XML document. */
#ifndef JPKI_APP_VERIFY_VERIFY_XML_H
#define JPKI_APP_VERIFY_VERIFY_XML_H

#include <stdbool.h>

#include "app/verify/verify_report.h"
#include "document/xml_verify.h"

/*
 * Judge the signatures, if what is given is an XML document that has some, or has what looks like
 * one. False if it is anything else. On true *result is APP_OK, and the caller ends *report with
 * xml_report_free; or the exit code after saying why the document cannot be judged.
 */
bool verify_xml_read(const struct verify_request *request, struct xml_report *report, int *result);

/* True if a signature has a certificate that is to be judged. */
bool verify_xml_has_signer(const struct xml_report *report);

/* True if a signature is not valid for the document, whoever made it. */
bool verify_xml_is_invalid(const struct xml_report *report);

/* True if what is trusted is enough to judge who made them. */
bool verify_xml_has_authority(const struct verify_request *request,
			      const struct xml_report *report);

/* Report all signatures, with what they cover and who made them. Return the exit code. */
int verify_xml_tell(struct verify_request *request, const struct xml_report *report);

#endif
