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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "app/ask/own_window.h"
#include "app/ask/pinentry_process.h"
#include "app/ask/terminal.h"
#include "app/host/signals.h"
#include "base/secret.h"

#define LINE_BYTES 1024 /* a line of the protocol has at most 1000 bytes */
/* The codes that libgpg-error puts into the low 16 bits of an error if the user cancelled, or did
 * not answer within a limit that pinentry was set. */
#define CODE_MASK            0xffffUL
#define CODE_TIMEOUT         62
#define CODE_CANCELLED       99
#define CODE_NOT_CONFIRMED   114
#define CODE_FULLY_CANCELLED 198
#define LATE_MS              100
/* How long a pinentry may take until it can ask: longer than any needs to start. */
#define READY_SECONDS 15

static struct {
	const char *title, *ok;
} words = {.title = "jpki"};

static bool timed_out; /* the last question */

/* One question. */
struct question {
	const char *problem; /* what was wrong with the last answer, or NULL */
	const char *text;
	const char *ok, *cancel; /* what the buttons say; NULL: pinentry's own words */
	/* For the answer; NULL: yes or no is asked. */
	uint8_t *value;
	size_t size;
	size_t *length;
};

struct pinentry {
	struct pinentry_process process;
	struct signals signals;
	int signal;      /* the signal that ended the question, or 0 */
	time_t ready_by; /* of CLOCK_MONOTONIC; 0: it asks the person, who has all the time there is
			  */
	uint8_t *line;   /* LINE_BYTES of secret memory: the last line read, without its end */
	size_t length;
};

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

