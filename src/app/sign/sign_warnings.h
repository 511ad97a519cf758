/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_warnings: has what a signer should know of a file before it is signed. */
#ifndef JPKI_APP_SIGN_SIGN_WARNINGS_H
#define JPKI_APP_SIGN_SIGN_WARNINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SIGN_WARNINGS_MAX 8

struct sign_warning {
	const char *about; /* the file that it is about; the caller's */
	char *text;
};

/* What is known of one file, in the order in which it is told. All zero: nothing. */
struct sign_warnings {
	struct sign_warning list[SIGN_WARNINGS_MAX];
	size_t count;
	bool lacking; /* something was to be said, and there was no memory for it */
};

/* Note a text, which is copied. NULL: there was no memory for it. */
void sign_warn(struct sign_warnings *warnings, const char *about, const char *text);

/* What was found of the signatures that a document has: whoever signs it signs that, too. */
struct sign_older {
	bool broken;     /* one does not hold, or was changed after it was signed */
	bool ambiguous;  /* one will not hold, because programs may read what follows differently */
	const char *why; /* why one could not be judged, in words; NULL: all were. The caller's */
};

/* Return why one could not be judged that lacks its certificate, or is of another kind. Static. */
const char *sign_words_no_certificate(void);
const char *sign_words_other_kind(void);

/* Note what is wrong with them; nothing if nothing is. */
void sign_warn_older(struct sign_warnings *warnings, const char *about,
		     const struct sign_older *older, bool by_window);

void sign_warnings_free(struct sign_warnings *warnings);

#endif
