/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Visits: signatures that several threads wait for at the same time. */
#include "fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "token/link.h"
#include "token/state.h"

#define CALLERS_MAX 16
#define INPUT_SIZE  32
/* AP, EF, TRIES and VERIFY before the signatures of a visit; LEAVE and AP after them. */
#define AROUND     6
#define INS_SIGN   0x2A
#define INS_VERIFY 0x20

struct caller {
	pthread_t thread;
	struct jpki_token_ref token;
	uint8_t input[256];
	size_t input_length;
	uint8_t signature[256];
	size_t length;
	enum jpki_error error;
};

static struct {
	struct fixture *fixture;
	struct caller callers[CALLERS_MAX];
	unsigned int count;
	X509 *certificates[JPKI_KEY_COUNT];
	/* The first exchange waits until all others of the leader's token wait. */
	struct jpki_visit *visit;
	unsigned int awaited;
	bool gathered;
	/* Then one fault, at the exchange with this number; or something that happens at a
	 * signature with this number. */
	enum vcard_fault fault;
	unsigned int fault_at;
	unsigned int signatures;
	unsigned int event_at;
	void (*event)(void);
	/* Or something that happens at the exchange with this number. */
	void (*early_event)(void);
	unsigned int early_at;
	long exchange_ms;
} party;

static unsigned int rests;

/* Stands before the C library's: a rest takes no time but that of the clock which stands still. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)left;
	rests++;
	fixture_pass_ms((long)wanted->tv_sec * 1000 + wanted->tv_nsec / 1000000);
	return 0;
}

static unsigned int waiting(struct jpki_visit *visit)
{
	unsigned int count = 0;

	pthread_mutex_lock(&visit->lock);
	for (const struct jpki_visitor *each = visit->waiting; each != NULL; each = each->next)
		count++;
	pthread_mutex_unlock(&visit->lock);
	return count;
}

static void await(struct jpki_visit *visit, unsigned int count)
{
	while (waiting(visit) < count)
		sched_yield();
}

static void await_leader(struct jpki_visit *visit)
{
	bool led = false;

	while (!led) {
		sched_yield();
		pthread_mutex_lock(&visit->lock);
		led = visit->led;
		pthread_mutex_unlock(&visit->lock);
	}
}

static enum vcard_fault on_exchange(void *context, unsigned index, const uint8_t *command,
				    size_t length)
{
	(void)context;
	(void)length;
	if (!party.gathered) {
		party.gathered = true;
		await(party.visit, party.awaited);
	}
	if (party.exchange_ms != 0)
		fixture_pass_ms(party.exchange_ms);
	if (party.early_event != NULL && index == party.early_at)
		party.early_event();
	if (command[1] == INS_SIGN && party.signatures++ == party.event_at && party.event != NULL)
		party.event();
	return index == party.fault_at ? party.fault : VCARD_FAULT_NONE;
}

static int set_up(void **state)
{
	struct fixture *fixture;

	memset(&party, 0, sizeof(party));
	rests = 0;
	fixture_set_up(state);
	fixture = *state;
	party.fixture = fixture;
	party.certificates[JPKI_KEY_AUTH] = unit_certificate(&fixture->card, "auth.crt");
	party.certificates[JPKI_KEY_SIGN] = unit_certificate(&fixture->card, "sign.crt");
	return 0;
}

static int tear_down(void **state)
{
	X509_free(party.certificates[JPKI_KEY_AUTH]);
	X509_free(party.certificates[JPKI_KEY_SIGN]);
	return fixture_tear_down(state);
}

static struct jpki_token_ref logged_in(enum jpki_key key)
{
	struct jpki_token_ref token = fixture_token(party.fixture, key);

	assert_error(fixture_login(&token, key == JPKI_KEY_AUTH ? VCARD_AUTH_PIN : VCARD_SIGN_PIN),
		     JPKI_OK);
	return token;
}

static void *call(void *argument)
{
	struct caller *caller = argument;

	caller->length = sizeof(caller->signature);
	caller->error = jpki_token_sign(&caller->token, JPKI_SIGN_PKCS1, caller->input,
					caller->input_length, caller->signature, &caller->length);
	return NULL;
}

static struct caller *add(const struct jpki_token_ref *token)
{
	struct caller *caller = &party.callers[party.count++];

	memset(caller, 0, sizeof(*caller));
	caller->token = *token;
	caller->input_length = INPUT_SIZE;
	memset(caller->input, 'a' + (int)party.count, sizeof(caller->input));
	return caller;
}

static void start(struct caller *caller)
{
	assert_int_equal(pthread_create(&caller->thread, NULL, call, caller), 0);
}

/* The first caller leads, and its first exchange waits for so many others of its token. */
static void run(unsigned int awaited)
{
	struct vcard_transport *readers = party.fixture->readers;

	vcard_transport_forget(readers);
	party.visit = &jpki_token_of(&party.callers[0].token)->visit;
	party.awaited = awaited;
	party.gathered = false;
	party.signatures = 0;
	vcard_transport_set_hook(readers, on_exchange, NULL);
	for (unsigned int i = 0; i < party.count; i++)
		start(&party.callers[i]);
	for (unsigned int i = 0; i < party.count; i++)
		pthread_join(party.callers[i].thread, NULL);
	vcard_transport_set_hook(readers, NULL, NULL);
	assert_null(party.visit->waiting);
	assert_null(party.visit->served);
	assert_false(party.visit->led);
}