/* Wait until there is something to read. Return as signals_wait. */
static int await_byte(const struct pinentry *pinentry)
{
	struct timespec now, left = {0};

	if (pinentry->ready_by == 0)
		return signals_wait(&pinentry->signals, pinentry->process.fd, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	/* One that goes on talking is no better. */
	if (now.tv_sec >= pinentry->ready_by)
		return -1;
	left.tv_sec = pinentry->ready_by - now.tv_sec;
	return signals_wait(&pinentry->signals, pinentry->process.fd, &left);
}

/* Read one line, one byte at a time: pinentry sends nothing that was not asked for. */
static bool read_line(struct pinentry *pinentry)
{
	pinentry->length = 0;
	while (pinentry->length < LINE_BYTES - 1) {
		uint8_t *at = pinentry->line + pinentry->length;
		int number = await_byte(pinentry);

		if (number == SIGTSTP)
			signals_obey(number);
		if (number == SIGTSTP || number == SIGCONT)
			continue;
		if (number != 0) {
			pinentry->signal = number > 0 ? number : 0;
			return false;
		}
		if (read(pinentry->process.fd, at, 1) != 1)
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
		ssize_t sent = send(pinentry->process.fd, text, length, MSG_NOSIGNAL);

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
static void take_data(const struct pinentry *pinentry, const struct question *question)
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
		if (*question->length < question->size)
			question->value[(*question->length)++] = byte;
	}
}

/* Return how an ERR line ends the question. */
static enum app_exit end_of(const struct pinentry *pinentry)
{
	unsigned long code = strtoul((const char *)pinentry->line + 3, NULL, 10) & CODE_MASK;

	timed_out = code == CODE_TIMEOUT;
	if (timed_out || code == CODE_CANCELLED || code == CODE_FULLY_CANCELLED ||
	    code == CODE_NOT_CONFIRMED)
		return APP_CANCELLED;
	return APP_FAILED;
}

/* Ask, and read the data lines up to OK. */
static enum app_exit get_answer(struct pinentry *pinentry, const struct question *question)
{
	pinentry->ready_by = 0;
	if (!command(pinentry, question->value != NULL ? "GETPIN" : "CONFIRM", ""))
		return APP_FAILED;
	for (;;) {
		if (!read_line(pinentry))
			return APP_FAILED;
		if (begins(pinentry, "OK"))
			return APP_OK;
		if (begins(pinentry, "D ") && question->value != NULL)
			take_data(pinentry, question);
		if (begins(pinentry, "INQUIRE") && !command(pinentry, "END", ""))
			return APP_FAILED;
		if (begins(pinentry, "ERR"))
			return end_of(pinentry);
	}
}

/* Give pinentry a text, if there is one. It may not know the verb; it asks anyway. */
static bool tell(struct pinentry *pinentry, const char *verb, const char *text)
{
	return text == NULL || (command(pinentry, verb, text) && answered(pinentry));
}

/* Tell pinentry where and how to ask. */
static bool prepare(struct pinentry *pinentry, const struct question *question, bool has_terminal)
{
	return answered(pinentry) && /* its greeting */
	       tell(pinentry, "OPTION ttyname=", has_terminal ? "/dev/tty" : NULL) &&
	       tell(pinentry, "OPTION ttytype=", has_terminal ? getenv("TERM") : NULL) &&
	       tell(pinentry, "OPTION lc-ctype=", setlocale(LC_CTYPE, NULL)) &&
	       tell(pinentry, "SETTITLE ", words.title) &&
	       tell(pinentry, "SETDESC ", question->text) &&
	       tell(pinentry, "SETERROR ", question->problem) &&
	       tell(pinentry, "SETPROMPT ",
		    question->value != NULL ? _("PIN or password:") : NULL) &&
	       tell(pinentry, "SETOK ", question->ok) &&
	       tell(pinentry, "SETCANCEL ", question->cancel);
}

static enum app_exit converse(struct pinentry *pinentry, const struct question *question)
{
	int terminal = terminal_open();
	struct timespec now;
	struct termios mode;
	bool has_terminal = terminal >= 0 && tcgetattr(terminal, &mode) == 0;
	enum app_exit result = APP_FAILED;

	clock_gettime(CLOCK_MONOTONIC, &now);
	pinentry->ready_by = now.tv_sec + READY_SECONDS;
	if (pinentry_process_start(&pinentry->process, &pinentry->signals.mask_before)) {
		if (prepare(pinentry, question, has_terminal))
			result = get_answer(pinentry, question);
		if (result != APP_OK && pinentry->signal == 0)
			pinentry->signal = late_signal();
		if (pinentry->signal != 0)
			result = APP_CANCELLED;
		pinentry_process_end(&pinentry->process);
	}
	/* A pinentry that Ctrl-C ended leaves the terminal in its own mode. */
	if (has_terminal)
		tcsetattr(terminal, TCSAFLUSH, &mode);
	if (terminal >= 0)
		close(terminal);
	return result;
}

static enum app_exit ask(const struct question *question)
{
	struct pinentry pinentry = {.line = jpki_secret_alloc(LINE_BYTES)};
	enum app_exit result;

	timed_out = false;
	if (pinentry.line == NULL)
		return APP_FAILED;
	signals_begin(&pinentry.signals);
	result = converse(&pinentry, question);
	jpki_secret_free(pinentry.line, LINE_BYTES);
	if (result != APP_OK && question->value != NULL) {
		explicit_bzero(question->value, question->size);
		*question->length = 0;
	}
	if (pinentry.signal != 0 && pinentry.signal != SIGINT)
		signals_obey(pinentry.signal);
	signals_end(&pinentry.signals);
	return result;
}

bool pinentry_timed_out(void)
{
	return timed_out;
}

void pinentry_set_words(const char *title, const char *ok)
{
	words.title = title;
	words.ok = ok;
}

enum app_exit pinentry_ask(const char *problem, const char *text, uint8_t *value, size_t size,
			   size_t *length)
{
	const struct question question = {.problem = problem,
					  .text = text,
					  .ok = words.ok,
					  .value = value,
					  .size = size,
					  .length = length};

	*length = 0;
	return ask(&question);
}

enum app_exit pinentry_confirm(const char *text, const char *ok, const char *cancel)
{
	const struct question question = {.text = text, .ok = ok, .cancel = cancel};

	if (own_window_is_there())
		return own_window_confirm(text, ok, cancel);
	return ask(&question);
}
