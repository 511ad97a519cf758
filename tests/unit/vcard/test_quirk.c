/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each quirk, one after the other, and the names by which they are set. */
#include "support.h"

#include <stdio.h>
#include <string.h>

/* An adult's card with one quirk, given by its text. */
static struct vcard *take_quirky(const char *quirk, enum vcard_interface interface)
{
	struct vcard_options options = {.interface = interface};

	assert_true(vcard_set_quirk(&options, quirk));
	return take_card("adult", VCARD_MYNUMBER, &options);
}

static void test_names(void **state)
{
	static const char *const wrong[] = {"",
					    "none",
					    "6f00=2",
					    "6f0",
					    "6f000",
					    "warm-reset",
					    "warm-reset=C",
					    "blocked-word",
					    "blocked-word=9000",
					    "blocked-query=2",
					    "short-read",
					    "short-read=0",
					    "short-read=256",
					    "short-read=",
					    "short-read=1x",
					    "foreign=63C0",
					    "padded="};
	static const char *const right[] = {"6f00",
					    "6f00=1",
					    "warm-reset=A",
					    "warm-reset=B",
					    "blocked-word=6983",
					    "short-read=1",
					    "short-read=255",
					    "foreign",
					    "foreign=6e00"};
	struct vcard_options options = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (vcard_set_quirk(&options, wrong[i]))
			fail_msg("%s was taken", wrong[i]);
	}
	for (size_t i = 0; i < VCARD_QUIRK_COUNT; i++)
		assert_int_equal(options.quirk[i], 0);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		if (!vcard_set_quirk(&options, right[i]))
			fail_msg("%s was not taken", right[i]);
	}
	assert_int_equal(options.quirk[VCARD_QUIRK_FOREIGN], 0x6E00);
	assert_int_equal(options.quirk[VCARD_QUIRK_SHORT_READ], 255);
	assert_int_equal(options.quirk[VCARD_QUIRK_WARM_RESET], 0xB);
	for (unsigned i = 0; i < VCARD_QUIRK_COUNT; i++)
		assert_non_null(vcard_quirk_usage((enum vcard_quirk)i));
	assert_null(vcard_quirk_usage(VCARD_QUIRK_COUNT));
}

static void test_first_command(void **state)
{
	struct vcard *card = take_quirky("6f00", VCARD_CONTACT);

	(void)state;
	converse(card, SELECT_JPKI " 6F00", SELECT_EF "0018 6A82", SELECT_JPKI OK, NULL);
	vcard_reset(card);
	converse(card, SELECT_JPKI OK, NULL);
	vcard_power_off(card);
	vcard_power_on(card);
	converse(card, "00A40000 6F00", SELECT_JPKI OK, NULL);
	vcard_close(card);
}

/* Whether the file that is current and the PIN that is verified outlive a warm reset. */
static void expect_reset(enum vcard_interface interface, const char *quirk, bool keeps)
{
	struct vcard_options options = {.interface = interface};
	struct vcard *card;

	if (quirk != NULL)
		assert_true(vcard_set_quirk(&options, quirk));
	card = take_card("adult", VCARD_MYNUMBER, &options);
	converse(card, SELECT_JPKI OK, SELECT_EF "001B 9000", VERIFY_SIGN OK, SELECT_EF "0001 9000",
		 NULL);
	vcard_reset(card);
	if (keeps)
		converse(card, "00B0000001 309000", NULL);
	else
		converse(card, "00B0000001 6986", SELECT_JPKI OK, SELECT_EF "0001 9000",
			 "00B0000001 6982", NULL);
	vcard_close(card);
}

static void test_warm_reset(void **state)
{
	(void)state;
	expect_reset(VCARD_CONTACT, NULL, false);
	expect_reset(VCARD_CONTACTLESS, NULL, true);
	expect_reset(VCARD_CONTACT, "warm-reset=A", true);
	expect_reset(VCARD_CONTACTLESS, "warm-reset=B", false);
}

static void test_contactless_atr(void **state)
{
	struct vcard_options options = {.interface = VCARD_CONTACTLESS};
	struct vcard *card = take_card("adult", VCARD_MYNUMBER, &options);
	uint8_t atr[VCARD_ATR_MAX];

	(void)state;
	assert_int_equal(vcard_atr(card, atr), 13);
	assert_memory_equal(atr, "\x3B\x88\x80\x01", 4);
	converse(card, "00CA5F5100 DA13FF8131FB468012392F31C173C601C03B9000", NULL);
	vcard_close(card);
}

static void test_atr(void **state)
{
	static const char *const wrong[] = {"",       "contacts",   "3B",         "3B8",
					    "3B80",   "3B8080",     "3B808001",   "3B80800100",
					    "3B0000", "3B80800201", "3C80800101", "3B021450FF"};
	static const char *const right[] = {"contact",  "contactless", "3B00", "3B8000",
					    "3B021450", "3B80800101",  "3F00"};
	struct vcard_options options = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (vcard_set_atr(&options, wrong[i]))
			fail_msg("%s was taken", wrong[i]);
	}
	assert_int_equal(options.atr_len, 0);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		if (!vcard_set_atr(&options, right[i]))
			fail_msg("%s was not taken", right[i]);
	}
	assert_int_equal(options.atr_len, 2);
	assert_memory_equal(options.atr, "\x3F\x00", 2);
}

