/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a token tells of its PIN and key in the hardware feature object of jpki-pkcs11.h. */
#include "module_fixture.h"

#include "jpki-pkcs11.h"

/* Finds all objects that match; the count. */
static CK_ULONG search(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count,
		       CK_OBJECT_HANDLE objects[10])
{
	CK_ULONG found = 0;

	assert_rv(p11->C_FindObjectsInit(session, template, count), CKR_OK);
	assert_rv(p11->C_FindObjects(session, objects, 10, &found), CKR_OK);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	return found;
}

/* Asserts on what is told now. */
static void assert_told(CK_SESSION_HANDLE session, CK_ULONG tries, bool has_key)
{
	CK_OBJECT_HANDLE object = module_find(session, CKO_HW_FEATURE);
	CK_ULONG tries_left = 77;
	CK_BBOOL key = 77;
	CK_ATTRIBUTE template[] = {{CKA_JPKI_TRIES_LEFT, &tries_left, sizeof(tries_left)},
				   {CKA_JPKI_HAS_KEY, &key, sizeof(key)}};

	assert_rv(p11->C_GetAttributeValue(session, object, template, 2), CKR_OK);
	assert_int_equal(template[0].ulValueLen, sizeof(tries_left));
	assert_int_equal(template[1].ulValueLen, sizeof(key));
	assert_int_equal(tries_left, tries);
	assert_int_equal(key, has_key ? CK_TRUE : CK_FALSE);
}

/* Nobody comes across it who does not ask for such an object. */
static void test_found(void **state)
{
	static const CK_SLOT_ID slots[] = {MODULE_AUTH_SLOT, MODULE_SIGN_SLOT};
	CK_OBJECT_CLASS class = CKO_HW_FEATURE;
	CK_HW_FEATURE_TYPE type = CKH_JPKI_PIN, clock = CKH_CLOCK;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE feature[] = {{CKA_CLASS, &class, sizeof(class)},
				  {CKA_HW_FEATURE_TYPE, &type, sizeof(type)}};
	CK_ATTRIBUTE other[] = {feature[0], {CKA_HW_FEATURE_TYPE, &clock, sizeof(clock)}};
	CK_ATTRIBUTE stored[] = {feature[0], {CKA_TOKEN, &yes, sizeof(yes)}};
	CK_OBJECT_HANDLE objects[10], object;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		CK_SESSION_HANDLE session = module_open(slots[i]);

		assert_int_equal(search(session, feature, 2, objects), 1);
		object = objects[0];
		assert_int_equal(search(session, feature, 1, objects), 1);
		assert_true(objects[0] == object);
		assert_int_equal(search(session, &feature[1], 1, objects), 0);
		assert_int_equal(search(session, other, 2, objects), 0);
		assert_int_equal(search(session, stored, 2, objects), 0);
		for (CK_ULONG found = search(session, NULL, 0, objects); found > 0; found--)
			assert_true(objects[found - 1] != object);
		/* A login changes nothing of that. */
		session = module_open_user(slots[i]);
		assert_int_equal(search(session, feature, 2, objects), 1);
		assert_true(objects[0] == object);
		for (CK_ULONG found = search(session, NULL, 0, objects); found > 0; found--)
			assert_true(objects[found - 1] != object);
	}
}

static void test_attributes(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);
	CK_OBJECT_HANDLE object = module_find(session, CKO_HW_FEATURE);
	CK_OBJECT_HANDLE found[10];
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE by_class = {CKA_CLASS, &class, sizeof(class)};
	CK_HW_FEATURE_TYPE type = 0;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_HW_FEATURE_TYPE, &type, sizeof(type)}};
	CK_ATTRIBUTE label = {CKA_LABEL, NULL, 0}, tries = {CKA_JPKI_TRIES_LEFT, NULL, 0};

	(void)state;
	assert_rv(p11->C_GetAttributeValue(session, object, template, 2), CKR_OK);
	assert_int_equal(class, CKO_HW_FEATURE);
	assert_true(type == CKH_JPKI_PIN);
	/* It is no storage object (3.0 §4.3), and no other object tells of tries. */
	assert_rv(p11->C_GetAttributeValue(session, object, &label, 1), CKR_ATTRIBUTE_TYPE_INVALID);
	class = CKO_CERTIFICATE;
	assert_int_equal(search(session, &by_class, 1, found), 1);
	assert_rv(p11->C_GetAttributeValue(session, found[0], &tries, 1),
		  CKR_ATTRIBUTE_TYPE_INVALID);
}

