/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * browsers: finds the browsers' NSS databases, which of our modules are registered in them, and
 * whether a browser is running or confined to a sandbox.
 *
 * Nothing here changes a file, because jpki doctor uses it, too.
 */
#ifndef JPKI_APP_HOST_BROWSERS_H
#define JPKI_APP_HOST_BROWSERS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define BROWSER_PROFILES_MAX      32
#define BROWSER_REGISTRATIONS_MAX 32

/* Thunderbird is no browser, but has profiles as Firefox has. */
enum browser { BROWSER_FIREFOX, BROWSER_CHROMIUM, BROWSER_THUNDERBIRD };

/* Which of the modules that we ship a file is. */
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

/* One module in a database, ours or another. NSS's internal module has no file and is left out. */
struct browser_registration {
	enum browser_product product;
	char name[128];         /* the name that the database gives it */
	char library[PATH_MAX]; /* its file */
};

/* Return which of our modules a file is, by its name. */
enum browser_product browser_product_of(const char *library);

/* True if a file is one of OpenSC's modules, which support the same card, by its name. */
bool browser_is_opensc(const char *library);

/*
 * Find the directories with a database: for Firefox and Thunderbird, one for each profile that was
 * used.
 */
void browser_find_profiles(enum browser browser, struct browser_profiles *profiles);

/* Return where Chromium's database is, or where it would be made. */
void browser_chromium_database(char path[PATH_MAX]);

/* Read the modules in the database of a directory. Return their number. */
size_t browser_find_registrations(const char *directory,
				  struct browser_registration list[BROWSER_REGISTRATIONS_MAX]);

/* True if the browser runs with this profile (Firefox, Thunderbird), or at all (Chromium). */
bool browser_is_running(enum browser browser, const char *directory);

/*
 * True if the browser is installed as Debian has it, which takes an extension that is not signed by
 * its makers' shops.
 */
bool browser_takes_extension(enum browser browser);

/* True if the browser is installed in the usual way, whoever has made the package. */
bool browser_is_installed(enum browser browser);

/* True if the browser is installed only as a snap or Flatpak. */
bool browser_is_only_sandboxed(enum browser browser);

#endif
