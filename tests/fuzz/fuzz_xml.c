/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * XML documents: the first byte says what is done with the rest, which is a document in any
 * encoding: to arrange a signature by one of the profiles, or to judge the signatures that it has,
 * and then by their values and the files beside it. Or else it is an answer of the process that
 * reads documents, which may have been led astray. It is done in this process, without the bounds
 * of the command's own.
 */
#include "fuzz.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_arrange.h"
#include "document/xml_guarded.h"
#include "document/xml_judge.h"
#include "document/xml_text.h"
#include "document/xml_verify.h"

const char fuzz_name[] = "xml";

/* Larger inputs tell nothing new. */
#define INPUT_MAX 65536
#define PROFILES  3
/* The first byte of an answer. */
#define ANSWER 255
/* The document has its files beside this one. */
#define BESIDE FUZZ_DIRECTORY "/cards/mynumber/document.xml"

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

/* Return what is answered, which is always an object. */
static json_t *look(const struct jpki_bytes *text, xml_look *what, const void *argument)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);
	json_t *answer;

	fuzz_check(out != NULL);
	xml_answer(out, text, what, argument);
	fuzz_check(fclose(out) == 0);
	answer = json_loadb(bytes, length, 0, NULL);
	fuzz_check(json_is_object(answer));
	free(bytes);
	return answer;
}

/* Put a signature where it was arranged: the document must still be what it was. */
static void put_signature(const struct jpki_bytes *text, json_t *answer)
{
	static const char signature[] =
		"<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"%s\"><SignedInfo>"
		"<x/></SignedInfo><SignatureValue></SignatureValue></Signature>";
	json_int_t offset, replace;
	const char *before, *after, *id, *whole;
	char *signed_text = NULL;
	size_t length;
	FILE *out = open_memstream(&signed_text, &length);
	struct xml_arranged arranged;
	json_t *found;

	fuzz_check(out != NULL && json_unpack(answer, "{s:I, s:I, s:s, s:s, s:s, s:s}", "offset",
					      &offset, "replace", &replace, "before", &before,
					      "after", &after, "id", &id, "whole", &whole) == 0);
	fuzz_check(offset >= 0 && replace >= 0 && replace <= 2 &&
		   (size_t)(offset + replace) <= text->length);
	fwrite(text->data, 1, (size_t)offset, out);
	fputs(before, out);
	fprintf(out, signature, id);
	fputs(after, out);
	fwrite(text->data + offset + replace, 1, text->length - (size_t)(offset + replace), out);
	fuzz_check(fclose(out) == 0);
	arranged = (struct xml_arranged){id, whole, before[0] == '<'};
	found = look(&(struct jpki_bytes){(const uint8_t *)signed_text, length}, xml_arranged_info,
		     &arranged);
	/* What became too deep by the signature is refused, but nothing else. */
	if (json_object_get(found, "info") == NULL)
		fuzz_check(json_integer_value(json_object_get(found, "fault")) == XML_TOO_LARGE);
	json_decref(found);
	free(signed_text);
}

static void arrange(const struct jpki_bytes *text, uint8_t choice)
{
	struct xml_arrangement arrangement = {.profile = (enum xml_profile)(choice % PROFILES),
					      .individual = choice >= PROFILES};
	json_t *answer;

	for (size_t i = 0; i < XML_ID_COUNT; i++)
		snprintf(arrangement.ids[i], XML_ID_SIZE, "Id-%zu", i);
	answer = look(text, xml_arrange, &arrangement);
	if (json_object_get(answer, "fault") == NULL)
		put_signature(text, answer);
	json_decref(answer);
}

/* What holds has a signer, and what it is over; what is refused has a reason. */
static void check_values(const json_t *answer)
{
	struct xml_report report;
	struct xml_trouble trouble;
	enum xml_fault fault = xml_verify_answer(answer, BESIDE, NULL, &report, &trouble);

	fuzz_check(fault == XML_OK || report.count == 0);
	for (size_t i = 0; i < report.count; i++) {
		const struct xml_signature *one = &report.signatures[i];
		bool judged = one->verdict >= XML_BROKEN;

		fuzz_check(strlen(one->name) < XML_DETAIL_SIZE &&
			   strlen(one->time) < XML_TIME_SIZE);
		fuzz_check(one->verdict > XML_TARGETS || one->certificate == NULL);
		fuzz_check(!judged || sk_X509_num(one->others) > 0);
		fuzz_check(one->verdict <= XML_BROKEN || one->certificate != NULL);
	}
	xml_report_free(&report);
}

/* Each signature has what makes it usable, or a reason. */
static void judge(const struct jpki_bytes *text)
{
	json_t *answer = look(text, xml_judge, NULL);
	const json_t *list = json_object_get(answer, "signatures");

	fuzz_check(json_is_array(list) || json_object_get(answer, "fault") != NULL);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		fuzz_check(json_object_get(one, "refused") != NULL ||
			   json_object_get(one, "no-target") != NULL ||
			   json_object_get(one, "targets") != NULL ||
			   (json_is_string(json_object_get(one, "info")) &&
			    json_is_array(json_object_get(one, "covered"))));
	}
	check_values(answer);
	json_decref(answer);
}

static void judge_answer(const uint8_t *data, size_t size)
{
	json_t *answer = json_loadb((const char *)data, size, 0, NULL);

	check_values(answer);
	json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpki_buffer again = {0};
	struct xml_trouble trouble;
	struct xml_text text;
	struct jpki_bytes bytes;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	if (data[0] == ANSWER) {
		judge_answer(data + 1, size - 1);
		return 0;
	}
	if (xml_text_decode(data + 1, size - 1, &text, &trouble) != XML_OK)
		return 0;
	/* What was read can be written. */
	fuzz_check(xml_text_encode(&text, &again, &trouble) == XML_OK ||
		   trouble.fault == XML_CHARACTERS);
	bytes = (struct jpki_bytes){text.utf8.data, text.utf8.length};
	if (data[0] < 2 * PROFILES)
		arrange(&bytes, data[0]);
	else
		judge(&bytes);
	xml_text_free(&text);
	jpki_buffer_free(&again);
	xmlResetLastError();
	return 0;
}
