/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slots, tokens, mechanisms and slot events through the C_ functions, and what they cost. */
#include "module_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11/module.h"

/* Two readers, and the pair that the next one will take. */
#define SLOTS 6

#define AUTH_WORDS "利用者証明用4桁 (PIN 4 digits)"
#define SIGN_WORDS "署名用パスワード (signing password)"

/* The whole list. */
static CK_ULONG list_slots(CK_BBOOL present, CK_SLOT_ID slots[SLOTS])
{
	CK_ULONG count = SLOTS;

	assert_rv(p11->C_GetSlotList(present, slots, &count), CKR_OK);
	assert_true(count <= SLOTS);
	return count;
}

/* A description is the text and then blanks. */
static void assert_description(const CK_SLOT_INFO *info, const char *text)
{
	char padded[65];

	assert_true(strlen(text) <= 64);
	snprintf(padded, sizeof(padded), "%s%*s", text, (int)(64 - strlen(text)), "");
	assert_memory_equal(info->slotDescription, padded, 64);
}

static void test_list(void **state)
{
	CK_SLOT_ID slots[SLOTS];
	CK_ULONG count = 99;

	(void)state;
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	assert_int_equal(count, SLOTS);
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	for (CK_ULONG i = 0; i < SLOTS; i++)
		assert_int_equal(slots[i], i);
	assert_int_equal(list_slots(CK_TRUE, slots), 2);
	assert_int_equal(slots[0], MODULE_AUTH_SLOT);
	assert_int_equal(slots[1], MODULE_SIGN_SLOT);
	for (CK_ULONG room = 0; room < SLOTS; room++) {
		memset(slots, 0xFF, sizeof(slots));
		count = room;
		assert_rv(p11->C_GetSlotList(CK_FALSE, slots, &count), CKR_BUFFER_TOO_SMALL);
		assert_int_equal(count, SLOTS);
		assert_int_equal(slots[room], ~0UL); /* nothing beyond the room */
	}
	module_assert_exchanges(0);
	assert_int_equal(vcard_transport_connects(module_fixture.readers), 0);
}

/* The list only grows; a reader that was unplugged keeps its slots. */
static void test_list_grows(void **state)
{
	CK_SLOT_ID slots[SLOTS];
	CK_SLOT_INFO before, after;

	(void)state;
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	module_fixture.unplugged = true;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	assert_int_equal(list_slots(CK_FALSE, slots), 2); /* from the start, reader or not */
	assert_int_equal(list_slots(CK_TRUE, slots), 0);
	assert_rv(p11->C_GetSlotInfo(0, &before), CKR_OK);
	assert_int_equal(before.flags & CKF_TOKEN_PRESENT, 0);
	/* The first to come takes the pair, and there is another for the next. */
	vcard_transport_plug(module_fixture.readers, 1, true);
	assert_int_equal(list_slots(CK_FALSE, slots), 4);
	assert_rv(p11->C_GetSlotInfo(0, &after), CKR_OK);
	assert_description(&after, AUTH_WORDS " " MODULE_READER_B);
	vcard_transport_plug(module_fixture.readers, 0, true);
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	vcard_transport_plug(module_fixture.readers, 1, false);
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	assert_rv(p11->C_GetSlotInfo(0, &after), CKR_OK);
	assert_description(&after, AUTH_WORDS " " MODULE_READER_B);
	/* A reader that comes back takes its own slots. */
	vcard_transport_plug(module_fixture.readers, 1, true);
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	assert_int_equal(list_slots(CK_TRUE, slots), 2);
	assert_int_equal(slots[0], 2);
	assert_int_equal(slots[1], 3);
}

static void test_no_service(void **state)
{
	CK_SLOT_ID slots[SLOTS];
	CK_TOKEN_INFO info;

	(void)state;
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	vcard_transport_serve(module_fixture.readers, false);
	assert_int_equal(list_slots(CK_FALSE, slots), SLOTS);
	assert_int_equal(list_slots(CK_TRUE, slots), 0);
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_TOKEN_NOT_PRESENT);
	vcard_transport_serve(module_fixture.readers, true);
	assert_int_equal(list_slots(CK_TRUE, slots), 2);
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
}

