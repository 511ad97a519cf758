/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_files: plans the signatures, and prints what became of them. */
#include "app/sign/sign_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/atomic_file.h"
#include "app/host/signals.h"
#include "app/sign/sign_pdf.h"
#include "app/sign/sign_xml.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/situation.h"
#include "app/ui/text.h"
#include "document/kind.h"

/* More than a signature without its file takes, certificates included. */
#define SIGNATURE_BYTES 65536

void sign_fail(struct sign_job *job, const char *reason)
{
	free(job->reason);
	job->reason = strdup(reason);
}

/* Return what a file is called to the person: a window has no room for its folders. */
static const char *name_of(const struct sign_request *request, const char *path)
{
	return request->by_window ? text_file_name(path) : path;
}

void sign_fail_output(const struct sign_request *request, struct sign_job *job, const char *why)
{
	int length;

	free(job->reason);
	if (request->by_window)
		/* TRANSLATORS: a file, and why. */
		length = asprintf(&job->reason, _("%s cannot be written: %s."),
				  name_of(request, job->output), why);
	else
		/* TRANSLATORS: a file, and why. */
		length = asprintf(&job->reason,
				  _("%s cannot be written: %s. Another place can be given with "
				    "--output (-o), one file at a time."),
				  job->output, why);
	if (length < 0)
		job->reason = NULL;
}

/* The same with a whole sentence about that file. */
static void fail_obstacle(const struct sign_request *request, struct sign_job *job,
			  const char *sentence)
{
	free(job->reason);
	if (asprintf(&job->reason, "%s: %s", name_of(request, job->output), sentence) < 0)
		job->reason = NULL;
}

/* The same because there is a file of that name. */
static void fail_taken(const struct sign_request *request, struct sign_job *job)
{
	int length;

	free(job->reason);
	if (request->by_window)
		/* TRANSLATORS: the file of the signature. */
		length = asprintf(&job->reason,
				  _("%s is there already. To sign once more, move it or give it "
				    "another name first."),
				  name_of(request, job->output));
	else
		/* TRANSLATORS: the file of the signature. */
		length = asprintf(&job->reason,
				  _("%s is there already. --force replaces it; another place can "
				    "be given with --output (-o), one file at a time."),
				  job->output);
	if (length < 0)
		job->reason = NULL;
}

/* Return why a document can't be read, in words; NULL if it can, its size and its kind. */
static const char *document_fault(const char *file, uint64_t *bytes, enum document_kind *kind)
{
	uint8_t begin[DOCUMENT_KIND_BYTES];
	struct stat status = {0};
	ssize_t count = 0;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *fault = NULL;

	if (fd < 0 || fstat(fd, &status) != 0)
		fault = strerror(errno);
	else if (S_ISDIR(status.st_mode))
		fault = strerror(EISDIR);
	else if (!S_ISREG(status.st_mode))
		fault = _("It is not a regular file.");
	else if ((count = read(fd, begin, sizeof(begin))) < 0)
		fault = strerror(errno);
	*kind = document_kind_of(begin, count > 0 ? (size_t)count : 0);
	*bytes = (uint64_t)status.st_size;
	if (fd >= 0)
		close(fd);
	return fault;
}

/* Return as what a file is signed. The options for CMS mean that. */
static enum sign_form form_of(const struct sign_request *request, const struct sign_job *job,
			      enum document_kind kind)
{
	if (request->form != SIGN_BY_CONTENT)
		return request->form;
	if (request->raw || request->attached || request->pem)
		return SIGN_CMS;
	return sign_form_of(job->file, kind);
}

/* Return the name of a job's signature, which the caller frees; NULL without memory. */
static char *output_name(const struct sign_request *request, const struct sign_job *job)
{
	const char *suffix = request->raw ? ".sig" : request->attached ? ".p7m" : ".p7s";

	return request->output != NULL ? strdup(request->output)
				       : sign_form_output(job->form, job->file, suffix);
}

