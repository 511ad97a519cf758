/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates that are kept on disk: which, where, what a later process is spared by them, and
 * that whatever lies there, the certificate is the card's. */
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "token/kept.h"
#include "token/state.h"

/* Of our file before the certificate. */
#define DIGEST 32
/* What a process is told before it reads a certificate. */
#define RECOGNISED "COMMON RECORD AP READ:0006 "

static struct fixture fixture;
static char directory[PATH_MAX]; /* the cache directory */
static char ours[PATH_MAX];      /* our part of it */
static char file[PATH_MAX];      /* the one that is kept, once there is one */

/* Stands before the C library's: whether the files that the test makes are somebody else's. */
static bool is_other_user;

uid_t geteuid(void)
{
	return (uid_t)syscall(SYS_geteuid) + (is_other_user ? 1 : 0);
}

static void point_to(const char *root)
{
	struct jpki_user_place *place = &fixture.config.kept_place;

	snprintf(place->root, sizeof(place->root), "%s", root);
	snprintf(place->below, sizeof(place->below), "jpki-pkcs11");
}

static void start(const char *name, const struct vcard_options *options)
{
	fixture_start(&fixture, name, options);
	unit_directory_make(directory);
	unit_path(ours, directory, "jpki-pkcs11");
	point_to(directory);
}

static int set_up(void **state)
{
	(void)state;
	start("mynumber", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fixture_stop(&fixture);
	unit_directory_remove(ours);
	unit_directory_remove(directory);
	return 0;
}

/* Another process begins: nothing is known of the card. */
static void begin_anew(void)
{
	jpki_reader_free(fixture.reader);
	fixture.reader = jpki_reader_new(fixture.transport, &fixture.config);
	assert_non_null(fixture.reader);
	jpki_reader_set_name(fixture.reader, FIXTURE_READER);
	fixture_look(&fixture);
	vcard_transport_forget(fixture.readers);
}

/* What the maker of the card left beside it; the caller frees it. */
static char *made_certificate(const char *name, size_t *length)
{
	char path[PATH_MAX], full[32];

	snprintf(full, sizeof(full), "%s.der", name);
	unit_path(path, fixture.card.dir, full);
	return unit_read_file(path, length);
}

/* A process reads a certificate; it must be the card's, which stands beside it in the file NAME.
 * The number of its READ BINARY commands after the card was recognised. */
static unsigned int reads(enum jpki_key key, enum jpki_certificate_kind kind, const char *name)
{
	struct jpki_certificate *certificate = NULL;
	struct jpki_token_ref token;
	char trace[UNIT_TRACE_MAX];
	size_t length;
	char *made = made_certificate(name, &length);
	unsigned int count = 0;

	begin_anew();
	token = fixture_token(&fixture, key);
	assert_error(jpki_token_certificate(&token, kind, &certificate), JPKI_OK);
	assert_int_equal(certificate->der.length, length);
	assert_memory_equal(certificate->der.data, made, length);
	free(made);
	jpki_certificate_release(certificate);
	unit_trace(fixture.readers, trace);
	assert_memory_equal(trace, RECOGNISED "AP READ:", sizeof(RECOGNISED "AP READ:") - 1);
	for (char *at = trace + sizeof(RECOGNISED) - 1; (at = strstr(at, "READ")) != NULL; at++)
		count++;
	return count;
}

static unsigned int reads_ca(void)
{
	return reads(JPKI_KEY_AUTH, JPKI_CERTIFICATE_CA, "auth-ca");
}

static unsigned int reads_auth(void)
{
	return reads(JPKI_KEY_AUTH, JPKI_CERTIFICATE_OWN, "auth");
}

/* How many commands read the whole of it. */
static unsigned int whole(const char *name)
{
	size_t length;

	free(made_certificate(name, &length));
	assert_true(length > 3 * 256); /* else there is nothing to spare */
	return ((unsigned int)length + 255) / 256;
}

/* How many files there are; one is left in file. */
static unsigned int count_files(void)
{
	DIR *stream = opendir(ours);
	struct dirent *entry;
	unsigned int count = 0;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		unit_path(file, ours, entry->d_name);
		count++;
	}
	if (stream != NULL)
		closedir(stream);
	return count;
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status.st_mode;
}

/* Keeps the authority's certificate, and leaves its path in file. */
static void keep_one(void)
{
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 1);
}

/* What lies there is of no use: the certificate is read as if there were none, and kept anew. */
static void assert_read_anew(void)
{
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(mode_of(file), S_IFREG | 0600);
	assert_int_equal(reads_ca(), 2);
	assert_int_equal(count_files(), 1);
}