static void test_slot_info(void **state)
{
	CK_SLOT_INFO info;
	CK_ULONG count;

	(void)state;
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	assert_rv(p11->C_GetSlotInfo(0, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetSlotInfo(SLOTS, &info), CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_GetSlotInfo(~0UL, &info), CKR_SLOT_ID_INVALID);
	memset(&info, 0xAA, sizeof(info));
	assert_rv(p11->C_GetSlotInfo(1, &info), CKR_OK);
	assert_description(&info, SIGN_WORDS " " MODULE_READER_A);
	assert_int_equal(info.manufacturerID[31], ' ');
	assert_int_equal(info.flags, CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | CKF_TOKEN_PRESENT);
	assert_rv(p11->C_GetSlotInfo(MODULE_EMPTY_SLOT, &info), CKR_OK);
	assert_int_equal(info.flags, CKF_REMOVABLE_DEVICE | CKF_HW_SLOT);
	module_assert_exchanges(0);
}

/* Start again with these readers. */
static void use_readers(const char *const *names, size_t count)
{
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	module_fixture.names = names;
	module_fixture.name_count = count;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
}

static void test_slot_descriptions(void **state)
{
	static const char *const names[] = {
		"A name of 26 bytes, 00 00.", /* as much as there is room for */
		"A name of 27 bytes,  00 00.",       "Sony FeliCa Port/PaSoRi 3.0 01 00",
		"Sony FeliCa Port/PaSoRi 3.0 02 00", "読み取り装置読み取り装置 03",
	};
	static const char *const wanted[] = {
		AUTH_WORDS " A name of 26 bytes, 00 00.",
		SIGN_WORDS " A name of ... 00 00.",
		AUTH_WORDS " A name of 27 ...s,  00 00.",
		SIGN_WORDS " A name of ... 00 00.",
		AUTH_WORDS " Sony FeliCa P... 3.0 01 00",
		SIGN_WORDS " Sony FeliC...0 01 00",
		AUTH_WORDS " Sony FeliCa P... 3.0 02 00",
		SIGN_WORDS " Sony FeliC...0 02 00",
		/* not cut inside a character */
		AUTH_WORDS " 読み取り...装置 03",
		SIGN_WORDS " 読み取...置 03",
		AUTH_WORDS " no reader yet",
		SIGN_WORDS " no reader yet",
	};
	CK_SLOT_INFO info;

	(void)state;
	use_readers(names, sizeof(names) / sizeof(names[0]));
	for (CK_ULONG i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		assert_rv(p11->C_GetSlotInfo(i, &info), CKR_OK);
		assert_description(&info, wanted[i]);
	}
}

/* The table holds so many readers; the last of them takes the spare pair. */
static void test_spare_slots(void **state)
{
	static char texts[JPKI_READERS_MAX][16];
	const char *names[JPKI_READERS_MAX];
	CK_SLOT_INFO info;
	CK_ULONG count;

	(void)state;
	for (size_t i = 0; i < JPKI_READERS_MAX; i++) {
		snprintf(texts[i], sizeof(texts[i]), "reader %zu", i);
		names[i] = texts[i];
	}
	for (size_t readers = JPKI_READERS_MAX - 2; readers <= JPKI_READERS_MAX; readers++) {
		size_t pairs = readers < JPKI_READERS_MAX ? readers + 1 : readers;

		use_readers(names, readers);
		assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
		assert_int_equal(count, 2 * pairs);
		assert_rv(p11->C_GetSlotInfo(count, &info), CKR_SLOT_ID_INVALID);
		assert_rv(p11->C_GetSlotInfo(count - 1, &info), CKR_OK);
		assert_description(&info, readers < JPKI_READERS_MAX ? SIGN_WORDS " no reader yet"
								     : SIGN_WORDS " reader 31");
	}
}

/* A field of the standard's structures: the text, then blanks. */
static void assert_field(const CK_UTF8CHAR *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	assert_true(length <= size);
	assert_memory_equal(field, text, length);
	for (size_t i = length; i < size; i++)
		assert_int_equal(field[i], ' ');
}

static void test_token_info(void **state)
{
	static const CK_FLAGS flags = CKF_RNG | CKF_WRITE_PROTECTED | CKF_LOGIN_REQUIRED |
				      CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
	CK_TOKEN_INFO auth, sign;

	(void)state;
	assert_rv(p11->C_GetTokenInfo(0, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetTokenInfo(77, &auth), CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &auth), CKR_OK);
	assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &sign), CKR_OK);
	assert_field(auth.label, 32, "JPKI 利用者証明用 (4桁)");
	assert_field(sign.label, 32, "JPKI 署名用 (英数6-16字)");
	assert_field(auth.manufacturerID, 32, "J-LIS");
	assert_field(auth.model, 16, "JPKI auth");
	assert_field(sign.model, 16, "JPKI sign");
	assert_memory_equal(auth.serialNumber, sign.serialNumber, 16);
	assert_field(auth.utcTime, 16, "");
	assert_int_equal(auth.flags, flags);
	assert_int_equal(sign.flags, flags);
	assert_int_equal(auth.ulMinPinLen, 4);
	assert_int_equal(auth.ulMaxPinLen, 4);
	assert_int_equal(sign.ulMinPinLen, 6);
	assert_int_equal(sign.ulMaxPinLen, 16);
	assert_int_equal(auth.ulSessionCount, 0);
	assert_true(auth.ulMaxSessionCount > 0);
	assert_int_equal(auth.ulFreePrivateMemory, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(auth.ulTotalPublicMemory, CK_UNAVAILABLE_INFORMATION);
}

