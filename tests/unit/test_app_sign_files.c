/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_sign_files: each file is signed or has its reason, and jpki ends as the worst of them.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/card/module_pool.h"
#include "app/sign/sign_files.h"
#include "app/sign/sign_run.h"
#include "capture.h"
#include "place.h"
#include "signer.h"

/* The key's own word on its last signature. */
static enum situation problem;

enum situation module_key_problem(struct module_key *asked)
{
	(void)asked;
	return problem;
}

void module_key_redirect(struct module_key *asked, struct module_block *block)
{
	(void)asked;
	(void)block;
}

/* Here each file is signed by itself; test_app_sign_run is about groups. */
struct module_pool *module_pool_begin(struct module_key *asked)
{
	(void)asked;
	return NULL;
}

void module_pool_add(struct module_pool *pool, struct module_block *const *blocks, size_t count)
{
	(void)pool;
	(void)blocks;
	assert_int_equal(count, 0);
}

enum situation module_pool_await(struct module_pool *pool, struct module_block *block)
{
	(void)pool;
	(void)block;
	return SITUATION_INTERNAL;
}

void module_pool_end(struct module_pool *pool)
{
	assert_null(pool);
}

static struct sign_job jobs[4];
static struct sign_request request;
static struct module_key key;

static int set_up(void **state)
{
	place_set_up(state);
	memset(jobs, 0, sizeof(jobs));
	request = (struct sign_request){.jobs = jobs, .key = JPKI_KEY_SIGN};
	key = (struct module_key){.key = signer_key(SIGNER_KEY_OWN),
				  .certificate = signer_for_signing(SIGNER_KEY_OWN)};
	problem = SITUATION_NONE;
	return 0;
}

static int tear_down(void **state)
{
	X509_free(key.certificate);
	for (size_t i = 0; i < 4; i++) {
		free(jobs[i].output);
		free(jobs[i].reason);
		sign_warnings_free(&jobs[i].warnings);
	}
	return place_tear_down(state);
}

/* Plans these files, which NULL ends. */
static void plan(const char *const *files)
{
	for (; files[request.count] != NULL; request.count++)
		jobs[request.count].file = files[request.count];
	assert_true(sign_plan(&request));
}

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

static enum situation sign_all(void)
{
	struct capture capture;
	enum situation situation;

	capture_begin(&capture);
	situation = sign_run(&request, &key);
	capture_end(&capture);
	capture_free(&capture);
	return situation;
}

/* Asserts how jpki ends, and on what it prints. */
static void assert_end(enum situation situation, int code, const char *printed, const char *said)
{
	struct capture capture;
	int got;

	capture_begin(&capture);
	sign_print(&request, situation);
	got = sign_end(&request, situation);
	capture_end(&capture);
	assert_int_equal(got, code);
	assert_has(capture.printed, printed);
	assert_has(capture.said, said);
	capture_free(&capture);
}

static void test_files_signed(void **state)
{
	(void)state;
	place_write("a.txt", "a");
	place_write("b.txt", "b");
	plan(FILES("a.txt", "b.txt"));
	assert_int_equal(sign_waiting(&request), 2);
	assert_int_equal(sign_all(), SITUATION_NONE);
	assert_int_equal(sign_waiting(&request), 0);
	assert_true(place_has("a.txt.p7s") && place_has("b.txt.p7s"));
	assert_end(SITUATION_NONE, APP_OK, "b.txt: signed; the signature is in b.txt.p7s", "");
}

/* What cannot be signed is known before a PIN is asked for, and the others are signed. */
static void test_files_refused(void **state)
{
	(void)state;
	place_write("a.txt", "a");
	place_write("there", "b");
	place_write("there.p7s", "not to be lost");
	place_directory("directory");
	plan(FILES("none", "directory", "there", "a.txt"));
	assert_int_equal(sign_waiting(&request), 1);
	for (size_t i = 0; i < 3; i++)
		assert_non_null(jobs[i].reason);
	assert_has(jobs[1].reason, strerror(EISDIR));
	assert_has(jobs[2].reason, "there.p7s is there already");
	assert_int_equal(sign_all(), SITUATION_NONE);
	place_assert("there.p7s", "not to be lost");
	assert_true(jobs[3].done);
	/* One that was not signed is a failure, whatever became of the last one. */
	assert_end(SITUATION_NONE, APP_FAILED, "a.txt: signed", "none: not signed. ");
}

/* Not even --force replaces what is to be signed itself. */
static void test_files_kept(void **state)
{
	(void)state;
	request.force = true;
	place_write("a.txt", "a");
	place_write("a.txt.p7s", "b");
	plan(FILES("a.txt", "a.txt.p7s"));
	assert_int_equal(sign_waiting(&request), 1);
	assert_non_null(jobs[0].reason);
	assert_int_equal(sign_all(), SITUATION_NONE);
	place_assert("a.txt.p7s", "b");
	assert_end(SITUATION_NONE, APP_FAILED, "a.txt.p7s: signed", "a.txt: not signed. ");
}

