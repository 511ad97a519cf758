/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_module_pool: blocks are signed by several calls at once, each in a session of its
 * own, none is begun after one that failed, and no wait ends the process while one is under way. */
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/card/module_key_state.h"
#include "app/card/module_pool.h"
#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"

#define BLOCKS      20
#define OWN_SESSION 99
/* So many signatures, each of which takes so long, take longer than a silence. */
#define SLOW    3
#define SLOW_US 1500000

/* A module that answers to the blocks' first bytes. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	CK_ULONG opened, closed, sessions_max;
	bool replaced; /* the card has left since the key was found, and another may be there */
	bool busy[64];
	unsigned inside, most_inside;
	unsigned gather;     /* so many calls must be inside before one returns */
	unsigned char fails; /* the block with this first byte; 0: none */
	unsigned signed_count;
	unsigned before_first; /* so many are signed before the first block is */
	unsigned char slow;  /* so many blocks are signed one after the other, the last one first */
	unsigned char held;  /* from this block on the module waits for the card; 0: never */
	bool interrupts;     /* a signal comes while it waits */
	bool foreign;        /* it is another module, which soon has the card */
	bool busy_elsewhere; /* the wait is a long exchange, which is not ended */
	unsigned finalized;
} module = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static unsigned turns;

void turn_await(const char *description)
{
	assert_string_equal(description, "a reader");
	/* This wait may end the process. */
	pthread_mutex_lock(&module.lock);
	assert_int_equal(module.inside, 0);
	pthread_mutex_unlock(&module.lock);
	turns++;
}

unsigned long PKCS11_get_slotid_from_slot(PKCS11_SLOT *slot)
{
	(void)slot;
	return 7;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
			  CK_SESSION_HANDLE *session)
{
	(void)application;
	(void)notify;
	if (slot != 7 || flags != CKF_SERIAL_SESSION || module.opened == module.sessions_max)
		return CKR_SESSION_COUNT;
	*session = ++module.opened;
	return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	(void)session;
	module.closed++;
	return CKR_OK;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	CK_RV rv = CKR_OK;

	pthread_mutex_lock(&module.lock);
	if (mechanism->mechanism != CKM_RSA_PKCS || key != 5 || module.busy[session])
		rv = CKR_OPERATION_ACTIVE;
	module.busy[session] = true;
	pthread_mutex_unlock(&module.lock);
	return rv;
}

/* Wait for the card as the module does: until it has it, or is told to stop. The lock is held. */
static CK_RV wait_for_card(unsigned char block)
{
	if (module.interrupts)
		kill(getpid(), SIGINT);
	module.interrupts = false;
	while (module.held != 0 && block >= module.held && module.finalized == 0)
		pthread_cond_wait(&module.changed, &module.lock);
	while (block == 1 && module.signed_count < module.before_first && module.finalized == 0)
		pthread_cond_wait(&module.changed, &module.lock);
	while (module.slow != 0 && module.signed_count != (unsigned)(module.slow - block))
		pthread_cond_wait(&module.changed, &module.lock);
	if (module.slow != 0)
		usleep(SLOW_US);
	return module.finalized > 0 && !module.busy_elsewhere ? CKR_CRYPTOKI_NOT_INITIALIZED
							      : CKR_OK;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG length, CK_BYTE *signature,
		  CK_ULONG *signature_length)
{
	bool fails;
	CK_RV rv;

	pthread_mutex_lock(&module.lock);
	fails = module.fails != 0 && data[0] == module.fails;
	module.inside++;
	if (module.inside > module.most_inside)
		module.most_inside = module.inside;
	pthread_cond_broadcast(&module.changed);
	while (module.most_inside < module.gather)
		pthread_cond_wait(&module.changed, &module.lock);
	rv = wait_for_card(data[0]);
	module.inside--;
	module.busy[session] = false;
	module.signed_count++;
	pthread_cond_broadcast(&module.changed);
	pthread_mutex_unlock(&module.lock);
	if (rv != CKR_OK)
		return rv;
	if (fails)
		return CKR_DEVICE_REMOVED;
	assert_true(*signature_length >= length);
	memcpy(signature, data, length);
	*signature_length = length;
	return CKR_OK;
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
	(void)info;
	return session == OWN_SESSION && !module.replaced ? CKR_OK : CKR_SESSION_HANDLE_INVALID;
}

