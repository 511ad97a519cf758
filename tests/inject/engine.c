/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>

#include "card/pcsc.h"
#include "crypto/hash.h"
#include "fake_winscard.h"
#include "pkcs11/general.h"
#include "pkcs11/rv.h"

/* More calls than any job makes. */
#define CALLS_MAX 4000
/* What one run may take: a module that hangs is a failed one. */
#define SECONDS_MAX    60
#define COMPLAINTS_MAX 60
/* Exchanges beyond those of a job that goes well. */
#define EXTRA_MAX 40

static const struct engine_plan *plan;
static struct inject_books at_rest;
static bool serial_is_hidden;
static unsigned int complaints, runs, normal_exchanges;

static void complain(const struct sweep_run *run, const char *what)
{
	if (complaints++ < COMPLAINTS_MAX)
		printf("# %s: %s (call %u%s, code %08lx): %s: %s from %s%s%s\n", run->job->name,
		       inject_name(), run->at, plan->lasting ? " and all after it" : "",
		       (unsigned long)inject_code() & 0xffffffffUL, what, sweep_rv_name(run->rv),
		       run->where, run->trouble != NULL ? ", " : "",
		       run->trouble != NULL ? run->trouble : "");
}

static void check(const struct sweep_run *run, bool ok, const char *what)
{
	if (!ok)
		complain(run, what);
}

/* The program ends: all that it was given is given back. */
static void end_program(const struct sweep_run *run)
{
	struct inject_books books;

	p11->C_Finalize(NULL);
	books = inject_books();
	for (int kind = 0; run != NULL && kind < INJECT_KINDS; kind++) {
		char what[80];

		snprintf(what, sizeof(what), "%ld %s are not given back",
			 books.held[kind] - at_rest.held[kind],
			 inject_kind_name((enum inject_kind)kind));
		check(run, books.held[kind] == at_rest.held[kind], what);
	}
	at_rest = books;
}

/* The card as issued, just put in. */
static void issue_card(void)
{
	char path[PATH_MAX];

	vcard_transport_remove(module_fixture.readers, 0);
	unit_path(path, module_fixture.card.dir, "state");
	unlink(path);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
}

/* READ RECORD of the serial: there is none. */
static enum vcard_fault hide_serial(void *context, unsigned int index, const uint8_t *command,
				    size_t length)
{
	static const uint8_t no_record[] = {0x6a, 0x83};

	(void)context;
	(void)index;
	(void)length;
	if (!serial_is_hidden || command[1] != 0xb2)
		return VCARD_FAULT_NONE;
	vcard_transport_answer(module_fixture.readers, no_record, sizeof(no_record));
	return VCARD_FAULT_ANSWER;
}

static enum vcard_fault count_verifies(void *context, unsigned int index, const uint8_t *command,
				       size_t length)
{
	struct sweep_run *run = context;

	run->exchanges++;
	if (command[1] == 0x20 && length > 5)
		run->verifies_processed++;
	return hide_serial(NULL, index, command, length);
}

/* A program that starts, up to where the job begins. */
static bool start_anew(struct sweep_run *run)
{
	issue_card();
	module_forget_refused();
	vcard_transport_set_hook(module_fixture.readers, hide_serial, NULL);
	if (p11->C_Initialize(NULL) != CKR_OK)
		return false;
	sweep_set_pins(run);
	if (!sweep_prepare(run))
		return false;
	vcard_transport_forget(module_fixture.readers);
	vcard_transport_set_hook(module_fixture.readers, count_verifies, run);
	return true;
}

static void check_counters(const struct sweep_run *run, const char *when)
{
	char what[96];

	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		int spent = sweep_tries_spent(sweep_pin_file(slot));
		int explained = 0;

		if (slot == run->job->slot && run->job->typed == SWEEP_WRONG_PIN)
			explained = run->verifies_processed > 0 ? 1 : 0;
		snprintf(what, sizeof(what), "%s, slot %lu: %d tries are spent, %d are explained",
			 when, slot, spent, explained);
		check(run, spent == explained, what);
	}
}

/* The contract of C_SetPIN: its code tells which PIN holds. */
static void check_pin_told(const struct sweep_run *run)
{
	uint16_t file = sweep_pin_file(run->job->slot);
	bool new_holds = sweep_pin_holds(file, run->new_pin);

	if (run->rv == CKR_OK)
		check(run, new_holds, "the old PIN holds after all");
	else if (run->rv != CKR_FUNCTION_FAILED)
		check(run, !new_holds, "the new PIN holds after all");
}

