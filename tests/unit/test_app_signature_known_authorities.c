/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_known_authorities: a CA is known by its fingerprint, and for its key only. */
#include "unit.h"

#include <string.h>

#include "app/signature/known_authorities.h"
#include "signer.h"

static struct jpki_config config;
static X509 *certificate;
static char own[JPKI_FINGERPRINT_SIZE];

static int set_up(void **state)
{
	(void)state;
	config = jpki_config_defaults();
	certificate = signer_authority();
	return authority_fingerprint(certificate, own) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	X509_free(certificate);
	return 0;
}

/* How often a fingerprint is among those of this key. */
static int count_of(enum jpki_key key, const char *fingerprint)
{
	const char *known;
	int count = 0;

	for (size_t i = 0; (known = authority_known_at(&config, key, i)) != NULL; i++) {
		assert_int_equal(strlen(known), JPKI_FINGERPRINT_SIZE - 1);
		assert_int_equal(strspn(known, "0123456789ABCDEF"), JPKI_FINGERPRINT_SIZE - 1);
		count += strcmp(known, fingerprint) == 0 ? 1 : 0;
	}
	return count;
}

/* Those of 2015, 2019 and 2023. */
static void test_table(void **state)
{
	static const struct {
		enum jpki_key key, other;
		const char *fingerprint;
	} rows[] = {
		{JPKI_KEY_SIGN, JPKI_KEY_AUTH,
		 "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355"},
		{JPKI_KEY_SIGN, JPKI_KEY_AUTH,
		 "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB"},
		{JPKI_KEY_SIGN, JPKI_KEY_AUTH,
		 "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F"},
		{JPKI_KEY_AUTH, JPKI_KEY_SIGN,
		 "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D"},
		{JPKI_KEY_AUTH, JPKI_KEY_SIGN,
		 "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6"},
		{JPKI_KEY_AUTH, JPKI_KEY_SIGN,
		 "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(count_of(rows[i].key, rows[i].fingerprint), 1);
		assert_int_equal(count_of(rows[i].other, rows[i].fingerprint), 0);
	}
	assert_null(authority_known_at(&config, JPKI_KEY_SIGN, 3));
	assert_null(authority_known_at(&config, JPKI_KEY_AUTH, 3));
}

static void test_fingerprint(void **state)
{
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned int length;
	char byte[3];

	(void)state;
	assert_int_equal(X509_digest(certificate, EVP_sha256(), value, &length), 1);
	assert_int_equal(strlen(own), 64);
	for (unsigned int i = 0; i < length; i++) {
		snprintf(byte, sizeof(byte), "%02X", value[i]);
		assert_memory_equal(own + 2 * i, byte, 2);
	}
}

static void test_configured(void **state)
{
	(void)state;
	assert_false(authority_is_known(&config, JPKI_KEY_SIGN, certificate));
	strcpy(config.authorities[0], "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706F"
				      "C9356");
	config.authority_count = 1;
	assert_false(authority_is_known(&config, JPKI_KEY_SIGN, certificate));
	strcpy(config.authorities[1], own);
	assert_false(authority_is_known(&config, JPKI_KEY_SIGN, certificate));
	config.authority_count = 2;
	/* All of it is compared. */
	config.authorities[1][JPKI_FINGERPRINT_SIZE - 2] ^= 1;
	assert_false(authority_is_known(&config, JPKI_KEY_SIGN, certificate));
	strcpy(config.authorities[1], own);
	assert_true(authority_is_known(&config, JPKI_KEY_SIGN, certificate));
	assert_true(authority_is_known(&config, JPKI_KEY_AUTH, certificate));
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_table),
		HERE(test_fingerprint),
		HERE(test_configured),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
