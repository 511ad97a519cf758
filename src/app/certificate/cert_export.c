/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_export: writes a certificate as PEM or DER, and keeps a personal one from other users. */
#include "app/certificate/cert_export.h"

#include <errno.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "app/host/atomic_file.h"

bool cert_export_write(BIO *bio, const struct jpki_certificate *certificate, bool der)
{
	const struct jpki_bytes *bytes = &certificate->der;
	size_t written = 0;

	if (der)
		return BIO_write_ex(bio, bytes->data, bytes->length, &written) == 1;
	return PEM_write_bio(bio, PEM_STRING_X509, "", bytes->data, (long)bytes->length) > 0;
}

/* Write it. False: errno says why. */
static bool write_file(const struct jpki_certificate *certificate, const char *path, bool der,
		       bool replace)
{
	struct atomic_file output;
	int error;

	if (!atomic_file_begin(&output, path, NULL))
		return false;
	if (cert_export_write(output.bio, certificate, der))
		return atomic_file_commit(&output, replace);
	error = errno;
	atomic_file_drop(&output);
	errno = error;
	return false;
}

const char *cert_export(const struct cert_choice *choice,
			const struct jpki_certificate *certificate, const char *path, bool der,
			bool replace)
{
	const char *problem = atomic_file_obstacle(path, replace, NULL, 0);
	mode_t mask;

	if (problem != NULL)
		return problem;
	/* Personal data: only the user may read the file. */
	mask = umask(0077);
	if (!cert_is_personal(choice))
		umask(mask);
	if (!write_file(certificate, path, der, replace))
		problem = strerror(errno);
	umask(mask);
	return problem;
}
