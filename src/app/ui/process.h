/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* process: begins and ends a process that prints for people and for programs. */
#ifndef JPKI_APP_UI_PROCESS_H
#define JPKI_APP_UI_PROCESS_H

/*
 * First and last of a process. With "--json" or "-j" among the arguments, a command that ends with
 * anything but 0 and has printed no JSON is given an object of "situation" and "message", for
 * example when the command line is wrong. ui_end returns how the process is to end: with
 * APP_FAILED when standard output did not take all, else with result.
 */
void ui_begin(int argc, char **argv);
int ui_end(int result);

#endif
