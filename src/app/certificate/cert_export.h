/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_export: writes a certificate of the card to a file. */
#ifndef JPKI_APP_CERTIFICATE_CERT_EXPORT_H
#define JPKI_APP_CERTIFICATE_CERT_EXPORT_H

#include <openssl/bio.h>
#include <stdbool.h>

#include "app/certificate/cert_facts.h"

/* Write it as PEM, or as DER. False, and errno may say why. */
bool cert_export_write(BIO *bio, const struct jpki_certificate *certificate, bool der);

/*
 * Write it to a file of this name, which is there whole or not at all; one that exists is replaced
 * only if that is wanted. One that is personal can be read by the user alone. Return NULL, or in
 * words why it was not written, which is static until the next call.
 */
const char *cert_export(const struct cert_choice *choice,
			const struct jpki_certificate *certificate, const char *path, bool der,
			bool replace);

#endif
