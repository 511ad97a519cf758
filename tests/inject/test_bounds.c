/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * No call without a bound: cards that answer without end, too slowly or too much, and readers that
 * are never still. What is asserted is numbers of exchanges and of transactions, seconds as the
 * exchanges are said to take them, and bytes; see docs/bounds.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "card/apdu.h"
#include "card/pcsc.h"
#include "engine.h"
#include "fake_winscard.h"
#include "pkcs11/module.h"
#include "sanitized.h"

/* The largest answer that PC/SC knows (MAX_BUFFER_SIZE_EXTENDED is more, for the command). */
#define ANSWER_MAX 65538
/* More exchanges than any job has with a good card. */
#define EXCHANGES_MAX 120
/* Transactions of one job at most: recognition, the work, what became of a PIN, the probes. */
#define TRANSACTIONS_MAX 24
/* Heap and mappings of the module at any time, in bytes. */
#define PEAK_MAX (256 * 1024)
/* Combinations of job, card and moment; fewer mean that a part is not run any more. */
#define RUNS_MIN 1500

static const char *const job_names[] = {
	"list",      "read auth", "login auth",    "login sign and read", "wrong login auth",
	"sign auth", "sign sign", "sign auth PSS", "change auth PIN",     "random",
};

/* What a card does from some moment on. */
struct nasty {
	const char *name;
	const char *answer; /* in hexadecimal; NULL: the card's own */
	long delay_ms;      /* before each answer */
	bool in_crumbs;     /* a file in pieces, and each piece in pieces; all else is right */
};

static const struct nasty nasties[] = {
	{"more without end, one byte each", "AA61FF", 0, false},
	{"more without end, and none comes", "6101", 0, false},
	{"another length without end", "6C10", 0, false},
	{"6F00 without end", "6F00", 0, false},
	{"one byte at a time", "309000", 0, false},
	{"the header of a long certificate", "30821FFC9000", 0, false},
	{"slow", NULL, 30000, false},
	{"slow, and one byte at a time", "309000", 5000, false},
	{"slow, and more without end", "AA61FF", 5000, false},
	{"very slow", NULL, 100000, false},
	{"a file in crumbs", NULL, 0, true},
};

_Static_assert(JPKI_TRANSACTION_EXCHANGES_MAX == 512 && JPKI_TRANSACTION_SECONDS_MAX == 60,
	       "docs/bounds.md says so");

struct run {
	const struct nasty *nasty;
	unsigned int from;
	unsigned int exchanges; /* of the whole job */
	/* The transaction that runs: its number, its exchanges, and when its first one began. */
	unsigned int begun;
	unsigned int in_this;
	long began_ms;
	/* The most of any one transaction: exchanges; until its last exchange began, and ended. */
	unsigned int most_exchanges;
	long last_began_ms;
	long last_ended_ms;
};

/* The most of all runs; exchanges are those of one transaction, and seconds until its last one
 * began. */
static struct {
	unsigned int runs;
	unsigned int exchanges;
	unsigned int transactions;
	long seconds;
	size_t peak;
} most;

/* The most exchanges for the fewest bytes that are answers as they should be. */
static bool give_crumb(const uint8_t *command)
{
	static const uint8_t header[] = {0x30, 0x82, 0x1f, 0xfc, 0x61, 0x01};
	static const uint8_t more[] = {0xaa, 0x61, 0x01}, last[] = {0xaa, 0x90, 0x00};
	static unsigned int crumbs;
	bool begins = command[1] == 0xb0;

	if (!begins && command[1] != 0xc0)
		return false;
	crumbs = begins ? 0 : crumbs + 1;
	if (begins && command[2] == 0 && command[3] == 0)
		vcard_transport_answer(module_fixture.readers, header, sizeof(header));
	else if (crumbs < 15)
		vcard_transport_answer(module_fixture.readers, more, sizeof(more));
	else
		vcard_transport_answer(module_fixture.readers, last, sizeof(last));
	return true;
}

/* Counts an exchange, which takes so long, for its transaction. */
static void count_in_transaction(struct run *run, long delay_ms)
{
	long began_ms;

	if (run->in_this == 0 || fake_winscard_begun() != run->begun) {
		run->begun = fake_winscard_begun();
		run->in_this = 0;
		run->began_ms = inject_slept_ms();
	}
	began_ms = inject_slept_ms() - run->began_ms;
	run->in_this++;
	run->exchanges++;
	if (run->in_this > run->most_exchanges)
		run->most_exchanges = run->in_this;
	if (began_ms > run->last_began_ms)
		run->last_began_ms = began_ms;
	if (began_ms + delay_ms > run->last_ended_ms)
		run->last_ended_ms = began_ms + delay_ms;
}