static CK_RV get_info(CK_INFO *info)
{
	memset(info, ' ', sizeof(*info));
	memcpy(info->manufacturerID, module.foreign ? "PKCS#11 Kit" : "jpki-pkcs11", 11);
	pthread_mutex_lock(&module.lock);
	if (module.foreign)
		module.held = 0;
	pthread_cond_broadcast(&module.changed);
	pthread_mutex_unlock(&module.lock);
	return CKR_OK;
}

static CK_RV finalize(void *reserved)
{
	assert_null(reserved);
	pthread_mutex_lock(&module.lock);
	module.finalized++;
	pthread_cond_broadcast(&module.changed);
	pthread_mutex_unlock(&module.lock);
	return CKR_OK;
}

static CK_FUNCTION_LIST functions = {.C_GetInfo = get_info,
				     .C_Finalize = finalize,
				     .C_OpenSession = open_session,
				     .C_CloseSession = close_session,
				     .C_GetSessionInfo = get_session_info,
				     .C_SignInit = sign_init,
				     .C_Sign = sign};
static char description[] = "a reader";
static PKCS11_SLOT slot = {.description = description};
static struct module_key_state state;
static struct module_key key;
static struct module_block blocks[BLOCKS];
static struct module_block *pointers[BLOCKS];

static int set_up(void **unused)
{
	(void)unused;
	state = (struct module_key_state){
		.functions = &functions, .object = 5, .key = JPKI_KEY_SIGN};
	state.slot = &slot;
	state.session = OWN_SESSION;
	key = (struct module_key){.state = &state};
	memset(blocks, 0, sizeof(blocks));
	for (size_t i = 0; i < BLOCKS; i++) {
		blocks[i].bytes[0] = (unsigned char)(i + 1);
		blocks[i].length = 1 + i;
		pointers[i] = &blocks[i];
	}
	module.opened = module.closed = 0;
	module.sessions_max = 63;
	memset(module.busy, 0, sizeof(module.busy));
	module.most_inside = module.gather = module.signed_count = module.before_first = 0;
	module.fails = module.slow = module.held = 0;
	module.replaced = module.interrupts = module.foreign = module.busy_elsewhere = false;
	module.finalized = 0;
	patience_set_limit(1);
	turns = 0;
	return 0;
}

static void test_pool_at_once(void **unused)
{
	struct module_pool *pool = module_pool_begin(&key);

	(void)unused;
	assert_non_null(pool);
	module.gather = MODULE_POOL_SIZE;
	module_pool_add(pool, pointers, BLOCKS);
	for (size_t i = 0; i < BLOCKS; i++) {
		assert_int_equal(module_pool_await(pool, &blocks[i]), SITUATION_NONE);
		assert_int_equal(blocks[i].signature_length, blocks[i].length);
		assert_memory_equal(blocks[i].signature, blocks[i].bytes, blocks[i].length);
	}
	module_pool_end(pool);
	assert_int_equal(module.most_inside, MODULE_POOL_SIZE);
	assert_int_equal(module.opened, MODULE_POOL_SIZE);
	assert_int_equal(module.closed, MODULE_POOL_SIZE);
	/* Only before the first: nobody could be in the way of the others. */
	assert_int_equal(turns, 1);
}

/* Whoever has its signature does not wait for the others before it takes the next block. */
static void test_pool_goes_on(void **unused)
{
	struct module_pool *pool = module_pool_begin(&key);

	(void)unused;
	assert_non_null(pool);
	module.before_first = BLOCKS - 1;
	module_pool_add(pool, pointers, BLOCKS);
	for (size_t i = 0; i < BLOCKS; i++)
		assert_int_equal(module_pool_await(pool, &blocks[i]), SITUATION_NONE);
	module_pool_end(pool);
	assert_int_equal(module.signed_count, BLOCKS);
	assert_int_equal(module.finalized, 0);
}

/* With one session they are signed one after the other, and nothing after the one that fails. */
static void test_pool_fails(void **unused)
{
	struct module_pool *pool;

	(void)unused;
	module.sessions_max = 1;
	module.fails = 4;
	pool = module_pool_begin(&key);
	assert_non_null(pool);
	module_pool_add(pool, pointers, BLOCKS);
	for (size_t i = 0; i < BLOCKS; i++)
		assert_int_equal(module_pool_await(pool, &blocks[i]),
				 i < 3    ? SITUATION_NONE
				 : i == 3 ? SITUATION_REMOVED
					  : SITUATION_CANCELLED);
	module_pool_end(pool);
	assert_int_equal(module.signed_count, 4);
	assert_int_equal(module.closed, 1);
}

