/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates out of files: every dialect of the end of a file, and every lie about lengths. */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_FIRST "00B0000000"

/* Reads over a script and compares with hexadecimal, or with an error. */
static void expect(struct stage *stage, enum jpki_error error, const char *hex)
{
	struct jpki_buffer data = {0};
	uint8_t wanted[64];
	size_t length = hex != NULL ? unit_hex(hex, wanted, sizeof(wanted)) : 0;

	assert_error(jpki_card_read_sequence(stage->card, &data), error);
	assert_int_equal(data.length, length);
	if (length != 0)
		assert_memory_equal(data.data, wanted, length);
	jpki_buffer_free(&data);
	stage_assert_done(stage);
}

static void test_small(void **state)
{
	struct stage *stage = *state;

	PLAY(stage, {READ_FIRST, "30030102039000"});
	expect(stage, JPKI_OK, "3003010203");
	PLAY(stage, {READ_FIRST, "30009000"});
	expect(stage, JPKI_OK, "3000");
	PLAY(stage, {READ_FIRST, "3003010203FFFFFFFF9000"});
	expect(stage, JPKI_OK, "3003010203");
	PLAY(stage, {READ_FIRST, "3003010203006282"});
	expect(stage, JPKI_OK, "3003010203");
}

static void test_short_reads(void **state)
{
	struct stage *stage = *state;

	PLAY(stage, {READ_FIRST, "3005019000"}, {"00B0000304", "029000"},
	     {"00B0000403", "0304059000"});
	expect(stage, JPKI_OK, "30050102030405");
}

/* The header says more than the file holds: no dialect of the end makes it whole. */
static void test_ends_early(void **state)
{
	static const char *const ends[] = {"6B00", "6282", "9000", "6700", "6985", "6A86"};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct jpki_buffer data = {0};

		PLAY(stage, {READ_FIRST, "300501026282"}, {"00B0000403", ends[i]});
		assert_failure(jpki_card_read_sequence(stage->card, &data));
		assert_int_equal(data.length, 0);
		jpki_buffer_free(&data);
		stage_assert_done(stage);
	}
}

static void test_more_than_asked(void **state)
{
	struct stage *stage = *state;

	PLAY(stage, {READ_FIRST, "300501029000"}, {"00B0000403", "030405069000"});
	expect(stage, JPKI_E_PROTOCOL, NULL);
}

static void test_too_long(void **state)
{
	static const char *const headers[] = {"308220000102", "3082FFFF0102", "30831000000102",
					      "3083FFFFFF0102"};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char answer[32];

		snprintf(answer, sizeof(answer), "%s9000", headers[i]);
		PLAY(stage, {READ_FIRST, answer});
		expect(stage, JPKI_E_BAD_DER, NULL);
	}
}

/* The longest that is taken, in pieces of 256 bytes; one byte more is not. */
static void test_longest(void **state)
{
	enum { FIRST = 256, ROUNDS = JPKI_CERTIFICATE_MAX / FIRST };
	static char answers[ROUNDS][2 * FIRST + 5], commands[ROUNDS][11];
	struct vcard_line lines[ROUNDS];
	struct stage *stage = *state;
	struct jpki_buffer data = {0};

	for (unsigned int i = 0; i < ROUNDS; i++) {
		memset(answers[i], '5', 2 * FIRST);
		strcpy(answers[i] + 2 * FIRST, "9000");
		snprintf(commands[i], sizeof(commands[i]), "00B0%04X00", i * FIRST);
		lines[i] = (struct vcard_line){commands[i], answers[i]};
	}
	/* 4 bytes of header and 8188 of content. */
	memcpy(answers[0], "30821FFC", 8);
	stage_play(stage, lines, ROUNDS);
	assert_error(jpki_card_read_sequence(stage->card, &data), JPKI_OK);
	assert_int_equal(data.length, JPKI_CERTIFICATE_MAX);
	jpki_buffer_free(&data);
	stage_assert_done(stage);
	PLAY(stage, {READ_FIRST, "30821FFD01029000"});
	expect(stage, JPKI_E_BAD_DER, NULL);
}

