/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_winscard.h"

#include <reader.h>
#include <string.h>
#include <winscard.h>

#include "inject.h"

/* They are called under the names of others, in the copy of the shipped objects. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define CONTEXTS_MAX 16
#define HANDLES_MAX  16

struct handle {
	SCARDCONTEXT context;
	struct jpki_link *link;
	bool in_transaction;
	bool was_reset; /* nothing can be done with it any more */
};

static struct {
	struct vcard_transport *readers;
	struct jpki_transport *transport;
	bool contexts[CONTEXTS_MAX];
	struct handle handles[HANDLES_MAX];
	bool (*happens)(void);
	const char *names;
	size_t names_length;
	const unsigned char *answer;
	size_t answer_length;
	bool lies;
	unsigned int calls;
	unsigned int begun;
} fake;

static const struct {
	enum jpki_error error;
	LONG code;
} codes[] = {
	{JPKI_OK, SCARD_S_SUCCESS},
	{JPKI_E_NO_SERVICE, SCARD_E_NO_SERVICE},
	{JPKI_E_NO_READER, SCARD_E_UNKNOWN_READER},
	{JPKI_E_NO_CARD, SCARD_E_NO_SMARTCARD},
	{JPKI_E_REMOVED, SCARD_W_REMOVED_CARD},
	{JPKI_E_RESET, SCARD_W_RESET_CARD},
	{JPKI_E_MUTE, SCARD_W_UNRESPONSIVE_CARD},
};

static LONG code_of(enum jpki_error error)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].error == error)
			return codes[i].code;
	}
	return SCARD_F_COMM_ERROR;
}

void fake_winscard_use(struct vcard_transport *readers)
{
	memset(&fake, 0, sizeof(fake));
	fake.readers = readers;
	fake.transport = readers != NULL ? vcard_transport_base(readers) : NULL;
}

void fake_winscard_while_waiting(bool (*happens)(void))
{
	fake.happens = happens;
}

void fake_winscard_names(const char *names, size_t length)
{
	fake.names = names;
	fake.names_length = length;
}

void fake_winscard_answer(const unsigned char *answer, size_t length, bool lies)
{
	fake.lies = lies;
	fake.answer = answer;
	fake.answer_length = length;
}

unsigned int fake_winscard_calls(void)
{
	return fake.calls;
}

unsigned int fake_winscard_begun(void)
{
	return fake.begun;
}

/* Whether this call is to fail, or can't be answered; *code says how. */
static bool refused(const char *name, LONG *code)
{
	fake.calls++;
	*code = SCARD_S_SUCCESS;
	if (inject_fails(INJECT_PCSC, name))
		*code = (LONG)inject_code();
	else if (fake.transport == NULL)
		*code = SCARD_E_NO_SERVICE;
	return *code != SCARD_S_SUCCESS;
}

static struct handle *handle_of(SCARDHANDLE number)
{
	if (number <= 0 || number > HANDLES_MAX || fake.handles[number - 1].link == NULL)
		return NULL;
	return &fake.handles[number - 1];
}

static void close_handle(struct handle *handle, bool power_off)
{
	const struct jpki_transport_ops *ops = fake.transport->ops;

	if (power_off && handle->in_transaction)
		ops->power_off(handle->link);
	ops->disconnect(handle->link);
	*handle = (struct handle){0};
}

LONG inject_SCardEstablishContext(DWORD scope, LPCVOID first, LPCVOID second,
				  LPSCARDCONTEXT context)
{
	LONG code;

	(void)scope;
	(void)first;
	(void)second;
	if (refused("SCardEstablishContext", &code))
		return code;
	for (LONG i = 0; i < CONTEXTS_MAX; i++) {
		if (!fake.contexts[i]) {
			fake.contexts[i] = true;
			*context = i + 1;
			inject_took(INJECT_CONTEXTS, &fake);
			return SCARD_S_SUCCESS;
		}
	}
	return SCARD_E_NO_MEMORY;
}

