/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* answer: writes what the page is answered, in the forms that the portal takes. */
#include "portal/answer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/signature_block.h"

/* The one code that is known: the page shows its general error. */
#define ERROR_CODE "EW044-C300"

/* Return the text of a value, and release it. */
static char *dump(json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;

	json_decref(value);
	return text;
}

char *portal_answer_error(const char *mode)
{
	return dump(json_pack("{s:s*, s:s, s:s}", "mode", mode[0] != '\0' ? mode : NULL, "result",
			      "1", "errcode", ERROR_CODE));
}

static json_t *base64(const struct portal_bytes *bytes, bool padded)
{
	char *text = signature_base64(bytes->data, bytes->length);
	json_t *value;

	if (text == NULL)
		return NULL;
	if (!padded)
		text[strcspn(text, "=")] = '\0';
	value = json_string(text);
	/* The certificate for signatures has the name and the address. */
	explicit_bzero(text, strlen(text));
	free(text);
	return value;
}

static json_t *hex(const void *data, size_t length)
{
	const uint8_t *bytes = data;
	char *text = calloc(length + 1, 2);
	json_t *value;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	value = json_string(text);
	explicit_bzero(text, 2 * length);
	free(text);
	return value;
}

static json_t *begin(const char *mode, const struct portal_identity *identity)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "mode", mode, "result", "0", "uuid",
			 identity->uuid, "combination_code", identity->code);
}

char *portal_answer_signed(bool log_in, const struct portal_identity *identity,
			   const struct portal_bytes *signatures, size_t count,
			   const struct portal_bytes *certificate)
{
	json_t *answer = begin(log_in ? "01" : "02", identity);
	json_t *list = log_in ? base64(&signatures[0], true) : json_array();
	bool done = true;

	for (size_t i = 0; i < count && !log_in; i++)
		done = json_array_append_new(list, base64(&signatures[i], true)) == 0 && done;
	done = json_object_set_new(answer, "signature", list) == 0 && done;
	done = json_object_set_new(answer, "certificate", base64(certificate, false)) == 0 && done;
	if (done)
		return dump(answer);
	json_decref(answer);
	return NULL;
}

char *portal_answer_attributes(const struct portal_identity *identity,
			       const struct jpki_attributes *attributes)
{
	const struct jpki_attribute *name = &attributes->name;
	const struct jpki_attribute *address = &attributes->address;
	json_t *answer = begin("04", identity);
	bool done = json_object_set_new(answer, "name", hex(name->text, name->length)) == 0;

	done = json_object_set_new(answer, "sex", hex(&attributes->sex, 1)) == 0 && done;
	done = json_object_set_new(answer, "address", hex(address->text, address->length)) == 0 &&
	       done;
	done = json_object_set_new(answer, "birthday",
				   hex(attributes->birthday, sizeof(attributes->birthday))) == 0 &&
	       done;
	if (done)
		return dump(answer);
	json_decref(answer);
	return NULL;
}
