/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sweep: jobs of a program, through the C_ functions; at each exchange of a job with the card,
 * each fault; after each of these combinations, all that has to hold whatever went wrong.
 */
#ifndef UNIT_SWEEP_H
#define UNIT_SWEEP_H

#include "module_fixture.h"

#define SWEEP_ANSWER_MAX 300
#define SWEEP_FAULTS_MAX 256

/* What a command is, as far as the rules care. Powers of two: a lasting fault meets several. */
enum sweep_command {
	SWEEP_SELECT_AP = 0x001,
	SWEEP_SELECT_COMMON = 0x002,
	SWEEP_LEAVE = 0x004, /* SELECT of the issuer's domain */
	SWEEP_SELECT_FILE = 0x008,
	SWEEP_READ = 0x010,
	SWEEP_RECORD = 0x020,
	SWEEP_TRIES = 0x040,
	SWEEP_VERIFY = 0x080,
	SWEEP_CHANGE = 0x100,
	SWEEP_SIGN = 0x200,
	SWEEP_RANDOM = 0x400,
	SWEEP_MORE = 0x800,        /* GET RESPONSE, and whatever else */
	SWEEP_SELECT_KEY = 0x1000, /* SELECT of a key's file, unlike the others */
	SWEEP_READ_ON = 0x2000,    /* READ BINARY behind the beginning of a file */
};

/* What kind of misfortune a fault is; the codes that are right depend on it. */
enum sweep_family {
	SWEEP_GONE,    /* the card, its reader or the service has left, if only for a moment */
	SWEEP_BROKEN,  /* the link broke or the card was reset; it is still there */
	SWEEP_MEDDLER, /* another program has used the card in the middle of our transaction */
	SWEEP_LIE,     /* the answer is not the card's */
};

struct sweep_fault {
	char name[48];
	enum sweep_family family;
	enum vcard_fault fault;
	bool lasting;         /* from this exchange on, not at this one only */
	bool cuts_off;        /* the card can't be reached any more */
	bool is_kept;         /* because another program keeps it */
	bool from_the_start;  /* it happens once, before the job */
	bool strays;          /* the meddler leaves another application selected */
	bool strange;         /* what is reached from then on is another person's card */
	void (*meddle)(void); /* what happens just before, or NULL */
	int spends;           /* a PIN file of which the meddler spends a try, or 0 */
	int restores;         /* a PIN file that it leaves verified, with all tries, or 0 */
	uint8_t answer[SWEEP_ANSWER_MAX];
	size_t answer_length;
};

/* All of them; made once. */
const struct sweep_fault *sweep_faults(size_t *count);

/* The last two bytes of a fault's answer; 0 when it has fewer. */
unsigned int sweep_word(const struct sweep_fault *fault);

/* What a job finds wrong that may be true. */
#define SWEEP_OTHER_FLAGS "other token flags"
/* And what is never right. */
#define SWEEP_BAD_SIGNATURE "a bad signature"

struct sweep_run;

enum sweep_typed { SWEEP_NO_PIN, SWEEP_RIGHT_PIN, SWEEP_WRONG_PIN };

struct sweep_job {
	const char *name;
	CK_SLOT_ID slot;
	bool has_session;       /* one is open before the job begins ... */
	bool has_login;         /* ... and logged in */
	enum sweep_typed typed; /* in the job itself */
	bool changes_pin;
	bool asks_each_time; /* with sign.always-authenticate */
	CK_MECHANISM_TYPE mechanism;
	CK_RV expected; /* without a fault */
	CK_RV (*act)(struct sweep_run *run);
};

extern const struct sweep_job sweep_jobs[];
const struct sweep_job *sweep_find_job(const char *name);