static void test_token_info_without_token(void **state)
{
	CK_TOKEN_INFO info;
	CK_SLOT_INFO slot;
	CK_ULONG count;

	(void)state;
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	assert_rv(p11->C_GetTokenInfo(MODULE_EMPTY_SLOT, &info), CKR_TOKEN_NOT_PRESENT);
	module_exchange_card("foreign");
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_TOKEN_NOT_RECOGNIZED);
	unit_assert_trace(module_fixture.readers, "COMMON AP");
	assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &info), CKR_TOKEN_NOT_RECOGNIZED);
	unit_assert_trace(module_fixture.readers, "COMMON AP");
	module_exchange_card("child-bare");
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &info), CKR_TOKEN_NOT_PRESENT);
	assert_rv(p11->C_GetSlotInfo(MODULE_SIGN_SLOT, &slot), CKR_OK);
	assert_int_equal(slot.flags & CKF_TOKEN_PRESENT, 0);
	assert_rv(p11->C_GetSlotInfo(MODULE_AUTH_SLOT, &slot), CKR_OK);
	assert_int_equal(slot.flags & CKF_TOKEN_PRESENT, CKF_TOKEN_PRESENT);
}

/* Browsers ask these all the time: the card must not notice. */
static void test_polling_is_free(void **state)
{
	CK_SESSION_HANDLE session;
	CK_SESSION_INFO session_info;
	CK_TOKEN_INFO token;
	CK_SLOT_INFO slot;
	CK_SLOT_ID slots[SLOTS];

	(void)state;
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &token), CKR_OK);
	module_assert_exchanges(6); /* a new card: identity, generation, flags */
	assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &token), CKR_OK);
	module_assert_exchanges(6 + 3);
	session = module_open_user(MODULE_AUTH_SLOT);
	vcard_transport_forget(module_fixture.readers);
	for (int i = 0; i < 10; i++) {
		list_slots(CK_TRUE, slots);
		assert_rv(p11->C_GetSlotInfo(MODULE_AUTH_SLOT, &slot), CKR_OK);
		assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &token), CKR_OK);
		assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &token), CKR_OK);
		assert_rv(p11->C_GetSessionInfo(session, &session_info), CKR_OK);
	}
	module_assert_exchanges(0);
}