/* Takes what was opened in the context with it, also when it is made to fail: there is nothing
 * else that a caller could do. */
LONG inject_SCardReleaseContext(SCARDCONTEXT context)
{
	LONG code;

	refused("SCardReleaseContext", &code);
	if (context <= 0 || context > CONTEXTS_MAX || !fake.contexts[context - 1])
		return SCARD_E_INVALID_HANDLE;
	for (int i = 0; i < HANDLES_MAX; i++) {
		if (fake.handles[i].link != NULL && fake.handles[i].context == context)
			close_handle(&fake.handles[i], false);
	}
	fake.contexts[context - 1] = false;
	inject_gave(INJECT_CONTEXTS, &fake);
	return code;
}

LONG inject_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD length)
{
	struct jpki_reader_list list;
	DWORD used = 0;
	LONG code;

	(void)context;
	(void)groups;
	if (refused("SCardListReaders", &code))
		return code;
	if (fake.names != NULL) {
		used = (DWORD)fake.names_length;
		if (used <= *length)
			memcpy(names, fake.names, used);
		code = used <= *length ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
		*length = used;
		return code;
	}
	code = code_of(fake.transport->ops->list(fake.transport, &list));
	if (code != SCARD_S_SUCCESS)
		return code;
	if (list.count == 0)
		return SCARD_E_NO_READERS_AVAILABLE;
	for (size_t i = 0; i < list.count; i++) {
		size_t size = strlen(list.readers[i].name) + 1;

		if (used + size + 1 > *length)
			return SCARD_E_INSUFFICIENT_BUFFER;
		memcpy(names + used, list.readers[i].name, size);
		used += size;
	}
	names[used++] = '\0';
	*length = used;
	return SCARD_S_SUCCESS;
}

/* Fills in what is; how many of them differ from what was thought. */
static unsigned int compare_states(SCARD_READERSTATE *states, DWORD count)
{
	struct jpki_reader_list list;
	unsigned int changed = 0;

	fake.transport->ops->list(fake.transport, &list);
	for (DWORD i = 0; i < count; i++) {
		DWORD state = SCARD_STATE_UNKNOWN;

		if (strncmp(states[i].szReader, "\\\\?PnP?", 7) == 0)
			continue;
		for (size_t j = 0; j < list.count; j++) {
			if (strcmp(list.readers[j].name, states[i].szReader) == 0)
				state = (DWORD)list.readers[j].events << 16 |
					(list.readers[j].card_present ? SCARD_STATE_PRESENT
								      : SCARD_STATE_EMPTY);
		}
		if (state != states[i].dwCurrentState)
			changed++;
		states[i].dwEventState =
			state | (state != states[i].dwCurrentState ? SCARD_STATE_CHANGED : 0);
	}
	return changed;
}

LONG inject_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
				 DWORD count)
{
	LONG code;

	(void)context;
	if (refused("SCardGetStatusChange", &code))
		return code;
	if (compare_states(states, count) > 0)
		return SCARD_S_SUCCESS;
	if (timeout != 0 && fake.happens != NULL) {
		bool woken = fake.happens();

		if (compare_states(states, count) > 0 || woken)
			return SCARD_S_SUCCESS;
	}
	inject_sleep((long)timeout);
	return SCARD_E_TIMEOUT;
}

LONG inject_SCardCancel(SCARDCONTEXT context)
{
	LONG code;

	(void)context;
	refused("SCardCancel", &code);
	return code;
}

LONG inject_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD sharing, DWORD protocols,
			 LPSCARDHANDLE number, LPDWORD protocol)
{
	LONG code;

	(void)sharing;
	if (refused("SCardConnect", &code))
		return code;
	for (LONG i = 0; i < HANDLES_MAX; i++) {
		struct handle *handle = &fake.handles[i];

		if (handle->link != NULL)
			continue;
		code = code_of(fake.transport->ops->connect(fake.transport, reader, &handle->link));
		if (code != SCARD_S_SUCCESS)
			return code;
		handle->context = context;
		*number = i + 1;
		*protocol = protocols & SCARD_PROTOCOL_T1;
		return SCARD_S_SUCCESS;
	}
	return SCARD_E_NO_MEMORY;
}