/* An ATR of its own is the card's, and the object that repeats it follows. */
static void test_other_atr(void **state)
{
	struct vcard_options options = {.interface = VCARD_CONTACT};
	uint8_t atr[VCARD_ATR_MAX];
	struct vcard *card;

	(void)state;
	assert_true(vcard_set_atr(&options, "3B80800101"));
	card = take_card("adult", VCARD_MYNUMBER, &options);
	assert_int_equal(vcard_atr(card, atr), 5);
	assert_memory_equal(atr, "\x3B\x80\x80\x01\x01", 5);
	converse(card, "00CA5F5100 808001019000", SELECT_JPKI OK, SELECT_EF "0018 9000",
		 TRIES " 63C3", NULL);
	vcard_close(card);
}

/* What T=0 makes of the commands. */
static void test_t0(void **state)
{
	struct vcard_options options = {.interface = VCARD_CONTACT};
	struct vcard *card;
	uint8_t data[256];

	(void)state;
	assert_true(vcard_set_atr(&options, "3B8000"));
	card = take_card("adult", VCARD_MYNUMBER, &options);
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", TRIES " 6700", TRIES "00 63C3",
		 VERIFY_WRONG " 63C2", VERIFY_WRONG "00 6700", VERIFY_AUTH OK, TRIES "00 63C3",
		 "00A4000000 9000", SELECT_EF "0008 9000", "00B0000000 8F8F009000",
		 "00C0000000 6985", SELECT_EF "0017 9000", "802A00800230310000 6700",
		 "802A0080023031 6100", NULL);
	expect_data(card, "00C0000000", data, 256);
	vcard_close(card);
}

static void test_blocked_word(void **state)
{
	struct vcard *card = take_quirky("blocked-word=6983", VCARD_CONTACT);

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_WRONG " 63C2",
		 VERIFY_WRONG " 63C1", VERIFY_WRONG " 63C0", VERIFY_AUTH " 6983", TRIES " 63C0",
		 NULL);
	vcard_close(card);
}

static void test_blocked_query(void **state)
{
	struct vcard *card = take_quirky("blocked-query", VCARD_CONTACT);
	struct vcard_options options = {.interface = VCARD_CONTACT};

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", TRIES " 63C3", VERIFY_WRONG " 63C2",
		 VERIFY_WRONG " 63C1", TRIES " 63C1", VERIFY_WRONG " 63C0", TRIES " 6984",
		 VERIFY_AUTH " 6984", NULL);
	vcard_close(card);
	assert_true(vcard_set_quirk(&options, "blocked-query"));
	assert_true(vcard_set_quirk(&options, "blocked-word=6983"));
	card = take_card("adult", VCARD_MYNUMBER, &options);
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_WRONG " 63C2",
		 VERIFY_WRONG " 63C1", VERIFY_WRONG " 63C0", TRIES " 6983", NULL);
	vcard_close(card);
}

static void test_five_byte_tries(void **state)
{
	struct vcard *card = take_quirky("five-byte-tries", VCARD_CONTACT);

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", TRIES " 6700", TRIES "00 63C3",
		 VERIFY_WRONG " 63C2", TRIES "00 63C2", NULL);
	vcard_close(card);
}

static void test_padded(void **state)
{
	struct vcard *card = take_quirky("padded", VCARD_CONTACT);
	uint8_t data[256];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "000A 9000", "00B007FC00 FFFFFFFF9000",
		 "00B0080000 6B00", SELECT_EF "0008 9000", "00B0000000 8F8F009000", NULL);
	for (unsigned id = 1; id <= 2; id++) {
		char command[32];

		snprintf(command, sizeof(command), "0020009B06414243313233%s", OK);
		converse(card, command, NULL);
		snprintf(command, sizeof(command), "00B08%u0000", id);
		expect_data(card, command, data, 256);
		assert_int_equal(data[0], 0x30);
		expect_data(card, "00B0070000", data, 256);
		assert_int_equal(data[255], 0xFF);
	}
	vcard_close(card);
}

static void test_end_of_file(void **state)
{
	struct vcard *card = take_quirky("eof-6282", VCARD_CONTACT);

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0008 9000", "00B0000000 8F8F006282",
		 "00B0000003 8F8F009000", "00B0000300 6282", NULL);
	vcard_close(card);
	card = take_quirky("eof-empty", VCARD_CONTACT);
	converse(card, SELECT_JPKI OK, SELECT_EF "0008 9000", "00B0000000 8F8F009000",
		 "00B0000300 9000", "00B07F0000 9000", NULL);
	vcard_close(card);
}

static void test_no_pss(void **state)
{
	static const char data[] =
		"20000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F00";
	struct vcard *card = take_quirky("no-pss", VCARD_CONTACT);
	char command[128];
	uint8_t signature[256];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK, SELECT_EF "0017 9000",
		 NULL);
	for (unsigned p1 = 4; p1 <= 5; p1++) {
		snprintf(command, sizeof(command), "802A%02X80%s 6A86", p1, data);
		converse(card, command, NULL);
	}
	snprintf(command, sizeof(command), "802A0280%s", data);
	expect_data(card, command, signature, 256);
	vcard_close(card);
}

