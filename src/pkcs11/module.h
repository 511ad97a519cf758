/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module: holds the module's state in this process, and counts the calls that are inside. Lock
 * order: poll_lock before lock; neither is held while a card is used.
 */
#ifndef JPKI_PKCS11_MODULE_H
#define JPKI_PKCS11_MODULE_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "pkcs11/session_table.h"
#include "pkcs11/slot_table.h"
#include "pkcs11v3.h"

enum jpki_module_state {
	JPKI_MODULE_STOPPED,
	JPKI_MODULE_RUNNING,
	JPKI_MODULE_STOPPING,  /* C_Finalize waits for the calls that are inside */
	JPKI_MODULE_ABANDONED, /* it waited in vain: left to the call that is inside */
};

struct jpki_module {
	pid_t pid;              /* the process it was made in */
	pthread_mutex_t lock;   /* guards what follows; held for microseconds */
	pthread_cond_t changed; /* active fell to 0, or the state changed */
	enum jpki_module_state state;
	unsigned int active; /* calls inside */
	struct jpki_slot_table slots;
	struct jpki_session_table sessions;
	/* One look at the readers at a time, so that they stay in order; guards what it sees. */
	pthread_mutex_t poll_lock;
	struct jpki_reader_list look;
	struct jpki_module *older; /* of an abandoned one: the one that was abandoned before it */
};

/*
 * Enter the module for one call: CKR_OK and *module, which the caller leaves with
 * jpki_module_leave, or CKR_CRYPTOKI_NOT_INITIALIZED, which a child after fork gets, too.
 */
CK_RV jpki_module_enter(struct jpki_module **module);
void jpki_module_leave(struct jpki_module *module);

/* Return whether C_Finalize has begun: long work ends then. Not with the lock held. */
bool jpki_module_is_stopping(struct jpki_module *module);

/* Return the module of this process, initialised or not; NULL if it has made none yet. */
struct jpki_module *jpki_module_current(void);

/*
 * Lock the module of this process and return it, after any C_Finalize that is under way; make it
 * if there is none. NULL without memory.
 */
struct jpki_module *jpki_module_lock(void);

/*
 * With the lock held: leave the module to the calls that do not come out. It is never freed, and
 * the next C_Initialize makes another.
 */
void jpki_module_abandon(struct jpki_module *module);

/* With the lock held: wait for a change of the module's state, at most this long. */
void jpki_module_wait_locked(struct jpki_module *module, long milliseconds);

#endif
