/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages: hides all pages of a stack but one. */
#include "window/pages.h"

void pages_show(GtkStack *stack, const char *name)
{
	GtkWidget *shown = gtk_stack_get_child_by_name(stack, name);

	gtk_widget_set_visible(shown, TRUE);
	gtk_stack_set_visible_child(stack, shown);
	for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(stack)); child != NULL;
	     child = gtk_widget_get_next_sibling(child))
		gtk_widget_set_visible(child, child == shown);
}
