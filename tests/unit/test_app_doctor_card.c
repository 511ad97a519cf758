/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_tool_doctor_card: a check says what is wrong with the card, and no more than it knows. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "make.h"
#include "place.h"
#include "table.h"
#include "app/doctor/doctor_checks.h"

static struct table table;

/* What the checks see of one reader with a card; the reader is empty without a name. */
static struct doctor_view view_of(const char *name)
{
	struct doctor_view view = {.no_card = SITUATION_NO_CARD};

	table_open(&table, 1, &name);
	view.cards = table.cards;
	view.card = name != NULL ? &table.cards.cards[0] : NULL;
	return view;
}

static void assert_finding(struct doctor_finding finding, enum doctor_verdict verdict,
			   enum situation situation)
{
	assert_int_equal(finding.verdict, verdict);
	assert_int_equal(finding.situation, situation);
}

/* Asserts on what is found with these tries left. */
static void assert_pins(unsigned int auth, unsigned int sign, enum doctor_verdict verdict,
			enum situation situation, const char *text)
{
	struct doctor_view view = view_of("mynumber");
	struct doctor_finding finding;

	unit_card_set_pin(&table.put[0], UNIT_AUTH_PIN_FILE, auth, VCARD_AUTH_PIN);
	unit_card_set_pin(&table.put[0], UNIT_SIGN_PIN_FILE, sign, VCARD_SIGN_PIN);
	/* Put in anew, so that the tries are read. */
	vcard_transport_remove(table.readers, 0);
	vcard_transport_insert(table.readers, 0, table.put[0].card);
	cards_look(&table.cards);
	finding = doctor_pins(&view);
	assert_finding(finding, verdict, situation);
	assert_has(finding.text, text);
	table_close(&table);
}

static void test_doctor_of_pins(void **state)
{
	struct doctor_view view;

	(void)state;
	assert_pins(3, 5, DOCTOR_GOOD, SITUATION_NONE, "none is locked");
	assert_pins(2, 2, DOCTOR_GOOD, SITUATION_NONE, "none is locked");
	assert_pins(1, 5, DOCTOR_BAD, SITUATION_FINAL_TRY, "authentication, tries left: 1");
	assert_pins(3, 1, DOCTOR_BAD, SITUATION_FINAL_TRY, "signing, tries left: 1");
	assert_pins(0, 5, DOCTOR_BAD, SITUATION_AUTH_LOCKED, "authentication, tries left: 0");
	assert_pins(3, 0, DOCTOR_BAD, SITUATION_SIGN_LOCKED, "signing, tries left: 0");
	assert_pins(1, 0, DOCTOR_BAD, SITUATION_SIGN_LOCKED,
		    "signing, tries left: 0; authentication, tries left: 1");
	assert_pins(0, 0, DOCTOR_BAD, SITUATION_BOTH_LOCKED, "both are locked");
	view = view_of("face-only");
	assert_finding(doctor_pins(&view), DOCTOR_BAD, SITUATION_PIN_NOT_SET);
	table_close(&table);
	/* A child has no signing password, and lacks nothing. */
	view = view_of("child-bare");
	assert_finding(doctor_pins(&view), DOCTOR_GOOD, SITUATION_NONE);
	table_close(&table);
	view = view_of(NULL);
	assert_finding(doctor_pins(&view), DOCTOR_OPEN, SITUATION_NONE);
	table_close(&table);
}

static void test_doctor_of_kinds(void **state)
{
	struct doctor_view view = view_of("mynumber");
	struct doctor_finding finding;

	(void)state;
	assert_finding(doctor_card(&view), DOCTOR_GOOD, SITUATION_NONE);
	/* Nothing more is asked of a card that was waited for. */
	view.waited = SITUATION_CARD_HELD;
	assert_finding(doctor_card(&view), DOCTOR_OPEN, SITUATION_NONE);
	view.waited = SITUATION_MUTE_CARD;
	assert_finding(doctor_card(&view), DOCTOR_BAD, SITUATION_MUTE_CARD);
	table_close(&table);
	view = view_of("juki");
	finding = doctor_card(&view);
	assert_finding(finding, DOCTOR_BAD, SITUATION_JUKI);
	assert_int_equal(finding.exit_code, APP_EXPIRED);
	table_close(&table);
	view = view_of(NULL);
	finding = doctor_card(&view);
	assert_finding(finding, DOCTOR_BAD, SITUATION_NO_CARD);
	assert_int_equal(finding.exit_code, APP_NO_CARD);
	view.cards.error = JPKI_E_NO_SERVICE;
	assert_finding(doctor_card(&view), DOCTOR_OPEN, SITUATION_NONE);
	table_close(&table);
}

