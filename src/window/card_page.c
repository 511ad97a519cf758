/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_page: makes rows of what a look at the readers has found. */
#include "window/card_page.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/card/card_words.h"
#include "app/ui/key_name.h"
#include "app/ui/text.h"
#include "window/pages.h"
#include "window/rows.h"

/* Between a heading and what it is about. */
#define HEADING_SPACING 6

struct _JpkiCardPage {
	AdwBin parent_instance;
	GtkBox *pages;
	AdwStatusPage *state;
	GtkBox *cards;
	card_page_add *add; /* NULL: the state of a card */

	/* While the rows are made anew: what the button with the focus was for, and the one that is
	 * for it now; or NULL. */
	GVariant *focused;
	GtkWidget *to_focus;

	/* Gets the focus, or what is first in it, once its window is active; NULL: nothing does. */
	GtkWidget *waits;
	gulong watch; /* the handler for that; 0: none */
};

G_DEFINE_FINAL_TYPE(JpkiCardPage, jpki_card_page, ADW_TYPE_BIN)

static void jpki_card_page_dispose(GObject *object)
{
	g_clear_weak_pointer(&JPKI_CARD_PAGE(object)->waits);
	G_OBJECT_CLASS(jpki_card_page_parent_class)->dispose(object);
}

static void jpki_card_page_class_init(JpkiCardPageClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = jpki_card_page_dispose;
	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/card_page.ui");
	gtk_widget_class_bind_template_child(widget, JpkiCardPage, pages);
	gtk_widget_class_bind_template_child(widget, JpkiCardPage, state);
	gtk_widget_class_bind_template_child(widget, JpkiCardPage, cards);
}

static void jpki_card_page_init(JpkiCardPage *page)
{
	gtk_widget_init_template(GTK_WIDGET(page));
	pages_show(page->pages, "state");
}

/* Make a label that wraps, as a heading would not. */
static GtkWidget *make_label(const char *text, const char *class)
{
	GtkWidget *label = gtk_label_new(text);

	rows_wrap(GTK_LABEL(label));
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_add_css_class(label, class);
	return label;
}

GtkListBox *jpki_card_page_add_group(JpkiCardPage *page, const char *title, const char *place)
{
	GtkListBox *group = rows_make_list(title);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, HEADING_SPACING);

	gtk_box_append(GTK_BOX(box), make_label(title, place != NULL ? "title-2" : "heading"));
	if (place != NULL)
		gtk_box_append(GTK_BOX(box), make_label(place, "body"));
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(group));
	gtk_box_append(page->cards, box);
	return group;
}

void jpki_card_page_add_button(JpkiCardPage *page, AdwPreferencesRow *row, const char *label,
			       const char *name, const char *action, GVariant *target)
{
	GtkWidget *button = gtk_button_new_with_label(label);

	rows_wrap_buttons(button);
	rows_name_button(button, name);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
	gtk_actionable_set_action_target_value(GTK_ACTIONABLE(button), target);
	if (page->focused != NULL && g_variant_equal(page->focused, target))
		page->to_focus = button;
	rows_add_button(row, button);
}

/* Let the row of a PIN begin its change. */
static void add_change(JpkiCardPage *page, AdwPreferencesRow *row, const struct look_reader *reader,
		       enum jpki_key key)
{
	jpki_card_page_add_button(
		page, row, _("Change…"),
		key == JPKI_KEY_AUTH ? _("Change the authentication PIN")
				     : _("Change the signing password"),
		"win.change-pin",
		g_variant_new("(sss)", key_name(key), reader->card.serial, reader->name));
}

static bool can_change(const struct card_report_half *half)
{
	return half->info.pin_is_set && half->info.tries > 0;
}

static void add_half(JpkiCardPage *page, const struct look_reader *reader, enum jpki_key key)
{
	const struct card_report_half *half = &reader->report.halves[key];
	GtkListBox *group;
	char text[CARD_WORDS_SIZE];
	AdwPreferencesRow *row;
	enum ui_tone tone;

	if (!half->exists)
		return;
	group = jpki_card_page_add_group(page, card_words_key(key), NULL);
	tone = card_words_certificate(&reader->report, key, text);
	rows_append(group, rows_make(tone, _("Digital certificate"), text));
	tone = card_words_tries(half, text);
	row = rows_make(tone, card_words_pin(key), text);
	if (can_change(half))
		add_change(page, row, reader, key);
	rows_append(group, row);
}

static void add_advice(GtkListBox *group, const struct card_report *report)
{
	struct card_advice advice[CARD_WORDS_ADVICE_MAX];
	size_t count = card_words_advice(report, advice);

	for (size_t i = 0; i < count; i++) {
		if (advice[i].text != NULL)
			rows_append(group, rows_make(advice[i].tone, NULL, advice[i].text));
		free(advice[i].text);
	}
}

/* Add what a card that can be used tells. */
static void add_card(JpkiCardPage *page, const struct look_reader *reader, const char *place)
{
	const struct card_report *report = &reader->report;
	GtkListBox *group =
		jpki_card_page_add_group(page, cards_kind_text(reader->card.kind), place);

	if (page->add != NULL) {
		page->add(page, reader);
		return;
	}
	add_advice(group, report);
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		add_half(page, reader, (enum jpki_key)key);
}

