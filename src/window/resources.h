/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* resources: declares what glib-compile-resources makes of resources.xml. */
#ifndef JPKI_WINDOW_RESOURCES_H
#define JPKI_WINDOW_RESOURCES_H

/* Let GTK find them. */
void jpki_window_register_resource(void);

#endif
