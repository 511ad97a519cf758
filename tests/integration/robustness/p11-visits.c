/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-visits MODULE CARD-DIRECTORY SLOT PIN THREADS WHAT: many threads that sign with one key at
 * the same time. WHAT is one of:
 *
 *   at-once   another handle of the card's keeps it until each thread is inside C_Sign; each signs
 *             once, and a child that forks meanwhile finds no module; what is known already is told
 *             meanwhile, or this never ends
 *   flat N    each signs N times; the memory and the descriptors are counted before and after
 *   endless   each signs until the process is killed
 *
 * Prints "ready" before the signatures, and what was counted after them; one line that begins with
 * "wrong" for each thing that may not be.
 */
#include "../lib/p11-client.h"
#include "../lib/p11-names.h"

#include <dirent.h>
#include <stdatomic.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <winscard.h>

#define THREADS_MAX   64
#define LIMIT_SECONDS 600
#define DATA_LENGTH   100

struct worker {
	pthread_t thread;
	unsigned int number;
	unsigned long rounds;
	bool begun;        /* C_SignInit was called for the next signature */
	_Atomic long task; /* the thread's number, once it is about to sign */
	CK_SESSION_HANDLE session;
};

static CK_FUNCTION_LIST *p11;
static struct p11_token token;
static atomic_uint signed_count, wrong_count;

static void wrong(const char *what, CK_RV rv)
{
	atomic_fetch_add(&wrong_count, 1);
	printf("wrong: %s: %s\n", what, p11_rv_name(rv));
}

static bool went(const char *what, CK_RV rv)
{
	if (rv != CKR_OK)
		wrong(what, rv);
	return rv == CKR_OK;
}

static bool begin(struct worker *worker)
{
	CK_OBJECT_HANDLE key = 0;

	worker->begun =
		went("the key", p11_find(p11, worker->session, CKO_PRIVATE_KEY, token.id, &key)) &&
		went("C_SignInit", p11_sign_init(p11, worker->session, false, key));
	return worker->begun;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	CK_BYTE data[DATA_LENGTH];
	CK_BYTE signature[P11_SIGNATURE_MAX];

	for (unsigned long round = 0; round < worker->rounds; round++) {
		CK_ULONG length = sizeof(signature);

		memset(data, (int)(worker->number + 7 * round), sizeof(data));
		if (!worker->begun && !begin(worker))
			return NULL;
		worker->begun = false;
		atomic_store(&worker->task, syscall(SYS_gettid));
		if (!went("C_Sign",
			  p11->C_Sign(worker->session, data, sizeof(data), signature, &length)))
			return NULL;
		if (p11_verified(token.key, false, data, sizeof(data), signature, length))
			atomic_fetch_add(&signed_count, 1);
		else
			wrong("a signature that does not verify", CKR_OK);
	}
	return NULL;
}

/* Whether the kernel says that a thread sleeps. */
static bool sleeps(long task)
{
	char name[64];
	char line[256] = "";
	const char *state;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/self/task/%ld/stat", task);
	file = fopen(name, "r");
	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	state = strrchr(line, ')');
	return state != NULL && state[1] == ' ' && state[2] == 'S';
}

static SCARDHANDLE hold_card(SCARDCONTEXT *context)
{
	static const char readers[] = "SCard$AllReaders";
	char names[1024] = "";
	DWORD length = sizeof(names);
	SCARDHANDLE card = 0;
	DWORD protocol = 0;

	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, context) != SCARD_S_SUCCESS ||
	    SCardListReaders(*context, readers, names, &length) != SCARD_S_SUCCESS ||
	    SCardConnect(*context, names, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
			 &card, &protocol) != SCARD_S_SUCCESS ||
	    SCardBeginTransaction(card) != SCARD_S_SUCCESS) {
		printf("wrong: the card cannot be held\n");
		exit(1);
	}
	return card;
}

/* The child has no module, and does no harm to its parent's. */
static void fork_once(void)
{
	CK_SESSION_INFO info;
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(p11->C_GetSessionInfo(1, &info) == CKR_CRYPTOKI_NOT_INITIALIZED ? 0 : 1);
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		wrong("a child", CKR_OK);
}

