/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: takes an X.509 certificate apart. */
#include "crypto/certificate.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/blame.h"
#include "crypto/context.h"
#include "crypto/hash.h"

/* The public part comes first, so that one pointer serves as both. */
struct certificate {
	struct jpki_certificate public;
	atomic_uint holders;
	struct jpki_public_key *key;
	uint8_t *der;
	uint8_t *subject;
	uint8_t *issuer;
	uint8_t *serial;
	uint8_t *public_key_info;
};

static struct certificate *whole(struct jpki_certificate *certificate)
{
	return (struct certificate *)(void *)certificate;
}

/* Point part at what an i2d function of OpenSSL allocated for *owner; length <= 0 is its error. */
static enum jpki_error take(struct jpki_bytes *part, uint8_t *const *owner, int length)
{
	if (length <= 0)
		return jpki_crypto_blame(JPKI_E_BAD_DER);
	part->data = *owner;
	part->length = (size_t)length;
	return JPKI_OK;
}

static enum jpki_error take_parts(struct certificate *self, X509 *x509)
{
	struct jpki_certificate *public = &self->public;
	enum jpki_error error;

	error = take(&public->subject, &self->subject,
		     i2d_X509_NAME(X509_get_subject_name(x509), &self->subject));
	if (error == JPKI_OK)
		error = take(&public->issuer, &self->issuer,
			     i2d_X509_NAME(X509_get_issuer_name(x509), &self->issuer));
	if (error == JPKI_OK)
		error = take(&public->serial, &self->serial,
			     i2d_ASN1_INTEGER(X509_get_serialNumber(x509), &self->serial));
	if (error == JPKI_OK)
		error = take(&public->public_key_info, &self->public_key_info,
			     i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &self->public_key_info));
	return error;
}

static enum jpki_error take_date(const ASN1_TIME *time, char out[9])
{
	struct tm broken_down;

	if (ASN1_TIME_to_tm(time, &broken_down) != 1)
		return jpki_crypto_blame(JPKI_E_BAD_DER);
	/* A certificate holds only years of four digits (RFC 5280 §4.1.2.5). */
	snprintf(out, 9, "%04u%02u%02u", ((unsigned int)broken_down.tm_year + 1900U) % 10000U,
		 ((unsigned int)broken_down.tm_mon + 1U) % 100U,
		 (unsigned int)broken_down.tm_mday % 100U);
	return JPKI_OK;
}

static enum jpki_error take_apart(struct certificate *self, X509 *x509)
{
	struct jpki_certificate *public = &self->public;
	enum jpki_error error = take_parts(self, x509);

	if (error == JPKI_OK)
		error = jpki_public_key_read(public->public_key_info.data,
					     public->public_key_info.length, &self->key);
	public->key = self->key;
	if (error == JPKI_OK)
		error = take_date(X509_get0_notBefore(x509), public->not_before);
	if (error == JPKI_OK)
		error = take_date(X509_get0_notAfter(x509), public->not_after);
	if (error == JPKI_OK)
		error = jpki_hash_compute(JPKI_HASH_SHA1, public->der.data, public->der.length,
					  public->sha1);
	return error;
}

static void destroy(struct certificate *self)
{
	jpki_public_key_free(self->key);
	OPENSSL_free(self->public_key_info);
	OPENSSL_free(self->serial);
	OPENSSL_free(self->issuer);
	OPENSSL_clear_free(self->subject, self->public.subject.length);
	if (self->der != NULL)
		explicit_bzero(self->der, self->public.der.length);
	free(self->der);
	free(self);
}

/* Copy the bytes; the copy is wiped at the end because a signing certificate is personal data. */
static enum jpki_error copy_der(struct certificate *self, const uint8_t *der, size_t length)
{
	self->der = malloc(length);
	if (self->der == NULL)
		return JPKI_E_MEMORY;
	memcpy(self->der, der, length);
	self->public.der = (struct jpki_bytes){self->der, length};
	return JPKI_OK;
}

enum jpki_error jpki_certificate_parse(const uint8_t *der, size_t length,
				       struct jpki_certificate **certificate)
{
	OSSL_LIB_CTX *library = jpki_crypto_context();
	struct certificate *self = calloc(1, sizeof(*self));
	const uint8_t *end = der;
	X509 *x509 = NULL;
	enum jpki_error error = JPKI_E_MEMORY;

	*certificate = NULL;
	/* The calling program must not see the errors that OpenSSL queues about a bad
	 * certificate. */
	ERR_set_mark();
	if (self == NULL)
		goto out;
	error = JPKI_E_BAD_DER;
	if (length == 0 || length > LONG_MAX)
		goto out;
	atomic_init(&self->holders, 1);
	error = copy_der(self, der, length);
	if (error != JPKI_OK)
		goto out;
	error = JPKI_E_MEMORY;
	if (library != NULL)
		x509 = X509_new_ex(library, NULL);
	if (x509 == NULL)
		goto out;
	error = JPKI_E_BAD_DER;
	if (d2i_X509(&x509, &end, (long)length) == NULL) {
		error = jpki_crypto_blame(error);
		goto out;
	}
	if (end != der + length)
		goto out;
	error = take_apart(self, x509);
	if (error != JPKI_OK)
		goto out;
	*certificate = &self->public;
	self = NULL;
out:
	X509_free(x509);
	if (self != NULL)
		destroy(self);
	ERR_pop_to_mark();
	return error;
}

bool jpki_certificate_is_self_signed(const struct jpki_certificate *certificate)
{
	OSSL_LIB_CTX *library = jpki_crypto_context();
	const uint8_t *at = certificate->der.data;
	X509 *x509 = NULL;
	bool is_so;

	ERR_set_mark();
	if (library != NULL)
		x509 = X509_new_ex(library, NULL);
	is_so = x509 != NULL && d2i_X509(&x509, &at, (long)certificate->der.length) != NULL &&
		X509_self_signed(x509, 1) == 1;
	X509_free(x509);
	ERR_pop_to_mark();
	return is_so;
}

struct jpki_certificate *jpki_certificate_hold(struct jpki_certificate *certificate)
{
	atomic_fetch_add(&whole(certificate)->holders, 1);
	return certificate;
}

void jpki_certificate_release(struct jpki_certificate *certificate)
{
	if (certificate != NULL && atomic_fetch_sub(&whole(certificate)->holders, 1) == 1)
		destroy(whole(certificate));
}
