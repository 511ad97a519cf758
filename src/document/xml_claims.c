/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_claims: compares what a signature in XML says of its key with its certificate. */
#include "document/xml_claims.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_base64.h"
#include "document/xml_name.h"

/* Real ones have 17 bits. OpenSSL takes as much time as a long one asks for, up to 3072 bits. */
#define EXPONENT_BITS_MAX 64
/* More than there are above a person's certificate. */
#define CHAIN_MAX 10
/* A certificate's number has at most 49 digits (RFC 5280 §4.1.2.2). */
#define DIGITS_MAX 100

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* --- the key --------------------------------------------------------------------------------- */

/* True if a number of a key is the one in base64. */
static bool is_number(const EVP_PKEY *key, const char *name, const char *base64)
{
	size_t length = 0;
	uint8_t *data = xml_base64_decode(base64, &length);
	BIGNUM *said = data == NULL ? NULL : BN_bin2bn(data, (int)length, NULL);
	BIGNUM *number = NULL;
	bool same = said != NULL && EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
		    BN_cmp(said, number) == 0;

	BN_free(said);
	BN_free(number);
	free(data);
	return same;
}

static bool is_key(const json_t *said, const X509 *certificate)
{
	const EVP_PKEY *key = X509_get0_pubkey(certificate);

	return key != NULL && is_number(key, OSSL_PKEY_PARAM_RSA_N, text_of(said, "modulus")) &&
	       is_number(key, OSSL_PKEY_PARAM_RSA_E, text_of(said, "exponent"));
}

bool xml_is_quick_key(const X509 *certificate)
{
	const EVP_PKEY *key = X509_get0_pubkey(certificate);
	BIGNUM *exponent = NULL;
	bool quick =
		key != NULL && (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1 ||
				BN_num_bits(exponent) <= EXPONENT_BITS_MAX);

	BN_free(exponent);
	return quick;
}

/* --- names ----------------------------------------------------------------------------------- */

/* True if a certificate has this number, which is decimal. */
static bool has_serial(const X509 *certificate, const char *text)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	BIGNUM *said = NULL;
	int length = strlen(text) > DIGITS_MAX ? 0 : BN_dec2bn(&said, text);
	bool same =
		number != NULL && length > 0 && text[length] == '\0' && BN_cmp(said, number) == 0;

	BN_free(number);
	BN_free(said);
	return same;
}

/* True if a certificate says that its key has this identifier, or says none. */
static bool has_identifier(X509 *certificate, const char *base64)
{
	const ASN1_OCTET_STRING *identifier = X509_get0_subject_key_id(certificate);
	size_t length = 0;
	uint8_t *said = xml_base64_decode(base64, &length);
	bool same =
		said != NULL && (identifier == NULL ||
				 (length == (size_t)ASN1_STRING_length(identifier) &&
				  memcmp(said, ASN1_STRING_get0_data(identifier), length) == 0));

	free(said);
	return same;
}

/* True if what is said of a certificate is so of this one. */
static bool is_of(const json_t *said, X509 *certificate)
{
	const char *element = text_of(said, "element");
	const char *text = text_of(said, "text");

	if (strcmp(element, "X509SubjectName") == 0)
		return xml_name_is(text, X509_get_subject_name(certificate));
	if (strcmp(element, "X509IssuerSerial") == 0)
		return has_serial(certificate, text_of(said, "serial")) &&
		       xml_name_is(text, X509_get_issuer_name(certificate));
	return has_identifier(certificate, text);
}

/* Return the certificate of whoever issued one; NULL if it is not there. Anybody can make one with
 * the name of an issuer. */
static X509 *issuer_of(X509 *certificate, STACK_OF(X509) * others)
{
	for (int i = 0; i < sk_X509_num(others); i++) {
		X509 *one = sk_X509_value(others, i);

		if (X509_cmp(one, certificate) != 0 && xml_is_quick_key(one) &&
		    X509_check_issued(one, certificate) == X509_V_OK &&
		    X509_verify(certificate, X509_get0_pubkey(one)) == 1)
			return one;
	}
	return NULL;
}

/* A certificate, and those above it. */
struct chain {
	X509 *certificates[CHAIN_MAX];
	size_t count;
};

static struct chain chain_of(X509 *certificate, STACK_OF(X509) * others)
{
	struct chain chain = {.count = 0};

	while (chain.count < CHAIN_MAX && certificate != NULL) {
		chain.certificates[chain.count++] = certificate;
		certificate = issuer_of(certificate, others);
	}
	return chain;
}

static bool is_of_chain(const json_t *said, const struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		if (is_of(said, chain->certificates[i]))
			return true;
	}
	return false;
}

const char *xml_claims_fault(const json_t *found, X509 *certificate, STACK_OF(X509) * others)
{
	const json_t *keys = json_object_get(found, "keys");
	const json_t *names = json_object_get(found, "names");
	struct chain chain = {.count = 0};
	const char *fault = NULL;

	/* Once for all names: it costs a verification for each link. */
	if (json_array_size(names) > 0)
		chain = chain_of(certificate, others);
	for (size_t i = 0; i < json_array_size(keys) && fault == NULL; i++)
		fault = is_key(json_array_get(keys, i), certificate) ? NULL : "KeyValue";
	for (size_t i = 0; i < json_array_size(names) && fault == NULL; i++) {
		const json_t *said = json_array_get(names, i);

		fault = is_of_chain(said, &chain) ? NULL : text_of(said, "element");
	}
	ERR_clear_error();
	return fault;
}
