/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine of the sweep: one combination after the other, and what has to hold after each. */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than any job takes: a sweep that does not end is a failed one. */
#define INDEX_MAX 120
/* Of a program: fewer would mean that a part of the sweep is not run any more. */
#define COMBINATIONS_MIN 10000
/* What one combination may take, under valgrind on a loaded machine, too: a module that hangs is a
 * failed one. */
#define SECONDS_MAX 300
/* Exchanges beyond those of a job that goes well; and where a card gives its answers in pieces
 * without end: of a file 256 (jpki_card_read_sequence), of an answer 16 (get_response). */
#define EXTRA_MAX        40
#define EXTRA_PIECES_MAX 320
/* How many complaints of one job are printed. */
#define COMPLAINTS_MAX 100

#define ALWAYS_AUTHENTICATE "sign.always-authenticate = yes\n"

static char configuration[PATH_MAX];
static unsigned int combinations;
static unsigned int complaints;
static unsigned int normal_exchanges;

static void complain(const struct sweep_run *run, const char *what)
{
	if (complaints++ < COMPLAINTS_MAX)
		printf("# %s / %s @%u %s: %s: %s from %s%s%s\n", run->job->name,
		       run->fault != NULL ? run->fault->name : "no fault", run->at,
		       sweep_command_name(run->first_hit), what, sweep_rv_name(run->rv), run->where,
		       run->trouble != NULL ? ", " : "", run->trouble != NULL ? run->trouble : "");
}

/* A second complaint about the same combination tells little. */
static bool check(const struct sweep_run *run, bool ok, const char *what)
{
	if (!ok)
		complain(run, what);
	return ok;
}

static enum sweep_command kind_of_select(const uint8_t *command, size_t length)
{
	if (command[2] != 0x04)
		return length == 7 && (command[6] == 0x17 || command[6] == 0x1A)
			       ? SWEEP_SELECT_KEY
			       : SWEEP_SELECT_FILE;
	if (length > 5 && command[5] == 0xA0)
		return SWEEP_LEAVE;
	return length > 7 && command[7] == 0xF0 ? SWEEP_SELECT_AP : SWEEP_SELECT_COMMON;
}

static enum sweep_command kind_of(const uint8_t *command, size_t length)
{
	switch (command[1]) {
	case 0x20:
		return length > 5 ? SWEEP_VERIFY : SWEEP_TRIES;
	case 0x24:
		return SWEEP_CHANGE;
	case 0x2A:
		return SWEEP_SIGN;
	case 0x84:
		return SWEEP_RANDOM;
	case 0xA4:
		return kind_of_select(command, length);
	case 0xB0:
		/* One that names the file begins at its start. */
		return (command[2] == 0 || command[2] >= 0x80) && command[3] == 0 ? SWEEP_READ
										  : SWEEP_READ_ON;
	case 0xB2:
		return SWEEP_RECORD;
	default:
		return SWEEP_MORE;
	}
}

/* Whether the card sees the command in spite of the fault. */
static bool is_delivered(const struct sweep_run *run, bool now)
{
	if (!now)
		return true;
	/* After a departure the link is dead, after a meddler no file is selected any more. */
	return vcard_fault_lets_act(run->fault->fault) &&
	       (run->fault->meddle == NULL || run->fault->family == SWEEP_BROKEN);
}

static enum vcard_fault on_exchange(void *context, unsigned int index, const uint8_t *command,
				    size_t length)
{
	struct sweep_run *run = context;
	enum sweep_command kind = kind_of(command, length);
	bool now = run->fault != NULL && !run->lifted && !run->fault->from_the_start &&
		   (index == run->at || (run->fault->lasting && index > run->at));

	run->exchanges++;
	if (now) {
		run->hit |= kind;
		if (run->fired++ == 0)
			run->first_hit = kind;
		if (run->fault->meddle != NULL)
			run->fault->meddle();
	}
	if (kind == SWEEP_VERIFY) {
		run->verifies_processed += is_delivered(run, now) ? 1 : 0;
		run->pins_to_strangers +=
			run->fired > 0 && !now && !run->lifted && run->fault->strange ? 1 : 0;
	}
	run->change_sent = run->change_sent || kind == SWEEP_CHANGE;
	return now ? run->fault->fault : VCARD_FAULT_NONE;
}

