/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* save_file: shows the desktop's own window for choosing a file. */
#include "window/save_file.h"

#include "app/app.h"

/* A question that is open. */
struct saving {
	GtkFileChooserNative *chooser; /* a reference */
	save_chosen *chosen;
	gpointer argument;
	GDestroyNotify free_argument;
};

static void on_response(struct saving *saving, int response)
{
	if (response == GTK_RESPONSE_ACCEPT) {
		GFile *file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(saving->chooser));

		saving->chosen(file, saving->argument);
		g_object_unref(file);
	}
	if (saving->free_argument != NULL)
		saving->free_argument(saving->argument);
	g_object_unref(saving->chooser);
	g_free(saving);
}

void save_file(GtkWindow *parent, const char *title, const char *name, save_chosen *chosen,
	       gpointer argument, GDestroyNotify free_argument)
{
	struct saving *saving = g_new(struct saving, 1);

	*saving = (struct saving){
		.chooser = gtk_file_chooser_native_new(title, parent, GTK_FILE_CHOOSER_ACTION_SAVE,
						       _("_Save"), _("_Cancel")),
		.chosen = chosen,
		.argument = argument,
		.free_argument = free_argument};
	gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(saving->chooser), name);
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(saving->chooser), TRUE);
	g_signal_connect_swapped(saving->chooser, "response", G_CALLBACK(on_response), saving);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(saving->chooser));
}
