/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* operate: does the work of the C_ functions of PKCS#11 2.40 §5.10 to §5.12, which digest, sign and
 * verify. */
#include "pkcs11/operate.h"

#include <string.h>

#include "pkcs11/module.h"
#include "pkcs11/object.h"
#include "pkcs11/rv.h"

/* C_SignInit and C_VerifyInit: refuse here what can be refused, not at the end. */
static CK_RV init_with_key(struct jpki_module *module, CK_SESSION_HANDLE session,
			   enum jpki_operation_kind kind, const CK_MECHANISM *mechanism,
			   CK_OBJECT_HANDLE key)
{
	bool signs = kind == JPKI_OPERATION_SIGN;
	const struct jpki_mechanism *row;
	const struct jpki_scheme *scheme;
	struct jpki_operation *operation;
	struct jpki_token_ref token;
	struct jpki_object object = {0};
	CK_RV rv = jpki_session_must_be_idle(module, session, kind, &token);

	if (rv == CKR_OK)
		rv = jpki_mechanism_find(&token, mechanism, signs ? CKF_SIGN : CKF_VERIFY, &row,
					 &scheme);
	if (rv == CKR_OK)
		rv = jpki_object_get_key(&token, key,
					 signs ? JPKI_OBJECT_PRIVATE_KEY : JPKI_OBJECT_PUBLIC_KEY,
					 &object);
	/* The certificate tells the length of a signature, so a question for it costs nothing. */
	if (rv == CKR_OK)
		rv = jpki_object_need_certificate(&object);
	if (rv != CKR_OK)
		return rv;
	operation = jpki_operation_new(row, scheme, &token, object.certificate);
	if (operation != NULL) {
		operation->always_authenticate = signs && object.info.always_authenticate;
		operation->is_private = jpki_object_is_private(&object);
	}
	return operation != NULL ? jpki_session_put(module, session, kind, operation)
				 : CKR_HOST_MEMORY;
}

CK_RV jpki_operate_update(struct jpki_module *module, CK_SESSION_HANDLE session,
			  enum jpki_operation_kind kind, const CK_BYTE *data, CK_ULONG length)
{
	struct jpki_operation *operation;
	CK_RV rv = jpki_session_take(module, session, kind, &operation);

	if (rv != CKR_OK)
		return rv;
	operation->updated = true;
	rv = jpki_operation_update(operation, data, length);
	if (rv == CKR_OK)
		return jpki_session_put(module, session, kind, operation);
	jpki_operation_end(operation);
	return rv;
}

/*
 * Tell the length of the output if the caller asks for it (CKR_OK, *done) or has too little room
 * (CKR_BUFFER_TOO_SMALL); *length is then the length needed.
 */
static CK_RV answer_length(const struct jpki_operation *operation, const CK_BYTE *output,
			   CK_ULONG *length, bool *done)
{
	CK_ULONG needed = (CK_ULONG)jpki_operation_output_size(operation);
	CK_RV rv = CKR_OK;

	*done = output == NULL;
	if (output != NULL && *length < needed)
		rv = CKR_BUFFER_TOO_SMALL;
	if (output == NULL || rv != CKR_OK)
		*length = needed;
	return rv;
}

/* Sign the data, which is complete; output has room enough. */
static CK_RV make_signature(struct jpki_operation *operation, CK_BYTE *output, CK_ULONG *length)
{
	uint8_t input[JPKI_SCHEME_INPUT_MAX];
	size_t input_length;
	size_t output_length = *length;
	CK_RV rv = CKR_OK;

	if (operation->always_authenticate && !operation->authenticated) {
		operation->authenticated = jpki_token_take_fresh_login(&operation->token);
		if (!operation->authenticated)
			rv = CKR_USER_NOT_LOGGED_IN;
	}
	if (rv == CKR_OK)
		rv = jpki_operation_input(operation, input, &input_length);
	if (rv == CKR_OK)
		rv = jpki_rv(jpki_token_sign(&operation->token, operation->mechanism->scheme, input,
					     input_length, output, &output_length));
	if (rv == CKR_OK)
		*length = (CK_ULONG)output_length;
	explicit_bzero(input, sizeof(input));
	return rv;
}

static CK_RV make_digest(struct jpki_operation *operation, CK_BYTE *output, CK_ULONG *length)
{
	CK_RV rv = jpki_rv(jpki_hash_final(operation->hash, output));

	if (rv == CKR_OK)
		*length = (CK_ULONG)jpki_operation_output_size(operation);
	return rv;
}

/*
 * End an operation that produces something: single takes all the data in this call, otherwise it
 * came in updates.
 */
