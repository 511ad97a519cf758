/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows: makes a row of a name and a text, with an icon if it is no good news. */
#include "window/rows.h"

#include "window/beside.h"

/* As in the toolkit's own rows: between a name and what is said, and beside an icon. */
#define LINE_SPACING 3
#define ICON_SPACING 6

/* Return the icon that goes with a tone; NULL for none. What is good is no promise, so it has none.
 */
static const char *icon_of(enum ui_tone tone)
{
	static const char *const icons[] = {[UI_PLAIN] = NULL,
					    [UI_GOOD] = NULL,
					    [UI_WARN] = "dialog-warning-symbolic",
					    [UI_BAD] = "dialog-error-symbolic"};

	return icons[tone];
}

void rows_wrap(GtkLabel *label)
{
	gtk_label_set_wrap(label, TRUE);
	gtk_label_set_wrap_mode(label, PANGO_WRAP_WORD_CHAR);
}

/* Make a label of a row, which may be long, or be one long word. */
static GtkWidget *make_label(const char *text)
{
	GtkWidget *label = gtk_label_new(text);

	rows_wrap(GTK_LABEL(label));
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	return label;
}

/* Make what a row shows: the name above what is said. */
static GtkWidget *make_text(const char *title, const char *text)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, LINE_SPACING);

	gtk_widget_add_css_class(box, "title");
	gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
	if (title != NULL)
		gtk_box_append(GTK_BOX(box), make_label(title));
	gtk_box_append(GTK_BOX(box), make_label(text));
	return box;
}

AdwPreferencesRow *rows_make(enum ui_tone tone, const char *title, const char *text)
{
	AdwPreferencesRow *row = ADW_PREFERENCES_ROW(adw_preferences_row_new());
	GtkWidget *header = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, ICON_SPACING);
	GtkWidget *beside = GTK_WIDGET(jpki_beside_new(make_text(title, text)));
	char *spoken = title != NULL ? g_strdup_printf("%s: %s", title, text) : g_strdup(text);

	/* The classes are those of the toolkit's own rows, which cannot put a button below. */
	gtk_widget_add_css_class(header, "header");
	if (icon_of(tone) != NULL)
		gtk_box_append(GTK_BOX(header), gtk_image_new_from_icon_name(icon_of(tone)));
	gtk_widget_set_hexpand(beside, TRUE);
	gtk_box_append(GTK_BOX(header), beside);
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), header);
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
	gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
				       -1);
	g_free(spoken);
	return row;
}

/* Let the words on a button break into lines, if it has words. */
static void wrap_button(GtkButton *button)
{
	GtkWidget *child = gtk_button_get_child(button);

	if (child == NULL || !GTK_IS_LABEL(child))
		return;
	rows_wrap(GTK_LABEL(child));
	gtk_label_set_justify(GTK_LABEL(child), GTK_JUSTIFY_CENTER);
}

/* Return the widget that comes after this one, below root: in it, if that is wanted and it has any,
 * or behind it; NULL: none. */
static GtkWidget *after(const GtkWidget *root, GtkWidget *widget, bool goes_in)
{
	GtkWidget *next = goes_in ? gtk_widget_get_first_child(widget) : NULL;

	for (; next == NULL && widget != root; widget = gtk_widget_get_parent(widget))
		next = gtk_widget_get_next_sibling(widget);
	return next;
}

void rows_wrap_buttons(GtkWidget *root)
{
	for (GtkWidget *widget = root; widget != NULL;
	     widget = after(root, widget, !GTK_IS_BUTTON(widget))) {
		if (GTK_IS_BUTTON(widget))
			wrap_button(GTK_BUTTON(widget));
	}
}

void rows_wrap_heading(GtkWidget *root)
{
	GtkWidget *widget = root;

	while (widget != NULL && !GTK_IS_LABEL(widget))
		widget = after(root, widget, true);
	if (widget != NULL)
		rows_wrap(GTK_LABEL(widget));
}

