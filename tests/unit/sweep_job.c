/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The jobs of the sweep: what programs do with a card, and whether what they got is right. */
#include "sweep.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#define OBJECTS_MAX 16
#define VALUE_MAX   4096

static CK_BYTE text[] = "The quick brown fox jumps over the lazy dog";
#define TEXT_LENGTH (sizeof(text) - 1)

/* What a good card shows in its two slots. */
struct slot_view {
	CK_SLOT_INFO slot;
	CK_TOKEN_INFO token;
	CK_MECHANISM_TYPE mechanisms[32];
	CK_ULONG mechanism_count;
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_ULONG object_count;
};

static struct slot_view good[2];
static X509 *certificates[2], *ca_certificates[2];

bool sweep_failed(struct sweep_run *run, const char *where, CK_RV rv)
{
	run->rv = rv;
	run->where = where;
	return rv != CKR_OK;
}

static CK_RV find_all(struct sweep_run *run, CK_SESSION_HANDLE session, CK_ATTRIBUTE *template,
		      CK_ULONG count, CK_OBJECT_HANDLE objects[OBJECTS_MAX], CK_ULONG *found)
{
	CK_RV rv;

	*found = 0;
	SWEEP_TRY(run, C_FindObjectsInit, (session, template, count));
	rv = p11->C_FindObjects(session, objects, OBJECTS_MAX, found);
	/* A search is ended whatever came of it. */
	SWEEP_TRY(run, C_FindObjectsFinal, (session));
	sweep_failed(run, "C_FindObjects", rv);
	return rv;
}

static CK_RV look_at(struct sweep_run *run, CK_SLOT_ID slot, struct slot_view *view)
{
	CK_SESSION_HANDLE session;
	CK_RV rv;

	memset(view, 0, sizeof(*view));
	view->mechanism_count = sizeof(view->mechanisms) / sizeof(view->mechanisms[0]);
	SWEEP_TRY(run, C_GetSlotInfo, (slot, &view->slot));
	SWEEP_TRY(run, C_GetTokenInfo, (slot, &view->token));
	SWEEP_TRY(run, C_GetMechanismList, (slot, view->mechanisms, &view->mechanism_count));
	SWEEP_TRY(run, C_OpenSession, (slot, CKF_SERIAL_SESSION, NULL, NULL, &session));
	rv = find_all(run, session, NULL, 0, view->objects, &view->object_count);
	/* The session of a card that has left is gone already. */
	p11->C_CloseSession(session);
	return rv;
}

static CK_RV look_at_both(struct sweep_run *run, struct slot_view view[2])
{
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;

	SWEEP_TRY(run, C_GetSlotList, (CK_TRUE, slots, &count));
	for (CK_ULONG i = 0; i < count && i < 2; i++) {
		if (look_at(run, slots[i], &view[i]) != CKR_OK)
			return run->rv;
	}
	if (count != 2)
		run->trouble = "not two slots";
	return CKR_OK;
}

/* Nothing untrue may be shown: the session counts aside, a token is the same or it fails. */
static const char *compare(const struct slot_view *seen, const struct slot_view *wanted)
{
	if (memcmp(&seen->slot, &wanted->slot, sizeof(seen->slot)) != 0)
		return "another slot info";
	if (memcmp(seen->token.serialNumber, wanted->token.serialNumber, 16) != 0)
		return "another serial";
	if (memcmp(seen->token.label, wanted->token.label, 32) != 0)
		return "another label";
	if (seen->token.flags != wanted->token.flags)
		return SWEEP_OTHER_FLAGS;
	if (seen->mechanism_count != wanted->mechanism_count)
		return "other mechanisms";
	if (seen->object_count != wanted->object_count)
		return "other objects";
	return NULL;
}

static CK_RV do_list(struct sweep_run *run)
{
	struct slot_view view[2] = {{.mechanism_count = 0}};

	if (look_at_both(run, view) != CKR_OK)
		return run->rv;
	for (int i = 0; run->trouble == NULL && i < 2; i++)
		run->trouble = compare(&view[i], &good[i]);
	return CKR_OK;
}

