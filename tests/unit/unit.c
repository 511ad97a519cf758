/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "make.h"

void unit_assert_error(enum jpki_error got, enum jpki_error wanted, const char *expression,
		       const char *file, int line)
{
	if (got == wanted)
		return;
	print_error("%s is %s instead of %s\n", expression, jpki_error_name(got),
		    jpki_error_name(wanted));
	_fail(file, line);
}

void unit_assert_failure(enum jpki_error got, const char *expression, const char *file, int line)
{
	if (got != JPKI_OK)
		return;
	print_error("%s did not fail\n", expression);
	_fail(file, line);
}

void unit_assert_between(int64_t value, int64_t low, int64_t high, const char *expression,
			 const char *file, int line)
{
	if (low <= value && value <= high)
		return;
	print_error("%s is %" PRId64 ", not within %" PRId64 " and %" PRId64 "\n", expression,
		    value, low, high);
	_fail(file, line);
}

void unit_path(char path[PATH_MAX], const char *directory, const char *name)
{
	int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	assert_true(length > 0 && length < PATH_MAX);
}

void unit_directory_make(char path[PATH_MAX])
{
	const char *parent = getenv("TMPDIR");

	unit_path(path, parent != NULL ? parent : "/tmp", "jpki-unit-XXXXXX");
	assert_non_null(mkdtemp(path));
}

void unit_directory_remove(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		char inner[PATH_MAX];

		unit_path(inner, path, entry->d_name);
		unlink(inner); /* fails for . and .. alone: nothing here is deeper */
	}
	if (stream != NULL)
		closedir(stream);
	rmdir(path);
}

char *unit_read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *data;
	long size;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	data = calloc((size_t)size + 1, 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)size, file), size);
	fclose(file);
	*length = (size_t)size;
	return data;
}

void unit_write_file(const char *path, const void *data, size_t length)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void copy_directory(const char *from, const char *to)
{
	DIR *stream = opendir(from);
	struct dirent *entry;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL) {
		char source[PATH_MAX], target[PATH_MAX];
		size_t length;
		char *data;

		if (entry->d_name[0] == '.')
			continue;
		unit_path(source, from, entry->d_name);
		unit_path(target, to, entry->d_name);
		data = unit_read_file(source, &length);
		unit_write_file(target, data, length);
		free(data);
	}
	closedir(stream);
}

static void make_card(const char *dir, const char *name)
{
	struct vcard_make_options options = {.profile = VCARD_MYNUMBER, .validity = VCARD_VALID};

	if (strcmp(name, "second") != 0)
		assert_true(vcard_profile_by_name(name, &options.profile));
	assert_true(vcard_make(dir, &options));
}

void unit_card_open(struct unit_card *card, const char *name, const struct vcard_options *options)
{
	char master[PATH_MAX], image[PATH_MAX];

	unit_path(master, UNIT_CARDS, name);
	unit_path(image, master, "card");
	unit_directory_make(card->dir);
	if (access(image, R_OK) == 0)
		copy_directory(master, card->dir);
	else
		make_card(card->dir, name);
	card->card = vcard_open(card->dir, options);
	assert_non_null(card->card);
}

void unit_card_close(struct unit_card *card)
{
	vcard_close(card->card);
	card->card = NULL;
	if (card->dir[0] != '\0')
		unit_directory_remove(card->dir);
	card->dir[0] = '\0';
}

/* One line of the virtual card's state file, in which application 1 is the JPKI. */
static void print_pin(FILE *file, uint16_t id, unsigned int tries, const char *pin)
{
	fprintf(file, "1 %04X %u ", id, tries);
	for (; *pin != '\0'; pin++)
		fprintf(file, "%02X", (unsigned int)(unsigned char)*pin);
	fputc('\n', file);
}

void unit_card_set_pin(struct unit_card *card, uint16_t file, unsigned int tries, const char *pin)
{
	uint16_t other = file == UNIT_AUTH_PIN_FILE ? UNIT_SIGN_PIN_FILE : UNIT_AUTH_PIN_FILE;
	int other_tries = vcard_tries(card->card, other);
	char path[PATH_MAX];
	FILE *state;

	unit_path(path, card->dir, "state");
	state = fopen(path, "w");
	assert_non_null(state);
	print_pin(state, file, tries, pin);
	if (other_tries >= 0)
		print_pin(state, other, (unsigned int)other_tries,
			  other == UNIT_AUTH_PIN_FILE ? VCARD_AUTH_PIN : VCARD_SIGN_PIN);
	assert_int_equal(fclose(state), 0);
	assert_int_equal(vcard_tries(card->card, file), tries);
}

