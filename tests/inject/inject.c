/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inject.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define SECRETS_MAX 4
/* More than the file calls has. */
#define NAMES_MAX 100

static struct {
	unsigned int classes;
	unsigned int nth;
	bool lasting;
	long code;
	unsigned int calls;
	unsigned int fired;
	const char *first;
} order;

/* Those that were made to fail, ever. */
static const char *failed_names[NAMES_MAX];
static unsigned int name_count;

static atomic_long held[INJECT_KINDS];
static atomic_size_t bytes_held;
static atomic_size_t bytes_peak;
static long slept_ms;
static const char *secrets[SECRETS_MAX];
static unsigned int spilt;

void inject_arm(unsigned int classes, unsigned int nth, bool lasting, long code)
{
	memset(&order, 0, sizeof(order));
	order.classes = classes;
	order.nth = nth;
	order.lasting = lasting;
	order.code = code;
}

void inject_disarm(void)
{
	order.classes = 0;
}

unsigned int inject_fired(void)
{
	return order.fired;
}

const char *inject_name(void)
{
	return order.first != NULL ? order.first : "-";
}

static void remember(const char *name)
{
	for (unsigned int i = 0; i < name_count; i++) {
		if (strcmp(failed_names[i], name) == 0)
			return;
	}
	if (name_count < NAMES_MAX)
		failed_names[name_count++] = name;
}

bool inject_fails(enum inject_class class, const char *name)
{
	bool fails;

	if ((order.classes & (unsigned int)class) == 0)
		return false;
	order.calls++;
	fails = order.calls == order.nth || (order.lasting && order.calls > order.nth);
	if (fails && order.fired++ == 0)
		order.first = name;
	if (fails)
		remember(name);
	return fails;
}

unsigned int inject_names(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < name_count; i++) {
		int length = snprintf(text + used, size - used, " %s", failed_names[i]);

		if (length > 0 && (size_t)length < size - used)
			used += (size_t)length;
	}
	return name_count;
}

long inject_code(void)
{
	return order.code;
}

struct inject_books inject_books(void)
{
	struct inject_books books;

	for (int kind = 0; kind < INJECT_KINDS; kind++)
		books.held[kind] = atomic_load(&held[kind]);
	return books;
}

const char *inject_kind_name(enum inject_kind kind)
{
	static const char *const names[INJECT_KINDS] = {
		[INJECT_BLOCKS] = "blocks of memory",   [INJECT_PAGES] = "mappings",
		[INJECT_OBJECTS] = "OpenSSL's objects", [INJECT_FILES] = "files",
		[INJECT_CONTEXTS] = "PC/SC contexts",   [INJECT_LINKS] = "PC/SC handles",
	};

	return names[kind];
}

void *inject_took(enum inject_kind kind, void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_add(&held[kind], 1);
	return pointer;
}

void *inject_gave(enum inject_kind kind, void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_sub(&held[kind], 1);
	return pointer;
}

void inject_grow(size_t bytes)
{
	size_t now = atomic_fetch_add(&bytes_held, bytes) + bytes;

	if (now > atomic_load(&bytes_peak))
		atomic_store(&bytes_peak, now);
}

void inject_shrink(size_t bytes)
{
	atomic_fetch_sub(&bytes_held, bytes);
}

size_t inject_peak(void)
{
	return atomic_load(&bytes_peak);
}

void inject_reset_peak(void)
{
	atomic_store(&bytes_peak, atomic_load(&bytes_held));
}

long inject_slept_ms(void)
{
	return slept_ms;
}

void inject_sleep(long milliseconds)
{
	slept_ms += milliseconds;
}

unsigned int inject_spilt(void)
{
	return spilt;
}

void inject_watch_secret(const char *secret)
{
	size_t i = 0;

	if (secret == NULL)
		memset(secrets, 0, sizeof(secrets));
	while (secret != NULL && i < SECRETS_MAX && secrets[i] != NULL)
		i++;
	if (secret != NULL && i < SECRETS_MAX)
		secrets[i] = secret;
}

void inject_look_through(const void *memory, size_t length)
{
	for (size_t i = 0; memory != NULL && i < SECRETS_MAX && secrets[i] != NULL; i++) {
		if (memmem(memory, length, secrets[i], strlen(secrets[i])) != NULL)
			spilt++;
	}
}
