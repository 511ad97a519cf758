/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* counter: puts the number and the name of a file into a bar. */
#include "window/counter.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/ui/text.h"

void counter_show(GtkProgressBar *bar, size_t done, size_t total, const char *path)
{
	char *base = g_path_get_basename(path);
	char *visible = text_visible(base);
	char *text = g_strdup_printf(_("%zu of %zu: %s"), done + 1, total,
				     visible != NULL ? visible : "");

	gtk_progress_bar_set_fraction(bar, (double)done / (double)total);
	gtk_progress_bar_set_text(bar, text);
	gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
				       -1);
	g_free(text);
	free(visible);
	g_free(base);
}
