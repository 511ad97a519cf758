/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* record: writes and reads the record of tries. */
#include "token/record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/write.h"
#include "token/place.h"

#define FILE_NAME    "tries"
#define OLD_NAME     "tries.old"
#define SIZE_MAX_B   (64L * 1024)
#define PROGRAM_SIZE 32
#define LINE_BYTES   160
#define TRIES_DIGITS 2 /* a card counts to at most 15 */

static const char *const key_names[JPKI_PIN_COUNT] = {
	[JPKI_KEY_AUTH] = "auth",
	[JPKI_KEY_SIGN] = "sign",
	[JPKI_PIN_TEXT] = "text",
};

/* The outcome of a PIN that was withheld, by the reason. */
static const char *const withheld[JPKI_E_COUNT] = {
	[JPKI_E_PIN_LENGTH] = "withheld:length",     [JPKI_E_PIN_ALPHABET] = "withheld:alphabet",
	[JPKI_E_PIN_REPEATED] = "withheld:repeated", [JPKI_E_PIN_FINAL_TRY] = "withheld:final-try",
	[JPKI_E_PIN_LOCKED] = "withheld:locked",     [JPKI_E_PIN_NOT_SET] = "withheld:not-set",
};

/* Return what became of a PIN, or NULL if there is nothing to record. */
static const char *outcome(const struct jpki_try *try)
{
	if (!try->sent)
		return withheld[try->error];
	if (try->error == JPKI_OK)
		return "right";
	if (try->error == JPKI_E_PIN_INCORRECT || try->error == JPKI_E_PIN_LOCKED)
		return "wrong";
	return "unknown";
}

