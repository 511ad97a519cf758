/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of the card: applications, files, PINs, security status, signatures. */
#include "support.h"

#include <ctype.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#define SELECT_AUTH_CERT SELECT_EF "000A"
#define SELECT_AUTH_KEY  SELECT_EF "0017"
#define SELECT_AUTH_PIN  SELECT_EF "0018"
#define SELECT_SIGN_CERT SELECT_EF "0001"
#define SELECT_SIGN_KEY  SELECT_EF "001A"
#define SELECT_SIGN_PIN  SELECT_EF "001B"
#define SELECT_LABEL     SELECT_EF "0006"
#define SIGN_SIX_BYTES   "802A00800630313233343500"

static int take(void **state)
{
	*state = take_card("adult", VCARD_MYNUMBER, NULL);
	return 0;
}

static int give_back(void **state)
{
	vcard_close(*state);
	return 0;
}

static void test_select_application(void **state)
{
	converse(*state, SELECT_JPKI OK,
		 "00A404000AD392F00026010000000100 6F0C840AD392F0002601000000019000",
		 "00A404000AD392F000260100000001 9000", "00A4040C01D3 9000", SELECT_LABEL OK,
		 "00A4040C0BD392F00026010000000100 6A82", SELECT_LABEL OK,
		 "00A4040C05F000000001 6A82", SELECT_LABEL OK, "00A4040C 6700",
		 "00A4040C110102030405060708090A0B0C0D0E0F1011 6700", "00A4040001D3 9000",
		 "00A4040101D3 6A86", "00A4010C020006 6A86", NULL);
}

/* A truncated AID, and P2 02: each further application that begins with it, in turn. */
static void test_select_next_application(void **state)
{
	converse(*state, "00A4040C02D392 9000", SELECT_LABEL OK,
		 "00A4040202D39200 6F0C840AD39210003100010101009000",
		 "00A4040202D39200 6F0C840AD39210003100010104019000",
		 "00A4040202D39200 6F0C840AD39210003100010104029000",
		 "00A4040202D39200 6F0C840AD39210003100010104089000", "00A4040202D39200 6A82",
		 "00A4040C0AD3921000310001010401 9000", SELECT_LABEL " 6A82", NULL);
}

static void test_select_master_file(void **state)
{
	converse(*state, "00A40000 6A86", "00A4000C023F00 6A82", SELECT_MANAGER OK, "00A40000 6A86",
		 SELECT_JPKI OK, SELECT_AUTH_PIN OK, "00A40000 9000", TRIES " 63C3",
		 "00A4000C023F00 6A82", TRIES " 63C3", NULL);
}

static void test_select_file(void **state)
{
	static const unsigned present[] = {0x01, 0x02, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x0B, 0x10,
					   0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1E};
	char command[32];

	converse(*state, SELECT_LABEL " 6A82", SELECT_JPKI OK, NULL);
	for (unsigned id = 0; id <= 0x20; id++) {
		bool found = false;

		for (size_t i = 0; i < sizeof(present) / sizeof(present[0]); i++)
			found = found || present[i] == id;
		snprintf(command, sizeof(command), SELECT_EF "%04X %s", id,
			 found ? "9000" : "6A82");
		converse(*state, command, NULL);
	}
	converse(*state, SELECT_AUTH_PIN OK, SELECT_EF "0003 6A82",
		 TRIES " 63C3", /* the current file stayed */
		 "00A4020C010A 6700", "00A40204020018 6A86", NULL);
}

static void test_token_description(void **state)
{
	uint8_t info[160];

	converse(*state, SELECT_JPKI OK, SELECT_LABEL OK,
		 "00B0000020 4A504B494150494343544F4B454E32"
		 "20202020202020202020202020202020209000",
		 "00B0006010 0000040D0000000100000000000000019000",
		 "00B0007008 00000000000000109000", "00B0007804 000000069000",
		 "00B0007C10 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF9000", "00B0008C04 303330319000",
		 "00B0009020 393939393939393939393939393939399000", "00B000A000 6B00", NULL);
	expect_data(*state, "00B0000000", info, sizeof(info));
	assert_memory_equal(info + 32, "00000000000000000000000000000001", 32);
	assert_memory_equal(info + 64, "E16R01NJ        0000000020500003", 32);
	converse(*state, SELECT_EF "0008 9000", "00B0000000 8F8F009000", NULL);
}

