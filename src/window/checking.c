/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* checking: has each file verified, and keeps what is said of it. */
#include "window/checking.h"

#include "app/verify/verify_run.h"
#include "window/worker.h"

struct checking *checking_new(char **files, const char *serial)
{
	struct checking *checking = g_new0(struct checking, 1);

	checking->files = g_strdupv(files);
	checking->count = g_strv_length(checking->files);
	checking->serial = g_strdup(serial);
	checking->told = g_new0(struct told, checking->count);
	return checking;
}

void checking_free(struct checking *checking)
{
	for (size_t i = 0; i < checking->count; i++)
		told_clear(&checking->told[i]);
	g_free(checking->told);
	g_strfreev(checking->files);
	g_free(checking->serial);
	g_free(checking);
}

static gboolean tell_at(void *checking)
{
	struct checking *told = checking;

	told->at(told->shown++, told->argument);
	return G_SOURCE_REMOVE;
}

void checking_work(struct checking *checking)
{
	for (size_t i = 0; i < checking->count && g_atomic_int_get(&checking->stops) == 0; i++) {
		/* Who presses the button wants to know who signed. */
		struct verify_request request = {.signature = checking->files[i],
						 .key = JPKI_KEY_SIGN,
						 .show_personal = true,
						 .by_window = true,
						 .common = {.serial = checking->serial}};

		/* It comes before the end of this work, until which checking stays. */
		g_idle_add_full(G_PRIORITY_DEFAULT, tell_at, checking, NULL);
		worker_listen(told_hear, &checking->told[i]);
		(void)verify_run(&request);
		checking->done++;
	}
	worker_listen(NULL, NULL);
}
