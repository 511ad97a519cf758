/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* identity: keeps the uuid below the state directory, and makes the combination code of it. */
#include "portal/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/hash.h"

#define UUID_FILE  "portal-uuid"
#define UUID_BYTES 16
#define DIGITS     (PORTAL_DIGITS_SIZE - 1)

static void write_hex(const uint8_t *bytes, size_t length, char *text)
{
	for (size_t i = 0; i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* Return the value of a digit that is_uuid has found in order. */
static unsigned int hex_value(char digit)
{
	return (unsigned int)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static bool is_of(const char *text, size_t length, const char *characters)
{
	return strlen(text) == length && strspn(text, characters) == length;
}

static bool is_uuid(const char *uuid)
{
	return is_of(uuid, PORTAL_UUID_SIZE - 1, "0123456789abcdef");
}

/* Write where a file is. False if it has no place. */
static bool write_path(char path[PORTAL_PATH_SIZE], const char *root, const char *below,
		       const char *name)
{
	int length = snprintf(path, PORTAL_PATH_SIZE, "%s/%s%s%s", root, below,
			      below[0] != '\0' ? "/" : "", name);

	return root[0] != '\0' && length > 0 && length < PORTAL_PATH_SIZE;
}

/* Open a file of the directory, and make both if they are not there. */
static int open_file(const char *root, const char *below, const char *name)
{
	char path[PORTAL_PATH_SIZE];
	size_t begin = strlen(root) + 1;

	errno = ENOENT;
	if (!write_path(path, root, below, name))
		return -1;
	for (char *at = strchr(path + begin, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Make a number, and keep it: whole, or not at all. */
static bool make_uuid(int fd, char uuid[PORTAL_UUID_SIZE])
{
	uint8_t bytes[UUID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	write_hex(bytes, sizeof(bytes), uuid);
	if (dprintf(fd, "%s\n", uuid) == PORTAL_UUID_SIZE && fsync(fd) == 0)
		return true;
	/* Half a number would stay for ever, and nobody has got it. */
	if (ftruncate(fd, 0) != 0)
		jpki_log(JPKI_LOG_ERROR, "portal: half a uuid is left");
	return false;
}

static bool is_file(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

bool portal_uuid(const struct jpki_user_place *place, char uuid[PORTAL_UUID_SIZE])
{
	int fd = open_file(place->root, place->below, UUID_FILE);
	/* A pipe there would never answer. */
	ssize_t got = fd >= 0 && is_file(fd) ? read(fd, uuid, PORTAL_UUID_SIZE) : -1;
	bool is_there = got == PORTAL_UUID_SIZE && uuid[PORTAL_UUID_SIZE - 1] == '\n';

	uuid[PORTAL_UUID_SIZE - 1] = '\0';
	if (got == 0)
		is_there = make_uuid(fd, uuid);
	if (fd >= 0)
		close(fd);
	return is_there && is_uuid(uuid);
}

bool portal_uuid_path(const struct jpki_user_place *place, char path[PORTAL_PATH_SIZE])
{
	return write_path(path, place->root, place->below, UUID_FILE);
}

bool portal_combination_code(const char *digits, const char *uuid, char code[PORTAL_CODE_SIZE])
{
	uint8_t input[UUID_BYTES + DIGITS + UUID_BYTES] = {0x2e, 0x71, 0xf6, 0x62, 0x0b, 0xc6,
							   0x54, 0xce, 0xd4, 0x94, 0xe5, 0xec,
							   0x34, 0xfe, 0x03, 0xc8};
	uint8_t hash[JPKI_HASH_SIZE_MAX];

	if (!is_of(digits, DIGITS, "0123456789") || !is_uuid(uuid))
		return false;
	memcpy(input + UUID_BYTES, digits, DIGITS);
	for (size_t i = 0; i < UUID_BYTES; i++)
		input[UUID_BYTES + DIGITS + i] =
			(uint8_t)(hex_value(uuid[2 * i]) << 4 | hex_value(uuid[2 * i + 1]));
	if (jpki_hash_compute(JPKI_HASH_SHA256, input, sizeof(input), hash) != JPKI_OK)
		return false;
	write_hex(hash, jpki_hash_size(JPKI_HASH_SHA256), code);
	return true;
}

int portal_lock(const struct jpki_config *config)
{
	int fd = config->runtime_root[0] != '\0'
			 ? open_file(config->runtime_root, "", "jpki-portal.lock")
			 : open_file(config->record_place.root, config->record_place.below,
				     "portal.lock");
	int result;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	result = fd >= 0 && errno == EWOULDBLOCK ? PORTAL_LOCK_TAKEN : PORTAL_LOCK_NO_PLACE;
	if (result == PORTAL_LOCK_NO_PLACE)
		jpki_log(JPKI_LOG_ERROR, "portal: no lock: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}
