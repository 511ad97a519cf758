/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pinentry_process: starts the program pinentry, and sees to it that it ends. */
#include "app/ask/pinentry_process.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXECUTABLE "pinentry"
/* How long a pinentry that was told to end is waited for, and between two looks. */
#define GRACE_MS 2000
#define LOOK_MS  5

/*
 * In the child: become pinentry. Other threads may have held any lock at the fork, so only system
 * calls are made here. A pinentry with a window reads nothing while it is open, so it does not
 * notice when we are killed (measured with pinentry-gtk-2): the kernel ends it then.
 */
static _Noreturn void become_pinentry(int end, pid_t parent, const sigset_t *mask)
{
	char *arguments[] = {(char[]){EXECUTABLE}, NULL};

	/* We may have been killed before the kernel knew what to do then. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    dup2(end, STDIN_FILENO) >= 0 && dup2(end, STDOUT_FILENO) >= 0 &&
	    sigprocmask(SIG_SETMASK, mask, NULL) == 0)
		execvp(EXECUTABLE, arguments);
	_exit(127);
}

bool pinentry_process_start(struct pinentry_process *process, const sigset_t *mask)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	/* Unlike fork, it does not wait for another thread that is in a call of PC/SC (card/scard).
	 */
	process->id = _Fork();
	if (process->id == 0)
		become_pinentry(ends[1], parent, mask);
	close(ends[1]);
	if (process->id < 0)
		close(ends[0]);
	else
		process->fd = ends[0];
	return process->id >= 0;
}

/* Return whether the process has ended, and then forget it. */
static bool has_ended(const struct pinentry_process *process)
{
	pid_t ended;

	do
		ended = waitpid(process->id, NULL, WNOHANG);
	while (ended < 0 && errno == EINTR);
	return ended != 0;
}

void pinentry_process_end(struct pinentry_process *process)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	bool ended;

	close(process->fd);
	kill(process->id, SIGTERM);
	ended = has_ended(process);
	for (int waited_ms = 0; waited_ms < GRACE_MS && !ended; waited_ms += LOOK_MS) {
		nanosleep(&pause, NULL);
		ended = has_ended(process);
	}
	if (ended)
		return;
	kill(process->id, SIGKILL);
	while (waitpid(process->id, NULL, 0) < 0 && errno == EINTR)
		;
}
