/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ifd-power: a reader driver for pcscd whose virtual card has power as in readers on USB (CCID).
 *
 * It takes cards from jpki-vcard as the driver of vpcd does, by the same protocol (see vpcd.c), but
 * answers as real drivers do, where that one always says that all is well:
 * - A card without power answers no command, and is asked for no protocol.
 * - Powering up a card that has power resets it; one that gives no ATR stays without power.
 * - Errors have pcscd's codes.
 * - pcscd learns of insertions and removals at once, and so cuts the power of a card that nobody
 *   has used for five seconds, and not for less than one.
 *
 * DEVICENAME in pcscd's configuration is DIRECTORY:PORT. The second slot is at the next port. The
 * files N.pps, N.line, N.timeout and N.mute in the directory say what fails in slot N: each holds a
 * number, which is counted down, and the file goes at zero. They are a protocol that is not agreed
 * on, a command that does not reach the card, one whose answer is lost, and a power-up without ATR.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ifdhandler.h>

#define SLOTS         2
#define DIRECTORY_MAX 256
#define MESSAGE_MAX   65535
#define PUBLIC        __attribute__((visibility("default")))

enum order { ORDER_OFF = 0x00, ORDER_ON = 0x01, ORDER_RESET = 0x02, ORDER_ATR = 0x04 };

struct slot {
	pthread_mutex_t lock; /* guards the card's socket */
	bool open;
	int server;
	int card; /* -1: none is in */
	int stop[2];
	bool powered;
	unsigned char atr[MAX_ATR_SIZE];
	size_t atr_length;
	DWORD protocol; /* 0: none is agreed on */
	char directory[DIRECTORY_MAX];
	unsigned number;
};

static struct slot slots[SLOTS];

static struct slot *slot_of(DWORD lun)
{
	size_t number = lun & 0xffff;

	return number < SLOTS && slots[number].open ? &slots[number] : NULL;
}

/* Return whether this is to fail now, and count it down. */
static bool fails(const struct slot *slot, const char *what)
{
	char path[DIRECTORY_MAX + 32];
	unsigned long count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%u.%s", slot->directory, slot->number, what);
	file = fopen(path, "r+");
	if (file == NULL)
		return false;
	if (fscanf(file, "%lu", &count) != 1)
		count = 0;
	if (count <= 1) {
		unlink(path);
	} else {
		rewind(file);
		fprintf(file, "%lu\n", count - 1);
	}
	fclose(file);
	return count > 0;
}

/* The card is out: end a wait for events, too, because it watches the socket. */
static void drop_card(struct slot *slot)
{
	pthread_mutex_lock(&slot->lock);
	if (slot->card >= 0)
		close(slot->card);
	slot->card = -1;
	pthread_mutex_unlock(&slot->lock);
	slot->powered = false;
	slot->protocol = 0;
	slot->atr_length = 0;
}

static bool send_message(struct slot *slot, const unsigned char *bytes, size_t length)
{
	unsigned char message[2 + 2048];
	size_t sent = 0;

	if (slot->card < 0 || length > sizeof(message) - 2)
		return false;
	message[0] = (unsigned char)(length >> 8);
	message[1] = (unsigned char)(length & 0xff);
	memcpy(message + 2, bytes, length);
	while (sent < length + 2) {
		ssize_t part = send(slot->card, message + sent, length + 2 - sent, MSG_NOSIGNAL);

		if (part <= 0 && errno != EINTR)
			return false;
		sent += part > 0 ? (size_t)part : 0;
	}
	return true;
}

static bool receive_all(int fd, unsigned char *bytes, size_t length)
{
	return length == 0 || recv(fd, bytes, length, MSG_WAITALL) == (ssize_t)length;
}

/* Receive a message of at most *length bytes; *length is then what came. What is longer is lost. */
static bool receive_message(struct slot *slot, unsigned char *bytes, size_t *length)
{
	static unsigned char messages[SLOTS][MESSAGE_MAX];
	unsigned char *message = messages[slot->number];
	unsigned char head[2];
	size_t came;

	if (!receive_all(slot->card, head, sizeof(head)))
		return false;
	came = (size_t)head[0] << 8 | head[1];
	if (!receive_all(slot->card, message, came))
		return false;
	*length = came < *length ? came : *length;
	memcpy(bytes, message, *length);
	return true;
}

static bool order(struct slot *slot, enum order what)
{
	unsigned char byte = (unsigned char)what;

	return send_message(slot, &byte, 1);
}

