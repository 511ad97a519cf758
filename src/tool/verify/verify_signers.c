/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_signers: judges the certificate of each signer, and reports it. */
#include "tool/verify/verify_signers.h"

#include "app/ui/line.h"

static int worse(int result, enum signer_fault fault)
{
	if (fault == SIGNER_GOOD || result == APP_NOT_VALID)
		return result;
	return fault == SIGNER_EXPIRED ? APP_EXPIRED : APP_NOT_VALID;
}

int verify_signer(struct verify_request *request, X509 *certificate, STACK_OF(X509) * others,
		  const CMS_SignerInfo *signer, int result)
{
	struct signer_verdict verdict =
		signer_judge(certificate, others, request->trusted, request->key);

	verify_tell_signer(request, certificate, signer, &verdict);
	return worse(result, verdict.fault);
}

int verify_signers(struct verify_request *request, CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	int count = sk_CMS_SignerInfo_num(signers);
	int result = APP_OK;

	for (int i = 0; i < count; i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);
		X509 *certificate = NULL;

		CMS_SignerInfo_get0_algs(signer, NULL, &certificate, NULL, NULL);
		if (count > 1 && !request->common.json)
			ui_line(stdout, UI_PLAIN, _("Signer %d of %d:"), i + 1, count);
		result = certificate == NULL
				 ? APP_NOT_VALID
				 : verify_signer(request, certificate, others, signer, result);
	}
	sk_X509_pop_free(others, X509_free);
	return result;
}