bool sign_encloses(const struct sign_request *request, const struct sign_job *job)
{
	return request->attached || job->form == SIGN_PDF || job->form == SIGN_XML;
}

/* Find out whether the signature of a document of this size could be written now. */
static void try_output(const struct sign_request *request, struct sign_job *job, uint64_t bytes)
{
	/* PEM takes four bytes for three, and line feeds. */
	uint64_t inside = !sign_encloses(request, job) ? 0 : request->pem ? bytes / 2 * 3 : bytes;
	const char *hindrance = atomic_file_hindrance(job->output, inside + SIGNATURE_BYTES);

	if (hindrance != NULL)
		sign_fail_output(request, job, hindrance);
}

/* Judge what is a PDF, and note what is to be known of it, and of the name that it gets. */
static void plan_pdf_warned(const struct sign_request *request, struct sign_job *job,
			    const char **reason)
{
	const char *name = sign_pdf_name_fault(job->output);

	if (name != NULL)
		sign_warn(&job->warnings, job->output, name);
	job->pdf =
		sign_pdf_plan(job->file, request->name, request->by_window, &job->warnings, reason);
}

/* Judge a PDF. */
static void plan_pdf(const struct sign_request *request, struct sign_job *job,
		     enum document_kind kind)
{
	const char *reason = NULL;

	if (kind == DOCUMENT_PDF_LATER)
		reason = _("Something stands before the beginning of the PDF in this file. Get it "
			   "again, or print it to a new PDF.");
	else if (kind != DOCUMENT_PDF)
		reason = sign_form_no_pdf(request->form, request->by_window);
	else if (request->key == JPKI_KEY_AUTH && request->name == NULL)
		reason =
			_("The authentication certificate has no name. Give the signer's name with "
			  "--name.");
	else
		plan_pdf_warned(request, job, &reason);
	if (reason != NULL)
		sign_fail(job, reason);
}

/* Prepare an XML document. */
static void plan_xml(const struct sign_request *request, struct sign_job *job)
{
	const char *obstacle = NULL;
	char *reason;

	job->xml = sign_xml_plan(job->file, request->profile, request->by_window, &job->warnings,
				 &reason);
	if (job->xml == NULL)
		sign_fail(job, reason != NULL ? reason : strerror(ENOMEM));
	else
		obstacle = sign_xml_obstacle(job->xml, job->file, job->output, request->force);
	if (obstacle != NULL)
		sign_fail(job, obstacle);
	free(reason);
}

/* Return whether two paths name one file of the same directory, which need not be there yet. */
static bool is_same_place(const char *one, const char *other)
{
	const char *one_base = strrchr(one, '/'), *other_base = strrchr(other, '/');
	char *folders[2] = {NULL};
	struct stat status[2];
	bool same;

	if (strcmp(one_base == NULL ? one : one_base + 1,
		   other_base == NULL ? other : other_base + 1) != 0)
		return false;
	folders[0] = one_base == NULL ? strdup(".") : strndup(one, (size_t)(one_base - one) + 1);
	folders[1] =
		other_base == NULL ? strdup(".") : strndup(other, (size_t)(other_base - other) + 1);
	same = folders[0] != NULL && folders[1] != NULL && stat(folders[0], &status[0]) == 0 &&
	       stat(folders[1], &status[1]) == 0 && status[0].st_dev == status[1].st_dev &&
	       status[0].st_ino == status[1].st_ino;
	free(folders[0]);
	free(folders[1]);
	return same;
}

/* Return whether an earlier job writes the file that this one is to write. */
static bool is_taken(const struct sign_request *request, const struct sign_job *job)
{
	for (const struct sign_job *one = request->jobs; one < job; one++) {
		if (one->reason == NULL && is_same_place(one->output, job->output))
			return true;
	}
	return false;
}

/* Plan one job. documents are the files of all jobs: --force may replace only a signature, and none
 * of them. */
