/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_window: one page for each question, one while the card works, and one for the end. */
#include "window/pin_window.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/situation.h"
#include "app/ui/text.h"
#include "base/secret.h"
#include "token/pin_value.h"
#include "window/counter.h"
#include "window/dialog.h"
#include "window/hidden_text.h"
#include "window/pages.h"
#include "window/rows.h"
#include "window/worker.h"

struct _JpkiPinWindow {
	AdwWindow parent_instance;
	GtkButton *close;
	GtkButton *next;
	GtkBox *pages;
	GtkSpinner *spinner;
	GtkLabel *busy;
	GtkLabel *waiting;
	GtkLabel *problem;
	GtkLabel *question;
	GtkPasswordEntry *entry;
	JpkiHiddenText *typed;
	GtkLabel *rule;
	GtkLabel *warning;
	GtkButton *stop;
	GtkButton *agree;
	AdwStatusPage *end;

	JpkiCounter *count;

	struct pin_task task;
	char *place; /* the task's; or NULL */
	struct asking asking;
	const struct jpki_pin_rule *new_rule; /* of the question that is shown; NULL: none */
	bool has_answered; /* a PIN was given to the work, which may send it from then on */
	bool has_closed;
	bool card_has_left;
	bool has_ended;   /* the work is done */
	bool offers_quit; /* what is under way only waits, and closing ends the program */
};

G_DEFINE_FINAL_TYPE(JpkiPinWindow, jpki_pin_window, ADW_TYPE_WINDOW)

static guint signal_changed;

/*
 * GTK tells the accessibility bus each text that is put into a field or deleted from it, also where
 * the field shows dots: it hears that from the two signals below. So these are stopped here, and
 * the text's buffer is changed without them.
 */
static void on_insert_text(GtkEditable *text, const char *typed, int bytes, int *position)
{
	GtkEntryBuffer *buffer = gtk_text_get_buffer(GTK_TEXT(text));

	*position += (int)gtk_entry_buffer_insert_text(buffer, (guint)*position, typed,
						       (int)g_utf8_strlen(typed, bytes));
	g_signal_stop_emission_by_name(text, "insert-text");
}

static void on_delete_text(GtkEditable *text, int start, int end)
{
	gtk_entry_buffer_delete_text(gtk_text_get_buffer(GTK_TEXT(text)), (guint)start,
				     end < 0 ? -1 : end - start);
	g_signal_stop_emission_by_name(text, "delete-text");
}

/* Overwrite what was typed, and empty the field. */
static void forget_typed(JpkiPinWindow *window)
{
	gtk_entry_buffer_delete_text(GTK_ENTRY_BUFFER(window->typed), 0, -1);
}

static void show_busy(JpkiPinWindow *window, const char *text)
{
	gtk_widget_set_sensitive(GTK_WIDGET(window->next), FALSE);
	gtk_label_set_text(window->busy, text);
	gtk_label_set_text(window->waiting, "");
	gtk_widget_set_visible(GTK_WIDGET(window->count), FALSE);
	window->offers_quit = false;
	gtk_spinner_start(window->spinner);
	pages_show(window->pages, "busy");
}

static void offer_close(JpkiPinWindow *window, const char *label)
{
	gtk_button_set_label(window->close, label);
	gtk_widget_set_sensitive(GTK_WIDGET(window->close), TRUE);
}

/* Return how what was typed stands to the rule for a new PIN, which the card's room judges. */
static enum jpki_error judge(const struct jpki_pin_rule *rule, const char *typed)
{
	struct jpki_pin *pin = jpki_secret_alloc(sizeof(*pin));
	enum jpki_error error;

	if (pin == NULL)
		return JPKI_E_MEMORY;
	error = jpki_pin_normalise_new(rule, (const uint8_t *)typed, strlen(typed), pin);
	jpki_secret_free(pin, sizeof(*pin));
	/* Of characters that no PIN has, the length counts bytes, and is not what is wrong. */
	if (error == JPKI_E_PIN_LENGTH && !g_str_is_ascii(typed))
		return JPKI_E_PIN_ALPHABET;
	return error;
}

