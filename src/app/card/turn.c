/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * turn: waits until no other program keeps a card for itself, before a PIN goes to it through a
 * module.
 *
 * A call of the module that may have sent a PIN must not be broken off, and from outside nobody can
 * tell what it has sent. So the wait is done before, by a transaction of our own in which nothing
 * is sent.
 */
#include "app/card/turn.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "app/card/patient.h"
#include "card/transport.h"

/* Return whether the text before end ends with the beginning of the name, after a blank. */
static bool ends_with_head(const char *text, const char *end, const char *name)
{
	size_t longest = strlen(name);

	for (size_t length = 1; length <= longest && length < (size_t)(end - text); length++) {
		if (end[-(ptrdiff_t)length - 1] == ' ' && memcmp(end - length, name, length) == 0)
			return true;
	}
	return false;
}

/* Return whether the description is of this reader. A long name has lost its middle there. */
static bool is_meant(const struct jpki_reader_state *reader, const char *description)
{
	size_t length = strlen(reader->name);
	const char *dots;
	size_t tail;

	if (description == NULL)
		return false;
	if (strstr(description, reader->name) != NULL)
		return true;
	dots = strstr(description, "...");
	if (dots == NULL)
		return false;
	tail = strlen(dots + 3);
	return tail < length && strcmp(reader->name + length - tail, dots + 3) == 0 &&
	       ends_with_head(description, dots, reader->name);
}

static void await_at(struct jpki_transport *transport, const char *reader_name)
{
	struct jpki_link *link;
	bool was_reset;

	if (transport->ops->connect(transport, reader_name, &link) != JPKI_OK)
		return;
	if (transport->ops->begin(link, &was_reset) == JPKI_OK)
		transport->ops->end(link);
	transport->ops->disconnect(link);
}

static void await_among(struct jpki_transport *transport, const char *description)
{
	struct jpki_reader_list list;
	bool known = false;

	if (transport->ops->list(transport, &list) != JPKI_OK)
		return;
	for (size_t i = 0; i < list.count; i++)
		known = known || is_meant(&list.readers[i], description);
	for (size_t i = 0; i < list.count; i++) {
		const struct jpki_reader_state *reader = &list.readers[i];

		/* To connect to a card that does not answer takes seconds. */
		if (reader->card_present && !reader->mute &&
		    (!known || is_meant(reader, description)))
			await_at(transport, reader->name);
	}
}

void turn_await(const char *description)
{
	struct jpki_transport *transport = patient_pcsc_new();

	if (transport == NULL)
		return;
	await_among(transport, description);
	transport->ops->destroy(transport);
}
