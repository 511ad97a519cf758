/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Issuing virtual cards: new keys, certificates of the JPKI profile, and the card image. */
#ifndef VCARD_MAKE_H
#define VCARD_MAKE_H

#include <stdbool.h>

enum vcard_profile {
	VCARD_MYNUMBER,        /* an adult's card: both certificates */
	VCARD_MYNUMBER_2015,   /* the same, by the CAs of 2015; its certificates have ended */
	VCARD_MYNUMBER_2019,   /* the same, by the CAs of 2019 */
	VCARD_MYNUMBER_2023,   /* the same, by the CAs of 2023 */
	VCARD_CHILD,           /* no signing certificate: the certificates' files are missing */
	VCARD_CHILD_FILLED,    /* the same: the certificates' files hold nothing but FF */
	VCARD_CHILD_BARE,      /* the same: the PIN and the key are missing too */
	VCARD_SIGN_ONLY,       /* the authentication certificate was declined */
	VCARD_NO_CERTIFICATES, /* both were */
	VCARD_FACE_ONLY,       /* a child's card whose authentication PIN was never set */
	VCARD_AUTH_LOCKED,     /* the authentication PIN has no try left */
	VCARD_SIGN_LOCKED,     /* the signing PIN has no try left */
	VCARD_BOTH_LOCKED,     /* neither has */
	VCARD_AUTH_FINAL,      /* the authentication PIN has one try left */
	VCARD_SIGN_FINAL,      /* the signing PIN has one try left */
	VCARD_NEXT,            /* files as an adult's card, by a name that is not known */
	VCARD_ECDSA,           /* of no generation: ECDSA keys, and a longer authentication PIN */
	VCARD_ANDROID,         /* a phone: no other application, both certificates need their PIN */
	VCARD_IPHONE,          /* another phone, otherwise the same */
	VCARD_JUKI,            /* the older card: signing only */
	VCARD_JUKI_FREE,       /* the same, the certificate readable without a PIN */
	VCARD_JUKI_1024,       /* the same as juki, with an RSA key of 1024 bits */
	VCARD_JUKI_LOCKED,     /* the same as juki, with no try left */
	VCARD_FOREIGN,         /* a card of another kind */
	VCARD_BANK,            /* a bank card, which speaks T=0 */
	VCARD_LICENCE,         /* a driving licence */
	VCARD_PIV,             /* an identity card of the PIV kind */
	VCARD_MIFARE,          /* a storage card, which knows no ISO command */
	VCARD_PROFILE_COUNT
};

enum vcard_validity {
	VCARD_VALID,   /* four years left */
	VCARD_SOON,    /* thirty days left */
	VCARD_EXPIRED, /* ended ten days ago */
};

/* What every card made here is issued with. */
#define VCARD_AUTH_PIN       "1234"
#define VCARD_ECDSA_AUTH_PIN "246810" /* of the profile VCARD_ECDSA */
#define VCARD_SIGN_PIN       "ABC123"
#define VCARD_TEXT_PIN       "5678" /* unless the options say another */

/* The holder in the text application, which only cards with a common application have. */
#define VCARD_NAME     "公的 花子"
#define VCARD_ADDRESS  "東京都千代田区霞が関二丁目１番１号"
#define VCARD_BIRTHDAY "19750403"
#define VCARD_SEX      "2"

struct vcard_make_options {
	enum vcard_profile profile;
	enum vcard_validity validity;
	/* NULL: as above. UTF-8; address and name of 1000 bytes at most. */
	const char *name, *address, *birthday, *sex, *text_pin;
};

/* The name of a profile on the command line; NULL past the last. */
const char *vcard_profile_name(enum vcard_profile profile);
bool vcard_profile_by_name(const char *name, enum vcard_profile *profile);

/*
 * Makes a card image in dir, which is created if need be. Options may be NULL: an adult's card
 * with four years left. False when dir holds a card already or something fails, with the reason
 * on stderr.
 *
 * Beside the image, the certificates are left in PEM for tests: auth.crt, auth-ca.crt, sign.crt
 * and sign-ca.crt, as far as the profile has them. The CA keys are not kept.
 */
bool vcard_make(const char *dir, const struct vcard_make_options *options);

/*
 * The same, with the keys and certificates of the card in the directory from, as far as it has
 * them: making keys is what takes long. Certificates of a certain generation or key length, and
 * what from has not, are made. From may be NULL.
 */
bool vcard_make_with_keys(const char *dir, const struct vcard_make_options *options,
			  const char *from);

#endif