static void run_all(const struct jpki_token_ref *token, unsigned int count)
{
	party.count = 0;
	while (party.count < count)
		add(token);
	run(count - 1);
}

/* What a caller got is its own signature, or nothing. */
static void check(const struct caller *caller)
{
	if (caller->error != JPKI_OK) {
		assert_int_equal(caller->length, 0);
		return;
	}
	unit_assert_signed(party.certificates[caller->token.key], caller->input,
			   caller->input_length, caller->signature, caller->length);
}

/* Return how many got their signature. */
static unsigned int good(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < party.count; i++) {
		check(&party.callers[i]);
		if (party.callers[i].error == JPKI_OK)
			count++;
	}
	return count;
}

static unsigned int exchanges(void)
{
	return vcard_transport_exchanges(party.fixture->readers);
}

static unsigned int verifies(void)
{
	return vcard_transport_verifies(party.fixture->readers);
}

static void assert_all_well(void)
{
	assert_int_equal(fixture_tries(party.fixture, JPKI_KEY_AUTH), 3);
	assert_int_equal(fixture_tries(party.fixture, JPKI_KEY_SIGN), 5);
	fixture_assert_locked(party.fixture);
}

/* One PIN, eight signatures, one transaction. */
static void test_visit(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	run_all(&token, JPKI_VISIT_SIGNATURES_MAX);
	unit_assert_trace(party.fixture->readers,
			  "AP EF:0018 TRIES VERIFY SIGN:0017 SIGN:0017 SIGN:0017 SIGN:0017 "
			  "SIGN:0017 SIGN:0017 SIGN:0017 SIGN:0017 LEAVE AP");
	assert_int_equal(good(), JPKI_VISIT_SIGNATURES_MAX);
	assert_all_well();
}

/* What is more than a visit takes makes another one. */
static void test_sixteen(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_SIGN);

	(void)state;
	run_all(&token, 16);
	assert_int_equal(good(), 16);
	assert_int_equal(exchanges(), 2 * AROUND + 16);
	assert_int_equal(verifies(), 2);
	assert_all_well();
	run_all(&token, 9);
	assert_int_equal(good(), 9);
	assert_int_equal(exchanges(), 2 * AROUND + 9);
	assert_all_well();
}

/* After so long a possession of the card it is others' turn. */
static void test_used_up(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	fixture_pass_ms(10000);
	/* Of 1500 milliseconds 1200 are over when the first signature is made. */
	party.exchange_ms = 240;
	run_all(&token, 4);
	assert_int_equal(good(), 4);
	assert_int_equal(verifies(), 2);
	assert_int_equal(exchanges(), 2 * AROUND + 4);
	assert_int_equal(rests, 1);
	assert_all_well();
}

/* The first and the last signature of a visit of CALLERS, as exchanges. */
#define CALLERS   4
#define VERIFY_AT 3
#define FIRST_AT  4
#define LEAVE_AT  (FIRST_AT + CALLERS)
#define LAST_AT   (LEAVE_AT + 1)

