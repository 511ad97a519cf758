/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trouble_page: has the checks done in the worker, makes a row of each finding, and has the remedy
 * applied where it is ours.
 *
 * The checks that need the card may be stuck. The others are done where nothing waits for the card.
 */
#include "window/trouble_page.h"

#include <stdlib.h>

#include "app/doctor/doctor_run.h"
#include "app/ui/patience.h"
#include "app/ui/text.h"
#include "window/finding.h"
#include "window/rows.h"
#include "window/setting.h"
#include "window/setting_dialog.h"
#include "window/worker.h"

/* What a check has found. */
struct line {
	const char *name;  /* of the check */
	const char *title; /* the same, translated */
	struct doctor_finding finding;
	char *remedy;      /* the finding's, which is the checks' own; NULL: none */
	const char *setup; /* the remedy that is ours, also once it was applied; NULL: none */
	bool can_undo;     /* it was applied here */
};

struct _JpkiTroublePage {
	AdwBin parent_instance;
	AdwToastOverlay *toasts;
	GtkLabel *conclusion;
	GtkButton *check;
	GtkButton *go_on;
	GtkListBox *list;
	GtkButton *copy;

	GPtrArray *lines;       /* struct line, in the order of the rows */
	unsigned int number;    /* of the checks that are heard: what others tell is old */
	bool is_checking;       /* they are under way */
	bool has_gone_on;       /* these do without the card */
	enum situation waiting; /* why the card's work waits; or SITUATION_NONE */
	bool is_setting;        /* a remedy is being applied or undone, or asked about */
	guint set_index;        /* of its line */
};

G_DEFINE_FINAL_TYPE(JpkiTroublePage, jpki_trouble_page, ADW_TYPE_BIN)

/* Checks under way. */
struct checking {
	JpkiTroublePage *page; /* a reference */
	unsigned int number;
	struct doctor_run run;
	size_t told;           /* go on after so many */
	enum situation waited; /* without what was waited for */
	bool succeeded;
};

static void free_line(void *data)
{
	struct line *line = data;

	g_free(line->remedy);
	g_free(line);
}

static struct line *make_line(const char *name, const char *title,
			      const struct doctor_finding *finding)
{
	struct line *line = g_new0(struct line, 1);

	line->name = name;
	line->title = title;
	line->finding = *finding;
	line->finding.remedy = line->remedy = g_strdup(finding->remedy);
	line->setup = finding->setup;
	return line;
}

/* --- the remedies that are ours -------------------------------------------------------------- */

/* A line to be judged anew. */
struct judging {
	JpkiTroublePage *page; /* a reference */
	const struct line *line;
	struct line *now;
	struct setting *undo;
};

static void show_lines(JpkiTroublePage *page);
static void conclude(JpkiTroublePage *page);

static void judge_in_worker(void *argument)
{
	struct judging *judging = argument;
	struct doctor_finding finding;
	const char *title;

	if (doctor_run_one(judging->line->name, &title, &finding))
		judging->now = make_line(judging->line->name, title, &finding);
	setting_plan(judging->undo);
}

static void on_judged(void *argument)
{
	struct judging *judging = argument;
	JpkiTroublePage *page = judging->page;

	if (judging->now != NULL) {
		judging->now->setup = judging->line->setup;
		judging->now->can_undo = setting_has_steps(judging->undo);
		free_line(page->lines->pdata[page->set_index]);
		page->lines->pdata[page->set_index] = judging->now;
	}
	page->is_setting = false;
	show_lines(page);
	conclude(page);
	setting_free(judging->undo);
	g_object_unref(page);
	g_free(judging);
}

static void on_set(GtkWidget *owner)
{
	JpkiTroublePage *page = JPKI_TROUBLE_PAGE(owner);
	struct judging *judging = g_new0(struct judging, 1);

	judging->page = g_object_ref(page);
	judging->line = page->lines->pdata[page->set_index];
	judging->undo = setting_new(judging->line->setup, true);
	worker_do_without_card(judge_in_worker, on_judged, judging);
}

static void begin_setting(JpkiTroublePage *page, GtkButton *button, bool undo)
{
	const struct line *line = g_object_get_data(G_OBJECT(button), "line");

	if (page->is_checking || page->is_setting ||
	    !g_ptr_array_find(page->lines, line, &page->set_index))
		return;
	page->is_setting = true;
	gtk_widget_set_sensitive(GTK_WIDGET(page->check), FALSE);
	setting_dialog_begin(GTK_WIDGET(page), line->setup, line->title, undo, on_set);
}

