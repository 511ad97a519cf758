/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pcsc: carries APDUs over PC/SC (PC/SC part 5, as pcsc-lite has it); only scard calls it. */
#include "card/pcsc.h"

#include <pthread.h>
#include <reader.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

#include "base/log.h"
#include "card/apdu.h"
#include "card/scard.h"

/* Try this often, at these intervals, if another program holds the card for itself for a moment. */
#define CONNECT_TRIES   10
#define CONNECT_WAIT_MS 100
/* Connect anew at most this often if the card is reset again during the recovery from a reset. */
#define RECONNECT_TRIES 5
/* Ask again, because the context may date from before a restart of pcscd, or a reader may leave
 * between two questions. */
#define LIST_TRIES 3
/* Ask at these intervals whether another program still keeps its transaction open. */
#define TURN_POLL_MS 50

/*
 * A card whose last transaction ended less than this ago is the same, if the reader has noticed
 * nothing: nobody replaces a card so quickly, and pcscd does not cut its power for 400 ms after the
 * last connection (PCSCLITE_STATUS_POLL_RATE).
 */
#define SAME_CARD_MS 300

#define PROTOCOLS (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)

/* If this name is watched, pcscd reports readers that come and go. */
#define PNP_READER "\\\\?PnP?\\Notification"

struct pcsc {
	struct jpki_transport base;
	pthread_mutex_t lock; /* guards what list uses */
	char names[JPKI_READERS_MAX * JPKI_READER_NAME_MAX];
	SCARD_READERSTATE states[JPKI_READERS_MAX];
	SCARDCONTEXT list_context;
	bool has_list_context;
	uint32_t epoch;
	pthread_mutex_t wait_lock; /* one waiter at a time; guards its states */
	SCARD_READERSTATE wait_states[JPKI_READERS_MAX + 1];
	_Atomic SCARDCONTEXT wait_context; /* kept from one wait to the next; 0: none yet */
	atomic_bool cancelled;
	atomic_uint wait_s; /* see jpki_pcsc_limit_wait */
};

struct jpki_link {
	struct pcsc *transport;
	SCARDCONTEXT context; /* its own: pcsc-lite serialises the calls of one context */
	SCARDHANDLE handle;
	DWORD protocol;
	bool reset;       /* the card was reset, and no transaction has begun since */
	bool closed;      /* the handle is gone already */
	bool rests;       /* the context, too */
	int64_t ended_ms; /* when the last transaction ended */
	bool is_counted;  /* the two below are valid */
	uint32_t events;  /* of the reader when the link was opened */
	uint32_t epoch;
	char reader_name[JPKI_READER_NAME_MAX]; /* to open it again */
};

static const struct {
	LONG code;
	enum jpki_error error;
} errors[] = {
	{SCARD_S_SUCCESS, JPKI_OK},
	{SCARD_E_NO_MEMORY, JPKI_E_MEMORY},
	{SCARD_E_NO_SERVICE, JPKI_E_NO_SERVICE},
	{SCARD_E_SERVICE_STOPPED, JPKI_E_NO_SERVICE},
	{SCARD_E_INVALID_HANDLE, JPKI_E_NO_SERVICE}, /* pcscd was restarted */
	{SCARD_W_SECURITY_VIOLATION, JPKI_E_NO_ACCESS},
	{SCARD_E_NO_ACCESS, JPKI_E_NO_ACCESS},
	{SCARD_E_NO_READERS_AVAILABLE, JPKI_E_NO_READER},
	{SCARD_E_UNKNOWN_READER, JPKI_E_NO_READER},
	{SCARD_E_READER_UNAVAILABLE, JPKI_E_NO_READER},
	{SCARD_E_INVALID_VALUE, JPKI_E_NO_READER}, /* of a handle: its reader was unplugged */
	{SCARD_E_NO_SMARTCARD, JPKI_E_NO_CARD},
	{SCARD_W_REMOVED_CARD, JPKI_E_REMOVED},
	{SCARD_W_RESET_CARD, JPKI_E_RESET},
	{SCARD_W_UNPOWERED_CARD, JPKI_E_MUTE}, /* to a connect: it does not power up */
	{SCARD_W_UNRESPONSIVE_CARD, JPKI_E_MUTE},
	{SCARD_W_UNSUPPORTED_CARD, JPKI_E_MUTE},
	{SCARD_E_PROTO_MISMATCH, JPKI_E_MUTE},
	{SCARD_E_SHARING_VIOLATION, JPKI_E_BUSY},
	{SCARD_E_CANCELLED, JPKI_E_CANCELLED},
	{SCARD_E_TIMEOUT, JPKI_E_TIMEOUT},
	{SCARD_E_INSUFFICIENT_BUFFER, JPKI_E_PROTOCOL}, /* the answer is longer than any may be */
	{SCARD_E_NOT_TRANSACTED, JPKI_E_LINK},
	{SCARD_F_COMM_ERROR, JPKI_E_LINK},
};

