/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate_rows: makes rows of the certificates of a card, and of what can be done with them. */
#include "window/certificate_rows.h"

#include "app/app.h"
#include "app/card/card_words.h"
#include "app/certificate/cert_facts.h"
#include "app/certificate/cert_words.h"
#include "window/remind.h"
#include "window/rows.h"

static void add_certificate(JpkiCardPage *page, GtkListBox *group, const struct look_reader *reader,
			    const struct cert_choice *choice, enum ui_tone tone, const char *text)
{
	const char *title = cert_words_title(choice);
	char *name = g_strdup_printf(_("Details: %s"), title);
	AdwPreferencesRow *row = rows_make(tone, title, text);

	jpki_card_page_add_button(
		page, row, _("Details…"), name, "win.certificate",
		g_variant_new("(sss)", choice->name, reader->card.serial, reader->name));
	rows_append(group, row);
	g_free(name);
}

static void add_reminder(JpkiCardPage *page, GtkListBox *group,
			 const struct date_validity *validity)
{
	AdwPreferencesRow *row;

	if (!remind_can(validity))
		return;
	row = rows_make(UI_PLAIN, _("Before it expires"),
			_("A reminder in your calendar: three months, one month and one week "
			  "before"));
	jpki_card_page_add_button(page, row, _("Remind Me…"), _("Remind Me Before It Expires…"),
				  "win.remind",
				  g_variant_new("(ssi)", validity->last_day,
						validity->last_day_text, validity->days_left));
	rows_append(group, row);
}

static void add_half(JpkiCardPage *page, const struct look_reader *reader, enum jpki_key key)
{
	const struct card_report_half *half = &reader->report.halves[key];
	GtkListBox *group;
	char text[CARD_WORDS_SIZE];
	enum ui_tone tone;

	if (!half->exists || half->certificate == CARD_REPORT_ABSENT)
		return;
	group = jpki_card_page_add_group(page, card_words_key(key), NULL);
	tone = card_words_certificate(&reader->report, key, text);
	add_certificate(page, group, reader, cert_choice_of(key, JPKI_CERTIFICATE_OWN), tone, text);
	if (half->certificate == CARD_REPORT_READ)
		add_reminder(page, group, &half->validity);
	add_certificate(page, group, reader, cert_choice_of(key, JPKI_CERTIFICATE_CA), UI_PLAIN,
			_("of the authority that issued the certificate above"));
}

void certificate_rows_add(JpkiCardPage *page, const struct look_reader *reader)
{
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		add_half(page, reader, (enum jpki_key)key);
}
