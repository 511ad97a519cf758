/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* about: tells the extension what can be known without a PIN, a question or a signature. */
#ifndef JPKI_PORTAL_ABOUT_H
#define JPKI_PORTAL_ABOUT_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Return the readers with the words for their cards and the tries left of the PINs that are set,
 * for portal_about: no certificate, no serial. Each wait is a step of app/ui/patience.h. NULL
 * without memory.
 */
json_t *portal_about_readers(void);

/*
 * Return the message with the host's version, whether there is a pinentry with windows, and the
 * readers, which it takes; NULL: none are known. The caller releases it; NULL without memory.
 */
json_t *portal_about(bool dialogue, json_t *readers);

#endif
