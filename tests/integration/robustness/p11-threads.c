/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-threads MODULE CARD-DIRECTORY AUTH-PIN SIGN-PIN THREADS ROUNDS SEED: many threads in one
 * module, half of them at each token of the card. Each does ROUNDS jobs that the seed chooses, in
 * a session of its own; a login belongs to all sessions, so that any of them can lose it to another
 * thread's logout, and is told so. Nothing else may be told, and whatever is signed is verified
 * with libcrypto. Sessions that are opened for a moment are used by several threads. At the end
 * C_Finalize comes while all threads are inside, and then all initialise the module at once.
 * Prints what was counted; one line that begins with "wrong" for each thing that may not be.
 */
#include "../lib/p11-client.h"
#include "../lib/p11-names.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX   64
#define LIMIT_SECONDS 800
#define DATA_LENGTH   100
#define MEDDLINGS     40
/* How long the threads are inside before C_Finalize comes. */
#define FINALIZE_AFTER_USEC 300000

struct worker {
	pthread_t thread;
	const struct p11_token *token;
	unsigned seed;
	unsigned rounds;
	CK_SESSION_HANDLE session;
};

static CK_FUNCTION_LIST *p11;
static atomic_uint signed_count, verified_count, lost_count, login_count, logout_count;
static atomic_uint session_count, read_count, wrong_count, ended_count, initialized_count;
/* The session that was opened last of those that are closed again at once. */
static _Atomic CK_SESSION_HANDLE passing_session;

static void wrong(const struct worker *worker, const char *what, CK_RV rv)
{
	atomic_fetch_add(&wrong_count, 1);
	printf("wrong: slot %lu: %s: %s\n", worker->token->slot, what, p11_rv_name(rv));
}

/* What an operation that needs the login is told when another thread has logged out. */
static bool is_lost_login(CK_RV rv)
{
	return rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID ||
	       rv == CKR_OBJECT_HANDLE_INVALID || rv == CKR_OPERATION_NOT_INITIALIZED;
}

/* Counts an answer: true when the job may go on. */
static bool went(const struct worker *worker, const char *what, CK_RV rv)
{
	if (rv == CKR_OK)
		return true;
	if (is_lost_login(rv))
		atomic_fetch_add(&lost_count, 1);
	else
		wrong(worker, what, rv);
	return false;
}

static void log_in(struct worker *worker)
{
	CK_RV rv = p11->C_Login(worker->session, CKU_USER, worker->token->pin,
				worker->token->pin_length);

	if (rv == CKR_OK)
		atomic_fetch_add(&login_count, 1);
	else if (rv != CKR_USER_ALREADY_LOGGED_IN)
		wrong(worker, "C_Login", rv);
}

static void log_out(struct worker *worker)
{
	CK_RV rv = p11->C_Logout(worker->session);

	if (rv == CKR_OK)
		atomic_fetch_add(&logout_count, 1);
	else if (rv != CKR_USER_NOT_LOGGED_IN)
		wrong(worker, "C_Logout", rv);
}

/* The module's own word on a signature, and on the same with one bit turned over. */
static void verify(struct worker *worker, bool pss, CK_BYTE *data, CK_BYTE *signature,
		   CK_ULONG length)
{
	CK_OBJECT_HANDLE key = 0;
	CK_RV rv;

	for (int turned = 0; turned < 2; turned++) {
		rv = p11_find(p11, worker->session, CKO_PUBLIC_KEY, worker->token->id, &key);
		if (rv == CKR_OK)
			rv = p11_verify_init(p11, worker->session, pss, key);
		if (!went(worker, "C_VerifyInit", rv))
			return;
		signature[length - 1] ^= (CK_BYTE)turned;
		rv = p11->C_Verify(worker->session, data, DATA_LENGTH, signature, length);
		if (turned != 0 && rv == CKR_OK)
			wrong(worker, "C_Verify of a false signature", rv);
		else if (turned != 0 && rv == CKR_SIGNATURE_INVALID)
			atomic_fetch_add(&verified_count, 1);
		else
			went(worker, "C_Verify", rv);
	}
}

static void sign(struct worker *worker)
{
	CK_BYTE data[DATA_LENGTH];
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = 0;
	bool pss = rand_r(&worker->seed) % 2 == 0;
	CK_RV rv;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (CK_BYTE)rand_r(&worker->seed);
	rv = p11_sign(p11, worker->session, worker->token, pss, data, sizeof(data), signature,
		      &length);
	if (!went(worker, "C_Sign", rv))
		return;
	atomic_fetch_add(&signed_count, 1);
	if (!p11_verified(worker->token->key, pss, data, sizeof(data), signature, length))
		wrong(worker, "a signature that does not verify", rv);
	else
		verify(worker, pss, data, signature, length);
}

