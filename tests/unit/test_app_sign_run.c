/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_sign_run: many files are signed in groups; each is written with its own signature, or
 * is not there at all. */
#include "unit.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/card/module_pool.h"
#include "app/card/rsa_key.h"
#include "app/sign/sign_run.h"
#include "app/signature/signature_block.h"
#include "capture.h"
#include "place.h"
#include "signer.h"

#define FILES_MAX 40

/* What stands in the place of the module: a key that asks this test, and a pool that signs when a
 * block is awaited. */
static struct {
	struct module_block *redirected;
	unsigned directly; /* signatures that did not go through the pool */
	size_t groups[FILES_MAX];
	size_t group_count;
	size_t signed_count;
	size_t fails_at; /* the block at which the card leaves; FILES_MAX: none */
	bool no_pool;
	void (*meanwhile)(void); /* runs when the first block is awaited */
} stand_in;

static struct sign_job jobs[FILES_MAX];
static char names[FILES_MAX][24];
static struct sign_request request;
static struct module_key key;

enum situation module_key_problem(struct module_key *asked)
{
	(void)asked;
	return SITUATION_NONE;
}

void module_key_redirect(struct module_key *asked, struct module_block *block)
{
	assert_ptr_equal(asked, &key);
	stand_in.redirected = block;
}

struct module_pool *module_pool_begin(struct module_key *asked)
{
	assert_ptr_equal(asked, &key);
	return stand_in.no_pool ? NULL : (struct module_pool *)&stand_in;
}

void module_pool_add(struct module_pool *pool, struct module_block *const *blocks, size_t count)
{
	(void)pool;
	(void)blocks;
	if (count > 0)
		stand_in.groups[stand_in.group_count++] = count;
}

enum situation module_pool_await(struct module_pool *pool, struct module_block *block)
{
	uint8_t *signature = NULL;
	size_t length = 0;

	(void)pool;
	if (stand_in.meanwhile != NULL)
		stand_in.meanwhile();
	stand_in.meanwhile = NULL;
	if (stand_in.signed_count == stand_in.fails_at)
		return SITUATION_REMOVED;
	stand_in.signed_count++;
	assert_true(signature_of_block(signer_key(SIGNER_KEY_OWN), block->bytes, block->length,
				       &signature, &length));
	memcpy(block->signature, signature, length);
	block->signature_length = length;
	free(signature);
	return SITUATION_NONE;
}

void module_pool_end(struct module_pool *pool)
{
	(void)pool;
}

/* As module_key_redirect says. */
static bool sign_block(void *argument, unsigned char *block, size_t block_length,
		       unsigned char *signature, size_t *length)
{
	struct module_block *known = stand_in.redirected;
	uint8_t *made = NULL;
	bool done;

	(void)argument;
	if (known == NULL) {
		stand_in.directly++;
		done = signature_of_block(signer_key(SIGNER_KEY_OWN), block, block_length, &made,
					  length);
		if (done)
			memcpy(signature, made, *length);
		free(made);
		return done;
	}
	return module_block_sign(known, block, block_length, signature, length);
}

static int set_up(void **state)
{
	BIGNUM *modulus = NULL, *exponent = NULL;

	place_set_up(state);
	memset(jobs, 0, sizeof(jobs));
	memset(&stand_in, 0, sizeof(stand_in));
	stand_in.fails_at = FILES_MAX;
	request = (struct sign_request){.jobs = jobs, .key = JPKI_KEY_SIGN};
	EVP_PKEY_get_bn_param(signer_key(SIGNER_KEY_OWN), "n", &modulus);
	EVP_PKEY_get_bn_param(signer_key(SIGNER_KEY_OWN), "e", &exponent);
	key = (struct module_key){.key = rsa_key_new(modulus, exponent, sign_block, NULL),
				  .certificate = signer_for_signing(SIGNER_KEY_OWN)};
	assert_non_null(key.key);
	BN_free(modulus);
	BN_free(exponent);
	return 0;
}

static int tear_down(void **state)
{
	EVP_PKEY_free(key.key);
	X509_free(key.certificate);
	for (size_t i = 0; i < FILES_MAX; i++) {
		free(jobs[i].output);
		free(jobs[i].reason);
	}
	ERR_clear_error();
	return place_tear_down(state);
}

