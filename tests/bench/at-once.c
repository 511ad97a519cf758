/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * at-once: at-once MODULE SLOT ID PIN THREADS logs in, signs once, and then THREADS threads sign at
 * the same moment, each in a session of its own. Meanwhile the main thread asks for C_GetTokenInfo
 * again and again. Prints how many milliseconds the signatures took together, and the longest of
 * those questions, or ends with 1.
 */
#include "../integration/lib/p11-client.h"
#include "../integration/lib/p11-names.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS_MAX 64
/* Between two questions. */
#define PAUSE_NS 5000000L

static CK_FUNCTION_LIST *p11;
static struct p11_token token;
static pthread_barrier_t barrier;
static atomic_uint running, failures;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void need(const char *what, CK_RV rv)
{
	if (rv == CKR_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, p11_rv_name(rv));
	exit(1);
}

static CK_SESSION_HANDLE open_session(void)
{
	CK_SESSION_HANDLE session;

	need("C_OpenSession",
	     p11->C_OpenSession(token.slot, CKF_SERIAL_SESSION, NULL, NULL, &session));
	return session;
}

static CK_RV sign(CK_SESSION_HANDLE session)
{
	CK_BYTE data[] = "data", signature[P11_SIGNATURE_MAX];
	CK_ULONG length = sizeof(signature);

	return p11_sign(p11, session, &token, false, data, sizeof(data), signature, &length);
}

static void *work(void *argument)
{
	CK_SESSION_HANDLE session = *(CK_SESSION_HANDLE *)argument;

	pthread_barrier_wait(&barrier);
	if (sign(session) != CKR_OK)
		atomic_fetch_add(&failures, 1);
	atomic_fetch_sub(&running, 1);
	return NULL;
}

/* Asks until all have signed; returns the longest question. */
static double ask(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	double longest = 0;

	while (atomic_load(&running) > 0) {
		double begun = now_ms();
		CK_TOKEN_INFO info;

		need("C_GetTokenInfo", p11->C_GetTokenInfo(token.slot, &info));
		longest = now_ms() - begun > longest ? now_ms() - begun : longest;
		nanosleep(&pause, NULL);
	}
	return longest;
}

int main(int argc, char **argv)
{
	unsigned threads = argc == 6 ? (unsigned)strtoul(argv[5], NULL, 10) : THREADS_MAX + 1;
	CK_SESSION_HANDLE session, sessions[THREADS_MAX];
	pthread_t workers[THREADS_MAX];
	double begun, longest;

	if (threads > THREADS_MAX) {
		fputs("Usage: at-once MODULE SLOT ID PIN THREADS\n", stderr);
		return 2;
	}
	p11 = p11_load(argv[1]);
	token = (struct p11_token){.slot = strtoul(argv[2], NULL, 10),
				   .id = (CK_BYTE)strtoul(argv[3], NULL, 10),
				   .pin = (CK_UTF8CHAR *)argv[4],
				   .pin_length = strlen(argv[4])};
	need("C_Initialize",
	     p11->C_Initialize(&(CK_C_INITIALIZE_ARGS){.flags = CKF_OS_LOCKING_OK}));
	session = open_session();
	need("C_Login", p11->C_Login(session, CKU_USER, token.pin, token.pin_length));
	need("C_Sign", sign(session));
	pthread_barrier_init(&barrier, NULL, threads + 1);
	running = threads;
	for (unsigned i = 0; i < threads; i++) {
		sessions[i] = open_session();
		if (pthread_create(&workers[i], NULL, work, &sessions[i]) != 0)
			return 1;
	}
	pthread_barrier_wait(&barrier);
	begun = now_ms();
	longest = ask();
	printf("%.0f %.1f\n", now_ms() - begun, longest);
	for (unsigned i = 0; i < threads; i++)
		pthread_join(workers[i], NULL);
	need("C_Finalize", p11->C_Finalize(NULL));
	return atomic_load(&failures) == 0 ? 0 : 1;
}
