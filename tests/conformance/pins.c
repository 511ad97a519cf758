/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PINs that are wrong, changed, impossible and locked, and what C_GetTokenInfo tells of them. */
#include "conform.h"

#include <stdio.h>

#define PIN_ROOM 512

static const CK_FLAGS pin_flags =
	CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

static void flags_are(CK_FLAGS wanted)
{
	CK_FLAGS flags = token_flags_now() & pin_flags;

	check(flags == wanted, "PIN flags 0x%lx, wanted 0x%lx", flags, wanted);
}

static bool may_be_wrong(void)
{
	if (target.wrong_pin == NULL)
		absent("no --wrong-pin was given");
	return !failed();
}

static CK_RV login_wrong(void)
{
	return p11->C_Login(session, CKU_USER, target.wrong_pin, pin_length(target.wrong_pin));
}

static void wrong_pin(void)
{
	if (!may_be_wrong())
		return;
	flags_are(0);
	EXPECT(login_wrong(), CKR_PIN_INCORRECT);
	flags_are(CKF_USER_PIN_COUNT_LOW);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	/* The right one gives the tries back. */
	EXPECT(login(session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
	flags_are(0);
}

static CK_RV login_user(CK_UTF8CHAR *pin, CK_ULONG length)
{
	return target.new->C_LoginUser(session, CKU_USER, pin, length, NULL, 0);
}

static void wrong_pin_login_user(void)
{
	CK_RV rv;

	if (target.new == NULL)
		absent("no 3.0 interface");
	if (failed() || !may_be_wrong())
		return;
	rv = login_user(target.wrong_pin, pin_length(target.wrong_pin));
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && !target.strict) {
		absent("C_LoginUser is not offered");
		return;
	}
	expect("C_LoginUser", rv, (const CK_RV[]){CKR_PIN_INCORRECT, END});
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	EXPECT(login_user(target.pin, target.pin_length), CKR_OK);
}

/* 5.1.6: CKR_PIN_LEN_RANGE and CKR_PIN_INVALID are for functions that set a PIN. */
static void impossible_pin(void)
{
	CK_UTF8CHAR digits[PIN_ROOM];

	memset(digits, '1', sizeof(digits));
	if (target.token.ulMaxPinLen >= sizeof(digits)) {
		absent("there is no PIN that is too long");
		return;
	}
	EXPECT(p11->C_Login(session, CKU_USER, digits, target.token.ulMaxPinLen + 1),
	       CKR_PIN_INCORRECT);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	EXPECT(login(session), CKR_OK);
}

/* --- C_SetPIN --- */

static CK_RV set_pin(CK_UTF8CHAR *old_pin, CK_UTF8CHAR *new_pin, CK_ULONG length)
{
	return p11->C_SetPIN(session, old_pin, pin_length(old_pin), new_pin, length);
}

/* The old PIN and the new one, by their turns. */
static void only_pin_is(CK_UTF8CHAR *right, CK_UTF8CHAR *wrong)
{
	EXPECT(p11->C_Login(session, CKU_USER, wrong, pin_length(wrong)), CKR_PIN_INCORRECT);
	CHECK(state_of(session) == CKS_RW_PUBLIC_SESSION);
	EXPECT(p11->C_Login(session, CKU_USER, right, pin_length(right)), CKR_OK);
	CHECK(state_of(session) == CKS_RW_USER_FUNCTIONS);
	EXPECT(p11->C_Logout(session), CKR_OK);
}

static void set_new_pin(void)
{
	if (target.new_pin == NULL) {
		absent("no --new-pin was given");
		return;
	}
	if (!EXPECT(set_pin(target.pin, target.new_pin, pin_length(target.new_pin)), CKR_OK))
		return;
	only_pin_is(target.new_pin, target.pin);
	/* Whatever was wrong meanwhile: the next case wants the old PIN. */
	EXPECT(set_pin(target.new_pin, target.pin, target.pin_length), CKR_OK);
	only_pin_is(target.pin, target.new_pin);
	flags_are(0);
}

/* The user who is logged in stays so, and goes on with the new PIN. */
static void set_pin_logged_in(void)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE object;

	if (target.new_pin == NULL) {
		absent("no --new-pin was given");
		return;
	}
	EXPECT(login(session), CKR_OK);
	if (!EXPECT(set_pin(target.pin, target.new_pin, pin_length(target.new_pin)), CKR_OK))
		return;
	CHECK(state_of(session) == CKS_RW_USER_FUNCTIONS);
	CHECK(find(session, &template, 1, &object, 1) > 0);
	EXPECT(set_pin(target.new_pin, target.pin, target.pin_length), CKR_OK);
	CHECK(state_of(session) == CKS_RW_USER_FUNCTIONS);
}

