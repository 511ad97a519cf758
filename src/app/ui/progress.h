/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress: shows on standard error that something takes long. */
#ifndef JPKI_APP_UI_PROGRESS_H
#define JPKI_APP_UI_PROGRESS_H

#include <stddef.h>

/*
 * Show the progress of long work on standard error: which thing of how many is being worked on, and
 * its name, in one line that is overwritten on a terminal; nothing elsewhere. A name that does not
 * fit the line is cut. done == total ends it; name may then be NULL. Shows nothing in the first
 * second.
 */
void ui_progress(const char *what, const char *name, size_t done, size_t total);

/*
 * From here on hand what ui_progress is told to a listener, in the thread that tells it, and show
 * nothing: a window is where the person looks. The end is not told. NULL, as at first: show it.
 */
typedef void ui_counter(const char *name, size_t done, size_t total, void *argument);
void ui_progress_listen(ui_counter *counter, void *argument);

/* Remove the line before something else is shown; the next ui_progress begins anew. */
void ui_progress_hide(void);

/*
 * Show a text during a wait of unknown length, such as for the card. The text appears after one
 * second, and ui_busy_end removes it. Calls do not nest; the caller keeps what valid until then.
 */
void ui_busy(const char *what);
void ui_busy_end(void);

#endif
