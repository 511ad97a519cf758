/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge.h"

#include <string.h>

#include "fuzz.h"

#define SIGN_PIN_FILE  0x001B
#define MY_NUMBER_FILE 0x0001 /* in the text application */

#define INS_VERIFY       0x20
#define INS_CHANGE       0x24
#define INS_READ         0xB0
#define INS_SELECT       0xA4
#define INS_GET_RESPONSE 0xC0
#define LC               4
#define DATA             5
#define BY_NAME          0x04 /* P1 of SELECT */
#define BY_FILE          0x02

/* The most commands of one call, of which the longest reads four certificates of 8 KiB. */
#define EXCHANGES_MAX 2000

static const uint8_t jpki_name[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
static const uint8_t text_name[] = {0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};

/* In other applications files with these numbers are other PINs. The most tries are checked where
 * such a neighbour is known to have more. */
static const struct {
	uint16_t file;
	enum judge_application application;
	unsigned most;
} pins[JUDGE_PINS] = {
	{0x0018, JUDGE_JPKI, 15},
	{SIGN_PIN_FILE, JUDGE_JPKI, 15},
	{0x0011, JUDGE_TEXT, 3},
};

/* The place in pins of what is selected; -1: it is no PIN that anything of ours may ask. */
static int selected_pin(const struct judge *judge)
{
	int found = -1;

	for (int i = 0; i < JUDGE_PINS; i++) {
		if (judge->selected == pins[i].file && judge->application == pins[i].application)
			found = i;
	}
	return found;
}

void judge_call(struct judge *judge)
{
	judge->exchanges = 0;
}

void judge_forget(struct judge *judge)
{
	judge->refused_count = 0;
	memset(judge->known_tries, 0, sizeof(judge->known_tries));
}

static void forget_refused(struct judge *judge, uint16_t file)
{
	size_t kept = 0;

	for (size_t i = 0; i < judge->refused_count; i++) {
		if (judge->refused[i].file != file)
			judge->refused[kept++] = judge->refused[i];
	}
	judge->refused_count = kept;
}

/* The form that a value must have in this file: four digits, or up to 16 capitals and digits. */
static void check_form(const struct judge *judge, const uint8_t *value, size_t length)
{
	bool letters = judge->selected == SIGN_PIN_FILE;

	fuzz_check(letters ? length >= judge->sign_min && length <= JUDGE_PIN_MAX : length == 4);
	for (size_t i = 0; i < length; i++)
		fuzz_check((value[i] >= '0' && value[i] <= '9') ||
			   (letters && value[i] >= 'A' && value[i] <= 'Z'));
}

static void check_verify(struct judge *judge, const uint8_t *command, size_t length)
{
	struct judge_value *value = &judge->presented;

	int pin = selected_pin(judge);

	fuzz_check(pin >= 0);
	fuzz_check(judge->told && judge->tries >= 2 && judge->tries <= pins[pin].most);
	fuzz_check(command[0] == 0 && command[2] == 0 && command[3] == 0x80);
	fuzz_check(length == DATA + (size_t)command[LC]);
	check_form(judge, command + DATA, command[LC]);
	*value = (struct judge_value){.file = judge->selected, .length = command[LC]};
	memcpy(value->bytes, command + DATA, value->length);
	for (size_t i = 0; i < judge->refused_count; i++)
		fuzz_check(memcmp(&judge->refused[i], value, sizeof(*value)) != 0);
	judge->told = false;
}

/* The My Number itself is neither selected nor read by its short identifier. */
static void check_my_number(const struct judge *judge, const uint8_t *command, size_t length)
{
	if (judge->application != JUDGE_TEXT)
		return;
	if (command[1] == INS_SELECT && command[2] == BY_FILE && length >= DATA + 2)
		fuzz_check((command[DATA] << 8 | command[DATA + 1]) != MY_NUMBER_FILE);
	fuzz_check(command[1] != INS_READ || (command[2] & 0x80U) == 0);
}

void judge_command(struct judge *judge, const uint8_t *command, size_t length)
{
	bool verified = judge->verified;

	fuzz_check(length >= 4 && length <= sizeof(judge->command));
	fuzz_check(++judge->exchanges <= EXCHANGES_MAX);
	if (command[1] == INS_GET_RESPONSE)
		return;
	check_my_number(judge, command, length);
	judge->verified = false;
	memcpy(judge->command, command, length);
	judge->command_length = length;
	if (command[1] == INS_VERIFY && length > DATA)
		check_verify(judge, command, length);
	if (command[1] == INS_CHANGE) {
		fuzz_check(verified);
		check_form(judge, command + DATA, command[LC]);
		judge->changing = true;
	}
	if (command[1] == INS_SELECT) {
		judge->selected = 0;
		judge->told = false;
		if (command[2] == BY_NAME)
			judge->application = JUDGE_NO_APPLICATION;
	}
}

/* More tries than before: somebody has presented the right value, which may be another one now. */
static void note_tries(struct judge *judge, unsigned tries)
{
	unsigned *known = &judge->known_tries[selected_pin(judge)];

	if (tries > *known)
		forget_refused(judge, judge->selected);
	*known = tries;
}

/* Of the two values of a change that was not confirmed one is right: both are not refused. */
static void forget_both(struct judge *judge, uint16_t file)
{
	size_t count = 0;

	for (size_t i = 0; i < judge->refused_count; i++)
		count += judge->refused[i].file == file;
	if (judge->changing && count == 2)
		forget_refused(judge, file);
}

static void answer_to_verify(struct judge *judge, unsigned sw)
{
	bool has_data = judge->command_length > DATA;

	if (selected_pin(judge) < 0)
		return;
	if (!has_data) {
		judge->told = (sw & 0xfff0U) == 0x63c0;
		judge->tries = sw & 0x0fU;
		if (judge->told)
			note_tries(judge, judge->tries);
	} else if (sw == 0x9000) {
		judge->verified = true;
		judge->changing = false;
		forget_refused(judge, judge->selected);
	} else if ((sw & 0xfff0U) == 0x63c0) {
		judge->known_tries[selected_pin(judge)] = sw & 0x0fU;
		if (judge->refused_count < JUDGE_REFUSED_MAX)
			judge->refused[judge->refused_count++] = judge->presented;
		forget_both(judge, judge->selected);
	}
}

/* The application of a SELECT by name that was answered with a plain yes. */
static enum judge_application application_of(const struct judge *judge)
{
	const uint8_t *name = judge->command + DATA;
	enum judge_application application = JUDGE_OTHER;

	if (judge->command[LC] == sizeof(jpki_name) &&
	    memcmp(name, jpki_name, sizeof(jpki_name)) == 0)
		application = JUDGE_JPKI;
	else if (judge->command[LC] == sizeof(text_name) &&
		 memcmp(name, text_name, sizeof(text_name)) == 0)
		application = JUDGE_TEXT;
	return application;
}

void judge_answer(struct judge *judge, const uint8_t *answer, size_t length)
{
	const uint8_t *command = judge->command;
	unsigned sw;

	if (answer == NULL || length < 2) {
		judge_forget(judge);
		judge->application = JUDGE_NO_APPLICATION;
		judge->selected = 0;
		judge->told = judge->verified = false;
		return;
	}
	sw = (unsigned)(answer[length - 2] << 8 | answer[length - 1]);
	if (command[1] == INS_SELECT && command[2] == BY_NAME && sw == 0x9000)
		judge->application = application_of(judge);
	if (command[1] == INS_SELECT && command[2] == BY_FILE && judge->command_length >= 7 &&
	    sw == 0x9000)
		judge->selected = (uint16_t)(command[5] << 8 | command[6]);
	if (command[1] == INS_VERIFY)
		answer_to_verify(judge, sw);
	if (command[1] == INS_CHANGE && sw == 0x9000)
		judge->changing = false;
}
