/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_pcsc.h"

#include <string.h>
#include <winscard.h>

#define CONTEXT 7
#define HANDLE  9

static struct fuzz_input *input;
static int contexts, handles;
static bool in_transaction;

void fake_pcsc_begin(struct fuzz_input *from)
{
	input = from;
}

void fake_pcsc_end(void)
{
	fuzz_check(contexts == 0 && handles == 0 && !in_transaction);
}

/* What a call comes to: well more often than not. */
static LONG code(void)
{
	/* Not a sharing violation, after which the caller waits. */
	static const LONG codes[] = {SCARD_E_NO_SERVICE,
				     SCARD_E_NO_READERS_AVAILABLE,
				     SCARD_W_REMOVED_CARD,
				     SCARD_W_RESET_CARD,
				     SCARD_W_UNRESPONSIVE_CARD,
				     SCARD_E_NO_SMARTCARD,
				     SCARD_E_UNKNOWN_READER,
				     SCARD_E_INVALID_HANDLE,
				     SCARD_E_TIMEOUT,
				     SCARD_E_INSUFFICIENT_BUFFER,
				     SCARD_F_COMM_ERROR,
				     SCARD_E_NO_MEMORY,
				     SCARD_W_SECURITY_VIOLATION,
				     SCARD_E_CANCELLED,
				     (LONG)0x80101234,
				     SCARD_E_PROTO_MISMATCH};
	uint8_t choice = fuzz_byte(input);

	return choice < 0xD0 ? SCARD_S_SUCCESS : codes[choice % (sizeof(codes) / sizeof(codes[0]))];
}

/* Bytes of the input, as far as there is room; the length that is told may be any. */
static void give(uint8_t *bytes, DWORD *length)
{
	uint8_t lie = fuzz_byte(input);
	size_t given = fuzz_byte(input);

	if (given > *length)
		given = *length;
	for (size_t i = 0; i < given; i++)
		bytes[i] = fuzz_byte(input);
	if (lie < 0xF0)
		*length = given;
	else
		*length = lie < 0xF8 ? fuzz_short(input) : (DWORD)-1 - fuzz_byte(input);
}

LONG SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2,
			   LPSCARDCONTEXT context)
{
	LONG result = code();

	(void)reserved1;
	(void)reserved2;
	fuzz_check(scope == SCARD_SCOPE_SYSTEM);
	if (result == SCARD_S_SUCCESS) {
		*context = CONTEXT;
		contexts++;
	}
	return result;
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	fuzz_check(context == CONTEXT && contexts > 0);
	contexts--;
	return code();
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD length)
{
	LONG result = code();

	fuzz_check(context == CONTEXT && groups == NULL);
	if (result == SCARD_S_SUCCESS)
		give((uint8_t *)readers, length);
	return result;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
			  DWORD count)
{
	(void)timeout;
	fuzz_check(context == CONTEXT);
	for (DWORD i = 0; i < count; i++) {
		fuzz_check(strlen(states[i].szReader) < 128);
		states[i].dwEventState = (DWORD)fuzz_short(input) << 16 | fuzz_short(input);
	}
	return code();
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
		  LPSCARDHANDLE handle, LPDWORD protocol)
{
	LONG result = code();

	fuzz_check(context == CONTEXT && reader[0] != '\0' && mode == SCARD_SHARE_SHARED);
	fuzz_check(protocols == (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1));
	if (result == SCARD_S_SUCCESS) {
		*handle = HANDLE;
		*protocol = fuzz_byte(input) % 4;
		handles++;
	}
	return result;
}

LONG SCardDisconnect(SCARDHANDLE handle, DWORD disposition)
{
	fuzz_check(handle == HANDLE && handles > 0);
	fuzz_check(disposition == SCARD_LEAVE_CARD || disposition == SCARD_UNPOWER_CARD);
	handles--;
	in_transaction = false;
	return code();
}

/* Takes nothing from the input, and never makes the caller wait. */
LONG SCardGetAttrib(SCARDHANDLE handle, DWORD attribute, LPBYTE value, LPDWORD length)
{
	(void)attribute;
	fuzz_check(handle == HANDLE && handles > 0 && !in_transaction);
	memset(value, 'n', *length);
	return SCARD_S_SUCCESS;
}

LONG SCardBeginTransaction(SCARDHANDLE handle)
{
	LONG result = code();

	fuzz_check(handle == HANDLE && handles > 0 && !in_transaction);
	in_transaction = result == SCARD_S_SUCCESS;
	return result;
}

LONG SCardEndTransaction(SCARDHANDLE handle, DWORD disposition)
{
	fuzz_check(handle == HANDLE && handles > 0 && disposition == SCARD_LEAVE_CARD);
	in_transaction = false;
	return code();
}

LONG SCardTransmit(SCARDHANDLE handle, const SCARD_IO_REQUEST *protocol, LPCBYTE command,
		   DWORD length, SCARD_IO_REQUEST *received, LPBYTE answer, LPDWORD answer_length)
{
	LONG result = code();

	(void)received;
	fuzz_check(handle == HANDLE && in_transaction && command != NULL);
	fuzz_check(length >= 4 && length <= 261 &&
		   (protocol == SCARD_PCI_T1 || (length >= 5 && protocol == SCARD_PCI_T0)));
	if (result == SCARD_S_SUCCESS)
		give(answer, answer_length);
	return result;
}

LONG SCardCancel(SCARDCONTEXT context)
{
	fuzz_check(context == CONTEXT);
	return code();
}
