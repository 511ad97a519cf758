/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trouble_page: has the checks done in the worker, and makes a row of each finding. */
#include "window/trouble_page.h"

#include <stdlib.h>

#include "app/doctor/doctor_run.h"
#include "app/ui/text.h"
#include "window/rows.h"
#include "window/worker.h"

struct _JpkiTroublePage {
	AdwBin parent_instance;
	AdwToastOverlay *toasts;
	GtkLabel *conclusion;
	GtkButton *check;
	GtkListBox *list;
	GtkButton *copy;
	GString *text; /* of all findings, as jpki doctor prints them */
};

G_DEFINE_FINAL_TYPE(JpkiTroublePage, jpki_trouble_page, ADW_TYPE_BIN)

/* The checks under way. */
struct checking {
	JpkiTroublePage *page; /* a reference */
	struct doctor_run run;
	bool succeeded;
};

/* A finding on its way to the main loop. */
struct found {
	JpkiTroublePage *page; /* a reference */
	char *title;
	struct doctor_finding finding;
};

static void free_found(void *data)
{
	struct found *found = data;

	g_object_unref(found->page);
	g_free(found->title);
	g_free(found);
}

static gboolean show_found(void *data)
{
	const struct found *found = data;
	const struct doctor_finding *finding = &found->finding;
	const char *mark = doctor_mark(finding->verdict);
	char *title = g_strdup_printf("%s  %s", mark, found->title);
	/* The name of a reader may have anything in it. */
	char *visible = text_visible(finding->text);
	const char *text = visible != NULL ? visible : "";
	char *said = g_strdup_printf("%s%s%s", text, finding->remedy != NULL ? "\n" : "",
				     finding->remedy != NULL ? finding->remedy : "");

	gtk_list_box_append(found->page->list,
			    GTK_WIDGET(rows_make(doctor_tone(finding->verdict), title, said)));
	g_string_append_printf(found->page->text, "%s: %s\n", title, text);
	if (finding->remedy != NULL)
		g_string_append_printf(found->page->text, "    -> %s\n", finding->remedy);
	g_free(title);
	g_free(said);
	free(visible);
	return G_SOURCE_REMOVE;
}

/* In the worker. */
static void tell(const char *name, const char *title, const struct doctor_finding *finding,
		 void *argument)
{
	const struct checking *checking = argument;
	struct found *found = g_new(struct found, 1);

	(void)name;
	*found = (struct found){.page = g_object_ref(checking->page),
				.title = g_strdup(title),
				.finding = *finding};
	g_idle_add_full(G_PRIORITY_DEFAULT, show_found, found, free_found);
}

static void check_in_worker(void *argument)
{
	struct checking *checking = argument;

	checking->succeeded = doctor_run(&checking->run);
	cards_close(&checking->run.view.cards);
}

static void finish(void *argument)
{
	struct checking *checking = argument;
	JpkiTroublePage *page = checking->page;
	const char *text = checking->succeeded ? doctor_conclusion(&checking->run)
					       : situation_text(SITUATION_NO_MEMORY);

	gtk_label_set_text(page->conclusion, text);
	g_string_append_printf(page->text, "%s\n", text);
	gtk_widget_set_sensitive(GTK_WIDGET(page->check), TRUE);
	gtk_widget_set_visible(GTK_WIDGET(page->copy), TRUE);
	gtk_widget_grab_focus(GTK_WIDGET(page->check));
	g_object_unref(page);
	g_free(checking);
}

static void on_check(JpkiTroublePage *page)
{
	struct checking *checking = g_new0(struct checking, 1);
	GtkWidget *row;

	while ((row = gtk_widget_get_first_child(GTK_WIDGET(page->list))) != NULL)
		gtk_list_box_remove(page->list, row);
	g_string_truncate(page->text, 0);
	gtk_widget_set_visible(GTK_WIDGET(page->list), TRUE);
	gtk_widget_set_visible(GTK_WIDGET(page->copy), FALSE);
	gtk_widget_set_sensitive(GTK_WIDGET(page->check), FALSE);
	gtk_label_set_text(page->conclusion, _("Checking..."));
	checking->page = g_object_ref(page);
	checking->run.tell = tell;
	checking->run.argument = checking;
	worker_do(check_in_worker, finish, checking);
}

static void on_copy(JpkiTroublePage *page)
{
	gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(page)), page->text->str);
	adw_toast_overlay_add_toast(page->toasts, adw_toast_new(_("Copied")));
}

static void jpki_trouble_page_finalize(GObject *object)
{
	g_string_free(JPKI_TROUBLE_PAGE(object)->text, TRUE);
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
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, list);
	gtk_widget_class_bind_template_child(widget, JpkiTroublePage, copy);
	gtk_widget_class_bind_template_callback(widget, on_check);
	gtk_widget_class_bind_template_callback(widget, on_copy);
}

static void jpki_trouble_page_init(JpkiTroublePage *page)
{
	gtk_widget_init_template(GTK_WIDGET(page));
	page->text = g_string_new("");
}
