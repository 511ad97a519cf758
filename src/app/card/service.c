/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* service: tells apart by the error of PC/SC, the socket and the system why pcscd does not serve.
 */
#include "app/card/service.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/host/user_files.h"

/* The socket of pcscd, unless libpcsclite is told otherwise. */
#define SOCKET "/run/pcscd/pcscd.comm"
/* pcscd lets in so many connections (PCSCLITE_MAX_APPLICATIONS_CONTEXTS), and closes the others. */
#define CLIENTS_MAX 200
/* Who is turned away is so at once. */
#define CLOSED_MS 500

/* What is known beside the error of PC/SC. */
struct facts {
	enum service_socket socket;
	bool installed;
	bool full;
	bool root; /* polkit refuses nothing to root */
};

enum answer { ANY, NO, YES };

#define ANY_ERROR JPKI_OK

/* The first row that fits says what it is. pcscd does not tell whom it turns away why: it closes
 * the connection, which libpcsclite calls JPKI_E_NO_ACCESS, JPKI_E_NO_SERVICE or JPKI_E_LINK, as it
 * happens. */
static const struct {
	enum jpki_error error;
	int socket; /* -1: any */
	enum answer installed, full, root;
	enum situation situation;
} rows[] = {
	{JPKI_E_SERVICE_VERSION, -1, ANY, ANY, ANY, SITUATION_SERVICE_VERSION},
	{JPKI_E_MEMORY, -1, ANY, ANY, ANY, SITUATION_NO_MEMORY},
	{ANY_ERROR, SERVICE_SOCKET_MISSING, NO, ANY, ANY, SITUATION_SERVICE_MISSING},
	{ANY_ERROR, SERVICE_SOCKET_MISSING, ANY, ANY, ANY, SITUATION_NO_SERVICE},
	{ANY_ERROR, SERVICE_SOCKET_DEAD, NO, ANY, ANY, SITUATION_SERVICE_MISSING},
	{ANY_ERROR, SERVICE_SOCKET_DEAD, ANY, ANY, ANY, SITUATION_NO_SERVICE},
	{ANY_ERROR, SERVICE_SOCKET_DENIED, ANY, ANY, ANY, SITUATION_NO_ACCESS},
	{ANY_ERROR, SERVICE_SOCKET_QUEUED, ANY, ANY, ANY, SITUATION_SERVICE_HANGS},
	{ANY_ERROR, SERVICE_SOCKET_OTHER, ANY, ANY, ANY, SITUATION_SERVICE_SOCKET},
	{ANY_ERROR, -1, ANY, YES, ANY, SITUATION_SERVICE_FULL},
	{ANY_ERROR, SERVICE_SOCKET_CLOSED, ANY, ANY, NO, SITUATION_NO_ACCESS},
	{JPKI_E_NO_ACCESS, -1, ANY, ANY, NO, SITUATION_NO_ACCESS},
	{ANY_ERROR, -1, ANY, ANY, ANY, SITUATION_SERVICE_CLOSES},
};

static bool fits(enum answer wanted, bool is)
{
	return wanted == ANY || (wanted == YES) == is;
}

static enum situation judge(enum jpki_error error, const struct facts *facts)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((rows[i].error == ANY_ERROR || rows[i].error == error) &&
		    (rows[i].socket < 0 || rows[i].socket == (int)facts->socket) &&
		    fits(rows[i].installed, facts->installed) && fits(rows[i].full, facts->full) &&
		    fits(rows[i].root, facts->root))
			return rows[i].situation;
	}
	return SITUATION_NO_SERVICE;
}

const char *service_socket_path(void)
{
	const char *path = getenv("PCSCLITE_CSOCK_NAME");

	return path != NULL ? path : SOCKET;
}

bool service_is_sandboxed(void)
{
	const char *snap = getenv("SNAP");

	return user_exists("/.flatpak-info") || (snap != NULL && snap[0] == '/');
}

/* Return what a failed connect to the socket means. */
static enum service_socket socket_of_errno(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return SERVICE_SOCKET_MISSING;
	case ECONNREFUSED:
		return SERVICE_SOCKET_DEAD;
	case EACCES:
	case EPERM:
		return SERVICE_SOCKET_DENIED;
	case EAGAIN:
		return SERVICE_SOCKET_QUEUED;
	default:
		return SERVICE_SOCKET_OTHER;
	}
}

/* Connect as libpcsclite does, and see what becomes of it. *reason is errno of a failure. */
static enum service_socket try_socket(int *reason)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	enum service_socket result = SERVICE_SOCKET_OPEN;
	const char *path = service_socket_path();
	struct pollfd connection = {.events = POLLIN};

	*reason = ENAMETOOLONG;
	if (strlen(path) >= sizeof(address.sun_path))
		return SERVICE_SOCKET_OTHER;
	memcpy(address.sun_path, path, strlen(path) + 1);
	connection.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	*reason = errno;
	if (connection.fd < 0)
		return SERVICE_SOCKET_OTHER;
	if (connect(connection.fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		*reason = errno;
		result = socket_of_errno(*reason);
	} else if (poll(&connection, 1, CLOSED_MS) > 0) {
		/* pcscd says nothing before it is asked. */
		result = SERVICE_SOCKET_CLOSED;
	}
	close(connection.fd);
	return result;
}

/* In a sandbox it cannot be seen; there it counts as installed. */
static bool is_installed(void)
{
	static const char *const places[] = {"/usr/sbin/pcscd", "/usr/bin/pcscd", "/sbin/pcscd",
					     "/usr/local/sbin/pcscd",
					     "/run/current-system/sw/bin/pcscd"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (user_exists(places[i]))
			return true;
	}
	return service_is_sandboxed();
}

/* Return whether as many connections are open to the socket as pcscd lets in. */
static bool is_full(void)
{
	FILE *sockets = fopen("/proc/net/unix", "re");
	const char *wanted = service_socket_path();
	char line[512];
	size_t clients = 0;

	if (sockets == NULL)
		return false;
	while (fgets(line, sizeof(line), sockets) != NULL) {
		char path[108 + 1];
		char state[2 + 1];

		/* Num RefCount Protocol Flags Type St Inode Path; 3 is connected. */
		if (sscanf(line, "%*s %*s %*s %*s %*s %2s %*s %108s", state, path) == 2 &&
		    strcmp(state, "03") == 0 && strcmp(path, wanted) == 0)
			clients++;
	}
	fclose(sockets);
	return clients >= CLIENTS_MAX;
}

struct service service_look(enum jpki_error error)
{
	struct service service = {0};
	struct facts facts = {0};

	service.socket = try_socket(&service.reason);
	facts.socket = service.socket;
	facts.installed = is_installed();
	facts.full = is_full();
	facts.root = geteuid() == 0;
	service.situation = judge(error, &facts);
	return service;
}