static enum vcard_fault on_exchange(void *context, unsigned int index, const uint8_t *command,
				    size_t length)
{
	struct run *run = context;
	long delay_ms = index < run->from ? 0 : run->nasty->delay_ms;

	(void)length;
	count_in_transaction(run, delay_ms);
	inject_sleep(delay_ms);
	if (index < run->from)
		return VCARD_FAULT_NONE;
	if (run->nasty->in_crumbs)
		return give_crumb(command) ? VCARD_FAULT_ANSWER : VCARD_FAULT_NONE;
	return run->nasty->answer != NULL ? VCARD_FAULT_ANSWER : VCARD_FAULT_NONE;
}

static void note(const struct run *run, unsigned int transactions)
{
	if (run->most_exchanges > most.exchanges)
		most.exchanges = run->most_exchanges;
	if (transactions > most.transactions)
		most.transactions = transactions;
	if (run->last_began_ms / 1000 > most.seconds)
		most.seconds = run->last_began_ms / 1000;
	if (inject_peak() > most.peak)
		most.peak = inject_peak();
	most.runs++;
}

static void issue_card(void)
{
	vcard_transport_remove(module_fixture.readers, 0);
	assert_true(vcard_restore(module_fixture.card.dir));
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
}

/* One job with one card that turns nasty at one exchange; false when the job has fewer. */
static bool run_once(const struct sweep_job *job, const struct nasty *nasty, unsigned int from)
{
	struct sweep_run sweep = {.job = job, .old_pin = VCARD_AUTH_PIN, .new_pin = "2468"};
	struct run run = {.nasty = nasty, .from = from};
	const long limit_ms = JPKI_TRANSACTION_SECONDS_MAX * 1000L;
	uint8_t answer[8];
	unsigned int begun;
	size_t length;

	issue_card();
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	assert_true(sweep_prepare(&sweep));
	length = nasty->answer != NULL ? unit_hex(nasty->answer, answer, sizeof(answer)) : 0;
	vcard_transport_answer(module_fixture.readers, answer, length);
	vcard_transport_forget(module_fixture.readers);
	vcard_transport_set_hook(module_fixture.readers, on_exchange, &run);
	begun = fake_winscard_begun();
	inject_reset_peak();
	sweep_act(&sweep);
	begun = fake_winscard_begun() - begun;
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	note(&run, begun);
	assert_true(begun <= TRANSACTIONS_MAX);
	assert_true(run.most_exchanges <= JPKI_TRANSACTION_EXCHANGES_MAX);
	/* The last exchange of a transaction may begin at its very end. */
	assert_true(run.last_began_ms <= limit_ms);
	assert_true(run.last_ended_ms <= limit_ms + nasty->delay_ms);
	assert_true(inject_peak() <= PEAK_MAX);
	/* However long it took, no try is missing that was not typed. */
	assert_true(sweep_tries_spent(sweep_pin_file(job->slot)) <=
		    (job->typed == SWEEP_WRONG_PIN ? 1 : 0));
	return run.exchanges > from;
}

static void test_nasty_card(void **state)
{
	const struct nasty *nasty = *state;

	for (size_t i = 0; i < sizeof(job_names) / sizeof(job_names[0]); i++) {
		unsigned int from = 0;

		while (run_once(sweep_find_job(job_names[i]), nasty, from))
			assert_true(++from < EXCHANGES_MAX);
	}
	printf("# so far %u runs; at most %u exchanges and %ld s before the last in a transaction, "
	       "%u transactions, %zu bytes\n",
	       most.runs, most.exchanges, most.seconds, most.transactions, most.peak);
	fflush(stdout);
}

/* An answer as large as PC/SC can carry is refused, also when the service says that it fits. */
static void test_large_answer(void **state)
{
	static unsigned char answer[ANSWER_MAX];
	CK_TOKEN_INFO info;

	(void)state;
	memset(answer, 0x90, sizeof(answer));
	for (int lies = 0; lies < 2; lies++) {
		unsigned int calls;

		issue_card();
		assert_rv(p11->C_Initialize(NULL), CKR_OK);
		fake_winscard_answer(answer, sizeof(answer), lies == 1);
		calls = fake_winscard_calls();
		inject_reset_peak();
		assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_DEVICE_ERROR);
		assert_true(fake_winscard_calls() - calls <= 12);
		assert_true(inject_peak() <= PEAK_MAX);
		fake_winscard_answer(NULL, 0, false);
		assert_rv(p11->C_Finalize(NULL), CKR_OK);
	}
}

