/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor_checks: lists the checks for what is wrong.
 *
 * Each check looks at one thing, changes nothing, asks for no PIN, and tells nothing personal: no
 * name, no serial number, no path below the home directory, and no date of a certificate, because
 * it expires on a birthday. So people can show the output to others.
 */
#ifndef JPKI_APP_DOCTOR_DOCTOR_CHECKS_H
#define JPKI_APP_DOCTOR_DOCTOR_CHECKS_H

#include <time.h>

#include "app/card/cards.h"
#include "app/ui/situation.h"
#include "app/doctor/doctor_finding.h"

/* The state that the checks look at. */
struct doctor_view {
	struct cards cards;
	const struct card *card; /* the card to check; NULL if none can be used */
	enum situation no_card;  /* why card is NULL */
	/* What was waited for in vain, so that nothing more is asked of the card; else
	 * SITUATION_NONE. */
	enum situation waited;
	time_t now;
};

typedef struct doctor_finding doctor_check(const struct doctor_view *view);

doctor_check doctor_sandbox, doctor_service, doctor_access, doctor_readers, doctor_sharing,
	doctor_card, doctor_pins;
doctor_check doctor_certificate, doctor_sign_certificate, doctor_authorities, doctor_clock;
doctor_check doctor_module, doctor_registration, doctor_rivals, doctor_browsers, doctor_firefox,
	doctor_chromium;
doctor_check doctor_portal_program, doctor_portal_firefox, doctor_portal_chromium,
	doctor_portal_window, doctor_portal_others;

#endif
