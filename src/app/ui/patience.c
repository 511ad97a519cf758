/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* patience: watches the step that the main thread is in, names it, and ends the process. */
#include "app/ui/patience.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/refuse.h"
#include "base/secret.h"

/* Look this often for a signal that is held. */
#define SLICE_MS 100
/* A service that has not answered the probe by then does not answer. */
#define PROBE_MS 1500
/* A step that takes longer waits for somebody. */
#define WORK_MS 1000

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool started;
	unsigned int limit;
	bool json;
	void (*probe)(void);
	patience_work *work;
	void *argument;
	struct patience_overdue overdue;
	patience_note *said;
	void *said_argument;
	int result;
	/* the step */
	bool waiting;
	bool may_end;
	enum patience_step step;
	uint64_t number; /* changes with every step, and at its end */
	int64_t begun_ms;
	/* the probe that was started last, and the last one that has returned */
	uint64_t probes, probes_back;
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER, .limit = PATIENCE_SECONDS};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until something has changed or until a moment, whichever is first. */
static void wait_until(int64_t moment_ms)
{
	struct timespec until = {.tv_sec = moment_ms / 1000, .tv_nsec = moment_ms % 1000 * 1000000};

	pthread_cond_timedwait(&watch.changed, &watch.lock, &until);
}

/* Start a thread that gets no signals. Return whether it was started. */
static bool start(void *(*body)(void *), void *argument)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	bool started;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&thread, &attributes, body, argument) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return started;
}

static void *run_probe(void *argument)
{
	uint64_t *number = argument;

	watch.probe();
	pthread_mutex_lock(&watch.lock);
	watch.probes_back = *number;
	free(number);
	pthread_cond_broadcast(&watch.changed);
	pthread_mutex_unlock(&watch.lock);
	return NULL;
}

/* Return whether the service answers. The lock is held before and after, but not throughout. */
static bool service_answers(uint64_t step)
{
	int64_t end = now_ms() + PROBE_MS;
	uint64_t mine = ++watch.probes;
	uint64_t *number = watch.probe != NULL ? malloc(sizeof(*number)) : NULL;

	if (number == NULL)
		return true;
	*number = mine;
	/* The thread frees its number. */
	if (!start(run_probe, number)) {
		free(number);
		return true;
	}
	while (watch.probes_back != mine && watch.number == step && now_ms() < end)
		wait_until(end);
	return watch.probes_back == mine;
}

/* Return why the step waits. */
static enum situation reason(uint64_t step)
{
	static const enum situation of_step[] = {[PATIENCE_SERVICE] = SITUATION_SERVICE_HANGS,
						 [PATIENCE_CARD] = SITUATION_CARD_HELD,
						 [PATIENCE_EXCHANGE] = SITUATION_MUTE_CARD,
						 [PATIENCE_MODULE] = SITUATION_CARD_HELD};

	if (watch.step == PATIENCE_SERVICE || !service_answers(step))
		return SITUATION_SERVICE_HANGS;
	return of_step[watch.step];
}

const char *patience_words(enum situation situation)
{
	if (situation == SITUATION_SERVICE_HANGS)
		return _("Waiting: the smart card service (pcscd) does not answer. If this goes "
			 "on, restart it.");
	if (situation == SITUATION_CARD_HELD)
		return _("Waiting: another program is using the card.");
	return _("Waiting: the card has not answered yet; another program may be using it.");
}

static void say(enum situation situation)
{
	/* Something may be shown on this line of the terminal (ui_busy). */
	if (ui_is_terminal(stderr))
		fputs("\r\033[K", stderr);
	ui_line(stderr, UI_PLAIN, "%s", patience_words(situation));
	fflush(stderr);
	if (watch.said != NULL)
		watch.said(situation, watch.said_argument);
}

/* End the process. The lock stays held, so that the other thread cannot go on, even if its step
 * ends now. */
static void give_up(enum situation situation)
{
	int code;

	jpki_secret_wipe_all();
	if (ui_is_terminal(stderr))
		fputs("\r\033[K", stderr);
	code = watch.work != NULL ? watch.work(situation, watch.argument)
				  : ui_refuse(watch.json, situation);
	fflush(stdout);
	fflush(stderr);
	_exit(code);
}