static void test_second_process(void **state)
{
	(void)state;
	assert_int_equal(fixture.config.keep, JPKI_KEEP_CA);
	keep_one();
	assert_int_equal(mode_of(ours), S_IFDIR | 0700);
	assert_int_equal(mode_of(file), S_IFREG | 0600);
	assert_int_equal(reads_ca(), 2);
	unit_assert_trace(fixture.readers, RECOGNISED "AP READ:000B READ");
	/* The other authority's is another one. */
	assert_int_equal(reads(JPKI_KEY_SIGN, JPKI_CERTIFICATE_CA, "sign-ca"), whole("sign-ca"));
	assert_int_equal(reads(JPKI_KEY_SIGN, JPKI_CERTIFICATE_CA, "sign-ca"), 2);
	assert_int_equal(reads_ca(), 2);
	assert_int_equal(count_files(), 2);
}

/* A name has a byte of a digest and the number of the file on the card; the serial is nowhere. */
static void test_tells_nothing(void **state)
{
	const char *name;
	size_t length;
	char *content;

	(void)state;
	keep_one();
	name = strrchr(file, '/') + 1;
	assert_int_equal(strlen(name), 7);
	assert_int_equal(strspn(name, "0123456789abcdef"), 2);
	assert_string_equal(name + 2, "-000b");
	content = unit_read_file(file, &length);
	assert_null(memmem(content, length, fixture.reader->serial, 16));
	assert_true(strncmp(name, fixture.reader->serial, 2) != 0);
	free(content);
}

/* Neither the holder's certificates by themselves, nor the one for signing in any case. */
static void test_which(void **state)
{
	struct jpki_token_ref sign;
	struct jpki_certificate *certificate = NULL;

	(void)state;
	assert_int_equal(reads_auth(), whole("auth"));
	assert_int_equal(reads_auth(), whole("auth"));
	assert_int_equal(count_files(), 0);
	fixture.config.keep = JPKI_KEEP_AUTH;
	for (int process = 0; process < 2; process++) {
		begin_anew();
		sign = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_error(fixture_login(&sign, VCARD_SIGN_PIN), JPKI_OK);
		assert_error(jpki_token_certificate(&sign, JPKI_CERTIFICATE_OWN, &certificate),
			     JPKI_OK);
		jpki_certificate_release(certificate);
		assert_error(fixture_sign(&sign), JPKI_OK);
		assert_error(jpki_token_logout(&sign), JPKI_OK);
		assert_int_equal(count_files(), 0);
	}
	assert_int_equal(reads_auth(), whole("auth"));
	assert_int_equal(reads_auth(), 2);
	assert_int_equal(count_files(), 1);
	assert_non_null(strstr(file, "-000a"));
	/* What may no longer be kept is removed when it is next read. */
	fixture.config.keep = JPKI_KEEP_CA;
	assert_int_equal(reads_auth(), whole("auth"));
	assert_int_equal(count_files(), 0);
	keep_one();
	fixture.config.keep = JPKI_KEEP_NONE;
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 0);
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 0);
}

/* A phone's certificate needs the PIN; no configuration has it kept. */
static void test_private(void **state)
{
	struct jpki_token_ref auth;

	(void)state;
	start("android", NULL);
	fixture.config.keep = JPKI_KEEP_AUTH;
	for (int process = 0; process < 2; process++) {
		begin_anew();
		auth = fixture_token(&fixture, JPKI_KEY_AUTH);
		assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_OK);
		assert_int_equal(count_files(), 0);
	}
	tear_down(state);
}

static unsigned int files_seen;

static enum vcard_fault look_at_files(void *context, unsigned int index, const uint8_t *command,
				      size_t length)
{
	(void)context;
	(void)index;
	(void)command;
	(void)length;
	files_seen += count_files();
	return VCARD_FAULT_NONE;
}

/* A login reads the certificate, too. Nothing is written while the card is unlocked. */
static void test_login(void **state)
{
	struct jpki_token_ref auth;
	unsigned int exchanges[2];

	(void)state;
	fixture.config.keep = JPKI_KEEP_AUTH;
	vcard_transport_set_hook(fixture.readers, look_at_files, NULL);
	for (int process = 0; process < 2; process++) {
		begin_anew();
		auth = fixture_token(&fixture, JPKI_KEY_AUTH);
		assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_OK);
		if (process == 0)
			assert_int_equal(files_seen, 0);
		exchanges[process] = vcard_transport_exchanges(fixture.readers);
		assert_int_equal(count_files(), 1);
	}
	assert_int_equal(exchanges[0] - exchanges[1], whole("auth") - 2);
	vcard_transport_set_hook(fixture.readers, NULL, NULL);
	/* It is as good as one that was read whole. */
	assert_error(fixture_sign(&auth), JPKI_OK);
	/* A login that fails keeps nothing. */
	assert_int_equal(unlink(file), 0);
	begin_anew();
	auth = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&auth, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(count_files(), 0);
}

