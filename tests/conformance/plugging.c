/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card that is pulled: 5.1.2 and 5.1.3 on CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED and
 * CKR_TOKEN_NOT_PRESENT; and the slot without a card, or with one that the module does not know.
 */
#include "conform.h"

#define SLOTS_MAX 256

static bool listed(CK_BBOOL present)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;

	EXPECT(p11->C_GetSlotList(present, slots, &count), CKR_OK);
	for (CK_ULONG i = 0; !failed() && i < count; i++) {
		if (slots[i] == target.slot)
			return true;
	}
	return false;
}

/* What a slot answers whose token cannot be used for this reason. */
static void no_token(CK_RV wanted)
{
	const CK_RV set[] = {wanted, END};
	CK_TOKEN_INFO token;
	CK_MECHANISM_INFO mechanism;
	CK_MECHANISM_TYPE types[16];
	CK_UTF8CHAR label[32], pin[] = "0000";
	CK_ULONG count = COUNT(types);
	CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;

	memset(label, ' ', sizeof(label));
	expect("C_GetTokenInfo", p11->C_GetTokenInfo(target.slot, &token), set);
	expect("C_GetMechanismList", p11->C_GetMechanismList(target.slot, types, &count), set);
	expect("C_GetMechanismList(NULL)", p11->C_GetMechanismList(target.slot, NULL, &count), set);
	expect("C_GetMechanismInfo", p11->C_GetMechanismInfo(target.slot, CKM_RSA_PKCS, &mechanism),
	       set);
	expect("C_OpenSession", open_session(0, &handle), set);
	expect("C_OpenSession(CKF_RW_SESSION)", open_session(CKF_RW_SESSION, &handle), set);
	CHECK(handle == CK_INVALID_HANDLE);
	if (p11->C_InitToken(target.slot, pin, 4, label) != CKR_FUNCTION_NOT_SUPPORTED)
		expect("C_InitToken", p11->C_InitToken(target.slot, pin, 4, label), set);
}

static void empty_slot(void)
{
	CK_SLOT_INFO info = {.flags = 0};

	EXPECT(p11->C_GetSlotInfo(target.slot, &info), CKR_OK);
	CHECK((info.flags & CKF_TOKEN_PRESENT) == 0);
	CHECK((info.flags & CKF_REMOVABLE_DEVICE) != 0);
	CHECK(!listed(CK_TRUE));
	CHECK(listed(CK_FALSE));
	/* There are no sessions, which may be said by success or by what is missing. */
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK, CKR_TOKEN_NOT_PRESENT);
	no_token(CKR_TOKEN_NOT_PRESENT);
}

/* A card is there, whatever it is: the flag tells of that, and nothing else can be had of it. */
static void foreign_card(void)
{
	CK_SLOT_INFO info = {.flags = 0};

	no_token(CKR_TOKEN_NOT_RECOGNIZED);
	EXPECT(p11->C_GetSlotInfo(target.slot, &info), CKR_OK);
	CHECK((info.flags & CKF_TOKEN_PRESENT) != 0 || !listed(CK_TRUE));
	CHECK(listed(CK_FALSE));
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK, CKR_TOKEN_NOT_RECOGNIZED);
}

/* --- pulled under a session --- */

static CK_BYTE data[32], out[1024];
static CK_ULONG out_length = sizeof(out);
static CK_MECHANISM signing;

/*
 * Before the call or in its midst is hard to tell apart (5.1.8, no. 1): the first answer may be
 * either. From then on there is no such session.
 */
