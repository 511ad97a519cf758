/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_pool: has threads that do nothing but C_SignInit and C_Sign, and gives them blocks.
 *
 * What is signed and what is written stays with the thread that owns the pool: the workers touch
 * nothing but their session and the block that they have taken.
 */
#include "app/card/module_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "app/card/module_key_state.h"
#include "app/card/rv_situation.h"
#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"

/* If nothing was signed for so long, somebody else may have the card: a visit of ours is shorter.
 */
#define SILENCE_SECONDS 3
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

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct module_pool *pool = worker->pool;
	struct module_block *block;

	pthread_mutex_lock(&pool->lock);
	while ((block = take(pool)) != NULL) {
		bool stopped = pool->failed || signals_noted();
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
	if (state->functions->C_OpenSession(
		    PKCS11_get_slotid_from_slot(module_key_own(state)->slot), CKF_SERIAL_SESSION,
		    NULL, NULL, &worker->session) != CKR_OK)
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

struct module_pool *module_pool_begin(struct module_key *key)
{
	struct module_pool *pool = key->state->wants_each ? NULL : calloc(1, sizeof(*pool));
	pthread_condattr_t attributes;

	if (pool == NULL)
		return NULL;
	pool->state = key->state;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->added, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->done, &attributes);
	pthread_condattr_destroy(&attributes);
	start_workers(pool);
	if (pool->worker_count > 0)
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
	turn_await(module_key_own(pool->state)->slot->description);
	signals_release(&before);
}

static bool is_idle(struct module_pool *pool)
{
	bool idle;

	pthread_mutex_lock(&pool->lock);
	idle = pool->unfinished == 0;
	pthread_mutex_unlock(&pool->lock);
	return idle;
}

void module_pool_add(struct module_pool *pool, struct module_block *const *blocks, size_t count)
{
	if (count == 0)
		return;
	if (is_idle(pool))
		await_turn(pool);
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

/* Wait until a block is done, but not for ever. A C_Sign may have sent the PIN, so that the process
 * is not ended meanwhile. */
static bool is_done_soon(struct module_pool *pool, const struct module_block *block)
{
	struct timespec until;
	bool done;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += SILENCE_SECONDS;
	patience_begin(PATIENCE_MODULE, false);
	pthread_mutex_lock(&pool->lock);
	while (!block->done && error == 0)
		error = pthread_cond_timedwait(&pool->done, &pool->lock, &until);
	done = block->done;
	pthread_mutex_unlock(&pool->lock);
	patience_end();
	return done;
}

enum situation module_pool_await(struct module_pool *pool, struct module_block *block)
{
	/* What waits for another program's card has sent nothing, and that wait may be ended. */
	while (!is_done_soon(pool, block))
		await_turn(pool);
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
