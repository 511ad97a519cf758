/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pinentry: speaks with pinentry as much of the Assuan protocol as one question needs.
 *
 * It does not use libassuan because libassuan's line buffer is ordinary memory: here the answer
 * goes from the socket straight into secret memory.
 */
#include "app/ask/pinentry.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "app/ask/terminal.h"
#include "app/host/signals.h"
#include "base/secret.h"

#define LINE_BYTES 1024 /* a line of the protocol has at most 1000 bytes */
/* The codes that libgpg-error puts into the low 16 bits of an error if the user cancelled. */
#define CODE_MASK            0xffffUL
#define CODE_CANCELLED       99
#define CODE_FULLY_CANCELLED 198
#define EXECUTABLE           "pinentry"
#define LATE_MS              100

extern char **environ;

struct pinentry {
	pid_t process;
	int fd;
	struct signals signals;
	int signal;    /* the signal that ended the question, or 0 */
	uint8_t *line; /* LINE_BYTES of secret memory: the last line read, without its end */
	size_t length;
};

/*
 * Start pinentry with one socket as its standard input and output: writing to a socket whose other
 * end is closed is then an error, not a signal.
 */
static bool start(struct pinentry *pinentry)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *arguments[] = {(char[]){EXECUTABLE}, NULL};
	int ends[2];
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &pinentry->signals.mask_before);
	error = posix_spawnp(&pinentry->process, EXECUTABLE, &actions, &attributes, arguments,
			     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error != 0)
		close(ends[0]);
	else
		pinentry->fd = ends[0];
	return error == 0;
}

/* Stop pinentry: its window may still be waiting for the user. */
static void stop(const struct pinentry *pinentry)
{
	close(pinentry->fd);
	kill(pinentry->process, SIGTERM);
	while (waitpid(pinentry->process, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * Return a signal that has arrived but was not noted yet, or 0. Ctrl-C on a terminal goes to
 * pinentry and to us. If pinentry ends before we noted the signal, it is pending or about to
 * arrive: the kernel delivers it within a moment. A pending signal would end this process as soon
 * as signals are allowed again.
 */
static int late_signal(void)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	const struct timespec moment = {.tv_nsec = LATE_MS * 1000000L};
	sigset_t awaited;
	int number;

	sigemptyset(&awaited);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&awaited, ending[i]);
	do
		number = sigtimedwait(&awaited, NULL, &moment);
	while (number < 0 && errno == EINTR);
	return number > 0 ? number : 0;
}

/* Read one line, one byte at a time: pinentry sends nothing that was not asked for. */
static bool read_line(struct pinentry *pinentry)
{
	pinentry->length = 0;
	while (pinentry->length < LINE_BYTES - 1) {
		uint8_t *at = pinentry->line + pinentry->length;
		int number = signals_wait(&pinentry->signals, pinentry->fd);

		if (number == SIGTSTP)
			signals_obey(number);
		if (number == SIGTSTP || number == SIGCONT)
			continue;
		if (number != 0) {
			pinentry->signal = number > 0 ? number : 0;
			return false;
		}
		if (read(pinentry->fd, at, 1) != 1)
			return false;
		if (*at == '\n') {
			*at = '\0';
			return true;
		}
		pinentry->length++;
	}
	return false;
}

static bool begins(const struct pinentry *pinentry, const char *word)
{
	return strncmp((const char *)pinentry->line, word, strlen(word)) == 0;
}

static bool send_all(const struct pinentry *pinentry, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(pinentry->fd, text, length, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			text += sent;
			length -= (size_t)sent;
		}
	}
	return true;
}

/* Send a command with an argument, escaped as the protocol requires. */
static bool command(const struct pinentry *pinentry, const char *verb, const char *argument)
{
	char line[LINE_BYTES];
	size_t length = (size_t)snprintf(line, sizeof(line), "%s", verb);

	for (const char *at = argument; *at != '\0' && length < sizeof(line) - 5; at++) {
		if (*at == '%' || *at == '\n' || *at == '\r')
			length += (size_t)snprintf(line + length, sizeof(line) - length, "%%%02X",
						   (unsigned int)*at);
		else
			line[length++] = *at;
	}
	line[length++] = '\n';
	return send_all(pinentry, line, length);
}

/* Read up to the line that ends the answer to a command. */
static bool answered(struct pinentry *pinentry)
{
	do {
		if (!read_line(pinentry))
			return false;
	} while (!begins(pinentry, "OK") && !begins(pinentry, "ERR"));
	return true;
}

