/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* process: keeps the standard descriptors open, and prints JSON at the end if none was printed. */
#include "app/ui/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/ui/json.h"
#include "app/ui/line.h"

/*
 * Open the standard descriptors that the caller closed, so that the next file to be opened, such as
 * pcscd's socket, does not become standard output. Writing to these fails, as it should.
 */
static void keep_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* Print JSON so that a program that asked for it does not wait in vain. */
static void print_at_last(int status, void *unused)
{
	(void)unused;
	if (status == APP_OK || ui_json_is_printed())
		return;
	if (status == APP_USAGE)
		ui_json(json_pack("{s:s, s:o}", "situation", "usage", "message",
				  ui_json_text(_("The command line is wrong; nothing was done."))));
	else
		ui_json(json_pack("{s:s, s:o}", "situation", "failed", "message",
				  ui_json_text(_("It failed. Standard error says why."))));
}

void ui_begin(int argc, char **argv)
{
	keep_descriptors();
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "-j") == 0) {
			on_exit(print_at_last, NULL);
			return;
		}
	}
}

int ui_end(int result)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && !ui_json_has_failed())
		return result;
	ui_line(stderr, UI_BAD, _("jpki: Standard output could not be written."));
	return APP_FAILED;
}
