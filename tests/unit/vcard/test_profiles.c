/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles of cards: what each of them holds, and what it answers. */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* The directory of the card that was made last. */
static char taken[4000];

/* A card of this profile, made anew with the keys of the adult's card, and powered. */
static struct vcard *take(enum vcard_profile profile, const struct vcard_options *options)
{
	const struct vcard_make_options make = {.profile = profile, .validity = VCARD_VALID};
	static unsigned number;
	char from[4096];
	struct vcard *card;

	vcard_close(take_card("mynumber", VCARD_MYNUMBER, NULL));
	snprintf(from, sizeof(from), "%s/mynumber", directory);
	snprintf(taken, sizeof(taken), "%s/%s-%u", directory, vcard_profile_name(profile),
		 number++);
	assert_true(vcard_make_with_keys(taken, &make, from));
	card = vcard_open(taken, options);
	assert_non_null(card);
	vcard_power_on(card);
	return card;
}

static void test_names(void **state)
{
	enum vcard_profile profile;

	(void)state;
	for (unsigned i = 0; i < VCARD_PROFILE_COUNT; i++) {
		assert_true(
			vcard_profile_by_name(vcard_profile_name((enum vcard_profile)i), &profile));
		assert_int_equal(profile, i);
	}
	assert_false(vcard_profile_by_name("none", &profile));
	assert_null(vcard_profile_name(VCARD_PROFILE_COUNT));
}

/* What a profile is known by; NULL for cards that have no JPKI application. */
static const struct {
	const char *label; /* the first sixteen bytes of file 0006 */
	const char *available;
	int auth_tries, sign_tries;
	const char *auth_certificate, *sign_certificate; /* the answer to their selection */
} expected[VCARD_PROFILE_COUNT] = {
#define MYNUMBER "4A504B494150494343544F4B454E32209000"
#define JUKI     "4A504B494150494343544F4B454E20209000"
#define PHONE    "4A504B49415047505345544F4B454E209000"
#define IPHONE   "4A504B494150494F53544F4B454E20209000"
#define NEXT     "4A504B494150494343544F4B454E33209000"
#define ECDSA    "4A504B495445535445434453413338349000"
#define IS       "9000"
#define ISNT     "6A82"
	[VCARD_MYNUMBER] = {MYNUMBER, "8F8F009000", 3, 5, IS, IS},
	[VCARD_MYNUMBER_2015] = {MYNUMBER, "8F8F009000", 3, 5, IS, IS},
	[VCARD_MYNUMBER_2019] = {MYNUMBER, "8F8F009000", 3, 5, IS, IS},
	[VCARD_MYNUMBER_2023] = {MYNUMBER, "8F8F009000", 3, 5, IS, IS},
	[VCARD_CHILD] = {MYNUMBER, "008F009000", 3, 5, IS, ISNT},
	[VCARD_CHILD_FILLED] = {MYNUMBER, "008F009000", 3, 5, IS, IS},
	[VCARD_CHILD_BARE] = {MYNUMBER, "008F009000", 3, -1, IS, ISNT},
	[VCARD_SIGN_ONLY] = {MYNUMBER, "8F00009000", 3, 5, ISNT, IS},
	[VCARD_NO_CERTIFICATES] = {MYNUMBER, "0000009000", 3, 5, ISNT, ISNT},
	[VCARD_FACE_ONLY] = {MYNUMBER, "008F009000", -1, 5, IS, ISNT},
	[VCARD_AUTH_LOCKED] = {MYNUMBER, "8F8F009000", 0, 5, IS, IS},
	[VCARD_SIGN_LOCKED] = {MYNUMBER, "8F8F009000", 3, 0, IS, IS},
	[VCARD_BOTH_LOCKED] = {MYNUMBER, "8F8F009000", 0, 0, IS, IS},
	[VCARD_AUTH_FINAL] = {MYNUMBER, "8F8F009000", 1, 5, IS, IS},
	[VCARD_SIGN_FINAL] = {MYNUMBER, "8F8F009000", 3, 1, IS, IS},
	[VCARD_NEXT] = {NEXT, "8F8F009000", 3, 5, IS, IS},
	[VCARD_ECDSA] = {ECDSA, "8F8F009000", 3, 5, IS, IS},
	[VCARD_ANDROID] = {PHONE, "8F8F009000", 3, 5, IS, IS},
	[VCARD_IPHONE] = {IPHONE, "8F8F009000", 3, 5, IS, IS},
	[VCARD_JUKI] = {JUKI, NULL, -1, 5, ISNT, IS},
	[VCARD_JUKI_FREE] = {JUKI, NULL, -1, 5, ISNT, IS},
	[VCARD_JUKI_1024] = {JUKI, NULL, -1, 5, ISNT, IS},
	[VCARD_JUKI_LOCKED] = {JUKI, NULL, -1, 0, ISNT, IS},
};