static void test_mechanism_list(void **state)
{
	static const CK_MECHANISM_TYPE wanted[] = {CKM_RSA_PKCS,        CKM_SHA1_RSA_PKCS,
						   CKM_SHA224_RSA_PKCS, CKM_SHA256_RSA_PKCS,
						   CKM_SHA384_RSA_PKCS, CKM_SHA512_RSA_PKCS,
						   CKM_RSA_PKCS_PSS,    CKM_SHA256_RSA_PKCS_PSS,
						   CKM_SHA_1,           CKM_SHA224,
						   CKM_SHA256,          CKM_SHA384,
						   CKM_SHA512};
	CK_MECHANISM_TYPE list[20];
	CK_ULONG count = 0;
	CK_ULONG room;

	(void)state;
	assert_rv(p11->C_GetMechanismList(0, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetMechanismList(9, NULL, &count), CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_GetMechanismList(0, NULL, &count), CKR_OK);
	assert_int_equal(count, sizeof(wanted) / sizeof(wanted[0]));
	room = count - 1;
	assert_rv(p11->C_GetMechanismList(0, list, &room), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(room, count);
	room = 20;
	assert_rv(p11->C_GetMechanismList(0, list, &room), CKR_OK);
	assert_int_equal(room, count);
	for (size_t i = 0; i < count; i++) {
		bool found = false;

		for (size_t j = 0; j < count; j++)
			found = found || list[j] == wanted[i];
		assert_true(found);
	}
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &room), CKR_OK);
	assert_rv(p11->C_GetMechanismList(MODULE_EMPTY_SLOT, NULL, &room), CKR_TOKEN_NOT_PRESENT);
}

/* What is said of a mechanism, and that nothing here decrypts. */
static void test_mechanism_info(void **state)
{
	static const CK_MECHANISM_TYPE absent[] = {CKM_RSA_X_509, CKM_RSA_PKCS_OAEP,
						   CKM_MD5,       CKM_RSA_PKCS_KEY_PAIR_GEN,
						   CKM_ECDSA,     ~0UL};
	CK_MECHANISM_TYPE list[20];
	CK_ULONG count = 20;
	CK_MECHANISM_INFO info;

	(void)state;
	assert_rv(p11->C_GetMechanismInfo(0, CKM_RSA_PKCS, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetMechanismInfo(9, CKM_RSA_PKCS, &info), CKR_SLOT_ID_INVALID);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_rv(p11->C_GetMechanismInfo(0, absent[i], &info), CKR_MECHANISM_INVALID);
	assert_rv(p11->C_GetMechanismList(0, list, &count), CKR_OK);
	for (CK_ULONG i = 0; i < count; i++) {
		assert_rv(p11->C_GetMechanismInfo(0, list[i], &info), CKR_OK);
		if ((info.flags & CKF_SIGN) != 0) {
			assert_int_equal(info.flags, CKF_HW | CKF_SIGN | CKF_VERIFY);
			assert_int_equal(info.ulMinKeySize, 2048);
			assert_int_equal(info.ulMaxKeySize, 2048);
		} else {
			assert_int_equal(info.flags & ~(CK_FLAGS)CKF_HW, CKF_DIGEST);
		}
	}
}

static void drain_events(void)
{
	CK_SLOT_ID slot;
	CK_RV rv;
	int count = 0;

	do
		rv = p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
	while (rv == CKR_OK && count++ < 10);
	assert_rv(rv, CKR_NO_EVENT);
}

static void test_event_poll(void **state)
{
	CK_SLOT_ID slot = 99;
	bool seen[4] = {false};

	(void)state;
	assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, &slot), CKR_ARGUMENTS_BAD);
	drain_events();
	for (int i = 0; i < 2; i++) { /* removal, then insertion: one event for each slot */
		if (i == 0)
			vcard_transport_remove(module_fixture.readers, 0);
		else
			vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
		memset(seen, 0, sizeof(seen));
		for (int j = 0; j < 2; j++) {
			assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
			assert_true(slot < 2);
			seen[slot] = true;
		}
		assert_true(seen[0] && seen[1]);
		assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
	}
	module_assert_exchanges(0);
}

