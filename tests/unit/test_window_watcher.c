/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_window_watcher: what watches the readers for the window looks ever less often while nothing
 * changes, tells each change once, and ends. */
#include "unit.h"

#include <glib.h>
#include <string.h>

#include "card/pcsc.h"
#include "window/watcher.h"

/* How long each wait would have been. A reader comes in the one of this number, and is noticed at
 * its end; the last one lasts until it is cancelled. */
#define WAITS        11
#define READER_COMES 7
static uint32_t waits[WAITS];
static gint waited;
static gint cancelled;

static enum jpki_error list(struct jpki_transport *unused, struct jpki_reader_list *found)
{
	(void)unused;
	memset(found, 0, sizeof(*found));
	if (g_atomic_int_get(&waited) >= READER_COMES) {
		found->count = 1;
		strcpy(found->readers[0].name, "reader");
	}
	return JPKI_OK;
}

static enum jpki_error wait_for_change(struct jpki_transport *unused,
				       const struct jpki_reader_list *unused_known,
				       uint32_t timeout_ms)
{
	(void)unused;
	(void)unused_known;
	waits[waited] = timeout_ms;
	g_atomic_int_inc(&waited);
	while (waited == WAITS && !g_atomic_int_get(&cancelled))
		g_usleep(1000);
	return waited == WAITS ? JPKI_E_CANCELLED : JPKI_E_TIMEOUT;
}

static void cancel(struct jpki_transport *unused)
{
	(void)unused;
	g_atomic_int_set(&cancelled, 1);
}

static void destroy(struct jpki_transport *unused)
{
	(void)unused;
}

static const struct jpki_transport_ops ops = {
	.list = list, .wait = wait_for_change, .cancel = cancel, .destroy = destroy};
static struct jpki_transport transport = {.ops = &ops};

struct jpki_transport *jpki_pcsc_new(void)
{
	return &transport;
}

/* How many readers were told of. */
static struct {
	size_t count;
	size_t readers[WAITS];
} told;

static void hear(const struct sight *sight, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.readers[told.count++] = sight->list.count;
}

static void test_idle(void **state)
{
	static const uint32_t expected[WAITS] = {5000,  10000, 20000, 40000, 60000, 60000,
						 60000, 5000,  10000, 20000, 40000};

	(void)state;
	watcher_begin(hear, &told);
	while (g_atomic_int_get(&waited) < WAITS || told.count < 2)
		g_main_context_iteration(NULL, FALSE);
	watcher_end();
	assert_memory_equal(waits, expected, sizeof(waits));
	assert_int_equal(told.count, 2);
	assert_int_equal(told.readers[0], 0);
	assert_int_equal(told.readers[1], 1);
	assert_int_equal(g_atomic_int_get(&cancelled), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_idle)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
