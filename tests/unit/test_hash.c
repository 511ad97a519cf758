/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hashes and DigestInfo against published vectors. */
#include "unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/context.h"
#include "crypto/hash.h"

/* FIPS 180-4's examples: "abc", the two-block message, and nothing. */
static const struct {
	enum jpki_hash hash;
	size_t size;
	const char *abc;
	const char *empty;
	const char *prefix; /* RFC 8017 §9.2, note 1 */
} vectors[] = {
	{JPKI_HASH_SHA1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d",
	 "da39a3ee5e6b4b0d3255bfef95601890afd80709", "3021300906052b0e03021a05000414"},
	{JPKI_HASH_SHA224, 28, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
	 "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
	 "302d300d06096086480165030402040500041c"},
	{JPKI_HASH_SHA256, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	 "3031300d060960864801650304020105000420"},
	{JPKI_HASH_SHA384, 48,
	 "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	 "8086072ba1e7cc2358baeca134c825a7",
	 "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
	 "274edebfe76f65fbd51ad2f14898b95b",
	 "3041300d060960864801650304020205000430"},
	{JPKI_HASH_SHA512, 64,
	 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	 "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	 "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
	 "3051300d060960864801650304020305000440"},
};

#define VECTOR_COUNT (sizeof(vectors) / sizeof(vectors[0]))

static void test_known_answers(void **state)
{
	(void)state;
	assert_int_equal(VECTOR_COUNT, JPKI_HASH_COUNT);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		uint8_t value[JPKI_HASH_SIZE_MAX], wanted[JPKI_HASH_SIZE_MAX];

		assert_int_equal(jpki_hash_size(vectors[i].hash), vectors[i].size);
		unit_hex(vectors[i].abc, wanted, sizeof(wanted));
		assert_error(jpki_hash_compute(vectors[i].hash, "abc", 3, value), JPKI_OK);
		assert_memory_equal(value, wanted, vectors[i].size);
		unit_hex(vectors[i].empty, wanted, sizeof(wanted));
		assert_error(jpki_hash_compute(vectors[i].hash, NULL, 0, value), JPKI_OK);
		assert_memory_equal(value, wanted, vectors[i].size);
	}
}

static void test_in_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		struct jpki_hash_state *hash = jpki_hash_new(vectors[i].hash);
		uint8_t value[JPKI_HASH_SIZE_MAX], wanted[JPKI_HASH_SIZE_MAX];

		assert_non_null(hash);
		assert_error(jpki_hash_update(hash, "a", 1), JPKI_OK);
		assert_error(jpki_hash_update(hash, NULL, 0), JPKI_OK);
		assert_error(jpki_hash_update(hash, "bc", 2), JPKI_OK);
		assert_error(jpki_hash_final(hash, value), JPKI_OK);
		jpki_hash_free(hash);
		unit_hex(vectors[i].abc, wanted, sizeof(wanted));
		assert_memory_equal(value, wanted, vectors[i].size);
	}
	jpki_hash_free(NULL);
}

static void test_digest_info(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		uint8_t value[JPKI_HASH_SIZE_MAX], info[JPKI_DIGEST_INFO_MAX + 1], prefix[32];
		size_t prefix_length = unit_hex(vectors[i].prefix, prefix, sizeof(prefix));

		memset(value, (int)i + 1, sizeof(value));
		memset(info, 0xEE, sizeof(info));
		assert_int_equal(jpki_hash_digest_info(vectors[i].hash, value, info),
				 prefix_length + vectors[i].size);
		assert_memory_equal(info, prefix, prefix_length);
		assert_memory_equal(info + prefix_length, value, vectors[i].size);
		assert_int_equal(info[prefix_length + vectors[i].size], 0xEE);
		/* The lengths within the DER fit the whole. */
		assert_int_equal(info[1], prefix_length + vectors[i].size - 2);
		assert_int_equal(info[prefix_length - 1], vectors[i].size);
	}
}

/* RFC 4231 §4.3 has a key shorter than ours; zeros behind it make the same key (RFC 2104 §2). */
static void test_hmac(void **state)
{
	const uint8_t key[32] = "Jefe";
	uint8_t mac[32], wanted[32];

	(void)state;
	unit_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", wanted, 32);
	assert_error(jpki_hmac_sha256(key, "what do ya want for nothing?", 28, mac), JPKI_OK);
	assert_memory_equal(mac, wanted, 32);
}

/* What OpenSSL keeps for the parent is the parent's. */
static void test_child(void **state)
{
	OSSL_LIB_CTX *ours = jpki_crypto_context();
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		OSSL_LIB_CTX *own = jpki_crypto_context();

		_exit(own != NULL && own != ours && jpki_crypto_context() == own ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_ptr_equal(jpki_crypto_context(), ours);
}

/* RFC 7914 §11 has PBKDF2 with HMAC-SHA-256; its passwords are shorter than ours, and so the test's
 * answers are another program's: Python's hashlib.pbkdf2_hmac. */
static void test_slow_hash(void **state)
{
	uint8_t secret[32], salt[32], digest[32], wanted[32];

	(void)state;
	for (size_t i = 0; i < 32; i++) {
		secret[i] = (uint8_t)i;
		salt[i] = (uint8_t)(0xff - i);
	}
	unit_hex("fd7bcaafdc76f8ad7b777412f175cd307d5310504102b920071a6d2721e4f4a8", wanted, 32);
	assert_error(jpki_slow_sha256(secret, salt, 1000, digest), JPKI_OK);
	assert_memory_equal(digest, wanted, 32);
	unit_hex("df55712cc0e628a8a05e39c85666186e88140c1ba53386d4ce8a7ac4e4801747", wanted, 32);
	assert_error(jpki_slow_sha256(secret, salt, 1001, digest), JPKI_OK);
	assert_memory_equal(digest, wanted, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers), cmocka_unit_test(test_in_parts),
		cmocka_unit_test(test_digest_info),   cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_slow_hash),     cmocka_unit_test(test_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
