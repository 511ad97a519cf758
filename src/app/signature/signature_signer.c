/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_signer: verifies the chain of a signer's certificate, and its key usage. */
#include "app/signature/signature_signer.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* OpenSSL's level for 112 bits: allows RSA-2048 and SHA-2, refuses SHA-1 and RSA-1024. And its
 * level for all that it knows. */
#define SECURITY_LEVEL 2
#define ANY_LEVEL      0

/* Return OpenSSL's verdict on the chain with these flags; X509_V_OK if it is valid. */
static int check_chain(X509 *certificate, STACK_OF(X509) * others, X509_STORE *trusted,
		       enum jpki_key key, int level, unsigned long flags, STACK_OF(X509) * *chain)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	int error = X509_V_ERR_UNSPECIFIED;

	*chain = NULL;
	if (context == NULL || X509_STORE_CTX_init(context, trusted, certificate, others) != 1)
		goto out;
	X509_STORE_CTX_set_flags(context, flags);
	X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), level);
	/* The authentication certificate has clientAuth as its extended key usage; the signing
	 * certificate has no extended key usage. */
	if (X509_STORE_CTX_set_purpose(context, key == JPKI_KEY_AUTH
							? X509_PURPOSE_SSL_CLIENT
							: X509_PURPOSE_SMIME_SIGN) != 1)
		goto out;
	if (X509_verify_cert(context) == 1) {
		error = X509_V_OK;
		*chain = X509_STORE_CTX_get1_chain(context);
	} else if (X509_STORE_CTX_get_error(context) != X509_V_OK) {
		error = X509_STORE_CTX_get_error(context);
	}
out:
	X509_STORE_CTX_free(context);
	return error;
}

/* Checked here because OpenSSL allows all uses if the extension is missing. */
static bool is_for_signatures(X509 *certificate, enum jpki_key key)
{
	uint32_t wanted = key == JPKI_KEY_AUTH ? KU_DIGITAL_SIGNATURE
					       : KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

	return (X509_get_extension_flags(certificate) & EXFLAG_KUSAGE) != 0 &&
	       (X509_get_key_usage(certificate) & wanted) == wanted &&
	       X509_check_ca(certificate) == 0;
}

/* True if every issuer is marked as a CA. OpenSSL accepts some old certificates that are not. */
static bool all_authorities(const STACK_OF(X509) * chain)
{
	/* A certificate that is itself trusted needs no issuer. */
	if (sk_X509_num(chain) < 2)
		return false;
	for (int i = 1; i < sk_X509_num(chain); i++) {
		if (X509_check_ca(sk_X509_value(chain, i)) != 1)
			return false;
	}
	return true;
}

static enum signer_fault fault_of(int error)
{
	switch (error) {
	case X509_V_OK:
		return SIGNER_GOOD;
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
		return SIGNER_NO_AUTHORITY;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return SIGNER_WEAK;
	case X509_V_ERR_INVALID_PURPOSE:
		return SIGNER_WRONG_USAGE;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return SIGNER_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return SIGNER_NOT_YET;
	default:
		return SIGNER_UNTRUSTED;
	}
}

struct signer_verdict signer_judge(X509 *certificate, STACK_OF(X509) * others, X509_STORE *trusted,
				   enum jpki_key key)
{
	struct signer_verdict verdict = {SIGNER_GOOD, NULL};
	STACK_OF(X509) * chain;
	/* Ignore the time first, so that "expired" means that everything else is valid. */
	int error = check_chain(certificate, others, trusted, key, SECURITY_LEVEL,
				X509_V_FLAG_NO_CHECK_TIME, &chain);

	/* OpenSSL says that first. Whoever is not issued by a trusted one may look weak, too. */
	if (fault_of(error) == SIGNER_WEAK) {
		int otherwise = check_chain(certificate, others, trusted, key, ANY_LEVEL,
					    X509_V_FLAG_NO_CHECK_TIME, &chain);

		error = otherwise != X509_V_OK ? otherwise : error;
	}
	if (error == X509_V_OK && !all_authorities(chain))
		error = X509_V_ERR_INVALID_CA;
	sk_X509_pop_free(chain, X509_free);
	if (error == X509_V_OK && !is_for_signatures(certificate, key))
		error = X509_V_ERR_INVALID_PURPOSE;
	if (error == X509_V_OK) {
		error = check_chain(certificate, others, trusted, key, SECURITY_LEVEL, 0, &chain);
		if (error == X509_V_OK && !all_authorities(chain))
			error = X509_V_ERR_INVALID_CA;
		sk_X509_pop_free(chain, X509_free);
	}
	verdict.fault = fault_of(error);
	if (error != X509_V_OK)
		verdict.detail = X509_verify_cert_error_string(error);
	return verdict;
}
