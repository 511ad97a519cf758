/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_module_pool: blocks are signed by several calls at once, each in a session of its
 * own, and none is begun after one that failed. */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "app/card/module_key_state.h"
#include "app/card/module_pool.h"
#include "app/card/turn.h"

#define BLOCKS 20

/* A module that answers to the blocks' first bytes. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	CK_ULONG opened, closed, sessions_max;
	bool busy[64];
	unsigned inside, most_inside;
	unsigned gather;     /* so many calls must be inside before one returns */
	unsigned char fails; /* the block with this first byte; 0: none */
	unsigned signed_count;
} module = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static unsigned turns;

void turn_await(const char *description)
{
	assert_string_equal(description, "a reader");
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

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG length, CK_BYTE *signature,
		  CK_ULONG *signature_length)
{
	bool fails;

	pthread_mutex_lock(&module.lock);
	fails = module.fails != 0 && data[0] == module.fails;
	module.inside++;
	if (module.inside > module.most_inside)
		module.most_inside = module.inside;
	pthread_cond_broadcast(&module.changed);
	while (module.most_inside < module.gather)
		pthread_cond_wait(&module.changed, &module.lock);
	module.inside--;
	module.busy[session] = false;
	module.signed_count++;
	pthread_mutex_unlock(&module.lock);
	if (fails)
		return CKR_DEVICE_REMOVED;
	assert_true(*signature_length >= length);
	memcpy(signature, data, length);
	*signature_length = length;
	return CKR_OK;
}

static CK_FUNCTION_LIST functions = {.C_OpenSession = open_session,
				     .C_CloseSession = close_session,
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
	state.halves[JPKI_KEY_SIGN].slot = &slot;
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
	module.most_inside = module.gather = module.signed_count = 0;
	module.fails = 0;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pool_at_once, set_up),
		cmocka_unit_test_setup(test_pool_fails, set_up),
		cmocka_unit_test_setup(test_pool_none, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