static int hex_digit(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Append the data of a "D ..." line to the value. */
static void take_data(const struct pinentry *pinentry, uint8_t *value, size_t size, size_t *length)
{
	for (size_t i = 2; i < pinentry->length; i++) {
		uint8_t byte = pinentry->line[i];

		if (byte == '%' && i + 2 < pinentry->length &&
		    hex_digit(pinentry->line[i + 1]) >= 0 &&
		    hex_digit(pinentry->line[i + 2]) >= 0) {
			byte = (uint8_t)(hex_digit(pinentry->line[i + 1]) << 4 |
					 hex_digit(pinentry->line[i + 2]));
			i += 2;
		}
		if (*length < size)
			value[(*length)++] = byte;
	}
}

/* Send GETPIN, and read the data lines up to OK. */
static enum app_exit get_pin(struct pinentry *pinentry, uint8_t *value, size_t size, size_t *length)
{
	unsigned long code;

	if (!command(pinentry, "GETPIN", ""))
		return APP_FAILED;
	for (;;) {
		if (!read_line(pinentry))
			return APP_FAILED;
		if (begins(pinentry, "OK"))
			return APP_OK;
		if (begins(pinentry, "D "))
			take_data(pinentry, value, size, length);
		if (begins(pinentry, "INQUIRE") && !command(pinentry, "END", ""))
			return APP_FAILED;
		if (begins(pinentry, "ERR")) {
			code = strtoul((const char *)pinentry->line + 3, NULL, 10) & CODE_MASK;
			return code == CODE_CANCELLED || code == CODE_FULLY_CANCELLED
				       ? APP_CANCELLED
				       : APP_FAILED;
		}
	}
}

/* Tell pinentry where and how to ask. It may not know every option; it asks anyway. */
static bool prepare(struct pinentry *pinentry, const char *problem, const char *text,
		    bool has_terminal)
{
	const char *type = getenv("TERM");

	if (!answered(pinentry)) /* its greeting */
		return false;
	if (has_terminal &&
	    (!command(pinentry, "OPTION ttyname=", "/dev/tty") || !answered(pinentry)))
		return false;
	if (has_terminal && type != NULL &&
	    (!command(pinentry, "OPTION ttytype=", type) || !answered(pinentry)))
		return false;
	return command(pinentry, "OPTION lc-ctype=", setlocale(LC_CTYPE, NULL)) &&
	       answered(pinentry) && command(pinentry, "SETTITLE ", "jpki") && answered(pinentry) &&
	       command(pinentry, "SETDESC ", text) && answered(pinentry) &&
	       (problem == NULL ||
		(command(pinentry, "SETERROR ", problem) && answered(pinentry))) &&
	       command(pinentry, "SETPROMPT ", _("PIN or password:")) && answered(pinentry);
}

static enum app_exit converse(struct pinentry *pinentry, const char *problem, const char *text,
			      uint8_t *value, size_t size, size_t *length)
{
	int terminal = terminal_open();
	struct termios mode;
	bool has_terminal = terminal >= 0 && tcgetattr(terminal, &mode) == 0;
	enum app_exit result = APP_FAILED;

	if (start(pinentry)) {
		if (prepare(pinentry, problem, text, has_terminal))
			result = get_pin(pinentry, value, size, length);
		if (result != APP_OK && pinentry->signal == 0)
			pinentry->signal = late_signal();
		if (pinentry->signal != 0)
			result = APP_CANCELLED;
		stop(pinentry);
	}
	/* A pinentry that Ctrl-C ended leaves the terminal in its own mode. */
	if (has_terminal)
		tcsetattr(terminal, TCSAFLUSH, &mode);
	if (terminal >= 0)
		close(terminal);
	return result;
}

enum app_exit pinentry_ask(const char *problem, const char *text, uint8_t *value, size_t size,
			   size_t *length)
{
	struct pinentry pinentry = {.line = jpki_secret_alloc(LINE_BYTES)};
	enum app_exit result;

	*length = 0;
	if (pinentry.line == NULL)
		return APP_FAILED;
	signals_begin(&pinentry.signals);
	result = converse(&pinentry, problem, text, value, size, length);
	jpki_secret_free(pinentry.line, LINE_BYTES);
	if (result != APP_OK) {
		explicit_bzero(value, size);
		*length = 0;
	}
	if (pinentry.signal != 0 && pinentry.signal != SIGINT)
		signals_obey(pinentry.signal);
	signals_end(&pinentry.signals);
	return result;
}
