/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loading a card image: the file "card" in the image directory says in one line each
 *
 *   atr contact|contactless HEX
 *   app isd|jpki|common|text|juki|face|other AID
 *   ef APP ID cert ACCESS FILE    a certificate in DER
 *   ef APP ID data ACCESS HEX     a short file
 *   ef APP ID record ACCESS HEX   a file with one record
 *   ef APP ID key ACCESS FILE     a private key in PEM
 *   ef APP ID pin TRIES HEX       a PIN with all its tries
 *   ef APP ID unset never -       a PIN that was never set
 *   ef APP ID internal never -    a file that no command opens
 *   refuse SW                     the answer to every command
 *
 * ACCESS is "free", "never" or the ID of the PIN that must have been verified, or two of them
 * with "|" between, either of which opens it. A PIN issued with 0 tries is blocked for good.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#define LINE_LEN   5120
#define PADDED_LEN 2048

static const char *const app_names[] = {
	[VCARD_APP_NONE] = "isd",    [VCARD_APP_JPKI] = "jpki", [VCARD_APP_COMMON] = "common",
	[VCARD_APP_OTHER] = "other", [VCARD_APP_TEXT] = "text", [VCARD_APP_JUKI] = "juki",
	[VCARD_APP_FACE] = "face",
};

/* The words of one line; unused ones are empty. */
struct line {
	char word[6][LINE_LEN];
};

bool vcard_path(char path[PATH_MAX], const char *dir, const char *name)
{
	int len = snprintf(path, PATH_MAX, "%s/%s", dir, name);

	return len > 0 && len < PATH_MAX;
}

static int hex_digit(char c)
{
	int digit = -1;

	if (c >= '0' && c <= '9')
		digit = c - '0';
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10;
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10;
	return digit;
}

bool vcard_parse_hex(const char *hex, uint8_t *bytes, size_t cap, size_t *len)
{
	size_t count = strlen(hex) / 2;

	if (strlen(hex) % 2 != 0 || count > cap)
		return false;
	for (size_t i = 0; i < count; i++) {
		int high = hex_digit(hex[2 * i]);
		int low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*len = count;
	return true;
}

static bool parse_id(const char *text, uint16_t *id)
{
	uint8_t bytes[2];
	size_t len = 0;

	if (!vcard_parse_hex(text, bytes, sizeof(bytes), &len) || len != sizeof(bytes))
		return false;
	*id = (uint16_t)(bytes[0] << 8 | bytes[1]);
	return true;
}

static bool parse_access(const char *text, struct vcard_ef *ef)
{
	char first[5] = "";
	bool ok = true;

	ef->access_also = VCARD_ACCESS_NEVER;
	if (strcmp(text, "free") == 0)
		ef->access = VCARD_ACCESS_FREE;
	else if (strcmp(text, "never") == 0)
		ef->access = VCARD_ACCESS_NEVER;
	else if (strlen(text) == 9 && text[4] == '|')
		ok = sscanf(text, "%4s", first) == 1 && parse_id(first, &ef->access) &&
		     parse_id(text + 5, &ef->access_also);
	else
		ok = parse_id(text, &ef->access);
	return ok;
}

bool vcard_app_by_name(const char *text, enum vcard_app_kind *kind)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(app_names) / sizeof(app_names[0]); i++) {
		if (strcmp(app_names[i], text) == 0) {
			*kind = (enum vcard_app_kind)i;
			found = true;
		}
	}
	return found;
}

static bool load_atr(struct vcard *card, const struct line *line)
{
	bool contact = strcmp(line->word[1], "contact") == 0;
	size_t i = contact ? VCARD_CONTACT : VCARD_CONTACTLESS;

	if (!contact && strcmp(line->word[1], "contactless") != 0)
		return false;
	return vcard_parse_hex(line->word[2], card->atr[i], VCARD_ATR_MAX, &card->atr_len[i]) &&
	       vcard_atr_is_valid(card->atr[i], card->atr_len[i]);
}

static bool load_app(struct vcard *card, const struct line *line)
{
	struct vcard_app *app = &card->apps[card->app_count];

	if (card->app_count == VCARD_APPS_MAX || !vcard_app_by_name(line->word[1], &app->kind))
		return false;
	if (!vcard_parse_hex(line->word[2], app->aid, VCARD_AID_MAX, &app->aid_len))
		return false;
	card->app_count++;
	return app->aid_len > 0;
}

static bool load_hex(struct vcard_ef *ef, const char *hex)
{
	ef->data = malloc(strlen(hex) / 2 + 1);
	return ef->data != NULL && vcard_parse_hex(hex, ef->data, strlen(hex) / 2, &ef->len);
}

