/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* app: defines how our programs end, for scripts, and the names of gettext. */
#ifndef JPKI_APP_APP_H
#define JPKI_APP_APP_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text

/* How jpki ends, for scripts; jpki(1) has the table. */
enum app_exit {
	APP_OK = 0,
	APP_FAILED = 1,         /* something else went wrong */
	APP_USAGE = 2,          /* the command line is wrong; nothing was done */
	APP_NO_READER = 3,      /* no reader, or the smart card service is not there */
	APP_NO_CARD = 4,        /* a reader, and no card */
	APP_NOT_RECOGNISED = 5, /* another kind of card */
	APP_WHICH_CARD = 6,     /* two cards, and none was chosen */
	APP_ABSENT = 7,         /* the card lacks that certificate or PIN */
	APP_SOON = 8,           /* fine, but the certificate ends within three months */
	APP_EXPIRED = 9,        /* the certificate has ended */
	APP_PIN_WRONG = 10,     /* the card has refused the PIN */
	APP_PIN_WITHHELD = 11,  /* the PIN was not sent: it can't be right, or it is the last try */
	APP_PIN_LOCKED = 12,    /* no try is left */
	APP_CANCELLED = 13,     /* the person has stopped it */
	APP_NOT_VALID = 14,     /* verify: the signature or its certificate is not good */
};

#endif
