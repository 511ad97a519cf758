/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* app: defines the exit codes of our programs, and the short names of gettext. */
#ifndef JPKI_APP_APP_H
#define JPKI_APP_APP_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text

/* Exit codes, for scripts; jpki(1) has the table. */
enum app_exit {
	APP_OK = 0,
	APP_FAILED = 1,         /* any other failure */
	APP_USAGE = 2,          /* the command line is wrong; nothing was done */
	APP_NO_READER = 3,      /* no reader, or the smart card service cannot be used */
	APP_NO_CARD = 4,        /* a reader without a card */
	APP_NOT_RECOGNISED = 5, /* a card of a kind that is not supported */
	APP_WHICH_CARD = 6,     /* several cards, and none was chosen */
	APP_ABSENT = 7,         /* the card does not have that certificate or PIN */
	APP_SOON = 8,           /* no problem, but the certificate expires within three months */
	APP_EXPIRED = 9,        /* the certificate has expired */
	APP_PIN_WRONG = 10,     /* the card refused the PIN */
	APP_PIN_WITHHELD = 11,  /* the PIN was not sent: it is impossible, or one try is left */
	APP_PIN_LOCKED = 12,    /* the PIN is locked: no try is left */
	APP_CANCELLED = 13,     /* the user cancelled the command */
	APP_NOT_VALID = 14,     /* verify: a signature or a certificate is not valid */
	APP_WAITED = 15,        /* the service hangs, or another program keeps the card */
	APP_CA_UNKNOWN = 16,    /* verify: all is valid, but by a CA that is not known */
};

#endif
