/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_judge: reads the signatures in an XML document, and compares what they are over. */
#ifndef JPKI_DOCUMENT_XML_JUDGE_H
#define JPKI_DOCUMENT_XML_JUDGE_H

#include "document/xml_guarded.h"

/*
 * Look at all signatures; the argument is not used. The object has "signatures", an array in the
 * order of the document. A signature that cannot be judged has "refused", "no-target" or "targets"
 * with the name of what is the reason. Any other has:
 *
 *   info, hash, value     what was signed, its hash by OpenSSL's name, the signature; base64
 *   certificates          all that it has, base64
 *   differs               a part of the document that is not what was signed; absent: none
 *   files                 of each file: name, hash, digest (base64)
 *   weak, whole, complete SHA-1 is used; all is covered; all that its form has signed is covered
 *   covered               the names of the elements that are covered
 */
xml_look xml_judge;

#endif