static void on_set_up(GtkButton *button, JpkiTroublePage *page)
{
	begin_setting(page, button, false);
}

static void on_undo(GtkButton *button, JpkiTroublePage *page)
{
	begin_setting(page, button, true);
}

/* Add a button to the row of a line. Return it. */
static GtkWidget *add_button(JpkiTroublePage *page, AdwPreferencesRow *row, struct line *line,
			     bool undo)
{
	GtkWidget *button = rows_make_button(line->title, undo ? _("Undo…") : _("Set Up…"));

	g_object_set_data(G_OBJECT(button), "line", line);
	g_signal_connect(button, "clicked", undo ? G_CALLBACK(on_undo) : G_CALLBACK(on_set_up),
			 page);
	rows_add_button(row, button);
	return button;
}

/* Add the buttons of a line, if it has any. Return the first of them; NULL: none. */
static GtkWidget *add_buttons(JpkiTroublePage *page, AdwPreferencesRow *row, struct line *line)
{
	GtkWidget *set_up = NULL;
	GtkWidget *undo = NULL;

	if (line->finding.setup != NULL)
		set_up = add_button(page, row, line, false);
	if (line->can_undo)
		undo = add_button(page, row, line, true);
	return set_up != NULL ? set_up : undo;
}

/* --- the lines ------------------------------------------------------------------------------- */

/* Add the row of a line. Return what takes the focus in it. */
static GtkWidget *add_row(JpkiTroublePage *page, struct line *line)
{
	AdwPreferencesRow *row = finding_row(&line->finding, line->title);
	GtkWidget *button = add_buttons(page, row, line);

	gtk_list_box_append(page->list, GTK_WIDGET(row));
	return button != NULL ? button : GTK_WIDGET(row);
}

/* Show all lines anew; the one whose remedy was applied gets the focus back. */
static void show_lines(JpkiTroublePage *page)
{
	rows_clear(page->list);
	for (guint i = 0; i < page->lines->len; i++) {
		GtkWidget *widget = add_row(page, page->lines->pdata[i]);

		if (i == page->set_index)
			gtk_widget_grab_focus(widget);
	}
}

/* Say what follows from the lines. */
static void conclude(JpkiTroublePage *page)
{
	bool any_bad = false;

	for (guint i = 0; i < page->lines->len; i++) {
		const struct line *line = page->lines->pdata[i];

		any_bad = any_bad || line->finding.verdict == DOCTOR_BAD;
	}
	gtk_label_set_text(page->conclusion, doctor_conclusion(any_bad));
	gtk_widget_set_sensitive(GTK_WIDGET(page->check), TRUE);
}

/* --- the checks ------------------------------------------------------------------------------ */

/* A line on its way to the main loop. */
struct found {
	JpkiTroublePage *page; /* a reference */
	unsigned int number;
	struct line *line;
};

static void free_found(void *data)
{
	struct found *found = data;

	g_object_unref(found->page);
	g_clear_pointer(&found->line, free_line);
	g_free(found);
}

static gboolean show_found(void *data)
{
	struct found *found = data;
	JpkiTroublePage *page = found->page;

	if (found->number != page->number)
		return G_SOURCE_REMOVE;
	add_row(page, found->line);
	g_ptr_array_add(page->lines, g_steal_pointer(&found->line));
	return G_SOURCE_REMOVE;
}

/* In the worker. */
static void tell(const char *name, const char *title, const struct doctor_finding *finding,
		 void *argument)
{
	const struct checking *checking = argument;
	struct found *found = g_new(struct found, 1);

	*found = (struct found){.page = g_object_ref(checking->page),
				.number = checking->number,
				.line = make_line(name, title, finding)};
	g_idle_add_full(G_PRIORITY_DEFAULT, show_found, found, free_found);
}

/* Offer to go on without the card while the checks wait for it. */
static void offer_go_on(JpkiTroublePage *page)
{
	bool offered = gtk_widget_get_visible(GTK_WIDGET(page->go_on));
	bool offers = page->is_checking && !page->has_gone_on && page->waiting != SITUATION_NONE;

	gtk_widget_set_visible(GTK_WIDGET(page->go_on), offers);
	if (offers && !offered)
		rows_speak(GTK_WIDGET(page->go_on), patience_words(page->waiting));
}

static struct checking *checking_new(JpkiTroublePage *page)
{
	struct checking *checking = g_new0(struct checking, 1);

	checking->page = g_object_ref(page);
	checking->number = ++page->number;
	checking->run.tell = tell;
	checking->run.argument = checking;
	return checking;
}

static void checking_free(struct checking *checking)
{
	g_object_unref(checking->page);
	g_free(checking);
}

