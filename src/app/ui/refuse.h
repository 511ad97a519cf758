/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* refuse: says why a command ends without its work, for people and for programs. */
#ifndef JPKI_APP_UI_REFUSE_H
#define JPKI_APP_UI_REFUSE_H

#include <stdbool.h>

#include "app/app.h"
#include "app/ui/situation.h"

/*
 * Says why a command ends without its work: on standard error, and with json also as an object on
 * standard output ("situation" and "message"). For a situation without arguments. Returns how jpki
 * ends.
 */
int ui_refuse(bool json, enum situation situation);

/*
 * The same for what no situation tells of: the command line makes no sense (code APP_USAGE), or
 * something is wrong with a file, which may be NULL. message is in words, translated.
 */
int ui_fail(bool json, enum app_exit code, const char *file, const char *message);

#endif
