/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations of the in-process transport: what the card layer sees. */
#include "transport_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct jpki_link {
	struct vcard_transport *transport;
	struct vcard_reader *reader;
	uint32_t events;
	uint32_t epoch;
	uint32_t resets; /* those that this link knows of */
	bool rests;
};

static struct vcard_transport *from_base(struct jpki_transport *self)
{
	return (struct vcard_transport *)self;
}

void vcard_lock(struct vcard_transport *transport)
{
	pthread_mutex_lock(&transport->mutex);
}

void vcard_unlock(struct vcard_transport *transport)
{
	pthread_mutex_unlock(&transport->mutex);
}

/* The error that the test has ordered for this call, or JPKI_OK. */
static enum jpki_error ordered_failure(struct vcard_transport *transport, enum vcard_call call)
{
	struct vcard_failure *failure = &transport->failures[call];
	enum jpki_error error = JPKI_OK;

	if (failure->count > 0) {
		failure->count--;
		error = failure->error;
	}
	return error;
}

static void fill_list(const struct vcard_transport *transport, struct jpki_reader_list *list)
{
	memset(list, 0, sizeof(*list));
	for (size_t i = 0; i < transport->count; i++) {
		const struct vcard_reader *reader = &transport->readers[i];
		struct jpki_reader_state *state = &list->readers[list->count];

		if (!reader->plugged)
			continue;
		memcpy(state->name, reader->name, sizeof(state->name));
		state->card_present = reader->present;
		state->events = reader->events;
		state->epoch = transport->epoch;
		list->count++;
	}
}

static enum jpki_error list_readers(struct jpki_transport *self, struct jpki_reader_list *list)
{
	struct vcard_transport *transport = from_base(self);
	enum jpki_error error;

	memset(list, 0, sizeof(*list));
	vcard_lock(transport);
	error = transport->down ? JPKI_E_NO_SERVICE : ordered_failure(transport, VCARD_CALL_LIST);
	if (error == JPKI_OK)
		fill_list(transport, list);
	vcard_unlock(transport);
	return error;
}

static bool same_list(const struct jpki_reader_list *a, const struct jpki_reader_list *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++) {
		const struct jpki_reader_state *x = &a->readers[i];
		const struct jpki_reader_state *y = &b->readers[i];

		same = strcmp(x->name, y->name) == 0 && x->card_present == y->card_present &&
		       x->events == y->events && x->epoch == y->epoch;
	}
	return same;
}

static struct timespec deadline_in(uint32_t milliseconds)
{
	struct timespec deadline;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += (time_t)(milliseconds / 1000);
	deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
	if (deadline.tv_nsec >= 1000000000L) {
		deadline.tv_sec++;
		deadline.tv_nsec -= 1000000000L;
	}
	return deadline;
}

static enum jpki_error wait_change(struct jpki_transport *self,
				   const struct jpki_reader_list *known, uint32_t timeout_ms)
{
	struct vcard_transport *transport = from_base(self);
	struct timespec deadline = deadline_in(timeout_ms);
	enum jpki_error error = JPKI_OK;
	struct jpki_reader_list now;
	bool waiting = true;
	int rc = 0;

	vcard_lock(transport);
	while (waiting) {
		fill_list(transport, &now);
		waiting = false;
		if (transport->cancelled)
			error = JPKI_E_CANCELLED;
		else if (transport->down)
			error = JPKI_E_NO_SERVICE;
		else if (!same_list(known, &now))
			error = JPKI_OK;
		else if (rc == ETIMEDOUT)
			error = JPKI_E_TIMEOUT;
		else
			waiting = true;
		if (waiting)
			rc = pthread_cond_timedwait(&transport->changed, &transport->mutex,
						    &deadline);
	}
	vcard_unlock(transport);
	return error;
}

static void cancel_wait(struct jpki_transport *self)
{
	struct vcard_transport *transport = from_base(self);

	vcard_lock(transport);
	transport->cancelled = true;
	pthread_cond_broadcast(&transport->changed);
	vcard_unlock(transport);
}

