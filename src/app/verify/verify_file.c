/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_file: tells a file that is no signature from one, and says what it is instead. */
#include "app/verify/verify_file.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ui/refuse.h"
#include "app/ui/text.h"

BIO *verify_open(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return NULL;
	}
	return BIO_new_file(path, "rb");
}

enum document_kind verify_kind_of(const char *path)
{
	uint8_t begin[DOCUMENT_KIND_BYTES];
	size_t length = 0;
	BIO *file = verify_open(path);

	if (file != NULL && BIO_read_ex(file, begin, sizeof(begin), &length) != 1)
		length = 0;
	BIO_free(file);
	ERR_clear_error();
	return document_kind_of(begin, length);
}

/* Read CMS that somebody signed; NULL if it is none. */
static CMS_ContentInfo *read_signed(BIO *bio)
{
	CMS_ContentInfo *cms = signature_read(bio);

	if (cms != NULL && sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) < 1) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	ERR_clear_error();
	return cms;
}

/* A bare RSA signature has the length of the key (RFC 8017 §8.2.2). */
static bool has_bare_length(const struct verify_request *request, const char *path)
{
	EVP_PKEY *key = X509_get0_pubkey(request->given);
	struct stat status;

	if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || stat(path, &status) != 0 ||
	    !S_ISREG(status.st_mode))
		return true;
	return status.st_size == EVP_PKEY_get_size(key);
}

/* True if this could have been the signature. */
static bool is_signature(const struct verify_request *request, const char *path)
{
	struct stat status;
	BIO *bio;
	CMS_ContentInfo *cms;

	/* Reading anything else, such as a pipe, would take away what is in it. */
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	if (request->raw)
		return has_bare_length(request, path);
	bio = verify_open(path);
	cms = bio != NULL ? read_signed(bio) : NULL;
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return cms != NULL;
}

/* Say what the file of the signature is. The caller's formats take no other arguments than these.
 */
static int refuse(const struct verify_request *request, const char *situation, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

static int refuse(const struct verify_request *request, const char *situation, const char *format,
		  ...)
{
	va_list arguments;
	char *text = NULL;
	int result;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	result = ui_fail_as(request->common.json, APP_USAGE, situation, request->signature,
			    text != NULL ? text : strerror(ENOMEM));
	free(text);
	return result;
}

static bool has_suffix(const char *name)
{
	static const char *const suffixes[] = {".p7s", ".p7m", ".sig", ".pem", ".p7"};
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end != NULL && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (strcmp(end, suffixes[i]) == 0)
			return true;
	}
	return false;
}

/* True for the name that jpki sign --raw gives a signature. */
static bool is_bare_name(const char *name)
{
	const char *end = strrchr(name, '.');

	return end != NULL && strcmp(end, ".sig") == 0;
}

/* Append an option of the request whose value is a file; none if there is no value. */
static void put_file(FILE *out, const char *option, const char *path)
{
	char *text = path != NULL ? text_file_for_shell(path) : NULL;

	if (text != NULL)
		fprintf(out, "%s%s", option, text);
	free(text);
}

/*
 * Return the command that verifies this signature, and of this file, which may be NULL. It has what
 * the request says about certificates, because nobody would get far without that. The caller frees
 * it; NULL without memory.
 */
static char *command_for(const struct verify_request *request, bool raw, const char *signature,
			 const char *file)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fputs("jpki verify", out);
	if (raw)
		fputs(" --raw", out);
	if (request->certificate != NULL)
		put_file(out, " --certificate=", request->certificate);
	else if (raw)
		fprintf(out, " --certificate=%s", _("FILE"));
	put_file(out, " --ca=", request->ca);
	if (request->key == JPKI_KEY_AUTH)
		fputs(" --key=auth", out);
	put_file(out, " ", signature);
	put_file(out, " ", file);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Say that there are two files in the wrong order. */
static int refuse_swapped(const struct verify_request *request)
{
	char *command = command_for(request, request->raw, request->file, request->signature);
	int result = APP_FAILED;

	if (command != NULL)
		result = refuse(request, "swapped-files",
				_("\"%s\" is not a signature file, but \"%s\" is. The signature "
				  "comes first: %s"),
				request->signature, request->file, command);
	free(command);
	return result;
}

/* Say that a file may be a bare signature, and how to verify one. */
static int refuse_bare(const struct verify_request *request, const char *signature,
		       const char *file)
{
	char *command = command_for(request, true, signature, file);
	int result = APP_FAILED;

	if (command != NULL)
		result = refuse(request, "not-a-signature",
				_("\"%s\" is not a CMS signature. If it is a bare signature (sign "
				  "--raw), specify the signer's certificate, too: %s"),
				signature, command);
	free(command);
	return result;
}