/* Return whether a signal that was only noted ends the step: it finishes what was begun, unless
 * that waits. */
static bool is_given_up(void)
{
	return signals_noted() && !signals_are_wished() && now_ms() - watch.begun_ms >= WORK_MS;
}

/* Wait for so many seconds from the beginning of the step. Return whether it still waits then. */
static bool outlasts(uint64_t step, unsigned int seconds)
{
	int64_t end = watch.begun_ms + (int64_t)seconds * 1000;

	while (watch.number == step && now_ms() < end) {
		int64_t slice = now_ms() + SLICE_MS;

		if (watch.may_end && (signals_are_pending() || is_given_up()))
			give_up(SITUATION_CANCELLED);
		wait_until(slice < end ? slice : end);
	}
	return watch.number == step;
}

/* Watch one step until it ends. */
static void watch_step(uint64_t step)
{
	bool may_end = watch.may_end && watch.limit != 0;
	unsigned int end = watch.limit != 0 ? watch.limit : PATIENCE_SECONDS;
	bool said = false;
	bool noted = false;

	if (PATIENCE_SAY_SECONDS < end && outlasts(step, PATIENCE_SAY_SECONDS)) {
		enum situation situation = reason(step);

		said = watch.number == step;
		if (said)
			say(situation);
	}
	while (outlasts(step, end)) {
		enum situation situation = reason(step);

		if (watch.number != step)
			return;
		if (may_end)
			give_up(situation);
		if (!said)
			say(situation);
		said = true;
		if (!noted && watch.overdue.note != NULL)
			watch.overdue.note(situation, watch.overdue.argument);
		noted = true;
		end += PATIENCE_SECONDS;
	}
}

static void *run(void *unused)
{
	pthread_mutex_lock(&watch.lock);
	for (;;) {
		if (watch.waiting)
			watch_step(watch.number);
		else
			pthread_cond_wait(&watch.changed, &watch.lock);
	}
	return unused;
}

void patience_set_limit(unsigned int seconds)
{
	watch.limit = seconds;
}

void patience_set_json(bool json)
{
	watch.json = json;
}

void patience_set_probe(void (*probe)(void))
{
	watch.probe = probe;
}

void patience_set_end(patience_work *work, void *argument)
{
	watch.work = work;
	watch.argument = argument;
}

struct patience_overdue patience_set_overdue(patience_note *note, void *argument)
{
	struct patience_overdue before = watch.overdue;

	watch.overdue = (struct patience_overdue){.note = note, .argument = argument};
	return before;
}

void patience_set_said(patience_note *note, void *argument)
{
	watch.said = note;
	watch.said_argument = argument;
}

bool patience_may_stop(void)
{
	bool may_stop;

	pthread_mutex_lock(&watch.lock);
	may_stop = watch.waiting && watch.may_end;
	pthread_mutex_unlock(&watch.lock);
	return may_stop;
}

void patience_stop(int code)
{
	pthread_mutex_lock(&watch.lock);
	/* As in give_up, the lock stays held. */
	if (watch.waiting && watch.may_end) {
		jpki_secret_wipe_all();
		signals_remove_now();
		_exit(code);
	}
	pthread_mutex_unlock(&watch.lock);
}

static int return_result(enum situation situation, void *code)
{
	(void)situation;
	return *(const int *)code;
}

void patience_set_result(int code)
{
	watch.result = code;
	patience_set_end(return_result, &watch.result);
}

/* Without a thread nothing is watched, and the command waits as PC/SC does. */
static void start_watching(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&watch.changed, &attributes);
	pthread_condattr_destroy(&attributes);
	watch.started = start(run, NULL);
}

void patience_begin(enum patience_step step, bool may_end)
{
	if (!watch.started)
		start_watching();
	pthread_mutex_lock(&watch.lock);
	watch.waiting = true;
	watch.may_end = may_end;
	watch.step = step;
	watch.number++;
	watch.begun_ms = now_ms();
	pthread_cond_broadcast(&watch.changed);
	pthread_mutex_unlock(&watch.lock);
}

void patience_end(void)
{
	pthread_mutex_lock(&watch.lock);
	watch.waiting = false;
	watch.number++;
	pthread_cond_broadcast(&watch.changed);
	pthread_mutex_unlock(&watch.lock);
}
