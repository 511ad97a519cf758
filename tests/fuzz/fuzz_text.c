/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text application under the token layer: the holder's attributes and the number of the card.
 * The first byte of the input chooses the card. With its highest bit the rest is the file of
 * attributes of a card that is honest otherwise; without it the second byte has the jobs, and the
 * rest is the events of hostile.h.
 */
#include "hostile.h"

#include <string.h>

#include "base/config.h"
#include "internal.h"
#include "token/readers.h"
#include "token/token.h"

const char fuzz_name[] = "text";

#define THE_FILE 0x80
/* The first cards of the stage have the text application. */
#define TEXT_CARDS      4
#define FILE_ATTRIBUTES 0x0002

#define JOB_WRONG_PIN 0x01 /* once, twice the same, and a second one */
#define JOB_NO_NUMBER 0x02
#define JOB_NO_TRIES  0x04
#define JOB_LOGIN     0x08 /* with another PIN, which stays logged in */
#define JOB_AGAIN     0x10 /* the attributes once more */

static struct hostile hostile;
static struct jpki_readers readers;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	stage_set_up();
	return 0;
}

static void begin(void)
{
	struct jpki_config config = jpki_config_defaults();

	config.tries_recorded = false;
	config.refusals_shared = false;
	jpki_readers_init(&readers, stage_make_transport(), &config);
}

/* What a program does between two calls: see which cards there are. */
static struct jpki_token_ref look(enum jpki_key key)
{
	struct jpki_reader_list list;

	stage_check();
	if (readers.transport->ops->list(readers.transport, &list) == JPKI_OK)
		jpki_readers_place(&readers, &list);
	jpki_readers_observe(&readers, readers.count, &list);
	fuzz_check(readers.count > 0);
	return (struct jpki_token_ref){.reader = readers.all[0],
				       .key = key,
				       .insertion = jpki_reader_insertion(readers.all[0])};
}

static void end(void)
{
	stage_check();
	jpki_readers_clear(&readers);
	fuzz_check(stage.readers == NULL);
}

static bool is_zero(const void *data, size_t length)
{
	const uint8_t *bytes = data;
	uint8_t all = 0;

	for (size_t i = 0; i < length; i++)
		all |= bytes[i];
	return all == 0;
}

static bool are_digits(const char *text, size_t length)
{
	bool are = true;

	for (size_t i = 0; i < length; i++)
		are = are && text[i] >= '0' && text[i] <= '9';
	return are;
}

/* It is text of some characters, each as long as its first byte says, and none is a control. */
static void check_text(const struct jpki_attribute *attribute)
{
	const uint8_t *text = attribute->text;
	size_t left = 0;

	fuzz_check(attribute->length > 0 && attribute->length <= sizeof(attribute->text));
	for (size_t i = 0; i < attribute->length; i++) {
		fuzz_check((left > 0) == ((text[i] & 0xC0U) == 0x80));
		fuzz_check(text[i] >= 0x20 && text[i] != 0x7F);
		fuzz_check(i == 0 || text[i - 1] != 0xC2 || text[i] >= 0xA0);
		if (left > 0)
			left--;
		else if (text[i] >= 0xC0)
			left = text[i] < 0xE0 ? 1 : text[i] < 0xF0 ? 2 : 3;
	}
	fuzz_check(left == 0);
}

static void check_number(enum jpki_error error, const char number[JPKI_CARD_NUMBER_LENGTH])
{
	fuzz_check(error == JPKI_OK ? are_digits(number, JPKI_CARD_NUMBER_LENGTH)
				    : is_zero(number, JPKI_CARD_NUMBER_LENGTH));
}

static enum jpki_error read_attributes(const char *pin, struct jpki_attributes *attributes)
{
	struct jpki_token_ref token;
	char number[JPKI_CARD_NUMBER_LENGTH];
	enum jpki_error error;

	hostile_next_call(&hostile);
	token = look(JPKI_PIN_TEXT);
	error = jpki_token_attributes(&token, (const uint8_t *)pin, strlen(pin), attributes,
				      number);
	check_number(error, number);
	if (error == JPKI_OK) {
		check_text(&attributes->name);
		check_text(&attributes->address);
		fuzz_check(are_digits(attributes->birthday, JPKI_BIRTHDAY_LENGTH));
		fuzz_check(are_digits(&attributes->sex, 1));
	} else {
		fuzz_check(is_zero(attributes, sizeof(*attributes)));
	}
	return error;
}