static CK_RV open_session(struct sweep_run *run)
{
	CK_SESSION_INFO info;
	CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;

	if (p11->C_GetSessionInfo(run->session, &info) == CKR_OK)
		return CKR_OK;
	SWEEP_TRY(run, C_OpenSession, (run->job->slot, flags, NULL, NULL, &run->session));
	return CKR_OK;
}

/* A certificate's value is the card's. */
static CK_RV read_value(struct sweep_run *run, CK_ULONG category, X509 *wanted)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_BYTE value[VALUE_MAX], *der = NULL;
	CK_ATTRIBUTE attribute = {CKA_VALUE, value, sizeof(value)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_ULONG count = 0;
	int length;

	if (find_all(run, run->session, template, 2, objects, &count) != CKR_OK)
		return run->rv;
	if (count == 0) {
		run->trouble = "no certificate";
		return CKR_OK;
	}
	SWEEP_TRY(run, C_GetAttributeValue, (run->session, objects[0], &attribute, 1));
	length = i2d_X509(wanted, &der);
	assert_true(length > 0);
	if (attribute.ulValueLen != (CK_ULONG)length || memcmp(value, der, (size_t)length) != 0)
		run->trouble = "another certificate";
	OPENSSL_free(der);
	return CKR_OK;
}

static CK_RV do_read(struct sweep_run *run)
{
	if (open_session(run) != CKR_OK)
		return run->rv;
	if (read_value(run, CK_CERTIFICATE_CATEGORY_TOKEN_USER, certificates[run->job->slot % 2]) !=
	    CKR_OK)
		return run->rv;
	return read_value(run, CK_CERTIFICATE_CATEGORY_AUTHORITY,
			  ca_certificates[run->job->slot % 2]);
}

static CK_RV log_in(struct sweep_run *run, CK_USER_TYPE user, const char *pin)
{
	CK_UTF8CHAR copy[32];
	size_t length = strlen(pin);

	assert_true(length <= sizeof(copy));
	memcpy(copy, pin, length);
	SWEEP_TRY(run, C_Login, (run->session, user, copy, length));
	return CKR_OK;
}

bool sweep_is_logged_in(const struct sweep_run *run)
{
	CK_SESSION_INFO info;

	return p11->C_GetSessionInfo(run->session, &info) == CKR_OK &&
	       (info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS);
}

static CK_RV do_login(struct sweep_run *run)
{
	bool wrong = run->job->typed == SWEEP_WRONG_PIN;

	if (open_session(run) != CKR_OK)
		return run->rv;
	/* The second attempt of somebody whose first has succeeded. */
	if (sweep_is_logged_in(run))
		SWEEP_TRY(run, C_Logout, (run->session));
	return log_in(run, CKU_USER, wrong ? sweep_wrong_pin(run->job) : sweep_right_pin(run->job));
}

/* Logs in, which reads the signing certificate, and looks at it. */
static CK_RV do_login_and_read(struct sweep_run *run)
{
	return do_login(run) != CKR_OK ? run->rv : do_read(run);
}

static bool is_good_signature(const struct sweep_run *run, const CK_BYTE *signature,
			      CK_ULONG length)
{
	EVP_PKEY *key = X509_get0_pubkey(certificates[run->job->slot % 2]);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *parameters = NULL;
	bool ok = EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), NULL, key) == 1;

	if (run->job->mechanism == CKM_SHA256_RSA_PKCS_PSS)
		ok = ok && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32) == 1;
	ok = ok && EVP_DigestVerify(context, signature, length, text, TEXT_LENGTH) == 1;
	EVP_MD_CTX_free(context);
	return ok;
}

static CK_RV begin_signature(struct sweep_run *run)
{
	CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
	CK_MECHANISM mechanism = {run->job->mechanism, NULL, 0};
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_ULONG count = 0;

	if (mechanism.mechanism == CKM_SHA256_RSA_PKCS_PSS) {
		mechanism.pParameter = &pss;
		mechanism.ulParameterLen = sizeof(pss);
	}
	if (find_all(run, run->session, &template, 1, objects, &count) != CKR_OK)
		return run->rv;
	if (count == 0) {
		run->trouble = "no private key";
		return CKR_OK;
	}
	SWEEP_TRY(run, C_SignInit, (run->session, &mechanism, objects[0]));
	return CKR_OK;
}

