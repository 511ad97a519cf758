/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* checking: verifies the signatures of files in the worker, as the command does. */
#ifndef JPKI_WINDOW_CHECKING_H
#define JPKI_WINDOW_CHECKING_H

#include <stddef.h>

#include "window/told.h"

struct checking {
	char **files;
	size_t count;
	char *serial;      /* of the card that has a CA's certificate; NULL: the only one */
	struct told *told; /* of each file */
};

/* Make one for these files, a list that ends with NULL; end it with checking_free. Both are copied.
 */
struct checking *checking_new(char **files, const char *serial);
void checking_free(struct checking *checking);

/* In the worker: verify all of them. */
void checking_work(struct checking *checking);

#endif