/* It replaces a signature of before. */
static void test_files_replaced(void **state)
{
	struct stat status;

	(void)state;
	request.force = true;
	place_write("a.txt", "a");
	place_write("a.txt.p7s", "b");
	plan(FILES("a.txt"));
	assert_int_equal(sign_all(), SITUATION_NONE);
	assert_true(jobs[0].done);
	assert_int_equal(stat("a.txt.p7s", &status), 0);
	assert_true(status.st_size > 256);
}

/* Without --force, what came after the plan stays as well, and nothing half written is left. */
static void test_files_that_came(void **state)
{
	(void)state;
	place_write("a.txt", "a");
	plan(FILES("a.txt"));
	assert_int_equal(sign_waiting(&request), 1);
	place_write("a.txt.p7s", "not to be lost");
	assert_int_equal(sign_all(), SITUATION_NONE);
	assert_false(jobs[0].done);
	place_assert("a.txt.p7s", "not to be lost");
	assert_int_equal(place_count("."), 2);
	assert_end(SITUATION_NONE, APP_FAILED, "",
		   "a.txt: not signed. a.txt.p7s cannot be written");
}

/* The signed copy is beside the original, and has its name and the ending of it. */
static void test_files_copied(void **state)
{
	static const char *const outputs[] = {"LETTER-signed.PDF", "a.d/letter-signed.pdf",
					      ".pdf-signed.pdf", "letter.txt-signed.pdf"};

	(void)state;
	request.form = SIGN_PDF;
	plan(FILES("LETTER.PDF", "a.d/letter", ".pdf", "letter.txt"));
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		assert_string_equal(jobs[i].output, outputs[i]);
}

/* XML has many endings; what the folder has is none of them. */
static void test_files_copied_xml(void **state)
{
	static const char *const outputs[] = {"a-signed.xtx", "a.d/letter-signed.xml"};

	(void)state;
	request.form = SIGN_XML;
	plan(FILES("a.xtx", "a.d/letter"));
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		assert_string_equal(jobs[i].output, outputs[i]);
}

/* One name in two folders is no other's; nor is that of a file that cannot be signed. */
static void test_files_of_one_name(void **state)
{
	(void)state;
	place_directory("in");
	place_directory("out");
	place_write("in/a.txt", "a");
	place_write("out/a.txt", "b");
	plan(FILES("in/a.txt", "out/a.txt"));
	assert_int_equal(sign_waiting(&request), 2);
}

static void test_files_of_none(void **state)
{
	(void)state;
	request.form = SIGN_PDF;
	place_directory("letter");
	place_write("letter.pdf", "no PDF");
	plan(FILES("letter", "letter.pdf"));
	assert_string_equal(jobs[0].output, jobs[1].output);
	assert_string_equal(jobs[1].reason, "It is not a PDF.");
}

/* For scripts. */
static void test_files_as_json(void **state)
{
	struct capture capture;
	json_t *object, *files;

	(void)state;
	request.raw = true;
	place_write("a.txt", "a");
	plan(FILES("none", "a.txt"));
	assert_int_equal(sign_all(), SITUATION_NONE);
	request.common.json = true;
	capture_begin(&capture);
	sign_print(&request, SITUATION_NONE);
	capture_end(&capture);
	object = capture_json(&capture);
	assert_member(object, "situation", "file");
	files = json_object_get(object, "files");
	assert_member(json_array_get(files, 0), "reason", strerror(ENOENT));
	assert_null(json_object_get(json_array_get(files, 0), "form"));
	assert_member(json_array_get(files, 1), "form", "raw");
	assert_member(json_array_get(files, 1), "signature", "a.txt.sig");
	json_decref(object);
	capture_free(&capture);
}

/* A situation ends all: the rest is not tried, and nothing half written is left. */
static void test_files_stopped(void **state)
{
	struct capture capture;
	json_t *object, *files;

	(void)state;
	place_write("a.txt", "a");
	place_write("b.txt", "b");
	plan(FILES("a.txt", "b.txt"));
	key.key = signer_key(SIGNER_KEY_OTHER); /* that of another certificate */
	problem = SITUATION_REMOVED;
	assert_int_equal(sign_all(), SITUATION_REMOVED);
	assert_int_equal(sign_waiting(&request), 2);
	assert_null(jobs[0].reason);
	assert_int_equal(place_count("."), 2);
	assert_end(SITUATION_REMOVED, APP_FAILED, "", "b.txt: not signed.");
	/* The user's own wish has a code of its own. */
	assert_end(SITUATION_CANCELLED, APP_CANCELLED, "", "Stopped.");
	request.common.json = true;
	capture_begin(&capture);
	sign_print(&request, SITUATION_REMOVED);
	capture_end(&capture);
	object = capture_json(&capture);
	assert_member(object, "situation", situation_name(SITUATION_REMOVED));
	files = json_object_get(object, "files");
	assert_int_equal(json_array_size(files), 2);
	assert_true(json_is_false(json_object_get(json_array_get(files, 0), "signed")));
	assert_null(json_object_get(json_array_get(files, 0), "signature"));
	json_decref(object);
	capture_free(&capture);
}

