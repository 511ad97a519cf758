/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making a card from its profile: keys, certificates, files and the image. */
#include "make.h"

#include "certificate.h"
#include "internal.h"
#include "profiles.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define DAY             86400
#define COMMON_KEY_FILE "common.key"

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

static const char *pair_name(enum vcard_hierarchy hierarchy)
{
	return hierarchy == VCARD_AUTH ? "auth" : "sign";
}

/* The end of a day in Japan, where every certificate ends. */
static time_t end_of_day(time_t when)
{
	return when - when % DAY + 15 * 3600 - 1;
}

static time_t not_after(const struct vcard_make_options *options)
{
	const struct vcard_generation *generation = vcard_profile_row(options->profile)->generation;
	static const int days_left[] = {
		[VCARD_VALID] = 1461, [VCARD_SOON] = 30, [VCARD_EXPIRED] = -10};

	if (generation != NULL)
		return generation->end;
	return end_of_day(time(NULL) + (time_t)days_left[options->validity] * DAY);
}

/* When a certificate and its CA's are valid, and the serial number of the CA's, 0 being any. */
struct validity {
	time_t start, end, ca_start, ca_end;
	long ca_serial;
};

static struct validity validity_of(const struct vcard_profile_row *profile,
				   enum vcard_hierarchy hierarchy, time_t end)
{
	const struct vcard_generation *generation = profile->generation;
	struct validity validity = {.end = end};

	if (generation != NULL) {
		validity.start = generation->start;
		validity.ca_start = generation->ca_start;
		validity.ca_end = generation->ca_end;
		validity.ca_serial = generation->serial[hierarchy];
	} else {
		/* Five years before, in the night; the CA's began a year before that. */
		validity.start = end - (time_t)1826 * DAY - 12 * 3600;
		validity.ca_start = validity.start - (time_t)365 * DAY;
		validity.ca_end = end_of_day(validity.ca_start + (time_t)3653 * DAY);
	}
	return validity;
}

static EVP_PKEY *make_key(const struct vcard_profile_row *profile, unsigned bits)
{
	return profile->curve != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", profile->curve)
				      : EVP_RSA_gen(bits);
}

