/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_run: verifies what a request names, from its file to the answer. */
#ifndef JPKI_APP_VERIFY_VERIFY_RUN_H
#define JPKI_APP_VERIFY_VERIFY_RUN_H

#include "app/verify/verify_report.h"

/*
 * Verify the signature of the request, or all signatures in its document, and say the result. What
 * the caller does not set is zero; what the request has of its own is freed. Return how jpki ends.
 */
int verify_run(struct verify_request *request);

#endif