static CK_RV end_signature(struct sweep_run *run)
{
	CK_BYTE signature[300] = {0};
	CK_ULONG length = sizeof(signature);

	SWEEP_TRY(run, C_Sign, (run->session, text, TEXT_LENGTH, signature, &length));
	if (!is_good_signature(run, signature, length))
		run->trouble = SWEEP_BAD_SIGNATURE;
	return CKR_OK;
}

CK_RV sweep_sign(struct sweep_run *run)
{
	if (begin_signature(run) != CKR_OK || run->trouble != NULL)
		return run->rv;
	return end_signature(run);
}

/* All of it, as ssh does. */
static CK_RV do_login_and_sign(struct sweep_run *run)
{
	return do_login(run) != CKR_OK ? run->rv : sweep_sign(run);
}

static CK_RV do_authenticate_and_sign(struct sweep_run *run)
{
	/* An operation that waits from the attempt before is given up. */
	p11->C_SignInit(run->session, NULL, 0);
	if (begin_signature(run) != CKR_OK || run->trouble != NULL)
		return run->rv;
	if (log_in(run, CKU_CONTEXT_SPECIFIC, sweep_right_pin(run->job)) != CKR_OK)
		return run->rv;
	return end_signature(run);
}

static CK_RV do_set_pin(struct sweep_run *run)
{
	CK_UTF8CHAR old_pin[32], new_pin[32];
	size_t old_length = strlen(run->old_pin), new_length = strlen(run->new_pin);

	assert_true(old_length <= sizeof(old_pin) && new_length <= sizeof(new_pin));
	memcpy(old_pin, run->old_pin, old_length);
	memcpy(new_pin, run->new_pin, new_length);
	SWEEP_TRY(run, C_SetPIN, (run->session, old_pin, old_length, new_pin, new_length));
	return CKR_OK;
}

static CK_RV do_random(struct sweep_run *run)
{
	CK_BYTE bytes[600] = {0};
	static const CK_BYTE nothing[16];

	SWEEP_TRY(run, C_GenerateRandom, (run->session, bytes, sizeof(bytes)));
	/* All of it is filled, the end as well. */
	if (memcmp(bytes + sizeof(bytes) - sizeof(nothing), nothing, sizeof(nothing)) == 0)
		run->trouble = "too few random bytes";
	return CKR_OK;
}

void sweep_set_pins(struct sweep_run *run)
{
	run->old_pin = run->job->typed == SWEEP_WRONG_PIN ? sweep_wrong_pin(run->job)
							  : sweep_right_pin(run->job);
	run->new_pin = run->job->slot == MODULE_AUTH_SLOT ? "2468" : "NEW0PIN";
}

void sweep_set_right(struct sweep_run *run, struct sweep_job *right)
{
	*right = *run->job;
	right->typed = right->typed == SWEEP_NO_PIN ? SWEEP_NO_PIN : SWEEP_RIGHT_PIN;
	right->expected = CKR_OK;
	run->job = right;
	if (right->changes_pin) {
		sweep_set_pins(run);
		if (!sweep_pin_holds(sweep_pin_file(right->slot), run->old_pin)) {
			const char *old_pin = run->old_pin;

			run->old_pin = run->new_pin;
			run->new_pin = old_pin;
		}
	}
}

bool sweep_prepare(struct sweep_run *run)
{
	const struct sweep_job *job = run->job;

	if (!job->has_session)
		return true;
	if (open_session(run) != CKR_OK)
		return false;
	if (!job->has_login || sweep_is_logged_in(run))
		return true;
	if (log_in(run, CKU_USER, job->changes_pin ? run->old_pin : sweep_right_pin(job)) != CKR_OK)
		return false;
	/* The login counts for the first signature. */
	return !job->asks_each_time || sweep_sign(run) == CKR_OK;
}

CK_RV sweep_act(struct sweep_run *run)
{
	run->trouble = NULL;
	run->where = "";
	run->rv = CKR_OK;
	return run->job->act(run);
}

