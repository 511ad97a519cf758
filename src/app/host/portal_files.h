/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * portal_files: knows the files by which Firefox and Chromium have the extension for Myna Portal
 * and e-Tax and find the program beside it, and judges whether each is as it must be.
 *
 * Nothing here changes a file, because jpki doctor uses it, too. Which files these are, and for
 * what: docs/portal-protocol.md.
 */
#ifndef JPKI_APP_HOST_PORTAL_FILES_H
#define JPKI_APP_HOST_PORTAL_FILES_H

#include <limits.h>
#include <stdbool.h>

#include "app/host/browsers.h"

/* The extension, as each browser calls it. Chromium's id is that of extension/chromium-key.pem. */
#define PORTAL_FIREFOX_ID      "portal@jpki-pkcs11"
#define PORTAL_CHROMIUM_ID     "fcljickjnclfgijbniiijknplcmfbpml"
#define PORTAL_CHROMIUM_ORIGIN "chrome-extension://" PORTAL_CHROMIUM_ID "/"

/* Where an installation has its files. */
struct portal_places {
	const char *root; /* what stands before /etc and /usr in the browsers' paths; mostly "" */
	const char *host; /* the program */
	const char *data; /* the directory with the extension, as it is and packed */
};

/* The places of this installation. */
extern const struct portal_places portal_installed;

/* A file for each. Those of a host may also be a person's own. */
enum portal_part {
	PORTAL_FIREFOX_HOST,
	PORTAL_FIREFOX_EXTENSION, /* a link */
	PORTAL_FIREFOX_SETTING,   /* for profiles that exist already */
	PORTAL_CHROMIUM_HOST,
	PORTAL_CHROMIUM_POLICY, /* installs the extension */
	PORTAL_PARTS
};

enum portal_state { PORTAL_MISSING, PORTAL_WRONG, PORTAL_RIGHT };

/* Return whose file it is. */
enum browser portal_part_browser(enum portal_part part);

/* True if a person may have a file of the own beside the system's: the browser prefers it. */
bool portal_part_may_be_own(enum portal_part part);

/* Return the path of the system's file or, if it may be, of the person's own. */
void portal_part_path(const struct portal_places *places, enum portal_part part, bool own,
		      char path[PATH_MAX]);

/*
 * Return what the file must contain or, for the link, where it must lead. The caller frees it; NULL
 * without memory.
 */
char *portal_part_content(const struct portal_places *places, enum portal_part part);

/* Judge one file. What has the name and cannot be read, or leads elsewhere, is wrong. */
enum portal_state portal_part_state(const struct portal_places *places, enum portal_part part,
				    bool own);

/*
 * Judge the file that counts: the person's own if there is one, else the system's. Set *own to
 * which of them it is.
 */
enum portal_state portal_part_effective(const struct portal_places *places, enum portal_part part,
					bool *own);

/* True if the program is there and can be run. */
bool portal_host_is_there(const struct portal_places *places);

/* True if the extension itself is there, in the form that the browser takes. */
bool portal_extension_is_there(const struct portal_places *places, enum browser browser);

/*
 * Find a policy of an administrator by which Chromium does not take ours: it comes later, has
 * settings for extensions, and a list of what may come from several files that does not have them.
 * True if there is one; its path is set then.
 */
bool portal_find_overruling(const struct portal_places *places, char path[PATH_MAX]);

/* The most paths that portal_find_others finds. */
#define PORTAL_OTHERS_MAX 8

/*
 * Find the files by which other programs for the same sites are registered with a browser, by their
 * names. Return their number.
 */
size_t portal_find_others(const struct portal_places *places,
			  char paths[PORTAL_OTHERS_MAX][PATH_MAX]);

#endif
