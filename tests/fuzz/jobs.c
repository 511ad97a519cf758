/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jobs.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "stage.h"

#define OBJECTS_MAX   16
#define SIGNATURE_MAX 512

static void (*step)(void);

/* One call: what went wrong before is over. */
#define CALL(name, ...) (step(), stage.p11->name(__VA_ARGS__))

static void ask_for_info(void)
{
	CK_SLOT_ID slots[8], event;
	CK_ULONG count = 8;
	CK_SLOT_INFO slot_info;
	CK_TOKEN_INFO token_info;
	CK_MECHANISM_TYPE mechanisms[64];
	CK_MECHANISM_INFO mechanism_info;

	CALL(C_GetSlotList, CK_TRUE, slots, &count);
	fuzz_check(count <= 8);
	for (CK_SLOT_ID slot = 0; slot < 3; slot++) {
		CALL(C_GetSlotInfo, slot, &slot_info);
		CALL(C_GetTokenInfo, slot, &token_info);
		count = 64;
		if (CALL(C_GetMechanismList, slot, mechanisms, &count) == CKR_OK && count > 0)
			CALL(C_GetMechanismInfo, slot, mechanisms[count - 1], &mechanism_info);
		CALL(C_WaitForSlotEvent, CKF_DONT_BLOCK, &event, NULL);
	}
}

/* All attributes that a program may ask for, with the lengths first. */
static void read_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
	static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,
						  CKA_LABEL,
						  CKA_ID,
						  CKA_VALUE,
						  CKA_SUBJECT,
						  CKA_ISSUER,
						  CKA_SERIAL_NUMBER,
						  CKA_MODULUS,
						  CKA_MODULUS_BITS,
						  CKA_PUBLIC_EXPONENT,
						  CKA_START_DATE,
						  CKA_END_DATE,
						  CKA_CHECK_VALUE,
						  CKA_KEY_TYPE,
						  CKA_ALWAYS_AUTHENTICATE,
						  CKA_ALLOWED_MECHANISMS,
						  CKA_CERTIFICATE_CATEGORY,
						  CKA_PRIVATE,
						  CKA_SENSITIVE,
						  0x1234};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		CK_ATTRIBUTE attribute = {types[i], NULL, 0};

		if (CALL(C_GetAttributeValue, session, object, &attribute, 1) != CKR_OK)
			continue;
		fuzz_check(attribute.ulValueLen <= 8192);
		attribute.pValue = malloc(attribute.ulValueLen + 1);
		CALL(C_GetAttributeValue, session, object, &attribute, 1);
		free(attribute.pValue);
	}
}

static CK_ULONG find(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG attributes,
		     CK_OBJECT_HANDLE objects[OBJECTS_MAX])
{
	CK_ULONG count = 0;

	if (CALL(C_FindObjectsInit, session, template, attributes) != CKR_OK)
		return 0;
	if (CALL(C_FindObjects, session, objects, OBJECTS_MAX, &count) != CKR_OK)
		count = 0;
	fuzz_check(count <= OBJECTS_MAX);
	CALL(C_FindObjectsFinal, session);
	return count;
}

/* The only object of a class, or of the holder's certificate; 0: none. */
static CK_OBJECT_HANDLE find_one(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class)
{
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_TOKEN_USER;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];

	return find(session, template, class == CKO_CERTIFICATE ? 2 : 1, objects) == 1 ? objects[0]
										       : 0;
}

/* What the module gives out fits the certificate that it shows. */
static void check_signature(CK_SESSION_HANDLE session, bool pss, const uint8_t *hash,
			    const uint8_t *signature, size_t length)
{
	uint8_t der[8192];
	CK_ATTRIBUTE value = {CKA_VALUE, der, sizeof(der)};
	CK_OBJECT_HANDLE object = find_one(session, CKO_CERTIFICATE);
	const unsigned char *at = der;
	EVP_PKEY_CTX *context;
	X509 *certificate;

	if (object == 0 || CALL(C_GetAttributeValue, session, object, &value, 1) != CKR_OK)
		return;
	certificate = d2i_X509(NULL, &at, (long)value.ulValueLen);
	fuzz_check(certificate != NULL);
	context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);
	fuzz_check(context != NULL && EVP_PKEY_verify_init(context) == 1);
	EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
	EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
	fuzz_check(EVP_PKEY_verify(context, signature, length, hash, SHA256_DIGEST_LENGTH) == 1);
	EVP_PKEY_CTX_free(context);
	X509_free(certificate);
}

