/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running cases, each in its own process, and telling what they came to. */
#include "conform.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A case that takes longer hangs. */
#define LIMIT_SECONDS 15
#define TEXT_MAX      1024
#define CHAPTERS_MAX  30
#define CLAUSES_MAX   128

/* In the order in which a later one outweighs an earlier one. */
enum verdict { VERDICT_OK, VERDICT_ABSENT, VERDICT_FAILED };

struct result {
	bool finished;
	enum verdict verdict;
	char text[TEXT_MAX];
};

static struct result *result;
/* Whether the card is in the reader, as far as the commands go. */
static bool *card_is_away;

struct tally {
	const char *name;
	unsigned int count[VERDICT_FAILED + 1];
};

static struct tally tallies[CHAPTERS_MAX];
static size_t chapter_count;
static struct tally by_clause[CLAUSES_MAX];
static unsigned int number;
bool conform_csv;

void *conform_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return memory;
}

bool failed(void)
{
	return result->verdict != VERDICT_OK;
}

bool check(bool condition, const char *format, ...)
{
	va_list arguments;

	if (condition || result->verdict == VERDICT_FAILED)
		return condition;
	result->verdict = VERDICT_FAILED;
	va_start(arguments, format);
	vsnprintf(result->text, TEXT_MAX, format, arguments);
	va_end(arguments);
	return false;
}

bool expect(const char *call, CK_RV got, const CK_RV *set)
{
	char wanted[TEXT_MAX] = "";
	char answer[64];

	for (const CK_RV *one = set; *one != END && (one == set || !target.strict); one++) {
		size_t length = strlen(wanted);

		if (got == *one)
			return true;
		snprintf(wanted + length, sizeof(wanted) - length, "%s%s", one == set ? "" : " or ",
			 rv_name(*one));
	}
	snprintf(answer, sizeof(answer), "%s", rv_name(got));
	return check(false, "%s: %s, wanted %s", call, answer, wanted);
}

void absent(const char *reason)
{
	if (result->verdict != VERDICT_OK)
		return;
	result->verdict = VERDICT_ABSENT;
	snprintf(result->text, TEXT_MAX, "%s", reason);
}

static struct tally *tally_of(const char *chapter)
{
	for (size_t i = 0; i < chapter_count; i++) {
		if (strcmp(tallies[i].name, chapter) == 0)
			return &tallies[i];
	}
	if (chapter_count == CHAPTERS_MAX)
		abort();
	tallies[chapter_count].name = chapter;
	return &tallies[chapter_count++];
}

/* --- the card --- */

bool card_moves(void)
{
	if (target.remove_command == NULL || target.insert_command == NULL)
		absent("no --remove-command and --insert-command were given");
	return !failed();
}

static bool obey(const char *command)
{
	int status = system(command);

	return check(status == 0, "the command ended with code %d: %s", status, command);
}

bool card_remove(void)
{
	*card_is_away = true;
	return obey(target.remove_command);
}

bool card_insert(void)
{
	if (!obey(target.insert_command))
		return false;
	*card_is_away = false;
	return true;
}

/* --- a case in a process of its own --- */

/* In the child. */
static void run_here(enum level level, void (*run)(const void *argument), const void *argument)
{
	alarm(LIMIT_SECONDS);
	if (reach(level)) {
		run(argument);
		if (level != BARE)
			p11->C_Finalize(NULL);
	}
	result->finished = true;
	exit(0);
}

static void run_apart(enum level level, void (*run)(const void *argument), const void *argument)
{
	pid_t child;
	int status = 0;

	if (result == NULL) {
		result = conform_shared(sizeof(*result));
		card_is_away = conform_shared(sizeof(*card_is_away));
	}
	memset(result, 0, sizeof(*result));
	fflush(NULL);
	child = fork();
	if (child == 0)
		run_here(level, run, argument);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		result->verdict = VERDICT_OK;
		check(false, "no answer for %d seconds", LIMIT_SECONDS);
	} else if (WIFSIGNALED(status)) {
		result->verdict = VERDICT_OK;
		check(false, "crash: %s", strsignal(WTERMSIG(status)));
	} else {
		check(status == 0 && result->finished, "the process ended with code %d",
		      WEXITSTATUS(status));
	}
	if (*card_is_away)
		card_insert();
}

