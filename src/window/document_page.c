/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* document_page: lists the files that were chosen, and then a row of the result for each. */
#include "window/document_page.h"

#include <stdlib.h>

#include "app/ui/text.h"
#include "window/checking.h"
#include "window/counter.h"
#include "window/folder.h"
#include "window/rows.h"
#include "window/worker.h"

struct _JpkiDocumentPage {
	AdwBin parent_instance;
	GtkWidget *box;
	GtkWidget *progress; /* of a check */
	JpkiCounter *count;
	GtkButton *stop;
	GtkLabel *state;
	GtkButton *choose;
	GtkListBox *files;
	GtkListBox *options;
	AdwComboRow *kind;
	AdwComboRow *card;
	GtkStringList *cards;
	GtkWidget *actions;
	GtkButton *sign;
	GtkListBox *results;

	GtkFileChooserNative *chooser; /* NULL: none is open */
	GPtrArray *paths;              /* of the files */
	GPtrArray *serials;            /* of the cards to choose from */
	GPtrArray *readers;            /* the names of the readers that these are in */
	struct signing *signing;       /* NULL: none is under way */
	struct checking *checking;     /* NULL: none is under way */
};

G_DEFINE_FINAL_TYPE(JpkiDocumentPage, jpki_document_page, ADW_TYPE_BIN)

static guint signal_password;

/* --- the files ------------------------------------------------------------------------------- */

/* Return a part of a path as it may be shown; the caller frees it. */
static char *shown(char *part)
{
	char *visible = text_visible(part);
	char *text = g_strdup(visible != NULL ? visible : "");

	free(visible);
	g_free(part);
	return text;
}

static void show_files(JpkiDocumentPage *page);

static void on_remove(GtkButton *button, JpkiDocumentPage *page)
{
	const char *path = g_object_get_data(G_OBJECT(button), "path");

	/* The button goes with its row. */
	for (guint i = 0; i < page->paths->len; i++) {
		if (g_ptr_array_index(page->paths, i) == path) {
			g_ptr_array_remove_index(page->paths, i);
			break;
		}
	}
	show_files(page);
	gtk_widget_grab_focus(GTK_WIDGET(page->choose));
}

static GtkWidget *make_file_row(JpkiDocumentPage *page, char *path)
{
	char *name = shown(g_path_get_basename(path));
	char *folder = shown(g_path_get_dirname(path));
	char *remove = g_strdup_printf(_("Remove %s from the list"), name);
	GtkWidget *button = rows_make_icon_button("window-close-symbolic", remove);
	AdwPreferencesRow *row = rows_make(UI_PLAIN, name, folder);

	g_object_set_data(G_OBJECT(button), "path", path);
	g_signal_connect(button, "clicked", G_CALLBACK(on_remove), page);
	rows_add_button(row, button);
	g_free(name);
	g_free(folder);
	g_free(remove);
	return GTK_WIDGET(row);
}

static void show_files(JpkiDocumentPage *page)
{
	bool any = page->paths->len > 0;

	rows_clear(page->files);
	for (guint i = 0; i < page->paths->len; i++)
		gtk_list_box_append(page->files,
				    make_file_row(page, g_ptr_array_index(page->paths, i)));
	gtk_widget_set_visible(GTK_WIDGET(page->files), any);
	gtk_widget_set_visible(GTK_WIDGET(page->options), any);
	gtk_widget_set_visible(page->actions, any);
}

static bool is_listed(const JpkiDocumentPage *page, const char *path)
{
	for (guint i = 0; i < page->paths->len; i++) {
		if (g_str_equal(g_ptr_array_index(page->paths, i), path))
			return true;
	}
	return false;
}

/* Say a text, also to a screen reader. */
static void say(JpkiDocumentPage *page, const char *text)
{
	gtk_label_set_text(page->state, text);
	rows_speak(GTK_WIDGET(page->choose), text);
}

/* Take one more file. Return whether it is on this computer; else it is said. */
static bool add(JpkiDocumentPage *page, GFile *file)
{
	char *path = g_file_get_path(file);
	bool is_here = path != NULL;

	/* What the results tell of was another choice. */
	rows_clear(page->results);
	gtk_widget_set_visible(GTK_WIDGET(page->results), FALSE);
	if (!is_here)
		say(page, _("Only files on this computer can be signed or checked."));
	else if (!is_listed(page, path))
		g_ptr_array_add(page->paths, g_steal_pointer(&path));
	g_free(path);
	show_files(page);
	return is_here;
}

static void on_chosen(GtkNativeDialog *dialog, int response, JpkiDocumentPage *page)
{
	GListModel *files;
	bool all = true;

	if (response == GTK_RESPONSE_ACCEPT) {
		files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
		for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
			GFile *file = g_list_model_get_item(files, i);

			all &= add(page, file);
			g_object_unref(file);
		}
		g_object_unref(files);
		if (page->paths->len > 0 && all)
			gtk_widget_grab_focus(GTK_WIDGET(page->sign));
	}
	g_clear_object(&page->chooser);
}

