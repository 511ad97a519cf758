/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration: whatever a file holds, a program gets sane values. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"

static char directory[PATH_MAX];

static int set_up(void **state)
{
	(void)state;
	unit_directory_make(directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unit_directory_remove(directory);
	return 0;
}

/* Reads these bytes as a file, onto the defaults. */
static struct jpki_config read_bytes(const char *text, size_t length)
{
	struct jpki_config config = jpki_config_defaults();
	char path[PATH_MAX];

	unit_path(path, directory, "file.conf");
	unit_write_file(path, text, length);
	assert_error(jpki_config_read_file(&config, path), JPKI_OK);
	return config;
}

static struct jpki_config read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void test_defaults(void **state)
{
	struct jpki_config config = jpki_config_defaults();

	(void)state;
	assert_false(config.final_try_allowed);
	assert_int_equal(config.pin_idle_seconds, 0);
	assert_int_equal(config.card_wait_seconds, 30);
}

static void test_values(void **state)
{
	static const struct {
		const char *text;
		bool final_try;
		unsigned int idle;
	} rows[] = {
		{"", false, 0},
		{"\n\n   \n\t\n", false, 0},
		{"final-try = allow\n", true, 0},
		{"final-try=allow", true, 0},
		{"  final-try\t=\t allow  \r\n", true, 0},
		{"final-try = refuse\n", false, 0},
		{"final-try = allow\nfinal-try = refuse\n", false, 0},
		{"pin-idle-time = 0\n", false, 0},
		{"pin-idle-time = 600\nfinal-try = allow\n", true, 600},
		{"pin-idle-time = 4294967295\n", false, 4294967295U},
		{"# final-try = allow\n", false, 0},
		{"   # final-try = allow\n", false, 0},
		{"#\n#\npin-idle-time=1", false, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jpki_config config = read_text(rows[i].text);

		assert_int_equal(config.final_try_allowed, rows[i].final_try);
		assert_int_equal(config.pin_idle_seconds, rows[i].idle);
	}
}

/* What standard error gets while these bytes are read; the caller frees it. */
static char *said_of(const char *text)
{
	char path[PATH_MAX];
	size_t length;
	int before = dup(STDERR_FILENO);
	int file;

	unit_path(path, directory, "said");
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(before >= 0 && file >= 0);
	dup2(file, STDERR_FILENO);
	read_text(text);
	dup2(before, STDERR_FILENO);
	close(before);
	close(file);
	return unit_read_file(path, &length);
}

/* A comment is nothing to speak of; a wrong value is, and leaves the setting as it was. */
static void test_said(void **state)
{
	char *nothing = said_of("# final-try = allow\n\n  # more\nfinal-try = allow\n");
	char *something = said_of("\nfinal-try = perhaps\n");

	(void)state;
	assert_string_equal(nothing, "");
	assert_non_null(strstr(something, "line 2"));
	free(nothing);
	free(something);
	assert_true(read_text("final-try = allow\nfinal-try = perhaps\n").final_try_allowed);
	assert_true(read_text("sign.always-authenticate = yes\nsign.always-authenticate = maybe\n")
			    .sign_always_authenticate);
	assert_false(read_text("try-record = no\ntry-record = perhaps\n").tries_recorded);
}

static void test_card_wait_time(void **state)
{
	static const struct {
		const char *text;
		unsigned int seconds;
	} rows[] = {
		{"card-wait-time = 0\n", 0},
		{"card-wait-time = 5\n", 5},
		{"card-wait-time = 4294967295\n", 4294967295U},
		{"card-wait-time = 4294967296\n", 30},
		{"card-wait-time = -1\n", 30},
		{"card-wait-time = \n", 30},
		{"card-wait-time = 1s\n", 30},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jpki_config config = read_text(rows[i].text);

		assert_int_equal(config.card_wait_seconds, rows[i].seconds);
		assert_int_equal(config.pin_idle_seconds, 0);
	}
}

#define HALF        "0123456789abcdefABCDEF0011223344"
#define HALF_COLONS "01:23:45:67:89:ab:cd:ef:AB:CD:EF:00:11:22:33:44"

/* Each line of a fingerprint adds one, whatever its form; what is none adds nothing. */
static void test_authorities(void **state)
{
	static const char *const good[] = {
		"verify.authority = " HALF HALF,
		"verify.authority=" HALF HALF "\r",
		"verify.authority = " HALF_COLONS ":" HALF_COLONS,
	};
	static const char *const bad[] = {
		"verify.authority =",
		"verify.authority = known",
		"verify.authority = " HALF,
		"verify.authority = " HALF HALF "0",
		"verify.authority = " HALF HALF " " HALF HALF,
		"verify.authority = g" HALF "0123456789abcdefABCDEF001122334",
		"verify.authority = 01:2345:67:89:ab:cd:ef:AB:CD:EF:00:11:22:33:44:" HALF,
		"verify.authority = 0123:45:67:89:ab:cd:ef:AB:CD:EF:00:11:22:33:44:" HALF,
		"verify.authority = 01:23:45:67:89:ab:cd:ef:AB:CD:EF:00:11:22:33:44:"
		"01:23:45:67:89:ab:cd:ef:AB:CD:EF:00:11:22:33:44:",
	};
	struct jpki_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		config = read_text(good[i]);
		assert_int_equal(config.authority_count, 1);
		assert_string_equal(config.authorities[0], "0123456789ABCDEFABCDEF0011223344"
							   "0123456789ABCDEFABCDEF0011223344");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_text(bad[i]).authority_count, 0);
}

/* There is room for so many, and no more are read. */
static void test_many_authorities(void **state)
{
	char text[8192] = "";
	size_t length = 0;
	struct jpki_config config;

	(void)state;
	for (unsigned int i = 0; i < JPKI_AUTHORITIES_MAX + 2; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "verify.authority = %064X\n", i);
	strcpy(text + length, "pin-idle-time = 3\n");
	config = read_text(text);
	assert_int_equal(config.authority_count, JPKI_AUTHORITIES_MAX);
	for (unsigned int i = 0; i < JPKI_AUTHORITIES_MAX; i++)
		assert_int_equal(strtoul(config.authorities[i], NULL, 16), i);
	assert_int_equal(config.pin_idle_seconds, 3);
}

/* What is not understood changes nothing, before or after what is. */
static void test_not_understood(void **state)
{
	static const char *const lines[] = {
		"final-try = Allow",
		"final-try = yes",
		"final-try =",
		"final-try",
		"final-try allow",
		"FINAL-TRY = allow",
		"final try = allow",
		"= allow",
		"=",
		"final-try = allow # comment",
		"final-try = allow allow",
		"final-try = = allow",
		"unknown = allow",
		"pin-idle-time = -1",
		"pin-idle-time = +1",
		"pin-idle-time = 1s",
		"pin-idle-time = 0x10",
		"pin-idle-time = 1.5",
		"pin-idle-time = 4294967296",
		"pin-idle-time = 99999999999999999999999999",
		"pin-idle-time = ",
		"[section]",
		"\x01\x02\xFF\xFE=\x80",
		"最後の試行 = allow",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[256] = "pin-idle-time = 7\n";
		struct jpki_config config;

		strncat(text, lines[i], 100);
		config = read_text(text);
		assert_false(config.final_try_allowed);
		assert_int_equal(config.pin_idle_seconds, 7);
		strcat(text, "\nfinal-try = allow\n");
		config = read_text(text);
		assert_true(config.final_try_allowed);
		assert_int_equal(config.pin_idle_seconds, 7);
	}
}

/* A long line is one line, wherever it is cut while being read. */
static void test_long_lines(void **state)
{
	static const char tail[] = "final-try = allow\npin-idle-time = 5\n";
	const size_t most = 5000;
	char *text = malloc(most + sizeof(tail));

	(void)state;
	assert_non_null(text);
	for (size_t length = 1; length < most; length += length < 1100 ? 1 : 97) {
		struct jpki_config config;

		memset(text, 'x', length);
		text[0] = '#';
		strcpy(text + length, tail);
		config = read_text(text);
		assert_false(config.final_try_allowed);
		assert_int_equal(config.pin_idle_seconds, 5);
	}
	free(text);
}

static void test_garbage(void **state)
{
	static const char nul[] = "final-try = allow\0ed\npin-idle-time = 3\n";
	unsigned int seed = 1;
	char *bytes = malloc(20000);
	struct jpki_config config;

	(void)state;
	assert_non_null(bytes);
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < 20000; i++) {
			seed = seed * 1103515245U + 12345U;
			bytes[i] = (char)(seed >> 16);
		}
		config = read_bytes(bytes, 20000);
		assert_false(config.final_try_allowed);
		assert_int_equal(config.pin_idle_seconds, 0);
	}
	free(bytes);
	config = read_bytes(nul, sizeof(nul) - 1);
	assert_int_equal(config.pin_idle_seconds, 3);
}

