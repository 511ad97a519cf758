/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conversation that is written down, of vcard_transport.h. */
#include "vcard_transport.h"

#include <stdio.h>
#include <string.h>

#include "internal.h"

static bool matches(const char *expected, const uint8_t *command, size_t len)
{
	char hex[2 * JPKI_APDU_COMMAND_MAX + 1] = "";
	size_t expected_len = strlen(expected);

	for (size_t i = 0; i < len && i < JPKI_APDU_COMMAND_MAX; i++)
		snprintf(hex + 2 * i, 3, "%02X", command[i]);
	if (expected_len > 0 && expected[expected_len - 1] == '*')
		return strncmp(hex, expected, expected_len - 1) == 0;
	return strcmp(hex, expected) == 0;
}

enum vcard_fault vcard_script_hook(void *context, unsigned index, const uint8_t *command,
				   size_t len)
{
	static const uint8_t refusal[] = {0x6F, 0x00};
	struct vcard_script *script = context;
	uint8_t answer[JPKI_APDU_RESPONSE_MAX];
	size_t answer_len = 0;

	(void)index;
	if (script->next < script->count &&
	    matches(script->lines[script->next].command, command, len) &&
	    vcard_parse_hex(script->lines[script->next].answer, answer, sizeof(answer),
			    &answer_len)) {
		script->next++;
		vcard_transport_answer(script->transport, answer, answer_len);
	} else {
		script->deviated = true;
		vcard_transport_answer(script->transport, refusal, sizeof(refusal));
	}
	return VCARD_FAULT_ANSWER;
}
