/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reason: says why a request was not served, in words for the person. No page gets them. */
#ifndef JPKI_PORTAL_REASON_H
#define JPKI_PORTAL_REASON_H

#include <stdbool.h>

#include "app/ui/situation.h"

/*
 * Return the translated text of a situation; static. key is the PIN in question.
 */
const char *portal_reason(enum situation situation, enum jpki_key key);

/* The same for those that are no situation. */
const char *portal_reason_other_kind(void);
const char *portal_reason_no_window(void);
const char *portal_reason_timed_out(void);
const char *portal_reason_busy(void);
const char *portal_reason_no_place(void);

/* The same for a file with the uuid that cannot be used. The text lasts until the next call. */
const char *portal_reason_no_uuid(const char *path);

/* The same for a card that has had a PIN for too long; situation is what it waits for. */
const char *portal_reason_overdue(enum situation situation);

/* Return whether a reason, which may be NULL, is portal_reason_busy: then nobody was asked. */
bool portal_reason_is_busy(const char *reason);

#endif
