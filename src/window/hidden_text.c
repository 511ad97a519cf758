/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hidden_text: keeps what is typed into a field for a PIN from the toolkit. */
#include "window/hidden_text.h"

#include <string.h>

#include "base/secret.h"

enum {
	MOST = 64,          /* characters */
	SIZE = MOST * 4 + 1 /* bytes of these in UTF-8, and the end */
};

/* The parent has the asterisks, and tells of them. */
struct _JpkiHiddenText {
	GtkEntryBuffer parent_instance;
	char *typed; /* SIZE bytes of secret memory; NULL: there is none */
};

G_DEFINE_FINAL_TYPE(JpkiHiddenText, jpki_hidden_text, GTK_TYPE_ENTRY_BUFFER)

static GtkEntryBufferClass *parent_class(void)
{
	return GTK_ENTRY_BUFFER_CLASS(jpki_hidden_text_parent_class);
}

static guint jpki_hidden_text_insert_text(GtkEntryBuffer *buffer, guint position, const char *chars,
					  guint count)
{
	char *typed = JPKI_HIDDEN_TEXT(buffer)->typed;
	char asterisks[MOST + 1];
	size_t bytes;
	char *at;

	if (typed == NULL)
		return 0;
	count = MIN(count, MOST - gtk_entry_buffer_get_length(buffer));
	bytes = (size_t)(g_utf8_offset_to_pointer(chars, (glong)count) - chars);
	at = g_utf8_offset_to_pointer(typed, (glong)position);
	memmove(at + bytes, at, strlen(at) + 1);
	memcpy(at, chars, bytes);
	/* GTK copies them up to their end. */
	memset(asterisks, '*', count);
	asterisks[count] = '\0';
	return parent_class()->insert_text(buffer, position, asterisks, count);
}

static void jpki_hidden_text_deleted_text(GtkEntryBuffer *buffer, guint position, guint count)
{
	char *start = g_utf8_offset_to_pointer(JPKI_HIDDEN_TEXT(buffer)->typed, (glong)position);
	char *end = g_utf8_offset_to_pointer(start, (glong)count);
	size_t rest = strlen(end) + 1;

	memmove(start, end, rest);
	explicit_bzero(start + rest, (size_t)(end - start));
	parent_class()->deleted_text(buffer, position, count);
}

static void jpki_hidden_text_finalize(GObject *object)
{
	jpki_secret_free(JPKI_HIDDEN_TEXT(object)->typed, SIZE);
	G_OBJECT_CLASS(jpki_hidden_text_parent_class)->finalize(object);
}

static void jpki_hidden_text_class_init(JpkiHiddenTextClass *class)
{
	G_OBJECT_CLASS(class)->finalize = jpki_hidden_text_finalize;
	GTK_ENTRY_BUFFER_CLASS(class)->insert_text = jpki_hidden_text_insert_text;
	GTK_ENTRY_BUFFER_CLASS(class)->deleted_text = jpki_hidden_text_deleted_text;
}

static void jpki_hidden_text_init(JpkiHiddenText *text)
{
	text->typed = jpki_secret_alloc(SIZE);
}

JpkiHiddenText *jpki_hidden_text_new(void)
{
	return g_object_new(JPKI_TYPE_HIDDEN_TEXT, NULL);
}

const char *jpki_hidden_text_get(JpkiHiddenText *text)
{
	return text->typed != NULL ? text->typed : "";
}
