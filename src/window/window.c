/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* window: shows what is in the readers, looks again when that changes, and begins what is asked. */
#include "window/window.h"

#include "app/app.h"
#include "app/certificate/cert_words.h"
#include "app/ui/key_name.h"
#include "app/ui/patience.h"
#include "window/browser_page.h"
#include "window/card_page.h"
#include "window/certificate_rows.h"
#include "window/certificate_window.h"
#include "window/change.h"
#include "window/document_page.h"
#include "window/look.h"
#include "window/pin_window.h"
#include "window/reading.h"
#include "window/remind.h"
#include "window/rows.h"
#include "window/trouble_page.h"
#include "window/watcher.h"
#include "window/worker.h"

struct _JpkiWindow {
	AdwApplicationWindow parent_instance;
	GtkMenuButton *menu_button;
	GtkLabel *waiting;
	AdwViewStack *pages;
	AdwViewSwitcherBar *bar;
	JpkiCardPage *card_page;
	JpkiCardPage *certificates_page;
	JpkiDocumentPage *document_page;
	JpkiBrowserPage *browser_page;
	JpkiTroublePage *trouble_page;

	bool ends;     /* as soon as nothing is on its way to the card */
	bool has_gone; /* closed: what the work still tells is for nobody */
	bool is_looking;
	bool looks_again; /* after the look that is under way */
	bool watches;
	struct sight looked_at;    /* what the last look has seen */
	struct sight seen;         /* what the watcher has seen last */
	struct sight seen_before;  /* the same when the look that is under way began */
	JpkiPinWindow *pin_window; /* NULL: none is open */
	bool signs;                /* it is for the documents */
	struct reading *reading;   /* what it is for; NULL: something else */
	char *pin_reader;          /* the name of the reader with its card; NULL: not known */
	GtkWindow *shown;          /* shows what took a password to read; NULL: none is open */
	char *shown_reader;        /* as pin_reader */
};

G_DEFINE_FINAL_TYPE(JpkiWindow, jpki_window, ADW_TYPE_APPLICATION_WINDOW)

static void look(JpkiWindow *window);

/* Return what a sight says of the card in a reader; NULL: the reader or the card is not there. */
static const struct jpki_reader_state *card_in(const struct sight *sight, const char *reader)
{
	for (size_t i = 0; i < sight->list.count; i++) {
		const struct jpki_reader_state *state = &sight->list.readers[i];

		if (g_strcmp0(state->name, reader) == 0)
			return state->card_present ? state : NULL;
	}
	return NULL;
}

/* Return whether the card that was in the reader at the last look is not there any more. */
static bool has_left(const JpkiWindow *window, const struct sight *sight, const char *reader)
{
	const struct jpki_reader_state *then = card_in(&window->looked_at, reader);
	const struct jpki_reader_state *now = card_in(sight, reader);

	return now == NULL || then == NULL || now->events != then->events;
}

/* End the questions about a card that has left, and show nothing more of it. */
static void follow_card(JpkiWindow *window, const struct sight *sight)
{
	if (window->pin_window != NULL && window->pin_reader != NULL &&
	    has_left(window, sight, window->pin_reader))
		jpki_pin_window_card_has_left(window->pin_window);
	if (window->shown != NULL && has_left(window, sight, window->shown_reader))
		gtk_window_close(window->shown);
}

static void on_sight(const struct sight *sight, void *argument)
{
	JpkiWindow *window = argument;

	if (window->has_gone)
		return;
	window->seen = *sight;
	follow_card(window, sight);
	if (!window->is_looking && sight_differs(&window->looked_at, sight))
		look(window);
}

/*
 * Return whether the watcher has seen something new during the look, and the look has not. The two
 * may differ for long without that: each has a link of its own to the service.
 */
static bool has_changed_meanwhile(const JpkiWindow *window)
{
	return sight_differs(&window->seen_before, &window->seen) &&
	       sight_differs(&window->looked_at, &window->seen);
}

static void on_look(const struct look *look_now, void *argument)
{
	JpkiWindow *window = argument;

	/* What is known stays until all is known anew, unless a card or a reader has changed. */
	if (window->has_gone ||
	    (!look_now->is_whole && !sight_differs(&window->looked_at, &look_now->sight)))
		return;
	jpki_card_page_show(window->card_page, look_now);
	jpki_card_page_show(window->certificates_page, look_now);
	jpki_document_page_set_cards(window->document_page, look_now);
	if (!look_now->is_whole)
		return;
	window->looked_at = look_now->sight;
	window->is_looking = false;
	if (!window->watches) {
		/* Before the first look is done, the service may not even answer. */
		window->watches = true;
		watcher_begin(on_sight, window);
	} else if (window->looks_again || has_changed_meanwhile(window)) {
		look(window);
	}
}

