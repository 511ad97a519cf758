/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "calls.h"

#include "stage.h"

/* Short names: the arguments of a call are one line. They are taken in the order of the standard.
 */
#define NUMBER  arguments_number(a)
#define SESSION arguments_session(a)
#define OBJECT  arguments_object(a)
#define SLOT    arguments_slot(a)

static CK_RV stop(CK_VOID_PTR mutex)
{
	(void)mutex;
	return CKR_OK;
}

static void initialise(struct arguments *a)
{
	CK_C_INITIALIZE_ARGS *args = arguments_memory(a, sizeof(*args));
	uint8_t choice = fuzz_byte(a->input);

	if (args != NULL) {
		args->flags = NUMBER;
		args->DestroyMutex = (choice & 1) != 0 ? stop : NULL;
		args->LockMutex = (choice & 2) != 0 ? stop : NULL;
		args->UnlockMutex = (choice & 4) != 0 ? stop : NULL;
		args->pReserved = (choice & 8) != 0 ? a : NULL;
	}
	stage.p11->C_Initialize(args);
}

static void ask(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	struct room room;
	CK_SLOT_ID slot;

	switch (number) {
	case 0:
		p11->C_GetInfo(arguments_memory(a, sizeof(CK_INFO)));
		break;
	case 1:
		room = arguments_room(a);
		room.size /= sizeof(CK_SLOT_ID);
		if (room.bytes != NULL && room.length != NULL)
			*room.length = room.size;
		arguments_check(p11->C_GetSlotList((CK_BBOOL)(fuzz_byte(a->input) & 1),
						   (CK_SLOT_ID *)(void *)room.bytes, room.length),
				&room);
		break;
	case 2:
		slot = SLOT;
		p11->C_GetSlotInfo(slot, arguments_memory(a, sizeof(CK_SLOT_INFO)));
		break;
	case 3:
		slot = SLOT;
		p11->C_GetTokenInfo(slot, arguments_memory(a, sizeof(CK_TOKEN_INFO)));
		break;
	case 4:
		slot = SLOT;
		room = arguments_room(a);
		room.size /= sizeof(CK_MECHANISM_TYPE);
		if (room.bytes != NULL && room.length != NULL)
			*room.length = room.size;
		arguments_check(p11->C_GetMechanismList(
					slot, (CK_MECHANISM_TYPE *)(void *)room.bytes, room.length),
				&room);
		break;
	case 5:
		slot = SLOT;
		p11->C_GetMechanismInfo(slot, NUMBER,
					arguments_memory(a, sizeof(CK_MECHANISM_INFO)));
		break;
	case 6:
		p11->C_WaitForSlotEvent(NUMBER | CKF_DONT_BLOCK,
					arguments_memory(a, sizeof(CK_SLOT_ID)), NULL);
		break;
	default:
		initialise(a);
		break;
	}
}

static void session_call(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_SESSION_HANDLE session, *opened;
	CK_FLAGS flags;
	CK_SLOT_ID slot;

	switch (number) {
	case 0:
	case 1:
		slot = SLOT;
		flags = number == 0 ? CKF_SERIAL_SESSION | CKF_RW_SESSION : NUMBER;
		opened = arguments_memory(a, sizeof(*opened));
		if (p11->C_OpenSession(slot, flags, NULL, NULL, opened) == CKR_OK)
			arguments_note_session(a, *opened);
		break;
	case 2:
		p11->C_CloseSession(SESSION);
		break;
	case 3:
		p11->C_CloseAllSessions(SLOT);
		break;
	case 4:
		session = SESSION;
		p11->C_GetSessionInfo(session, arguments_memory(a, sizeof(CK_SESSION_INFO)));
		break;
	default:
		session = SESSION;
		stage.newest->C_SessionCancel(session, NUMBER);
		break;
	}
}

/* Whatever takes a PIN. */
static void pin_call(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_SLOT_ID slot = number == 9 ? SLOT : 0;
	CK_SESSION_HANDLE session = number != 9 ? SESSION : 0;
	CK_USER_TYPE user = number == 6 || number == 11 ? NUMBER : CKU_USER;
	CK_UTF8CHAR *pin = NULL, *other = NULL;
	CK_ULONG length = 0, other_length = 0;

	if (number != 7)
		pin = arguments_pin(a, &length);
	if (number == 8 || number == 11)
		other = arguments_pin(a, &other_length);
	switch (number) {
	case 7:
		p11->C_Logout(session);
		break;
	case 8:
		p11->C_SetPIN(session, pin, length, other, other_length);
		break;
	case 9:
		p11->C_InitToken(slot, pin, length, arguments_memory(a, 32));
		break;
	case 10:
		p11->C_InitPIN(session, pin, length);
		break;
	case 11:
		stage.newest->C_LoginUser(session, user, pin, length, other, other_length);
		break;
	default:
		p11->C_Login(session, user, pin, length);
		break;
	}
}

static void find_objects(struct arguments *a, CK_SESSION_HANDLE session)
{
	CK_ULONG room = fuzz_byte(a->input) % 16;
	CK_ULONG *count = arguments_memory(a, sizeof(*count));
	CK_OBJECT_HANDLE *objects = arguments_memory(a, room * sizeof(*objects));

	if (stage.p11->C_FindObjects(session, objects, room, count) != CKR_OK)
		return;
	fuzz_check(*count <= room);
	for (CK_ULONG i = 0; i < *count; i++)
		arguments_note_object(a, objects[i]);
}

