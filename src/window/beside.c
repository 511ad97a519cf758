/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * beside: puts buttons beside a text, or below it where the text would be left too little room.
 *
 * With large letters on a narrow screen a button beside a text would leave it a column of
 * syllables.
 */
#include "window/beside.h"

/* Between the text and the buttons, and between and around these. */
#define SPACING 6

/* The buttons stand beside the text if they take no more than this part of the width. */
#define BUTTONS_PART  2
#define BUTTONS_WHOLE 5

struct _JpkiBeside {
	GtkWidget parent_instance;
	GtkWidget *text;
	GtkWidget *buttons; /* a box; not visible without any */
};

G_DEFINE_FINAL_TYPE(JpkiBeside, jpki_beside, GTK_TYPE_WIDGET)

/* Return how wide the buttons are in so much room. */
static int buttons_width(JpkiBeside *beside, int width)
{
	int natural;

	gtk_widget_measure(beside->buttons, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
			   NULL);
	return MIN(natural, width);
}

/* Return whether the buttons stand beside the text in so much room. */
static bool is_beside(JpkiBeside *beside, int width)
{
	int of_buttons = buttons_width(beside, width);
	int of_text;

	gtk_widget_measure(beside->text, GTK_ORIENTATION_HORIZONTAL, -1, &of_text, NULL, NULL,
			   NULL);
	return of_buttons * BUTTONS_WHOLE <= width * BUTTONS_PART &&
	       of_text + SPACING + of_buttons <= width;
}

static int height_of(GtkWidget *widget, int width)
{
	int natural;

	gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
	return natural;
}

/* The natural width has room for both beside each other: the toolkit takes the height at that width
 * for the least one that there is. */
static void measure_width(JpkiBeside *beside, int *minimum, int *natural)
{
	int least;
	int best;

	gtk_widget_measure(beside->text, GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural, NULL,
			   NULL);
	if (!gtk_widget_get_visible(beside->buttons))
		return;
	gtk_widget_measure(beside->buttons, GTK_ORIENTATION_HORIZONTAL, -1, &least, &best, NULL,
			   NULL);
	*minimum = MAX(*minimum, least);
	*natural = MAX(*natural + SPACING + best,
		       (best * BUTTONS_WHOLE + BUTTONS_PART - 1) / BUTTONS_PART);
}

static int height_for(JpkiBeside *beside, int width)
{
	int of_buttons = buttons_width(beside, width);

	if (!gtk_widget_get_visible(beside->buttons))
		return height_of(beside->text, width);
	if (is_beside(beside, width))
		return MAX(height_of(beside->text, width - SPACING - of_buttons),
			   height_of(beside->buttons, of_buttons));
	return height_of(beside->text, width) + height_of(beside->buttons, of_buttons);
}

static GtkSizeRequestMode jpki_beside_get_request_mode(GtkWidget *unused)
{
	(void)unused;
	return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void jpki_beside_measure(GtkWidget *widget, GtkOrientation orientation, int width,
				int *minimum, int *natural, int *unused_baseline,
				int *unused_natural_baseline)
{
	JpkiBeside *beside = JPKI_BESIDE(widget);
	int least;
	int best;

	(void)unused_baseline;
	(void)unused_natural_baseline;
	measure_width(beside, &least, &best);
	if (orientation == GTK_ORIENTATION_HORIZONTAL) {
		*minimum = least;
		*natural = best;
	} else {
		*minimum = *natural = height_for(beside, width < 0 ? best : MAX(width, least));
	}
}

static void jpki_beside_size_allocate(GtkWidget *widget, int width, int height, int unused_baseline)
{
	JpkiBeside *beside = JPKI_BESIDE(widget);
	GtkAllocation text = {0, 0, width, height};
	GtkAllocation buttons = {0, 0, buttons_width(beside, width), height};
	bool is_right = gtk_widget_get_direction(widget) != GTK_TEXT_DIR_RTL;

	(void)unused_baseline;
	if (gtk_widget_get_visible(beside->buttons)) {
		if (is_beside(beside, width)) {
			text.width -= SPACING + buttons.width;
		} else {
			text.height = height_of(beside->text, width);
			buttons.y = text.height;
			buttons.height -= text.height;
		}
		if (is_right)
			buttons.x = width - buttons.width;
		else
			text.x = width - text.width;
		gtk_widget_size_allocate(beside->buttons, &buttons, -1);
	}
	gtk_widget_size_allocate(beside->text, &text, -1);
}

static void jpki_beside_dispose(GObject *object)
{
	JpkiBeside *beside = JPKI_BESIDE(object);

	g_clear_pointer(&beside->text, gtk_widget_unparent);
	g_clear_pointer(&beside->buttons, gtk_widget_unparent);
	G_OBJECT_CLASS(jpki_beside_parent_class)->dispose(object);
}

static void jpki_beside_class_init(JpkiBesideClass *class)
{
	GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = jpki_beside_dispose;
	widget->get_request_mode = jpki_beside_get_request_mode;
	widget->measure = jpki_beside_measure;
	widget->size_allocate = jpki_beside_size_allocate;
}

static void jpki_beside_init(JpkiBeside *beside)
{
	beside->buttons = gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACING);
	gtk_widget_set_valign(beside->buttons, GTK_ALIGN_CENTER);
	gtk_widget_set_margin_top(beside->buttons, SPACING);
	gtk_widget_set_margin_bottom(beside->buttons, SPACING);
	gtk_widget_set_visible(beside->buttons, FALSE);
}

JpkiBeside *jpki_beside_new(GtkWidget *text)
{
	JpkiBeside *beside = g_object_new(JPKI_TYPE_BESIDE, NULL);

	/* In the order in which they are read and reached. */
	beside->text = text;
	gtk_widget_set_parent(text, GTK_WIDGET(beside));
	gtk_widget_set_parent(beside->buttons, GTK_WIDGET(beside));
	return beside;
}

void jpki_beside_add(JpkiBeside *beside, GtkWidget *button)
{
	gtk_box_append(GTK_BOX(beside->buttons), button);
	gtk_widget_set_visible(beside->buttons, TRUE);
}
