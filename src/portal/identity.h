/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* identity: keeps the number of this installation (uuid), and makes the combination code. */
#ifndef JPKI_PORTAL_IDENTITY_H
#define JPKI_PORTAL_IDENTITY_H

#include <limits.h>
#include <stdbool.h>

#include "base/config.h"

#define PORTAL_PATH_SIZE   (PATH_MAX + 64)
#define PORTAL_UUID_SIZE   33 /* 32 hexadecimal digits */
#define PORTAL_DIGITS_SIZE 14 /* 13 digits */
#define PORTAL_CODE_SIZE   65 /* 64 hexadecimal digits */

/*
 * Return the uuid in the state directory; it is made at the first call and never renewed. False if
 * it can be neither read nor made, or the file holds something else. The caller holds the lock of
 * the session.
 */
bool portal_uuid(const struct jpki_user_place *place, char uuid[PORTAL_UUID_SIZE]);

/* Write the path of the file with the uuid, for messages. False if there is no place for it. */
bool portal_uuid_path(const struct jpki_user_place *place, char path[PORTAL_PATH_SIZE]);

/*
 * Make the combination code of a card's 13 digits and a uuid: the SHA-256 of a fixed value, the
 * digits, and the uuid's bytes. It hides neither, and is treated as the card's serial. False if one
 * of them has another form.
 */
bool portal_combination_code(const char *digits, const char *uuid, char code[PORTAL_CODE_SIZE]);

/* What portal_lock returns if there is no descriptor. */
#define PORTAL_LOCK_TAKEN    (-1) /* another host has the lock */
#define PORTAL_LOCK_NO_PLACE (-2) /* its file can't be made: read-only, full, no directory */

/* Take the session's lock. Return a descriptor that holds it until it is closed, or why there is
 * none. The log says more of PORTAL_LOCK_NO_PLACE. */
int portal_lock(const struct jpki_config *config);

#endif