static void on_choose(JpkiDocumentPage *page)
{
	if (page->chooser != NULL)
		return;
	page->chooser = gtk_file_chooser_native_new(
		_("Files to Sign or to Check"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
		GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));
	gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(page->chooser), TRUE);
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(page->chooser), TRUE);
	g_signal_connect(page->chooser, "response", G_CALLBACK(on_chosen), page);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(page->chooser));
}

/* Take files that come at once. */
static void add_all(JpkiDocumentPage *page, const GValue *value)
{
	bool all = true;

	/* While files are at work, the list is theirs. */
	if (!gtk_widget_is_sensitive(page->box))
		return;
	for (GSList *file = g_value_get_boxed(value); file != NULL; file = file->next)
		all &= add(page, file->data);
	if (page->paths->len > 0 && all)
		gtk_widget_grab_focus(GTK_WIDGET(page->sign));
}

static void on_clipboard(GObject *clipboard, GAsyncResult *result, gpointer data)
{
	JpkiDocumentPage *page = data;
	const GValue *value =
		gdk_clipboard_read_value_finish(GDK_CLIPBOARD(clipboard), result, NULL);

	if (value != NULL)
		add_all(page, value);
	g_object_unref(page);
}

void jpki_document_page_paste(JpkiDocumentPage *page)
{
	gdk_clipboard_read_value_async(gtk_widget_get_clipboard(GTK_WIDGET(page)),
				       GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL, on_clipboard,
				       g_object_ref(page));
}

static gboolean on_drop(GtkDropTarget *unused_target, const GValue *value, double unused_x,
			double unused_y, JpkiDocumentPage *page)
{
	(void)unused_target;
	(void)unused_x;
	(void)unused_y;
	add_all(page, value);
	return TRUE;
}

/* --- the results ----------------------------------------------------------------------------- */

static void on_show_folder(GtkButton *button, JpkiDocumentPage *page)
{
	folder_show(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
		    g_object_get_data(G_OBJECT(button), "path"));
}

/* Add the row of a result. title: NULL if what is said names the file; output: the file that was
 * made, NULL for none. */
static void add_result(JpkiDocumentPage *page, const char *title, const struct told *told,
		       const char *output)
{
	AdwPreferencesRow *row =
		rows_make(told->tone, title,
			  told->text != NULL ? told->text : situation_text(SITUATION_NO_MEMORY));
	GtkWidget *button;
	char *label;
	char *name;

	if (output != NULL) {
		name = shown(g_path_get_basename(output));
		label = g_strdup_printf(_("Show %s in its folder"), name);
		button = rows_make_icon_button("folder-symbolic", label);
		g_object_set_data_full(G_OBJECT(button), "path", g_strdup(output), g_free);
		g_signal_connect(button, "clicked", G_CALLBACK(on_show_folder), page);
		rows_add_button(row, button);
		g_free(label);
		g_free(name);
	}
	gtk_list_box_append(page->results, GTK_WIDGET(row));
	gtk_widget_set_visible(GTK_WIDGET(page->results), TRUE);
}

/* Begin work with the files: nothing can be pressed meanwhile. */
static void begin(JpkiDocumentPage *page, const char *text)
{
	rows_clear(page->results);
	gtk_widget_set_visible(GTK_WIDGET(page->results), FALSE);
	gtk_label_set_text(page->state, text);
	gtk_widget_set_sensitive(page->box, FALSE);
}

/* End it, with what is said of all. */
static void end(JpkiDocumentPage *page, const char *text)
{
	gtk_widget_set_sensitive(page->box, TRUE);
	say(page, text);
}

/* Return the card that was chosen, of one of these arrays; NULL: the only one. */
static const char *chosen_of(const JpkiDocumentPage *page, const GPtrArray *array)
{
	guint chosen = adw_combo_row_get_selected(page->card);

	return chosen < array->len ? g_ptr_array_index(array, chosen) : NULL;
}

/* Return the paths as a list that ends with NULL; the caller frees it with g_strfreev. */
static char **copy_paths(const JpkiDocumentPage *page)
{
	char **paths = g_new0(char *, page->paths->len + 1);

	for (guint i = 0; i < page->paths->len; i++)
		paths[i] = g_strdup(g_ptr_array_index(page->paths, i));
	return paths;
}

/* --- signing --------------------------------------------------------------------------------- */

struct signing *jpki_document_page_get_signing(JpkiDocumentPage *page)
{
	return page->signing;
}

