/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The profiles of cards. Where nobody has published what a card holds, one way was chosen, and
 * the comment says so; what was measured or seen is stated plainly.
 */
#include "profiles.h"

#include <stddef.h>
#include <string.h>

#define ATR_MYNUMBER_CONTACT     "3BDA13FF8131FB468012392F31C173C601C03B"
#define ATR_MYNUMBER_CONTACTLESS "3B888001004B51FFB381D1000F"
#define ATR_JUKI_CONTACT         "3BE000FF8131FE4514"
#define ATR_JUKI_CONTACTLESS                                                                       \
	"3B8880010000"                                                                             \
	"14E0B38191005E"
#define ATR_OTHER_CONTACT       "3B80800101" /* a card without historical bytes */
#define ATR_OTHER_CONTACTLESS   ATR_OTHER_CONTACT
#define ATR_BANK_CONTACT        "3B6E00008031" /* T=0 only */ "8066B0840C016E0183009000"
#define ATR_BANK_CONTACTLESS    "3B8E800180318066B1840C016E01830090001C"
#define ATR_LICENCE_CONTACT     ATR_LICENCE_CONTACTLESS /* it has no contacts */
#define ATR_LICENCE_CONTACTLESS "3B88800100000000338181003A"
#define ATR_PIV_CONTACT         "3BFD1300008131FE158073C021C057597562694B657940"
#define ATR_PIV_CONTACTLESS     "3B8D80018073C021C057597562694B6579F9"
#define ATR_MIFARE_CONTACT      ATR_MIFARE_CONTACTLESS /* it has no contacts */
#define ATR_MIFARE_CONTACTLESS  "3B8F8001804F0CA000000306030001000000006A"

#define LABEL_MYNUMBER "JPKIAPICCTOKEN2"
#define LABEL_ANDROID  "JPKIAPGPSETOKEN"
#define LABEL_IPHONE   "JPKIAPIOSTOKEN"
#define LABEL_JUKI     "JPKIAPICCTOKEN"
#define LABEL_NEXT     "JPKIAPICCTOKEN3"  /* invented: nothing is published of the next card */
#define LABEL_ECDSA    "JPKITESTECDSA384" /* a card that exists in the tests only */

/* PINs in hexadecimal, as VCARD_AUTH_PIN and VCARD_SIGN_PIN. */
#define AUTH_PIN_HEX       "31323334"
#define SIGN_PIN_HEX       "414243313233"
#define ECDSA_AUTH_PIN_HEX "323436383130"
#define JUKI_PIN_HEX       "34333231"
#define MY_NUMBER_HEX      "313233343536373839303138" /* 123456789018, which nobody has */

static const char part_manager[] = "app isd A0000001510000\n";
static const char part_other_apps[] = "app common D3921000310001010100\n"
				      "app juki D3921000310001010401\n"
				      "app face D3921000310001010402\n"
				      "app text D3921000310001010408\n"
				      "ef common 0019 key free common.key\n"
				      "ef common 001C pin 3 31323334\n"
				      /* the register's number; its PIN is one more of 4 digits */
				      "ef juki 0002 record 001C 3031323334353637383930\n"
				      "ef juki 001C pin 3 " JUKI_PIN_HEX "\n"
				      /* birth date, and two long numbers; the counts are hearsay */
				      "ef face 0011 pin 10 303130313031\n"
				      "ef face 0012 pin 10 3031303130313230333530303030\n"
				      "ef face 0013 pin 10 " MY_NUMBER_HEX "\n"
				      /* the My Number itself: nothing of ours may ever select it */
				      "ef text 0001 data 0011|0014 FF100C" MY_NUMBER_HEX "FFFF\n"
				      "ef text 0012 pin 0 30\n"
				      "ef text 0014 pin 10 " MY_NUMBER_HEX "\n"
				      "ef text 0015 pin 10 3031303130313230333530303030\n";

/*
 * Files that were found on cards by trying all identifiers, and of which little else is known:
 * 0010 tells tries, 001E was seen not to be readable; 0005 and 0009 are taken for protected.
 */