static void test_not_der(void **state)
{
	static const char *const answers[] = {
		"31030102039000",                                 /* a SET */
		"02030102039000",         "30800102039000",       /* indefinite */
		"3084010203049000",       "30810501020304059000", /* not the shortest form */
		"3082000501020304059000", "FF30030102039000",     /* filler before it */
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		PLAY(stage, {READ_FIRST, answers[i]});
		expect(stage, JPKI_E_BAD_DER, NULL);
	}
}

/* No certificate is no error of the card's. */
static void test_filler(void **state)
{
	static const char *const answers[] = {
		"FFFFFFFFFFFF9000", "0000000000009000", "FF9000", "009000", "9000", "6B00", "6282"};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		PLAY(stage, {READ_FIRST, answers[i]});
		expect(stage, JPKI_E_NOT_FOUND, NULL);
	}
}

static void test_refused(void **state)
{
	struct stage *stage = *state;

	PLAY(stage, {READ_FIRST, "6982"});
	expect(stage, JPKI_E_NOT_ALLOWED, NULL);
	PLAY(stage, {READ_FIRST, "6981"});
	expect(stage, JPKI_E_PROTOCOL, NULL);
}

#define NAMED_FIRST "00B08A0000"
#define SELECT_CERT UNIT_SELECT_EF "000A"

static void choose(struct stage *stage, uint16_t file)
{
	assert_error(jpki_card_choose_file(stage->card, file), JPKI_OK);
}

static void select_application(struct stage *stage)
{
	PLAY(stage, {UNIT_SELECT_AP, "9000"});
	assert_error(jpki_card_select_application(stage->card), JPKI_OK);
	stage_assert_done(stage);
}

/* A file is named in the command, and is the current one from then on. */
static void test_by_short_name(void **state)
{
	struct stage *stage = *state;
	uint8_t byte;
	size_t length = sizeof(byte);

	select_application(stage);
	choose(stage, 0x000A);
	PLAY(stage, {NAMED_FIRST, "3005019000"}, {"00B0000304", "020304059000"});
	expect(stage, JPKI_OK, "30050102030405");
	PLAY(stage, {READ_FIRST, "30009000"});
	expect(stage, JPKI_OK, "3000");
	/* One whose identifier is no short one is selected. */
	PLAY(stage, {UNIT_SELECT_EF "001F", "9000"}, {"00B0000001", "AA9000"});
	choose(stage, 0x001F);
	assert_error(jpki_card_read(stage->card, &byte, &length), JPKI_OK);
	stage_assert_done(stage);
	/* The last choice counts. */
	choose(stage, 0x000B);
	choose(stage, 0x0008);
	PLAY(stage, {"00B0880001", "8F9000"});
	assert_error(jpki_card_read(stage->card, &byte, &length), JPKI_OK);
	assert_int_equal(byte, 0x8F);
	stage_assert_done(stage);
}

/* Whatever a card answers to a short name, the file is selected; what that yields is the answer. */
static void test_not_by_short_name(void **state)
{
	static const char *const answers[] = {"6A86", "6A82", "6982", "6B00", "6986",
					      "6700", "9000", "6F00", "90"};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		select_application(stage);
		choose(stage, 0x000A);
		PLAY(stage, {NAMED_FIRST, answers[i]}, {SELECT_CERT, "6A82"});
		expect(stage, JPKI_E_NOT_FOUND, NULL);
	}
	choose(stage, 0x000A);
	PLAY(stage, {NAMED_FIRST, "6A86"}, {SELECT_CERT, "9000"}, {READ_FIRST, "30009000"});
	expect(stage, JPKI_OK, "3000");
	/* It is not named again. */
	PLAY(stage, {SELECT_CERT, "9000"}, {READ_FIRST, "30009000"});
	choose(stage, 0x000A);
	expect(stage, JPKI_OK, "3000");
}

/* A short name may give the first part and not make the file the current one: it is selected, once,
 * and read from where the first part ended. */
