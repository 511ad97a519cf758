/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* help: prints the help of a subcommand, and of each of its actions. */
#include "app/ui/help.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/ui/wrap.h"

#define OPTION_COLUMN 28
#define EXIT_COLUMN   5
#define USAGE_COLUMN  8
/* Narrower terminals have the text of an option below it. */
#define WIDTH_OF_TWO_COLUMNS 60
#define NARROW_COLUMN        8

/* Print an entry of a list: the label, and its text in the column. */
static void put_entry(FILE *out, const char *label, unsigned int column, const char *text)
{
	unsigned int used = wrap_columns(label);

	if (used + 2 > column)
		fprintf(out, "%s\n%*s", label, (int)column, "");
	else
		fprintf(out, "%s%*s", label, (int)(column - used), "");
	wrap_print(out, wrap_page_width(out), column, column, text);
}

/* Print paragraphs. Each line of the text is one, or empty. */
static void put_paragraphs(FILE *out, const char *text, size_t length)
{
	while (length > 0) {
		const char *end = memchr(text, '\n', length);
		size_t line = end != NULL ? (size_t)(end - text) : length;
		char *paragraph = strndup(text, line);

		if (paragraph != NULL)
			wrap_print(out, wrap_page_width(out), 0, 0, paragraph);
		free(paragraph);
		line += end != NULL ? 1 : 0;
		text += line;
		length -= line;
	}
}

static bool is_taken(const struct help *help, const struct argp_option *option)
{
	char word[64];

	if (option->name == NULL || (option->flags & OPTION_HIDDEN) != 0)
		return false;
	snprintf(word, sizeof(word), " --%s ", option->name);
	return help->action == NULL || help->action->without == NULL ||
	       strstr(help->action->without, word) == NULL;
}

typedef void put_function(FILE *out, const struct argp_option *option);

static void each_of_table(const struct help *help, const struct argp_option *option, FILE *out,
			  put_function *put)
{
	for (; option != NULL && (option->name != NULL || option->key != 0); option++) {
		if (is_taken(help, option))
			put(out, option);
	}
}

/* Call put for each option that is taken. */
static void each_option(const struct help *help, FILE *out, put_function *put)
{
	const struct argp_child *child = help->argp->children;

	each_of_table(help, help->argp->options, out, put);
	for (; child != NULL && child->argp != NULL; child++)
		each_of_table(help, child->argp->options, out, put);
	each_of_table(help, help->common, out, put);
}

static bool is_letter(int key)
{
	return key > ' ' && key < 0x7f;
}

static void put_option(FILE *out, const struct argp_option *option)
{
	bool wide = wrap_page_width(out) >= WIDTH_OF_TWO_COLUMNS;
	char letter[] = "    ";
	char *label = NULL;

	if (is_letter(option->key))
		snprintf(letter, sizeof(letter), "-%c, ", option->key);
	if (asprintf(&label, "  %s--%s%s%s", letter, option->name, option->arg != NULL ? "=" : "",
		     option->arg != NULL ? _(option->arg) : "") < 0)
		return;
	put_entry(out, label, wide ? OPTION_COLUMN : NARROW_COLUMN, _(option->doc));
	free(label);
}

static void put_option_usage(FILE *out, const struct argp_option *option)
{
	fputs(" [", out);
	if (is_letter(option->key))
		fprintf(out, "-%c|", option->key);
	fprintf(out, "--%s%s%s]", option->name, option->arg != NULL ? "=" : "",
		option->arg != NULL ? _(option->arg) : "");
}

/* Print one way to call it. */
static void put_call(const struct help *help, FILE *out, const char *lead, const char *action,
		     const char *arguments, bool all_options)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (line == NULL)
		return;
	fprintf(line, "%s %s%s%s", lead, help->name, action != NULL ? " " : "",
		action != NULL ? action : "");
	if (all_options)
		each_option(help, line, put_option_usage);
	else
		fputs(_(" [OPTION...]"), line);
	if (arguments != NULL)
		fprintf(line, " %s", _(arguments));
	fclose(line);
	if (text != NULL)
		wrap_print(out, wrap_page_width(out), 0, USAGE_COLUMN, text);
	free(text);
}

