/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* place: is a scratch directory that is the home directory and the current one meanwhile. */
#ifndef UNIT_PLACE_H
#define UNIT_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* cmocka's setup and teardown for each test: an empty home directory, and no XDG variables. */
int place_set_up(void **state);
int place_tear_down(void **state);

/* The home directory, as realpath has it. */
extern char place_home[PATH_MAX];

/* A path in it, relative to the home directory. Static: the next 8 calls leave it. */
const char *place_path(const char *name);
/* Writes a file with the directories that it needs; mode 0644. */
void place_write(const char *name, const char *text);
/* A program of the shell, for PATH; its text without the first line. */
void place_program(const char *name, const char *text);
void place_directory(const char *name);
/* Asserts what a file holds; NULL: there is no such file. */
void place_assert(const char *name, const char *text);
mode_t place_mode(const char *name);
bool place_has(const char *name);
/* How many names a directory has. */
size_t place_count(const char *name);

#endif
