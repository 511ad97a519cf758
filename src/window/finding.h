/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* finding: shows what a check of what is wrong has found. */
#ifndef JPKI_WINDOW_FINDING_H
#define JPKI_WINDOW_FINDING_H

#include <adwaita.h>

#include "app/doctor/doctor_finding.h"

/* Return how the line of a check is called, as in "NG  card"; the caller frees it with g_free. */
char *finding_heading(const struct doctor_finding *finding, const char *title);

/* Make the row of a check with this title: what was found, and what helps. */
AdwPreferencesRow *finding_row(const struct doctor_finding *finding, const char *title);

#endif