static const char part_unknown[] = "ef jpki 0005 data never 00\n"
				   "ef jpki 0009 data never FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\n"
				   "ef jpki 0010 pin 3 5652414E44\n"
				   "ef jpki 0016 internal never -\n"
				   "ef jpki 0019 internal never -\n"
				   "ef jpki 001C internal never -\n"
				   "ef jpki 001E internal never -\n";

/* 0008 says which certificates are there: signing, authentication, and a byte nobody knows. */
static const char part_both[] = "ef jpki 0008 data free 8F8F00\n";
static const char part_auth_only[] = "ef jpki 0008 data free 008F00\n";
static const char part_sign_only[] = "ef jpki 0008 data free 8F0000\n";
static const char part_neither[] = "ef jpki 0008 data free 000000\n";

static const char part_auth[] = "ef jpki 000A cert free auth.der\n"
				"ef jpki 000B cert free auth-ca.der\n"
				"ef jpki 0017 key 0018 auth.key\n"
				"ef jpki 0018 pin 3 " AUTH_PIN_HEX "\n";
static const char part_auth_protected[] = "ef jpki 000A cert 0018 auth.der\n"
					  "ef jpki 000B cert free auth-ca.der\n"
					  "ef jpki 0017 key 0018 auth.key\n"
					  "ef jpki 0018 pin 3 " AUTH_PIN_HEX "\n";
static const char part_auth_ecdsa[] = "ef jpki 000A cert free auth.der\n"
				      "ef jpki 000B cert free auth-ca.der\n"
				      "ef jpki 0017 key 0018 auth.key\n"
				      "ef jpki 0018 pin 3 " ECDSA_AUTH_PIN_HEX "\n";
/* A certificate that was declined: chosen as for signing, below. */
static const char part_auth_missing[] = "ef jpki 0017 internal never -\n"
					"ef jpki 0018 pin 3 " AUTH_PIN_HEX "\n";
/* A face-only card has the key and certificate; that its PIN is not there is chosen. */
static const char part_auth_face[] = "ef jpki 000A cert free auth.der\n"
				     "ef jpki 000B cert free auth-ca.der\n"
				     "ef jpki 0017 key 0018 auth.key\n"
				     "ef jpki 0018 unset never -\n";

static const char part_sign[] = "ef jpki 0001 cert 001B sign.der\n"
				"ef jpki 0002 cert free sign-ca.der\n"
				"ef jpki 001A key 001B sign.key\n"
				"ef jpki 001B pin 5 " SIGN_PIN_HEX "\n";
static const char part_sign_free[] = "ef jpki 0001 cert free sign.der\n"
				     "ef jpki 0002 cert free sign-ca.der\n"
				     "ef jpki 001A key 001B sign.key\n"
				     "ef jpki 001B pin 5 " SIGN_PIN_HEX "\n";
/* What a card without a signing certificate holds instead is not known: three ways. */
static const char part_sign_missing[] = "ef jpki 001A internal never -\n"
					"ef jpki 001B pin 5 " SIGN_PIN_HEX "\n";
static const char part_sign_filled[] = "ef jpki 0001 cert 001B filled.der\n"
				       "ef jpki 0002 cert free filled.der\n"
				       "ef jpki 001A internal never -\n"
				       "ef jpki 001B pin 5 " SIGN_PIN_HEX "\n";

/* Cards of other kinds. Only the names of their applications are of interest here. */
static const char part_bank[] = "app other A0000000031010\n";
static const char part_licence[] = "app other A0000002310100000000000000000000\n"
				   "app other A0000002480300000000000000000000\n";
static const char part_piv[] = "app other A000000308000010000100\n";
/* The reader has an answer of its own to ISO commands for a storage card (chosen). */
static const char part_mifare[] = "refuse 6E00\n";

static const char state_auth_locked[] = "1 0018 0 " AUTH_PIN_HEX "\n";
static const char state_sign_locked[] = "1 001B 0 " SIGN_PIN_HEX "\n";
static const char state_both_locked[] = "1 0018 0 " AUTH_PIN_HEX "\n"
					"1 001B 0 " SIGN_PIN_HEX "\n";