static void test_pool_none(void **unused)
{
	(void)unused;
	module.sessions_max = 0;
	assert_null(module_pool_begin(&key));
	module.sessions_max = 63;
	state.wants_each = true;
	assert_null(module_pool_begin(&key));
	assert_int_equal(module.opened, 0);
	module_pool_end(NULL);
}

/* Sign all blocks while another program keeps the card from the ninth on. */
static void sign_while_held(enum situation rest)
{
	struct module_pool *pool = module_pool_begin(&key);

	assert_non_null(pool);
	module.held = MODULE_POOL_SIZE + 1;
	module_pool_add(pool, pointers, MODULE_POOL_SIZE);
	/* What was made is still to be written: nothing is waited for that may end the process. */
	while (module.signed_count < MODULE_POOL_SIZE)
		usleep(1000);
	module_pool_add(pool, pointers + MODULE_POOL_SIZE, BLOCKS - MODULE_POOL_SIZE);
	for (size_t i = 0; i < BLOCKS; i++)
		assert_int_equal(module_pool_await(pool, &blocks[i]),
				 i < MODULE_POOL_SIZE ? SITUATION_NONE : rest);
	module_pool_end(pool);
	assert_int_equal(turns, 1);
}

static void test_pool_held(void **unused)
{
	(void)unused;
	sign_while_held(SITUATION_CARD_HELD);
	assert_int_equal(module.finalized, 1);
}

/* It was no wait for the card, but our own exchange: it is finished, and so is what comes after. */
static void test_pool_hangs(void **unused)
{
	(void)unused;
	module.busy_elsewhere = true;
	sign_while_held(SITUATION_NONE);
	assert_int_equal(module.finalized, 1);
}

/* Nobody knows what C_Finalize of another module does to a call that is inside. */
static void test_pool_foreign(void **unused)
{
	(void)unused;
	module.foreign = true;
	sign_while_held(SITUATION_NONE);
	assert_int_equal(module.finalized, 0);
}

/* As long as others are signed the card is ours, however long one takes. */
static void test_pool_slow(void **unused)
{
	struct module_pool *pool = module_pool_begin(&key);

	(void)unused;
	assert_non_null(pool);
	module.slow = SLOW;
	module_pool_add(pool, pointers, SLOW);
	for (size_t i = 0; i < SLOW; i++)
		assert_int_equal(module_pool_await(pool, &blocks[i]), SITUATION_NONE);
	module_pool_end(pool);
	assert_int_equal(module.finalized, 0);
}

/* Last: a signal stays noted. */
static void test_pool_interrupted(void **unused)
{
	struct module_pool *pool = module_pool_begin(&key);

	(void)unused;
	patience_set_limit(PATIENCE_SECONDS_MAX);
	signals_note();
	module.interrupts = true;
	module.held = 1;
	assert_non_null(pool);
	module_pool_add(pool, pointers, BLOCKS);
	for (size_t i = 0; i < BLOCKS; i++)
		assert_int_equal(module_pool_await(pool, &blocks[i]), SITUATION_CANCELLED);
	module_pool_end(pool);
	assert_int_equal(module.finalized, 1);
}

/* The sessions would be with another insertion of the card than the login. */
static void test_pool_replaced(void **unused)
{
	(void)unused;
	module.replaced = true;
	assert_null(module_pool_begin(&key));
	assert_int_equal(module.closed, module.opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pool_at_once, set_up),
		cmocka_unit_test_setup(test_pool_goes_on, set_up),
		cmocka_unit_test_setup(test_pool_fails, set_up),
		cmocka_unit_test_setup(test_pool_none, set_up),
		cmocka_unit_test_setup(test_pool_replaced, set_up),
		cmocka_unit_test_setup(test_pool_held, set_up),
		cmocka_unit_test_setup(test_pool_hangs, set_up),
		cmocka_unit_test_setup(test_pool_foreign, set_up),
		cmocka_unit_test_setup(test_pool_slow, set_up),
		cmocka_unit_test_setup(test_pool_interrupted, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
