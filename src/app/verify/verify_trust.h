/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_trust: collects the CA certificates by which signers are judged. */
#ifndef JPKI_APP_VERIFY_VERIFY_TRUST_H
#define JPKI_APP_VERIFY_VERIFY_TRUST_H

#include <stdbool.h>

#include "app/verify/verify_report.h"

/*
 * Return the next certificate from PEM, or the only one from DER; NULL if there are no more.
 * *encrypted: because the next one is encrypted, which is refused without a question.
 */
X509 *verify_next_certificate(BIO *bio, size_t place, bool *encrypted);

/* Say why a file has no certificate to read. Return the exit code. */
int verify_no_certificate(const struct verify_request *request, const char *file, bool encrypted);

/* Trust the known CA certificates that are kept, unless --ca says what to trust. */
void verify_trust_kept(struct verify_request *request);

/* Trust what --ca has, if that was given. Return APP_OK, or the exit code after printing the
 * reason. */
int verify_trust_given(struct verify_request *request);

/* If nothing was given, and what is kept is not enough for the signers, trust the CA certificate on
 * the card. Keep that one if it is known. Return as above. */
int verify_trust_card(struct verify_request *request, bool kept_is_enough);

/*
 * The same for the signatures in a document. invalid: something is not valid whoever signed, so
 * that nobody has to look for a card to be told so, and no card is asked. Then, and if the card
 * cannot be read, it is noted that signers of an unknown authority are not judged, and all else is
 * told; only a window has the card's trouble alone as its answer.
 */
int verify_trust_document(struct verify_request *request, bool kept_is_enough, bool invalid);

/* Free what is trusted. */
void verify_trust_end(struct verify_request *request);

#endif
