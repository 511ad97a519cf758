/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The module as a whole: whether it is initialised, in which process, and what it owns. Lock
 * order: poll_lock before lock, and neither is held while a card is used.
 */
#ifndef JPKI_PKCS11_MODULE_H
#define JPKI_PKCS11_MODULE_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/config.h"
#include "card/transport.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"
#include "pkcs11v3.h"

enum jpki_module_state {
	JPKI_MODULE_STOPPED,
	JPKI_MODULE_RUNNING,
	JPKI_MODULE_STOPPING,  /* C_Finalize waits for the calls that are under way */
	JPKI_MODULE_ABANDONED, /* it waited in vain: left to the call that is inside */
};

struct jpki_module {
	pid_t pid;              /* the process it was initialised in */
	pthread_mutex_t lock;   /* guards what follows: microseconds */
	pthread_cond_t changed; /* active fell to 0, or the state changed */
	enum jpki_module_state state;
	unsigned int active; /* calls inside */
	struct jpki_config config;
	struct jpki_transport *transport;
	struct jpki_slot_table slots;
	struct jpki_session_table sessions;
	pthread_mutex_t
		poll_lock; /* one look at the readers at a time, so that they stay in order */
};

/*
 * Enters the module for one call: CKR_OK and *module, to be left again by jpki_module_leave, or
 * CKR_CRYPTOKI_NOT_INITIALIZED, which is also the answer in a child after fork.
 */
CK_RV jpki_module_enter(struct jpki_module **module);
void jpki_module_leave(struct jpki_module *module);

/* With the lock held: waits for a change of the module's state, but not longer than so long. */
void jpki_module_wait_locked(struct jpki_module *module, long milliseconds);

/* C_Initialize and C_Finalize (PKCS#11 2.40 §5.4). */
CK_RV jpki_module_initialize(const CK_C_INITIALIZE_ARGS *arguments);
CK_RV jpki_module_finalize(void);

/* C_GetInfo, of the function list of the given version. */
CK_RV jpki_module_info(CK_VERSION version, CK_INFO *info);

/* Makes the transport at C_Initialize: PC/SC. Tests put a virtual card in its place. */
extern struct jpki_transport *(*jpki_module_make_transport)(void);

/* Fills a field of the standard's info structures: text, then blanks, no zero. Text that is too
 * long is cut before the character that does not fit. */
void jpki_fill_text(CK_UTF8CHAR *field, size_t size, const char *text);

#endif