/* One attempt at a job, and what was seen of it. */
struct sweep_run {
	const struct sweep_job *job;
	const struct sweep_fault *fault; /* NULL: none */
	bool lifted;                     /* it is over */
	unsigned int at;
	unsigned int fired; /* how often the fault met a command */
	unsigned int hit;   /* enum sweep_command of those */
	unsigned int first_hit;
	unsigned int exchanges;
	unsigned int verifies_processed; /* that the card has seen */
	unsigned int pins_to_strangers;
	bool change_sent;
	CK_RV rv;
	const char *where;   /* the function that failed */
	const char *trouble; /* what is wrong with the data that came with CKR_OK */
	CK_SESSION_HANDLE session;
	const char *old_pin, *new_pin;
};

/* What a program has before the job begins. False, with rv and where, when it can't be had. */
bool sweep_prepare(struct sweep_run *run);
/* The job itself. */
CK_RV sweep_act(struct sweep_run *run);
/* Signs once, as a program that is logged in. */
CK_RV sweep_sign(struct sweep_run *run);
bool sweep_is_logged_in(const struct sweep_run *run);
const char *sweep_right_pin(const struct sweep_job *job);
const char *sweep_wrong_pin(const struct sweep_job *job);

/* The PINs of the job: the one that its user types, and the one that it changes to. */
void sweep_set_pins(struct sweep_run *run);
/* run->job becomes *right: the same job, done well, with the right PIN for whatever holds now. */
void sweep_set_right(struct sweep_run *run, struct sweep_job *right);

/* Notes what came of a call of the module; true when it failed. */
bool sweep_failed(struct sweep_run *run, const char *where, CK_RV rv);
/* Ends the function when this call of the module fails. */
#define SWEEP_TRY(run, name, call)                                                                 \
	do {                                                                                       \
		if (sweep_failed(run, #name, p11->name call))                                      \
			return (run)->rv;                                                          \
	} while (0)

/* Reads what the jobs compare with; after module_set_up. */
void sweep_learn(void);
void sweep_unlearn(void);

/* What is wrong with the outcome of the job under its fault; NULL when it is right. */
const char *sweep_judge(const struct sweep_run *run);
/* Whether the answers were what a card says that is so, and are believed until it leaves. */
bool sweep_is_believed(const struct sweep_run *run);
/* Whether the data that came are the card's, or what the job found other is true nevertheless. */
bool sweep_data_is_true(const struct sweep_run *run);
/* Whether the answers told an untruth about a PIN, which may be believed until the card leaves. */
bool sweep_lied_about_pin(const struct sweep_run *run);
/* Another program has spent a try of the job's PIN, so that one which is kept is not presented any
 * more until it is typed anew. */
bool sweep_login_was_taken(const struct sweep_run *run);

/* Whether the card said of a change that it has not accepted the old PIN: it is believed, for
 * asking it by another PIN may cost a try. */
bool sweep_denied_change(const struct sweep_run *run);
/* Whether 9000 was said for a command of these kinds that the card has not seen. */
bool sweep_feigned(const struct sweep_run *run, unsigned int commands);
/* A PIN as the card's own state has it: whether it is this one. */
bool sweep_pin_holds(uint16_t file, const char *pin);
uint16_t sweep_pin_file(CK_SLOT_ID slot);
int sweep_tries_spent(uint16_t file);
/* Whether another program could use a key now. Asks the card itself, past the readers. */
bool sweep_key_is_open(void);
const char *sweep_rv_name(CK_RV rv);

/* The name of a kind of command. */
const char *sweep_command_name(unsigned int command);

/*
 * cmocka's test of one job, whose name is the state; and, after those of a program, that there were
 * as many combinations as there should be. With SWEEP_FAULT in the environment only the fault of
 * this name is tried, to look into a complaint; with SWEEP_SHARE, a number, each fault is tried at
 * one in so many exchanges, for where a whole sweep would take too long, as under valgrind.
 */
#define SWEEP_TEST(job)                                                                            \
	{                                                                                          \
		job, sweep_test, sweep_set_up, sweep_tear_down, (void *)(uintptr_t)(job)           \
	}
void sweep_test(void **state);
int sweep_set_up(void **state);
int sweep_tear_down(void **state);
void sweep_test_count(void **state);

#endif
