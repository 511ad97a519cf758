/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module as a program sees it, over two in-process readers: the first holds a card. */
#ifndef UNIT_MODULE_FIXTURE_H
#define UNIT_MODULE_FIXTURE_H

#include "make.h"
#include "pkcs11v3.h"
#include "unit.h"

#define MODULE_AUTH_SLOT 0UL
#define MODULE_SIGN_SLOT 1UL
/* Of the reader that is empty. */
#define MODULE_EMPTY_SLOT 2UL

/* The slots of the first reader in a name, as C_GetSlotInfo tells them. */
#define MODULE_READER_A "Virtual reader A"
#define MODULE_READER_B "Virtual reader B"

struct module_fixture {
	struct unit_card card;
	struct unit_card second; /* opened by the tests that need it */
	bool unplugged;          /* C_Initialize finds no reader */
	const char *const
		*names; /* of other readers at the next C_Initialize, name_count of them */
	size_t name_count;
	struct vcard_transport *readers; /* of the last C_Initialize, until C_Finalize */
};

/* One for the process: there is one module. */
extern struct module_fixture module_fixture;

/* The 2.40 functions, as a program gets at them. */
extern CK_FUNCTION_LIST *p11;

/* And the 3.0 ones. */
const struct jpki_function_list_3_0 *module_newest(void);

/* cmocka's setup and teardown: a fresh adult's card, the module initialised; and finalised. */
int module_set_up(void **state);
int module_tear_down(void **state);
/* The same without C_Initialize, and with a card of another kind. */
int module_prepare(void **state);
void module_exchange_card(const char *name);

/*
 * From here on refused values are told to other processes, in a directory of the test's own; and
 * that is forgotten, as by a new insertion: each C_Initialize makes readers that count anew. The
 * end of it is for whoever began.
 */
void module_share_refused(void);
void module_forget_refused(void);
void module_share_end(void);

#define assert_rv(expression, wanted)                                                              \
	module_assert_rv(expression, wanted, #expression, __FILE__, __LINE__)
void module_assert_rv(CK_RV got, CK_RV wanted, const char *expression, const char *file, int line);

CK_SESSION_HANDLE module_open(CK_SLOT_ID slot);
CK_SESSION_HANDLE module_open_read_write(CK_SLOT_ID slot);
CK_RV module_login(CK_SESSION_HANDLE session, const char *pin);
/* A session that is logged in. */
CK_SESSION_HANDLE module_open_user(CK_SLOT_ID slot);

/* The only object of a class in a token; class CKO_CERTIFICATE means the holder's. */
CK_OBJECT_HANDLE module_find(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class);

/* Asserts that the card saw so many exchanges since the last vcard_transport_forget. */
void module_assert_exchanges(unsigned int count);

#endif
