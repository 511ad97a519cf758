/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* refused: tells the user's other processes which values a card has refused. */
#include "token/refused.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/write.h"
#include "crypto/hash.h"

#define DIRECTORY_NAME "jpki-pkcs11"
#define FILE_NAME      "refused"
#define NEW_NAME       "refused.new"
#define BOOT_ID_FILE   "/proc/sys/kernel/random/boot_id"
#define DIGEST_BYTES   32
#define BOOT_ID_BYTES  64
/* More than a card counts. */
#define TRIES_MAX 15
/* Who holds the lock needs it for some milliseconds, unless that process was stopped. */
#define LOCK_ROUNDS  20
#define LOCK_WAIT_MS 10
/* Some milliseconds, so that even four digits are not found at once. */
#define DIGEST_ROUNDS 10000

struct entry {
	uint8_t reader[DIGEST_BYTES];
	uint8_t card[DIGEST_BYTES]; /* and which of its PINs */
	uint8_t value[DIGEST_BYTES];
	int64_t when_s;
	uint32_t events;
	uint32_t tries;
};

/* What the file holds. */
struct book {
	char magic[sizeof(JPKI_REFUSED_MAGIC)];
	uint8_t key[DIGEST_BYTES];
	struct entry entries[JPKI_REFUSED_MAX];
};

_Static_assert(sizeof(struct entry) == JPKI_REFUSED_ENTRY_BYTES, "an entry has other bytes");
_Static_assert(offsetof(struct book, entries) == JPKI_REFUSED_HEADER_BYTES, "so has the header");

/* The file while it is locked. All of it is secret memory. */
struct work {
	struct book book;
	size_t count; /* of entries */
	uint8_t reader[DIGEST_BYTES];
	uint8_t card[DIGEST_BYTES];
	int directory;
	bool added;
	bool removed;
};

/* True if it is the user's and nobody else has any access to it. */
static bool is_private(int fd, mode_t kind)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == kind &&
	       status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