/* A key with its certificate, and the CA that issued it: four files and a key. */
static bool make_pair(const char *dir, enum vcard_hierarchy hierarchy,
		      const struct vcard_profile_row *profile, time_t end)
{
	const char *name = pair_name(hierarchy);
	const struct validity when = validity_of(profile, hierarchy, end);
	char ca_name[16], key_name[16];
	EVP_PKEY *ca_key = make_key(profile, 2048U);
	EVP_PKEY *key = make_key(profile, profile->short_key ? 1024U : 2048U);
	X509 *ca = NULL, *certificate = NULL;
	bool ok = false;

	snprintf(ca_name, sizeof(ca_name), "%s-ca", name);
	snprintf(key_name, sizeof(key_name), "%s.key", name);
	if (ca_key == NULL || key == NULL)
		goto out;
	ca = vcard_make_ca(hierarchy, ca_key, when.ca_serial, when.ca_start, when.ca_end);
	if (ca == NULL)
		goto out;
	certificate = vcard_make_end_entity(hierarchy, key, ca, ca_key, when.start, when.end);
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

/* Copies from/name to dir. False when it is not there, silently, or cannot be copied. */
static bool copy_file(const char *dir, const char *from, const char *name)
{
	char path[PATH_MAX], bytes[8192];
	FILE *source, *copy;
	size_t len;
	bool ok = false;

	if (!vcard_path(path, from, name) || (source = fopen(path, "rb")) == NULL)
		return false;
	len = fread(bytes, 1, sizeof(bytes), source);
	copy = create(dir, name);
	if (copy != NULL) {
		ok = len < sizeof(bytes) && ferror(source) == 0 &&
		     fwrite(bytes, 1, len, copy) == len;
		if (fclose(copy) != 0)
			ok = false;
	}
	fclose(source);
	return ok;
}

/* The five files of a pair, out of another card's directory. */
static bool copy_pair(const char *dir, const char *from, enum vcard_hierarchy hierarchy)
{
	static const char *const endings[] = {".key", ".der", ".crt", "-ca.der", "-ca.crt"};
	char name[32];
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", pair_name(hierarchy), endings[i]);
		ok = copy_file(dir, from, name);
	}
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

static const char *or_else(const char *value, const char *preset)
{
	return value != NULL ? value : preset;
}

/* Appends a member DFxx; its length takes two bytes more from 128 bytes on. */
static void append_member(char *hex, unsigned tag, const char *value)
{
	size_t len = strlen(value);

	sprintf(hex + strlen(hex), len < 0x80 ? "%04X%02zX" : "%04X82%04zX", tag, len);
	append_hex(hex, value, len);
}

/*
 * File 0002 of the text application, FF20 with the four attributes in it, and its PIN. DF21 is said
 * to hold offsets; zeros here (chosen). A short object has filler behind it (chosen).
 */
static bool write_attributes(FILE *image, const struct vcard_make_options *options)
{
	const char *values[] = {
		or_else(options->name, VCARD_NAME), or_else(options->address, VCARD_ADDRESS),
		or_else(options->birthday, VCARD_BIRTHDAY), or_else(options->sex, VCARD_SEX)};
	const char *pin = or_else(options->text_pin, VCARD_TEXT_PIN);
	char members[4500] = "DF21080000000000000000", pin_hex[2 * VCARD_PIN_MAX + 1] = "";
	size_t total;

	for (unsigned i = 0; i < 4; i++) {
		if (strlen(values[i]) > (i < 2 ? 1000U : 16U))
			return false;
		append_member(members, 0xDF22 + i, values[i]);
	}
	if (strlen(pin) != 4)
		return false;
	append_hex(pin_hex, pin, strlen(pin));
	total = strlen(members) / 2;
	return fprintf(image,
		       total < 0x80 ? "ef text 0002 data 0011|0015 FF20%02zX%sFFFF\n"
				    : "ef text 0002 data 0011|0015 FF2082%04zX%sFFFF\n",
		       total, members) > 0 &&
	       fprintf(image, "ef text 0011 pin 3 %s\n", pin_hex) > 0;
}

/* Appends count bytes of one kind, in place of a number that nothing here computes with. */
static void append_filler(char *hex, unsigned byte, size_t count)
{
	hex += strlen(hex);
	for (size_t i = 0; i < count; i++)
		sprintf(hex + 2 * i, "%02X", byte);
}

/*
 * The other files of the text application: hashes and a signature, a card-verifiable certificate,
 * which is the template 7F21 (ISO/IEC 7816-8), information on the application, a public key for
 * secure messaging, and two of which nothing is known. What is in them and who may read them is
 * chosen; that the first has 336 bytes was seen.
 */
static bool write_text_files(FILE *image)
{
	char hashes[2 * 336 + 1] = "FF3082014BDF3120", certificate[2 * 283 + 1] = "7F21820116";
	char key[2 * 270 + 1] = "7F49820109818201" /* modulus */ "00";

	append_filler(hashes, 0x31, 32);
	strcat(hashes, "DF3220");
	append_filler(hashes, 0x32, 32);
	strcat(hashes, "DF33820100");
	append_filler(hashes, 0x33, 256);
	strcat(certificate,
	       /* body and signature */ "7F4E0E5F2901005F20074A504B495341315F37820100");
	append_filler(certificate, 0x37, 256);
	append_filler(key, 0xA5, 256);
	strcat(key, /* exponent */ "8203010001");
	return fprintf(image,
		       "ef text 0003 data 0011 %s\nef text 0004 data free %s\n"
		       "ef text 0005 data free 00\nef text 0006 data free %s\n"
		       "ef text 0007 data never 00\nef text 0008 data never 00\n",
		       hashes, certificate, key) > 0;
}

static bool write_image(const char *dir, const struct vcard_make_options *options, time_t end)
{
	const struct vcard_profile_row *profile = vcard_profile_row(options->profile);
	FILE *image = create(dir, VCARD_IMAGE_FILE);
	bool ok;

	if (image == NULL)
		return false;
	ok = fprintf(image, "# %s\natr contact %s\natr contactless %s\n", profile->name,
		     profile->atr[VCARD_CONTACT], profile->atr[VCARD_CONTACTLESS]) > 0;
	if (profile->label != NULL)
		ok = ok && fputs("app jpki D392F000260100000001\n", image) >= 0 &&
		     write_token_info(image, profile->label);
	for (size_t i = 0; i < VCARD_PARTS_MAX && profile->parts[i] != NULL; i++)
		ok = ok && fputs(profile->parts[i], image) >= 0;
	if ((profile->make & VCARD_MAKE_COMMON) != 0)
		ok = ok && write_card_number(image, end) && write_attributes(image, options) &&
		     write_text_files(image);
	if (fclose(image) != 0)
		ok = false;
	return ok;
}

static bool make_common_key(const char *dir)
{
	EVP_PKEY *key = EVP_RSA_gen(2048U);
	bool ok = key != NULL && write_key(dir, COMMON_KEY_FILE, key);

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

/* What from has is taken from there, but a profile with certificates of its own makes its own. */
static bool make_files(const char *dir, const struct vcard_profile_row *profile, time_t end,
		       const char *from)
{
	bool own = from == NULL || profile->short_key || profile->curve != NULL ||
		   profile->generation != NULL;
	unsigned make = profile->make;
	bool ok = true;

	if ((make & VCARD_MAKE_AUTH) != 0)
		ok = (!own && copy_pair(dir, from, VCARD_AUTH)) ||
		     make_pair(dir, VCARD_AUTH, profile, end);
	if ((make & VCARD_MAKE_SIGN) != 0)
		ok = ok && ((!own && copy_pair(dir, from, VCARD_SIGN)) ||
			    make_pair(dir, VCARD_SIGN, profile, end));
	if ((make & VCARD_MAKE_COMMON) != 0)
		ok = ok && ((from != NULL && copy_file(dir, from, COMMON_KEY_FILE)) ||
			    make_common_key(dir));
	if ((make & VCARD_MAKE_FILLER) != 0)
		ok = ok && write_filler(dir);
	return ok;
}

bool vcard_make(const char *dir, const struct vcard_make_options *options)
{
	return vcard_make_with_keys(dir, options, NULL);
}

/* The image itself comes last: what was left half made is not a card. */
bool vcard_make_with_keys(const char *dir, const struct vcard_make_options *options,
			  const char *from)
{
	static const struct vcard_make_options preset = {.profile = VCARD_MYNUMBER};
	const struct vcard_profile_row *profile;
	time_t end;
	bool ok;

	if (options == NULL)
		options = &preset;
	profile = vcard_profile_row(options->profile);
	if (profile->generation != NULL && options->validity != VCARD_VALID) {
		fprintf(stderr, "%s: the validity of this profile is its own\n", profile->name);
		return false;
	}
	end = not_after(options);
	if (!prepare(dir))
		return false;
	ok = make_files(dir, profile, end, from) &&
	     (profile->state == NULL || write_text(dir, VCARD_STATE_FILE, profile->state)) &&
	     write_image(dir, options, end);
	if (!ok)
		fprintf(stderr, "%s: the card could not be made\n", dir);
	return ok;
}
