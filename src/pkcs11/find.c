/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* find: does the work of the C_ functions of PKCS#11 2.40 §5.7, which find objects. */
#include "pkcs11/find.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/certificate.h"
#include "pkcs11/attribute.h"
#include "pkcs11/object.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"

static void release(struct jpki_object *object)
{
	jpki_certificate_release(object->certificate);
	object->certificate = NULL;
}

/* Clear *matches if an attribute differs. The pass without the certificate comes first, because it
 * costs no exchange. */
static CK_RV match(struct jpki_object *object, const CK_ATTRIBUTE *template, CK_ULONG count,
		   bool with_certificate, bool *matches)
{
	for (CK_ULONG i = 0; *matches && i < count; i++) {
		struct jpki_attribute_value value;
		CK_RV rv;

		if (jpki_attribute_needs_certificate(object, template[i].type) != with_certificate)
			continue;
		rv = jpki_attribute_get(object, template[i].type, &value);
		if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE) {
			*matches = false;
			continue;
		}
		if (rv != CKR_OK)
			return rv;
		*matches = value.length == template[i].ulValueLen &&
			   (value.length == 0 ||
			    memcmp(value.data, template[i].pValue, value.length) == 0);
	}
	return CKR_OK;
}

/* A certificate that is missing or invalid must not hide the other objects. */
static bool is_no_certificate(enum jpki_error error)
{
	return error == JPKI_E_NOT_FOUND || error == JPKI_E_BAD_DER ||
	       error == JPKI_E_LOGIN_REQUIRED || error == JPKI_E_NOT_ALLOWED;
}

/* Return the class that the template names; NULL if it names none. Features of the hardware are
 * found only by a search that names theirs (3.0 §4.3), because programs that list all objects do
 * not expect them. */
static const CK_ATTRIBUTE *named_class(const CK_ATTRIBUTE *template, CK_ULONG count)
{
	for (CK_ULONG i = 0; i < count; i++) {
		if (template[i].type == CKA_CLASS)
			return &template[i];
	}
	return NULL;
}

/* Return whether an object at this place may match, which is known without the card. */
static bool may_match(CK_ULONG place, const CK_ATTRIBUTE *named)
{
	CK_OBJECT_CLASS class;

	if (named == NULL)
		return !jpki_object_may_be_of(place, CKO_HW_FEATURE);
	if (named->ulValueLen != sizeof(class))
		return false;
	memcpy(&class, named->pValue, sizeof(class));
	return jpki_object_may_be_of(place, class);
}

static CK_RV search(const struct jpki_token_ref *token, const CK_ATTRIBUTE *template,
		    CK_ULONG count, struct jpki_find *find)
{
	const CK_ATTRIBUTE *named = named_class(template, count);

	for (CK_ULONG place = 1; place < JPKI_OBJECT_PLACES; place++) {
		struct jpki_object object;
		bool matches = true;
		CK_RV rv;

		if (!may_match(place, named))
			continue;
		rv = jpki_object_get_at(token, place, &object);
		if (rv == CKR_OBJECT_HANDLE_INVALID ||
		    (rv == CKR_OK && jpki_object_is_hidden(&object)))
			continue;
		if (rv == CKR_OK)
			rv = match(&object, template, count, false, &matches);
		if (rv == CKR_OK)
			rv = match(&object, template, count, true, &matches);
		release(&object);
		if (is_no_certificate(object.error))
			continue;
		if (rv != CKR_OK)
			return rv;
		if (matches && find->count < JPKI_FIND_MAX) {
			find->objects[find->count++] = object.handle;
			find->is_private = find->is_private || jpki_object_is_private(&object);
		}
	}
	return CKR_OK;
}

/* A value that has a length must not be NULL. */
static CK_RV check_template(const CK_ATTRIBUTE *template, CK_ULONG count)
{
	for (CK_ULONG i = 0; i < count; i++) {
		if (template[i].pValue == NULL && template[i].ulValueLen != 0)
			return CKR_ARGUMENTS_BAD;
	}
	return CKR_OK;
}

