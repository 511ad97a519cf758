/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * browsers: finds the browsers: where their NSS databases are, which of our modules these name,
 * and whether a browser is running or locked up in a sandbox.
 *
 * Nothing is changed here; jpki doctor looks, too.
 */
#ifndef JPKI_APP_HOST_BROWSERS_H
#define JPKI_APP_HOST_BROWSERS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define BROWSER_PROFILES_MAX      32
#define BROWSER_REGISTRATIONS_MAX 32

enum browser { BROWSER_FIREFOX, BROWSER_CHROMIUM };

/* The shipped modules. */
enum browser_product {
	BROWSER_PRODUCT_NOT_OURS,
	BROWSER_PRODUCT_FULL,
	BROWSER_PRODUCT_AUTH,
	BROWSER_PRODUCT_SIGN
};

struct browser_profiles {
	size_t count;
	char directories[BROWSER_PROFILES_MAX][PATH_MAX];
};

/* One module in a database, ours or not; NSS's own has no file, and is none. */
struct browser_registration {
	enum browser_product product;
	char name[128];         /* that the database gives it */
	char library[PATH_MAX]; /* its file */
};

/* Which of our modules a file is, by its name. */
enum browser_product browser_product_of(const char *library);

/* Whether a file is one of OpenSC's, which takes the card for its own, by its name. */
bool browser_is_opensc(const char *library);

/* The directories with a database: of Firefox one for each profile that was used. */
void browser_find_profiles(enum browser browser, struct browser_profiles *profiles);

/* Where Chromium's database is, or is to be made. */
void browser_chromium_database(char path[PATH_MAX]);

/* The modules in the database of a directory; returns how many. */
size_t browser_find_registrations(const char *directory,
				  struct browser_registration list[BROWSER_REGISTRATIONS_MAX]);

/* Whether the browser runs with this profile (Firefox), or at all (Chromium). */
bool browser_is_running(enum browser browser, const char *directory);

/* How a browser is installed: as a snap or Flatpak, and not in a usual way, too. */
bool browser_is_only_sandboxed(enum browser browser);

#endif
