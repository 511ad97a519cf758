/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * opensc: finds the ways in which OpenSC, which supports the same card, comes between programs and
 * this module.
 *
 * Nothing here loads OpenSC or changes a file, because jpki status and jpki doctor use it, too.
 */
#ifndef JPKI_APP_HOST_OPENSC_H
#define JPKI_APP_HOST_OPENSC_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define OPENSC_NAMES_MAX 8

/* What OpenSC starts at each login to desktop, to write its module into all NSS databases. */
#define OPENSC_AUTOSTART "pkcs11-register.desktop"

struct opensc_ways {
	/* The names under which p11-kit has its modules, and that are not hidden. */
	size_t name_count;
	char names[OPENSC_NAMES_MAX][NAME_MAX + 1];
	bool autostart; /* its program runs at each login */
	/* Its module is in a database. */
	bool firefox, chromium, thunderbird;
};

/*
 * Find the ways. root stands before the paths of the system's files: "" but in tests. What cannot
 * be read counts as not there.
 */
void opensc_look(const char *root, struct opensc_ways *ways);

/* True if there is any. */
bool opensc_is_beside(const struct opensc_ways *ways);

#endif
