/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unsupported: refuses what the module does not offer, after the checks that come first
 * everywhere. */
#ifndef JPKI_PKCS11_UNSUPPORTED_H
#define JPKI_PKCS11_UNSUPPORTED_H

#include "pkcs11v3.h"

/* The message functions of 3.0, of which none is offered: one function for each prototype. */
extern jpki_message_init jpki_message_init_refused;
extern jpki_message_crypt jpki_message_crypt_refused;
extern jpki_message_crypt_begin jpki_message_crypt_begin_refused;
extern jpki_message_crypt_next jpki_message_crypt_next_refused;
extern jpki_message_sign jpki_message_sign_refused;
extern jpki_message_verify jpki_message_verify_refused;
extern jpki_message_begin jpki_message_begin_refused;
extern jpki_message_final jpki_message_final_refused;

#endif
