/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-products BOTH AUTH SIGN CARD-DIRECTORY AUTH-PIN SIGN-PIN: loads the three modules in one
 * process, as a browser does whose user has added all of them, and looks whether each is for
 * itself: its own slots, sessions, logins and end. Prints "ok TEXT" or "not ok TEXT" for each
 * thing; every signature is verified with libcrypto.
 */
#include "p11-client.h"
#include "p11-names.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_SECONDS 600
#define ROUNDS        20

enum which { BOTH, AUTH, SIGN, PRODUCTS };

/* One product at one token, in one session. */
struct user {
	const char *name;
	CK_FUNCTION_LIST *p11;
	struct p11_token *token;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	unsigned good, bad;
};

static CK_FUNCTION_LIST *products[PRODUCTS];
static const char *const names[PRODUCTS] = {"jpki-pkcs11", "jpki-pkcs11-auth", "jpki-pkcs11-sign"};
static CK_BYTE text[] = "a text";

static void tell(const char *name, const char *what, bool good, CK_RV rv)
{
	printf("%s %s: %s", good ? "ok" : "not ok", name, what);
	if (!good)
		printf(" (%s)", p11_rv_name(rv));
	printf("\n");
}

static void tell_rv(const char *name, const char *what, CK_RV rv, CK_RV wanted)
{
	tell(name, what, rv == wanted, rv);
}

/* The slots with a token, of which there must be so many, with this model; the first of them. */
static CK_SLOT_ID slot_of(enum which which, const char *model, CK_ULONG wanted)
{
	CK_SLOT_ID slots[64];
	CK_ULONG count = 64;
	CK_SLOT_ID found = CK_UNAVAILABLE_INFORMATION;
	CK_RV rv = products[which]->C_GetSlotList(CK_TRUE, slots, &count);

	tell(names[which], "lists its own tokens and no others", rv == CKR_OK && count == wanted,
	     rv);
	for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
		CK_TOKEN_INFO info = {0};

		rv = products[which]->C_GetTokenInfo(slots[i], &info);
		if (rv == CKR_OK && strncmp((char *)info.model, model, strlen(model)) == 0)
			found = slots[i];
	}
	tell(names[which], model, found != CK_UNAVAILABLE_INFORMATION, rv);
	return found;
}

static CK_STATE state_of(const struct user *user)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = user->p11->C_GetSessionInfo(user->session, &info);

	return rv == CKR_OK ? info.state : CK_UNAVAILABLE_INFORMATION;
}

static bool signs(struct user *user)
{
	CK_BYTE signature[P11_SIGNATURE_MAX];
	CK_ULONG length = 0;
	CK_RV rv = p11_sign(user->p11, user->session, user->token, false, text, sizeof(text),
			    signature, &length);
	bool good = rv == CKR_OK &&
		    p11_verified(user->token->key, false, text, sizeof(text), signature, length);

	if (good)
		user->good++;
	else
		user->bad++;
	return good;
}

static CK_RV log_in(struct user *user)
{
	return user->p11->C_Login(user->session, CKU_USER, user->token->pin,
				  user->token->pin_length);
}

static void open_session(struct user *user)
{
	tell_rv(user->name, "opens a session",
		user->p11->C_OpenSession(user->slot, CKF_SERIAL_SESSION, NULL, NULL,
					 &user->session),
		CKR_OK);
}

static void *sign_often(void *argument)
{
	struct user *user = argument;

	for (int i = 0; i < ROUNDS; i++)
		signs(user);
	return NULL;
}

/* Each user logs in while the ones after it have not: none of these may notice. */
static void log_in_one_by_one(struct user *users, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i; j < count; j++)
			tell(users[j].name, "another product's login is not its own",
			     state_of(&users[j]) == CKS_RO_PUBLIC_SESSION && !signs(&users[j]),
			     state_of(&users[j]));
		tell_rv(users[i].name, "logs in", log_in(&users[i]), CKR_OK);
		tell(users[i].name, "signs", signs(&users[i]), CKR_OK);
	}
	for (size_t i = 0; i < count; i++)
		tell(users[i].name, "is logged in", state_of(&users[i]) == CKS_RO_USER_FUNCTIONS,
		     state_of(&users[i]));
}

