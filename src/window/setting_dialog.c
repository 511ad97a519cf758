/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setting_dialog: has a program planned, asked about and set up, one step after the other. */
#include "window/setting_dialog.h"

#include "app/app.h"
#include "window/dialog.h"
#include "window/setting.h"
#include "window/worker.h"

/* One program that is to be set up, or undone. */
struct begun {
	GtkWidget *owner; /* a reference */
	struct setting *setting;
	const char *title;
	setting_ended *ended;
};

static void end(struct begun *begun)
{
	begun->ended(begun->owner);
	setting_free(begun->setting);
	g_object_unref(begun->owner);
	g_free(begun);
}

/* Make a dialog about the program; the window, the owner of the dialog, may have gone. */
static AdwMessageDialog *make_dialog(const struct begun *begun, const char *text, const char *leave)
{
	GtkRoot *root = gtk_widget_get_root(begun->owner);

	return root != NULL ? dialog_make(GTK_WINDOW(root), begun->title, text, leave) : NULL;
}

/* Say how it ended, in a dialog: a screen reader reads it by itself. */
static void say(struct begun *begun, const char *text)
{
	AdwMessageDialog *dialog = make_dialog(begun, text, _("_Close"));

	if (dialog == NULL) {
		end(begun);
		return;
	}
	g_signal_connect_swapped(dialog, "response", G_CALLBACK(end), begun);
	gtk_window_present(GTK_WINDOW(dialog));
}

static const char *said(const struct setting *setting)
{
	return setting->told.text != NULL ? setting->told.text : "";
}

static void follow_in_worker(void *argument)
{
	setting_follow(((struct begun *)argument)->setting);
}

static void on_followed(void *argument)
{
	struct begun *begun = argument;

	say(begun, said(begun->setting));
}

static void on_answer(AdwMessageDialog *unused_dialog, const char *response, struct begun *begun)
{
	(void)unused_dialog;
	if (g_str_equal(response, "do"))
		worker_do_without_card(follow_in_worker, on_followed, begun);
	else
		end(begun);
}

/* Show what would be done, and ask whether it shall be. */
static void ask(struct begun *begun)
{
	const struct setting *setting = begun->setting;
	bool undo = setting->request.undo;
	char *text = g_strdup_printf("%s\n%s%s%s", _("This will be done:"), said(setting),
				     undo ? "" : "\n\n",
				     undo ? "" : _("You can undo it here at any time."));
	AdwMessageDialog *dialog = make_dialog(begun, text, _("_Cancel"));

	g_free(text);
	if (dialog == NULL) {
		end(begun);
		return;
	}
	adw_message_dialog_add_response(dialog, "do", undo ? _("_Undo") : _("_Set Up"));
	g_signal_connect(dialog, "response", G_CALLBACK(on_answer), begun);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void plan_in_worker(void *argument)
{
	setting_plan(((struct begun *)argument)->setting);
}

static void on_planned(void *argument)
{
	struct begun *begun = argument;
	const struct setting *setting = begun->setting;

	if (setting_has_steps(setting))
		ask(begun);
	else if (!setting_is_done(setting))
		say(begun, said(setting));
	else
		say(begun, setting->request.undo ? _("There is nothing to undo.")
						 : _("It is already set up."));
}

void setting_dialog_begin(GtkWidget *owner, const char *name, const char *title, bool undo,
			  setting_ended *ended)
{
	struct begun *begun = g_new(struct begun, 1);

	*begun = (struct begun){.owner = g_object_ref(owner),
				.setting = setting_new(name, undo),
				.title = title,
				.ended = ended};
	worker_do_without_card(plan_in_worker, on_planned, begun);
}
