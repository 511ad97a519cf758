/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mechanisms that a token lists, and that what is told of each is so. */
#include "conform.h"

#define MECHANISMS_MAX 512

static bool holds(const CK_MECHANISM_TYPE *list, CK_ULONG count, CK_MECHANISM_TYPE type)
{
	for (CK_ULONG i = 0; i < count; i++) {
		if (list[i] == type)
			return true;
	}
	return false;
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

static void two_calls(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX];
	CK_ULONG count = mechanism_list(list);

	for (CK_ULONG i = 0; i < count; i++)
		CHECK(!holds(list, i, list[i]));
}

static void too_small(void)
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
	count = 0;
	EXPECT(p11->C_GetMechanismList(target.slot, list, &count), CKR_BUFFER_TOO_SMALL);
	CHECK(count == wanted);
}

static void large_enough(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX], more[MECHANISMS_MAX];
	CK_ULONG wanted = mechanism_list(list);
	CK_ULONG count = wanted;

	EXPECT(p11->C_GetMechanismList(target.slot, more, &count), CKR_OK);
	CHECK(count == wanted && memcmp(list, more, count * sizeof(*list)) == 0);
	count = MECHANISMS_MAX;
	more[wanted] = NO_HANDLE;
	EXPECT(p11->C_GetMechanismList(target.slot, more, &count), CKR_OK);
	CHECK(count == wanted && memcmp(list, more, count * sizeof(*list)) == 0);
	CHECK(more[wanted] == NO_HANDLE);
}

static void info_of_each(void)
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

static void info_of_unlisted(void)
{
	CK_MECHANISM_TYPE list[MECHANISMS_MAX];
	CK_ULONG count = mechanism_list(list);
	CK_MECHANISM_INFO info;

	EXPECT(p11->C_GetMechanismInfo(target.slot, 0x7fffff01UL, &info), CKR_MECHANISM_INVALID);
	for (size_t i = 0; i < signing_count; i++) {
		if (!holds(list, count, signings[i].type))
			EXPECT(p11->C_GetMechanismInfo(target.slot, signings[i].type, &info),
			       CKR_MECHANISM_INVALID);
	}
}

/* The bits of the key as the token tells them, which are those of its modulus. */
static CK_ULONG key_bits(void)
{
	CK_OBJECT_HANDLE public = find_public_key();
	CK_ULONG bits = 0;
	CK_ULONG length = sizeof(bits);

	if (public != CK_INVALID_HANDLE &&
	    get_bytes(public, CKA_MODULUS_BITS, &bits, &length) == CKR_OK && bits != 0)
		CHECK((bits + 7) / 8 == modulus_length);
	else
		bits = modulus_length * 8;
	return bits;
}

/* A token whose keys were all made elsewhere, and are of one size, knows that one. */
static void key_sizes(const struct signing *row, const CK_MECHANISM_INFO *info)
{
	CK_ULONG bits = key_bits();

	check(info->ulMinKeySize <= bits && info->ulMaxKeySize >= bits, "%s: %lu to %lu bits",
	      row->name, info->ulMinKeySize, info->ulMaxKeySize);
	if (target.strict)
		check(info->ulMinKeySize == bits && info->ulMaxKeySize == bits,
		      "%s: %lu to %lu bits", row->name, info->ulMinKeySize, info->ulMaxKeySize);
}

static void sizes(void)
{
	for (size_t i = 0; i < signing_count && !failed(); i++) {
		CK_MECHANISM_INFO info;

		if (!has_mechanism(signings[i].type, 0))
			continue;
		EXPECT(p11->C_GetMechanismInfo(target.slot, signings[i].type, &info), CKR_OK);
		key_sizes(&signings[i], &info);
	}
}

/* --- the flags --- */

static CK_OBJECT_HANDLE public;

static CK_RV begin_sign(CK_MECHANISM *mechanism)
{
	return p11->C_SignInit(session, mechanism, key);
}

static CK_RV begin_verify(CK_MECHANISM *mechanism)
{
	return p11->C_VerifyInit(session, mechanism, public);
}

static CK_RV begin_digest(CK_MECHANISM *mechanism)
{
	return p11->C_DigestInit(session, mechanism);
}

static CK_RV begin_encrypt(CK_MECHANISM *mechanism)
{
	return p11->C_EncryptInit(session, mechanism, public);
}

static CK_RV begin_decrypt(CK_MECHANISM *mechanism)
{
	return p11->C_DecryptInit(session, mechanism, key);
}

static CK_RV begin_sign_recover(CK_MECHANISM *mechanism)
{
	return p11->C_SignRecoverInit(session, mechanism, key);
}

static CK_RV begin_verify_recover(CK_MECHANISM *mechanism)
{
	return p11->C_VerifyRecoverInit(session, mechanism, public);
}

static CK_RV wrap(CK_MECHANISM *mechanism)
{
	CK_ULONG length = 0;

	return p11->C_WrapKey(session, mechanism, public, key, NULL, &length);
}