static void test_select_keys(void **state)
{
	struct vcard *card = take_quirky("select-keys", VCARD_CONTACT);
	uint8_t signature[256];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK,
		 "802A009702303100 6A86", SELECT_EF "0017 9000", NULL);
	expect_data(card, "802A008002303100", signature, 256);
	vcard_close(card);
	card = take_quirky("no-pss", VCARD_CONTACT);
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK, NULL);
	expect_data(card, "802A009702303100", signature, 256);
	vcard_close(card);
}

static void test_select_files(void **state)
{
	struct vcard *card = take_quirky("select-files", VCARD_CONTACT);

	(void)state;
	converse(card, SELECT_JPKI OK, "00B0880000 6A86", SELECT_EF "0008 9000",
		 "00B0000000 8F8F009000", "00B0880000 6A86", NULL);
	vcard_close(card);
}

static void test_get_response(void **state)
{
	struct vcard *card = take_quirky("get-response", VCARD_CONTACT);
	uint8_t data[256];

	(void)state;
	converse(card, "00C0000000 6985", SELECT_JPKI OK, SELECT_EF "0008 9000", "00B0000000 6103",
		 "00C0000004 6C03", "00C0000002 8F8F6101", "00C0000001 009000", "00C0000001 6985",
		 "00B0000000 6103", "00C0000000 8F8F009000", "00B0000000 6103", TRIES " 6986",
		 "00C0000003 6985", /* another command came between */
		 "00C0010000 6A86", SELECT_EF "000A 9000", "00B0000000 6100", NULL);
	expect_data(card, "00C0000000", data, 256);
	assert_int_equal(data[0], 0x30);
	converse(card, SELECT_EF "0018 9000", VERIFY_AUTH OK, SELECT_EF "0017 9000",
		 "802A0080010000 6100", NULL);
	expect_data(card, "00C0000000", data, 256);
	vcard_close(card);
}

static void test_wrong_le(void **state)
{
	struct vcard *card = take_quirky("wrong-le", VCARD_CONTACT);
	uint8_t data[256];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0008 9000", "00B0000000 6C03",
		 "00B0000003 8F8F009000", "00B0000010 8F8F009000", SELECT_EF "000A 9000", NULL);
	expect_data(card, "00B0000000", data, 256);
	vcard_close(card);
}

static void test_foreign(void **state)
{
	static const char *const words[] = {"6A82", "6A81", "6D00", "6E00"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct vcard *card;

		snprintf(text, sizeof(text), "foreign=%s", words[i]);
		card = take_quirky(text, VCARD_CONTACT);
		snprintf(text, sizeof(text), "%s %s", SELECT_JPKI, words[i]);
		converse(card, text, SELECT_EF "0018 6A82", SELECT_MANAGER OK, NULL);
		vcard_close(card);
	}
}

static void test_short_read(void **state)
{
	struct vcard *card = take_quirky("short-read=100", VCARD_CONTACT);
	uint8_t data[256];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "000A 9000", NULL);
	expect_data(card, "00B0000000", data, 100);
	expect_data(card, "00B0006465", data, 100);
	expect_data(card, "00B0006463", data, 99);
	vcard_close(card);
}

static void test_extended(void **state)
{
	struct vcard *card = take_quirky("extended", VCARD_CONTACT);
	uint8_t response[VCARD_RESPONSE_MAX];

	(void)state;
	assert_int_equal(send_hex(card, "00CA7F21000000", response), 283 + 2);
	assert_memory_equal(response, "\x7F\x21\x82\x01\x16", 5);
	converse(card, "00CA7F2100011A 6700", SELECT_JPKI OK, SELECT_EF "000A 9000",
		 "00840000000010 6985", "00A4040C000001D3 6700", NULL);
	assert_true(send_hex(card, "00B00000000000", response) > 1500);
	assert_int_equal(send_hex(card, "00B00000000400", response), 1026);
	vcard_close(card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),        cmocka_unit_test(test_first_command),
		cmocka_unit_test(test_warm_reset),   cmocka_unit_test(test_contactless_atr),
		cmocka_unit_test(test_atr),          cmocka_unit_test(test_other_atr),
		cmocka_unit_test(test_t0),           cmocka_unit_test(test_blocked_query),
		cmocka_unit_test(test_blocked_word), cmocka_unit_test(test_five_byte_tries),
		cmocka_unit_test(test_padded),       cmocka_unit_test(test_end_of_file),
		cmocka_unit_test(test_no_pss),       cmocka_unit_test(test_select_keys),
		cmocka_unit_test(test_no_pss),       cmocka_unit_test(test_select_files),
		cmocka_unit_test(test_get_response), cmocka_unit_test(test_wrong_le),
		cmocka_unit_test(test_foreign),      cmocka_unit_test(test_short_read),
		cmocka_unit_test(test_extended),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