/* A card that leaves takes all with it; whoever was served before has its signature. */
static void judge_removal(unsigned int at)
{
	unsigned int served = at < FIRST_AT ? 0 : at - FIRST_AT;

	assert_int_equal(good(), served < CALLERS ? served : CALLERS);
	for (unsigned int i = 0; i < CALLERS; i++) {
		enum jpki_error error = party.callers[i].error;

		assert_true(error == JPKI_OK || error == JPKI_E_REMOVED);
	}
}

/* A card that says of the right PIN that it is wrong ends the login; else only one can have met the
 * fault, and that is the one that led. */
static void judge_fault(unsigned int at)
{
	if (good() >= CALLERS - 1)
		return;
	assert_int_equal(at, VERIFY_AT);
	for (unsigned int i = 0; i < CALLERS; i++)
		assert_error(party.callers[i].error, JPKI_E_LOGIN_REQUIRED);
}

static void insert_anew(void)
{
	vcard_transport_remove(party.fixture->readers, 0);
	fixture_look(party.fixture);
	vcard_transport_insert(party.fixture->readers, 0, party.fixture->card.card);
	fixture_look(party.fixture);
}

/* Four callers, and a fault at an exchange of the visit: the card is compared before. */
static void run_with_fault(enum vcard_fault fault, unsigned int at)
{
	struct jpki_token_ref token;

	insert_anew();
	token = logged_in(JPKI_KEY_AUTH);
	assert_error(fixture_sign(&token), JPKI_OK);
	party.fault = fault;
	party.fault_at = at;
	run_all(&token, CALLERS);
}

/* At each exchange of a visit, each fault: everybody gets a right answer, and no try is lost. */
static void test_faults(void **state)
{
	static const enum vcard_fault faults[] = {
		VCARD_FAULT_REMOVE,      VCARD_FAULT_LOSE,        VCARD_FAULT_RESET,
		VCARD_FAULT_POWER,       VCARD_FAULT_MUTE,        VCARD_FAULT_REMOVE_AFTER,
		VCARD_FAULT_RESET_AFTER, VCARD_FAULT_POWER_AFTER, VCARD_FAULT_REPLAY};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (unsigned int at = 0; at <= LAST_AT; at++) {
			run_with_fault(faults[i], at);
			if (faults[i] == VCARD_FAULT_REMOVE ||
			    faults[i] == VCARD_FAULT_REMOVE_AFTER) {
				judge_removal(at);
				insert_anew();
			} else {
				judge_fault(at);
			}
			assert_all_well();
		}
	}
}

/* The same for what a card may say. Only one that says that it was left, and was not, stays open.
 */
static void test_answers(void **state)
{
	static const char *const answers[] = {"9000", "6300", "6581", "6700", "6982", "6983",
					      "6985", "6A80", "6A82", "6A86", "6D00", "6F00"};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		for (unsigned int at = 0; at <= LAST_AT; at++) {
			uint8_t answer[2];

			unit_hex(answers[i], answer, sizeof(answer));
			vcard_transport_answer(party.fixture->readers, answer, sizeof(answer));
			run_with_fault(VCARD_FAULT_ANSWER, at);
			judge_fault(at);
			if (i == 0 && at == LEAVE_AT)
				insert_anew();
			assert_all_well();
		}
	}
}

static void revoke(void)
{
	jpki_token_revoke(&party.callers[0].token);
}

/* A login that ends in between: what is being made is made, and nothing more. */
static void test_login_ends(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	party.event = revoke;
	party.event_at = 1;
	run_all(&token, 5);
	assert_int_equal(good(), 2);
	assert_int_equal(verifies(), 1);
	assert_int_equal(exchanges(), AROUND + 2);
	for (unsigned int i = 0; i < 5; i++)
		assert_true(party.callers[i].error == JPKI_OK ||
			    party.callers[i].error == JPKI_E_LOGIN_REQUIRED);
	assert_all_well();
}

