/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a command that asks on the terminal, and types the answers:
 *
 *   printf '%s\n' ANSWER... | on-terminal SCREEN COMMAND [ARGUMENT...]
 *
 * The command's /dev/tty is a terminal of its own; its standard output and error stay ours, and its
 * standard input is empty. A line of standard input is typed whenever the terminal shows ": " last;
 * ^C and ^D are the keys, and ^M is Enter alone. A line that begins with * is a secret: without the
 * * it is typed when the terminal shows ":" last, with or without blanks, and no longer shows what
 * is typed. (Some commands ask first, and then throw away what was typed before they hid it.) When
 * there are no more lines and the terminal shows ": " for a second, it hangs up. What it has shown
 * is in the file SCREEN. SIGINT and SIGQUIT act as on a terminal, whatever a shell has made of
 * them. Ends as the command does, and with 128 and the number after a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PAUSE_MS 20
/* A question that nobody answers. Less may be the middle of a longer text. */
#define SILENCE_MS 1000

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(99);
}

static _Noreturn void run(int terminal, char **command)
{
	int nothing = open("/dev/null", O_RDONLY);

	setsid();
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0)
		fail("on-terminal: no terminal");
	close(nothing);
	close(terminal);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	execvp(command[0], command);
	fail(command[0]);
}

/* The terminal, as it is seen by who sits before it. */
struct seat {
	int master;
	FILE *screen;
	char shown, last; /* what it shows last, without blanks and with them */
	char line[2048];  /* the next answer, when there is one */
	bool ready;
	int silent_ms; /* how long the last question has not been answered */
};

/* Has the next answer ready; false when there is none. */
static bool next_answer(struct seat *seat)
{
	if (!seat->ready)
		seat->ready = fgets(seat->line, sizeof(seat->line), stdin) != NULL;
	return seat->ready;
}

static void type_answer(struct seat *seat)
{
	char *line = seat->line;
	size_t length = strlen(line);

	if (strcmp(line, "^C\n") == 0 || strcmp(line, "^D\n") == 0) {
		line[0] = line[1] == 'C' ? '\003' : '\004';
		length = 1;
	} else if (strcmp(line, "^M\n") == 0) {
		line += 2;
		length = 1;
	} else if (line[0] == '*') {
		line++;
		length--;
	}
	if (write(seat->master, line, length) != (ssize_t)length)
		fail("on-terminal: write");
	seat->ready = false;
	seat->shown = '\0';
}

/* Copies what the terminal shows; false when that was nothing. */
static bool show(struct seat *seat)
{
	char text[1024];
	ssize_t count = read(seat->master, text, sizeof(text));

	for (ssize_t i = 0; i < count; i++) {
		seat->last = text[i];
		if (text[i] != ' ')
			seat->shown = text[i];
		putc(text[i], seat->screen);
	}
	fflush(seat->screen);
	return count > 0;
}

/* Whether what the terminal shows is a question. */
static bool is_question(const struct seat *seat)
{
	return seat->shown == ':' && (seat->last == ' ' || seat->last == ':');
}

/* Whether this answer can be typed now. */
static bool is_wanted(const struct seat *seat)
{
	struct termios state;

	if (seat->line[0] != '*')
		return seat->last == ' ';
	return tcgetattr(seat->master, &state) == 0 && (state.c_lflag & ECHO) == 0;
}

/* Copies what the terminal shows until it is quiet, and types; false when it was hung up. */
static bool converse(struct seat *seat, int pause)
{
	struct pollfd descriptor = {.fd = seat->master, .events = POLLIN};
	bool more;

	do {
		more = poll(&descriptor, 1, pause) > 0 && (descriptor.revents & POLLIN) != 0 &&
		       show(seat);
		if (more)
			seat->silent_ms = 0;
		if (is_question(seat) && next_answer(seat) && is_wanted(seat))
			type_answer(seat);
	} while (more);
	if (!is_question(seat) || seat->last != ' ' || next_answer(seat))
		return true;
	seat->silent_ms += pause;
	if (seat->silent_ms < SILENCE_MS)
		return true;
	close(seat->master);
	return false;
}

/* Until the command has ended; its status. */
static int attend(int master, pid_t command, FILE *screen)
{
	struct seat seat = {.master = master, .screen = screen};
	bool connected = true;
	int status;

	for (;;) {
		bool ended = waitpid(command, &status, WNOHANG) == command;

		/* What it has shown at the end is there still. */
		if (connected)
			connected = converse(&seat, ended ? 0 : PAUSE_MS);
		if (ended)
			return status;
		if (!connected)
			usleep(PAUSE_MS * 1000);
	}
}

int main(int argc, char **argv)
{
	int master, terminal, status;
	FILE *screen;
	pid_t command;

	if (argc < 3) {
		fputs("Usage: on-terminal SCREEN COMMAND [ARGUMENT...] < ANSWERS\n", stderr);
		return 2;
	}
	screen = fopen(argv[1], "we");
	if (screen == NULL || openpty(&master, &terminal, NULL, NULL, NULL) != 0)
		fail("on-terminal");
	fcntl(master, F_SETFD, FD_CLOEXEC);
	command = fork();
	if (command < 0)
		fail("on-terminal: fork");
	if (command == 0)
		run(terminal, argv + 2);
	/* Ours stays open, or poll would not wait while the command has none. */
	status = attend(master, command, screen);
	close(terminal);
	fclose(screen);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