static void check_outcome(const struct sweep_run *run)
{
	if (inject_fired() == 0)
		check(run, run->rv == run->job->expected && run->trouble == NULL,
		      "it fails without a fault");
	else if (run->rv == CKR_OK && run->job->expected != CKR_OK)
		complain(run, "a wrong PIN was taken");
	else if (run->rv == CKR_OK)
		check(run, run->trouble == NULL || plan->is_right(run), "wrong data");
	else
		check(run, run->rv == run->job->expected || plan->is_right(run),
		      "the code is not right for the failure");
	check(run, run->exchanges <= normal_exchanges + EXTRA_MAX, "too many exchanges");
	check(run, vcard_transport_violations(module_fixture.readers) == 0, "a broken promise");
	check_counters(run, "after the failure");
	if (run->job->changes_pin)
		check_pin_told(run);
}

/* A login may be gone, and the session of a card that was taken for gone; then once more. */
static bool act_well(struct sweep_run *run)
{
	bool done = false;

	for (int attempt = 0; attempt < 2 && !done; attempt++) {
		done = sweep_prepare(run) && sweep_act(run) == CKR_OK && run->trouble == NULL;
		if (run->rv != CKR_USER_NOT_LOGGED_IN && run->rv != CKR_SESSION_HANDLE_INVALID)
			break;
	}
	return done;
}

/* Nothing fails any more: the same job, with the PIN that holds. */
static void try_again(struct sweep_run *run)
{
	const struct sweep_job *job = run->job;
	struct sweep_job right;

	sweep_set_right(run, &right);
	if (!act_well(run))
		complain(run, "the next attempt fails");
	if (right.typed != SWEEP_NO_PIN || right.has_login)
		check(run, sweep_tries_spent(sweep_pin_file(right.slot)) == 0,
		      "tries are missing after the next attempt");
	/* Nobody may look at the card while the module has it open. */
	p11->C_CloseAllSessions(MODULE_AUTH_SLOT);
	p11->C_CloseAllSessions(MODULE_SIGN_SLOT);
	check(run, !sweep_key_is_open(), "a key is open in the end");
	run->job = job;
}

/* One run with the failure at one call; false when the job makes fewer. */
static bool run_once(const struct sweep_job *job, unsigned int at, long code)
{
	struct sweep_run run = {.job = job, .at = at};
	unsigned int spilt = inject_spilt();
	bool fired;

	alarm(SECONDS_MAX);
	inject_disarm();
	ERR_clear_error();
	if (!start_anew(&run)) {
		complain(&run, "the preparation fails");
		return false;
	}
	inject_arm(plan->classes, at, plan->lasting, code);
	sweep_act(&run);
	inject_disarm();
	fired = inject_fired() > 0;
	check_outcome(&run);
	if (fired && plan->is_believed != NULL && plan->is_believed()) {
		vcard_transport_remove(module_fixture.readers, 0);
		vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	}
	try_again(&run);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	end_program(&run);
	check(&run, ERR_get_error() == 0, "an error is left in the program's own queue of OpenSSL");
	check(&run, inject_spilt() == spilt, "a PIN stood in memory that was given back");
	runs++;
	return fired;
}

static void learn_length(const struct sweep_job *job)
{
	struct sweep_run run = {.job = job};

	inject_disarm();
	assert_true(start_anew(&run));
	assert_rv(sweep_act(&run), job->expected);
	assert_null(run.trouble);
	normal_exchanges = run.exchanges;
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	end_program(NULL);
}

unsigned int engine_run(const struct sweep_job *job, const struct engine_plan *with)
{
	const long none = 0;
	const long *codes = with->code_count > 0 ? with->codes : &none;
	size_t code_count = with->code_count > 0 ? with->code_count : 1;
	unsigned int before = runs;
	unsigned int calls = 0;

	plan = with;
	complaints = 0;
	learn_length(job);
	for (size_t i = 0; i < code_count; i++) {
		unsigned int at = 1;

		/* The last run is beyond the end, and shows that the end was reached. */
		while (run_once(job, at, codes[i]))
			assert_true(++at < CALLS_MAX);
		calls = at - 1 > calls ? at - 1 : calls;
	}
	printf("# %s: %u calls, %u runs, %u complaints\n", job->name, calls, runs - before,
	       complaints);
	fflush(stdout);
	assert_int_equal(complaints, 0);
	return runs - before;
}

unsigned int engine_run_both(const struct sweep_job *job, unsigned int classes,
			     bool (*is_right)(const struct sweep_run *run))
{
	struct engine_plan both = {.classes = classes, .is_right = is_right};
	unsigned int count = engine_run(job, &both);

	both.lasting = true;
	return count + engine_run(job, &both);
}