/* Return what to say of that; the caller frees it. */
static char *rule_text(const struct jpki_pin_rule *rule, const char *typed)
{
	size_t length = strlen(typed);
	enum jpki_error error;

	if (length == 0)
		return g_strdup(rule->alphabet == JPKI_PIN_CAPITALS_DIGITS
					? _("Capital and small letters count as the same.")
					: "");
	error = judge(rule, typed);
	if (error == JPKI_E_MEMORY)
		return g_strdup("");
	if (error == JPKI_OK)
		return g_strdup(_("This fits the rules."));
	if (error != JPKI_E_PIN_LENGTH)
		return g_strdup(rule->alphabet == JPKI_PIN_DIGITS
					? _("Only digits can be used.")
					: _("Both letters and digits are needed, and nothing "
					    "else."));
	if (rule->min_length == rule->max_length)
		return g_strdup_printf(_("So far %zu, and %u are needed."), length,
				       rule->min_length);
	return g_strdup_printf(_("So far %zu, and %u to %u are needed."), length, rule->min_length,
			       rule->max_length);
}

/* A label that changes is not spoken by itself: tell of the field what is said around it. */
static void describe_entry(JpkiPinWindow *window)
{
	const char *problem = gtk_label_get_text(window->problem);
	const char *rule = gtk_label_get_text(window->rule);
	bool both = problem[0] != '\0' && rule[0] != '\0';
	char *text = g_strdup_printf("%s%s%s", problem, both ? "\n" : "", rule);

	gtk_accessible_update_property(GTK_ACCESSIBLE(window->entry),
				       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
	g_free(text);
}

/* Say that, if it is a new PIN. */
static void show_rule(JpkiPinWindow *window, const char *typed)
{
	char *text = window->new_rule != NULL ? rule_text(window->new_rule, typed) : g_strdup("");

	gtk_label_set_text(window->rule, text);
	describe_entry(window);
	g_free(text);
}

static void on_changed(JpkiPinWindow *window)
{
	const char *typed = jpki_hidden_text_get(window->typed);

	gtk_widget_set_sensitive(GTK_WIDGET(window->next), typed[0] != '\0');
	show_rule(window, typed);
}

/* Show that the work uses the PIN, and how it can be stopped. */
static void show_use(JpkiPinWindow *window)
{
	show_busy(window, window->task.busy);
	if (window->task.stop != NULL)
		offer_close(window, window->task.stop);
	else
		gtk_widget_set_sensitive(GTK_WIDGET(window->close), FALSE);
}

static void on_next(JpkiPinWindow *window)
{
	gint *may_send = &window->asking.may_send;

	/* The work may send it as soon as it has it. */
	g_atomic_int_set(may_send, 1);
	if (conversation_answer(window->asking.conversation, jpki_hidden_text_get(window->typed)))
		window->has_answered = true;
	else
		g_atomic_int_set(may_send, 0);
	forget_typed(window);
	show_use(window);
}

static void on_agree(JpkiPinWindow *window)
{
	/* With a PIN that was answered before, the work goes on to what is not broken off. */
	g_atomic_int_set(&window->asking.may_send, window->has_answered ? 1 : 0);
	if (window->has_answered)
		show_use(window);
	else
		show_busy(window, "");
	conversation_agree(window->asking.conversation);
}

static void on_stop(JpkiPinWindow *window)
{
	gtk_window_close(GTK_WINDOW(window));
}

/* Return the text of a question, below it where the card is. The caller frees it. */
static char *with_place(const JpkiPinWindow *window, const char *text)
{
	return window->place != NULL ? g_strdup_printf("%s\n%s", text, window->place)
				     : g_strdup(text);
}

/* Show a question for a PIN. */
static void show_ask(JpkiPinWindow *window, const struct own_question *question)
{
	char *text = with_place(window, question->text);
	bool wrong = question->problem != NULL;

	window->new_rule = question->new_rule;
	gtk_label_set_text(window->problem, wrong ? question->problem : "");
	gtk_widget_set_visible(GTK_WIDGET(window->problem), wrong);
	gtk_label_set_text(window->question, text);
	/* The field is called as what it asks for. */
	gtk_accessible_update_property(GTK_ACCESSIBLE(window->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       text, -1);
	g_free(text);
	forget_typed(window);
	on_changed(window);
	pages_show(window->pages, "ask");
	gtk_widget_grab_focus(GTK_WIDGET(window->entry));
}

static void show_question(const struct conversation_question *question, void *argument)
{
	JpkiPinWindow *window = argument;
	char *text;

	gtk_spinner_stop(window->spinner);
	offer_close(window, _("Cancel"));
	if (question->pin != NULL) {
		show_ask(window, question->pin);
		return;
	}
	text = with_place(window, question->text);
	gtk_label_set_text(window->warning, text);
	gtk_button_set_label(window->agree, question->ok);
	gtk_button_set_label(window->stop, question->cancel);
	gtk_accessible_update_property(GTK_ACCESSIBLE(window->stop),
				       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
	g_free(text);
	pages_show(window->pages, "confirm");
	/* Enter must not spend the last try. */
	gtk_widget_grab_focus(GTK_WIDGET(window->stop));
}

static void show_end(JpkiPinWindow *window, bool changed, const char *text)
{
	char *escaped = g_markup_escape_text(text, -1);

	gtk_spinner_stop(window->spinner);
	adw_status_page_set_icon_name(window->end, changed ? "object-select-symbolic"
							   : "dialog-warning-symbolic");
	adw_status_page_set_title(window->end, changed ? window->task.done : window->task.title);
	adw_status_page_set_description(window->end, escaped);
	offer_close(window, _("Close"));
	gtk_accessible_update_property(GTK_ACCESSIBLE(window->close),
				       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
	gtk_widget_set_visible(GTK_WIDGET(window->next), FALSE);
	pages_show(window->pages, "end");
	gtk_widget_grab_focus(GTK_WIDGET(window->close));
	g_free(escaped);
}

/* How far the work is, on its way to the main loop. */
struct counted {
	JpkiPinWindow *window; /* a reference */
	char *path;
	size_t done, total;
};

static void free_counted(void *data)
{
	struct counted *counted = data;

	g_object_unref(counted->window);
	g_free(counted->path);
	g_free(counted);
}

static gboolean show_count(void *data)
{
	const struct counted *counted = data;
	JpkiPinWindow *window = counted->window;

	if (window->has_closed || window->has_ended)
		return G_SOURCE_REMOVE;
	/* What only waited for its turn has it now. */
	if (window->offers_quit && window->task.stop != NULL)
		offer_close(window, window->task.stop);
	window->offers_quit = false;
	gtk_label_set_text(window->waiting, "");
	gtk_widget_set_visible(GTK_WIDGET(window->count), TRUE);
	jpki_counter_show(window->count, counted->done, counted->total, counted->path);
	return G_SOURCE_REMOVE;
}

/* In the worker: hear at which thing of how many it is. */
static void count(const char *name, size_t done, size_t total, void *window)
{
	struct counted *counted = g_new(struct counted, 1);

	*counted = (struct counted){.window = g_object_ref(window),
				    .path = g_strdup(name),
				    .done = done,
				    .total = total};
	g_idle_add_full(G_PRIORITY_DEFAULT, show_count, counted, free_counted);
}

static void work(void *argument)
{
	JpkiPinWindow *window = argument;

	ui_progress_listen(count, window);
	asking_in_worker(&window->asking);
	ui_progress_listen(NULL, NULL);
}

const char *jpki_pin_window_get_end(JpkiPinWindow *window)
{
	/* What was lost before was said, and is no more in the words of the second. */
	if (window->card_has_left && window->asking.was_declined)
		return situation_text(window->asking.has_lost ? SITUATION_NO_CARD
							      : SITUATION_REMOVED);
	return window->asking.said->str;
}

/* In the main loop: the work is done. */
static void finish(void *argument)
{
	JpkiPinWindow *window = argument;
	bool pulled = window->card_has_left && window->asking.was_declined;

	window->has_ended = true;
	signals_wish(false);
	if (!window->has_closed &&
	    (window->task.done == NULL || (window->asking.result == APP_CANCELLED && !pulled)))
		gtk_window_close(GTK_WINDOW(window));
	else if (!window->has_closed)
		show_end(window, window->asking.result == APP_OK, jpki_pin_window_get_end(window));
	g_signal_emit(window, signal_changed, 0);
	g_object_unref(window);
}

void jpki_pin_window_stop(JpkiPinWindow *window)
{
	/* A step that may end by itself is under way for moments in any work. */
	if (window->task.stop == NULL || window->offers_quit)
		patience_stop(APP_OK);
	if (window->task.stop != NULL) {
		signals_wish(true);
		gtk_label_set_text(window->busy, _("Stopping..."));
	}
	gtk_widget_set_sensitive(GTK_WIDGET(window->close), FALSE);
}

static gboolean jpki_pin_window_close_request(GtkWindow *gtk_window)
{
	JpkiPinWindow *window = JPKI_PIN_WINDOW(gtk_window);

	if (jpki_pin_window_may_send(window)) {
		jpki_pin_window_stop(window);
		return TRUE;
	}
	window->has_closed = true;
	forget_typed(window);
	conversation_end(window->asking.conversation);
	return GTK_WINDOW_CLASS(jpki_pin_window_parent_class)->close_request(gtk_window);
}

static void jpki_pin_window_finalize(GObject *object)
{
	JpkiPinWindow *window = JPKI_PIN_WINDOW(object);

	conversation_free(window->asking.conversation);
	g_string_free(window->asking.said, TRUE);
	g_object_unref(window->typed);
	g_free(window->place);
	if (window->task.free_argument != NULL)
		window->task.free_argument(window->task.argument);
	G_OBJECT_CLASS(jpki_pin_window_parent_class)->finalize(object);
}

static void bind_children(GtkWidgetClass *widget)
{
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, close);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, next);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, pages);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, spinner);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, busy);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, waiting);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, count);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, problem);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, question);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, entry);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, rule);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, warning);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, stop);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, agree);
	gtk_widget_class_bind_template_child(widget, JpkiPinWindow, end);
}

