/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the virtual card know of each other. */
#ifndef VCARD_INTERNAL_H
#define VCARD_INTERNAL_H

#include "vcard.h"

#include <limits.h>

#include <openssl/evp.h>

/* The files of a card image. */
#define VCARD_IMAGE_FILE "card"
#define VCARD_STATE_FILE "state"

#define VCARD_AID_MAX  16
#define VCARD_APPS_MAX 8
#define VCARD_EFS_MAX  48

/* Identifiers that rules and generator must agree on; all others are data of the image. */
#define VCARD_EF_AUTH_PIN 0x0018
#define VCARD_EF_SIGN_PIN 0x001B
#define VCARD_EF_TEXT_PIN 0x0011 /* in the text application */

enum vcard_app_kind {
	VCARD_APP_NONE, /* the state after power-on, and with the card manager selected */
	VCARD_APP_JPKI,
	VCARD_APP_COMMON, /* the card's serial number and expiry; free to read */
	VCARD_APP_OTHER,
	VCARD_APP_TEXT, /* the four attributes and the My Number, behind PINs */
	VCARD_APP_JUKI, /* the number in the residents' register, behind its PIN */
	VCARD_APP_FACE, /* what is printed on the card; its PINs have numbers that others have */
	VCARD_APP_COUNT
};

struct vcard_app {
	enum vcard_app_kind kind;
	uint8_t aid[VCARD_AID_MAX];
	size_t aid_len;
};

enum vcard_ef_kind {
	VCARD_EF_DATA,
	VCARD_EF_RECORD,
	VCARD_EF_PIN,
	VCARD_EF_UNSET, /* a PIN that was never set */
	VCARD_EF_KEY,
	VCARD_EF_INTERNAL, /* there, but neither read nor used by any command */
};

/* Who may read a file or use a key: everybody, nobody, or whoever has verified this PIN file. */
#define VCARD_ACCESS_FREE  0
#define VCARD_ACCESS_NEVER 0xFFFF

struct vcard_pin {
	uint8_t value[VCARD_PIN_MAX];
	size_t len;
	unsigned tries;
	unsigned max;
	bool verified;
};

struct vcard_ef {
	enum vcard_app_kind app;
	uint16_t id;
	enum vcard_ef_kind kind;
	uint16_t access;
	uint16_t access_also; /* a second PIN file that opens it; VCARD_ACCESS_NEVER: none */
	uint8_t *data;
	size_t len;
	EVP_PKEY *key;
	struct vcard_pin pin;
	struct vcard_pin issued; /* what the image says, before the state file */
};

struct vcard {
	char dir[PATH_MAX];
	struct vcard_options options;
	uint8_t atr[2][VCARD_ATR_MAX]; /* by enum vcard_interface */
	size_t atr_len[2];
	bool t0;          /* the commands are those of T=0 */
	uint16_t refusal; /* the answer to every command; 0: none */
	struct vcard_app apps[VCARD_APPS_MAX];
	size_t app_count;
	struct vcard_ef efs[VCARD_EFS_MAX];
	size_t ef_count;

	bool powered;
	bool fresh;                      /* no command since power-on */
	const struct vcard_app *df;      /* NULL: the state after power-on */
	struct vcard_ef *ef;             /* the current file or NULL */
	uint8_t pending[VCARD_FILE_MAX]; /* what GET RESPONSE has still to give */
	size_t pending_len;
	uint16_t pending_sw;
};

/* A command APDU in its parts (ISO/IEC 7816-3, 12.1.3). */
struct vcard_command {
	uint8_t cla, ins, p1, p2;
	const uint8_t *data;
	size_t lc;
	bool has_le;
	size_t le; /* 256 for the coding 00, 65536 for the extended 0000 */
	bool extended;
};

struct vcard_answer {
	uint8_t data[VCARD_FILE_MAX];
	size_t len;
};

/* One command: fills the answer's data and returns the status word. */
typedef uint16_t (*vcard_handler)(struct vcard *card, const struct vcard_command *command,
				  struct vcard_answer *answer);

/* dispatch.c */
uint16_t vcard_dispatch(struct vcard *card, const uint8_t *apdu, size_t len,
			struct vcard_answer *answer);

/* files.c */
enum vcard_app_kind vcard_current_app(const struct vcard *card);
bool vcard_may(struct vcard *card, const struct vcard_ef *ef);
struct vcard_ef *vcard_find_ef(struct vcard *card, enum vcard_app_kind app, uint16_t id);
/*
 * The file that P2 names: 80 is the current one, 80|n the one with the short identifier n,
 * which becomes current. NULL when there is none, with the answer to give in *sw.
 */
struct vcard_ef *vcard_reference(struct vcard *card, uint8_t p2, uint16_t *sw);
void vcard_clear_security(struct vcard *card);
uint16_t vcard_select(struct vcard *card, const struct vcard_command *command,
		      struct vcard_answer *answer);
uint16_t vcard_read_binary(struct vcard *card, const struct vcard_command *command,
			   struct vcard_answer *answer);
uint16_t vcard_read_record(struct vcard *card, const struct vcard_command *command,
			   struct vcard_answer *answer);
uint16_t vcard_get_data(struct vcard *card, const struct vcard_command *command,
			struct vcard_answer *answer);

/* pin.c */
uint16_t vcard_verify(struct vcard *card, const struct vcard_command *command,
		      struct vcard_answer *answer);
uint16_t vcard_change_pin(struct vcard *card, const struct vcard_command *command,
			  struct vcard_answer *answer);

/* sign.c */
uint16_t vcard_sign(struct vcard *card, const struct vcard_command *command,
		    struct vcard_answer *answer);
uint16_t vcard_internal_authenticate(struct vcard *card, const struct vcard_command *command,
				     struct vcard_answer *answer);
uint16_t vcard_get_challenge(struct vcard *card, const struct vcard_command *command,
			     struct vcard_answer *answer);

/* atr.c */
bool vcard_atr_is_valid(const uint8_t *bytes, size_t len);
/* Whether a valid ATR leaves no other protocol than T=0. */
bool vcard_atr_is_t0(const uint8_t *bytes, size_t len);

/* image.c */
bool vcard_image_load(struct vcard *card);
/* The application of this name in an image; false when there is none. */
bool vcard_app_by_name(const char *name, enum vcard_app_kind *kind);
/* Joins dir and name into path of PATH_MAX bytes; false when it does not fit. */
bool vcard_path(char path[PATH_MAX], const char *dir, const char *name);
/* Hexadecimal digits to bytes; false when odd, not hexadecimal or longer than cap. */
bool vcard_parse_hex(const char *hex, uint8_t *bytes, size_t cap, size_t *len);

/* state.c: the tries and values of PINs, which outlive the power. */
bool vcard_state_load(struct vcard *card);
bool vcard_state_save(const struct vcard *card);

#endif
