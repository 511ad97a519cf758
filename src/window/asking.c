/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* asking: lets work ask in a window, and keeps what it says at the end. */
#include "window/asking.h"

#include "app/host/signals.h"
#include "window/worker.h"

/* Note that a question comes: what was said before, it says. */
static void begin_question(struct asking *asking)
{
	g_string_truncate(asking->said, 0);
	g_atomic_int_set(&asking->may_send, 0);
}

static enum app_exit ask(void *argument, const struct own_question *question, uint8_t *value,
			 size_t size, size_t *length)
{
	struct asking *asking = argument;
	enum app_exit result;

	*length = 0;
	/* Who stopped while the last answer was used is asked for no other: what was said stays. */
	if (signals_are_wished())
		return APP_CANCELLED;
	begin_question(asking);
	result = conversation_window.ask(asking->conversation, question, value, size, length);
	asking->was_declined = result == APP_CANCELLED;
	return result;
}

static enum app_exit confirm(void *argument, const char *text, const char *ok, const char *cancel)
{
	struct asking *asking = argument;
	enum app_exit result;

	begin_question(asking);
	result = conversation_window.confirm(asking->conversation, text, ok, cancel);
	asking->was_declined = result == APP_CANCELLED;
	return result;
}

static void hear(enum ui_tone tone, const char *text, void *argument)
{
	struct asking *asking = argument;

	(void)tone;
	if (asking->said->len > 0)
		g_string_append_c(asking->said, '\n');
	g_string_append(asking->said, text);
}

void asking_listen(struct asking *asking)
{
	worker_listen(hear, asking);
}

void asking_in_worker(void *argument)
{
	static const struct own_window window = {.ask = ask, .confirm = confirm};
	struct asking *asking = argument;

	asking_listen(asking);
	own_window_set(&window, asking);
	asking->result = asking->work(asking->argument, asking);
	g_atomic_int_set(&asking->may_send, 0);
	own_window_set(NULL, NULL);
	worker_listen(NULL, NULL);
}
