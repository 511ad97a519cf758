/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates: taken apart like OpenSSL takes them apart, or refused. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "card/card.h"
#include "crypto/certificate.h"

static struct unit_card card;

static int set_up(void **state)
{
	(void)state;
	unit_card_open(&card, "mynumber", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unit_card_close(&card);
	return 0;
}

/* A certificate made for the card, as bytes; the caller frees them. */
static uint8_t *made(const char *name, size_t *length)
{
	char path[PATH_MAX];

	unit_path(path, card.dir, name);
	return (uint8_t *)(void *)unit_read_file(path, length);
}

static void assert_part(struct jpki_bytes part, const unsigned char *wanted, int length)
{
	assert_int_equal(part.length, length);
	assert_memory_equal(part.data, wanted, part.length);
}

static void assert_number(struct jpki_bytes part, EVP_PKEY *key, const char *name)
{
	BIGNUM *number = NULL;
	unsigned char bytes[512];

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
	assert_int_equal(BN_num_bytes(number), part.length);
	BN_bn2bin(number, bytes);
	assert_memory_equal(part.data, bytes, part.length);
	BN_free(number);
}

static void assert_date(const char date[9], const ASN1_TIME *time)
{
	char text[32];
	struct tm tm;

	assert_int_equal(ASN1_TIME_to_tm(time, &tm), 1);
	snprintf(text, sizeof(text), "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	assert_string_equal(date, text);
}

static void compare(const struct jpki_certificate *ours, X509 *theirs)
{
	unsigned char *subject = NULL, *issuer = NULL, *serial = NULL, *info = NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_PKEY *key = X509_get0_pubkey(theirs);
	int length = i2d_X509_NAME(X509_get_subject_name(theirs), &subject);

	assert_part(ours->subject, subject, length);
	length = i2d_X509_NAME(X509_get_issuer_name(theirs), &issuer);
	assert_part(ours->issuer, issuer, length);
	length = i2d_ASN1_INTEGER(X509_get_serialNumber(theirs), &serial);
	assert_part(ours->serial, serial, length);
	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(theirs), &info);
	assert_part(ours->public_key_info, info, length);
	assert_number(ours->key->modulus, key, OSSL_PKEY_PARAM_RSA_N);
	assert_number(ours->key->public_exponent, key, OSSL_PKEY_PARAM_RSA_E);
	assert_int_equal(ours->key->bits, EVP_PKEY_get_bits(key));
	assert_int_equal(X509_digest(theirs, EVP_sha1(), digest, NULL), 1);
	assert_memory_equal(ours->sha1, digest, sizeof(ours->sha1));
	assert_date(ours->not_before, X509_get0_notBefore(theirs));
	assert_date(ours->not_after, X509_get0_notAfter(theirs));
	OPENSSL_free(subject);
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
	OPENSSL_free(info);
}

static void test_parts(void **state)
{
	static const char *const names[] = {"auth", "auth-ca", "sign", "sign-ca"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct jpki_certificate *certificate = NULL;
		char file[32];
		uint8_t *der;
		size_t length;
		X509 *theirs;

		snprintf(file, sizeof(file), "%s.der", names[i]);
		der = made(file, &length);
		snprintf(file, sizeof(file), "%s.crt", names[i]);
		theirs = unit_certificate(&card, file);
		assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_OK);
		assert_int_equal(certificate->der.length, length);
		assert_memory_equal(certificate->der.data, der, length);
		assert_ptr_not_equal(certificate->der.data, der); /* a copy of its own */
		compare(certificate, theirs);
		jpki_certificate_release(certificate);
		X509_free(theirs);
		free(der);
	}
}

static bool is_self_signed(const uint8_t *der, size_t length)
{
	struct jpki_certificate *certificate = NULL;
	bool is_so;

	assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_OK);
	is_so = jpki_certificate_is_self_signed(certificate);
	jpki_certificate_release(certificate);
	assert_int_equal(ERR_peek_error(), 0);
	return is_so;
}

/* The authorities' are, and those that they issued are not; nor one of which a byte is wrong. */
static void test_self_signed(void **state)
{
	size_t length;
	uint8_t *der = made("auth.der", &length);

	(void)state;
	assert_false(is_self_signed(der, length));
	free(der);
	der = made("auth-ca.der", &length);
	assert_true(is_self_signed(der, length));
	der[length - 1] ^= 1;
	assert_false(is_self_signed(der, length));
	free(der);
}

static void assert_refused(const uint8_t *der, size_t length)
{
	struct jpki_certificate *certificate = (struct jpki_certificate *)&card;

	assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_E_BAD_DER);
	assert_null(certificate);
	/* Nor is a calling program's queue of errors littered. */
	assert_int_equal(ERR_peek_error(), 0);
}

