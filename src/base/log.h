/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log: writes one line per event, to standard error or to a file. The environment variable JPKI_LOG
 * chooses the level and the file ("level" or "level:file"; ignored in setuid programs). No line
 * ever carries a PIN, a certificate or the data to be signed: callers log names, lengths and codes
 * only.
 */
#ifndef JPKI_BASE_LOG_H
#define JPKI_BASE_LOG_H

enum jpki_log_level {
	JPKI_LOG_NONE,
	JPKI_LOG_ERROR,   /* something is broken */
	JPKI_LOG_WARNING, /* somebody should look at it: the default level */
	JPKI_LOG_INFO,    /* what happened, in a user's words */
	JPKI_LOG_DEBUG,   /* each exchange with the card, without its data */
};

/* Read JPKI_LOG and open the file that it names. C_Initialize calls it; it may be called again. */
void jpki_log_open(void);

/* Write one line if level is at or below the current level. Lines are cut to fit 512 bytes. */
void jpki_log(enum jpki_log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
