/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arguments.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS_MAX     64
#define ATTRIBUTES_MAX 6
#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))

/* The bytes from which on a choice is an odd one. */
#define RARELY 0xF0

static void *blocks[BLOCKS_MAX];
static size_t block_count;

void arguments_begin(struct arguments *arguments, struct fuzz_input *input)
{
	memset(arguments, 0, sizeof(*arguments));
	arguments->input = input;
}

CK_ULONG arguments_number(struct arguments *arguments)
{
	static const CK_ULONG odd[] = {CK_UNAVAILABLE_INFORMATION,
				       0x80000000UL,
				       0xffffffffUL,
				       0x7fffffffffffffffUL,
				       0x8000000000000000UL,
				       0x100,
				       0x101,
				       0x1000,
				       0x10000,
				       0x100000000UL};
	uint8_t choice = fuzz_byte(arguments->input);

	if (choice < 0xE0)
		return choice;
	if (choice < RARELY)
		return fuzz_short(arguments->input);
	return odd[choice % COUNT(odd)];
}

CK_SESSION_HANDLE arguments_session(struct arguments *arguments)
{
	uint8_t choice = fuzz_byte(arguments->input);

	return choice < RARELY ? arguments->sessions[choice % ARGUMENTS_HANDLES]
			       : arguments_number(arguments);
}

CK_OBJECT_HANDLE arguments_object(struct arguments *arguments)
{
	uint8_t choice = fuzz_byte(arguments->input);

	return choice < RARELY ? arguments->objects[choice % ARGUMENTS_HANDLES]
			       : arguments_number(arguments);
}

CK_SLOT_ID arguments_slot(struct arguments *arguments)
{
	uint8_t choice = fuzz_byte(arguments->input);

	return choice < RARELY ? choice % 4 : arguments_number(arguments);
}

void arguments_note_session(struct arguments *arguments, CK_SESSION_HANDLE session)
{
	arguments->sessions[arguments->session_count++ % ARGUMENTS_HANDLES] = session;
}

void arguments_note_object(struct arguments *arguments, CK_OBJECT_HANDLE object)
{
	arguments->objects[arguments->object_count++ % ARGUMENTS_HANDLES] = object;
}

static void *allocate(size_t size)
{
	void *block = block_count < BLOCKS_MAX ? calloc(1, size > 0 ? size : 1) : NULL;

	if (block != NULL)
		blocks[block_count++] = block;
	return block;
}

void *arguments_memory(struct arguments *arguments, size_t size)
{
	return fuzz_byte(arguments->input) >= RARELY ? NULL : allocate(size);
}

CK_BYTE *arguments_data(struct arguments *arguments, CK_ULONG *length)
{
	uint8_t choice = fuzz_byte(arguments->input);
	size_t size = choice < 0xE0 ? choice : (size_t)16 * choice;
	CK_BYTE *bytes;

	*length = size;
	if (choice >= RARELY) {
		*length = arguments_number(arguments);
		return NULL;
	}
	bytes = allocate(size);
	if (bytes == NULL) {
		*length = 0;
		return NULL;
	}
	for (size_t i = 0; i < size && i < 64; i++)
		bytes[i] = fuzz_byte(arguments->input);
	return bytes;
}

CK_UTF8CHAR *arguments_pin(struct arguments *arguments, CK_ULONG *length)
{
	static const char *const pins[] = {"1234", "ABC123",          "abc123", "9999",
					   "8888", "WRONG1",          "wrong1", "OTHER2",
					   "7777", "A1B2C3D4E5F6G7H8"};
	uint8_t choice = fuzz_byte(arguments->input);
	CK_UTF8CHAR *copy;

	if (choice >= 0xC0)
		return arguments_data(arguments, length);
	*length = strlen(pins[choice % COUNT(pins)]);
	copy = allocate(*length);
	if (copy != NULL)
		memcpy(copy, pins[choice % COUNT(pins)], *length);
	else
		*length = 0;
	return copy;
}

