/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_facts: reads the fields of a certificate with OpenSSL. */
#include "app/certificate/cert_facts.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

/* One line, with UTF-8 as it is; control characters are escaped. */
#define NAME_FLAGS                                                                                 \
	((XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT)

static const struct cert_choice choices[] = {
	{"auth", JPKI_KEY_AUTH, JPKI_CERTIFICATE_OWN},
	{"sign", JPKI_KEY_SIGN, JPKI_CERTIFICATE_OWN},
	{"auth-ca", JPKI_KEY_AUTH, JPKI_CERTIFICATE_CA},
	{"sign-ca", JPKI_KEY_SIGN, JPKI_CERTIFICATE_CA},
};

const struct cert_choice *cert_choice_find(const char *name)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (strcmp(name, choices[i].name) == 0)
			return &choices[i];
	}
	return NULL;
}

const struct cert_choice *cert_choice_of(enum jpki_key key, enum jpki_certificate_kind kind)
{
	const struct cert_choice *choice = choices;

	while (choice->key != key || choice->kind != kind)
		choice++;
	return choice;
}

bool cert_is_personal(const struct cert_choice *choice)
{
	return cert_is_own(choice) && choice->key == JPKI_KEY_SIGN;
}

bool cert_is_own(const struct cert_choice *choice)
{
	return choice->kind == JPKI_CERTIFICATE_OWN;
}

/* Return what was written to bio, and free bio; NULL without memory. */
static char *text_of(BIO *bio)
{
	char *data = NULL, *text = NULL;
	long length;

	if (bio == NULL)
		return NULL;
	length = BIO_get_mem_data(bio, &data);
	text = length > 0 ? strndup(data, (size_t)length) : strdup("");
	BIO_free(bio);
	return text;
}

static char *name_of(const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio != NULL)
		X509_NAME_print_ex(bio, name, 0, NAME_FLAGS);
	return text_of(bio);
}

/* Return only the country of a holder's name: the rest says who and where the holder is. */
static char *country_of(const X509_NAME *name)
{
	X509_NAME *rest = X509_NAME_dup(name);
	char *text;

	for (int i = X509_NAME_entry_count(rest) - 1; i >= 0; i--) {
		const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(X509_NAME_get_entry(rest, i));

		if (OBJ_obj2nid(type) != NID_countryName)
			X509_NAME_ENTRY_free(X509_NAME_delete_entry(rest, i));
	}
	text = rest != NULL ? name_of(rest) : NULL;
	X509_NAME_free(rest);
	return text;
}

static char *serial_of(const X509 *x509)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio != NULL)
		i2a_ASN1_INTEGER(bio, X509_get0_serialNumber(x509));
	return text_of(bio);
}

/* Append a word to a list. */
static void add_word(BIO *bio, const char *word)
{
	if (bio == NULL || word == NULL)
		return;
	BIO_printf(bio, "%s%s", BIO_pending(bio) > 0 ? ", " : "", word);
}

static char *usages_of(X509 *x509)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} usages[] = {
		{KU_DIGITAL_SIGNATURE, "digitalSignature"},
		{KU_NON_REPUDIATION, "nonRepudiation"},
		{KU_KEY_ENCIPHERMENT, "keyEncipherment"},
		{KU_DATA_ENCIPHERMENT, "dataEncipherment"},
		{KU_KEY_AGREEMENT, "keyAgreement"},
		{KU_KEY_CERT_SIGN, "keyCertSign"},
		{KU_CRL_SIGN, "cRLSign"},
		{KU_ENCIPHER_ONLY, "encipherOnly"},
		{KU_DECIPHER_ONLY, "decipherOnly"},
	};
	/* All bits are set if the extension is missing. */
	uint32_t set = X509_get_key_usage(x509);
	BIO *bio = BIO_new(BIO_s_mem());

	for (size_t i = 0; set != UINT32_MAX && i < sizeof(usages) / sizeof(usages[0]); i++) {
		if ((set & usages[i].bit) != 0)
			add_word(bio, usages[i].name);
	}
	return text_of(bio);
}

