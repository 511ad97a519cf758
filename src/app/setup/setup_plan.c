/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_plan: collects the steps of a plan, shows them, and follows them. */
#include "app/setup/setup_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/host/user_files.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/text.h"

extern char **environ;

/* The first line of a file of ours. It is for people; jpki reads only the number in it. */
#define OWN_LINE    "# Made by \"jpki setup %s\", with %zu directories; add --undo to remove it.\n"
#define OWN_LINE_ID "# Made by \"jpki setup "

enum app_exit setup_refuse(struct setup_plan *plan, enum app_exit code, const char *format, ...)
{
	va_list arguments;

	free(plan->message);
	va_start(arguments, format);
	if (vasprintf(&plan->message, format, arguments) < 0)
		plan->message = NULL;
	va_end(arguments);
	ui_line(stderr, UI_BAD, "%s", plan->message != NULL ? plan->message : format);
	return code;
}

static struct setup_step *add(struct setup_plan *plan, enum setup_action action, const char *path)
{
	struct setup_step *step = &plan->steps[plan->count];

	if (plan->count == SETUP_STEPS_MAX || path[0] == '\0') {
		plan->failed = true;
		return NULL;
	}
	plan->count++;
	step->action = action;
	step->path = strdup(path);
	plan->failed = plan->failed || step->path == NULL;
	return step;
}

void setup_plan_write(struct setup_plan *plan, const char *path, const char *text,
		      const char *shown, mode_t mode)
{
	struct setup_step *step = add(plan, SETUP_WRITE, path);

	if (step == NULL)
		return;
	step->mode = mode;
	step->text = strdup(text);
	step->shown = shown != NULL ? strdup(shown) : NULL;
	plan->failed = plan->failed || step->text == NULL || (shown != NULL && step->shown == NULL);
}

void setup_plan_link(struct setup_plan *plan, const char *path, const char *target)
{
	struct setup_step *step = add(plan, SETUP_LINK, path);

	if (step == NULL)
		return;
	step->text = strdup(target);
	plan->failed = plan->failed || step->text == NULL;
}

void setup_plan_tell(struct setup_plan *plan, const struct setup_part *part, const char *path)
{
	if (plan->part_count == SETUP_PARTS_MAX) {
		plan->failed = true;
		return;
	}
	plan->parts[plan->part_count] = *part;
	plan->parts[plan->part_count].path = strdup(path);
	plan->failed = plan->failed || plan->parts[plan->part_count].path == NULL;
	plan->part_count++;
}

void setup_plan_remove(struct setup_plan *plan, const char *path)
{
	add(plan, SETUP_REMOVE, path);
}

void setup_plan_run(struct setup_plan *plan, const char *const *arguments)
{
	struct setup_step *step = add(plan, SETUP_RUN, arguments[0]);

	for (size_t i = 0; step != NULL && arguments[i] != NULL; i++) {
		if (i == SETUP_ARGUMENTS_MAX || (step->arguments[i] = strdup(arguments[i])) == NULL)
			step = NULL;
	}
	plan->failed = plan->failed || step == NULL;
}

/* Return the number of the step that does this with a path; the number of steps if none does. */
static size_t find_step(const struct setup_plan *plan, enum setup_action action, const char *path)
{
	size_t i = 0;

	while (i < plan->count && (plan->steps[i].action != action || plan->steps[i].path == NULL ||
				   strcmp(plan->steps[i].path, path) != 0))
		i++;
	return i;
}

void setup_plan_directories(struct setup_plan *plan, const char *path, mode_t mode)
{
	char directory[PATH_MAX];
	struct setup_step *step;

	user_path(directory, "%s", path);
	for (char *slash = directory; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		if (!user_exists(directory) &&
		    find_step(plan, SETUP_MAKE_DIRECTORY, directory) == plan->count &&
		    (step = add(plan, SETUP_MAKE_DIRECTORY, directory)) != NULL)
			step->mode = mode;
		*slash = '/';
	}
}

/* Plan the removal of a directory for the end, also if it was planned for earlier. */
static void remove_last(struct setup_plan *plan, const char *directory)
{
	size_t at = find_step(plan, SETUP_REMOVE_DIRECTORY, directory);
	struct setup_step earlier;

	if (at == plan->count) {
		add(plan, SETUP_REMOVE_DIRECTORY, directory);
		return;
	}
	earlier = plan->steps[at];
	for (; at + 1 < plan->count; at++)
		plan->steps[at] = plan->steps[at + 1];
	plan->steps[at] = earlier;
}

void setup_plan_no_directories(struct setup_plan *plan, const char *path, size_t count)
{
	char directory[PATH_MAX];
	char *slash;

	user_path(directory, "%s", path);
	for (; count > 0 && (slash = strrchr(directory, '/')) != NULL; count--) {
		*slash = '\0';
		if (directory[0] == '\0' || strcmp(directory, user_home()) == 0)
			return;
		remove_last(plan, directory);
	}
}

