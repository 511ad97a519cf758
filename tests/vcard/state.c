/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state file: one line "APP ID TRIES HEX" per PIN file, APP as a number. It replaces what
 * the image was issued with; without a state file the card is as issued. It is read again
 * before each PIN command, so that another process may restore the card while it is in use.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_LEN 128

static bool load_line(struct vcard *card, const char *text)
{
	char hex[2 * VCARD_PIN_MAX + 1];
	unsigned app, id, tries;
	struct vcard_ef *ef;

	if (sscanf(text, "%u %4x %u %32s", &app, &id, &tries, hex) != 4 || app >= VCARD_APP_COUNT)
		return false;
	ef = vcard_find_ef(card, (enum vcard_app_kind)app, (uint16_t)id);
	if (ef == NULL || ef->kind != VCARD_EF_PIN || tries > ef->pin.max)
		return false;
	ef->pin.tries = tries;
	return vcard_parse_hex(hex, ef->pin.value, sizeof(ef->pin.value), &ef->pin.len);
}

void vcard_reissue(struct vcard *card)
{
	for (size_t i = 0; i < card->ef_count; i++) {
		bool verified = card->efs[i].pin.verified;

		card->efs[i].pin = card->efs[i].issued;
		card->efs[i].pin.verified = verified;
	}
}

bool vcard_state_load(struct vcard *card)
{
	char path[PATH_MAX];
	char text[LINE_LEN];
	FILE *file;
	bool ok = true;

	if (card->options.in_memory)
		return true;
	vcard_reissue(card);
	if (!vcard_path(path, card->dir, VCARD_STATE_FILE))
		return false;
	file = fopen(path, "r");
	if (file == NULL)
		return errno == ENOENT;
	while (ok && fgets(text, sizeof(text), file) != NULL)
		ok = load_line(card, text);
	fclose(file);
	if (!ok)
		fprintf(stderr, "%s: not a state file of this card\n", path);
	return ok;
}

static bool write_state(const struct vcard *card, FILE *file)
{
	bool ok = true;

	for (size_t i = 0; i < card->ef_count; i++) {
		const struct vcard_ef *ef = &card->efs[i];

		if (ef->kind != VCARD_EF_PIN)
			continue;
		ok = ok && fprintf(file, "%d %04X %u ", (int)ef->app, ef->id, ef->pin.tries) > 0;
		for (size_t j = 0; j < ef->pin.len; j++)
			ok = ok && fprintf(file, "%02X", ef->pin.value[j]) > 0;
		ok = ok && fputc('\n', file) != EOF;
	}
	return ok;
}

bool vcard_state_save(const struct vcard *card)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	FILE *file;
	bool ok;

	if (card->options.in_memory)
		return true;
	if (!vcard_path(path, card->dir, VCARD_STATE_FILE) ||
	    !vcard_path(temporary, card->dir, VCARD_STATE_FILE ".new"))
		return false;
	file = fopen(temporary, "w");
	if (file == NULL)
		return false;
	ok = write_state(card, file);
	if (fclose(file) != 0)
		ok = false;
	if (ok)
		ok = rename(temporary, path) == 0;
	if (!ok)
		unlink(temporary);
	return ok;
}

bool vcard_restore(const char *dir)
{
	struct vcard *card = vcard_open(dir, NULL);
	char path[PATH_MAX];
	bool ok = false;

	if (card == NULL)
		return false;
	ok = vcard_path(path, card->dir, VCARD_STATE_FILE) &&
	     (unlink(path) == 0 || errno == ENOENT);
	if (!ok)
		perror(path);
	vcard_close(card);
	return ok;
}
