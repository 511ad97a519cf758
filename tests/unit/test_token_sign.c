/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures, certificates and random numbers of a token. */
#include "fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "token/state.h"

static const uint8_t block[] = "what is signed";

static struct jpki_token_ref logged_in(struct fixture *fixture, enum jpki_key key)
{
	struct jpki_token_ref token = fixture_token(fixture, key);

	assert_error(fixture_login(&token, key == JPKI_KEY_AUTH ? VCARD_AUTH_PIN : VCARD_SIGN_PIN),
		     JPKI_OK);
	vcard_transport_forget(fixture->readers);
	return token;
}

static void test_sign(void **state)
{
	static const char *const names[] = {"auth.crt", "sign.crt"};
	struct fixture *fixture = *state;

	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token_ref token = logged_in(fixture, (enum jpki_key)key);
		X509 *certificate = unit_certificate(&fixture->card, names[key]);
		uint8_t signature[300];
		size_t length = sizeof(signature);

		assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block),
					     signature, &length),
			     JPKI_OK);
		assert_int_equal(length, 256);
		unit_assert_signed(certificate, block, sizeof(block), signature, length);
		fixture_assert_locked(fixture);
		X509_free(certificate);
	}
}

/* Every further signature: seven exchanges, PIN and all, one transaction. */
static void test_sequence(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_sign(&token), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture->readers, "AP EF:0018 TRIES VERIFY SIGN:0017 LEAVE AP");
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 7);
	token = logged_in(fixture, JPKI_KEY_SIGN);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture->readers, "AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP");
	assert_int_equal(vcard_transport_connects(fixture->readers), 0);
}

static void test_lengths(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);
	uint8_t data[246], signature[256];
	size_t length = sizeof(signature);

	memset(data, 0xA5, sizeof(data));
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, data, 245, signature, &length),
		     JPKI_OK);
	length = sizeof(signature);
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, data, 1, signature, &length),
		     JPKI_OK);
	vcard_transport_forget(fixture->readers);
	length = sizeof(signature);
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, data, 246, signature, &length),
		     JPKI_E_ARGUMENT);
	assert_int_equal(length, 0);
	length = sizeof(signature);
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, data, 0, signature, &length),
		     JPKI_E_ARGUMENT);
	length = sizeof(signature) - 1;
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, data, 1, signature, &length),
		     JPKI_E_RANGE);
	assert_int_equal(length, 0);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* A card that shows somebody else's certificate. */
struct impostor {
	struct vcard_transport *readers;
	uint8_t *der;
	size_t length;
	uint8_t file; /* the last byte of its identifier */
	bool selected;
};

static enum vcard_fault show_other(void *context, unsigned index, const uint8_t *command,
				   size_t length)
{
	struct impostor *impostor = context;
	uint8_t answer[258];
	size_t offset, count;

	(void)index;
	if (length >= 7 && command[1] == 0xA4)
		impostor->selected = command[2] == 0x02 && command[6] == impostor->file;
	if (length == 5 && command[1] == 0xB0 && command[2] >= 0x80)
		impostor->selected = (command[2] & 0x1F) == impostor->file;
	if (!impostor->selected || length != 5 || command[1] != 0xB0)
		return VCARD_FAULT_NONE;
	/* A file that the command names is read from its start. */
	offset = command[2] >= 0x80 ? command[3] : (size_t)(command[2] << 8 | command[3]);
	assert_true(offset < impostor->length);
	count = command[4] != 0 ? command[4] : 256;
	if (count > impostor->length - offset)
		count = impostor->length - offset;
	memcpy(answer, impostor->der + offset, count);
	memcpy(answer + count, "\x90\x00", 2);
	vcard_transport_answer(impostor->readers, answer, count + 2);
	return VCARD_FAULT_ANSWER;
}

static void test_certificate_of_another_key(void **state)
{
	struct fixture *fixture = *state;
	struct impostor impostor = {.readers = fixture->readers, .file = 0x0A};
	struct jpki_certificate *certificate = NULL;
	struct jpki_token_ref token;
	uint8_t out[256] = {0};
	const uint8_t untouched[256] = {0};
	size_t length = sizeof(out);
	char path[PATH_MAX];

	unit_card_open(&fixture->second, "second", NULL);
	unit_path(path, fixture->second.dir, "auth.der");
	impostor.der = (uint8_t *)unit_read_file(path, &impostor.length);
	vcard_transport_set_hook(fixture->readers, show_other, &impostor);
	token = logged_in(fixture, JPKI_KEY_AUTH);
	assert_error(jpki_token_certificate(&token, false, &certificate), JPKI_OK);
	assert_int_equal(certificate->der.length, impostor.length);
	assert_memory_equal(certificate->der.data, impostor.der, impostor.length);
	jpki_certificate_release(certificate);
	/* The key is the card's own, and its signature is not one of that certificate's. */
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block), out, &length),
		     JPKI_E_BAD_SIGNATURE);
	assert_int_equal(length, 0);
	assert_memory_equal(out, untouched, sizeof(out));
	fixture_assert_locked(fixture);
	/* It may have been read wrongly. */
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].own.certificate);
	free(impostor.der);
}