static struct vcard_reader *find_reader(struct vcard_transport *transport, const char *name)
{
	struct vcard_reader *found = NULL;

	for (size_t i = 0; i < transport->count; i++) {
		if (transport->readers[i].plugged && strcmp(transport->readers[i].name, name) == 0)
			found = &transport->readers[i];
	}
	return found;
}

static enum jpki_error connect_card(struct jpki_transport *self, const char *reader_name,
				    struct jpki_link **link)
{
	struct vcard_transport *transport = from_base(self);
	enum jpki_error error = JPKI_E_NO_SERVICE;
	struct vcard_reader *reader;

	*link = NULL;
	vcard_lock(transport);
	transport->connects++;
	if (transport->down)
		goto out;
	error = ordered_failure(transport, VCARD_CALL_CONNECT);
	if (error != JPKI_OK)
		goto out;
	reader = find_reader(transport, reader_name);
	error = reader == NULL ? JPKI_E_NO_READER : JPKI_E_NO_CARD;
	if (reader == NULL || !reader->present)
		goto out;
	error = JPKI_E_MEMORY;
	*link = calloc(1, sizeof(**link));
	if (*link == NULL)
		goto out;
	(*link)->transport = transport;
	(*link)->reader = reader;
	(*link)->events = reader->events;
	(*link)->epoch = transport->epoch;
	(*link)->resets = reader->resets;
	transport->links++;
	error = JPKI_OK;
out:
	vcard_unlock(transport);
	return error;
}

/* Whether the card of the link is still the one in the reader. */
static bool is_alive(const struct jpki_link *link)
{
	return !link->transport->down && link->epoch == link->transport->epoch &&
	       link->events == link->reader->events && link->reader->present;
}

/* With the mutex held: connect a link that rests. */
static enum jpki_error wake(struct jpki_link *link)
{
	enum jpki_error error;

	if (!link->rests)
		return JPKI_OK;
	link->transport->connects++;
	error = link->transport->down ? JPKI_E_NO_SERVICE
				      : ordered_failure(link->transport, VCARD_CALL_CONNECT);
	if (error != JPKI_OK)
		return error;
	link->rests = false;
	link->transport->links++;
	return JPKI_OK;
}

static enum jpki_error begin_transaction(struct jpki_link *link, bool *was_reset)
{
	struct vcard_transport *transport = link->transport;
	enum jpki_error error = JPKI_E_REMOVED;

	*was_reset = false;
	vcard_lock(transport);
	if (link->reader->owner == link) {
		transport->violations++;
		error = JPKI_E_INTERNAL;
		goto out;
	}
	error = wake(link);
	if (error != JPKI_OK)
		goto out;
	error = JPKI_E_REMOVED;
	while (is_alive(link) && link->reader->owner != NULL)
		pthread_cond_wait(&transport->changed, &transport->mutex);
	if (!is_alive(link))
		goto out;
	error = ordered_failure(transport, VCARD_CALL_BEGIN);
	if (error != JPKI_OK)
		goto out;
	link->reader->owner = link;
	*was_reset = link->resets != link->reader->resets;
	link->resets = link->reader->resets;
out:
	vcard_unlock(transport);
	return error;
}

static void record(struct vcard_transport *transport, const uint8_t *command, size_t len)
{
	struct vcard_sent *entry = &transport->history[transport->history_len % VCARD_HISTORY_LEN];

	entry->len = len < sizeof(entry->bytes) ? len : sizeof(entry->bytes);
	memcpy(entry->bytes, command, entry->len);
	transport->history_len++;
	transport->exchanges++;
	if (len > 5 && command[1] == 0x20)
		transport->verifies++;
}

void vcard_pull_card(struct vcard_transport *transport, struct vcard_reader *reader)
{
	if (reader->present) {
		if (reader->card != NULL)
			vcard_power_off(reader->card);
		reader->card = NULL;
		reader->present = false;
		reader->owner = NULL; /* its link is dead: it must not keep the next card waiting */
		reader->events++;
	}
	pthread_cond_broadcast(&transport->changed);
}

void vcard_reset_card(struct vcard_reader *reader)
{
	if (reader->card != NULL)
		vcard_reset(reader->card);
	reader->resets++;
}