/* Names as no service should give them. */
static size_t fill_names(int kind, char *names, size_t size)
{
	memset(names, 'A', size);
	switch (kind) {
	case 0: /* never an end */
		return size;
	case 1: /* as many as there is room for, of one character */
		for (size_t i = 1; i < size; i += 2)
			names[i] = '\0';
		return size;
	case 2: /* too long for any reader, then a good one */
		memcpy(names + 200, "\0B\0", 4);
		return 204;
	case 3: /* exactly MAX_READERNAME without its zero */
		memcpy(names + 128, "\0", 2);
		return 130;
	case 4: /* nothing at all */
		return 0;
	case 5: /* two zeros */
		memset(names, 0, 2);
		return 2;
	default: /* longer than the room for it */
		return size + 1;
	}
}

static void test_reader_lists(void **state)
{
	static char names[JPKI_READERS_MAX * JPKI_READER_NAME_MAX + 1];

	(void)state;
	for (int kind = 0; kind < 7; kind++) {
		size_t length = fill_names(kind, names, sizeof(names) - 1);
		unsigned int calls = fake_winscard_calls();
		CK_SLOT_ID slots[2 * JPKI_READERS_MAX];
		CK_ULONG count = sizeof(slots) / sizeof(slots[0]);

		fake_winscard_names(names, length);
		inject_reset_peak();
		assert_rv(p11->C_Initialize(NULL), CKR_OK);
		assert_rv(p11->C_GetSlotList(CK_FALSE, slots, &count), CKR_OK);
		assert_true(count >= 2 && count <= 2 * JPKI_READERS_MAX);
		/* One name many times is one reader. There are slots for the next one, too. */
		assert_true(kind != 1 || count == 4);
		assert_true(fake_winscard_calls() - calls <= 16);
		assert_true(inject_peak() <= PEAK_MAX);
		fake_winscard_names(NULL, 0);
		assert_rv(p11->C_Finalize(NULL), CKR_OK);
	}
}

/* A reader with another name at each look: there is room for so many, and no more. */
static void test_ever_new_readers(void **state)
{
	char name[24];
	CK_ULONG count = 0;
	size_t peak = 0;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	for (unsigned int look = 0; look < 1000; look++) {
		unsigned int calls = fake_winscard_calls();
		int length = snprintf(name, sizeof(name), "reader %u", look);

		name[length + 1] = '\0';
		fake_winscard_names(name, (size_t)length + 2);
		assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
		assert_true(fake_winscard_calls() - calls <= 6);
		if (look == JPKI_READERS_MAX)
			peak = inject_peak();
	}
	assert_int_equal(count, 2 * JPKI_READERS_MAX);
	/* Nothing grows any more. */
	assert_int_equal(inject_peak(), peak);
	fake_winscard_names(NULL, 0);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
}

static unsigned int wakes;

/* A wait that ends at once, for nothing, a thousand times; then the card comes. */
static bool wake_for_nothing(void)
{
	if (++wakes < 1000)
		return true;
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	return true;
}

static void test_never_still(void **state)
{
	CK_SLOT_ID slot;
	long slept;

	(void)state;
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	while (p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
		;
	wakes = 0;
	slept = inject_slept_ms();
	fake_winscard_while_waiting(wake_for_nothing);
	assert_rv(p11->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
	fake_winscard_while_waiting(NULL);
	assert_int_equal(wakes, 1000);
	/* But for the first few, half a second lies between two of them. */
	assert_true(inject_slept_ms() - slept >= 900 * 400);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
}

/* A card that comes and goes at each look: each call looks once or twice, and is done. */
static void test_ever_changing_card(void **state)
{
	CK_TOKEN_INFO info;
	CK_SLOT_ID slot;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	for (int i = 0; i < 200; i++) {
		unsigned int calls = fake_winscard_calls();

		if (i % 2 == 0)
			vcard_transport_remove(module_fixture.readers, 0);
		else
			vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
		p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
		assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info),
			  i % 2 == 0 ? CKR_TOKEN_NOT_PRESENT : CKR_OK);
		assert_true(fake_winscard_calls() - calls <= 40);
	}
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
}