static void object_call(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_SESSION_HANDLE session = SESSION;
	struct arguments_template template = {0};
	CK_OBJECT_HANDLE object = 0;

	if (number >= 3 && number != 7)
		object = OBJECT;
	if (number != 1 && number != 2 && number < 7)
		template = arguments_template(a);
	switch (number) {
	case 0:
		p11->C_FindObjectsInit(session, template.attributes, template.count);
		break;
	case 1:
		find_objects(a, session);
		break;
	case 2:
		p11->C_FindObjectsFinal(session);
		break;
	case 3:
		p11->C_GetAttributeValue(session, object, template.attributes, template.count);
		break;
	case 4:
		p11->C_SetAttributeValue(session, object, template.attributes, template.count);
		break;
	case 5:
		p11->C_CopyObject(session, object, template.attributes, template.count,
				  arguments_memory(a, sizeof(object)));
		break;
	case 6:
		p11->C_CreateObject(session, template.attributes, template.count,
				    arguments_memory(a, sizeof(object)));
		break;
	case 7:
		/* Both at once: most calls look for everything. */
		p11->C_FindObjectsInit(session, NULL, 0);
		find_objects(a, session);
		p11->C_FindObjectsFinal(session);
		break;
	case 8:
		p11->C_GetObjectSize(session, object, arguments_memory(a, sizeof(CK_ULONG)));
		break;
	default:
		p11->C_DestroyObject(session, object);
		break;
	}
}

/* The beginnings of operations, and random numbers. */
static void begin_call(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_SESSION_HANDLE session = SESSION;
	CK_MECHANISM *mechanism = number < 3 ? arguments_mechanism(a) : NULL;
	CK_BYTE *data;
	CK_ULONG length;

	switch (number) {
	case 0:
		p11->C_SignInit(session, mechanism, OBJECT);
		break;
	case 1:
		p11->C_VerifyInit(session, mechanism, OBJECT);
		break;
	case 2:
		p11->C_DigestInit(session, mechanism);
		break;
	case 12:
		data = arguments_data(a, &length);
		p11->C_GenerateRandom(session, data, length);
		break;
	default:
		p11->C_SeedRandom(session, NULL, NUMBER);
		break;
	}
}

static void crypt_call(struct arguments *a, uint8_t number)
{
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_SESSION_HANDLE session = SESSION;
	struct room room = {0};
	CK_BYTE *data = NULL, *signature;
	CK_ULONG length = 0, signature_length;
	CK_RV rv = CKR_GENERAL_ERROR;

	if (number != 5 && number != 10)
		data = arguments_data(a, &length);
	if (number == 3 || number == 5 || number == 6 || number == 10)
		room = arguments_room(a);
	switch (number) {
	case 3:
		rv = p11->C_Sign(session, data, length, room.bytes, room.length);
		break;
	case 4:
		p11->C_SignUpdate(session, data, length);
		break;
	case 5:
		rv = p11->C_SignFinal(session, room.bytes, room.length);
		break;
	case 6:
		rv = p11->C_Digest(session, data, length, room.bytes, room.length);
		break;
	case 7:
		p11->C_DigestUpdate(session, data, length);
		break;
	case 8:
		signature = arguments_data(a, &signature_length);
		p11->C_Verify(session, data, length, signature, signature_length);
		break;
	case 9:
		p11->C_VerifyUpdate(session, data, length);
		break;
	case 10:
		rv = p11->C_DigestFinal(session, room.bytes, room.length);
		break;
	default:
		p11->C_VerifyFinal(session, data, length);
		break;
	}
	arguments_check(rv, &room);
}

/* What is not offered, of each kind. */
static void refused_call(struct arguments *a, uint8_t number)
{
	CK_SESSION_HANDLE session = SESSION;
	CK_FUNCTION_LIST *p11 = stage.p11;
	CK_MECHANISM *mechanism = arguments_mechanism(a);
	CK_RV rv = CKR_OK;

	if (number == 0)
		rv = p11->C_EncryptInit(session, mechanism, OBJECT);
	else if (number == 1)
		rv = p11->C_DecryptInit(session, mechanism, OBJECT);
	else if (number == 2)
		rv = p11->C_GenerateKeyPair(session, mechanism, NULL, NUMBER, NULL, NUMBER, NULL,
					    NULL);
	else if (number == 3)
		rv = p11->C_UnwrapKey(session, mechanism, OBJECT, NULL, NUMBER, NULL, NUMBER, NULL);
	else if (number == 4)
		rv = p11->C_SignRecoverInit(session, mechanism, OBJECT);
	else
		rv = stage.newest->C_MessageSignInit(session, mechanism, OBJECT);
	fuzz_check(rv != CKR_OK);
}

/* The card, or the module as a whole. */
static void change_stage(struct arguments *a, uint8_t number)
{
	if (number == 0)
		stage.p11->C_Finalize(arguments_memory(a, 0));
	else if (stage.readers != NULL && number < 4)
		stage_put(number == 1 ? NULL : stage.cards[fuzz_byte(a->input) % STAGE_CARDS]);
	else if (stage.readers != NULL)
		vcard_transport_reset(stage.readers, 0);
}

void calls_make(struct arguments *a, uint8_t number)
{
	uint8_t low = number & 0x0f;

	switch (number >> 4) {
	case 0:
		ask(a, low % 8);
		break;
	case 1:
	case 2:
	case 3:
		if (low < 5 || low > 11)
			session_call(a, low);
		else
			pin_call(a, low);
		break;
	case 4:
	case 5:
	case 6:
		object_call(a, low % 10);
		break;
	case 7:
		refused_call(a, low % 6);
		break;
	case 8:
		change_stage(a, low);
		break;
	default:
		if (low < 3 || low > 11)
			begin_call(a, low);
		else
			crypt_call(a, low);
		break;
	}
}