#define TELLS                                                                                      \
	"\nThe signature will contain your name, address, date of birth and sex; whoever "         \
	"receives "                                                                                \
	"it can read them."

/* Asserts what leads to the question. */
static void assert_purpose(const char *wanted)
{
	char *text = sign_purpose(&request);

	assert_string_equal(text, wanted);
	free(text);
}

static void test_files_named(void **state)
{
	(void)state;
	place_write("a.txt", "a");
	place_write("b.txt", "b");
	plan(FILES("none", "a.txt", "b.txt"));
	assert_purpose("Files to sign: a.txt and 1 more" TELLS);
	jobs[1].done = true;
	assert_purpose("File to sign: b.txt" TELLS);
	/* What has no certificate in it tells nothing, and the other certificate has no name. */
	request.raw = true;
	assert_purpose("File to sign: b.txt");
	request.raw = false;
	request.key = JPKI_KEY_AUTH;
	assert_purpose("File to sign: b.txt");
	jobs[2].done = true;
	assert_null(sign_purpose(&request));
}

/* Asserts what is said of a job. */
static void assert_told(const struct sign_job *job, const char *printed, const char *said)
{
	struct capture capture;

	capture_begin(&capture);
	sign_tell(&request, job);
	capture_end(&capture);
	assert_string_equal(capture.printed, printed);
	assert_string_equal(capture.said, said);
	capture_free(&capture);
}

/* In a window files are called by their names, options are not, and each result is said when it is
 * asked for. */
static void test_files_by_window(void **state)
{
	struct capture capture;

	(void)state;
	request.by_window = true;
	place_directory("in");
	place_write("in/a.txt", "a");
	place_write("in/there", "b");
	place_write("in/there.p7s", "not to be lost");
	plan(FILES("in/a.txt", "in/there"));
	assert_int_equal(sign_all(), SITUATION_NONE);
	assert_true(place_has("in/a.txt.p7s"));
	capture_begin(&capture);
	sign_print(&request, SITUATION_NONE);
	capture_end(&capture);
	assert_string_equal(capture.printed, "");
	assert_string_equal(capture.said, "");
	capture_free(&capture);
	assert_told(&jobs[0], "a.txt: signed; the signature is in a.txt.p7s\n", "");
	assert_told(&jobs[1], "",
		    "there: not signed. there.p7s is there already. To sign once more, move it or "
		    "give it another name first.\n");
	sign_fail_output(&request, &jobs[1], "Full");
	assert_string_equal(jobs[1].reason, "there.p7s cannot be written: Full.");
}

/* All is told of a file before it is signed, or it is not signed. */
static void test_files_warned(void **state)
{
	struct capture capture;

	(void)state;
	place_write("a.txt", "a");
	place_write("b.txt", "b");
	for (size_t i = 0; i <= SIGN_WARNINGS_MAX; i++)
		sign_warn(&jobs[0].warnings, "a.txt", "Look.");
	sign_warn(&jobs[1].warnings, "b.txt", "Well.");
	plan(FILES("a.txt", "b.txt"));
	assert_int_equal(jobs[0].warnings.count, SIGN_WARNINGS_MAX);
	assert_string_equal(jobs[0].reason, strerror(ENOMEM));
	assert_null(jobs[1].reason);
	capture_begin(&capture);
	sign_print_warnings(&request);
	sign_tell_plan(&request, &jobs[0]);
	capture_end(&capture);
	assert_string_equal(capture.said,
			    "b.txt: Well.\na.txt: not signed. Cannot allocate memory\n");
	capture_free(&capture);
	sign_warn(&jobs[1].warnings, "b.txt", NULL);
	assert_true(jobs[1].warnings.lacking);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_files_signed),     HERE(test_files_refused),     HERE(test_files_kept),
		HERE(test_files_replaced),   HERE(test_files_that_came),   HERE(test_files_copied),
		HERE(test_files_copied_xml), HERE(test_files_of_one_name), HERE(test_files_of_none),
		HERE(test_files_as_json),    HERE(test_files_stopped),     HERE(test_files_named),
		HERE(test_files_by_window),  HERE(test_files_warned),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
