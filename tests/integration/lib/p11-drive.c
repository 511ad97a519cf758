/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-drive MODULE: loads a PKCS#11 module by its file name, as an application does, and obeys
 * the commands on standard input, one per line, in one process. Each command is answered with one
 * line: the name of the return value and what was learnt. See the table at the end.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

#include "p11-names.h"

#define ARGUMENTS_MAX 5
#define VALUE_MAX     16384
#define OBJECTS_MAX   64
#define PIN_SIZE      64
#define MASK          0xa5U
/* For each command: a module that hangs must not make the test hang. */
#define LIMIT_SECONDS 600

static CK_FUNCTION_LIST *p11;
static CK_SLOT_ID chosen_slot;
static CK_SESSION_HANDLE session = CK_INVALID_HANDLE;

struct arguments {
	size_t count;
	char *word[ARGUMENTS_MAX];
	char *rest; /* the line after the command, as it is: a PIN may be anything */
};

static void answer(CK_RV rv, const char *more)
{
	printf("%s%s%s\n", p11_rv_name(rv), *more != '\0' ? " " : "", more);
}

static size_t read_file(const char *name, unsigned char *data, size_t room)
{
	FILE *file = fopen(name, "rb");
	size_t length = 0;

	if (file == NULL) {
		perror(name);
		exit(2);
	}
	length = fread(data, 1, room, file);
	fclose(file);
	return length;
}

static void write_file(const char *name, const char *mode, const void *data, size_t length)
{
	FILE *file = fopen(name, mode);

	if (file == NULL || fwrite(data, 1, length, file) != length || fclose(file) != 0) {
		perror(name);
		exit(2);
	}
}

static void do_init(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_Initialize(NULL), "");
}

static void do_final(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_Finalize(NULL), "");
}

/* slots [present] */
static void do_slots(struct arguments *arguments)
{
	CK_BBOOL present = arguments->count > 0 ? CK_TRUE : CK_FALSE;
	CK_SLOT_ID slots[64];
	CK_ULONG count = sizeof(slots) / sizeof(slots[0]);
	CK_RV rv = p11->C_GetSlotList(present, slots, &count);
	char text[1024] = "";
	size_t length = 0;

	for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%lu",
					   i > 0 ? " " : "", slots[i]);
	answer(rv, text);
}

/* use SLOT */
static void do_use(struct arguments *arguments)
{
	chosen_slot = arguments->count > 0 ? strtoul(arguments->word[0], NULL, 10) : 0;
	answer(CKR_OK, "");
}

static void do_slot(struct arguments *arguments)
{
	CK_SLOT_INFO info = {0};
	CK_RV rv = p11->C_GetSlotInfo(chosen_slot, &info);
	char text[512] = "";

	(void)arguments;
	if (rv == CKR_OK)
		p11_slot_flags(info.flags, text, sizeof(text));
	answer(rv, text);
}

/* A padded field of a token info, without its padding. */
static int field_length(const CK_UTF8CHAR *field, size_t room)
{
	while (room > 0 && field[room - 1] == ' ')
		room--;
	return (int)room;
}

static void do_token(struct arguments *arguments)
{
	CK_TOKEN_INFO info = {0};
	CK_RV rv = p11->C_GetTokenInfo(chosen_slot, &info);
	char flags[512] = "";
	char text[1024] = "";

	(void)arguments;
	if (rv == CKR_OK) {
		p11_token_flags(info.flags, flags, sizeof(flags));
		snprintf(text, sizeof(text), "model=%.*s serial=%.*s flags=%s label=%.*s",
			 field_length(info.model, sizeof(info.model)), (char *)info.model,
			 field_length(info.serialNumber, sizeof(info.serialNumber)),
			 (char *)info.serialNumber, flags,
			 field_length(info.label, sizeof(info.label)), (char *)info.label);
	}
	answer(rv, text);
}

static void do_open(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_OpenSession(chosen_slot, CKF_SERIAL_SESSION, NULL, NULL, &session), "");
}

static void do_close(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_CloseSession(session), "");
}

static void do_state(struct arguments *arguments)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = p11->C_GetSessionInfo(session, &info);

	(void)arguments;
	answer(rv, rv != CKR_OK                          ? ""
		   : info.state == CKS_RO_USER_FUNCTIONS ? "user"
		   : info.state == CKS_RO_PUBLIC_SESSION ? "public"
							 : "other");
}

/* login [PIN]: the rest of the line, of whatever length and alphabet */
static void do_login(struct arguments *arguments)
{
	answer(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR *)arguments->rest,
			    strlen(arguments->rest)),
	       "");
}

