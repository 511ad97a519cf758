/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches: 2.40 §5.7, 3.0 §5.7.7 to §5.7.9; who sees what: CKA_PRIVATE, §4.4. */
#include "conform.h"

#define OBJECTS_MAX 256

static void find_all(void)
{
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, NULL, 0, objects, OBJECTS_MAX);

	CHECK(count > 0);
	for (long i = 0; i < count; i++) {
		CHECK(objects[i] != CK_INVALID_HANDLE);
		for (long j = 0; j < i; j++)
			CHECK(objects[i] != objects[j]);
	}
}

/* One at a time, the same objects, and then none for as long as one asks. */
static void find_one_by_one(void)
{
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_OBJECT_HANDLE object = 0;
	long wanted = find(session, NULL, 0, objects, OBJECTS_MAX);
	CK_ULONG count = 0;

	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	for (long i = 0; i < wanted && !failed(); i++) {
		EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
		CHECK(count == 1);
	}
	for (int i = 0; i < 2; i++) {
		count = 99;
		EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
		CHECK(count == 0);
	}
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

/* Room for no handle is room enough for none. */
static void find_no_room(void)
{
	CK_OBJECT_HANDLE object = NO_HANDLE;
	CK_ULONG count = 99;
	CK_RV rv;

	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	rv = p11->C_FindObjects(session, &object, 0, &count);
	EXPECT(rv, CKR_OK, CKR_ARGUMENTS_BAD);
	CHECK(object == NO_HANDLE && (rv != CKR_OK || count == 0));
	/* They are all still to come. */
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	CHECK(count == 1);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

/* Each pointer by itself, while a search is active; and it goes on. */
static void find_bad_arguments(void)
{
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	EXPECT(p11->C_FindObjectsInit(session, NULL, 1), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_FindObjects(session, NULL, 1, &count), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_FindObjects(session, &object, 1, NULL), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	CHECK(count == 1);
	EXPECT(p11->C_GetAttributeValue(session, object, NULL, 1), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_GetAttributeValue(session, object, NULL, 0), CKR_OK, CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

static void find_twice(void)
{
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OPERATION_ACTIVE);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
}

static void find_ended_early(void)
{
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
	CHECK(find(session, NULL, 0, &object, 1) > 0);
}

/* Programs read the attributes of what they found before the search is over. */
static void attributes_in_search(void)
{
	CK_OBJECT_HANDLE object = 0;
	CK_OBJECT_CLASS class = 0;
	CK_ULONG count = 0;
	CK_ULONG length = sizeof(class);

	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	CHECK(count == 1);
	EXPECT(get_bytes(object, CKA_CLASS, &class, &length), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

static void nothing_has(CK_ATTRIBUTE_TYPE type, void *value, CK_ULONG length)
{
	CK_ATTRIBUTE template = {type, value, length};
	CK_OBJECT_HANDLE object;
	long count = find(session, &template, 1, &object, 1);

	check(count == 0, "%ld objects have attribute 0x%lx", count, type);
}

/* What NSS looks for on every token, and classes of later versions. */
static void find_unknown_class(void)
{
	static const CK_OBJECT_CLASS classes[] = {0xce534351UL,      0xce534352UL, 0xce534353UL,
						  0xce534354UL,      0x0bUL,       0x7fffffffUL,
						  CKO_VENDOR_DEFINED};

	for (size_t i = 0; i < COUNT(classes); i++) {
		CK_OBJECT_CLASS class = classes[i];

		nothing_has(CKA_CLASS, &class, sizeof(class));
	}
}

static void find_unknown_attribute(void)
{
	CK_BYTE value[20] = {0};

	nothing_has(0xce5363b4UL, value, sizeof(value));
	nothing_has(0x7ffffff1UL, value, sizeof(value));
	nothing_has(0x7ffffff1UL, NULL, 0);
}

/* GnuTLS asks for trusted certificates: what is found says of itself that it is trusted. */
static void find_trusted(void)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template = {CKA_TRUSTED, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, &template, 1, objects, OBJECTS_MAX);

	for (long i = 0; i < count && i < OBJECTS_MAX; i++) {
		CK_BBOOL trusted = CK_FALSE;
		CK_ULONG length = sizeof(trusted);

		EXPECT(get_bytes(objects[i], CKA_TRUSTED, &trusted, &length), CKR_OK);
		CHECK(trusted == CK_TRUE);
	}
}

/* A template matches exactly: a value of another length is another value. */
static void find_wrong_length(void)
{
	CK_BYTE class[sizeof(CK_OBJECT_CLASS) + 4] = {0};

	nothing_has(CKA_CLASS, class, 1);
	nothing_has(CKA_CLASS, class, sizeof(class));
	nothing_has(CKA_CLASS, NULL, 0);
}

static void find_null_value(void)
{
	CK_ATTRIBUTE template = {CKA_CLASS, NULL, sizeof(CK_OBJECT_CLASS)};
	CK_RV rv = p11->C_FindObjectsInit(session, &template, 1);

	if (rv == CKR_OK) {
		EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
		nothing_has(CKA_CLASS, NULL, sizeof(CK_OBJECT_CLASS));
		return;
	}
	EXPECT(rv, CKR_ARGUMENTS_BAD, CKR_ATTRIBUTE_VALUE_INVALID);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
}

static void find_by_two(void)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BBOOL yes = CK_TRUE;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_TOKEN, &yes, sizeof(yes)},
	};
	CK_OBJECT_HANDLE object = 0;

	CHECK(find(session, template, 2, &object, 1) > 0);
	template[1].pValue = &no;
	CHECK(find(session, template, 2, &object, 1) == 0);
}

/* As many conditions as one likes, also the same one over and over. */
static void find_long_template(void)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template[100];
	CK_OBJECT_HANDLE object = 0;

	for (size_t i = 0; i < COUNT(template); i++)
		template[i] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, sizeof(yes)};
	CHECK(find(session, template, COUNT(template), &object, 1) > 0);
}