/* The tries are those that the card last told, and cost no exchange of their own. */
static void test_tries(void **state)
{
	CK_SESSION_HANDLE auth = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open(MODULE_SIGN_SLOT);

	(void)state;
	/* The first asks which keys the card has. */
	assert_told(auth, 3, true);
	vcard_transport_forget(module_fixture.readers);
	assert_told(auth, 3, true);
	assert_told(sign, 5, true);
	module_assert_exchanges(0);
	assert_rv(module_login(sign, "WRONG1"), CKR_PIN_INCORRECT);
	vcard_transport_forget(module_fixture.readers);
	assert_told(sign, 4, true);
	assert_told(auth, 3, true);
	module_assert_exchanges(0);
	assert_rv(module_login(auth, "1111"), CKR_PIN_INCORRECT);
	assert_rv(module_login(auth, "2222"), CKR_PIN_INCORRECT);
	assert_told(auth, 1, true);
	/* The last one is not spent. */
	assert_rv(module_login(auth, "3333"), CKR_PIN_LOCKED);
	assert_told(auth, 1, true);
	assert_rv(module_login(sign, VCARD_SIGN_PIN), CKR_OK);
	assert_told(sign, 5, true);
}

/* Who asks for the tries alone does not pay for what else the object tells. */
static void test_costs(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);
	CK_ULONG tries = 77;
	CK_BBOOL key = 77;
	CK_ATTRIBUTE first = {CKA_JPKI_TRIES_LEFT, &tries, sizeof(tries)};
	CK_ATTRIBUTE second = {CKA_JPKI_HAS_KEY, &key, sizeof(key)};
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_ATTRIBUTE other = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE object, objects[10];

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_int_equal(search(session, &other, 1, objects), 0);
	object = module_find(session, CKO_HW_FEATURE);
	assert_rv(p11->C_GetAttributeValue(session, object, &first, 1), CKR_OK);
	assert_int_equal(tries, 5);
	module_assert_exchanges(0);
	assert_rv(p11->C_GetAttributeValue(session, object, &second, 1), CKR_OK);
	assert_int_equal(key, CK_TRUE);
	module_assert_exchanges(2);
	assert_rv(p11->C_GetAttributeValue(session, object, &second, 1), CKR_OK);
	module_assert_exchanges(2);
	/* A class of another length is none. */
	other.ulValueLen = 1;
	assert_int_equal(search(session, &other, 1, objects), 0);
}

static void test_locked(void **state)
{
	CK_SESSION_HANDLE session;

	(void)state;
	unit_card_set_pin(&module_fixture.card, UNIT_SIGN_PIN_FILE, 0, VCARD_SIGN_PIN);
	session = module_open(MODULE_SIGN_SLOT);
	assert_told(session, 0, true);
	assert_rv(module_login(session, VCARD_SIGN_PIN), CKR_PIN_LOCKED);
	assert_told(session, 0, true);
}

/* A card whose PIN was never set. */
static void test_not_set(void **state)
{
	CK_TOKEN_INFO info;

	(void)state;
	module_exchange_card("face-only");
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	assert_int_equal(info.flags & CKF_USER_PIN_INITIALIZED, 0);
	assert_told(module_open(MODULE_AUTH_SLOT), CK_UNAVAILABLE_INFORMATION, true);
}

/* A child's card has the signing PIN, but no key behind it. */
static void test_no_key(void **state)
{
	(void)state;
	module_exchange_card("child-filled");
	assert_told(module_open(MODULE_AUTH_SLOT), 3, true);
	assert_told(module_open(MODULE_SIGN_SLOT), 5, false);
}

/* The object ends with the card, as all others do. */
static void test_removed(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);
	CK_OBJECT_HANDLE object = module_find(session, CKO_HW_FEATURE);
	CK_ULONG tries;
	CK_ATTRIBUTE template = {CKA_JPKI_TRIES_LEFT, &tries, sizeof(tries)};
	CK_SLOT_INFO info;

	(void)state;
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_GetSlotInfo(MODULE_SIGN_SLOT, &info), CKR_OK);
	assert_rv(p11->C_GetAttributeValue(session, object, &template, 1),
		  CKR_SESSION_HANDLE_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_found),  TEST(test_attributes), TEST(test_tries),  TEST(test_costs),
		TEST(test_locked), TEST(test_not_set),    TEST(test_no_key), TEST(test_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
