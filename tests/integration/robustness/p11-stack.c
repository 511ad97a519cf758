/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-stack MODULE PIN: calls every function of a module, each in a thread of its own, whose stack
 * is as small as a thread's can be. The token of slot 0 is used, and PIN is its PIN. Prints the
 * name of each call before it, and what it returned; ends with an error if that is not what it
 * should be.
 */
#include "../lib/p11-client.h"
#include "../lib/p11-names.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11v3.h"

/* A sanitizer makes every frame larger. */
#ifdef __SANITIZE_ADDRESS__
#define STACK_SIZE ((size_t)1 << 20)
#else
#define STACK_SIZE ((size_t)PTHREAD_STACK_MIN)
#endif

typedef CK_RV any_function(CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG,
			   CK_ULONG, CK_ULONG, CK_ULONG);

static struct jpki_function_list_3_0 *p11;
static CK_UTF8CHAR *pin;
static CK_ULONG pin_length;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE object;
static CK_BYTE data[70000];
static CK_ULONG length;
static CK_ULONG signature_length;
static CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};

static CK_RV find(CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof(class)};
	CK_RV rv = p11->v2.C_FindObjectsInit(session, &wanted, 1);

	length = 0;
	if (rv == CKR_OK)
		rv = p11->v2.C_FindObjects(session, &object, 1, &length);
	if (rv == CKR_OK)
		rv = p11->v2.C_FindObjectsFinal(session);
	return rv == CKR_OK && length != 1 ? CKR_OBJECT_HANDLE_INVALID : rv;
}

static CK_RV find_key(void)
{
	return find(CKO_PRIVATE_KEY);
}

static CK_RV find_public_key(void)
{
	return find(CKO_PUBLIC_KEY);
}

static CK_RV initialize(void)
{
	return p11->v2.C_Initialize(NULL);
}

static CK_RV get_info(void)
{
	return p11->v2.C_GetInfo((CK_INFO *)data);
}

static CK_RV get_slot_list(void)
{
	length = 16;
	return p11->v2.C_GetSlotList(CK_FALSE, (CK_SLOT_ID *)data, &length);
}

static CK_RV get_slot_info(void)
{
	return p11->v2.C_GetSlotInfo(0, (CK_SLOT_INFO *)data);
}

static CK_RV get_token_info(void)
{
	return p11->v2.C_GetTokenInfo(0, (CK_TOKEN_INFO *)data);
}

static CK_RV wait_for_slot_event(void)
{
	return p11->v2.C_WaitForSlotEvent(CKF_DONT_BLOCK, (CK_SLOT_ID *)data, NULL);
}

static CK_RV get_mechanism_list(void)
{
	length = 64;
	return p11->v2.C_GetMechanismList(0, (CK_MECHANISM_TYPE *)data, &length);
}

static CK_RV get_mechanism_info(void)
{
	return p11->v2.C_GetMechanismInfo(0, CKM_SHA256_RSA_PKCS, (CK_MECHANISM_INFO *)data);
}

static CK_RV open_session(void)
{
	return p11->v2.C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session);
}

static CK_RV get_session_info(void)
{
	return p11->v2.C_GetSessionInfo(session, (CK_SESSION_INFO *)data);
}

static CK_RV login(void)
{
	return p11->v2.C_Login(session, CKU_USER, pin, pin_length);
}

static CK_RV login_user(void)
{
	return p11->C_LoginUser(session, CKU_USER, pin, pin_length, NULL, 0);
}

static CK_RV set_pin(void)
{
	return p11->v2.C_SetPIN(session, pin, pin_length, pin, pin_length);
}

static CK_RV logout(void)
{
	return p11->v2.C_Logout(session);
}

static CK_RV get_attributes(void)
{
	CK_ATTRIBUTE attributes[] = {
		{CKA_ID, data, 16}, {CKA_MODULUS, data + 16, 1024}, {CKA_LABEL, data + 2048, 256}};

	return p11->v2.C_GetAttributeValue(session, object, attributes, 3);
}

static CK_RV get_object_size(void)
{
	return p11->v2.C_GetObjectSize(session, object, &length);
}

static CK_RV sign(void)
{
	CK_RV rv = p11->v2.C_SignInit(session, &mechanism, object);

	signature_length = 1000;
	return rv != CKR_OK ? rv
			    : p11->v2.C_Sign(session, data, 1000, data + 1000, &signature_length);
}

static CK_RV sign_in_parts(void)
{
	CK_RV rv = p11->v2.C_SignInit(session, &mechanism, object);

	signature_length = 1000;
	if (rv == CKR_OK)
		rv = p11->v2.C_SignUpdate(session, data, 1000);
	return rv != CKR_OK ? rv : p11->v2.C_SignFinal(session, data + 1000, &signature_length);
}

static CK_RV verify(void)
{
	CK_RV rv = p11->v2.C_VerifyInit(session, &mechanism, object);

	return rv != CKR_OK ? rv
			    : p11->v2.C_Verify(session, data, 1000, data + 1000, signature_length);
}

static CK_RV verify_in_parts(void)
{
	CK_RV rv = p11->v2.C_VerifyInit(session, &mechanism, object);

	if (rv == CKR_OK)
		rv = p11->v2.C_VerifyUpdate(session, data, 1000);
	return rv != CKR_OK ? rv : p11->v2.C_VerifyFinal(session, data + 1000, signature_length);
}

static CK_RV digest(void)
{
	CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
	CK_ULONG room = 32;
	CK_RV rv = p11->v2.C_DigestInit(session, &sha256);

	return rv != CKR_OK ? rv : p11->v2.C_Digest(session, data, 1000, data + 3000, &room);
}

