/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* service: answers for libpcsclite as the test has set it. */
#include "service.h"

#include "pcsc_calls.h"
#include "unit.h"

#include <string.h>

struct service service;

/* Return a code once. */
static LONG once(LONG *code)
{
	LONG now = *code;

	*code = SCARD_S_SUCCESS;
	return now;
}

LONG __wrap_SCardEstablishContext(DWORD scope, LPCVOID first, LPCVOID second,
				  LPSCARDCONTEXT context)
{
	(void)scope, (void)first, (void)second;
	*context = 1;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	return SCARD_S_SUCCESS;
}

/* Writes no more than there is room for, and says what it likes. */
LONG __wrap_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD length)
{
	DWORD room = *length < sizeof(service.names) ? *length : sizeof(service.names);

	(void)context, (void)groups;
	memcpy(readers, service.names, room);
	*length = service.names_length;
	return once(&service.list_code);
}

/* A card with an ATR that is longer than any may be. */
LONG __wrap_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
				 DWORD count)
{
	(void)context, (void)timeout;
	service.looks++;
	for (DWORD i = 0; i < count; i++) {
		assert_true(strnlen(states[i].szReader, JPKI_READER_NAME_MAX) <
			    JPKI_READER_NAME_MAX);
		states[i].dwEventState = SCARD_STATE_PRESENT;
		memset(states[i].rgbAtr, 0xFF, sizeof(states[i].rgbAtr));
		states[i].cbAtr = ~(DWORD)0;
	}
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
			 LPSCARDHANDLE card, LPDWORD protocol)
{
	(void)context, (void)reader, (void)mode, (void)protocols;
	*card = 1;
	*protocol = service.protocol != 0 ? service.protocol : SCARD_PROTOCOL_T1;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardDisconnect(SCARDHANDLE card, DWORD disposition)
{
	(void)card, (void)disposition;
	service.disconnected++;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardGetAttrib(SCARDHANDLE card, DWORD attribute, LPBYTE value, LPDWORD length)
{
	(void)card, (void)attribute, (void)value, (void)length;
	if (service.cancels != NULL)
		service.cancels->ops->cancel(service.cancels);
	if (service.taken == 0)
		return SCARD_E_UNSUPPORTED_FEATURE;
	service.taken--;
	return SCARD_E_SHARING_VIOLATION;
}

LONG __wrap_SCardBeginTransaction(SCARDHANDLE card)
{
	(void)card;
	service.begun++;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardEndTransaction(SCARDHANDLE card, DWORD disposition)
{
	(void)card, (void)disposition;
	return once(&service.end_code);
}

LONG __wrap_SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *out, LPCBYTE command,
			  DWORD length, SCARD_IO_REQUEST *in, LPBYTE answer, LPDWORD received)
{
	(void)card, (void)out, (void)in;
	assert_true(length <= sizeof(service.sent));
	memcpy(service.sent, command, length);
	service.sent_length = length;
	memcpy(answer, service.answer, *received);
	*received = service.received;
	return once(&service.transmit_code);
}
