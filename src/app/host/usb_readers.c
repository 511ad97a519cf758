/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usb_readers: looks for card readers in the kernel's list of USB devices. */
#include "app/host/usb_readers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/user_files.h"

#define DEVICES "/sys/bus/usb/devices"
/* USB's class of chip card readers (CCID), as an interface tells it. */
#define CLASS_CHIP_CARD 0x0b
/* A program that uses a device itself, through libusb, holds it by this driver. */
#define DRIVER_OF_PROGRAMS "usbfs"

/*
 * The readers of which more is known than their class tells; docs/readers.md has the sources.
 * Without pcscd's driver they are of no use here, even if the kernel lets go of them.
 */
static const struct {
	unsigned int vendor, product;
	const char *name;
	bool has_driver; /* CCID */
} known[] = {
	{0x04cc, 0x2533, "NXP PN533", false},
	{0x04e6, 0x5591, "SCM SCL3711", false},
	{0x04e6, 0x511a, "NTT Communications SCR3310-NTTCom", true},
	{0x054c, 0x006c, "Sony PaSoRi RC-S310", false},
	{0x054c, 0x01bb, "Sony PaSoRi RC-S320", false},
	{0x054c, 0x02e1, "Sony PaSoRi RC-S330/RC-S360/RC-S370", false},
	{0x054c, 0x06c1, "Sony PaSoRi RC-S380/S", false},
	{0x054c, 0x06c3, "Sony PaSoRi RC-S380/P", false},
	{0x054c, 0x0dc8, "Sony PaSoRi RC-S300/S", true},
	{0x054c, 0x0dc9, "Sony PaSoRi RC-S300/P", true},
	{0x072f, 0x2200, "ACS ACR122U", true},
	{0x072f, 0x221a, "ACS ACR1251", true},
	{0x072f, 0xb100, "ACS ACR39U", true},
};

/* The general driver, in the directories of the distributions. */
static const char *const drivers[] = {
	"/usr/lib/pcsc/drivers/ifd-ccid.bundle",
	"/usr/lib64/pcsc/drivers/ifd-ccid.bundle",
	"/usr/local/lib/pcsc/drivers/ifd-ccid.bundle",
	"/run/current-system/sw/pcsc/drivers/ifd-ccid.bundle",
};

/* Read one line that the kernel tells of a device; "" if it does not. */
static void read_line(const char *device, const char *what, char *line, size_t size)
{
	char path[PATH_MAX];
	FILE *file;

	line[0] = '\0';
	user_path(path, DEVICES "/%s/%s", device, what);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	if (fgets(line, (int)size, file) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

static unsigned int read_number(const char *device, const char *what)
{
	char line[16];

	read_line(device, what, line, sizeof(line));
	return (unsigned int)strtoul(line, NULL, 16);
}

/* Find the driver that has an interface; "" if none has. */
static void find_driver(const char *interface, char *driver, size_t size)
{
	char path[PATH_MAX];
	char target[PATH_MAX];
	ssize_t length;

	user_path(path, DEVICES "/%s/driver", interface);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	snprintf(driver, size, "%s", user_base(target));
}

/* What the interfaces of a device tell. */
struct interfaces {
	bool chip_card;            /* one is of the class of card readers */
	char driver[NAME_MAX + 1]; /* has one that may be the reader's; "" if none has */
};

/* Look at the interfaces of a device: all, if it is a reader that is known, else those of the
 * class. */
static struct interfaces look_at_interfaces(const char *device, bool all)
{
	struct interfaces found = {.chip_card = false};
	size_t length = strlen(device);
	struct dirent *entry;
	DIR *devices = opendir(DEVICES);

	while (devices != NULL && (entry = readdir(devices)) != NULL) {
		bool chip_card;

		if (strncmp(entry->d_name, device, length) != 0 || entry->d_name[length] != ':')
			continue;
		chip_card = read_number(entry->d_name, "bInterfaceClass") == CLASS_CHIP_CARD;
		found.chip_card = found.chip_card || chip_card;
		if ((all || chip_card) && found.driver[0] == '\0')
			find_driver(entry->d_name, found.driver, sizeof(found.driver));
	}
	if (devices != NULL)
		closedir(devices);
	return found;
}

static bool has_ccid(void)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (user_exists(drivers[i]))
			return true;
	}
	return false;
}

static struct usb_reader look_at(const char *device)
{
	unsigned int vendor = read_number(device, "idVendor");
	unsigned int product = read_number(device, "idProduct");
	struct usb_reader reader = {.state = USB_READER_ABSENT};
	struct interfaces interfaces;
	bool is_known = false;
	bool supported = true;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].vendor != vendor || known[i].product != product)
			continue;
		is_known = true;
		supported = known[i].has_driver;
		snprintf(reader.name, sizeof(reader.name), "%s", known[i].name);
	}
	interfaces = look_at_interfaces(device, is_known);
	if (!is_known && !interfaces.chip_card)
		return reader;
	if (!is_known)
		read_line(device, "product", reader.name, sizeof(reader.name));
	if (!supported)
		reader.state = USB_READER_UNSUPPORTED;
	else if (strcmp(interfaces.driver, DRIVER_OF_PROGRAMS) == 0)
		reader.state = USB_READER_PROGRAM;
	else if (interfaces.driver[0] != '\0')
		reader.state = USB_READER_KERNEL;
	else
		reader.state = has_ccid() ? USB_READER_FREE : USB_READER_NO_DRIVER;
	if (reader.state == USB_READER_KERNEL)
		memcpy(reader.driver, interfaces.driver, sizeof(reader.driver));
	return reader;
}

/* Return whether to tell of one reader rather than of another: a reader that could work counts
 * more than one that never will. */
static bool is_better(enum usb_reader_state one, enum usb_reader_state other)
{
	static const int ranks[] = {
		[USB_READER_ABSENT] = 0,  [USB_READER_UNSUPPORTED] = 1, [USB_READER_FREE] = 2,
		[USB_READER_PROGRAM] = 3, [USB_READER_NO_DRIVER] = 4,   [USB_READER_KERNEL] = 5};

	return ranks[one] > ranks[other];
}

struct usb_reader usb_readers_look(void)
{
	struct usb_reader best = {.state = USB_READER_ABSENT};
	struct dirent *entry;
	DIR *devices = opendir(DEVICES);

	while (devices != NULL && (entry = readdir(devices)) != NULL) {
		struct usb_reader reader;

		/* Names of interfaces have a colon. */
		if (entry->d_name[0] == '.' || strchr(entry->d_name, ':') != NULL)
			continue;
		reader = look_at(entry->d_name);
		if (is_better(reader.state, best.state))
			best = reader;
	}
	if (devices != NULL)
		closedir(devices);
	return best;
}
