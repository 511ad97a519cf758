/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capture: keeps what a call prints on standard output and standard error. */
#ifndef UNIT_CAPTURE_H
#define UNIT_CAPTURE_H

#include <jansson.h>

struct capture {
	int out;
	int error;
	char *printed; /* on standard output, after capture_end */
	char *said;    /* on standard error */
};

/* Between the two nothing is asserted: cmocka would print there, too. */
void capture_begin(struct capture *capture);
void capture_end(struct capture *capture);
void capture_free(struct capture *capture);

/* Return what was printed, which must be one JSON object; the caller releases it. */
json_t *capture_json(const struct capture *capture);

/* Assert that a member of an object is this string. */
void assert_member(json_t *object, const char *key, const char *wanted);
/* Assert that a text has this part. */
void assert_has(const char *text, const char *part);
void assert_lacks(const char *text, const char *part);

#endif
