/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of slots: gives each reader its numbers. */
#include "pkcs11/slot_table.h"

#include <string.h>

#include "base/log.h"
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
		.reader = table->readers[reader],
		.key = (enum jpki_key)((size_t)jpki_product.first_key + place),
		.insertion = jpki_reader_insertion(table->readers[reader]),
	};
}

/* Add one more reader; NULL without memory or room. */
static struct jpki_reader *add_reader(struct jpki_slot_table *table)
{
	struct jpki_reader *reader = NULL;

	if (table->reader_count < JPKI_READERS_MAX)
		reader = jpki_reader_new(table->transport, &table->config);
	if (reader != NULL)
		table->readers[table->reader_count++] = reader;
	return reader;
}

CK_RV jpki_slot_table_init(struct jpki_slot_table *table, struct jpki_transport *transport,
			   const struct jpki_config *config)
{
	table->transport = transport;
	table->config = *config;
	if (add_reader(table) != NULL)
		return CKR_OK;
	jpki_slot_table_clear(table);
	return CKR_HOST_MEMORY;
}

void jpki_slot_table_revoke(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->reader_count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++) {
			struct jpki_token_ref token = token_at(table, i, place);

			jpki_token_revoke(&token);
		}
	}
}

void jpki_slot_table_clear(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->reader_count; i++)
		jpki_reader_free(table->readers[i]);
	table->transport->ops->destroy(table->transport);
	memset(table, 0, sizeof(*table));
}

static void place_reader(struct jpki_slot_table *table, const char *name)
{
	struct jpki_reader *reader;

	for (size_t i = 0; i < table->reader_count; i++) {
		if (strcmp(jpki_reader_name(table->readers[i]), name) == 0)
			return;
	}
	/* The first reader takes the slots that were made before there was one. */
	reader = table->readers[0];
	if (jpki_reader_name(reader)[0] != '\0')
		reader = add_reader(table);
	if (reader != NULL) {
		jpki_reader_set_name(reader, name);
	} else if (!table->told_full) {
		jpki_log(JPKI_LOG_WARNING, "slot: no room for one more reader");
		table->told_full = true;
	}
}

void jpki_slot_table_place(struct jpki_slot_table *table, const struct jpki_reader_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		place_reader(table, list->readers[i].name);
}

static const struct jpki_reader_state *find_state(const struct jpki_reader_list *list,
						  const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->readers[i].name, name) == 0)
			return &list->readers[i];
	}
	return NULL;
}

void jpki_slot_table_observe(struct jpki_slot_table *table, size_t count,
			     const struct jpki_reader_list *list)
{
	for (size_t i = 0; i < count; i++) {
		struct jpki_reader *reader = table->readers[i];

		jpki_reader_observe(reader, find_state(list, jpki_reader_name(reader)));
	}
}

CK_RV jpki_slot_table_token(const struct jpki_slot_table *table, CK_SLOT_ID slot,
			    struct jpki_token_ref *token)
{
	if (slot / jpki_product.slots >= table->reader_count)
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

	for (size_t i = 0; i < table->reader_count; i++) {
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
	for (size_t i = 0; i < table->reader_count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++)
			table->reported[i][place] = jpki_reader_insertion(table->readers[i]);
	}
}

bool jpki_slot_table_take_event(struct jpki_slot_table *table, CK_SLOT_ID *slot)
{
	for (size_t i = 0; i < table->reader_count; i++) {
		jpki_insertion insertion = jpki_reader_insertion(table->readers[i]);

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
