/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signature_check: verifies CMS and bare signatures with OpenSSL, and says what is wrong with them.
 */

/* Included first: cms.h declares functions that use both only then. */
#include <openssl/pem.h>

#include "app/signature/signature_check.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "app/signature/pem.h"
#include "app/signature/signature_make.h"
#include "base/der.h"

#define PIECE_BYTES 65536
/* Blanks before PEM, for which nobody waits. */
#define BLANKS_MAX 1024
/* RSA with 16384 bits, and one more byte to notice a longer value. */
#define SIGNATURE_MAX 2049

/* Read PEM that the file begins with. OpenSSL would find it anywhere in a text. */
static CMS_ContentInfo *read_pem(BIO *bio)
{
	static const char begin[] = "-----BEGIN ";
	char line[sizeof(begin)];
	int blanks = -1, count;

	do {
		blanks++;
		count = BIO_seek(bio, blanks) == 0 ? BIO_read(bio, line, sizeof(line) - 1) : 0;
	} while (count > 0 && blanks < BLANKS_MAX && strchr(" \t\r\n", line[0]) != NULL &&
		 line[0] != '\0');
	if (count != sizeof(line) - 1 || memcmp(line, begin, sizeof(line) - 1) != 0 ||
	    BIO_seek(bio, blanks) != 0)
		return NULL;
	return PEM_read_bio_CMS(bio, NULL, pem_no_password, NULL);
}

/* True if nothing but blanks and zeros follows. Anything else could be taken for what was signed,
 * by programs that read a file from its end, for instance. */
static bool is_end(BIO *bio)
{
	unsigned char piece[1024];
	int count;

	while ((count = BIO_read(bio, piece, sizeof(piece))) > 0) {
		for (int i = 0; i < count; i++) {
			if (memchr(" \t\r\n", piece[i], sizeof(" \t\r\n")) == NULL)
				return false;
		}
	}
	return true;
}

CMS_ContentInfo *signature_read(BIO *bio)
{
	unsigned char first = 0;
	CMS_ContentInfo *cms = NULL;

	if (BIO_read(bio, &first, 1) == 1 && BIO_seek(bio, 0) == 0)
		cms = first == JPKI_DER_SEQUENCE ? d2i_CMS_bio(bio, NULL) : read_pem(bio);
	if (cms != NULL && (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed || !is_end(bio))) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	return cms;
}

/* True if nobody can make two files with the same hash. */
static bool is_strong(const X509_ALGOR *hash)
{
	const ASN1_OBJECT *object;

	X509_ALGOR_get0(&object, NULL, NULL, hash);
	switch (OBJ_obj2nid(object)) {
	case NID_sha256:
	case NID_sha384:
	case NID_sha512:
		return true;
	default:
		return false;
	}
}

/* True if a signer names one hash for the content, and another one for the signature. */
static bool hashes_differ(const X509_ALGOR *hash, const X509_ALGOR *signature)
{
	const ASN1_OBJECT *object;
	int wanted = NID_undef;

	X509_ALGOR_get0(&object, NULL, NULL, signature);
	/* rsaEncryption names none, and OpenSSL compares the parameters of RSASSA-PSS. */
	if (OBJ_find_sigid_algs(OBJ_obj2nid(object), &wanted, NULL) != 1 || wanted == NID_undef)
		return false;
	X509_ALGOR_get0(&object, NULL, NULL, hash);
	return OBJ_obj2nid(object) != wanted;
}

static enum signature_fault check_hashes(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);

	/* OpenSSL accepts CMS that has no signer. */
	if (sk_CMS_SignerInfo_num(signers) < 1)
		return SIGNATURE_NONE;
	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		X509_ALGOR *hash = NULL, *signature = NULL;

		CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(signers, i), NULL, NULL, &hash,
					 &signature);
		if (hash == NULL || !is_strong(hash))
			return SIGNATURE_WEAK;
		if (signature == NULL || hashes_differ(hash, signature))
			return SIGNATURE_BROKEN;
	}
	return SIGNATURE_GOOD;
}

/*
 * True if these bytes are signed attributes: they include messageDigest, which every set of signed
 * attributes has.
 */
static bool are_attributes(const unsigned char *bytes, long length)
{
	ASN1_SEQUENCE_ANY *set = d2i_ASN1_SET_ANY(NULL, &bytes, length);
	bool found = false;

	for (int i = 0; i < sk_ASN1_TYPE_num(set) && !found; i++) {
		const ASN1_TYPE *one = sk_ASN1_TYPE_value(set, i);
		const unsigned char *data;
		X509_ATTRIBUTE *attribute;

		if (one->type != V_ASN1_SEQUENCE)
			continue;
		data = ASN1_STRING_get0_data(one->value.sequence);
		attribute =
			d2i_X509_ATTRIBUTE(NULL, &data, ASN1_STRING_length(one->value.sequence));
		found = attribute != NULL && OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute)) ==
						     NID_pkcs9_messageDigest;
		X509_ATTRIBUTE_free(attribute);
	}
	sk_ASN1_TYPE_pop_free(set, ASN1_TYPE_free);
	ERR_clear_error();
	return found;
}

