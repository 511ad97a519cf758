/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress: shows on standard error that something takes long. */
#ifndef JPKI_APP_UI_PROGRESS_H
#define JPKI_APP_UI_PROGRESS_H

#include <stddef.h>

/*
 * Progress of something that takes long, on standard error: one line that is overwritten on a
 * terminal, and nothing elsewhere. done == total ends it. Nothing is shown in the first second.
 */
void ui_progress(const char *what, size_t done, size_t total);

/*
 * The same for a wait of which nobody can say how far it is, such as one for the card: between the
 * two, what is shown once a second has passed, and taken back at the end. They do not nest, and
 * what must stay as it is until the end.
 */
void ui_busy(const char *what);
void ui_busy_end(void);

#endif
