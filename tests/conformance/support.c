/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What cases need on their way: states, searches, names. */
#include "conform.h"
#include "../integration/lib/p11-names.h"

#define OBJECTS_MAX 256

struct target target;
CK_FUNCTION_LIST *p11;
CK_SESSION_HANDLE session;
CK_OBJECT_HANDLE key;
CK_BYTE modulus[1024], exponent[16];
CK_ULONG modulus_length, exponent_length;

const char *rv_name(CK_RV rv)
{
	return p11_rv_name(rv);
}

CK_RV initialize(void)
{
	CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};

	return p11->C_Initialize(&arguments);
}

CK_RV open_session(CK_FLAGS flags, CK_SESSION_HANDLE *handle)
{
	return p11->C_OpenSession(target.slot, CKF_SERIAL_SESSION | flags, NULL, NULL, handle);
}

CK_RV login(CK_SESSION_HANDLE handle)
{
	return p11->C_Login(handle, CKU_USER, target.pin, target.pin_length);
}

bool padded(const CK_UTF8CHAR *text, size_t size)
{
	size_t i = 0;

	while (i < size) {
		CK_UTF8CHAR first = text[i];
		size_t more = first < 0x80   ? 0
			      : first < 0xc2 ? size
			      : first < 0xe0 ? 1
			      : first < 0xf0 ? 2
			      : first < 0xf5 ? 3
					     : size;

		if (first == 0 || more >= size - i)
			return false;
		for (i++; more > 0; i++, more--) {
			if ((text[i] & 0xc0) != 0x80)
				return false;
		}
	}
	return true;
}

CK_STATE state_of(CK_SESSION_HANDLE handle)
{
	CK_SESSION_INFO info = {.state = CK_UNAVAILABLE_INFORMATION};

	EXPECT(p11->C_GetSessionInfo(handle, &info), CKR_OK);
	return info.state;
}

long find(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count,
	  CK_OBJECT_HANDLE *objects, CK_ULONG room)
{
	CK_OBJECT_HANDLE found[OBJECTS_MAX];
	CK_ULONG found_count = 0;

	if (!EXPECT(p11->C_FindObjectsInit(handle, template, count), CKR_OK) ||
	    !EXPECT(p11->C_FindObjects(handle, found, OBJECTS_MAX, &found_count), CKR_OK) ||
	    !EXPECT(p11->C_FindObjectsFinal(handle), CKR_OK) ||
	    !check(found_count <= OBJECTS_MAX, "C_FindObjects: more objects than there is room"))
		return -1;
	for (CK_ULONG i = 0; i < found_count && i < room; i++)
		objects[i] = found[i];
	return (long)found_count;
}

CK_OBJECT_HANDLE find_class(CK_SESSION_HANDLE handle, CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;

	return find(handle, &template, 1, &object, 1) > 0 ? object : CK_INVALID_HANDLE;
}

CK_RV get_bytes(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, void *data, CK_ULONG *length)
{
	CK_ATTRIBUTE attribute = {type, data, *length};
	CK_RV rv = p11->C_GetAttributeValue(session, object, &attribute, 1);

	*length = rv == CKR_OK ? attribute.ulValueLen : 0;
	return rv;
}

CK_OBJECT_HANDLE find_public_key(void)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_BYTE id[128];
	CK_ULONG length = sizeof(id);
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, id, 0}};

	if (get_bytes(key, CKA_ID, id, &length) != CKR_OK)
		return CK_INVALID_HANDLE;
	template[1].ulValueLen = length;
	return find(session, template, 2, &object, 1) > 0 ? object : CK_INVALID_HANDLE;
}

static bool read_public(CK_OBJECT_HANDLE object)
{
	modulus_length = sizeof(modulus);
	exponent_length = sizeof(exponent);
	return object != CK_INVALID_HANDLE &&
	       get_bytes(object, CKA_MODULUS, modulus, &modulus_length) == CKR_OK &&
	       get_bytes(object, CKA_PUBLIC_EXPONENT, exponent, &exponent_length) == CKR_OK &&
	       modulus_length > 0 && exponent_length > 0;
}

static bool reach_key(void)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE type = CKK_RSA;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_KEY_TYPE, &type, sizeof(type)},
		{CKA_SIGN, &yes, sizeof(yes)},
	};
	long found = find(session, template, COUNT(template), &key, 1);

	if (found == 0)
		absent("the token has no RSA key that signs");
	if (found <= 0)
		return false;
	return check(read_public(find_public_key()) || read_public(key),
		     "the public half of the key cannot be read");
}

bool reach(enum level level)
{
	CK_RV rv;

	if (level == BARE)
		return true;
	if (level == KEY_3_0 && target.new == NULL) {
		absent("no 3.0 interface");
		return false;
	}
	if (!EXPECT(initialize(), CKR_OK))
		return false;
	if (level == READY)
		return true;
	rv = open_session(level == OPEN_RW ? CKF_RW_SESSION : 0, &session);
	if (level == OPEN_RW && rv == CKR_TOKEN_WRITE_PROTECTED) {
		absent("no read-write sessions on this token");
		return false;
	}
	if (!expect("C_OpenSession", rv, (const CK_RV[]){CKR_OK, END}))
		return false;
	if (level == OPEN || level == OPEN_RW)
		return true;
	return EXPECT(login(session), CKR_OK) && (level == USER || reach_key());
}

CK_FLAGS token_flags_now(void)
{
	CK_TOKEN_INFO info = {.flags = 0};

	EXPECT(p11->C_GetTokenInfo(target.slot, &info), CKR_OK);
	return info.flags;
}

CK_ULONG pin_length(const CK_UTF8CHAR *pin)
{
	return strlen((const char *)pin);
}

bool alone_or_beside(CK_RV rv)
{
	if (!target.strict && rv == CKR_OPERATION_ACTIVE)
		return false;
	return EXPECT(rv, CKR_OK);
}

bool has_mechanism(CK_MECHANISM_TYPE type, CK_FLAGS flags)
{
	CK_MECHANISM_INFO info = {.flags = 0};

	return p11->C_GetMechanismInfo(target.slot, type, &info) == CKR_OK &&
	       (info.flags & flags) == flags;
}

bool any_signing(CK_MECHANISM *mechanism)
{
	static const CK_MECHANISM_TYPE wanted[] = {CKM_SHA256_RSA_PKCS, CKM_SHA1_RSA_PKCS,
						   CKM_RSA_PKCS};

	for (size_t i = 0; i < COUNT(wanted); i++) {
		if (has_mechanism(wanted[i], CKF_SIGN)) {
			*mechanism = (CK_MECHANISM){wanted[i], NULL, 0};
			return true;
		}
	}
	absent("no RSA signatures");
	return false;
}

CK_RV sign_init(CK_MECHANISM *mechanism)
{
	CK_BBOOL always = CK_FALSE;
	CK_ULONG length = sizeof(always);
	CK_RV rv = p11->C_SignInit(session, mechanism, key);

	if (rv != CKR_OK)
		return rv;
	if (get_bytes(key, CKA_ALWAYS_AUTHENTICATE, &always, &length) == CKR_OK && always)
		rv = p11->C_Login(session, CKU_CONTEXT_SPECIFIC, target.pin, target.pin_length);
	return rv;
}
