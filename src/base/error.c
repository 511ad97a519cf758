/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* error: names errors for the log, and tells their kinds apart. */
#include "base/error.h"

#include <stddef.h>

static const char *const names[JPKI_E_COUNT] = {
	[JPKI_OK] = "ok",
	[JPKI_E_MEMORY] = "memory",
	[JPKI_E_INTERNAL] = "internal",
	[JPKI_E_ARGUMENT] = "argument",
	[JPKI_E_RANGE] = "range",
	[JPKI_E_CRYPTO] = "crypto",
	[JPKI_E_NO_SERVICE] = "no-service",
	[JPKI_E_SERVICE_VERSION] = "service-version",
	[JPKI_E_NO_ACCESS] = "no-access",
	[JPKI_E_NO_READER] = "no-reader",
	[JPKI_E_NO_CARD] = "no-card",
	[JPKI_E_REMOVED] = "removed",
	[JPKI_E_RESET] = "reset",
	[JPKI_E_MUTE] = "mute",
	[JPKI_E_BUSY] = "busy",
	[JPKI_E_LINK] = "link",
	[JPKI_E_CANCELLED] = "cancelled",
	[JPKI_E_TIMEOUT] = "timeout",
	[JPKI_E_FOREIGN] = "foreign",
	[JPKI_E_NO_TOKEN] = "no-token",
	[JPKI_E_PROTOCOL] = "protocol",
	[JPKI_E_UNSUPPORTED] = "unsupported",
	[JPKI_E_NOT_FOUND] = "not-found",
	[JPKI_E_END_OF_FILE] = "end-of-file",
	[JPKI_E_NOT_ALLOWED] = "not-allowed",
	[JPKI_E_BAD_DER] = "bad-der",
	[JPKI_E_BAD_SIGNATURE] = "bad-signature",
	[JPKI_E_PIN_LENGTH] = "pin-length",
	[JPKI_E_PIN_ALPHABET] = "pin-alphabet",
	[JPKI_E_PIN_REPEATED] = "pin-repeated",
	[JPKI_E_PIN_INCORRECT] = "pin-incorrect",
	[JPKI_E_PIN_FINAL_TRY] = "pin-final-try",
	[JPKI_E_PIN_LOCKED] = "pin-locked",
	[JPKI_E_PIN_NOT_SET] = "pin-not-set",
	[JPKI_E_PIN_UNCERTAIN] = "pin-uncertain",
	[JPKI_E_LOGIN_REQUIRED] = "login-required",
	[JPKI_E_ALREADY_LOGGED_IN] = "already-logged-in",
};

const char *jpki_error_name(enum jpki_error error)
{
	size_t index = (size_t)error;

	return index < JPKI_E_COUNT && names[index] != NULL ? names[index] : "unknown";
}

bool jpki_error_broke_link(enum jpki_error error)
{
	return error == JPKI_E_REMOVED || error == JPKI_E_RESET || error == JPKI_E_MUTE ||
	       error == JPKI_E_LINK || error == JPKI_E_NO_SERVICE ||
	       error == JPKI_E_SERVICE_VERSION || error == JPKI_E_NO_READER ||
	       error == JPKI_E_NO_CARD;
}

bool jpki_error_is_local(enum jpki_error error)
{
	return error == JPKI_E_MEMORY || error == JPKI_E_INTERNAL || error == JPKI_E_CRYPTO;
}
