/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other side of the in-process transport: what a test does to it, and learns from it. */
#include "transport_internal.h"

#include <string.h>

void vcard_transport_insert(struct vcard_transport *transport, size_t reader, struct vcard *card)
{
	struct vcard_reader *at = &transport->readers[reader];

	vcard_lock(transport);
	vcard_pull_card(transport, at);
	at->card = card;
	at->present = true;
	at->events++;
	if (card != NULL)
		vcard_power_on(card);
	vcard_unlock(transport);
}

void vcard_transport_remove(struct vcard_transport *transport, size_t reader)
{
	vcard_lock(transport);
	vcard_pull_card(transport, &transport->readers[reader]);
	vcard_unlock(transport);
}

void vcard_transport_reset(struct vcard_transport *transport, size_t reader)
{
	vcard_lock(transport);
	vcard_reset_card(&transport->readers[reader]);
	vcard_unlock(transport);
}

void vcard_transport_swap(struct vcard_transport *transport, size_t reader, struct vcard *card)
{
	struct vcard_reader *at = &transport->readers[reader];

	vcard_lock(transport);
	if (at->card != NULL)
		vcard_power_off(at->card);
	at->card = card;
	vcard_power_cycle_card(at);
	vcard_unlock(transport);
}

void vcard_transport_plug(struct vcard_transport *transport, size_t reader, bool plugged)
{
	vcard_lock(transport);
	vcard_pull_card(transport, &transport->readers[reader]);
	transport->readers[reader].plugged = plugged;
	vcard_unlock(transport);
}

void vcard_transport_serve(struct vcard_transport *transport, bool running)
{
	vcard_lock(transport);
	if (running && transport->down) {
		transport->epoch++;
		for (size_t i = 0; i < transport->count; i++) {
			transport->readers[i].owner = NULL;
			transport->readers[i].events = transport->readers[i].present ? 1 : 0;
		}
	}
	transport->down = !running;
	pthread_cond_broadcast(&transport->changed);
	vcard_unlock(transport);
}

void vcard_transport_fail(struct vcard_transport *transport, enum vcard_call call,
			  enum jpki_error error, unsigned count)
{
	vcard_lock(transport);
	transport->failures[call].error = error;
	transport->failures[call].count = count;
	vcard_unlock(transport);
}

void vcard_transport_set_hook(struct vcard_transport *transport, vcard_hook hook, void *context)
{
	vcard_lock(transport);
	transport->hook = hook;
	transport->hook_context = context;
	vcard_unlock(transport);
}

void vcard_transport_answer(struct vcard_transport *transport, const uint8_t *bytes, size_t len)
{
	vcard_lock(transport);
	transport->answer_len = len < sizeof(transport->answer) ? len : sizeof(transport->answer);
	memcpy(transport->answer, bytes, transport->answer_len);
	vcard_unlock(transport);
}

static unsigned read_counter(struct vcard_transport *transport, const unsigned *counter)
{
	unsigned value;

	vcard_lock(transport);
	value = *counter;
	vcard_unlock(transport);
	return value;
}

unsigned vcard_transport_exchanges(struct vcard_transport *transport)
{
	return read_counter(transport, &transport->exchanges);
}

unsigned vcard_transport_verifies(struct vcard_transport *transport)
{
	return read_counter(transport, &transport->verifies);
}

unsigned vcard_transport_connects(struct vcard_transport *transport)
{
	return read_counter(transport, &transport->connects);
}

unsigned vcard_transport_links(struct vcard_transport *transport)
{
	return read_counter(transport, &transport->links);
}

unsigned vcard_transport_violations(struct vcard_transport *transport)
{
	return read_counter(transport, &transport->violations);
}

void vcard_transport_forget(struct vcard_transport *transport)
{
	vcard_lock(transport);
	transport->exchanges = 0;
	transport->verifies = 0;
	transport->connects = 0;
	transport->violations = 0;
	transport->history_len = 0;
	vcard_unlock(transport);
}

size_t vcard_transport_command(struct vcard_transport *transport, size_t back,
			       uint8_t command[JPKI_APDU_COMMAND_MAX])
{
	size_t len = 0;

	vcard_lock(transport);
	if (back < transport->history_len && back < VCARD_HISTORY_LEN) {
		const struct vcard_sent *entry =
			&transport
				 ->history[(transport->history_len - 1 - back) % VCARD_HISTORY_LEN];

		len = entry->len;
		memcpy(command, entry->bytes, len);
	}
	vcard_unlock(transport);
	return len;
}
