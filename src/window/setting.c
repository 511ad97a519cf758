/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setting: has a program planned and set up, and keeps what is said. */
#include "window/setting.h"

#include <glib.h>

#include "window/worker.h"

struct setting *setting_new(const char *name, bool undo)
{
	struct setting *setting = g_new0(struct setting, 1);

	setting->program = setup_program_find(name);
	setting->request.undo = undo;
	return setting;
}

void setting_free(struct setting *setting)
{
	setup_plan_free(&setting->plan);
	told_clear(&setting->told);
	g_free(setting);
}

void setting_plan(struct setting *setting)
{
	struct setup_plan *plan = &setting->plan;

	worker_listen(told_hear, &setting->told);
	setting->is_possible =
		setup_program_plan(setting->program, &setting->request, plan) == APP_OK;
	if (setting->is_possible) {
		setup_plan_show(plan);
		setup_plan_show_by_hand(plan);
	}
	worker_listen(NULL, NULL);
}

bool setting_has_steps(const struct setting *setting)
{
	return setting->is_possible && setting->plan.count > 0;
}

bool setting_is_done(const struct setting *setting)
{
	return setting->is_possible && setting->plan.count == 0 && setting->plan.by_hand == NULL;
}

void setting_follow(struct setting *setting)
{
	told_clear(&setting->told);
	worker_listen(told_hear, &setting->told);
	if (setup_program_follow(setting->program, &setting->request, &setting->plan) == APP_OK)
		setup_program_tell_done(setting->program, &setting->request);
	worker_listen(NULL, NULL);
}
