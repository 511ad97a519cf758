/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * readers: keeps a table of the readers that a transport has shown. It only grows, so a place never
 * changes its reader.
 */
#ifndef JPKI_TOKEN_READERS_H
#define JPKI_TOKEN_READERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "base/error.h"
#include "card/transport.h"
#include "token/reader.h"

struct jpki_readers {
	struct jpki_transport *transport; /* the way to all of them; the table's own */
	struct jpki_config config;        /* for all of them */
	size_t count;
	bool told_full; /* the log has been told that no more readers fit */
	struct jpki_reader *all[JPKI_READERS_MAX];
};

/* Make an empty table, which takes over the transport and copies the configuration. */
void jpki_readers_init(struct jpki_readers *readers, struct jpki_transport *transport,
		       const struct jpki_config *config);

/* Make sure that there is a place which the next new reader will take, unless the table is full.
 * JPKI_E_MEMORY. */
enum jpki_error jpki_readers_reserve(struct jpki_readers *readers);

/* Give each reader of the list that is new a place, as long as there is room and memory. */
void jpki_readers_place(struct jpki_readers *readers, const struct jpki_reader_list *list);

/*
 * Tell the first count readers what was seen of them. One caller at a time, so that no reader
 * learns the older state last; others may read the table or add to it meanwhile.
 */
void jpki_readers_observe(struct jpki_readers *readers, size_t count,
			  const struct jpki_reader_list *list);

/* Free all readers, with their PINs, and the transport. Nobody uses them any more. */
void jpki_readers_clear(struct jpki_readers *readers);

/* Return what the list says of the reader of this name; NULL if it is not in the list. */
const struct jpki_reader_state *jpki_reader_list_find(const struct jpki_reader_list *list,
						      const char *name);

#endif
