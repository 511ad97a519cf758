/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a pinentry may answer. The file itself is taken in, for the conversation is its own. */
#include "app/ask/pinentry.c"

#include "tool.h"

#define PIN_SIZE 64
/* What a socket takes in one go. */
#define ANSWER_MAX 65536

void tool_pinentry(struct fuzz_input input)
{
	static uint8_t line[LINE_BYTES];
	struct pinentry pinentry = {.line = line};
	uint8_t value[PIN_SIZE] = {0};
	size_t length = 0;
	const struct question question = {.text = "100% of it",
					  .ok = "yes",
					  .value = value,
					  .size = sizeof(value),
					  .length = &length};
	int ends[2];

	if (input.size > ANSWER_MAX ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return;
	signals_begin(&pinentry.signals);
	pinentry.process.fd = ends[0];
	fuzz_check(send(ends[1], input.data, input.size, MSG_NOSIGNAL) == (ssize_t)input.size);
	shutdown(ends[1], SHUT_WR);
	if (prepare(&pinentry, &question, false))
		get_answer(&pinentry, &question);
	fuzz_check(length <= sizeof(value));
	for (size_t i = length; i < sizeof(value); i++)
		fuzz_check(value[i] == 0);
	signals_end(&pinentry.signals);
	close(ends[0]);
	close(ends[1]);
}
