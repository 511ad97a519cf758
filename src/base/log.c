/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* log: writes a line per event to standard error or to the file that JPKI_LOG names. */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/write.h"

#define LINE_MAX_BYTES 512

static const char *const level_names[] = {
	[JPKI_LOG_NONE] = "none", [JPKI_LOG_ERROR] = "error", [JPKI_LOG_WARNING] = "warning",
	[JPKI_LOG_INFO] = "info", [JPKI_LOG_DEBUG] = "debug",
};

static atomic_int current_level = JPKI_LOG_WARNING;
static atomic_int current_fd = STDERR_FILENO;

static int parse_level(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
		if (strlen(level_names[i]) == length && strncmp(level_names[i], text, length) == 0)
			return (int)i;
	}
	return -1;
}

void jpki_log_open(void)
{
	/* secure_getenv, because a setuid program must not write where its caller says. */
	const char *setting = secure_getenv("JPKI_LOG");
	const char *colon;
	size_t length;
	int level;
	int fd = STDERR_FILENO;

	if (setting == NULL || *setting == '\0')
		return;
	colon = strchr(setting, ':');
	length = colon != NULL ? (size_t)(colon - setting) : strlen(setting);
	level = parse_level(setting, length);
	if (level < 0) {
		jpki_log(JPKI_LOG_WARNING, "log: JPKI_LOG names no level: "
					   "none, error, warning, info or debug");
		return;
	}
	if (colon != NULL) {
		fd = open(colon + 1, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0) {
			jpki_log(JPKI_LOG_WARNING, "log: the file of JPKI_LOG cannot be opened");
			return;
		}
	}
	atomic_store(&current_level, level);
	fd = atomic_exchange(&current_fd, fd);
	if (fd != STDERR_FILENO)
		close(fd);
}

void jpki_log(enum jpki_log_level level, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	int used;
	int wrote;
	size_t length;
	va_list arguments;

	if (level == JPKI_LOG_NONE || (int)level > atomic_load(&current_level))
		return;
	used = snprintf(line, sizeof(line), "jpki-pkcs11[%ld]: %s: ", (long)getpid(),
			level_names[level]);
	if (used < 0 || (size_t)used >= sizeof(line) - 1)
		return;
	va_start(arguments, format);
	wrote = vsnprintf(line + used, sizeof(line) - 1 - (size_t)used, format, arguments);
	va_end(arguments);
	if (wrote < 0)
		return;
	length = strlen(line);
	line[length] = '\n';
	/* Ignore failures: a full disk or a closed pipe must not disturb the program. */
	jpki_write_line(atomic_load(&current_fd), line, length + 1);
}
