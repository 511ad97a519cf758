/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cut: a module of GIO, which loads it into jpki-window in the tests. At SIGUSR1 it writes into the
 * file $JPKI_TEST_CUT which texts that are shown are not shown whole: shortened to "…", or with
 * less room than they take. No program outside can see that. What was changed a moment ago gets its
 * room first, so it looks again for a while; the file is empty if nothing is cut.
 */
#include <gio/gio.h>
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <signal.h>

#define STEP_MS 50
#define STEPS   60

#define PUBLIC __attribute__((visibility("default")))

static bool is_cut(GtkLabel *label)
{
	PangoLayout *layout = gtk_label_get_layout(label);
	int width;
	int height;

	pango_layout_get_pixel_size(layout, &width, &height);
	return pango_layout_is_ellipsized(layout) ||
	       width > gtk_widget_get_width(GTK_WIDGET(label)) ||
	       height > gtk_widget_get_height(GTK_WIDGET(label));
}

/* Add the texts below a widget that are cut, one on a line. */
static void add_cut(GtkWidget *widget, GString *cut)
{
	if (!gtk_widget_get_mapped(widget))
		return;
	if (GTK_IS_LABEL(widget) && is_cut(GTK_LABEL(widget)))
		g_string_append_printf(cut, "%s\n", gtk_label_get_text(GTK_LABEL(widget)));
	for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
	     child = gtk_widget_get_next_sibling(child))
		add_cut(child, cut);
}

/* Write what is cut; later, if something is and this was not the last time to look. */
static gboolean look(void *steps)
{
	GString *cut = g_string_new("");
	GList *windows = gtk_window_list_toplevels();
	bool goes_on;

	for (GList *each = windows; each != NULL; each = each->next)
		add_cut(each->data, cut);
	g_list_free(windows);
	goes_on = cut->len > 0 && ++*(int *)steps < STEPS;
	if (!goes_on)
		g_file_set_contents(g_getenv("JPKI_TEST_CUT"), cut->str, -1, NULL);
	g_string_free(cut, TRUE);
	return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean on_signal(void *unused)
{
	(void)unused;
	g_timeout_add_full(G_PRIORITY_LOW, STEP_MS, look, g_new0(int, 1), g_free);
	return G_SOURCE_CONTINUE;
}

PUBLIC void g_io_module_load(GIOModule *module);
PUBLIC void g_io_module_unload(GIOModule *module);

void g_io_module_load(GIOModule *module)
{
	g_type_module_use(G_TYPE_MODULE(module));
	g_unix_signal_add(SIGUSR1, on_signal, NULL);
}

void g_io_module_unload(GIOModule *unused)
{
	(void)unused;
}
