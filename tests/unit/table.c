/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* table: opens virtual readers with cards for the code of the commands. */
#include "table.h"

#include <string.h>

void table_open(struct table *table, size_t count, const char *const names[])
{
	static const char *const readers[TABLE_READERS] = {"Reader A", "Reader B", "Reader C"};

	memset(table, 0, sizeof(*table));
	assert_true(count <= TABLE_READERS);
	table->readers = vcard_transport_new(readers, count);
	assert_non_null(table->readers);
	for (size_t i = 0; i < count; i++) {
		if (names[i] == NULL)
			continue;
		unit_card_open(&table->put[i], names[i], NULL);
		vcard_transport_insert(table->readers, i, table->put[i].card);
	}
	assert_true(cards_open_on(&table->cards, vcard_transport_base(table->readers)));
}

void table_close(struct table *table)
{
	/* cards_close destroys the transport. */
	assert_int_equal(vcard_transport_violations(table->readers), 0);
	cards_close(&table->cards);
	assert_int_equal(table->cards.count, 0);
	assert_null(table->cards.readers.transport);
	for (size_t i = 0; i < TABLE_READERS; i++)
		unit_card_close(&table->put[i]);
}