static enum jpki_error translate(LONG code)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].code == code)
			return errors[i].error;
	}
	return JPKI_E_LINK;
}

/* Translate what a call for a card returned, and log it. Such calls of PC/SC wait for no event, so
 * they can be neither cancelled nor timed out. */
static enum jpki_error outcome(const char *call, LONG code)
{
	enum jpki_error error = translate(code);

	if (error == JPKI_E_CANCELLED || error == JPKI_E_TIMEOUT)
		error = JPKI_E_LINK;
	if (error != JPKI_OK)
		jpki_log(JPKI_LOG_INFO, "pcsc: %s: 0x%08lx (%s)", call,
			 (unsigned long)code & 0xffffffffUL, jpki_error_name(error));
	return error;
}

/* The same for a context, whose errors are about the service and not about a card. */
static enum jpki_error error_of_context(LONG code)
{
	enum jpki_error error = translate(code);
	bool is_plain = error == JPKI_OK || error == JPKI_E_NO_SERVICE ||
			error == JPKI_E_NO_ACCESS || error == JPKI_E_MEMORY;

	/* pcscd says so to a client whose protocol differs from its own. */
	if (code == SCARD_E_SERVICE_STOPPED)
		return JPKI_E_SERVICE_VERSION;
	return is_plain ? error : JPKI_E_LINK;
}

static enum jpki_error outcome_of_context(LONG code)
{
	outcome("establish context", code);
	return error_of_context(code);
}

static struct pcsc *pcsc_of(struct jpki_transport *transport)
{
	return (struct pcsc *)(void *)transport;
}

/* Extract the names from a list of zero-terminated strings that a zero ends. */
static void split_names(const char *names, size_t length, struct jpki_reader_list *list)
{
	while (length > 0 && list->count < JPKI_READERS_MAX) {
		size_t name_length = strnlen(names, length);

		if (name_length == 0 || name_length == length)
			return;
		if (name_length < JPKI_READER_NAME_MAX) {
			memcpy(list->readers[list->count].name, names, name_length + 1);
			list->count++;
		}
		names += name_length + 1;
		length -= name_length + 1;
	}
}

/* With the lock held: ask for names and states. They are not on the stack, which may be as small
 * as a thread's can be. */
