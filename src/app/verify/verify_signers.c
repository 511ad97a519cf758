/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_signers: judges the certificate of each signer, and reports it. */
#include "app/verify/verify_signers.h"

#include "app/ui/line.h"

static int severity_of(int result)
{
	switch (result) {
	case APP_OK:
		return 0;
	case APP_EXPIRED:
		return 1;
	case APP_CA_UNKNOWN:
		return 2;
	default:
		return 3;
	}
}

int verify_worse(int one, int other)
{
	return severity_of(other) > severity_of(one) ? other : one;
}

/* Judge by each kind of CA, the best first. *authority: which one issued it; COUNT: none did. */
static struct signer_verdict judge(const struct verify_request *request, X509 *certificate,
				   STACK_OF(X509) * others, enum authority *authority)
{
	struct signer_verdict verdict = {SIGNER_UNTRUSTED, NULL};

	for (*authority = AUTHORITY_KNOWN; *authority < AUTHORITY_COUNT; (*authority)++) {
		X509_STORE *trusted = request->trusted[*authority];

		if (trusted != NULL)
			verdict = signer_judge(certificate, others, trusted, request->key);
		if (verdict.fault != SIGNER_UNTRUSTED)
			break;
	}
	return verdict;
}

static int result_of(enum signer_fault fault, enum authority authority)
{
	if (fault != SIGNER_GOOD && fault != SIGNER_EXPIRED)
		return APP_NOT_VALID;
	if (authority == AUTHORITY_UNKNOWN)
		return APP_CA_UNKNOWN;
	return fault == SIGNER_EXPIRED ? APP_EXPIRED : APP_OK;
}

bool verify_has_authority(const struct verify_request *request, X509 *certificate,
			  STACK_OF(X509) * others)
{
	enum authority authority;

	(void)judge(request, certificate, others, &authority);
	return authority != AUTHORITY_COUNT;
}

/* Find the certificate of a signer. NULL if neither the CMS nor --certificate has it. */
static X509 *certificate_of(const struct verify_request *request, CMS_SignerInfo *signer,
			    STACK_OF(X509) * others)
{
	for (int i = 0; i < sk_X509_num(others); i++) {
		X509 *certificate = sk_X509_value(others, i);

		if (CMS_SignerInfo_cert_cmp(signer, certificate) == 0)
			return certificate;
	}
	return request->given != NULL && CMS_SignerInfo_cert_cmp(signer, request->given) == 0
		       ? request->given
		       : NULL;
}

bool verify_have_authority(const struct verify_request *request, CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	bool all = true;

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers) && all; i++) {
		X509 *certificate =
			certificate_of(request, sk_CMS_SignerInfo_value(signers, i), others);

		all = certificate != NULL && verify_has_authority(request, certificate, others);
	}
	sk_X509_pop_free(others, X509_free);
	return all;
}

int verify_signer(struct verify_request *request, X509 *certificate, STACK_OF(X509) * others,
		  const struct claimed_time *claimed, int result)
{
	enum authority authority;
	struct signer_verdict verdict = judge(request, certificate, others, &authority);

	verify_tell_signer(request, certificate, claimed, &verdict, authority);
	return verify_worse(result, result_of(verdict.fault, authority));
}

int verify_signers(struct verify_request *request, CMS_ContentInfo *cms,
		   const struct claimed_time *claimed)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	int count = sk_CMS_SignerInfo_num(signers);
	int result = APP_OK;

	for (int i = 0; i < count; i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);
		struct claimed_time own = {.zoned = true};
		X509 *certificate = NULL;

		own.known = signature_claimed_time(signer, &own.when);
		CMS_SignerInfo_get0_algs(signer, NULL, &certificate, NULL, NULL);
		if (count > 1 && !request->common.json)
			ui_line(stdout, UI_PLAIN, _("Signer %d of %d:"), i + 1, count);
		result = certificate == NULL ? APP_NOT_VALID
					     : verify_signer(request, certificate, others,
							     own.known ? &own : claimed, result);
	}
	sk_X509_pop_free(others, X509_free);
	return result;
}
