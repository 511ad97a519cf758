/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of tries: what is written down, where, and that nothing depends on it. */
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "token/record.h"

static char directory[PATH_MAX]; /* the state directory */
static char ours[PATH_MAX];      /* our part of it */
static char path[PATH_MAX];      /* the record */
static char old[PATH_MAX];       /* the one before */

static struct fixture fixture;
static struct jpki_token_ref auth, sign;
static struct jpki_token_info info;

/* Stands before the C library's: whether the files that the test makes are somebody else's. */
static bool is_other_user;

uid_t geteuid(void)
{
	return (uid_t)syscall(SYS_geteuid) + (is_other_user ? 1 : 0);
}

static int set_up(void **state)
{
	(void)state;
	unit_directory_make(directory);
	unit_path(ours, directory, "jpki-pkcs11");
	unit_path(path, ours, "tries");
	unit_path(old, ours, "tries.old");
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", directory, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(old);
	rmdir(ours);
	unit_directory_remove(directory);
	return 0;
}

/* The same with an adult's card, of which the record is to tell. */
static int set_up_card(void **state)
{
	set_up(state);
	fixture_start(&fixture, "mynumber", NULL);
	fixture.config = jpki_config_load();
	auth = fixture_token(&fixture, JPKI_KEY_AUTH);
	sign = fixture_token(&fixture, JPKI_KEY_SIGN);
	assert_error(jpki_token_get_info(&auth, &info), JPKI_OK);
	return 0;
}

static int tear_down_card(void **state)
{
	fixture_stop(&fixture);
	return tear_down(state);
}

/* The record without the times and the serial, which must be right on each line. */
static void assert_record(const char *serial, const char *expected)
{
	char text[2048] = "";
	size_t length = 0;
	char *record = unit_read_file(path, &length);
	char *rest = record;

	for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL;) {
		assert_true(strlen(line) > 21 + 17);
		assert_int_equal(line[10], 'T');
		assert_int_equal(line[19], 'Z');
		assert_int_equal(line[20], '\t');
		assert_memory_equal(line + 21, serial, 16);
		strcat(text, line + 21 + 17);
		strcat(text, "\n");
	}
	assert_string_equal(text, expected);
	free(record);
}

#define ME "\ttest_record\n"

static void test_who_used_them_up(void **state)
{
	struct stat status;

	(void)state;
	/* What costs nothing and withholds nothing is not written down. */
	assert_error(fixture_login(&sign, VCARD_SIGN_PIN), JPKI_OK);
	assert_error(fixture_sign(&sign), JPKI_OK);
	assert_error(jpki_token_logout(&sign), JPKI_OK);
	assert_int_equal(access(path, F_OK), -1);

	assert_error(fixture_login(&sign, "1234"), JPKI_E_PIN_LENGTH);
	assert_error(fixture_login(&sign, "wrong1"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&sign, "WRONG1"), JPKI_E_PIN_REPEATED);
	assert_error(fixture_login(&sign, VCARD_SIGN_PIN), JPKI_OK);
	assert_error(fixture_login(&auth, "12a4"), JPKI_E_PIN_ALPHABET);
	assert_error(fixture_login(&auth, "0000"), JPKI_E_PIN_INCORRECT);
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&auth, "0001"), JPKI_E_PIN_INCORRECT);
	vcard_transport_set_hook(fixture.readers, NULL, NULL);
	assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_E_PIN_FINAL_TRY);
	fixture.config.final_try_allowed = true;
	assert_error(fixture_login(&auth, "0002"), JPKI_E_PIN_LOCKED);
	assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_E_PIN_LOCKED);
	assert_record(info.serial, "sign\twithheld:length\t5" ME "sign\twrong\t4" ME
				   "sign\twithheld:repeated\t4" ME "sign\tright\t5" ME
				   "auth\twithheld:alphabet\t3" ME "auth\twrong\t2" ME
				   "auth\twrong\t1" ME "auth\twithheld:final-try\t1" ME
				   "auth\twrong\t0" ME "auth\twithheld:locked\t0" ME);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(stat(ours, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
}

/* An answer that was lost: whatever the count says then, and whenever it says so. */
static void test_lost(void **state)
{
	(void)state;
	/* Refused. */
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&sign, "WRONG1"), JPKI_E_PIN_INCORRECT);
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&auth, "0000"), JPKI_E_PIN_INCORRECT);
	/* Never seen by the card. */
	fixture_fault_verify(&fixture, VCARD_FAULT_MUTE);
	assert_failure(fixture_login(&sign, "WRONG2"));
	/* Accepted: the tries are there again. */
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	assert_failure(fixture_login(&sign, VCARD_SIGN_PIN));
	/* Not known until the next reading. */
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	fixture.dead_after = true;
	assert_failure(fixture_login(&sign, "WRONG3"));
	vcard_transport_set_hook(fixture.readers, NULL, NULL);
	assert_error(jpki_token_get_info(&sign, &info), JPKI_OK);
	assert_record(info.serial, "sign\twrong\t4" ME "auth\twrong\t2" ME "sign\tunknown\t4" ME
				   "sign\tright\t5" ME "sign\tunknown\t-" ME "sign\twrong\t4" ME);
}

