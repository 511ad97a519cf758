/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_doctor_run: one check is done by itself, and those left over without a stuck card. */
#include "unit.h"

#include <string.h>

#include "app/doctor/doctor_run.h"

/* How often a check was done, and that it has seen a card. */
static unsigned int done;
static bool has_card;

/* Stand in for a check: find what its name is. */
#define CHECK(name)                                                                                \
	struct doctor_finding name(const struct doctor_view *view)                                 \
	{                                                                                          \
		done++;                                                                            \
		has_card = has_card || view->card != NULL;                                         \
		return doctor_good(#name);                                                         \
	}

CHECK(doctor_sandbox)
CHECK(doctor_service)
CHECK(doctor_readers)
CHECK(doctor_access)
CHECK(doctor_sharing)
CHECK(doctor_card)
CHECK(doctor_certificate)
CHECK(doctor_sign_certificate)
CHECK(doctor_authorities)
CHECK(doctor_pins)
CHECK(doctor_clock)
CHECK(doctor_module)
CHECK(doctor_registration)
CHECK(doctor_rivals)
CHECK(doctor_browsers)
CHECK(doctor_firefox)
CHECK(doctor_chromium)
CHECK(doctor_portal_program)
CHECK(doctor_portal_firefox)
CHECK(doctor_portal_chromium)
CHECK(doctor_portal_window)
CHECK(doctor_portal_others)

/* All of them, and where these are among them. */
#define CHECK_COUNT 22
#define SANDBOX     0
#define SERVICE     1
#define SHARING     4
#define CARD        5

/* What a run has told. */
struct told {
	size_t count;
	const char *first, *last;    /* the names of these checks */
	const char *bad;             /* of the one that found something bad */
	enum situation situation;    /* what that was */
	char text[DOCTOR_TEXT_SIZE]; /* and how it is said */
};

static void tell(const char *name, const char *title, const struct doctor_finding *finding,
		 void *argument)
{
	struct told *told = argument;

	assert_true(title[0] != '\0');
	if (told->count++ == 0)
		told->first = name;
	told->last = name;
	if (finding->verdict != DOCTOR_BAD)
		return;
	assert_null(told->bad);
	told->bad = name;
	told->situation = finding->situation;
	strcpy(told->text, finding->text);
}

/* Do what is left after so many checks, because of this. */
static struct told told_after(size_t count, enum situation waited)
{
	struct told told = {0};
	struct card card = {0};
	struct doctor_run run = {.tell = tell, .argument = &told, .view.card = &card};

	done = 0;
	has_card = false;
	assert_true(doctor_run_after(&run, count, waited));
	/* A card that is stuck is not looked at. */
	assert_false(has_card);
	assert_int_equal(told.count, CHECK_COUNT - count);
	assert_int_equal(done, CHECK_COUNT - count);
	assert_string_equal(told.last, "portal-others");
	assert_int_equal(run.result, situation_exit(waited));
	assert_int_equal(told.situation, waited);
	return told;
}

static void test_service_hangs(void **state)
{
	struct told told = told_after(SERVICE, SITUATION_SERVICE_HANGS);

	(void)state;
	assert_string_equal(told.first, "service");
	assert_string_equal(told.bad, "service");
	told = told_after(SANDBOX, SITUATION_SERVICE_HANGS);
	assert_string_equal(told.first, "sandbox");
	assert_string_equal(told.bad, "service");
}

static void test_card_is_held(void **state)
{
	struct told told = told_after(SHARING, SITUATION_CARD_HELD);

	(void)state;
	assert_string_equal(told.bad, "sharing");
	/* It is told by whom it concerns, also if that is only known at a later one. */
	told = told_after(CARD, SITUATION_CARD_HELD);
	assert_string_equal(told.first, "card");
	assert_string_equal(told.bad, "card");
	assert_string_equal(told.text, "it was waited for in vain");
}

static void test_card_is_mute(void **state)
{
	struct told told = told_after(SHARING, SITUATION_MUTE_CARD);

	(void)state;
	assert_string_equal(told.first, "sharing");
	assert_string_equal(told.bad, "card");
}

static void test_one(void **state)
{
	const char *title = NULL;
	struct doctor_finding finding;

	(void)state;
	done = 0;
	assert_true(doctor_run_one("firefox", &title, &finding));
	assert_string_equal(title, "Firefox");
	assert_string_equal(finding.text, "doctor_firefox");
	assert_int_equal(done, 1);
}

/* None by that name, or one that needs a card. */
static void test_none(void **state)
{
	static const char *const names[] = {"", "fire", "firefox ", "service", "card", "clock"};
	const char *title = "as before";
	struct doctor_finding finding;

	(void)state;
	done = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_false(doctor_run_one(names[i], &title, &finding));
	assert_string_equal(title, "as before");
	assert_int_equal(done, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_service_hangs), cmocka_unit_test(test_card_is_held),
		cmocka_unit_test(test_card_is_mute),  cmocka_unit_test(test_one),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