static const char state_auth_final[] = "1 0018 1 " AUTH_PIN_HEX "\n";
static const char state_sign_final[] = "1 001B 1 " SIGN_PIN_HEX "\n";

/*
 * The three generations of CA certificates: serial numbers and days as published; the hour of
 * the beginning is not, and is midnight in Japan here. The certificates issued are samples, from
 * one birthday of the holder to the fifth after it.
 */
static const struct vcard_generation generation_2015 = {
	.serial = {0x01, 0x01},
	.ca_start = 1445266800, /* 2015-10-19 15:00:00 */
	.ca_end = 1760885999,   /* 2025-10-19 14:59:59 */
	.start = 1459436400,    /* 2016-03-31 15:00:00 */
	.end = 1617289199,      /* 2021-04-01 14:59:59 */
};
static const struct vcard_generation generation_2019 = {
	.serial = {0x0133C349, 0x0132C4AB},
	.ca_start = 1568386800, /* 2019-09-13 15:00:00 */
	.ca_end = 1884092399,   /* 2029-09-14 14:59:59 */
	.start = 1680274800,    /* 2023-03-31 15:00:00 */
	.end = 1838213999,      /* 2028-04-01 14:59:59 */
};
static const struct vcard_generation generation_2023 = {
	.serial = {0x06D18006, 0x067C6A21},
	.ca_start = 1689433200, /* 2023-07-15 15:00:00 */
	.ca_end = 2005052399,   /* 2033-07-15 14:59:59 */
	.start = 1743433200,    /* 2025-03-31 15:00:00 */
	.end = 1901285999,      /* 2030-04-01 14:59:59 */
};

#define MAKE_ADULT (VCARD_MAKE_AUTH | VCARD_MAKE_SIGN | VCARD_MAKE_COMMON)
#define MAKE_CHILD (VCARD_MAKE_AUTH | VCARD_MAKE_COMMON)

#define ATRS(kind)                                                                                 \
	.atr = {                                                                                   \
		ATR_##kind##_CONTACT,                                                              \
		ATR_##kind##_CONTACTLESS,                                                          \
	}
#define ADULT_PARTS                                                                                \
	.parts = {part_manager, part_other_apps, part_unknown, part_both, part_auth, part_sign}
/* What a My Number card has, beside availability, authentication and signing. */
#define CARD_PARTS part_manager, part_other_apps, part_unknown

/* A My Number card for an adult, in a state or with certificates of a certain generation. */
#define ADULT(name_, state_, generation_)                                                          \
	{                                                                                          \
		.name = name_, .label = LABEL_MYNUMBER, ATRS(MYNUMBER), .make = MAKE_ADULT,        \
		.generation = generation_, .state = state_, ADULT_PARTS                            \
	}
