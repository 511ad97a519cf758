/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * terminal: reads one line from /dev/tty into the caller's memory, and restores the terminal.
 *
 * It uses no stdio and no buffer but the caller's: a PIN is in the kernel's line buffer, and then
 * in the caller's secret memory only. The kernel edits the line, so Backspace and Ctrl-U work as
 * everywhere. Only the line of a word is edited here, because the kernel shows all or nothing.
 */
#include "app/ask/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/ask/word_line.h"
#include "app/host/signals.h"
#include "app/ui/wrap.h"

struct question {
	int fd;
	const char *text;
	struct termios before;
	struct termios asking;
	uint8_t *line;
	size_t size;
	size_t length;
	const char *visible; /* of a line that is a word: the words that are shown; else NULL */
	struct word_line word;
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

/* Write a text in lines that fit. */
static bool put_wrapped(int fd, const char *text)
{
	char *wrapped = wrap_question(text, wrap_width_of(fd));
	bool written = put(fd, wrapped != NULL ? wrapped : text);

	free(wrapped);
	return written;
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
	if (question->visible != NULL)
		word_line_begin(&question->word, question->visible, question->line, question->size);
	return set_mode(question->fd, &question->asking) &&
	       put_wrapped(question->fd, question->text);
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

/* What a byte did to the line. */
enum taken { TAKEN, TAKEN_END, TAKEN_CANCEL };

/* Take the byte that was read to the end of the line. */
static enum taken take(struct question *question)
{
	if (question->line[question->length] == '\n')
		return TAKEN_END;
	/* Further bytes of a line that is too long overwrite the last one. */
	if (question->length < question->size - 1)
		question->length++;
	return TAKEN;
}

/* The same for a word, which the kernel does not edit. */
static enum taken take_for_word(struct question *question)
{
	/* Those that the user knows; some systems keep VMIN in the place of VEOF. */
	const cc_t *keys = question->before.c_cc;
	enum word_line_key key = WORD_LINE_TYPED;
	uint8_t byte = question->line[question->length];
	char shown[WORD_LINE_SHOWN];

	question->line[question->length] = 0;
	if (byte == '\n')
		return TAKEN_END;
	if (byte == keys[VEOF])
		return question->length == 0 ? TAKEN_CANCEL : TAKEN;
	if (byte == keys[VERASE] || byte == '\b' || byte == 0x7f)
		key = WORD_LINE_ERASE;
	else if (byte == keys[VKILL])
		key = WORD_LINE_KILL;
	word_line_take(&question->word, key, byte, shown);
	question->length = question->word.length;
	put(question->fd, shown);
	return TAKEN;
}

/*
 * Read until the line ends. Return 0 if it ended, -1 if the terminal is gone or the user typed
 * Ctrl-D, else the signal that arrived.
 */
static int read_line(struct question *question, const struct signals *signals)
{
	enum taken taken = TAKEN;

	while (taken == TAKEN) {
		int number = signals_wait(signals, question->fd, NULL);
		ssize_t count;

		if (number != 0)
			return number;
		count = read(question->fd, question->line + question->length, 1);
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count <= 0)
			taken = TAKEN_CANCEL;
		else if (question->visible != NULL)
			taken = take_for_word(question);
		else
			taken = take(question);
	}
	question->line[question->length] = 0;
	return taken == TAKEN_END ? 0 : -1;
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

/* Ask in the terminal's mode with these flags on and those off. */
static enum app_exit ask_in_mode(struct question *question, tcflag_t on, tcflag_t off,
				 size_t *length)
{
	struct signals signals;
	int number;

	*length = 0;
	if (tcgetattr(question->fd, &question->before) != 0)
		return APP_FAILED;
	question->asking = question->before;
	question->asking.c_iflag |= ICRNL;
	question->asking.c_lflag |= on;
	question->asking.c_lflag &= ~off;
	/* Without lines of the kernel's, each byte is to come at once. */
	if ((off & ICANON) != 0) {
		question->asking.c_cc[VMIN] = 1;
		question->asking.c_cc[VTIME] = 0;
	}
	signals_begin(&signals);
	number = ask(question, &signals);
	if (number != 0)
		explicit_bzero(question->line, question->size);
	/* Ctrl-C answers the question; any other signal is meant for the process. */
	if (number > 0 && number != SIGINT)
		signals_obey(number);
	signals_end(&signals);
	*length = number == 0 ? question->length : 0;
	return number == 0 ? APP_OK : APP_CANCELLED;
}

enum app_exit terminal_ask(int fd, const char *text, bool echo, uint8_t *line, size_t size,
			   size_t *length)
{
	struct question question = {.fd = fd, .text = text, .line = line, .size = size};

	return ask_in_mode(&question, ICANON | ISIG | ECHO | ECHOE,
			   echo ? 0 : ECHO | ECHOE | ECHONL, length);
}

enum app_exit terminal_ask_word(int fd, const char *text, const char *visible, uint8_t *line,
				size_t size, size_t *length)
{
	struct question question = {
		.fd = fd, .text = text, .line = line, .size = size, .visible = visible};

	return ask_in_mode(&question, ISIG, ICANON | ECHO | ECHOE | ECHONL, length);
}

void terminal_say(int fd, const char *text)
{
	put_wrapped(fd, text);
}
