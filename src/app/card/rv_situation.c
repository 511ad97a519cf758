/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rv_situation: says what a return value of the module means to the user. */
#include "app/card/rv_situation.h"

#include <stddef.h>

#include "pkcs11v3.h"

/* What each code means to the user. The key selects the row for a locked PIN. */
static const struct {
	unsigned long code;
	enum situation situation;
} of_code[] = {
	{CKR_DEVICE_REMOVED, SITUATION_REMOVED},
	{CKR_TOKEN_NOT_PRESENT, SITUATION_REMOVED},
	{CKR_SESSION_HANDLE_INVALID, SITUATION_REMOVED},
	{CKR_SESSION_CLOSED, SITUATION_REMOVED},
	{CKR_OBJECT_HANDLE_INVALID, SITUATION_REMOVED},
	{CKR_KEY_HANDLE_INVALID, SITUATION_REMOVED},
	/* The card has refused the PIN that the module kept, or the login has ended. */
	{CKR_USER_NOT_LOGGED_IN, SITUATION_RESET},
	{CKR_TOKEN_NOT_RECOGNIZED, SITUATION_OTHER_CARD},
	{CKR_DEVICE_ERROR, SITUATION_LINK},
	/* Another program has kept the card for too long; libcrypto fails nearly never. */
	{CKR_FUNCTION_FAILED, SITUATION_BUSY},
	{CKR_PIN_INCORRECT, SITUATION_WRONG},
	{CKR_USER_PIN_NOT_INITIALIZED, SITUATION_PIN_NOT_SET},
};

enum situation situation_of_rv(unsigned long code, enum jpki_key key)
{
	if (code == CKR_PIN_LOCKED)
		return key == JPKI_KEY_AUTH ? SITUATION_AUTH_LOCKED : SITUATION_SIGN_LOCKED;
	for (size_t i = 0; i < sizeof(of_code) / sizeof(of_code[0]); i++) {
		if (of_code[i].code == code)
			return of_code[i].situation;
	}
	return SITUATION_INTERNAL;
}

enum situation situation_of_login(unsigned long code, enum jpki_key key)
{
	if (code == CKR_OK)
		return SITUATION_NONE;
	if (code == CKR_DEVICE_REMOVED || code == CKR_TOKEN_NOT_PRESENT || code == CKR_DEVICE_ERROR)
		return SITUATION_PIN_UNANSWERED;
	return situation_of_rv(code, key);
}
