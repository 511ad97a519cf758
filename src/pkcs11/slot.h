/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Slots: one for each key of a reader that the product has, auth first. A slot's number is the
 * reader's place in the table times the slots of a reader, plus the key's place; the table only
 * grows, so a number never changes its meaning. The first reader's slots are there from the
 * start, because some programs read the list only once.
 */
#ifndef JPKI_PKCS11_SLOT_H
#define JPKI_PKCS11_SLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "card/transport.h"
#include "pkcs11v3.h"
#include "token/reader.h"
#include "token/token.h"

struct jpki_module;

struct jpki_slot_table {
	size_t reader_count;
	bool told_full; /* the log has been told that no more readers fit */
	struct jpki_reader *readers[JPKI_READERS_MAX];
	/* Per slot, what C_WaitForSlotEvent has told of. */
	jpki_insertion reported[JPKI_READERS_MAX][JPKI_KEY_COUNT];
};

/* Makes the first reader's slots. CKR_HOST_MEMORY. */
CK_RV jpki_slot_table_init(struct jpki_module *module);

/* The first look at the readers: the cards that are there already are no events. */
void jpki_slots_first_look(struct jpki_module *module);

/* Ends all logins, at once. */
void jpki_slot_table_revoke(struct jpki_slot_table *table);

/* Frees all readers, and their PINs with them. No call is inside the module. */
void jpki_slot_table_clear(struct jpki_slot_table *table);

/*
 * Looks at the readers, without an exchange with a card, and takes note of what has changed.
 * *seen, unless NULL, is what was seen.
 */
void jpki_slots_refresh(struct jpki_module *module, struct jpki_reader_list *seen);

/* The token that a slot holds as of the last look; CKR_SLOT_ID_INVALID. Takes the lock. */
CK_RV jpki_slot_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token);

/* What the C_ functions of the same names do, inside the module and with checked pointers. */
CK_RV jpki_slot_list(struct jpki_module *module, CK_BBOOL token_present, CK_SLOT_ID *list,
		     CK_ULONG *count);
CK_RV jpki_slot_info(struct jpki_module *module, CK_SLOT_ID slot, CK_SLOT_INFO *info);
CK_RV jpki_slot_token_info(struct jpki_module *module, CK_SLOT_ID slot, CK_TOKEN_INFO *info);
/* What would initialise a token: it is there, and it can't be written to. */
CK_RV jpki_slot_write(struct jpki_module *module, CK_SLOT_ID slot);
CK_RV jpki_slot_wait(struct jpki_module *module, CK_FLAGS flags, CK_SLOT_ID *slot);

#endif
