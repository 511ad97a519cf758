/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The conformance driver: what its files share. Each case is a function that runs in a process of
 * its own, in which the module under test was loaded but never initialised: a crash or a hang is
 * the failure of one case, and each case knows its beginning.
 */
#ifndef JPKI_CONFORMANCE_CONFORM_H
#define JPKI_CONFORMANCE_CONFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <openssl/evp.h>

#include "pkcs11v3.h"

#ifndef CKF_FIND_OBJECTS
#define CKF_FIND_OBJECTS 0x40UL
#endif
#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Ends a set of return values. */
#define END ((CK_RV)-1)
/* A handle that no module gives out to a program that opens so few sessions. */
#define NO_HANDLE ((CK_ULONG)-2)

/* --- the module under test --- */

struct target {
	CK_FUNCTION_LIST *old;              /* of C_GetFunctionList */
	struct jpki_function_list_3_0 *new; /* of C_GetInterface; NULL when there is none */
	CK_RV (*get_interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
	CK_RV (*get_interface_list)(CK_INTERFACE_PTR, CK_ULONG_PTR);
	/* The lists themselves: those above note each call (trace.c) and call these. */
	const CK_FUNCTION_LIST *real_old;
	const struct jpki_function_list_3_0 *real_new;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token;
	CK_UTF8CHAR *pin;
	CK_ULONG pin_length;
	/* NULL: not given, and then what needs them is left out. */
	CK_UTF8CHAR *wrong_pin;   /* sent now and then, followed by the right one */
	CK_UTF8CHAR *new_pin;     /* set, and the old one set again */
	CK_UTF8CHAR *invalid_pin; /* of the right length; its first letter is in no PIN */
	const char *remove_command, *insert_command;
	/*
	 * The first answer of each set only, and nothing that the clause does not list: a module
	 * looks at its state, the handle and the arguments in this order, also where the standard
	 * leaves the order open, and CKR_FUNCTION_NOT_SUPPORTED is no answer of what it offers.
	 */
	bool strict;
};
extern struct target target;

/* The list that the cases use: the newest. */
extern CK_FUNCTION_LIST *p11;

/* --- a case --- */

/* How far a case wants to be taken before it begins. */
enum level {
	BARE,    /* not initialised */
	READY,   /* initialised */
	OPEN,    /* session is a read-only session */
	OPEN_RW, /* session is a read-write session */
	USER,    /* OPEN, and the user is logged in */
	KEY,     /* USER, and key is a private key that signs */
	KEY_3_0, /* KEY, and the module has the functions of 3.0 */
};

struct conform_case {
	const char *clause; /* of clauses.c: a function's name, or a title */
	const char *name;
	enum level level;
	void (*run)(void);
};

struct chapter {
	const char *name;
	const struct conform_case *cases;
	size_t count;
};

extern const struct chapter chapter_general, chapter_slots, chapter_mechanisms, chapter_sessions,
	chapter_login, chapter_pins, chapter_objects, chapter_attributes, chapter_values,
	chapter_digest, chapter_sign, chapter_verify, chapter_context, chapter_random,
	chapter_writing, chapter_version_3, chapter_events, chapter_plugging;
/* Instead of all these, where there is no card, a foreign one, or one whose PIN is locked. */
extern const struct chapter chapter_absent, chapter_unrecognized, chapter_locked, chapter_spending;

extern CK_SESSION_HANDLE session;
extern CK_OBJECT_HANDLE key;
/* Of key; of another object of the same identifier when the private key does not tell. */
extern CK_BYTE modulus[1024], exponent[16];
extern CK_ULONG modulus_length, exponent_length;

/* What a case says. The first failure counts; a case that says nothing is ok. */
bool expect(const char *call, CK_RV got, const CK_RV *set);
#define EXPECT(call, ...) expect(#call, (call), (const CK_RV[]){__VA_ARGS__, END})
bool check(bool condition, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define CHECK(condition) check((condition), "false: %s", #condition)
/* The case cannot be asked of this module, because of this. */
void absent(const char *reason);
bool failed(void);

/* --- running (run.c) --- */

/* Runs a case that may also come from a table of another shape: run gets the argument. */
void conform_run(const char *chapter, const char *clause, const char *name, enum level level,
		 void (*run)(const void *argument), const void *argument);
void conform_chapter(const struct chapter *chapter);
/* Runs outside of the count; false with the reason on standard error when anything failed. */
bool conform_probe(void (*run)(const void *argument), const void *argument, enum level level);
/* Prints the plan and the tables; true when nothing failed. */
bool conform_end(void);
extern bool conform_csv;
/* Memory that all processes share, for what the probe learns. */
void *conform_shared(size_t size);

/* Pulls the card, or puts it in, by the program's commands; what is pulled comes back at the end
 * of the case. */
bool card_remove(void);
bool card_insert(void);
/* False, and the case absent, when there are no such commands. */
bool card_moves(void);

/* --- the clauses (clauses.c) and what was answered (trace.c, codes.c) --- */

#define CODES_MAX 40

struct clause {
	const char *name;
	const char *old, *new; /* section of 2.40 (of functions: the chapter) and of 3.0 */
	bool is_function;
	CK_RV codes[CODES_MAX]; /* what a function may answer beside CKR_OK; ended by 0 */
};
extern const struct clause clauses[];
extern const size_t clause_count;
/* Its place in the table; clause_count when there is none of this name. */
size_t clause_of(const char *name);
bool clause_lists(size_t clause, CK_RV rv);

struct answers {
	unsigned long calls;
	size_t count;
	CK_RV codes[CODES_MAX];
};
/* By clause; shared by all processes. */
extern struct answers *answers;
/* Puts itself between the cases and the module that target has. */
void trace_module(void);

/* Adds what was answered to a file; prints from such a file, for each function, what of its clause
 * was provoked and why the rest cannot be. False when that does not agree. */
bool codes_save(const char *file);
bool codes_print(const char *file);

/* The matrix of all functions (functions.c), as two chapters. */
void conform_functions(void);
/* Each question to each RSA mechanism (signatures.c). */
void conform_signatures(void);

/* --- helpers (support.c) --- */

const char *rv_name(CK_RV rv);
/* Takes the process to the level; false when that failed or cannot be, which it has said. */
bool reach(enum level level);
CK_RV initialize(void);
CK_RV open_session(CK_FLAGS flags, CK_SESSION_HANDLE *handle);
CK_RV login(CK_SESSION_HANDLE handle);
CK_STATE state_of(CK_SESSION_HANDLE handle);
/* Text of a fixed length: blanks to the end, no zero, and whole UTF-8 characters. */
bool padded(const CK_UTF8CHAR *text, size_t size);
/* How many objects match; -1 when the search failed. As many handles as there is room for. */
long find(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count,
	  CK_OBJECT_HANDLE *objects, CK_ULONG room);
/* A handle of an object of this class, or CK_INVALID_HANDLE. */
CK_OBJECT_HANDLE find_class(CK_SESSION_HANDLE handle, CK_OBJECT_CLASS class);
/* The public key with the identifier of key, or CK_INVALID_HANDLE. */
CK_OBJECT_HANDLE find_public_key(void);
CK_RV get_bytes(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, void *data, CK_ULONG *length);
CK_FLAGS token_flags_now(void);
/* The length of a PIN of the command line. */
CK_ULONG pin_length(const CK_UTF8CHAR *pin);
/*
 * The answer to the beginning of one operation beside another: true to go on. A module may have
 * one at a time only (5.1.6, CKR_OPERATION_ACTIVE), but not one that is strict.
 */
bool alone_or_beside(CK_RV rv);
bool has_mechanism(CK_MECHANISM_TYPE type, CK_FLAGS flags);
/* A signing mechanism that takes data of any length, else CKM_RSA_PKCS; without parameters. */
bool any_signing(CK_MECHANISM *mechanism);
/* C_SignInit, and the context login that the key may want. */
CK_RV sign_init(CK_MECHANISM *mechanism);

/* What is known of a mechanism that makes or checks RSA signatures. */
struct signing {
	CK_MECHANISM_TYPE type;
	const char *name;
	const char *hash;         /* of libcrypto; NULL: takes a DigestInfo or a hash */
	CK_MECHANISM_TYPE digest; /* for the parameter of PSS: 0 is PKCS #1 v1.5 */
	CK_RSA_PKCS_MGF_TYPE mgf;
};
extern const struct signing signings[];
extern const size_t signing_count;
/* libcrypto's word on a signature of this mechanism over the data, with the key's public half. */
bool signature_is_good(const struct signing *row, const CK_BYTE *data, size_t length,
		       const CK_BYTE *signature, size_t signature_length);
/* Data that the mechanism can sign: any text, a DigestInfo or a hash of it. */
size_t data_for(const struct signing *row, CK_BYTE data[128]);
/* The parameter that this row needs, in params; salt as long as the hash. */
CK_MECHANISM mechanism_of(const struct signing *row, CK_RSA_PKCS_PSS_PARAMS *params);
/* The public half of key, for libcrypto, or NULL. Freed by the caller. */
EVP_PKEY *rsa_public_key(void);
/* A hash by libcrypto; its length. */
size_t hash_of(const char *hash, const CK_BYTE *data, size_t length, CK_BYTE out[64]);

#endif