/* Say that a document has its signatures inside, and needs no second file. */
static int refuse_second(const struct verify_request *request, enum document_kind kind)
{
	char *command = command_for(request, false, request->signature, NULL);
	int result = APP_FAILED;

	if (command != NULL)
		result = refuse(request, "not-a-signature",
				kind == DOCUMENT_PDF
					? _("\"%s\" is a PDF. If its signature is inside, "
					    "specify no other file: %s")
					: _("\"%s\" is XML. If its signature is inside, "
					    "specify no other file: %s"),
				request->signature, command);
	free(command);
	return result;
}

/* Say that a file is something else, and which name its signature would have. */
static int refuse_other(const struct verify_request *request)
{
	const enum document_kind kind = verify_kind_of(request->signature);
	char *name = NULL, *command = NULL;
	int result = APP_FAILED;

	if (request->raw)
		return refuse(request, "not-a-signature",
			      _("\"%s\" is not a bare signature by the key of this certificate: it "
				"has another length."),
			      request->signature);
	if (is_bare_name(request->signature) && !request->by_window)
		return refuse_bare(request, request->signature, request->file);
	if (request->file != NULL && is_bare_name(request->file))
		return refuse_bare(request, request->file, request->signature);
	if (request->file != NULL && (kind == DOCUMENT_PDF || kind == DOCUMENT_XML))
		return refuse_second(request, kind);
	if (kind == DOCUMENT_XML && request->by_window)
		return refuse(request, "no-signature",
			      _("There is no signature in this XML document. If its signature is "
				"in a file of its own (.p7s), choose that file."));
	if (kind == DOCUMENT_XML)
		return refuse(request, "no-signature",
			      _("There is no signature in this XML document. If its signature is "
				"in a file of its own (.p7s), specify that file first: jpki verify "
				"FILE.p7s FILE"));
	if (request->by_window && !has_suffix(request->signature))
		return refuse(request, "not-a-signature",
			      _("\"%s\" is not a signature file. If its signature is in a file of "
				"its own (.p7s), choose that file."),
			      verify_called(request, request->signature));
	if (has_suffix(request->signature))
		return refuse(request, "not-a-signature",
			      _("\"%s\" cannot be read as a signature (CMS). It is damaged or of "
				"another kind. Get the file again from its sender."),
			      verify_called(request, request->signature));
	if (asprintf(&name, "%s.p7s", request->signature) < 0)
		name = NULL;
	command = name != NULL ? command_for(request, false, name, NULL) : NULL;
	if (command != NULL)
		result = refuse(request, "not-a-signature",
				_("\"%s\" is not a signature file. Example: %s"),
				request->signature, command);
	free(name);
	free(command);
	return result;
}

/* Say why there is no signature at all. */
static int refuse_absent(const struct verify_request *request, int error)
{
	char *file = strdup(request->signature);
	char *end = file != NULL ? strrchr(file, '.') : NULL;
	int result = APP_FAILED;
	char *text = NULL;

	if (end != NULL && has_suffix(file))
		*end = '\0';
	if (error == ENOENT && end != NULL && *end == '\0' && access(file, F_OK) == 0 &&
	    asprintf(&text, _("There is no such file, so there is no signature of \"%s\" here."),
		     verify_called(request, file)) < 0)
		text = NULL;
	result = ui_fail(request->common.json, APP_FAILED,
			 verify_called(request, request->signature),
			 text != NULL      ? text
			 : error == ENOENT ? _("There is no such file.")
					   : strerror(error));
	free(text);
	free(file);
	return result;
}

static int refuse_file(const struct verify_request *request)
{
	struct stat status;

	if (stat(request->signature, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size == 0)
		return refuse(request, "empty-file",
			      _("\"%s\" is empty, so it contains no signature."),
			      verify_called(request, request->signature));
	if (request->file != NULL && is_signature(request, request->file))
		return refuse_swapped(request);
	return refuse_other(request);
}

int verify_open_signature(const struct verify_request *request, BIO **signature,
			  CMS_ContentInfo **cms)
{
	*cms = NULL;
	*signature = verify_open(request->signature);
	if (*signature == NULL && errno == EISDIR && request->by_window)
		return refuse(request, "directory",
			      _("\"%s\" is a folder, not a signature file. Choose the file in it."),
			      verify_called(request, request->signature));
	if (*signature == NULL && errno == EISDIR)
		return refuse(request, "directory",
			      _("\"%s\" is a directory, not a signature file. Example: jpki verify "
				"FILE.p7s"),
			      request->signature);
	if (*signature == NULL)
		return refuse_absent(request, errno);
	if (request->raw)
		return has_bare_length(request, request->signature) ? APP_OK : refuse_file(request);
	*cms = read_signed(*signature);
	return *cms != NULL ? APP_OK : refuse_file(request);
}