static void plan_job(const struct sign_request *request, struct sign_job *job,
		     const char *const *documents)
{
	enum document_kind kind = DOCUMENT_OTHER;
	uint64_t bytes = 0;
	const char *fault = document_fault(job->file, &bytes, &kind);
	struct stat there;

	job->form = form_of(request, job, kind);
	job->output = output_name(request, job);
	if (fault == NULL && request->name != NULL && job->form != SIGN_PDF)
		fault = _("Only PDFs have --name.");
	if (fault != NULL || job->output == NULL) {
		sign_fail(job, fault != NULL ? fault : strerror(ENOMEM));
		return;
	}
	if (lstat(job->output, &there) == 0 && S_ISDIR(there.st_mode)) {
		sign_fail_output(request, job, strerror(EISDIR));
		return;
	}
	if (!request->force && lstat(job->output, &there) == 0) {
		fail_taken(request, job);
		return;
	}
	if (is_taken(request, job)) {
		sign_fail_output(request, job, _("another of the files has its signature there"));
		return;
	}
	fault = atomic_file_obstacle(job->output, request->force, documents, request->count);
	if (fault != NULL)
		fail_obstacle(request, job, fault);
	else
		try_output(request, job, bytes);
	if (job->reason == NULL && job->form == SIGN_PDF)
		plan_pdf(request, job, kind);
	if (job->reason == NULL && job->form == SIGN_XML)
		plan_xml(request, job);
	/* Nobody signs without having been told all. */
	if (job->reason == NULL && job->warnings.lacking)
		sign_fail(job, strerror(ENOMEM));
}

bool sign_plan(struct sign_request *request)
{
	const char **documents = calloc(request->count, sizeof(*documents));

	if (documents == NULL)
		return false;
	for (size_t i = 0; i < request->count; i++)
		documents[i] = request->jobs[i].file;
	for (size_t i = 0; i < request->count; i++)
		plan_job(request, &request->jobs[i], documents);
	free(documents);
	return true;
}

void sign_free(struct sign_request *request)
{
	for (size_t i = 0; i < request->count; i++) {
		free(request->jobs[i].output);
		free(request->jobs[i].reason);
		sign_pdf_free(request->jobs[i].pdf);
		sign_xml_free(request->jobs[i].xml);
		sign_warnings_free(&request->jobs[i].warnings);
	}
	free(request->jobs);
}

size_t sign_waiting(const struct sign_request *request)
{
	size_t waiting = 0;

	for (size_t i = 0; i < request->count; i++)
		waiting += !request->jobs[i].done && request->jobs[i].reason == NULL ? 1 : 0;
	return waiting;
}

/* Return how many files are signed with one that is to be signed. */
static size_t named_by(const struct sign_job *job)
{
	return job->xml != NULL ? sign_xml_named(job->xml) : 0;
}

/* Return the line that names a file, and says how many more are signed; NULL without memory. */
static char *name_with_more(const struct sign_request *request, const struct sign_job *job,
			    size_t more)
{
	char *visible = text_visible(name_of(request, job->file));
	char *text = NULL;
	int length = -1;

	if (visible != NULL && more == 0)
		length = asprintf(&text, _("File to sign: %s"), visible);
	else if (visible != NULL)
		length = asprintf(&text,
				  ngettext("Files to sign: %s and %zu more",
					   "Files to sign: %s and %zu more", more),
				  visible, more);
	free(visible);
	return length < 0 ? NULL : text;
}

char *sign_purpose_of(const struct sign_request *request, const struct sign_job *job)
{
	return name_with_more(request, job, named_by(job));
}

/* Return the line that names the files that wait, of which there is one at least. */
static char *name_waiting(const struct sign_request *request)
{
	const struct sign_job *first = request->jobs, *job;
	size_t more;

	while (first->done || first->reason != NULL)
		first++;
	more = named_by(first);
	for (job = first + 1; job < request->jobs + request->count; job++) {
		if (!job->done && job->reason == NULL)
			more += 1 + named_by(job);
	}
	return name_with_more(request, first, more);
}

