/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of the sweep: which outcomes are right after which fault. */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUTH_TRIES 3
#define SIGN_TRIES 5

uint16_t sweep_pin_file(CK_SLOT_ID slot)
{
	return slot == MODULE_AUTH_SLOT ? UNIT_AUTH_PIN_FILE : UNIT_SIGN_PIN_FILE;
}

int sweep_tries_spent(uint16_t file)
{
	int all = file == UNIT_AUTH_PIN_FILE ? AUTH_TRIES : SIGN_TRIES;

	return all - vcard_tries(module_fixture.card.card, file);
}

const char *sweep_right_pin(const struct sweep_job *job)
{
	return job->slot == MODULE_AUTH_SLOT ? VCARD_AUTH_PIN : VCARD_SIGN_PIN;
}

const char *sweep_wrong_pin(const struct sweep_job *job)
{
	return job->slot == MODULE_AUTH_SLOT ? "9999" : "WRONG99";
}

bool sweep_pin_holds(uint16_t file, const char *pin)
{
	char path[PATH_MAX], line[128], wanted[64];
	FILE *state;
	bool listed = false, holds = false;
	size_t used = 0;

	for (const char *c = pin; *c != '\0'; c++)
		used += (size_t)snprintf(wanted + used, sizeof(wanted) - used, "%02X",
					 (unsigned int)(unsigned char)*c);
	unit_path(path, module_fixture.card.dir, "state");
	state = fopen(path, "r");
	while (state != NULL && fgets(line, sizeof(line), state) != NULL) {
		unsigned int app, id, tries;
		char hex[64];

		if (sscanf(line, "%u %4x %u %63s", &app, &id, &tries, hex) == 4 && app == 1 &&
		    id == file) {
			listed = true;
			holds = strcmp(hex, wanted) == 0;
		}
	}
	if (state != NULL)
		fclose(state);
	if (listed)
		return holds;
	/* No PIN command has changed anything since the card was issued. */
	return strcmp(pin, file == UNIT_AUTH_PIN_FILE ? VCARD_AUTH_PIN : VCARD_SIGN_PIN) == 0;
}

static unsigned int ask(const char *hex)
{
	uint8_t command[JPKI_APDU_COMMAND_MAX], answer[VCARD_RESPONSE_MAX];
	size_t length = unit_hex(hex, command, sizeof(command));

	length = vcard_transmit(module_fixture.card.card, command, length, answer, sizeof(answer));
	return length < 2 ? 0 : (unsigned int)answer[length - 2] << 8 | answer[length - 1];
}

bool sweep_key_is_open(void)
{
	static const char *const keys[] = {"0017", "001A"};
	bool open = false;

	/* Without power it answers nothing at all. */
	ask(UNIT_SELECT_AP);
	for (int i = 0; i < 2; i++) {
		char select[32];

		snprintf(select, sizeof(select), UNIT_SELECT_EF "%s", keys[i]);
		ask(select);
		open = ask("802A0080010100") == 0x9000 || open;
	}
	return open;
}

const char *sweep_command_name(unsigned int command)
{
	static const char *const names[] = {"SELECT AP",  "SELECT COMMON", "LEAVE",  "SELECT EF",
					    "READ",       "RECORD",        "TRIES",  "VERIFY",
					    "CHANGE",     "SIGN",          "RANDOM", "MORE",
					    "SELECT KEY", "READ ON"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (command == 1U << i)
			return names[i];
	}
	return "-";
}

