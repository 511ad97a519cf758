/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate_window: makes rows of what the command would print of a certificate. */
#include "window/certificate_window.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/certificate/cert_export.h"
#include "app/certificate/cert_words.h"
#include "app/ui/text.h"
#include "window/dialog.h"
#include "window/remind.h"
#include "window/rows.h"
#include "window/save_file.h"

struct _JpkiCertificateWindow {
	AdwWindow parent_instance;
	GtkListBox *state;
	GtkListBox *fields;
	GtkToggleButton *show;
	GtkLabel *warning;
	GtkLabel *result; /* of the last time that it was saved */
	GtkButton *save;
	GtkButton *remind;

	struct reading *reading;
	struct date_validity ends; /* the period that counts */
};

G_DEFINE_FINAL_TYPE(JpkiCertificateWindow, jpki_certificate_window, ADW_TYPE_WINDOW)

static void add_line(const struct cert_line *line, void *argument)
{
	JpkiCertificateWindow *window = argument;
	/* The fields of a certificate may have anything in them. */
	char *visible = text_visible(line->text);
	const char *text = visible != NULL ? visible : "";
	bool is_sentence = line->kind == CERT_LINE_SENTENCE;
	char *masked = NULL;

	if (line->kind == CERT_LINE_HIDDEN)
		text = masked =
			g_strdup_printf("%s%s%s", text, text[0] != '\0' ? " " : "", _("(hidden)"));
	gtk_list_box_append(is_sentence ? window->state : window->fields,
			    GTK_WIDGET(rows_make(line->tone, line->label, text)));
	g_free(masked);
	if (visible != NULL)
		explicit_bzero(visible, strlen(visible));
	free(visible);
}

/* Show all lines, with what is personal if that is wanted. */
static void show_lines(JpkiCertificateWindow *window)
{
	bool with_personal = gtk_toggle_button_get_active(window->show);
	struct cert_facts facts;

	rows_clear(window->state);
	rows_clear(window->fields);
	if (reading_facts(window->reading, with_personal, &facts))
		cert_words_tell(&facts, with_personal, add_line, window);
	window->ends = *date_effective(&facts.validity, &facts.auth_validity);
	cert_facts_free(&facts);
}

static void on_written(GFile *file, gpointer argument)
{
	JpkiCertificateWindow *window = argument;
	const struct reading *reading = window->reading;
	char *path = g_file_get_path(file);
	const char *problem =
		path != NULL ? cert_export(reading->choice, reading->certificate, path, false, true)
			     : _("Choose a folder on this computer.");
	char *text = problem == NULL ? g_strdup(_("Saved"))
				     : g_strdup_printf(_("It could not be saved: %s"), problem);

	char *spoken;

	/* It stays: not everybody reads it in seconds. */
	gtk_label_set_text(window->result, text);
	gtk_widget_set_visible(GTK_WIDGET(window->result), TRUE);
	spoken = g_strdup_printf("%s %s", text, gtk_label_get_text(window->warning));
	rows_speak(GTK_WIDGET(window->save), spoken);
	g_free(path);
	g_free(text);
	g_free(spoken);
}

static void on_save(JpkiCertificateWindow *window)
{
	char *name = g_strdup_printf("%s.pem", window->reading->choice->name);

	save_file(GTK_WINDOW(window), _("Where to Put the Certificate"), name, on_written,
		  g_object_ref(window), g_object_unref);
	g_free(name);
}

static void on_remind(JpkiCertificateWindow *window)
{
	remind_begin(GTK_WINDOW(window), &window->ends);
}

static void jpki_certificate_window_finalize(GObject *object)
{
	JpkiCertificateWindow *window = JPKI_CERTIFICATE_WINDOW(object);

	if (window->reading != NULL)
		reading_free(window->reading);
	G_OBJECT_CLASS(jpki_certificate_window_parent_class)->finalize(object);
}

static void jpki_certificate_window_class_init(JpkiCertificateWindowClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = jpki_certificate_window_finalize;
	gtk_widget_class_set_template_from_resource(
		widget, "/jpki_pkcs11/desktop/window/certificate_window.ui");
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, state);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, fields);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, show);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, warning);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, result);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, save);
	gtk_widget_class_bind_template_child(widget, JpkiCertificateWindow, remind);
	gtk_widget_class_bind_template_callback(widget, show_lines);
	gtk_widget_class_bind_template_callback(widget, on_save);
	gtk_widget_class_bind_template_callback(widget, on_remind);
}

static void jpki_certificate_window_init(JpkiCertificateWindow *window)
{
	gtk_widget_init_template(GTK_WIDGET(window));
	rows_wrap_short(GTK_WIDGET(window));
	/* Not the one in the title bar, which the title would leave too little room. */
	rows_wrap_buttons(gtk_widget_get_parent(GTK_WIDGET(window->state)));
}

GtkWindow *jpki_certificate_window_open(GtkWindow *parent, struct reading *reading)
{
	const struct cert_choice *choice = reading->choice;
	const char *warning = cert_words_export(choice);
	JpkiCertificateWindow *window =
		g_object_new(JPKI_TYPE_CERTIFICATE_WINDOW, "transient-for", parent,
			     "destroy-with-parent", TRUE, "title", cert_words_title(choice), NULL);

	window->reading = reading;
	show_lines(window);
	gtk_widget_set_visible(GTK_WIDGET(window->show), cert_is_own(choice));
	gtk_label_set_text(window->warning, warning != NULL ? warning : "");
	gtk_widget_set_visible(GTK_WIDGET(window->warning), warning != NULL);
	gtk_widget_set_visible(GTK_WIDGET(window->remind),
			       cert_is_own(choice) && remind_can(&window->ends));
	dialog_grow(GTK_WINDOW(window));
	gtk_window_present(GTK_WINDOW(window));
	return GTK_WINDOW(window);
}
