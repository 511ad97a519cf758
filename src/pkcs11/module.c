/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pkcs11/module.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "card/pcsc.h"
#include "pkcs11/product.h"

/* How often C_Finalize repeats its call to those who wait for a card to come. */
#define FINALIZE_NUDGE_MS 50
/* And how often before it gives up on a call that does not end: ten seconds. */
#define FINALIZE_ROUNDS 200

struct jpki_transport *(*jpki_module_make_transport)(void) = jpki_pcsc_new;

/*
 * Made at the first C_Initialize of a process and kept until its end, so that a call that comes
 * late finds its locks. A child after fork makes its own and never touches its parent's, whose
 * locks may have been held by threads that the child does not have.
 */
static _Atomic(struct jpki_module *) current;

static struct jpki_module *new_module(pid_t pid)
{
	struct jpki_module *module = calloc(1, sizeof(*module));
	pthread_condattr_t attributes;

	if (module == NULL)
		return NULL;
	module->pid = pid;
	pthread_mutex_init(&module->lock, NULL);
	pthread_mutex_init(&module->poll_lock, NULL);
	/* Somebody may set the machine's clock while C_Finalize waits. */
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&module->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return module;
}

/* The module of this process, made if need be; NULL without memory. */
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

CK_RV jpki_module_enter(struct jpki_module **module)
{
	struct jpki_module *known = atomic_load(&current);
	CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;

	if (known == NULL || known->pid != getpid())
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
	pthread_mutex_lock(&module->lock);
	if (--module->active == 0)
		pthread_cond_broadcast(&module->changed);
	pthread_mutex_unlock(&module->lock);
}

/*
 * PKCS#11 2.40 §5.4: callbacks come all or none, and nothing is reserved. We lock with the
 * system's own mutexes whatever is asked, which every program so far is content with.
 */
static CK_RV check_arguments(const CK_C_INITIALIZE_ARGS *arguments)
{
	int callbacks;

	if (arguments == NULL)
		return CKR_OK;
	callbacks = (arguments->CreateMutex != NULL) + (arguments->DestroyMutex != NULL) +
		    (arguments->LockMutex != NULL) + (arguments->UnlockMutex != NULL);
	if (arguments->pReserved != NULL || (callbacks != 0 && callbacks != 4))
		return CKR_ARGUMENTS_BAD;
	return CKR_OK;
}

/* With the lock held. */
static CK_RV start(struct jpki_module *module)
{
	CK_RV rv = CKR_HOST_MEMORY;

	jpki_log_open();
	module->config = jpki_config_load();
	module->transport = jpki_module_make_transport();
	if (module->transport == NULL)
		return rv;
	rv = jpki_slot_table_init(module);
	if (rv != CKR_OK) {
		module->transport->ops->destroy(module->transport);
		module->transport = NULL;
		return rv;
	}
	module->state = JPKI_MODULE_RUNNING;
	return CKR_OK;
}

/* The module of this process, locked, when no C_Finalize is under way; NULL without memory. */
static struct jpki_module *lock_module(void)
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

CK_RV jpki_module_initialize(const CK_C_INITIALIZE_ARGS *arguments)
{
	CK_RV rv = check_arguments(arguments);
	struct jpki_module *module;

	if (rv != CKR_OK)
		return rv;
	module = lock_module();
	if (module == NULL)
		return CKR_HOST_MEMORY;
	rv = module->state == JPKI_MODULE_RUNNING ? CKR_CRYPTOKI_ALREADY_INITIALIZED
						  : start(module);
	pthread_mutex_unlock(&module->lock);
	if (rv == CKR_OK && jpki_module_enter(&module) == CKR_OK) {
		jpki_slots_first_look(module);
		jpki_module_leave(module);
	}
	return rv;
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

/*
 * With the lock held: waits until no call is inside, and ends those that wait for a card. False
 * when one does not come out, because another program keeps it from its card or because it is
 * this very thread that is inside (exit from a signal handler).
 */
static bool drain(struct jpki_module *module)
{
	for (int round = 0; module->active > 0 && round < FINALIZE_ROUNDS; round++) {
		pthread_mutex_unlock(&module->lock);
		module->transport->ops->cancel(module->transport);
		pthread_mutex_lock(&module->lock);
		if (module->active == 0)
			break;
		jpki_module_wait_locked(module, FINALIZE_NUDGE_MS);
	}
	return module->active == 0;
}

/* Nobody is inside and nobody comes in: lets go of everything, without the lock. */
static void tear_down(struct jpki_module *module)
{
	jpki_session_table_clear(&module->sessions);
	jpki_slot_table_clear(&module->slots);
	module->transport->ops->destroy(module->transport);
	module->transport = NULL;
}

CK_RV jpki_module_finalize(void)
{
	struct jpki_module *module = atomic_load(&current);
	CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;

	if (module == NULL || module->pid != getpid())
		return rv;
	pthread_mutex_lock(&module->lock);
	if (module->state != JPKI_MODULE_RUNNING)
		goto out;
	module->state = JPKI_MODULE_STOPPING;
	pthread_cond_broadcast(&module->changed);
	rv = CKR_OK;
	if (!drain(module)) {
		/* What is in use can't be freed. Its logins end, and it is left to whoever is
		 * inside; the next C_Initialize begins with a module of its own. */
		jpki_log(JPKI_LOG_WARNING, "module: finalized while a call is still inside");
		jpki_slot_table_revoke(&module->slots);
		atomic_store(&current, NULL);
		module->state = JPKI_MODULE_ABANDONED;
		pthread_cond_broadcast(&module->changed);
		goto out;
	}
	pthread_mutex_unlock(&module->lock);
	tear_down(module);
	pthread_mutex_lock(&module->lock);
	module->state = JPKI_MODULE_STOPPED;
	pthread_cond_broadcast(&module->changed);
out:
	pthread_mutex_unlock(&module->lock);
	return rv;
}

void jpki_fill_text(CK_UTF8CHAR *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length > size) {
		length = size;
		/* Not into the middle of a UTF-8 character: its later bytes begin with 10. */
		while (length > 0 && ((unsigned char)text[length] & 0xc0U) == 0x80U)
			length--;
	}
	memset(field, ' ', size);
	memcpy(field, text, length);
}

CK_RV jpki_module_info(CK_VERSION version, CK_INFO *info)
{
	const char *minor = strchr(PACKAGE_VERSION, '.');

	memset(info, 0, sizeof(*info));
	info->cryptokiVersion = version;
	jpki_fill_text(info->manufacturerID, sizeof(info->manufacturerID), "jpki-pkcs11");
	jpki_fill_text(info->libraryDescription, sizeof(info->libraryDescription),
		       jpki_product.description);
	info->libraryVersion.major = (CK_BYTE)atoi(PACKAGE_VERSION);
	info->libraryVersion.minor = (CK_BYTE)(minor != NULL ? atoi(minor + 1) : 0);
	return CKR_OK;
}