static char *purposes_of(const X509 *x509)
{
	EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
	BIO *bio = BIO_new(BIO_s_mem());
	char name[80];

	for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++) {
		const ASN1_OBJECT *purpose = sk_ASN1_OBJECT_value(purposes, i);
		int nid = OBJ_obj2nid(purpose);

		/* Use the name in the standard, or the number if there is none. */
		OBJ_obj2txt(name, sizeof(name), purpose, 1);
		add_word(bio, nid != NID_undef ? OBJ_nid2sn(nid) : name);
	}
	EXTENDED_KEY_USAGE_free(purposes);
	return text_of(bio);
}

static char *policies_of(const X509 *x509)
{
	CERTIFICATEPOLICIES *policies =
		X509_get_ext_d2i(x509, NID_certificate_policies, NULL, NULL);
	BIO *bio = BIO_new(BIO_s_mem());
	char name[80];

	for (int i = 0; i < sk_POLICYINFO_num(policies); i++) {
		OBJ_obj2txt(name, sizeof(name), sk_POLICYINFO_value(policies, i)->policyid, 1);
		add_word(bio, name);
	}
	CERTIFICATEPOLICIES_free(policies);
	return text_of(bio);
}

static bool fingerprint(X509 *x509, enum jpki_hash hash, char text[CERT_FINGERPRINT_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t value[JPKI_HASH_SIZE_MAX];
	size_t size = jpki_hash_size(hash);
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);
	bool ok = length > 0 && jpki_hash_compute(hash, der, (size_t)length, value) == JPKI_OK;

	OPENSSL_clear_free(der, length > 0 ? (size_t)length : 0);
	for (size_t i = 0; ok && i < size; i++) {
		text[i * 3] = digits[value[i] >> 4];
		text[i * 3 + 1] = digits[value[i] & 0x0f];
		text[i * 3 + 2] = i + 1 < size ? ':' : '\0';
	}
	return ok;
}

bool cert_facts_make(struct cert_facts *facts, const struct cert_choice *choice, X509 *x509,
		     bool with_personal, time_t now)
{
	const X509_NAME *subject = X509_get_subject_name(x509);
	EVP_PKEY *key = X509_get0_pubkey(x509);

	memset(facts, 0, sizeof(*facts));
	facts->choice = choice;
	facts->subject =
		cert_is_own(choice) && !with_personal ? country_of(subject) : name_of(subject);
	facts->issuer = name_of(X509_get_issuer_name(x509));
	facts->serial = serial_of(x509);
	facts->validity = date_validity_of(x509, now);
	facts->key_bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
	facts->key_type = key != NULL ? EVP_PKEY_get0_type_name(key) : "unknown";
	facts->signature = OBJ_nid2ln(X509_get_signature_nid(x509));
	facts->usages = usages_of(x509);
	facts->purposes = purposes_of(x509);
	facts->policies = policies_of(x509);
	/* A CA has a subjectAltName, too, but without these attributes. */
	facts->has_holder = holder_decode(x509, &facts->holder);
	return fingerprint(x509, JPKI_HASH_SHA1, facts->sha1) &&
	       fingerprint(x509, JPKI_HASH_SHA256, facts->sha256) && facts->subject != NULL &&
	       facts->issuer != NULL && facts->serial != NULL && facts->usages != NULL &&
	       facts->purposes != NULL && facts->policies != NULL;
}

void cert_facts_free(struct cert_facts *facts)
{
	if (facts->subject != NULL)
		explicit_bzero(facts->subject, strlen(facts->subject));
	free(facts->subject);
	free(facts->issuer);
	free(facts->serial);
	free(facts->usages);
	free(facts->purposes);
	free(facts->policies);
	holder_free(&facts->holder);
	memset(facts, 0, sizeof(*facts));
}
