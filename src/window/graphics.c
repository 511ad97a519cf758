/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* graphics: tells GTK by its environment variables how to draw, and keeps them from others. */
#include "window/graphics.h"

/* From this version of GTK 4 on a variable of its own names what is not to be used. */
#define MINOR_WITH_DISABLE 16

static const struct {
	const char *name;
	const char *value;
	guint first_minor, end_minor;
} variables[] = {
	{"GSK_RENDERER", "cairo", 0, G_MAXUINT},
	{"GDK_DEBUG", "gl-disable", 0, MINOR_WITH_DISABLE},
	{"GDK_DISABLE", "gl,vulkan", MINOR_WITH_DISABLE, G_MAXUINT},
};

static gboolean is_ours[G_N_ELEMENTS(variables)];

void graphics_spare(void)
{
	guint minor = gtk_get_minor_version();

	for (gsize i = 0; i < G_N_ELEMENTS(variables); i++) {
		if (minor >= variables[i].first_minor && minor < variables[i].end_minor &&
		    g_getenv(variables[i].name) == NULL)
			is_ours[i] = g_setenv(variables[i].name, variables[i].value, TRUE);
	}
}

void graphics_open_uri(GtkWidget *widget, const char *uri)
{
	GdkAppLaunchContext *context =
		gdk_display_get_app_launch_context(gtk_widget_get_display(widget));

	for (gsize i = 0; i < G_N_ELEMENTS(variables); i++) {
		if (is_ours[i])
			g_app_launch_context_unsetenv(G_APP_LAUNCH_CONTEXT(context),
						      variables[i].name);
	}
	g_app_info_launch_default_for_uri_async(uri, G_APP_LAUNCH_CONTEXT(context), NULL, NULL,
						NULL);
	g_object_unref(context);
}
