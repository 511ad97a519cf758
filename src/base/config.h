/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration: /etc/jpki-pkcs11.conf, then jpki-pkcs11.conf in the user's configuration
 * directory ($XDG_CONFIG_HOME, else ~/.config), whose values win. Lines of "key = value"; empty
 * lines and lines that begin with # are passed over; unknown keys and values are warned of in
 * the log and otherwise ignored. The files are not read in setuid programs.
 */
#ifndef JPKI_BASE_CONFIG_H
#define JPKI_BASE_CONFIG_H

#include <limits.h>
#include <stdbool.h>

#include "base/error.h"

/* Where the record of tries is: below a directory that is there already. */
struct jpki_record_place {
	char root[PATH_MAX]; /* $XDG_STATE_HOME, else the home directory; "": there is none */
	char below[40];
};

struct jpki_config {
	/* final-try = allow: a program may spend the last try of a PIN (default: refuse). */
	bool final_try_allowed;
	/* pin-idle-time = seconds: a login ends after so long without use (default 0: never). */
	unsigned int pin_idle_seconds;
	/* sign.always-authenticate = yes: the signing password is wanted for each signature. */
	bool sign_always_authenticate;
	/* try-record = no: tries are not written down in the user's state directory. */
	bool tries_recorded;
	/* From the environment; none in setuid programs. */
	struct jpki_record_place record_place;
};

/* The built-in values. */
struct jpki_config jpki_config_defaults(void);

/* Defaults, then the system's file, then the user's. Nothing that is wrong in a file fails. */
struct jpki_config jpki_config_load(void);

/*
 * Reads one file into *config, whose other values stay. JPKI_E_NOT_FOUND when it cannot be
 * opened; JPKI_OK otherwise, whatever it holds.
 */
enum jpki_error jpki_config_read_file(struct jpki_config *config, const char *path);

#endif
