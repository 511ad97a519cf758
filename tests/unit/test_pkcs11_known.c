/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known already is told while another thread uses the card. The exchange of that thread is
 * held until the answers are there: a question that waits for the card never comes back.
 */
#include "module_fixture.h"

#include <pthread.h>
#include <string.h>

#include "token/state.h"

#include "pkcs11/module.h"

#define INS_SIGN    0x2A
#define INS_VERIFY  0x20
#define OBJECTS_MAX 8
#define ALL_OBJECTS 5
#define VALUE_MAX   3072

static CK_MECHANISM signing = {CKM_RSA_PKCS, NULL, 0};
static CK_RSA_PKCS_PSS_PARAMS pss_parameters = {CKM_SHA256, CKG_MGF1_SHA256, 32};
static CK_MECHANISM pss = {CKM_RSA_PKCS_PSS, &pss_parameters, sizeof(pss_parameters)};

/* What a program sees of a token. */
struct picture {
	CK_TOKEN_INFO info;
	CK_STATE login;
	CK_ULONG object_count;
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_OBJECT_CLASS classes[OBJECTS_MAX];
	CK_BYTE values[OBJECTS_MAX][VALUE_MAX]; /* of certificates; of keys, the modulus */
	CK_ULONG mechanism_count;
	CK_MECHANISM_TYPE mechanisms[JPKI_MECHANISM_MAX];
	CK_MECHANISM_INFO mechanism;
	CK_RV sign_rv, pss_rv;
};

static struct {
	CK_SLOT_ID slot;
	CK_OBJECT_HANDLE key;
	/* What the other thread does, at the exchange with this number, or at the first with this
	 * INS and data. */
	void *(*act)(void *);
	unsigned int at;
	CK_BYTE ins;
	unsigned int acted;
	const char *wrong; /* the first thing that should have gone well */
	struct picture before, during;
} scene;

/* Look at the objects that are visible. */
static const char *look_at_objects(CK_SESSION_HANDLE session, struct picture *picture)
{
	if (p11->C_FindObjectsInit(session, NULL, 0) != CKR_OK)
		return "C_FindObjectsInit";
	if (p11->C_FindObjects(session, picture->objects, OBJECTS_MAX, &picture->object_count) !=
	    CKR_OK)
		return "C_FindObjects";
	if (p11->C_FindObjectsFinal(session) != CKR_OK)
		return "C_FindObjectsFinal";
	for (CK_ULONG i = 0; i < picture->object_count; i++) {
		CK_ATTRIBUTE class = {CKA_CLASS, &picture->classes[i], sizeof(CK_OBJECT_CLASS)};
		CK_ATTRIBUTE value = {CKA_VALUE, picture->values[i], VALUE_MAX};

		if (p11->C_GetAttributeValue(session, picture->objects[i], &class, 1) != CKR_OK)
			return "the class";
		if (picture->classes[i] == CKO_PROFILE)
			continue;
		if (picture->classes[i] != CKO_CERTIFICATE)
			value.type = CKA_MODULUS;
		if (p11->C_GetAttributeValue(session, picture->objects[i], &value, 1) != CKR_OK)
			return "the value";
	}
	return NULL;
}

/* Look at all that a program asks of a token before it signs. */
static const char *look(CK_SLOT_ID slot, struct picture *picture)
{
	CK_SESSION_HANDLE session = 0;
	CK_SESSION_INFO info;
	const char *wrong;

	memset(picture, 0, sizeof(*picture));
	picture->mechanism_count = JPKI_MECHANISM_MAX;
	if (p11->C_GetTokenInfo(slot, &picture->info) != CKR_OK)
		return "C_GetTokenInfo";
	if (p11->C_GetMechanismList(slot, picture->mechanisms, &picture->mechanism_count) != CKR_OK)
		return "C_GetMechanismList";
	if (p11->C_GetMechanismInfo(slot, CKM_RSA_PKCS_PSS, &picture->mechanism) != CKR_OK)
		return "C_GetMechanismInfo";
	if (p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK)
		return "C_OpenSession";
	if (p11->C_GetSessionInfo(session, &info) != CKR_OK)
		return "C_GetSessionInfo";
	picture->login = info.state;
	wrong = look_at_objects(session, picture);
	picture->sign_rv = p11->C_SignInit(session, &signing, scene.key);
	if (p11->C_CloseSession(session) != CKR_OK)
		return "C_CloseSession";
	if (p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK)
		return "C_OpenSession once more";
	picture->pss_rv = p11->C_SignInit(session, &pss, scene.key);
	if (p11->C_CloseSession(session) != CKR_OK)
		return "C_CloseSession once more";
	return wrong;
}

static void *look_again(void *unused)
{
	(void)unused;
	scene.wrong = look(scene.slot, &scene.during);
	return NULL;
}

/* The exchange waits until the other thread has done its part. */
static enum vcard_fault hold(void *context, unsigned index, const uint8_t *command, size_t length)
{
	pthread_t thread;