/* Take what was signed off the list, and show a row for each file. */
static size_t show_signed(JpkiDocumentPage *page)
{
	const struct sign_request *request = &page->signing->request;
	size_t done = 0;

	/* What was said before the password is among it. */
	rows_clear(page->results);
	g_ptr_array_set_size(page->paths, 0);
	for (size_t i = 0; i < request->count; i++) {
		const struct sign_job *job = &request->jobs[i];

		add_result(page, NULL, &page->signing->told[i], job->done ? job->output : NULL);
		done += job->done ? 1 : 0;
		if (!job->done)
			g_ptr_array_add(page->paths, g_strdup(job->file));
	}
	show_files(page);
	return done;
}

void jpki_document_page_signed(JpkiDocumentPage *page, const char *said)
{
	size_t count = page->signing->request.count;
	const char *first = page->signing->told_first.text;
	size_t done = show_signed(page);
	char *text = g_strdup_printf(
		ngettext("Signed: %zu of %zu file.", "Signed: %zu of %zu files.", count), done,
		count);
	char *whole = g_strdup_printf("%s%s%s%s%s", text, said[0] != '\0' ? "\n" : "", said,
				      first != NULL ? "\n" : "", first != NULL ? first : "");

	end(page, whole);
	g_clear_pointer(&page->signing, signing_free);
	g_free(text);
	g_free(whole);
}

/* The plan under way keeps the page. */
static void plan(void *page)
{
	signing_plan(JPKI_DOCUMENT_PAGE(page)->signing);
}

/* Say what is to be known before the password is asked for. */
static void show_plan(JpkiDocumentPage *page)
{
	const struct signing *signing = page->signing;
	const char *first = signing->told_first.text;

	gtk_label_set_text(page->state, first != NULL ? first : "");
	for (size_t i = 0; i < signing->request.count; i++) {
		if (signing->told[i].text != NULL)
			add_result(page, NULL, &signing->told[i], NULL);
	}
}

static void on_planned(void *argument)
{
	JpkiDocumentPage *page = argument;

	if (!page->signing->is_planned)
		jpki_document_page_signed(page, situation_text(SITUATION_NO_MEMORY));
	else if (sign_waiting(&page->signing->request) == 0)
		jpki_document_page_signed(page, "");
	else {
		show_plan(page);
		g_signal_emit(page, signal_password, 0);
	}
	g_object_unref(page);
}

static void on_sign(JpkiDocumentPage *page)
{
	enum signing_kind kind = adw_combo_row_get_selected(page->kind);
	char **paths = copy_paths(page);

	page->signing = signing_new(paths, kind, chosen_of(page, page->serials),
				    chosen_of(page, page->readers));
	/* Whose password is asked for is said if there is a choice. */
	if (page->serials->len > 1)
		page->signing->request.reader = page->signing->reader;
	g_strfreev(paths);
	begin(page, _("Looking at the files…"));
	worker_do(plan, on_planned, g_object_ref(page));
}

/* --- checking -------------------------------------------------------------------------------- */

/* The check under way keeps the page. */
static void check_in_worker(void *page)
{
	checking_work(JPKI_DOCUMENT_PAGE(page)->checking);
}

static void show_at(size_t done, void *argument)
{
	JpkiDocumentPage *page = argument;

	jpki_counter_show(page->count, done, page->checking->count, page->checking->files[done]);
}

/* Return what is said of all; the caller frees it. */
static char *conclusion_of(const struct checking *checking)
{
	if (checking->done == checking->count)
		return g_strdup(_("Checked. The results are below."));
	return g_strdup_printf(ngettext("Stopped. Checked: %zu of %zu file.",
					"Stopped. Checked: %zu of %zu files.", checking->count),
			       checking->done, checking->count);
}

static void on_checked(void *argument)
{
	JpkiDocumentPage *page = argument;
	struct checking *checking = g_steal_pointer(&page->checking);
	char *text = conclusion_of(checking);

	for (size_t i = 0; i < checking->done; i++) {
		char *name = shown(g_path_get_basename(checking->files[i]));

		add_result(page, name, &checking->told[i], NULL);
		g_free(name);
	}
	gtk_widget_set_visible(page->progress, FALSE);
	end(page, text);
	checking_free(checking);
	g_free(text);
	g_object_unref(page);
}

static void on_stop(JpkiDocumentPage *page)
{
	if (page->checking == NULL)
		return;
	g_atomic_int_set(&page->checking->stops, 1);
	gtk_widget_set_sensitive(GTK_WIDGET(page->stop), FALSE);
	gtk_label_set_text(page->state, _("Stopping..."));
}