static void test_short_name_of_first_part(void **state)
{
	static const char *const answers[] = {"6986", "6A82", "6982", "6B00", "6700", "9000", "90"};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		/* What that yields is the answer, and nothing is tried a second time. */
		select_application(stage);
		choose(stage, 0x000A);
		PLAY(stage, {NAMED_FIRST, "3005019000"}, {"00B0000304", answers[i]},
		     {SELECT_CERT, "9000"}, {"00B0000304", "6B00"});
		expect(stage, JPKI_E_BAD_DER, NULL);
		choose(stage, 0x000A);
		PLAY(stage, {NAMED_FIRST, "3005019000"}, {"00B0000304", answers[i]},
		     {SELECT_CERT, "6A82"});
		expect(stage, JPKI_E_PROTOCOL, NULL);
	}
	choose(stage, 0x000A);
	PLAY(stage, {NAMED_FIRST, "3005019000"}, {"00B0000304", "6986"}, {SELECT_CERT, "9000"},
	     {"00B0000304", "029000"}, {"00B0000403", "0304059000"});
	expect(stage, JPKI_OK, "30050102030405");
	/* It is not named again, nor selected twice. */
	PLAY(stage, {SELECT_CERT, "9000"}, {READ_FIRST, "3005019000"}, {"00B0000304", "6986"});
	choose(stage, 0x000A);
	expect(stage, JPKI_E_PROTOCOL, NULL);
}

/* One that gives no more than that after the SELECT is not selected for each part. */
static void test_selected_once(void **state)
{
	struct stage *stage = *state;

	select_application(stage);
	choose(stage, 0x000A);
	PLAY(stage, {NAMED_FIRST, "3005019000"}, {"00B0000304", "6986"}, {SELECT_CERT, "9000"},
	     {"00B0000304", "029000"}, {"00B0000403", "6986"});
	expect(stage, JPKI_E_PROTOCOL, NULL);
}

/* Nor one again that was selected for its first part. */
static void test_selected_for_first_part(void **state)
{
	struct stage *stage = *state;

	select_application(stage);
	choose(stage, 0x000A);
	PLAY(stage, {NAMED_FIRST, "6A86"}, {SELECT_CERT, "9000"}, {READ_FIRST, "3005019000"},
	     {"00B0000304", "6986"});
	expect(stage, JPKI_E_PROTOCOL, NULL);
}

enum { KNOWN_LENGTH = 700 };

/* Answers of a file with one SEQUENCE of KNOWN_LENGTH bytes, 256 bytes in each but the last. */
static struct {
	uint8_t bytes[KNOWN_LENGTH];
	char first[2 * 256 + 5], second[2 * 256 + 5], third[2 * 256 + 5], last[2 * 256 + 5];
} known_file;

static void answer_of(char *answer, size_t from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sprintf(answer + 2 * i, "%02X", known_file.bytes[from + i]);
	strcpy(answer + 2 * length, "9000");
}

static void make_known_file(void)
{
	for (size_t i = 0; i < KNOWN_LENGTH; i++)
		known_file.bytes[i] = (uint8_t)(i * 7 + i / 256);
	memcpy(known_file.bytes, (uint8_t[]){0x30, 0x82, 0x02, 0xB8}, 4);
	answer_of(known_file.first, 0, 256);
	answer_of(known_file.second, 256, 256);
	answer_of(known_file.third, 512, KNOWN_LENGTH - 512);
	answer_of(known_file.last, KNOWN_LENGTH - 256, 256);
}

#define LAST                                                                                       \
	{                                                                                          \
		"00B001BC00", known_file.last                                                      \
	}
#define FIRST                                                                                      \
	{                                                                                          \
		NAMED_FIRST, known_file.first                                                      \
	}
#define SECOND                                                                                     \
	{                                                                                          \
		"00B0010000", known_file.second                                                    \
	}
#define THIRD                                                                                      \
	{                                                                                          \
		"00B00200BC", known_file.third                                                     \
	}

/* Reads what is known so far, and compares. */
static void expect_unless(struct stage *stage, const struct jpki_bytes *known, bool wanted)
{
	struct jpki_buffer data = {0};
	bool same = !wanted;

	assert_error(jpki_card_read_sequence_unless(stage->card, known, &same, &data), JPKI_OK);
	assert_int_equal(same, wanted);
	assert_int_equal(data.length, wanted ? 0 : KNOWN_LENGTH);
	if (!wanted)
		assert_memory_equal(data.data, known_file.bytes, KNOWN_LENGTH);
	jpki_buffer_free(&data);
	stage_assert_done(stage);
}

