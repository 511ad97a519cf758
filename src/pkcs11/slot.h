/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* slot: does the work of the C_ functions of PKCS#11 2.40 §5.5, for slots and tokens. */
#ifndef JPKI_PKCS11_SLOT_H
#define JPKI_PKCS11_SLOT_H

#include "card/transport.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_module;

/* Look at the readers for the first time: the cards that are there already are no events. */
void jpki_slots_first_look(struct jpki_module *module);

/*
 * Look at the readers, without an exchange with a card, and take note of what has changed. *seen,
 * unless NULL, is what the look saw.
 */
void jpki_slots_refresh(struct jpki_module *module, struct jpki_reader_list *seen);

/* Return the token that a slot held at the last look. CKR_SLOT_ID_INVALID. Takes the lock. */
CK_RV jpki_slot_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token);

/*
 * Look at the readers, and return the token in a slot and what is known of it. CKR_SLOT_ID_INVALID,
 * or what jpki_token_get_info may fail with, for instance because there is no token.
 */
CK_RV jpki_slot_look(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token,
		     struct jpki_token_info *info);

/* The work of the C_ functions of these names, inside the module and with checked pointers. */
CK_RV jpki_slot_list(struct jpki_module *module, CK_BBOOL token_present, CK_SLOT_ID *list,
		     CK_ULONG *count);
CK_RV jpki_slot_info(struct jpki_module *module, CK_SLOT_ID slot, CK_SLOT_INFO *info);
CK_RV jpki_slot_token_info(struct jpki_module *module, CK_SLOT_ID slot, CK_TOKEN_INFO *info);
/* C_InitToken: CKR_TOKEN_WRITE_PROTECTED if there is a token. */
CK_RV jpki_slot_write(struct jpki_module *module, CK_SLOT_ID slot);
/* C_GetMechanismList and C_GetMechanismInfo. */
CK_RV jpki_slot_mechanisms(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE *list,
			   CK_ULONG *count);
CK_RV jpki_slot_mechanism_info(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
			       CK_MECHANISM_INFO *info);
CK_RV jpki_slot_wait(struct jpki_module *module, CK_FLAGS flags, CK_SLOT_ID *slot);

#endif
