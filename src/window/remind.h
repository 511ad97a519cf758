/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* remind: offers a calendar file that reminds of the end of a certificate. */
#ifndef JPKI_WINDOW_REMIND_H
#define JPKI_WINDOW_REMIND_H

#include <adwaita.h>

#include "app/certificate/date.h"

/* Return whether there is anything left to be reminded of before this period ends. */
bool remind_can(const struct date_validity *validity);

/*
 * Tell in a window over parent on which days it would remind and what is kept, and then ask where
 * to put the file.
 */
void remind_begin(GtkWindow *parent, const struct date_validity *validity);

#endif