/* Another My Number card: what is made, and the three parts after CARD_PARTS. */
#define CARD(name_, make_, ...)                                                                    \
	{                                                                                          \
		.name = name_, .label = LABEL_MYNUMBER, ATRS(MYNUMBER), .make = make_, .parts = {  \
			CARD_PARTS,                                                                \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
/* In a phone there is no other application. */
#define PHONE(name_, label_)                                                                       \
	{                                                                                          \
		.name = name_, .label = label_, ATRS(OTHER),                                       \
		.make = VCARD_MAKE_AUTH | VCARD_MAKE_SIGN, .parts = {                              \
			part_both,                                                                 \
			part_auth_protected,                                                       \
			part_sign                                                                  \
		}                                                                                  \
	}
#define JUKI(name_, short_key_, state_, part_)                                                     \
	{                                                                                          \
		.name = name_, .label = LABEL_JUKI, ATRS(JUKI), .make = VCARD_MAKE_SIGN,           \
		.short_key = short_key_, .state = state_, .parts = {                               \
			part_manager,                                                              \
			part_                                                                      \
		}                                                                                  \
	}
#define ALIEN(name_, kind, part_)                                                                  \
	{                                                                                          \
		.name = name_, ATRS(kind), .parts = { part_ }                                      \
	}

static const struct vcard_profile_row rows[VCARD_PROFILE_COUNT] = {
	[VCARD_MYNUMBER] = ADULT("mynumber", NULL, NULL),
	[VCARD_MYNUMBER_2015] = ADULT("mynumber-2015", NULL, &generation_2015),
	[VCARD_MYNUMBER_2019] = ADULT("mynumber-2019", NULL, &generation_2019),
	[VCARD_MYNUMBER_2023] = ADULT("mynumber-2023", NULL, &generation_2023),
	[VCARD_CHILD] = CARD("child", MAKE_CHILD, part_auth_only, part_auth, part_sign_missing),
	[VCARD_CHILD_FILLED] = CARD("child-filled", MAKE_CHILD | VCARD_MAKE_FILLER, part_auth_only,
				    part_auth, part_sign_filled),
	[VCARD_CHILD_BARE] = CARD("child-bare", MAKE_CHILD, part_auth_only, part_auth),
	[VCARD_SIGN_ONLY] = CARD("sign-only", VCARD_MAKE_SIGN | VCARD_MAKE_COMMON, part_sign_only,
				 part_auth_missing, part_sign),
	[VCARD_NO_CERTIFICATES] = CARD("no-certificates", VCARD_MAKE_COMMON, part_neither,
				       part_auth_missing, part_sign_missing),
	[VCARD_FACE_ONLY] =
		CARD("face-only", MAKE_CHILD, part_auth_only, part_auth_face, part_sign_missing),
	[VCARD_AUTH_LOCKED] = ADULT("auth-locked", state_auth_locked, NULL),
	[VCARD_SIGN_LOCKED] = ADULT("sign-locked", state_sign_locked, NULL),
	[VCARD_BOTH_LOCKED] = ADULT("both-locked", state_both_locked, NULL),
	[VCARD_AUTH_FINAL] = ADULT("auth-final", state_auth_final, NULL),
	[VCARD_SIGN_FINAL] = ADULT("sign-final", state_sign_final, NULL),
	[VCARD_NEXT] =
		{
			.name = "next",
			.label = LABEL_NEXT,
			ATRS(OTHER),
			.make = MAKE_ADULT,
			ADULT_PARTS,
		},
	[VCARD_ECDSA] =
		{
			.name = "ecdsa",
			.label = LABEL_ECDSA,
			ATRS(OTHER),
			.make = MAKE_ADULT,
			.curve = "P-384",
			.parts = {part_manager, part_other_apps, part_unknown, part_both,
				  part_auth_ecdsa, part_sign},
		},
	[VCARD_ANDROID] = PHONE("android", LABEL_ANDROID),
	[VCARD_IPHONE] = PHONE("iphone", LABEL_IPHONE),
	[VCARD_JUKI] = JUKI("juki", false, NULL, part_sign),
	[VCARD_JUKI_FREE] = JUKI("juki-free", false, NULL, part_sign_free),
	[VCARD_JUKI_1024] = JUKI("juki-1024", true, NULL, part_sign),
	[VCARD_JUKI_LOCKED] = JUKI("juki-locked", false, state_sign_locked, part_sign),
	[VCARD_FOREIGN] = ALIEN("foreign", OTHER, part_manager),
	[VCARD_BANK] = ALIEN("bank", BANK, part_bank),
	[VCARD_LICENCE] = ALIEN("licence", LICENCE, part_licence),
	[VCARD_PIV] = ALIEN("piv", PIV, part_piv),
	[VCARD_MIFARE] = ALIEN("mifare", MIFARE, part_mifare),
};

const struct vcard_profile_row *vcard_profile_row(enum vcard_profile profile)
{
	return &rows[profile];
}

const char *vcard_profile_name(enum vcard_profile profile)
{
	return profile < VCARD_PROFILE_COUNT ? rows[profile].name : NULL;
}

bool vcard_profile_by_name(const char *name, enum vcard_profile *profile)
{
	bool found = false;

	for (size_t i = 0; i < VCARD_PROFILE_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*profile = (enum vcard_profile)i;
			found = true;
		}
	}
	return found;
}