void vcard_power_cycle_card(struct vcard_reader *reader)
{
	if (reader->card != NULL) {
		vcard_power_off(reader->card);
		vcard_power_on(reader->card);
	}
	reader->resets++;
}

/* What the caller gets when nothing interferes. */
static enum jpki_error act(struct jpki_link *link, const uint8_t *command, size_t command_len,
			   uint8_t *response, size_t *response_len, size_t cap)
{
	uint8_t answer[VCARD_RESPONSE_MAX];
	size_t len = 0;

	if (link->reader->card != NULL)
		len = vcard_transmit(link->reader->card, command, command_len, answer,
				     sizeof(answer));
	if (len == 0)
		return JPKI_E_MUTE;
	if (len > cap)
		return JPKI_E_LINK;
	memcpy(response, answer, len);
	*response_len = len;
	return JPKI_OK;
}

/* Bytes as the answer, if the caller has room for them. */
static enum jpki_error give(const uint8_t *bytes, size_t len, uint8_t *response,
			    size_t *response_len, size_t cap)
{
	*response_len = 0;
	if (len > cap)
		return JPKI_E_LINK;
	memcpy(response, bytes, len);
	*response_len = len;
	return JPKI_OK;
}

bool vcard_fault_lets_act(enum vcard_fault fault)
{
	return fault == VCARD_FAULT_NONE || fault == VCARD_FAULT_LOSE ||
	       fault == VCARD_FAULT_REPLAY || fault >= VCARD_FAULT_REMOVE_AFTER;
}

static enum jpki_error act_with_fault(struct jpki_link *link, enum vcard_fault fault,
				      const uint8_t *command, size_t command_len, uint8_t *response,
				      size_t *response_len, size_t cap)
{
	struct vcard_transport *transport = link->transport;
	enum jpki_error error = JPKI_E_LINK;

	if (vcard_fault_lets_act(fault))
		error = act(link, command, command_len, response, response_len, cap);
	if (fault == VCARD_FAULT_NONE)
		return error;
	*response_len = 0;
	switch (fault) {
	case VCARD_FAULT_NONE:
		break;
	case VCARD_FAULT_REMOVE:
	case VCARD_FAULT_REMOVE_AFTER:
		vcard_pull_card(transport, link->reader);
		error = JPKI_E_REMOVED;
		break;
	case VCARD_FAULT_LOSE:
		error = JPKI_E_LINK;
		break;
	case VCARD_FAULT_RESET:
	case VCARD_FAULT_RESET_AFTER:
		vcard_reset_card(link->reader);
		error = JPKI_E_RESET;
		break;
	case VCARD_FAULT_POWER:
	case VCARD_FAULT_POWER_AFTER:
		vcard_power_cycle_card(link->reader);
		error = JPKI_E_RESET;
		break;
	case VCARD_FAULT_MUTE:
		error = JPKI_E_MUTE;
		break;
	case VCARD_FAULT_ANSWER:
	case VCARD_FAULT_ANSWER_AFTER:
		error = give(transport->answer, transport->answer_len, response, response_len, cap);
		break;
	case VCARD_FAULT_REPLAY:
		error = give(transport->given, transport->given_len, response, response_len, cap);
		break;
	}
	return error;
}

/* The hook runs without the mutex; the transaction keeps other links out meanwhile. */
static enum vcard_fault ask_hook(struct vcard_transport *transport, const uint8_t *command,
				 size_t len)
{
	enum vcard_fault fault = VCARD_FAULT_NONE;
	vcard_hook hook = transport->hook;
	void *context = transport->hook_context;
	unsigned index = transport->exchanges;

	if (hook != NULL) {
		vcard_unlock(transport);
		fault = hook(context, index, command, len);
		vcard_lock(transport);
	}
	return fault;
}

