/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* config: finds the configuration files and reads their lines. */
#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/log.h"

#define SYSTEM_FILE "/etc/jpki-pkcs11.conf"
#define FILE_NAME   "jpki-pkcs11.conf"
#define LINE_BYTES  512

static const struct jpki_config defaults = {
	.final_try_allowed = false,
	.card_wait_seconds = 30,
	.pin_idle_seconds = 0,
	.sign_always_authenticate = false,
	.tries_recorded = true,
	.refusals_shared = true,
	.keep = JPKI_KEEP_CA,
};

struct jpki_config jpki_config_defaults(void)
{
	return defaults;
}

static bool set_final_try(struct jpki_config *config, const char *value)
{
	bool allow = strcmp(value, "allow") == 0;

	if (!allow && strcmp(value, "refuse") != 0)
		return false;
	config->final_try_allowed = allow;
	return true;
}

static bool set_seconds(unsigned int *setting, const char *value)
{
	char *end = NULL;
	unsigned long seconds;

	if (!isdigit((unsigned char)value[0]))
		return false;
	errno = 0;
	seconds = strtoul(value, &end, 10);
	if (errno != 0 || *end != '\0' || seconds > UINT_MAX)
		return false;
	*setting = (unsigned int)seconds;
	return true;
}

static bool set_card_wait_time(struct jpki_config *config, const char *value)
{
	return set_seconds(&config->card_wait_seconds, value);
}

static bool set_pin_idle_time(struct jpki_config *config, const char *value)
{
	return set_seconds(&config->pin_idle_seconds, value);
}

static bool set_yes_or_no(bool *setting, const char *value)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return false;
	*setting = yes;
	return true;
}

static bool set_sign_always_authenticate(struct jpki_config *config, const char *value)
{
	return set_yes_or_no(&config->sign_always_authenticate, value);
}

static bool set_try_record(struct jpki_config *config, const char *value)
{
	return set_yes_or_no(&config->tries_recorded, value);
}

static bool set_share_refused(struct jpki_config *config, const char *value)
{
	return set_yes_or_no(&config->refusals_shared, value);
}

static bool set_keep_certificates(struct jpki_config *config, const char *value)
{
	static const char *const names[] = {
		[JPKI_KEEP_NONE] = "no", [JPKI_KEEP_CA] = "ca", [JPKI_KEEP_AUTH] = "auth"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], value) == 0) {
			config->keep = (enum jpki_keep)i;
			return true;
		}
	}
	return false;
}

static bool set_portal_bare_digests(struct jpki_config *config, const char *value)
{
	return set_yes_or_no(&config->portal_bare_digests, value);
}

/* Return the digit of hexadecimal as a capital; 0 if it is none. */
static char digit_of(char digit)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	const char *found = digit != '\0' ? strchr(digits, digit) : NULL;

	if (found == NULL)
		return '\0';
	return "0123456789ABCDEFABCDEF"[found - digits];
}

/* Read a fingerprint as programs print them: with a colon between all bytes, or with none. */
static bool read_fingerprint(const char *text, char fingerprint[JPKI_FINGERPRINT_SIZE])
{
	bool colons = strnlen(text, 3) == 3 && text[2] == ':';

	for (size_t i = 0; i < JPKI_FINGERPRINT_SIZE - 1; i++) {
		if (colons && i > 0 && i % 2 == 0 && *text++ != ':')
			return false;
		fingerprint[i] = digit_of(*text++);
		if (fingerprint[i] == '\0')
			return false;
	}
	fingerprint[JPKI_FINGERPRINT_SIZE - 1] = '\0';
	return *text == '\0';
}

static bool add_authority(struct jpki_config *config, const char *value)
{
	if (config->authority_count == JPKI_AUTHORITIES_MAX ||
	    !read_fingerprint(value, config->authorities[config->authority_count]))
		return false;
	config->authority_count++;
	return true;
}

static const struct {
	const char *key;
	bool (*set)(struct jpki_config *config, const char *value);
} settings[] = {
	{"card-wait-time", set_card_wait_time},
	{"final-try", set_final_try},
	{"keep-certificates", set_keep_certificates},
	{"pin-idle-time", set_pin_idle_time},
	{"portal.bare-digests", set_portal_bare_digests},
	{"share-refused", set_share_refused},
	{"sign.always-authenticate", set_sign_always_authenticate},
	{"try-record", set_try_record},
	{"verify.authority", add_authority},
};

/* Strip white space from both ends in place, and return the new start. */
static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

