/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all programs for people share: how they end, and gettext. */
#ifndef JPKI_TOOL_APP_H
#define JPKI_TOOL_APP_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text

/* How jpki ends, for scripts; jpki(1) has the table. */
enum tool_exit {
	TOOL_OK = 0,
	TOOL_FAILED = 1,         /* something else went wrong */
	TOOL_USAGE = 2,          /* the command line is wrong; nothing was done */
	TOOL_NO_READER = 3,      /* no reader, or the smart card service is not there */
	TOOL_NO_CARD = 4,        /* a reader, and no card */
	TOOL_NOT_RECOGNISED = 5, /* another kind of card */
	TOOL_WHICH_CARD = 6,     /* two cards, and none was chosen */
	TOOL_ABSENT = 7,         /* the card lacks that certificate or PIN */
	TOOL_SOON = 8,           /* fine, but the certificate ends within three months */
	TOOL_EXPIRED = 9,        /* the certificate has ended */
	TOOL_PIN_WRONG = 10,     /* the card has refused the PIN */
	TOOL_PIN_WITHHELD = 11, /* the PIN was not sent: it can't be right, or it is the last try */
	TOOL_PIN_LOCKED = 12,   /* no try is left */
	TOOL_CANCELLED = 13,    /* the person has stopped it */
	TOOL_NOT_VALID = 14,    /* verify: the signature or its certificate is not good */
};

#endif
