/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/output.h"
#include "tool/pin.h"
#include "tool/signature.h"
#include "tool/ui.h"

static void fail(struct sign_job *job, const char *reason)
{
	free(job->reason);
	job->reason = strdup(reason);
}

static void plan_job(const struct sign_request *request, struct sign_job *job)
{
	const char *suffix = request->raw ? ".sig" : request->attached ? ".p7m" : ".p7s";
	struct stat status;
	struct stat there;
	int fd;

	job->output = NULL;
	if (request->output != NULL)
		job->output = strdup(request->output);
	else if (asprintf(&job->output, "%s%s", job->file, suffix) < 0)
		job->output = NULL;
	fd = open(job->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (job->output == NULL || fd < 0 || fstat(fd, &status) != 0)
		fail(job, strerror(errno));
	else if (S_ISDIR(status.st_mode))
		fail(job, strerror(EISDIR));
	else if (!S_ISREG(status.st_mode))
		fail(job, strerror(EINVAL));
	else if (lstat(job->output, &there) != 0)
		; /* nothing is in the way */
	else if (!request->force)
		fail(job, _("It is signed already (--force signs anew)."));
	/* Only a signature is signed anew: not the document itself, nor anything that is no file.
	 */
	else if (!S_ISREG(there.st_mode) ||
		 (there.st_dev == status.st_dev && there.st_ino == status.st_ino))
		fail(job, strerror(EINVAL));
	if (fd >= 0)
		close(fd);
}

void sign_plan(struct sign_request *request)
{
	for (size_t i = 0; i < request->count; i++)
		plan_job(request, &request->jobs[i]);
}

size_t sign_waiting(const struct sign_request *request)
{
	size_t waiting = 0;

	for (size_t i = 0; i < request->count; i++)
		waiting += !request->jobs[i].done && request->jobs[i].reason == NULL ? 1 : 0;
	return waiting;
}

/* Returns a situation that no other file can be signed in either; else SITUATION_COUNT. */
static enum situation sign_job(const struct sign_request *request, struct pkcs11_key *key,
			       struct sign_job *job)
{
	struct signature_plan plan = {.form = request->raw        ? SIGNATURE_RAW
					      : request->attached ? SIGNATURE_ATTACHED
								  : SIGNATURE_DETACHED,
				      .pem = request->pem,
				      .key = key->key,
				      .certificate = key->certificate,
				      .issuer = request->chain ? key->issuer : NULL};
	enum situation situation = SITUATION_COUNT;
	struct output output;
	BIO *content = BIO_new_file(job->file, "rb");

	if (content == NULL || !output_begin(&output, job->output)) {
		fail(job, strerror(errno));
		BIO_free(content);
		return SITUATION_COUNT;
	}
	errno = 0;
	if (signature_make(&plan, content, output.bio)) {
		job->done = output_commit(&output, request->force);
		if (!job->done)
			fail(job, strerror(errno));
	} else {
		int error = errno;

		output_drop(&output);
		situation = pkcs11_key_problem(key);
		if (situation == SITUATION_COUNT)
			fail(job, error != 0 ? strerror(error) : _("It could not be signed."));
	}
	BIO_free(content);
	return situation;
}

static volatile sig_atomic_t stop;

static void note_signal(int number)
{
	stop = number;
}

/* A signal lets the file be finished that is being signed. A second one does not wait. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = note_signal,
				   .sa_flags = SA_RESTART | (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

enum situation sign_files(struct sign_request *request, struct pkcs11_key *key)
{
	enum situation situation = SITUATION_COUNT;
	size_t total = sign_waiting(request);
	size_t tried = 0;

	catch_signals();
	for (size_t i = 0; i < request->count && situation == SITUATION_COUNT; i++) {
		if (request->jobs[i].reason != NULL)
			continue;
		ui_progress(_("Signing"), tried++, total);
		situation =
			stop != 0 ? SITUATION_CANCELLED : sign_job(request, key, &request->jobs[i]);
	}
	ui_progress(_("Signing"), total, total);
	return situation;
}

static void print_text(const struct sign_request *request)
{
	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		if (job->done)
			ui_line(stdout, UI_GOOD, _("%s: signed; the signature is in %s"), job->file,
				job->output);
	}
	fflush(stdout);
	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		if (!job->done && job->reason == NULL)
			ui_line(stderr, UI_BAD, _("%s: not signed."), job->file);
		else if (!job->done)
			ui_line(stderr, UI_BAD, _("%s: not signed. %s"), job->file, job->reason);
	}
}

static void print_json(const struct sign_request *request, enum situation situation)
{
	json_t *files = json_array();

	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		json_array_append_new(files, json_pack("{s:s, s:b, s:s*, s:s*}", "file", job->file,
						       "signed", (int)job->done, "signature",
						       job->done ? job->output : NULL, "reason",
						       job->done ? NULL : job->reason));
	}
	ui_json(json_pack("{s:s*, s:s, s:s*, s:o}", "situation",
			  situation == SITUATION_COUNT ? NULL : situation_name(situation), "key",
			  pin_name(request->key), "certificate_last_day",
			  request->validity.last_day[0] == '\0' ? NULL : request->validity.last_day,
			  "files", files));
}

void sign_print(const struct sign_request *request, enum situation situation)
{
	if (request->json)
		print_json(request, situation);
	else
		print_text(request);
}
