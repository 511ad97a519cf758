/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pinentry_flavor: finds out whether pinentry can show a window, without showing one. */
#ifndef JPKI_APP_ASK_PINENTRY_FLAVOR_H
#define JPKI_APP_ASK_PINENTRY_FLAVOR_H

#include <stdbool.h>

/*
 * Return whether pinentry is there and asks in a window. One that needs a terminal says so itself,
 * also if it is another that has found no display; one that does not tell is believed. Takes three
 * seconds at most.
 */
bool pinentry_shows_windows(void);

#endif