/* Return a text with one more line, and free the text; NULL if there is none, or no memory. */
static char *with_line(char *text, const char *line)
{
	char *whole = NULL;

	if (text != NULL && (line == NULL || asprintf(&whole, "%s\n%s", text, line) < 0))
		whole = NULL;
	free(text);
	return whole;
}

/* Return a text with the line of the reader, as with_line. */
static char *with_reader(char *text, const char *reader)
{
	char *visible = text_visible(reader);
	char *line = NULL;

	if (visible != NULL && asprintf(&line, _("Reader: %s"), visible) < 0)
		line = NULL;
	text = with_line(text, line);
	free(visible);
	free(line);
	return text;
}

char *sign_purpose(const struct sign_request *request)
{
	char *text = sign_waiting(request) > 0 ? name_waiting(request) : NULL;

	if (request->reader != NULL)
		text = with_reader(text, request->reader);
	/* Only this certificate tells of its holder, and a bare signature is without it. */
	if (request->key == JPKI_KEY_SIGN && !request->raw)
		text = with_line(text, _("The signature will contain your name, address, date of "
					 "birth and sex; whoever receives it can read them."));
	return text;
}

/* Print that a file was not signed. */
static void print_fault(const struct sign_request *request, const struct sign_job *job)
{
	if (job->reason == NULL)
		ui_line(stderr, UI_BAD, _("%s: not signed."), name_of(request, job->file));
	else
		ui_line(stderr, UI_BAD, _("%s: not signed. %s"), name_of(request, job->file),
			job->reason);
}

/* Print what the signer should know of one file before the password. */
static void print_warnings(const struct sign_request *request, const struct sign_job *job)
{
	for (size_t i = 0; i < job->warnings.count; i++) {
		const struct sign_warning *warning = &job->warnings.list[i];

		ui_line(stderr, UI_WARN, "%s: %s", name_of(request, warning->about), warning->text);
	}
}

void sign_print_warnings(const struct sign_request *request)
{
	for (size_t i = 0; i < request->count; i++) {
		if (request->jobs[i].reason == NULL)
			print_warnings(request, &request->jobs[i]);
	}
}

void sign_tell_plan(const struct sign_request *request, const struct sign_job *job)
{
	if (job->reason != NULL)
		print_fault(request, job);
	else
		print_warnings(request, job);
}

void sign_print_faults(struct sign_request *request)
{
	for (size_t i = 0; i < request->count; i++) {
		struct sign_job *job = &request->jobs[i];

		if (job->reason == NULL)
			continue;
		print_fault(request, job);
		job->told = true;
	}
}

/* Print that a file was signed. */
static void print_done(const struct sign_request *request, const struct sign_job *job)
{
	const char *file = name_of(request, job->file);
	const char *output = name_of(request, job->output);

	if (job->form == SIGN_XML)
		sign_xml_tell(job->xml, file, output);
	else if (job->form == SIGN_PDF)
		ui_line(stdout, UI_GOOD, _("%s: signed; the signed PDF is %s"), file, output);
	else
		ui_line(stdout, UI_GOOD, _("%s: signed; the signature is in %s"), file, output);
	/* In a window this takes the place of what was said before. */
	for (size_t i = 0; request->by_window && i < job->warnings.count; i++)
		ui_line(stdout, UI_WARN, "%s", job->warnings.list[i].text);
}

void sign_tell(const struct sign_request *request, const struct sign_job *job)
{
	if (job->done)
		print_done(request, job);
	else
		print_fault(request, job);
}

