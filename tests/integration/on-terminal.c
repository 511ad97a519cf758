/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a command that asks on the terminal, and types the answers:
 *
 *   printf '%s\n' ANSWER... | on-terminal SCREEN COMMAND [ARGUMENT...]
 *
 * The command's /dev/tty is a terminal of its own; its standard output and error stay ours, and its
 * standard input is empty. A line of standard input is typed whenever the terminal shows ": " last,
 * or ":" while it shows nothing of what is typed; ^C and ^D are the keys. When there are no more,
 * the terminal hangs up. What it has shown is in the file SCREEN. Ends as the command does, and
 * with 128 and the number after a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PAUSE_MS 20

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
	execvp(command[0], command);
	fail(command[0]);
}

/* Types the next answer; false when there is none. */
static bool type_answer(int master)
{
	char line[2048];
	size_t length;

	if (fgets(line, sizeof(line), stdin) == NULL)
		return false;
	length = strlen(line);
	if (strcmp(line, "^C\n") == 0 || strcmp(line, "^D\n") == 0) {
		line[0] = line[1] == 'C' ? '\003' : '\004';
		length = 1;
	}
	if (write(master, line, length) != (ssize_t)length)
		fail("on-terminal: write");
	return true;
}

/* Copies what the terminal shows; false when that was nothing. What it shows last, without blanks
 * and with them, is in last. */
static bool show(int master, FILE *screen, char last[2])
{
	char text[1024];
	ssize_t count = read(master, text, sizeof(text));

	for (ssize_t i = 0; i < count; i++) {
		last[1] = text[i];
		if (text[i] != ' ')
			last[0] = text[i];
		putc(text[i], screen);
	}
	fflush(screen);
	return count > 0;
}

/* True when the command waits for an answer. Some show the question before they hide what is typed.
 */
static bool is_question(int master, const char last[2])
{
	struct termios state;

	if (last[0] != ':')
		return false;
	return last[1] == ' ' || (tcgetattr(master, &state) == 0 && (state.c_lflag & ECHO) == 0);
}

/* Copies what the terminal shows until it is quiet, and types; false when it was hung up. */
static bool converse(int master, FILE *screen, char last[2], int pause)
{
	struct pollfd descriptor = {.fd = master, .events = POLLIN};
	bool more;

	do {
		more = poll(&descriptor, 1, pause) > 0 && (descriptor.revents & POLLIN) != 0 &&
		       show(master, screen, last);
		if (is_question(master, last)) {
			if (!type_answer(master)) {
				close(master);
				return false;
			}
			last[0] = '\0';
		}
	} while (more);
	return true;
}

/* Until the command has ended; its status. */
static int attend(int master, pid_t command, FILE *screen)
{
	bool connected = true;
	char last[2] = "";
	int status;

	for (;;) {
		bool ended = waitpid(command, &status, WNOHANG) == command;

		/* What it has shown at the end is there still. */
		if (connected)
			connected = converse(master, screen, last, ended ? 0 : PAUSE_MS);
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
	close(terminal);
	status = attend(master, command, screen);
	fclose(screen);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