static void reset_card(struct unit_card *card)
{
	char path[PATH_MAX];

	unit_path(path, card->dir, "state");
	unlink(path);
}

/* The card as issued, just put in, and a program that has just started. */
static void start_anew(void)
{
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	reset_card(&module_fixture.card);
	reset_card(&module_fixture.second);
	module_forget_refused();
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
}

/* What the counter of the job's own PIN must be, and of the other one. */
static void check_counters(const struct sweep_run *run, const char *when)
{
	char what[96];

	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		uint16_t file = sweep_pin_file(slot);
		int spent = sweep_tries_spent(file);
		int explained = 0;

		if (slot == run->job->slot && run->job->typed == SWEEP_WRONG_PIN)
			explained = (int)run->verifies_processed;
		snprintf(what, sizeof(what), "%s, %d tries of %04X are spent, %d are explained",
			 when, spent, file, explained);
		/* Another program has spent one, and a right PIN after it gives it back; or
		 * another program's right PIN has given all back. */
		if (run->fired > 0 && run->fault->spends == file)
			check(run, spent >= explained && spent <= explained + 1, what);
		else if (run->fired > 0 && run->fault->restores == file)
			/* What was right for it may have been changed by the job. */
			check(run, spent <= explained + (run->job->changes_pin ? 1 : 0), what);
		else
			check(run, spent == explained, what);
	}
	if (run->job->typed == SWEEP_WRONG_PIN)
		check(run, run->verifies_processed <= 1, "the PIN typed once was tried twice");
}

static void check_locked(const struct sweep_run *run, const char *what)
{
	const struct sweep_fault *fault = run->fired > 0 ? run->fault : NULL;

	/* Another program's own PIN, presented when we had no more to do with the card. */
	if (fault != NULL && fault->restores != 0)
		return;
	/* Who says that it has left the application, and has not, is believed. */
	if (!run->lifted && sweep_feigned(run, SWEEP_LEAVE))
		return;
	check(run, !sweep_key_is_open(), what);
}

/* The contract of C_SetPIN: its code tells which PIN holds. */
static void check_pin_told(const struct sweep_run *run)
{
	uint16_t file = sweep_pin_file(run->job->slot);
	const char *old_pin =
		run->job->typed == SWEEP_WRONG_PIN ? sweep_right_pin(run->job) : run->old_pin;
	bool old_holds = sweep_pin_holds(file, old_pin);
	bool new_holds = sweep_pin_holds(file, run->new_pin);

	check(run, old_holds != new_holds, "neither the old PIN holds nor the new one");
	if (run->rv == CKR_OK)
		check(run, new_holds || sweep_lied_about_pin(run), "the old PIN holds after all");
	else if (run->rv != CKR_FUNCTION_FAILED)
		check(run,
		      old_holds || sweep_lied_about_pin(run) ||
			      (run->fired > 0 && sweep_denied_change(run)),
		      "the new PIN holds after all");
}

/* A login that failed has logged nobody in, one that succeeded has. */
static void check_login_state(const struct sweep_run *run)
{
	CK_SESSION_INFO info;
	bool logs_in =
		run->job->typed != SWEEP_NO_PIN && !run->job->has_login && !run->job->changes_pin;

	if (!logs_in || p11->C_GetSessionInfo(run->session, &info) != CKR_OK)
		return;
	if (run->rv == CKR_OK)
		check(run, sweep_is_logged_in(run), "nobody is logged in after all");
	else if (strcmp(run->where, "C_Login") == 0)
		check(run, !sweep_is_logged_in(run), "somebody is logged in after all");
}

