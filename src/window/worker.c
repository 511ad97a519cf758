/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* worker: runs one piece of work after the other, and hears what is said meanwhile. */
#include "window/worker.h"

#include <glib.h>

#include "app/ui/patience.h"

/* A thread, and the pieces of work that it does in their order. */
struct line {
	GThreadPool *pool;
	unsigned int pieces; /* that wait or are under way; the main thread's */
};

/* One piece of work. */
struct piece {
	struct line *line;
	worker_work *work;
	worker_work *done;
	void *argument;
};

/* The room of app/ui/patience.h, too, knows one thread that works: with the card. */
static struct line with_card, without_card;

static _Thread_local ui_listener *listens;
static _Thread_local void *listens_argument;

static worker_waiting *waiting;
static void *waiting_argument;

static gboolean tell_waiting(void *why)
{
	/* The step may have ended meanwhile. */
	if (with_card.pieces > 0)
		waiting((enum situation)GPOINTER_TO_INT(why), waiting_argument);
	return G_SOURCE_REMOVE;
}

/* In the thread that watches the waits. */
static void note_waiting(enum situation why, void *unused)
{
	(void)unused;
	g_idle_add_full(G_PRIORITY_DEFAULT, tell_waiting, GINT_TO_POINTER(why), NULL);
}

/* Hear a text in a thread that works. What is said beside the work is told by note_waiting. */
static void hear(enum ui_tone tone, const char *text, void *unused)
{
	(void)unused;
	if (listens != NULL)
		listens(tone, text, listens_argument);
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

	if (--piece->line->pieces == 0 && piece->line == &with_card)
		waiting(SITUATION_NONE, waiting_argument);
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
	/* One thread each: it does the pieces in their order. */
	with_card.pool = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
	without_card.pool = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
	ui_listen(hear, NULL);
	patience_set_said(note_waiting, NULL);
	/* Nothing ends a program with a window but the person. */
	patience_set_limit(0);
}

static void push(struct line *line, worker_work *work, worker_work *done, void *argument)
{
	struct piece *piece = g_new(struct piece, 1);

	*piece = (struct piece){.line = line, .work = work, .done = done, .argument = argument};
	line->pieces++;
	g_thread_pool_push(line->pool, piece, NULL);
}

void worker_do(worker_work *work, worker_work *done, void *argument)
{
	push(&with_card, work, done, argument);
}

void worker_do_without_card(worker_work *work, worker_work *done, void *argument)
{
	push(&without_card, work, done, argument);
}

bool worker_is_busy(void)
{
	return with_card.pieces > 0 || without_card.pieces > 0;
}