/* A program that goes on trying does not wash away what was before. */
static void test_repetitions(void **state)
{
	(void)state;
	assert_error(fixture_login(&auth, "0000"), JPKI_E_PIN_INCORRECT);
	for (int i = 0; i < 1000; i++)
		assert_error(fixture_login(&auth, "123"), JPKI_E_PIN_LENGTH);
	assert_record(info.serial, "auth\twrong\t2" ME "auth\twithheld:length\t2" ME);
}

/* An answer that is lost for good: nobody knows whether it cost a try. */
static void test_unknown(void **state)
{
	(void)state;
	fixture_fault_verify(&fixture, VCARD_FAULT_MUTE);
	fixture.dead_after = true;
	assert_failure(fixture_login(&auth, "0000"));
	assert_record(info.serial, "auth\tunknown\t-" ME);
}

static void test_switched_off(void **state)
{
	(void)state;
	fixture.config.tries_recorded = false;
	assert_error(fixture_login(&auth, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(access(ours, F_OK), -1);
}

static void add(const char *serial)
{
	struct jpki_try try = {.serial = serial,
			       .key = JPKI_KEY_AUTH,
			       .error = JPKI_E_PIN_INCORRECT,
			       .sent = true,
			       .tries = 2};

	struct jpki_config config = jpki_config_load();

	jpki_record_try(&config.record_place, &try);
}

/* Some ways not to be able to write, none of which may end the program or spoil the record. */
static void test_limits(void **state)
{
	const struct rlimit none = {0, RLIM_INFINITY};
	const struct rlimit some = {100, RLIM_INFINITY};
	int status = 0;
	char *record;
	size_t length;
	pid_t child;

	(void)state;
	for (int round = 0; round < 2; round++) {
		child = fork();
		if (child == 0) {
			setrlimit(RLIMIT_FSIZE, round == 0 ? &none : &some);
			add("0123456789abcdef");
			add("0123456789abcdef");
			add("0123456789abcdef");
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	/* The line that was cut is not continued. */
	add("fedcba9876543210");
	record = unit_read_file(path, &length);
	assert_int_equal(length > 100, 1);
	assert_int_equal(record[100], '\n');
	assert_non_null(strstr(record + 100, "fedcba9876543210"));
	free(record);
}

/* It does not grow without end, and the lines of some time are kept. */
static void test_bounded(void **state)
{
	struct stat status;

	(void)state;
	for (int i = 0; i < 4000; i++)
		add("0123456789abcdef");
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size <= 64 * 1024 + 100);
	assert_int_equal(stat(old, &status), 0);
	assert_true(status.st_size >= 64 * 1024 && status.st_size <= 64 * 1024 + 100);
}

/* Where it can't be written, or something else is in its place, nothing happens. */
/* A directory and a file of another user's are left alone. */
static void test_others_record(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(mkdir(ours, 0700), 0);
	unit_write_file(path, "theirs\n", 7);
	assert_int_equal(chmod(path, 0600), 0);
	is_other_user = true;
	add("0123456789abcdef");
	is_other_user = false;
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 7);
	add("0123456789abcdef");
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size > 7);
}

/* A program's name cannot add lines, fields or commands for a terminal. */
static void test_program_name(void **state)
{
	char name[] = "a\n\tb\x1b[1m\x80";
	char *before = program_invocation_short_name;

	(void)state;
	program_invocation_short_name = name;
	assert_error(fixture_login(&auth, "12a4"), JPKI_E_PIN_ALPHABET);
	program_invocation_short_name = before;
	assert_record(info.serial, "auth\twithheld:alphabet\t3\ta??b?[1m?\n");
}

static void test_no_place(void **state)
{
	char target[PATH_MAX];
	struct stat status;

	(void)state;
	unit_path(target, directory, "target");
	unit_write_file(target, "mine\n", 5);
	assert_int_equal(mkdir(ours, 0700), 0);
	assert_int_equal(symlink(target, path), 0);
	add("0123456789abcdef");
	assert_int_equal(stat(target, &status), 0);
	assert_int_equal(status.st_size, 5);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	add("0123456789abcdef"); /* does not wait for a reader */
	unlink(path);
	/* Another name of a file that is elsewhere; and one that others may read. */
	assert_int_equal(link(target, path), 0);
	add("0123456789abcdef");
	assert_int_equal(stat(target, &status), 0);
	assert_int_equal(status.st_size, 5);
	unlink(path);
	unit_write_file(path, "", 0);
	assert_int_equal(chmod(path, 0666), 0);
	add("0123456789abcdef");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(status.st_size > 0);
	unlink(path);
	unlink(target);
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	add("0123456789abcdef");
	/* Not a home that does not exist, and nothing relative. */
	unsetenv("XDG_STATE_HOME");
	unit_path(target, directory, "no-home");
	setenv("HOME", target, 1);
	add("0123456789abcdef");
	assert_int_equal(access(target, F_OK), -1);
	setenv("XDG_STATE_HOME", "relative", 1);
	add("0123456789abcdef");
	assert_int_equal(access("relative", F_OK), -1);
	setenv("HOME", directory, 1);
	unsetenv("XDG_STATE_HOME");
	add("0123456789abcdef");
	unit_path(target, directory, ".local/state/jpki-pkcs11/tries");
	assert_int_equal(access(target, F_OK), 0);
	unlink(target);
	for (char *slash = strrchr(target, '/'); strlen(target) > strlen(directory);
	     slash = strrchr(target, '/')) {
		*slash = '\0';
		if (strlen(target) > strlen(directory))
			assert_int_equal(rmdir(target), 0);
	}
}

/* What jpki_record_read gives, one line each. */
static void collect(const struct jpki_record_line *line, void *argument)
{
	char *text = argument;

	sprintf(text + strlen(text), "%lld %s %d %s %d %s\n", (long long)line->when, line->serial,
		(int)line->key, line->outcome, line->tries, line->program);
}

static enum jpki_error read_all(char *text)
{
	struct jpki_config config = jpki_config_load();

	return jpki_record_read(&config.record_place, collect, text);
}

static void test_read(void **state)
{
	static const char before[] =
		"2026-11-22T05:21:48Z\t0123456789abcdef\tauth\twrong\t2\tfirefox\n";
	static const char now[] = "2026-11-22T05:21:49Z\tf\tsign\tunknown\t-\tssh add\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t2\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t2\ta\tb\n"
				  "2026-11-22T05:21:50Z\tf\tother\twrong\t2\ta\n"
				  "2026-11-22 05:21:50\tf\tsign\twrong\t2\ta\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twr\033[1mong\t2\ta\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t-5\ta\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t4294967298\ta\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t2x\ta\n"
				  "2026-11-22T05:21:50Z\tf\tsign\twrong\t\ta\n"
				  "\n"
				  "2026-11-22T05:21:51Z\tf\tauth\tright\t3\ta";
	char text[1024] = "";
	char path_above[PATH_MAX];

	(void)state;
	assert_error(read_all(text), JPKI_E_NOT_FOUND);
	assert_int_equal(access(ours, F_OK), -1); /* reading makes nothing */
	assert_int_equal(mkdir(ours, 0700), 0);
	unit_write_file(old, before, sizeof(before) - 1);
	assert_error(read_all(text), JPKI_OK);
	unit_write_file(path, now, sizeof(now) - 1);
	text[0] = '\0';
	assert_error(read_all(text), JPKI_OK);
	assert_string_equal(text, "1795324908 0123456789abcdef 0 wrong 2 firefox\n"
				  "1795324909 f 1 unknown -1 ssh add\n"
				  "1795324911 f 0 right 3 a\n");
	/* What was written is read. */
	unlink(path);
	unlink(old);
	text[0] = '\0';
	add("fedcba9876543210");
	assert_error(read_all(text), JPKI_OK);
	assert_non_null(strstr(text, " fedcba9876543210 0 wrong 2 test_record\n"));
	/* A link is not followed. */
	unlink(path);
	unit_path(path_above, directory, "above");
	unit_write_file(path_above, before, sizeof(before) - 1);
	assert_int_equal(symlink(path_above, path), 0);
	assert_error(read_all(text), JPKI_E_NOT_FOUND);
	unlink(path);
	unlink(path_above);
}

int main(void)
{
#define TEST(name)      cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define CARD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_card, tear_down_card)
	const struct CMUnitTest tests[] = {
		CARD_TEST(test_who_used_them_up),
		CARD_TEST(test_unknown),
		CARD_TEST(test_lost),
		CARD_TEST(test_repetitions),
		TEST(test_limits),
		CARD_TEST(test_switched_off),
		TEST(test_bounded),
		TEST(test_read),
		TEST(test_no_place),
		TEST(test_others_record),
		CARD_TEST(test_program_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
