/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kept: keeps certificates on disk, for comparison with the card's. */
#include "token/kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/write.h"
#include "card/card.h"
#include "crypto/hash.h"
#include "token/place.h"

/* What each digest here begins with, so that no other digest equals it. */
#define DOMAIN       "jpki-pkcs11 kept certificate"
#define DIGEST_BYTES 32
#define NEW_NAME     "new"

/* Digest serial and identifier, and a certificate if there is one. */
static bool digest(const struct jpki_kept *kept, const struct jpki_bytes *der,
		   uint8_t value[DIGEST_BYTES])
{
	const uint8_t file[] = {(uint8_t)(kept->file >> 8), (uint8_t)(kept->file & 0xffU)};
	struct jpki_hash_state *state = jpki_hash_new(JPKI_HASH_SHA256);
	enum jpki_error error = JPKI_E_MEMORY;

	if (state == NULL)
		return false;
	error = jpki_hash_update(state, DOMAIN, sizeof(DOMAIN));
	if (error == JPKI_OK)
		error = jpki_hash_update(state, kept->serial, strlen(kept->serial) + 1);
	if (error == JPKI_OK)
		error = jpki_hash_update(state, file, sizeof(file));
	if (error == JPKI_OK && der != NULL)
		error = jpki_hash_update(state, der->data, der->length);
	if (error == JPKI_OK)
		error = jpki_hash_final(state, value);
	jpki_hash_free(state);
	return error == JPKI_OK;
}

/* Open our directory and write the name of the file. -1: there is no such directory. */
static int find(const struct jpki_kept *kept, bool make, char name[8])
{
	uint8_t value[DIGEST_BYTES];

	if (!digest(kept, NULL, value))
		return -1;
	snprintf(name, 8, "%02x-%04x", value[0], kept->file);
	return jpki_place_open(kept->place, make);
}

/* Return the size of a file that is the user's alone and may hold a certificate; else 0. */
static size_t usable_size(int fd)
{
	struct stat status = {0};

	if (!jpki_place_has_own(fd, S_IFREG) || fstat(fd, &status) != 0 ||
	    (status.st_mode & 077) != 0 || status.st_size <= DIGEST_BYTES ||
	    status.st_size > DIGEST_BYTES + JPKI_CERTIFICATE_MAX)
		return 0;
	return (size_t)status.st_size;
}

/* Append the certificate to der if the file is whole and of this card. */
static void read_file(const struct jpki_kept *kept, int fd, struct jpki_buffer *der)
{
	uint8_t value[DIGEST_BYTES];
	struct jpki_bytes content;
	size_t size = usable_size(fd);
	uint8_t *data = size > 0 ? malloc(size) : NULL;

	if (data == NULL)
		return;
	content = (struct jpki_bytes){data + DIGEST_BYTES, size - DIGEST_BYTES};
	if (pread(fd, data, size, 0) == (ssize_t)size && digest(kept, &content, value) &&
	    memcmp(data, value, DIGEST_BYTES) == 0)
		(void)jpki_buffer_append(der, content.data, content.length, JPKI_CERTIFICATE_MAX);
	free(data);
}

void jpki_kept_read(const struct jpki_kept *kept, struct jpki_buffer *der)
{
	char name[8];
	int directory = find(kept, false, name);
	int fd = -1;

	if (directory >= 0)
		fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		read_file(kept, fd, der);
		close(fd);
	}
	if (directory >= 0)
		close(directory);
}

/* With the directory locked: put a file there in one step. What a process that was killed has left
 * is replaced. */
static bool put(int directory, const char *name, const struct jpki_buffer *content)
{
	bool done;
	int fd;

	unlinkat(directory, NEW_NAME, 0);
	fd = openat(directory, NEW_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return false;
	/* A file size limit must not end the program. */
	done = jpki_write_line(fd, (const char *)content->data, content->length);
	close(fd);
	done = done && renameat(directory, NEW_NAME, directory, name) == 0;
	if (!done)
		unlinkat(directory, NEW_NAME, 0);
	return done;
}

void jpki_kept_write(const struct jpki_kept *kept, const struct jpki_bytes *der)
{
	const size_t limit = DIGEST_BYTES + JPKI_CERTIFICATE_MAX;
	uint8_t value[DIGEST_BYTES];
	struct jpki_buffer content = {0};
	char name[8];
	int directory = find(kept, true, name);
	bool done = false;

	if (directory >= 0 && digest(kept, der, value) &&
	    jpki_buffer_append(&content, value, DIGEST_BYTES, limit) == JPKI_OK &&
	    jpki_buffer_append(&content, der->data, der->length, limit) == JPKI_OK &&
	    flock(directory, LOCK_EX | LOCK_NB) == 0) {
		done = put(directory, name, &content);
		/* A child that another thread forks off has this descriptor, too. */
		flock(directory, LOCK_UN);
	}
	if (!done)
		jpki_log(JPKI_LOG_INFO, "kept: the certificate was not written");
	jpki_buffer_free(&content);
	if (directory >= 0)
		close(directory);
}

void jpki_kept_remove(const struct jpki_kept *kept)
{
	char name[8];
	int directory = find(kept, false, name);

	if (directory < 0)
		return;
	unlinkat(directory, name, 0);
	close(directory);
}
