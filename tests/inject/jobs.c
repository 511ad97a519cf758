/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The jobs that the sweep has not: those that need no exchange with the card, and the start. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "engine.h"
#include "fake_winscard.h"

static CK_BYTE text[] = "The quick brown fox jumps over the lazy dog";
#define TEXT_LENGTH (sizeof(text) - 1)

static CK_BYTE signature[256];

/* Finds the public key and begins to verify with it; trouble when there is none. */
static CK_RV begin_verify(struct sweep_run *run, CK_MECHANISM_TYPE type)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_MECHANISM mechanism = {type, NULL, 0};
	CK_OBJECT_HANDLE key = 0;
	CK_ULONG count = 0;
	CK_RV rv;

	SWEEP_TRY(run, C_FindObjectsInit, (run->session, &template, 1));
	rv = p11->C_FindObjects(run->session, &key, 1, &count);
	SWEEP_TRY(run, C_FindObjectsFinal, (run->session));
	if (rv == CKR_OK && count != 1)
		run->trouble = "no key";
	if (sweep_failed(run, "C_FindObjects", rv) || run->trouble != NULL)
		return rv;
	SWEEP_TRY(run, C_VerifyInit, (run->session, &mechanism, key));
	return CKR_OK;
}

void engine_learn_signature(void)
{
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_ULONG length = sizeof(signature);

	assert_rv(p11->C_SignInit(session, &mechanism, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
	assert_int_equal(length, sizeof(signature));
}

/* A program that starts, with whatever is configured, and lists what there is. */
static CK_RV do_start(struct sweep_run *run)
{
	CK_RV rv;

	p11->C_Finalize(NULL);
	rv = p11->C_Initialize(NULL);
	if (rv != CKR_CRYPTOKI_ALREADY_INITIALIZED && sweep_failed(run, "C_Initialize", rv))
		return rv;
	return sweep_find_job("list")->act(run);
}

static CK_RV do_verify(struct sweep_run *run)
{
	CK_RV rv = begin_verify(run, CKM_SHA256_RSA_PKCS);

	if (rv != CKR_OK || run->trouble != NULL)
		return rv;
	SWEEP_TRY(run, C_VerifyUpdate, (run->session, text, 4));
	SWEEP_TRY(run, C_VerifyUpdate, (run->session, text + 4, TEXT_LENGTH - 4));
	SWEEP_TRY(run, C_VerifyFinal, (run->session, signature, sizeof(signature)));
	return CKR_OK;
}

/* The data as they are, which are collected on the host. */
static CK_RV do_refuse(struct sweep_run *run)
{
	CK_RV rv = begin_verify(run, CKM_RSA_PKCS);

	if (rv != CKR_OK || run->trouble != NULL)
		return rv;
	rv = p11->C_Verify(run->session, text, TEXT_LENGTH, signature, sizeof(signature));
	/* It is a signature over something else. */
	sweep_failed(run, "C_Verify", rv == CKR_SIGNATURE_INVALID ? CKR_OK : rv);
	if (rv == CKR_OK)
		run->trouble = "a signature over other data is taken";
	return run->rv;
}

static CK_RV do_digest(struct sweep_run *run)
{
	CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
	CK_BYTE digest[32], wanted[32];
	CK_ULONG length = sizeof(digest);

	assert_int_equal(EVP_Digest(text, TEXT_LENGTH, wanted, NULL, EVP_sha256(), NULL), 1);
	SWEEP_TRY(run, C_DigestInit, (run->session, &mechanism));
	SWEEP_TRY(run, C_DigestUpdate, (run->session, text, 4));
	SWEEP_TRY(run, C_DigestUpdate, (run->session, text + 4, TEXT_LENGTH - 4));
	SWEEP_TRY(run, C_DigestFinal, (run->session, digest, &length));
	if (length != sizeof(digest) || memcmp(digest, wanted, sizeof(digest)) != 0)
		run->trouble = "another digest";
	return CKR_OK;
}

static bool put_in(void)
{
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	return false;
}

/* The card is pulled and seen to be; then it comes while the program waits for it. */
static CK_RV do_wait(struct sweep_run *run)
{
	CK_SLOT_ID slot = CK_UNAVAILABLE_INFORMATION;
	CK_SLOT_INFO info;

	vcard_transport_remove(module_fixture.readers, 0);
	for (int events = 0; events < 2; events++) {
		CK_RV rv = p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);

		/* A look that failed has not seen it: it is seen at the next one. */
		if (rv != CKR_NO_EVENT && sweep_failed(run, "C_WaitForSlotEvent", rv))
			return rv;
	}
	while (p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
		;
	fake_winscard_while_waiting(put_in);
	SWEEP_TRY(run, C_WaitForSlotEvent, (0, &slot, NULL));
	fake_winscard_while_waiting(NULL);
	SWEEP_TRY(run, C_GetSlotInfo, (MODULE_AUTH_SLOT, &info));
	if (slot > MODULE_SIGN_SLOT)
		run->trouble = "an event of another slot";
	return CKR_OK;
}

/* Another program has reset the card since we used it. */
static CK_RV do_sign_after_reset(struct sweep_run *run)
{
	vcard_transport_reset(module_fixture.readers, 0);
	return sweep_sign(run);
}

/* A program that ends while the link to the card is open, and begins anew. */
static CK_RV do_end(struct sweep_run *run)
{
	SWEEP_TRY(run, C_Finalize, (NULL));
	SWEEP_TRY(run, C_Initialize, (NULL));
	return CKR_OK;
}

static const struct sweep_job jobs[] = {
	{.name = "end with a login", .has_session = true, .has_login = true, .act = do_end},
	{.name = "start and list", .act = do_start},
	{.name = "verify", .has_session = true, .act = do_verify},
	{.name = "refuse a signature", .has_session = true, .act = do_refuse},
	{.name = "digest", .has_session = true, .act = do_digest},
	{.name = "wait for the card", .act = do_wait},
	{.name = "sign after a reset",
	 .has_session = true,
	 .has_login = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = do_sign_after_reset},
};

const struct sweep_job *engine_find_job(const char *name)
{
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		if (strcmp(jobs[i].name, name) == 0)
			return &jobs[i];
	}
	return sweep_find_job(name);
}