static void jpki_pin_window_class_init(JpkiPinWindowClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	g_type_ensure(JPKI_TYPE_COUNTER);
	G_OBJECT_CLASS(class)->finalize = jpki_pin_window_finalize;
	GTK_WINDOW_CLASS(class)->close_request = jpki_pin_window_close_request;
	signal_changed = g_signal_new("changed", JPKI_TYPE_PIN_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
				      NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/pin_window.ui");
	bind_children(widget);
	gtk_widget_class_bind_template_callback(widget, on_changed);
	gtk_widget_class_bind_template_callback(widget, on_next);
	gtk_widget_class_bind_template_callback(widget, on_agree);
	gtk_widget_class_bind_template_callback(widget, on_stop);
}

static void jpki_pin_window_init(JpkiPinWindow *window)
{
	GtkEditable *text;

	gtk_widget_init_template(GTK_WIDGET(window));
	rows_wrap_short(GTK_WIDGET(window));
	rows_wrap_buttons(GTK_WIDGET(window->pages));
	text = gtk_editable_get_delegate(GTK_EDITABLE(window->entry));
	/* What the field's buffer has can be read on the accessibility bus, also where dots are
	 * shown. */
	window->typed = jpki_hidden_text_new();
	gtk_text_set_buffer(GTK_TEXT(text), GTK_ENTRY_BUFFER(window->typed));
	/* Before the window is shown: GTK listens from then on, to a deletion before it is done. */
	g_signal_connect(text, "insert-text", G_CALLBACK(on_insert_text), NULL);
	g_signal_connect(text, "delete-text", G_CALLBACK(on_delete_text), NULL);
	window->asking.conversation = conversation_new(show_question, window);
	window->asking.said = g_string_new("");
}

JpkiPinWindow *jpki_pin_window_new(GtkWindow *parent, const struct pin_task *task)
{
	JpkiPinWindow *window = g_object_new(JPKI_TYPE_PIN_WINDOW, "transient-for", parent, "title",
					     task->title, NULL);

	window->task = *task;
	window->place = g_strdup(task->place);
	window->asking.work = task->work;
	window->asking.argument = task->argument;
	show_busy(window, _("Reading the card..."));
	dialog_grow(GTK_WINDOW(window));
	gtk_window_present(GTK_WINDOW(window));
	/* The work keeps the window, closed or not. */
	worker_do(work, finish, g_object_ref(window));
	return window;
}

void jpki_pin_window_card_has_left(JpkiPinWindow *window)
{
	/* Whoever may send finds out by itself. */
	if (window->has_closed || window->has_ended || jpki_pin_window_may_send(window))
		return;
	window->card_has_left = true;
	forget_typed(window);
	conversation_end(window->asking.conversation);
}

void jpki_pin_window_ask_no_more(JpkiPinWindow *window)
{
	conversation_end(window->asking.conversation);
}

void jpki_pin_window_set_waiting(JpkiPinWindow *window, const char *text)
{
	if (window->has_closed)
		return;
	gtk_label_set_text(window->waiting, text != NULL ? text : "");
	/* Who waits for another program can end this one: nothing was sent. */
	if (text != NULL && jpki_pin_window_may_send(window) && patience_may_stop()) {
		window->offers_quit = true;
		offer_close(window, _("Quit"));
	}
}

bool jpki_pin_window_may_send(JpkiPinWindow *window)
{
	return g_atomic_int_get(&window->asking.may_send) != 0;
}