/* A login that ends before the PIN is sent, be it while the card was waited for: it is not sent. */
static void test_login_ends_before_pin(void **state)
{
	(void)state;
	for (unsigned int at = 0; at < VERIFY_AT; at++) {
		struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

		party.early_event = revoke;
		party.early_at = at;
		run_all(&token, CALLERS);
		assert_int_equal(good(), 0);
		assert_int_equal(verifies(), 0);
		assert_int_equal(exchanges(), VERIFY_AT);
		for (unsigned int i = 0; i < CALLERS; i++)
			assert_error(party.callers[i].error, JPKI_E_LOGIN_REQUIRED);
		assert_all_well();
	}
}

static struct {
	pthread_t thread;
	enum jpki_error error;
} logout;

static void *log_out(void *token)
{
	logout.error = jpki_token_logout(token);
	return NULL;
}

/* Another thread logs out: the login ends though the card is in use. */
static void begin_logout(void)
{
	struct jpki_token_ref *token = &party.callers[0].token;

	if (pthread_create(&logout.thread, NULL, log_out, token) != 0)
		return;
	while (jpki_token_is_logged_in(token))
		sched_yield();
}

static void test_logout_ends_visit(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_SIGN);
	struct jpki_token_info info;

	(void)state;
	party.event = begin_logout;
	party.event_at = 1;
	run_all(&token, 5);
	assert_int_equal(pthread_join(logout.thread, NULL), 0);
	assert_error(logout.error, JPKI_OK);
	assert_int_equal(good(), 2);
	assert_int_equal(exchanges(), AROUND + 2);
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(info.logouts, 1);
	assert_null(jpki_pin_store_pin(jpki_token_of(&token)->pin));
	assert_error(jpki_token_logout(&token), JPKI_E_LOGIN_REQUIRED);
	assert_all_well();
}

static void abandon(void)
{
	jpki_reader_abandon(party.fixture->reader);
}

static void test_abandoned(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	party.event = abandon;
	party.event_at = 2;
	run_all(&token, 5);
	assert_int_equal(good(), 3);
	assert_int_equal(verifies(), 1);
	assert_all_well();
}

static void remove_unseen(void)
{
	vcard_transport_remove(party.fixture->readers, 0);
	vcard_transport_insert(party.fixture->readers, 0, party.fixture->card.card);
	fixture_look(party.fixture);
}

/* Another insertion, even of the same card, is another card's. */
static void test_inserted_anew(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	party.event = remove_unseen;
	party.event_at = 1;
	run_all(&token, 4);
	assert_int_equal(good(), 1);
	for (unsigned int i = 0; i < 4; i++)
		assert_true(party.callers[i].error == JPKI_OK ||
			    party.callers[i].error == JPKI_E_REMOVED);
	assert_int_equal(verifies(), 1);
	assert_all_well();
}

static void changed_elsewhere(const char *pin, unsigned int tries)
{
	unit_card_set_pin(&party.fixture->card, UNIT_AUTH_PIN_FILE, tries, pin);
}