static void check_outcome(const struct sweep_run *run)
{
	bool in_pieces = run->fault->lasting &&
			 (run->fault->answer_length > 2 || sweep_word(run->fault) >> 8 == 0x61);
	const char *trouble = sweep_judge(run);

	check(run, trouble == NULL, trouble);
	check(run, run->exchanges <= normal_exchanges + (in_pieces ? EXTRA_PIECES_MAX : EXTRA_MAX),
	      "too many exchanges");
	check(run, vcard_transport_violations(module_fixture.readers) == 0, "a broken promise");
	check(run, run->pins_to_strangers == 0, "a PIN went to another person's card");
	check_counters(run, "after the fault");
	check_locked(run, "a key is open after the fault");
	check_login_state(run);
	if (run->job->changes_pin)
		check_pin_told(run);
}

/* All is well again; true when what is in the reader is a new insertion of the card. */
static bool lift(struct sweep_run *run)
{
	run->lifted = true;
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_CONNECT, JPKI_OK, 0);
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_BEGIN, JPKI_OK, 0);
	vcard_transport_serve(module_fixture.readers, true);
	if (run->fired == 0)
		return false;
	if (run->fault->family == SWEEP_GONE && !run->fault->cuts_off)
		return true;
	if (run->fault->family != SWEEP_GONE && !sweep_lied_about_pin(run) &&
	    !sweep_is_believed(run))
		return false;
	vcard_transport_plug(module_fixture.readers, 0, true);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	return true;
}

/* Whoever is logged in still can sign: the PIN that is kept is the one that holds. */
static void check_kept_login(struct sweep_run *run)
{
	int missing = sweep_tries_spent(sweep_pin_file(run->job->slot));

	if (!run->job->changes_pin || !sweep_is_logged_in(run))
		return;
	run->trouble = NULL;
	/* Unless a try is missing, which another program has spent. */
	if (sweep_sign(run) == CKR_USER_NOT_LOGGED_IN && missing > 0)
		return;
	if (run->rv != CKR_OK || run->trouble != NULL)
		complain(run, "the login that goes on can't sign");
	check_counters(run, "after a signature");
}

/* A PIN that is kept is not presented when a try is missing: then it is typed once more. */
static bool prepare_and_act(struct sweep_run *run)
{
	bool done = sweep_prepare(run) && sweep_act(run) == CKR_OK;

	if (!done && run->rv == CKR_USER_NOT_LOGGED_IN && sweep_login_was_taken(run))
		done = sweep_prepare(run) && sweep_act(run) == CKR_OK;
	return done && sweep_data_is_true(run);
}

/* The same job again with the right PIN for whatever holds now. */
static void try_again_right(struct sweep_run *run)
{
	const struct sweep_job *job = run->job;
	struct sweep_job right;
	bool uses_pin;

	sweep_set_right(run, &right);
	if (!prepare_and_act(run))
		complain(run, "the next attempt fails");
	uses_pin = right.typed != SWEEP_NO_PIN || right.has_login;
	check(run, !uses_pin || sweep_tries_spent(sweep_pin_file(right.slot)) == 0,
	      "tries are missing after the next attempt");
	if (right.changes_pin && run->rv == CKR_OK)
		check(run, sweep_pin_holds(sweep_pin_file(right.slot), run->new_pin),
		      "the next change is none");
	run->job = job;
}

static void try_again(struct sweep_run *run, bool put_in_again)
{
	vcard_transport_forget(module_fixture.readers);
	check_kept_login(run);
	/* The same wrong value once more: it is not sent twice to a card that has refused it. */
	if (run->job->typed == SWEEP_WRONG_PIN && !put_in_again) {
		/* Unless the right PIN was presented since, which may be a new one. */
		bool restored =
			run->fired > 0 && run->fault->restores == sweep_pin_file(run->job->slot);

		sweep_prepare(run);
		sweep_act(run);
		check(run, run->rv == CKR_PIN_INCORRECT, "the wrong PIN typed again");
		check(run, run->verifies_processed <= (restored ? 2U : 1U),
		      "the wrong PIN was sent twice");
		check(run, sweep_tries_spent(sweep_pin_file(run->job->slot)) == 1 || restored,
		      "not one try is spent on the wrong PIN");
	}
	try_again_right(run);
	check_locked(run, "a key is open after the next attempt");
}