const struct sweep_job sweep_jobs[] = {
	{.name = "list", .act = do_list},
	{.name = "read auth", .act = do_read},
	{.name = "login auth", .typed = SWEEP_RIGHT_PIN, .act = do_login},
	{.name = "login sign and read",
	 .slot = MODULE_SIGN_SLOT,
	 .typed = SWEEP_RIGHT_PIN,
	 .act = do_login_and_read},
	{.name = "wrong login auth",
	 .typed = SWEEP_WRONG_PIN,
	 .has_session = true,
	 .expected = CKR_PIN_INCORRECT,
	 .act = do_login},
	{.name = "wrong login sign",
	 .slot = MODULE_SIGN_SLOT,
	 .typed = SWEEP_WRONG_PIN,
	 .expected = CKR_PIN_INCORRECT,
	 .act = do_login},
	{.name = "login auth and sign",
	 .typed = SWEEP_RIGHT_PIN,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = do_login_and_sign},
	{.name = "sign auth",
	 .has_session = true,
	 .has_login = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = sweep_sign},
	{.name = "sign auth PSS",
	 .has_session = true,
	 .has_login = true,
	 .mechanism = CKM_SHA256_RSA_PKCS_PSS,
	 .act = sweep_sign},
	{.name = "sign sign",
	 .slot = MODULE_SIGN_SLOT,
	 .has_session = true,
	 .has_login = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = sweep_sign},
	{.name = "sign sign PSS",
	 .slot = MODULE_SIGN_SLOT,
	 .has_session = true,
	 .has_login = true,
	 .mechanism = CKM_SHA256_RSA_PKCS_PSS,
	 .act = sweep_sign},
	{.name = "authenticate and sign",
	 .slot = MODULE_SIGN_SLOT,
	 .has_session = true,
	 .has_login = true,
	 .typed = SWEEP_RIGHT_PIN,
	 .asks_each_time = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = do_authenticate_and_sign},
	{.name = "change auth PIN",
	 .has_session = true,
	 .typed = SWEEP_RIGHT_PIN,
	 .changes_pin = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = do_set_pin},
	{.name = "change sign PIN, logged in",
	 .slot = MODULE_SIGN_SLOT,
	 .has_session = true,
	 .has_login = true,
	 .typed = SWEEP_RIGHT_PIN,
	 .changes_pin = true,
	 .mechanism = CKM_SHA256_RSA_PKCS,
	 .act = do_set_pin},
	{.name = "wrong change auth PIN",
	 .has_session = true,
	 .typed = SWEEP_WRONG_PIN,
	 .changes_pin = true,
	 .expected = CKR_PIN_INCORRECT,
	 .act = do_set_pin},
	{.name = "wrong change sign PIN",
	 .slot = MODULE_SIGN_SLOT,
	 .has_session = true,
	 .typed = SWEEP_WRONG_PIN,
	 .changes_pin = true,
	 .expected = CKR_PIN_INCORRECT,
	 .act = do_set_pin},
	{.name = "random", .has_session = true, .act = do_random},
};

const struct sweep_job *sweep_find_job(const char *name)
{
	for (size_t i = 0; i < sizeof(sweep_jobs) / sizeof(sweep_jobs[0]); i++) {
		if (strcmp(sweep_jobs[i].name, name) == 0)
			return &sweep_jobs[i];
	}
	fail_msg("no job %s", name);
	return NULL;
}

void sweep_learn(void)
{
	static const char *const names[] = {"auth", "sign"};
	struct sweep_run run = {0};

	assert_rv(look_at_both(&run, good), CKR_OK);
	assert_null(run.trouble);
	for (int i = 0; i < 2; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%s.crt", names[i]);
		certificates[i] = unit_certificate(&module_fixture.card, name);
		snprintf(name, sizeof(name), "%s-ca.crt", names[i]);
		ca_certificates[i] = unit_certificate(&module_fixture.card, name);
	}
}

void sweep_unlearn(void)
{
	for (int i = 0; i < 2; i++) {
		X509_free(certificates[i]);
		X509_free(ca_certificates[i]);
	}
}
