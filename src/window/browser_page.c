/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* browser_page: a row for each program, with its state and a button for what can be done. */
#include "window/browser_page.h"

#include "app/app.h"
#include "app/doctor/doctor_run.h"
#include "window/finding.h"
#include "window/rows.h"
#include "window/setting.h"
#include "window/setting_dialog.h"
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

/* The checks (app/doctor/doctor_run.h) that say whether browsers have what the extension needs. */
static const char *const checks[] = {"portal-program", "portal-firefox", "portal-chromium"};

#define CHECK_COUNT G_N_ELEMENTS(checks)

struct _JpkiBrowserPage {
	AdwBin parent_instance;
	GtkListBox *programs;
	GtkWidget *extension; /* how the browsers have it */
	GtkListBox *parts;
	bool is_looking;
	bool is_setting;     /* one of them is being set up or undone, or asked about */
	bool returns;        /* that has ended: the focus goes back to it */
	size_t set_up_index; /* which one */
};

G_DEFINE_FINAL_TYPE(JpkiBrowserPage, jpki_browser_page, ADW_TYPE_BIN)

/* A look at all of them. */
struct look_at {
	JpkiBrowserPage *page; /* a reference */
	struct setting *set_up[PROGRAM_COUNT];
	struct setting *undo[PROGRAM_COUNT];
	const char *titles[CHECK_COUNT]; /* NULL: there is no such check */
	struct doctor_finding findings[CHECK_COUNT];
};

/* --- what is to be done ---------------------------------------------------------------------- */

static void on_ended(GtkWidget *owner)
{
	JpkiBrowserPage *page = JPKI_BROWSER_PAGE(owner);

	page->is_setting = false;
	page->returns = true;
	jpki_browser_page_look(page);
}

static void begin_setting(JpkiBrowserPage *page, GtkButton *button, bool undo)
{
	size_t index = GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(button), "index"));

	if (page->is_setting)
		return;
	page->is_setting = true;
	page->set_up_index = index;
	setting_dialog_begin(GTK_WIDGET(page), programs[index].name, _(programs[index].title), undo,
			     on_ended);
}

static void on_set_up(GtkButton *button, JpkiBrowserPage *page)
{
	begin_setting(page, button, false);
}

static void on_undo(GtkButton *button, JpkiBrowserPage *page)
{
	begin_setting(page, button, true);
}

/* --- what is set up -------------------------------------------------------------------------- */

/* Add a button to the row of a program. Return it. */
static GtkWidget *add_button(JpkiBrowserPage *page, AdwPreferencesRow *row, size_t index, bool undo)
{
	GtkWidget *button =
		rows_make_button(_(programs[index].title), undo ? _("Undo…") : _("Set Up…"));

	g_object_set_data(G_OBJECT(button), "index", GSIZE_TO_POINTER(index));
	g_signal_connect(button, "clicked", undo ? G_CALLBACK(on_undo) : G_CALLBACK(on_set_up),
			 page);
	rows_add_button(row, button);
	return button;
}

/* Return what is to be said of the state of a program. */
static const char *state_of(const struct setting *set_up)
{
	if (setting_is_done(set_up))
		return _("Set up.");
	if (!set_up->is_possible && set_up->told.text != NULL)
		return set_up->told.text;
	return _("Not set up.");
}

/* Add the row of a program. Return the button that stands first in it; NULL: nothing can be done.
 */
static GtkWidget *add_row(JpkiBrowserPage *page, size_t index, const struct look_at *look)
{
	const struct setting *set_up = look->set_up[index];
	AdwPreferencesRow *row = rows_make(UI_PLAIN, _(programs[index].title), state_of(set_up));
	GtkWidget *button = NULL;
	GtkWidget *undo = NULL;

	/* What cannot be set up now says why, when it is pressed, as it is then. */
	if (!setting_is_done(set_up))
		button = add_button(page, row, index, false);
	if (setting_has_steps(look->undo[index]))
		undo = add_button(page, row, index, true);
	gtk_list_box_append(page->programs, GTK_WIDGET(row));
	return button != NULL ? button : undo;
}

static void look_in_worker(void *argument)
{
	struct look_at *look = argument;

	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		setting_plan(look->set_up[i]);
		setting_plan(look->undo[i]);
	}
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (!doctor_run_one(checks[i], &look->titles[i], &look->findings[i]))
			look->titles[i] = NULL;
	}
}

/* Show how the browsers have the extension, as far as it can be known. */
static void show_extension(JpkiBrowserPage *page, const struct look_at *look)
{
	rows_clear(page->parts);
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (look->titles[i] != NULL)
			gtk_list_box_append(page->parts, GTK_WIDGET(finding_row(&look->findings[i],
										look->titles[i])));
	}
	gtk_widget_set_visible(page->extension, TRUE);
}

static void on_looked(void *argument)
{
	struct look_at *look = argument;
	JpkiBrowserPage *page = look->page;

	rows_clear(page->programs);
	show_extension(page, look);
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		GtkWidget *button = add_row(page, i, look);

		if (page->returns && i == page->set_up_index && button != NULL)
			gtk_widget_grab_focus(button);
		setting_free(look->set_up[i]);
		setting_free(look->undo[i]);
	}
	gtk_widget_set_visible(GTK_WIDGET(page->programs), TRUE);
	page->is_looking = false;
	page->returns = false;
	g_object_unref(page);
	g_free(look);
}

void jpki_browser_page_look(JpkiBrowserPage *page)
{
	struct look_at *look;

	/* While something is set up, the rows stay: it looks again at the end. */
	if (page->is_looking || page->is_setting)
		return;
	page->is_looking = true;
	look = g_new0(struct look_at, 1);
	look->page = g_object_ref(page);
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		look->set_up[i] = setting_new(programs[i].name, false);
		look->undo[i] = setting_new(programs[i].name, true);
	}
	worker_do_without_card(look_in_worker, on_looked, look);
}

/* --- the class ------------------------------------------------------------------------------- */

static void jpki_browser_page_class_init(JpkiBrowserPageClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/browser_page.ui");
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, programs);
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, extension);
	gtk_widget_class_bind_template_child(widget, JpkiBrowserPage, parts);
}

static void jpki_browser_page_init(JpkiBrowserPage *page)
{
	gtk_widget_init_template(GTK_WIDGET(page));
	rows_wrap_buttons(GTK_WIDGET(page));
}
