/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* table: puts virtual cards on the table: readers in this process, as the commands see them. */
#ifndef UNIT_TABLE_H
#define UNIT_TABLE_H

#include "app/card/cards.h"
#include "unit.h"

#define TABLE_READERS 3

struct table {
	struct vcard_transport *readers;
	struct unit_card put[TABLE_READERS];
	struct cards cards;
};

/*
 * Opens so many readers, each with the card of this name (unit_card_open), or empty when that is
 * NULL. The home directory is a scratch one (place_set_up).
 */
void table_open(struct table *table, size_t count, const char *const names[]);
/* Asserts that the cards were used as a transport may be. */
void table_close(struct table *table);

#endif