static enum jpki_error transmit(struct jpki_link *link, const uint8_t *command, size_t command_len,
				uint8_t *response, size_t *response_len)
{
	struct vcard_transport *transport = link->transport;
	enum jpki_error error = JPKI_E_REMOVED;
	enum vcard_fault fault;
	size_t cap = *response_len;

	*response_len = 0;
	vcard_lock(transport);
	if (!is_alive(link))
		goto out;
	if (link->reader->owner != link || command_len < 4 || command_len > JPKI_APDU_COMMAND_MAX) {
		transport->violations++;
		error = JPKI_E_INTERNAL;
		goto out;
	}
	if (link->resets != link->reader->resets) {
		error = JPKI_E_RESET;
		goto out;
	}
	fault = ask_hook(transport, command, command_len);
	record(transport, command, command_len);
	if (!is_alive(link))
		goto out;
	if (link->resets != link->reader->resets)
		error = JPKI_E_RESET;
	else
		error = act_with_fault(link, fault, command, command_len, response, response_len,
				       cap);
	if (error == JPKI_OK) {
		transport->given_len = *response_len < sizeof(transport->given) ? *response_len : 0;
		memcpy(transport->given, response, transport->given_len);
	}
out:
	vcard_unlock(transport);
	return error;
}

static void end_transaction(struct jpki_link *link)
{
	struct vcard_transport *transport = link->transport;

	vcard_lock(transport);
	if (link->reader->owner == link)
		link->reader->owner = NULL;
	pthread_cond_broadcast(&transport->changed);
	vcard_unlock(transport);
}

static void power_off(struct jpki_link *link)
{
	struct vcard_transport *transport = link->transport;

	vcard_lock(transport);
	if (is_alive(link) && link->reader->owner == link) {
		vcard_power_cycle_card(link->reader);
	} else if (is_alive(link)) {
		transport->violations++;
	}
	vcard_unlock(transport);
	end_transaction(link);
}

static void rest(struct jpki_link *link)
{
	vcard_lock(link->transport);
	if (link->reader->owner == link)
		link->transport->violations++;
	if (!link->rests)
		link->transport->links--;
	link->rests = true;
	vcard_unlock(link->transport);
}

static void disconnect(struct jpki_link *link)
{
	if (link == NULL)
		return;
	end_transaction(link);
	rest(link);
	free(link);
}

static void destroy(struct jpki_transport *self)
{
	struct vcard_transport *transport = from_base(self);

	vcard_lock(transport);
	for (size_t i = 0; i < transport->count; i++)
		vcard_pull_card(transport, &transport->readers[i]);
	vcard_unlock(transport);
	pthread_cond_destroy(&transport->changed);
	pthread_mutex_destroy(&transport->mutex);
	free(transport);
}

static const struct jpki_transport_ops operations = {
	.list = list_readers,
	.wait = wait_change,
	.cancel = cancel_wait,
	.connect = connect_card,
	.begin = begin_transaction,
	.transmit = transmit,
	.end = end_transaction,
	.power_off = power_off,
	.rest = rest,
	.disconnect = disconnect,
	.destroy = destroy,
};

static bool init_locks(struct vcard_transport *transport)
{
	pthread_condattr_t attributes;
	bool ok = false;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	if (pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
	    pthread_mutex_init(&transport->mutex, NULL) == 0) {
		ok = pthread_cond_init(&transport->changed, &attributes) == 0;
		if (!ok)
			pthread_mutex_destroy(&transport->mutex);
	}
	pthread_condattr_destroy(&attributes);
	return ok;
}

struct vcard_transport *vcard_transport_new(const char *const *names, size_t count)
{
	struct vcard_transport *transport = NULL;

	if (count > JPKI_READERS_MAX)
		return NULL;
	transport = calloc(1, sizeof(*transport));
	if (transport == NULL)
		return NULL;
	if (!init_locks(transport)) {
		free(transport);
		return NULL;
	}
	transport->base.ops = &operations;
	transport->count = count;
	for (size_t i = 0; i < count; i++) {
		struct vcard_reader *reader = &transport->readers[i];

		snprintf(reader->name, sizeof(reader->name), "%s", names[i]);
		reader->plugged = true;
	}
	return transport;
}

struct jpki_transport *vcard_transport_base(struct vcard_transport *transport)
{
	return &transport->base;
}