/* What is known is not read: two commands tell that it is still there. */
static void test_known(void **state)
{
	struct stage *stage = *state;
	uint8_t bytes[KNOWN_LENGTH];
	const struct jpki_bytes known = {bytes, sizeof(bytes)};
	const struct jpki_bytes shorter = {bytes, sizeof(bytes) - 1};

	make_known_file();
	memcpy(bytes, known_file.bytes, sizeof(bytes));
	select_application(stage);
	choose(stage, 0x000A);
	PLAY(stage, FIRST, LAST);
	expect_unless(stage, &known, true);
	/* Another length, or nothing known. */
	choose(stage, 0x000A);
	PLAY(stage, FIRST, SECOND, THIRD);
	expect_unless(stage, &shorter, false);
	choose(stage, 0x000A);
	PLAY(stage, FIRST, SECOND, THIRD);
	expect_unless(stage, NULL, false);
	/* Other bytes in the first part, or in the last. */
	for (size_t at = 0; at < KNOWN_LENGTH; at += at == 255 ? KNOWN_LENGTH - 256 - 255 : 255) {
		bytes[at] ^= 1;
		choose(stage, 0x000A);
		if (at < 256)
			PLAY(stage, FIRST, SECOND, THIRD);
		else
			PLAY(stage, FIRST, LAST, SECOND, THIRD);
		expect_unless(stage, &known, false);
		bytes[at] ^= 1;
	}
}

/* The last part does not come by the short name; or not at all, which is an error as ever. */
static void test_known_end_fails(void **state)
{
	struct stage *stage = *state;
	const struct jpki_bytes known = {known_file.bytes, KNOWN_LENGTH};
	struct jpki_buffer data = {0};
	bool same = true;

	make_known_file();
	select_application(stage);
	choose(stage, 0x000A);
	PLAY(stage, FIRST, {"00B001BC00", "6986"}, {SELECT_CERT, "9000"}, LAST);
	expect_unless(stage, &known, true);
	PLAY(stage, {SELECT_CERT, "9000"}, {READ_FIRST, known_file.first}, {"00B001BC00", "6B00"});
	choose(stage, 0x000A);
	assert_error(jpki_card_read_sequence_unless(stage->card, &known, &same, &data),
		     JPKI_E_BAD_DER);
	assert_false(same);
	assert_int_equal(data.length, 0);
	jpki_buffer_free(&data);
}

/* In another application the name is another file's: nothing is sent. */
static void test_no_short_name_elsewhere(void **state)
{
	struct stage *stage = *state;
	char serial[JPKI_CARD_SERIAL_LENGTH];

	assert_error(jpki_card_choose_file(stage->card, 0x0001), JPKI_E_INTERNAL);
	PLAY(stage, {"00A4040C0AD3921000310001010408", "9000"});
	assert_error(jpki_card_select_text_application(stage->card), JPKI_OK);
	assert_error(jpki_card_choose_file(stage->card, 0x0001), JPKI_E_INTERNAL);
	PLAY(stage, {UNIT_SELECT_COMMON, "9000"}, {"00B2010C00", "6A83"});
	assert_error(jpki_card_read_serial(stage->card, serial), JPKI_E_NOT_FOUND);
	assert_error(jpki_card_choose_file(stage->card, 0x0001), JPKI_E_INTERNAL);
	stage_assert_done(stage);
}

/* Reading makes another file the current one, so that no PIN follows. */
static void test_no_pin_after_reading(void **state)
{
	struct stage *stage = *state;
	unsigned int tries;

	select_application(stage);
	PLAY(stage, {UNIT_SELECT_EF "0018", "9000"}, {"00200080", "63C3"});
	assert_error(jpki_card_select_file(stage->card, 0x0018), JPKI_OK);
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	choose(stage, 0x000A);
	/* Nor are the tries of the one asked for before. */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_E_INTERNAL);
	assert_error(jpki_card_verify(stage->card, (const uint8_t *)"1234", 4, &tries),
		     JPKI_E_INTERNAL);
	PLAY(stage, {NAMED_FIRST, "30009000"});
	expect(stage, JPKI_OK, "3000");
	assert_error(jpki_card_verify(stage->card, (const uint8_t *)"1234", 4, &tries),
		     JPKI_E_INTERNAL);
}

