/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * worker: does the card's work in a thread beside the window, one piece at a time, so that the
 * window never waits; and in another thread what needs no card.
 */
#ifndef JPKI_WINDOW_WORKER_H
#define JPKI_WINDOW_WORKER_H

#include <stdbool.h>

#include "app/ui/line.h"
#include "app/ui/situation.h"

/* Work; argument is that of worker_do. */
typedef void worker_work(void *argument);

/*
 * Do the work after all that was given before or is under way, and then call done in the main loop.
 * The caller keeps argument until done.
 */
void worker_do(worker_work *work, worker_work *done, void *argument);

/*
 * The same for work that never asks the card or its service (app/doctor, app/setup): it waits for
 * other such work alone, so it goes on while the card's work is stuck.
 */
void worker_do_without_card(worker_work *work, worker_work *done, void *argument);

/* Return whether any work waits or is under way. The main thread alone may ask. */
bool worker_is_busy(void);

/*
 * Have what is said (app/ui/line.h) during the work that is under way, by its own thread, go to
 * this listener; NULL: to nobody. Only the work itself may call this.
 */
void worker_listen(ui_listener *listener, void *argument);

/*
 * From here on nothing is printed. Why the card's work waits (app/ui/patience.h) goes to waiting,
 * in the main loop; it is SITUATION_NONE once the work is done.
 */
typedef void worker_waiting(enum situation why, void *argument);
void worker_begin(worker_waiting *waiting, void *argument);

#endif
