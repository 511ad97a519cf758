/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signs an XML document as a whole: enveloped, C14N, SHA-256, with the certificate in X509Data.
 * (This is not the form of e-Gov, which "jpki sign --xml=e-gov" makes.) It is libxmlsec1-nss that
 * signs; the xmlsec1 command of the distributions cannot use a card.
 *
 *   xml-sign DATABASE CERTIFICATE IN OUT
 *
 * DATABASE is a directory of NSS in which the module is registered, CERTIFICATE a nickname or a
 * pkcs11: URI. The password is asked for on the terminal, once.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <nss.h>
#include <pk11pub.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xmlsec/nss/app.h>
#include <xmlsec/nss/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

static char *ask_password(PK11SlotInfo *slot, PRBool again, void *data)
{
	char question[128];
	const char *answer;

	(void)data;
	/* Whoever asks a second time after a refusal spends a second try. */
	if (again)
		return NULL;
	snprintf(question, sizeof(question), "Password for %s: ", PK11_GetTokenName(slot));
	answer = getpass(question);
	return answer != NULL ? PORT_Strdup(answer) : NULL;
}

/* Adds an empty signature of this kind to the document's root; NULL when there is no memory. */
static xmlNodePtr add_template(xmlDocPtr document)
{
	xmlNodePtr signature, reference, info;

	signature = xmlSecTmplSignatureCreate(document, xmlSecTransformInclC14NId,
					      xmlSecNssTransformRsaSha256Id, NULL);
	if (signature == NULL)
		return NULL;
	xmlAddChild(xmlDocGetRootElement(document), signature);
	reference = xmlSecTmplSignatureAddReference(signature, xmlSecNssTransformSha256Id, NULL,
						    (const xmlChar *)"", NULL);
	info = xmlSecTmplSignatureEnsureKeyInfo(signature, NULL);
	if (reference == NULL || info == NULL ||
	    xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId) == NULL ||
	    xmlSecTmplReferenceAddTransform(reference, xmlSecTransformInclC14NId) == NULL ||
	    xmlSecTmplKeyInfoAddX509Data(info) == NULL)
		return NULL;
	return signature;
}

/* The private key of the certificate, with the certificate; NULL when it was not found. */
static xmlSecKeyPtr find_key(xmlSecKeysMngrPtr manager, const char *certificate)
{
	xmlSecKeyInfoCtx context;
	xmlSecKeyPtr key = NULL;

	if (xmlSecKeyInfoCtxInitialize(&context, manager) != 0)
		return NULL;
	context.keyReq.keyId = xmlSecNssKeyDataRsaId;
	context.keyReq.keyType = xmlSecKeyDataTypePrivate;
	context.keyReq.keyUsage = xmlSecKeyUsageSign;
	key = xmlSecKeysMngrFindKey(manager, (const xmlChar *)certificate, &context);
	xmlSecKeyInfoCtxFinalize(&context);
	return key;
}

static bool sign(const char *certificate, const char *in, const char *out)
{
	xmlSecKeysMngrPtr manager = xmlSecKeysMngrCreate();
	xmlSecDSigCtxPtr context = NULL;
	xmlDocPtr document = NULL;
	xmlNodePtr signature;
	bool ok = false;

	if (manager == NULL || xmlSecNssAppDefaultKeysMngrInit(manager) != 0)
		goto out;
	document = xmlReadFile(in, NULL, XML_PARSE_NONET);
	context = xmlSecDSigCtxCreate(manager);
	if (document == NULL || context == NULL)
		goto out;
	context->signKey = find_key(manager, certificate);
	if (context->signKey == NULL) {
		fprintf(stderr, "xml-sign: there is no key for %s\n", certificate);
		goto out;
	}
	signature = add_template(document);
	if (signature == NULL || xmlSecDSigCtxSign(context, signature) != 0)
		goto out;
	ok = xmlSaveFile(out, document) > 0;
out:
	xmlSecDSigCtxDestroy(context);
	xmlFreeDoc(document);
	xmlSecKeysMngrDestroy(manager);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok;

	if (argc != 5) {
		fputs("Usage: xml-sign DATABASE CERTIFICATE IN OUT\n", stderr);
		return 2;
	}
	if (xmlSecInit() != 0 || xmlSecNssAppInit(argv[1]) != 0 || xmlSecNssInit() != 0) {
		fprintf(stderr, "xml-sign: %s cannot be used\n", argv[1]);
		return 1;
	}
	PK11_SetPasswordFunc(ask_password);
	ok = sign(argv[2], argv[3], argv[4]);
	xmlSecNssShutdown();
	xmlSecNssAppShutdown();
	xmlSecShutdown();
	return ok ? 0 : 1;
}
