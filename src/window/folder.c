/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* folder: asks the file manager over the session bus, by the interface that the desktops share. */
#include "window/folder.h"

#include "window/graphics.h"

/* A request under way. */
struct showing {
	GtkWindow *parent; /* a reference */
	char *folder;      /* its URI */
};

static void on_answer(GObject *bus, GAsyncResult *result, gpointer data)
{
	struct showing *showing = data;
	GVariant *answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, NULL);

	if (answer == NULL)
		graphics_open_uri(GTK_WIDGET(showing->parent), showing->folder);
	g_clear_pointer(&answer, g_variant_unref);
	g_object_unref(showing->parent);
	g_free(showing->folder);
	g_free(showing);
}

void folder_show(GtkWindow *parent, const char *path)
{
	GApplication *application = G_APPLICATION(gtk_window_get_application(parent));
	GDBusConnection *bus = g_application_get_dbus_connection(application);
	GFile *file = g_file_new_for_path(path);
	GFile *folder = g_file_get_parent(file);
	const char *uris[] = {NULL, NULL};
	char *uri = g_file_get_uri(file);
	char *folder_uri = g_file_get_uri(folder != NULL ? folder : file);
	struct showing *showing;

	uris[0] = uri;
	if (bus != NULL) {
		showing = g_new(struct showing, 1);
		*showing = (struct showing){.parent = g_object_ref(parent),
					    .folder = g_strdup(folder_uri)};
		g_dbus_connection_call(bus, "org.freedesktop.FileManager1",
				       "/org/freedesktop/FileManager1",
				       "org.freedesktop.FileManager1", "ShowItems",
				       g_variant_new("(^ass)", uris, ""), NULL,
				       G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_answer, showing);
	} else {
		graphics_open_uri(GTK_WIDGET(parent), folder_uri);
	}
	g_free(uri);
	g_free(folder_uri);
	g_clear_object(&folder);
	g_object_unref(file);
}