static void test_no_file(void **state)
{
	struct jpki_config config = {.final_try_allowed = true, .pin_idle_seconds = 9};
	char path[PATH_MAX];

	(void)state;
	unit_path(path, directory, "none.conf");
	assert_error(jpki_config_read_file(&config, path), JPKI_E_NOT_FOUND);
	assert_true(config.final_try_allowed);
	assert_int_equal(config.pin_idle_seconds, 9);
	/* A directory can be opened and not read: an empty file. */
	assert_error(jpki_config_read_file(&config, directory), JPKI_OK);
	assert_int_equal(config.pin_idle_seconds, 9);
}

static void test_load(void **state)
{
	static const char text[] = "pin-idle-time = 41\n";
	char path[PATH_MAX], below[PATH_MAX];

	(void)state;
	unit_path(path, directory, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("XDG_CONFIG_HOME", directory, 1);
	assert_int_equal(jpki_config_load().pin_idle_seconds, 41);
	assert_true(jpki_config_load().tries_recorded);
	/* A relative one is to be ignored (XDG base directories). */
	assert_int_equal(chdir(directory), 0);
	setenv("XDG_CONFIG_HOME", ".", 1);
	setenv("HOME", "/nonexistent", 1);
	assert_int_not_equal(jpki_config_load().pin_idle_seconds, 41);
	assert_int_equal(chdir("/"), 0);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	assert_int_not_equal(jpki_config_load().pin_idle_seconds, 41);
	unit_path(below, directory, ".config");
	assert_int_equal(mkdir(below, 0700), 0);
	unit_path(path, below, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("HOME", directory, 1);
	assert_int_equal(jpki_config_load().pin_idle_seconds, 41);
	unit_directory_remove(below);
}

/* try-record, and where the record would be: a name that is too long is none. */
static void test_record(void **state)
{
	static const char text[] = "try-record = no\n";
	char path[PATH_MAX], name[PATH_MAX + 2];

	(void)state;
	unit_path(path, directory, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("XDG_CONFIG_HOME", directory, 1);
	setenv("XDG_STATE_HOME", directory, 1);
	assert_false(jpki_config_load().tries_recorded);
	assert_string_equal(jpki_config_load().record_place.root, directory);
	memset(name, 'a', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	setenv("XDG_STATE_HOME", name, 1);
	assert_string_equal(jpki_config_load().record_place.root, "");
	unsetenv("XDG_STATE_HOME");
}

/* keep-certificates, and where they would be. */
static void test_keep_certificates(void **state)
{
	static const char text[] = "keep-certificates = auth\n";
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(jpki_config_defaults().keep, JPKI_KEEP_CA);
	assert_int_equal(read_text("keep-certificates = no\n").keep, JPKI_KEEP_NONE);
	assert_int_equal(read_text("keep-certificates = ca\n").keep, JPKI_KEEP_CA);
	assert_int_equal(read_text("keep-certificates = auth\n").keep, JPKI_KEEP_AUTH);
	/* Anything else changes nothing, least of all to more. */
	assert_int_equal(read_text("keep-certificates = sign\n").keep, JPKI_KEEP_CA);
	assert_int_equal(read_text("keep-certificates = yes\n").keep, JPKI_KEEP_CA);
	assert_int_equal(read_text("keep-certificates = no\nkeep-certificates =\n").keep,
			 JPKI_KEEP_NONE);
	unit_path(path, directory, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("XDG_CONFIG_HOME", directory, 1);
	setenv("XDG_CACHE_HOME", directory, 1);
	assert_int_equal(jpki_config_load().keep, JPKI_KEEP_AUTH);
	assert_string_equal(jpki_config_load().kept_place.root, directory);
	assert_string_equal(jpki_config_load().kept_place.below, "jpki-pkcs11");
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", directory, 1);
	assert_string_equal(jpki_config_load().kept_place.root, directory);
	assert_string_equal(jpki_config_load().kept_place.below, ".cache/jpki-pkcs11");
	unsetenv("HOME");
	assert_string_equal(jpki_config_load().kept_place.root, "");
}

/* share-refused, and the runtime directory: not a relative one, nor one that is too long. */
static void test_share_refused(void **state)
{
	static const char text[] = "share-refused = no\n";
	char path[PATH_MAX], name[JPKI_RUNTIME_ROOT_SIZE + 1];

	(void)state;
	assert_true(jpki_config_defaults().refusals_shared);
	assert_string_equal(jpki_config_defaults().runtime_root, "");
	unit_path(path, directory, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("XDG_CONFIG_HOME", directory, 1);
	setenv("XDG_RUNTIME_DIR", directory, 1);
	assert_false(jpki_config_load().refusals_shared);
	assert_string_equal(jpki_config_load().runtime_root, directory);
	setenv("XDG_RUNTIME_DIR", "relative", 1);
	assert_string_equal(jpki_config_load().runtime_root, "");
	setenv("XDG_RUNTIME_DIR", "", 1);
	assert_string_equal(jpki_config_load().runtime_root, "");
	memset(name, 'a', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	setenv("XDG_RUNTIME_DIR", name, 1);
	assert_string_equal(jpki_config_load().runtime_root, "");
	name[sizeof(name) - 2] = '\0';
	setenv("XDG_RUNTIME_DIR", name, 1);
	assert_string_equal(jpki_config_load().runtime_root, name);
	unsetenv("XDG_RUNTIME_DIR");
	assert_string_equal(jpki_config_load().runtime_root, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_record),        TEST(test_defaults),
		TEST(test_values),        TEST(test_not_understood),
		TEST(test_long_lines),    TEST(test_garbage),
		TEST(test_no_file),       TEST(test_load),
		TEST(test_said),          TEST(test_keep_certificates),
		TEST(test_share_refused), TEST(test_card_wait_time),
		TEST(test_authorities),   TEST(test_many_authorities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