void engine_assert_all(unsigned int count, unsigned int count_min, unsigned int names)
{
	char text[1500];
	unsigned int failed = inject_names(text, sizeof(text));

	printf("# %u runs with a failure; %u functions failed:%s\n", count, failed, text);
	fflush(stdout);
	assert_true(count >= count_min);
	assert_int_equal(failed, names);
}

static void open_readers(void)
{
	static const char *const names[] = {MODULE_READER_A, MODULE_READER_B};

	module_prepare(NULL);
	module_share_refused();
	/* Thousands of failures would be told of. */
	setenv("JPKI_LOG", "none", 1);
	module_fixture.readers = vcard_transport_new(names, 2);
	assert_non_null(module_fixture.readers);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	fake_winscard_use(module_fixture.readers);
	jpki_module_make_transport = jpki_pcsc_new;
}

static void close_readers(void)
{
	struct jpki_transport *base = vcard_transport_base(module_fixture.readers);

	p11->C_Finalize(NULL);
	fake_winscard_use(NULL);
	base->ops->destroy(base);
	module_share_end();
	module_tear_down(NULL);
}

/* How a child tells its parent what has become of it. */
enum { FIRST_USE_BAD = 2, FIRST_USE_FAILED = 3, FIRST_USE_WHOLE = 4 };

static CK_RV use_module(void)
{
	CK_INFO info;
	CK_RV rv = p11->C_Initialize(NULL);
	uint8_t digest[JPKI_HASH_SIZE_MAX];

	if (rv == CKR_OK)
		rv = p11->C_GetInfo(&info);
	if (rv == CKR_OK)
		rv = jpki_rv(jpki_hash_compute(JPKI_HASH_SHA256, "", 0, digest));
	p11->C_Finalize(NULL);
	return rv;
}

static int first_use(unsigned int classes, unsigned int at)
{
	struct inject_books books;
	bool fired;
	CK_RV rv;

	inject_arm(classes, at, false, 0);
	rv = use_module();
	inject_disarm();
	fired = inject_fired() > 0;
	if (fired ? rv != CKR_HOST_MEMORY && rv != CKR_FUNCTION_FAILED : rv != CKR_OK)
		return FIRST_USE_BAD;
	if (use_module() != CKR_OK)
		return FIRST_USE_BAD;
	/* What the process keeps until its end is made once. */
	books = inject_books();
	if (use_module() != CKR_OK ||
	    inject_books().held[INJECT_BLOCKS] != books.held[INJECT_BLOCKS])
		return FIRST_USE_BAD;
	return fired ? FIRST_USE_FAILED : FIRST_USE_WHOLE;
}

int engine_be_first_use(char *const arguments[])
{
	int status;

	open_readers();
	/* A reader, or the slots for the next one, for which there is no memory is there after the
	 * next look. */
	vcard_transport_plug(module_fixture.readers, 0, false);
	vcard_transport_plug(module_fixture.readers, 1, false);
	status = first_use((unsigned int)strtoul(arguments[1], NULL, 10),
			   (unsigned int)strtoul(arguments[2], NULL, 10));
	close_readers();
	return status;
}

unsigned int engine_run_first_use(unsigned int classes)
{
	int status = FIRST_USE_FAILED;
	unsigned int at = 0;

	while (status == FIRST_USE_FAILED) {
		char program[] = "first-use", class_text[16], at_text[16];
		char *arguments[] = {program, class_text, at_text, NULL};
		pid_t child;

		snprintf(class_text, sizeof(class_text), "%u", classes);
		snprintf(at_text, sizeof(at_text), "%u", ++at);
		assert_int_equal(
			posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		status = WEXITSTATUS(status);
		assert_true(status == FIRST_USE_FAILED || status == FIRST_USE_WHOLE);
	}
	assert_true(at > 1);
	return at;
}

static int start(bool without_serial)
{
	open_readers();
	serial_is_hidden = without_serial;
	vcard_transport_set_hook(module_fixture.readers, hide_serial, NULL);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	sweep_learn();
	engine_learn_signature();
	inject_watch_secret(VCARD_SIGN_PIN);
	inject_watch_secret("NEW0PIN");
	end_program(NULL);
	return 0;
}

int engine_set_up(void **state)
{
	(void)state;
	return start(false);
}

int engine_set_up_without_serial(void **state)
{
	(void)state;
	return start(true);
}

int engine_tear_down(void **state)
{
	(void)state;
	inject_watch_secret(NULL);
	sweep_unlearn();
	close_readers();
	return 0;
}
