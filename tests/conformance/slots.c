/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slots and tokens: 2.40 §5.5, 3.0 §5.5. */
#include "conform.h"

#define SLOTS_MAX 256
/* By this name in 3.0; the header of 2.40 may not have it. */
#define CKF_ERROR_STATE_3_0 0x01000000UL

/* The list by the two calls of §5.2; the count, or 0 after a failure. */
static CK_ULONG slot_list(CK_BBOOL present, CK_SLOT_ID slots[SLOTS_MAX])
{
	CK_ULONG count = 0;

	EXPECT(p11->C_GetSlotList(present, NULL, &count), CKR_OK);
	if (!CHECK(count <= SLOTS_MAX) ||
	    !EXPECT(p11->C_GetSlotList(present, slots, &count), CKR_OK))
		return 0;
	return count;
}

static bool holds(const CK_SLOT_ID *slots, CK_ULONG count, CK_SLOT_ID slot)
{
	for (CK_ULONG i = 0; i < count; i++) {
		if (slots[i] == slot)
			return true;
	}
	return false;
}

static void list_two_calls(void)
{
	CK_SLOT_ID all[SLOTS_MAX], present[SLOTS_MAX];
	CK_ULONG all_count = slot_list(CK_FALSE, all);
	CK_ULONG count = slot_list(CK_TRUE, present);

	CHECK(holds(present, count, target.slot));
	for (CK_ULONG i = 0; i < count; i++) {
		CHECK(holds(all, all_count, present[i]));
		CHECK(!holds(present, i, present[i]));
	}
}

static void list_large(void)
{
	CK_SLOT_ID slots[SLOTS_MAX + 1];
	CK_ULONG count = SLOTS_MAX;

	slots[SLOTS_MAX] = NO_HANDLE;
	EXPECT(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
	CHECK(count > 0 && count < SLOTS_MAX);
	CHECK(slots[SLOTS_MAX] == NO_HANDLE);
	CHECK(holds(slots, count, target.slot));
}

/* §5.1: the buffer may have been written to, but not behind its end. */
static void list_small(void)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG wanted = slot_list(CK_TRUE, slots);
	CK_ULONG count = wanted - 1;

	if (wanted == 0)
		return;
	slots[wanted - 1] = NO_HANDLE;
	EXPECT(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_BUFFER_TOO_SMALL);
	CHECK(count == wanted);
	CHECK(slots[wanted - 1] == NO_HANDLE);
	slots[0] = NO_HANDLE;
	count = 0;
	EXPECT(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_BUFFER_TOO_SMALL);
	CHECK(count == wanted);
	CHECK(slots[0] == NO_HANDLE);
}

static void list_any_true(void)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG wanted = slot_list(CK_TRUE, slots);
	CK_ULONG count = 0;

	EXPECT(p11->C_GetSlotList(2, NULL, &count), CKR_OK);
	CHECK(count == wanted);
}

static void slot_fields(void)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = slot_list(CK_FALSE, slots);

	for (CK_ULONG i = 0; i < count && !failed(); i++) {
		CK_SLOT_INFO info;

		memset(&info, 0xaa, sizeof(info));
		EXPECT(p11->C_GetSlotInfo(slots[i], &info), CKR_OK);
		CHECK(padded(info.slotDescription, sizeof(info.slotDescription)));
		CHECK(padded(info.manufacturerID, sizeof(info.manufacturerID)));
		CHECK((info.flags & ~(CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE | CKF_HW_SLOT)) ==
		      0);
		/* Only a removable token can be away. */
		CHECK((info.flags & (CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE)) != 0);
	}
}

static void slot_present(void)
{
	CK_SLOT_ID all[SLOTS_MAX], present[SLOTS_MAX];
	CK_ULONG all_count = slot_list(CK_FALSE, all);
	CK_ULONG count = slot_list(CK_TRUE, present);

	for (CK_ULONG i = 0; i < all_count && !failed(); i++) {
		CK_SLOT_INFO info = {.flags = 0};

		EXPECT(p11->C_GetSlotInfo(all[i], &info), CKR_OK);
		check(holds(present, count, all[i]) == ((info.flags & CKF_TOKEN_PRESENT) != 0),
		      "slot %lu: the flag and the list differ", all[i]);
		CHECK(all[i] != target.slot || (info.flags & CKF_TOKEN_PRESENT) != 0);
	}
}

static void token_text(void)
{
	CK_TOKEN_INFO info;

	memset(&info, 0xaa, sizeof(info));
	EXPECT(p11->C_GetTokenInfo(target.slot, &info), CKR_OK);
	CHECK(padded(info.label, sizeof(info.label)));
	CHECK(padded(info.manufacturerID, sizeof(info.manufacturerID)));
	CHECK(padded(info.model, sizeof(info.model)));
	CHECK(padded(info.serialNumber, sizeof(info.serialNumber)));
}

static void token_flags(void)
{
	CK_TOKEN_INFO info;

	EXPECT(p11->C_GetTokenInfo(target.slot, &info), CKR_OK);
	/* Bits 0x1 to 0x800, 0x10000 to 0x80000, 0x100000 to 0x800000, and 0x1000000. */
	CHECK((info.flags & ~0x1ff0f6fUL) == 0);
	CHECK((info.flags & CKF_TOKEN_INITIALIZED) != 0);
	if ((info.flags & CKF_LOGIN_REQUIRED) != 0)
		CHECK((info.flags & CKF_USER_PIN_INITIALIZED) != 0);
	/* One try left is not none left. */
	if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
		CHECK((info.flags & CKF_USER_PIN_LOCKED) == 0);
	CHECK(info.ulMinPinLen <= info.ulMaxPinLen);
	CHECK(target.pin_length >= info.ulMinPinLen && target.pin_length <= info.ulMaxPinLen);
}

