/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_file: tells a file that is no signature from one, and says what it is instead. */
#ifndef JPKI_APP_VERIFY_VERIFY_FILE_H
#define JPKI_APP_VERIFY_VERIFY_FILE_H

#include "app/verify/verify_report.h"
#include "document/kind.h"

/*
 * Open a file to read it. NULL with errno if it cannot be opened, or is a directory, which could be
 * opened but not read.
 */
BIO *verify_open(const char *path);

/* Return the kind of a file by its content; DOCUMENT_OTHER if it cannot be read. */
enum document_kind verify_kind_of(const char *path);

/*
 * Open the signature of the request, and read it into *cms, which is NULL afterwards for a bare
 * signature. With --raw, the certificate must have been read. Return APP_OK, or the exit code after
 * saying what the file is and how to call the command. In both cases the caller frees both.
 */
int verify_open_signature(const struct verify_request *request, BIO **signature,
			  CMS_ContentInfo **cms);

#endif
