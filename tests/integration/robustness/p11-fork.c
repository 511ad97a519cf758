/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-fork MODULE CARD-DIRECTORY AUTH-PIN: forks in every state that the module can be in. A child
 * must be told CKR_CRYPTOKI_NOT_INITIALIZED whatever it calls, and can then initialise, list, log
 * in and sign for itself; the parent must not notice. Prints "ok TEXT" or "not ok TEXT" for each
 * thing that was looked at; every signature is verified with libcrypto.
 */
#include "../lib/p11-client.h"
#include "../lib/p11-names.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_SECONDS       1200
#define CHILD_LIMIT_SECONDS 300
#define BUSY_FORKS          10
#define CONNECT_FORKS       40

static CK_FUNCTION_LIST *p11;
static struct p11_token token;
static CK_SESSION_HANDLE session;
static CK_BYTE text[] = "a text";
static const char *state_name;
static atomic_bool stop_signing, stop_asking;
static atomic_uint busy_good, busy_bad, asked_good, asked_bad;
/*
 * Held around fork and around this program's own use of libcrypto, whose default context has locks
 * that would stay locked in the child. It guards nothing of the module, which has to see to that
 * itself.
 */
static pthread_mutex_t libcrypto_or_fork = PTHREAD_MUTEX_INITIALIZER;

static bool tell(const char *what, bool good, CK_RV rv)
{
	printf("%s %s: %s", good ? "ok" : "not ok", state_name, what);
	if (!good)
		printf(" (%s)", p11_rv_name(rv));
	printf("\n");
	return good;
}

static bool tell_rv(const char *what, CK_RV rv, CK_RV wanted)
{
	return tell(what, rv == wanted, rv);
}

static CK_RV log_in(void)
{
	return p11->C_Login(session, CKU_USER, token.pin, token.pin_length);
}

static CK_RV open_session(void)
{
	return p11->C_OpenSession(token.slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
}

static bool signs(void)
{
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = 0;
	CK_RV rv = p11_sign(p11, session, &token, true, text, sizeof(text), signature, &length);
	bool verified;

	if (rv != CKR_OK)
		return false;
	pthread_mutex_lock(&libcrypto_or_fork);
	verified = p11_verified(token.key, true, text, sizeof(text), signature, length);
	pthread_mutex_unlock(&libcrypto_or_fork);
	return verified;
}

/* What a child may not have inherited. True when all of it is gone. */
static bool child_has_nothing(CK_SESSION_HANDLE old)
{
	CK_SESSION_INFO info;
	CK_INFO about;
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = sizeof(signature);
	CK_ULONG count = 0;

	return p11->C_GetInfo(&about) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_GetSlotList(CK_FALSE, NULL, &count) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_GetSessionInfo(old, &info) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_Sign(old, text, sizeof(text), signature, &length) ==
		       CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_FindObjectsFinal(old) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_Logout(old) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_CloseAllSessions(token.slot) == CKR_CRYPTOKI_NOT_INITIALIZED &&
	       p11->C_Finalize(NULL) == CKR_CRYPTOKI_NOT_INITIALIZED;
}

static int child_life(void)
{
	CK_SLOT_ID slots[64];
	CK_ULONG count = 64;
	CK_SESSION_INFO info = {0};
	bool good;

	alarm(CHILD_LIMIT_SECONDS);
	good = tell("the child has nothing of the parent's", child_has_nothing(session), CKR_OK);
	good &= tell_rv("the child initialises", p11->C_Initialize(NULL), CKR_OK);
	good &= tell("the child lists the tokens",
		     p11->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK && count == 2, count);
	good &= tell_rv("the child opens a session", open_session(), CKR_OK);
	good &= tell("the child is not logged in by its parent's login",
		     p11->C_GetSessionInfo(session, &info) == CKR_OK &&
			     info.state == CKS_RO_PUBLIC_SESSION && !signs(),
		     info.state);
	good &= tell_rv("the child logs in", log_in(), CKR_OK);
	good &= tell("the child signs, and it verifies", signs(), CKR_OK);
	good &= tell_rv("the child finalises", p11->C_Finalize(NULL), CKR_OK);
	return good ? 0 : 1;
}

/* One that does nothing with the module and ends as programs do, with all exit handlers. */
static int child_idle(void)
{
	alarm(CHILD_LIMIT_SECONDS);
	fflush(stdout);
	exit(0);
}

static void fork_child(const char *what, int (*life)(void))
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	pthread_mutex_lock(&libcrypto_or_fork);
	child = fork();
	pthread_mutex_unlock(&libcrypto_or_fork);
	if (child == 0) {
		int result;

		result = life();
		fflush(stdout);
		_exit(result);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	tell(what, WIFEXITED(status) && WEXITSTATUS(status) == 0, (CK_RV)status);
}

static void fork_children(void)
{
	fork_child("the child does its work and ends well", child_life);
	fork_child("a child that only ends, ends well", child_idle);
}

static void parent_is(const char *what, CK_STATE wanted)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = p11->C_GetSessionInfo(session, &info);

	tell(what, rv == CKR_OK && info.state == wanted, rv);
}

static void before_init(void)
{
	state_name = "before C_Initialize";
	fork_children();
	tell("the parent is still not initialised", child_has_nothing(1), CKR_OK);
}

static void initialised(void)
{
	state_name = "initialised";
	tell_rv("the parent initialises", p11->C_Initialize(NULL), CKR_OK);
	fork_children();
	tell_rv("the parent opens a session", open_session(), CKR_OK);
	fork_children();
	parent_is("the parent's session is there", CKS_RO_PUBLIC_SESSION);
}

