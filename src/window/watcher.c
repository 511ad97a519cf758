/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* watcher: waits for the slot events of PC/SC in a thread of its own. */
#include "window/watcher.h"

#include <glib.h>
#include <string.h>

#include "base/error.h"
#include "card/pcsc.h"

/* A new reader may go unnoticed between a look and a wait, most likely soon after another one. So
 * look again after so long, and after twice as long each time while nothing is new: a window that
 * is idle is to sleep. */
#define LOOK_AGAIN_MS      5000
#define LOOK_AGAIN_MOST_MS 60000
/* Without the service there is nothing to wait for. */
#define LOOK_FOR_SERVICE_MS 1000
#define END_MS              500
#define END_STEP_MS         10

static struct {
	GMutex lock;
	GCond changed;
	bool ends; /* it is to end */
	bool has_ended;
	GMutex cancelling; /* who cancels has it, or who destroys the transport; before lock */
	struct jpki_transport *transport;
	watcher_changed *tell;
	void *argument;
} watcher;

static gboolean deliver(void *sight)
{
	g_mutex_lock(&watcher.lock);
	if (watcher.ends) {
		g_mutex_unlock(&watcher.lock);
		return G_SOURCE_REMOVE;
	}
	g_mutex_unlock(&watcher.lock);
	watcher.tell(sight, watcher.argument);
	return G_SOURCE_REMOVE;
}

bool sight_differs(const struct sight *one, const struct sight *other)
{
	if (one->error != other->error || one->list.count != other->list.count)
		return true;
	for (size_t i = 0; i < one->list.count; i++) {
		const struct jpki_reader_state *left = &one->list.readers[i];
		const struct jpki_reader_state *right = &other->list.readers[i];

		if (strcmp(left->name, right->name) != 0 || left->events != right->events ||
		    left->card_present != right->card_present || left->mute != right->mute)
			return true;
	}
	return false;
}

/* Wait for this time, or until it is to end. Return whether it is to end. */
static bool pause_for(int64_t milliseconds)
{
	gint64 until = g_get_monotonic_time() + milliseconds * G_TIME_SPAN_MILLISECOND;
	bool ends;

	g_mutex_lock(&watcher.lock);
	while (!watcher.ends && g_cond_wait_until(&watcher.changed, &watcher.lock, until))
		;
	ends = watcher.ends;
	g_mutex_unlock(&watcher.lock);
	return ends;
}

static void *watch(void *unused)
{
	struct jpki_transport *transport = watcher.transport;
	struct sight *now = g_new0(struct sight, 1);
	struct sight *told = g_new0(struct sight, 1);
	uint32_t again_ms = 0;
	enum jpki_error error;
	bool quiet;

	told->error = JPKI_E_COUNT;
	do {
		now->error = error = transport->ops->list(transport, &now->list);
		quiet = !sight_differs(now, told);
		if (!quiet)
			g_idle_add_full(G_PRIORITY_DEFAULT, deliver, g_memdup2(now, sizeof(*now)),
					g_free);
		*told = *now;
		again_ms = quiet ? MIN(2 * again_ms, LOOK_AGAIN_MOST_MS) : LOOK_AGAIN_MS;
		if (error == JPKI_OK)
			error = transport->ops->wait(transport, &now->list, again_ms);
		/* What has changed for PC/SC, but not for a person, must not keep it busy. */
	} while (!pause_for(
		error == JPKI_E_TIMEOUT || (error == JPKI_OK && !quiet) ? 0 : LOOK_FOR_SERVICE_MS));
	g_free(now);
	g_free(told);
	g_mutex_lock(&watcher.lock);
	watcher.has_ended = true;
	g_cond_broadcast(&watcher.changed);
	g_mutex_unlock(&watcher.lock);
	/* From here on nobody cancels anything in it. */
	g_mutex_lock(&watcher.cancelling);
	transport->ops->destroy(transport);
	g_mutex_unlock(&watcher.cancelling);
	return unused;
}

void watcher_begin(watcher_changed *changed, void *argument)
{
	watcher.tell = changed;
	watcher.argument = argument;
	watcher.transport = jpki_pcsc_new();
	if (watcher.transport != NULL)
		g_thread_unref(g_thread_new("watcher", watch, NULL));
}

/* Have the wait end, again and again: one that is about to begin may miss it. */
static void *cancel(void *unused)
{
	bool ended = false;

	while (!ended) {
		g_mutex_lock(&watcher.cancelling);
		g_mutex_lock(&watcher.lock);
		ended = watcher.has_ended;
		g_mutex_unlock(&watcher.lock);
		if (!ended)
			watcher.transport->ops->cancel(watcher.transport);
		g_mutex_unlock(&watcher.cancelling);
		g_usleep(END_STEP_MS * 1000);
	}
	return unused;
}

void watcher_end(void)
{
	gint64 until = g_get_monotonic_time() + END_MS * G_TIME_SPAN_MILLISECOND;

	if (watcher.transport == NULL)
		return;
	g_mutex_lock(&watcher.lock);
	watcher.ends = true;
	g_cond_broadcast(&watcher.changed);
	g_mutex_unlock(&watcher.lock);
	/* A service that hangs does not take the cancelling, either. */
	g_thread_unref(g_thread_new("watcher-end", cancel, NULL));
	g_mutex_lock(&watcher.lock);
	while (!watcher.has_ended && g_cond_wait_until(&watcher.changed, &watcher.lock, until))
		;
	g_mutex_unlock(&watcher.lock);
}
