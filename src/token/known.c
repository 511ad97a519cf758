/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known: answers from what is known already, while another call may be using the card. */
#include "token/known.h"

#include <string.h>

#include "token/tries.h"

/* Fill in the key's size: the certificate's, once it is read. */
static void fill_key_bits(const struct jpki_token_ref *ref, struct jpki_token_info *info)
{
	const struct jpki_certificate *certificate = jpki_token_of(ref)->own.certificate;

	info->key_bits_min = jpki_token_row(ref)->key_bits_min;
	info->key_bits_max = jpki_token_row(ref)->key_bits_max;
	if (certificate != NULL) {
		info->key_bits_min = certificate->key->bits;
		info->key_bits_max = info->key_bits_min;
	}
}

void jpki_known_describe(const struct jpki_token_ref *ref, struct jpki_token_info *info)
{
	const struct jpki_token *token = jpki_token_of(ref);
	const struct jpki_key_row *row = jpki_token_row(ref);

	info->label = row->token_label;
	info->model = row->token_model;
	memcpy(info->serial, ref->reader->serial, sizeof(info->serial));
	info->pin_rule = &row->pin;
	info->logouts = token->logouts;
	info->tries = jpki_pin_store_tries(token->pin);
	info->tries_full = jpki_pin_store_full(token->pin);
	info->pin_is_set = jpki_pin_store_state(token->pin) != JPKI_PIN_NOT_SET;
	info->key_kind = row->key_kind;
	fill_key_bits(ref, info);
	info->has_key = !token->own.absent;
	info->has_ca = !token->ca.absent;
	info->certificate_is_private = jpki_reader_certificate_is_private(ref->reader, ref->key);
	info->always_authenticate = jpki_reader_always_authenticates(ref->reader, ref->key);
}

static struct jpki_certificate *hold(const struct jpki_certificate_slot *slot)
{
	return slot->certificate != NULL ? jpki_certificate_hold(slot->certificate) : NULL;
}

/* Find out which schemes the key has, as far as is known without asking the card. */
static void fill_schemes(const struct jpki_token_ref *ref, struct jpki_facts *facts)
{
	for (int id = 0; id < JPKI_SIGN_COUNT; id++) {
		const struct jpki_scheme *row =
			jpki_key_scheme(jpki_token_row(ref), (enum jpki_sign_scheme)id);
		enum jpki_scheme_state state = ref->reader->schemes[id];

		if (row == NULL || row->loss == NULL) {
			facts->scheme_known[id] = true;
		} else if (facts->contents_known) {
			facts->scheme_known[id] =
				!facts->info.has_key || state != JPKI_SCHEME_UNASKED;
			if (!facts->info.has_key || state != JPKI_SCHEME_OFFERED)
				row = NULL;
		}
		facts->schemes[id] = row;
	}
}

static void fill(const struct jpki_token_ref *ref, struct jpki_facts *facts)
{
	const struct jpki_reader *reader = ref->reader;
	const struct jpki_token *token = jpki_token_of(ref);

	facts->told = reader->recognised && jpki_reader_knows_token(reader, ref->key);
	facts->missing = facts->told && !token->exists;
	if (!facts->told || facts->missing)
		return;
	facts->contents_known = reader->availability_is_known || token->own.certificate != NULL;
	facts->logins = atomic_load(&token->logins);
	jpki_known_describe(ref, &facts->info);
	facts->certificates[JPKI_CERTIFICATE_OWN] = hold(&token->own);
	facts->certificates[JPKI_CERTIFICATE_CA] = hold(&token->ca);
	fill_schemes(ref, facts);
}

void jpki_known_publish(struct jpki_reader *reader)
{
	struct jpki_facts keys[JPKI_KEY_COUNT];

	memset(keys, 0, sizeof(keys));
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token_ref ref = {.reader = reader, .key = (enum jpki_key)key};

		fill(&ref, &keys[key]);
	}
	jpki_snapshot_replace(&reader->snapshot, reader->known_insertion, keys);
}

/* Get the facts of a token whose card is still there. Those of the text PIN are not published. */
static bool get(const struct jpki_token_ref *ref, struct jpki_facts *facts, enum jpki_error *error)
{
	struct jpki_reader *reader = ref->reader;

	if (ref->key >= JPKI_KEY_COUNT || !jpki_insertion_has_card(ref->insertion) ||
	    atomic_load(&reader->insertion) != ref->insertion ||
	    !jpki_snapshot_get(&reader->snapshot, ref->insertion, ref->key, facts))
		return false;
	*error = facts->missing ? JPKI_E_NO_TOKEN : JPKI_OK;
	return true;
}

bool jpki_known_info(const struct jpki_token_ref *ref, bool contents, struct jpki_token_info *info,
		     enum jpki_error *error)
{
	struct jpki_facts facts;
	bool known;

	if (!get(ref, &facts, error))
		return false;
	known = facts.missing || facts.contents_known || !contents;
	*info = facts.info;
	jpki_facts_release(&facts);
	return known;
}

/* Return whether the login lasts under which a private certificate was read. */
static bool is_of_this_login(const struct jpki_token_ref *ref, const struct jpki_facts *facts)
{
	return jpki_reader_has_login(ref->reader, ref->key) &&
	       atomic_load(&jpki_token_of(ref)->logins) == facts->logins;
}

bool jpki_known_certificate(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind,
			    struct jpki_certificate **certificate, enum jpki_error *error)
{
	bool own = kind == JPKI_CERTIFICATE_OWN;
	struct jpki_facts facts;
	bool known;

	*certificate = NULL;
	if (!get(ref, &facts, error))
		return false;
	known = facts.missing;
	if (!known &&
	    (!own || !facts.info.certificate_is_private || is_of_this_login(ref, &facts))) {
		*certificate = facts.certificates[kind];
		facts.certificates[kind] = NULL;
		known = *certificate != NULL;
	}
	jpki_facts_release(&facts);
	return known;
}

bool jpki_known_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
		       const struct jpki_scheme **scheme, enum jpki_error *error)
{
	struct jpki_facts facts;
	bool known;

	*scheme = NULL;
	if (!get(ref, &facts, error))
		return false;
	known = facts.missing || facts.scheme_known[id];
	if (known)
		*scheme = facts.schemes[id];
	jpki_facts_release(&facts);
	return known;
}
