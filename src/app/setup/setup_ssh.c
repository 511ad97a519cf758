/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki setup ssh: plans a block with PKCS11Provider in ~/.ssh/config for the named hosts.
 *
 * For all hosts it would show the card's key, which stays the same for the life of the certificate,
 * to every server; so that is done only on request, with '*'.
 *
 * The block is at the end: ssh uses the first value that it finds, so the user's own lines win, and
 * a Host line further up would capture the settings that follow it.
 */
#include "app/setup/setup_planners.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/host/user_files.h"

#define MODULE MODULE_DIR "/jpki-pkcs11-auth.so"
#define BEGIN  "# jpki-pkcs11 begin"
#define END    "# jpki-pkcs11 end"
/*
 * The line after the Host line begins like this; the module may have been in another directory
 * then.
 */
#define PROVIDER "    PKCS11Provider "
/* A remark after the first line, with what --undo must know and cannot see. */
#define ADDED_NEWLINE "newline"
#define MADE_FILE     "file, directories="

struct config {
	char path[PATH_MAX];
	char *text; /* NULL if there is no file */
	mode_t mode;
	char *begin;     /* of our block in the text; NULL if there is none */
	char *end;       /* of our block */
	char remark[64]; /* after the first line of the block */
	char *hosts;     /* in its Host line, with a blank before each */
};

/* True if this is exactly the line, not a longer one that begins with it. */
static bool is_line(const struct user_line *line, const char *text)
{
	size_t rest;

	return user_line_after(line, text, &rest) != NULL && rest == 0;
}

/* True for the first line of a block, with or without a remark. */
static bool is_begin(const struct user_line *line)
{
	size_t rest;
	const char *remark = user_line_after(line, BEGIN, &rest);

	return remark != NULL && (rest == 0 || (rest > 3 && strncmp(remark, " (", 2) == 0 &&
						remark[rest - 1] == ')'));
}

/* Parse a line inside the block. False if we did not write it. */
static bool take_inner_line(struct config *config, const struct user_line *line, size_t number)
{
	size_t length;
	const char *hosts = user_line_after(line, "Host", &length);

	if (number != 0)
		return number == 1 && user_line_after(line, PROVIDER, &length) != NULL;
	free(config->hosts);
	config->hosts = hosts != NULL ? strndup(hosts, length) : NULL;
	return config->hosts != NULL;
}

/* Find and parse our block. False if it is not as we wrote it. */
static bool find_block(struct config *config)
{
	const char *at = config->text;
	struct user_line line;
	size_t inner = 0;

	while (user_next_line(&at, &line)) {
		if (config->begin == NULL && is_begin(&line)) {
			config->begin = config->text + (line.start - config->text);
			user_line_value(&line, BEGIN, config->remark, sizeof(config->remark));
		} else if (config->begin != NULL && is_line(&line, END)) {
			config->end = config->text + (at - config->text);
			return inner == 2;
		} else if (config->begin != NULL && !take_inner_line(config, &line, inner++)) {
			return false;
		}
	}
	return config->begin == NULL;
}

/* True if the host has nothing that could end the line or have a special meaning in it. */
static bool is_host(const char *host)
{
	return host[0] != '\0' && host[0] != '-' &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "._-:*?!%@") == strlen(host);
}