static void sign(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, const char *pin)
{
	CK_RSA_PKCS_PSS_PARAMS parameters = {CKM_SHA256, CKG_MGF1_SHA256, SHA256_DIGEST_LENGTH};
	CK_MECHANISM mechanism = {type, NULL, 0};
	CK_BYTE data[] = "what is signed", hash[SHA256_DIGEST_LENGTH];
	CK_BYTE *signature = malloc(SIGNATURE_MAX);
	CK_ULONG length = SIGNATURE_MAX;

	if (type == CKM_SHA256_RSA_PKCS_PSS)
		mechanism = (CK_MECHANISM){type, &parameters, sizeof(parameters)};
	SHA256(data, sizeof(data), hash);
	if (CALL(C_SignInit, session, &mechanism, find_one(session, CKO_PRIVATE_KEY)) == CKR_OK) {
		if (pin != NULL)
			CALL(C_Login, session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR *)(uintptr_t)pin,
			     strlen(pin));
		if (CALL(C_Sign, session, data, sizeof(data), signature, &length) == CKR_OK) {
			fuzz_check(length <= SIGNATURE_MAX);
			check_signature(session, type == CKM_SHA256_RSA_PKCS_PSS, hash, signature,
					length);
		}
	}
	free(signature);
}

static CK_RV login(CK_SESSION_HANDLE session, const char *pin)
{
	return CALL(C_Login, session, CKU_USER, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin));
}

static void change(CK_SESSION_HANDLE session, const char *from, const char *to)
{
	CALL(C_SetPIN, session, (CK_UTF8CHAR *)(uintptr_t)from, strlen(from),
	     (CK_UTF8CHAR *)(uintptr_t)to, strlen(to));
}

static void use_token(CK_SLOT_ID slot, uint8_t jobs)
{
	const char *pin = slot == 0 ? STAGE_AUTH_PIN : STAGE_SIGN_PIN;
	const char *wrong = slot == 0 ? "9999" : "wrong99";
	const char *other = slot == 0 ? "8888" : "OTHER88";
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_SESSION_HANDLE session = 0;
	CK_SESSION_INFO info;
	CK_BYTE random[40];
	CK_ULONG count;

	CALL(C_OpenSession, slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session);
	if ((jobs & JOB_WRONG_PIN) != 0) {
		login(session, wrong);
		login(session, wrong);
		login(session, other);
	}
	login(session, pin);
	CALL(C_GetSessionInfo, session, &info);
	count = find(session, NULL, 0, objects);
	for (CK_ULONG i = 0; i < count && (jobs & JOB_NO_OBJECTS) == 0; i++)
		read_object(session, objects[i]);
	sign(session, CKM_SHA256_RSA_PKCS, NULL);
	sign(session, CKM_SHA256_RSA_PKCS_PSS, pin);
	if ((jobs & JOB_NO_RANDOM) == 0)
		CALL(C_GenerateRandom, session, random, sizeof(random));
	if ((jobs & JOB_CHANGE_PIN) != 0) {
		change(session, pin, other);
		change(session, other, pin);
		sign(session, CKM_SHA256_RSA_PKCS, pin);
	}
	CALL(C_Logout, session);
	CALL(C_CloseSession, session);
}

void jobs_run(uint8_t jobs, void (*between)(void))
{
	step = between;
	for (int round = 0; round < ((jobs & JOB_TWICE) != 0 ? 2 : 1); round++) {
		CALL(C_Initialize, NULL);
		if ((jobs & JOB_NO_INFO) == 0)
			ask_for_info();
		if ((jobs & JOB_NO_AUTH) == 0)
			use_token(0, jobs);
		if ((jobs & JOB_NO_SIGN) == 0)
			use_token(1, jobs);
		CALL(C_Finalize, NULL);
	}
}
