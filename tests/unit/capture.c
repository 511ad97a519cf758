/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capture: puts files in the place of standard output and standard error, and reads them. */
#include "capture.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int redirect(int fd)
{
	int saved = dup(fd);
	int file = memfd_create("capture", MFD_CLOEXEC);

	if (saved < 0 || file < 0 || dup2(file, fd) < 0)
		abort();
	close(file);
	return saved;
}

/* Put back what was there, and return what was written meanwhile. */
static char *put_back(int fd, int saved)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)size + 1);

	if (size < 0 || text == NULL || pread(fd, text, (size_t)size, 0) != size ||
	    dup2(saved, fd) < 0)
		abort();
	close(saved);
	return text;
}

void capture_begin(struct capture *capture)
{
	fflush(stdout);
	fflush(stderr);
	capture->out = redirect(STDOUT_FILENO);
	capture->error = redirect(STDERR_FILENO);
}

void capture_end(struct capture *capture)
{
	fflush(stdout);
	fflush(stderr);
	capture->printed = put_back(STDOUT_FILENO, capture->out);
	capture->said = put_back(STDERR_FILENO, capture->error);
}

void capture_free(struct capture *capture)
{
	free(capture->printed);
	free(capture->said);
	memset(capture, 0, sizeof(*capture));
}

json_t *capture_json(const struct capture *capture)
{
	json_error_t error;
	json_t *object = json_loads(capture->printed, JSON_REJECT_DUPLICATES, &error);

	if (object == NULL)
		print_error("%s: %s\n", error.text, capture->printed);
	assert_true(json_is_object(object));
	return object;
}

void assert_member(json_t *object, const char *key, const char *wanted)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (value == NULL)
		print_error("there is no string %s\n", key);
	assert_non_null(value);
	assert_string_equal(value, wanted);
}

void assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		print_error("\"%s\" is not in: %s\n", part, text);
	assert_non_null(strstr(text, part));
}

void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		print_error("\"%s\" is in: %s\n", part, text);
	assert_null(strstr(text, part));
}