static void show_command(char *const arguments[])
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out != NULL && arguments[i] != NULL; i++) {
		char *word = text_for_shell(arguments[i]);

		fprintf(out, " %s", word != NULL ? word : "");
		free(word);
	}
	if (out != NULL && fclose(out) == 0)
		ui_command(stdout, _("  - run:%s"), text);
	free(text);
}

static void show_lines(const char *text)
{
	struct user_line line;

	while (user_next_line(&text, &line))
		ui_line(stdout, UI_PLAIN, "        %.*s", (int)line.length, line.start);
}

void setup_plan_show_parts(const struct setup_plan *plan)
{
	for (size_t i = 0; i < plan->part_count; i++) {
		const struct setup_part *part = &plan->parts[i];

		switch (part->state) {
		case SETUP_RIGHT:
			ui_line(stdout, UI_GOOD, _("%s: in order (%s)"), part->title, part->path);
			break;
		case SETUP_WRONG:
			ui_line(stdout, UI_BAD, _("%s: not in order (%s)"), part->title,
				part->path);
			break;
		case SETUP_MISSING:
			ui_line(stdout, UI_WARN, _("%s: missing (%s)"), part->title, part->path);
			break;
		}
	}
}

void setup_plan_show_by_hand(const struct setup_plan *plan)
{
	const char *text = plan->by_hand != NULL ? plan->by_hand : "";
	struct user_line line;

	while (user_next_line(&text, &line))
		ui_line(stdout, UI_WARN, "%.*s", (int)line.length, line.start);
}

void setup_plan_show(const struct setup_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct setup_step *step = &plan->steps[i];

		switch (step->action) {
		case SETUP_MAKE_DIRECTORY:
			ui_line(stdout, UI_PLAIN, _("  - make the directory %s"), step->path);
			break;
		case SETUP_REMOVE_DIRECTORY:
			ui_line(stdout, UI_PLAIN, _("  - remove the directory %s if it is empty"),
				step->path);
			break;
		case SETUP_WRITE:
			ui_line(stdout, UI_PLAIN,
				step->shown != NULL ? _("  - write to the file %s:")
						    : _("  - remove the lines from the file %s"),
				step->path);
			show_lines(step->shown != NULL ? step->shown : "");
			break;
		case SETUP_LINK:
			ui_line(stdout, UI_PLAIN, _("  - make the link %s to %s"), step->path,
				step->text);
			break;
		case SETUP_REMOVE:
			ui_line(stdout, UI_PLAIN, _("  - remove the file %s"), step->path);
			break;
		case SETUP_RUN:
			show_command(step->arguments);
			break;
		}
	}
}

static json_t *step_json(const struct setup_step *step)
{
	static const char *const names[] = {
		[SETUP_MAKE_DIRECTORY] = "make-directory",
		[SETUP_REMOVE_DIRECTORY] = "remove-directory-if-empty",
		[SETUP_WRITE] = "write",
		[SETUP_LINK] = "link",
		[SETUP_REMOVE] = "remove",
		[SETUP_RUN] = "run",
	};
	json_t *command = json_array();
	json_t *json;

	if (step->action != SETUP_RUN) {
		json_decref(command);
		/* Leave out the lines that already exist: they are the user's own. */
		return json_pack("{s:s, s:s, s:s*, s:s*}", "action", names[step->action], "path",
				 step->path, "new_text", step->shown, "target",
				 step->action == SETUP_LINK ? step->text : NULL);
	}
	for (size_t i = 0; step->arguments[i] != NULL; i++)
		json_array_append_new(command, json_string(step->arguments[i]));
	json = json_pack("{s:s, s:O}", "action", names[step->action], "command", command);
	json_decref(command);
	return json;
}

json_t *setup_plan_json(const struct setup_plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(list, step_json(&plan->steps[i]));
	return list;
}

json_t *setup_plan_parts_json(const struct setup_plan *plan)
{
	static const char *const states[] = {
		[SETUP_MISSING] = "missing", [SETUP_WRONG] = "wrong", [SETUP_RIGHT] = "ok"};
	json_t *list = plan->part_count > 0 ? json_array() : NULL;

	for (size_t i = 0; i < plan->part_count; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s}", "part", plan->parts[i].name,
						"path", plan->parts[i].path, "state",
						states[plan->parts[i].state]));
	return list;
}

static bool same(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool same_step(const struct setup_step *one, const struct setup_step *other)
{
	for (size_t i = 0; i < SETUP_ARGUMENTS_MAX; i++) {
		if (!same(one->arguments[i], other->arguments[i]))
			return false;
	}
	return one->action == other->action && one->mode == other->mode &&
	       same(one->path, other->path) && same(one->text, other->text);
}

bool setup_plan_equal(const struct setup_plan *one, const struct setup_plan *other)
{
	for (size_t i = 0; i < one->count && i < other->count; i++) {
		if (!same_step(&one->steps[i], &other->steps[i]))
			return false;
	}
	return one->count == other->count;
}

/* Read the whole output of a program, and keep its beginning. */
static void keep_words(int fd, char words[SETUP_WORDS_SIZE])
{
	char piece[512];
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) > 0 || (got < 0 && errno == EINTR)) {
		for (ssize_t i = 0; i < got && length < SETUP_WORDS_SIZE - 1; i++)
			words[length++] = piece[i];
	}
	words[length] = '\0';
}