static void expect_word(struct vcard *card, const char *command, const char *word)
{
	char line[128];

	snprintf(line, sizeof(line), "%s %s", command, word);
	converse(card, line, NULL);
}

static void expect_tries(struct vcard *card, uint16_t id, const char *command, int tries)
{
	char word[16];

	assert_int_equal(vcard_tries(card, id), tries);
	if (tries < 0)
		return;
	snprintf(word, sizeof(word), "63C%d", tries);
	expect_word(card, command, IS);
	expect_word(card, TRIES, word);
}

static void test_each(void **state)
{
	(void)state;
	for (unsigned i = 0; i < VCARD_PROFILE_COUNT; i++) {
		struct vcard *card;

		if (expected[i].label == NULL)
			continue;
		print_message("# profile %s\n", vcard_profile_name((enum vcard_profile)i));
		card = take((enum vcard_profile)i, NULL);
		converse(card, SELECT_JPKI OK, SELECT_EF "0006 9000", NULL);
		expect_word(card, "00B0000010", expected[i].label);
		expect_word(card, SELECT_EF "0008", expected[i].available != NULL ? IS : ISNT);
		if (expected[i].available != NULL)
			expect_word(card, "00B0000000", expected[i].available);
		expect_word(card, SELECT_EF "000A", expected[i].auth_certificate);
		expect_word(card, SELECT_EF "000B", expected[i].auth_certificate);
		expect_word(card, SELECT_EF "0001", expected[i].sign_certificate);
		expect_word(card, SELECT_EF "0002", expected[i].sign_certificate);
		expect_tries(card, 0x0018, SELECT_EF "0018", expected[i].auth_tries);
		expect_tries(card, 0x001B, SELECT_EF "001B", expected[i].sign_tries);
		vcard_close(card);
	}
}

/* A key without its certificate cannot be used, and its PIN can. */
static void test_missing(void **state)
{
	struct vcard *card = take(VCARD_CHILD, NULL);

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "001A 9000", SELECT_EF "0018 9000", VERIFY_AUTH OK,
		 SELECT_EF "001B 9000", VERIFY_SIGN OK, SELECT_EF "001A 9000",
		 "802A0080013000 6985", NULL);
	vcard_close(card);
	card = take(VCARD_CHILD_BARE, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "001A 6A82", SELECT_EF "001B 6A82",
		 SELECT_EF "0018 9000", VERIFY_AUTH OK, NULL);
	vcard_close(card);
	card = take(VCARD_CHILD_FILLED, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "0001 9000", "00B0000004 6982",
		 SELECT_EF "0002 9000", "00B0000004 FFFFFFFF9000", "00B007FF00 FF9000",
		 "00B0080000 6B00", SELECT_EF "001B 9000", VERIFY_SIGN OK, SELECT_EF "0001 9000",
		 "00B0000004 FFFFFFFF9000", SELECT_EF "001A 9000", "802A0080013000 6985", NULL);
	vcard_close(card);
	for (enum vcard_profile i = VCARD_SIGN_ONLY; i <= VCARD_NO_CERTIFICATES; i++) {
		card = take(i, NULL);
		converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK,
			 SELECT_EF "0017 9000", "802A0080013000 6985", SELECT_EF "001B 9000",
			 VERIFY_SIGN OK, NULL);
		vcard_close(card);
	}
}

