/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change: changes a PIN in the worker, as the command does. */
#ifndef JPKI_WINDOW_CHANGE_H
#define JPKI_WINDOW_CHANGE_H

#include "card/generation.h"
#include "window/asking.h"

/* Which PIN of which card. */
struct change {
	enum jpki_key key;
	char *serial; /* of the card */
};

/* Make one; end it with change_free. */
struct change *change_new(enum jpki_key key, const char *serial);
void change_free(void *change);

/* Do it: an asking_work whose argument is a struct change. */
int change_pin(void *argument, struct asking *asking);

#endif