static void test_read_binary(void **state)
{
	uint8_t start[256], same[256];

	converse(*state, "00B0000000 6986", SELECT_JPKI OK, "00B0000000 6986", SELECT_AUTH_CERT OK,
		 "00B07F0000 6B00", NULL);
	expect_data(*state, "00B0000000", start, 256);
	assert_int_equal(start[0], 0x30);
	assert_int_equal(start[1], 0x82);
	expect_data(*state, "00B0000A10", same, 16);
	assert_memory_equal(start + 10, same, 16);
	converse(*state, SELECT_EF "0008 9000", "00B0000000 8F8F009000",
		 "00B0000010 8F8F009000", /* no more than there is, and no complaint */
		 "00B0000201 009000", "00B0000300 6B00", "00B0000400 6B00", "00B00000 6700",
		 SELECT_AUTH_KEY OK, "00B0000000 6981", SELECT_AUTH_PIN OK, "00B0000000 6981",
		 SELECT_EF "001E 9000", "00B0000000 6981", SELECT_EF "0009 9000", "00B0000000 6982",
		 NULL);
}

static void test_short_identifiers(void **state)
{
	uint8_t start[4];

	converse(*state, "00B0880000 6A82", SELECT_JPKI OK, NULL);
	expect_data(*state, "00B08A0004", start, 4);
	assert_int_equal(start[0], 0x30);
	converse(*state, "00B0880100 8F009000",
		 "00B0000000 8F8F009000", /* it became the current file */
		 "00B0830000 6A82", "00B0800000 6A86", "00B09F0000 6A86", "00B0A80000 6A86",
		 "00B0810000 6982", "0020009B 63C5", "00200080 63C5", "00200098 63C3",
		 "002000980431323334 9000", "00B0000000 6981", NULL);
}

static void test_tries(void **state)
{
	converse(*state, SELECT_JPKI OK, TRIES " 6986", SELECT_AUTH_CERT OK, TRIES " 6986",
		 SELECT_AUTH_PIN OK, TRIES " 63C3", "0020008000 6700", "00200180 6A86",
		 "00200000 6A86", SELECT_SIGN_PIN OK, TRIES " 63C5", SELECT_EF "0010 9000",
		 TRIES " 63C3", NULL);
}

static void test_wrong_then_right(void **state)
{
	converse(*state, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_WRONG " 63C2", VERIFY_AUTH OK,
		 TRIES " 63C3", /* the tries, also when verified */
		 SELECT_SIGN_PIN OK,
		 "0020008006616263313233 63C4", /* small letters are other bytes */
		 VERIFY_SIGN OK, TRIES " 63C5", NULL);
}

static void test_verify_lengths(void **state)
{
	converse(*state, SELECT_JPKI OK, SELECT_AUTH_PIN OK,
		 "00200080113132333435363738393031323334353637 6700", "00200080043132333400 6700",
		 "0020008004313233 6700", TRIES " 63C3", "0020008003313233 63C2",
		 "00200080053132333400 63C1", NULL);
}

static void test_exhaust(void **state)
{
	converse(*state, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_WRONG " 63C2",
		 VERIFY_WRONG " 63C1", VERIFY_WRONG " 63C0", VERIFY_AUTH " 6984",
		 VERIFY_WRONG " 6984", TRIES " 63C0", SELECT_SIGN_PIN OK, VERIFY_SIGN OK, NULL);
	assert_int_equal(vcard_tries(*state, 0x0018), 0);
	assert_int_equal(vcard_tries(*state, 0x001B), 5);
	assert_int_equal(vcard_tries(*state, 0x0017), -1);
}

