/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests share: cards of their own, what was sent to them, and assertions. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/x509.h>

#include "base/error.h"
#include "vcard.h"
#include "vcard_transport.h"

#define UNIT_AUTH_PIN_FILE 0x0018
#define UNIT_AUTH_KEY_FILE 0x0017
#define UNIT_SIGN_PIN_FILE 0x001B
#define UNIT_SIGN_KEY_FILE 0x001A

/* Commands as they stand in scripted conversations. */
#define UNIT_SELECT_AP     "00A4040C0AD392F000260100000001"
#define UNIT_SELECT_COMMON "00A4040C0AD3921000310001010100"
#define UNIT_SELECT_ISD    "00A4040C07A0000001510000"
#define UNIT_SELECT_EF     "00A4020C02"

/* Compares two errors and names both when they differ. */
#define assert_error(expression, wanted)                                                           \
	unit_assert_error(expression, wanted, #expression, __FILE__, __LINE__)
void unit_assert_error(enum jpki_error got, enum jpki_error wanted, const char *expression,
		       const char *file, int line);

/* Any error will do. */
#define assert_failure(expression) unit_assert_failure(expression, #expression, __FILE__, __LINE__)
void unit_assert_failure(enum jpki_error got, const char *expression, const char *file, int line);

/* Whether LOW <= value <= HIGH. cmocka 2 deprecates its assert_in_range, and cmocka 1 has no
 * successor. */
#define assert_between(value, low, high)                                                           \
	unit_assert_between(value, low, high, #value, __FILE__, __LINE__)
void unit_assert_between(int64_t value, int64_t low, int64_t high, const char *expression,
			 const char *file, int line);

/* A card in a directory of its own, so that no test sees what another did to it. */
struct unit_card {
	char dir[PATH_MAX];
	struct vcard *card;
};

/*
 * Opens a private copy, as issued, of the card that the build made under this name: a profile of
 * jpki-vcard, or "second", one more adult's card. Without such a card one is made. Options may
 * be NULL.
 */
void unit_card_open(struct unit_card *card, const char *name, const struct vcard_options *options);
void unit_card_close(struct unit_card *card);

/* What another program may have done to the card meanwhile: tries spent, or a PIN changed. */
void unit_card_set_pin(struct unit_card *card, uint16_t file, unsigned int tries, const char *pin);

/*
 * Whether the key in file could be used by another program now: it selects the application and
 * the key, and asks for a signature without a PIN. Takes the hook away.
 */
bool unit_key_is_open(struct vcard_transport *readers, const char *reader, uint16_t file);

/* The certificate NAME that the card's maker left beside it; the caller frees it. */
X509 *unit_certificate(const struct unit_card *card, const char *name);
/* A self-signed certificate of a key; OPENSSL_free frees it. */
uint8_t *unit_issue(EVP_PKEY *key, size_t *length);
/* OpenSSL's word on a signature: what stands within its PKCS #1 v1.5 padding are these bytes. */
void unit_assert_signed(const X509 *certificate, const uint8_t *data, size_t length,
			const uint8_t *signature, size_t signature_length);

#define UNIT_TRACE_MAX 4096
/*
 * The commands since vcard_transport_forget as one line of words: AP, COMMON, TEXT and LEAVE for
 * SELECT of an application, EF:nnnn, TRIES, VERIFY, READ, RECORD, SIGN, RANDOM, MORE; READ:nnnn and
 * SIGN:nnnn name the file themselves.
 */
void unit_trace(struct vcard_transport *readers, char trace[UNIT_TRACE_MAX]);
/* Asserts on that line. */
void unit_assert_trace(struct vcard_transport *readers, const char *wanted);

/* Bytes of hexadecimal digits; the length. */
size_t unit_hex(const char *hex, uint8_t *bytes, size_t capacity);

/* A new directory under $TMPDIR or /tmp, and its removal with the files in it. */
void unit_directory_make(char path[PATH_MAX]);
void unit_directory_remove(const char *path);
/* Joins a directory and a name. */
void unit_path(char path[PATH_MAX], const char *directory, const char *name);
/* A whole file; the caller frees it. A zero is put behind the bytes. */
char *unit_read_file(const char *path, size_t *length);
void unit_write_file(const char *path, const void *data, size_t length);

/*
 * Return whether valgrind runs the test, as the analysers have it do. It knows neither a process
 * that stops itself nor the error of a program that posix_spawn cannot start.
 */
bool unit_is_under_valgrind(void);

/*
 * Return one in how many of a test's thousands of rounds shall be made, 1 to 100: SWEEP_SHARE, with
 * which the sanitizers and valgrind get through in time, or else 1.
 */
unsigned int unit_share(void);

#endif
