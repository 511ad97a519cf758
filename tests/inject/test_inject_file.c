/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every call that reads the configuration, writes the record of tries or keeps a certificate fails
 * once, and then all from it on: no job may come to anything else than without, and the record
 * stays one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "engine.h"
#include "token/kept.h"
#include "token/record.h"

/* See engine_assert_all; the functions of this class in the file calls. */
#define NAMES    22 /* 16 of this class, and 6 of memory and OpenSSL that keeping needs */
#define RUNS_MIN 400
/* Longer than a record may grow. */
#define LONG_RECORD (70 * 1024)

static char home[PATH_MAX];
static char record_file[PATH_MAX], old_file[PATH_MAX];
static unsigned int all;

/* No failure of a file is worth a failure of a job. */
static bool is_right(const struct sweep_run *run)
{
	return run->rv == run->job->expected && run->trouble == NULL;
}

static void test_job(void **state)
{
	all += engine_run_both(engine_find_job(*state), INJECT_FILE, is_right);
}

static void count_line(const struct jpki_record_line *line, void *argument)
{
	unsigned int *lines = argument;

	assert_string_equal(line->serial, "0123456789abcdef");
	(*lines)++;
}

/* How many lines can be read of the record; what a broken one is cut short to is no line. */
static unsigned int count_lines(const struct jpki_user_place *place)
{
	unsigned int lines = 0;

	inject_disarm();
	jpki_record_read(place, count_line, &lines);
	return lines;
}