static void sign_at_once(struct user *users, size_t count)
{
	pthread_t threads[4];

	for (size_t i = 0; i < count; i++) {
		users[i].good = users[i].bad = 0;
		if (pthread_create(&threads[i], NULL, sign_often, &users[i]) != 0)
			return;
	}
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < count; i++)
		tell(users[i].name, "all products at once: all of its signatures verify",
		     users[i].good == ROUNDS && users[i].bad == 0, users[i].bad);
}

/* Loads and initialises them; each is another one. */
static void begin_all(char **files)
{
	for (int i = 0; i < PRODUCTS; i++) {
		products[i] = p11_load(files[i]);
		for (int j = 0; j < i; j++)
			tell(names[i], "has functions of its own", products[i] != products[j],
			     CKR_OK);
	}
	for (int i = 0; i < PRODUCTS; i++) {
		CK_INFO info;

		tell_rv(names[i], "is not initialised by another", products[i]->C_GetInfo(&info),
			CKR_CRYPTOKI_NOT_INITIALIZED);
		tell_rv(names[i], "is initialised", products[i]->C_Initialize(NULL), CKR_OK);
	}
}

int main(int argc, char **argv)
{
	struct p11_token auth, sign;
	struct user users[4] = {{.name = "jpki-pkcs11, auth"},
				{.name = "jpki-pkcs11, sign"},
				{.name = "jpki-pkcs11-auth"},
				{.name = "jpki-pkcs11-sign"}};
	struct user *both_auth = &users[0], *both_sign = &users[1];
	struct user *only_auth = &users[2], *only_sign = &users[3];

	if (argc != 7) {
		fprintf(stderr, "usage: p11-products BOTH AUTH SIGN CARD-DIRECTORY AUTH-PIN "
				"SIGN-PIN\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	auth = p11_token_of(0, argv[4], argv[5]);
	sign = p11_token_of(1, argv[4], argv[6]);
	begin_all(argv + 1);
	both_auth->slot = slot_of(BOTH, "JPKI auth", 2);
	both_sign->slot = slot_of(BOTH, "JPKI sign", 2);
	only_auth->slot = slot_of(AUTH, "JPKI auth", 1);
	only_sign->slot = slot_of(SIGN, "JPKI sign", 1);
	both_auth->p11 = both_sign->p11 = products[BOTH];
	only_auth->p11 = products[AUTH];
	only_sign->p11 = products[SIGN];
	both_auth->token = only_auth->token = &auth;
	both_sign->token = only_sign->token = &sign;
	for (int i = 0; i < 4; i++)
		open_session(&users[i]);

	log_in_one_by_one(users, 4);
	sign_at_once(users, 4);

	tell_rv(both_auth->name, "logs out", products[BOTH]->C_Logout(both_auth->session), CKR_OK);
	tell(only_auth->name, "another product's logout is not its own", signs(only_auth), CKR_OK);
	tell(both_sign->name, "the other token's logout is not its own", signs(both_sign), CKR_OK);
	tell(both_auth->name, "does not sign any more", !signs(both_auth), CKR_OK);
	tell_rv(only_sign->name, "closes all its sessions",
		products[SIGN]->C_CloseAllSessions(only_sign->slot), CKR_OK);
	tell(both_sign->name, "another product's sessions are not its own", signs(both_sign),
	     CKR_OK);
	tell_rv(names[BOTH], "is finalised", products[BOTH]->C_Finalize(NULL), CKR_OK);
	tell(only_auth->name, "another product's end is not its own", signs(only_auth), CKR_OK);
	open_session(only_sign);
	tell_rv(only_sign->name, "logs in again", log_in(only_sign), CKR_OK);
	tell(only_sign->name, "signs again", signs(only_sign), CKR_OK);
	tell_rv(names[AUTH], "is finalised", products[AUTH]->C_Finalize(NULL), CKR_OK);
	tell(only_sign->name, "signs when it is the last", signs(only_sign), CKR_OK);
	tell_rv(names[SIGN], "is finalised", products[SIGN]->C_Finalize(NULL), CKR_OK);
	EVP_PKEY_free(auth.key);
	EVP_PKEY_free(sign.key);
	puts("end");
	return 0;
}
