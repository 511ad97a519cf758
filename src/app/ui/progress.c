/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress: shows on the terminal which thing of how many it is at, or a text while a call lasts.
 */
#include "app/ui/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/ui/line.h"
#include "app/ui/text.h"
#include "app/ui/wrap.h"

/* Show nothing for shorter work. */
#define PATIENCE_MS 1000

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Print "what 7/30 name" over the line, as much of it as the terminal has columns for. */
static void show_progress(const char *what, const char *name, size_t done, size_t total)
{
	char *visible = text_visible(name);
	unsigned int width = wrap_page_width(stderr) - 1;
	char *line = NULL;

	if (asprintf(&line, "%s %zu/%zu %s", what, done + 1, total,
		     visible != NULL ? visible : "") >= 0) {
		fprintf(stderr, "\r%.*s\033[K", (int)wrap_cut(line, width), line);
		fflush(stderr);
		free(line);
	}
	free(visible);
}

/* The progress that is shown. */
static struct {
	int64_t begun_ms;
	bool shown;
} progress = {.begun_ms = -1};

static ui_counter *counter;
static void *counter_argument;

void ui_progress_listen(ui_counter *listener, void *argument)
{
	counter = listener;
	counter_argument = argument;
}

void ui_progress_hide(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
	progress.begun_ms = -1;
}

void ui_progress(const char *what, const char *name, size_t done, size_t total)
{
	if (counter != NULL) {
		if (done < total)
			counter(name, done, total, counter_argument);
		return;
	}
	if (progress.begun_ms < 0)
		progress.begun_ms = now_ms();
	if (done < total && now_ms() - progress.begun_ms >= PATIENCE_MS && ui_is_terminal(stderr)) {
		show_progress(what, name, done, total);
		progress.shown = true;
	}
	if (done >= total)
		ui_progress_hide();
}

/* The wait that ui_busy shows. It needs a thread because the waiting one is inside a call. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t over;
	pthread_t thread;
	const char *what;
	bool running;
	bool waits; /* the thread has begun */
	bool ended;
} busy = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *show_busy(void *unused)
{
	struct timespec until;
	size_t length;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	pthread_mutex_lock(&busy.lock);
	busy.waits = true;
	pthread_cond_signal(&busy.over);
	while (!busy.ended && error == 0)
		error = pthread_cond_timedwait(&busy.over, &busy.lock, &until);
	if (!busy.ended) {
		/* Only what is in the line of the cursor can be taken back. */
		length = wrap_length(busy.what, wrap_page_width(stderr) - 1);
		fprintf(stderr, "\r%.*s\033[K", (int)wrap_shown(busy.what, length), busy.what);
		fflush(stderr);
		while (!busy.ended)
			pthread_cond_wait(&busy.over, &busy.lock);
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	pthread_mutex_unlock(&busy.lock);
	return unused;
}

void ui_busy(const char *what)
{
	pthread_condattr_t attributes;
	sigset_t all, before;

	if (!ui_is_terminal(stderr) || busy.running)
		return;
	busy.what = what;
	busy.waits = false;
	busy.ended = false;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&busy.over, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Leave signals to the waiting thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	busy.running = pthread_create(&busy.thread, NULL, show_busy, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* What is waited for may fork, and a child must not find a thread half begun. */
	pthread_mutex_lock(&busy.lock);
	while (busy.running && !busy.waits)
		pthread_cond_wait(&busy.over, &busy.lock);
	pthread_mutex_unlock(&busy.lock);
}

void ui_busy_end(void)
{
	if (!busy.running)
		return;
	pthread_mutex_lock(&busy.lock);
	busy.ended = true;
	pthread_cond_signal(&busy.over);
	pthread_mutex_unlock(&busy.lock);
	pthread_join(busy.thread, NULL);
	pthread_cond_destroy(&busy.over);
	busy.running = false;
}
