/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tool: declares the subcommands of jpki, which main calls. */
#ifndef JPKI_TOOL_TOOL_H
#define JPKI_TOOL_TOOL_H

#include "app/app.h"

/*
 * A subcommand. argv[0] is its name as typed ("jpki status"), so that argp's messages are right.
 * Returns the exit code of the process.
 */
typedef int tool_command(int argc, char **argv);

tool_command tool_status, tool_cert, tool_pin, tool_sign, tool_verify, tool_doctor, tool_setup;

#endif
