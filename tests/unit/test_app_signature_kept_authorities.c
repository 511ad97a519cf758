/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_kept_authorities: what is kept is believed by its fingerprint alone. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/signature/kept_authorities.h"
#include "app/signature/known_authorities.h"
#include "place.h"
#include "signer.h"

static X509 *certificate, *other;
static char own[JPKI_FINGERPRINT_SIZE];
static char name[200];

static int set_up(void **state)
{
	certificate = signer_authority();
	other = signer_for_signing(SIGNER_KEY_OTHER);
	if (!authority_fingerprint(certificate, own))
		return -1;
	snprintf(name, sizeof(name), ".local/share/jpki-pkcs11/sign-%s.pem", own);
	return place_set_up(state);
}

static int tear_down(void **state)
{
	X509_free(certificate);
	X509_free(other);
	return place_tear_down(state);
}

static void assert_kept(enum jpki_key key, bool wanted)
{
	X509 *kept = authority_kept(key, own);

	assert_int_equal(kept != NULL, wanted);
	if (kept != NULL)
		assert_int_equal(X509_cmp(kept, certificate), 0);
	X509_free(kept);
}

/* What the file of the certificate holds; the caller frees it. */
static char *file_text(void)
{
	size_t length;

	return unit_read_file(place_path(name), &length);
}

static void test_kept(void **state)
{
	char *text;

	(void)state;
	assert_kept(JPKI_KEY_SIGN, false);
	authority_keep(JPKI_KEY_SIGN, certificate);
	assert_kept(JPKI_KEY_SIGN, true);
	assert_kept(JPKI_KEY_AUTH, false);
	assert_int_equal(place_count(".local/share/jpki-pkcs11"), 1);
	assert_int_equal(place_mode(name), 0644);
	assert_int_equal(place_mode(".local/share/jpki-pkcs11"), 0700);
	/* What is kept well is not written again. */
	assert_int_equal(chmod(place_path(name), 0600), 0);
	authority_keep(JPKI_KEY_SIGN, certificate);
	assert_int_equal(place_mode(name), 0600);
	text = file_text();
	assert_non_null(strstr(text, "-----BEGIN CERTIFICATE-----"));
	free(text);
}

/* A file with another content is none, and is replaced. */
static void test_changed(void **state)
{
	char theirs[JPKI_FINGERPRINT_SIZE];
	char *text, *changed;
	char *middle;

	(void)state;
	authority_keep(JPKI_KEY_SIGN, certificate);
	text = file_text();
	place_write(name, "rubbish\n");
	assert_kept(JPKI_KEY_SIGN, false);
	place_write(name, "");
	assert_kept(JPKI_KEY_SIGN, false);
	/* one bit of the certificate */
	changed = strdup(text);
	middle = changed + strlen(changed) - 100;
	*middle = *middle == 'A' ? 'B' : 'A';
	place_write(name, changed);
	free(changed);
	assert_kept(JPKI_KEY_SIGN, false);
	authority_keep(JPKI_KEY_SIGN, certificate);
	place_assert(name, text);
	assert_kept(JPKI_KEY_SIGN, true);
	/* another certificate by its name */
	assert_true(authority_fingerprint(other, theirs));
	authority_keep(JPKI_KEY_SIGN, other);
	snprintf(name, sizeof(name), ".local/share/jpki-pkcs11/sign-%s.pem", theirs);
	free(text);
	text = file_text();
	snprintf(name, sizeof(name), ".local/share/jpki-pkcs11/sign-%s.pem", own);
	place_write(name, text);
	free(text);
	assert_kept(JPKI_KEY_SIGN, false);
}

/* Where there is no place, nothing is kept, and nothing else happens. */
static void test_no_place(void **state)
{
	(void)state;
	place_write(".local/share", "a file");
	authority_keep(JPKI_KEY_SIGN, certificate);
	assert_kept(JPKI_KEY_SIGN, false);
	unsetenv("HOME");
	authority_keep(JPKI_KEY_SIGN, certificate);
	assert_kept(JPKI_KEY_SIGN, false);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_kept),
		HERE(test_changed),
		HERE(test_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
