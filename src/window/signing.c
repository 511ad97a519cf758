/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signing: has files planned and signed by the rooms of the command. */
#include "window/signing.h"

#include <stdlib.h>

#include "app/sign/sign_card.h"
#include "app/sign/sign_xml.h"
#include "window/worker.h"

static void choose_form(struct sign_request *request, enum signing_kind kind)
{
	static const struct {
		enum sign_form form;
		enum xml_profile profile;
	} forms[] = {
		[SIGNING_BY_CONTENT] = {.form = SIGN_BY_CONTENT},
		[SIGNING_CMS] = {.form = SIGN_CMS},
		[SIGNING_E_GOV] = {.form = SIGN_XML, .profile = XML_E_GOV},
		[SIGNING_XML_WHOLE] = {.form = SIGN_XML, .profile = XML_ENVELOPED},
		[SIGNING_E_TAX] = {.form = SIGN_XML, .profile = XML_E_TAX},
	};

	request->form = forms[kind].form;
	request->profile = forms[kind].profile;
}

struct signing *signing_new(char **files, enum signing_kind kind, const char *serial,
			    const char *reader)
{
	struct signing *signing = g_new0(struct signing, 1);
	struct sign_request *request = &signing->request;
	size_t count = g_strv_length(files);

	signing->files = g_strdupv(files);
	signing->serial = g_strdup(serial);
	signing->reader = g_strdup(reader);
	signing->told = g_new0(struct told, count);
	request->key = JPKI_KEY_SIGN;
	request->by_window = true;
	request->common.serial = signing->serial;
	choose_form(request, kind);
	/* sign_free frees it. */
	request->jobs = calloc(count, sizeof(*request->jobs));
	request->count = request->jobs != NULL ? count : 0;
	for (size_t i = 0; i < request->count; i++)
		request->jobs[i].file = signing->files[i];
	return signing;
}

void signing_free(struct signing *signing)
{
	for (size_t i = 0; i < signing->request.count; i++)
		told_clear(&signing->told[i]);
	told_clear(&signing->told_first);
	sign_free(&signing->request);
	g_strfreev(signing->files);
	g_free(signing->told);
	g_free(signing->serial);
	g_free(signing->reader);
	g_free(signing);
}

void signing_plan(struct signing *signing)
{
	struct sign_request *request = &signing->request;

	signing->is_planned = request->count > 0 && sign_plan(request);
	for (size_t i = 0; i < request->count; i++) {
		worker_listen(told_hear, &signing->told[i]);
		sign_tell_plan(request, &request->jobs[i]);
	}
	worker_listen(told_hear, &signing->told_first);
	if (request->form == SIGN_XML)
		sign_xml_warn(request->profile);
	worker_listen(NULL, NULL);
}

void signing_tell(struct signing *signing)
{
	for (size_t i = 0; i < signing->request.count; i++) {
		told_clear(&signing->told[i]);
		worker_listen(told_hear, &signing->told[i]);
		sign_tell(&signing->request, &signing->request.jobs[i]);
	}
	worker_listen(NULL, NULL);
}

int signing_work(void *argument, struct asking *asking)
{
	struct signing *signing = argument;
	int result = sign_with_card(&signing->request);

	signing_tell(signing);
	asking_listen(asking);
	return result;
}