/* The key and the certificate are there, the PIN is not set, so that nobody can use the key. */
static void test_face_only(void **state)
{
	struct vcard *card = take(VCARD_FACE_ONLY, NULL);

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "000A 9000", "00B0000001 309000",
		 SELECT_EF "0018 9000", TRIES " 6A88", VERIFY_AUTH " 6A88", "00B0000000 6981",
		 "002401800431323334 6A88", SELECT_EF "0017 9000", "802A0080013000 6982", NULL);
	vcard_close(card);
}

static void test_locked(void **state)
{
	static const enum vcard_profile locked[] = {VCARD_AUTH_LOCKED, VCARD_SIGN_LOCKED,
						    VCARD_BOTH_LOCKED, VCARD_JUKI_LOCKED};

	(void)state;
	for (unsigned i = 0; i < sizeof(locked) / sizeof(locked[0]); i++) {
		struct vcard *card = take(locked[i], NULL);

		converse(card, SELECT_JPKI OK, NULL);
		if (expected[locked[i]].auth_tries == 0)
			converse(card, SELECT_EF "0018 9000", VERIFY_AUTH " 6984", NULL);
		else if (expected[locked[i]].auth_tries > 0)
			converse(card, SELECT_EF "0018 9000", VERIFY_AUTH OK, NULL);
		converse(card, SELECT_EF "001B 9000", NULL);
		expect_word(card, VERIFY_SIGN, expected[locked[i]].sign_tries == 0 ? "6984" : IS);
		vcard_close(card);
	}
}

/* The issuer gives all tries back, and so does the right PIN where one try is left. */
static void test_tries_come_back(void **state)
{
	const struct vcard_make_options make = {.profile = VCARD_JUKI_LOCKED,
						.validity = VCARD_VALID};
	struct vcard *card = take(VCARD_AUTH_FINAL, NULL);
	char path[4096], from[4096];

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK, TRIES " 63C3", NULL);
	vcard_close(card);
	card = take(VCARD_SIGN_FINAL, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "001B 9000", VERIFY_WRONG " 63C0",
		 VERIFY_SIGN " 6984", NULL);
	vcard_close(card);
	snprintf(from, sizeof(from), "%s/mynumber", directory);
	snprintf(path, sizeof(path), "%s/restored", directory);
	assert_true(vcard_make_with_keys(path, &make, from));
	assert_true(vcard_restore(path));
	card = vcard_open(path, NULL);
	assert_non_null(card);
	assert_int_equal(vcard_tries(card, 0x001B), 5);
	vcard_close(card);
}

static void test_phones(void **state)
{
	(void)state;
	for (enum vcard_profile i = VCARD_ANDROID; i <= VCARD_IPHONE; i++) {
		struct vcard *card = take(i, NULL);

		converse(card, SELECT_MANAGER " 6A82", SELECT_COMMON " 6A82", SELECT_JPKI OK,
			 SELECT_EF "000A 9000", "00B0000001 6982", SELECT_EF "000B 9000",
			 "00B0000001 309000", SELECT_EF "0018 9000", VERIFY_AUTH OK,
			 SELECT_EF "000A 9000", "00B0000001 309000", SELECT_EF "0001 9000",
			 "00B0000001 6982", NULL);
		vcard_close(card);
	}
}