/* One attempt with the fault at an exchange; false when the job has fewer. */
static bool combine(const struct sweep_job *job, const struct sweep_fault *fault, unsigned int at)
{
	struct sweep_run run = {.job = job, .at = at};
	bool fired;

	alarm(SECONDS_MAX);
	start_anew();
	sweep_set_pins(&run);
	if (!sweep_prepare(&run)) {
		complain(&run, "the preparation fails");
		return false;
	}
	run.fault = fault;
	vcard_transport_answer(module_fixture.readers, fault->answer, fault->answer_length);
	vcard_transport_forget(module_fixture.readers);
	vcard_transport_set_hook(module_fixture.readers, on_exchange, &run);
	if (fault->from_the_start && at == 0) {
		fault->meddle();
		run.fired = 1;
	}
	sweep_act(&run);
	fired = run.fired > 0;
	check_outcome(&run);
	try_again(&run, lift(&run));
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	combinations++;
	return fired;
}

/* A meddler's wrong PIN and the user's own would come to the last try but one. */
static bool applies(const struct sweep_job *job, const struct sweep_fault *fault)
{
	return job->typed != SWEEP_WRONG_PIN || fault->spends != sweep_pin_file(job->slot);
}

static void learn_length(const struct sweep_job *job)
{
	struct sweep_run run = {.job = job};

	start_anew();
	sweep_set_pins(&run);
	assert_true(sweep_prepare(&run));
	vcard_transport_forget(module_fixture.readers);
	assert_rv(sweep_act(&run), job->expected);
	assert_null(run.trouble);
	normal_exchanges = vcard_transport_exchanges(module_fixture.readers);
	assert_true(normal_exchanges > 0);
}

void sweep_test(void **state)
{
	const struct sweep_job *job = sweep_find_job(*state);
	unsigned int before = combinations;
	const struct sweep_fault *faults;
	const char *only = getenv("SWEEP_FAULT");
	unsigned int share = unit_share();
	size_t count;

	complaints = 0;
	faults = sweep_faults(&count);
	learn_length(job);
	for (size_t i = 0; i < count; i++) {
		if (!applies(job, &faults[i]) ||
		    (only != NULL && strcmp(only, faults[i].name) != 0))
			continue;
		/* A share is of other exchanges for each fault, and of those alone that there are
		 * when all goes well. */
		if (share > 1 && i % share >= normal_exchanges)
			continue;
		/* The last one is beyond the end, and shows that the end was reached. */
		for (unsigned int at = (unsigned int)i % share; combine(job, &faults[i], at);
		     at += share)
			assert_true(at < INDEX_MAX);
	}
	printf("# %s: %u exchanges, %u combinations, %u complaints\n", job->name, normal_exchanges,
	       combinations - before, complaints);
	fflush(stdout);
	assert_int_equal(complaints, 0);
}

/* With sign.always-authenticate, in a directory of its own that goes as soon as it was read. */
static void configure(bool asks_each_time)
{
	char path[PATH_MAX], file[PATH_MAX];

	if (!asks_each_time)
		return;
	unit_directory_make(path);
	unit_path(file, path, "jpki-pkcs11.conf");
	unit_write_file(file, ALWAYS_AUTHENTICATE, sizeof(ALWAYS_AUTHENTICATE) - 1);
	setenv("XDG_CONFIG_HOME", path, 1);
	snprintf(configuration, sizeof(configuration), "%s", path);
}

int sweep_set_up(void **state)
{
	const struct sweep_job *job = sweep_find_job(*state);

	module_prepare(NULL);
	/* Thousands of faults would be told of. */
	setenv("JPKI_LOG", "error", 1);
	unit_card_open(&module_fixture.second, "second", NULL);
	configure(job->asks_each_time);
	module_share_refused();
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	sweep_learn();
	return 0;
}

int sweep_tear_down(void **state)
{
	sweep_unlearn();
	module_share_end();
	if (configuration[0] != '\0')
		unit_directory_remove(configuration);
	configuration[0] = '\0';
	return module_tear_down(state);
}

void sweep_test_count(void **state)
{
	(void)state;
	printf("# %u combinations of job, exchange and fault\n", combinations);
	fflush(stdout);
	assert_true(combinations * unit_share() >= COMBINATIONS_MIN);
}