/* Another program has changed the PIN: of all who wait, one finds that out. */
static void test_changed_pin(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	changed_elsewhere("9999", 3);
	run_all(&token, 5);
	assert_int_equal(good(), 0);
	assert_int_equal(verifies(), 1);
	for (unsigned int i = 0; i < 5; i++)
		assert_error(party.callers[i].error, JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(fixture_tries(party.fixture, JPKI_KEY_AUTH), 2);
	assert_false(jpki_token_is_logged_in(&token));
	fixture_assert_locked(party.fixture);
}

/* Another program has spent a try: none of those who wait presents the PIN. */
static void test_missing_try(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	changed_elsewhere(VCARD_AUTH_PIN, 2);
	run_all(&token, 5);
	assert_int_equal(good(), 0);
	assert_int_equal(verifies(), 0);
	for (unsigned int i = 0; i < 5; i++)
		assert_error(party.callers[i].error, JPKI_E_LOGIN_REQUIRED);
	assert_true(jpki_token_is_suspended(&token));
	changed_elsewhere(VCARD_AUTH_PIN, 3);
	run_all(&token, 5);
	assert_int_equal(good(), 5);
	assert_int_equal(verifies(), 1);
	assert_all_well();
}

/* Each signature of the other key, and each that must be authenticated, is made by itself. */
static void test_not_shared(void **state)
{
	struct jpki_token_ref auth = logged_in(JPKI_KEY_AUTH);
	struct jpki_token_ref sign = logged_in(JPKI_KEY_SIGN);

	(void)state;
	party.count = 0;
	for (int i = 0; i < 3; i++) {
		add(&auth);
		add(&sign);
	}
	run(0);
	assert_int_equal(good(), 6);
	assert_all_well();
	party.fixture->config.sign_always_authenticate = true;
	for (int i = 0; i < 3; i++)
		assert_error(jpki_token_authenticate(&sign, (const uint8_t *)VCARD_SIGN_PIN,
						     strlen(VCARD_SIGN_PIN)),
			     JPKI_OK);
	run_all(&sign, 3);
	assert_int_equal(good(), 3);
	assert_int_equal(verifies(), 3);
	assert_int_equal(exchanges(), 3 * (AROUND + 1));
	assert_all_well();
}

/* What the card is not asked for ends the visit, but nobody else's signature. */
static void test_misfit(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	party.count = 0;
	for (int i = 0; i < 5; i++)
		add(&token);
	party.callers[2].input_length = 246;
	run(4);
	assert_int_equal(good(), 4);
	assert_error(party.callers[2].error, JPKI_E_ARGUMENT);
	assert_true(verifies() <= 2);
	assert_all_well();
}

/* A thread that is cancelled while it waits has its signature first: its stack is written to. */
static void test_cancelled(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);
	pthread_mutex_t *lock = &token.reader->lock;

	(void)state;
	party.visit = &jpki_token_of(&token)->visit;
	pthread_mutex_lock(lock);
	for (unsigned int i = 0; i < 3; i++) {
		start(add(&token));
		if (i > 0)
			await(party.visit, i);
	}
	for (unsigned int i = 0; i < 3; i++)
		pthread_cancel(party.callers[i].thread);
	pthread_mutex_unlock(lock);
	for (unsigned int i = 0; i < 3; i++)
		pthread_join(party.callers[i].thread, NULL);
	assert_null(party.visit->waiting);
	assert_false(party.visit->led);
	assert_all_well();
	run_all(&token, 2);
	assert_int_equal(good(), 2);
}

/* A signature is made under the login that it was asked for under. */
static void test_other_login(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);
	struct jpki_visit *visit = &jpki_token_of(&token)->visit;
	unsigned int logins = atomic_load(&jpki_token_of(&token)->logins);

	(void)state;
	assert_error(jpki_token_logout(&token), JPKI_OK);
	logged_in(JPKI_KEY_AUTH);
	assert_int_not_equal(atomic_load(&jpki_token_of(&token)->logins), logins);
	vcard_transport_forget(party.fixture->readers);
	pthread_mutex_lock(&token.reader->lock);
	start(add(&token));
	await_leader(visit);
	start(add(&token));
	await(visit, 1);
	/* As by a logout and another login. */
	atomic_fetch_add(&jpki_token_of(&token)->logins, 1);
	start(add(&token));
	await(visit, 2);
	pthread_mutex_unlock(&token.reader->lock);
	for (unsigned int i = 0; i < 3; i++)
		pthread_join(party.callers[i].thread, NULL);
	assert_error(party.callers[0].error, JPKI_E_LOGIN_REQUIRED);
	assert_error(party.callers[1].error, JPKI_E_LOGIN_REQUIRED);
	assert_error(party.callers[2].error, JPKI_OK);
	assert_int_equal(good(), 1);
	assert_int_equal(exchanges(), AROUND + 1);
}

/* A login that somebody began while a logout waited for the card is not ended by it. */
static void test_late_logout(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);
	struct jpki_token *ours = jpki_token_of(&token);
	pthread_t thread;

	(void)state;
	pthread_mutex_lock(&token.reader->lock);
	assert_int_equal(pthread_create(&thread, NULL, log_out, &token), 0);
	while (atomic_load(&ours->logged_in))
		sched_yield();
	/* As by another login. */
	atomic_fetch_add(&ours->logins, 1);
	atomic_store(&ours->logged_in, true);
	pthread_mutex_unlock(&token.reader->lock);
	pthread_join(thread, NULL);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* The right PIN goes on its way, and a signature that waits for it is asked for: once, because this
 * signature presents the PIN, too. */
