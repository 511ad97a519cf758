/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_service: what is said of a service that does not serve, by its socket. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/card/service.h"
#include "place.h"

/* As many connections as pcscd lets in. */
#define FULL 200

/* The service counts as installed, whatever this computer has. */
static int set_up(void **state)
{
	setenv("SNAP", "/snap/test", 1);
	return place_set_up(state);
}

static int tear_down(void **state)
{
	unsetenv("SNAP");
	unsetenv("PCSCLITE_CSOCK_NAME");
	return place_tear_down(state);
}

static struct sockaddr_un address_of(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = place_path(name);

	assert_true(strlen(path) < sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	return address;
}

static int bound(const char *name)
{
	struct sockaddr_un address = address_of(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Return a connection, or -1 if no more are taken. */
static int connected(const char *name)
{
	struct sockaddr_un address = address_of(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	assert_int_equal(errno, EAGAIN);
	close(fd);
	return -1;
}

static void assert_seen(const char *path, enum jpki_error error, enum service_socket socket,
			enum situation situation)
{
	struct service seen;

	setenv("PCSCLITE_CSOCK_NAME", path, 1);
	seen = service_look(error);
	assert_int_equal(seen.socket, socket);
	assert_string_equal(situation_name(seen.situation), situation_name(situation));
}

static void test_service_is_absent(void **state)
{
	char longer[200];
	int fd;

	(void)state;
	assert_seen(place_path("none"), JPKI_E_NO_SERVICE, SERVICE_SOCKET_MISSING,
		    SITUATION_NO_SERVICE);
	place_write("file", "");
	assert_seen(place_path("file/none"), JPKI_E_NO_SERVICE, SERVICE_SOCKET_MISSING,
		    SITUATION_NO_SERVICE);
	fd = bound("dead");
	assert_seen(place_path("dead"), JPKI_E_NO_SERVICE, SERVICE_SOCKET_DEAD,
		    SITUATION_NO_SERVICE);
	close(fd);
	/* No socket can be called so. */
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_seen(longer, JPKI_E_NO_SERVICE, SERVICE_SOCKET_OTHER, SITUATION_SERVICE_SOCKET);
}

/* What PC/SC says counts where the socket shows nothing. */
static void test_service_by_error(void **state)
{
	int fd = bound("open");

	(void)state;
	assert_int_equal(listen(fd, 8), 0);
	assert_seen(place_path("open"), JPKI_E_LINK, SERVICE_SOCKET_OPEN, SITUATION_SERVICE_CLOSES);
	assert_seen(place_path("open"), JPKI_E_NO_ACCESS, SERVICE_SOCKET_OPEN,
		    geteuid() == 0 ? SITUATION_SERVICE_CLOSES : SITUATION_NO_ACCESS);
	assert_seen(place_path("open"), JPKI_E_SERVICE_VERSION, SERVICE_SOCKET_OPEN,
		    SITUATION_SERVICE_VERSION);
	assert_seen(place_path("open"), JPKI_E_MEMORY, SERVICE_SOCKET_OPEN, SITUATION_NO_MEMORY);
	close(fd);
}

/* It takes no more connections, because it takes none from the queue. */
static void test_service_hangs(void **state)
{
	int fd = bound("queue");
	int waiting[8];
	size_t count = 0;

	(void)state;
	assert_int_equal(listen(fd, 1), 0);
	while (count < 8 && (waiting[count] = connected("queue")) >= 0)
		count++;
	assert_true(count < 8);
	assert_seen(place_path("queue"), JPKI_E_NO_SERVICE, SERVICE_SOCKET_QUEUED,
		    SITUATION_SERVICE_HANGS);
	while (count > 0)
		close(waiting[--count]);
	close(fd);
}

/* As pcscd does with a user whom polkit does not let in. */
static void test_service_turns_away(void **state)
{
	int fd = bound("door");
	int status = -1;
	pid_t child;

	(void)state;
	assert_int_equal(listen(fd, 1), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(accept(fd, NULL, NULL));
		_exit(0);
	}
	assert_seen(place_path("door"), JPKI_E_NO_SERVICE, SERVICE_SOCKET_CLOSED,
		    geteuid() == 0 ? SITUATION_SERVICE_CLOSES : SITUATION_NO_ACCESS);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
}

static void test_service_is_full(void **state)
{
	static int clients[FULL], served[FULL];
	int fd = bound("full"), other = bound("other");

	(void)state;
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(listen(other, 8), 0);
	for (size_t i = 0; i < FULL; i++) {
		if (i == FULL - 1)
			assert_seen(place_path("full"), JPKI_E_LINK, SERVICE_SOCKET_OPEN,
				    SITUATION_SERVICE_CLOSES);
		/* The look has left one in the queue, which is closed. */
		clients[i] = connected("full");
		served[i] = accept(fd, NULL, NULL);
		if (i == FULL - 1) {
			close(served[i]);
			served[i] = accept(fd, NULL, NULL);
		}
		assert_true(clients[i] >= 0 && served[i] >= 0);
	}
	assert_seen(place_path("full"), JPKI_E_LINK, SERVICE_SOCKET_OPEN, SITUATION_SERVICE_FULL);
	/* Those of another socket do not count. */
	assert_seen(place_path("other"), JPKI_E_LINK, SERVICE_SOCKET_OPEN,
		    SITUATION_SERVICE_CLOSES);
	for (size_t i = 0; i < FULL; i++) {
		close(clients[i]);
		close(served[i]);
	}
	close(fd);
	close(other);
}

static void test_sandbox_of_service(void **state)
{
	(void)state;
	assert_true(service_is_sandboxed());
	/* Somebody's own variable of that name. */
	setenv("SNAP", "yes", 1);
	assert_int_equal(service_is_sandboxed(), access("/.flatpak-info", F_OK) == 0);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_service_is_absent), HERE(test_service_by_error),
		HERE(test_service_hangs),     HERE(test_service_turns_away),
		HERE(test_service_is_full),   HERE(test_sandbox_of_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