/* An EC certificate on a card whose keys are RSA: not the holder's, but the authority may be so. */
static void test_certificate_of_another_kind(void **state)
{
	struct fixture *fixture = *state;
	struct impostor impostor = {.readers = fixture->readers, .file = 0x0A};
	struct jpki_certificate *certificate = NULL;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");

	impostor.der = unit_issue(key, &impostor.length);
	vcard_transport_set_hook(fixture->readers, show_other, &impostor);
	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate),
		     JPKI_E_BAD_DER);
	assert_null(certificate);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_E_BAD_DER);
	impostor.file = 0x0B;
	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_CA, &certificate), JPKI_OK);
	assert_int_equal(certificate->key->kind, JPKI_KEY_KIND_EC);
	jpki_certificate_release(certificate);
	/* What was refused is read again. */
	assert_error(fixture_sign(&token), JPKI_OK);
	OPENSSL_free(impostor.der);
	EVP_PKEY_free(key);
}

/* What a card may come up with in place of a signature: not a byte of it is given out. */
static void test_bad_signature(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);
	uint8_t good[258], bad[258], out[256];
	uint8_t untouched[256];
	const size_t places[] = {0, 100, 255};
	size_t length = 256;

	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block), good, &length),
		     JPKI_OK);
	memset(untouched, 0xAA, sizeof(untouched));
	good[256] = 0x90;
	good[257] = 0x00;
	for (size_t i = 0; i < 4; i++) {
		memcpy(bad, good, sizeof(bad));
		if (i < 3)
			bad[places[i]] ^= 1;
		vcard_transport_answer(fixture->readers, bad, sizeof(bad));
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x2A, 0);
		memset(out, 0xAA, sizeof(out));
		length = sizeof(out);
		/* The last is the good one again: it is the content that is judged. */
		assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block), out,
					     &length),
			     i < 3 ? JPKI_E_BAD_SIGNATURE : JPKI_OK);
		assert_memory_equal(out, i < 3 ? untouched : good, sizeof(out));
		assert_int_equal(length, i < 3 ? 0 : sizeof(out));
		fixture_assert_locked(fixture);
	}
}

/* A good signature over something else, as a reader in between might put it in. */
static void test_replayed_signature(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);
	uint8_t other[258], out[256];
	size_t length = 256;

	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, (const uint8_t *)"other", 5, other,
				     &length),
		     JPKI_OK);
	other[256] = 0x90;
	other[257] = 0x00;
	vcard_transport_answer(fixture->readers, other, sizeof(other));
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x2A, 0);
	length = sizeof(out);
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block), out, &length),
		     JPKI_E_BAD_SIGNATURE);
}

/* A card whose answer to the signature goes on in a further one. */
struct long_answer {
	struct vcard_transport *readers;
	uint8_t signature[256];
	const char *rest; /* in hexadecimal */
};

static enum vcard_fault answer_in_two(void *context, unsigned index, const uint8_t *command,
				      size_t length)
{
	struct long_answer *longer = context;
	uint8_t answer[258];
	size_t used;

	(void)index;
	(void)length;
	if (command[1] != 0x2A && command[1] != 0xC0)
		return VCARD_FAULT_NONE;
	if (command[1] == 0x2A) {
		memcpy(answer, longer->signature, 256);
		memcpy(answer + 256, "\x61\x01", 2);
		used = sizeof(answer);
	} else {
		used = unit_hex(longer->rest, answer, sizeof(answer));
	}
	vcard_transport_answer(longer->readers, answer, used);
	return VCARD_FAULT_ANSWER;
}

static void assert_not_given_out(struct fixture *fixture, const struct jpki_token_ref *token,
				 enum jpki_error wanted)
{
	const uint8_t untouched[256] = {0};
	uint8_t out[256] = {0};
	size_t length = sizeof(out);

	assert_error(jpki_token_sign(token, JPKI_SIGN_PKCS1, block, sizeof(block), out, &length),
		     wanted);
	assert_int_equal(length, 0);
	assert_memory_equal(out, untouched, sizeof(out));
	fixture_assert_locked(fixture);
}

/* Neither the first part of a good signature nor one with more behind it is given out. */
static void test_wrong_length_signature(void **state)
{
	static const size_t lengths[] = {0, 1, 3, 128, 255};
	static const char *const rests[] = {"009000", "AA9000", "AABBCC9000"};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);
	struct long_answer longer = {.readers = fixture->readers};
	uint8_t answer[258];
	size_t length = sizeof(longer.signature);

	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, block, sizeof(block),
				     longer.signature, &length),
		     JPKI_OK);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memcpy(answer, longer.signature, lengths[i]);
		memcpy(answer + lengths[i], "\x90\x00", 2);
		vcard_transport_answer(fixture->readers, answer, lengths[i] + 2);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x2A, 0);
		assert_not_given_out(fixture, &token, JPKI_E_BAD_SIGNATURE);
	}
	for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
		longer.rest = rests[i];
		vcard_transport_set_hook(fixture->readers, answer_in_two, &longer);
		assert_not_given_out(fixture, &token, JPKI_E_PROTOCOL);
	}
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* The card's certificate is the one that was made for it, and is read from it once. */
static void check_certificate(struct fixture *fixture, const struct jpki_token_ref *token,
			      enum jpki_certificate_kind kind, const char *name)
{
	struct jpki_certificate *certificate = NULL;
	X509 *made = unit_certificate(&fixture->card, name);
	unsigned char *der = NULL;
	int length = i2d_X509(made, &der);