struct room arguments_room(struct arguments *arguments)
{
	uint8_t choice = fuzz_byte(arguments->input);
	struct room room = {.size = choice < 0xE0 ? (CK_ULONG)2 * choice : 0};

	room.length = arguments_memory(arguments, sizeof(CK_ULONG));
	if (choice < 0xE0)
		room.bytes = allocate(room.size);
	if (room.length != NULL)
		*room.length = room.bytes != NULL ? room.size : arguments_number(arguments);
	return room;
}

struct arguments_template arguments_template(struct arguments *arguments)
{
	static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,           CKA_CERTIFICATE_CATEGORY,
						  CKA_LABEL,           CKA_ID,
						  CKA_VALUE,           CKA_SUBJECT,
						  CKA_ISSUER,          CKA_SERIAL_NUMBER,
						  CKA_KEY_TYPE,        CKA_TOKEN,
						  CKA_PRIVATE,         CKA_MODULUS,
						  CKA_PUBLIC_EXPONENT, CKA_ALLOWED_MECHANISMS,
						  CKA_WRAP_TEMPLATE,   CKA_PRIVATE_EXPONENT};
	uint8_t count = fuzz_byte(arguments->input);
	struct arguments_template template = {.count = count % (ATTRIBUTES_MAX + 1)};

	if (count >= RARELY) {
		template.count = arguments_number(arguments);
		return template;
	}
	template.attributes = allocate(ATTRIBUTES_MAX * sizeof(CK_ATTRIBUTE));
	if (template.attributes == NULL)
		template.count = 0;
	for (CK_ULONG i = 0; i < template.count; i++) {
		CK_ATTRIBUTE *attribute = &template.attributes[i];
		uint8_t type = fuzz_byte(arguments->input);

		attribute->type =
			type < RARELY ? types[type % COUNT(types)] : arguments_number(arguments);
		attribute->pValue = arguments_data(arguments, &attribute->ulValueLen);
	}
	return template;
}

CK_MECHANISM *arguments_mechanism(struct arguments *arguments)
{
	static const CK_MECHANISM_TYPE types[] = {
		CKM_RSA_PKCS,      CKM_SHA256_RSA_PKCS, CKM_RSA_PKCS_PSS, CKM_SHA256_RSA_PKCS_PSS,
		CKM_SHA1_RSA_PKCS, CKM_SHA512_RSA_PKCS, CKM_SHA256,       CKM_SHA_1,
		CKM_SHA384,        CKM_RSA_X_509};
	uint8_t type = fuzz_byte(arguments->input);
	uint8_t form = fuzz_byte(arguments->input);
	CK_MECHANISM *mechanism = arguments_memory(arguments, sizeof(*mechanism));
	CK_RSA_PKCS_PSS_PARAMS *parameters;

	if (mechanism == NULL)
		return NULL;
	mechanism->mechanism =
		type < RARELY ? types[type % COUNT(types)] : arguments_number(arguments);
	if (form % 4 == 1 && (parameters = allocate(sizeof(*parameters))) != NULL) {
		*parameters = (CK_RSA_PKCS_PSS_PARAMS){CKM_SHA256, CKG_MGF1_SHA256, 32};
		if (form >= RARELY)
			parameters->sLen = arguments_number(arguments);
		mechanism->pParameter = parameters;
		mechanism->ulParameterLen = sizeof(*parameters);
	} else if (form % 4 == 2) {
		mechanism->pParameter = arguments_data(arguments, &mechanism->ulParameterLen);
	}
	return mechanism;
}

void arguments_check(CK_RV rv, const struct room *room)
{
	if (rv == CKR_OK && room->bytes != NULL && room->length != NULL)
		fuzz_check(*room->length <= room->size);
}

void arguments_free(void)
{
	while (block_count > 0)
		free(blocks[--block_count]);
}