/* Tries and values outlive power, the object, and come back with the restoration only. */
static void test_persistence(void **state)
{
	char path[4096];

	converse(*state, SELECT_JPKI OK, SELECT_SIGN_PIN OK, VERIFY_SIGN OK,
		 "00240180084E455750494E3132 9000", SELECT_AUTH_PIN OK, VERIFY_WRONG " 63C2", NULL);
	vcard_power_off(*state);
	vcard_power_on(*state);
	converse(*state, SELECT_JPKI OK, SELECT_AUTH_PIN OK, TRIES " 63C2", NULL);
	vcard_close(*state);

	snprintf(path, sizeof(path), "%s/adult", directory);
	*state = vcard_open(path, NULL);
	assert_non_null(*state);
	vcard_power_on(*state);
	converse(*state, SELECT_JPKI OK, SELECT_AUTH_PIN OK, TRIES " 63C2", SELECT_SIGN_PIN OK,
		 VERIFY_SIGN " 63C4", "00200080084E455750494E3132 9000", NULL);
	assert_true(vcard_restore(path)); /* while it is in use */
	converse(*state, VERIFY_SIGN OK, SELECT_AUTH_PIN OK, TRIES " 63C3", NULL);
}

static void unlock_auth(struct vcard *card)
{
	converse(card, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_AUTH OK, NULL);
}

static bool is_unlocked(struct vcard *card)
{
	uint8_t response[VCARD_RESPONSE_MAX];

	converse(card, SELECT_JPKI OK, SELECT_AUTH_KEY OK, NULL);
	return send_hex(card, SIGN_SIX_BYTES, response) == 258;
}

/* A card in memory forgets nothing by itself, and leaves nothing behind. */
static void test_in_memory(void **state)
{
	const struct vcard_options options = {.in_memory = true};
	struct vcard *card = take_card("memory", VCARD_MYNUMBER, &options);
	struct vcard *other;

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_WRONG " 63C2", NULL);
	assert_int_equal(vcard_tries(card, 0x0018), 2);
	vcard_power_off(card);
	vcard_power_on(card);
	converse(card, SELECT_JPKI OK, SELECT_AUTH_PIN OK, TRIES " 63C2", VERIFY_AUTH OK,
		 "0024018004FFFFFFFF 9000", VERIFY_AUTH " 63C2", NULL);
	other = take_card("memory", VCARD_MYNUMBER, &options);
	converse(other, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_AUTH OK, NULL);
	vcard_close(other);
	vcard_reissue(card);
	assert_int_equal(vcard_tries(card, 0x0018), 3);
	converse(card, SELECT_JPKI OK, SELECT_AUTH_PIN OK, VERIFY_AUTH OK, NULL);
	vcard_close(card);
}

static void test_change_pin(void **state)
{
	converse(*state, SELECT_JPKI OK, "002401800435363738 6986", SELECT_AUTH_KEY OK,
		 "002401800435363738 6986", SELECT_AUTH_PIN OK, "002401800435363738 6982",
		 VERIFY_AUTH OK, "002400800435363738 6A86", "00240180 6700",
		 "00240180113132333435363738393031323334353637 6700", "002401800435363738 9000",
		 NULL);
	assert_true(is_unlocked(*state)); /* the status stays */
	converse(*state, SELECT_AUTH_PIN OK, VERIFY_AUTH " 63C2",
		 "002401800431323334 6982", /* a failed VERIFY ends the status */
		 "002000800435363738 9000", NULL);
}

static void test_protected_certificate(void **state)
{
	uint8_t start[4];

	converse(*state, SELECT_JPKI OK, SELECT_SIGN_CERT OK, "00B0000004 6982", SELECT_AUTH_PIN OK,
		 VERIFY_AUTH OK, SELECT_SIGN_CERT OK,
		 "00B0000004 6982", /* the other PIN does not help */
		 SELECT_SIGN_PIN OK, VERIFY_SIGN OK, SELECT_SIGN_CERT OK, NULL);
	expect_data(*state, "00B0000004", start, 4);
	assert_int_equal(start[0], 0x30);
}

static void test_security_status(void **state)
{
	uint8_t signature[256];

	unlock_auth(*state);
	assert_true(is_unlocked(*state)); /* over SELECT of the same application */
	expect_data(*state, SIGN_SIX_BYTES, signature, 256);
	expect_data(*state, SIGN_SIX_BYTES, signature, 256);
	converse(*state, SELECT_MANAGER OK, NULL);
	assert_false(is_unlocked(*state));
	unlock_auth(*state);
	converse(*state, SELECT_COMMON OK, NULL);
	assert_false(is_unlocked(*state));
	unlock_auth(*state);
	converse(*state, "00A4040C05F000000001 6A82", NULL);
	assert_true(is_unlocked(*state));
	vcard_power_off(*state);
	vcard_power_on(*state);
	assert_false(is_unlocked(*state));
}

