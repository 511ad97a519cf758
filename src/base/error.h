/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error: defines the one error type of everything below the PKCS#11 layer.
 *
 * There is one table at each boundary: src/card/status_word.c turns a status word into an error,
 * src/card/pcsc.c a PC/SC code, and src/pkcs11/rv.c turns an error into a CK_RV.
 */
#ifndef JPKI_BASE_ERROR_H
#define JPKI_BASE_ERROR_H

#include <stdbool.h>

enum jpki_error {
	JPKI_OK = 0,

	/* this machine */
	JPKI_E_MEMORY,   /* an allocation failed */
	JPKI_E_INTERNAL, /* one of our own layers broke its contract */
	JPKI_E_ARGUMENT, /* the caller's value is out of its range */
	JPKI_E_RANGE,    /* the result does not fit the buffer */
	JPKI_E_CRYPTO,   /* the cryptographic library failed */

	/* the link to the card */
	JPKI_E_NO_SERVICE,      /* pcscd is not running, or has stopped */
	JPKI_E_SERVICE_VERSION, /* pcscd and libpcsclite do not understand each other */
	JPKI_E_NO_ACCESS,       /* pcscd or polkit refuses this user */
	JPKI_E_NO_READER,       /* the reader is missing, or was unplugged */
	JPKI_E_NO_CARD,         /* the reader is empty */
	JPKI_E_REMOVED,         /* the card was removed or replaced during the operation */
	JPKI_E_RESET,           /* another program reset the card during the operation */
	JPKI_E_MUTE,            /* a card is present but does not answer */
	JPKI_E_BUSY,            /* another program has exclusive use of the card */
	JPKI_E_LINK,            /* the exchange failed, and its outcome is unknown */
	JPKI_E_CANCELLED,       /* jpki_transport_ops.cancel ended a wait */
	JPKI_E_TIMEOUT,         /* a wait ended without an event */

	/* the card's answers */
	JPKI_E_FOREIGN,       /* no JPKI application, or one of an unknown generation */
	JPKI_E_NO_TOKEN,      /* the card is present but has no such PIN and key */
	JPKI_E_PROTOCOL,      /* an answer that breaks the card's rules */
	JPKI_E_UNSUPPORTED,   /* the card does not offer the function */
	JPKI_E_NOT_FOUND,     /* no such application, file or record; an empty certificate file */
	JPKI_E_END_OF_FILE,   /* the offset is at or past the end of the file */
	JPKI_E_NOT_ALLOWED,   /* the security status does not allow it: a PIN is required first */
	JPKI_E_BAD_DER,       /* not the DER structure that was expected */
	JPKI_E_BAD_SIGNATURE, /* the signature is invalid under the certificate's key */

	/* PINs */
	JPKI_E_PIN_LENGTH,     /* invalid length: not sent */
	JPKI_E_PIN_ALPHABET,   /* invalid characters: not sent */
	JPKI_E_PIN_REPEATED,   /* this card has refused it before: not sent again */
	JPKI_E_PIN_INCORRECT,  /* sent, and refused by the card */
	JPKI_E_PIN_FINAL_TRY,  /* too few tries are left to risk one: not sent */
	JPKI_E_PIN_LOCKED,     /* no try is left */
	JPKI_E_PIN_NOT_SET,    /* no PIN was ever set on the card: not sent */
	JPKI_E_PIN_UNCERTAIN,  /* a change was sent: the old PIN or the new one is valid */
	JPKI_E_LOGIN_REQUIRED, /* nobody is logged in, or the login ended */
	JPKI_E_ALREADY_LOGGED_IN,

	JPKI_E_COUNT
};

/*
 * Return the name of an error for the log, without spaces, such as "pin-incorrect". The string is
 * static. Any value is allowed, even one outside the enumeration.
 */
const char *jpki_error_name(enum jpki_error error);

/* True if the error means that the link to the card broke, so that the outcome is unknown. */
bool jpki_error_broke_link(enum jpki_error error);

/*
 * True if the error is this machine's own, such as lack of memory: it says nothing about the card.
 */
bool jpki_error_is_local(enum jpki_error error);

#endif
