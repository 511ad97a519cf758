/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card: the verbs that its JPKI application knows, over one transport link. All verbs but open
 * and close are used between begin and end. The card is told what to do here; whether and when
 * is decided above.
 */
#ifndef JPKI_CARD_CARD_H
#define JPKI_CARD_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "card/scheme.h"
#include "card/transport.h"

/* An open card; made by jpki_card_open, owned by the caller until jpki_card_close. */
struct jpki_card;

/* Files that need no PIN, under the JPKI application (measured on cards). */
#define JPKI_FILE_TOKEN_INFORMATION 0x0006 /* 160 bytes, beginning with the card's label */
#define JPKI_FILE_AVAILABILITY      0x0008 /* one byte per certificate: 00 when there is none */
#define JPKI_TOKEN_INFORMATION_SIZE 160
#define JPKI_AVAILABILITY_SIZE      3
/* Record 1 of the common application: 15 digits serial, 5 municipality, 8 expiry. */
#define JPKI_CARD_SERIAL_LENGTH 28

/* A certificate file longer than this is not believed; real ones have 1.2 to 2 KiB. */
#define JPKI_CERTIFICATE_MAX 8192
/* The longest signature in bytes (RSA-2048): what one short exchange can deliver. */
#define JPKI_SIGNATURE_MAX 256

/*
 * Opens a shared link to the card in the named reader. *card is NULL unless JPKI_OK; what
 * connect returns, JPKI_E_MEMORY. Nothing is sent to the card. transport must outlive the card.
 */
enum jpki_error jpki_card_open(struct jpki_transport *transport, const char *reader_name,
			       struct jpki_card **card);

/* Closes the link, leaves the card as it is, and frees. NULL is allowed. */
void jpki_card_close(struct jpki_card *card);

/*
 * Begins a transaction. *was_reset: the card was reset since the last one, perhaps exchanged by
 * a reader that did not notice. What begin of the transport returns.
 */
enum jpki_error jpki_card_begin(struct jpki_card *card, bool *was_reset);

/* Ends the transaction; after every begin that was JPKI_OK, whatever happened since. */
void jpki_card_end(struct jpki_card *card);

/*
 * Cuts the card's power, the last way to lock it. Inside a transaction, which it ends; only
 * jpki_card_close is left to do.
 */
void jpki_card_power_off(struct jpki_card *card);

/*
 * SELECT the JPKI application by its AID. JPKI_E_FOREIGN: the card has none; JPKI_E_PROTOCOL: its
 * answer tells nothing. Selecting it again keeps verified PINs; coming from another application
 * they are gone.
 */
enum jpki_error jpki_card_select_application(struct jpki_card *card);

/* SELECT an elementary file by its identifier. JPKI_E_NOT_FOUND. */
enum jpki_error jpki_card_select_file(struct jpki_card *card, uint16_t file);

/*
 * READ BINARY of the first bytes of the current file: up to *length (at most 256) bytes into
 * data, and *length is what came. JPKI_E_NOT_ALLOWED before the PIN, JPKI_E_END_OF_FILE when
 * the file is empty.
 */
enum jpki_error jpki_card_read(struct jpki_card *card, uint8_t *data, size_t *length);

/*
 * READ BINARY of the one DER SEQUENCE that the current file begins with, without the filler
 * behind it, appended to an empty buffer; the length comes from its header. JPKI_E_NOT_FOUND:
 * the file holds filler only; JPKI_E_BAD_DER: something else, or longer than
 * JPKI_CERTIFICATE_MAX, or the file ends before the structure does.
 */
enum jpki_error jpki_card_read_sequence(struct jpki_card *card, struct jpki_buffer *data);

/*
 * VERIFY without data: *tries is how often the PIN of the current file may still be wrong. Spends
 * none. A locked PIN is JPKI_OK with 0 tries.
 */
enum jpki_error jpki_card_read_tries(struct jpki_card *card, unsigned int *tries);

/*
 * VERIFY with data: presents length bytes to the PIN of the current file. Only after select_file
 * and read_tries in this transaction, else JPKI_E_INTERNAL and nothing is sent. *tries is what
 * is left after JPKI_E_PIN_INCORRECT and JPKI_E_PIN_LOCKED, and not written otherwise. After
 * JPKI_E_REMOVED, JPKI_E_RESET, JPKI_E_MUTE, JPKI_E_LINK and JPKI_E_PROTOCOL the outcome is
 * unknown. Sent once, never repeated.
 */
enum jpki_error jpki_card_verify(struct jpki_card *card, const uint8_t *pin, size_t length,
				 unsigned int *tries);

/*
 * CHANGE REFERENCE DATA of the current file's PIN to length bytes; only right after a successful
 * verify, else JPKI_E_INTERNAL and nothing is sent. JPKI_E_NOT_ALLOWED: the card has not accepted
 * the old PIN after all. After every other error it is not known whether the old PIN holds or the
 * new one: JPKI_E_UNSUPPORTED when the card says no, so that it is probably the old one,
 * JPKI_E_PIN_UNCERTAIN when its answer says neither yes nor no, and else what broke the link. Sent
 * once.
 */
enum jpki_error jpki_card_change(struct jpki_card *card, const uint8_t *pin, size_t length);

/*
 * COMPUTE DIGITAL SIGNATURE over length bytes with the key in a file of the application. The
 * command names the file by its short identifier (measured on cards); where the card does not sign
 * so, the file is selected and the command sent again. *signature_length is the room at signature
 * before and the length after. JPKI_E_NOT_ALLOWED before the PIN, JPKI_E_UNSUPPORTED: the card does
 * not sign in this way; JPKI_E_PROTOCOL: no status word came, or too many bytes.
 */
enum jpki_error jpki_card_sign(struct jpki_card *card, uint16_t key_file,
			       const struct jpki_scheme *scheme, const uint8_t *data, size_t length,
			       uint8_t *signature, size_t *signature_length);

/*
 * Whether the card knows a scheme, asked in a way that it can't sign by: with the key of the
 * current file selected. *known is false only when the card says so.
 */
enum jpki_error jpki_card_knows_scheme(struct jpki_card *card, const struct jpki_scheme *scheme,
				       bool *known);

/* GET CHALLENGE: fills length bytes with the card's random numbers, whatever is selected. */
enum jpki_error jpki_card_challenge(struct jpki_card *card, uint8_t *data, size_t length);

/*
 * Selects the common application and reads the card's serial from it: 28 digits, not terminated.
 * The JPKI application is left, and its PINs with it. JPKI_E_NOT_FOUND when the card has no
 * such application or record.
 */
enum jpki_error jpki_card_read_serial(struct jpki_card *card, char serial[JPKI_CARD_SERIAL_LENGTH]);

/*
 * Leaves the JPKI application for another one, so that no PIN stays verified for other programs.
 * An error means that the card may still be unlocked: jpki_card_power_off helps then.
 */
enum jpki_error jpki_card_leave(struct jpki_card *card);

#endif