LONG inject_SCardDisconnect(SCARDHANDLE number, DWORD disposition)
{
	struct handle *handle = handle_of(number);
	LONG code;

	if (refused("SCardDisconnect", &code))
		return code;
	if (handle == NULL)
		return SCARD_E_INVALID_HANDLE;
	close_handle(handle, disposition == SCARD_UNPOWER_CARD);
	return SCARD_S_SUCCESS;
}

/* The name of the reader. The one program of the test never keeps itself from the card. */
LONG inject_SCardGetAttrib(SCARDHANDLE number, DWORD attribute, LPBYTE value, LPDWORD length)
{
	static const char name[] = "a reader";
	LONG code;

	if (refused("SCardGetAttrib", &code))
		return code;
	if (handle_of(number) == NULL)
		return SCARD_E_INVALID_HANDLE;
	if (attribute != SCARD_ATTR_DEVICE_FRIENDLY_NAME_A || *length < sizeof(name))
		return SCARD_E_UNSUPPORTED_FEATURE;
	memcpy(value, name, sizeof(name));
	*length = sizeof(name);
	return SCARD_S_SUCCESS;
}

LONG inject_SCardBeginTransaction(SCARDHANDLE number)
{
	struct handle *handle = handle_of(number);
	bool was_reset = false;
	LONG code;

	if (refused("SCardBeginTransaction", &code))
		return code;
	if (handle == NULL)
		return SCARD_E_INVALID_HANDLE;
	if (handle->was_reset)
		return SCARD_W_RESET_CARD;
	/* A transaction within one is allowed. */
	if (handle->in_transaction)
		return SCARD_S_SUCCESS;
	code = code_of(fake.transport->ops->begin(handle->link, &was_reset));
	if (code == SCARD_S_SUCCESS && was_reset) {
		fake.transport->ops->end(handle->link);
		handle->was_reset = true;
		return SCARD_W_RESET_CARD;
	}
	handle->in_transaction = code == SCARD_S_SUCCESS;
	fake.begun += handle->in_transaction ? 1 : 0;
	return code;
}

LONG inject_SCardEndTransaction(SCARDHANDLE number, DWORD disposition)
{
	struct handle *handle = handle_of(number);
	LONG code;

	(void)disposition;
	if (refused("SCardEndTransaction", &code))
		return code;
	if (handle == NULL)
		return SCARD_E_INVALID_HANDLE;
	if (!handle->in_transaction)
		return SCARD_E_NOT_TRANSACTED;
	fake.transport->ops->end(handle->link);
	handle->in_transaction = false;
	return SCARD_S_SUCCESS;
}

LONG inject_SCardTransmit(SCARDHANDLE number, const SCARD_IO_REQUEST *send_pci,
			  const unsigned char *command, DWORD command_length,
			  SCARD_IO_REQUEST *receive_pci, unsigned char *answer,
			  DWORD *answer_length)
{
	struct handle *handle = handle_of(number);
	size_t length = *answer_length;
	LONG code;

	(void)send_pci;
	(void)receive_pci;
	if (refused("SCardTransmit", &code))
		return code;
	if (handle == NULL)
		return SCARD_E_INVALID_HANDLE;
	if (fake.answer != NULL) {
		bool fits = fake.answer_length <= *answer_length;

		code = fits || fake.lies ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
		memcpy(answer, fake.answer, fits ? fake.answer_length : 0);
		/* As pcsc-lite has it: what would have been needed. */
		*answer_length = (DWORD)fake.answer_length;
		return code;
	}
	code = code_of(fake.transport->ops->transmit(handle->link, command, command_length, answer,
						     &length));
	*answer_length = (DWORD)length;
	return code;
}
