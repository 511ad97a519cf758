/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki-window: shows a card in a window, for people who use no terminal. */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/app.h"
#include "app/host/signals.h"
#include "base/log.h"
#include "base/secret.h"
#include "window/graphics.h"
#include "window/resources.h"
#include "window/watcher.h"
#include "window/window.h"
#include "window/worker.h"

static void on_activate(AdwApplication *application)
{
	GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));

	if (window == NULL)
		window = GTK_WINDOW(jpki_window_new(application));
	gtk_window_present(window);
}

/* End as when the window is closed: what is on its way to the card comes to its end. */
static gboolean on_signal(void *application)
{
	GtkWindow *window = gtk_application_get_active_window(application);

	if (window == NULL)
		g_application_quit(application);
	else if (gtk_window_get_transient_for(window) != NULL)
		window = gtk_window_get_transient_for(window);
	if (window != NULL)
		jpki_window_end(JPKI_WINDOW(window));
	return G_SOURCE_CONTINUE;
}

/* Answer what needs no window. Return how it ends, or -1 to go on. */
static int on_options(GApplication *unused_application, GVariantDict *options, void *unused)
{
	(void)unused_application;
	(void)unused;
	if (!g_variant_dict_contains(options, "version"))
		return -1;
	g_print("jpki-window %s\n", PACKAGE_VERSION);
	return 0;
}

static int run(int argc, char **argv)
{
	AdwApplication *application =
		adw_application_new("jpki_pkcs11.desktop.window", G_APPLICATION_DEFAULT_FLAGS);
	int result;

	g_application_add_main_option(G_APPLICATION(application), "version", 0, 0,
				      G_OPTION_ARG_NONE, _("Print the version, and end"), NULL);
	g_signal_connect(application, "handle-local-options", G_CALLBACK(on_options), NULL);
	g_signal_connect(application, "activate", G_CALLBACK(on_activate), NULL);
	g_unix_signal_add(SIGTERM, on_signal, application);
	g_unix_signal_add(SIGINT, on_signal, application);
	g_unix_signal_add(SIGHUP, on_signal, application);
	result = g_application_run(G_APPLICATION(application), argc, argv);
	watcher_end();
	/* A thread that is stuck in the service must not hold the end up, nor keep a PIN. */
	if (worker_is_busy()) {
		jpki_secret_wipe_all();
		signals_remove_now();
		_exit(result);
	}
	g_object_unref(application);
	return result;
}

int main(int argc, char **argv)
{
	static const struct rlimit none = {0, 0};

	/* A PIN may be in memory: allow no core dump. */
	setrlimit(RLIMIT_CORE, &none);
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE_NAME, LOCALEDIR);
	bind_textdomain_codeset(PACKAGE_NAME, "UTF-8");
	textdomain(PACKAGE_NAME);
	/* Silence the warnings of the layers below: the window says the same in its own words. */
	setenv("JPKI_LOG", "error", 0);
	jpki_log_open();
	graphics_spare();
	jpki_window_register_resource();
	return run(argc, argv);
}
