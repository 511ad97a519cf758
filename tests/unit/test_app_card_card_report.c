/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_card_report: the holder hears what is to be done, and the worst of it counts. */
#include "unit.h"

#include <string.h>
#include <time.h>

#include "app/card/card_report.h"
#include "place.h"
#include "table.h"

#define DAY         86400
#define READ_BINARY 0xB0

static struct table table;
static struct card_report report;

/* A moment: days after the card's authentication certificate begins, or ends. */
static time_t moment(const ASN1_TIME *(*edge)(const X509 *certificate), int days)
{
	X509 *certificate = unit_certificate(&table.put[0], "auth.crt");
	struct tm tm;

	assert_int_equal(ASN1_TIME_to_tm(edge(certificate), &tm), 1);
	X509_free(certificate);
	return timegm(&tm) + (time_t)days * DAY;
}

static void open_card(const char *name)
{
	table_open(&table, 1, &name);
}

static void look(time_t now)
{
	card_report_make(&report, &table.cards.cards[0], now);
	assert_ptr_equal(report.card, &table.cards.cards[0]);
}

/* Asserts on the advice, up to SITUATION_NONE, and on the exit code. */
static void assert_advice(enum app_exit code, const enum situation *wanted)
{
	size_t count = 0;

	for (; wanted[count] != SITUATION_NONE; count++) {
		assert_true(count < report.advice_count);
		assert_string_equal(situation_name(report.advice[count]),
				    situation_name(wanted[count]));
	}
	assert_int_equal(report.advice_count, count);
	assert_int_equal(report.situation, SITUATION_NONE);
	assert_int_equal(report.exit_code, code);
}

#define ADVICE(...) ((const enum situation[]){__VA_ARGS__, SITUATION_NONE})
#define SPEND(file, tries)                                                                         \
	unit_card_set_pin(&table.put[0], file, tries,                                              \
			  (file) == UNIT_AUTH_PIN_FILE ? "1234" : "ABC123")

static void test_adult(void **state)
{
	(void)state;
	open_card("mynumber");
	look(moment(X509_get0_notBefore, 100));
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN));
	assert_true(report.halves[JPKI_KEY_AUTH].exists && report.halves[JPKI_KEY_SIGN].exists);
	assert_int_equal(report.halves[JPKI_KEY_AUTH].certificate, CARD_REPORT_READ);
	assert_int_equal(report.halves[JPKI_KEY_SIGN].certificate, CARD_REPORT_NEEDS_PIN);
	assert_int_equal(report.halves[JPKI_KEY_AUTH].info.tries, 3);
	assert_int_equal(report.halves[JPKI_KEY_SIGN].info.tries, 5);
	table_close(&table);
}

/* All bands of the certificate's time. */
static void test_bands(void **state)
{
	(void)state;
	open_card("mynumber");
	look(moment(X509_get0_notAfter, -30));
	assert_advice(APP_SOON, ADVICE(SITUATION_SOON));
	assert_int_equal(report.halves[JPKI_KEY_AUTH].validity.days_left, 30);
	/* Three months are 90 days at least, and 92 at most. */
	look(moment(X509_get0_notAfter, -88));
	assert_advice(APP_SOON, ADVICE(SITUATION_SOON));
	look(moment(X509_get0_notAfter, -93));
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN));
	look(moment(X509_get0_notAfter, 0));
	assert_advice(APP_SOON, ADVICE(SITUATION_SOON));
	look(moment(X509_get0_notAfter, 0) + 1);
	assert_advice(APP_EXPIRED, ADVICE(SITUATION_EXPIRED));
	look(moment(X509_get0_notBefore, -1));
	assert_advice(APP_FAILED, ADVICE(SITUATION_NOT_YET_VALID));
	table_close(&table);
}

/* For a week some services may not know it. */
static void test_new(void **state)
{
	(void)state;
	open_card("mynumber");
	look(moment(X509_get0_notBefore, 0));
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN, SITUATION_JUST_RENEWED));
	look(moment(X509_get0_notBefore, 7));
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN, SITUATION_JUST_RENEWED));
	look(moment(X509_get0_notBefore, 8));
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN));
	table_close(&table);
}

