/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* place: opens a directory of the user's own, and makes it if it is missing. For src/token alone.
 */
#ifndef JPKI_TOKEN_PLACE_H
#define JPKI_TOKEN_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/config.h"

/*
 * Open the directory of this place. With make, create what is missing below the root, mode 0700,
 * but never the root itself. Return its descriptor, which the caller closes; -1 if there is none,
 * or if one on the way below the root is a symbolic link or, the root included, somebody else's.
 */
int jpki_place_open(const struct jpki_user_place *place, bool make);

/* Return whether this open directory, or this file (kind S_IFDIR, S_IFREG) without other names,
 * belongs to the user. Those of others are left alone. */
bool jpki_place_has_own(int fd, mode_t kind);

#endif
