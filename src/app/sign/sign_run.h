/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_run: makes the signatures of jpki sign, and writes each to its file. */
#ifndef JPKI_APP_SIGN_SIGN_RUN_H
#define JPKI_APP_SIGN_SIGN_RUN_H

#include "app/card/module_key.h"
#include "app/sign/sign_files.h"

/*
 * Sign the files that wait, until a situation stops all other files: return it, or else
 * SITUATION_NONE. After a signal, the files being signed are still finished.
 */
enum situation sign_run(struct sign_request *request, struct module_key *key);

#endif