static void do_login_null(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_Login(session, CKU_USER, NULL, 0), "");
}

static void do_logout(struct arguments *arguments)
{
	(void)arguments;
	answer(p11->C_Logout(session), "");
}

static CK_RV set_pin(char *old_pin, char *new_pin)
{
	CK_SESSION_HANDLE writable = CK_INVALID_HANDLE;
	CK_RV rv = p11->C_OpenSession(chosen_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
				      &writable);

	if (rv == CKR_OK)
		rv = p11->C_SetPIN(writable, (CK_UTF8CHAR *)old_pin, strlen(old_pin),
				   (CK_UTF8CHAR *)new_pin, strlen(new_pin));
	p11->C_CloseSession(writable);
	return rv;
}

/* setpin OLD NEW */
static void do_setpin(struct arguments *arguments)
{
	answer(arguments->count == 2 ? set_pin(arguments->word[0], arguments->word[1])
				     : CKR_ARGUMENTS_BAD,
	       "");
}

/* What secrets.test sends in place of a PIN: each byte, as two digits, with these bits turned. So
 * the PIN itself is in this program during the call only. */
static void unmask(const char *masked, char pin[PIN_SIZE])
{
	size_t length = 0;

	for (; length + 1 < PIN_SIZE && strlen(masked) >= 2; masked += 2) {
		const char digits[] = {masked[0], masked[1], '\0'};

		pin[length++] = (char)(strtoul(digits, NULL, 16) ^ MASK);
	}
	pin[length] = '\0';
}

static void masked_login(CK_USER_TYPE user, const char *masked)
{
	char pin[PIN_SIZE] = "";
	CK_RV rv;

	unmask(masked, pin);
	rv = p11->C_Login(session, user, (CK_UTF8CHAR *)pin, strlen(pin));
	explicit_bzero(pin, sizeof(pin));
	answer(rv, "");
}

/* masked-login PIN, masked-context PIN: the second for the signature that was begun */
static void do_masked_login(struct arguments *arguments)
{
	masked_login(CKU_USER, arguments->rest);
}

static void do_masked_context(struct arguments *arguments)
{
	masked_login(CKU_CONTEXT_SPECIFIC, arguments->rest);
}

/* masked-setpin OLD NEW */
static void do_masked_setpin(struct arguments *arguments)
{
	char old_pin[PIN_SIZE] = "";
	char new_pin[PIN_SIZE] = "";
	CK_RV rv = CKR_ARGUMENTS_BAD;

	if (arguments->count == 2) {
		unmask(arguments->word[0], old_pin);
		unmask(arguments->word[1], new_pin);
		rv = set_pin(old_pin, new_pin);
	}
	explicit_bzero(old_pin, sizeof(old_pin));
	explicit_bzero(new_pin, sizeof(new_pin));
	answer(rv, "");
}

/* keep TEXT: keeps the text, unmasked, in ordinary memory, for secrets.test to find */
static void do_keep(struct arguments *arguments)
{
	char *kept = malloc(PIN_SIZE);

	if (kept == NULL)
		exit(2);
	unmask(arguments->rest, kept);
	answer(CKR_OK, "");
}

/* child [PROGRAM]: a child that waits, or becomes this program; answers with its number */
static void do_child(struct arguments *arguments)
{
	char text[32] = "";
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (arguments->count > 0)
			execl(arguments->word[0], arguments->word[0], "60", (char *)NULL);
		else
			pause();
		_exit(2);
	}
	snprintf(text, sizeof(text), "%ld", (long)child);
	answer(CKR_OK, text);
}

static CK_RV find(CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *objects,
		  CK_ULONG *found)
{
	CK_RV rv = p11->C_FindObjectsInit(session, template, count);

	*found = 0;
	if (rv != CKR_OK)
		return rv;
	rv = p11->C_FindObjects(session, objects, OBJECTS_MAX, found);
	p11->C_FindObjectsFinal(session);
	return rv;
}

/* The one object of this class and id: CKR_OBJECT_HANDLE_INVALID when there is none. */
static CK_RV find_one(const char *class_name, const char *id_text, CK_OBJECT_HANDLE *object)
{
	CK_OBJECT_CLASS class = p11_class(class_name);
	CK_BYTE id = (CK_BYTE)strtoul(id_text, NULL, 16);
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_ID, &id, sizeof(id)},
	};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX] = {0};
	CK_ULONG found = 0;
	CK_RV rv = find(template, 2, objects, &found);

	*object = objects[0];
	return rv == CKR_OK && found != 1 ? CKR_OBJECT_HANDLE_INVALID : rv;
}