X509 *unit_certificate(const struct unit_card *card, const char *name)
{
	char path[PATH_MAX];
	X509 *certificate;
	FILE *file;

	unit_path(path, card->dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(certificate);
	return certificate;
}

uint8_t *unit_issue(EVP_PKEY *key, size_t *length)
{
	X509 *certificate = X509_new();
	unsigned char *der = NULL;
	int written;

	assert_non_null(certificate);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
	assert_int_equal(X509_set_pubkey(certificate, key), 1);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	written = i2d_X509(certificate, &der);
	assert_true(written > 0);
	X509_free(certificate);
	*length = (size_t)written;
	return der;
}

void unit_assert_signed(const X509 *certificate, const uint8_t *data, size_t length,
			const uint8_t *signature, size_t signature_length)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	uint8_t recovered[256];
	size_t recovered_length = sizeof(recovered);

	assert_non_null(context);
	assert_int_equal(EVP_PKEY_verify_recover_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), 1);
	assert_int_equal(EVP_PKEY_verify_recover(context, recovered, &recovered_length, signature,
						 signature_length),
			 1);
	assert_int_equal(recovered_length, length);
	assert_memory_equal(recovered, data, length);
	EVP_PKEY_CTX_free(context);
}

/* The status word of one command over a link of the test's own. */
static unsigned int raw(struct jpki_transport *transport, struct jpki_link *link, const char *hex)
{
	uint8_t command[JPKI_APDU_COMMAND_MAX], response[JPKI_APDU_RESPONSE_MAX];
	size_t length = unit_hex(hex, command, sizeof(command));
	size_t response_length = sizeof(response);

	assert_error(transport->ops->transmit(link, command, length, response, &response_length),
		     JPKI_OK);
	assert_true(response_length >= 2);
	return (unsigned int)(response[response_length - 2] << 8 | response[response_length - 1]);
}

bool unit_key_is_open(struct vcard_transport *readers, const char *reader, uint16_t file)
{
	struct jpki_transport *transport = vcard_transport_base(readers);
	struct jpki_link *link = NULL;
	char select[32];
	bool was_reset;
	unsigned int sw;

	vcard_transport_set_hook(readers, NULL, NULL);
	assert_error(transport->ops->connect(transport, reader, &link), JPKI_OK);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	assert_int_equal(raw(transport, link, UNIT_SELECT_AP), 0x9000);
	snprintf(select, sizeof(select), UNIT_SELECT_EF "%04X", file);
	assert_int_equal(raw(transport, link, select), 0x9000);
	sw = raw(transport, link, "802A0080010100");
	assert_true(sw == 0x9000 || sw == 0x6982);
	transport->ops->end(link);
	transport->ops->disconnect(link);
	return sw == 0x9000;
}

static const char *word_of_select(const uint8_t *command, size_t length, char word[16])
{
	if (command[2] == 0x02 && length == 7) {
		snprintf(word, 16, "EF:%02X%02X", command[5], command[6]);
		return word;
	}
	if (command[2] != 0x04 || length < 6)
		return "SELECT?";
	if (command[5] == 0xA0)
		return "LEAVE";
	if (length == 15 && command[13] == 0x04 && command[14] == 0x08)
		return "TEXT";
	return length == 15 && command[7] == 0xF0 ? "AP" : "COMMON";
}

static const char *word_of(const uint8_t *command, size_t length, char word[16])
{
	switch (command[1]) {
	case 0x20:
		return length > 5 ? "VERIFY" : "TRIES";
	case 0x2A:
		if (command[3] == 0x80)
			return "SIGN";
		snprintf(word, 16, "SIGN:%04X", command[3] & 0x1f);
		return word;
	case 0x84:
		return "RANDOM";
	case 0xA4:
		return word_of_select(command, length, word);
	case 0xB0:
		if ((command[2] & 0x80) == 0)
			return "READ";
		snprintf(word, 16, "READ:%04X", command[2] & 0x1f);
		return word;
	case 0xB2:
		return "RECORD";
	case 0xC0:
		return "MORE";
	default:
		return "?";
	}
}

void unit_trace(struct vcard_transport *readers, char trace[UNIT_TRACE_MAX])
{
	size_t count = vcard_transport_exchanges(readers);
	size_t used = 0;

	assert_true(count <= VCARD_HISTORY_LEN);
	trace[0] = '\0';
	while (count-- > 0) {
		uint8_t command[JPKI_APDU_COMMAND_MAX];
		size_t length = vcard_transport_command(readers, count, command);
		char word[16];

		assert_true(length >= 4);
		used += (size_t)snprintf(trace + used, UNIT_TRACE_MAX - used, "%s%s",
					 used > 0 ? " " : "", word_of(command, length, word));
		assert_true(used < UNIT_TRACE_MAX);
	}
}

void unit_assert_trace(struct vcard_transport *readers, const char *wanted)
{
	char trace[UNIT_TRACE_MAX];

	unit_trace(readers, trace);
	assert_string_equal(trace, wanted);
}

size_t unit_hex(const char *hex, uint8_t *bytes, size_t capacity)
{
	size_t length = strlen(hex) / 2;

	assert_true(strlen(hex) % 2 == 0 && length <= capacity);
	for (size_t i = 0; i < length; i++) {
		unsigned int byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		bytes[i] = (uint8_t)byte;
	}
	return length;
}

bool unit_is_under_valgrind(void)
{
	const char *before = getenv("LD_PRELOAD");

	return before != NULL && strstr(before, "under-valgrind") != NULL;
}

unsigned int unit_share(void)
{
	const char *share = getenv("SWEEP_SHARE");
	unsigned long number = share != NULL ? strtoul(share, NULL, 10) : 1;

	return number >= 1 && number <= 100 ? (unsigned int)number : 1;
}
