/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* general: does the work of C_Initialize, C_Finalize and C_GetInfo (PKCS#11 2.40 §5.4). */
#include "pkcs11/general.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/log.h"
#include "card/pcsc.h"
#include "pkcs11/module.h"
#include "pkcs11/product.h"
#include "pkcs11/slot.h"
#include "pkcs11/text.h"

/* The time between two attempts of C_Finalize to wake the calls that wait for a card. */
#define FINALIZE_NUDGE_MS 50
struct jpki_transport *(*jpki_module_make_transport)(void) = jpki_pcsc_new;
unsigned int jpki_module_finalize_rounds = 200;

/*
 * PKCS#11 2.40 §5.4: the callbacks are all given or none, and pReserved is NULL. The callbacks are
 * not used: the module locks with the system's own mutexes, which suits every program so far.
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

/* With the lock held and the configuration read: make the module run. CKR_HOST_MEMORY. */
static CK_RV start_with(struct jpki_module *module, const struct jpki_config *config)
{
	struct jpki_transport *transport = jpki_module_make_transport();
	CK_RV rv;

	if (transport == NULL)
		return CKR_HOST_MEMORY;
	jpki_pcsc_limit_wait(transport, config->card_wait_seconds);
	rv = jpki_slot_table_init(&module->slots, transport, config);
	if (rv == CKR_OK)
		module->state = JPKI_MODULE_RUNNING;
	return rv;
}

/* With the lock held: read the configuration and make the module run. CKR_HOST_MEMORY. */
static CK_RV start(struct jpki_module *module)
{
	/* Too large for the stack of a small thread. */
	struct jpki_config *config = malloc(sizeof(*config));
	CK_RV rv = CKR_HOST_MEMORY;

	jpki_log_open();
	if (config != NULL && jpki_config_read(config) == JPKI_OK)
		rv = start_with(module, config);
	free(config);
	return rv;
}

CK_RV jpki_module_initialize(const CK_C_INITIALIZE_ARGS *arguments)
{
	CK_RV rv = check_arguments(arguments);
	struct jpki_module *module;

	if (rv != CKR_OK)
		return rv;
	module = jpki_module_lock();
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

/*
 * With the lock held: wake the calls that wait for a card, and wait until no call is inside. False
 * if one does not come out, because another program keeps it from its card, or because this very
 * thread is inside (exit from a signal handler).
 */
static bool drain(struct jpki_module *module)
{
	struct jpki_transport *transport = module->slots.readers.transport;

	for (unsigned int round = 0; module->active > 0 && round < jpki_module_finalize_rounds;
	     round++) {
		pthread_mutex_unlock(&module->lock);
		transport->ops->cancel(transport);
		pthread_mutex_lock(&module->lock);
		if (module->active == 0)
			break;
		jpki_module_wait_locked(module, FINALIZE_NUDGE_MS);
	}
	return module->active == 0;
}

/*
 * With the lock, and release it: a call does not come out, and what is in use can't be freed. End
 * the logins and leave all to the call that is inside. The next C_Initialize makes another module.
 */
static void give_up(struct jpki_module *module)
{
	jpki_log(JPKI_LOG_WARNING, "module: finalized while a call is still inside");
	jpki_session_table_clear(&module->sessions);
	jpki_slot_table_abandon(&module->slots);
	jpki_module_abandon(module);
	pthread_mutex_unlock(&module->lock);
}

/* Without the lock: free everything. No call is inside, and none can enter. */
static void tear_down(struct jpki_module *module)
{
	jpki_session_table_clear(&module->sessions);
	jpki_slot_table_clear(&module->slots);
}

CK_RV jpki_module_finalize(void)
{
	struct jpki_module *module = jpki_module_current();
	CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;

	if (module == NULL)
		return rv;
	pthread_mutex_lock(&module->lock);
	if (module->state != JPKI_MODULE_RUNNING)
		goto out;
	module->state = JPKI_MODULE_STOPPING;
	pthread_cond_broadcast(&module->changed);
	rv = CKR_OK;
	if (!drain(module)) {
		give_up(module);
		return rv;
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
