/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "internal.h"

char directory[PATH_MAX];

int make_directory(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	if (parent == NULL)
		parent = "/tmp";
	assert_true(vcard_path(directory, parent, "vcard-XXXXXX"));
	assert_non_null(mkdtemp(directory));
	return 0;
}

/* Removes dir with what is in it; cards have no deeper directories. */
static void remove_flat(const char *dir)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *stream = opendir(dir);

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    vcard_path(path, dir, entry->d_name) && unlink(path) != 0)
			remove_flat(path);
	}
	if (stream != NULL)
		closedir(stream);
	rmdir(dir);
}

int remove_directory(void **state)
{
	(void)state;
	remove_flat(directory);
	return 0;
}

struct vcard *take_card(const char *name, enum vcard_profile profile,
			const struct vcard_options *options)
{
	struct vcard_make_options make = {.profile = profile, .validity = VCARD_VALID};
	char path[PATH_MAX], image[PATH_MAX];
	struct vcard *card;

	assert_true(vcard_path(path, directory, name));
	assert_true(vcard_path(image, path, VCARD_IMAGE_FILE));
	if (access(image, F_OK) != 0)
		assert_true(vcard_make(path, &make));
	else
		assert_true(vcard_restore(path));
	card = vcard_open(path, options);
	assert_non_null(card);
	vcard_power_on(card);
	return card;
}

size_t send_hex(struct vcard *card, const char *command, uint8_t response[VCARD_RESPONSE_MAX])
{
	uint8_t bytes[600];
	size_t len = 0;

	if (!vcard_parse_hex(command, bytes, sizeof(bytes), &len))
		fail_msg("not hexadecimal: %s", command);
	return vcard_transmit(card, bytes, len, response, VCARD_RESPONSE_MAX);
}

static void expect_answer(struct vcard *card, const char *line)
{
	static char hex[2 * VCARD_RESPONSE_MAX + 1];
	char command[1200];
	uint8_t response[VCARD_RESPONSE_MAX];
	size_t command_len = strcspn(line, " ");
	size_t len;

	assert_true(command_len < sizeof(command) && line[command_len] == ' ');
	memcpy(command, line, command_len);
	command[command_len] = '\0';
	len = send_hex(card, command, response);
	hex[0] = '\0';
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02X", response[i]);
	if (strcmp(hex, line + command_len + 1) != 0)
		fail_msg("%s was answered %s", line, hex);
}

void converse(struct vcard *card, ...)
{
	const char *line;
	va_list list;

	va_start(list, card);
	while ((line = va_arg(list, const char *)) != NULL)
		expect_answer(card, line);
	va_end(list);
}

void expect_data(struct vcard *card, const char *command, uint8_t *data, size_t len)
{
	uint8_t response[VCARD_RESPONSE_MAX];
	size_t got = send_hex(card, command, response);

	if (got != len + 2 || response[len] != 0x90 || response[len + 1] != 0x00)
		fail_msg("%s answered %zu bytes", command, got);
	memcpy(data, response, len);
}

X509 *read_certificate(const char *card, const char *name)
{
	char card_path[PATH_MAX], path[PATH_MAX];
	X509 *certificate;
	FILE *file;

	assert_true(vcard_path(card_path, directory, card));
	assert_true(vcard_path(path, card_path, name));
	file = fopen(path, "r");
	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(certificate);
	return certificate;
}
