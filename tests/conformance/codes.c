/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions have answered in all runs, beside what their clauses list: each code has been
 * provoked, or there is a reason why a caller cannot provoke it with a card like ours.
 */
#include "conform.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX (1 << 20)

static const char in_the_midst[] = "only while another thread ends the session (5.1.8, no. 2)";
static const char noticed[] =
	"that the card has left is noticed before the call, or does not matter";
static const char no_officer[] = "the token has no security officer";
static const char for_good[] = "the token is write-protected, which is said first";
static const char no_pad[] = "the token has no PIN pad and nobody who could refuse";
static const char no_login[] = "it needs no login";

/* Separated by blanks, which stand at both ends too. */
#define CREATING " C_CreateObject C_CopyObject C_SetAttributeValue C_GenerateKey C_GenerateKeyPair "
#define WRITING  CREATING "C_DestroyObject C_InitToken C_InitPIN "
#define INITS    " C_DigestInit C_SignInit C_VerifyInit "
#define LOGINS   " C_Login C_LoginUser "
#define ALL      NULL

/*
 * The first row that fits counts. NULL for the reason: it has been provoked. A code that no row
 * names has been provoked too.
 */
static const struct reason {
	const char *functions;
	CK_RV code;
	const char *why;
} reasons[] = {
	{ALL, CKR_GENERAL_ERROR, "only when the module contradicts itself"},
	{ALL, CKR_HOST_MEMORY, "memory does not run out here"},
	{ALL, CKR_DEVICE_MEMORY, "nothing is stored on the card"},
	{ALL, CKR_DEVICE_ERROR, "the link to the card does not fail here; in tests/unit it does"},
	{ALL, CKR_FUNCTION_FAILED, "libcrypto and PC/SC do not fail here"},
	{" C_Sign C_SignFinal C_GenerateRandom C_GetAttributeValue ", CKR_DEVICE_REMOVED, NULL},
	{ALL, CKR_DEVICE_REMOVED, noticed},
	{ALL, CKR_SESSION_CLOSED, in_the_midst},
	{ALL, CKR_FUNCTION_CANCELED, no_pad},
	{ALL, CKR_FUNCTION_REJECTED, no_pad},
	{ALL, CKR_PIN_EXPIRED, "the PIN does not expire"},
	{ALL, CKR_OPERATION_CANCEL_FAILED, "every operation can be cancelled"},
	{ALL, CKR_KEY_SIZE_RANGE, "all keys of the token have the mechanisms' size"},
	{ALL, CKR_KEY_TYPE_INCONSISTENT, "all keys and mechanisms of the token are RSA"},
	{ALL, CKR_DATA_INVALID, "all data of the right length can be signed"},
	{" C_Initialize ", CKR_CANT_LOCK, "the module locks, whoever asks"},
	{" C_Initialize ", CKR_NEED_TO_CREATE_THREADS, "the module makes no threads"},
	{" C_GetInterface ", CKR_BUFFER_TOO_SMALL, "it has no buffer"},
	{WRITING, CKR_OK, for_good},
	{" C_InitToken ", CKR_PIN_INCORRECT, for_good},
	{" C_InitToken ", CKR_PIN_LOCKED, for_good},
	{" C_InitToken ", CKR_SESSION_EXISTS, for_good},
	{" C_InitPIN ", CKR_PIN_INVALID, no_officer},
	{" C_InitPIN ", CKR_PIN_LEN_RANGE, no_officer},
	{" C_InitPIN ", CKR_SESSION_READ_ONLY, no_officer},
	{" C_InitPIN ", CKR_TOKEN_WRITE_PROTECTED, no_officer},
	{" C_SetPIN ", CKR_TOKEN_WRITE_PROTECTED, "the PIN can be changed all the same"},
	{" C_OpenSession ", CKR_SESSION_READ_WRITE_SO_EXISTS, no_officer},
	{" C_OpenSession ", CKR_TOKEN_WRITE_PROTECTED, "read-write sessions are let in"},
	{" C_CloseAllSessions ", CKR_TOKEN_NOT_PRESENT, "that there are none is a success"},
	{" C_SessionCancel ", CKR_TOKEN_NOT_PRESENT, "the session is gone first (5.1.7)"},
	{" C_LoginUser ", CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "C_Login has said it"},
	{LOGINS, CKR_USER_TOO_MANY_TYPES, no_officer},
	{LOGINS, CKR_USER_PIN_NOT_INITIALIZED, "every card has its PINs"},
	{ALL, CKR_CURVE_NOT_SUPPORTED, for_good},
	{ALL, CKR_DOMAIN_PARAMS_INVALID, for_good},
	{ALL, CKR_ATTRIBUTE_READ_ONLY, for_good},
	{" C_FindObjectsInit ", CKR_ATTRIBUTE_TYPE_INVALID, "it finds nothing instead"},
	{" C_FindObjectsInit ", CKR_ATTRIBUTE_VALUE_INVALID, "it finds nothing instead"},
	{ALL, CKR_ATTRIBUTE_VALUE_INVALID, for_good},
	{ALL, CKR_TEMPLATE_INCOMPLETE, for_good},
	{ALL, CKR_TEMPLATE_INCONSISTENT, for_good},
	{ALL, CKR_ACTION_PROHIBITED, for_good},
	{CREATING, CKR_ATTRIBUTE_TYPE_INVALID, for_good},
	{WRITING, CKR_SESSION_READ_ONLY, for_good},
	{CREATING, CKR_USER_NOT_LOGGED_IN, for_good},
	{CREATING, CKR_MECHANISM_INVALID, for_good},
	{CREATING, CKR_MECHANISM_PARAM_INVALID, for_good},
	{CREATING, CKR_OPERATION_ACTIVE, for_good},
	{" C_GetObjectSize ", CKR_INFORMATION_SENSITIVE, "the size tells nothing"},
	{INITS, CKR_ARGUMENTS_BAD, "a NULL mechanism cancels, as 3.0 has it"},
	{" C_DigestInit ", CKR_USER_NOT_LOGGED_IN, no_login},
	{" C_SignUpdate ", CKR_USER_NOT_LOGGED_IN, "the card is not asked before the end"},
	{" C_SeedRandom ", CKR_OK, "the card takes no seed"},
	{" C_SeedRandom C_GenerateRandom ", CKR_OPERATION_ACTIVE, "it goes beside operations"},
	{" C_SeedRandom C_GenerateRandom ", CKR_RANDOM_NO_RNG, "every card has one"},
	{" C_SeedRandom C_GenerateRandom ", CKR_USER_NOT_LOGGED_IN, no_login},
};

