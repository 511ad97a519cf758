/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arguments of PKCS#11 calls, taken from an input: handles that exist and others, memory of
 * exactly the length that is told, NULL with any length. No argument points to less memory than
 * it says: that would be the caller's fault, and nobody's to notice.
 */
#ifndef FUZZ_ARGUMENTS_H
#define FUZZ_ARGUMENTS_H

#include "fuzz.h"
#include "pkcs11v3.h"

#define ARGUMENTS_HANDLES 8

/* Handles that calls have given out. */
struct arguments {
	struct fuzz_input *input;
	CK_SESSION_HANDLE sessions[ARGUMENTS_HANDLES];
	CK_OBJECT_HANDLE objects[ARGUMENTS_HANDLES];
	unsigned session_count, object_count;
};

/* Memory for an answer: bytes may be NULL, and length, too. */
struct room {
	CK_BYTE *bytes;
	CK_ULONG *length;
	CK_ULONG size;
};

struct arguments_template {
	CK_ATTRIBUTE *attributes;
	CK_ULONG count;
};

void arguments_begin(struct arguments *arguments, struct fuzz_input *input);

/* Any number, often a small one or an extreme one. */
CK_ULONG arguments_number(struct arguments *arguments);
CK_SESSION_HANDLE arguments_session(struct arguments *arguments);
CK_OBJECT_HANDLE arguments_object(struct arguments *arguments);
CK_SLOT_ID arguments_slot(struct arguments *arguments);

/* What a call has given out. */
void arguments_note_session(struct arguments *arguments, CK_SESSION_HANDLE session);
void arguments_note_object(struct arguments *arguments, CK_OBJECT_HANDLE object);

/* The memory of all that follows is good until arguments_free. NULL now and then. */
void *arguments_memory(struct arguments *arguments, size_t size);
CK_BYTE *arguments_data(struct arguments *arguments, CK_ULONG *length);
CK_UTF8CHAR *arguments_pin(struct arguments *arguments, CK_ULONG *length);
struct room arguments_room(struct arguments *arguments);
struct arguments_template arguments_template(struct arguments *arguments);
CK_MECHANISM *arguments_mechanism(struct arguments *arguments);

/* What was told fits the room, if the call went well. */
void arguments_check(CK_RV rv, const struct room *room);
void arguments_free(void);

#endif
