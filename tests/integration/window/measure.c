/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * measure: asks rows with a button how much room they want, and says on standard output what breaks
 * the toolkit's rules: the natural size is no less than the minimum, and no width has a smaller
 * height than the one that a row tells without knowing its width. It needs a screen.
 */
#include <adwaita.h>

#include "window/rows.h"

#define WIDEST 1500

struct size {
	int minimum;
	int natural;
};

static struct size measure(GtkWidget *widget, GtkOrientation orientation, int other)
{
	struct size size;

	gtk_widget_measure(widget, orientation, other, &size.minimum, &size.natural, NULL, NULL);
	return size;
}

/* Return how many widths break a rule. */
static int look(GtkWidget *widget, const char *what)
{
	struct size width = measure(widget, GTK_ORIENTATION_HORIZONTAL, -1);
	struct size least = measure(widget, GTK_ORIENTATION_VERTICAL, -1);
	int bad = 0;

	for (int i = width.minimum; i <= WIDEST; i++) {
		struct size height = measure(widget, GTK_ORIENTATION_VERTICAL, i);

		if (width.natural < width.minimum || height.natural < height.minimum ||
		    height.minimum < least.minimum) {
			if (bad++ == 0)
				g_print("%s: %d to %d wide; %d high at least, and %d to %d high "
					"when "
					"%d wide\n",
					what, width.minimum, width.natural, least.minimum,
					height.minimum, height.natural, i);
		}
	}
	return bad;
}

int main(void)
{
	static const char *const texts[] = {
		"3", "PIN (4 digits): 3 of 3 tries left",
		"In date. Whether it was revoked cannot be checked here; others can check it."};
	static const char *const buttons[] = {"Ok", "Change…",
					      "Extension for Myna Portal: Set Up…"};
	int bad = 0;

	adw_init();
	for (size_t i = 0; i < G_N_ELEMENTS(texts) * G_N_ELEMENTS(buttons); i++) {
		const char *text = texts[i / G_N_ELEMENTS(buttons)];
		AdwPreferencesRow *row = rows_make(UI_WARN, NULL, text);
		GtkWidget *header = gtk_list_box_row_get_child(GTK_LIST_BOX_ROW(row));

		g_object_ref_sink(row);
		rows_add_button(row, rows_make_button("", buttons[i % G_N_ELEMENTS(buttons)]));
		bad += look(gtk_widget_get_last_child(header), text);
		bad += look(GTK_WIDGET(row), text);
		g_object_unref(row);
	}
	return bad == 0 ? 0 : 1;
}