	(void)context;
	if (scene.ins != 0 ? command[1] == scene.ins && length > 5 && scene.acted == 0
			   : index == scene.at) {
		scene.acted++;
		if (pthread_create(&thread, NULL, scene.act, NULL) != 0)
			scene.wrong = "a thread";
		else
			pthread_join(thread, NULL);
	}
	return VCARD_FAULT_NONE;
}

static void hold_at(unsigned int at, CK_BYTE ins, void *(*act)(void *))
{
	scene.at = at;
	scene.ins = ins;
	scene.act = act;
	scene.acted = 0;
	scene.wrong = NULL;
	vcard_transport_forget(module_fixture.readers);
	vcard_transport_set_hook(module_fixture.readers, hold, NULL);
}

static void assert_acted(void)
{
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_int_equal(scene.acted, 1);
	if (scene.wrong != NULL)
		fail_msg("%s did not go well", scene.wrong);
}

static CK_RV sign(CK_SESSION_HANDLE session)
{
	CK_BYTE data[] = "data", signature[512];
	CK_ULONG length = sizeof(signature);

	return p11->C_Sign(session, data, sizeof(data), signature, &length);
}

/* A session that is logged in, with all that can be known of its token. */
static CK_SESSION_HANDLE know_all(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE session = module_open_user(slot);

	scene.slot = slot;
	scene.key = module_find(session, CKO_PRIVATE_KEY);
	assert_null(look(slot, &scene.before));
	assert_null(look(slot, &scene.before));
	return session;
}

static void assert_same(const struct picture *picture)
{
	assert_memory_equal(&picture->info, &scene.before.info, sizeof(picture->info));
	assert_memory_equal(picture, &scene.before, sizeof(*picture));
}

/* At each exchange of a signature, for both tokens and whichever of them signs. */
static void test_signing(void **state)
{
	(void)state;
	for (CK_SLOT_ID slot = MODULE_AUTH_SLOT; slot <= MODULE_SIGN_SLOT; slot++) {
		CK_SESSION_HANDLE session = know_all(slot);
		unsigned int exchanges = 1;

		assert_int_equal(scene.before.login, CKS_RO_USER_FUNCTIONS);
		assert_true(scene.before.object_count >= ALL_OBJECTS - 1);
		assert_rv(scene.before.sign_rv, CKR_OK);
		assert_rv(scene.before.pss_rv, CKR_OK);
		for (unsigned int at = 0; at < exchanges; at++) {
			assert_rv(p11->C_SignInit(session, &signing, scene.key), CKR_OK);
			hold_at(at, 0, look_again);
			assert_rv(sign(session), CKR_OK);
			assert_acted();
			assert_same(&scene.during);
			exchanges = vcard_transport_exchanges(module_fixture.readers);
		}
		/* AP, EF, TRIES, VERIFY, KEY or SIGN, LEAVE, AP: and nothing else. */
		assert_between(exchanges, 6, 8);
		assert_int_equal(vcard_transport_verifies(module_fixture.readers), 1);
	}
}

/* While another token of the card signs. */
static void test_other_token(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE key = module_find(session, CKO_PRIVATE_KEY);

	(void)state;
	know_all(MODULE_SIGN_SLOT);
	assert_rv(p11->C_SignInit(session, &signing, key), CKR_OK);
	hold_at(0, INS_SIGN, look_again);
	assert_rv(sign(session), CKR_OK);
	assert_acted();
	assert_same(&scene.during);
}

/* While somebody logs in, nobody is logged in. */
static void test_login_is_known(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);

	(void)state;
	scene.slot = MODULE_SIGN_SLOT;
	scene.key = 6;
	assert_null(look(scene.slot, &scene.before));
	assert_null(look(scene.slot, &scene.before));
	assert_int_equal(scene.before.login, CKS_RO_PUBLIC_SESSION);
	assert_int_equal(scene.before.object_count, 1);
	hold_at(0, INS_VERIFY, look_again);
	assert_rv(module_login(session, VCARD_SIGN_PIN), CKR_OK);
	assert_acted();
	assert_same(&scene.during);
	assert_rv(scene.during.sign_rv, CKR_USER_NOT_LOGGED_IN);
	assert_null(look(scene.slot, &scene.during));
	assert_int_equal(scene.during.login, CKS_RO_USER_FUNCTIONS);
	assert_true(scene.during.object_count > 1);
}

static void *close_all(void *unused)
{
	(void)unused;
	if (p11->C_CloseAllSessions(scene.slot) != CKR_OK)
		scene.wrong = "C_CloseAllSessions";
	else
		scene.wrong = look(scene.slot, &scene.during);
	return NULL;
}

/* A login that has ended while a signature is made is not told of any more, nor is what was read
 * under it. */