static void apply_line(struct jpki_config *config, char *line, const char *path,
		       unsigned int number)
{
	char *key = trim(line);
	char *value = strchr(key, '=');

	if (*key == '\0' || *key == '#')
		return;
	if (value != NULL) {
		*value++ = '\0';
		key = trim(key);
		value = trim(value);
		for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
			if (strcmp(settings[i].key, key) == 0 && settings[i].set(config, value))
				return;
		}
	}
	/* Without the line itself: somebody may have written a PIN there. */
	jpki_log(JPKI_LOG_WARNING, "config: %s line %u: not understood, ignored", path, number);
}

enum line { LINE_END_OF_FILE, LINE_READ, LINE_UNUSABLE };

/* Read one line without its newline. A line that is too long or holds a zero byte is consumed
 * whole, so that no part of it is taken for a line. */
static enum line read_line(FILE *file, char *line, size_t size)
{
	enum line result = LINE_READ;
	size_t length = 0;
	int c = getc(file);

	if (c == EOF)
		return LINE_END_OF_FILE;
	for (; c != EOF && c != '\n'; c = getc(file)) {
		if (c == '\0' || length == size - 1)
			result = LINE_UNUSABLE;
		else
			line[length++] = (char)c;
	}
	line[length] = '\0';
	return result;
}

enum jpki_error jpki_config_read_file(struct jpki_config *config, const char *path)
{
	char line[LINE_BYTES] = "";
	unsigned int number = 0;
	enum line result;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return JPKI_E_NOT_FOUND;
	while ((result = read_line(file, line, sizeof(line))) != LINE_END_OF_FILE) {
		number++;
		if (result == LINE_READ)
			apply_line(config, line, path, number);
		else
			jpki_log(JPKI_LOG_WARNING, "config: %s line %u: not text, or too long",
				 path, number);
	}
	fclose(file);
	return JPKI_OK;
}

/* Write the path of the user's file. False if the environment names no directory for it, or if the
 * path is too long. */
static bool user_file(char *path, size_t size)
{
	const char *xdg = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int length = -1;

	if (xdg != NULL && xdg[0] == '/')
		length = snprintf(path, size, "%s/%s", xdg, FILE_NAME);
	else if (home != NULL && home[0] == '/')
		length = snprintf(path, size, "%s/.config/%s", home, FILE_NAME);
	return length > 0 && (size_t)length < size;
}

/* Find our directory in the one that the variable names, else in the usual one below the home
 * directory (XDG base directories). */
static void find_place(struct jpki_user_place *place, const char *variable, const char *usual)
{
	const char *xdg = getenv(variable);
	const char *home = getenv("HOME");
	int length = 0;

	*place->root = '\0';
	snprintf(place->below, sizeof(place->below), "jpki-pkcs11");
	if (xdg != NULL && xdg[0] == '/') {
		length = snprintf(place->root, sizeof(place->root), "%s", xdg);
	} else if (home != NULL && home[0] == '/') {
		length = snprintf(place->root, sizeof(place->root), "%s", home);
		snprintf(place->below, sizeof(place->below), "%s/jpki-pkcs11", usual);
	}
	if (length < 0 || (size_t)length >= sizeof(place->root))
		*place->root = '\0';
}

/* Find the directory that lasts as long as the user is logged in (XDG base directories). */
static void find_runtime_root(char root[JPKI_RUNTIME_ROOT_SIZE])
{
	const char *xdg = secure_getenv("XDG_RUNTIME_DIR");
	size_t length = xdg != NULL && xdg[0] == '/' ? strlen(xdg) : 0;

	if (length > 0 && length < JPKI_RUNTIME_ROOT_SIZE)
		memcpy(root, xdg, length + 1);
}

enum jpki_error jpki_config_read(struct jpki_config *config)
{
	char *path;

	*config = defaults;
	/* Files must not steer a program with raised privileges, least of all its caller's. */
	if (getauxval(AT_SECURE) != 0)
		return JPKI_OK;
	/* Not on the stack, which may be as small as a thread's can be. */
	path = malloc(PATH_MAX);
	if (path == NULL)
		return JPKI_E_MEMORY;
	find_place(&config->record_place, "XDG_STATE_HOME", ".local/state");
	find_place(&config->kept_place, "XDG_CACHE_HOME", ".cache");
	find_runtime_root(config->runtime_root);
	jpki_config_read_file(config, SYSTEM_FILE);
	if (user_file(path, PATH_MAX))
		jpki_config_read_file(config, path);
	free(path);
	return JPKI_OK;
}

/* Returns by value what the module, on its callers' stacks, keeps in the heap. */
#pragma GCC diagnostic ignored "-Wframe-larger-than="

struct jpki_config jpki_config_load(void)
{
	struct jpki_config config;

	(void)jpki_config_read(&config);
	return config;
}
