/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_planners: lists the programs that jpki setup can set up, with a planner for each. */
#ifndef JPKI_APP_SETUP_SETUP_PLANNERS_H
#define JPKI_APP_SETUP_SETUP_PLANNERS_H

#include "app/setup/setup_plan.h"

/*
 * Find out what must be done, or undone, for a program; changes nothing. Return APP_OK, also if the
 * plan has no step because there is nothing to do. Otherwise it cannot be done, and setup_refuse
 * has said why.
 */
typedef enum app_exit setup_planner(struct setup_plan *plan, const struct setup_request *request);

setup_planner setup_plan_firefox, setup_plan_chromium, setup_plan_ssh, setup_plan_java,
	setup_plan_p11_kit, setup_plan_hide_opensc, setup_plan_portal;

#endif