static const char *reason_of(const char *function, CK_RV code)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", function);
	for (size_t i = 0; i < COUNT(reasons); i++) {
		const struct reason *one = &reasons[i];

		if (one->code == code &&
		    (one->functions == ALL || strstr(one->functions, word) != NULL))
			return one->why;
	}
	return NULL;
}

bool codes_save(const char *file)
{
	FILE *out = fopen(file, "a");

	if (out == NULL) {
		perror(file);
		return false;
	}
	for (size_t i = 0; i < clause_count; i++) {
		for (size_t j = 0; j < answers[i].count; j++)
			fprintf(out, "%s %s\n", clauses[i].name, rv_name(answers[i].codes[j]));
	}
	return fclose(out) == 0;
}

/* The file's lines, of all runs together, as one text that begins and ends with a newline. */
static char *read_all(const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = malloc(TEXT_MAX);
	size_t length = 0;

	if (in == NULL || text == NULL) {
		perror(file);
		exit(2);
	}
	text[0] = '\n';
	length = 1 + fread(text + 1, 1, TEXT_MAX - 2, in);
	text[length] = '\0';
	fclose(in);
	return text;
}

static bool was_answered(const char *text, const char *function, CK_RV code)
{
	char line[128];

	snprintf(line, sizeof(line), "\n%s %s\n", function, rv_name(code));
	return strstr(text, line) != NULL;
}

/* What became of one code. */
struct fate {
	CK_RV code;
	bool provoked;
	const char *why; /* it is not; NULL for no reason */
};

/*
 * The fates of all codes of a clause, and how many they are. A function that is not offered looks
 * at the module's state and at the handle, and at nothing else.
 */
static size_t fates_of(const char *text, size_t place, struct fate fates[CODES_MAX + 1])
{
	const struct clause *clause = &clauses[place];
	bool offered = !was_answered(text, clause->name, CKR_FUNCTION_NOT_SUPPORTED);
	size_t count = 0;

	if (clause_lists(place, CKR_OK))
		fates[count++].code = CKR_OK;
	for (size_t i = 0; i < CODES_MAX && clause->codes[i] != 0; i++)
		fates[count++].code = clause->codes[i];
	for (size_t i = 0; i < count; i++) {
		CK_RV code = fates[i].code;

		fates[i].provoked = was_answered(text, clause->name, code);
		fates[i].why = reason_of(clause->name, code);
		if (!offered && !fates[i].provoked)
			fates[i].why = "the function is not offered";
	}
	return count;
}

/* Those that have not been provoked, by their reasons. */
static void print_reasons(const struct fate *fates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool told = fates[i].provoked || fates[i].why == NULL;

		for (size_t j = 0; j < i && !told; j++)
			told = !fates[j].provoked && fates[j].why != NULL &&
			       strcmp(fates[j].why, fates[i].why) == 0;
		if (told)
			continue;
		printf("  not");
		for (size_t j = i; j < count; j++) {
			if (!fates[j].provoked && fates[j].why != NULL &&
			    strcmp(fates[j].why, fates[i].why) == 0)
				printf(" %s", rv_name(fates[j].code));
		}
		printf(": %s\n", fates[i].why);
	}
}

/* False when the table of reasons is wrong about a code. */
static bool print_function(const char *text, size_t place)
{
	struct fate fates[CODES_MAX + 1];
	size_t count = fates_of(text, place, fates);
	bool good = true;

	printf("%s (%s | %s)\n  provoked", clauses[place].name, clauses[place].old,
	       clauses[place].new);
	for (size_t i = 0; i < count; i++) {
		if (fates[i].provoked)
			printf(" %s", rv_name(fates[i].code));
	}
	if (was_answered(text, clauses[place].name, CKR_FUNCTION_NOT_SUPPORTED))
		printf(" CKR_FUNCTION_NOT_SUPPORTED");
	putchar('\n');
	print_reasons(fates, count);
	for (size_t i = 0; i < count; i++) {
		if (fates[i].provoked == (fates[i].why == NULL))
			continue;
		good = false;
		printf("WRONG: %s %s was %sprovoked\n", clauses[place].name, rv_name(fates[i].code),
		       fates[i].provoked ? "" : "not ");
	}
	return good;
}

bool codes_print(const char *file)
{
	char *text = read_all(file);
	bool good = true;

	for (size_t i = 0; i < clause_count; i++) {
		if (clauses[i].is_function)
			good = print_function(text, i) && good;
	}
	free(text);
	return good;
}