/* Plans so many files with contents of their own. */
static void plan(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "%02zu", i);
		place_write(names[i], names[i]);
		jobs[i].file = names[i];
	}
	request.count = count;
	assert_true(sign_plan(&request));
	assert_int_equal(sign_waiting(&request), count);
}

static enum situation run(void)
{
	struct capture capture;
	enum situation situation;

	capture_begin(&capture);
	situation = sign_run(&request, &key);
	capture_end(&capture);
	capture_free(&capture);
	return situation;
}

/* Asserts that a signature is of its file, whose content is its name. */
static void assert_signed(size_t i)
{
	X509_STORE *store = X509_STORE_new();
	BIO *in = BIO_new_file(jobs[i].output, "rb");
	BIO *content = BIO_new_mem_buf(names[i], -1);
	CMS_ContentInfo *cms = d2i_CMS_bio(in, NULL);

	assert_true(jobs[i].done);
	assert_non_null(cms);
	assert_int_equal(
		CMS_verify(cms, NULL, store, content, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY),
		1);
	CMS_ContentInfo_free(cms);
	BIO_free(content);
	BIO_free(in);
	X509_STORE_free(store);
}

static void test_run_groups(void **state)
{
	(void)state;
	plan(2 * MODULE_POOL_SIZE + 3);
	assert_int_equal(run(), SITUATION_NONE);
	for (size_t i = 0; i < request.count; i++)
		assert_signed(i);
	assert_int_equal(stand_in.group_count, 3);
	assert_int_equal(stand_in.groups[0], MODULE_POOL_SIZE);
	assert_int_equal(stand_in.groups[1], MODULE_POOL_SIZE);
	assert_int_equal(stand_in.groups[2], 3);
	assert_int_equal(stand_in.directly, 0);
}

/* One file needs no group, and without a pool each is signed by itself. */
static void test_run_each(void **state)
{
	(void)state;
	plan(1);
	assert_int_equal(run(), SITUATION_NONE);
	assert_signed(0);
	request.force = true;
	free(jobs[0].output);
	jobs[0] = (struct sign_job){0};
	stand_in.no_pool = true;
	plan(3);
	assert_int_equal(run(), SITUATION_NONE);
	for (size_t i = 0; i < 3; i++)
		assert_signed(i);
	assert_int_equal(stand_in.directly, 4);
	assert_int_equal(stand_in.group_count, 0);
}

/* What was signed is written, whatever became of the next ones; those are not there at all. */
static void test_run_removed(void **state)
{
	(void)state;
	plan(2 * MODULE_POOL_SIZE);
	stand_in.fails_at = 3;
	assert_int_equal(run(), SITUATION_REMOVED);
	for (size_t i = 0; i < request.count; i++) {
		if (i < 3)
			assert_signed(i);
		assert_int_equal(place_has(jobs[i].output), i < 3);
		assert_int_equal(jobs[i].done, i < 3);
		assert_null(jobs[i].reason);
	}
	/* Each file, and the signatures of three. */
	assert_int_equal(place_count("."), request.count + 3);
}

static void change_one(void)
{
	place_write(names[1], "other");
}

static void remove_one(void)
{
	unlink(names[1]);
}

/* The signature over what a file was is not given to what it has become. */
static void test_run_changed(void **state)
{
	(void)state;
	plan(3);
	stand_in.meanwhile = change_one;
	assert_int_equal(run(), SITUATION_NONE);
	assert_signed(0);
	assert_signed(2);
	assert_false(jobs[1].done);
	assert_string_equal(jobs[1].reason, "It was changed in the meantime.");
	assert_false(place_has(jobs[1].output));
}

/* A file that is gone is a fault of its own, and the others are signed: in their group before it is
 * signed, and after. */
static void test_run_gone(void **state)
{
	(void)state;
	plan(4);
	unlink(names[0]);
	stand_in.meanwhile = remove_one;
	assert_int_equal(run(), SITUATION_NONE);
	assert_int_equal(stand_in.groups[0], 3);
	assert_signed(2);
	assert_signed(3);
	for (size_t i = 0; i < 2; i++) {
		assert_has(jobs[i].reason, strerror(ENOENT));
		assert_false(place_has(jobs[i].output));
	}
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_run_groups),  HERE(test_run_each), HERE(test_run_removed),
		HERE(test_run_changed), HERE(test_run_gone),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
