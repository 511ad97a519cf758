/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* browser_page: a row for each program with its state, and what would be done before it is. */
#include "window/browser_page.h"

#include "app/app.h"
#include "window/rows.h"
#include "window/setting.h"
#include "window/worker.h"

/* What can be set up here: its name for the command, and for the person. */
static const struct {
	const char *name;
	const char *title;
} programs[] = {
	{"portal", N_("Extension for Myna Portal and e-Tax")},
	{"firefox", N_("Firefox")},
	{"chromium", N_("Chromium and browsers built on it")},
};

#define PROGRAM_COUNT G_N_ELEMENTS(programs)

struct _JpkiBrowserPage {
	AdwBin parent_instance;
	GtkWidget *box;
	GtkLabel *state;
	GtkListBox *programs;
	bool is_looking;
};

G_DEFINE_FINAL_TYPE(JpkiBrowserPage, jpki_browser_page, ADW_TYPE_BIN)

/* --- what is set up -------------------------------------------------------------------------- */

/* A look at all of them. */
struct look_at {
	JpkiBrowserPage *page; /* a reference */
	struct setting *settings[PROGRAM_COUNT];
};

static void begin_setting(JpkiBrowserPage *page, size_t index, bool undo);

static void on_set_up(GtkButton *button, JpkiBrowserPage *page)
{
	begin_setting(page, GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(button), "index")), false);
}

static void on_undo(GtkButton *button, JpkiBrowserPage *page)
{
	begin_setting(page, GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(button), "index")), true);
}

/* Add a button to a row. It is called as what it does, and to what. */
static void add_button(JpkiBrowserPage *page, GtkBox *box, size_t index, bool undo)
{
	const char *label = undo ? _("Undo…") : _("Set Up…");
	GtkWidget *button = gtk_button_new_with_label(label);
	char *name = g_strdup_printf("%s %s", label, _(programs[index].title));

	gtk_widget_set_tooltip_text(button, name);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	g_object_set_data(G_OBJECT(button), "index", GSIZE_TO_POINTER(index));
	g_signal_connect(button, "clicked", undo ? G_CALLBACK(on_undo) : G_CALLBACK(on_set_up),
			 page);
	gtk_box_append(box, button);
	g_free(name);
}

/* Return what is to be said of the state of a program. */
static const char *state_of(const struct setting *setting)
{
	const struct setup_plan *plan = &setting->plan;

	if (!setting->is_possible)
		return setting->told.text != NULL ? setting->told.text : _("Not set up.");
	if (plan->count == 0 && plan->by_hand == NULL)
		return _("It is already set up.");
	return _("Not set up.");
}

static void add_row(JpkiBrowserPage *page, size_t index, const struct setting *setting)
{
	AdwActionRow *row = rows_make(UI_PLAIN, _(programs[index].title), state_of(setting));
	GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 6));

	gtk_widget_set_valign(GTK_WIDGET(box), GTK_ALIGN_CENTER);
	gtk_widget_set_margin_top(GTK_WIDGET(box), 6);
	gtk_widget_set_margin_bottom(GTK_WIDGET(box), 6);
	add_button(page, box, index, false);
	add_button(page, box, index, true);
	adw_action_row_add_suffix(row, GTK_WIDGET(box));
	gtk_list_box_append(page->programs, GTK_WIDGET(row));
}

static void look_in_worker(void *argument)
{
	const struct look_at *look = argument;

	for (size_t i = 0; i < PROGRAM_COUNT; i++)
		setting_plan(look->settings[i]);
}

static void on_looked(void *argument)
{
	struct look_at *look = argument;
	JpkiBrowserPage *page = look->page;
	GtkWidget *row;

	while ((row = gtk_widget_get_first_child(GTK_WIDGET(page->programs))) != NULL)
		gtk_list_box_remove(page->programs, row);
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		add_row(page, i, look->settings[i]);
		setting_free(look->settings[i]);
	}
	page->is_looking = false;
	g_object_unref(page);
	g_free(look);
}

