/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* remind: says what the file holds, writes it where the person wants it, and offers to open it. */
#include "window/remind.h"

#include <stdlib.h>
#include <time.h>

#include "app/app.h"
#include "app/certificate/reminder.h"
#include "window/dialog.h"
#include "window/graphics.h"
#include "window/save_file.h"

#define TYPE "text/calendar"

/* A reminder that is offered. */
struct offer {
	GtkWindow *parent; /* a reference */
	struct date_validity validity;
};

static void free_offer(void *data)
{
	struct offer *offer = data;

	g_object_unref(offer->parent);
	g_free(offer);
}

bool remind_can(const struct date_validity *validity)
{
	struct date_day days[REMINDER_MAX];

	return reminder_days(validity, days) > 0;
}

static void on_open(AdwMessageDialog *dialog, const char *unused_response, const char *uri)
{
	(void)unused_response;
	graphics_open_uri(GTK_WIDGET(dialog), uri);
}

static void free_uri(gpointer uri, GClosure *unused)
{
	(void)unused;
	g_free(uri);
}

static void say_saved(GtkWindow *parent, GFile *file)
{
	GAppInfo *calendar = g_app_info_get_default_for_type(TYPE, FALSE);
	AdwMessageDialog *dialog = dialog_make(
		parent, _("Saved"),
		_("Open the file with your calendar, here or on your phone: it takes the "
		  "entries over, and reminds you. You can delete them there at any time."),
		_("_Close"));

	if (calendar != NULL) {
		adw_message_dialog_add_response(dialog, "open", _("_Open the Calendar"));
		g_signal_connect_data(dialog, "response::open", G_CALLBACK(on_open),
				      g_file_get_uri(file), free_uri, 0);
		g_object_unref(calendar);
	}
	gtk_window_present(GTK_WINDOW(dialog));
}

static void on_chosen(GFile *file, gpointer argument)
{
	const struct offer *offer = argument;
	char *text = reminder_calendar(&offer->validity, time(NULL));
	/* The last day is the holder's birthday: others on this computer need not see it, nor in
	 * place of a file that they could read. */
	const GFileCreateFlags flags = G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION;
	GError *error = NULL;

	if (text != NULL && g_file_replace_contents(file, text, strlen(text), NULL, FALSE, flags,
						    NULL, NULL, &error))
		say_saved(offer->parent, file);
	else
		gtk_window_present(GTK_WINDOW(dialog_make(
			offer->parent, _("It could not be saved"),
			error != NULL ? error->message : g_strerror(ENOMEM), _("_Close"))));
	g_clear_error(&error);
	free(text);
}

static void on_save(const struct offer *offer)
{
	struct offer *chosen = g_new(struct offer, 1);

	*chosen = *offer;
	g_object_ref(chosen->parent);
	save_file(chosen->parent, _("Where to Put the Calendar File"), "my-number-card.ics",
		  on_chosen, chosen, free_offer);
}

static void free_offer_of(gpointer offer, GClosure *unused)
{
	(void)unused;
	free_offer(offer);
}

/* Return the words for the days, and what is kept. The caller frees it. */
static char *describe(const struct date_validity *validity)
{
	struct date_day days[REMINDER_MAX];
	size_t count = reminder_days(validity, days);
	GString *text = g_string_new(_("This makes a file for your calendar, with an entry on:"));

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "\n%s", days[i].text);
	g_string_append_printf(
		text, "\n\n%s",
		_("Each says when the certificates expire and where to renew them. Nothing else is "
		  "in it: no name, no number of the card. This program keeps nothing of it."));
	return g_string_free(text, FALSE);
}

void remind_begin(GtkWindow *parent, const struct date_validity *validity)
{
	struct offer *offer = g_new(struct offer, 1);
	char *text = describe(validity);
	AdwMessageDialog *dialog =
		dialog_make(parent, _("A Reminder Before It Expires"), text, _("_Cancel"));

	*offer = (struct offer){.parent = g_object_ref(parent), .validity = *validity};
	adw_message_dialog_add_response(dialog, "save", _("_Save…"));
	adw_message_dialog_set_response_appearance(dialog, "save", ADW_RESPONSE_SUGGESTED);
	adw_message_dialog_set_default_response(dialog, "save");
	g_signal_connect_data(dialog, "response::save", G_CALLBACK(on_save), offer, free_offer_of,
			      G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
	g_free(text);
}
