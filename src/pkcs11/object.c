/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* object: lists the objects of a token, and reads their certificates. */
#include "pkcs11/object.h"

#include <string.h>

#include "pkcs11/rv.h"

/*
 * A handle is the place in this table, counted from 1. For a private object the number of logouts,
 * times the number of places, is added, because its handles become invalid at the end of a login
 * and are not used again (2.40 §5.6, C_Logout).
 */
static const struct jpki_object_row rows[] = {
	{JPKI_KEY_AUTH, JPKI_OBJECT_PRIVATE_KEY, CKO_PRIVATE_KEY, 0x01, "User Authentication Key"},
	{JPKI_KEY_AUTH, JPKI_OBJECT_PUBLIC_KEY, CKO_PUBLIC_KEY, 0x01, "User Authentication Key"},
	{JPKI_KEY_AUTH, JPKI_OBJECT_CERTIFICATE, CKO_CERTIFICATE, 0x01,
	 "User Authentication Certificate"},
	{JPKI_KEY_AUTH, JPKI_OBJECT_CA_CERTIFICATE, CKO_CERTIFICATE, 0x03,
	 "User Authentication Certificate CA"},
	/* This profile says that the certificates can be read without login, so programs that know
	 * it ask for the PIN only when the key is used. The signing token does not fit it. */
	{JPKI_KEY_AUTH, JPKI_OBJECT_PROFILE, CKO_PROFILE, 0, ""},
	{JPKI_KEY_SIGN, JPKI_OBJECT_PRIVATE_KEY, CKO_PRIVATE_KEY, 0x02, "Digital Signature Key"},
	{JPKI_KEY_SIGN, JPKI_OBJECT_PUBLIC_KEY, CKO_PUBLIC_KEY, 0x02, "Digital Signature Key"},
	{JPKI_KEY_SIGN, JPKI_OBJECT_CERTIFICATE, CKO_CERTIFICATE, 0x02,
	 "Digital Signature Certificate"},
	{JPKI_KEY_SIGN, JPKI_OBJECT_CA_CERTIFICATE, CKO_CERTIFICATE, 0x04,
	 "Digital Signature Certificate CA"},
	/* The feature tells what PKCS#11 can't tell otherwise (jpki-pkcs11.h). */
	{JPKI_KEY_SIGN, JPKI_OBJECT_FEATURE, CKO_HW_FEATURE, 0, ""},
	{JPKI_KEY_AUTH, JPKI_OBJECT_FEATURE, CKO_HW_FEATURE, 0, ""},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

_Static_assert(ROW_COUNT < JPKI_OBJECT_PLACES, "a handle has room for each place");

bool jpki_object_is_private(const struct jpki_object *object)
{
	switch (object->row->kind) {
	case JPKI_OBJECT_PRIVATE_KEY:
		return true;
	case JPKI_OBJECT_PUBLIC_KEY:
	case JPKI_OBJECT_CERTIFICATE:
		return object->info.certificate_is_private;
	case JPKI_OBJECT_CA_CERTIFICATE:
	case JPKI_OBJECT_PROFILE:
	case JPKI_OBJECT_FEATURE:
		break;
	}
	return false;
}

/* Return whether the card holds what the row describes. */
static bool exists(const struct jpki_object_row *row, const struct jpki_token_info *info)
{
	switch (row->kind) {
	case JPKI_OBJECT_PRIVATE_KEY:
	case JPKI_OBJECT_PUBLIC_KEY:
	case JPKI_OBJECT_CERTIFICATE:
		return info->has_key;
	case JPKI_OBJECT_CA_CERTIFICATE:
		return info->has_ca;
	case JPKI_OBJECT_PROFILE:
		return !info->certificate_is_private;
	case JPKI_OBJECT_FEATURE:
		return true;
	}
	return false;
}

bool jpki_object_may_be_of(CK_ULONG place, CK_OBJECT_CLASS class)
{
	return place > 0 && place <= ROW_COUNT && rows[place - 1].class == class;
}

/* Describe the token as far as the object needs it: the feature is there whichever keys the card
 * has, so the card is not asked for them. */
static enum jpki_error describe_token(struct jpki_object *object)
{
	return object->row->kind == JPKI_OBJECT_FEATURE
		       ? jpki_token_get_pin_info(&object->token, &object->info)
		       : jpki_token_get_info(&object->token, &object->info);
}

CK_RV jpki_object_get_at(const struct jpki_token_ref *token, CK_ULONG place,
			 struct jpki_object *object)
{
	CK_RV rv = CKR_OBJECT_HANDLE_INVALID;

	memset(object, 0, sizeof(*object));
	if (place == 0 || place > ROW_COUNT || rows[place - 1].key != token->key)
		return rv;
	object->place = place;
	object->row = &rows[place - 1];
	object->token = *token;
	rv = jpki_rv(describe_token(object));
	if (rv == CKR_OK && !exists(object->row, &object->info))
		rv = CKR_OBJECT_HANDLE_INVALID;
	object->handle = place;
	if (jpki_object_is_private(object))
		object->handle += object->info.logouts * JPKI_OBJECT_PLACES;
	return rv;
}

/* Like jpki_object_get, but also find objects that are hidden until a login. */
static CK_RV get_hidden_too(const struct jpki_token_ref *token, CK_OBJECT_HANDLE handle,
			    struct jpki_object *object)
{
	CK_RV rv = jpki_object_get_at(token, handle % JPKI_OBJECT_PLACES, object);

	return rv == CKR_OK && object->handle != handle ? CKR_OBJECT_HANDLE_INVALID : rv;
}

bool jpki_object_is_hidden(const struct jpki_object *object)
{
	return jpki_object_is_private(object) && !jpki_token_is_logged_in(&object->token);
}

CK_RV jpki_object_get(const struct jpki_token_ref *token, CK_OBJECT_HANDLE handle,
		      struct jpki_object *object)
{
	CK_RV rv = get_hidden_too(token, handle, object);

	return rv == CKR_OK && jpki_object_is_hidden(object) ? CKR_OBJECT_HANDLE_INVALID : rv;
}

static bool is_key(const struct jpki_object_row *row)
{
	return row->kind == JPKI_OBJECT_PRIVATE_KEY || row->kind == JPKI_OBJECT_PUBLIC_KEY;
}

CK_RV jpki_object_get_key(const struct jpki_token_ref *token, CK_OBJECT_HANDLE handle,
			  enum jpki_object_kind kind, struct jpki_object *object)
{
	CK_RV rv = get_hidden_too(token, handle, object);

	if (rv == CKR_OBJECT_HANDLE_INVALID)
		return CKR_KEY_HANDLE_INVALID;
	if (rv != CKR_OK || object->row->kind == kind)
		return rv == CKR_OK && jpki_object_is_hidden(object) ? CKR_USER_NOT_LOGGED_IN : rv;
	/* A key of the wrong half of the pair is a valid key that does not permit this function
	 * (2.40 §5.1.6). */
	return is_key(object->row) && !jpki_object_is_hidden(object)
		       ? CKR_KEY_FUNCTION_NOT_PERMITTED
		       : CKR_KEY_HANDLE_INVALID;
}

CK_RV jpki_object_need_certificate(struct jpki_object *object)
{
	enum jpki_certificate_kind kind = object->row->kind == JPKI_OBJECT_CA_CERTIFICATE
						  ? JPKI_CERTIFICATE_CA
						  : JPKI_CERTIFICATE_OWN;

	if (object->certificate != NULL)
		return CKR_OK;
	/* The card is asked at most once per call, however many attributes need the certificate. */
	if (object->error != JPKI_OK)
		return jpki_rv(object->error);
	object->error = jpki_token_certificate(&object->token, kind, &object->certificate);
	return jpki_rv(object->error);
}