/* What a card with these tries is told; when its certificate has so many days left. */
static void report_with(unsigned int auth, unsigned int sign, int days)
{
	open_card("mynumber");
	SPEND(UNIT_AUTH_PIN_FILE, auth);
	SPEND(UNIT_SIGN_PIN_FILE, sign);
	/* Put in anew, so that the tries are read. */
	vcard_transport_remove(table.readers, 0);
	vcard_transport_insert(table.readers, 0, table.put[0].card);
	cards_look(&table.cards);
	look(moment(X509_get0_notAfter, -days));
	table_close(&table);
}

static void test_tries(void **state)
{
	(void)state;
	report_with(0, 5, 400);
	assert_advice(APP_PIN_LOCKED, ADVICE(SITUATION_AUTH_LOCKED));
	report_with(3, 0, 400);
	assert_advice(APP_PIN_LOCKED, ADVICE(SITUATION_SIGN_LOCKED));
	report_with(0, 0, 400);
	assert_advice(APP_PIN_LOCKED, ADVICE(SITUATION_BOTH_LOCKED));
	report_with(1, 5, 400);
	assert_advice(APP_OK, ADVICE(SITUATION_FINAL_TRY));
	report_with(3, 1, 400);
	assert_advice(APP_OK, ADVICE(SITUATION_FINAL_TRY));
	report_with(2, 2, 400);
	assert_advice(APP_OK, ADVICE(SITUATION_VALIDITY_UNKNOWN));
	report_with(0, 1, 400);
	assert_advice(APP_PIN_LOCKED, ADVICE(SITUATION_AUTH_LOCKED, SITUATION_FINAL_TRY));
}

/* What is worst is how it ends, whatever is said first. */
static void test_worst(void **state)
{
	(void)state;
	report_with(0, 5, 30);
	assert_advice(APP_PIN_LOCKED, ADVICE(SITUATION_AUTH_LOCKED, SITUATION_SOON));
	report_with(3, 0, -1);
	assert_advice(APP_EXPIRED, ADVICE(SITUATION_SIGN_LOCKED, SITUATION_EXPIRED));
	report_with(1, 5, 30);
	assert_advice(APP_SOON, ADVICE(SITUATION_FINAL_TRY, SITUATION_SOON));
}

static void test_children(void **state)
{
	static const char *const names[] = {"child", "child-filled", "child-bare"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		open_card(names[i]);
		look(moment(X509_get0_notBefore, 100));
		assert_advice(APP_OK, ADVICE(SITUATION_NO_SIGN_CERTIFICATE));
		assert_int_equal(report.halves[JPKI_KEY_SIGN].exists, i != 2);
		if (i != 2)
			assert_int_equal(report.halves[JPKI_KEY_SIGN].certificate,
					 CARD_REPORT_ABSENT);
		table_close(&table);
	}
}

static void test_without(void **state)
{
	(void)state;
	open_card("face-only");
	look(moment(X509_get0_notBefore, 100));
	assert_advice(APP_ABSENT, ADVICE(SITUATION_PIN_NOT_SET));
	table_close(&table);
	open_card("no-certificates");
	look(time(NULL));
	assert_advice(APP_ABSENT,
		      ADVICE(SITUATION_NO_AUTH_CERTIFICATE, SITUATION_NO_SIGN_CERTIFICATE));
	table_close(&table);
}

/* What could be said of a Juki card's PINs would send its holder to the office in vain. */
static void test_juki(void **state)
{
	(void)state;
	open_card("juki");
	look(time(NULL));
	assert_advice(APP_EXPIRED, ADVICE(SITUATION_JUKI));
	SPEND(UNIT_SIGN_PIN_FILE, 0);
	vcard_transport_remove(table.readers, 0);
	vcard_transport_insert(table.readers, 0, table.put[0].card);
	cards_look(&table.cards);
	look(time(NULL));
	assert_advice(APP_EXPIRED, ADVICE(SITUATION_JUKI));
	table_close(&table);
}

