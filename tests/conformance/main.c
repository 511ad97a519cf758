/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-conformance: asks a PKCS#11 module, clause by clause, whether it does what the standard
 * (2.40 and 3.0) says. Prints TAP, or a table with --csv.
 */
#include "conform.h"

#include <dlfcn.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define SLOTS_MAX  256

static const char usage[] =
	"Usage: p11-conformance --module FILE --pin PIN [OPTION]...\n"
	"       p11-conformance --codes FILE\n"
	"Asks a PKCS#11 module, clause by clause, whether it does what the standard says.\n"
	"\n"
	"  --module FILE        the module\n"
	"  --pin PIN            the user's PIN; it is sent hundreds of times\n"
	"  --token-label LABEL  the token with this label; else the first that is present\n"
	"  --slot NUMBER        the token in the slot with this number\n"
	"  --state STATE        what is in the slot:\n"
	"                         ready         a token whose PIN is PIN; the default\n"
	"                         absent        nothing (wants --slot)\n"
	"                         unrecognized  a card that the module does not know (--slot)\n"
	"                         locked        a token whose PIN is locked\n"
	"                         spend         a token whose PIN may become locked for good,\n"
	"                                       by variations of the wrong one\n"
	"  --wrong-pin PIN      a PIN that is wrong; without it none is sent, else one at a\n"
	"                       time, followed by the right one\n"
	"  --new-pin PIN        a PIN that may be set; the old one is set again after it\n"
	"  --invalid-pin PIN    of the right length; the token does not take its first letter\n"
	"  --remove-command C   what pulls the card, as for sh -c; returns when it is away\n"
	"  --insert-command C   what puts it in again\n"
	"  --strict             where the standard leaves a choice: first the state, then the\n"
	"                       handle, then the arguments; and no answer that a clause does\n"
	"                       not list\n"
	"  --answers FILE       adds what each function has answered to a file\n"
	"  --codes FILE         prints, for such a file, each code that a clause lists: provoked,\n"
	"                       or why it cannot be\n"
	"  --csv                chapter, section of 2.40, of 3.0, clause, case, answer, reason\n"
	"\n"
	"Nothing is written to the token but PINs. The exit code is 0 when every case is ok or "
	"n/a.\n";

static const struct option options[] = {
	{"module", required_argument, NULL, 'm'},
	{"pin", required_argument, NULL, 'p'},
	{"token-label", required_argument, NULL, 't'},
	{"slot", required_argument, NULL, 's'},
	{"state", required_argument, NULL, 'T'},
	{"wrong-pin", required_argument, NULL, 'w'},
	{"new-pin", required_argument, NULL, 'n'},
	{"invalid-pin", required_argument, NULL, 'i'},
	{"remove-command", required_argument, NULL, 'R'},
	{"insert-command", required_argument, NULL, 'I'},
	{"strict", no_argument, NULL, 'S'},
	{"answers", required_argument, NULL, 'a'},
	{"codes", required_argument, NULL, 'C'},
	{"csv", no_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static const char *module_file, *token_label, *state = "ready", *answers_file, *codes_file;
static char *slot_number;

/* What the first look at the module finds, by a process of its own. */
struct found {
	bool found;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token;
};
static struct found *first_look;

/* Takes one option; false when it is none. */
static bool take(int option)
{
	switch (option) {
	case 'm':
		module_file = optarg;
		return true;
	case 'p':
		target.pin = (CK_UTF8CHAR *)optarg;
		return true;
	case 't':
		token_label = optarg;
		return true;
	case 's':
		slot_number = optarg;
		return true;
	case 'T':
		state = optarg;
		return true;
	case 'w':
		target.wrong_pin = (CK_UTF8CHAR *)optarg;
		return true;
	case 'n':
		target.new_pin = (CK_UTF8CHAR *)optarg;
		return true;
	case 'i':
		target.invalid_pin = (CK_UTF8CHAR *)optarg;
		return true;
	case 'R':
		target.remove_command = optarg;
		return true;
	case 'I':
		target.insert_command = optarg;
		return true;
	case 'S':
		target.strict = true;
		return true;
	case 'a':
		answers_file = optarg;
		return true;
	case 'C':
		codes_file = optarg;
		return true;
	case 'c':
		conform_csv = true;
		return true;
	default:
		return false;
	}
}

static bool is_state(const char *name)
{
	return strcmp(state, name) == 0;
}

/* Without a token to look for, the slot must be said. */
static bool makes_sense(void)
{
	if (codes_file != NULL)
		return module_file == NULL;
	if (module_file == NULL || target.pin == NULL)
		return false;
	if (is_state("absent") || is_state("unrecognized"))
		return slot_number != NULL;
	if (is_state("spend"))
		return target.wrong_pin != NULL;
	return is_state("ready") || is_state("locked");
}

static int parse(int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (take(option))
			continue;
		fputs(usage, option == 'h' ? stdout : stderr);
		return option == 'h' ? -1 : EXIT_USAGE;
	}
	if (optind != argc || !makes_sense()) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (target.pin != NULL)
		target.pin_length = pin_length(target.pin);
	return 0;
}

/* A function pointer cannot be cast from an object's in ISO C, but can be copied. */
static bool symbol(void *library, const char *name, void *function)
{
	void *address = dlsym(library, name);

	if (address == NULL)
		return false;
	memcpy(function, &address, sizeof(address));
	return true;
}

static bool load(void)
{
	void *library = dlopen(module_file, RTLD_NOW | RTLD_LOCAL);
	CK_RV (*get_function_list)(CK_FUNCTION_LIST_PTR_PTR) = NULL;
	CK_UTF8CHAR name[] = "PKCS 11";
	CK_VERSION version = {3, 0};
	CK_INTERFACE *interface = NULL;

	if (library == NULL) {
		fprintf(stderr, "p11-conformance: %s\n", dlerror());
		return false;
	}
	if (!symbol(library, "C_GetFunctionList", &get_function_list) ||
	    get_function_list(&target.old) != CKR_OK || target.old == NULL) {
		fprintf(stderr, "p11-conformance: %s is no PKCS#11 module\n", module_file);
		return false;
	}
	p11 = target.old;
	symbol(library, "C_GetInterfaceList", &target.get_interface_list);
	if (symbol(library, "C_GetInterface", &target.get_interface) &&
	    target.get_interface(name, &version, &interface, 0) == CKR_OK) {
		target.new = interface->pFunctionList;
		p11 = &target.new->v2;
	}
	return true;
}

static bool has_label(const CK_TOKEN_INFO *token)
{
	size_t length = strlen(token_label);

	if (length > sizeof(token->label) || memcmp(token->label, token_label, length) != 0)
		return false;
	for (; length < sizeof(token->label); length++) {
		if (token->label[length] != ' ')
			return false;
	}
	return true;
}

static void look(const void *argument)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;

	(void)argument;
	if (!EXPECT(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK))
		return;
	for (CK_ULONG i = 0; i < count && !first_look->found; i++) {
		if (slot_number != NULL && strtoul(slot_number, NULL, 0) != slots[i])
			continue;
		if (p11->C_GetTokenInfo(slots[i], &first_look->token) != CKR_OK)
			continue;
		first_look->slot = slots[i];
		first_look->found = token_label == NULL || has_label(&first_look->token);
	}
	check(first_look->found, "no such token");
}

