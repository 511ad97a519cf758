/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * object: lists the objects of a token. Their identifiers and labels are those that OpenSC gives
 * the objects of this card, so that URIs and scripts keep working.
 */
#ifndef JPKI_PKCS11_OBJECT_H
#define JPKI_PKCS11_OBJECT_H

#include <stdbool.h>

#include "crypto/certificate.h"
#include "pkcs11v3.h"
#include "token/token.h"

/* An object's place among all possible objects is counted from 1 and is less than this. */
#define JPKI_OBJECT_PLACES 16UL

/* Bits, so that a row of the attribute table can name several. */
enum jpki_object_kind {
	JPKI_OBJECT_PRIVATE_KEY = 1,
	JPKI_OBJECT_PUBLIC_KEY = 2,
	JPKI_OBJECT_CERTIFICATE = 4,
	JPKI_OBJECT_CA_CERTIFICATE = 8,
	JPKI_OBJECT_PROFILE = 16,
	JPKI_OBJECT_FEATURE = 32, /* of the hardware: what is known about the PIN */
};

struct jpki_object_row {
	enum jpki_key key; /* the token that has it */
	enum jpki_object_kind kind;
	CK_OBJECT_CLASS class;
	CK_BYTE id; /* CKA_ID, one byte; 0: none */
	const char *label;
};

/* An object while a call works with it. Whoever gets one releases its certificate. */
struct jpki_object {
	CK_OBJECT_HANDLE handle;
	CK_ULONG place; /* the same as long as the card is the same */
	const struct jpki_object_row *row;
	struct jpki_token_ref token;
	struct jpki_token_info info; /* of a feature: as jpki_token_get_pin_info tells it */
	struct jpki_certificate *certificate; /* read when an attribute first needs it */
	enum jpki_error error;                /* the result of reading it */
};

/* Return whether the object is visible only while logged in: CKA_PRIVATE. */
bool jpki_object_is_private(const struct jpki_object *object);

/* Return whether the object is hidden now because nobody is logged in. */
bool jpki_object_is_hidden(const struct jpki_object *object);

/* Return whether an object at this place is of this class, if the card has it: the card is not
 * asked. */
bool jpki_object_may_be_of(CK_ULONG place, CK_OBJECT_CLASS class);

/* Return the object at a place, even if it is hidden until a login. CKR_OBJECT_HANDLE_INVALID. */
CK_RV jpki_object_get_at(const struct jpki_token_ref *token, CK_ULONG place,
			 struct jpki_object *object);

/* Return the object of a handle. CKR_OBJECT_HANDLE_INVALID also if it is hidden now. */
CK_RV jpki_object_get(const struct jpki_token_ref *token, CK_OBJECT_HANDLE handle,
		      struct jpki_object *object);

/*
 * Return the key of a handle for a Sign or Verify Init. CKR_KEY_HANDLE_INVALID: not a visible key;
 * CKR_KEY_FUNCTION_NOT_PERMITTED: a key of the other kind; CKR_USER_NOT_LOGGED_IN: a key of the
 * kind that can't be used before login.
 */
CK_RV jpki_object_get_key(const struct jpki_token_ref *token, CK_OBJECT_HANDLE handle,
			  enum jpki_object_kind kind, struct jpki_object *object);

/* Read object->certificate unless it is there: the holder's, or the CA's for the CA's object. Fails
 * as jpki_token_certificate, as a CK_RV, and leaves no certificate then. */
CK_RV jpki_object_need_certificate(struct jpki_object *object);

#endif