const char *sweep_rv_name(CK_RV rv)
{
	static const struct {
		CK_RV rv;
		const char *name;
	} names[] = {
		{CKR_OK, "OK"},
		{CKR_HOST_MEMORY, "HOST_MEMORY"},
		{CKR_GENERAL_ERROR, "GENERAL_ERROR"},
		{CKR_FUNCTION_FAILED, "FUNCTION_FAILED"},
		{CKR_ARGUMENTS_BAD, "ARGUMENTS_BAD"},
		{CKR_DEVICE_ERROR, "DEVICE_ERROR"},
		{CKR_DEVICE_REMOVED, "DEVICE_REMOVED"},
		{CKR_KEY_HANDLE_INVALID, "KEY_HANDLE_INVALID"},
		{CKR_MECHANISM_INVALID, "MECHANISM_INVALID"},
		{CKR_OBJECT_HANDLE_INVALID, "OBJECT_HANDLE_INVALID"},
		{CKR_OPERATION_ACTIVE, "OPERATION_ACTIVE"},
		{CKR_OPERATION_NOT_INITIALIZED, "OPERATION_NOT_INITIALIZED"},
		{CKR_PIN_INCORRECT, "PIN_INCORRECT"},
		{CKR_PIN_LOCKED, "PIN_LOCKED"},
		{CKR_SESSION_HANDLE_INVALID, "SESSION_HANDLE_INVALID"},
		{CKR_TOKEN_NOT_PRESENT, "TOKEN_NOT_PRESENT"},
		{CKR_TOKEN_NOT_RECOGNIZED, "TOKEN_NOT_RECOGNIZED"},
		{CKR_USER_NOT_LOGGED_IN, "USER_NOT_LOGGED_IN"},
		{CKR_USER_PIN_NOT_INITIALIZED, "USER_PIN_NOT_INITIALIZED"},
		{CKR_USER_ALREADY_LOGGED_IN, "USER_ALREADY_LOGGED_IN"},
	};
	static char other[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].rv == rv)
			return names[i].name;
	}
	snprintf(other, sizeof(other), "0x%lx", rv);
	return other;
}

/* The fault's answer; one that is replayed can be any. */
static bool said(const struct sweep_run *run, unsigned int mask, unsigned int word)
{
	return run->fault->family == SWEEP_LIE &&
	       (run->fault->fault == VCARD_FAULT_REPLAY || (sweep_word(run->fault) & mask) == word);
}

static bool said_wrong_or_locked(const struct sweep_run *run)
{
	return (run->hit & (SWEEP_TRIES | SWEEP_VERIFY)) != 0 &&
	       (said(run, 0xfff0, 0x63c0) || said(run, 0xffff, 0x6983) ||
		said(run, 0xffff, 0x6984));
}

bool sweep_lied_about_pin(const struct sweep_run *run)
{
	return said_wrong_or_locked(run) ||
	       ((run->hit & (SWEEP_VERIFY | SWEEP_CHANGE)) != 0 && said(run, 0xffff, 0x9000));
}

bool sweep_denied_change(const struct sweep_run *run)
{
	return (run->hit & SWEEP_CHANGE) != 0 && said(run, 0xffff, 0x6982);
}

bool sweep_login_was_taken(const struct sweep_run *run)
{
	return run->fired > 0 && run->fault->spends == sweep_pin_file(run->job->slot);
}

bool sweep_feigned(const struct sweep_run *run, unsigned int commands)
{
	return run->fired > 0 && run->fault->fault == VCARD_FAULT_ANSWER &&
	       sweep_word(run->fault) == 0x9000 && (run->hit & commands) != 0;
}

static bool said_not_found(const struct sweep_run *run)
{
	return said(run, 0xffff, 0x6a82) || said(run, 0xffff, 0x6a83) || said(run, 0xffff, 0x6a88);
}

/* Words for a command or an application that the card does not know at all. */
static bool said_unknown(const struct sweep_run *run)
{
	static const unsigned int classes[] = {0x6700, 0x6800, 0x6a00, 0x6d00, 0x6e00};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (said(run, 0xff00, classes[i]))
			return true;
	}
	return false;
}

/* Another program has tried the job's own PIN between the reading of the tries and VERIFY. The
 * counter is taken for the card's word on our PIN: see jpki_pin_store in src/token/pin.h. */
static bool was_overtaken(const struct sweep_run *run)
{
	return run->fault->spends == sweep_pin_file(run->job->slot) &&
	       (run->hit & SWEEP_VERIFY) != 0;
}

#define FILES (SWEEP_SELECT_FILE | SWEEP_READ | SWEEP_RECORD | SWEEP_TRIES)