/* The values of all attributes of an object that may hold something personal, appended. */
static void dump_object(CK_OBJECT_HANDLE object, const char *file)
{
	for (size_t i = 0; i < p11_attribute_count; i++) {
		CK_BYTE value[VALUE_MAX];
		CK_ATTRIBUTE attribute = {p11_attributes[i], value, sizeof(value)};

		if (p11->C_GetAttributeValue(session, object, &attribute, 1) == CKR_OK)
			write_file(file, "ab", value, attribute.ulValueLen);
	}
}

/* objects [FILE]: class:id of each, in the module's order; all their attributes into FILE */
static void do_objects(struct arguments *arguments)
{
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	CK_ULONG found = 0;
	CK_RV rv = find(NULL, 0, objects, &found);
	char text[2048] = "";
	size_t length = 0;

	for (CK_ULONG i = 0; rv == CKR_OK && i < found; i++) {
		CK_OBJECT_CLASS class = CK_UNAVAILABLE_INFORMATION;
		CK_BYTE id[16] = {0};
		CK_ATTRIBUTE template[] = {
			{CKA_CLASS, &class, sizeof(class)},
			{CKA_ID, id, sizeof(id)},
		};

		p11->C_GetAttributeValue(session, objects[i], template, 2);
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s:%02x",
					   i > 0 ? " " : "", p11_class_name(class), id[0]);
		if (arguments->count > 0)
			dump_object(objects[i], arguments->word[0]);
	}
	answer(rv, text);
}

/* value CLASS ID FILE: CKA_VALUE into FILE */
static void do_value(struct arguments *arguments)
{
	CK_OBJECT_HANDLE object = 0;
	CK_BYTE value[VALUE_MAX];
	CK_ATTRIBUTE attribute = {CKA_VALUE, value, sizeof(value)};
	CK_RV rv = CKR_ARGUMENTS_BAD;

	if (arguments->count == 3)
		rv = find_one(arguments->word[0], arguments->word[1], &object);
	if (rv == CKR_OK)
		rv = p11->C_GetAttributeValue(session, object, &attribute, 1);
	if (rv == CKR_OK)
		write_file(arguments->word[2], "wb", value, attribute.ulValueLen);
	answer(rv, "");
}

static CK_RV sign_begin(const char *mechanism_name, const char *id)
{
	CK_MECHANISM mechanism = {p11_mechanism(mechanism_name), NULL, 0};
	CK_OBJECT_HANDLE key = 0;
	CK_RV rv = find_one("private", id, &key);

	return rv == CKR_OK ? p11->C_SignInit(session, &mechanism, key) : rv;
}

static CK_RV sign_end(const char *input, const char *output)
{
	CK_BYTE data[VALUE_MAX];
	CK_BYTE signature[512];
	CK_ULONG length = sizeof(signature);
	size_t data_length = read_file(input, data, sizeof(data));
	CK_RV rv = p11->C_Sign(session, data, data_length, signature, &length);

	if (rv == CKR_OK)
		write_file(output, "wb", signature, length);
	return rv;
}

/* sign MECHANISM ID INPUT OUTPUT: with the private key of that id */
static void do_sign(struct arguments *arguments)
{
	CK_RV rv = CKR_ARGUMENTS_BAD;

	if (arguments->count == 4)
		rv = sign_begin(arguments->word[0], arguments->word[1]);
	if (rv == CKR_OK)
		rv = sign_end(arguments->word[2], arguments->word[3]);
	answer(rv, "");
}

/* The same in two steps: sign-begin MECHANISM ID, sign-end INPUT OUTPUT. */
static void do_sign_begin(struct arguments *arguments)
{
	answer(sign_begin(arguments->word[0], arguments->word[1]), "");
}

static void do_sign_end(struct arguments *arguments)
{
	answer(sign_end(arguments->word[0], arguments->word[1]), "");
}

/* verify MECHANISM ID INPUT SIGNATURE: with the public key of that id */
static void do_verify(struct arguments *arguments)
{
	CK_MECHANISM mechanism = {0, NULL, 0};
	CK_OBJECT_HANDLE key = 0;
	CK_BYTE data[VALUE_MAX];
	CK_BYTE signature[512];
	size_t data_length = 0, length = 0;
	CK_RV rv = CKR_ARGUMENTS_BAD;

	if (arguments->count == 4) {
		mechanism.mechanism = p11_mechanism(arguments->word[0]);
		data_length = read_file(arguments->word[2], data, sizeof(data));
		length = read_file(arguments->word[3], signature, sizeof(signature));
		rv = find_one("public", arguments->word[1], &key);
	}
	if (rv == CKR_OK)
		rv = p11->C_VerifyInit(session, &mechanism, key);
	if (rv == CKR_OK)
		rv = p11->C_Verify(session, data, data_length, signature, length);
	answer(rv, "");
}