/* A program that wants many random numbers lets others at the card in between. */
static void test_much_random(void **state)
{
	enum { LENGTH = 3 * 65536 + 1 }; /* in thirteen transactions */
	CK_BYTE *bytes = malloc(LENGTH);
	CK_SESSION_HANDLE session;
	struct run good = {.nasty = &nasties[0], .from = UINT32_MAX};

	(void)state;
	assert_non_null(bytes);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	session = module_open(MODULE_AUTH_SLOT);
	vcard_transport_set_hook(module_fixture.readers, on_exchange, &good);
	inject_reset_peak();
	assert_rv(p11->C_GenerateRandom(session, bytes, LENGTH), CKR_OK);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_true(good.exchanges > 0 && good.most_exchanges <= 64);
	assert_true(inject_peak() <= PEAK_MAX);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	free(bytes);
}

/* However many attributes want the certificate, a card that has none to give is asked once. */
static void test_many_attributes(void **state)
{
	CK_ATTRIBUTE attributes[50];
	CK_OBJECT_HANDLE object;
	CK_SESSION_HANDLE session;
	struct run run = {.nasty = &nasties[0]};
	uint8_t answer[4];
	unsigned int begun;

	(void)state;
	for (size_t i = 0; i < 50; i++)
		attributes[i] = (CK_ATTRIBUTE){CKA_SUBJECT, NULL, 0};
	issue_card();
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	session = module_open(MODULE_AUTH_SLOT);
	object = module_find(session, CKO_PUBLIC_KEY);
	vcard_transport_answer(module_fixture.readers, answer, unit_hex("6F00", answer, 4));
	vcard_transport_forget(module_fixture.readers);
	vcard_transport_set_hook(module_fixture.readers, on_exchange, &run);
	begun = fake_winscard_begun();
	assert_rv(p11->C_GetAttributeValue(session, object, attributes, 50), CKR_DEVICE_ERROR);
	assert_int_equal(fake_winscard_begun() - begun, 1);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
}

/* The kernel's word: the most memory that this process has had. */
static long resident_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

static long resident_with_good_card;

static void test_good_card(void **state)
{
	static const struct nasty good = {"good", NULL, 0, false};

	(void)state;
	for (size_t i = 0; i < sizeof(job_names) / sizeof(job_names[0]); i++)
		run_once(sweep_find_job(job_names[i]), &good, EXCHANGES_MAX);
	resident_with_good_card = resident_kib();
}

/*
 * After all these cards the process is hardly larger than after a good one. A sanitizer keeps what
 * was freed, so there the memory of the process tells nothing.
 */
static void test_resident_memory(void **state)
{
	(void)state;
	printf("# resident at most: %ld KiB with a good card, %ld KiB in the end\n",
	       resident_with_good_card, resident_kib());
	fflush(stdout);
	assert_true(IS_SANITIZED ||
		    resident_kib() <= resident_with_good_card + resident_with_good_card / 2);
}

static void test_count(void **state)
{
	(void)state;
	assert_true(most.runs >= RUNS_MIN);
	/* A bound that is never reached is not tested. */
	assert_int_equal(most.exchanges, JPKI_TRANSACTION_EXCHANGES_MAX);
	/* The bound lies before the next exchange of a card that takes 5 seconds for each. */
	assert_true(most.seconds >= JPKI_TRANSACTION_SECONDS_MAX - 5);
}

int main(void)
{
#define NASTY(i)                                                                                   \
	{                                                                                          \
		nasties[i].name, test_nasty_card, NULL, NULL, (void *)(uintptr_t)&nasties[i]       \
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_card),
		NASTY(0),
		NASTY(1),
		NASTY(2),
		NASTY(3),
		NASTY(4),
		NASTY(5),
		NASTY(6),
		NASTY(7),
		NASTY(8),
		NASTY(9),
		NASTY(10),
		cmocka_unit_test(test_large_answer),
		cmocka_unit_test(test_reader_lists),
		cmocka_unit_test(test_ever_new_readers),
		cmocka_unit_test(test_never_still),
		cmocka_unit_test(test_ever_changing_card),
		cmocka_unit_test(test_much_random),
		cmocka_unit_test(test_many_attributes),
		cmocka_unit_test(test_resident_memory),
		cmocka_unit_test(test_count),
	};

	_Static_assert(sizeof(nasties) / sizeof(nasties[0]) == 11, "each has a test");
	return cmocka_run_group_tests(tests, engine_set_up, engine_tear_down);
}