static LONG look(struct pcsc *self, struct jpki_reader_list *list)
{
	SCARD_READERSTATE *states = self->states;
	DWORD length = sizeof(self->names);
	LONG code;

	memset(self->names, 0, sizeof(self->names));
	memset(self->states, 0, sizeof(self->states));
	code = jpki_scard_list(self->list_context, self->names, &length);
	list->count = 0;
	if (code == SCARD_E_NO_READERS_AVAILABLE)
		return SCARD_S_SUCCESS;
	if (code != SCARD_S_SUCCESS)
		return code;
	split_names(self->names, length < sizeof(self->names) ? length : sizeof(self->names), list);
	if (list->count == 0)
		return SCARD_S_SUCCESS;
	for (size_t i = 0; i < list->count; i++)
		states[i].szReader = list->readers[i].name;
	code = jpki_scard_look(self->list_context, states, (DWORD)list->count);
	/* A timeout means that nothing has changed: no failure, if the states were filled in. */
	if (code != SCARD_S_SUCCESS &&
	    (code != SCARD_E_TIMEOUT || states[0].dwEventState == SCARD_STATE_UNAWARE))
		return code;
	for (size_t i = 0; i < list->count; i++) {
		list->readers[i].card_present = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
		list->readers[i].mute = (states[i].dwEventState & SCARD_STATE_MUTE) != 0;
		list->readers[i].events = (uint32_t)(states[i].dwEventState >> 16 & 0xffffU);
	}
	return SCARD_S_SUCCESS;
}

/* Return whether a context is dead because pcscd was restarted or has stopped. What was learnt
 * through a dead context is lost, so no other failure may count as this one. */
static bool is_context_dead(LONG code)
{
	return translate(code) == JPKI_E_NO_SERVICE || code == SCARD_F_COMM_ERROR;
}

static enum jpki_error pcsc_list(struct jpki_transport *transport, struct jpki_reader_list *list)
{
	struct pcsc *self = pcsc_of(transport);
	enum jpki_error error = JPKI_OK;

	memset(list, 0, sizeof(*list));
	pthread_mutex_lock(&self->lock);
	for (int attempt = 0; attempt < LIST_TRIES; attempt++) {
		LONG code;

		if (!self->has_list_context) {
			code = jpki_scard_establish(&self->list_context);
			self->has_list_context = code == SCARD_S_SUCCESS;
			error = error_of_context(code);
			if (error != JPKI_OK)
				break;
			self->epoch++;
		}
		code = look(self, list);
		error = translate(code);
		if (code == SCARD_S_SUCCESS)
			break;
		list->count = 0;
		if (is_context_dead(code)) {
			jpki_scard_release(self->list_context);
			self->has_list_context = false;
		}
	}
	for (size_t i = 0; i < list->count; i++)
		list->readers[i].epoch = self->epoch;
	pthread_mutex_unlock(&self->lock);
	/* A reader came and went between the two questions, again and again. */
	return error == JPKI_E_NO_READER ? JPKI_E_BUSY : error;
}

/* Block in a context of its own, so that list goes on working meanwhile. */
static enum jpki_error wait_in(struct pcsc *self, SCARDCONTEXT context,
			       const struct jpki_reader_list *known, uint32_t timeout_ms)
{
	SCARD_READERSTATE *states = self->wait_states;

	memset(self->wait_states, 0, sizeof(self->wait_states));
	for (size_t i = 0; i < known->count; i++) {
		states[i].szReader = known->readers[i].name;
		states[i].dwCurrentState =
			(DWORD)known->readers[i].events << 16 |
			(known->readers[i].card_present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY) |
			(known->readers[i].mute ? SCARD_STATE_MUTE : 0);
	}
	states[known->count].szReader = PNP_READER;
	if (atomic_load(&self->cancelled))
		return JPKI_E_CANCELLED;
	return translate(jpki_scard_wait(context, timeout_ms, states, (DWORD)known->count + 1));
}

