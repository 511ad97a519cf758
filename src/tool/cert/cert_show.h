/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_show: shows the facts of a certificate to people and to programs. */
#ifndef JPKI_TOOL_CERT_CERT_SHOW_H
#define JPKI_TOOL_CERT_CERT_SHOW_H

#include <stdbool.h>

#include "app/certificate/cert_facts.h"

/*
 * Print the facts on standard output, with personal data only if it is wanted. JSON: false on
 * failure.
 */
void cert_print(const struct cert_facts *facts, bool with_personal);
bool cert_print_json(const struct cert_facts *facts, bool with_personal);

#endif