static void test_sign_refusals(void **state)
{
	converse(*state, SIGN_SIX_BYTES " 6986", SELECT_JPKI OK, SELECT_AUTH_KEY OK,
		 SIGN_SIX_BYTES " 6982", SELECT_SIGN_KEY OK, SIGN_SIX_BYTES " 6982",
		 "802A0097010100 6982", SELECT_AUTH_CERT OK, SIGN_SIX_BYTES " 6985",
		 SELECT_AUTH_PIN OK, SIGN_SIX_BYTES " 6985", VERIFY_AUTH OK, SELECT_SIGN_KEY OK,
		 SIGN_SIX_BYTES " 6982", SELECT_AUTH_KEY OK, "802A06800630313233343500 6A86",
		 "802AFF800630313233343500 6A86",
		 "802A0080063031323334350F 6700", /* no room for the answer */
		 "802A008006303132333435 6700", "802A02800630313233343500 6985",
		 "802A04800630313233343500 6985", "002A9E9A0630313233343500 6D00", NULL);
}

static EVP_PKEY *public_key(const char *name)
{
	X509 *certificate = read_certificate("adult", name);
	EVP_PKEY *key = X509_get_pubkey(certificate);

	X509_free(certificate);
	assert_non_null(key);
	return key;
}

/* Signs len bytes counting from 1 with scheme p1 and the current key. */
static void sign_counting(struct vcard *card, unsigned p1, size_t len, uint8_t data[255],
			  uint8_t signature[256])
{
	char command[600];
	int at = snprintf(command, sizeof(command), "802A%02X80%02zX", p1, len);

	for (size_t i = 0; i < len; i++) {
		data[i] = (uint8_t)(i + 1);
		at += snprintf(command + at, 3, "%02X", data[i]);
	}
	strcpy(command + at, "00");
	expect_data(card, command, signature, 256);
}

/* What a PKCS #1 type 1 signature contains. */
static size_t recover(EVP_PKEY *key, const uint8_t signature[256], uint8_t data[256])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	size_t len = 256;

	assert_non_null(context);
	assert_int_equal(EVP_PKEY_verify_recover_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), 1);
	assert_int_equal(EVP_PKEY_verify_recover(context, data, &len, signature, 256), 1);
	EVP_PKEY_CTX_free(context);
	return len;
}

/* Whether the signature is one of this hash: with PKCS #1 DigestInfo, or PSS with salt 32. */
static void verify_hash(EVP_PKEY *key, int padding, const uint8_t *hash,
			const uint8_t signature[256])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);

	assert_non_null(context);
	assert_int_equal(EVP_PKEY_verify_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, padding), 1);
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()), 1);
	if (padding == RSA_PKCS1_PSS_PADDING)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32), 1);
	assert_int_equal(EVP_PKEY_verify(context, signature, 256, hash, 32), 1);
	EVP_PKEY_CTX_free(context);
}

static void test_signatures(void **state)
{
	EVP_PKEY *key = public_key("auth.crt");
	uint8_t data[255], signature[256], recovered[256], hash[32];

	unlock_auth(*state);
	converse(*state, SELECT_AUTH_KEY OK, NULL);
	for (size_t len = 1; len <= 245; len += 61) { /* 1, 62, 123, 184, 245 */
		sign_counting(*state, 0, len, data, signature);
		assert_int_equal(recover(key, signature, recovered), len);
		assert_memory_equal(recovered, data, len);
	}
	sign_counting(*state, 1, 255, data, signature);
	SHA256(data, 255, hash);
	assert_int_equal(recover(key, signature, recovered), 32);
	assert_memory_equal(recovered, hash, 32);
	sign_counting(*state, 2, 32, data, signature);
	verify_hash(key, RSA_PKCS1_PADDING, data, signature);
	sign_counting(*state, 3, 1, data, signature);
	SHA256(data, 1, hash);
	verify_hash(key, RSA_PKCS1_PADDING, hash, signature);
	sign_counting(*state, 4, 32, data, signature);
	verify_hash(key, RSA_PKCS1_PSS_PADDING, data, signature);
	sign_counting(*state, 5, 100, data, signature);
	SHA256(data, 100, hash);
	verify_hash(key, RSA_PKCS1_PSS_PADDING, hash, signature);
	EVP_PKEY_free(key);
}

