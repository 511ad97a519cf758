/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * terminal: reads one line from /dev/tty into the caller's memory, and restores the terminal.
 *
 * It uses no stdio and no buffer but the caller's: a PIN is in the kernel's line buffer, and then
 * in the caller's secret memory only. The kernel edits the line, so Backspace and Ctrl-U work as
 * everywhere.
 */
#include "app/ask/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/host/signals.h"

struct question {
	int fd;
	const char *text;
	struct termios before;
	struct termios asking;
	uint8_t *line;
	size_t size;
	size_t length;
};

int terminal_open(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static bool put(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t written = write(fd, text, left);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
	return true;
}

static bool set_mode(int fd, const struct termios *mode)
{
	int result;

	do
		result = tcsetattr(fd, TCSAFLUSH, mode);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

/* Set the mode, and ask from the beginning. */
static bool begin(struct question *question)
{
	explicit_bzero(question->line, question->size);
	question->length = 0;
	return set_mode(question->fd, &question->asking) && put(question->fd, question->text);
}

/*
 * Restore the mode. Discards typed input that was not read: it may be part of a PIN, and would go
 * to the shell.
 */
static void end(const struct question *question)
{
	/* The end of the line was not echoed, or not typed. */
	put(question->fd, "\n");
	set_mode(question->fd, &question->before);
}

/*
 * Read until the line ends. Return 0 if it ended, -1 if the terminal is gone or the user typed
 * Ctrl-D, else the signal that arrived.
 */
static int read_line(struct question *question, const struct signals *signals)
{
	uint8_t *at;

	for (;;) {
		int number = signals_wait(signals, question->fd);
		ssize_t count;

		if (number != 0)
			return number;
		at = question->line + question->length;
		count = read(question->fd, at, 1);
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count <= 0)
			return -1;
		if (*at == '\n') {
			*at = 0;
			return 0;
		}
		/* Further bytes of a line that is too long overwrite the last one. */
		if (question->length < question->size - 1)
			question->length++;
	}
}

/* Return 0 with the line, -1, or the signal that ended the question. */
static int ask(struct question *question, const struct signals *signals)
{
	int number;

	do {
		if (!begin(question))
			return -1;
		number = read_line(question, signals);
		if (number == 0 && question->asking.c_lflag & ECHO)
			set_mode(question->fd, &question->before);
		else
			end(question);
		if (number == SIGTSTP)
			signals_obey(number);
	} while (number == SIGTSTP || number == SIGCONT);
	return number;
}

enum app_exit terminal_ask(int fd, const char *text, bool echo, uint8_t *line, size_t size,
			   size_t *length)
{
	struct question question = {.fd = fd, .text = text, .line = line, .size = size};
	struct signals signals;
	int number;

	if (tcgetattr(fd, &question.before) != 0)
		return APP_FAILED;
	question.asking = question.before;
	question.asking.c_iflag |= ICRNL;
	question.asking.c_lflag |= ICANON | ISIG | ECHO | ECHOE;
	if (!echo)
		question.asking.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHONL);
	signals_begin(&signals);
	number = ask(&question, &signals);
	if (number != 0)
		explicit_bzero(line, size);
	/* Ctrl-C answers the question; any other signal is meant for the process. */
	if (number > 0 && number != SIGINT)
		signals_obey(number);
	signals_end(&signals);
	*length = number == 0 ? question.length : 0;
	return number == 0 ? APP_OK : APP_CANCELLED;
}