/* The same for the content, wherever it is. Leaves the content at its beginning. */
static bool content_is_attributes(CMS_ContentInfo *cms, BIO *content)
{
	unsigned char piece[PIECE_BYTES];
	ASN1_OCTET_STRING **inside = CMS_get0_content(cms);
	int length;

	if (content == NULL)
		return inside != NULL && *inside != NULL &&
		       are_attributes(ASN1_STRING_get0_data(*inside), ASN1_STRING_length(*inside));
	length = BIO_read(content, piece, sizeof(piece));
	/* Content that cannot be read again could not be verified afterwards, so refuse it. */
	if (BIO_seek(content, 0) != 0)
		return true;
	return length > 0 && are_attributes(piece, length);
}

/* True if a signature is over the content itself instead of over attributes with its hash. */
static bool lacks_attributes(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		if (CMS_signed_get_attr_count(sk_CMS_SignerInfo_value(signers, i)) <= 0)
			return true;
	}
	return false;
}

static bool is_ambiguous(CMS_ContentInfo *cms, BIO *content)
{
	return lacks_attributes(cms) &&
	       (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data ||
		content_is_attributes(cms, content));
}

static enum signature_fault fault_of_errors(void)
{
	enum signature_fault fault = SIGNATURE_BROKEN;
	unsigned long error;

	while ((error = ERR_get_error()) != 0) {
		if (ERR_SYSTEM_ERROR(error))
			return SIGNATURE_UNREADABLE;
		if (ERR_GET_LIB(error) != ERR_LIB_CMS)
			continue;
		if (ERR_GET_REASON(error) == CMS_R_CONTENT_VERIFY_ERROR)
			fault = SIGNATURE_OTHER_CONTENT;
		if (ERR_GET_REASON(error) == CMS_R_SIGNER_CERTIFICATE_NOT_FOUND)
			fault = SIGNATURE_NO_CERTIFICATE;
	}
	return fault;
}

enum signature_fault signature_check(CMS_ContentInfo *cms, X509 *extra, BIO *content, BIO *out)
{
	enum signature_fault fault = check_hashes(cms);
	STACK_OF(X509) *extras = NULL;

	if (fault == SIGNATURE_GOOD && is_ambiguous(cms, content))
		fault = SIGNATURE_AMBIGUOUS;
	ERR_clear_error();
	if (fault != SIGNATURE_GOOD)
		return fault;
	if (extra != NULL) {
		extras = sk_X509_new_null();
		if (extras == NULL || sk_X509_push(extras, extra) <= 0) {
			sk_X509_free(extras);
			return SIGNATURE_BROKEN;
		}
	}
	if (CMS_verify(cms, extras, NULL, content, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) !=
	    1)
		fault = fault_of_errors();
	/* Without attributes nobody can tell whether the content or the signature was changed. */
	if (fault == SIGNATURE_OTHER_CONTENT && lacks_attributes(cms))
		fault = SIGNATURE_BROKEN;
	sk_X509_free(extras);
	return fault;
}

enum signature_fault signature_check_raw(BIO *signature, X509 *certificate, BIO *content)
{
	unsigned char value[SIGNATURE_MAX];
	unsigned char piece[PIECE_BYTES];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	enum signature_fault fault = SIGNATURE_BROKEN;
	size_t length = 0;
	int count;

	if (BIO_read_ex(signature, value, sizeof(value), &length) != 1 || length == sizeof(value)) {
		fault = SIGNATURE_NONE;
		goto out;
	}
	if (context == NULL || key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
	    EVP_DigestVerifyInit(context, NULL, signature_hash(), NULL, key) <= 0)
		goto out;
	while ((count = BIO_read(content, piece, sizeof(piece))) > 0) {
		if (EVP_DigestVerifyUpdate(context, piece, (size_t)count) <= 0)
			goto out;
	}
	if (count < 0)
		fault = SIGNATURE_UNREADABLE;
	/* Nobody can tell whether the file or its bare signature was changed. */
	else if (EVP_DigestVerifyFinal(context, value, length) == 1)
		fault = SIGNATURE_GOOD;
out:
	EVP_MD_CTX_free(context);
	return fault;
}

bool signature_claimed_time(const CMS_SignerInfo *signer, time_t *when)
{
	int place = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
	const ASN1_TYPE *value = NULL;
	struct tm time;

	if (place >= 0)
		value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, place), 0);
	if (value == NULL ||
	    (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) ||
	    ASN1_TIME_to_tm(value->value.asn1_string, &time) != 1)
		return false;
	*when = timegm(&time);
	return true;
}