/* Return whether a card is in, and let one in that waits. Between two cards the slot is empty. */
static bool is_present(struct slot *slot)
{
	unsigned char byte;
	int card;

	if (slot->card >= 0 && recv(slot->card, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
		drop_card(slot);
		return false;
	}
	if (slot->card < 0) {
		card = accept4(slot->server, NULL, NULL, SOCK_CLOEXEC);
		pthread_mutex_lock(&slot->lock);
		slot->card = card;
		pthread_mutex_unlock(&slot->lock);
	}
	return slot->card >= 0;
}

static int listen_at(unsigned long port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 1) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

PUBLIC RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	size_t number = Lun & 0xffff;
	const char *colon = strrchr(DeviceName, ':');
	struct slot *slot = &slots[number < SLOTS ? number : 0];

	if (number >= SLOTS || slot->open || colon == NULL ||
	    (size_t)(colon - DeviceName) >= sizeof(slot->directory))
		return IFD_COMMUNICATION_ERROR;
	memset(slot, 0, sizeof(*slot));
	memcpy(slot->directory, DeviceName, (size_t)(colon - DeviceName));
	slot->number = (unsigned)number;
	slot->card = -1;
	slot->server = listen_at(strtoul(colon + 1, NULL, 0) + number);
	if (slot->server < 0)
		return IFD_NO_SUCH_DEVICE;
	if (pipe(slot->stop) != 0) {
		close(slot->server);
		return IFD_COMMUNICATION_ERROR;
	}
	pthread_mutex_init(&slot->lock, NULL);
	slot->open = true;
	return IFD_SUCCESS;
}

PUBLIC RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	(void)Lun, (void)Channel;
	return IFD_NOT_SUPPORTED;
}

PUBLIC RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	struct slot *slot = slot_of(Lun);

	if (slot == NULL)
		return IFD_COMMUNICATION_ERROR;
	if (slot->card >= 0 && slot->powered)
		order(slot, ORDER_OFF);
	drop_card(slot);
	close(slot->server);
	close(slot->stop[0]);
	close(slot->stop[1]);
	pthread_mutex_destroy(&slot->lock);
	slot->open = false;
	return IFD_SUCCESS;
}

/* Wait for an insertion, a removal, or the order to end the wait. */
static RESPONSECODE wait_for_event(DWORD lun, int timeout_ms)
{
	struct slot *slot = slot_of(lun);
	struct pollfd fds[2];
	char byte;

	if (slot == NULL)
		return IFD_COMMUNICATION_ERROR;
	pthread_mutex_lock(&slot->lock);
	fds[0].fd = slot->card >= 0 ? dup(slot->card) : dup(slot->server);
	fds[0].events = slot->card >= 0 ? POLLRDHUP : POLLIN;
	pthread_mutex_unlock(&slot->lock);
	fds[1].fd = slot->stop[0];
	fds[1].events = POLLIN;
	if (poll(fds, 2, timeout_ms) > 0 && fds[1].revents != 0 && read(fds[1].fd, &byte, 1) < 0)
		byte = 0;
	close(fds[0].fd);
	return IFD_SUCCESS;
}

static RESPONSECODE stop_waiting(DWORD lun)
{
	struct slot *slot = slot_of(lun);

	if (slot == NULL || write(slot->stop[1], "", 1) != 1)
		return IFD_COMMUNICATION_ERROR;
	return IFD_SUCCESS;
}

static RESPONSECODE tell(const void *value, size_t size, PDWORD length, PUCHAR to)
{
	if (*length < size)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(to, value, size);
	*length = size;
	return IFD_SUCCESS;
}

PUBLIC RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	RESPONSECODE (*wait_function)(DWORD, int) = wait_for_event;
	RESPONSECODE (*stop_function)(DWORD) = stop_waiting;
	const struct slot *slot = slot_of(Lun);
	unsigned char number = 0;

	switch (Tag) {
	case TAG_IFD_ATR:
		return slot == NULL ? IFD_COMMUNICATION_ERROR
				    : tell(slot->atr, slot->atr_length, Length, Value);
	case TAG_IFD_SLOTS_NUMBER:
		number = SLOTS;
		break;
	case TAG_IFD_SIMULTANEOUS_ACCESS:
	case TAG_IFD_SLOT_THREAD_SAFE:
		number = 1;
		break;
	case TAG_IFD_THREAD_SAFE:
		break;
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		return tell(&wait_function, sizeof(wait_function), Length, Value);
	case TAG_IFD_STOP_POLLING_THREAD:
		return tell(&stop_function, sizeof(stop_function), Length, Value);
	default:
		*Length = 0;
		return IFD_ERROR_TAG;
	}
	return tell(&number, 1, Length, Value);
}

PUBLIC RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	(void)Lun, (void)Tag, (void)Length, (void)Value;
	return IFD_NOT_SUPPORTED;
}