CK_RV jpki_object_find_init(struct jpki_module *module, CK_SESSION_HANDLE handle,
			    const CK_ATTRIBUTE *template, CK_ULONG count)
{
	struct jpki_find find = {.active = true};
	struct jpki_session *session;
	struct jpki_token_ref token;
	bool active;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	session = jpki_session_lock(module, handle);
	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	token = session->token;
	active = session->find.active;
	jpki_session_unlock(module);
	rv = check_template(template, count);
	if (rv == CKR_OK && active)
		rv = CKR_OPERATION_ACTIVE;
	if (rv == CKR_OK)
		rv = search(&token, template, count, &find);
	if (rv != CKR_OK)
		return rv;
	session = jpki_session_lock(module, handle);
	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	session->find = find;
	jpki_session_unlock(module);
	return CKR_OK;
}

CK_RV jpki_object_find(struct jpki_module *module, CK_SESSION_HANDLE handle,
		       CK_OBJECT_HANDLE *objects, CK_ULONG max, CK_ULONG *count)
{
	struct jpki_session *session = jpki_session_lock(module, handle);
	CK_RV rv = CKR_OPERATION_NOT_INITIALIZED;

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	if (session->find.active) {
		struct jpki_find *find = &session->find;

		for (*count = 0; *count < max && find->next < find->count; find->next++)
			objects[(*count)++] = find->objects[find->next];
		rv = CKR_OK;
	}
	jpki_session_unlock(module);
	return rv;
}

CK_RV jpki_object_find_final(struct jpki_module *module, CK_SESSION_HANDLE handle)
{
	struct jpki_session *session = jpki_session_lock(module, handle);
	CK_RV rv;

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	rv = session->find.active ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
	session->find = (struct jpki_find){0};
	jpki_session_unlock(module);
	return rv;
}

/* Answer one entry of C_GetAttributeValue (PKCS#11 2.40 §5.7). */
static CK_RV fill(struct jpki_object *object, CK_ATTRIBUTE *entry)
{
	struct jpki_attribute_value value;
	CK_RV rv = jpki_attribute_get(object, entry->type, &value);

	if (rv == CKR_OK && entry->pValue != NULL) {
		if (entry->ulValueLen < value.length)
			rv = CKR_BUFFER_TOO_SMALL;
		else if (value.length != 0)
			memcpy(entry->pValue, value.data, value.length);
	}
	entry->ulValueLen = rv == CKR_OK ? (CK_ULONG)value.length : CK_UNAVAILABLE_INFORMATION;
	return rv;
}

/* True if the answer is about one attribute, not about the card or the machine. 2.40 §5.7 allows
 * any of several answers; one about an attribute must not hide a failure. */
static bool is_of_one_entry(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_BUFFER_TOO_SMALL;
}

CK_RV jpki_object_attributes(struct jpki_module *module, CK_SESSION_HANDLE session,
			     CK_OBJECT_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count)
{
	struct jpki_token_ref token;
	struct jpki_object object;
	CK_RV rv = jpki_session_token(module, session, &token);

	if (rv == CKR_OK)
		rv = jpki_object_get(&token, handle, &object);
	if (rv != CKR_OK)
		return rv;
	/* Answer all entries, whatever becomes of one of them. */
	for (CK_ULONG i = 0; i < count; i++) {
		CK_RV entry_rv = fill(&object, &template[i]);

		if (entry_rv != CKR_OK && (rv == CKR_OK || is_of_one_entry(rv)))
			rv = entry_rv;
	}
	release(&object);
	return rv;
}

CK_RV jpki_object_write(struct jpki_module *module, CK_SESSION_HANDLE session,
			CK_OBJECT_HANDLE handle)
{
	struct jpki_token_ref token;
	struct jpki_object object;
	CK_RV rv = jpki_session_token(module, session, &token);

	if (rv == CKR_OK)
		rv = jpki_object_get(&token, handle, &object);
	return rv == CKR_OK ? CKR_TOKEN_WRITE_PROTECTED : rv;
}

CK_RV jpki_object_size(struct jpki_module *module, CK_SESSION_HANDLE session,
		       CK_OBJECT_HANDLE handle, CK_ULONG *size)
{
	struct jpki_token_ref token;
	struct jpki_object object;
	CK_RV rv = jpki_session_token(module, session, &token);

	if (rv == CKR_OK)
		rv = jpki_object_get(&token, handle, &object);
	if (rv == CKR_OK) {
		*size = CK_UNAVAILABLE_INFORMATION;
		release(&object);
	}
	return rv;
}
