/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Failure injection: between the shipped layers and the functions that they call stands a function
 * of ours (inject_NAME for NAME; the file calls lists them), which fails when it is told to, and
 * keeps the books of what was taken and given back. The names are changed in a copy of the shipped
 * objects alone, so the virtual card and the tests themselves are not touched by it.
 */
#ifndef INJECT_INJECT_H
#define INJECT_INJECT_H

#include <stdbool.h>
#include <stddef.h>

/* What a call is of; powers of two. */
enum inject_class {
	INJECT_MEMORY = 1,
	INJECT_CRYPTO = 2,
	INJECT_FILE = 4,
	INJECT_PCSC = 8,
};

/* Arms: of the calls of these classes from now on the nth (from 1) fails, and with lasting every
 * one after it. What a PC/SC call that fails returns is code; the others have one way to fail. */
void inject_arm(unsigned int classes, unsigned int nth, bool lasting, long code);
/* Nothing fails any more. */
void inject_disarm(void);
/* Calls that failed since inject_arm, and the name of the first of them. */
unsigned int inject_fired(void);
const char *inject_name(void);

/* The names of all that were made to fail since the program began, in text; how many they are. */
unsigned int inject_names(char *text, size_t size);

/* For the wrappers: notes a call, and says whether it is to fail. */
bool inject_fails(enum inject_class class, const char *name);
long inject_code(void);

/* What the shipped layers hold and have to give back. */
enum inject_kind {
	INJECT_BLOCKS,  /* of the heap */
	INJECT_PAGES,   /* mappings */
	INJECT_OBJECTS, /* OpenSSL's */
	INJECT_FILES,   /* descriptors and streams */
	INJECT_CONTEXTS,
	INJECT_LINKS, /* of PC/SC */
	INJECT_KINDS
};

/* What is held now. */
struct inject_books {
	long held[INJECT_KINDS];
};
struct inject_books inject_books(void);
const char *inject_kind_name(enum inject_kind kind);

/* For the wrappers: one more, or one fewer. Both return their argument. */
void *inject_took(enum inject_kind kind, void *pointer);
void *inject_gave(enum inject_kind kind, void *pointer);

/* Bytes of heap and mappings that are held, and the most that were since inject_reset_peak. */
void inject_grow(size_t bytes);
void inject_shrink(size_t bytes);
size_t inject_peak(void);
void inject_reset_peak(void);

/* Milliseconds that the shipped layers have asked to sleep; they do not really. */
long inject_slept_ms(void);
void inject_sleep(long milliseconds);

/* How often memory was given back that held one of the secrets; see inject_watch_secret. */
unsigned int inject_spilt(void);
/* A text that must not stand in memory that is given back; NULL takes all away. */
void inject_watch_secret(const char *secret);
/* For the wrappers: looks through memory that is about to be given back. */
void inject_look_through(const void *memory, size_t length);

#endif
