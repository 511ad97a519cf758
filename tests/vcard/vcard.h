/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A virtual card: what a My Number card, its older sister the Juki card, or a phone answers to
 * each APDU. It is a state machine over a directory, the card image; it does no other input or
 * output. One card object is used by one thread at a time.
 *
 * No official description of the card's commands is public. The rules here were measured on
 * cards by several independent projects; where nothing was measured, one answer was chosen so
 * that tests are deterministic, and the comment at the rule says "chosen".
 */
#ifndef VCARD_VCARD_H
#define VCARD_VCARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any answer: the longest file and SW1 SW2. */
#define VCARD_FILE_MAX     4096
#define VCARD_RESPONSE_MAX (VCARD_FILE_MAX + 2)
#define VCARD_ATR_MAX      33
#define VCARD_PIN_MAX      16

/* The side of the card that the reader uses; it decides the ATR and what a warm reset does. */
enum vcard_interface {
	VCARD_CONTACT,
	VCARD_CONTACTLESS,
};

/*
 * Ways in which cards, readers and drivers in the field differ. Every value is 0 for the
 * ordinary card.
 */
enum vcard_quirk {
	VCARD_QUIRK_6F00,            /* the first command after power-on answers 6F00 */
	VCARD_QUIRK_WARM_RESET,      /* 0xA: a warm reset changes nothing; 0xB: as a power-on */
	VCARD_QUIRK_BLOCKED_WORD,    /* the answer of a blocked PIN: 0x6984, 0x6983 */
	VCARD_QUIRK_BLOCKED_QUERY,   /* that is the answer of its tries, too, instead of 63C0 */
	VCARD_QUIRK_FIVE_BYTE_TRIES, /* the tries are asked with five bytes, four are refused */
	VCARD_QUIRK_PADDED,          /* certificate files are filled up with FF */
	VCARD_QUIRK_EOF_6282,        /* reading over the end of a file answers 6282 */
	VCARD_QUIRK_EOF_EMPTY,       /* reading past the end answers 9000 without data */
	VCARD_QUIRK_NO_PSS,          /* no PSS signatures: 6A86 */
	VCARD_QUIRK_SELECT_KEYS,     /* signs by the selected file only, a short name is 6A86 */
	VCARD_QUIRK_SELECT_FILES,    /* reads the selected file only, a short name is 6A86 */
	VCARD_QUIRK_GET_RESPONSE,    /* data come by 61xx and GET RESPONSE, as with T=0 */
	VCARD_QUIRK_WRONG_LE,        /* READ BINARY with Le 00 and less to read answers 6Cxx */
	VCARD_QUIRK_FOREIGN,         /* the JPKI application is refused with this word */
	VCARD_QUIRK_SHORT_READ,      /* READ BINARY gives this many bytes at most */
	VCARD_QUIRK_EXTENDED,        /* extended length is taken for READ BINARY */
	VCARD_QUIRK_TRIES,           /* each PIN has this many tries */
	VCARD_QUIRK_VERIFIED_9000,   /* the tries of a verified PIN are not told: 9000 */
	VCARD_QUIRK_COUNT
};

struct vcard_options {
	enum vcard_interface interface;
	unsigned quirk[VCARD_QUIRK_COUNT];
	uint8_t atr[VCARD_ATR_MAX]; /* instead of the image's, if atr_len is not 0 */
	size_t atr_len;
	/* What the PINs have become is kept in the object alone, and the image is not written. */
	bool in_memory;
};

/*
 * Sets the interface from "contact" or "contactless", or the ATR from hexadecimal digits. False
 * when it is none of them. With an ATR that does not offer T=1 the card speaks T=0.
 */
bool vcard_set_atr(struct vcard_options *options, const char *text);

/*
 * Sets a quirk from text: "NAME" or "NAME=VALUE".
 * False when the name is unknown or the value is not one of the quirk's.
 */
bool vcard_set_quirk(struct vcard_options *options, const char *text);

/* The name of a quirk and the values it takes, for a usage text; NULL past the last. */
const char *vcard_quirk_usage(enum vcard_quirk quirk);

struct vcard;

/*
 * Loads the card image in dir, powered off. Options may be NULL: contact, no quirk.
 * NULL on failure, with the reason on stderr.
 */
struct vcard *vcard_open(const char *dir, const struct vcard_options *options);
void vcard_close(struct vcard *card);

void vcard_power_on(struct vcard *card);
void vcard_power_off(struct vcard *card);
/* A warm reset: the card keeps its power. */
void vcard_reset(struct vcard *card);

/* Writes the ATR to atr and returns its length. */
size_t vcard_atr(const struct vcard *card, uint8_t atr[VCARD_ATR_MAX]);

/*
 * One exchange. Writes the answer with SW1 SW2 to response and returns its length; 0 when the
 * card has no power or the answer does not fit cap bytes.
 */
size_t vcard_transmit(struct vcard *card, const uint8_t *command, size_t command_len,
		      uint8_t *response, size_t cap);

/*
 * The tries left of the PIN in the JPKI application's file id (0x0018 auth, 0x001B sign), as
 * kept in the image, without powering the card; -1 when there is no such PIN.
 */
int vcard_tries(struct vcard *card, uint16_t id);

/* The same in another application, by its name in the image: "text", "juki", "face", "common". */
int vcard_tries_in(struct vcard *card, const char *app, uint16_t id);

/* Brings PINs and tries of a card in memory back to what they were when it was issued. */
void vcard_reissue(struct vcard *card);

/* Brings PINs and tries in an image back to what they were when it was issued, all tries left. */
bool vcard_restore(const char *dir);

#endif