/* --- who sees what --- */

static void none_private(void)
{
	CK_BBOOL yes = CK_TRUE;
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, NULL, 0, objects, OBJECTS_MAX);

	nothing_has(CKA_PRIVATE, &yes, sizeof(yes));
	for (long i = 0; i < count && i < OBJECTS_MAX; i++) {
		CK_BBOOL private = CK_FALSE;
		CK_ULONG length = sizeof(private);
		CK_RV rv = get_bytes(objects[i], CKA_PRIVATE, &private, &length);

		CHECK(rv != CKR_OK || private == CK_FALSE);
	}
}

static void private_after_login(void)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template = {CKA_PRIVATE, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long before = find(session, NULL, 0, objects, OBJECTS_MAX);
	long private;

	EXPECT(login(session), CKR_OK);
	private = find(session, &template, 1, objects, OBJECTS_MAX);
	CHECK(private > 0);
	check(find(session, NULL, 0, objects, OBJECTS_MAX) == before + private,
	      "the login shows other objects than the private ones");
}

static void private_after_logout(void)
{
	CK_OBJECT_CLASS class = 0;
	CK_ULONG length = sizeof(class);
	CK_ULONG size = 0;
	CK_BBOOL private = CK_FALSE;
	CK_ULONG private_length = sizeof(private);

	EXPECT(get_bytes(key, CKA_PRIVATE, &private, &private_length), CKR_OK);
	if (!private) {
		absent("the key is no private object");
		return;
	}
	EXPECT(p11->C_Logout(session), CKR_OK);
	none_private();
	EXPECT(get_bytes(key, CKA_CLASS, &class, &length), CKR_OBJECT_HANDLE_INVALID);
	EXPECT(p11->C_GetObjectSize(session, key, &size), CKR_OBJECT_HANDLE_INVALID,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void key_after_logout(void)
{
	CK_MECHANISM mechanism;
	CK_RV rv;

	if (!any_signing(&mechanism))
		return;
	EXPECT(p11->C_Logout(session), CKR_OK);
	rv = p11->C_SignInit(session, &mechanism, key);
	/* Both are so, and 5.1.7 names no order. */
	check(rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID, "C_SignInit: %s",
	      rv_name(rv));
}

/* "Even if a user is later logged back into the token, those handles remain invalid." */
static void key_after_next_login(void)
{
	CK_OBJECT_CLASS class = 0;
	CK_ULONG length = sizeof(class);
	CK_MECHANISM mechanism;
	CK_OBJECT_HANDLE old = key;
	CK_OBJECT_HANDLE object;

	if (!any_signing(&mechanism))
		return;
	EXPECT(p11->C_Logout(session), CKR_OK);
	EXPECT(login(session), CKR_OK);
	EXPECT(get_bytes(old, CKA_CLASS, &class, &length), CKR_OBJECT_HANDLE_INVALID);
	EXPECT(p11->C_SignInit(session, &mechanism, old), CKR_KEY_HANDLE_INVALID);
	object = find_class(session, CKO_PRIVATE_KEY);
	CHECK(object != CK_INVALID_HANDLE && object != old);
}

/* A public object keeps its handle. */
static void public_handle_lasts(void)
{
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE template = {CKA_PRIVATE, &no, sizeof(no)};
	CK_OBJECT_HANDLE object = 0;
	CK_OBJECT_CLASS class = 0;
	CK_ULONG length = sizeof(class);

	if (find(session, &template, 1, &object, 1) < 1) {
		absent("there are no public objects");
		return;
	}
	EXPECT(login(session), CKR_OK);
	EXPECT(get_bytes(object, CKA_CLASS, &class, &length), CKR_OK);
	EXPECT(p11->C_Logout(session), CKR_OK);
	EXPECT(get_bytes(object, CKA_CLASS, &class, &length), CKR_OK);
}

static const struct conform_case cases[] = {
	{"C_FindObjectsInit", "an empty template finds all, each once", OPEN, find_all},
	{"C_FindObjects", "one by one, and none at the end", OPEN, find_one_by_one},
	{"C_FindObjects", "with no room", OPEN, find_no_room},
	{"C_FindObjects", "with one pointer missing", OPEN, find_bad_arguments},
	{"C_FindObjectsInit", "twice; C_FindObjectsFinal twice", OPEN, find_twice},
	{"C_FindObjectsFinal", "before the end", OPEN, find_ended_early},
	{"C_FindObjects", "C_GetAttributeValue during a search", OPEN, attributes_in_search},
	{"C_FindObjectsInit", "a search for unknown classes finds nothing", USER,
	 find_unknown_class},
	{"C_FindObjectsInit", "a search for unknown attributes finds nothing", USER,
	 find_unknown_attribute},
	{"C_FindObjectsInit", "a search for CKA_TRUSTED finds what is trusted", USER, find_trusted},
	{"C_FindObjectsInit", "a value of another length does not match", USER, find_wrong_length},
	{"C_FindObjectsInit", "a template with a length and no value", OPEN, find_null_value},
	{"C_FindObjectsInit", "all conditions of a template count", USER, find_by_two},
	{"C_FindObjectsInit", "a template of a hundred conditions", USER, find_long_template},
	{"Storage objects", "no private object before the login", OPEN, none_private},
	{"Storage objects", "the login shows the private objects", OPEN, private_after_login},
	{"C_Logout", "the logout hides the private objects", KEY, private_after_logout},
	{"C_Logout", "the logout takes the key away", KEY, key_after_logout},
	{"C_Logout", "a handle of a private object stays invalid after the next login", KEY,
	 key_after_next_login},
	{"C_Logout", "a public object keeps its handle", OPEN, public_handle_lasts},
};

const struct chapter chapter_objects = {"objects", cases, COUNT(cases)};
