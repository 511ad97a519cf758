/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_pool: signs several blocks at once with a key behind a module, each by a C_Sign of its own
 * in a thread of its own. Our module serves those that wait for one card together.
 */
#ifndef JPKI_APP_CARD_MODULE_POOL_H
#define JPKI_APP_CARD_MODULE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "app/card/module_key.h"

/* How many signatures the module is asked for at once; our module makes as many in one visit to the
 * card. */
#define MODULE_POOL_SIZE 8

struct module_pool;

/*
 * Begin to sign with a key that is logged in. key must outlast the pool, and signs nothing else
 * meanwhile but what module_key_redirect says. The caller ends the pool with module_pool_end. NULL:
 * the key requires the PIN for each signature, the card has left since the login, or no thread or
 * session can be had.
 */
struct module_pool *module_pool_begin(struct module_key *key);

/*
 * Have these blocks signed, in this order but for those that are signed at once. Each must last
 * until module_pool_await has returned for it. If no block is still to be awaited, wait for our
 * turn at the card first, see app/card/turn.h. After a signal was noted or while one is held back
 * (app/host/signals.h), or after a signature that was not made, no other one is begun.
 */
void module_pool_add(struct module_pool *pool, struct module_block *const *blocks, size_t count);

/*
 * Wait until a block is signed, or will not be. SITUATION_NONE: its signature is there; else why
 * there is none, and SITUATION_CANCELLED of a block that was not begun. The wait is one of
 * app/ui/patience.h, and never ends the process, because a PIN or a signature may be on its way.
 * If nothing is signed until the limit, or for seconds after a signal was noted, our own module is
 * told to stop: what only waits for the card is not signed then, for the reason that patience.h
 * gives or SITUATION_CANCELLED, and the module serves no other call.
 */
enum situation module_pool_await(struct module_pool *pool, struct module_block *block);

/* End the threads and sessions, once all blocks were awaited. NULL is allowed. */
void module_pool_end(struct module_pool *pool);

#endif
