/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known_authorities: compares CA certificates with the fingerprints that are known. */
#include "app/signature/known_authorities.h"

#include <openssl/evp.h>
#include <string.h>

/*
 * From public copies of the certificates. There may be others: J-LIS renews each CA every few
 * years, and all of its generations have the same name.
 */
static const struct {
	enum jpki_key key;
	const char *fingerprint;
} table[] = {
	/* valid from 2015-10-20 */
	{JPKI_KEY_SIGN, "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355"},
	{JPKI_KEY_AUTH, "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D"},
	/* valid from 2019-09-14 */
	{JPKI_KEY_SIGN, "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB"},
	{JPKI_KEY_AUTH, "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6"},
	/* valid from 2023-07-16 */
	{JPKI_KEY_SIGN, "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F"},
	{JPKI_KEY_AUTH, "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5"},
};

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
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].key == key && place-- == 0)
			return table[i].fingerprint;
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