static void print_text(const struct sign_request *request)
{
	bool chosen = false;

	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		if (!job->done)
			continue;
		print_done(request, job);
		chosen |= job->form == SIGN_PDF && request->form == SIGN_BY_CONTENT;
	}
	if (chosen)
		ui_line(stdout, UI_PLAIN, "%s",
			_("A PDF is signed in a copy; the original stays as it was. --cms makes a "
			  "signature file (.p7s) instead."));
	fflush(stdout);
	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		if (!job->done && !job->told)
			print_fault(request, job);
	}
}

static const char *form_name(const struct sign_request *request, const struct sign_job *job)
{
	if (job->form == SIGN_PDF)
		return "pdf";
	if (job->form == SIGN_XML)
		return "xml";
	return request->raw ? "raw" : "cms";
}

static json_t *json_of_job(const struct sign_request *request, const struct sign_job *job)
{
	json_t *entry = json_pack("{s:b}", "signed", (int)job->done);
	json_t *warnings = json_array();
	const char *of_form = job->xml != NULL ? sign_xml_warning(request->profile) : NULL;

	ui_json_set_file(entry, "file", job->file);
	if (of_form != NULL)
		json_array_append_new(warnings, ui_json_text(of_form));
	for (size_t i = 0; i < job->warnings.count; i++)
		json_array_append_new(warnings, ui_json_text(job->warnings.list[i].text));
	if (json_array_size(warnings) > 0)
		json_object_set(entry, "warnings", warnings);
	json_decref(warnings);
	if (job->done) {
		json_object_set_new(entry, "form", json_string(form_name(request, job)));
		ui_json_set_file(entry, "signature", job->output);
	} else if (job->reason != NULL) {
		json_object_set_new(entry, "reason", ui_json_text(job->reason));
	}
	return entry;
}

/*
 * Return which file was the first that was not signed, and why, which the caller frees; NULL if all
 * were signed, and without memory.
 */
static char *fault_of_files(const struct sign_request *request)
{
	char *text = NULL;

	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		if (job->done)
			continue;
		if (asprintf(&text, "%s: %s", job->file,
			     job->reason != NULL ? job->reason : _("Signing failed.")) < 0)
			text = NULL;
		break;
	}
	return text;
}

static void print_json(const struct sign_request *request, enum situation situation)
{
	char *message = situation == SITUATION_NONE ? fault_of_files(request) : NULL;
	const struct date_validity *earlier =
		date_effective(&request->validity, &request->auth_validity);
	json_t *files = json_array();

	for (size_t i = 0; i < request->count; i++)
		json_array_append_new(files, json_of_job(request, &request->jobs[i]));
	ui_json(json_pack("{s:s*, s:o*, s:s, s:s*, s:s*, s:o}", "situation",
			  situation != SITUATION_NONE ? situation_name(situation)
			  : message != NULL           ? "file"
						      : NULL,
			  "message", message != NULL ? ui_json_text(message) : NULL, "key",
			  key_name(request->key), "certificate_last_day",
			  request->validity.last_day[0] == '\0' ? NULL : request->validity.last_day,
			  "auth_last_day", earlier == &request->validity ? NULL : earlier->last_day,
			  "files", files));
	free(message);
}

void sign_print(const struct sign_request *request, enum situation situation)
{
	if (request->common.json)
		print_json(request, situation);
	else if (!request->by_window)
		print_text(request);
}

int sign_end(const struct sign_request *request, enum situation situation)
{
	enum app_exit code = APP_OK;

	if (situation == SITUATION_CANCELLED)
		ui_line(stderr, UI_WARN, "%s", _("Stopped."));
	else if (situation != SITUATION_NONE)
		ui_say_pin(stderr, UI_BAD, situation, request->key);
	for (size_t i = 0; i < request->count; i++)
		code = request->jobs[i].done ? code : APP_FAILED;
	if (situation != SITUATION_NONE)
		code = situation_exit(situation);
	return (int)code;
}

int sign_give_up(enum situation situation, void *request)
{
	signals_remove_now();
	sign_print(request, situation);
	return sign_end(request, situation);
}