static bool load_certificate(const struct vcard *card, struct vcard_ef *ef, const char *name)
{
	char path[PATH_MAX];
	FILE *file = NULL;
	bool ok = false;

	if (!vcard_path(path, card->dir, name))
		return false;
	file = fopen(path, "rb");
	if (file == NULL)
		goto out;
	ef->data = malloc(VCARD_FILE_MAX);
	if (ef->data == NULL)
		goto out;
	ef->len = fread(ef->data, 1, VCARD_FILE_MAX, file);
	if (ferror(file) != 0 || fgetc(file) != EOF)
		goto out;
	if (card->options.quirk[VCARD_QUIRK_PADDED] != 0 && ef->len < PADDED_LEN) {
		memset(ef->data + ef->len, 0xFF, PADDED_LEN - ef->len);
		ef->len = PADDED_LEN;
	}
	ok = true;
out:
	if (file != NULL)
		fclose(file);
	return ok;
}

static bool load_key(const struct vcard *card, struct vcard_ef *ef, const char *name)
{
	char path[PATH_MAX];
	FILE *file;

	if (!vcard_path(path, card->dir, name))
		return false;
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	ef->key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	return ef->key != NULL;
}

static bool load_pin(struct vcard_ef *ef, const char *tries, const char *value)
{
	struct vcard_pin *pin = &ef->issued;

	if (strlen(tries) > 2 || strspn(tries, "0123456789") != strlen(tries) ||
	    sscanf(tries, "%u", &pin->max) != 1 || pin->max > 15)
		return false;
	pin->tries = pin->max;
	return vcard_parse_hex(value, pin->value, sizeof(pin->value), &pin->len) && pin->len > 0;
}

static bool load_ef(struct vcard *card, const struct line *line)
{
	struct vcard_ef *ef = &card->efs[card->ef_count];
	const char *kind = line->word[3];
	const char *access = line->word[4];
	const char *value = line->word[5];
	bool ok = false;

	if (card->ef_count == VCARD_EFS_MAX)
		return false;
	card->ef_count++;
	if (!vcard_app_by_name(line->word[1], &ef->app) || !parse_id(line->word[2], &ef->id))
		return false;
	if (strcmp(kind, "pin") == 0) {
		ef->kind = VCARD_EF_PIN;
		return load_pin(ef, access, value);
	}
	if (!parse_access(access, ef))
		return false;
	if (strcmp(kind, "cert") == 0) {
		ef->kind = VCARD_EF_DATA;
		ok = load_certificate(card, ef, value);
	} else if (strcmp(kind, "data") == 0) {
		ef->kind = VCARD_EF_DATA;
		ok = load_hex(ef, value);
	} else if (strcmp(kind, "record") == 0) {
		ef->kind = VCARD_EF_RECORD;
		ok = load_hex(ef, value) && ef->len <= 255;
	} else if (strcmp(kind, "key") == 0) {
		ef->kind = VCARD_EF_KEY;
		ok = load_key(card, ef, value);
	} else if (strcmp(kind, "unset") == 0) {
		ef->kind = VCARD_EF_UNSET;
		ok = true;
	} else if (strcmp(kind, "internal") == 0) {
		ef->kind = VCARD_EF_INTERNAL;
		ok = true;
	}
	return ok;
}

static bool load_line(struct vcard *card, const char *text)
{
	static const char format[] = "%5119s %5119s %5119s %5119s %5119s %5119s";
	struct line line = {0};
	bool ok = false;

	sscanf(text, format, line.word[0], line.word[1], line.word[2], line.word[3], line.word[4],
	       line.word[5]);
	if (line.word[0][0] == '\0' || line.word[0][0] == '#')
		ok = true;
	else if (strcmp(line.word[0], "atr") == 0)
		ok = load_atr(card, &line);
	else if (strcmp(line.word[0], "app") == 0)
		ok = load_app(card, &line);
	else if (strcmp(line.word[0], "ef") == 0)
		ok = load_ef(card, &line);
	else if (strcmp(line.word[0], "refuse") == 0)
		ok = parse_id(line.word[1], &card->refusal);
	return ok;
}

bool vcard_image_load(struct vcard *card)
{
	char path[PATH_MAX];
	char text[LINE_LEN];
	unsigned number = 0;
	FILE *file;
	bool ok = true;

	if (!vcard_path(path, card->dir, VCARD_IMAGE_FILE))
		return false;
	file = fopen(path, "r");
	if (file == NULL) {
		fprintf(stderr, "%s: no card image here\n", card->dir);
		return false;
	}
	while (ok && fgets(text, sizeof(text), file) != NULL) {
		number++;
		ok = load_line(card, text);
	}
	if (!ok)
		fprintf(stderr, "%s:%u: cannot be loaded\n", path, number);
	if (ok && (card->atr_len[VCARD_CONTACT] == 0 || card->atr_len[VCARD_CONTACTLESS] == 0)) {
		fprintf(stderr, "%s: no ATR\n", path);
		ok = false;
	}
	fclose(file);
	return ok;
}
