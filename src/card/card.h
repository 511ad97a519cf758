/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card: offers the verbs of a card's JPKI application over one transport link. All verbs except
 * open and close are used between begin and end. This layer tells the card what to do; the layers
 * above decide whether and when.
 */
#ifndef JPKI_CARD_CARD_H
#define JPKI_CARD_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "card/scheme.h"
#include "card/selected.h"
#include "card/transport.h"

/* An open card. jpki_card_open makes it; the caller owns it until jpki_card_close. */
struct jpki_card;

/* Files of the JPKI application that need no PIN (measured on cards). */
#define JPKI_FILE_TOKEN_INFORMATION 0x0006 /* 160 bytes, beginning with the card's label */
#define JPKI_FILE_AVAILABILITY      0x0008 /* one byte per certificate: 00 if there is none */
#define JPKI_TOKEN_INFORMATION_SIZE 160
#define JPKI_AVAILABILITY_SIZE      3
/* Record 1 of the common application: 15 digits of serial, 5 of municipality, 8 of expiry date. */
#define JPKI_CARD_SERIAL_LENGTH 28
/* The part of it that services know as the number of the card. */
#define JPKI_CARD_NUMBER_LENGTH 13

/* Files of the text application (券面事項入力補助). EF 0001, which holds the My Number itself, is
 * none of ours: nothing here selects it. */
#define JPKI_FILE_ATTRIBUTES 0x0002 /* name, address, birth date and sex; behind a PIN */
/* A file of attributes longer than this is not believed; real ones have some hundred bytes. */
#define JPKI_ATTRIBUTES_FILE_MAX 4096

/* A certificate file longer than this is not believed; real ones have 1.2 to 2 KiB. */
#define JPKI_CERTIFICATE_MAX 8192
/* The longest signature in bytes (RSA-2048): what one short exchange can deliver. */
#define JPKI_SIGNATURE_MAX 256

/*
 * Open a shared link to the card in the named reader. Nothing is sent to the card. transport must
 * outlive the card. *card is NULL unless JPKI_OK. JPKI_E_MEMORY, and what connect returns.
 */
enum jpki_error jpki_card_open(struct jpki_transport *transport, const char *reader_name,
			       struct jpki_card **card);

/* Close the link, leave the card as it is, and free. NULL is allowed. */
void jpki_card_close(struct jpki_card *card);

/*
 * Begin a transaction. *was_reset: the card was reset since the last one, and may have been
 * replaced by another in a reader that did not notice. Returns what the transport's begin returns.
 */
enum jpki_error jpki_card_begin(struct jpki_card *card, bool *was_reset);

/* End the transaction. Call it after every begin that returned JPKI_OK, whatever happened since. */
void jpki_card_end(struct jpki_card *card);

/*
 * Let go of the card between two transactions. What was found out about it is kept; the next begin
 * connects again.
 */
void jpki_card_rest(struct jpki_card *card);

/*
 * Cut the card's power, the last way to lock it. Call it inside a transaction, which it ends;
 * afterwards only jpki_card_close is allowed.
 */
void jpki_card_power_off(struct jpki_card *card);

/*
 * SELECT the JPKI application by its AID. Selecting it again keeps verified PINs; selecting it
 * after another application does not. JPKI_E_FOREIGN: the card has none; JPKI_E_PROTOCOL: its
 * answer tells nothing.
 */
enum jpki_error jpki_card_select_application(struct jpki_card *card);

/*
 * SELECT the text application, which has the four attributes of the holder and a PIN of its own.
 * This leaves every other application, so their PINs are no longer verified. JPKI_E_NOT_FOUND: the
 * card has none, as phones and older cards.
 */
enum jpki_error jpki_card_select_text_application(struct jpki_card *card);

/*
 * Return which application is selected. Files of several applications have the same identifiers,
 * and several of those hold PINs, so that whoever presents a PIN asks this before.
 */
enum jpki_card_application jpki_card_selected(const struct jpki_card *card);

/* SELECT an elementary file by its identifier. JPKI_E_NOT_FOUND. */
enum jpki_error jpki_card_select_file(struct jpki_card *card, uint16_t file);

/*
 * Choose a file of the JPKI application for the reading that follows, as another way than SELECT.
 * Nothing is sent: the first READ BINARY names the file by its short identifier (measured on
 * cards); if the card does not read that way, the file is selected and read again. So an error of
 * the selection may come from the reading. JPKI_E_INTERNAL: another application is selected, and
 * nothing is read.
 */
enum jpki_error jpki_card_choose_file(struct jpki_card *card, uint16_t file);

/*
 * READ BINARY of the first bytes of the current file: at most *length (at most 256) bytes into
 * data; *length is then the number received. JPKI_E_NOT_ALLOWED before the PIN, JPKI_E_END_OF_FILE
 * if the file is empty.
 */
enum jpki_error jpki_card_read(struct jpki_card *card, uint8_t *data, size_t *length);

/*
 * READ BINARY of the one DER SEQUENCE at the start of the current file, without the filler behind
 * it, and append it to data, an empty buffer. Its header says how long it is. JPKI_E_NOT_FOUND: the
 * file holds only filler; JPKI_E_BAD_DER: it holds something else, the structure is longer than
 * JPKI_CERTIFICATE_MAX, or the file ends before the structure does.
 */
