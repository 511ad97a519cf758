/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sign_run: makes the signature of one file, or those of many in groups.
 *
 * A signature takes the card a third of a second, and a group of them shares one presentation of
 * the PIN. So each file of a group is read twice: first to find out what is to be signed, with a
 * key that only notes it, and once the card has signed for all, to write the signature, or the copy
 * with the signature in it. Of these only XML stays in memory. If a file has changed meanwhile it
 * is noticed, because its hash is another one then, or what is to be signed.
 */
#include "app/sign/sign_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/card/module_pool.h"
#include "app/host/atomic_file.h"
#include "app/host/signals.h"
#include "app/sign/sign_pdf.h"
#include "app/sign/sign_xml.h"
#include "app/signature/signature_make.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"

/* While one group is signed, the next one is read, and the one before is written. */
#define GROUPS 2

struct group {
	struct sign_job *jobs[MODULE_POOL_SIZE];
	struct module_block blocks[MODULE_POOL_SIZE];
	size_t count;
};

struct run {
	struct sign_request *request;
	struct module_key *key;
	struct module_pool *pool;
	size_t next;              /* the job to look at next */
	size_t tried, total;      /* how many files were written or have failed, of how many */
	enum situation situation; /* what stops all files that were not begun */
};

/* Write the signature of a job, or its signed copy. On false *reason says why in words, or is NULL.
 */
static bool write_signature(const struct run *run, const struct sign_job *job, BIO *out,
			    const char **reason)
{
	const struct sign_request *request = run->request;
	struct signature_plan plan = {.form = request->raw        ? SIGNATURE_RAW
					      : request->attached ? SIGNATURE_ATTACHED
								  : SIGNATURE_DETACHED,
				      .pem = request->pem,
				      .when = job->when,
				      .key = run->key->key,
				      .certificate = run->key->certificate,
				      .issuer = request->chain ? run->key->issuer : NULL};
	BIO *content;
	bool done;

	*reason = NULL;
	errno = 0;
	if (job->form == SIGN_PDF)
		return sign_pdf_make(job->pdf, job->file, request->name, &plan, out, reason);
	if (job->form == SIGN_XML)
		return sign_xml_make(job->xml, job->file, &plan, out, reason);
	content = BIO_new_file(job->file, "rb");
	if (content == NULL)
		*reason = strerror(errno);
	done = content != NULL && signature_make(&plan, content, out);
	BIO_free(content);
	return done;
}

/* Note why a signature was not made, by the reason or else by the error of the system, if it is the
 * file's own fault; or return the situation that stops all other files, too. */
static enum situation judge(const struct run *run, struct sign_job *job, const char *reason,
			    int error)
{
	enum situation situation = SITUATION_NONE;

	if (reason == NULL)
		situation = module_key_problem(run->key);
	if (situation == SITUATION_NONE)
		sign_fail(job, reason != NULL ? reason
			       : error != 0   ? strerror(error)
					      : _("Signing failed."));
	return situation;
}

/* Sign one file: with the card, or if block is not NULL with the signature in it. Return the
 * situation if it stops all other files, too; otherwise SITUATION_NONE. */
static enum situation sign_job(const struct run *run, struct sign_job *job,
			       const struct module_block *block)
{
	struct module_key *key = run->key;
	struct atomic_file output;
	const char *source, *reason;
	bool done;
	int error;

	/* Whoever may not read a file may not read what has it in it. */
	source = sign_encloses(run->request, job) ? job->file : NULL;
	if (!atomic_file_begin(&output, job->output, source)) {
		sign_fail_output(run->request, job, strerror(errno));
		return SITUATION_NONE;
	}
	key->purpose = sign_purpose_of(run->request, job);
	done = write_signature(run, job, output.bio, &reason);
	error = errno;
	free(key->purpose);
	key->purpose = NULL;
	if (done) {
		job->done = atomic_file_commit(&output, run->request->force);
		if (!job->done)
			sign_fail_output(run->request, job, strerror(errno));
		return SITUATION_NONE;
	}
	atomic_file_drop(&output);
	if (block != NULL && block->differs)
		reason = _("It was changed in the meantime.");
	return judge(run, job, reason, error);
}

