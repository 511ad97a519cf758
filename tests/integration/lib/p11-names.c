/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "p11-names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
	unsigned long number;
	const char *text;
};

#define NAME(number)                                                                               \
	{                                                                                          \
		number, #number                                                                    \
	}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const CK_ATTRIBUTE_TYPE p11_attributes[] = {
	CKA_APPLICATION,   CKA_LABEL,           CKA_VALUE, CKA_OBJECT_ID,   CKA_ISSUER,
	CKA_SERIAL_NUMBER, CKA_SUBJECT,         CKA_ID,    CKA_START_DATE,  CKA_END_DATE,
	CKA_MODULUS,       CKA_PUBLIC_EXPONENT, CKA_URL,   CKA_CHECK_VALUE, CKA_AC_ISSUER,
	CKA_OWNER,         0x00000129UL, /* CKA_PUBLIC_KEY_INFO */
	0x00000004UL,                    /* CKA_UNIQUE_ID */
};
const size_t p11_attribute_count = COUNT(p11_attributes);

/* Not in every p11-kit's header. */
#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif

static const struct name rvs[] = {
	NAME(CKR_OK),
	NAME(CKR_CANCEL),
	NAME(CKR_HOST_MEMORY),
	NAME(CKR_SLOT_ID_INVALID),
	NAME(CKR_GENERAL_ERROR),
	NAME(CKR_FUNCTION_FAILED),
	NAME(CKR_ARGUMENTS_BAD),
	NAME(CKR_NO_EVENT),
	NAME(CKR_NEED_TO_CREATE_THREADS),
	NAME(CKR_CANT_LOCK),
	NAME(CKR_ATTRIBUTE_READ_ONLY),
	NAME(CKR_ATTRIBUTE_SENSITIVE),
	NAME(CKR_ATTRIBUTE_TYPE_INVALID),
	NAME(CKR_ATTRIBUTE_VALUE_INVALID),
	NAME(CKR_ACTION_PROHIBITED),
	NAME(CKR_DATA_INVALID),
	NAME(CKR_DATA_LEN_RANGE),
	NAME(CKR_DEVICE_ERROR),
	NAME(CKR_DEVICE_MEMORY),
	NAME(CKR_DEVICE_REMOVED),
	NAME(CKR_ENCRYPTED_DATA_INVALID),
	NAME(CKR_ENCRYPTED_DATA_LEN_RANGE),
	NAME(CKR_FUNCTION_CANCELED),
	NAME(CKR_FUNCTION_NOT_PARALLEL),
	NAME(CKR_FUNCTION_NOT_SUPPORTED),
	NAME(CKR_KEY_HANDLE_INVALID),
	NAME(CKR_KEY_SIZE_RANGE),
	NAME(CKR_KEY_TYPE_INCONSISTENT),
	NAME(CKR_KEY_NOT_NEEDED),
	NAME(CKR_KEY_CHANGED),
	NAME(CKR_KEY_NEEDED),
	NAME(CKR_KEY_INDIGESTIBLE),
	NAME(CKR_KEY_FUNCTION_NOT_PERMITTED),
	NAME(CKR_KEY_NOT_WRAPPABLE),
	NAME(CKR_KEY_UNEXTRACTABLE),
	NAME(CKR_MECHANISM_INVALID),
	NAME(CKR_MECHANISM_PARAM_INVALID),
	NAME(CKR_OBJECT_HANDLE_INVALID),
	NAME(CKR_OPERATION_ACTIVE),
	NAME(CKR_OPERATION_NOT_INITIALIZED),
	NAME(CKR_PIN_INCORRECT),
	NAME(CKR_PIN_INVALID),
	NAME(CKR_PIN_LEN_RANGE),
	NAME(CKR_PIN_EXPIRED),
	NAME(CKR_PIN_LOCKED),
	NAME(CKR_SESSION_CLOSED),
	NAME(CKR_SESSION_COUNT),
	NAME(CKR_SESSION_HANDLE_INVALID),
	NAME(CKR_SESSION_PARALLEL_NOT_SUPPORTED),
	NAME(CKR_SESSION_READ_ONLY),
	NAME(CKR_SESSION_EXISTS),
	NAME(CKR_SESSION_READ_ONLY_EXISTS),
	NAME(CKR_SESSION_READ_WRITE_SO_EXISTS),
	NAME(CKR_SIGNATURE_INVALID),
	NAME(CKR_SIGNATURE_LEN_RANGE),
	NAME(CKR_TEMPLATE_INCOMPLETE),
	NAME(CKR_TEMPLATE_INCONSISTENT),
	NAME(CKR_TOKEN_NOT_PRESENT),
	NAME(CKR_TOKEN_NOT_RECOGNIZED),
	NAME(CKR_TOKEN_WRITE_PROTECTED),
	NAME(CKR_UNWRAPPING_KEY_SIZE_RANGE),
	NAME(CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT),
	NAME(CKR_USER_ALREADY_LOGGED_IN),
	NAME(CKR_USER_NOT_LOGGED_IN),
	NAME(CKR_USER_PIN_NOT_INITIALIZED),
	NAME(CKR_USER_TYPE_INVALID),
	NAME(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
	NAME(CKR_USER_TOO_MANY_TYPES),
	NAME(CKR_UNWRAPPING_KEY_HANDLE_INVALID),
	NAME(CKR_WRAPPED_KEY_INVALID),
	NAME(CKR_WRAPPED_KEY_LEN_RANGE),
	NAME(CKR_WRAPPING_KEY_HANDLE_INVALID),
	NAME(CKR_WRAPPING_KEY_SIZE_RANGE),
	NAME(CKR_WRAPPING_KEY_TYPE_INCONSISTENT),
	NAME(CKR_RANDOM_SEED_NOT_SUPPORTED),
	NAME(CKR_RANDOM_NO_RNG),
	NAME(CKR_DOMAIN_PARAMS_INVALID),
	NAME(CKR_CURVE_NOT_SUPPORTED),
	NAME(CKR_BUFFER_TOO_SMALL),
	NAME(CKR_SAVED_STATE_INVALID),
	NAME(CKR_INFORMATION_SENSITIVE),
	NAME(CKR_STATE_UNSAVEABLE),
	NAME(CKR_CRYPTOKI_NOT_INITIALIZED),
	NAME(CKR_CRYPTOKI_ALREADY_INITIALIZED),
	NAME(CKR_MUTEX_BAD),
	NAME(CKR_MUTEX_NOT_LOCKED),
	NAME(CKR_NEW_PIN_MODE),
	NAME(CKR_NEXT_OTP),
	NAME(CKR_EXCEEDED_MAX_ITERATIONS),
	NAME(CKR_FIPS_SELF_TEST_FAILED),
	NAME(CKR_LIBRARY_LOAD_FAILED),
	NAME(CKR_PIN_TOO_WEAK),
	NAME(CKR_PUBLIC_KEY_INVALID),
	NAME(CKR_FUNCTION_REJECTED),
	NAME(CKR_OPERATION_CANCEL_FAILED),
};

static const struct name token_flags[] = {
	{CKF_RNG, "RNG"},
	{CKF_WRITE_PROTECTED, "WRITE_PROTECTED"},
	{CKF_LOGIN_REQUIRED, "LOGIN_REQUIRED"},
	{CKF_USER_PIN_INITIALIZED, "USER_PIN_INITIALIZED"},
	{CKF_PROTECTED_AUTHENTICATION_PATH, "PROTECTED_AUTHENTICATION_PATH"},
	{CKF_TOKEN_INITIALIZED, "TOKEN_INITIALIZED"},
	{CKF_USER_PIN_COUNT_LOW, "USER_PIN_COUNT_LOW"},
	{CKF_USER_PIN_FINAL_TRY, "USER_PIN_FINAL_TRY"},
	{CKF_USER_PIN_LOCKED, "USER_PIN_LOCKED"},
	{CKF_USER_PIN_TO_BE_CHANGED, "USER_PIN_TO_BE_CHANGED"},
};

static const struct name slot_flags[] = {
	{CKF_TOKEN_PRESENT, "TOKEN_PRESENT"},
	{CKF_REMOVABLE_DEVICE, "REMOVABLE_DEVICE"},
	{CKF_HW_SLOT, "HW_SLOT"},
};

static const struct name classes[] = {
	{CKO_CERTIFICATE, "certificate"},
	{CKO_PUBLIC_KEY, "public"},
	{CKO_PRIVATE_KEY, "private"},
	{P11_CLASS_PROFILE, "profile"},
};

static const struct name mechanisms[] = {
	{CKM_RSA_PKCS, "RSA-PKCS"},
	{CKM_SHA1_RSA_PKCS, "SHA1-RSA-PKCS"},
	{CKM_SHA224_RSA_PKCS, "SHA224-RSA-PKCS"},
	{CKM_SHA256_RSA_PKCS, "SHA256-RSA-PKCS"},
	{CKM_SHA384_RSA_PKCS, "SHA384-RSA-PKCS"},
	{CKM_SHA512_RSA_PKCS, "SHA512-RSA-PKCS"},
};

static const char *name_of(const struct name *names, size_t count, unsigned long number)
{
	static char unnamed[32];

	for (size_t i = 0; i < count; i++) {
		if (names[i].number == number)
			return names[i].text;
	}
	snprintf(unnamed, sizeof(unnamed), "0x%lx", number);
	return unnamed;
}

static unsigned long number_of(const struct name *names, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i].text, text) == 0)
			return names[i].number;
	}
	fprintf(stderr, "p11-drive does not know %s\n", text);
	exit(2);
}

static void flag_names(const struct name *names, size_t count, CK_FLAGS flags, char *text,
		       size_t room)
{
	size_t length = 0;

	for (size_t i = 0; i < count && length < room; i++) {
		if ((flags & names[i].number) != 0)
			length += (size_t)snprintf(text + length, room - length, "%s%s",
						   length > 0 ? "," : "", names[i].text);
	}
	if (length == 0)
		snprintf(text, room, "none");
}

const char *p11_rv_name(CK_RV rv)
{
	return name_of(rvs, COUNT(rvs), rv);
}

void p11_token_flags(CK_FLAGS flags, char *text, size_t room)
{
	flag_names(token_flags, COUNT(token_flags), flags, text, room);
}

void p11_slot_flags(CK_FLAGS flags, char *text, size_t room)
{
	flag_names(slot_flags, COUNT(slot_flags), flags, text, room);
}

CK_OBJECT_CLASS p11_class(const char *name)
{
	return number_of(classes, COUNT(classes), name);
}

const char *p11_class_name(CK_OBJECT_CLASS class)
{
	return name_of(classes, COUNT(classes), class);
}

CK_MECHANISM_TYPE p11_mechanism(const char *name)
{
	return number_of(mechanisms, COUNT(mechanisms), name);
}