void jpki_browser_page_look(JpkiBrowserPage *page)
{
	struct look_at *look;

	if (page->is_looking)
		return;
	page->is_looking = true;
	look = g_new(struct look_at, 1);
	look->page = g_object_ref(page);
	for (size_t i = 0; i < PROGRAM_COUNT; i++)
		look->settings[i] = setting_new(programs[i].name, false);
	worker_do(look_in_worker, on_looked, look);
}

/* --- what is to be done ---------------------------------------------------------------------- */

/* One program that is to be set up, or undone. */
struct begun {
	JpkiBrowserPage *page; /* a reference */
	struct setting *setting;
	const char *title;
};

/* End it: nothing of it is kept. The text is for the person. */
static void end_begun(struct begun *begun, const char *text)
{
	JpkiBrowserPage *page = begun->page;

	gtk_label_set_text(page->state, text);
	gtk_widget_set_sensitive(page->box, TRUE);
	setting_free(begun->setting);
	g_free(begun);
	jpki_browser_page_look(page);
	g_object_unref(page);
}

static void follow_in_worker(void *argument)
{
	setting_follow(((struct begun *)argument)->setting);
}

static void on_followed(void *argument)
{
	struct begun *begun = argument;
	const char *said = begun->setting->told.text;
	char *text = g_strdup_printf("%s: %s", begun->title, said != NULL ? said : "");

	end_begun(begun, text);
	g_free(text);
}

static void on_answer(AdwMessageDialog *unused_dialog, const char *response, struct begun *begun)
{
	(void)unused_dialog;
	if (g_str_equal(response, "do"))
		worker_do(follow_in_worker, on_followed, begun);
	else
		end_begun(begun, _("Nothing was changed."));
}

/* Show what would be done, and ask whether it shall be. */
static void ask(struct begun *begun)
{
	const struct setting *setting = begun->setting;
	GtkWidget *dialog = adw_message_dialog_new(
		GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(begun->page))), begun->title, NULL);
	char *body = g_strdup_printf("%s\n%s", _("This will be done:"),
				     setting->told.text != NULL ? setting->told.text : "");

	adw_message_dialog_set_body(ADW_MESSAGE_DIALOG(dialog), body);
	adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "do",
					 setting->request.undo ? _("_Undo") : _("_Set Up"), NULL);
	adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
	adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
	g_signal_connect(dialog, "response", G_CALLBACK(on_answer), begun);
	gtk_window_present(GTK_WINDOW(dialog));
	g_free(body);
}

/* Return what is to be said if there is nothing to ask; NULL: there is. */
static const char *refusal(const struct setting *setting)
{
	const char *said = setting->told.text != NULL ? setting->told.text : "";

	if (!setting->is_possible || (setting->plan.count == 0 && setting->plan.by_hand != NULL))
		return said;
	if (setting->plan.count == 0)
		return setting->request.undo ? _("There is nothing to undo.")
					     : _("It is already set up.");
	return NULL;
}

static void plan_in_worker(void *argument)
{
	setting_plan(((struct begun *)argument)->setting);
}

static void on_planned(void *argument)
{
	struct begun *begun = argument;
	const char *why = refusal(begun->setting);
	char *text;

	if (why == NULL) {
		ask(begun);
		return;
	}
	text = g_strdup_printf("%s: %s", begun->title, why);
	end_begun(begun, text);
	g_free(text);
}

static void begin_setting(JpkiBrowserPage *page, size_t index, bool undo)
{
	struct begun *begun = g_new(struct begun, 1);

	*begun = (struct begun){.page = g_object_ref(page),
				.setting = setting_new(programs[index].name, undo),
				.title = _(programs[index].title)};
	gtk_widget_set_sensitive(page->box, FALSE);
	worker_do(plan_in_worker, on_planned, begun);
}

/* --- the class ------------------------------------------------------------------------------- */

static void jpki_browser_page_class_init(JpkiBrowserPageClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/browser_page.ui");
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, box);
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, state);
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, programs);
}

static void jpki_browser_page_init(JpkiBrowserPage *page)
{
	gtk_widget_init_template(GTK_WIDGET(page));
}