/* Who else is at the card. */
static void test_doctor_of_sharing(void **state)
{
	struct doctor_view view = view_of("mynumber");

	(void)state;
	assert_finding(doctor_sharing(&view), DOCTOR_GOOD, SITUATION_NONE);
	view.cards.cards[0].error = JPKI_E_BUSY;
	assert_finding(doctor_sharing(&view), DOCTOR_BAD, SITUATION_BUSY);
	view.cards.cards[0].error = JPKI_E_NO_CARD;
	assert_finding(doctor_sharing(&view), DOCTOR_OPEN, SITUATION_NONE);
	view.waited = SITUATION_CARD_HELD;
	assert_finding(doctor_sharing(&view), DOCTOR_BAD, SITUATION_CARD_HELD);
	table_close(&table);
}

/* The number in a reader's name is its owner's. */
static void test_doctor_of_readers(void **state)
{
	static const char *const names[] = {"Sony RC-S300/P (1234567) 00 00", "B (a (b) c)[x] 01"};
	struct vcard_transport *transport = vcard_transport_new(names, 2);
	struct doctor_view view = {0};
	struct doctor_finding finding;

	(void)state;
	assert_true(cards_open_on(&view.cards, vcard_transport_base(transport)));
	finding = doctor_readers(&view);
	assert_finding(finding, DOCTOR_GOOD, SITUATION_NONE);
	assert_string_equal(finding.text, "Sony RC-S300/P 00 00, B[x] 01");
	view.cards.error = JPKI_E_NO_SERVICE;
	assert_finding(doctor_readers(&view), DOCTOR_OPEN, SITUATION_NONE);
	cards_close(&view.cards);
}

static void test_doctor_of_access(void **state)
{
	struct doctor_view view = view_of("mynumber");

	(void)state;
	assert_finding(doctor_access(&view), DOCTOR_GOOD, SITUATION_NONE);
	view.cards.cards[0].error = JPKI_E_NO_ACCESS;
	assert_finding(doctor_access(&view), DOCTOR_BAD, SITUATION_NO_ACCESS);
	view.cards.error = JPKI_E_NO_SERVICE;
	assert_finding(doctor_access(&view), DOCTOR_OPEN, SITUATION_NONE);
	view.cards.service.situation = SITUATION_NO_ACCESS;
	assert_finding(doctor_access(&view), DOCTOR_BAD, SITUATION_NO_ACCESS);
	table_close(&table);
}

/* What of it is the fault of the service, and what comes of another step. */
static void test_doctor_of_service(void **state)
{
	struct doctor_view view = {0};

	(void)state;
	assert_finding(doctor_service(&view), DOCTOR_GOOD, SITUATION_NONE);
	view.cards.service.situation = SITUATION_NO_ACCESS;
	assert_finding(doctor_service(&view), DOCTOR_GOOD, SITUATION_NONE);
	view.cards.service.situation = SITUATION_SERVICE_FULL;
	assert_finding(doctor_service(&view), DOCTOR_BAD, SITUATION_SERVICE_FULL);
	view.cards.service.situation = SITUATION_NO_SERVICE;
	view.cards.service.socket = SERVICE_SOCKET_DEAD;
	assert_finding(doctor_service(&view), DOCTOR_BAD, SITUATION_NO_SERVICE);
	assert_has(doctor_service(&view).text, "nothing listens");
	view.cards.service.socket = SERVICE_SOCKET_MISSING;
	setenv("PCSCLITE_CSOCK_NAME", place_path("socket"), 1);
	assert_has(doctor_service(&view).text, "~/socket does not exist");
	unsetenv("PCSCLITE_CSOCK_NAME");
	view.cards.service.situation = SITUATION_NONE;
	view.waited = SITUATION_SERVICE_HANGS;
	assert_finding(doctor_service(&view), DOCTOR_BAD, SITUATION_SERVICE_HANGS);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_doctor_of_pins),    HERE(test_doctor_of_kinds),
		HERE(test_doctor_of_sharing), HERE(test_doctor_of_readers),
		HERE(test_doctor_of_access),  HERE(test_doctor_of_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
