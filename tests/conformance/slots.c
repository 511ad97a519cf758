/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slots, tokens and mechanisms: 2.40 §5.5, 3.0 §5.5. */
#include "conform.h"

#define SLOTS_MAX      256
#define MECHANISMS_MAX 512

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
	CK_SLOT_INFO info;

	EXPECT(p11->C_GetSlotInfo(target.slot, &info), CKR_OK);
	CHECK((info.flags & CKF_TOKEN_PRESENT) != 0);
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
	/* utcTime is sixteen digits, and means nothing without a clock. */
	if ((info.flags & CKF_CLOCK_ON_TOKEN) != 0)
		CHECK(info.utcTime[0] >= '0' && info.utcTime[0] <= '9');
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

static void no_event(void)
{
	CK_SLOT_ID slot = 0;

	EXPECT(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT, CKR_OK,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void event_reserved(void)
{
	CK_SLOT_ID slot = 0;

	EXPECT(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, &slot), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static CK_ULONG mechanism_list(CK_MECHANISM_TYPE list[MECHANISMS_MAX])
{
	CK_ULONG count = 0;

	EXPECT(p11->C_GetMechanismList(target.slot, NULL, &count), CKR_OK);
	if (!CHECK(count > 0 && count <= MECHANISMS_MAX) ||
	    !EXPECT(p11->C_GetMechanismList(target.slot, list, &count), CKR_OK))
		return 0;
	return count;
}

static void mechanism_two_calls(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX];
	CK_ULONG count = mechanism_list(list);

	for (CK_ULONG i = 0; i < count; i++)
		CHECK(!holds(list, i, list[i]));
}

static void mechanism_small(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX];
	CK_ULONG wanted = mechanism_list(list);
	CK_ULONG count = wanted - 1;

	if (wanted == 0)
		return;
	list[wanted - 1] = NO_HANDLE;
	EXPECT(p11->C_GetMechanismList(target.slot, list, &count), CKR_BUFFER_TOO_SMALL);
	CHECK(count == wanted);
	CHECK(list[wanted - 1] == NO_HANDLE);
}

static void mechanism_large(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX], more[MECHANISMS_MAX];
	CK_ULONG wanted = mechanism_list(list);
	CK_ULONG count = MECHANISMS_MAX;

	EXPECT(p11->C_GetMechanismList(target.slot, more, &count), CKR_OK);
	CHECK(count == wanted && memcmp(list, more, count * sizeof(*list)) == 0);
}

static void mechanism_info(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX];
	CK_ULONG count = mechanism_list(list);

	for (CK_ULONG i = 0; i < count && !failed(); i++) {
		CK_MECHANISM_INFO info = {CK_UNAVAILABLE_INFORMATION, 0, 0};
		CK_RV rv = p11->C_GetMechanismInfo(target.slot, list[i], &info);

		check(rv == CKR_OK, "C_GetMechanismInfo(0x%lx): %s", list[i], rv_name(rv));
		/* The sizes mean something for mechanisms with keys only. */
		if ((info.flags & (CKF_SIGN | CKF_VERIFY)) != 0)
			check(info.ulMinKeySize <= info.ulMaxKeySize, "0x%lx: key sizes", list[i]);
		check((info.flags & ~CKF_HW) != 0, "0x%lx: can be used for nothing", list[i]);
	}
}

static void mechanism_unknown(void)
{
	CK_MECHANISM_INFO info;

	EXPECT(p11->C_GetMechanismInfo(target.slot, 0x7fffff01UL, &info), CKR_MECHANISM_INVALID);
}

/* A key of this token lies in the range that its mechanisms tell. */
static void mechanism_key_size(void)
{
	for (size_t i = 0; i < signing_count; i++) {
		CK_MECHANISM_INFO info;

		if (!has_mechanism(signings[i].type, CKF_SIGN))
			continue;
		EXPECT(p11->C_GetMechanismInfo(target.slot, signings[i].type, &info), CKR_OK);
		check(info.ulMinKeySize <= modulus_length * 8 &&
			      info.ulMaxKeySize >= modulus_length * 8,
		      "%s: %lu to %lu bits", signings[i].name, info.ulMinKeySize,
		      info.ulMaxKeySize);
	}
}

static const struct conform_case cases[] = {
	{"5.5 | 5.5.1", "C_GetSlotList in two calls", READY, list_two_calls},
	{"5.5 | 5.5.1", "C_GetSlotList in one call with a large buffer", READY, list_large},
	{"5.5 | 5.5.1", "C_GetSlotList with too small a buffer", READY, list_small},
	{"5.5 | 5.5.1", "C_GetSlotList: whatever is not CK_FALSE is true", READY, list_any_true},
	{"5.5 | 5.5.2", "C_GetSlotInfo: padding and flags of all slots", READY, slot_fields},
	{"5.5 | 5.5.2", "C_GetSlotInfo: a token is present", READY, slot_present},
	{"5.5 | 5.5.3", "C_GetTokenInfo: padding and UTF-8", READY, token_text},
	{"5.5 | 5.5.3", "C_GetTokenInfo: flags that agree", READY, token_flags},
	{"5.5 | 5.5.3", "C_GetTokenInfo: the count of sessions", READY, token_sessions},
	{"5.5 | 5.5.4", "C_WaitForSlotEvent without waiting", READY, no_event},
	{"5.5 | 5.5.4", "C_WaitForSlotEvent with pReserved", READY, event_reserved},
	{"5.5 | 5.5.5", "C_GetMechanismList in two calls", READY, mechanism_two_calls},
	{"5.5 | 5.5.5", "C_GetMechanismList with too small a buffer", READY, mechanism_small},
	{"5.5 | 5.5.5", "C_GetMechanismList with a large buffer", READY, mechanism_large},
	{"5.5 | 5.5.6", "C_GetMechanismInfo of each listed mechanism", READY, mechanism_info},
	{"5.5 | 5.5.6", "C_GetMechanismInfo of an unknown one", READY, mechanism_unknown},
	{"5.5 | 5.5.6", "C_GetMechanismInfo: the token's key is in the range", KEY,
	 mechanism_key_size},
};

const struct chapter chapter_slots = {"slots", cases, COUNT(cases)};
