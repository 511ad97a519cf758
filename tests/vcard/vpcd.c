/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The protocol: the card connects to the reader. A message is two bytes of length, the higher
 * first, and as many bytes. From the reader, one byte is an order (00 power off, 01 power on,
 * 02 reset, each without an answer; 04 asks for the ATR) and more are a command APDU.
 */
#include "vpcd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MAX 65535
#define RETRIES     100
#define RETRY_MS    100
/* COMPUTE DIGITAL SIGNATURE */
#define INS_SIGN 0x2A

enum order {
	ORDER_OFF = 0x00,
	ORDER_ON = 0x01,
	ORDER_RESET = 0x02,
	ORDER_ATR = 0x04,
};

struct connection {
	int fd;
	FILE *log;
	const struct vcard_pace *pace;
	const volatile sig_atomic_t *stop;
	const sigset_t *unblocked;
	bool closed; /* ended in an orderly way, by either side */
};

static int connect_once(const struct addrinfo *addresses)
{
	int fd = -1;

	for (const struct addrinfo *a = addresses; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
			int saved = errno;

			close(fd);
			fd = -1;
			errno = saved;
		}
	}
	return fd;
}

int vcard_vpcd_connect(const char *host, const char *port, const volatile sig_atomic_t *stop)
{
	const struct timespec pause = {0, RETRY_MS * 1000000L};
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses = NULL;
	int fd = -1, error = ECONNREFUSED;
	int rc = getaddrinfo(host, port, &hints, &addresses);

	if (rc != 0) {
		fprintf(stderr, "%s:%s: %s\n", host, port, gai_strerror(rc));
		return -1;
	}
	for (int i = 0; i < RETRIES && fd < 0 && error == ECONNREFUSED && *stop == 0; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		fd = connect_once(addresses);
		error = errno;
	}
	if (fd < 0 && *stop == 0)
		fprintf(stderr, "%s:%s: %s\n", host, port, strerror(error));
	freeaddrinfo(addresses);
	return fd;
}

/*
 * The reader sends the length and the bytes of a message in two pieces, and its kernel keeps
 * the second one back until the first is acknowledged. Ours would wait 40 ms with that, for
 * every command. It has to be told anew each time; where it cannot be told, it is merely slow.
 */
static void acknowledge_at_once(int fd)
{
#ifdef TCP_QUICKACK
	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
#else
	(void)fd;
#endif
}

/* Reads exactly len bytes; false at the end of the connection, on an error or when stopped. */
static bool receive(struct connection *connection, uint8_t *bytes, size_t len)
{
	struct pollfd poll_fd = {.fd = connection->fd, .events = POLLIN};
	ssize_t got;

	while (len > 0) {
		if (*connection->stop != 0) {
			connection->closed = true;
			return false;
		}
		acknowledge_at_once(connection->fd);
		if (ppoll(&poll_fd, 1, NULL, connection->unblocked) < 0) {
			if (errno != EINTR)
				return false;
			continue;
		}
		got = recv(connection->fd, bytes, len, 0);
		if (got <= 0) {
			connection->closed = got == 0;
			return false;
		}
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

static bool send_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* The message stands behind two bytes of room for its length. */
static bool send_message(int fd, uint8_t *message, size_t len)
{
	message[0] = (uint8_t)(len >> 8);
	message[1] = (uint8_t)(len & 0xFF);
	return send_all(fd, message, len + 2);
}

static void log_bytes(FILE *log, char mark, const uint8_t *bytes, size_t len)
{
	if (log == NULL)
		return;
	fprintf(log, "%c ", mark);
	for (size_t i = 0; i < len; i++)
		fprintf(log, "%02X", bytes[i]);
	fputc('\n', log);
}

static void log_event(FILE *log, const char *event)
{
	if (log != NULL)
		fprintf(log, "# %s\n", event);
}

static bool obey(struct connection *connection, struct vcard *card, uint8_t order)
{
	uint8_t message[2 + VCARD_ATR_MAX];
	bool ok = true;

	switch ((enum order)order) {
	case ORDER_OFF:
		log_event(connection->log, "power off");
		vcard_power_off(card);
		break;
	case ORDER_ON:
		log_event(connection->log, "power on");
		vcard_power_on(card);
		break;
	case ORDER_RESET:
		log_event(connection->log, "reset");
		vcard_reset(card);
		break;
	case ORDER_ATR:
		ok = send_message(connection->fd, message, vcard_atr(card, message + 2));
		break;
	default: /* an order of a later version of the protocol, which none is known of */
		ok = false;
		break;
	}
	return ok;
}

/* Sleeps until a command that came at this time has taken as long as on a card. */
static void keep_pace(const struct vcard_pace *pace, struct timespec time, bool signs)
{
	long ms = (long)pace->exchange + (signs ? (long)pace->signature : 0);

	time.tv_sec += ms / 1000;
	time.tv_nsec += ms % 1000 * 1000000L;
	if (time.tv_nsec >= 1000000000L) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000L;
	}
	if (ms > 0)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static bool exchange(struct connection *connection, struct vcard *card, const uint8_t *command,
		     size_t len)
{
	uint8_t message[2 + VCARD_RESPONSE_MAX];
	size_t response_len;
	struct timespec begun;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	log_bytes(connection->log, '>', command, len);
	response_len = vcard_transmit(card, command, len, message + 2, VCARD_RESPONSE_MAX);
	log_bytes(connection->log, '<', message + 2, response_len);
	/* An answer with data is a signature, and not a refusal. */
	keep_pace(connection->pace, begun, command[1] == INS_SIGN && response_len > 2);
	return send_message(connection->fd, message, response_len);
}

bool vcard_vpcd_serve(struct vcard *card, int fd, FILE *log, const struct vcard_pace *pace,
		      const volatile sig_atomic_t *stop, const sigset_t *unblocked)
{
	static uint8_t message[MESSAGE_MAX];
	struct connection connection = {fd, log, pace, stop, unblocked, false};
	uint8_t head[2];
	size_t len;
	bool ok = true;

	if (log != NULL)
		setvbuf(log, NULL, _IOLBF, 0);
	while (ok) {
		if (!receive(&connection, head, sizeof(head)))
			break;
		len = (size_t)head[0] << 8 | head[1];
		if (!receive(&connection, message, len))
			break;
		if (len == 1)
			ok = obey(&connection, card, message[0]);
		else if (len > 1)
			ok = exchange(&connection, card, message, len);
	}
	vcard_power_off(card);
	return connection.closed;
}