/* Return whether the ATR offers a protocol (ISO 7816-3 §8.2.3): by TD1 and TD2, or T=0 without. */
static bool offers(const struct slot *slot, DWORD protocol)
{
	unsigned char present = slot->atr_length > 1 ? slot->atr[1] : 0;
	size_t at = 2;
	bool any = false;

	for (;;) {
		for (unsigned char bit = 0x10; bit < 0x80; bit = (unsigned char)(bit << 1))
			at += (present & bit) != 0;
		if ((present & 0x80) == 0 || at >= slot->atr_length)
			break;
		present = slot->atr[at++];
		any = true;
		if (1U << (present & 0x0f) == protocol)
			return true;
	}
	return !any && protocol == 1;
}

PUBLIC RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1,
					      UCHAR PTS2, UCHAR PTS3)
{
	struct slot *slot = slot_of(Lun);

	(void)Flags, (void)PTS1, (void)PTS2, (void)PTS3;
	if (slot == NULL || !slot->powered)
		return IFD_COMMUNICATION_ERROR;
	if (!offers(slot, Protocol))
		return IFD_PROTOCOL_NOT_SUPPORTED;
	if (fails(slot, "pps"))
		return IFD_ERROR_PTS_FAILURE;
	slot->protocol = Protocol;
	return IFD_SUCCESS;
}

static RESPONSECODE power_up(struct slot *slot)
{
	size_t length = sizeof(slot->atr);
	bool answered;

	slot->protocol = 0;
	slot->atr_length = 0;
	answered = order(slot, slot->powered ? ORDER_RESET : ORDER_ON);
	slot->powered = false;
	if (answered && fails(slot, "mute")) {
		order(slot, ORDER_OFF);
		return IFD_ERROR_POWER_ACTION;
	}
	answered = answered && order(slot, ORDER_ATR) && receive_message(slot, slot->atr, &length);
	if (!answered || length == 0)
		return IFD_ERROR_POWER_ACTION;
	slot->atr_length = length;
	slot->powered = true;
	return IFD_SUCCESS;
}

PUBLIC RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct slot *slot = slot_of(Lun);
	size_t room = *AtrLength;
	RESPONSECODE code;

	*AtrLength = 0;
	if (slot == NULL)
		return IFD_COMMUNICATION_ERROR;
	switch (Action) {
	case IFD_POWER_DOWN:
		if (slot->powered)
			order(slot, ORDER_OFF);
		slot->powered = false;
		slot->protocol = 0;
		slot->atr_length = 0;
		return IFD_SUCCESS;
	case IFD_POWER_UP:
	case IFD_RESET:
		code = power_up(slot);
		break;
	default:
		return IFD_NOT_SUPPORTED;
	}
	if (code == IFD_SUCCESS && slot->atr_length <= room) {
		memcpy(Atr, slot->atr, slot->atr_length);
		*AtrLength = slot->atr_length;
	}
	return code;
}

PUBLIC RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer,
				      DWORD TxLength, PUCHAR RxBuffer, PDWORD RxLength,
				      PSCARD_IO_HEADER RecvPci)
{
	struct slot *slot = slot_of(Lun);
	size_t length = *RxLength;

	*RxLength = 0;
	if (slot == NULL)
		return IFD_COMMUNICATION_ERROR;
	if (slot->card < 0)
		return IFD_ICC_NOT_PRESENT;
	/* The protocol's number here, but its bit in IFDHSetProtocolParameters. */
	if (!slot->powered || slot->protocol != 1U << SendPci.Protocol || fails(slot, "line"))
		return IFD_COMMUNICATION_ERROR;
	if (!send_message(slot, TxBuffer, TxLength) || !receive_message(slot, RxBuffer, &length)) {
		drop_card(slot);
		return IFD_ICC_NOT_PRESENT;
	}
	if (fails(slot, "timeout"))
		return IFD_RESPONSE_TIMEOUT;
	if (length == 0)
		return IFD_COMMUNICATION_ERROR;
	*RxLength = length;
	if (RecvPci != NULL)
		RecvPci->Protocol = SendPci.Protocol;
	return IFD_SUCCESS;
}

PUBLIC RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
				PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned)
{
	(void)Lun, (void)dwControlCode, (void)TxBuffer, (void)TxLength, (void)RxBuffer;
	(void)RxLength;
	*pdwBytesReturned = 0;
	return IFD_ERROR_NOT_SUPPORTED;
}

PUBLIC RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	struct slot *slot = slot_of(Lun);

	if (slot == NULL)
		return IFD_COMMUNICATION_ERROR;
	return is_present(slot) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
