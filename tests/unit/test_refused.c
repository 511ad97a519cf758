/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of refused values: what is in it, for how long, and what is made of a damaged one. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "token/refused.h"

#define NOW    100000
#define VALUE  "WRONG1"
#define OTHER  "WRONG2"
#define SERIAL "97b3a1c2d4e5f607"
#define READER "Some reader 00 00"
#define DIGEST 32
/* Entries behind those that the file has room for. */
#define BEYOND 5

static char root[PATH_MAX]; /* the runtime directory */
static char ours[PATH_MAX]; /* our part of it */
static char path[PATH_MAX]; /* the file */
static struct jpki_refused_pin pin;
static pid_t child; /* forked while the file was locked, if it shall be */
static bool fork_in_lock;
static unsigned int asked;      /* how often it was asked who the user is */
static unsigned int foreign_at; /* at which of these questions it is somebody else */

/* The C library's, which the sources call while they have the lock: the program may fork then. */
int renameat(int from, const char *old, int to, const char *new)
{
	if (fork_in_lock) {
		child = fork();
		assert_true(child >= 0);
		while (child == 0)
			pause();
	}
	return (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

/* Whoever compares an owner asks this before. */
uid_t geteuid(void)
{
	return (uid_t)syscall(SYS_geteuid) + (++asked == foreign_at ? 1 : 0);
}

static int set_up(void **state)
{
	(void)state;
	unit_directory_make(root);
	assert_int_equal(chmod(root, 0700), 0);
	unit_path(ours, root, "jpki-pkcs11");
	unit_path(path, ours, "refused");
	pin = (struct jpki_refused_pin){.root = root,
					.reader = READER,
					.events = 7,
					.serial = SERIAL,
					.key = JPKI_KEY_SIGN,
					.now_s = NOW};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unit_directory_remove(ours);
	unit_directory_remove(root);
	return 0;
}

static void add(const char *value, unsigned int tries)
{
	jpki_refused_add(&pin, (const uint8_t *)value, strlen(value), tries);
}

static bool has(const char *value, unsigned int tries)
{
	return jpki_refused_has(&pin, (const uint8_t *)value, strlen(value), tries);
}

/* How many entries are in the file; 0 if there is none. */
static size_t entries(void)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return 0;
	assert_true(status.st_size > JPKI_REFUSED_HEADER_BYTES);
	assert_int_equal((status.st_size - JPKI_REFUSED_HEADER_BYTES) % JPKI_REFUSED_ENTRY_BYTES,
			 0);
	return (size_t)(status.st_size - JPKI_REFUSED_HEADER_BYTES) / JPKI_REFUSED_ENTRY_BYTES;
}

static void test_refused_once(void **state)
{
	struct stat status;

	(void)state;
	assert_false(has(VALUE, 4));
	jpki_refused_forget(&pin);
	/* Looking makes nothing. */
	assert_int_equal(access(ours, F_OK), -1);
	add(VALUE, 4);
	assert_true(has(VALUE, 4));
	assert_true(has(VALUE, 3));
	assert_false(has(OTHER, 4));
	assert_false(has("WRONG", 4));
	assert_false(has("WRONG11", 4));
	add(OTHER, 3);
	assert_true(has(VALUE, 3) && has(OTHER, 3));
	assert_int_equal(entries(), 2);
	assert_int_equal(stat(ours, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

/* Another PIN of the card, or the same PIN of another card in another reader, has others. */
static void test_refused_of_whom(void **state)
{
	(void)state;
	add(VALUE, 4);
	pin.key = JPKI_KEY_AUTH;
	assert_false(has(VALUE, 2));
	add(VALUE, 2);
	pin.serial = "0000000000000000";
	pin.reader = "Another reader";
	assert_false(has(VALUE, 2));
	add(VALUE, 2);
	assert_int_equal(entries(), 3);
	jpki_refused_forget(&pin);
	assert_false(has(VALUE, 2));
	pin.serial = SERIAL;
	pin.reader = READER;
	assert_true(has(VALUE, 2));
	pin.key = JPKI_KEY_SIGN;
	assert_true(has(VALUE, 4));
	assert_int_equal(entries(), 2);
}

/* Another insertion, of this card or another, ends what was known, and removes it. */
static void test_refused_until_removal(void **state)
{
	(void)state;
	add(VALUE, 4);
	pin.events = 9;
	assert_false(has(VALUE, 4));
	assert_int_equal(entries(), 0);
	add(VALUE, 4);
	pin.serial = "0000000000000000";
	pin.events = 11;
	assert_false(has(VALUE, 4));
	assert_int_equal(entries(), 0);
	add(VALUE, 4);
	/* The same count in another reader is another insertion. */
	pin.reader = "Another reader";
	assert_false(has(VALUE, 4));
	assert_int_equal(entries(), 0);
}

static void test_refused_for_an_hour(void **state)
{
	(void)state;
	add(VALUE, 4);
	pin.now_s = NOW + JPKI_REFUSED_SECONDS - 1;
	assert_true(has(VALUE, 4));
	add(OTHER, 3);
	pin.now_s = NOW + JPKI_REFUSED_SECONDS;
	assert_false(has(VALUE, 3));
	assert_true(has(OTHER, 3));
	assert_int_equal(entries(), 1);
	/* A time to come is of another boot. */
	pin.now_s = NOW;
	assert_false(has(OTHER, 3));
	assert_int_equal(entries(), 0);
}

static void test_refused_until_success(void **state)
{
	size_t length;
	char *one, *other;

	(void)state;
	add(VALUE, 4);
	one = unit_read_file(path, &length);
	jpki_refused_forget(&pin);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(has(VALUE, 4));
	/* The key has gone, too. */
	add(VALUE, 4);
	other = unit_read_file(path, &length);
	assert_int_equal(length, JPKI_REFUSED_HEADER_BYTES + JPKI_REFUSED_ENTRY_BYTES);
	for (size_t at = strlen(JPKI_REFUSED_MAGIC) + 1; at + 32 <= JPKI_REFUSED_HEADER_BYTES + 96;
	     at += 32)
		assert_memory_not_equal(one + at, other + at, 32);
	free(one);
	free(other);
}

/* The tries show that somebody has presented the right PIN. */
static void test_refused_until_rise(void **state)
{
	(void)state;
	add(VALUE, 4);
	add(OTHER, 3);
	/* After the second one. So both are from before. */
	assert_false(has(VALUE, 4));
	assert_int_equal(entries(), 0);
	add(VALUE, 2);
	assert_false(has(VALUE, 5));
	assert_int_equal(entries(), 0);
	/* Without a reading between: what leaves as many tries came after a success. */
	add(VALUE, 3);
	add(OTHER, 3);
	assert_int_equal(entries(), 1);
	assert_true(has(OTHER, 3));
	add(VALUE, 4);
	assert_int_equal(entries(), 1);
	assert_true(has(VALUE, 4));
}

/* Neither the value nor whose it was can be read, and nothing of one is in another's. */
static void test_refused_file(void **state)
{
	size_t length;
	char *data;

	(void)state;
	add(VALUE, 4);
	data = unit_read_file(path, &length);
	assert_null(memmem(data, length, VALUE, strlen(VALUE)));
	assert_null(memmem(data, length, SERIAL, strlen(SERIAL)));
	assert_null(memmem(data, length, READER, strlen(READER)));
	free(data);
	assert_int_equal(access(ours, F_OK), 0);
	unit_path(path, ours, "refused.new");
	assert_int_equal(access(path, F_OK), -1);
}

/* The digest by which an entry is found of a reader since that boot. */
static void digest_of_boot(const char *file, const char *boot, uint8_t digest[DIGEST])
{
	char text[512];
	int length = snprintf(text, sizeof(text), "reader\n%s\n%s", boot, READER);

	assert_error(jpki_hmac_sha256((const uint8_t *)file + JPKI_REFUSED_HEADER_BYTES - DIGEST,
				      text, (size_t)length, digest),
		     JPKI_OK);
}

/* The clock counts from the start of the computer, so what is from before it says nothing. */
static void test_refused_in_this_boot(void **state)
{
	static const char *const others[] = {"", "12345678-1234-1234-1234-123456789012\n"};
	uint8_t digest[DIGEST];
	size_t length;
	char *data;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		add(VALUE, 4);
		assert_true(has(VALUE, 4));
		data = unit_read_file(path, &length);
		digest_of_boot(data, others[i], digest);
		memcpy(data + JPKI_REFUSED_HEADER_BYTES, digest, DIGEST);
		unit_write_file(path, data, length);
		assert_int_equal(chmod(path, 0600), 0);
		assert_false(has(VALUE, 4));
		free(data);
	}
}

/* Who has the file must not find four digits by trying them all in a moment. */
static void test_refused_slowly(void **state)
{
	const uint8_t *entry;
	uint8_t quick[DIGEST], slow[DIGEST];
	size_t length;
	char *data;

	(void)state;
	add(VALUE, 4);
	data = unit_read_file(path, &length);
	entry = (const uint8_t *)data + JPKI_REFUSED_HEADER_BYTES;
	assert_error(jpki_hmac_sha256(entry - DIGEST, VALUE, strlen(VALUE), quick), JPKI_OK);
	assert_memory_not_equal(entry + 2 * DIGEST, quick, DIGEST);
	for (unsigned int rounds = 1; rounds < 1000; rounds++) {
		assert_error(jpki_slow_sha256(quick, entry + DIGEST, rounds, slow), JPKI_OK);
		assert_memory_not_equal(entry + 2 * DIGEST, slow, DIGEST);
	}
	free(data);
}

static void test_refused_limit(void **state)
{
	char serials[JPKI_REFUSED_MAX + BEYOND][17];

	(void)state;
	for (size_t i = 0; i < JPKI_REFUSED_MAX + BEYOND; i++) {
		snprintf(serials[i], sizeof(serials[i]), "%016zx", i);
		pin.serial = serials[i];
		add(VALUE, 4);
	}
	assert_int_equal(entries(), JPKI_REFUSED_MAX);
	pin.serial = serials[BEYOND - 1];
	assert_false(has(VALUE, 4));
	pin.serial = serials[BEYOND];
	assert_true(has(VALUE, 4));
	pin.serial = serials[JPKI_REFUSED_MAX + BEYOND - 1];
	assert_true(has(VALUE, 4));
}

static void assert_nothing_shared(void)
{
	add(VALUE, 4);
	assert_false(has(VALUE, 4));
	jpki_refused_forget(&pin);
}

/* Where nothing is shared: no directory, or one that is not the user's alone. */
static void test_refused_place(void **state)
{
	static const char *const roots[] = {"", "relative", ".", "/nonexistent", "/dev/null", "/"};
	char link[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		pin.root = roots[i];
		assert_nothing_shared();
	}
	unit_path(link, root, "link");
	assert_int_equal(symlink(root, link), 0);
	pin.root = link;
	assert_nothing_shared();
	assert_int_equal(access(ours, F_OK), -1);
	pin.root = root;
	for (mode_t bit = 01; bit < 0100; bit <<= 1) {
		assert_int_equal(chmod(root, 0700 | bit), 0);
		assert_nothing_shared();
	}
	assert_int_equal(access(ours, F_OK), -1);
	assert_int_equal(chmod(root, 0700), 0);
	add(VALUE, 4);
	assert_true(has(VALUE, 4));
}

/* The same of our part of it. */
static void test_refused_own_directory(void **state)
{
	char elsewhere[PATH_MAX];

	(void)state;
	unit_write_file(ours, "", 0);
	assert_nothing_shared();
	assert_int_equal(unlink(ours), 0);
	unit_directory_make(elsewhere);
	assert_int_equal(chmod(elsewhere, 0700), 0);
	assert_int_equal(symlink(elsewhere, ours), 0);
	assert_nothing_shared();
	assert_int_equal(unlink(ours), 0);
	unit_path(path, elsewhere, "refused");
	assert_int_equal(access(path, F_OK), -1);
	unit_path(path, ours, "refused");
	assert_int_equal(mkdir(ours, 0700), 0);
	assert_int_equal(chmod(ours, 0750), 0);
	assert_nothing_shared();
	assert_int_equal(access(path, F_OK), -1);
	unit_directory_remove(elsewhere);
}

/* The runtime directory, our part of it or the file of another user is left alone. */
static void test_refused_foreign(void **state)
{
	(void)state;
	for (unsigned int place = 1; place <= 2; place++) {
		asked = 0;
		foreign_at = place;
		add(VALUE, 4);
		assert_int_equal(asked, place);
		assert_int_equal(access(path, F_OK), -1);
	}
	foreign_at = 0;
	add(VALUE, 4);
	for (unsigned int place = 1; place <= 3; place++) {
		asked = 0;
		foreign_at = place;
		assert_false(has(VALUE, 4));
		assert_int_equal(asked, place);
	}
	asked = foreign_at = 0;
	assert_true(has(VALUE, 4));
	assert_int_equal(asked, 3);
}

/* A file that is a link is not read, and what it points to is not written. */
static void test_refused_link(void **state)
{
	char target[PATH_MAX];
	size_t length;
	char *before, *after;

	(void)state;
	add(VALUE, 4);
	unit_path(target, root, "target");
	assert_int_equal(rename(path, target), 0);
	before = unit_read_file(target, &length);
	assert_int_equal(symlink(target, path), 0);
	assert_false(has(VALUE, 4));
	add(OTHER, 3);
	assert_true(has(OTHER, 3));
	assert_false(has(VALUE, 3));
	after = unit_read_file(target, &length);
	assert_memory_equal(before, after, length);
	free(before);
	free(after);
	/* One that others could have written is not read either. */
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(has(OTHER, 3));
	assert_int_equal(chmod(path, 0604), 0);
	assert_false(has(OTHER, 3));
	assert_int_equal(chmod(path, 0600), 0);
	assert_true(has(OTHER, 3));
}

static void assert_as_new(const char *data, size_t length)
{
	unit_write_file(path, data, length);
	assert_int_equal(chmod(path, 0600), 0);
	assert_false(has(VALUE, 3));
	jpki_refused_forget(&pin);
}

/* Every length, and too many entries. */
static void test_refused_lengths(void **state)
{
	enum {
		ROOM = JPKI_REFUSED_HEADER_BYTES + (JPKI_REFUSED_MAX + 2) * JPKI_REFUSED_ENTRY_BYTES
	};
	char *data = calloc(1, ROOM);
	char *real;
	size_t length;

	(void)state;
	assert_non_null(data);
	add(VALUE, 4);
	real = unit_read_file(path, &length);
	memcpy(data, real, length);
	for (size_t cut = 0; cut < length; cut++)
		assert_as_new(real, cut);
	for (size_t longer = length + 1; longer < length + JPKI_REFUSED_ENTRY_BYTES; longer++)
		assert_as_new(data, longer);
	/* The value is in all of these places but one. */
	for (size_t i = 1; i < JPKI_REFUSED_MAX + 1; i++)
		memcpy(data + JPKI_REFUSED_HEADER_BYTES + i * JPKI_REFUSED_ENTRY_BYTES,
		       real + JPKI_REFUSED_HEADER_BYTES, JPKI_REFUSED_ENTRY_BYTES);
	length = JPKI_REFUSED_HEADER_BYTES + JPKI_REFUSED_MAX * JPKI_REFUSED_ENTRY_BYTES;
	assert_as_new(data, length + JPKI_REFUSED_ENTRY_BYTES);
	unit_write_file(path, data, length);
	assert_int_equal(chmod(path, 0600), 0);
	assert_true(has(VALUE, 3));
	/* More tries than a card has. */
	data[JPKI_REFUSED_HEADER_BYTES + JPKI_REFUSED_ENTRY_BYTES - 4] = 16;
	assert_as_new(data, length);
	free(real);
	free(data);
}

/* Each bit of the file, and files of any bytes: nothing else is found, and a new value is. */
static void test_refused_damage(void **state)
{
	char noise[JPKI_REFUSED_HEADER_BYTES + 3 * JPKI_REFUSED_ENTRY_BYTES];
	unsigned int random = 1;
	char *data;
	size_t length;

	(void)state;
	add(VALUE, 4);
	data = unit_read_file(path, &length);
	for (size_t bit = 0; bit < 8 * (length - 16); bit += unit_share()) {
		data[bit / 8] ^= (char)(1 << bit % 8);
		unit_write_file(path, data, length);
		assert_int_equal(chmod(path, 0600), 0);
		assert_false(has(VALUE, 4));
		data[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof(noise); i++) {
			random = random * 1103515245 + 12345;
			noise[i] = (char)(random >> 16);
		}
		if (round % 2 == 0)
			memcpy(noise, JPKI_REFUSED_MAGIC, sizeof(JPKI_REFUSED_MAGIC));
		assert_as_new(noise, sizeof(noise) - random % 300);
	}
	add(VALUE, 4);
	assert_true(has(VALUE, 4));
	free(data);
}

/* Another process has the lock and was stopped: nothing is shared, and nobody waits for long. */
static void test_refused_lock(void **state)
{
	int held;

	(void)state;
	add(VALUE, 4);
	held = open(ours, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(held >= 0);
	assert_int_equal(flock(held, LOCK_EX), 0);
	alarm(60);
	assert_false(has(VALUE, 4));
	add(OTHER, 3);
	jpki_refused_forget(&pin);
	alarm(0);
	close(held);
	assert_true(has(VALUE, 4));
	assert_false(has(OTHER, 4));
}

/* Many processes at once: none undoes what another has written. */
static void test_refused_by_many(void **state)
{
	enum { PROCESSES = 4 };
	pid_t children[PROCESSES];
	char serials[PROCESSES][17];
	bool is_there = false;

	(void)state;
	for (int i = 0; i < PROCESSES; i++) {
		snprintf(serials[i], sizeof(serials[i]), "%016x", (unsigned int)i);
		pin.serial = serials[i];
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] > 0)
			continue;
		/* Who does not get the lock in time goes without it. */
		for (int round = 0; round < 100 && !is_there; round++) {
			add(VALUE, 4);
			is_there = has(VALUE, 4);
		}
		_exit(is_there ? 0 : 1);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = -1;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(entries(), PROCESSES);
	for (int i = 0; i < PROCESSES; i++) {
		pin.serial = serials[i];
		assert_true(has(VALUE, 4));
	}
}

/* A child that the program forks meanwhile, and that goes on, keeps nobody out. */
static void test_refused_fork(void **state)
{
	bool found;

	(void)state;
	fork_in_lock = true;
	add(VALUE, 4);
	fork_in_lock = false;
	found = has(VALUE, 4);
	assert_true(child > 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(found);
}

/* What a process has left that was killed between writing and renaming goes at the next look. */
static void test_refused_unfinished(void **state)
{
	char unfinished[PATH_MAX];

	(void)state;
	add(VALUE, 4);
	unit_path(unfinished, ours, "refused.new");
	assert_int_equal(rename(path, unfinished), 0);
	assert_false(has(VALUE, 4));
	assert_int_equal(access(unfinished, F_OK), -1);
	/* A link is removed, and what it leads to is not. */
	assert_int_equal(symlink("/proc/self/status", unfinished), 0);
	add(VALUE, 4);
	assert_true(has(VALUE, 4));
	assert_int_equal(access(unfinished, F_OK), -1);
}

/* Where nothing can be written, what is to be forgotten is forgotten, and no signal ends us. */
static void test_refused_full_disk(void **state)
{
	struct rlimit before, none;

	(void)state;
	add(VALUE, 4);
	pin.key = JPKI_KEY_AUTH;
	add(VALUE, 2);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	add(OTHER, 1);
	assert_true(has(VALUE, 1));
	assert_false(has(OTHER, 1));
	jpki_refused_forget(&pin);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(access(path, F_OK), -1);
	add(VALUE, 2);
	assert_true(has(VALUE, 2));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_refused_once),          TEST(test_refused_of_whom),
		TEST(test_refused_until_removal), TEST(test_refused_for_an_hour),
		TEST(test_refused_until_success), TEST(test_refused_until_rise),
		TEST(test_refused_file),          TEST(test_refused_limit),
		TEST(test_refused_place),         TEST(test_refused_own_directory),
		TEST(test_refused_foreign),       TEST(test_refused_link),
		TEST(test_refused_lengths),       TEST(test_refused_damage),
		TEST(test_refused_lock),          TEST(test_refused_by_many),
		TEST(test_refused_full_disk),     TEST(test_refused_fork),
		TEST(test_refused_unfinished),    TEST(test_refused_in_this_boot),
		TEST(test_refused_slowly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
