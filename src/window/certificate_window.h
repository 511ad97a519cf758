/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate_window: shows what is in a certificate that was read, and has it saved. */
#ifndef JPKI_WINDOW_CERTIFICATE_WINDOW_H
#define JPKI_WINDOW_CERTIFICATE_WINDOW_H

#include <adwaita.h>

#include "window/reading.h"

#define JPKI_TYPE_CERTIFICATE_WINDOW (jpki_certificate_window_get_type())
G_DECLARE_FINAL_TYPE(JpkiCertificateWindow, jpki_certificate_window, JPKI, CERTIFICATE_WINDOW,
		     AdwWindow)

/* Show it in a window over parent, which goes with it; what is personal is hidden at first. reading
 * is the window's from here on. Return that window, which is the toolkit's. */
GtkWindow *jpki_certificate_window_open(GtkWindow *parent, struct reading *reading);

#endif
