/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* site: knows the sites that are served without the person having added them. */
#ifndef JPKI_PORTAL_SITE_H
#define JPKI_PORTAL_SITE_H

#include <stdbool.h>

/*
 * Return whether this is an https origin as browsers write it: in lower-case ASCII, with a host
 * and perhaps a port, and nothing else.
 */
bool portal_origin_is_https(const char *origin);

/* Return whether the origin is one of those that the extension ships with, at the usual port. */
bool portal_site_is_known(const char *origin);

#endif
