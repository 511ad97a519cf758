/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_judge: reads the signatures in an XML document, and compares what they are over. */
#ifndef JPKI_DOCUMENT_XML_JUDGE_H
#define JPKI_DOCUMENT_XML_JUDGE_H

#include "document/xml_guarded.h"

/*
 * Look at all signatures; the argument is not used. The object has "signatures", an array in the
 * order of the document. A signature that cannot be judged has "refused", "no-target" or "targets"
 * with the name of what is the reason; "kind" says what a refused thing is, if that is no element:
 * attribute, instruction, method or reference. Any other has:
 *
 *   info, hash, value     what was signed, its hash by OpenSSL's name, the signature; base64
 *   differs               a part of the document that is not what was signed; absent: none
 *   files                 of each file: name, hash, digest (base64)
 *   weak, whole, complete SHA-1 is used; all is covered; all that its form has signed is covered
 *   alone                 the document is but the signature, which is over files or its Objects
 *   confirms              it is over the value of another signature
 *   covered               the names of the elements that are covered
 *   said, unsigned        see xml_key and xml_unsigned
 *   prefixes, sheets, beside  see xml_prefix, xml_shown and xml_egov_beside
 *   place                 the element that has nothing but the signature, if it is left out there
 *   comments, instructions  the document has some that it does not cover
 *   time, time-signed     see xml_time
 */
xml_look xml_judge;

#endif
