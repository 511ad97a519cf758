/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_uri: names Ids and files in the URIs of References (RFC 3986 §2.1), and opens such files. */
#include "document/xml_uri.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 65536

/* RFC 3986 §2.3. */
static const char unreserved[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

char *xml_uri_of(const char *prefix, const char *text)
{
	size_t room = strlen(prefix) + strlen(text) * 3 + 1;
	char *uri = malloc(room);
	char *place;

	if (uri == NULL)
		return NULL;
	place = stpcpy(uri, prefix);
	for (; *text != '\0'; text++) {
		if (strchr(unreserved, *text) != NULL)
			*place++ = *text;
		else
			place += snprintf(place, 4, "%%%02X", (unsigned int)(unsigned char)*text);
	}
	*place = '\0';
	return uri;
}

/* Return the value of a hexadecimal digit, or -1. */
static int digit_of(char digit)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	const char *place = digit == '\0' ? NULL : strchr(digits, digit);
	int value = place == NULL ? -1 : (int)(place - digits);

	return value > 15 ? value - 6 : value;
}

char *xml_uri_decode(const char *uri)
{
	char *text = malloc(strlen(uri) + 1);
	char *place = text;

	if (text == NULL)
		return NULL;
	for (; *uri != '\0'; uri++) {
		int high, low;

		if (*uri != '%') {
			*place++ = *uri;
			continue;
		}
		high = digit_of(uri[1]);
		low = high < 0 ? -1 : digit_of(uri[2]);
		if (low < 0 || (high == 0 && low == 0)) {
			free(text);
			return NULL;
		}
		*place++ = (char)(high * 16 + low);
		uri += 2;
	}
	*place = '\0';
	return text;
}

char *xml_uri_file(const char *uri)
{
	char *name = xml_uri_decode(uri);
	size_t dots = 0;

	while (name != NULL && strncmp(name + dots, "./", 2) == 0)
		dots += 2;
	if (name != NULL)
		memmove(name, name + dots, strlen(name + dots) + 1);
	return name;
}

/* A backslash is a separator where such filings are opened. */
static bool leads_out(const char *name)
{
	return name[0] == '\0' || strpbrk(name, "/\\") != NULL || strcmp(name, ".") == 0 ||
	       strcmp(name, "..") == 0;
}

static enum xml_fault hash_open_file(int fd, const char *name, EVP_MD_CTX *hash,
				     struct xml_trouble *trouble)
{
	uint8_t piece[PIECE_BYTES];
	ssize_t count;

	while ((count = read(fd, piece, sizeof(piece))) > 0) {
		if (EVP_DigestUpdate(hash, piece, (size_t)count) != 1)
			return xml_fail(trouble, XML_MEMORY, "%s", "");
	}
	return count == 0 ? XML_OK
			  : xml_fail(trouble, XML_FILE_MISSING, "%s: %s", name, strerror(errno));
}

enum xml_fault xml_hash_file(int folder, const char *name, EVP_MD_CTX *hash,
			     struct xml_trouble *trouble)
{
	struct stat status;
	enum xml_fault fault;
	int fd;

	if (leads_out(name))
		return xml_fail(trouble, XML_LEADS_OUT, "%s", name);
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 && errno == ELOOP)
		return xml_fail(trouble, XML_LEADS_OUT, "%s", name);
	if (fd < 0)
		return xml_fail(trouble, XML_FILE_MISSING, "%s: %s", name, strerror(errno));
	if (fstat(fd, &status) != 0)
		fault = xml_fail(trouble, XML_FILE_MISSING, "%s: %s", name, strerror(errno));
	else if (S_ISDIR(status.st_mode))
		fault = xml_fail(trouble, XML_FILE_MISSING, "%s: %s", name, strerror(EISDIR));
	else if (!S_ISREG(status.st_mode))
		fault = xml_fail(trouble, XML_FILE_ODD, "%s", name);
	else
		fault = hash_open_file(fd, name, hash, trouble);
	close(fd);
	return fault;
}

int xml_open_folder(const char *path)
{
	const char *end = strrchr(path, '/');
	char *folder = end == NULL ? strdup(".") : strndup(path, (size_t)(end - path) + 1);
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(folder);
	return fd;
}