static void test_signature_too_long(void **state)
{
	uint8_t response[VCARD_RESPONSE_MAX];
	char command[2 * 255 + 16];
	size_t at;

	unlock_auth(*state);
	converse(*state, SELECT_AUTH_KEY OK, NULL);
	strcpy(command, "802A0080F6");
	at = strlen(command);
	memset(command + at, '3', 2 * 246);
	strcpy(command + at + 2 * 246, "00");
	assert_int_equal(send_hex(*state, command, response), 2);
	assert_memory_equal(response, "\x69\x85", 2);
}

/* The signing key, named by its short identifier instead of SELECT. */
static void test_sign_by_short_identifier(void **state)
{
	EVP_PKEY *key = public_key("sign.crt");
	uint8_t signature[256], recovered[256];

	converse(*state, SELECT_JPKI OK, SELECT_SIGN_PIN OK, VERIFY_SIGN OK, NULL);
	expect_data(*state, "802A009A0630313233343500", signature, 256);
	assert_int_equal(recover(key, signature, recovered), 6);
	assert_memory_equal(recovered, "012345", 6);
	EVP_PKEY_free(key);
}

static void test_common_application(void **state)
{
	uint8_t record[30], signature[256];

	converse(*state, "00B2010C00 6A82", SELECT_COMMON OK, "00B2020C00 6A83", NULL);
	expect_data(*state, "00B2010C00", record, sizeof(record));
	assert_memory_equal(record, "\x01\x1C", 2);
	for (size_t i = 2; i < sizeof(record); i++)
		assert_true(isdigit(record[i]));
	expect_data(*state, "00B201041E", record, sizeof(record));
	converse(*state, "00B201040000 6700", "00B2010500 6A86", "00B2010408 6C1E",
		 "00B0810000 6981", "0020009C 63C3", SELECT_JPKI OK, SELECT_LABEL OK,
		 "00B2010400 6981", SELECT_COMMON OK, NULL);
	expect_data(*state, "008800990361626300", signature, 256);
}

static void test_internal_authenticate(void **state)
{
	converse(*state, SELECT_JPKI OK, "008800970361626300 6982", SELECT_AUTH_PIN OK,
		 VERIFY_AUTH OK, "008800970361626300 6985", "008801970361626300 6A86",
		 "008800980361626300 6985", NULL);
}

static void test_challenge(void **state)
{
	uint8_t first[256], second[256];

	expect_data(*state, "0084000000", first, 256);
	expect_data(*state, "0084000000", second, 256);
	assert_memory_not_equal(first, second, 256);
	expect_data(*state, "0084000001", first, 1);
	converse(*state, SELECT_JPKI OK, NULL);
	expect_data(*state, "0084000008", first, 8);
	converse(*state, "0084010008 6A86", "00840000 6700", NULL);
}

static void test_get_data(void **state)
{
	converse(*state, "00CA5F5100 DA13FF8131FB468012392F31C173C601C03B9000", "00CA5F5110 6700",
		 "00CA00F000 31333130319000", "00CA00F004 6700", "00CA00F200 32303335303430319000",
		 "00CA004200 4204392100319000", "00CA009900 6A88", "00CA7F2100 6700",
		 "00CA7F21000000 6700", SELECT_JPKI OK, "00CA5F5100 6A88", "00CA00F000 6A88",
		 "00CA7F2100 6A88", NULL);
}