static void put_calls(const struct help *help, FILE *out, bool all_options)
{
	const char *lead = _("Usage:");

	if (help->action != NULL) {
		put_call(help, out, lead, help->action->name, help->action->arguments, all_options);
		return;
	}
	if (help->actions == NULL) {
		put_call(help, out, lead, NULL, help->argp->args_doc, all_options);
		return;
	}
	for (const struct help_action *one = help->actions; one->name != NULL; one++) {
		put_call(help, out, lead, one->name, one->arguments, all_options);
		lead = _("  or: ");
	}
}

static void put_actions(const struct help *help, FILE *out)
{
	unsigned int column = 0;
	char *label = NULL;

	for (const struct help_action *one = help->actions; one->name != NULL; one++)
		column = strlen(one->name) > column ? (unsigned int)strlen(one->name) : column;
	column += 4;
	for (const struct help_action *one = help->actions; one->name != NULL; one++) {
		if (asprintf(&label, "  %s", one->name) < 0)
			return;
		put_entry(out, label, column, _(one->does));
		free(label);
	}
}

/* Print what the exit codes mean. Those of one action alone are called so. */
static void put_exit_codes(const struct help *help, FILE *out)
{
	unsigned int user = help->action != NULL ? help->action->user : help->user;
	unsigned int users =
		user == EXIT_CERT && help->action == NULL ? EXIT_CERT | EXIT_CERT_SHOW : user;
	const struct exit_meaning *meanings;
	char label[EXIT_COLUMN + 1];
	char *text = NULL;
	size_t count;

	meanings = situation_exit_meanings(&count);
	if (user == EXIT_CERT_SHOW)
		users |= EXIT_CERT;
	fprintf(out, "%s\n", _("Exit codes:"));
	for (size_t i = 0; i < count; i++) {
		const struct exit_meaning *meaning = &meanings[i];
		bool of_all = (meaning->users & user) != 0 || help->action != NULL;

		if ((meaning->users & users) == 0 ||
		    asprintf(&text, "%s%s", of_all ? "" : "show: ", _(meaning->text)) < 0)
			continue;
		snprintf(label, sizeof(label), " %2d", (int)meaning->code);
		put_entry(out, label, EXIT_COLUMN, text);
		free(text);
	}
}

/* Print what an action does. */
static void put_action(const struct help_action *action, FILE *out)
{
	const char *more = action->more != NULL ? _(action->more) : "";

	wrap_print(out, wrap_page_width(out), 0, 0, _(action->does));
	if (more[0] != '\0')
		fputc('\n', out);
	put_paragraphs(out, more, strlen(more));
}

void help_print(const struct help *help, FILE *out)
{
	const char *documentation = help->argp->doc != NULL ? _(help->argp->doc) : "";
	const char *rest = strchr(documentation, '\v');
	size_t before = rest != NULL ? (size_t)(rest - documentation) : strlen(documentation);

	put_calls(help, out, false);
	if (help->action != NULL) {
		put_action(help->action, out);
		if (help->action->alone)
			rest = NULL;
	} else {
		put_paragraphs(out, documentation, before);
		if (help->actions != NULL) {
			if (before > 0)
				fputc('\n', out);
			put_actions(help, out);
		}
	}
	fputc('\n', out);
	each_option(help, out, put_option);
	fputc('\n', out);
	if (rest != NULL) {
		put_paragraphs(out, rest + 1, strlen(rest + 1));
		fputc('\n', out);
	}
	put_exit_codes(help, out);
}

void help_print_usage(const struct help *help, FILE *out)
{
	put_calls(help, out, true);
}
