/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* screen: opens pseudo-terminals, and reads what is shown on them. */
#include "screen.h"

#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Long enough for a program under valgrind on a loaded machine. */
#define PATIENCE_MS 60000

static int open_master(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	return master;
}

void screen_open(struct screen *screen, unsigned int columns)
{
	struct winsize size = {.ws_row = 25, .ws_col = (unsigned short)columns};
	struct termios mode;
	int slave;

	memset(screen, 0, sizeof(*screen));
	screen->master = open_master();
	slave = open(ptsname(screen->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0);
	assert_int_equal(tcgetattr(slave, &mode), 0);
	cfmakeraw(&mode);
	assert_int_equal(tcsetattr(slave, TCSANOW, &mode), 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	screen->out = fdopen(slave, "w");
	assert_non_null(screen->out);
}

/* Adds what comes within this time; false when nothing does. */
static bool read_some(struct screen *screen, int patience)
{
	struct pollfd ready = {.fd = screen->master, .events = POLLIN};
	ssize_t got = 0;

	if (poll(&ready, 1, patience) == 1)
		got = read(screen->master, screen->shown + screen->length,
			   SCREEN_MAX - 1 - screen->length);
	if (got <= 0)
		return false;
	screen->length += (size_t)got;
	screen->shown[screen->length] = '\0';
	return true;
}

static void forget(struct screen *screen)
{
	screen->length = 0;
	screen->shown[0] = '\0';
}

const char *screen_text(struct screen *screen)
{
	forget(screen);
	fflush(screen->out);
	/* A mark of our own tells that all has arrived. */
	fputc('\0', screen->out);
	fflush(screen->out);
	while (screen->length == 0 || screen->shown[screen->length - 1] != '\0')
		assert_true(read_some(screen, PATIENCE_MS));
	return screen->shown;
}

void screen_close(struct screen *screen)
{
	if (screen->out != NULL)
		fclose(screen->out);
	close(screen->master);
}

void screen_heed_signals(void)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
}

/* In the new process. */
static void take_terminal(const char *name)
{
	int slave;

	setsid();
	screen_heed_signals();
	/* Whoever waits for this process does not wait for ever. */
	alarm(2 * PATIENCE_MS / 1000);
	slave = open(name, O_RDWR);
	if (slave < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
		_exit(126);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(slave, fd);
	if (slave > STDERR_FILENO)
		close(slave);
}

void screen_start(struct screen *screen, int (*call)(void *argument), void *argument)
{
	int result;

	memset(screen, 0, sizeof(*screen));
	screen->master = open_master();
	fflush(NULL);
	screen->process = fork();
	assert_true(screen->process >= 0);
	if (screen->process == 0) {
		take_terminal(ptsname(screen->master));
		close(screen->master);
		result = call(argument);
		fflush(NULL);
		_exit(result);
	}
}

void screen_expect(struct screen *screen, const char *text)
{
	while (strstr(screen->shown, text) == NULL) {
		if (!read_some(screen, PATIENCE_MS)) {
			print_error("\"%s\" was not shown: %s\n", text, screen->shown);
			if (screen->process > 0)
				kill(screen->process, SIGKILL);
			fail();
		}
	}
}

void screen_type(struct screen *screen, const char *keys)
{
	forget(screen);
	assert_int_equal(write(screen->master, keys, strlen(keys)), strlen(keys));
}

int screen_finish(struct screen *screen)
{
	int status = -1;

	while (read_some(screen, PATIENCE_MS))
		;
	assert_int_equal(waitpid(screen->process, &status, 0), screen->process);
	close(screen->master);
	return status;
}

bool screen_has_echo(const struct screen *screen)
{
	struct termios mode;

	assert_int_equal(tcgetattr(screen->master, &mode), 0);
	return (mode.c_lflag & ECHO) != 0;
}

void *screen_share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(memory != MAP_FAILED);
	return memory;
}