/* Open a directory that is private, else return -1. With make, create it if needed. */
static int open_private(int parent, const char *name, bool make)
{
	int fd = -1;

	if (!make || mkdirat(parent, name, 0700) == 0 || errno == EEXIST)
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !is_private(fd, S_IFDIR)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_directory(const char *root, bool make)
{
	int parent = root[0] == '/' ? open_private(AT_FDCWD, root, false) : -1;
	int fd = -1;

	if (parent >= 0) {
		fd = open_private(parent, DIRECTORY_NAME, make);
		close(parent);
	}
	return fd;
}

static int open_file(int directory)
{
	int fd = openat(directory, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && !is_private(fd, S_IFREG)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool lock(int directory)
{
	const struct timespec pause = {.tv_nsec = LOCK_WAIT_MS * 1000000L};
	bool locked = flock(directory, LOCK_EX | LOCK_NB) == 0;

	for (int round = 0; !locked && errno == EWOULDBLOCK && round < LOCK_ROUNDS; round++) {
		nanosleep(&pause, NULL);
		locked = flock(directory, LOCK_EX | LOCK_NB) == 0;
	}
	return locked;
}

/* A process that another thread forks off has this descriptor, too, and would keep the lock for as
 * long as it lives if the descriptor were only closed here. */
static void unlock_and_close(int directory)
{
	flock(directory, LOCK_UN);
	close(directory);
}

/* Return how many entries were read; 0 if the file is not what save writes. */
static size_t read_book(int fd, struct book *book)
{
	struct stat status = {0};
	size_t size;
	size_t count;

	if (fstat(fd, &status) != 0 || status.st_size < JPKI_REFUSED_HEADER_BYTES ||
	    status.st_size > (off_t)sizeof(*book))
		return 0;
	size = (size_t)status.st_size;
	count = (size - JPKI_REFUSED_HEADER_BYTES) / JPKI_REFUSED_ENTRY_BYTES;
	if (size != JPKI_REFUSED_HEADER_BYTES + count * JPKI_REFUSED_ENTRY_BYTES ||
	    pread(fd, book, size, 0) != (ssize_t)size ||
	    memcmp(book->magic, JPKI_REFUSED_MAGIC, sizeof(book->magic)) != 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (book->entries[i].tries > TRIES_MAX)
			return 0;
	}
	return count;
}

/* Read the file, or begin a new one with a key of its own. False without random numbers. */
static bool load(struct work *work)
{
	int fd = open_file(work->directory);

	if (fd >= 0) {
		work->count = read_book(fd, &work->book);
		close(fd);
	}
	if (work->count > 0)
		return true;
	memcpy(work->book.magic, JPKI_REFUSED_MAGIC, sizeof(work->book.magic));
	return getrandom(work->book.key, DIGEST_BYTES, 0) == DIGEST_BYTES;
}

/* Replace the file in one step. What must be forgotten is, even if nothing can be written. */
static void save(const struct work *work)
{
	size_t size = JPKI_REFUSED_HEADER_BYTES + work->count * JPKI_REFUSED_ENTRY_BYTES;
	bool saved = false;
	int fd = -1;

	if (work->count > 0)
		fd = openat(work->directory, NEW_NAME,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		saved = jpki_write_line(fd, (const char *)&work->book, size);
		close(fd);
		saved = saved &&
			renameat(work->directory, NEW_NAME, work->directory, FILE_NAME) == 0;
		if (!saved)
			unlinkat(work->directory, NEW_NAME, 0);
	}
	if (!saved && work->count > 0)
		jpki_log(JPKI_LOG_INFO, "refused: other programs are not told of a refused value");
	if (!saved && work->removed)
		unlinkat(work->directory, FILE_NAME, 0);
}

/* Read the number of this boot, from which the clock counts. */
static bool read_boot_id(char id[BOOT_ID_BYTES])
{
	int fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t length = -1;

	memset(id, 0, BOOT_ID_BYTES);
	if (fd < 0)
		return false;
	length = pread(fd, id, BOOT_ID_BYTES - 1, 0);
	close(fd);
	return length > 0;
}

/* Make the digests that the entries of this reader and of this PIN have. */
static bool digest_names(struct work *work, const struct jpki_refused_pin *pin)
{
	char boot_id[BOOT_ID_BYTES];
	char text[512];
	int length;

	if (!read_boot_id(boot_id))
		return false;
	length = snprintf(text, sizeof(text), "reader\n%s\n%s", boot_id, pin->reader);
	if (length < 0 || (size_t)length >= sizeof(text) ||
	    jpki_hmac_sha256(work->book.key, text, (size_t)length, work->reader) != JPKI_OK)
		return false;
	length = snprintf(text, sizeof(text), "card\n%s\n%d", pin->serial, (int)pin->key);
	return length > 0 && (size_t)length < sizeof(text) &&
	       jpki_hmac_sha256(work->book.key, text, (size_t)length, work->card) == JPKI_OK;
}

static bool digest_value(const struct work *work, const uint8_t *value, size_t length,
			 uint8_t digest[DIGEST_BYTES])
{
	uint8_t quick[DIGEST_BYTES];
	bool made = jpki_hmac_sha256(work->book.key, value, length, quick) == JPKI_OK &&
		    jpki_slow_sha256(quick, work->card, DIGEST_ROUNDS, digest) == JPKI_OK;

	explicit_bzero(quick, sizeof(quick));
	return made;
}

static bool is_same(const uint8_t one[DIGEST_BYTES], const uint8_t other[DIGEST_BYTES])
{
	return memcmp(one, other, DIGEST_BYTES) == 0;
}

static void remove_entry(struct work *work, size_t at)
{
	memmove(&work->book.entries[at], &work->book.entries[at + 1],
		(work->count - at - 1) * sizeof(struct entry));
	explicit_bzero(&work->book.entries[--work->count], sizeof(struct entry));
	work->removed = true;
}

/* True if the time has passed, or if the card has left its reader: another insertion is in that
 * reader now, or the card is in another one. */
static bool has_ended(const struct work *work, const struct entry *entry,
		      const struct jpki_refused_pin *pin)
{
	bool here = is_same(entry->reader, work->reader);
	bool same_insertion = here && entry->events == pin->events;
	bool ours = is_same(entry->card, work->card);

	return entry->when_s > pin->now_s || pin->now_s - entry->when_s >= JPKI_REFUSED_SECONDS ||
	       ((here || ours) && !same_insertion);
}

static void forget_card(struct work *work)
{
	for (size_t i = work->count; i-- > 0;) {
		if (is_same(work->book.entries[i].card, work->card))
			remove_entry(work, i);
	}
}

/* Release the lock and the memory, after saving what has changed. */
static void end(struct work *work)
{
	if (work->added || work->removed)
		save(work);
	unlock_and_close(work->directory);
	jpki_secret_free(work, sizeof(*work));
}

/* Return whether there is something to read, or what a process has left that was killed in save. */
static bool has_file(int directory)
{
	struct stat status;

	return fstatat(directory, FILE_NAME, &status, AT_SYMLINK_NOFOLLOW) == 0 ||
	       fstatat(directory, NEW_NAME, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Lock and read the file, and forget what has ended. NULL if nothing is shared, or if there is no
 * file and make is false. */
static struct work *begin(const struct jpki_refused_pin *pin, bool make)
{
	int directory = open_directory(pin->root, make);
	struct work *work = NULL;

	if (directory < 0)
		return NULL;
	if ((!make && !has_file(directory)) || !lock(directory)) {
		close(directory);
		return NULL;
	}
	unlinkat(directory, NEW_NAME, 0);
	work = jpki_secret_alloc(sizeof(*work));
	if (work == NULL) {
		unlock_and_close(directory);
		return NULL;
	}
	work->directory = directory;
	if (!load(work) || !digest_names(work, pin)) {
		end(work);
		return NULL;
	}
	for (size_t i = work->count; i-- > 0;) {
		if (has_ended(work, &work->book.entries[i], pin))
			remove_entry(work, i);
	}
	return work;
}

bool jpki_refused_has(const struct jpki_refused_pin *pin, const uint8_t *value, size_t length,
		      unsigned int tries)
{
	struct work *work = begin(pin, false);
	uint8_t digest[DIGEST_BYTES];
	bool risen = false;
	bool any = false;
	bool found = false;

	if (work == NULL)
		return false;
	for (size_t i = 0; i < work->count; i++) {
		if (is_same(work->book.entries[i].card, work->card)) {
			any = true;
			risen = risen || tries > work->book.entries[i].tries;
		}
	}
	if (risen)
		forget_card(work);
	else if (any && digest_value(work, value, length, digest)) {
		for (size_t i = 0; i < work->count; i++)
			found = found || is_same(work->book.entries[i].value, digest);
		explicit_bzero(digest, sizeof(digest));
	}
	end(work);
	return found;
}

void jpki_refused_add(const struct jpki_refused_pin *pin, const uint8_t *value, size_t length,
		      unsigned int tries)
{
	struct work *work = begin(pin, true);
	struct entry entry = {.when_s = pin->now_s, .events = pin->events, .tries = tries};

	if (work == NULL)
		return;
	/* Each refusal costs a try, so one that left no more is from before a success. */
	for (size_t i = work->count; i-- > 0;) {
		if (is_same(work->book.entries[i].card, work->card) &&
		    work->book.entries[i].tries <= tries)
			remove_entry(work, i);
	}
	memcpy(entry.reader, work->reader, DIGEST_BYTES);
	memcpy(entry.card, work->card, DIGEST_BYTES);
	if (tries <= TRIES_MAX && digest_value(work, value, length, entry.value)) {
		if (work->count == JPKI_REFUSED_MAX)
			remove_entry(work, 0);
		work->book.entries[work->count++] = entry;
		work->added = true;
	}
	/* A digest helps to guess the value. */
	explicit_bzero(&entry, sizeof(entry));
	end(work);
}

void jpki_refused_forget(const struct jpki_refused_pin *pin)
{
	struct work *work = begin(pin, false);

	if (work == NULL)
		return;
	forget_card(work);
	end(work);
}