static void test_phone(void **state)
{
	(void)state;
	open_card("android");
	look(moment(X509_get0_notBefore, 100));
	assert_int_equal(report.halves[JPKI_KEY_AUTH].certificate, CARD_REPORT_NEEDS_PIN);
	assert_int_equal(report.halves[JPKI_KEY_SIGN].certificate, CARD_REPORT_NEEDS_PIN);
	assert_advice(APP_OK, ADVICE(SITUATION_NONE));
	table_close(&table);
}

static void test_no_card(void **state)
{
	(void)state;
	open_card("foreign");
	look(time(NULL));
	assert_int_equal(report.situation, SITUATION_OTHER_CARD);
	assert_int_equal(report.exit_code, APP_NOT_RECOGNISED);
	assert_int_equal(report.advice_count, 0);
	vcard_transport_remove(table.readers, 0);
	cards_look(&table.cards);
	look(time(NULL));
	assert_int_equal(report.situation, SITUATION_NO_CARD);
	assert_int_equal(report.exit_code, APP_NO_CARD);
	assert_false(report.halves[JPKI_KEY_AUTH].exists);
	table_close(&table);
}

/* --- faults ------------------------------------------------------------------------------------
 */

static enum vcard_fault lose_reads(void *context, unsigned index, const uint8_t *command,
				   size_t length)
{
	(void)context;
	(void)index;
	(void)length;
	return command[1] == READ_BINARY ? VCARD_FAULT_LOSE : VCARD_FAULT_NONE;
}

static void test_unreadable(void **state)
{
	(void)state;
	open_card("mynumber");
	vcard_transport_set_hook(table.readers, lose_reads, NULL);
	look(time(NULL));
	vcard_transport_set_hook(table.readers, NULL, NULL);
	assert_int_equal(report.halves[JPKI_KEY_AUTH].certificate, CARD_REPORT_UNREADABLE);
	assert_advice(APP_FAILED, ADVICE(SITUATION_LINK));
	table_close(&table);
}

/* Pulled before it was looked at. */
static void test_pulled(void **state)
{
	(void)state;
	open_card("mynumber");
	vcard_transport_remove(table.readers, 0);
	look(time(NULL));
	assert_int_equal(report.situation, SITUATION_REMOVED);
	assert_int_equal(report.exit_code, APP_FAILED);
	assert_int_equal(report.advice_count, 0);
	table_close(&table);
}

/* --- the worse of two --------------------------------------------------------------------------
 */

static void test_worse(void **state)
{
	static const enum app_exit from_bad[] = {APP_FAILED,         APP_EXPIRED, APP_PIN_LOCKED,
						 APP_ABSENT,         APP_SOON,    APP_OK,
						 APP_NOT_RECOGNISED, APP_NO_CARD, APP_NO_READER};
	const size_t count = sizeof(from_bad) / sizeof(from_bad[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++)
			assert_int_equal(card_report_worse(from_bad[i], from_bad[j]),
					 from_bad[i < j ? i : j]);
	}
}

static void test_auth_validity(void **state)
{
	struct date_validity validity;
	time_t now;

	(void)state;
	open_card("mynumber");
	now = moment(X509_get0_notAfter, -10);
	look(now);
	validity = card_report_auth_validity(&table.cards.cards[0], now);
	assert_int_equal(validity.band, DATE_SOON);
	assert_int_equal(validity.days_left, 10);
	assert_string_equal(validity.last_day, report.halves[JPKI_KEY_AUTH].validity.last_day);
	table_close(&table);
	open_card("android");
	validity = card_report_auth_validity(&table.cards.cards[0], now);
	assert_string_equal(validity.last_day, "");
	table_close(&table);
	open_card("juki");
	validity = card_report_auth_validity(&table.cards.cards[0], now);
	assert_string_equal(validity.last_day, "");
	table_close(&table);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_adult),   HERE(test_bands),         HERE(test_new),
		HERE(test_tries),   HERE(test_worst),         HERE(test_children),
		HERE(test_without), HERE(test_juki),          HERE(test_phone),
		HERE(test_no_card), HERE(test_unreadable),    HERE(test_pulled),
		HERE(test_worse),   HERE(test_auth_validity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