static enum jpki_error pcsc_wait(struct jpki_transport *transport,
				 const struct jpki_reader_list *known, uint32_t timeout_ms)
{
	struct pcsc *self = pcsc_of(transport);
	SCARDCONTEXT context;
	enum jpki_error error;

	pthread_mutex_lock(&self->wait_lock);
	context = atomic_load(&self->wait_context);
	error = JPKI_OK;
	if (context == 0)
		error = translate(jpki_scard_establish(&context));
	if (error == JPKI_OK) {
		atomic_store(&self->wait_context, context);
		error = wait_in(self, context, known, timeout_ms);
	}
	if (error == JPKI_E_NO_SERVICE && atomic_exchange(&self->wait_context, 0) != 0)
		jpki_scard_release(context);
	pthread_mutex_unlock(&self->wait_lock);
	/* It was not our cancel that ended the wait. */
	if (error == JPKI_E_CANCELLED && !atomic_load(&self->cancelled))
		error = JPKI_E_LINK;
	/* If a reader leaves while it is watched, that is a change like any other. */
	return error == JPKI_E_NO_READER ? JPKI_OK : error;
}

static void pcsc_cancel(struct jpki_transport *transport)
{
	struct pcsc *self = pcsc_of(transport);
	SCARDCONTEXT context;

	atomic_store(&self->cancelled, true);
	context = atomic_load(&self->wait_context);
	if (context != 0)
		jpki_scard_cancel(context);
}

static void sleep_ms(long milliseconds)
{
	struct timespec time = {.tv_sec = milliseconds / 1000,
				.tv_nsec = milliseconds % 1000 * 1000000};

	while (nanosleep(&time, &time) != 0)
		;
}

/* Return the milliseconds since some fixed moment, including those of a machine that slept. */
static int64_t now_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ask which insertion the reader shows. */
static LONG count_insertions(const struct jpki_link *link, uint32_t *events, uint32_t *epoch)
{
	SCARD_READERSTATE state = {.szReader = link->reader_name};
	struct pcsc *transport = link->transport;
	LONG code = SCARD_E_NO_SERVICE;

	pthread_mutex_lock(&transport->lock);
	if (transport->has_list_context)
		code = jpki_scard_look(transport->list_context, &state, 1);
	*epoch = transport->epoch;
	pthread_mutex_unlock(&transport->lock);
	*events = (uint32_t)(state.dwEventState >> 16 & 0xffffU);
	if (code == SCARD_S_SUCCESS && (state.dwEventState & SCARD_STATE_PRESENT) == 0)
		code = SCARD_W_REMOVED_CARD;
	return code;
}

static LONG open_handle(struct jpki_link *link)
{
	LONG code;

	for (int attempt = 1;; attempt++) {
		code = jpki_scard_connect(link->context, link->reader_name, SCARD_SHARE_SHARED,
					  PROTOCOLS, &link->handle, &link->protocol);
		if (code != SCARD_E_SHARING_VIOLATION || attempt == CONNECT_TRIES)
			break;
		sleep_ms(CONNECT_WAIT_MS);
	}
	return code;
}

static enum jpki_error pcsc_connect(struct jpki_transport *transport, const char *reader_name,
				    struct jpki_link **link)
{
	struct jpki_link *self = calloc(1, sizeof(*self));
	LONG code;

	*link = NULL;
	if (self == NULL)
		return JPKI_E_MEMORY;
	self->transport = pcsc_of(transport);
	code = jpki_scard_establish(&self->context);
	if (code != SCARD_S_SUCCESS) {
		free(self);
		return outcome_of_context(code);
	}
	snprintf(self->reader_name, sizeof(self->reader_name), "%s", reader_name);
	code = open_handle(self);
	if (code != SCARD_S_SUCCESS) {
		jpki_scard_release(self->context);
		free(self);
		return outcome("connect", code);
	}
	self->is_counted = count_insertions(self, &self->events, &self->epoch) == SCARD_S_SUCCESS;
	*link = self;
	return JPKI_OK;
}

/*
 * Return whether another program keeps a transaction open. For SCardGetAttrib pcscd looks at this
 * first, and unlike SCardBeginTransaction and SCardReconnect it answers at once. The attribute is
 * the reader's name, which no card is asked for. Whatever else it answers, it answers it to
 * SCardBeginTransaction, too.
 */
