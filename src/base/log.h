/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log: one line per event, on standard error or in a file, as the environment variable
 * JPKI_LOG says ("level" or "level:file"; ignored in setuid programs). No line ever carries a
 * PIN, a certificate or what is signed: callers log names, lengths and codes only.
 */
#ifndef JPKI_BASE_LOG_H
#define JPKI_BASE_LOG_H

enum jpki_log_level {
	JPKI_LOG_NONE,
	JPKI_LOG_ERROR,   /* something is broken */
	JPKI_LOG_WARNING, /* a person should look at it: the default level */
	JPKI_LOG_INFO,    /* what happened, in the words of a user */
	JPKI_LOG_DEBUG,   /* each exchange with the card, without its data */
};

/* Reads JPKI_LOG and opens the file that it names. Called at C_Initialize; may be repeated. */
void jpki_log_open(void);

/* Writes one line, when level is at or below the level set. Longer lines than 500 bytes are cut. */
void jpki_log(enum jpki_log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