static void token_sessions(void)
{
	CK_TOKEN_INFO none, some;
	CK_SESSION_HANDLE one = 0;
	CK_SESSION_HANDLE two = 0;
	CK_RV rv;

	EXPECT(p11->C_GetTokenInfo(target.slot, &none), CKR_OK);
	EXPECT(open_session(0, &one), CKR_OK);
	rv = open_session(CKF_RW_SESSION, &two);
	EXPECT(p11->C_GetTokenInfo(target.slot, &some), CKR_OK);
	if (some.ulSessionCount != CK_UNAVAILABLE_INFORMATION) {
		CHECK(none.ulSessionCount == 0);
		CHECK(some.ulSessionCount == (rv == CKR_OK ? 2 : 1));
	}
	if (some.ulRwSessionCount != CK_UNAVAILABLE_INFORMATION) {
		CHECK(none.ulRwSessionCount == 0);
		CHECK(some.ulRwSessionCount == (rv == CKR_OK ? 1 : 0));
	}
}

/* What only the security officer's PIN could do is not told of where there is no such user. */
static void token_flags_exact(void)
{
	CK_FLAGS flags = token_flags_now();
	const CK_FLAGS healthy = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY |
				 CKF_USER_PIN_LOCKED | CKF_USER_PIN_TO_BE_CHANGED |
				 CKF_SECONDARY_AUTHENTICATION | CKF_ERROR_STATE_3_0;
	const CK_FLAGS officer = CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED |
				 CKF_SO_PIN_TO_BE_CHANGED;
	CK_BYTE state[4] = {0};
	CK_BYTE out[16];
	CK_ULONG length = sizeof(out);
	CK_RV rv;

	check((flags & healthy) == 0, "flags of a token that is well: 0x%lx", flags & healthy);
	if ((flags & CKF_WRITE_PROTECTED) != 0)
		check((flags & officer) == 0, "the officer's flags: 0x%lx", flags & officer);
	/* The user has logged in: there is a PIN, and it was wanted. */
	CHECK((flags & CKF_USER_PIN_INITIALIZED) != 0 && (flags & CKF_TOKEN_INITIALIZED) != 0);
	CHECK((flags & CKF_LOGIN_REQUIRED) != 0);
	rv = p11->C_DigestEncryptUpdate(session, state, sizeof(state), out, &length);
	CHECK((flags & CKF_DUAL_CRYPTO_OPERATIONS) == 0 || rv != CKR_FUNCTION_NOT_SUPPORTED);
	rv = p11->C_SetOperationState(session, state, sizeof(state), 0, 0);
	CHECK((flags & CKF_RESTORE_KEY_NOT_NEEDED) == 0 || rv != CKR_FUNCTION_NOT_SUPPORTED);
}

static void token_numbers(void)
{
	CK_TOKEN_INFO info;

	memset(&info, 0xaa, sizeof(info));
	EXPECT(p11->C_GetTokenInfo(target.slot, &info), CKR_OK);
	CHECK(info.ulMaxRwSessionCount <= info.ulMaxSessionCount ||
	      info.ulMaxSessionCount == CK_EFFECTIVELY_INFINITE);
	CHECK(info.ulFreePublicMemory == CK_UNAVAILABLE_INFORMATION ||
	      info.ulFreePublicMemory <= info.ulTotalPublicMemory);
	CHECK(info.ulFreePrivateMemory == CK_UNAVAILABLE_INFORMATION ||
	      info.ulFreePrivateMemory <= info.ulTotalPrivateMemory);
	/* Sixteen digits from a clock; without one they mean nothing. */
	if ((info.flags & CKF_CLOCK_ON_TOKEN) != 0) {
		for (size_t i = 0; i < sizeof(info.utcTime); i++)
			CHECK(info.utcTime[i] >= '0' && info.utcTime[i] <= '9');
	}
}

/* What identifies the token is the same whenever it is asked for, logged in or not. */
static void token_lasts(void)
{
	CK_TOKEN_INFO before, after;

	EXPECT(p11->C_GetTokenInfo(target.slot, &before), CKR_OK);
	EXPECT(login(session), CKR_OK);
	EXPECT(p11->C_GetTokenInfo(target.slot, &after), CKR_OK);
	CHECK(memcmp(before.label, after.label, sizeof(after.label)) == 0);
	CHECK(memcmp(before.serialNumber, after.serialNumber, sizeof(after.serialNumber)) == 0);
	CHECK(memcmp(before.model, after.model, sizeof(after.model)) == 0);
	CHECK(before.flags == after.flags);
}

static const struct conform_case cases[] = {
	{"C_GetSlotList", "in two calls", READY, list_two_calls},
	{"C_GetSlotList", "in one call with a large buffer", READY, list_large},
	{"C_GetSlotList", "with too small a buffer", READY, list_small},
	{"C_GetSlotList", "whatever is not CK_FALSE is true", READY, list_any_true},
	{"C_GetSlotInfo", "padding and flags of all slots", READY, slot_fields},
	{"C_GetSlotInfo", "CKF_TOKEN_PRESENT and the list of present tokens agree", READY,
	 slot_present},
	{"C_GetTokenInfo", "padding and UTF-8", READY, token_text},
	{"C_GetTokenInfo", "flags that agree", READY, token_flags},
	{"C_GetTokenInfo", "the flags of a token that is well and has a user", USER,
	 token_flags_exact},
	{"C_GetTokenInfo", "numbers and time", READY, token_numbers},
	{"C_GetTokenInfo", "a login does not change them", OPEN, token_lasts},
	{"C_GetTokenInfo", "the count of sessions", READY, token_sessions},
};

const struct chapter chapter_slots = {"slots", cases, COUNT(cases)};
