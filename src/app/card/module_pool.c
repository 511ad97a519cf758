/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_pool: has threads that do nothing but C_SignInit and C_Sign, and gives them blocks.
 *
 * A worker that has its signature takes the next block at once and waits with it, so that the next
 * visit to the card finds as many waiting as it can serve. Our module begins an operation without
 * waiting for the card, whose key it knows by then.
 *
 * What is signed and what is written stays with the thread that owns the pool: the workers touch
 * nothing but their session and the block that they have taken.
 */
#include "app/card/module_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/card/module_key_state.h"
#include "app/card/rv_situation.h"
#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"

/* If nothing was signed for so long, somebody else may have the card: a visit of ours is shorter.
 */
#define SILENCE_SECONDS 3
/* Our own module, as C_GetInfo shows it. */
#define MANUFACTURER "jpki-pkcs11 "
/* Much more than C_Sign needs; the default would count against the memory that a process may have.
 */
#define STACK_BYTES ((size_t)512 * 1024)

struct worker {
	struct module_pool *pool;
	pthread_t thread;
	CK_SESSION_HANDLE session;
};

struct module_pool {
	struct module_key_state *state;
	struct worker workers[MODULE_POOL_SIZE];
	size_t worker_count;

	pthread_mutex_t lock;       /* guards what follows */
	pthread_cond_t added, done; /* the latter counts by the monotonic clock */
	struct module_block *first, *last;
	size_t unfinished; /* blocks that are queued or being signed */
	bool failed;       /* a signature was not made: begin no other */
	bool ended;
	enum situation overdue; /* what the limit of the wait has told; SITUATION_NONE: nothing */
	struct patience_overdue before; /* what the caller has done then */

	/* The owner's alone. */
	size_t owed;            /* blocks that were added and not awaited */
	enum situation stopped; /* why the module was told to stop waiting */
};

/* Sign one block in the worker's session. */
static enum situation sign_block(const struct worker *worker, struct module_block *block)
{
	struct module_key_state *state = worker->pool->state;
	CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
	CK_ULONG length = sizeof(block->signature);
	CK_RV rv = state->functions->C_SignInit(worker->session, &mechanism, state->object);

	if (rv == CKR_OK)
		rv = state->functions->C_Sign(worker->session, block->bytes,
					      (CK_ULONG)block->length, block->signature, &length);
	/* The module was told to stop waiting. */
	if (rv == CKR_CRYPTOKI_NOT_INITIALIZED)
		return SITUATION_CANCELLED;
	if (rv != CKR_OK)
		return situation_of_rv(rv, state->key);
	block->signature_length = (size_t)length;
	return SITUATION_NONE;
}

/* Take the next block; NULL at the end. The lock is held. */
static struct module_block *take(struct module_pool *pool)
{
	struct module_block *block;

	while (pool->first == NULL && !pool->ended)
		pthread_cond_wait(&pool->added, &pool->lock);
	block = pool->first;
	if (block != NULL)
		pool->first = block->next;
	return block;
}

/* Return whether nothing more is to be begun. A signal may be held back as long as the card has a
 * PIN. */