static void over(const char *call, CK_RV rv)
{
	CK_SESSION_INFO info;

	check(rv == CKR_DEVICE_REMOVED || rv == CKR_SESSION_HANDLE_INVALID, "%s: %s", call,
	      rv_name(rv));
	EXPECT(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(p11->C_Logout(session), CKR_SESSION_HANDLE_INVALID);
	EXPECT(p11->C_CloseSession(session), CKR_SESSION_HANDLE_INVALID);
}

static bool begin_signature(void)
{
	return card_moves() && any_signing(&signing) && EXPECT(sign_init(&signing), CKR_OK);
}

static void under_sign(void)
{
	if (begin_signature() && card_remove())
		over("C_Sign", p11->C_Sign(session, data, sizeof(data), out, &out_length));
}

static void under_sign_final(void)
{
	if (!begin_signature() || !EXPECT(p11->C_SignUpdate(session, data, 8), CKR_OK))
		return;
	if (card_remove())
		over("C_SignFinal", p11->C_SignFinal(session, out, &out_length));
}

static void under_sign_init(void)
{
	CK_RV rv;

	if (!card_moves() || !any_signing(&signing) || !card_remove())
		return;
	rv = p11->C_SignInit(session, &signing, key);
	/* It may do without the card, but what follows may not. */
	if (rv == CKR_OK)
		rv = p11->C_Sign(session, data, sizeof(data), out, &out_length);
	over("C_SignInit and C_Sign", rv);
}

static void under_login(void)
{
	if (card_moves() && card_remove())
		over("C_Login", login(session));
}

static void under_set_pin(void)
{
	CK_RV rv;

	if (!card_moves() || !card_remove())
		return;
	rv = p11->C_SetPIN(session, target.pin, target.pin_length, target.pin, target.pin_length);
	over("C_SetPIN", rv);
}

static void under_random(void)
{
	if ((target.token.flags & CKF_RNG) == 0)
		absent("the token has no random numbers");
	else if (card_moves() && card_remove())
		over("C_GenerateRandom", p11->C_GenerateRandom(session, out, 8));
}

static void under_search(void)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BYTE value[1] = {0};
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_VALUE, value, 1}};
	CK_RV rv;

	if (!card_moves() || !card_remove())
		return;
	rv = p11->C_FindObjectsInit(session, template, 2);
	over("C_FindObjectsInit", rv == CKR_OK ? p11->C_FindObjectsFinal(session) : rv);
}

static void under_attributes(void)
{
	CK_OBJECT_HANDLE object = find_class(session, CKO_CERTIFICATE);
	CK_ATTRIBUTE template = {CKA_VALUE, NULL, 0};
	CK_RV rv;

	if (object == CK_INVALID_HANDLE)
		absent("the token has no certificate that anybody sees");
	if (failed() || !card_moves() || !card_remove())
		return;
	rv = p11->C_GetAttributeValue(session, object, &template, 1);
	/* What it has read already it may tell, while it does not know better. */
	over("C_GetAttributeValue",
	     rv == CKR_OK && !target.strict ? CKR_SESSION_HANDLE_INVALID : rv);
}

static void slot_after_pulling(void)
{
	if (card_moves() && card_remove())
		empty_slot();
}

/* What was made for one stay of a card is not good for the next. */
static void next_stay(void)
{
	CK_SESSION_HANDLE old = session;
	CK_SESSION_INFO info;

	if (!card_moves() || !card_remove() || !card_insert())
		return;
	EXPECT(p11->C_GetSessionInfo(old, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(open_session(0, &session), CKR_OK);
	CHECK(session != old);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	EXPECT(p11->C_GetSessionInfo(old, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(login(session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
	EXPECT(p11->C_FindObjectsInit(old, NULL, 0), CKR_SESSION_HANDLE_INVALID);
}

static const struct conform_case plugging_cases[] = {
	{"C_Sign", "a card pulled before it", KEY, under_sign},
	{"C_SignFinal", "a card pulled before it", KEY, under_sign_final},
	{"C_SignInit", "a card pulled before it", KEY, under_sign_init},
	{"C_Login", "a card pulled before it", OPEN, under_login},
	{"C_SetPIN", "a card pulled before it", OPEN_RW, under_set_pin},
	{"C_GenerateRandom", "a card pulled before it", OPEN, under_random},
	{"C_FindObjectsInit", "a card pulled before it", OPEN, under_search},
	{"C_GetAttributeValue", "a card pulled before it", OPEN, under_attributes},
	{"C_OpenSession", "the slot of a card that was pulled", USER, slot_after_pulling},
	{"C_GetSessionInfo", "sessions and login end with a card's stay", USER, next_stay},
};

const struct chapter chapter_plugging = {"plugging", plugging_cases, COUNT(plugging_cases)};

static const struct conform_case absent_cases[] = {
	{"C_OpenSession", "everything of a slot without a card", READY, empty_slot},
};

const struct chapter chapter_absent = {"no card", absent_cases, COUNT(absent_cases)};

static const struct conform_case unrecognized_cases[] = {
	{"C_OpenSession", "everything of a slot with a foreign card", READY, foreign_card},
};

const struct chapter chapter_unrecognized = {"foreign card", unrecognized_cases,
					     COUNT(unrecognized_cases)};