static CK_RV derive(CK_MECHANISM *mechanism)
{
	CK_OBJECT_HANDLE object;

	return p11->C_DeriveKey(session, mechanism, key, NULL, 0, &object);
}

static const struct {
	CK_FLAGS flag;
	const char *name;
	CK_RV (*begin)(CK_MECHANISM *mechanism);
} uses[] = {
	{CKF_SIGN, "CKF_SIGN", begin_sign},
	{CKF_VERIFY, "CKF_VERIFY", begin_verify},
	{CKF_DIGEST, "CKF_DIGEST", begin_digest},
	{CKF_ENCRYPT, "CKF_ENCRYPT", begin_encrypt},
	{CKF_DECRYPT, "CKF_DECRYPT", begin_decrypt},
	{CKF_SIGN_RECOVER, "CKF_SIGN_RECOVER", begin_sign_recover},
	{CKF_VERIFY_RECOVER, "CKF_VERIFY_RECOVER", begin_verify_recover},
	{CKF_WRAP, "CKF_WRAP", wrap},
	{CKF_DERIVE, "CKF_DERIVE", derive},
};

/* In a session of its own, which ends what was begun. */
static CK_RV try(size_t use, CK_MECHANISM *mechanism)
{
	CK_SESSION_HANDLE first = session;
	CK_RV rv = open_session(0, &session);

	if (EXPECT(rv, CKR_OK)) {
		rv = uses[use].begin(mechanism);
		EXPECT(p11->C_CloseSession(session), CKR_OK);
	}
	session = first;
	return rv;
}

/*
 * A flag is set when the mechanism works that way, and only then. A use that the flag promises may
 * still not be this key's; one that it does not promise is refused for the mechanism's sake.
 */
static void flags_of(const char *name, CK_MECHANISM *mechanism)
{
	CK_MECHANISM_INFO info = {.flags = 0};
	CK_FLAGS known = CKF_HW | CKF_UNWRAP;

	EXPECT(p11->C_GetMechanismInfo(target.slot, mechanism->mechanism, &info), CKR_OK);
	for (size_t i = 0; i < COUNT(uses) && !failed(); i++) {
		CK_RV rv = try(i, mechanism);
		bool refused = rv == CKR_MECHANISM_INVALID || rv == CKR_FUNCTION_NOT_SUPPORTED;
		bool promised = (info.flags & uses[i].flag) != 0;

		known |= uses[i].flag;
		check(refused != promised, "%s: %s is %s, and the answer is %s", name, uses[i].name,
		      promised ? "set" : "not set", rv_name(rv));
		if (promised && i < 3)
			check(rv == CKR_OK, "%s: %s, and the answer is %s", name, uses[i].name,
			      rv_name(rv));
	}
	check((info.flags & ~known) == 0, "%s: flags 0x%lx", name, info.flags & ~known);
	check((info.flags & CKF_UNWRAP) == 0 || (info.flags & CKF_WRAP) != 0,
	      "%s: CKF_UNWRAP without CKF_WRAP", name);
}

static void flags_of_signing(void)
{
	public = find_public_key();
	for (size_t i = 0; i < signing_count && !failed(); i++) {
		CK_RSA_PKCS_PSS_PARAMS params;
		CK_MECHANISM mechanism = mechanism_of(&signings[i], &params);

		if (has_mechanism(mechanism.mechanism, 0))
			flags_of(signings[i].name, &mechanism);
	}
}

static void flags_of_digests(void)
{
	static const CK_MECHANISM_TYPE digests[] = {CKM_SHA_1, CKM_SHA224, CKM_SHA256, CKM_SHA384,
						    CKM_SHA512};

	public = find_public_key();
	for (size_t i = 0; i < COUNT(digests) && !failed(); i++) {
		CK_MECHANISM mechanism = {digests[i], NULL, 0};

		if (has_mechanism(digests[i], 0))
			flags_of("a digest", &mechanism);
	}
}

static const struct conform_case cases[] = {
	{"C_GetMechanismList", "in two calls, each mechanism once", READY, two_calls},
	{"C_GetMechanismList", "with too small a buffer", READY, too_small},
	{"C_GetMechanismList", "with a buffer that is just or more than large enough", READY,
	 large_enough},
	{"C_GetMechanismInfo", "of each listed mechanism", READY, info_of_each},
	{"C_GetMechanismInfo", "of those that are not listed", READY, info_of_unlisted},
	{"C_GetMechanismInfo", "the token's key is in the range of its mechanisms", KEY, sizes},
	{"C_GetMechanismInfo", "the flags of a signing mechanism say what works", KEY,
	 flags_of_signing},
	{"C_GetMechanismInfo", "the flags of a digest say what works", KEY, flags_of_digests},
};

const struct chapter chapter_mechanisms = {"mechanisms", cases, COUNT(cases)};