/* Cut anywhere, and with anything behind it. */
static void test_wrong_length(void **state)
{
	size_t length;
	uint8_t *der = made("auth.der", &length);
	uint8_t *longer = calloc(1, length + 1);

	(void)state;
	assert_non_null(longer);
	for (size_t cut = 0; cut < length; cut++)
		assert_refused(der, cut);
	memcpy(longer, der, length);
	assert_refused(longer, length + 1);
	longer[length] = 0xFF;
	assert_refused(longer, length + 1);
	free(longer);
	free(der);
}

/* Damaged bytes: no crash, and either refused or still a whole certificate with sane parts. */
static void test_damaged(void **state)
{
	size_t length;
	uint8_t *der = made("sign.der", &length);

	(void)state;
	for (size_t at = 0; at < length; at++) {
		struct jpki_certificate *certificate = NULL;
		uint8_t saved = der[at];

		der[at] ^= (uint8_t)(1U << (at % 8));
		if (jpki_certificate_parse(der, length, &certificate) == JPKI_OK) {
			assert_true(certificate->key->bits >= JPKI_RSA_BITS_MIN);
			assert_true(certificate->key->modulus.length <= JPKI_RSA_BYTES_MAX);
			assert_int_equal(certificate->der.length, length);
		} else {
			assert_null(certificate);
		}
		jpki_certificate_release(certificate);
		der[at] = saved;
	}
	free(der);
}

static void test_garbage(void **state)
{
	static const uint8_t sequence[] = {0x30, 0x03, 0x02, 0x01, 0x05};
	uint8_t noise[2000];
	unsigned int seed = 7;

	(void)state;
	assert_refused(sequence, sizeof(sequence));
	for (size_t i = 0; i < sizeof(noise); i++) {
		seed = seed * 1103515245U + 12345U;
		noise[i] = (uint8_t)(seed >> 16);
	}
	assert_refused(noise, sizeof(noise));
	memset(noise, 0xFF, sizeof(noise));
	assert_refused(noise, sizeof(noise));
}

/* As deep as the bytes that a card may give go: whoever recursed would run out of its stack. */
static void test_nested(void **state)
{
	uint8_t nested[JPKI_CERTIFICATE_MAX];

	(void)state;
	for (size_t at = 0; at + 4 <= sizeof(nested); at += 4) {
		size_t inside = sizeof(nested) - at - 4;

		nested[at] = at % 8 == 0 ? 0x30 : 0xA0;
		nested[at + 1] = 0x82;
		nested[at + 2] = (uint8_t)(inside >> 8);
		nested[at + 3] = (uint8_t)inside;
	}
	assert_refused(nested, sizeof(nested));
}

static void test_other_keys(void **state)
{
	EVP_PKEY *keys[] = {EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-224"), EVP_RSA_gen(512U),
			    EVP_RSA_gen(1023U)};
	EVP_PKEY *good = EVP_RSA_gen(1024U);
	struct jpki_certificate *certificate = NULL;
	uint8_t *der;
	size_t length;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_non_null(keys[i]);
		der = unit_issue(keys[i], &length);
		ERR_clear_error();
		assert_refused(der, length);
		OPENSSL_free(der);
		EVP_PKEY_free(keys[i]);
	}
	/* The least that is believed: old Juki cards have it. */
	der = unit_issue(good, &length);
	assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_OK);
	assert_int_equal(certificate->key->bits, 1024);
	jpki_certificate_release(certificate);
	OPENSSL_free(der);
	EVP_PKEY_free(good);
}

static void test_holders(void **state)
{
	struct jpki_certificate *certificate = NULL;
	size_t length;
	uint8_t *der = made("auth.der", &length);

	(void)state;
	assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_OK);
	assert_ptr_equal(jpki_certificate_hold(certificate), certificate);
	jpki_certificate_release(certificate);
	assert_memory_equal(certificate->der.data, der, length); /* one holder is left */
	jpki_certificate_release(certificate);
	jpki_certificate_release(NULL);
	free(der);
}

void __real_free(void *memory);
void __wrap_free(void *memory);
static const uint8_t *watched;
static bool watched_is_wiped;

/* Look at the copy when it is given back; free is replaced at link time (--wrap). */
void __wrap_free(void *memory)
{
	if (memory != NULL && memory == watched)
		watched_is_wiped = memcmp(memory, "\0\0\0\0", 4) == 0;
	__real_free(memory);
}

/* A signing certificate is personal data: the copy of it does not stay in freed memory. */
static void test_copy_is_wiped(void **state)
{
	struct jpki_certificate *certificate = NULL;
	size_t length;
	uint8_t *der = made("auth.der", &length);

	(void)state;
	assert_error(jpki_certificate_parse(der, length, &certificate), JPKI_OK);
	watched = certificate->der.data;
	jpki_certificate_release(certificate);
	watched = NULL;
	assert_true(watched_is_wiped);
	free(der);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_parts),   TEST(test_wrong_length),  TEST(test_damaged),
		TEST(test_garbage), TEST(test_nested),        TEST(test_other_keys),
		TEST(test_holders), TEST(test_copy_is_wiped), TEST(test_self_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
