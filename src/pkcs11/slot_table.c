/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* slot_table: gives each reader its slot numbers. */
#include "pkcs11/slot_table.h"

#include <string.h>

#include "pkcs11/product.h"

static CK_SLOT_ID slot_id(size_t reader, size_t place)
{
	return (CK_SLOT_ID)(reader * jpki_product.slots + place);
}

/* Return the token in a reader's slot of this place, as of the last look. */
static struct jpki_token_ref token_at(const struct jpki_slot_table *table, size_t reader,
				      size_t place)
{
	return (struct jpki_token_ref){
		.reader = table->readers.all[reader],
		.key = (enum jpki_key)((size_t)jpki_product.first_key + place),
		.insertion = jpki_reader_insertion(table->readers.all[reader]),
	};
}

CK_RV jpki_slot_table_init(struct jpki_slot_table *table, struct jpki_transport *transport,
			   const struct jpki_config *config)
{
	memset(table, 0, sizeof(*table));
	jpki_readers_init(&table->readers, transport, config);
	if (jpki_readers_reserve(&table->readers) == JPKI_OK)
		return CKR_OK;
	jpki_slot_table_clear(table);
	return CKR_HOST_MEMORY;
}

void jpki_slot_table_abandon(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->readers.count; i++)
		jpki_reader_abandon(table->readers.all[i]);
}

void jpki_slot_table_close_abandoned(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->readers.count; i++)
		jpki_reader_close_abandoned(table->readers.all[i]);
}

void jpki_slot_table_clear(struct jpki_slot_table *table)
{
	jpki_readers_clear(&table->readers);
	memset(table, 0, sizeof(*table));
}

CK_RV jpki_slot_table_token(const struct jpki_slot_table *table, CK_SLOT_ID slot,
			    struct jpki_token_ref *token)
{
	if (slot / jpki_product.slots >= table->readers.count)
		return CKR_SLOT_ID_INVALID;
	*token = token_at(table, slot / jpki_product.slots, slot % jpki_product.slots);
	return CKR_OK;
}

CK_RV jpki_slot_table_list(const struct jpki_slot_table *table, CK_BBOOL token_present,
			   CK_SLOT_ID *list, CK_ULONG *count)
{
	/* Without a list, *count is for writing only. */
	CK_ULONG room = list != NULL ? *count : 0;
	CK_ULONG found = 0;

	for (size_t i = 0; i < table->readers.count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++) {
			struct jpki_token_ref token = token_at(table, i, place);

			if (token_present && !jpki_token_may_be_present(&token))
				continue;
			if (list != NULL && found < room)
				list[found] = slot_id(i, place);
			found++;
		}
	}
	*count = found;
	return list != NULL && found > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

void jpki_slot_table_forget_events(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->readers.count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++)
			table->reported[i][place] = jpki_reader_insertion(table->readers.all[i]);
	}
}

bool jpki_slot_table_take_event(struct jpki_slot_table *table, CK_SLOT_ID *slot)
{
	for (size_t i = 0; i < table->readers.count; i++) {
		jpki_insertion insertion = jpki_reader_insertion(table->readers.all[i]);

		for (size_t place = 0; place < jpki_product.slots; place++) {
			if (table->reported[i][place] == insertion)
				continue;
			table->reported[i][place] = insertion;
			*slot = slot_id(i, place);
			return true;
		}
	}
	return false;
}
