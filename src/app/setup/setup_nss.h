/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_nss: plans changes of NSS databases, made by NSS's own programs. */
#ifndef JPKI_APP_SETUP_SETUP_NSS_H
#define JPKI_APP_SETUP_SETUP_NSS_H

#include "app/setup/setup_plan.h"

/* Return APP_OK if NSS's programs are there; else setup_refuse has said that they are missing. */
enum app_exit setup_nss_need_programs(struct setup_plan *plan);

/*
 * Add a step that adds a module to the database of a directory (verb "-add", with its file), or
 * removes one ("-delete", library NULL). Copies the texts.
 */
void setup_nss_modutil(struct setup_plan *plan, const char *directory, const char *verb,
		       const char *name, const char *library);

#endif