static void read_number(void)
{
	struct jpki_token_info info = {.serial = ""};
	struct jpki_token_ref token;
	char number[JPKI_CARD_NUMBER_LENGTH];

	hostile_next_call(&hostile);
	token = look(JPKI_KEY_AUTH);
	jpki_token_get_info(&token, &info);
	check_number(jpki_token_card_number(&token, info.serial, number), number);
}

static void read_tries(void)
{
	struct jpki_token_ref token;
	struct jpki_token_info info;

	hostile_next_call(&hostile);
	token = look(JPKI_PIN_TEXT);
	if (jpki_token_get_info(&token, &info) == JPKI_OK)
		fuzz_check(info.tries >= -1 && info.tries <= 3 && !info.has_key);
}

static void log_in(void)
{
	struct jpki_token_ref token;

	hostile_next_call(&hostile);
	token = look(JPKI_KEY_AUTH);
	jpki_token_login(&token, (const uint8_t *)STAGE_AUTH_PIN, strlen(STAGE_AUTH_PIN));
}

static void run_jobs(uint8_t jobs)
{
	static struct jpki_attributes attributes;
	bool has_text = stage.card != NULL &&
			vcard_find_ef(stage.card, VCARD_APP_TEXT, VCARD_EF_TEXT_PIN) != NULL;
	enum jpki_error wanted = has_text ? JPKI_OK : JPKI_E_NO_TOKEN;
	enum jpki_error error;

	if ((jobs & JOB_NO_TRIES) == 0)
		read_tries();
	if ((jobs & JOB_NO_NUMBER) == 0)
		read_number();
	if ((jobs & JOB_LOGIN) != 0)
		log_in();
	if ((jobs & JOB_WRONG_PIN) != 0) {
		read_attributes("9999", &attributes);
		read_attributes("9999", &attributes);
		read_attributes("8888", &attributes);
		wanted = has_text ? JPKI_E_PIN_FINAL_TRY : JPKI_E_NO_TOKEN;
	}
	error = read_attributes(STAGE_TEXT_PIN, &attributes);
	fuzz_check(stage.hostile || error == wanted);
	if ((jobs & JOB_AGAIN) != 0)
		read_attributes(STAGE_TEXT_PIN, &attributes);
	fuzz_check(stage.hostile || !has_text ||
		   vcard_tries_in(stage.card, "text", VCARD_EF_TEXT_PIN) > 0);
}

/* Whether the file begins with an object that is believed: as the parser alone has it. */
static bool is_good(const uint8_t *data, size_t size, struct jpki_attributes *attributes)
{
	size_t total = 0;

	return jpki_attributes_total_length(data, size, &total) == JPKI_OK && total <= size &&
	       total <= JPKI_ATTRIBUTES_FILE_MAX &&
	       jpki_attributes_parse(data, total, attributes) == JPKI_OK;
}

/* Through a card the file means what it means to the parser, however many answers it takes. */
static void run_file(const struct fuzz_input *input)
{
	static struct jpki_attributes direct, read;
	uint8_t copy[VCARD_FILE_MAX];
	struct vcard_ef *ef = vcard_find_ef(stage.card, VCARD_APP_TEXT, FILE_ATTRIBUTES);
	const struct vcard_ef kept = *ef;
	bool good;

	ef->len = input->size < sizeof(copy) ? input->size : sizeof(copy);
	memcpy(copy, input->data, ef->len);
	ef->data = copy;
	good = is_good(copy, ef->len, &direct);
	fuzz_check((read_attributes(STAGE_TEXT_PIN, &read) == JPKI_OK) == good);
	if (good)
		fuzz_check(memcmp(&direct, &read, sizeof(read)) == 0);
	ef->data = kept.data;
	ef->len = kept.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t first = fuzz_byte(&input);
	uint8_t jobs;

	memset(&hostile, 0, sizeof(hostile));
	if ((first & THE_FILE) != 0) {
		stage_begin(first % TEXT_CARDS, false);
		begin();
		run_file(&input);
	} else {
		jobs = fuzz_byte(&input);
		stage_begin(first, false);
		hostile_begin(&hostile, input);
		begin();
		run_jobs(jobs);
	}
	end();
	return 0;
}