	assert_true(length > 0);
	assert_error(jpki_token_certificate(token, kind, &certificate), JPKI_OK);
	assert_int_equal(certificate->der.length, length);
	assert_memory_equal(certificate->der.data, der, (size_t)length);
	jpki_certificate_release(certificate);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_certificate(token, kind, &certificate), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	jpki_certificate_release(certificate);
	OPENSSL_free(der);
	X509_free(made);
}

static void test_certificates(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	check_certificate(fixture, &token, JPKI_CERTIFICATE_OWN, "auth.crt");
	check_certificate(fixture, &token, JPKI_CERTIFICATE_CA, "auth-ca.crt");
	token.key = JPKI_KEY_SIGN;
	check_certificate(fixture, &token, JPKI_CERTIFICATE_CA, "sign-ca.crt");
	token = logged_in(fixture, JPKI_KEY_SIGN);
	check_certificate(fixture, &token, JPKI_CERTIFICATE_OWN, "sign.crt");
}

/* A certificate that was handed out outlives the card. */
static void test_certificate_outlives_card(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_certificate *certificate = NULL;

	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate), JPKI_OK);
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	assert_int_equal(certificate->der.data[0], 0x30);
	assert_int_equal(certificate->key->modulus.length, 256);
	jpki_certificate_release(certificate);
}

static void test_bad_certificate(void **state)
{
	static const char *const answers[] = {"9000",        "6B00",         "300500000000009000",
					      "31009000",    "FFFFFFFF9000", "6985",
					      "308230009000"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct jpki_token_ref token;
		struct jpki_certificate *certificate = NULL;
		struct jpki_token_info info;

		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
		fixture_look(fixture);
		token = fixture_token(fixture, JPKI_KEY_AUTH);
		assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
		fixture_answer(fixture, answers[i]);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xB0, FIXTURE_EACH);
		assert_failure(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate));
		assert_null(certificate);
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
		/* The other certificate is none the worse. */
		assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_CA, &certificate),
			     JPKI_OK);
		jpki_certificate_release(certificate);
	}
}

static void test_random(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token_info info;
	uint8_t first[600] = {0}, second[600] = {0};
	const uint8_t zeros[8] = {0};

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_random(&token, first, sizeof(first)), JPKI_OK);
	unit_assert_trace(fixture->readers, "RANDOM RANDOM RANDOM");
	assert_error(jpki_token_random(&token, second, sizeof(second)), JPKI_OK);
	assert_memory_not_equal(first, second, sizeof(first));
	assert_memory_not_equal(first + sizeof(first) - 8, zeros, 8);
	fixture_answer(fixture, "9000");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x84, 0);
	assert_error(jpki_token_random(&token, first, 8), JPKI_E_PROTOCOL);
}

struct worker {
	struct jpki_token_ref token;
	unsigned int good;
};

static void *sign_five_times(void *context)
{
	struct worker *worker = context;

	for (int i = 0; i < 5; i++) {
		uint8_t signature[256];
		size_t length = sizeof(signature);

		if (jpki_token_sign(&worker->token, JPKI_SIGN_PKCS1, block, sizeof(block),
				    signature, &length) == JPKI_OK)
			worker->good++;
	}
	return NULL;
}

/* Threads on both tokens of one card wait for each other, and all succeed. */
static void test_threads(void **state)
{
	struct fixture *fixture = *state;
	struct worker workers[4];
	pthread_t threads[4];

	logged_in(fixture, JPKI_KEY_AUTH);
	logged_in(fixture, JPKI_KEY_SIGN);
	for (int i = 0; i < 4; i++) {
		workers[i] =
			(struct worker){.token = fixture_token(fixture, (enum jpki_key)(i % 2))};
		assert_int_equal(pthread_create(&threads[i], NULL, sign_five_times, &workers[i]),
				 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(workers[i].good, 5);
	}
	fixture_assert_locked(fixture);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_sign),
		TEST(test_sequence),
		TEST(test_lengths),
		TEST(test_bad_signature),
		TEST(test_certificate_of_another_key),
		TEST(test_certificate_of_another_kind),
		TEST(test_replayed_signature),
		TEST(test_wrong_length_signature),
		TEST(test_certificates),
		TEST(test_certificate_outlives_card),
		TEST(test_bad_certificate),
		TEST(test_random),
		TEST(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
