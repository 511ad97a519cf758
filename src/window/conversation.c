/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* conversation: lets the worker wait for what the person answers in a window. */
#include "window/conversation.h"

#include <glib.h>
#include <string.h>

/* What the question that waits is for, until it is answered. */
struct conversation {
	conversation_show *show;
	void *argument;
	GMutex lock;
	GCond answered;
	const struct conversation_question *question; /* NULL: none waits */
	/* where the answer goes */
	uint8_t *value;
	size_t size;
	size_t *length;
	enum app_exit result;
	bool ended;
};

struct conversation *conversation_new(conversation_show *show, void *argument)
{
	struct conversation *conversation = g_new0(struct conversation, 1);

	conversation->show = show;
	conversation->argument = argument;
	g_mutex_init(&conversation->lock);
	g_cond_init(&conversation->answered);
	return conversation;
}

void conversation_free(struct conversation *conversation)
{
	g_mutex_clear(&conversation->lock);
	g_cond_clear(&conversation->answered);
	g_free(conversation);
}

/* In the main loop: show the question, unless it was declined meanwhile. */
static gboolean show(void *argument)
{
	struct conversation *conversation = argument;
	const struct conversation_question *question;

	g_mutex_lock(&conversation->lock);
	question = conversation->question;
	g_mutex_unlock(&conversation->lock);
	/* Only the main loop answers, so it stays. */
	if (question != NULL)
		conversation->show(question, conversation->argument);
	return G_SOURCE_REMOVE;
}

/* In the worker: wait for the answer. */
static enum app_exit wait_for_answer(struct conversation *conversation,
				     const struct conversation_question *question)
{
	enum app_exit result;

	g_mutex_lock(&conversation->lock);
	conversation->question = question;
	conversation->result = APP_CANCELLED;
	if (!conversation->ended)
		g_idle_add_full(G_PRIORITY_DEFAULT, show, conversation, NULL);
	else
		conversation->question = NULL;
	while (conversation->question != NULL)
		g_cond_wait(&conversation->answered, &conversation->lock);
	result = conversation->result;
	g_mutex_unlock(&conversation->lock);
	return result;
}

static enum app_exit ask(void *argument, const struct own_question *own, uint8_t *value,
			 size_t size, size_t *length)
{
	struct conversation_question question = {.pin = own};
	struct conversation *conversation = argument;

	*length = 0;
	conversation->value = value;
	conversation->size = size;
	conversation->length = length;
	return wait_for_answer(conversation, &question);
}

static enum app_exit confirm(void *argument, const char *text, const char *ok, const char *cancel)
{
	struct conversation_question question = {.text = text, .ok = ok, .cancel = cancel};

	return wait_for_answer(argument, &question);
}

const struct own_window conversation_window = {.ask = ask, .confirm = confirm};

/* Wake the worker. The lock is held. */
static void settle(struct conversation *conversation, enum app_exit result)
{
	conversation->question = NULL;
	conversation->result = result;
	g_cond_signal(&conversation->answered);
}

bool conversation_answer(struct conversation *conversation, const char *typed)
{
	bool asked;

	g_mutex_lock(&conversation->lock);
	asked = conversation->question != NULL && conversation->question->pin != NULL;
	if (asked) {
		size_t length = strlen(typed);

		/* What is too long for any PIN is cut, and judged as too long. */
		if (length > conversation->size)
			length = conversation->size;
		memcpy(conversation->value, typed, length);
		*conversation->length = length;
		settle(conversation, length > 0 ? APP_OK : APP_CANCELLED);
	}
	g_mutex_unlock(&conversation->lock);
	return asked;
}

void conversation_agree(struct conversation *conversation)
{
	g_mutex_lock(&conversation->lock);
	if (conversation->question != NULL && conversation->question->pin == NULL)
		settle(conversation, APP_OK);
	g_mutex_unlock(&conversation->lock);
}

void conversation_decline(struct conversation *conversation)
{
	g_mutex_lock(&conversation->lock);
	if (conversation->question != NULL)
		settle(conversation, APP_CANCELLED);
	g_mutex_unlock(&conversation->lock);
}

void conversation_end(struct conversation *conversation)
{
	g_mutex_lock(&conversation->lock);
	conversation->ended = true;
	if (conversation->question != NULL)
		settle(conversation, APP_CANCELLED);
	g_mutex_unlock(&conversation->lock);
}
