/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pcsc_calls: declares the calls of libpcsclite that a test replaces at link time (--wrap). */
#ifndef UNIT_PCSC_CALLS_H
#define UNIT_PCSC_CALLS_H

#include <winscard.h>

LONG __wrap_SCardEstablishContext(DWORD scope, LPCVOID first, LPCVOID second,
				  LPSCARDCONTEXT context);
LONG __wrap_SCardReleaseContext(SCARDCONTEXT context);
LONG __wrap_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD length);
LONG __wrap_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
				 DWORD count);
LONG __wrap_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
			 LPSCARDHANDLE card, LPDWORD protocol);
LONG __wrap_SCardDisconnect(SCARDHANDLE card, DWORD disposition);
LONG __wrap_SCardBeginTransaction(SCARDHANDLE card);
LONG __wrap_SCardGetAttrib(SCARDHANDLE card, DWORD attribute, LPBYTE value, LPDWORD length);
LONG __wrap_SCardEndTransaction(SCARDHANDLE card, DWORD disposition);
LONG __wrap_SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *out, LPCBYTE command,
			  DWORD length, SCARD_IO_REQUEST *in, LPBYTE answer, LPDWORD received);
LONG __wrap_SCardCancel(SCARDCONTEXT context);

#endif