static void print_text(const char *text)
{
	for (; *text != '\0'; text++)
		putchar(*text == '"' ? '\'' : *text == '\n' ? ' ' : *text);
}

static void print_csv(const char *chapter, const struct clause *clause, const char *name)
{
	static const char *const words[] = {"ok", "n/a", "not ok"};

	printf("%s,%s,%s,%s,\"", chapter, clause->old, clause->new, clause->name);
	print_text(name);
	printf("\",%s,\"", words[result->verdict]);
	print_text(result->text);
	puts("\"");
}

static void print_tap(const char *chapter, const struct clause *clause, const char *name)
{
	printf("%s %u - %s [%s | %s %s] %s", result->verdict == VERDICT_FAILED ? "not ok" : "ok",
	       number, chapter, clause->old, clause->new, clause->name, name);
	if (result->verdict == VERDICT_ABSENT)
		printf(" # SKIP n/a: %s", result->text);
	putchar('\n');
	if (result->verdict == VERDICT_FAILED)
		printf("#   %s\n", result->text);
}

void conform_run(const char *chapter, const char *clause, const char *name, enum level level,
		 void (*run)(const void *argument), const void *argument)
{
	size_t place = clause_of(clause);

	if (place == clause_count || place >= CLAUSES_MAX)
		abort();
	run_apart(level, run, argument);
	number++;
	tally_of(chapter)->count[result->verdict]++;
	by_clause[place].count[result->verdict]++;
	if (conform_csv)
		print_csv(chapter, &clauses[place], name);
	else
		print_tap(chapter, &clauses[place], name);
}

bool conform_probe(void (*run)(const void *argument), const void *argument, enum level level)
{
	run_apart(level, run, argument);
	if (result->verdict != VERDICT_OK)
		fprintf(stderr, "p11-conformance: %s\n", result->text);
	return result->verdict == VERDICT_OK;
}

static void run_case(const void *argument)
{
	const struct conform_case *one = argument;

	one->run();
}

void conform_chapter(const struct chapter *chapter)
{
	for (size_t i = 0; i < chapter->count; i++) {
		const struct conform_case *one = &chapter->cases[i];

		conform_run(chapter->name, one->clause, one->name, one->level, run_case, one);
	}
}

static void print_row(const struct tally *tally)
{
	printf("# %-24s %6u %6u %6u\n", tally->name, tally->count[VERDICT_OK],
	       tally->count[VERDICT_FAILED], tally->count[VERDICT_ABSENT]);
}

/* One line for each function and clause: cases, calls, and every answer that there was. */
static void print_clauses(void)
{
	printf("# %-24s %6s %6s %6s %6s  %s\n", "clause", "ok", "not ok", "n/a", "calls",
	       "answers");
	for (size_t i = 0; i < clause_count; i++) {
		const unsigned int *count = by_clause[i].count;

		if (count[VERDICT_OK] + count[VERDICT_FAILED] + count[VERDICT_ABSENT] +
			    answers[i].calls ==
		    0)
			continue;
		printf("# %-24s %6u %6u %6u %6lu ", clauses[i].name, count[VERDICT_OK],
		       count[VERDICT_FAILED], count[VERDICT_ABSENT], answers[i].calls);
		for (size_t j = 0; j < answers[i].count; j++)
			printf(" %s", rv_name(answers[i].codes[j]));
		putchar('\n');
	}
}

bool conform_end(void)
{
	struct tally sum = {"all", {0}};

	for (size_t i = 0; i < chapter_count; i++) {
		for (size_t j = 0; j < COUNT(sum.count); j++)
			sum.count[j] += tallies[i].count[j];
	}
	if (conform_csv)
		return sum.count[VERDICT_FAILED] == 0;
	printf("1..%u\n", number);
	print_clauses();
	printf("# %-24s %6s %6s %6s\n", "chapter", "ok", "not ok", "n/a");
	for (size_t i = 0; i < chapter_count; i++)
		print_row(&tallies[i]);
	print_row(&sum);
	return sum.count[VERDICT_FAILED] == 0;
}
