/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* refuse: says why a command ends without doing its work, for people and for programs. */
#ifndef JPKI_APP_UI_REFUSE_H
#define JPKI_APP_UI_REFUSE_H

#include <stdbool.h>

#include "app/app.h"
#include "app/ui/situation.h"

/*
 * Say why a command ends without doing its work: on standard error and, with json, as an object
 * with "situation" and "message" on standard output. The situation must not take arguments. Return
 * the exit code.
 */
int ui_refuse(bool json, enum situation situation);

/* The same with the text that names the PIN of key (situation_pin_text). */
int ui_refuse_pin(bool json, enum situation situation, enum jpki_key key);

/* Print only the object, and return the exit code: the rest was said before. */
int ui_refuse_in_json(bool json, enum situation situation, const char *message);

/*
 * The same for a failure that is no situation: the command line is wrong (code APP_USAGE), or
 * something is wrong with file, which may be NULL. message is translated.
 */
int ui_fail(bool json, enum app_exit code, const char *file, const char *message);

/* The same with a situation's name for programs, and a message that says which file it is. */
int ui_fail_as(bool json, enum app_exit code, const char *situation, const char *file,
	       const char *message);

#endif