static bool is_taken(const struct jpki_link *link)
{
	BYTE name[MAX_READERNAME];
	DWORD length = sizeof(name);

	return jpki_scard_attribute(link->handle, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, name,
				    &length) == SCARD_E_SHARING_VIOLATION;
}

/* Begin a transaction once no other program has one, and give up at that time. */
static LONG begin_in_turn(struct jpki_link *link, int64_t until_ms)
{
	while (is_taken(link)) {
		if (atomic_load(&link->transport->cancelled))
			return SCARD_E_CANCELLED;
		if (now_ms() >= until_ms) {
			jpki_log(JPKI_LOG_WARNING,
				 "pcsc: gave up after %u s: another program is using the card",
				 atomic_load(&link->transport->wait_s));
			return SCARD_E_SHARING_VIOLATION;
		}
		sleep_ms(TURN_POLL_MS);
	}
	return jpki_scard_begin(link->handle);
}

static void close_handle(struct jpki_link *link, DWORD disposition)
{
	if (!link->closed)
		outcome("disconnect", jpki_scard_disconnect(link->handle, disposition));
	link->closed = true;
}

static void pcsc_rest(struct jpki_link *link)
{
	if (link->rests)
		return;
	close_handle(link, SCARD_LEAVE_CARD);
	jpki_scard_release(link->context);
	link->rests = true;
}

/* Connect anew. What happened to the card meanwhile is unknown. */
static LONG reopen_handle(struct jpki_link *link)
{
	LONG code = open_handle(link);

	link->closed = code != SCARD_S_SUCCESS;
	link->reset = true;
	return code;
}

/* Make sure that the reader shows the same insertion as when the link was opened. */
static LONG check_insertion(const struct jpki_link *link)
{
	uint32_t events = 0;
	uint32_t epoch = 0;
	LONG code = SCARD_S_SUCCESS;

	if (link->is_counted)
		code = count_insertions(link, &events, &epoch);
	if (code == SCARD_S_SUCCESS && link->is_counted &&
	    (events != link->events || epoch != link->epoch))
		code = SCARD_W_REMOVED_CARD;
	return code;
}

/* Connect a link that rests. */
static enum jpki_error wake(struct jpki_link *link)
{
	bool had_been_reset = link->reset;
	LONG code = jpki_scard_establish(&link->context);

	if (code != SCARD_S_SUCCESS)
		return outcome_of_context(code);
	link->rests = false;
	code = reopen_handle(link);
	if (code == SCARD_S_SUCCESS)
		code = check_insertion(link);
	if (code == SCARD_S_SUCCESS && now_ms() - link->ended_ms < SAME_CARD_MS)
		link->reset = had_been_reset;
	if (code != SCARD_S_SUCCESS)
		pcsc_rest(link);
	return outcome("connect", code == SCARD_E_NO_SMARTCARD ? SCARD_W_REMOVED_CARD : code);
}

static enum jpki_error pcsc_begin(struct jpki_link *link, bool *was_reset)
{
	int64_t until_ms = now_ms() + 1000 * (int64_t)atomic_load(&link->transport->wait_s);
	enum jpki_error error = link->rests ? wake(link) : JPKI_OK;
	LONG code = SCARD_S_SUCCESS;

	*was_reset = link->reset;
	if (error != JPKI_OK)
		return error;
	if (link->closed)
		code = reopen_handle(link);
	for (int attempt = 0; code == SCARD_S_SUCCESS && attempt < RECONNECT_TRIES; attempt++) {
		code = begin_in_turn(link, until_ms);
		if (translate(code) != JPKI_E_RESET)
			break;
		/* SCardReconnect would not do: if the power was cut, pcscd gives it back to a new
		 * connection only. */
		close_handle(link, SCARD_LEAVE_CARD);
		code = reopen_handle(link);
		if (code == SCARD_S_SUCCESS && attempt == RECONNECT_TRIES - 1)
			code = SCARD_W_RESET_CARD;
	}
	/* The card of this link is gone, however pcscd words it. */
	if (translate(code) == JPKI_E_NO_CARD)
		code = SCARD_W_REMOVED_CARD;
	*was_reset = link->reset;
	if (code == SCARD_S_SUCCESS)
		link->reset = false;
	if (code == SCARD_E_CANCELLED && atomic_load(&link->transport->cancelled))
		return JPKI_E_CANCELLED;
	return outcome("begin transaction", code);
}

