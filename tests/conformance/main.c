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
	"Asks a PKCS#11 module, clause by clause, whether it does what the standard says.\n"
	"\n"
	"  --module FILE        the module\n"
	"  --pin PIN            the user's PIN; it is sent hundreds of times\n"
	"  --token-label LABEL  the token with this label; else the first that is present\n"
	"  --slot NUMBER        the token in the slot with this number\n"
	"  --wrong-pin PIN      a PIN that is wrong; without it none is sent, else one, once\n"
	"  --strict             functions that are not offered must check state and handle too\n"
	"  --csv                chapter, section (2.40 | 3.0), case, answer, reason\n"
	"\n"
	"Nothing is written to the token. The exit code is 0 when every case is ok or n/a.\n";

static const struct option options[] = {
	{"module", required_argument, NULL, 'm'},
	{"pin", required_argument, NULL, 'p'},
	{"token-label", required_argument, NULL, 't'},
	{"slot", required_argument, NULL, 's'},
	{"wrong-pin", required_argument, NULL, 'w'},
	{"strict", no_argument, NULL, 'S'},
	{"csv", no_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static const char *module_file, *token_label;
static char *slot_number;

/* What the first look at the module finds, by a process of its own. */
struct found {
	bool found;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token;
};
static struct found *first_look;

static int parse(int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'm')
			module_file = optarg;
		else if (option == 'p')
			target.pin = (CK_UTF8CHAR *)optarg;
		else if (option == 't')
			token_label = optarg;
		else if (option == 's')
			slot_number = optarg;
		else if (option == 'w')
			target.wrong_pin = (CK_UTF8CHAR *)optarg;
		else if (option == 'S')
			target.strict = true;
		else if (option == 'c')
			conform_csv = true;
		else {
			fputs(usage, option == 'h' ? stdout : stderr);
			return option == 'h' ? -1 : EXIT_USAGE;
		}
	}
	if (module_file == NULL || target.pin == NULL || optind != argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	target.pin_length = strlen((const char *)target.pin);
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

int main(int argc, char **argv)
{
	static const struct chapter *const chapters[] = {
		&chapter_slots,      &chapter_sessions, &chapter_login,   &chapter_objects,
		&chapter_attributes, &chapter_values,   &chapter_digest,  &chapter_sign,
		&chapter_verify,     &chapter_random,   &chapter_writing, &chapter_version_3,
	};
	int usage_error = parse(argc, argv);

	if (usage_error != 0)
		return usage_error > 0 ? usage_error : 0;
	first_look = conform_shared(sizeof(*first_look));
	if (!load() || !conform_probe(look, NULL, READY))
		return EXIT_USAGE;
	target.slot = first_look->slot;
	target.token = first_look->token;
	if ((target.token.flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0) {
		fputs("p11-conformance: the PIN has no try to spare\n", stderr);
		return EXIT_USAGE;
	}
	if (!conform_probe(nothing, NULL, USER))
		return EXIT_USAGE;
	conform_chapter(&chapter_general);
	conform_functions();
	for (size_t i = 0; i < COUNT(chapters); i++)
		conform_chapter(chapters[i]);
	conform_signatures();
	return conform_end() ? EXIT_SUCCESS : EXIT_FAILURE;
}