static bool is_given_up(void)
{
	return signals_noted() || signals_are_pending();
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct module_pool *pool = worker->pool;
	struct module_block *block;

	pthread_mutex_lock(&pool->lock);
	while ((block = take(pool)) != NULL) {
		bool stopped = pool->failed || is_given_up();
		enum situation situation = SITUATION_CANCELLED;

		pthread_mutex_unlock(&pool->lock);
		if (!stopped)
			situation = sign_block(worker, block);
		pthread_mutex_lock(&pool->lock);
		block->not_signed = situation;
		block->done = true;
		pool->failed = pool->failed || situation != SITUATION_NONE;
		pool->unfinished--;
		pthread_cond_signal(&pool->done);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Start a worker with a session of its own; it gets no signals. */
static bool start_worker(struct module_pool *pool, const pthread_attr_t *attributes)
{
	struct module_key_state *state = pool->state;
	struct worker *worker = &pool->workers[pool->worker_count];
	sigset_t all, before;
	int error;

	worker->pool = pool;
	if (state->functions->C_OpenSession(PKCS11_get_slotid_from_slot(state->slot),
					    CKF_SERIAL_SESSION, NULL, NULL,
					    &worker->session) != CKR_OK)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&worker->thread, attributes, work, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		state->functions->C_CloseSession(worker->session);
	return error == 0;
}

/* Start as many workers as can be had. */
static void start_workers(struct module_pool *pool)
{
	pthread_attr_t attributes;

	if (pthread_attr_init(&attributes) != 0)
		return;
	patience_begin(PATIENCE_MODULE, true);
	if (pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0) {
		while (pool->worker_count < MODULE_POOL_SIZE && start_worker(pool, &attributes))
			pool->worker_count++;
	}
	patience_end();
	pthread_attr_destroy(&attributes);
}

/* Return whether the card has been there since the login: the workers' sessions, which were opened
 * later, would go on with another one. */
static bool is_same_card(const struct module_key_state *state)
{
	CK_SESSION_INFO info;
	CK_RV rv;

	patience_begin(PATIENCE_MODULE, true);
	rv = state->functions->C_GetSessionInfo(state->session, &info);
	patience_end();
	return rv == CKR_OK;
}

struct module_pool *module_pool_begin(struct module_key *key)
{
	struct module_pool *pool = key->state->wants_each ? NULL : calloc(1, sizeof(*pool));
	pthread_condattr_t attributes;

	if (pool == NULL)
		return NULL;
	pool->state = key->state;
	pool->overdue = pool->stopped = SITUATION_NONE;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->added, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->done, &attributes);
	pthread_condattr_destroy(&attributes);
	start_workers(pool);
	if (pool->worker_count > 0 && is_same_card(pool->state))
		return pool;
	module_pool_end(pool);
	return NULL;
}

/* Wait for our turn at the card. A signal that is held ends the wait all the same, but the end is
 * told in words. */
static void await_turn(struct module_pool *pool)
{
	sigset_t before;

	signals_hold(&before);
	turn_await(pool->state->slot->description);
	signals_release(&before);
}

void module_pool_add(struct module_pool *pool, struct module_block *const *blocks, size_t count)
{
	if (count == 0)
		return;
	/* This wait may end the process, so no signature may be on its way, nor one that was made
	 * and is still to be written. */
	if (pool->owed == 0)
		await_turn(pool);
	pool->owed += count;
	pthread_mutex_lock(&pool->lock);
	for (size_t i = 0; i < count; i++) {
		blocks[i]->next = NULL;
		blocks[i]->done = false;
		if (pool->first == NULL)
			pool->first = blocks[i];
		else
			pool->last->next = blocks[i];
		pool->last = blocks[i];
	}
	pool->unfinished += count;
	pthread_cond_broadcast(&pool->added);
	pthread_mutex_unlock(&pool->lock);
}

/* Note that the wait has taken the limit: see patience_set_overdue. */
static void note_overdue(enum situation situation, void *argument)
{
	struct module_pool *pool = argument;

	pthread_mutex_lock(&pool->lock);
	pool->overdue = situation;
	pthread_mutex_unlock(&pool->lock);
	if (pool->before.note != NULL)
		pool->before.note(situation, pool->before.argument);
}

/*
 * Have the module stop waiting for the card. From outside nobody can tell which C_Sign waits and
 * which has sent the PIN, so the process is not ended. C_Finalize of our own module tells them
 * apart: it ends the waits, and waits itself for what was begun. What it does while others are
 * inside is undefined for other modules: they are left alone.
 */
static void stop(struct module_pool *pool, enum situation why)
{
	CK_FUNCTION_LIST *functions = pool->state->functions;
	CK_INFO info;

	if (pool->stopped != SITUATION_NONE)
		return;
	pool->stopped = why;
	if (functions->C_GetInfo(&info) == CKR_OK &&
	    memcmp(info.manufacturerID, MANUFACTURER, strlen(MANUFACTURER)) == 0)
		functions->C_Finalize(NULL);
}

/* Wait for a second, or until a block is done. Return whether nothing was. The lock is held. */
static bool passes_silently(struct module_pool *pool)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	return pthread_cond_timedwait(&pool->done, &pool->lock, &until) != 0;
}

/* Wait until this block or another one is done, but stop if that takes too long, or a signal was
 * noted, while nothing is signed. */
static void await_any(struct module_pool *pool, const struct module_block *block)
{
	enum situation why;
	size_t unfinished;
	int silent = 0;

	pthread_mutex_lock(&pool->lock);
	pool->overdue = SITUATION_NONE;
	unfinished = pool->unfinished;
	while (!block->done && pool->unfinished == unfinished) {
		silent += passes_silently(pool) ? 1 : 0;
		why = is_given_up() ? SITUATION_CANCELLED : pool->overdue;
		if (silent < SILENCE_SECONDS || why == SITUATION_NONE)
			continue;
		pthread_mutex_unlock(&pool->lock);
		stop(pool, why);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
}

static bool is_done(struct module_pool *pool, const struct module_block *block)
{
	bool done;

	pthread_mutex_lock(&pool->lock);
	done = block->done;
	pthread_mutex_unlock(&pool->lock);
	return done;
}

enum situation module_pool_await(struct module_pool *pool, struct module_block *block)
{
	pool->before = patience_set_overdue(note_overdue, pool);
	/* Each signature that was made shows that nobody else has the card: a new step. */
	while (!is_done(pool, block)) {
		patience_begin(PATIENCE_MODULE, false);
		await_any(pool, block);
		patience_end();
	}
	patience_set_overdue(pool->before.note, pool->before.argument);
	pool->owed--;
	if (block->not_signed == SITUATION_CANCELLED && pool->stopped != SITUATION_NONE)
		return pool->stopped;
	return block->not_signed;
}

void module_pool_end(struct module_pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ended = true;
	pthread_cond_broadcast(&pool->added);
	pthread_mutex_unlock(&pool->lock);
	patience_begin(PATIENCE_MODULE, true);
	for (size_t i = 0; i < pool->worker_count; i++) {
		pthread_join(pool->workers[i].thread, NULL);
		pool->state->functions->C_CloseSession(pool->workers[i].session);
	}
	patience_end();
	pthread_cond_destroy(&pool->added);
	pthread_cond_destroy(&pool->done);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
