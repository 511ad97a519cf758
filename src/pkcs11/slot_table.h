/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_table: gives each reader its slot numbers. A reader has one slot for each key that the
 * product has, auth first. A slot's number is the reader's place in the table times the number of
 * slots per reader, plus the key's place; the table only grows, so a number never changes its
 * meaning. The slots of one more reader than there are exist from the start, because some programs
 * read the list only once.
 *
 * The module's lock guards the table, unless a function says otherwise.
 */
#ifndef JPKI_PKCS11_SLOT_TABLE_H
#define JPKI_PKCS11_SLOT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "card/transport.h"
#include "pkcs11v3.h"
#include "token/reader.h"
#include "token/readers.h"
#include "token/token.h"

struct jpki_slot_table {
	struct jpki_readers readers; /* with the configuration as it was at C_Initialize */
	/* Per slot, the insertion that C_WaitForSlotEvent has told of. */
	jpki_insertion reported[JPKI_READERS_MAX][JPKI_KEY_COUNT];
};

/*
 * Take over the transport, copy the configuration, and make the first reader's slots.
 * CKR_HOST_MEMORY: the transport is destroyed.
 */
CK_RV jpki_slot_table_init(struct jpki_slot_table *table, struct jpki_transport *transport,
			   const struct jpki_config *config);

/* End all logins, and let nothing begin on any card: see jpki_reader_abandon. Never blocks. */
void jpki_slot_table_abandon(struct jpki_slot_table *table);

/* Close the links to all cards that no call is using: see jpki_reader_close_abandoned. */
void jpki_slot_table_close_abandoned(struct jpki_slot_table *table);

/* Free all readers, with their PINs, and the transport. No call is inside the module. */
void jpki_slot_table_clear(struct jpki_slot_table *table);

/* Return the token in a slot as of the last look. CKR_SLOT_ID_INVALID. */
CK_RV jpki_slot_table_token(const struct jpki_slot_table *table, CK_SLOT_ID slot,
			    struct jpki_token_ref *token);

/*
 * C_GetSlotList: write the slots, or those with a token, to list, which has room for *count; set
 * *count to how many there are. A list of NULL only counts. CKR_BUFFER_TOO_SMALL.
 */
CK_RV jpki_slot_table_list(const struct jpki_slot_table *table, CK_BBOOL token_present,
			   CK_SLOT_ID *list, CK_ULONG *count);

/* Take note that the cards which are there now are no events. */
void jpki_slot_table_forget_events(struct jpki_slot_table *table);

/* True, and *slot, if a slot's card came or went since it was last told of. */
bool jpki_slot_table_take_event(struct jpki_slot_table *table, CK_SLOT_ID *slot);

#endif