static CK_RV produce(struct jpki_module *module, CK_SESSION_HANDLE session,
		     enum jpki_operation_kind kind, bool single, const CK_BYTE *data,
		     CK_ULONG length, CK_BYTE *output, CK_ULONG *output_length)
{
	struct jpki_operation *operation;
	bool done = false;
	CK_RV put_rv;
	CK_RV rv = jpki_session_take(module, session, kind, &operation);

	if (rv != CKR_OK)
		return rv;
	if (single && operation->updated)
		rv = CKR_OPERATION_ACTIVE;
	if (rv == CKR_OK)
		rv = answer_length(operation, output, output_length, &done);
	if (done || rv == CKR_BUFFER_TOO_SMALL) {
		put_rv = jpki_session_put(module, session, kind, operation);
		return put_rv != CKR_OK ? put_rv : rv;
	}
	if (rv == CKR_OK && single)
		rv = jpki_operation_update(operation, data, length);
	if (rv == CKR_OK)
		rv = kind == JPKI_OPERATION_DIGEST
			     ? make_digest(operation, output, output_length)
			     : make_signature(operation, output, output_length);
	jpki_operation_end(operation);
	return rv;
}

CK_RV jpki_sign_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		     const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	return init_with_key(module, session, JPKI_OPERATION_SIGN, mechanism, key);
}

CK_RV jpki_sign(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		CK_ULONG length, CK_BYTE *signature, CK_ULONG *signature_length)
{
	return produce(module, session, JPKI_OPERATION_SIGN, true, data, length, signature,
		       signature_length);
}

CK_RV jpki_sign_final(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *signature,
		      CK_ULONG *signature_length)
{
	return produce(module, session, JPKI_OPERATION_SIGN, false, NULL, 0, signature,
		       signature_length);
}

CK_RV jpki_verify_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		       const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	return init_with_key(module, session, JPKI_OPERATION_VERIFY, mechanism, key);
}

/* End a verification, whatever becomes of it. */
static CK_RV check(struct jpki_module *module, CK_SESSION_HANDLE session, bool single,
		   const CK_BYTE *data, CK_ULONG length, const CK_BYTE *signature,
		   CK_ULONG signature_length)
{
	struct jpki_operation *operation;
	uint8_t input[JPKI_SCHEME_INPUT_MAX];
	size_t input_length = 0;
	enum jpki_error error;
	CK_RV rv = jpki_session_take(module, session, JPKI_OPERATION_VERIFY, &operation);

	if (rv != CKR_OK)
		return rv;
	if (single && operation->updated)
		rv = CKR_OPERATION_ACTIVE;
	if (rv == CKR_OK && single)
		rv = jpki_operation_update(operation, data, length);
	if (rv == CKR_OK && signature_length != jpki_operation_output_size(operation))
		rv = CKR_SIGNATURE_LEN_RANGE;
	if (rv == CKR_OK)
		rv = jpki_operation_input(operation, input, &input_length);
	if (rv == CKR_OK) {
		error = jpki_operation_verify(operation, input, input_length, signature,
					      signature_length);
		rv = error == JPKI_E_BAD_SIGNATURE ? CKR_SIGNATURE_INVALID : jpki_rv(error);
	}
	jpki_operation_end(operation);
	explicit_bzero(input, sizeof(input));
	return rv;
}

CK_RV jpki_verify(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		  CK_ULONG length, const CK_BYTE *signature, CK_ULONG signature_length)
{
	return check(module, session, true, data, length, signature, signature_length);
}

CK_RV jpki_verify_final(struct jpki_module *module, CK_SESSION_HANDLE session,
			const CK_BYTE *signature, CK_ULONG signature_length)
{
	return check(module, session, false, NULL, 0, signature, signature_length);
}

CK_RV jpki_digest_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		       const CK_MECHANISM *mechanism)
{
	const struct jpki_mechanism *row;
	const struct jpki_scheme *scheme;
	struct jpki_operation *operation;
	struct jpki_token_ref token;
	CK_RV rv = jpki_session_must_be_idle(module, session, JPKI_OPERATION_DIGEST, &token);

	if (rv == CKR_OK)
		rv = jpki_mechanism_find(&token, mechanism, CKF_DIGEST, &row, &scheme);
	if (rv != CKR_OK)
		return rv;
	operation = jpki_operation_new(row, scheme, &token, NULL);
	return operation != NULL
		       ? jpki_session_put(module, session, JPKI_OPERATION_DIGEST, operation)
		       : CKR_HOST_MEMORY;
}

CK_RV jpki_digest(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		  CK_ULONG length, CK_BYTE *digest, CK_ULONG *digest_length)
{
	return produce(module, session, JPKI_OPERATION_DIGEST, true, data, length, digest,
		       digest_length);
}

CK_RV jpki_digest_final(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *digest,
			CK_ULONG *digest_length)
{
	return produce(module, session, JPKI_OPERATION_DIGEST, false, NULL, 0, digest,
		       digest_length);
}

CK_RV jpki_random(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *data,
		  CK_ULONG length)
{
	struct jpki_token_ref token;
	CK_RV rv = jpki_session_token(module, session, &token);

	/* Between two parts other programs and threads get their turn, and the session may end. */
	while (rv == CKR_OK && length > 0) {
		CK_ULONG part = length < JPKI_TOKEN_RANDOM_MAX ? length : JPKI_TOKEN_RANDOM_MAX;

		rv = jpki_rv(jpki_token_random(&token, data, part));
		data += part;
		length -= part;
		if (rv == CKR_OK && length > 0)
			rv = jpki_module_is_stopping(module)
				     ? CKR_CRYPTOKI_NOT_INITIALIZED
				     : jpki_session_token(module, session, &token);
	}
	return rv;
}