int setup_run(char *const arguments[], char words[SETUP_WORDS_SIZE])
{
	posix_spawn_file_actions_t actions;
	pid_t child = -1;
	int pipe_ends[2];
	int status = -1;
	int error;

	words[0] = '\0';
	if (pipe2(pipe_ends, O_CLOEXEC) != 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
	error = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_ends[1]);
	if (error == 0) {
		keep_words(pipe_ends[0], words);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	} else {
		snprintf(words, SETUP_WORDS_SIZE, "%s", strerror(error));
	}
	close(pipe_ends[0]);
	return error == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Run a program, and show its output only if it fails. */
static bool run(struct setup_plan *plan, const struct setup_step *step)
{
	char words[SETUP_WORDS_SIZE];

	if (setup_run(step->arguments, words) == 0)
		return true;
	/* Show the output as one line. */
	for (char *end = words; (end = strchr(end, '\n')) != NULL;)
		*end = end[1] == '\0' ? '\0' : ' ';
	setup_refuse(plan, APP_FAILED, _("%s failed: %s"), step->path, words);
	return false;
}

/* The mode is what is wanted, whatever the umask. */
static bool make_directory(const struct setup_step *step)
{
	if (mkdir(step->path, 0700) != 0)
		return errno == EEXIST;
	return chmod(step->path, step->mode) == 0;
}

static bool follow(struct setup_plan *plan, const struct setup_step *step)
{
	bool ok = false;

	switch (step->action) {
	case SETUP_MAKE_DIRECTORY:
		ok = make_directory(step);
		break;
	case SETUP_REMOVE_DIRECTORY:
		ok = rmdir(step->path) == 0 || errno == ENOTEMPTY || errno == ENOENT;
		break;
	case SETUP_WRITE:
		ok = user_file_write(step->path, step->text, step->mode);
		break;
	case SETUP_LINK:
		ok = symlink(step->text, step->path) == 0;
		break;
	case SETUP_REMOVE:
		ok = unlink(step->path) == 0 || errno == ENOENT;
		break;
	case SETUP_RUN:
		return run(plan, step);
	}
	if (!ok)
		setup_refuse(plan, APP_FAILED, "%s: %s", step->path, user_file_error(errno));
	return ok;
}

enum app_exit setup_plan_follow(struct setup_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (!follow(plan, &plan->steps[i])) {
			if (i > 0)
				ui_line(stderr, UI_WARN,
					_("The steps before this one were done; --undo undoes "
					  "them."));
			return APP_FAILED;
		}
	}
	return APP_OK;
}

void setup_plan_free(struct setup_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct setup_step *step = &plan->steps[i];

		free(step->path);
		free(step->text);
		free(step->shown);
		for (size_t j = 0; j < SETUP_ARGUMENTS_MAX; j++)
			free(step->arguments[j]);
	}
	for (size_t i = 0; i < plan->part_count; i++)
		free(plan->parts[i].path);
	free(plan->by_hand);
	free(plan->message);
	memset(plan, 0, sizeof(*plan));
}

/* Return how many directories were made for the file that begins with our line. */
static size_t directories_of(const char *text)
{
	const char *number = strstr(text, "\", with ");

	return number != NULL ? strtoul(number + strlen("\", with "), NULL, 10) : 0;
}

static enum app_exit plan_removal(struct setup_plan *plan, const char *path, const char *old)
{
	if (old == NULL)
		return APP_OK;
	setup_plan_remove(plan, path);
	setup_plan_no_directories(plan, path, directories_of(old));
	return APP_OK;
}

enum app_exit setup_plan_own_file(struct setup_plan *plan, const struct setup_request *request,
				  const char *program, const char *path, const char *text)
{
	enum app_exit result = APP_OK;
	char *wanted = NULL;
	mode_t mode = 0644;
	char *old = user_file_read(path, &mode);
	bool unreadable = old == NULL && errno != ENOENT;
	size_t made = old != NULL ? directories_of(old) : user_missing_directories(path);

	if (asprintf(&wanted, OWN_LINE "%s", program, made, text) < 0) {
		wanted = NULL;
		plan->failed = true;
	} else if (unreadable ||
		   (old != NULL && strncmp(old, OWN_LINE_ID, strlen(OWN_LINE_ID)) != 0)) {
		setup_refuse(plan, APP_FAILED,
			     _("The file %s exists, and jpki did not make it; it was not changed."),
			     path);
		result = request->undo ? APP_OK : APP_FAILED;
	} else if (request->undo) {
		result = plan_removal(plan, path, old);
	} else if (old == NULL || strcmp(old, wanted) != 0) {
		setup_plan_directories(plan, path, 0700);
		setup_plan_write(plan, path, wanted, wanted, mode);
	}
	free(wanted);
	free(old);
	return result;
}
