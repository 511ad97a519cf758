/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kept_authorities: reads and writes the files with known CA certificates. */
#include "app/signature/kept_authorities.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "app/host/user_files.h"
#include "app/signature/known_authorities.h"
#include "app/signature/pem.h"
#include "base/log.h"

/* False if there is no directory for it. */
static bool find_file(enum jpki_key key, const char *fingerprint, char path[PATH_MAX])
{
	const char *directory = user_data_home();

	user_path(path, "%s/jpki-pkcs11/%s-%s.pem", directory,
		  key == JPKI_KEY_SIGN ? "sign" : "auth", fingerprint);
	return directory[0] != '\0' && path[0] != '\0';
}

X509 *authority_kept(enum jpki_key key, const char *fingerprint)
{
	char path[PATH_MAX];
	char found[JPKI_FINGERPRINT_SIZE];
	X509 *certificate = NULL;
	BIO *bio = NULL;
	char *text;
	mode_t mode;

	if (!find_file(key, fingerprint, path))
		return NULL;
	text = user_file_read(path, &mode);
	if (text != NULL)
		bio = BIO_new_mem_buf(text, -1);
	if (bio != NULL)
		certificate = PEM_read_bio_X509(bio, NULL, pem_no_password, NULL);
	BIO_free(bio);
	free(text);
	ERR_clear_error();
	if (certificate != NULL &&
	    (!authority_fingerprint(certificate, found) || strcmp(found, fingerprint) != 0)) {
		jpki_log(JPKI_LOG_WARNING, "verify: %s was changed, ignored", path);
		X509_free(certificate);
		certificate = NULL;
	}
	return certificate;
}

/* Return the certificate as PEM, which the caller frees; NULL without memory. */
static char *pem_of(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *data;
	long length;

	if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) {
		length = BIO_get_mem_data(bio, &data);
		text = strndup(data, (size_t)length);
	}
	BIO_free(bio);
	return text;
}

void authority_keep(enum jpki_key key, X509 *certificate)
{
	char path[PATH_MAX];
	char fingerprint[JPKI_FINGERPRINT_SIZE];
	X509 *kept = NULL;
	char *text = NULL;

	if (!authority_fingerprint(certificate, fingerprint) || !find_file(key, fingerprint, path))
		return;
	kept = authority_kept(key, fingerprint);
	if (kept == NULL)
		text = pem_of(certificate);
	if (text != NULL && (!user_directories_make(path) || !user_file_write(path, text, 0644)))
		jpki_log(JPKI_LOG_WARNING, "verify: %s cannot be written: %s", path,
			 strerror(errno));
	X509_free(kept);
	free(text);
}