/* What only makes sure that PC/SC can be used, so that many of it fit into little time. */
static int child_looks(void)
{
	CK_ULONG count = 0;
	bool good;

	alarm(CHILD_LIMIT_SECONDS);
	good = p11->C_Initialize(NULL) == CKR_OK &&
	       p11->C_GetSlotList(CK_TRUE, NULL, &count) == CKR_OK && count == 2 &&
	       p11->C_Finalize(NULL) == CKR_OK;
	return good ? 0 : 1;
}

static void *ask_on(void *argument)
{
	CK_BYTE random[8];

	(void)argument;
	while (!stop_asking) {
		if (p11->C_GenerateRandom(session, random, sizeof(random)) == CKR_OK)
			atomic_fetch_add(&asked_good, 1);
		else
			atomic_fetch_add(&asked_bad, 1);
	}
	return NULL;
}

/* Without a login each call connects anew, which is when libpcsclite holds its lock for long. */
static void while_connecting(void)
{
	pthread_t thread;

	state_name = "while another thread connects";
	if (pthread_create(&thread, NULL, ask_on, NULL) != 0)
		exit(2);
	for (int i = 0; i < CONNECT_FORKS; i++) {
		usleep(1000U * (unsigned)(17 * i % 23));
		fork_child("the child looks at the readers and ends well", child_looks);
	}
	stop_asking = true;
	pthread_join(thread, NULL);
	tell("all calls of the parent succeed", asked_good > 0 && asked_bad == 0, asked_bad);
}

static void logged_in(void)
{
	state_name = "logged in";
	tell_rv("the parent logs in", log_in(), CKR_OK);
	tell("the parent signs", signs(), CKR_OK);
	fork_children();
	parent_is("the parent is logged in as before", CKS_RO_USER_FUNCTIONS);
	tell("the parent signs as before", signs(), CKR_OK);
}

static void in_search(void)
{
	CK_OBJECT_HANDLE first = 0;
	CK_OBJECT_HANDLE rest[32];
	CK_ULONG one = 0;
	CK_ULONG count = 0;
	CK_RV rv;

	state_name = "in a search";
	rv = p11->C_FindObjectsInit(session, NULL, 0);
	if (rv == CKR_OK)
		rv = p11->C_FindObjects(session, &first, 1, &one);
	tell_rv("the parent has found one object", rv, CKR_OK);
	fork_children();
	rv = p11->C_FindObjects(session, rest, 32, &count);
	tell("the parent finds the others", rv == CKR_OK && one == 1 && count >= 3, rv);
	tell_rv("the parent ends its search", p11->C_FindObjectsFinal(session), CKR_OK);
}

static void in_signature(void)
{
	CK_OBJECT_HANDLE key = 0;
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = sizeof(signature);
	CK_RV rv = p11_find(p11, session, CKO_PRIVATE_KEY, token.id, &key);

	state_name = "in a signature";
	if (rv == CKR_OK)
		rv = p11_sign_init(p11, session, true, key);
	if (rv == CKR_OK)
		rv = p11->C_SignUpdate(session, text, 2);
	tell_rv("the parent begins to sign", rv, CKR_OK);
	fork_children();
	rv = p11->C_SignUpdate(session, text + 2, sizeof(text) - 2);
	if (rv == CKR_OK)
		rv = p11->C_SignFinal(session, signature, &length);
	tell("the parent's signature verifies",
	     rv == CKR_OK && p11_verified(token.key, true, text, sizeof(text), signature, length),
	     rv);
}

static void *sign_on(void *argument)
{
	(void)argument;
	while (!stop_signing) {
		if (signs())
			atomic_fetch_add(&busy_good, 1);
		else
			atomic_fetch_add(&busy_bad, 1);
	}
	return NULL;
}

/* Locks are held while the process forks, and the one who would open them is not in the child. */
static void while_signing(void)
{
	pthread_t thread;

	state_name = "while another thread signs";
	if (pthread_create(&thread, NULL, sign_on, NULL) != 0)
		exit(2);
	for (int i = 0; i < BUSY_FORKS; i++) {
		usleep(1000U * (unsigned)(17 * i % 23));
		fork_child("the child does its work and ends well", child_life);
	}
	fork_child("a child that only ends, ends well", child_idle);
	stop_signing = true;
	pthread_join(thread, NULL);
	tell("all signatures of the parent verify", busy_good > 0 && busy_bad == 0, busy_bad);
}

static void after_final(void)
{
	state_name = "after C_Finalize";
	tell_rv("the parent finalises", p11->C_Finalize(NULL), CKR_OK);
	fork_children();
	tell_rv("the parent initialises again", p11->C_Initialize(NULL), CKR_OK);
	tell_rv("the parent opens a session", open_session(), CKR_OK);
	tell_rv("the parent logs in", log_in(), CKR_OK);
	tell("the parent signs", signs(), CKR_OK);
	tell_rv("the parent finalises again", p11->C_Finalize(NULL), CKR_OK);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: p11-fork MODULE CARD-DIRECTORY AUTH-PIN\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	p11 = p11_load(argv[1]);
	token = p11_token_of(0, argv[2], argv[3]);
	before_init();
	initialised();
	while_connecting();
	logged_in();
	in_search();
	in_signature();
	while_signing();
	after_final();
	EVP_PKEY_free(token.key);
	puts("end");
	return 0;
}