/* Where another application is selected the files are truly not there. */
static bool went_astray(const struct sweep_run *run)
{
	return run->fault->strays && !run->job->has_session && (run->hit & FILES) != 0;
}

/* One word that a good card may say too: that a file is hidden, or empty, or holds these bytes;
 * that there is no PSS. */
static bool said_plainly(const struct sweep_run *run)
{
	static const struct {
		unsigned int commands;
		unsigned int word;
	} rows[] = {
		{SWEEP_SELECT_FILE | SWEEP_READ, 0x6982},
		{SWEEP_READ, 0x6282},
		{SWEEP_READ, 0x6b00},
		{SWEEP_READ | SWEEP_RECORD, 0x9000},
		{SWEEP_SIGN, 0x6a81},
		{SWEEP_SIGN, 0x6a86},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((run->hit & rows[i].commands) != 0 && said(run, 0xffff, rows[i].word))
			return true;
	}
	/* A signature of the right length that is none: the card can't do it. */
	if ((run->hit & SWEEP_SIGN) != 0 && said(run, 0xffff, 0x9000) &&
	    run->fault->answer_length == JPKI_APDU_RESPONSE_MAX)
		return true;
	/* In the middle of a file it can be other bytes only, and these not for long where
	 * something is signed: the signature does not fit them. */
	return (run->hit & SWEEP_READ_ON) != 0 && said(run, 0xffff, 0x9000) &&
	       run->fault->answer_length > 2 && run->job->mechanism == 0;
}

bool sweep_is_believed(const struct sweep_run *run)
{
	/* Before it stand SELECT and the record of the common application. */
	bool is_first = run->at <= 2 && !run->job->has_session;

	if (run->fault->family == SWEEP_MEDDLER)
		return was_overtaken(run) || went_astray(run);
	if (run->fault->family != SWEEP_LIE)
		return false;
	/* A card with another first word for our application is another kind of card. */
	if ((run->hit & SWEEP_SELECT_AP) != 0 && is_first && said_unknown(run))
		return true;
	if ((run->hit & (FILES | SWEEP_SELECT_COMMON)) != 0 && said_not_found(run))
		return true;
	if ((run->hit & (SWEEP_SELECT_COMMON | SWEEP_RECORD)) != 0 && said_unknown(run))
		return true;
	/* Or what is selected is not what is believed to be. */
	return said_plainly(run) ||
	       sweep_feigned(run, SWEEP_SELECT_AP | SWEEP_SELECT_COMMON | SWEEP_SELECT_FILE);
}

/* Where the standard's list of return values has the code (2.40 §5.1.3, §5.5 to §5.16). */
static bool is_listed(const char *where, CK_RV rv)
{
	static const struct {
		CK_RV rv;
		const char *functions[4];
	} listed[] = {
		{CKR_TOKEN_NOT_RECOGNIZED,
		 {"C_GetTokenInfo", "C_GetMechanismList", "C_OpenSession"}},
		{CKR_PIN_INCORRECT, {"C_Login", "C_SetPIN"}},
		{CKR_PIN_LOCKED, {"C_Login", "C_SetPIN"}},
		{CKR_USER_PIN_NOT_INITIALIZED, {"C_Login"}},
		{CKR_USER_NOT_LOGGED_IN, {"C_SignInit", "C_Sign"}},
		{CKR_MECHANISM_INVALID, {"C_SignInit"}},
	};

	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		bool found = false;

		for (int j = 0; j < 4 && listed[i].functions[j] != NULL; j++)
			found = found || strcmp(listed[i].functions[j], where) == 0;
		if (listed[i].rv == rv)
			return found;
	}
	return true;
}

/* Codes that speak of a PIN: only what the card has said, or was made to say. */
static bool is_right_for_pin(const struct sweep_run *run)
{
	if (run->rv == CKR_PIN_INCORRECT && run->job->typed == SWEEP_WRONG_PIN &&
	    run->verifies_processed > 0)
		return true;
	return said_wrong_or_locked(run) || was_overtaken(run);
}