static void test_juki(void **state)
{
	struct vcard *card = take(VCARD_JUKI, NULL);
	uint8_t signature[256];

	(void)state;
	converse(card, SELECT_COMMON " 6A82", SELECT_JPKI OK, SELECT_EF "0018 6A82",
		 SELECT_EF "0001 9000", "00B0000001 6982", NULL);
	vcard_close(card);
	card = take(VCARD_JUKI_FREE, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "0001 9000", "00B0000001 309000", NULL);
	vcard_close(card);
	card = take(VCARD_JUKI_1024, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "001B 9000", VERIFY_SIGN OK, SELECT_EF "001A 9000",
		 NULL);
	expect_data(card, "802A00800630313233343500", signature, 128);
	vcard_close(card);
}

/* Whether DER is a signature of the bytes by the key of the card that was made last. */
static int verify_ecdsa(const uint8_t *der, size_t len, const uint8_t *hash, size_t hash_len)
{
	char path[4096];
	FILE *file;
	X509 *certificate;
	EVP_PKEY_CTX *context;
	int result;

	snprintf(path, sizeof(path), "%s/auth.crt", taken);
	file = fopen(path, "r");
	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(certificate);
	assert_int_equal(X509_get_signature_nid(certificate), NID_ecdsa_with_SHA384);
	context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);
	assert_int_equal(EVP_PKEY_verify_init(context), 1);
	result = EVP_PKEY_verify(context, der, len, hash, hash_len);
	EVP_PKEY_CTX_free(context);
	X509_free(certificate);
	return result;
}

/* ECDSA over what is given, up to 48 bytes, as r and s or as DER; and nothing that is RSA's. */
static void test_ecdsa(void **state)
{
	static const uint8_t hash[] = {0x30, 0x31, 0x32, 0x33, 0x34, 0x35};
	struct vcard *card = take(VCARD_ECDSA, NULL);
	uint8_t answer[VCARD_RESPONSE_MAX], *der = NULL;
	ECDSA_SIG *signature = ECDSA_SIG_new();
	size_t len;
	int der_len;

	(void)state;
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH " 63C2",
		 "0020008006323436383130 9000", SELECT_EF "0017 9000",
		 "802A00800630313233343500 6A86", "802A40800630313233343510 6700", NULL);
	expect_data(card, "802A40800630313233343500", answer, 96);
	assert_int_equal(ECDSA_SIG_set0(signature, BN_bin2bn(answer, 48, NULL),
					BN_bin2bn(answer + 48, 48, NULL)),
			 1);
	der_len = i2d_ECDSA_SIG(signature, &der);
	assert_int_equal(verify_ecdsa(der, (size_t)der_len, hash, sizeof(hash)), 1);
	OPENSSL_free(der);
	ECDSA_SIG_free(signature);

	len = send_hex(card, "802A41800630313233343500", answer);
	assert_int_equal(verify_ecdsa(answer, len - 2, hash, sizeof(hash)), 1);
	/* 49 bytes are no hash. */
	converse(card,
		 "802A408031"
		 "3030303030303030303030303030303030303030303030303030303030303030"
		 "303030303030303030303030303030303000 6985",
		 NULL);
	vcard_close(card);
	card = take(VCARD_MYNUMBER, NULL);
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", VERIFY_AUTH OK, SELECT_EF "0017 9000",
		 "802A40800630313233343500 6A86", NULL);
	vcard_close(card);
}

static void test_foreign(void **state)
{
	struct vcard *card = take(VCARD_FOREIGN, NULL);

	(void)state;
	converse(card, SELECT_JPKI " 6A82", SELECT_MANAGER OK, NULL);
	vcard_close(card);
	card = take(VCARD_BANK, NULL); /* speaks T=0 */
	converse(card, SELECT_JPKI " 6A82", "00A4040C07A0000000031010 9000", SELECT_MANAGER " 6A82",
		 NULL);
	vcard_close(card);
	card = take(VCARD_LICENCE, NULL);
	converse(card, SELECT_JPKI " 6A82", "00A4040C10A0000002310100000000000000000000 9000",
		 "00A4040C10A0000002480300000000000000000000 9000", NULL);
	vcard_close(card);
	card = take(VCARD_PIV, NULL);
	converse(card, SELECT_JPKI " 6A82", "00A4040C0BA000000308000010000100 9000", NULL);
	vcard_close(card);
	card = take(VCARD_MIFARE, NULL);
	converse(card, SELECT_JPKI " 6E00", SELECT_MANAGER " 6E00", "00B0000000 6E00",
		 TRIES " 6E00", "00 6E00", NULL);
	vcard_close(card);
}

