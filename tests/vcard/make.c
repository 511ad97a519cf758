/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles of cards, and the writing of their images. */
#include "make.h"

#include "certificate.h"
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#define DAY       86400
#define PARTS_MAX 6

#define ATR_MYNUMBER_CONTACT     "3BDA13FF8131FB468012392F31C173C601C03B"
#define ATR_MYNUMBER_CONTACTLESS "3B888001004B51FFB381D1000F"
#define ATR_JUKI_CONTACT         "3BE000FF8131FE4514"
#define ATR_JUKI_CONTACTLESS                                                                       \
	"3B8880010000"                                                                             \
	"14E0B38191005E"
#define ATR_OTHER "3B80800101" /* a card without historical bytes */

#define LABEL_MYNUMBER "JPKIAPICCTOKEN2"
#define LABEL_ANDROID  "JPKIAPGPSETOKEN"
#define LABEL_JUKI     "JPKIAPICCTOKEN"

/* PINs in hexadecimal, as VCARD_AUTH_PIN and VCARD_SIGN_PIN. */
#define AUTH_PIN_HEX "31323334"
#define SIGN_PIN_HEX "414243313233"

static const char part_jpki[] = "app jpki D392F000260100000001\n";
static const char part_manager[] = "app isd A0000001510000\n";
static const char part_other_apps[] = "app common D3921000310001010100\n"
				      "app other D3921000310001010401\n"
				      "app other D3921000310001010402\n"
				      "app other D3921000310001010408\n"
				      "ef common 0019 key free common.key\n"
				      "ef common 001C pin 3 31323334\n";

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

static const char part_both[] = "ef jpki 0008 data free 8F8F00\n";
static const char part_auth_only[] = "ef jpki 0008 data free 008F00\n";

static const char part_auth[] = "ef jpki 000A cert free auth.der\n"
				"ef jpki 000B cert free auth-ca.der\n"
				"ef jpki 0017 key 0018 auth.key\n"
				"ef jpki 0018 pin 3 " AUTH_PIN_HEX "\n";
static const char part_auth_protected[] = "ef jpki 000A cert 0018 auth.der\n"
					  "ef jpki 000B cert free auth-ca.der\n"
					  "ef jpki 0017 key 0018 auth.key\n"
					  "ef jpki 0018 pin 3 " AUTH_PIN_HEX "\n";
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

/* What is made for a profile beside the image itself. */
#define MAKE_AUTH   0x01 /* the key and certificates for authentication */
#define MAKE_SIGN   0x02 /* those for signing */
#define MAKE_COMMON 0x04 /* the common application's key and the card's number */
#define MAKE_FILLER 0x08 /* a file of FF */
#define MAKE_ADULT  (MAKE_AUTH | MAKE_SIGN | MAKE_COMMON)

struct profile {
	const char *name;
	const char *label; /* NULL: no JPKI application */
	const char *atr[2];
	unsigned make;
	bool short_key;    /* 1024 bits instead of 2048 */
	const char *state; /* NULL: all tries left */
	const char *parts[PARTS_MAX];
};

#define ATRS(kind)                                                                                 \
	{                                                                                          \
		ATR_##kind##_CONTACT, ATR_##kind##_CONTACTLESS                                     \
	}
#define ATR_OTHER_CONTACT     ATR_OTHER
#define ATR_OTHER_CONTACTLESS ATR_OTHER
#define ADULT_PARTS                                                                                \
	{                                                                                          \
		part_manager, part_other_apps, part_unknown, part_both, part_auth, part_sign       \
	}
#define CHILD_PARTS part_manager, part_other_apps, part_unknown, part_auth_only, part_auth

static const struct profile profiles[VCARD_PROFILE_COUNT] = {
	[VCARD_MYNUMBER] =
		{
			.name = "mynumber",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_ADULT,
			.parts = ADULT_PARTS,
		},
	[VCARD_CHILD] =
		{
			.name = "child",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_AUTH | MAKE_COMMON,
			.parts = {CHILD_PARTS, part_sign_missing},
		},
	[VCARD_CHILD_FILLED] =
		{
			.name = "child-filled",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_AUTH | MAKE_COMMON | MAKE_FILLER,
			.parts = {CHILD_PARTS, part_sign_filled},
		},
	[VCARD_CHILD_BARE] =
		{
			.name = "child-bare",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_AUTH | MAKE_COMMON,
			.parts = {CHILD_PARTS},
		},
	[VCARD_AUTH_LOCKED] =
		{
			.name = "auth-locked",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_ADULT,
			.state = "1 0018 0 " AUTH_PIN_HEX "\n",
			.parts = ADULT_PARTS,
		},
	[VCARD_SIGN_LOCKED] =
		{
			.name = "sign-locked",
			.label = LABEL_MYNUMBER,
			.atr = ATRS(MYNUMBER),
			.make = MAKE_ADULT,
			.state = "1 001B 0 " SIGN_PIN_HEX "\n",
			.parts = ADULT_PARTS,
		},
	[VCARD_ANDROID] =
		{
			.name = "android",
			.label = LABEL_ANDROID,
			.atr = ATRS(OTHER),
			.make = MAKE_AUTH | MAKE_SIGN,
			.parts = {part_both, part_auth_protected, part_sign},
		},
	[VCARD_JUKI] =
		{
			.name = "juki",
			.label = LABEL_JUKI,
			.atr = ATRS(JUKI),
			.make = MAKE_SIGN,
			.parts = {part_manager, part_sign},
		},
	[VCARD_JUKI_FREE] =
		{
			.name = "juki-free",
			.label = LABEL_JUKI,
			.atr = ATRS(JUKI),
			.make = MAKE_SIGN,
			.parts = {part_manager, part_sign_free},
		},
	[VCARD_JUKI_1024] =
		{
			.name = "juki-1024",
			.label = LABEL_JUKI,
			.atr = ATRS(JUKI),
			.make = MAKE_SIGN,
			.short_key = true,
			.parts = {part_manager, part_sign},
		},
	[VCARD_FOREIGN] =
		{
			.name = "foreign",
			.atr = ATRS(OTHER),
			.parts = {part_manager},
		},
};