/* The text application: two PINs open each file, and a PIN of another application none. */
static void test_text_application(void **state)
{
	static const char select[] = "00A4040C0AD3921000310001010408 9000";

	converse(*state, select, "00A4020C020002 9000", "00B0000004 6982", "00A4020C020012 9000",
		 "00200080 63C0", "00A4020C020015 9000", "00200080 63CA", "00A4020C020014 9000",
		 "00200080 63CA", "002000800C313233343536373839303138 9000", "00A4020C020002 9000",
		 "00B0000004 6982", "00A4020C020001 9000", "00B0000004 FF100C319000",
		 "00A4020C020011 9000", "00200080 63C3", "002000800430303030 63C2",
		 "002000800435363738 9000", "00A4020C020002 9000", "00B0000002 FF209000",
		 "00A4020C020001 9000", "00B0000002 FF109000",
		 "00A4040C0AD3921000310001010402 9000", "00A4020C020011 9000", "00200080 63CA",
		 select, "00A4020C020002 9000", "00B0000002 6982",
		 "00A4040C0AD3921000310001010401 9000", "00A4020C020002 9000", "00B2010400 6982",
		 "00A4020C02001C 9000", "00200080 63C3", "002000800434333231 9000",
		 "00A4020C020002 9000", "00B2010400 30313233343536373839309000", NULL);
}

/* The text application's other files: what is known of them is what they are for. */
static void test_text_application_files(void **state)
{
	static const char select[] = "00A4040C0AD3921000310001010408 9000";
	uint8_t data[256];

	converse(*state, select, "00B0830003 6982", "00B0860005 7F498201099000",
		 "00B0850000 009000", "00B0870000 6982", "00B0880000 6982", "00A4020C020009 6A82",
		 "00B0840005 7F218201169000", "00A4020C020004 9000", "00B0011B00 6B00",
		 "00A4020C020015 9000", "002000800E3031303130313230333530303030 9000",
		 "00A4020C020003 9000", "00B0000001 6982", "00A4020C020011 9000",
		 "002000800435363738 9000", "00A4020C020003 9000", "00B0014F00 339000",
		 "00B0015000 6B00", "00B0870000 6982", "00B0880000 6982", NULL);
	expect_data(*state, "00B0830000", data, sizeof(data));
	assert_memory_equal(data, "\xFF\x30\x82\x01\x4B\xDF\x31\x20", 8);
}

static void test_classes_and_instructions(void **state)
{
	converse(*state, "08A4040C0AD392F000260100000001 6882",
		 "0CA4040C0AD392F000260100000001 6882", "0CB0000000 69FC", "08200080 69FC",
		 "10A40000 6E00", "FFCA000000 6E00", "01B0000000 6E00", "00000000 6D00",
		 "80B0000000 6D00", "00C0000000 6D00", "80AE0000 6D00", SELECT_JPKI OK,
		 "80AE0000 6982", "80A200C1 6700", "80A20000 6A86", "80FC0000 6700", "00A404 6700",
		 "00 6700", "00A4040C0AD392 6700", "00A4040C02D392FFFF 6700",
		 "00A4020C000002000A 6700", NULL);
}

static void test_power(void **state)
{
	uint8_t response[VCARD_RESPONSE_MAX], atr[VCARD_ATR_MAX];
	struct vcard *card = *state;

	assert_int_equal(vcard_atr(card, atr), 19);
	assert_memory_equal(atr, "\x3B\xDA\x13", 3);
	assert_int_equal(vcard_transmit(card, atr, 4, response, 1), 0);
	vcard_power_off(card);
	assert_int_equal(send_hex(card, SELECT_JPKI, response), 0);
	vcard_reset(card); /* powers it */
	assert_int_equal(send_hex(card, SELECT_JPKI, response), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, take, give_back)
	const struct CMUnitTest tests[] = {
		TEST(test_select_application),
		TEST(test_select_next_application),
		TEST(test_select_master_file),
		TEST(test_select_file),
		TEST(test_token_description),
		TEST(test_read_binary),
		TEST(test_short_identifiers),
		TEST(test_tries),
		TEST(test_wrong_then_right),
		TEST(test_verify_lengths),
		TEST(test_exhaust),
		TEST(test_persistence),
		TEST(test_in_memory),
		TEST(test_change_pin),
		TEST(test_protected_certificate),
		TEST(test_security_status),
		TEST(test_sign_refusals),
		TEST(test_signatures),
		TEST(test_signature_too_long),
		TEST(test_sign_by_short_identifier),
		TEST(test_common_application),
		TEST(test_internal_authenticate),
		TEST(test_challenge),
		TEST(test_get_data),
		TEST(test_text_application),
		TEST(test_text_application_files),
		TEST(test_classes_and_instructions),
		TEST(test_power),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