void rows_wrap_short(GtkWidget *root)
{
	for (GtkWidget *widget = root; widget != NULL; widget = after(root, widget, true)) {
		if (!GTK_IS_LABEL(widget) ||
		    gtk_label_get_ellipsize(GTK_LABEL(widget)) == PANGO_ELLIPSIZE_NONE)
			continue;
		gtk_label_set_ellipsize(GTK_LABEL(widget), PANGO_ELLIPSIZE_NONE);
		gtk_label_set_single_line_mode(GTK_LABEL(widget), FALSE);
		gtk_label_set_justify(GTK_LABEL(widget), GTK_JUSTIFY_CENTER);
		rows_wrap(GTK_LABEL(widget));
		/* In a bar of some height it would be as narrow as that allows. What asks for more
		 * characters than it has is then measured wrong by Debian 12's version. */
		gtk_label_set_width_chars(GTK_LABEL(widget), -1);
		gtk_label_set_natural_wrap_mode(GTK_LABEL(widget), GTK_NATURAL_WRAP_NONE);
	}
}

/* Have a button called otherwise than its own words, which later versions of GTK would have come
 * before any other name. */
static void set_name(GtkWidget *button, const char *name)
{
	gtk_accessible_reset_relation(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
}

void rows_name_menu(GtkWidget *menu)
{
	for (GtkWidget *widget = menu; widget != NULL; widget = after(menu, widget, true)) {
		GtkWidget *item = gtk_widget_get_parent(widget);
		GtkWidget *before = gtk_widget_get_prev_sibling(widget);

		/* The second text of an item is its key. */
		if (GTK_IS_LABEL(widget) && !(before != NULL && GTK_IS_LABEL(before)) &&
		    gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(item)) ==
			    GTK_ACCESSIBLE_ROLE_MENU_ITEM)
			set_name(item, gtk_label_get_text(GTK_LABEL(widget)));
	}
}

GtkWidget *rows_make_button(const char *title, const char *label)
{
	GtkWidget *button = gtk_button_new_with_label(label);
	char *name = g_strdup_printf("%s: %s", title, label);

	wrap_button(GTK_BUTTON(button));
	set_name(button, name);
	g_free(name);
	return button;
}

GtkWidget *rows_make_icon_button(const char *icon, const char *name)
{
	GtkWidget *button = gtk_button_new_from_icon_name(icon);

	gtk_widget_add_css_class(button, "flat");
	rows_name_button(button, name);
	return button;
}

void rows_name_button(GtkWidget *button, const char *name)
{
	gtk_widget_set_tooltip_text(button, name);
	set_name(button, name);
	/* The tooltip would be its description, so that all is spoken twice. */
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
				       "", -1);
}

void rows_add_button(AdwPreferencesRow *row, GtkWidget *button)
{
	GtkWidget *header = gtk_list_box_row_get_child(GTK_LIST_BOX_ROW(row));

	jpki_beside_add(JPKI_BESIDE(gtk_widget_get_last_child(header)), button);
}

GtkListBox *rows_make_list(const char *name)
{
	GtkWidget *list = gtk_list_box_new();

	gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
	gtk_widget_add_css_class(list, "boxed-list");
	gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	gtk_widget_set_visible(list, FALSE);
	return GTK_LIST_BOX(list);
}

void rows_append(GtkListBox *list, AdwPreferencesRow *row)
{
	gtk_list_box_append(list, GTK_WIDGET(row));
	gtk_widget_set_visible(GTK_WIDGET(list), TRUE);
}

void rows_clear(GtkListBox *list)
{
	GtkWidget *row;

	while ((row = gtk_widget_get_first_child(GTK_WIDGET(list))) != NULL)
		gtk_list_box_remove(list, row);
}

void rows_speak(GtkWidget *widget, const char *text)
{
	/* What describes it otherwise would hide the text. */
	gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
				       text, -1);
	if (gtk_widget_get_mapped(widget))
		gtk_widget_grab_focus(widget);
}