static bool is_right_after_answer(const struct sweep_run *run)
{
	switch (run->rv) {
	case CKR_TOKEN_NOT_RECOGNIZED:
	case CKR_TOKEN_NOT_PRESENT:
		return sweep_is_believed(run);
	case CKR_USER_PIN_NOT_INITIALIZED:
		return (run->hit & SWEEP_TRIES) != 0 && said_not_found(run);
	case CKR_MECHANISM_INVALID:
		return run->job->mechanism == CKM_SHA256_RSA_PKCS_PSS &&
		       (run->hit & SWEEP_SIGN) != 0 && sweep_is_believed(run);
	default:
		return run->rv == CKR_DEVICE_ERROR;
	}
}

/* That it can't be found out which PIN holds: nobody answers, or not the truth, or another program
 * has spent so many tries that none can be risked. */
static bool is_past_finding_out(const struct sweep_run *run)
{
	return run->fault->cuts_off || run->fault->family == SWEEP_GONE ||
	       run->fault->family == SWEEP_LIE ||
	       run->fault->spends == sweep_pin_file(run->job->slot);
}

static bool is_right_code(const struct sweep_run *run)
{
	if (run->rv == CKR_USER_NOT_LOGGED_IN && sweep_login_was_taken(run))
		return true;
	switch (run->rv) {
	case CKR_PIN_INCORRECT:
	case CKR_PIN_LOCKED:
	case CKR_USER_NOT_LOGGED_IN:
		return is_right_for_pin(run);
	case CKR_FUNCTION_FAILED:
		/* C_SetPIN says by it that either PIN may hold, and nothing else. */
		if (strcmp(run->where, "C_SetPIN") != 0)
			return run->fault->is_kept;
		return run->change_sent && is_past_finding_out(run);
	case CKR_GENERAL_ERROR:
		return strcmp(run->where, "C_SetPIN") == 0 && run->fault->is_kept;
	default:
		break;
	}
	if (run->fault->family == SWEEP_LIE || run->fault->family == SWEEP_MEDDLER)
		return is_right_after_answer(run);
	if (run->fault->family != SWEEP_GONE)
		return run->rv == CKR_DEVICE_ERROR;
	return run->rv == CKR_DEVICE_REMOVED || run->rv == CKR_TOKEN_NOT_PRESENT ||
	       run->rv == CKR_SESSION_HANDLE_INVALID ||
	       /* An exchange that the reader has not noticed looks like a loss of power first. */
	       (run->fault->strange && run->rv == CKR_DEVICE_ERROR);
}

bool sweep_data_is_true(const struct sweep_run *run)
{
	if (run->trouble == NULL)
		return true;
	/* Another program has spent a try, and the flags show it. */
	if (strcmp(run->trouble, SWEEP_OTHER_FLAGS) == 0 && run->fault->spends != 0)
		return true;
	return strcmp(run->trouble, SWEEP_BAD_SIGNATURE) != 0 && !run->lifted &&
	       (sweep_is_believed(run) || sweep_lied_about_pin(run));
}

const char *sweep_judge(const struct sweep_run *run)
{
	if (run->fired == 0)
		return run->rv != run->job->expected ? "it fails without a fault" : run->trouble;
	if (run->rv == CKR_OK && run->job->expected != CKR_OK)
		return (run->hit & SWEEP_VERIFY) != 0 && said(run, 0xffff, 0x9000)
			       ? NULL
			       : "a wrong PIN was taken";
	if (run->rv == CKR_OK)
		return sweep_data_is_true(run) ? NULL : run->trouble;
	/* The refusal was heard, or the counter told of it when the link was open again. */
	if (run->fault->family == SWEEP_BROKEN && !run->fault->cuts_off &&
	    run->job->typed == SWEEP_WRONG_PIN && run->verifies_processed > 0)
		return run->rv == CKR_PIN_INCORRECT ? NULL : "the card's refusal was not told";
	if (!is_listed(run->where, run->rv))
		return "the code is not in the function's list";
	return is_right_code(run) ? NULL : "the code is not right for the fault";
}
