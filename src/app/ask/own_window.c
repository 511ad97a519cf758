/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* own_window: keeps the way in which this program asks in its own window. */
#include "app/ask/own_window.h"

static const struct own_window *own;
static void *own_argument;
static const struct jpki_pin_rule *own_new_rule;

void own_window_set(const struct own_window *window, void *argument)
{
	own = window;
	own_argument = argument;
}

bool own_window_is_there(void)
{
	return own != NULL;
}

void own_window_set_new_rule(const struct jpki_pin_rule *rule)
{
	own_new_rule = rule;
}

enum app_exit own_window_ask(const char *problem, const char *text, uint8_t *value, size_t size,
			     size_t *length)
{
	struct own_question question = {.problem = problem, .text = text, .new_rule = own_new_rule};

	return own->ask(own_argument, &question, value, size, length);
}

enum app_exit own_window_confirm(const char *text, const char *ok, const char *cancel)
{
	return own->confirm(own_argument, text, ok, cancel);
}
