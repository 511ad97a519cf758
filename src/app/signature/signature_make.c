/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signature_make: builds CMS with or without the file in it, or the bare signature over the file.
 */
#include "app/signature/signature_make.h"

/* Included first: the next header declares functions that use both only then. */
#include <openssl/pem.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>

#define PIECE_BYTES 65536
/* CAdES-BES: the signature names the certificate that it belongs to. */
#define FLAGS (CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES | CMS_PARTIAL)

const EVP_MD *signature_hash(void)
{
	return EVP_sha256();
}

static bool make_raw(const struct signature_plan *plan, BIO *content, BIO *out)
{
	unsigned char piece[PIECE_BYTES];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t length = sizeof(piece);
	bool done = false;
	int count;

	if (context == NULL ||
	    EVP_DigestSignInit(context, NULL, signature_hash(), NULL, plan->key) <= 0)
		goto out;
	while ((count = BIO_read(content, piece, sizeof(piece))) > 0) {
		if (EVP_DigestSignUpdate(context, piece, (size_t)count) <= 0)
			goto out;
	}
	done = count == 0 && EVP_DigestSignFinal(context, piece, &length) > 0 &&
	       BIO_write(out, piece, (int)length) == (int)length;
out:
	EVP_MD_CTX_free(context);
	return done;
}

/* Set the signing time; OpenSSL would take the time at which the signature is made. */
static bool set_time(CMS_SignerInfo *signer, time_t when)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, when);
	bool done =
		time != NULL && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
							    ASN1_STRING_type(time), time, -1) == 1;

	ASN1_TIME_free(time);
	return done;
}

static CMS_ContentInfo *new_cms(const struct signature_plan *plan, unsigned int flags)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	CMS_SignerInfo *signer = NULL;

	if (cms != NULL)
		signer =
			CMS_add1_signer(cms, plan->certificate, plan->key, signature_hash(), flags);
	if (signer != NULL && set_time(signer, plan->when) &&
	    (plan->issuer == NULL || CMS_add1_cert(cms, plan->issuer) == 1))
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

/*
 * Copy the content. OpenSSL's functions that do everything at once take a failed read for the end
 * of the file.
 */
static bool copy(BIO *content, BIO *chain)
{
	unsigned char piece[PIECE_BYTES];
	int count;

	while ((count = BIO_read(content, piece, sizeof(piece))) > 0) {
		if (BIO_write(chain, piece, count) != count)
			return false;
	}
	return count == 0;
}

/* Beside the content with CMS_DETACHED among the flags, else around it, in memory. */
static bool make_at_once(const struct signature_plan *plan, unsigned int flags, BIO *content,
			 BIO *out)
{
	CMS_ContentInfo *cms = new_cms(plan, flags);
	BIO *chain = cms == NULL ? NULL : CMS_dataInit(cms, NULL);
	bool done = chain != NULL && copy(content, chain) && CMS_dataFinal(cms, chain) == 1 &&
		    (plan->pem ? PEM_write_bio_CMS(out, cms) : i2d_CMS_bio(out, cms)) == 1;

	BIO_free_all(chain);
	CMS_ContentInfo_free(cms);
	return done;
}

/* What was read of the content already. */
struct piece {
	unsigned char bytes[PIECE_BYTES];
	int count;
};

/* Copy the content through the chain that ends at out, and free the chain except out. */
static bool copy_through(BIO *chain, const struct piece *first, BIO *content, const BIO *out)
{
	/* The flush makes the signature. i2d_CMS_bio_stream would not report its failure. */
	bool done = BIO_write(chain, first->bytes, first->count) == first->count &&
		    copy(content, chain) && BIO_flush(chain) > 0;

	while (chain != out) {
		BIO *next = BIO_pop(chain);

		BIO_free(chain);
		chain = next;
	}
	return done;
}

/* Around content that goes on after its first piece, as it comes. */
static bool make_streaming(const struct signature_plan *plan, const struct piece *first,
			   BIO *content, BIO *out)
{
	CMS_ContentInfo *cms = new_cms(plan, FLAGS | CMS_STREAM);
	BIO *base64 = NULL;
	BIO *under = out;
	BIO *chain = NULL;
	bool done = false;

	if (cms == NULL)
		goto out;
	if (plan->pem) {
		base64 = BIO_new(BIO_f_base64());
		if (base64 == NULL || BIO_puts(out, "-----BEGIN CMS-----\n") <= 0)
			goto out;
		under = BIO_push(base64, out);
	}
	chain = BIO_new_CMS(under, cms);
	done = chain != NULL && copy_through(chain, first, content, under);
	if (base64 != NULL) {
		done = done && BIO_flush(base64) > 0;
		BIO_pop(base64);
		done = done && BIO_puts(out, "-----END CMS-----\n") > 0;
	}
out:
	BIO_free(base64);
	CMS_ContentInfo_free(cms);
	return done;
}

static bool make_attached(const struct signature_plan *plan, BIO *content, BIO *out)
{
	struct piece first;

	first.count = BIO_read(content, first.bytes, sizeof(first.bytes));
	if (first.count < 0)
		return false;
	/* OpenSSL's stream makes no signature before a byte has come. */
	if (first.count == 0)
		return make_at_once(plan, FLAGS, content, out);
	return make_streaming(plan, &first, content, out);
}

bool signature_make(const struct signature_plan *plan, BIO *content, BIO *out)
{
	switch (plan->form) {
	case SIGNATURE_RAW:
		return make_raw(plan, content, out);
	case SIGNATURE_DETACHED:
		return make_at_once(plan, FLAGS | CMS_DETACHED, content, out);
	case SIGNATURE_ATTACHED:
		return make_attached(plan, content, out);
	}
	return false;
}
