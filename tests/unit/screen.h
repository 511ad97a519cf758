/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* screen: is a terminal of the test's own, to print on, or with a process that asks on it. */
#ifndef UNIT_SCREEN_H
#define UNIT_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#define SCREEN_MAX 16384

struct screen {
	int master;
	FILE *out;     /* to print on, without a process */
	pid_t process; /* 0: none */
	char shown[SCREEN_MAX];
	size_t length;
};

/* A terminal of so many columns, which shows what is printed on out without changing it. */
void screen_open(struct screen *screen, unsigned int columns);
/* All that was printed since the last call. */
const char *screen_text(struct screen *screen);
void screen_close(struct screen *screen);

/*
 * A process of its own, with the terminal as its controlling one and as its three standard
 * descriptors. It makes the call, and ends with what that returns.
 */
void screen_start(struct screen *screen, int (*call)(void *argument), void *argument);
/* Waits until this was shown since the last screen_expect or screen_type. */
void screen_expect(struct screen *screen, const char *text);
void screen_type(struct screen *screen, const char *keys);
/* Waits for the end; returns as waitpid does. screen->shown has what was shown last. */
int screen_finish(struct screen *screen);
/* Whether the terminal echoes. */
bool screen_has_echo(const struct screen *screen);

/* Lets a process end by what a shell has made its background jobs ignore. */
void screen_heed_signals(void);

/* Memory that the test shares with its processes; zero. */
void *screen_share(size_t size);

#endif