/* A card's CA certificates are those of its generation, and its own are within their time. */
static void expect_generation(const char *card, const char *name, const char *serial,
			      const char *ca_end, const char *end)
{
	char file[32];
	X509 *own, *ca, *any;
	EVP_PKEY *key;
	BIGNUM *number = NULL;

	snprintf(file, sizeof(file), "%s.crt", name);
	own = read_certificate(card, file);
	snprintf(file, sizeof(file), "%s-ca.crt", name);
	ca = read_certificate(card, file);
	any = read_certificate("mynumber", file);
	key = X509_get_pubkey(ca);
	assert_int_equal(BN_hex2bn(&number, serial), strlen(serial));
	assert_int_equal(ASN1_INTEGER_get(X509_get0_serialNumber(ca)), BN_get_word(number));
	assert_string_equal((const char *)ASN1_STRING_get0_data(X509_get0_notAfter(ca)), ca_end);
	assert_string_equal((const char *)ASN1_STRING_get0_data(X509_get0_notAfter(own)), end);
	assert_true(ASN1_TIME_compare(X509_get0_notBefore(own), X509_get0_notBefore(ca)) > 0);
	assert_true(ASN1_TIME_compare(X509_get0_notAfter(own), X509_get0_notAfter(ca)) < 0);
	assert_int_equal(X509_check_issued(ca, own), X509_V_OK);
	assert_int_equal(X509_verify(own, key), 1);
	/* All generations have the same name, and keys of their own. */
	assert_int_equal(X509_NAME_cmp(X509_get_subject_name(ca), X509_get_subject_name(any)), 0);
	assert_int_not_equal(EVP_PKEY_eq(key, X509_get0_pubkey(any)), 1);
	BN_free(number);
	EVP_PKEY_free(key);
	X509_free(own);
	X509_free(ca);
	X509_free(any);
}

static void test_generations(void **state)
{
	X509 *old;

	(void)state;
	for (enum vcard_profile i = VCARD_MYNUMBER; i <= VCARD_MYNUMBER_2023; i++)
		vcard_close(take_card(vcard_profile_name(i), i, NULL));
	expect_generation("mynumber-2015", "auth", "01", "251019145959Z", "210401145959Z");
	expect_generation("mynumber-2015", "sign", "01", "251019145959Z", "210401145959Z");
	expect_generation("mynumber-2019", "auth", "0133C349", "290914145959Z", "280401145959Z");
	expect_generation("mynumber-2019", "sign", "0132C4AB", "290914145959Z", "280401145959Z");
	expect_generation("mynumber-2023", "auth", "06D18006", "330715145959Z", "300401145959Z");
	expect_generation("mynumber-2023", "sign", "067C6A21", "330715145959Z", "300401145959Z");
	old = read_certificate("mynumber-2015", "auth.crt");
	assert_true(X509_cmp_current_time(X509_get0_notAfter(old)) < 0);
	X509_free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),       cmocka_unit_test(test_each),
		cmocka_unit_test(test_missing),     cmocka_unit_test(test_face_only),
		cmocka_unit_test(test_locked),      cmocka_unit_test(test_tries_come_back),
		cmocka_unit_test(test_phones),      cmocka_unit_test(test_juki),
		cmocka_unit_test(test_ecdsa),       cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_generations),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
