/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* process: begins and ends a process that prints for people and for programs. */
#ifndef JPKI_APP_UI_PROCESS_H
#define JPKI_APP_UI_PROCESS_H

/*
 * Call ui_begin first and ui_end last. If the arguments include "--json" or "-j", and the command
 * fails without having printed JSON, for example because the command line is wrong, an object with
 * "situation" and "message" is printed. ui_end returns the exit code: APP_FAILED if standard output
 * did not take everything, else result.
 */
void ui_begin(int argc, char **argv);
int ui_end(int result);

#endif
