/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * guard: runs a parser in a process of its own, with bounds for its memory and its time.
 *
 * Documents come from others. A parser that is led to a crash, an endless loop or a flood of memory
 * takes only its own process with it, and can open no file and no connection.
 */
#include "document/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_PIECE 65536
#define POLL_MS      1000

/* A process that works, and the end of the pipe where its answer comes. */
struct reader {
	pid_t process;
	int in;
	bool stuck;
};

/* Return how much address space this process has. */
static rlim_t space_now(void)
{
	char line[32] = "";
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file != NULL && fgets(line, sizeof(line), file) != NULL)
		pages = strtoul(line, NULL, 10);
	if (file != NULL)
		fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static bool bound(int resource, rlim_t value)
{
	struct rlimit limit = {value, value};

	return setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

static bool enter_bounds(void)
{
	rlim_t space = space_now();

	/* Nothing that the parent does at a signal may happen here, too. */
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	return space > 0 && bound(RLIMIT_AS, space + GUARD_BYTES) && bound(RLIMIT_CORE, 0) &&
	       bound(RLIMIT_CPU, GUARD_SECONDS) && bound(RLIMIT_NOFILE, 0);
}

/* What the child does. */
static _Noreturn void serve(guard_work *work, void *argument, int out, pid_t parent)
{
	FILE *answer;
	bool done;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(out, 0) != 0)
		_exit(1);
	close_range(1, ~0U, 0);
	answer = fdopen(0, "w");
	if (answer == NULL || !enter_bounds())
		_exit(1);
	work(answer, argument);
	done = fflush(answer) == 0 && ferror(answer) == 0;
	_exit(done ? 0 : 1);
}

/* Return how long the process has worked, in nanoseconds; -1 if that is not known. */
static int64_t work_ns(pid_t process)
{
	struct timespec work;
	clockid_t clock;

	if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &work) != 0)
		return -1;
	return (int64_t)work.tv_sec * 1000000000 + work.tv_nsec;
}

/*
 * Wait for more of the answer, or its end. False if the process is stuck: it works on memory alone,
 * so it waits for nothing but a lock that another thread of the parent had when the process was
 * made, and which nobody opens here.
 */
static bool await_more(struct reader *reader)
{
	struct pollfd answer = {.fd = reader->in, .events = POLLIN};
	int64_t worked = 0;
	int silent = 0;

	while (!reader->stuck && poll(&answer, 1, POLL_MS) == 0) {
		int64_t now = work_ns(reader->process);

		silent = now < 0 || now != worked ? 0 : silent + 1;
		worked = now;
		reader->stuck = silent * POLL_MS >= GUARD_STUCK_SECONDS * 1000;
	}
	return !reader->stuck;
}

/* Return whether everything up to the end was read, and fits. */
static bool collect(struct reader *reader, size_t limit, char **answer, size_t *length)
{
	size_t room = 0;
	ssize_t count;

	for (;;) {
		if (room - *length < ANSWER_PIECE) {
			char *more = realloc(*answer, room + ANSWER_PIECE);

			if (more == NULL)
				return false;
			*answer = more;
			room += ANSWER_PIECE;
		}
		if (!await_more(reader))
			return false;
		do
			count = read(reader->in, *answer + *length, room - *length);
		while (count < 0 && errno == EINTR);
		if (count <= 0)
			return count == 0;
		*length += (size_t)count;
		if (*length > limit)
			return false;
	}
}

/* Return whether the child ended well. */
static bool await(pid_t child)
{
	pid_t ended;
	int status;

	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* As guard_run, once; *stuck tells whether the process was stuck. */
static bool run_once(guard_work *work, void *argument, size_t limit, char **answer, size_t *length,
		     bool *stuck)
{
	struct reader reader = {.stuck = false};
	pid_t parent = getpid();
	int ends[2];
	bool done = false;

	*answer = NULL;
	*length = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	reader.in = ends[0];
	reader.process = fork();
	if (reader.process == 0)
		serve(work, argument, ends[1], parent);
	close(ends[1]);
	if (reader.process > 0) {
		done = collect(&reader, limit, answer, length);
		if (!done)
			kill(reader.process, SIGKILL);
		done = await(reader.process) && done;
	}
	close(ends[0]);
	if (!done) {
		free(*answer);
		*answer = NULL;
		*length = 0;
	}
	*stuck = reader.stuck;
	return done;
}

bool guard_run(guard_work *work, void *argument, size_t limit, char **answer, size_t *length)
{
	bool stuck = false;
	bool done = run_once(work, argument, limit, answer, length, &stuck);

	/* The next one is hardly made at such a moment again. */
	if (stuck)
		done = run_once(work, argument, limit, answer, length, &stuck);
	return done;
}
