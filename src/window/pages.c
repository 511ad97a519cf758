/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages: hides all children of a box but one. */
#include "window/pages.h"

/* Return whether this is the page of the name. */
static bool has_name(GtkWidget *page, const char *name)
{
	return g_str_equal(gtk_widget_get_name(page), name);
}

void pages_show(GtkBox *pages, const char *name)
{
	GtkWidget *first = gtk_widget_get_first_child(GTK_WIDGET(pages));

	/* The new one is there first: the focus of the old one needs a place to go to. */
	for (GtkWidget *page = first; page != NULL; page = gtk_widget_get_next_sibling(page)) {
		if (has_name(page, name))
			gtk_widget_set_visible(page, TRUE);
	}
	for (GtkWidget *page = first; page != NULL; page = gtk_widget_get_next_sibling(page))
		gtk_widget_set_visible(page, has_name(page, name));
}