static CK_RV digest_in_parts(void)
{
	CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
	CK_ULONG room = 32;
	CK_RV rv = p11->v2.C_DigestInit(session, &sha256);

	if (rv == CKR_OK)
		rv = p11->v2.C_DigestUpdate(session, data, 1000);
	return rv != CKR_OK ? rv : p11->v2.C_DigestFinal(session, data + 3000, &room);
}

static CK_RV generate_random(void)
{
	return p11->v2.C_GenerateRandom(session, data + 4000, 300);
}

static CK_RV session_cancel(void)
{
	return p11->C_SessionCancel(session, CKF_SIGN | CKF_VERIFY);
}

static CK_RV close_session(void)
{
	return p11->v2.C_CloseSession(session);
}

static CK_RV close_all_sessions(void)
{
	return p11->v2.C_CloseAllSessions(0);
}

static CK_RV get_interface_list(void)
{
	length = 4;
	return p11->C_GetInterfaceList((CK_INTERFACE *)data, &length);
}

static CK_RV finalize(void)
{
	return p11->v2.C_Finalize(NULL);
}

/* Where a function stands in the list. */
#define PLACE(name) (offsetof(CK_FUNCTION_LIST, name) / sizeof(any_function *))

/* Left out of what follows: what takes a pointer first, or ends what later steps need. */
static bool is_left_out(size_t place)
{
	static const size_t left_out[] = {
		PLACE(C_Initialize),
		PLACE(C_GetInfo),
		PLACE(C_GetFunctionList),
		PLACE(C_CloseSession),
		offsetof(struct jpki_function_list_3_0, C_GetInterfaceList) /
			sizeof(any_function *),
		offsetof(struct jpki_function_list_3_0, C_GetInterface) / sizeof(any_function *),
	};

	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		if (left_out[i] == place)
			return true;
	}
	return false;
}

/*
 * Every function once more, with a session and nothing else: the arguments are checked, and what is
 * not supported is refused. Some are called with more arguments than they take, which calling
 * conventions ignore.
 */
static CK_RV every_function(void)
{
	any_function *functions[sizeof(*p11) / sizeof(any_function *)];

	memcpy(functions, p11, sizeof(*p11));
	/* The version comes first. */
	for (size_t i = 1; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (!is_left_out(i) &&
		    functions[i](session, 0, 0, 0, 0, 0, 0, 0, 0, 0) == CKR_GENERAL_ERROR)
			return CKR_GENERAL_ERROR;
	}
	return CKR_OK;
}

struct step {
	const char *name;
	CK_RV (*call)(void);
	CK_RV result;
	CK_RV other; /* allowed as well */
};

#define STEP(call) #call, call, CKR_OK, CKR_OK

static const struct step steps[] = {
	{STEP(get_interface_list)},
	{STEP(initialize)},
	{STEP(get_info)},
	{STEP(get_slot_list)},
	{STEP(get_slot_info)},
	{"wait_for_slot_event", wait_for_slot_event, CKR_NO_EVENT, CKR_OK},
	{STEP(get_token_info)},
	{STEP(get_mechanism_list)},
	{STEP(get_mechanism_info)},
	{STEP(open_session)},
	{STEP(get_session_info)},
	{STEP(every_function)},
	{STEP(login)},
	{STEP(logout)},
	{STEP(login_user)},
	{STEP(find_key)},
	{STEP(get_attributes)},
	{STEP(get_object_size)},
	{STEP(sign)},
	{STEP(sign_in_parts)},
	{STEP(set_pin)},
	{STEP(find_public_key)},
	{STEP(verify)},
	{STEP(verify_in_parts)},
	{STEP(digest)},
	{STEP(digest_in_parts)},
	{STEP(generate_random)},
	{STEP(session_cancel)},
	{STEP(close_session)},
	{STEP(close_all_sessions)},
	{STEP(finalize)},
};

static void *run_step(void *argument)
{
	const struct step *step = argument;
	static CK_RV rv;

	rv = step->call();
	return &rv;
}

/* Returns what the step did. */
static CK_RV in_thread(const struct step *step)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *result = NULL;

	if (pthread_attr_init(&attributes) != 0 ||
	    pthread_attr_setstacksize(&attributes, STACK_SIZE) != 0 ||
	    pthread_create(&thread, &attributes, run_step, (void *)(uintptr_t)step) != 0 ||
	    pthread_join(thread, &result) != 0) {
		perror("thread");
		exit(2);
	}
	pthread_attr_destroy(&attributes);
	return *(CK_RV *)result;
}

static void load(const char *file)
{
	CK_RV (*get_interface)(CK_UTF8CHAR *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS);
	CK_VERSION version = {3, 0};
	CK_INTERFACE *interface = NULL;
	void *library = dlopen(file, RTLD_NOW);
	void *symbol = library != NULL ? dlsym(library, "C_GetInterface") : NULL;

	if (symbol == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	memcpy(&get_interface, &symbol, sizeof(symbol));
	if (get_interface(NULL, &version, &interface, 0) != CKR_OK)
		exit(2);
	p11 = interface->pFunctionList;
}

int main(int argc, char **argv)
{
	bool good = true;

	if (argc != 3) {
		fprintf(stderr, "usage: p11-stack MODULE PIN\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	load(argv[1]);
	pin = (CK_UTF8CHAR *)argv[2];
	pin_length = strlen(argv[2]);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct step *step = &steps[i];
		CK_RV rv;

		printf("%s: ", step->name);
		rv = in_thread(step);
		puts(p11_rv_name(rv));
		good = good && (rv == step->result || rv == step->other);
	}
	printf("%zu bytes\n", (size_t)STACK_SIZE);
	return good ? 0 : 1;
}
