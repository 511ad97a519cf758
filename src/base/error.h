/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one error type of everything below the PKCS#11 layer.
 *
 * A status word becomes one of these in src/card/status_word.c, a PC/SC code in src/card/pcsc.c,
 * and one of these becomes a CK_RV in src/pkcs11/rv.c: one table at each boundary.
 */
#ifndef JPKI_BASE_ERROR_H
#define JPKI_BASE_ERROR_H

#include <stdbool.h>

enum jpki_error {
	JPKI_OK = 0,

	/* this machine */
	JPKI_E_MEMORY,   /* an allocation failed */
	JPKI_E_INTERNAL, /* a promise between two of our own layers was broken */
	JPKI_E_ARGUMENT, /* the caller's value is out of its range */
	JPKI_E_RANGE,    /* does not fit the buffer that was given */
	JPKI_E_CRYPTO,   /* the cryptographic library failed */

	/* the way to the card */
	JPKI_E_NO_SERVICE, /* pcscd does not run, or went away */
	JPKI_E_NO_ACCESS,  /* pcscd or polkit refuses this user */
	JPKI_E_NO_READER,  /* the reader is not there, or went away */
	JPKI_E_NO_CARD,    /* the reader is empty */
	JPKI_E_REMOVED,    /* the card left during the operation, or was exchanged */
	JPKI_E_RESET,      /* another program reset the card during the operation */
	JPKI_E_MUTE,       /* a card is there and does not answer */
	JPKI_E_BUSY,       /* another program holds the card for itself */
	JPKI_E_LINK,       /* the exchange failed: nothing is known of its outcome */
	JPKI_E_CANCELLED,  /* a wait was ended by jpki_transport_ops.cancel */
	JPKI_E_TIMEOUT,    /* a wait ended without an event */

	/* the card's answers */
	JPKI_E_FOREIGN,       /* no JPKI application, or of a generation that is not known */
	JPKI_E_NO_TOKEN,      /* the card is there, and has no such PIN and key */
	JPKI_E_PROTOCOL,      /* an answer that the card's rules do not allow */
	JPKI_E_UNSUPPORTED,   /* the card does not offer the function */
	JPKI_E_NOT_FOUND,     /* no such application, file or record; an empty certificate file */
	JPKI_E_END_OF_FILE,   /* the offset is at or past the end of the file */
	JPKI_E_NOT_ALLOWED,   /* the security status does not allow it: a PIN is wanted first */
	JPKI_E_BAD_DER,       /* not the DER structure that was expected */
	JPKI_E_BAD_SIGNATURE, /* a signature that does not fit the certificate's key */

	/* PINs */
	JPKI_E_PIN_LENGTH,     /* impossible length: not sent */
	JPKI_E_PIN_ALPHABET,   /* impossible characters: not sent */
	JPKI_E_PIN_REPEATED,   /* refused by this card before: not sent again */
	JPKI_E_PIN_INCORRECT,  /* sent, and refused by the card */
	JPKI_E_PIN_FINAL_TRY,  /* one try is left, and it is not ours to spend: not sent */
	JPKI_E_PIN_LOCKED,     /* no try is left */
	JPKI_E_PIN_NOT_SET,    /* the card has a place for the PIN and none in it: not sent */
	JPKI_E_PIN_UNCERTAIN,  /* a change went out: the old one may hold, or the new one */
	JPKI_E_LOGIN_REQUIRED, /* nobody is logged in, or the login ended */
	JPKI_E_ALREADY_LOGGED_IN,

	JPKI_E_COUNT
};

/*
 * The name of an error for the log, without spaces, such as "pin-incorrect".
 * Returns a static string for any value, also one that is not of the enumeration.
 */
const char *jpki_error_name(enum jpki_error error);

/* Whether an error says that the way to the card broke, so that the outcome is not known. */
bool jpki_error_broke_link(enum jpki_error error);

/*
 * Whether an error is this machine's own, memory that is short for instance: it says nothing of the
 * card, of which nothing may be concluded from it.
 */
bool jpki_error_is_local(enum jpki_error error);

#endif