static void set_pin_wrong_old(void)
{
	if (!may_be_wrong())
		return;
	EXPECT(set_pin(target.wrong_pin, target.pin, target.pin_length), CKR_PIN_INCORRECT,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
	flags_are(0);
}

static void set_pin_invalid(void)
{
	if (target.invalid_pin == NULL) {
		absent("no --invalid-pin was given");
		return;
	}
	EXPECT(set_pin(target.pin, target.invalid_pin, pin_length(target.invalid_pin)),
	       CKR_PIN_INVALID, CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
}

/* The lengths that C_GetTokenInfo tells are lengths that a PIN may have: it is the letters that are
 * refused. */
static void set_pin_of_each_length(void)
{
	const CK_ULONG lengths[] = {target.token.ulMinPinLen, target.token.ulMaxPinLen};
	CK_UTF8CHAR new_pin[PIN_ROOM];

	if (target.invalid_pin == NULL) {
		absent("no --invalid-pin was given");
		return;
	}
	for (size_t i = 0; i < sizeof(new_pin); i++)
		new_pin[i] = target.invalid_pin[i % pin_length(target.invalid_pin)];
	for (size_t i = 0; i < COUNT(lengths) && !failed(); i++) {
		if (lengths[i] <= sizeof(new_pin))
			EXPECT(set_pin(target.pin, new_pin, lengths[i]), CKR_PIN_INVALID,
			       CKR_FUNCTION_NOT_SUPPORTED);
	}
	EXPECT(login(session), CKR_OK);
}

static void set_pin_read_only(void)
{
	EXPECT(set_pin(target.pin, target.pin, target.pin_length), CKR_SESSION_READ_ONLY,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
	EXPECT(set_pin(target.pin, target.pin, target.pin_length), CKR_SESSION_READ_ONLY,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void set_pin_too_long(void)
{
	CK_UTF8CHAR digits[PIN_ROOM];

	memset(digits, '1', sizeof(digits));
	if (target.token.ulMaxPinLen >= sizeof(digits)) {
		absent("there is no PIN that is too long");
		return;
	}
	EXPECT(set_pin(target.pin, digits, target.token.ulMaxPinLen + 1), CKR_PIN_LEN_RANGE,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
}

static void set_pin_too_short(void)
{
	CK_UTF8CHAR digits[PIN_ROOM];

	if (target.token.ulMinPinLen < 2 || target.token.ulMinPinLen > sizeof(digits)) {
		absent("there is no PIN that is too short");
		return;
	}
	memset(digits, '1', sizeof(digits));
	EXPECT(set_pin(target.pin, digits, target.token.ulMinPinLen - 1), CKR_PIN_LEN_RANGE,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
}

static void set_pin_null(void)
{
	if ((target.token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		absent("the token asks for the PIN by itself");
		return;
	}
	EXPECT(p11->C_SetPIN(session, NULL, 4, target.pin, target.pin_length), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(p11->C_SetPIN(session, target.pin, target.pin_length, NULL, 4), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static const struct conform_case pin_cases[] = {
	{"C_Login", "a wrong PIN, then the right one, and the flags of both", OPEN, wrong_pin},
	{"C_LoginUser", "a wrong PIN, then the right one", OPEN, wrong_pin_login_user},
	{"C_Login", "a PIN of impossible length", OPEN, impossible_pin},
	{"C_SetPIN", "a new PIN, and the old one is none any more", OPEN_RW, set_new_pin},
	{"C_SetPIN", "a new PIN while the user is logged in", OPEN_RW, set_pin_logged_in},
	{"C_SetPIN", "a wrong old PIN", OPEN_RW, set_pin_wrong_old},
	{"C_SetPIN", "a new PIN with letters that no PIN has", OPEN_RW, set_pin_invalid},
	{"C_SetPIN", "such PINs of the shortest and the longest length", OPEN_RW,
	 set_pin_of_each_length},
	{"C_SetPIN", "in a read-only session", OPEN, set_pin_read_only},
	{"C_SetPIN", "a new PIN that is too long", OPEN_RW, set_pin_too_long},
	{"C_SetPIN", "a new PIN that is too short", OPEN_RW, set_pin_too_short},
	{"C_SetPIN", "without pointers", OPEN_RW, set_pin_null},
};

const struct chapter chapter_pins = {"PINs", pin_cases, COUNT(pin_cases)};

/* --- a PIN that is locked --- */

static void locked_login(void)
{
	flags_are(CKF_USER_PIN_LOCKED);
	EXPECT(login(session), CKR_PIN_LOCKED);
	EXPECT(login(session), CKR_PIN_LOCKED);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	flags_are(CKF_USER_PIN_LOCKED);
}

static void locked_login_user(void)
{
	CK_RV rv;

	if (target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	rv = login_user(target.pin, target.pin_length);
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && !target.strict)
		absent("C_LoginUser is not offered");
	else
		expect("C_LoginUser", rv, (const CK_RV[]){CKR_PIN_LOCKED, END});
}

static void locked_set_pin(void)
{
	EXPECT(set_pin(target.pin, target.pin, target.pin_length), CKR_PIN_LOCKED,
	       CKR_FUNCTION_NOT_SUPPORTED);
	flags_are(CKF_USER_PIN_LOCKED);
}

/* What needs no login is not locked. */
static void locked_otherwise(void)
{
	CK_BYTE out[8];

	CHECK(find(session, NULL, 0, NULL, 0) > 0);
	if ((target.token.flags & CKF_RNG) != 0)
		EXPECT(p11->C_GenerateRandom(session, out, sizeof(out)), CKR_OK);
}

static const struct conform_case locked_cases[] = {
	{"C_Login", "a PIN that is locked, and its flag", OPEN, locked_login},
	{"C_LoginUser", "a PIN that is locked", OPEN, locked_login_user},
	{"C_SetPIN", "a PIN that is locked", OPEN_RW, locked_set_pin},
	{"C_FindObjects", "what needs no PIN goes on", OPEN, locked_otherwise},
};

const struct chapter chapter_locked = {"locked PIN", locked_cases, COUNT(locked_cases)};

/* --- spending the tries: only on a card that nobody needs any more --- */

/* Another wrong PIN each time: a module may know a wrong one again, and not send it. */
static void vary(CK_UTF8CHAR *pin, unsigned int number)
{
	memcpy(pin, target.wrong_pin, pin_length(target.wrong_pin));
	pin[pin_length(target.wrong_pin) - 1] = (CK_UTF8CHAR)('0' + number);
}

/*
 * One try after the other: first few are left, then one, then none. A card that has one try from
 * the beginning is not asked of.
 */
static void spend(void)
{
	CK_UTF8CHAR pin[PIN_ROOM];
	CK_ULONG length = pin_length(target.wrong_pin);
	CK_FLAGS flags = 0;
	CK_RV rv = CKR_PIN_INCORRECT;
	unsigned int tries = 0;

	flags_are(0);
	while (tries < 9 && rv == CKR_PIN_INCORRECT && (flags & CKF_USER_PIN_LOCKED) == 0 &&
	       !failed()) {
		vary(pin, tries++);
		rv = p11->C_Login(session, CKU_USER, pin, length);
		flags = token_flags_now() & pin_flags;
		CHECK(flags == CKF_USER_PIN_COUNT_LOW ||
		      flags == (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY) ||
		      flags == CKF_USER_PIN_LOCKED);
	}
	check(tries > 1, "locked after %u tries", tries);
	/* The try that locked it was still a PIN that was wrong, or already one too many. */
	expect("C_Login", rv, (const CK_RV[]){CKR_PIN_LOCKED, END});
	flags_are(CKF_USER_PIN_LOCKED);
	EXPECT(login(session), CKR_PIN_LOCKED);
}

static const struct conform_case spending_cases[] = {
	{"C_Login", "wrong PINs until none is taken any more", OPEN, spend},
};

const struct chapter chapter_spending = {"spent tries", spending_cases, COUNT(spending_cases)};