/* Add a host to the list unless it is already there. False without memory. */
static bool add_host(char **hosts, const char *host)
{
	size_t length = strlen(host);
	char *longer;

	for (const char *at = *hosts; (at = strstr(at, host)) != NULL; at++) {
		if (at > *hosts && at[-1] == ' ' && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	if (asprintf(&longer, "%s %s", *hosts, host) < 0)
		return false;
	free(*hosts);
	*hosts = longer;
	return true;
}

static void plan_undo(struct setup_plan *plan, struct config *config)
{
	const char *made = strstr(config->remark, MADE_FILE);
	bool newline = strstr(config->remark, ADDED_NEWLINE) != NULL;

	if (config->begin == NULL)
		return;
	if (made != NULL && config->begin == config->text && *config->end == '\0') {
		setup_plan_remove(plan, config->path);
		setup_plan_no_directories(plan, config->path,
					  strtoul(made + strlen(MADE_FILE), NULL, 10));
		return;
	}
	/* Text that somebody added after the block keeps its newline. */
	if (newline && *config->end == '\0' && config->begin > config->text)
		config->begin--;
	memmove(config->begin, config->end, strlen(config->end) + 1);
	setup_plan_write(plan, config->path, config->text, NULL, config->mode);
}

/* Make the text with the block in its place, and the block by itself. */
static bool make_text(const struct config *config, char **text, char **block)
{
	const char *old = config->text != NULL ? config->text : "";
	size_t before = config->begin != NULL ? (size_t)(config->begin - old) : strlen(old);
	const char *after = config->end != NULL ? config->end : "";
	char remark[sizeof(config->remark)];
	bool newline = config->begin == NULL && before > 0 && old[before - 1] != '\n';

	snprintf(remark, sizeof(remark), "%s", config->remark);
	if (config->text == NULL)
		snprintf(remark, sizeof(remark), " (" MADE_FILE "%zu)",
			 user_missing_directories(config->path));
	else if (newline)
		snprintf(remark, sizeof(remark), " (" ADDED_NEWLINE ")");
	if (asprintf(block, BEGIN "%s\nHost%s\n" PROVIDER MODULE "\n" END "\n", remark,
		     config->hosts) < 0) {
		*block = NULL;
		return false;
	}
	if (asprintf(text, "%.*s%s%s%s", (int)before, old, newline ? "\n" : "", *block, after) <
	    0) {
		*text = NULL;
		return false;
	}
	return true;
}

static void plan_block(struct setup_plan *plan, const struct config *config)
{
	char *text = NULL;
	char *block = NULL;

	if (!make_text(config, &text, &block)) {
		plan->failed = true;
	} else if (config->text == NULL || strcmp(text, config->text) != 0) {
		setup_plan_directories(plan, config->path, 0700);
		setup_plan_write(plan, config->path, text, block, config->mode);
	}
	free(text);
	free(block);
}

/* Add the named hosts to those of before. */
static enum app_exit take_hosts(struct setup_plan *plan, struct config *config,
				const struct setup_request *request)
{
	if (!user_exists(MODULE))
		return setup_refuse(plan, APP_FAILED, _("The module %s is not installed."), MODULE);
	if (config->hosts == NULL)
		config->hosts = strdup("");
	for (size_t i = 0; config->hosts != NULL && i < request->host_count; i++) {
		if (!is_host(request->hosts[i]))
			return setup_refuse(plan, APP_USAGE, _("This is not a valid host: %s"),
					    request->hosts[i]);
		plan->failed = plan->failed || !add_host(&config->hosts, request->hosts[i]);
	}
	plan->failed = plan->failed || config->hosts == NULL;
	if (!plan->failed && config->hosts[0] == '\0')
		return setup_refuse(plan, APP_USAGE,
				    _("Specify the hosts: jpki setup ssh HOST... With '*', every "
				      "server would see the card's key."));
	return APP_OK;
}

/* Plan the change of a configuration that was read. */
static enum app_exit plan_change(struct setup_plan *plan, struct config *config,
				 const struct setup_request *request)
{
	enum app_exit result;

	if (config->text != NULL && !find_block(config))
		return setup_refuse(plan, APP_FAILED,
				    _("In %s, the lines from \"%s\" to \"%s\" are not as jpki "
				      "wrote them; the file was not changed."),
				    config->path, BEGIN, END);
	if (request->undo) {
		plan_undo(plan, config);
		return APP_OK;
	}
	result = take_hosts(plan, config, request);
	if (result == APP_OK && !plan->failed)
		plan_block(plan, config);
	return result;
}

enum app_exit setup_plan_ssh(struct setup_plan *plan, const struct setup_request *request)
{
	struct config config = {.mode = 0600};
	enum app_exit result;

	user_path(config.path, "%s/.ssh/config", user_home());
	config.text = user_file_read(config.path, &config.mode);
	if (config.text == NULL && errno != ENOENT)
		return setup_refuse(plan, APP_FAILED, "%s: %s", config.path,
				    user_file_error(errno));
	result = plan_change(plan, &config, request);
	free(config.text);
	free(config.hosts);
	return result;
}