static void finish(void *argument)
{
	struct checking *checking = argument;
	JpkiTroublePage *page = checking->page;

	if (checking->number == page->number) {
		page->is_checking = false;
		offer_go_on(page);
		conclude(page);
		if (!checking->succeeded)
			gtk_label_set_text(page->conclusion, situation_text(SITUATION_NO_MEMORY));
		gtk_accessible_reset_property(GTK_ACCESSIBLE(page->copy),
					      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
		gtk_widget_set_visible(GTK_WIDGET(page->copy), TRUE);
		gtk_widget_grab_focus(GTK_WIDGET(page->check));
	}
	checking_free(checking);
}

static void check_with_card(void *argument)
{
	struct checking *checking = argument;

	checking->succeeded = doctor_run_with_card(&checking->run);
	cards_close(&checking->run.view.cards);
}

static void check_the_rest(void *argument)
{
	struct checking *checking = argument;

	checking->succeeded = doctor_run(&checking->run);
}

static void on_checked_with_card(void *argument)
{
	struct checking *checking = argument;

	if (checking->number == checking->page->number && checking->succeeded)
		worker_do_without_card(check_the_rest, finish, checking);
	else
		finish(checking);
}

static void check_without_card(void *argument)
{
	struct checking *checking = argument;

	checking->succeeded = doctor_run_after(&checking->run, checking->told, checking->waited);
}

static void on_go_on(JpkiTroublePage *page)
{
	struct checking *checking = checking_new(page);

	checking->told = page->lines->len;
	checking->waited = page->waiting;
	page->has_gone_on = true;
	offer_go_on(page);
	worker_do_without_card(check_without_card, finish, checking);
}

static void on_check(JpkiTroublePage *page)
{
	rows_clear(page->list);
	g_ptr_array_set_size(page->lines, 0);
	gtk_widget_set_visible(GTK_WIDGET(page->list), TRUE);
	gtk_widget_set_visible(GTK_WIDGET(page->copy), FALSE);
	gtk_widget_set_sensitive(GTK_WIDGET(page->check), FALSE);
	gtk_label_set_text(page->conclusion, _("Checking..."));
	page->is_checking = true;
	page->has_gone_on = false;
	worker_do(check_with_card, on_checked_with_card, checking_new(page));
	offer_go_on(page);
}

void jpki_trouble_page_set_waiting(JpkiTroublePage *page, enum situation why)
{
	page->waiting = why;
	offer_go_on(page);
}

/* --- the copy -------------------------------------------------------------------------------- */

static void on_copy(JpkiTroublePage *page)
{
	/* As jpki doctor prints it. */
	GString *text = g_string_new("");

	for (guint i = 0; i < page->lines->len; i++) {
		const struct line *line = page->lines->pdata[i];
		char *title = finding_heading(&line->finding, line->title);
		char *visible = text_visible(line->finding.text);

		g_string_append_printf(text, "%s: %s\n", title, visible != NULL ? visible : "");
		if (line->remedy != NULL)
			g_string_append_printf(text, "    -> %s\n", line->remedy);
		free(visible);
		g_free(title);
	}
	g_string_append_printf(text, "%s\n", gtk_label_get_text(page->conclusion));
	gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(page)), text->str);
	adw_toast_overlay_add_toast(page->toasts, adw_toast_new(_("Copied")));
	/* The toast is not spoken by itself, and goes after seconds. */
	rows_speak(GTK_WIDGET(page->copy), _("Copied"));
	g_string_free(text, TRUE);
}

/* --- the class ------------------------------------------------------------------------------- */

static void jpki_trouble_page_finalize(GObject *object)
{
	g_ptr_array_unref(JPKI_TROUBLE_PAGE(object)->lines);
	G_OBJECT_CLASS(jpki_trouble_page_parent_class)->finalize(object);
}

static void jpki_trouble_page_class_init(JpkiTroublePageClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = jpki_trouble_page_finalize;
	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/trouble_page.ui");
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, toasts);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, conclusion);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, check);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, go_on);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, list);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, copy);
	gtk_widget_class_bind_template_callback(widget, on_check);
	gtk_widget_class_bind_template_callback(widget, on_go_on);
	gtk_widget_class_bind_template_callback(widget, on_copy);
}

static void jpki_trouble_page_init(JpkiTroublePage *page)
{
	gtk_widget_init_template(GTK_WIDGET(page));
	rows_wrap_buttons(GTK_WIDGET(page));
	page->lines = g_ptr_array_new_with_free_func(free_line);
	page->waiting = SITUATION_NONE;
}