static enum vcard_fault ask_meanwhile(void *context, unsigned index, const uint8_t *command,
				      size_t length)
{
	(void)context;
	(void)index;
	if (!party.gathered && command[1] == INS_VERIFY && length > 5) {
		party.gathered = true;
		start(&party.callers[0]);
		await_leader(party.visit);
	}
	return VCARD_FAULT_NONE;
}

/* To renew a login that waits for its tries is no other login. */
static void test_renewed_login(void **state)
{
	struct jpki_token_ref token = logged_in(JPKI_KEY_AUTH);

	(void)state;
	unit_card_set_pin(&party.fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_true(jpki_token_is_suspended(&token));
	party.visit = &jpki_token_of(&token)->visit;
	add(&token);
	vcard_transport_set_hook(party.fixture->readers, ask_meanwhile, NULL);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	pthread_join(party.callers[0].thread, NULL);
	vcard_transport_set_hook(party.fixture->readers, NULL, NULL);
	assert_error(party.callers[0].error, JPKI_OK);
	assert_int_equal(good(), 1);
	assert_all_well();
}

/* The next is the first of the same insertion and login. */
static void test_next(void **state)
{
	struct jpki_visitor queue[] = {{.insertion = 1, .login = 2},
				       {.insertion = 3, .login = 1},
				       {.insertion = 3, .login = 2},
				       {.insertion = 3, .login = 2}};
	struct jpki_visitor leader = {.insertion = 3, .login = 2};
	struct jpki_visit visit = {.led = true, .waiting = &queue[0]};

	(void)state;
	jpki_visit_init(&visit);
	for (size_t i = 0; i < 3; i++)
		queue[i].next = &queue[i + 1];
	assert_ptr_equal(jpki_visit_next(&visit, &leader), &queue[2]);
	jpki_visit_serve(&visit, &queue[2]);
	assert_false(queue[2].served);
	assert_ptr_equal(jpki_visit_next(&visit, &leader), &queue[3]);
	jpki_visit_serve(&visit, &queue[3]);
	assert_null(jpki_visit_next(&visit, &leader));
	jpki_visit_end(&visit);
	assert_true(queue[2].served && queue[3].served);
	assert_false(queue[0].served || queue[1].served);
	assert_ptr_equal(visit.waiting, &queue[0]);
	assert_false(visit.led);
	jpki_visit_destroy(&visit);
}

static struct {
	struct jpki_visit visit;
	struct jpki_visitor first, second;
	atomic_bool is_back;
	bool served;
} row;

static void *come_second(void *unused)
{
	(void)unused;
	row.served = jpki_visit_join(&row.visit, &row.second);
	atomic_store(&row.is_back, true);
	return NULL;
}

/* Whoever comes while nobody leads lets those lead first who have waited, and are to be woken. */
static void test_order(void **state)
{
	pthread_t thread;

	(void)state;
	memset(&row, 0, sizeof(row));
	jpki_visit_init(&row.visit);
	row.visit.waiting = &row.first;
	assert_int_equal(pthread_create(&thread, NULL, come_second, NULL), 0);
	while (waiting(&row.visit) < 2 && !atomic_load(&row.is_back))
		sched_yield();
	assert_false(atomic_load(&row.is_back));
	assert_false(row.visit.led);
	pthread_mutex_lock(&row.visit.lock);
	row.visit.waiting = row.first.next;
	pthread_cond_broadcast(&row.visit.changed);
	pthread_mutex_unlock(&row.visit.lock);
	pthread_join(thread, NULL);
	assert_false(row.served);
	assert_true(row.visit.led);
	assert_null(row.visit.waiting);
	jpki_visit_destroy(&row.visit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_visit),
		TEST(test_sixteen),
		TEST(test_used_up),
		TEST(test_faults),
		TEST(test_answers),
		TEST(test_login_ends),
		TEST(test_login_ends_before_pin),
		TEST(test_logout_ends_visit),
		TEST(test_abandoned),
		TEST(test_inserted_anew),
		TEST(test_changed_pin),
		TEST(test_missing_try),
		TEST(test_not_shared),
		TEST(test_misfit),
		TEST(test_cancelled),
		TEST(test_other_login),
		TEST(test_late_logout),
		TEST(test_renewed_login),
		TEST(test_next),
		TEST(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