/* digest INPUT: its SHA-256, in hexadecimal */
static void do_digest(struct arguments *arguments)
{
	CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
	CK_BYTE data[VALUE_MAX];
	CK_BYTE digest[32];
	CK_ULONG length = sizeof(digest);
	size_t data_length = 0;
	CK_RV rv = CKR_ARGUMENTS_BAD;
	char text[2 * sizeof(digest) + 1] = "";

	if (arguments->count == 1) {
		data_length = read_file(arguments->word[0], data, sizeof(data));
		rv = p11->C_DigestInit(session, &mechanism);
	}
	if (rv == CKR_OK)
		rv = p11->C_Digest(session, data, data_length, digest, &length);
	for (CK_ULONG i = 0; rv == CKR_OK && i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	answer(rv, text);
}

/* random: 16 bytes */
static void do_random(struct arguments *arguments)
{
	CK_BYTE bytes[16];

	(void)arguments;
	answer(p11->C_GenerateRandom(session, bytes, sizeof(bytes)), "");
}

/* event: what C_WaitForSlotEvent has to tell at once */
static void do_event(struct arguments *arguments)
{
	CK_SLOT_ID slot = 0;
	CK_RV rv = p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
	char text[32] = "";

	(void)arguments;
	if (rv == CKR_OK)
		snprintf(text, sizeof(text), "%lu", slot);
	answer(rv, text);
}

/* secure: whether the system says that this program has rights that its caller has not */
static void do_secure(struct arguments *arguments)
{
	(void)arguments;
	answer(CKR_OK, getauxval(AT_SECURE) != 0 ? "yes" : "no");
}

static const struct {
	const char *name;
	void (*run)(struct arguments *arguments);
} commands[] = {
	{"init", do_init},
	{"final", do_final},
	{"slots", do_slots},
	{"use", do_use},
	{"slot", do_slot},
	{"token", do_token},
	{"open", do_open},
	{"close", do_close},
	{"state", do_state},
	{"login", do_login},
	{"login-null", do_login_null},
	{"logout", do_logout},
	{"setpin", do_setpin},
	{"masked-login", do_masked_login},
	{"masked-context", do_masked_context},
	{"masked-setpin", do_masked_setpin},
	{"keep", do_keep},
	{"child", do_child},
	{"objects", do_objects},
	{"value", do_value},
	{"sign", do_sign},
	{"sign-begin", do_sign_begin},
	{"sign-end", do_sign_end},
	{"verify", do_verify},
	{"digest", do_digest},
	{"random", do_random},
	{"event", do_event},
	{"secure", do_secure},
};

/* Cuts the line at its blanks; the rest keeps its own copy. */
static void split(char *line, char *rest, struct arguments *arguments)
{
	char *state = NULL;

	arguments->count = 0;
	arguments->rest = rest;
	for (char *word = strtok_r(line, " ", &state);
	     word != NULL && arguments->count < ARGUMENTS_MAX; word = strtok_r(NULL, " ", &state))
		arguments->word[arguments->count++] = word;
}

static void obey(char *line)
{
	size_t name_length = strcspn(line, " ");
	char *rest = line + name_length + (line[name_length] == ' ' ? 1 : 0);
	struct arguments arguments;
	char *copy = strdup(rest);

	if (copy == NULL)
		exit(2);
	split(copy, rest, &arguments);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strlen(commands[i].name) == name_length &&
		    strncmp(commands[i].name, line, name_length) == 0) {
			commands[i].run(&arguments);
			free(copy);
			return;
		}
	}
	free(copy);
	printf("unknown command: %s\n", line);
}

static CK_FUNCTION_LIST *load(const char *file)
{
	void *module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	void *symbol = module != NULL ? dlsym(module, "C_GetFunctionList") : NULL;
	CK_C_GetFunctionList get_function_list = NULL;
	CK_FUNCTION_LIST *list = NULL;

	if (symbol == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		return NULL;
	}
	memcpy(&get_function_list, &symbol, sizeof(symbol));
	return get_function_list(&list) == CKR_OK ? list : NULL;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: p11-drive MODULE <COMMANDS\n");
		return 2;
	}
	p11 = load(argv[1]);
	if (p11 == NULL)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	while ((length = getline(&line, &room, stdin)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		alarm(LIMIT_SECONDS);
		obey(line);
	}
	free(line);
	return 0;
}
