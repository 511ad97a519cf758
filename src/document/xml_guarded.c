/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_guarded: looks at an XML document in a process with bounds, and has the answer as JSON. */
#include "document/xml_guarded.h"

#include "document/guard.h"

/* More than is ever found in a document that is read here. */
#define ANSWER_MAX (16u * 1024 * 1024)

struct work {
	const struct jpki_bytes *text;
	xml_look *look;
	const void *argument;
};

void xml_answer(FILE *out, const struct jpki_bytes *text, xml_look *look, const void *argument)
{
	struct xml_trouble trouble = {0};
	struct xml_document document;
	json_t *answer = NULL;

	if (xml_read(text, &document, &trouble) == XML_OK) {
		answer = look(&document, argument, &trouble);
		xml_close(&document);
	}
	if (answer == NULL && trouble.fault == XML_OK)
		xml_fail(&trouble, XML_MEMORY, "%s", "");
	if (answer == NULL)
		answer = json_pack("{s:i, s:s}", "fault", (int)trouble.fault, "detail",
				   trouble.detail);
	/* Without an answer the other side knows enough. */
	if (answer != NULL)
		json_dumpf(answer, out, JSON_COMPACT);
	json_decref(answer);
}

static void answer_in_child(FILE *out, void *argument)
{
	const struct work *work = argument;

	xml_answer(out, work->text, work->look, work->argument);
}

/* Return the fault that an answer tells; XML_OK if it is an object of the other kind. */
static enum xml_fault fault_of(json_t *answer, struct xml_trouble *trouble)
{
	json_t *fault = json_object_get(answer, "fault");
	json_int_t number = json_integer_value(fault);
	const char *detail = json_string_value(json_object_get(answer, "detail"));

	if (!json_is_object(answer))
		return xml_fail(trouble, XML_TOO_LARGE, "%s", "");
	if (fault == NULL)
		return XML_OK;
	return xml_fail(trouble, (enum xml_fault)number, "%s", detail != NULL ? detail : "");
}

json_t *xml_guarded(const struct jpki_bytes *text, xml_look *look, const void *argument,
		    struct xml_trouble *trouble)
{
	struct work work = {text, look, argument};
	json_t *answer = NULL;
	size_t length;
	char *bytes;

	if (guard_run(answer_in_child, &work, ANSWER_MAX, &bytes, &length))
		answer = json_loadb(bytes, length, 0, NULL);
	free(bytes);
	if (fault_of(answer, trouble) == XML_OK)
		return answer;
	json_decref(answer);
	return NULL;
}