enum jpki_error jpki_card_read_sequence(struct jpki_card *card, struct jpki_buffer *data);

/*
 * The same, but stop early if the file still seems to hold what it once did: its header, its length
 * and its first and last 256 bytes are those of known. *same says so, and data then stays empty.
 * The last bytes of a certificate are its signature, so no other certificate has them; whether
 * known is right between these parts the card was not asked. NULL, or one that is read in two parts
 * anyway: all is read.
 */
enum jpki_error jpki_card_read_sequence_unless(struct jpki_card *card,
					       const struct jpki_bytes *known, bool *same,
					       struct jpki_buffer *data);

/*
 * With the text application selected and its PIN verified: SELECT the file of attributes, READ
 * BINARY of the one object with the tag FF20 at its start, and append it to data, an empty buffer.
 * jpki_attributes_parse takes it apart. JPKI_E_NOT_ALLOWED before the PIN; JPKI_E_NOT_FOUND: no
 * such file, or only filler in it; JPKI_E_BAD_DER: it holds something else, or more than
 * JPKI_ATTRIBUTES_FILE_MAX bytes, or it ends before the object does.
 */
enum jpki_error jpki_card_read_attributes(struct jpki_card *card, struct jpki_buffer *data);

/*
 * VERIFY without data, which spends no try: *tries is how many wrong PINs the current file's PIN
 * still allows. A locked PIN is JPKI_OK with 0 tries. JPKI_E_ALREADY_LOGGED_IN: the card says only
 * that the PIN is verified (ISO 7816-4 §7.5.6 allows that); left and selected anew, it tells.
 * JPKI_E_INTERNAL: another file was chosen and not read yet, and nothing is sent.
 */
enum jpki_error jpki_card_read_tries(struct jpki_card *card, unsigned int *tries);

/*
 * VERIFY with data: present length bytes to the PIN of the current file. Requires select_file and
 * read_tries in this transaction; otherwise JPKI_E_INTERNAL, and nothing is sent. Sent once, never
 * repeated. *tries is the number left after JPKI_E_PIN_INCORRECT and JPKI_E_PIN_LOCKED, and is not
 * written otherwise. After JPKI_E_REMOVED, JPKI_E_RESET, JPKI_E_MUTE, JPKI_E_LINK and
 * JPKI_E_PROTOCOL the outcome is unknown.
 */
enum jpki_error jpki_card_verify(struct jpki_card *card, const uint8_t *pin, size_t length,
				 unsigned int *tries);

/*
 * CHANGE REFERENCE DATA of the current file's PIN to length bytes. Requires a successful verify
 * just before; otherwise JPKI_E_INTERNAL, and nothing is sent. Sent once. JPKI_E_NOT_ALLOWED: the
 * card has not accepted the old PIN after all. After every other error it is unknown whether the
 * old or the new PIN is in force: JPKI_E_UNSUPPORTED if the card says no, so that it is probably
 * the old one; JPKI_E_PIN_UNCERTAIN if its answer says neither yes nor no; otherwise what broke the
 * link.
 */
enum jpki_error jpki_card_change(struct jpki_card *card, const uint8_t *pin, size_t length);

/*
 * COMPUTE DIGITAL SIGNATURE over length bytes with the key in a file of the application. The
 * command names the file by its short identifier (measured on cards); if the card does not sign
 * that way, the file is selected and the command sent again. *signature_length is the room at
 * signature before and the length after. JPKI_E_NOT_ALLOWED before the PIN; JPKI_E_UNSUPPORTED: the
 * card does not sign in this way; JPKI_E_PROTOCOL: no status word came, or too many bytes.
 */
enum jpki_error jpki_card_sign(struct jpki_card *card, uint16_t key_file,
			       const struct jpki_scheme *scheme, const uint8_t *data, size_t length,
			       uint8_t *signature, size_t *signature_length);

/*
 * Ask whether the card knows a scheme of the key in this file, with a query that it cannot sign.
 * The key is named as in jpki_card_sign, and selected if the answer to that tells nothing. *known
 * is false after an error; else only if the card says so.
 */
enum jpki_error jpki_card_knows_scheme(struct jpki_card *card, uint16_t key_file,
				       const struct jpki_scheme *scheme, bool *known);

/* GET CHALLENGE: fill data with length bytes of the card's random numbers, whatever is selected. */
enum jpki_error jpki_card_challenge(struct jpki_card *card, uint8_t *data, size_t length);

/*
 * Select the common application and read the card's serial from it: 28 digits, not terminated. This
 * leaves the JPKI application, so its PINs are no longer verified. JPKI_E_NOT_FOUND if the card has
 * no such application or record.
 */
enum jpki_error jpki_card_read_serial(struct jpki_card *card, char serial[JPKI_CARD_SERIAL_LENGTH]);

/*
 * Leave the application of a PIN for another, so that no PIN stays verified for other programs;
 * nothing is sent if another one was selected since. After an error the card may still be unlocked;
 * jpki_card_power_off then locks it.
 */
enum jpki_error jpki_card_leave(struct jpki_card *card);

#endif