static void fill_record(void)
{
	static const char line[] = "2026-01-01T00:00:00Z\t0123456789abcdef\tauth\twrong\t2\tmany\n";
	FILE *file = fopen(record_file, "w");

	assert_non_null(file);
	unlink(old_file);
	for (size_t i = 0; i < LONG_RECORD / (sizeof(line) - 1); i++)
		assert_true(fputs(line, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(record_file, 0600), 0);
}

/* The long record is put aside, or it is not; a line that was there is there, and a whole line
 * more can be written afterwards. */
static void test_long_record(void **state)
{
	struct jpki_user_place place = {.below = "state"};
	const struct jpki_try try = {.serial = "0123456789abcdef",
				     .key = JPKI_KEY_AUTH,
				     .error = JPKI_E_PIN_INCORRECT,
				     .sent = true,
				     .tries = 1};
	unsigned int before, fired = 1;

	(void)state;
	snprintf(place.root, sizeof(place.root), "%s", home);
	for (unsigned int at = 1; fired > 0; at++) {
		struct inject_books books = inject_books();

		fill_record();
		before = count_lines(&place);
		assert_true(before > 1000);
		inject_arm(INJECT_FILE, at, false, 0);
		jpki_record_try(&place, &try);
		fired = inject_fired();
		inject_disarm();
		assert_true(count_lines(&place) >= before);
		jpki_record_try(&place, &try);
		assert_true(count_lines(&place) > before);
		assert_int_equal(inject_books().held[INJECT_FILES], books.held[INJECT_FILES]);
		all++;
	}
}

/* Whatever of a reading fails, what is read is lines of the record, and it is closed again. */
static void test_read_record(void **state)
{
	struct jpki_user_place place = {.below = "state"};
	unsigned int whole, fired = 1;

	(void)state;
	snprintf(place.root, sizeof(place.root), "%s", home);
	fill_record();
	whole = count_lines(&place);
	/* After the first lines nothing new comes. */
	for (unsigned int at = 1; fired > 0 && at < 30; at++) {
		struct inject_books books = inject_books();
		unsigned int lines = 0;

		inject_arm(INJECT_FILE, at, false, 0);
		jpki_record_read(&place, count_line, &lines);
		fired = inject_fired();
		inject_disarm();
		assert_true(lines <= whole);
		assert_int_equal(inject_books().held[INJECT_FILES], books.held[INJECT_FILES]);
		all++;
	}
}

/* Nothing that fails may leave another certificate than the one that was kept, or half of one, or a
 * file open; and afterwards it can be kept. */
static void test_kept(void **state)
{
	static const enum inject_class classes[] = {INJECT_MEMORY, INJECT_CRYPTO, INJECT_FILE};
	static uint8_t der[1000];
	struct jpki_user_place place = {.below = "state"};
	const struct jpki_kept kept = {
		.place = &place, .serial = "0123456789abcdef", .file = 0x000B};
	const struct jpki_bytes bytes = {der, sizeof(der)};

	(void)state;
	snprintf(place.root, sizeof(place.root), "%s", home);
	for (size_t i = 0; i < 2 * sizeof(classes) / sizeof(classes[0]); i++) {
		unsigned int fired = 1;

		for (unsigned int at = 1; fired > 0; at++) {
			struct inject_books books = inject_books();
			struct jpki_buffer found = {0};

			inject_arm(classes[i / 2], at, i % 2 == 1, 0);
			der[500]++;
			jpki_kept_write(&kept, &bytes);
			jpki_kept_read(&kept, &found);
			fired = inject_fired();
			inject_disarm();
			assert_true(found.length == 0 || found.length == sizeof(der));
			jpki_buffer_free(&found);
			assert_memory_equal(inject_books().held, books.held, sizeof(books.held));
			jpki_kept_write(&kept, &bytes);
			jpki_kept_read(&kept, &found);
			assert_int_equal(found.length, sizeof(der));
			assert_memory_equal(found.data, der, sizeof(der));
			jpki_buffer_free(&found);
			all++;
		}
	}
	inject_disarm();
	jpki_kept_remove(&kept);
}

/* What is configured is read whole, or up to the failure; the rest are the built-in values. */
static void test_configuration(void **state)
{
	static const char text[] = "# ours\nfinal-try = allow\npin-idle-time = 77\n";
	char path[PATH_MAX];
	unsigned int fired = 1;

	(void)state;
	unit_path(path, home, "jpki-pkcs11.conf");
	unit_write_file(path, text, sizeof(text) - 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	for (unsigned int at = 1; fired > 0; at++) {
		struct inject_books books = inject_books();
		struct jpki_config config;

		inject_arm(INJECT_FILE, at, false, 0);
		config = jpki_config_load();
		fired = inject_fired();
		inject_disarm();
		assert_true(config.pin_idle_seconds == 77 || config.pin_idle_seconds == 0 ||
			    config.pin_idle_seconds == 7);
		if (fired == 0)
			assert_true(config.final_try_allowed && config.pin_idle_seconds == 77);
		assert_int_equal(inject_books().held[INJECT_FILES], books.held[INJECT_FILES]);
		all++;
	}
	unlink(path);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

static void test_count(void **state)
{
	(void)state;
	engine_assert_all(all, RUNS_MIN, NAMES);
}

static int set_up(void **state)
{
	engine_set_up(state);
	/* Here the tries are recorded, and certificates kept. */
	setenv("XDG_STATE_HOME", home, 1);
	setenv("XDG_CACHE_HOME", home, 1);
	return 0;
}

static int make_home(void **state)
{
	char below[PATH_MAX];

	(void)state;
	unit_directory_make(home);
	unit_path(below, home, "state");
	assert_int_equal(mkdir(below, 0700), 0);
	unit_path(record_file, below, "tries");
	unit_path(old_file, below, "tries.old");
	return 0;
}

static int remove_home(void **state)
{
	static const char *const below[] = {"state", "jpki-pkcs11"};

	(void)state;
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		char path[PATH_MAX];

		unit_path(path, home, below[i]);
		unit_directory_remove(path);
	}
	unit_directory_remove(home);
	return 0;
}

int main(void)
{
#define JOB(name) ENGINE_JOB(name, test_job, set_up)
	const struct CMUnitTest tests[] = {
		JOB("start and list"),
		JOB("login auth"),
		JOB("wrong login auth"),
		JOB("wrong login sign"),
		JOB("wrong change auth PIN"),
		JOB("change sign PIN, logged in"),
		JOB("sign auth"),
		JOB("read auth"),
		cmocka_unit_test(test_long_record),
		cmocka_unit_test(test_read_record),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_configuration),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
