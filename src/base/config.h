/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config: reads the configuration files. /etc/jpki-pkcs11.conf comes first, then jpki-pkcs11.conf
 * in the user's configuration directory ($XDG_CONFIG_HOME, else ~/.config), whose values win. A
 * line is "key = value". Empty lines and lines that begin with # are skipped. Unknown keys and
 * invalid values are ignored with a warning in the log, which repeats nothing of the line. Setuid
 * programs read neither file.
 */
#ifndef JPKI_BASE_CONFIG_H
#define JPKI_BASE_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A directory of the user's own. The root must exist; what is below it is created. */
struct jpki_user_place {
	char root[PATH_MAX]; /* as XDG names it, else the home directory; "" if there is none */
	char below[40];
};

/* The longest path of a runtime directory; /run/user/1000 is a usual one. */
#define JPKI_RUNTIME_ROOT_SIZE 256

/* A SHA-256 fingerprint: 64 digits of hexadecimal, in capitals. */
#define JPKI_FINGERPRINT_SIZE 65
#define JPKI_AUTHORITIES_MAX  16

/* Which certificates are kept on disk. The signing certificate is in no such list. */
enum jpki_keep {
	JPKI_KEEP_NONE,
	JPKI_KEEP_CA,   /* those of the authorities */
	JPKI_KEEP_AUTH, /* and the authentication certificate */
};

struct jpki_config {
	/* final-try = allow: a program may spend the last try of a PIN (default: refuse). */
	bool final_try_allowed;
	/* card-wait-time = seconds: a call on an open connection gives up after it has waited this
	 * long for a program that keeps the card (default 30). */
	unsigned int card_wait_seconds;
	/* keep-certificates = no | ca | auth (default ca). */
	enum jpki_keep keep;
	/* pin-idle-time = seconds: a login ends after this time without use (default 0: never). */
	unsigned int pin_idle_seconds;
	/* sign.always-authenticate = yes: each signature requires the signing password. */
	bool sign_always_authenticate;
	/* try-record = no: tries are not recorded in the user's state directory. */
	bool tries_recorded;
	/* share-refused = no: refused values are not told to the user's other processes. */
	bool refusals_shared;
	/* portal.bare-digests = yes: a site may also have SHA-1 and 32 bare bytes signed. */
	bool portal_bare_digests;
	/* verify.authority = fingerprint: this CA certificate, too, is known. Each line adds one.
	 */
	char authorities[JPKI_AUTHORITIES_MAX][JPKI_FINGERPRINT_SIZE];
	size_t authority_count;
	/* From the environment. In setuid programs there are none. */
	struct jpki_user_place record_place;       /* in $XDG_STATE_HOME */
	struct jpki_user_place kept_place;         /* in $XDG_CACHE_HOME */
	char runtime_root[JPKI_RUNTIME_ROOT_SIZE]; /* $XDG_RUNTIME_DIR; "" if there is none */
};

/* Return the built-in values. */
struct jpki_config jpki_config_defaults(void);

/*
 * Fill in the defaults, overridden by the system's file and then by the user's. Mistakes in a file
 * are never an error. JPKI_E_MEMORY: the files were not read.
 */
enum jpki_error jpki_config_read(struct jpki_config *config);

/* Return the same, for callers with a stack of the usual size; the defaults without memory. */
struct jpki_config jpki_config_load(void);

/*
 * Read one file into *config; values that it does not set stay. JPKI_E_NOT_FOUND: the file cannot
 * be opened. Otherwise return JPKI_OK, whatever the file holds.
 */
enum jpki_error jpki_config_read_file(struct jpki_config *config, const char *path);

#endif