static void on_check(JpkiDocumentPage *page)
{
	char **paths = copy_paths(page);

	page->checking = checking_new(paths, chosen_of(page, page->serials));
	page->checking->at = show_at;
	page->checking->argument = page;
	g_strfreev(paths);
	begin(page, _("Checking…"));
	/* Of one file there is nothing to count, and nothing to leave. What is shown is complete
	 * from the first moment. */
	gtk_widget_set_sensitive(GTK_WIDGET(page->stop), TRUE);
	show_at(0, page);
	gtk_widget_set_visible(page->progress, page->checking->count > 1);
	gtk_widget_grab_focus(GTK_WIDGET(page->stop));
	worker_do(check_in_worker, on_checked, g_object_ref(page));
}

/* --- the cards ------------------------------------------------------------------------------- */

static gboolean same_serial(gconstpointer one, gconstpointer other)
{
	return g_strcmp0(one, other) == 0;
}

void jpki_document_page_set_cards(JpkiDocumentPage *page, const struct look *look)
{
	char *chosen;
	guint again;

	/* What is chosen stays while the cards are read again. */
	if (!look->is_whole && page->serials->len > 0)
		return;
	chosen = g_strdup(chosen_of(page, page->serials));
	g_ptr_array_set_size(page->serials, 0);
	g_ptr_array_set_size(page->readers, 0);
	gtk_string_list_splice(page->cards, 0, g_list_model_get_n_items(G_LIST_MODEL(page->cards)),
			       NULL);
	for (size_t i = 0; i < look->count; i++) {
		const struct look_reader *reader = &look->readers[i];

		if (!reader->is_read || !reader->has_card ||
		    !reader->report.halves[JPKI_KEY_SIGN].exists)
			continue;
		g_ptr_array_add(page->serials, g_strdup(reader->card.serial));
		g_ptr_array_add(page->readers, g_strdup(reader->name));
		gtk_string_list_take(page->cards, shown(g_strdup(reader->name)));
	}
	if (g_ptr_array_find_with_equal_func(page->serials, chosen, same_serial, &again))
		adw_combo_row_set_selected(page->card, again);
	gtk_widget_set_visible(GTK_WIDGET(page->card), page->serials->len > 1);
	g_free(chosen);
}

/* --- the class ------------------------------------------------------------------------------- */

static void jpki_document_page_dispose(GObject *object)
{
	JpkiDocumentPage *page = JPKI_DOCUMENT_PAGE(object);

	/* It may end after the page. */
	if (page->chooser != NULL)
		g_signal_handlers_disconnect_by_data(page->chooser, page);
	g_clear_object(&page->chooser);
	G_OBJECT_CLASS(jpki_document_page_parent_class)->dispose(object);
}

static void jpki_document_page_finalize(GObject *object)
{
	JpkiDocumentPage *page = JPKI_DOCUMENT_PAGE(object);

	g_ptr_array_unref(page->paths);
	g_ptr_array_unref(page->serials);
	g_ptr_array_unref(page->readers);
	g_clear_pointer(&page->signing, signing_free);
	G_OBJECT_CLASS(jpki_document_page_parent_class)->finalize(object);
}

static void jpki_document_page_class_init(JpkiDocumentPageClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	g_type_ensure(JPKI_TYPE_COUNTER);
	G_OBJECT_CLASS(class)->dispose = jpki_document_page_dispose;
	G_OBJECT_CLASS(class)->finalize = jpki_document_page_finalize;
	signal_password = g_signal_new("password", JPKI_TYPE_DOCUMENT_PAGE, G_SIGNAL_RUN_LAST, 0,
				       NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget,
						    "/jpki_pkcs11/desktop/window/document_page.ui");
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, box);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, progress);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, count);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, stop);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, state);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, choose);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, files);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, options);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, kind);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, card);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, cards);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, actions);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, sign);
	gtk_widget_class_bind_template_child(widget, JpkiDocumentPage, results);
	gtk_widget_class_bind_template_callback(widget, on_choose);
	gtk_widget_class_bind_template_callback(widget, on_sign);
	gtk_widget_class_bind_template_callback(widget, on_check);
	gtk_widget_class_bind_template_callback(widget, on_stop);
}

/* Call a row by its title; by itself it has no name. */
static void name_row(AdwComboRow *row)
{
	const char *title = adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row));

	gtk_accessible_reset_relation(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
	gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
				       -1);
}

static void jpki_document_page_init(JpkiDocumentPage *page)
{
	GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

	gtk_widget_init_template(GTK_WIDGET(page));
	rows_wrap_buttons(GTK_WIDGET(page));
	name_row(page->kind);
	name_row(page->card);
	page->paths = g_ptr_array_new_with_free_func(g_free);
	page->serials = g_ptr_array_new_with_free_func(g_free);
	page->readers = g_ptr_array_new_with_free_func(g_free);
	g_signal_connect(target, "drop", G_CALLBACK(on_drop), page);
	gtk_widget_add_controller(GTK_WIDGET(page), GTK_EVENT_CONTROLLER(target));
}