/* In a session that other threads use as well, and that one of them closes: any honest answer. */
static void meddle(struct worker *worker, CK_SESSION_HANDLE session)
{
	CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
	CK_SESSION_INFO info;
	CK_BYTE digest[32];

	for (int time = 0; time < MEDDLINGS; time++) {
		CK_ULONG length = sizeof(digest);
		CK_RV rvs[3];

		rvs[0] = p11->C_GetSessionInfo(session, &info);
		rvs[1] = p11->C_DigestInit(session, &sha256);
		rvs[2] = p11->C_Digest(session, digest, 0, digest, &length);
		for (size_t i = 0; i < 3; i++) {
			if (rvs[i] != CKR_OK && rvs[i] != CKR_SESSION_HANDLE_INVALID &&
			    rvs[i] != CKR_OPERATION_ACTIVE &&
			    rvs[i] != CKR_OPERATION_NOT_INITIALIZED)
				wrong(worker, "a session of several threads", rvs[i]);
		}
	}
}

/* Sessions come and go; the worker keeps its own, so the login is not lost to the last one. */
static void open_and_close(struct worker *worker)
{
	CK_SESSION_HANDLE session = 0;
	CK_SESSION_INFO info;
	CK_RV rv = p11->C_OpenSession(worker->token->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
				      NULL, NULL, &session);

	if (rv == CKR_OK) {
		atomic_store(&passing_session, session);
		meddle(worker, session);
		rv = p11->C_GetSessionInfo(session, &info);
	}
	if (rv == CKR_OK)
		rv = p11->C_CloseSession(session);
	if (rv != CKR_OK)
		wrong(worker, "a session", rv);
	else
		atomic_fetch_add(&session_count, 1);
}

/* All objects that are to be seen, and what is public about them. */
static void read_all(struct worker *worker)
{
	CK_OBJECT_HANDLE objects[32];
	CK_ULONG count = 0;
	CK_RV rv = p11->C_FindObjectsInit(worker->session, NULL, 0);

	if (rv == CKR_OK)
		rv = p11->C_FindObjects(worker->session, objects, 32, &count);
	if (rv == CKR_OK)
		rv = p11->C_FindObjectsFinal(worker->session);
	if (!went(worker, "C_FindObjects", rv))
		return;
	for (CK_ULONG i = 0; i < count; i++) {
		CK_BYTE value[4096];
		CK_OBJECT_CLASS class = 0;
		CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
					   {CKA_VALUE, value, sizeof(value)}};

		rv = p11->C_GetAttributeValue(worker->session, objects[i], template, 2);
		/* Keys have no value. */
		if (rv != CKR_ATTRIBUTE_TYPE_INVALID && rv != CKR_ATTRIBUTE_SENSITIVE &&
		    !went(worker, "C_GetAttributeValue", rv))
			return;
	}
	atomic_fetch_add(&read_count, 1);
}

static void look(struct worker *worker)
{
	CK_TOKEN_INFO token;
	CK_SLOT_INFO slot;
	CK_BYTE random[16];
	CK_ULONG count = 64;
	CK_SLOT_ID slots[64];
	CK_RV rv = p11->C_GetSlotList(CK_TRUE, slots, &count);

	if (rv == CKR_OK)
		rv = p11->C_GetSlotInfo(worker->token->slot, &slot);
	if (rv == CKR_OK)
		rv = p11->C_GetTokenInfo(worker->token->slot, &token);
	if (rv == CKR_OK)
		rv = p11->C_GenerateRandom(worker->session, random, sizeof(random));
	if (rv != CKR_OK || count != 2)
		wrong(worker, "a look at slot and token", rv);
	meddle(worker, atomic_load(&passing_session));
}

static void job(struct worker *worker)
{
	unsigned choice = (unsigned)rand_r(&worker->seed) % 20;

	if (choice == 0)
		log_out(worker);
	else if (choice < 4)
		open_and_close(worker);
	else if (choice < 7)
		read_all(worker);
	else if (choice < 9)
		look(worker);
	else {
		log_in(worker);
		sign(worker);
	}
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	CK_RV rv = p11->C_OpenSession(worker->token->slot, CKF_SERIAL_SESSION, NULL, NULL,
				      &worker->session);

	if (rv != CKR_OK) {
		wrong(worker, "C_OpenSession", rv);
		return NULL;
	}
	for (unsigned i = 0; i < worker->rounds; i++)
		job(worker);
	return NULL;
}

