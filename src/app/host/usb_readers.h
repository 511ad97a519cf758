/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usb_readers: finds the card readers that are plugged into USB, whether pcscd shows them or not.
 */
#ifndef JPKI_APP_HOST_USB_READERS_H
#define JPKI_APP_HOST_USB_READERS_H

#include <limits.h>
#include <stdbool.h>

#define USB_READER_NAME_SIZE 96

enum usb_reader_state {
	USB_READER_ABSENT,      /* no card reader is plugged in */
	USB_READER_UNSUPPORTED, /* there is no driver of pcscd for this model */
	USB_READER_KERNEL,      /* a driver of the kernel has it, which is no use for cards */
	USB_READER_PROGRAM,     /* a program has it, past pcscd or as pcscd itself */
	USB_READER_NO_DRIVER,   /* the general driver of pcscd (CCID) is not installed */
	USB_READER_FREE,        /* nothing is known to be in the way */
};

struct usb_reader {
	enum usb_reader_state state;
	char name[USB_READER_NAME_SIZE]; /* "" without one; without the device's serial number */
	char driver[NAME_MAX + 1];       /* USB_READER_KERNEL: the kernel's driver; else "" */
};

/* Return the reader that is most worth telling of: one that could work rather than one that never
 * will. */
struct usb_reader usb_readers_look(void);

#endif
