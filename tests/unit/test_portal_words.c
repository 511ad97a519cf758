/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_portal_words: the windows of the native host name the site and what it gets; a page is told
 * no number of tries and nothing that is only for a terminal. */
#include "unit.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "portal/question.h"
#include "portal/reason.h"

/* --- what a window says first ---------------------------------------------------------------- */

static void assert_lead(enum portal_mode mode, size_t count, const char *wanted)
{
	struct portal_message message = {
		.mode = mode, .origin = "https://xn--eckwd4c7c.myna.go.jp", .count = count};
	char *lead = portal_question_lead(&message);

	assert_non_null(lead);
	assert_string_equal(lead, wanted);
	free(lead);
}

static void test_portal_lead(void **state)
{
	(void)state;
	assert_lead(PORTAL_LOG_IN, 1, "https://xn--eckwd4c7c.myna.go.jp\nLog in");
	assert_lead(PORTAL_SIGN, 1,
		    "https://xn--eckwd4c7c.myna.go.jp\n1 electronic signature (the site gets the "
		    "certificate with your name, address, birth date and sex)");
	assert_lead(
		PORTAL_SIGN, 100,
		"https://xn--eckwd4c7c.myna.go.jp\n100 electronic signatures (the site gets the "
		"certificate with your name, address, birth date and sex)");
	assert_lead(PORTAL_ATTRIBUTES, 0,
		    "https://xn--eckwd4c7c.myna.go.jp\nRead name, address, birth date and sex (the "
		    "site gets them)");
}

/* --- a site that was added ------------------------------------------------------------------- */

/* Put a pinentry first in PATH that answers a question for a yes with this line. */
static void use_pinentry(char *directory, const char *line)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/pinentry", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"#!/bin/sh\necho OK\nwhile read -r word rest; do\ncase $word in\n"
		"CONFIRM) echo asked >>%s/asked; echo '%s' ;;\nSETDESC) echo \"$rest\" >>%s/asked; "
		"echo OK ;;\n*) echo OK ;;\nesac\ndone\n",
		directory, line, directory);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

/* Return what was asked since the last call; "" for nothing. */
static const char *asked(const char *directory)
{
	static char text[1000];
	char path[200];
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/asked", directory);
	file = fopen(path, "r");
	if (file != NULL) {
		length = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
		unlink(path);
	}
	text[length] = '\0';
	return text;
}

static void test_portal_added(void **state)
{
	struct portal_message message = {.mode = PORTAL_LOG_IN, .origin = "https://example.jp"};
	char directory[] = "/tmp/test_portal_words.XXXXXX";
	char path[200];

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", directory);
	setenv("PATH", path, 1);
	use_pinentry(directory, "OK");
	assert_null(portal_question_site(&message));
	assert_string_equal(asked(directory), "");
	message.added = true;
	assert_null(portal_question_site(&message));
	assert_non_null(strstr(asked(directory), "https://example.jp%0AThis site is not one of"));
	use_pinentry(directory, "ERR 83886194 Not confirmed");
	assert_string_equal(portal_question_site(&message), situation_text(SITUATION_CANCELLED));
	assert_string_not_equal(asked(directory), "");
	use_pinentry(directory, "ERR 83886142 Timeout");
	assert_string_equal(portal_question_site(&message), portal_reason_timed_out());
	use_pinentry(directory, "ERR 83918950 Inappropriate ioctl for device");
	assert_string_equal(portal_question_site(&message), portal_reason_no_window());
	asked(directory);
	snprintf(path, sizeof(path), "%s/pinentry", directory);
	unlink(path);
	rmdir(directory);
}

/* --- why not --------------------------------------------------------------------------------- */

/* The texts of certificates have dates; no request of a page ends with them. */
static bool is_of_dates(enum situation situation)
{
	return situation == SITUATION_EXPIRED || situation == SITUATION_SOON ||
	       situation_exit(situation) == APP_OK;
}

static void test_portal_reasons(void **state)
{
	(void)state;
	for (int key = 0; key < JPKI_PIN_COUNT; key++) {
		for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
			const char *reason = portal_reason((enum situation)i, (enum jpki_key)key);

			if (is_of_dates((enum situation)i))
				continue;
			assert_non_null(reason);
			assert_true(strlen(reason) > 10);
			/* No number that is to be filled in, such as of tries, and no option. */
			assert_null(strchr(reason, '%'));
			assert_null(strstr(reason, " --"));
		}
	}
}

static void test_portal_reason_of_tries(void **state)
{
	(void)state;
	/* The number is not known here. */
	assert_non_null(strstr(portal_reason(SITUATION_WRONG, JPKI_KEY_AUTH), "one try or more"));
	/* That it is the last one is. */
	assert_non_null(
		strstr(portal_reason(SITUATION_WRONG_ONE_LEFT, JPKI_KEY_AUTH), "ONE TRY IS LEFT"));
	assert_non_null(
		strstr(portal_reason(SITUATION_FINAL_TRY, JPKI_KEY_SIGN), "it was not used"));
	assert_string_equal(portal_reason(SITUATION_TWO_CARDS, JPKI_KEY_SIGN),
			    "Several cards are present. Take away all but one.");
	assert_non_null(strstr(portal_reason(SITUATION_CARD_HELD, JPKI_KEY_SIGN), "kept the card"));
	/* Which PIN is locked is said. */
	assert_string_not_equal(portal_reason(SITUATION_AUTH_LOCKED, JPKI_KEY_AUTH),
				portal_reason(SITUATION_TEXT_LOCKED, JPKI_PIN_TEXT));
}

/* A file that stands in the way is named, whatever its name. */
static void test_portal_reason_of_uuid(void **state)
{
	static char path[PATH_MAX];

	(void)state;
	assert_non_null(strstr(portal_reason_no_uuid("/home/a/portal-uuid"),
			       "The file /home/a/portal-uuid cannot be used."));
	memset(path, 'x', sizeof(path) - 1);
	assert_non_null(strstr(portal_reason_no_uuid(path), path));
	assert_non_null(strstr(portal_reason_no_uuid(path), "disk is not full."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_portal_lead),
		cmocka_unit_test(test_portal_added),
		cmocka_unit_test(test_portal_reasons),
		cmocka_unit_test(test_portal_reason_of_tries),
		cmocka_unit_test(test_portal_reason_of_uuid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