struct waiter {
	CK_RV rv;
	CK_SLOT_ID slot;
};

static void *wait_for_event(void *context)
{
	struct waiter *waiter = context;

	waiter->rv = p11->C_WaitForSlotEvent(0, &waiter->slot, NULL);
	return NULL;
}

static void test_event_wait(void **state)
{
	const struct timespec time = {0, 50000000L};
	struct waiter waiter = {CKR_GENERAL_ERROR, 99};
	pthread_t thread;

	(void)state;
	drain_events();
	assert_int_equal(pthread_create(&thread, NULL, wait_for_event, &waiter), 0);
	nanosleep(&time, NULL);
	unit_card_open(&module_fixture.second, "second", NULL);
	vcard_transport_insert(module_fixture.readers, 1, module_fixture.second.card);
	pthread_join(thread, NULL);
	assert_rv(waiter.rv, CKR_OK);
	assert_true(waiter.slot == 2 || waiter.slot == 3);
}

static void *insert_and_poll(void *context)
{
	CK_ULONG count;

	(void)context;
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	for (int i = 0; i < 20; i++)
		p11->C_GetSlotList(CK_FALSE, NULL, &count);
	return NULL;
}

/* A look by another thread must not swallow the event: each insertion wakes who waits. */
static void test_event_is_not_lost(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct waiter waiter = {CKR_GENERAL_ERROR, 99};
		pthread_t waiting, polling;

		vcard_transport_remove(module_fixture.readers, 0);
		drain_events();
		assert_int_equal(pthread_create(&waiting, NULL, wait_for_event, &waiter), 0);
		assert_int_equal(pthread_create(&polling, NULL, insert_and_poll, NULL), 0);
		pthread_join(polling, NULL);
		pthread_join(waiting, NULL);
		assert_rv(waiter.rv, CKR_OK);
		assert_true(waiter.slot < 2);
	}
}

/* Each count of tries has its own flags, and no others. */
static void test_pin_flags(void **state)
{
	static const struct {
		unsigned int tries;
		CK_FLAGS flags;
	} rows[] = {
		{3, 0},
		{2, CKF_USER_PIN_COUNT_LOW},
		{1, CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY},
		{0, CKF_USER_PIN_LOCKED},
	};
	const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED |
			     CKF_USER_PIN_INITIALIZED;
	CK_TOKEN_INFO info;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vcard_transport_remove(module_fixture.readers, 0);
		unit_card_set_pin(&module_fixture.card, UNIT_AUTH_PIN_FILE, rows[i].tries,
				  VCARD_AUTH_PIN);
		vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
		assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
		assert_int_equal(info.flags & all, rows[i].flags | CKF_USER_PIN_INITIALIZED);
	}
	module_exchange_card("face-only");
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	assert_int_equal(info.flags & all, 0);
}

/* A passing failure of the service is no removal: the login stays. */
static void test_passing_failure(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_SESSION_INFO info;

	(void)state;
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_LIST, JPKI_E_LINK, 1);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	assert_int_equal(info.state, CKS_RO_USER_FUNCTIONS);
	/* Without the service there are no cards. */
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_LIST, JPKI_E_NO_SERVICE, 1);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_list),
		TEST(test_list_grows),
		TEST(test_no_service),
		TEST(test_slot_info),
		TEST(test_slot_descriptions),
		TEST(test_spare_slots),
		TEST(test_token_info),
		TEST(test_token_info_without_token),
		TEST(test_polling_is_free),
		TEST(test_mechanism_list),
		TEST(test_mechanism_info),
		TEST(test_pin_flags),
		TEST(test_passing_failure),
		TEST(test_event_poll),
		TEST(test_event_wait),
		TEST(test_event_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