/* Each byte that may be wrong, and each length. */
static void test_kept_damaged(void **state)
{
	static const size_t lengths[] = {0, 1, DIGEST, DIGEST + 1, DIGEST + 256, 9000};
	size_t length, places[7];
	char *content;

	(void)state;
	keep_one();
	content = unit_read_file(file, &length);
	content = realloc(content, 9000);
	assert_non_null(content);
	memset(content + length, 0, 9000 - length);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		unit_write_file(file, content, lengths[i]);
		assert_read_anew();
	}
	unit_write_file(file, content, length - 1);
	assert_read_anew();
	unit_write_file(file, content, length + 1);
	assert_read_anew();
	memcpy(places,
	       (size_t[]){0, DIGEST - 1, DIGEST, DIGEST + 100, DIGEST + 400, length - 300,
			  length - 1},
	       sizeof(places));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		content[places[i]] ^= 1;
		unit_write_file(file, content, length);
		content[places[i]] ^= 1;
		assert_read_anew();
	}
	free(content);
}

/* Keeps these bytes for this card, as if they were its authority's certificate. */
static void lie(const void *der, size_t length)
{
	const struct jpki_kept kept = {.place = &fixture.config.kept_place,
				       .serial = fixture.reader->serial,
				       .file = 0x000B};
	const struct jpki_bytes bytes = {der, length};

	jpki_kept_write(&kept, &bytes);
}

/* A file that is whole, and of this card, with another certificate than the card has. */
static void test_lies(void **state)
{
	unsigned int all = whole("auth-ca");
	size_t length;
	char *content, *other;

	(void)state;
	keep_one();
	content = unit_read_file(file, &length);
	/* The last 256 bytes, at both of their ends: one command more, which finds it out. */
	for (size_t at = length - 256; at < length; at += 255) {
		content[at] ^= 1;
		lie(content + DIGEST, length - DIGEST);
		content[at] ^= 1;
		assert_int_equal(reads_ca(), all + 1);
		assert_int_equal(reads_ca(), 2);
	}
	/* The first 256 bytes, or the length: that costs nothing. */
	content[DIGEST + 20] ^= 1;
	lie(content + DIGEST, length - DIGEST);
	content[DIGEST + 20] ^= 1;
	assert_read_anew();
	free(content);
	other = made_certificate("sign-ca", &length);
	lie(other, length);
	free(other);
	assert_read_anew();
	/* No certificate at all. */
	lie("nothing", 7);
	assert_read_anew();
}

/* The same bytes, kept for two serials or for two files of a card: neither is for the other. */
static void test_bound(void **state)
{
	static const uint8_t der[] = "what is kept";
	const struct jpki_bytes bytes = {der, sizeof(der)};
	struct jpki_kept kept[] = {
		{&fixture.config.kept_place, "0123456789abcdef", 0x000B},
		{&fixture.config.kept_place, "0123456789abcdee", 0x000B},
		{&fixture.config.kept_place, "0123456789abcdef", 0x0002},
	};
	struct jpki_buffer found = {0};
	size_t length;
	char *content;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		jpki_kept_write(&kept[i], &bytes);
		jpki_kept_read(&kept[i], &found);
		assert_int_equal(found.length, sizeof(der));
		jpki_buffer_free(&found);
		assert_int_equal(count_files(), 1);
		content = unit_read_file(file, &length);
		jpki_kept_remove(&kept[i]);
		assert_int_equal(count_files(), 0);
		for (size_t other = 0; other < 3; other++) {
			jpki_kept_write(&kept[other], &bytes);
			assert_int_equal(count_files(), 1);
			unit_write_file(file, content, length);
			jpki_kept_read(&kept[other], &found);
			assert_int_equal(found.length, other == i ? sizeof(der) : 0);
			jpki_buffer_free(&found);
			jpki_kept_remove(&kept[other]);
		}
		free(content);
	}
}

/* Another card gets none of it, whatever the name of the file. */
static void test_other_card(void **state)
{
	char other[PATH_MAX];

	(void)state;
	keep_one();
	unit_path(other, directory, "aside");
	assert_int_equal(rename(file, other), 0);
	fixture.second = fixture.card;
	unit_card_open(&fixture.card, "second", NULL);
	vcard_transport_insert(fixture.readers, 0, fixture.card.card);
	keep_one();
	assert_int_equal(rename(other, file), 0);
	assert_read_anew();
}

