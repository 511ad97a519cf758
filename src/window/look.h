/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* look: sees what is in the readers without a PIN, as data that the window can keep. */
#ifndef JPKI_WINDOW_LOOK_H
#define JPKI_WINDOW_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "app/card/card_report.h"
#include "window/watcher.h"

/* A reader, and what its card tells. */
struct look_reader {
	char name[JPKI_READER_NAME_MAX];
	bool has_card;
	bool is_read;     /* the two below are filled in */
	struct card card; /* without its reader: the link is closed */
	struct card_report report;
};

struct look {
	struct sight sight;       /* what the watcher would have seen */
	enum situation situation; /* why there are no readers; else SITUATION_NONE */
	bool is_whole;            /* all cards have been read */
	size_t count;
	struct look_reader readers[JPKI_READERS_MAX];
};

/*
 * Look at all readers and their cards in the worker, and let go of the cards. told is called in the
 * main loop with what is known so far, the last time when it is whole.
 */
typedef void look_told(const struct look *look, void *argument);
void look_begin(look_told *told, void *argument);

#endif
