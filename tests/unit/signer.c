/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signer: issues certificates with OpenSSL, by keys that are made once. */
#include "signer.h"

#include "unit.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#define DAY_SECONDS (24L * 60 * 60)

static EVP_PKEY *keys[SIGNER_KEY_COUNT];
static const char *const names[SIGNER_KEY_COUNT] = {"Authority", "Holder", "Somebody else", "Weak"};
static X509 *own;

EVP_PKEY *signer_key(enum signer_key key)
{
	if (keys[key] == NULL)
		keys[key] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
					      (size_t)(key == SIGNER_KEY_WEAK ? 1024 : 2048));
	assert_non_null(keys[key]);
	return keys[key];
}

int signer_forget(void **state)
{
	(void)state;
	for (int key = 0; key < SIGNER_KEY_COUNT; key++) {
		EVP_PKEY_free(keys[key]);
		keys[key] = NULL;
	}
	X509_free(own);
	own = NULL;
	return 0;
}

static void add_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension;

	if (value == NULL)
		return;
	extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void set_name(X509_NAME *name, enum signer_key key)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
						    (const unsigned char *)names[key], -1, -1, 0),
			 1);
}

X509 *signer_certificate(const struct signer_form *form)
{
	static long serial = 1;
	X509 *certificate = X509_new();

	assert_non_null(certificate);
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
	set_name(X509_get_subject_name(certificate), form->key);
	set_name(X509_get_issuer_name(certificate), form->issuer);
	X509_gmtime_adj(X509_getm_notBefore(certificate), form->first_day * DAY_SECONDS);
	X509_gmtime_adj(X509_getm_notAfter(certificate), form->last_day * DAY_SECONDS);
	assert_int_equal(X509_set_pubkey(certificate, signer_key(form->key)), 1);
	add_extension(certificate, NID_basic_constraints, form->constraints);
	add_extension(certificate, NID_key_usage, form->usage);
	add_extension(certificate, NID_ext_key_usage, form->extended);
	assert_true(X509_sign(certificate, signer_key(form->issuer),
			      form->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
	return certificate;
}

X509 *signer_authority(void)
{
	return signer_certificate(&(struct signer_form){.key = SIGNER_KEY_CA,
							.issuer = SIGNER_KEY_CA,
							.usage = "critical,keyCertSign,cRLSign",
							.constraints = "critical,CA:TRUE",
							.first_day = -100,
							.last_day = 1000});
}

X509 *signer_for_signing(enum signer_key key)
{
	return signer_certificate(
		&(struct signer_form){.key = key,
				      .issuer = SIGNER_KEY_CA,
				      .usage = "critical,digitalSignature,nonRepudiation",
				      .first_day = -1,
				      .last_day = 100});
}

X509 *signer_for_authentication(enum signer_key key)
{
	return signer_certificate(&(struct signer_form){.key = key,
							.issuer = SIGNER_KEY_CA,
							.usage = "critical,digitalSignature",
							.extended = "clientAuth",
							.first_day = -1,
							.last_day = 100});
}

X509 *signer_own(void)
{
	if (own == NULL)
		own = signer_for_signing(SIGNER_KEY_OWN);
	return own;
}

BIO *signer_bio(const void *bytes, size_t length)
{
	BIO *bio = BIO_new_mem_buf(bytes, (int)length);

	assert_non_null(bio);
	return bio;
}

BIO *signer_text(const char *text)
{
	return signer_bio(text, strlen(text));
}
