/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands before a unit test under valgrind (LD_PRELOAD), where making an RSA key takes half a
 * minute and a whole program would take too long: the new keys of 2048 bits are the ones in the
 * files "0" to "3" of the directory KEPT_KEYS, in turn, and only the tests that match ONLY_TESTS
 * are run.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#define KEPT_BITS 2048U
#define KEPT_KEYS 4U

typedef EVP_PKEY *make_key(OSSL_LIB_CTX *context, const char *properties, const char *type, ...);
typedef void choose_tests(const char *pattern);

static EVP_PKEY *kept_key(void)
{
	static atomic_uint taken;
	const char *directory = getenv("KEPT_KEYS");
	char name[512];
	EVP_PKEY *key = NULL;
	FILE *file = NULL;

	snprintf(name, sizeof(name), "%s/%u", directory != NULL ? directory : ".",
		 atomic_fetch_add(&taken, 1) % KEPT_KEYS);
	file = fopen(name, "r");
	if (file != NULL) {
		key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
		fclose(file);
	}
	return key;
}

/* libcrypto's own has the same name and is behind this one. */
__attribute__((visibility("default"))) EVP_PKEY *
EVP_PKEY_Q_keygen(OSSL_LIB_CTX *context, const char *properties, const char *type, ...)
{
	void *symbol = dlsym(RTLD_NEXT, "EVP_PKEY_Q_keygen");
	make_key *original = NULL;
	const char *curve = NULL;
	size_t bits = 0;
	va_list arguments;

	if (symbol == NULL)
		return NULL;
	memcpy(&original, &symbol, sizeof(symbol));
	va_start(arguments, type);
	if (strcmp(type, "RSA") == 0)
		bits = va_arg(arguments, size_t);
	else
		curve = va_arg(arguments, const char *);
	va_end(arguments);
	if (bits == KEPT_BITS)
		return kept_key();
	return bits != 0 ? original(context, properties, type, bits)
			 : original(context, properties, type, curve);
}

__attribute__((constructor)) static void choose(void)
{
	void *symbol = dlsym(RTLD_DEFAULT, "cmocka_set_test_filter");
	const char *pattern = getenv("ONLY_TESTS");
	choose_tests *original = NULL;

	if (symbol == NULL || pattern == NULL)
		return;
	memcpy(&original, &symbol, sizeof(symbol));
	original(pattern);
}