const char *vcard_profile_name(enum vcard_profile profile)
{
	return profile < VCARD_PROFILE_COUNT ? profiles[profile].name : NULL;
}

bool vcard_profile_by_name(const char *name, enum vcard_profile *profile)
{
	bool found = false;

	for (size_t i = 0; i < VCARD_PROFILE_COUNT; i++) {
		if (strcmp(profiles[i].name, name) == 0) {
			*profile = (enum vcard_profile)i;
			found = true;
		}
	}
	return found;
}

/* Opens dir/name for writing; the reason of a failure is told. */
static FILE *create(const char *dir, const char *name)
{
	char path[PATH_MAX];
	FILE *file = NULL;

	if (!vcard_path(path, dir, name)) {
		fprintf(stderr, "%s: path too long\n", dir);
		return NULL;
	}
	file = fopen(path, "w");
	if (file == NULL)
		perror(path);
	return file;
}

static bool write_text(const char *dir, const char *name, const char *text)
{
	FILE *file = create(dir, name);
	bool ok = file != NULL && fputs(text, file) >= 0;

	if (file != NULL && fclose(file) != 0)
		ok = false;
	return ok;
}

static bool write_key(const char *dir, const char *name, EVP_PKEY *key)
{
	FILE *file = create(dir, name);
	bool ok = file != NULL && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;

	if (file != NULL && fclose(file) != 0)
		ok = false;
	return ok;
}

/* NAME.der for the card and NAME.crt in PEM for the tests. */
static bool write_certificate(const char *dir, const char *name, const X509 *certificate)
{
	char file_name[32];
	FILE *file;
	bool ok;

	snprintf(file_name, sizeof(file_name), "%s.der", name);
	file = create(dir, file_name);
	ok = file != NULL && i2d_X509_fp(file, certificate) == 1;
	if (file != NULL && fclose(file) != 0)
		ok = false;
	if (!ok)
		return false;
	snprintf(file_name, sizeof(file_name), "%s.crt", name);
	file = create(dir, file_name);
	ok = file != NULL && PEM_write_X509(file, certificate) == 1;
	if (file != NULL && fclose(file) != 0)
		ok = false;
	return ok;
}

/* The end of a day in Japan, where every certificate ends. */
static time_t end_of_day(time_t when)
{
	return when - when % DAY + 15 * 3600 - 1;
}

static time_t not_after(const struct vcard_make_options *options)
{
	static const int days_left[] = {
		[VCARD_VALID] = 1461, [VCARD_SOON] = 30, [VCARD_EXPIRED] = -10};

	return end_of_day(time(NULL) + (time_t)days_left[options->validity] * DAY);
}

/* A key with its certificate, and the CA that issued it: four files and a key. */
static bool make_pair(const char *dir, enum vcard_hierarchy hierarchy, bool short_key, time_t end)
{
	const char *name = hierarchy == VCARD_AUTH ? "auth" : "sign";
	char ca_name[16], key_name[16];
	time_t start = end - (time_t)1826 * DAY - 12 * 3600; /* five years before, in the night */
	time_t ca_start = start - (time_t)365 * DAY;
	time_t ca_end = end_of_day(ca_start + (time_t)3653 * DAY);
	EVP_PKEY *ca_key = EVP_RSA_gen(2048U);
	EVP_PKEY *key = EVP_RSA_gen(short_key ? 1024U : 2048U);
	X509 *ca = NULL, *certificate = NULL;
	bool ok = false;

	snprintf(ca_name, sizeof(ca_name), "%s-ca", name);
	snprintf(key_name, sizeof(key_name), "%s.key", name);
	if (ca_key == NULL || key == NULL)
		goto out;
	ca = vcard_make_ca(hierarchy, ca_key, ca_start, ca_end);
	if (ca == NULL)
		goto out;
	certificate = vcard_make_end_entity(hierarchy, key, ca, ca_key, start, end);
	if (certificate == NULL)
		goto out;
	ok = write_key(dir, key_name, key) && write_certificate(dir, name, certificate) &&
	     write_certificate(dir, ca_name, ca);
out:
	X509_free(certificate);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	return ok;
}

