/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The browsers: where their NSS databases are, which of our modules these name, and whether a
 * browser is running or locked up in a sandbox. Nothing is changed here; jpki doctor looks, too.
 */
#ifndef JPKI_TOOL_SETUP_NSS_H
#define JPKI_TOOL_SETUP_NSS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define SETUP_PROFILES_MAX      32
#define SETUP_REGISTRATIONS_MAX 32

enum setup_browser { SETUP_FIREFOX, SETUP_CHROMIUM };

/* The shipped modules. */
enum setup_product { SETUP_NOT_OURS, SETUP_FULL, SETUP_AUTH, SETUP_SIGN };

struct setup_profiles {
	size_t count;
	char directories[SETUP_PROFILES_MAX][PATH_MAX];
};

/* One module in a database, ours or not; NSS's own has no file, and is none. */
struct setup_registration {
	enum setup_product product;
	char name[128];         /* that the database gives it */
	char library[PATH_MAX]; /* its file */
};

/* Which of our modules a file is, by its name. */
enum setup_product setup_product_of(const char *library);

/* Whether a file is one of OpenSC's, which takes the card for its own, by its name. */
bool setup_is_opensc(const char *library);

/* The directories with a database: of Firefox one for each profile that was used. */
void setup_find_profiles(enum setup_browser browser, struct setup_profiles *profiles);

/* Where Chromium's database is, or is to be made. */
void setup_chromium_database(char path[PATH_MAX]);

/* The modules in the database of a directory; returns how many. */
size_t setup_find_registrations(const char *directory,
				struct setup_registration list[SETUP_REGISTRATIONS_MAX]);

/* Whether the browser runs with this profile (Firefox), or at all (Chromium). */
bool setup_is_running(enum setup_browser browser, const char *directory);

/* How a browser is installed: as a snap or Flatpak, and not in a usual way, too. */
bool setup_is_only_sandboxed(enum setup_browser browser);

#endif
