/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reading: finds the card again, reads one of its certificates, and keeps it. */
#include "window/reading.h"

#include <time.h>

#include "app/card/card_certificate.h"
#include "app/certificate/x509.h"
#include "app/ui/refuse.h"

struct reading *reading_new(const struct cert_choice *choice, const char *serial)
{
	struct reading *reading = g_new0(struct reading, 1);

	reading->choice = choice;
	reading->serial = g_strdup(serial);
	return reading;
}

void reading_free(struct reading *reading)
{
	jpki_certificate_release(reading->certificate);
	g_free(reading->serial);
	g_free(reading);
}

/* Ask the card for what is not in the certificate, as long as it is there. */
static bool complete(struct reading *reading, const struct cards *cards, const struct card *card)
{
	X509 *x509 = x509_of(reading->certificate);
	struct cert_facts facts = {.choice = reading->choice};

	if (x509 == NULL)
		return false;
	card_certificate_complete(&facts, cards, card, x509, time(NULL));
	reading->is_known_authority = facts.is_known_authority;
	reading->auth_validity = facts.auth_validity;
	X509_free(x509);
	return true;
}

static int read_from(struct reading *reading, struct cards *cards, struct asking *asking)
{
	static const struct options options = {.json = false};
	struct card_pin card_pin;
	enum situation situation;
	const struct card *card = cards_choose(cards, reading->serial, &situation);
	int result;

	if (card == NULL)
		return ui_refuse(false, situation);
	card_pin_init(&card_pin, cards, card, reading->choice->key, &options);
	card_pin.dialog.consents_by_window = true;
	result = card_certificate_read(&card_pin, reading->choice, &reading->certificate);
	asking->has_lost = card_pin.dialog.lost != SITUATION_NONE;
	if (result == APP_OK && !complete(reading, cards, card))
		result = ui_refuse(false, SITUATION_INTERNAL);
	return result;
}

int reading_work(void *argument, struct asking *asking)
{
	struct cards *cards = g_new0(struct cards, 1);
	int result;

	if (cards_open(cards))
		result = read_from(argument, cards, asking);
	else
		result = ui_refuse(false, SITUATION_NO_MEMORY);
	cards_close(cards);
	g_free(cards);
	return result;
}

bool reading_facts(const struct reading *reading, bool with_personal, struct cert_facts *facts)
{
	X509 *x509 = x509_of(reading->certificate);
	bool made;

	*facts = (struct cert_facts){.choice = reading->choice};
	if (x509 == NULL)
		return false;
	made = cert_facts_make(facts, reading->choice, x509, with_personal, time(NULL));
	facts->card_serial = reading->serial;
	facts->is_known_authority = reading->is_known_authority;
	facts->auth_validity = reading->auth_validity;
	X509_free(x509);
	return made;
}