static enum jpki_error pcsc_transmit(struct jpki_link *link, const uint8_t *command,
				     size_t command_length, uint8_t *response,
				     size_t *response_length)
{
	uint8_t sent[JPKI_APDU_COMMAND_MAX + 1];
	DWORD received = (DWORD)*response_length;
	bool t0 = link->protocol == SCARD_PROTOCOL_T0;
	LONG code;

	*response_length = 0;
	if (command_length < 4 || command_length > JPKI_APDU_COMMAND_MAX)
		return JPKI_E_ARGUMENT;
	memcpy(sent, command, command_length);
	if (t0)
		command_length = jpki_apdu_fit_to_t0(sent, command_length);
	code = jpki_scard_transmit(link->handle, t0 ? SCARD_PCI_T0 : SCARD_PCI_T1, sent,
				   (DWORD)command_length, response, &received);
	explicit_bzero(sent, sizeof(sent));
	if (code == SCARD_S_SUCCESS)
		*response_length = received;
	return outcome("transmit", code);
}

static void pcsc_end(struct jpki_link *link)
{
	LONG code;

	if (link->closed)
		return;
	code = jpki_scard_end(link->handle, SCARD_LEAVE_CARD);
	link->ended_ms = now_ms();
	if (code == SCARD_S_SUCCESS)
		return;
	/* While a transaction is open, no other program reaches the card; it ends with the
	 * handle. */
	outcome("end transaction", code);
	close_handle(link, SCARD_LEAVE_CARD);
}

static void pcsc_power_off(struct jpki_link *link)
{
	/* This ends the transaction, too. */
	close_handle(link, SCARD_UNPOWER_CARD);
}

static void pcsc_disconnect(struct jpki_link *link)
{
	if (link == NULL)
		return;
	pcsc_rest(link);
	free(link);
}

static void pcsc_destroy(struct jpki_transport *transport)
{
	struct pcsc *self = pcsc_of(transport);

	if (self->has_list_context)
		jpki_scard_release(self->list_context);
	if (atomic_load(&self->wait_context) != 0)
		jpki_scard_release(atomic_load(&self->wait_context));
	pthread_mutex_destroy(&self->wait_lock);
	pthread_mutex_destroy(&self->lock);
	free(self);
}

static const struct jpki_transport_ops pcsc_ops = {
	.list = pcsc_list,
	.wait = pcsc_wait,
	.cancel = pcsc_cancel,
	.connect = pcsc_connect,
	.begin = pcsc_begin,
	.transmit = pcsc_transmit,
	.end = pcsc_end,
	.power_off = pcsc_power_off,
	.rest = pcsc_rest,
	.disconnect = pcsc_disconnect,
	.destroy = pcsc_destroy,
};

struct jpki_transport *jpki_pcsc_new(void)
{
	struct pcsc *self = calloc(1, sizeof(*self));

	if (self == NULL)
		return NULL;
	self->base.ops = &pcsc_ops;
	atomic_init(&self->wait_s, JPKI_PCSC_WAIT_S);
	pthread_mutex_init(&self->lock, NULL);
	pthread_mutex_init(&self->wait_lock, NULL);
	return &self->base;
}

void jpki_pcsc_limit_wait(struct jpki_transport *transport, unsigned int seconds)
{
	if (transport->ops == &pcsc_ops)
		atomic_store(&pcsc_of(transport)->wait_s, seconds);
}