/* Tell which file is at work. */
static void show(struct run *run, const struct sign_job *job)
{
	if (run->total > 1)
		ui_progress(_("Signing"), job->file, run->tried++, run->total);
}

/* --- one after the other --------------------------------------------------------------------- */

static void sign_each(struct run *run)
{
	struct sign_request *request = run->request;

	for (size_t i = 0; i < request->count && run->situation == SITUATION_NONE; i++) {
		if (request->jobs[i].reason != NULL)
			continue;
		show(run, &request->jobs[i]);
		request->jobs[i].when = time(NULL);
		run->situation = signals_noted() ? SITUATION_CANCELLED
						 : sign_job(run, &request->jobs[i], NULL);
	}
}

/* --- in groups ------------------------------------------------------------------------------- */

/* Find out what is to be signed of a file. False if it can't be signed, which has been noted. */
static bool collect(struct run *run, struct sign_job *job, struct module_block *block)
{
	BIO *nowhere = BIO_new(BIO_s_null());
	const char *reason = NULL;
	bool done;
	int error;

	*block = (struct module_block){.length = 0};
	job->when = time(NULL);
	module_key_redirect(run->key, block);
	done = nowhere != NULL && write_signature(run, job, nowhere, &reason) && block->length > 0;
	error = errno;
	module_key_redirect(run->key, NULL);
	BIO_free(nowhere);
	if (!done) {
		show(run, job);
		run->situation = judge(run, job, reason, error);
	}
	return done;
}

/* Find what is to be signed of the next files, and have it signed. The group stays empty if there
 * is none, or if all has stopped. */
static void begin_group(struct run *run, struct group *group)
{
	struct sign_request *request = run->request;
	struct module_block *blocks[MODULE_POOL_SIZE];

	group->count = 0;
	for (; run->next < request->count && group->count < MODULE_POOL_SIZE &&
	       run->situation == SITUATION_NONE;
	     run->next++) {
		struct sign_job *job = &request->jobs[run->next];

		if (job->reason != NULL)
			continue;
		if (signals_noted()) {
			run->situation = SITUATION_CANCELLED;
		} else if (collect(run, job, &group->blocks[group->count])) {
			blocks[group->count] = &group->blocks[group->count];
			group->jobs[group->count++] = job;
		}
	}
	module_pool_add(run->pool, blocks, group->count);
}

/* Write what was signed of a group, also of files behind one for which it was not. */
static void end_group(struct run *run, struct group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		struct module_block *block = &group->blocks[i];
		enum situation situation = module_pool_await(run->pool, block);

		if (situation == SITUATION_NONE) {
			show(run, group->jobs[i]);
			module_key_redirect(run->key, block);
			situation = sign_job(run, group->jobs[i], block);
			module_key_redirect(run->key, NULL);
		}
		if (run->situation == SITUATION_NONE)
			run->situation = situation;
	}
}

static void sign_groups(struct run *run)
{
	struct group groups[GROUPS] = {0};
	size_t turn = 0;

	begin_group(run, &groups[0]);
	while (groups[turn % GROUPS].count > 0) {
		begin_group(run, &groups[(turn + 1) % GROUPS]);
		end_group(run, &groups[turn % GROUPS]);
		turn++;
	}
}

enum situation sign_run(struct sign_request *request, struct module_key *key)
{
	struct run run = {.request = request,
			  .key = key,
			  .total = sign_waiting(request),
			  .situation = SITUATION_NONE};

	/* After a signal, what is being signed is still finished, unless it waits for the card. A
	 * window has signals of its own, and signals_wish. */
	if (!request->by_window)
		signals_note();
	patience_set_end(sign_give_up, request);
	/* If there is one file, no question comes in between, and there is nothing to count. */
	if (run.total == 1)
		ui_busy(_("Signing; please do not move the card."));
	else
		run.pool = module_pool_begin(key);
	if (run.pool != NULL)
		sign_groups(&run);
	else
		sign_each(&run);
	module_pool_end(run.pool);
	ui_progress(_("Signing"), NULL, run.total, run.total);
	ui_busy_end();
	return run.situation;
}