char *jpki_card_page_place(const char *reader)
{
	char *visible = text_visible(reader);
	char *place = g_strdup_printf(_("Reader: %s"), visible != NULL ? visible : "");

	free(visible);
	return place;
}

static void add_reader(JpkiCardPage *page, const struct look_reader *reader)
{
	const struct card_report *report = &reader->report;
	char *place = jpki_card_page_place(reader->name);
	GtkListBox *group;

	if (!reader->has_card) {
		jpki_card_page_add_group(page, _("Card: none"), place);
	} else if (!reader->is_read) {
		jpki_card_page_add_group(page, _("Reading the card..."), place);
	} else if (report->situation != SITUATION_NONE) {
		group = jpki_card_page_add_group(page, _("This card cannot be used"), place);
		rows_append(group, rows_make(UI_BAD, NULL, situation_text(report->situation)));
	} else {
		add_card(page, reader, place);
	}
	g_free(place);
}

/* Show one state alone. */
static void show_state(JpkiCardPage *page, const char *title, const char *text)
{
	char *escaped = text != NULL ? g_markup_escape_text(text, -1) : NULL;

	adw_status_page_set_title(page->state, title);
	adw_status_page_set_description(page->state, escaped);
	pages_show(page->pages, "state");
	g_free(escaped);
}

/* Return what the button with the focus is for, as add_change has set it; NULL: none has it. The
 * caller unrefs it. */
static GVariant *focused_target(JpkiCardPage *page)
{
	GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(page));
	GtkWidget *focus = root != NULL ? gtk_root_get_focus(root) : NULL;
	GVariant *target;

	if (page->waits != NULL)
		focus = page->waits;
	if (focus == NULL || !GTK_IS_ACTIONABLE(focus) ||
	    !gtk_widget_is_ancestor(focus, GTK_WIDGET(page->cards)))
		return NULL;
	target = gtk_actionable_get_action_target_value(GTK_ACTIONABLE(focus));
	return target != NULL ? g_variant_ref(target) : NULL;
}

static void on_active(JpkiCardPage *page, GParamSpec *unused, GtkWindow *window)
{
	GtkWidget *widget = page->waits;

	(void)unused;
	if (!gtk_window_is_active(window))
		return;
	g_clear_signal_handler(&page->watch, window);
	g_clear_weak_pointer(&page->waits);
	if (widget != NULL && !gtk_widget_grab_focus(widget))
		gtk_widget_child_focus(widget, GTK_DIR_TAB_FORWARD);
}

/* Give a widget the focus once the window is active: before that, a screen reader would leave what
 * it says of the window that is. */
static void focus_when_active(JpkiCardPage *page, GtkWidget *to_focus)
{
	GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(to_focus));

	g_clear_signal_handler(&page->watch, window);
	g_set_weak_pointer(&page->waits, to_focus);
	page->watch = g_signal_connect_object(window, "notify::is-active", G_CALLBACK(on_active),
					      page, G_CONNECT_SWAPPED);
	on_active(page, NULL, window);
}

/* With the row that has the focus GTK would move it elsewhere, which is an event to a screen
 * reader, too: in a window that is not active, leave none. */
static void leave_focus(JpkiCardPage *page)
{
	GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page)));

	if (page->focused == NULL || gtk_window_is_active(window))
		return;
	gtk_window_set_focus(window, NULL);
	focus_when_active(page, GTK_WIDGET(page->cards));
}

static void show_cards(JpkiCardPage *page, const struct look *look)
{
	GtkWidget *child;

	page->focused = focused_target(page);
	leave_focus(page);
	while ((child = gtk_widget_get_first_child(GTK_WIDGET(page->cards))) != NULL)
		gtk_box_remove(page->cards, child);
	for (size_t i = 0; i < look->count; i++)
		add_reader(page, &look->readers[i]);
	pages_show(page->pages, "cards");
	/* Whoever uses the keyboard stays where they are. */
	if (page->to_focus != NULL)
		focus_when_active(page, page->to_focus);
	page->to_focus = NULL;
	g_clear_pointer(&page->focused, g_variant_unref);
}

static bool has_any_card(const struct look *look)
{
	for (size_t i = 0; i < look->count; i++) {
		if (look->readers[i].has_card)
			return true;
	}
	return false;
}

void jpki_card_page_set_content(JpkiCardPage *page, card_page_add *add)
{
	page->add = add;
}

void jpki_card_page_show(JpkiCardPage *page, const struct look *look)
{
	if (look->situation == SITUATION_NO_READER)
		show_state(page, _("No card reader"), situation_text(look->situation));
	else if (look->situation != SITUATION_NONE)
		show_state(page, _("Cards cannot be reached"), situation_text(look->situation));
	else if (!has_any_card(look))
		show_state(page, _("Card: none"), situation_text(SITUATION_NO_CARD));
	else
		show_cards(page, look);
}
