/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki setup ssh: a block in ~/.ssh/config with PKCS11Provider for the hosts that were named. For
 * all hosts it would show the card's key, which never changes while the certificate lasts, to every
 * server; so that is done only when it is asked for, with '*'.
 *
 * The block is at the end: the first value that ssh finds holds, so the person's own lines win, and
 * a Host line further up would swallow the settings that follow it.
 */
#include "tool/setup_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/setup_file.h"
#include "tool/ui.h"

#define MODULE MODULE_DIR "/jpki-pkcs11-auth.so"
#define BEGIN  "# jpki-pkcs11 begin"
#define END    "# jpki-pkcs11 end"
/* Behind the first line: what --undo must know and can't see. */
#define ADDED_NEWLINE "newline"
#define MADE_FILE     "file, directories="
#define HOSTS_SIZE    4096

struct config {
	char path[PATH_MAX];
	char *text; /* NULL: there is no file */
	mode_t mode;
	char *begin;            /* of our block in it; NULL when there is none */
	char *end;              /* behind it */
	char remark[64];        /* of its first line */
	char hosts[HOSTS_SIZE]; /* of its Host line, with a blank before each */
};

/* Finds our block and takes its first two lines apart; false when its end is missing. */
static bool find_block(struct config *config)
{
	char line[HOSTS_SIZE];
	const char *at;

	for (char *found = config->text; (found = strstr(found, BEGIN)) != NULL; found++) {
		if (found == config->text || found[-1] == '\n') {
			config->begin = found;
			break;
		}
	}
	if (config->begin == NULL)
		return true;
	config->end = strstr(config->begin, "\n" END);
	if (config->end == NULL)
		return false;
	config->end += 1 + strcspn(config->end + 1, "\n");
	config->end += *config->end == '\n';
	at = setup_next_line(config->begin, line, sizeof(line));
	snprintf(config->remark, sizeof(config->remark), "%.*s", (int)sizeof(config->remark) - 1,
		 line + strlen(BEGIN));
	if (at != NULL && setup_next_line(at, line, sizeof(line)) != NULL &&
	    strncmp(line, "Host", strlen("Host")) == 0)
		snprintf(config->hosts, sizeof(config->hosts), "%.*s",
			 (int)(sizeof(line) - strlen("Host")) - 1, line + strlen("Host"));
	return true;
}

/* Nothing that could end the line, or mean something else in it. */
static bool is_host(const char *host)
{
	return host[0] != '\0' && host[0] != '-' &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "._-:*?!%@") == strlen(host);
}

/* Adds a host to the list, unless it is there. */
static bool add_host(char hosts[HOSTS_SIZE], const char *host)
{
	size_t used = strlen(hosts);
	size_t length = strlen(host);

	for (const char *at = hosts; (at = strstr(at, host)) != NULL; at++) {
		if (at > hosts && at[-1] == ' ' && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	if (used + 1 + length + 1 > HOSTS_SIZE)
		return false;
	snprintf(hosts + used, HOSTS_SIZE - used, " %s", host);
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
	/* What somebody has written behind the block keeps its newline. */
	if (newline && *config->end == '\0' && config->begin > config->text)
		config->begin--;
	memmove(config->begin, config->end, strlen(config->end) + 1);
	setup_plan_write(plan, config->path, config->text, NULL, config->mode);
}

/* The text with the block in its place, and the block by itself. */
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
			 setup_missing_directories(config->path));
	else if (newline)
		snprintf(remark, sizeof(remark), " (" ADDED_NEWLINE ")");
	if (asprintf(block, BEGIN "%s\nHost%s\n    PKCS11Provider %s\n" END "\n", remark,
		     config->hosts, MODULE) < 0) {
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
		setup_plan_directories(plan, config->path);
		setup_plan_write(plan, config->path, text, block, config->mode);
	}
	free(text);
	free(block);
}

/* The hosts that were named, beside those of before. */
static enum tool_exit take_hosts(struct config *config, const struct setup_request *request)
{
	if (!setup_exists(MODULE)) {
		ui_line(stderr, UI_BAD, _("The module %s is not installed."), MODULE);
		return TOOL_FAILED;
	}
	for (size_t i = 0; i < request->host_count; i++) {
		if (!is_host(request->hosts[i]) || !add_host(config->hosts, request->hosts[i])) {
			ui_line(stderr, UI_BAD, _("This cannot be a host: %s"), request->hosts[i]);
			return TOOL_USAGE;
		}
	}
	if (config->hosts[0] == '\0') {
		ui_line(stderr, UI_BAD,
			_("Say for which hosts: jpki setup ssh HOST... With '*' every server would "
			  "be shown the card's key."));
		return TOOL_USAGE;
	}
	return TOOL_OK;
}

enum tool_exit setup_plan_ssh(struct setup_plan *plan, const struct setup_request *request)
{
	struct config config = {.mode = 0600};
	enum tool_exit result = TOOL_OK;

	setup_path(config.path, "%s/.ssh/config", setup_home());
	config.text = setup_file_read(config.path, &config.mode);
	if (config.text == NULL && errno != ENOENT) {
		fprintf(stderr, "jpki setup: %s: %s\n", config.path, strerror(errno));
		return TOOL_FAILED;
	}
	if (config.text != NULL && !find_block(&config)) {
		ui_line(stderr, UI_BAD, _("In %s the line \"%s\" is missing; it is left alone."),
			config.path, END);
		result = TOOL_FAILED;
	} else if (request->undo) {
		plan_undo(plan, &config);
	} else {
		result = take_hosts(&config, request);
		if (result == TOOL_OK)
			plan_block(plan, &config);
	}
	free(config.text);
	return result;
}