static void test_close_all(void **state)
{
	CK_SESSION_HANDLE session = know_all(MODULE_SIGN_SLOT);

	(void)state;
	assert_rv(p11->C_SignInit(session, &signing, scene.key), CKR_OK);
	hold_at(0, INS_SIGN, close_all);
	sign(session);
	assert_acted();
	assert_int_equal(scene.during.login, CKS_RO_PUBLIC_SESSION);
	assert_int_equal(scene.during.object_count, 1);
	assert_int_equal(scene.during.classes[0], CKO_CERTIFICATE);
	assert_rv(scene.during.sign_rv, CKR_USER_NOT_LOGGED_IN);
	assert_rv(scene.during.pss_rv, CKR_USER_NOT_LOGGED_IN);
}

/* One question that has to wait: it is asked while the exchange is held, and answered later. */
static struct {
	pthread_t thread;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE object;
	CK_RV rv;
	CK_TOKEN_INFO info;
	CK_BYTE value[VALUE_MAX];
	CK_ULONG length;
} question;

static void *ask_for_token(void *unused)
{
	(void)unused;
	question.rv = p11->C_GetTokenInfo(scene.slot, &question.info);
	return NULL;
}

static void *ask_for_value(void *unused)
{
	CK_ATTRIBUTE value = {CKA_VALUE, question.value, VALUE_MAX};

	(void)unused;
	question.rv = p11->C_GetAttributeValue(question.session, question.object, &value, 1);
	question.length = value.ulValueLen;
	return NULL;
}

/* Returns when the question is inside the module, beside the call that uses the card. */
static void start_question(void *(*ask)(void *))
{
	struct jpki_module *module = jpki_module_current();
	unsigned int inside = 0;

	if (pthread_create(&question.thread, NULL, ask, NULL) != 0) {
		scene.wrong = "a thread";
		return;
	}
	while (inside < 2) {
		pthread_mutex_lock(&module->lock);
		inside = module->active;
		pthread_mutex_unlock(&module->lock);
	}
}

static void *exchange_card(void *unused)
{
	(void)unused;
	vcard_transport_remove(module_fixture.readers, 0);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.second.card);
	start_question(ask_for_token);
	return NULL;
}

/* Of a card that has taken another's place nothing is known. */
static void test_exchanged_card(void **state)
{
	CK_SESSION_HANDLE session = know_all(MODULE_AUTH_SLOT);

	(void)state;
	unit_card_open(&module_fixture.second, "second", NULL);
	assert_rv(p11->C_SignInit(session, &signing, scene.key), CKR_OK);
	hold_at(0, INS_SIGN, exchange_card);
	assert_rv(sign(session), CKR_DEVICE_REMOVED);
	pthread_join(question.thread, NULL);
	assert_acted();
	assert_rv(question.rv, CKR_OK);
	assert_memory_not_equal(question.info.serialNumber, scene.before.info.serialNumber,
				sizeof(question.info.serialNumber));
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &scene.during.info), CKR_OK);
	assert_memory_equal(question.info.serialNumber, scene.during.info.serialNumber,
			    sizeof(question.info.serialNumber));
}

static void *ask_for_what_was_not_read(void *unused)
{
	(void)unused;
	start_question(ask_for_value);
	return NULL;
}

/* What was not read yet is read when the card is free. */
static void test_not_read_yet(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE key = module_find(session, CKO_PRIVATE_KEY);
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_AUTHORITY;
	CK_ATTRIBUTE template = {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)};
	CK_ULONG count = 0;

	(void)state;
	assert_rv(p11->C_FindObjectsInit(session, &template, 1), CKR_OK);
	assert_rv(p11->C_FindObjects(session, &question.object, 1, &count), CKR_OK);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	assert_int_equal(count, 1);
	question.session = module_open(MODULE_AUTH_SLOT);
	assert_rv(p11->C_SignInit(session, &signing, key), CKR_OK);
	hold_at(0, INS_SIGN, ask_for_what_was_not_read);
	assert_rv(sign(session), CKR_OK);
	pthread_join(question.thread, NULL);
	assert_acted();
	assert_rv(question.rv, CKR_OK);
	assert_true(question.length > 500);
	assert_int_equal(question.value[0], 0x30);
}

static void *ask_for_new_card(void *unused)
{
	(void)unused;
	start_question(ask_for_token);
	return NULL;
}

/* Two that ask of a card that nobody knows: it is recognised once. */
static void test_not_recognised_yet(void **state)
{
	CK_TOKEN_INFO info;

	(void)state;
	memset(&question, 0, sizeof(question));
	scene.slot = MODULE_AUTH_SLOT;
	hold_at(2, 0, ask_for_new_card);
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	pthread_join(question.thread, NULL);
	assert_acted();
	assert_rv(question.rv, CKR_OK);
	assert_memory_equal(&question.info, &info, sizeof(info));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_signing, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_other_token, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_login_is_known, module_set_up,
						module_tear_down),
		cmocka_unit_test_setup_teardown(test_close_all, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_exchanged_card, module_set_up,
						module_tear_down),
		cmocka_unit_test_setup_teardown(test_not_read_yet, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_not_recognised_yet, module_set_up,
						module_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
