/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* counter: a bar, and below it the number and the name of a file, which may take several lines. */
#include "window/counter.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/ui/text.h"
#include "window/rows.h"

/* Between the bar and the text. */
#define SPACING 6

struct _JpkiCounter {
	GtkBox parent_instance;
	GtkProgressBar *bar;
	GtkLabel *label;
};

G_DEFINE_FINAL_TYPE(JpkiCounter, jpki_counter, GTK_TYPE_BOX)

static void jpki_counter_class_init(JpkiCounterClass *unused)
{
	(void)unused;
}

static void jpki_counter_init(JpkiCounter *counter)
{
	counter->bar = GTK_PROGRESS_BAR(gtk_progress_bar_new());
	counter->label = GTK_LABEL(gtk_label_new(""));
	rows_wrap(counter->label);
	gtk_label_set_justify(counter->label, GTK_JUSTIFY_CENTER);
	gtk_orientable_set_orientation(GTK_ORIENTABLE(counter), GTK_ORIENTATION_VERTICAL);
	gtk_box_set_spacing(GTK_BOX(counter), SPACING);
	gtk_box_append(GTK_BOX(counter), GTK_WIDGET(counter->bar));
	gtk_box_append(GTK_BOX(counter), GTK_WIDGET(counter->label));
}

void jpki_counter_show(JpkiCounter *counter, size_t done, size_t total, const char *path)
{
	char *base = g_path_get_basename(path);
	char *visible = text_visible(base);
	char *text = g_strdup_printf(_("%zu of %zu: %s"), done + 1, total,
				     visible != NULL ? visible : "");

	gtk_progress_bar_set_fraction(counter->bar, (double)done / (double)total);
	gtk_label_set_text(counter->label, text);
	gtk_accessible_update_property(GTK_ACCESSIBLE(counter->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       text, -1);
	g_free(text);
	free(visible);
	g_free(base);
}
