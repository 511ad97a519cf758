/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* checking: verifies the signatures of files in the worker, as the command does. */
#ifndef JPKI_WINDOW_CHECKING_H
#define JPKI_WINDOW_CHECKING_H

#include <glib.h>
#include <stddef.h>

#include "window/told.h"

/* Called in the main loop when a file comes next, before which so many were done. */
typedef void checking_at(size_t done, void *argument);

struct checking {
	char **files;
	size_t count;
	size_t done;     /* how many were verified; the worker's until it is at its end */
	size_t shown;    /* how many have been told as next; the main loop's */
	checking_at *at; /* the caller sets this, and its argument */
	void *argument;
	gint stops;        /* atomic: leave those that have not been begun */
	char *serial;      /* of the card that has a CA's certificate; NULL: the only one */
	struct told *told; /* of each file */
};

/* Make one for these files, a list that ends with NULL; end it with checking_free. Both are copied.
 */
struct checking *checking_new(char **files, const char *serial);
void checking_free(struct checking *checking);

/* In the worker: verify all of them, unless it is to stop. */
void checking_work(struct checking *checking);

#endif
