/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* finding: makes a row of a finding, with its remedy below. */
#include "window/finding.h"

#include <stdlib.h>

#include "app/doctor/doctor_run.h"
#include "app/ui/text.h"
#include "window/rows.h"

char *finding_heading(const struct doctor_finding *finding, const char *title)
{
	return g_strdup_printf("%s  %s", doctor_mark(finding->verdict), title);
}

AdwPreferencesRow *finding_row(const struct doctor_finding *finding, const char *title)
{
	char *heading = finding_heading(finding, title);
	/* The name of a reader may have anything in it. */
	char *visible = text_visible(finding->text);
	char *said = g_strdup_printf("%s%s%s", visible != NULL ? visible : "",
				     finding->remedy != NULL ? "\n" : "",
				     finding->remedy != NULL ? finding->remedy : "");
	AdwPreferencesRow *row = rows_make(doctor_tone(finding->verdict), heading, said);

	g_free(heading);
	g_free(said);
	free(visible);
	return row;
}
