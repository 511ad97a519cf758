/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module: holds the module's state in this process, and counts the calls that are inside. */
#include "pkcs11/module.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * Made at the first C_Initialize of a process and kept until its end, so that a late call finds its
 * locks. A child after fork makes its own and never touches its parent's, because threads that the
 * child does not have may hold the locks.
 */
static _Atomic(struct jpki_module *) current;

/* Those that were left to a call that did not come out. Nothing reads this: it tells who looks for
 * lost memory that they are kept on purpose. */
static _Atomic(struct jpki_module *) abandoned;

static struct jpki_module *new_module(pid_t pid)
{
	struct jpki_module *module = calloc(1, sizeof(*module));
	pthread_condattr_t attributes;

	if (module == NULL)
		return NULL;
	module->pid = pid;
	pthread_mutex_init(&module->lock, NULL);
	pthread_mutex_init(&module->poll_lock, NULL);
	/* Monotonic, because somebody may set the clock while C_Finalize waits. */
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&module->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return module;
}

/* Return the module of this process, and make it if there is none; NULL without memory. */
static struct jpki_module *module_of_this_process(void)
{
	struct jpki_module *known = atomic_load(&current);
	pid_t pid = getpid();
	struct jpki_module *fresh;

	if (known != NULL && known->pid == pid)
		return known;
	fresh = new_module(pid);
	if (fresh == NULL)
		return NULL;
	if (atomic_compare_exchange_strong(&current, &known, fresh))
		return fresh;
	/* Another thread was faster. */
	free(fresh);
	return known;
}

struct jpki_module *jpki_module_current(void)
{
	struct jpki_module *known = atomic_load(&current);

	return known != NULL && known->pid == getpid() ? known : NULL;
}

CK_RV jpki_module_enter(struct jpki_module **module)
{
	struct jpki_module *known = jpki_module_current();
	CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;

	if (known == NULL)
		return rv;
	pthread_mutex_lock(&known->lock);
	if (known->state == JPKI_MODULE_RUNNING) {
		known->active++;
		*module = known;
		rv = CKR_OK;
	}
	pthread_mutex_unlock(&known->lock);
	return rv;
}

void jpki_module_leave(struct jpki_module *module)
{
	bool is_last_of_abandoned;

	pthread_mutex_lock(&module->lock);
	if (--module->active == 0)
		pthread_cond_broadcast(&module->changed);
	is_last_of_abandoned = module->active == 0 && module->state == JPKI_MODULE_ABANDONED;
	pthread_mutex_unlock(&module->lock);
	/* C_Finalize could not do it: it must not wait for pcscd, which may have been what this
	 * call was stuck in, and which has answered now. */
	if (is_last_of_abandoned)
		jpki_slot_table_close_abandoned(&module->slots);
}

bool jpki_module_is_stopping(struct jpki_module *module)
{
	bool stopping;

	pthread_mutex_lock(&module->lock);
	stopping = module->state != JPKI_MODULE_RUNNING;
	pthread_mutex_unlock(&module->lock);
	return stopping;
}

struct jpki_module *jpki_module_lock(void)
{
	struct jpki_module *module;

	while ((module = module_of_this_process()) != NULL) {
		pthread_mutex_lock(&module->lock);
		while (module->state == JPKI_MODULE_STOPPING)
			pthread_cond_wait(&module->changed, &module->lock);
		if (module->state != JPKI_MODULE_ABANDONED)
			break;
		pthread_mutex_unlock(&module->lock);
	}
	return module;
}

void jpki_module_abandon(struct jpki_module *module)
{
	atomic_store(&current, NULL);
	module->older = atomic_exchange(&abandoned, module);
	module->state = JPKI_MODULE_ABANDONED;
	pthread_cond_broadcast(&module->changed);
}

void jpki_module_wait_locked(struct jpki_module *module, long milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_cond_timedwait(&module->changed, &module->lock, &until);
}
