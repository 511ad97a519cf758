/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change: finds the card again, has its PIN changed, and keeps what is said at the end. */
#include "window/change.h"

#include "app/card/pin_change.h"
#include "app/ui/refuse.h"
#include "window/worker.h"

static enum app_exit ask(void *argument, const struct own_question *question, uint8_t *value,
			 size_t size, size_t *length)
{
	struct change_job *job = argument;
	enum app_exit result;

	/* What was said before, the question says. */
	g_string_truncate(job->said, 0);
	g_atomic_int_set(&job->may_send, 0);
	result = conversation_window.ask(job->conversation, question, value, size, length);
	job->was_declined = result == APP_CANCELLED;
	return result;
}

static enum app_exit confirm(void *argument, const char *text, const char *ok, const char *cancel)
{
	struct change_job *job = argument;
	enum app_exit result;

	g_string_truncate(job->said, 0);
	g_atomic_int_set(&job->may_send, 0);
	result = conversation_window.confirm(job->conversation, text, ok, cancel);
	job->was_declined = result == APP_CANCELLED;
	return result;
}

static void hear(enum ui_tone tone, const char *text, void *argument)
{
	struct change_job *job = argument;

	(void)tone;
	if (job->said->len > 0)
		g_string_append_c(job->said, '\n');
	g_string_append(job->said, text);
}

static int change(struct change_job *job, struct cards *cards)
{
	static const struct options options = {.json = false};
	struct card_pin card_pin;
	enum situation situation;
	const struct card *card = cards_choose(cards, job->serial, &situation);
	int result;

	if (card == NULL)
		return ui_refuse(false, situation);
	card_pin_init(&card_pin, cards, card, job->key, &options);
	card_pin.dialog.consents_by_window = true;
	result = pin_change(&card_pin);
	job->has_lost = card_pin.dialog.lost != SITUATION_NONE;
	return result;
}

void change_in_worker(void *argument)
{
	static const struct own_window window = {.ask = ask, .confirm = confirm};
	struct change_job *job = argument;
	struct cards *cards = g_new0(struct cards, 1);

	worker_listen(hear, job);
	own_window_set(&window, job);
	if (cards_open(cards))
		job->result = change(job, cards);
	else
		job->result = ui_refuse(false, SITUATION_NO_MEMORY);
	cards_close(cards);
	g_atomic_int_set(&job->may_send, 0);
	own_window_set(NULL, NULL);
	worker_listen(NULL, NULL);
	g_free(cards);
}