/* What a program asks before it signs is answered though the card is not to be had. */
static void ask_meanwhile(void)
{
	CK_SESSION_HANDLE session = 0;
	CK_OBJECT_HANDLE object = 0;
	CK_BYTE certificate[4096];
	CK_ATTRIBUTE value = {CKA_VALUE, certificate, sizeof(certificate)};
	CK_TOKEN_INFO info;

	if (went("C_GetTokenInfo meanwhile", p11->C_GetTokenInfo(token.slot, &info)) &&
	    went("C_OpenSession meanwhile",
		 p11->C_OpenSession(token.slot, CKF_SERIAL_SESSION, NULL, NULL, &session)) &&
	    went("the certificate meanwhile",
		 p11_find(p11, session, CKO_CERTIFICATE, token.id, &object)) &&
	    went("C_GetAttributeValue meanwhile",
		 p11->C_GetAttributeValue(session, object, &value, 1)) &&
	    went("the key meanwhile", p11_find(p11, session, CKO_PRIVATE_KEY, token.id, &object)) &&
	    went("C_SignInit meanwhile", p11_sign_init(p11, session, false, object)) &&
	    went("C_CloseSession meanwhile", p11->C_CloseSession(session)))
		printf("answered %lu\n", value.ulValueLen);
}

static void run_all(struct worker *workers, unsigned int count, unsigned long rounds)
{
	for (unsigned int i = 0; i < count; i++) {
		workers[i].rounds = rounds;
		atomic_store(&workers[i].task, 0);
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
			perror("pthread_create");
			exit(2);
		}
	}
}

static void join_all(struct worker *workers, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
}

static void at_once(struct worker *workers, unsigned int count)
{
	SCARDCONTEXT context = 0;
	SCARDHANDLE card;

	for (unsigned int i = 0; i < count; i++)
		begin(&workers[i]);
	card = hold_card(&context);
	run_all(workers, count, 1);
	for (unsigned int i = 0; i < count; i++) {
		while (atomic_load(&workers[i].task) == 0 || !sleeps(workers[i].task))
			sched_yield();
	}
	fork_once();
	ask_meanwhile();
	SCardEndTransaction(card, SCARD_LEAVE_CARD);
	join_all(workers, count);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	SCardReleaseContext(context);
}

static unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (directory != NULL && readdir(directory) != NULL)
		count++;
	if (directory != NULL)
		closedir(directory);
	return count;
}

static unsigned long resident_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	unsigned long kib = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		sscanf(line, "VmRSS: %lu", &kib);
	if (file != NULL)
		fclose(file);
	return kib;
}

static void flat(struct worker *workers, unsigned int count, unsigned long rounds)
{
	unsigned int descriptors_before;
	unsigned long kib_before;

	/* The heaps of the threads grow to their size first. */
	run_all(workers, count, 20);
	join_all(workers, count);
	descriptors_before = descriptors();
	kib_before = resident_kib();
	run_all(workers, count, rounds);
	join_all(workers, count);
	printf("descriptors %u %u\nresident %lu %lu\n", descriptors_before, descriptors(),
	       kib_before, resident_kib());
}

int main(int argc, char **argv)
{
	CK_C_INITIALIZE_ARGS os_locking = {.flags = CKF_OS_LOCKING_OK};
	struct worker workers[THREADS_MAX] = {0};
	unsigned int count;

	if (argc < 7 || (count = (unsigned int)strtoul(argv[5], NULL, 10)) > THREADS_MAX) {
		fprintf(stderr, "usage: p11-visits MODULE CARD-DIRECTORY SLOT PIN THREADS "
				"at-once|flat N|endless\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	p11 = p11_load(argv[1]);
	token = p11_token_of(strtoul(argv[3], NULL, 10), argv[2], argv[4]);
	went("C_Initialize", p11->C_Initialize(&os_locking));
	for (unsigned int i = 0; i < count; i++) {
		workers[i].number = i;
		went("C_OpenSession", p11->C_OpenSession(token.slot, CKF_SERIAL_SESSION, NULL, NULL,
							 &workers[i].session));
	}
	went("C_Login", p11->C_Login(workers[0].session, CKU_USER, token.pin, token.pin_length));
	puts("ready");
	if (strcmp(argv[6], "at-once") == 0)
		at_once(workers, count);
	else if (strcmp(argv[6], "flat") == 0 && argc > 7)
		flat(workers, count, strtoul(argv[7], NULL, 10));
	else
		run_all(workers, count, ~0UL);
	join_all(workers, strcmp(argv[6], "endless") == 0 ? count : 0);
	went("C_Finalize", p11->C_Finalize(NULL));
	printf("signatures %u\nwrong %u\n", signed_count, wrong_count);
	EVP_PKEY_free(token.key);
	return wrong_count == 0 ? 0 : 1;
}
