/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the virtual card share. */
#ifndef VCARD_SUPPORT_H
#define VCARD_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/x509.h>

#include "make.h"
#include "vcard.h"

/* Commands that most tests begin with. */
#define SELECT_JPKI    "00A4040C0AD392F000260100000001"
#define SELECT_COMMON  "00A4040C0AD3921000310001010100"
#define SELECT_MANAGER "00A4040C07A0000001510000"
#define SELECT_EF      "00A4020C02"
#define TRIES          "00200080"
#define VERIFY_AUTH    "002000800431323334"
#define VERIFY_WRONG   "002000800430303030"
#define VERIFY_SIGN    "0020008006414243313233"
#define OK             " 9000"

/* cmocka's setup and teardown of a group: a new directory for its cards, and its removal with
 * everything in it. */
extern char directory[];
int make_directory(void **state);
int remove_directory(void **state);

/*
 * The card NAME in the directory, made with this profile at the first call and as issued at each
 * later one; opened and powered on.
 */
struct vcard *take_card(const char *name, enum vcard_profile profile,
			const struct vcard_options *options);

/* Sends a command in hexadecimal; the answer's length. */
size_t send_hex(struct vcard *card, const char *command, uint8_t response[VCARD_RESPONSE_MAX]);

/*
 * Sends commands and compares the answers: each text is a command in hexadecimal, a space, and
 * the whole answer. Ends with NULL.
 */
void converse(struct vcard *card, ...) __attribute__((sentinel));

/* Sends a command that answers len bytes and 9000; returns them in data. */
void expect_data(struct vcard *card, const char *command, uint8_t *data, size_t len);

/* Reads a PEM certificate NAME of the card in the directory. */
X509 *read_certificate(const char *card, const char *name);

#endif