/* Look at the cards; after the look that is under way, if one is. */
static void look(JpkiWindow *window)
{
	window->looks_again = window->is_looking;
	if (window->is_looking)
		return;
	window->is_looking = true;
	window->seen_before = window->seen;
	look_begin(on_look, window);
}

static void on_waiting(enum situation why, void *argument)
{
	const char *text = why != SITUATION_NONE ? patience_words(why) : NULL;
	JpkiWindow *window = argument;

	if (window->has_gone)
		return;
	gtk_label_set_text(window->waiting, text != NULL ? text : "");
	gtk_widget_set_visible(GTK_WIDGET(window->waiting), text != NULL);
	if (window->pin_window != NULL)
		jpki_pin_window_set_waiting(window->pin_window, text);
	jpki_trouble_page_set_waiting(window->trouble_page, why);
}

/* Have the page that is shown look for itself, if it does. */
static void look_at_page(JpkiWindow *window)
{
	GtkWidget *shown = adw_view_stack_get_visible_child(window->pages);

	if (shown == GTK_WIDGET(window->browser_page))
		jpki_browser_page_look(window->browser_page);
}

static void on_look_again(GtkWidget *widget, const char *unused_name, GVariant *unused)
{
	(void)unused_name;
	(void)unused;
	look(JPKI_WINDOW(widget));
	look_at_page(JPKI_WINDOW(widget));
}

/* Show the certificate that was read, unless the person has closed the window meanwhile. */
static void show_reading(JpkiWindow *window)
{
	struct reading *reading = g_steal_pointer(&window->reading);
	bool is_open = gtk_widget_get_visible(GTK_WIDGET(window->pin_window));
	GtkWindow *shown;

	if (reading->certificate == NULL || !is_open || window->has_gone || window->ends) {
		reading_free(reading);
		return;
	}
	shown = jpki_certificate_window_open(GTK_WINDOW(window), reading);
	gtk_window_close(GTK_WINDOW(window->pin_window));
	if (reading->choice->key != JPKI_KEY_SIGN || !cert_is_own(reading->choice))
		return;
	g_set_weak_pointer(&window->shown, shown);
	g_free(window->shown_reader);
	window->shown_reader = g_strdup(window->pin_reader);
	/* The card may have left while it was read. */
	follow_card(window, &window->seen);
}

static void on_changed(JpkiWindow *window)
{
	if (!window->has_gone && window->signs)
		jpki_document_page_signed(window->document_page,
					  jpki_pin_window_get_end(window->pin_window));
	window->signs = false;
	if (window->reading != NULL)
		show_reading(window);
	if (window->ends)
		gtk_window_close(GTK_WINDOW(window->pin_window));
	g_clear_object(&window->pin_window);
	g_clear_pointer(&window->pin_reader, g_free);
	/* The tries may be others now, or all of them back. */
	if (window->ends)
		gtk_window_close(GTK_WINDOW(window));
	else if (!window->has_gone)
		look(window);
}

/* Return where the card is that a question is about, if there are several; else NULL. The caller
 * frees it. */
static char *place_among(const JpkiWindow *window, const char *reader)
{
	const struct jpki_reader_list *list = &window->looked_at.list;
	size_t cards = 0;

	for (size_t i = 0; i < list->count; i++)
		cards += list->readers[i].card_present ? 1 : 0;
	return cards > 1 ? jpki_card_page_place(reader) : NULL;
}

/* Ask in a window of its own; reader: of the card, or NULL. */
static void open_pin_window(JpkiWindow *window, const char *reader, const struct pin_task *task)
{
	window->pin_reader = g_strdup(reader);
	window->pin_window = g_object_ref(jpki_pin_window_new(GTK_WINDOW(window), task));
	g_signal_connect_object(window->pin_window, "changed", G_CALLBACK(on_changed), window,
				G_CONNECT_SWAPPED);
}

static void on_change_pin(GtkWidget *widget, const char *unused_name, GVariant *what)
{
	JpkiWindow *window = JPKI_WINDOW(widget);
	enum jpki_key key = JPKI_KEY_AUTH;
	const char *name;
	const char *serial;
	const char *reader;
	char *place;

	(void)unused_name;
	g_variant_get(what, "(&s&s&s)", &name, &serial, &reader);
	if (window->pin_window != NULL || !key_of_name(name, &key))
		return;
	place = place_among(window, reader);
	open_pin_window(window, reader,
			&(struct pin_task){
				.title = key == JPKI_KEY_AUTH ? _("Authentication PIN")
							      : _("Signing password"),
				.place = place,
				.work = change_pin,
				.argument = change_new(key, serial),
				.free_argument = change_free,
				.busy = _("Please do not move the card. Once the sending begins, "
					  "it cannot be stopped."),
				.done = _("Changed"),
			});
	g_free(place);
}

