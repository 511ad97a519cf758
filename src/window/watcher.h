/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* watcher: notices cards and readers that come and go, without touching a card. */
#ifndef JPKI_WINDOW_WATCHER_H
#define JPKI_WINDOW_WATCHER_H

#include "card/transport.h"

/* What is seen of the readers at one moment. */
struct sight {
	enum jpki_error error; /* of the service; the list is then empty */
	struct jpki_reader_list list;
};

/* Return whether a card or a reader came or went, or the service, between two sights. */
bool sight_differs(const struct sight *one, const struct sight *other);

/*
 * Watch from here on in a thread of its own. changed is called in the main loop, the first time
 * with what is there.
 */
typedef void watcher_changed(const struct sight *sight, void *argument);
void watcher_begin(watcher_changed *changed, void *argument);

/* End it. It is given half a second: it may be stuck in a service that does not answer. */
void watcher_end(void);

#endif