/* What is open to others, or is a link or something else, is left alone and replaced. */
static void test_no_file_of_ours(void **state)
{
	char aside[PATH_MAX];
	size_t length, after;
	char *content, *seen;

	(void)state;
	keep_one();
	content = unit_read_file(file, &length);
	for (mode_t bit = 0001; bit <= 0040; bit <<= 1) {
		assert_int_equal(chmod(file, 0600 | bit), 0);
		assert_read_anew();
	}
	/* A symbolic link, a second name, a pipe. */
	unit_path(aside, directory, "aside");
	for (int kind = 0; kind < 3; kind++) {
		unlink(aside);
		assert_int_equal(rename(file, aside), 0);
		if (kind == 0)
			assert_int_equal(symlink(aside, file), 0);
		else if (kind == 1)
			assert_int_equal(link(aside, file), 0);
		else
			assert_int_equal(mkfifo(file, 0600), 0);
		assert_read_anew();
		seen = unit_read_file(aside, &after);
		assert_int_equal(after, length);
		assert_memory_equal(seen, content, length);
		free(seen);
	}
	/* A directory stays, and nothing is kept. */
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 1);
	assert_int_equal(rmdir(file), 0);
	free(content);
}

/* What a writer that was killed has left does not stand in the way; one that is at it does. */
static void test_writers(void **state)
{
	char left[PATH_MAX];
	int fd;

	(void)state;
	assert_int_equal(mkdir(ours, 0700), 0);
	unit_path(left, ours, "new");
	unit_write_file(left, "half", 4);
	fd = open(ours, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 1); /* the half one */
	assert_int_equal(flock(fd, LOCK_UN), 0);
	keep_one();
	/* The lock is given back; and who reads needs none. */
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(reads_ca(), 2);
	close(fd);
}

/* Where nothing can be kept, all is read as before, and nothing is made. */
static void test_nowhere(void **state)
{
	char path[PATH_MAX], target[PATH_MAX];

	(void)state;
	unit_path(path, directory, "missing");
	unit_path(target, directory, "target");
	assert_int_equal(mkdir(target, 0700), 0);
	for (int place = 0; place < 4; place++) {
		const char *const roots[] = {"", path, "/dev/null", "/proc/self"};

		point_to(roots[place]);
		assert_int_equal(reads_ca(), whole("auth-ca"));
		assert_int_equal(reads_ca(), whole("auth-ca"));
	}
	assert_int_equal(access(path, F_OK), -1);
	/* Our directory is a link. */
	point_to(directory);
	assert_int_equal(symlink(target, ours), 0);
	assert_int_equal(reads_ca(), whole("auth-ca"));
	assert_int_equal(count_files(), 0);
	assert_int_equal(unlink(ours), 0);
	/* Somebody else's directories, and somebody else's file. */
	is_other_user = true;
	assert_int_equal(reads_ca(), whole("auth-ca"));
	is_other_user = false;
	assert_int_equal(access(ours, F_OK), -1);
	keep_one();
	is_other_user = true;
	assert_int_equal(reads_ca(), whole("auth-ca"));
	is_other_user = false;
	assert_int_equal(reads_ca(), 2);
	assert_int_equal(rmdir(target), 0);
}

/* A limit of the size of files neither ends the program nor leaves half of one. */
static void test_file_size_limit(void **state)
{
	const struct rlimit some = {100, RLIM_INFINITY};
	int status = 0;
	pid_t child;

	(void)state;
	begin_anew();
	(void)fixture_recognise(&fixture);
	child = fork();
	if (child == 0) {
		char der[1000] = "";

		setrlimit(RLIMIT_FSIZE, &some);
		lie(der, sizeof(der));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(access(ours, F_OK), 0);
	assert_int_equal(count_files(), 0);
}

/* A card that gives less than it is asked for is read whole each time. */
static void test_kept_short_reads(void **state)
{
	struct vcard_options options = {.interface = VCARD_CONTACT};
	unsigned int first;

	(void)state;
	options.quirk[VCARD_QUIRK_SHORT_READ] = 200;
	start("mynumber", &options);
	first = reads_ca();
	assert_true(first > whole("auth-ca"));
	assert_int_equal(reads_ca(), first);
	tear_down(state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_second_process),
		TEST(test_tells_nothing),
		TEST(test_which),
		cmocka_unit_test(test_private),
		TEST(test_login),
		TEST(test_kept_damaged),
		TEST(test_lies),
		TEST(test_bound),
		TEST(test_other_card),
		TEST(test_no_file_of_ours),
		TEST(test_writers),
		TEST(test_nowhere),
		TEST(test_file_size_limit),
		cmocka_unit_test(test_kept_short_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