/* Files are ready to be signed. */
static void on_password(JpkiWindow *window)
{
	struct signing *signing = jpki_document_page_get_signing(window->document_page);

	if (window->has_gone || window->ends)
		return;
	/* Meanwhile something else was begun. */
	if (window->pin_window != NULL) {
		jpki_document_page_signed(window->document_page,
					  _("Another question is open. Answer or close it, then "
					    "sign again."));
		return;
	}
	window->signs = true;
	open_pin_window(window, signing->reader,
			&(struct pin_task){
				.title = _("Sign"),
				.work = signing_work,
				.argument = signing,
				.busy = _("Signing; please do not move the card."),
				.stop = sign_waiting(&signing->request) > 1 ? _("Stop Soon") : NULL,
			});
}

static void on_certificate(GtkWidget *widget, const char *unused_name, GVariant *what)
{
	JpkiWindow *window = JPKI_WINDOW(widget);
	const struct cert_choice *choice;
	const char *name;
	const char *serial;
	const char *reader;
	char *place;

	(void)unused_name;
	g_variant_get(what, "(&s&s&s)", &name, &serial, &reader);
	choice = cert_choice_find(name);
	if (window->pin_window != NULL || choice == NULL)
		return;
	window->reading = reading_new(choice, serial);
	place = place_among(window, reader);
	open_pin_window(window, reader,
			&(struct pin_task){
				.title = cert_words_title(choice),
				.place = place,
				.work = reading_work,
				.argument = window->reading,
				.busy = _("Reading the card; please do not move it."),
				.done = _("Done"),
			});
	g_free(place);
}

static void on_remind_me(GtkWidget *widget, const char *unused_name, GVariant *what)
{
	struct date_validity validity = {.band = DATE_FINE};
	const char *last_day;
	const char *text;

	(void)unused_name;
	g_variant_get(what, "(&s&si)", &last_day, &text, &validity.days_left);
	g_strlcpy(validity.last_day, last_day, sizeof(validity.last_day));
	g_strlcpy(validity.last_day_text, text, sizeof(validity.last_day_text));
	remind_begin(GTK_WINDOW(widget), &validity);
}

/* GTK 4.8 tells screen readers of all pages of a stack, so the contents of the others are hidden.
 */
static void on_page(JpkiWindow *window)
{
	AdwBin *const all[] = {ADW_BIN(window->card_page), ADW_BIN(window->certificates_page),
			       ADW_BIN(window->document_page), ADW_BIN(window->browser_page),
			       ADW_BIN(window->trouble_page)};
	GtkWidget *shown = adw_view_stack_get_visible_child(window->pages);

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		gtk_widget_set_visible(adw_bin_get_child(all[i]), GTK_WIDGET(all[i]) == shown);
	look_at_page(window);
}

static void on_go_to_page(GtkWidget *widget, const char *unused_name, GVariant *name)
{
	(void)unused_name;
	adw_view_stack_set_visible_child_name(JPKI_WINDOW(widget)->pages,
					      g_variant_get_string(name, NULL));
}

/* Files can be pasted where files are listed. */
static void on_paste(GtkWidget *widget, const char *unused_name, GVariant *unused)
{
	JpkiWindow *window = JPKI_WINDOW(widget);
	GtkWidget *page = GTK_WIDGET(window->document_page);

	(void)unused_name;
	(void)unused;
	if (adw_view_stack_get_visible_child(window->pages) == page)
		jpki_document_page_paste(window->document_page);
}

static void on_about(GtkWidget *widget, const char *unused_name, GVariant *unused)
{
	(void)unused_name;
	(void)unused;
	adw_show_about_window(GTK_WINDOW(widget), "application-name", _("My Number card"),
			      "application-icon", "jpki_pkcs11.desktop.window", "version",
			      PACKAGE_VERSION, "license-type", GTK_LICENSE_LGPL_2_1, "comments",
			      _("Shows what is on a My Number card, changes its PINs, signs "
				"documents, checks signatures, sets up browsers, and finds out "
				"what is wrong. It uses no network, and keeps nothing about you."),
			      NULL);
}

static gboolean jpki_window_close_request(GtkWindow *gtk_window)
{
	JpkiWindow *window = JPKI_WINDOW(gtk_window);

	if (window->pin_window != NULL) {
		if (jpki_pin_window_may_send(window->pin_window)) {
			/* Return only if something was sent: its result is shown first. */
			jpki_pin_window_stop(window->pin_window);
			return TRUE;
		}
		gtk_window_close(GTK_WINDOW(window->pin_window));
	}
	return GTK_WINDOW_CLASS(jpki_window_parent_class)->close_request(gtk_window);
}