/* Signs until it is told that there is no module any more. */
static void *work_until_final(void *argument)
{
	struct worker *worker = argument;
	CK_BYTE data[DATA_LENGTH] = {0};
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = 0;
	CK_RV rv = CKR_OK;

	while (rv != CKR_CRYPTOKI_NOT_INITIALIZED) {
		rv = p11_sign(p11, worker->session, worker->token, false, data, sizeof(data),
			      signature, &length);
		if (rv == CKR_OK &&
		    !p11_verified(worker->token->key, false, data, sizeof(data), signature, length))
			wrong(worker, "a signature at the end", rv);
		if (rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED) {
			wrong(worker, "C_Sign at the end", rv);
			return NULL;
		}
	}
	atomic_fetch_add(&ended_count, 1);
	return NULL;
}

/* Of all threads one does it. */
static void *initialize(void *argument)
{
	CK_C_INITIALIZE_ARGS os_locking = {.flags = CKF_OS_LOCKING_OK};
	CK_RV rv = p11->C_Initialize(&os_locking);

	if (rv == CKR_OK)
		atomic_fetch_add(&initialized_count, 1);
	else if (rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		wrong(argument, "C_Initialize by all at once", rv);
	return NULL;
}

static void run_all(struct worker *workers, unsigned count, void *(*what)(void *))
{
	for (unsigned i = 0; i < count; i++) {
		if (pthread_create(&workers[i].thread, NULL, what, &workers[i]) != 0) {
			perror("pthread_create");
			exit(2);
		}
	}
}

static void join_all(struct worker *workers, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
}

/* C_Finalize while all are inside, and the beginning of another round. */
static void end_together(struct worker *workers, unsigned count)
{
	CK_RV rv;

	for (unsigned i = 0; i < count; i++)
		log_in(&workers[i]);
	run_all(workers, count, work_until_final);
	usleep(FINALIZE_AFTER_USEC);
	rv = p11->C_Finalize(NULL);
	if (rv != CKR_OK)
		wrong(&workers[0], "C_Finalize", rv);
	join_all(workers, count);

	run_all(workers, count, initialize);
	join_all(workers, count);
	rv = p11->C_Finalize(NULL);
	if (rv != CKR_OK)
		wrong(&workers[0], "the last C_Finalize", rv);
}

int main(int argc, char **argv)
{
	CK_C_INITIALIZE_ARGS os_locking = {.flags = CKF_OS_LOCKING_OK};
	struct worker workers[THREADS_MAX] = {0};
	struct p11_token tokens[2];
	unsigned count = 0;
	CK_RV rv;

	if (argc != 8) {
		fprintf(stderr, "usage: p11-threads MODULE CARD-DIRECTORY AUTH-PIN SIGN-PIN "
				"THREADS ROUNDS SEED\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	p11 = p11_load(argv[1]);
	tokens[0] = p11_token_of(0, argv[2], argv[3]);
	tokens[1] = p11_token_of(1, argv[2], argv[4]);
	count = (unsigned)strtoul(argv[5], NULL, 10);
	if (count > THREADS_MAX)
		return 2;
	rv = p11->C_Initialize(&os_locking);
	if (rv != CKR_OK) {
		printf("wrong: C_Initialize: %s\n", p11_rv_name(rv));
		return 1;
	}
	for (unsigned i = 0; i < count; i++) {
		workers[i].token = &tokens[i % 2];
		workers[i].rounds = (unsigned)strtoul(argv[6], NULL, 10);
		workers[i].seed = (unsigned)strtoul(argv[7], NULL, 10) + i;
	}
	run_all(workers, count, work);
	join_all(workers, count);
	end_together(workers, count);
	printf("signatures %u\nverifications %u\nlogins %u\nlogouts %u\nlost %u\nsessions %u\n"
	       "readings %u\nended %u\ninitialized %u\nwrong %u\n",
	       signed_count, verified_count, login_count, logout_count, lost_count, session_count,
	       read_count, ended_count, initialized_count, wrong_count);
	EVP_PKEY_free(tokens[0].key);
	EVP_PKEY_free(tokens[1].key);
	return wrong_count == 0 ? 0 : 1;
}
