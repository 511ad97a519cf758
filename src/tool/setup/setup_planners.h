/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_planners: lists the programs that jpki setup can set up, with a planner for each. */
#ifndef JPKI_TOOL_SETUP_SETUP_PLANNERS_H
#define JPKI_TOOL_SETUP_SETUP_PLANNERS_H

#include "tool/setup/setup_plan.h"

/*
 * Finds out what is to be done for a program, or to be taken back; nothing is changed. APP_OK,
 * also with no step: it is done already. Otherwise it cannot be done, and that was said by
 * setup_refuse.
 */
typedef enum app_exit setup_planner(struct setup_plan *plan, const struct setup_request *request);

setup_planner setup_plan_firefox, setup_plan_chromium, setup_plan_ssh, setup_plan_java,
	setup_plan_p11_kit, setup_plan_hide_opensc;

#endif
