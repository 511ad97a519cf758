/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known_authorities: compares CA certificates with the fingerprints that are known. */
#include "app/signature/known_authorities.h"

#include <openssl/evp.h>
#include <string.h>

#include "app/signature/known_authorities_list.h"

bool authority_fingerprint(const X509 *certificate, char fingerprint[JPKI_FINGERPRINT_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned int length = 0;

	if (X509_digest(certificate, EVP_sha256(), value, &length) != 1 ||
	    length * 2 != JPKI_FINGERPRINT_SIZE - 1)
		return false;
	for (unsigned int i = 0; i < length; i++) {
		fingerprint[i * 2] = digits[value[i] >> 4];
		fingerprint[i * 2 + 1] = digits[value[i] & 0x0f];
	}
	fingerprint[JPKI_FINGERPRINT_SIZE - 1] = '\0';
	return true;
}

const char *authority_known_at(const struct jpki_config *config, enum jpki_key key, size_t place)
{
	for (size_t i = 0; i < known_authority_count; i++) {
		if (known_authorities[i].key == key && place-- == 0)
			return known_authorities[i].fingerprint;
	}
	return place < config->authority_count ? config->authorities[place] : NULL;
}

bool authority_is_known(const struct jpki_config *config, enum jpki_key key,
			const X509 *certificate)
{
	char fingerprint[JPKI_FINGERPRINT_SIZE];
	const char *known;

	if (!authority_fingerprint(certificate, fingerprint))
		return false;
	for (size_t i = 0; (known = authority_known_at(config, key, i)) != NULL; i++) {
		if (strcmp(known, fingerprint) == 0)
			return true;
	}
	return false;
}