static void append_hex(char *hex, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	hex += strlen(hex);
	for (size_t i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02X", byte[i]);
}

/*
 * File 0006 is a token description in the layout of CK_TOKEN_INFO of PKCS#11 2.01 with numbers
 * of four bytes, as read from a card: label, manufacturer, model, serial number (the same on all
 * cards here: whether it tells two cards apart is not known), flags, session counts, PIN
 * lengths, memory sizes, versions, time.
 */
static bool write_token_info(FILE *image, const char *label)
{
	static const unsigned char numbers[] = {
		0x00, 0x00, 0x04, 0x0D, 0,    0,    0,    1,    0,    0,    0,
		0,    0,    0,    0,    1,    0,    0,    0,    0,    0,    0,
		0,    16,   0,    0,    0,    6,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	char padded[33], hex[2 * 160 + 1] = "";

	snprintf(padded, sizeof(padded), "%-32s", label);
	append_hex(hex, padded, 32);
	append_hex(hex, "00000000000000000000000000000001", 32);
	append_hex(hex, "E16R01NJ        ", 16);
	append_hex(hex, "0000000020500003", 16);
	append_hex(hex, numbers, sizeof(numbers));
	append_hex(hex, "0301", 4);
	append_hex(hex, "9999999999999999", 16);
	return fprintf(image, "ef jpki 0006 data free %s\n", hex) > 0;
}

/* Fifteen digits, the municipality and the day of expiry, behind tag 01 and the length 28. */
static bool write_card_number(FILE *image, time_t end)
{
	char digits[16], date[9], number[29], hex[2 * 30 + 1] = "011C";
	struct tm tm;

	if (!vcard_random_digits(digits, sizeof(digits) - 1) || gmtime_r(&end, &tm) == NULL ||
	    strftime(date, sizeof(date), "%Y%m%d", &tm) == 0)
		return false;
	snprintf(number, sizeof(number), "%s%s%s", digits, VCARD_MUNICIPALITY, date);
	append_hex(hex, number, 28);
	return fprintf(image, "ef common 0001 record free %s\n", hex) > 0;
}

static bool write_image(const char *dir, const struct profile *profile, time_t end)
{
	FILE *image = create(dir, VCARD_IMAGE_FILE);
	bool ok;

	if (image == NULL)
		return false;
	ok = fprintf(image, "# %s\natr contact %s\natr contactless %s\n", profile->name,
		     profile->atr[VCARD_CONTACT], profile->atr[VCARD_CONTACTLESS]) > 0;
	if (profile->label != NULL)
		ok = ok && fputs(part_jpki, image) >= 0 && write_token_info(image, profile->label);
	for (size_t i = 0; i < PARTS_MAX && profile->parts[i] != NULL; i++)
		ok = ok && fputs(profile->parts[i], image) >= 0;
	if ((profile->make & MAKE_COMMON) != 0)
		ok = ok && write_card_number(image, end);
	if (fclose(image) != 0)
		ok = false;
	return ok;
}

static bool make_common_key(const char *dir)
{
	EVP_PKEY *key = EVP_RSA_gen(2048U);
	bool ok = key != NULL && write_key(dir, "common.key", key);

	EVP_PKEY_free(key);
	return ok;
}

static bool write_filler(const char *dir)
{
	char text[2049];

	memset(text, 0xFF, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	return write_text(dir, "filled.der", text);
}

/* An empty directory to write to, made if need be. */
static bool prepare(const char *dir)
{
	char path[PATH_MAX];
	struct stat status;

	if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
		perror(dir);
		return false;
	}
	if (!vcard_path(path, dir, VCARD_IMAGE_FILE) || stat(path, &status) == 0) {
		fprintf(stderr, "%s: there is a card already\n", dir);
		return false;
	}
	return true;
}

static bool make_files(const char *dir, const struct profile *profile, time_t end)
{
	unsigned make = profile->make;
	bool ok = true;

	if ((make & MAKE_AUTH) != 0)
		ok = make_pair(dir, VCARD_AUTH, profile->short_key, end);
	if ((make & MAKE_SIGN) != 0)
		ok = ok && make_pair(dir, VCARD_SIGN, profile->short_key, end);
	if ((make & MAKE_COMMON) != 0)
		ok = ok && make_common_key(dir);
	if ((make & MAKE_FILLER) != 0)
		ok = ok && write_filler(dir);
	return ok;
}

/* The image itself comes last: what was left half made is not a card. */
bool vcard_make(const char *dir, const struct vcard_make_options *options)
{
	static const struct vcard_make_options preset = {VCARD_MYNUMBER, VCARD_VALID};
	const struct profile *profile;
	time_t end;
	bool ok;

	if (options == NULL)
		options = &preset;
	profile = &profiles[options->profile];
	end = not_after(options);
	if (!prepare(dir))
		return false;
	ok = make_files(dir, profile, end) &&
	     (profile->state == NULL || write_text(dir, VCARD_STATE_FILE, profile->state)) &&
	     write_image(dir, profile, end);
	if (!ok)
		fprintf(stderr, "%s: the card could not be made\n", dir);
	return ok;
}
