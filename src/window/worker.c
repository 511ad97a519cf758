/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* worker: runs one piece of the card's work after the other, and hears what is said meanwhile. */
#include "window/worker.h"

#include <glib.h>

#include "app/ui/patience.h"

/* One piece of work. */
struct piece {
	worker_work *work;
	worker_work *done;
	void *argument;
};

/* The room of app/ui/patience.h, too, knows one thread that works. */
static GThreadPool *workers;
static unsigned int pieces; /* the main thread's */

static _Thread_local ui_listener *listens;
static _Thread_local void *listens_argument;

static worker_waiting *waiting;
static void *waiting_argument;

static gboolean tell_waiting(void *text)
{
	/* The step may have ended meanwhile. */
	if (pieces > 0)
		waiting(text, waiting_argument);
	return G_SOURCE_REMOVE;
}

/* Hear a text: in the thread that works, or in the one that watches the waits. */
static void hear(enum ui_tone tone, const char *text, void *unused)
{
	(void)unused;
	if (listens != NULL)
		listens(tone, text, listens_argument);
	else
		g_idle_add_full(G_PRIORITY_DEFAULT, tell_waiting, g_strdup(text), g_free);
}

void worker_listen(ui_listener *listener, void *argument)
{
	listens = listener;
	listens_argument = argument;
}

/* In the main loop: the piece is done. */
static gboolean finish(void *data)
{
	struct piece *piece = data;

	if (--pieces == 0)
		waiting(NULL, waiting_argument);
	piece->done(piece->argument);
	return G_SOURCE_REMOVE;
}

static void run(void *data, void *unused)
{
	struct piece *piece = data;

	(void)unused;
	piece->work(piece->argument);
	/* After all that the work has told the main loop. */
	g_idle_add_full(G_PRIORITY_DEFAULT, finish, piece, g_free);
}

void worker_begin(worker_waiting *wait, void *argument)
{
	waiting = wait;
	waiting_argument = argument;
	/* One thread: it does the pieces in their order. */
	workers = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
	ui_listen(hear, NULL);
	/* Nothing ends a program with a window but the person. */
	patience_set_limit(0);
}

void worker_do(worker_work *work, worker_work *done, void *argument)
{
	struct piece *piece = g_new(struct piece, 1);

	*piece = (struct piece){.work = work, .done = done, .argument = argument};
	pieces++;
	g_thread_pool_push(workers, piece, NULL);
}

bool worker_is_busy(void)
{
	return pieces > 0;
}