/* One login, so that a PIN that is not right is sent once only. */
static void nothing(const void *argument)
{
	(void)argument;
}

/* The chapters of a token that can be used. */
static void run_all(void)
{
	static const struct chapter *const chapters[] = {
		&chapter_slots,    &chapter_mechanisms, &chapter_sessions,   &chapter_login,
		&chapter_pins,     &chapter_objects,    &chapter_attributes, &chapter_values,
		&chapter_digest,   &chapter_sign,       &chapter_verify,     &chapter_context,
		&chapter_random,   &chapter_writing,    &chapter_version_3,  &chapter_events,
		&chapter_plugging,
	};

	conform_chapter(&chapter_general);
	conform_functions();
	for (size_t i = 0; i < COUNT(chapters); i++)
		conform_chapter(chapters[i]);
	conform_signatures();
}

static bool find_token(void)
{
	if (!conform_probe(look, NULL, READY))
		return false;
	target.slot = first_look->slot;
	target.token = first_look->token;
	if (is_state("locked"))
		return true;
	if ((target.token.flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0) {
		fputs("p11-conformance: the PIN has no try to spare\n", stderr);
		return false;
	}
	return conform_probe(nothing, NULL, USER);
}

int main(int argc, char **argv)
{
	int usage_error = parse(argc, argv);
	bool good;

	if (usage_error != 0)
		return usage_error > 0 ? usage_error : 0;
	if (codes_file != NULL)
		return codes_print(codes_file) ? EXIT_SUCCESS : EXIT_FAILURE;
	first_look = conform_shared(sizeof(*first_look));
	if (!load())
		return EXIT_USAGE;
	trace_module();
	if (is_state("absent") || is_state("unrecognized"))
		target.slot = strtoul(slot_number, NULL, 0);
	else if (!find_token())
		return EXIT_USAGE;
	if (is_state("absent"))
		conform_chapter(&chapter_absent);
	else if (is_state("unrecognized"))
		conform_chapter(&chapter_unrecognized);
	else if (is_state("locked"))
		conform_chapter(&chapter_locked);
	else if (is_state("spend"))
		conform_chapter(&chapter_spending);
	else
		run_all();
	good = conform_end();
	if (answers_file != NULL && !codes_save(answers_file))
		return EXIT_USAGE;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
