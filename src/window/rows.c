/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows: makes a row of a name and a text, with an icon if it is no good news. */
#include "window/rows.h"

/* Between buttons, and around them. */
#define BUTTON_SPACING 6

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

AdwActionRow *rows_make(enum ui_tone tone, const char *title, const char *text)
{
	AdwActionRow *row = ADW_ACTION_ROW(adw_action_row_new());
	char *spoken = title != NULL ? g_strdup_printf("%s: %s", title, text) : g_strdup(text);

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title != NULL ? title : text);
	adw_action_row_set_title_lines(row, 0);
	adw_action_row_set_subtitle_lines(row, 0);
	if (title != NULL)
		adw_action_row_set_subtitle(row, text);
	if (icon_of(tone) != NULL)
		adw_action_row_add_prefix(row, gtk_image_new_from_icon_name(icon_of(tone)));
	/* By itself it is called by its title alone. */
	gtk_accessible_reset_relation(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
	gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
				       -1);
	g_free(spoken);
	return row;
}

GtkWidget *rows_make_button(const char *title, const char *label)
{
	GtkWidget *button = gtk_button_new_with_label(label);
	char *name = g_strdup_printf("%s: %s", title, label);

	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	g_free(name);
	return button;
}

GtkBox *rows_add_box(AdwActionRow *row)
{
	GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, BUTTON_SPACING));

	gtk_widget_set_valign(GTK_WIDGET(box), GTK_ALIGN_CENTER);
	gtk_widget_set_margin_top(GTK_WIDGET(box), BUTTON_SPACING);
	gtk_widget_set_margin_bottom(GTK_WIDGET(box), BUTTON_SPACING);
	adw_action_row_add_suffix(row, GTK_WIDGET(box));
	return box;
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