static int open_file(int directory)
{
	int flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = openat(directory, FILE_NAME, flags, 0600);

	if (fd >= 0 && (!jpki_place_has_own(fd, S_IFREG) || fchmod(fd, 0600) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Rename a long record and begin a new one. Of several programs only one renames it. */
static int put_aside(int directory, int fd)
{
	struct stat open_one = {0};
	struct stat named = {0};

	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &open_one) == 0 &&
	    fstatat(directory, FILE_NAME, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    open_one.st_ino == named.st_ino &&
	    renameat(directory, FILE_NAME, directory, OLD_NAME) != 0) {
		close(fd);
		return -1;
	}
	close(fd);
	return open_file(directory);
}

/* Write the program's name in printable characters, because a program may call itself anything. */
static void program_name(char name[PROGRAM_SIZE])
{
	snprintf(name, PROGRAM_SIZE, "%s", program_invocation_short_name);
	for (char *at = name; *at != '\0'; at++) {
		if (*at <= ' ' || *at > '~')
			*at = '?';
	}
}

/* Format the line without its time. */
static void format_fields(const struct jpki_try *try, const char *what, char fields[LINE_BYTES])
{
	char name[PROGRAM_SIZE];
	char tries[16] = "-";

	if (try->tries >= 0)
		snprintf(tries, sizeof(tries), "%d", try->tries);
	program_name(name);
	snprintf(fields, LINE_BYTES, "\t%.16s\t%s\t%s\t%s\t%s\n", try->serial, key_names[try->key],
		 what, tries, name);
}

static bool format_time(char when[32])
{
	time_t now = time(NULL);
	struct tm utc = {0};

	return gmtime_r(&now, &utc) != NULL && strftime(when, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) != 0;
}

/* True if the record ends with the same line, whatever its time. */
static bool is_repetition(const char *end, size_t length, const char *fields)
{
	size_t wanted = strlen(fields);

	return length >= wanted && memcmp(end + length - wanted, fields, wanted) == 0;
}

/* Add a line to the open record; never continue a line that a full disk has cut short. With once, a
 * repetition of the last line is not added. */
static bool add_line(int fd, off_t size, const char *fields, bool once)
{
	char end[LINE_BYTES] = "";
	char line[2 * LINE_BYTES];
	char when[32];
	off_t from = size > (off_t)sizeof(end) ? size - (off_t)sizeof(end) : 0;
	ssize_t got = pread(fd, end, sizeof(end), from);

	if (got < 0 || !format_time(when))
		return false;
	if (once && is_repetition(end, (size_t)got, fields))
		return true;
	snprintf(line, sizeof(line), "%s%s%s", got > 0 && end[got - 1] != '\n' ? "\n" : "", when,
		 fields);
	/* A file size limit must not end the program. */
	return jpki_write_line(fd, line, strlen(line));
}

void jpki_record_try(const struct jpki_user_place *place, const struct jpki_try *try)
{
	const char *what = outcome(try);
	char fields[LINE_BYTES];
	struct stat status = {0};
	bool written = false;
	int directory = -1;
	int fd = -1;

	if (what == NULL || place->root[0] == '\0')
		return;
	format_fields(try, what, fields);
	directory = jpki_place_open(place, true);
	if (directory >= 0)
		fd = open_file(directory);
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size >= SIZE_MAX_B) {
		fd = put_aside(directory, fd);
		status.st_size = 0;
		if (fd >= 0 && fstat(fd, &status) != 0)
			status.st_size = 0;
	}
	/* A program that tries in vain again and again adds one line, so that older ones stay. */
	if (fd >= 0)
		written = add_line(fd, status.st_size, fields, !try->sent);
	if (!written)
		jpki_log(JPKI_LOG_INFO, "record: the try could not be written down");
	if (fd >= 0)
		close(fd);
	if (directory >= 0)
		close(directory);
}

/* Cut the next field off a line. NULL if there is none, or if it is not printable. */
static char *next_field(char **rest)
{
	char *field = strsep(rest, "\t");

	for (const char *at = field; field != NULL && *at != '\0'; at++) {
		if (*at < ' ' || *at > '~')
			return NULL;
	}
	return field;
}

static bool parse_key(const char *name, enum jpki_key *key)
{
	for (int i = 0; i < JPKI_PIN_COUNT; i++) {
		if (strcmp(name, key_names[i]) == 0) {
			*key = (enum jpki_key)i;
			return true;
		}
	}
	return false;
}

/* Parse the tries left: digits, or "-" for an unknown number. */
static bool parse_tries(const char *text, int *tries)
{
	*tries = -1;
	if (strcmp(text, "-") == 0)
		return true;
	if (text[0] == '\0' || strlen(text) > TRIES_DIGITS ||
	    strspn(text, "0123456789") != strlen(text))
		return false;
	*tries = (int)strtol(text, NULL, 10);
	return true;
}

/* Parse a line as jpki_record_try writes it, else return false. *line's strings lie in text. */
static bool parse_line(char *text, struct jpki_record_line *line)
{
	char *fields[6];
	struct tm utc = {0};
	char *end;

	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < 6; i++) {
		fields[i] = next_field(&text);
		if (fields[i] == NULL)
			return false;
	}
	end = strptime(fields[0], "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (text != NULL || end == NULL || *end != '\0' || !parse_key(fields[2], &line->key) ||
	    !parse_tries(fields[4], &line->tries))
		return false;
	line->when = timegm(&utc);
	line->serial = fields[1];
	line->outcome = fields[3];
	line->program = fields[5];
	return true;
}

/* Read one file. False if it can't be opened. */
static bool read_file(int directory, const char *name,
		      void (*each)(const struct jpki_record_line *line, void *argument),
		      void *argument)
{
	char text[2 * LINE_BYTES];
	struct jpki_record_line line;
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (file == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (fgets(text, sizeof(text), file) != NULL) {
		if (parse_line(text, &line))
			each(&line, argument);
	}
	fclose(file);
	return true;
}

enum jpki_error jpki_record_read(const struct jpki_user_place *place,
				 void (*each)(const struct jpki_record_line *line, void *argument),
				 void *argument)
{
	int directory = place->root[0] != '\0' ? jpki_place_open(place, false) : -1;
	bool found;

	if (directory < 0)
		return JPKI_E_NOT_FOUND;
	found = read_file(directory, OLD_NAME, each, argument);
	found = read_file(directory, FILE_NAME, each, argument) || found;
	close(directory);
	return found ? JPKI_OK : JPKI_E_NOT_FOUND;
}