static void jpki_window_dispose(GObject *object)
{
	JPKI_WINDOW(object)->has_gone = true;
	G_OBJECT_CLASS(jpki_window_parent_class)->dispose(object);
}

static void jpki_window_finalize(GObject *object)
{
	JpkiWindow *window = JPKI_WINDOW(object);

	g_clear_object(&window->pin_window);
	g_clear_pointer(&window->reading, reading_free);
	g_free(window->pin_reader);
	g_clear_weak_pointer(&window->shown);
	g_free(window->shown_reader);
	G_OBJECT_CLASS(jpki_window_parent_class)->finalize(object);
}

static void jpki_window_class_init(JpkiWindowClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	g_type_ensure(JPKI_TYPE_CARD_PAGE);
	g_type_ensure(JPKI_TYPE_DOCUMENT_PAGE);
	g_type_ensure(JPKI_TYPE_BROWSER_PAGE);
	g_type_ensure(JPKI_TYPE_TROUBLE_PAGE);
	G_OBJECT_CLASS(class)->dispose = jpki_window_dispose;
	G_OBJECT_CLASS(class)->finalize = jpki_window_finalize;
	GTK_WINDOW_CLASS(class)->close_request = jpki_window_close_request;
	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/window.ui");
	gtk_widget_class_bind_template_child(widget, JpkiWindow, menu_button);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, waiting);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, pages);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, bar);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, card_page);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, certificates_page);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, document_page);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, browser_page);
	gtk_widget_class_bind_template_child(widget, JpkiWindow, trouble_page);
	gtk_widget_class_bind_template_callback(widget, on_page);
	gtk_widget_class_bind_template_callback(widget, on_password);
	gtk_widget_class_install_action(widget, "win.page", "s", on_go_to_page);
	gtk_widget_class_add_binding_action(widget, GDK_KEY_1, GDK_ALT_MASK, "win.page", "s",
					    "card");
	gtk_widget_class_add_binding_action(widget, GDK_KEY_2, GDK_ALT_MASK, "win.page", "s",
					    "certificates");
	gtk_widget_class_add_binding_action(widget, GDK_KEY_3, GDK_ALT_MASK, "win.page", "s",
					    "documents");
	gtk_widget_class_add_binding_action(widget, GDK_KEY_4, GDK_ALT_MASK, "win.page", "s",
					    "browsers");
	gtk_widget_class_add_binding_action(widget, GDK_KEY_5, GDK_ALT_MASK, "win.page", "s",
					    "trouble");
	gtk_widget_class_install_action(widget, "win.look", NULL, on_look_again);
	gtk_widget_class_install_action(widget, "win.about", NULL, on_about);
	gtk_widget_class_install_action(widget, "win.paste", NULL, on_paste);
	gtk_widget_class_add_binding_action(widget, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste", NULL);
	gtk_widget_class_install_action(widget, "win.change-pin", "(sss)", on_change_pin);
	gtk_widget_class_install_action(widget, "win.certificate", "(sss)", on_certificate);
	gtk_widget_class_install_action(widget, "win.remind", "(ssi)", on_remind_me);
	gtk_widget_class_add_binding_action(widget, GDK_KEY_F5, 0, "win.look", NULL);
	gtk_widget_class_add_binding_action(widget, GDK_KEY_q, GDK_CONTROL_MASK, "window.close",
					    NULL);
	gtk_widget_class_add_binding_action(widget, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
					    NULL);
}

static void jpki_window_init(JpkiWindow *window)
{
	GtkPopover *menu;

	gtk_widget_init_template(GTK_WIDGET(window));
	rows_wrap_short(GTK_WIDGET(window->bar));
	menu = gtk_menu_button_get_popover(window->menu_button);
	g_signal_connect_swapped(menu, "map", G_CALLBACK(rows_name_menu), menu);
	jpki_card_page_set_content(window->certificates_page, certificate_rows_add);
	on_page(window);
}

JpkiWindow *jpki_window_new(AdwApplication *application)
{
	JpkiWindow *window = g_object_new(JPKI_TYPE_WINDOW, "application", application, NULL);
	GObject *program = G_OBJECT(application);

	/* The work that is under way speaks to it as long as the program runs. */
	g_object_set_data_full(program, "window", g_object_ref(window), g_object_unref);
	worker_begin(on_waiting, window);
	look(window);
	return window;
}

void jpki_window_end(JpkiWindow *window)
{
	window->ends = true;
	if (window->pin_window != NULL)
		jpki_pin_window_ask_no_more(window->pin_window);
	gtk_window_close(GTK_WINDOW(window));
}