struct dialect {
	enum vcard_quirk quirk;
	unsigned int value;
};

/* The certificate of a virtual card with quirks, which must be the one that was made. */
static void read_certificate(const struct dialect *dialects, size_t count)
{
	struct vcard_options options = {.interface = VCARD_CONTACT};
	struct jpki_buffer data = {0};
	struct stage stage;
	char path[PATH_MAX];
	size_t length;
	char *made;

	for (size_t i = 0; i < count; i++)
		options.quirk[dialects[i].quirk] = dialects[i].value;
	stage_start(&stage, "mynumber", &options);
	unit_path(path, stage.source.dir, "auth.der");
	made = unit_read_file(path, &length);
	assert_error(jpki_card_select_application(stage.card), JPKI_OK);
	for (int named = 0; named < 2; named++) {
		assert_error(named ? jpki_card_choose_file(stage.card, 0x000A)
				   : jpki_card_select_file(stage.card, 0x000A),
			     JPKI_OK);
		assert_error(jpki_card_read_sequence(stage.card, &data), JPKI_OK);
		assert_int_equal(data.length, length);
		assert_memory_equal(data.data, made, length);
		jpki_buffer_free(&data);
	}
	free(made);
	stage_stop(&stage);
}

static void test_dialects(void **state)
{
	static const struct dialect single[] = {
		{VCARD_QUIRK_6F00, 1},         {VCARD_QUIRK_PADDED, 1},
		{VCARD_QUIRK_EOF_6282, 1},     {VCARD_QUIRK_EOF_EMPTY, 1},
		{VCARD_QUIRK_GET_RESPONSE, 1}, {VCARD_QUIRK_WRONG_LE, 1},
		{VCARD_QUIRK_SHORT_READ, 16},  {VCARD_QUIRK_SHORT_READ, 32},
		{VCARD_QUIRK_SHORT_READ, 100}, {VCARD_QUIRK_SHORT_READ, 255},
		{VCARD_QUIRK_SELECT_FILES, 1},
	};
	static const struct dialect several[] = {{VCARD_QUIRK_PADDED, 1},
						 {VCARD_QUIRK_SHORT_READ, 224},
						 {VCARD_QUIRK_EOF_6282, 1},
						 {VCARD_QUIRK_GET_RESPONSE, 1},
						 {VCARD_QUIRK_6F00, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		read_certificate(&single[i], 1);
	read_certificate(several, sizeof(several) / sizeof(several[0]));
}

/* Byte by byte it would never end: refused, after a bounded number of exchanges. */
static void test_tiny_reads(void **state)
{
	(void)state;
	for (unsigned int bytes = 1; bytes < 5; bytes++) {
		struct vcard_options options = {.interface = VCARD_CONTACT};
		struct jpki_buffer data = {0};
		struct stage stage;

		options.quirk[VCARD_QUIRK_SHORT_READ] = bytes;
		stage_start(&stage, "mynumber", &options);
		assert_error(jpki_card_select_application(stage.card), JPKI_OK);
		assert_error(jpki_card_select_file(stage.card, 0x000A), JPKI_OK);
		assert_failure(jpki_card_read_sequence(stage.card, &data));
		assert_int_equal(data.length, 0);
		assert_true(vcard_transport_exchanges(stage.readers) < 300);
		jpki_buffer_free(&data);
		stage_stop(&stage);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_small),
		TEST(test_short_reads),
		TEST(test_ends_early),
		TEST(test_more_than_asked),
		TEST(test_too_long),
		TEST(test_longest),
		TEST(test_not_der),
		TEST(test_filler),
		TEST(test_refused),
		TEST(test_by_short_name),
		TEST(test_not_by_short_name),
		TEST(test_short_name_of_first_part),
		TEST(test_selected_once),
		TEST(test_selected_for_first_part),
		TEST(test_known),
		TEST(test_known_end_fails),
		TEST(test_no_short_name_elsewhere),
		TEST(test_no_pin_after_reading),
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_tiny_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
