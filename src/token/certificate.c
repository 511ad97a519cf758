/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: reads each certificate of a token once. */
#include "token/certificate.h"

#include "token/application.h"
#include "token/kept.h"
#include "token/known.h"
#include "token/link.h"

static struct jpki_certificate_slot *slot_of(const struct jpki_token_ref *ref,
					     enum jpki_certificate_kind kind)
{
	struct jpki_token *token = jpki_token_of(ref);

	return kind == JPKI_CERTIFICATE_OWN ? &token->own : &token->ca;
}

/* Check that the holder's key is of the generation's kind; otherwise the certificate is not of this
 * card. The authority's key may be of any kind. */
static enum jpki_error check_key(const struct jpki_token_ref *ref, struct jpki_token *token)
{
	const struct jpki_certificate *own = token->own.certificate;

	if (own == NULL || own->key->kind == jpki_token_row(ref)->key_kind)
		return JPKI_OK;
	jpki_reader_forget_certificate(&token->own);
	return JPKI_E_BAD_DER;
}

/* Return which file of the card holds the certificate. */
static uint16_t file_of(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind)
{
	const struct jpki_key_row *row = jpki_token_row(ref);

	return kind == JPKI_CERTIFICATE_OWN ? row->certificate_file : row->ca_certificate_file;
}

/* Never a certificate that needs the PIN, as that for signing does: it tells name and address. */
static bool may_keep(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind)
{
	enum jpki_keep keep = ref->reader->config->keep;

	if (kind == JPKI_CERTIFICATE_CA)
		return keep != JPKI_KEEP_NONE;
	return keep == JPKI_KEEP_AUTH && ref->key == JPKI_KEY_AUTH &&
	       !jpki_reader_certificate_is_private(ref->reader, ref->key);
}

/* Neither the signing certificate nor one of the PIN that has none: no file is looked for. */
static bool is_never_kept(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind)
{
	return kind == JPKI_CERTIFICATE_OWN && ref->key != JPKI_KEY_AUTH;
}

/* Return whether a certificate may be compared with the card's, or kept for that. Its middle will
 * not be compared: that of an authority, which others trust, must be shown to be right by its
 * signature; that of the holder is, by the first signature of the card. */
static bool is_comparable(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind,
			  const struct jpki_certificate *certificate)
{
	if (kind == JPKI_CERTIFICATE_CA)
		return jpki_certificate_is_self_signed(certificate);
	return certificate->key->kind == jpki_token_row(ref)->key_kind;
}

static struct jpki_kept kept_of(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind)
{
	return (struct jpki_kept){.place = &ref->reader->config->kept_place,
				  .serial = ref->reader->serial,
				  .file = file_of(ref, kind)};
}

void jpki_token_recall_certificate(const struct jpki_token_ref *ref,
				   enum jpki_certificate_kind kind, struct jpki_recall *recall)
{
	struct jpki_kept kept = kept_of(ref, kind);
	struct jpki_buffer der = {0};

	*recall = (struct jpki_recall){0};
	if (slot_of(ref, kind)->certificate != NULL || is_never_kept(ref, kind))
		return;
	if (!may_keep(ref, kind)) {
		jpki_kept_remove(&kept);
		return;
	}
	jpki_kept_read(&kept, &der);
	/* What is no certificate, or none that will do, counts as not kept. */
	if (der.length > 0)
		(void)jpki_certificate_parse(der.data, der.length, &recall->kept);
	jpki_buffer_free(&der);
	if (recall->kept != NULL && !is_comparable(ref, kind, recall->kept)) {
		jpki_certificate_release(recall->kept);
		recall->kept = NULL;
	}
}

enum jpki_error jpki_token_read_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind,
					    struct jpki_recall *recall)
{
	const struct jpki_bytes *known = recall->kept != NULL ? &recall->kept->der : NULL;
	struct jpki_certificate_slot *slot = slot_of(ref, kind);
	struct jpki_card *card = ref->reader->card;
	struct jpki_buffer der = {0};
	bool same = false;
	enum jpki_error error = jpki_card_choose_file(card, file_of(ref, kind));

	if (error == JPKI_OK)
		error = jpki_card_read_sequence_unless(card, known, &same, &der);
	if (error == JPKI_OK && same)
		slot->certificate = jpki_certificate_hold(recall->kept);
	else if (error == JPKI_OK)
		error = jpki_certificate_parse(der.data, der.length, &slot->certificate);
	if (error == JPKI_OK)
		error = check_key(ref, jpki_token_of(ref));
	if (error == JPKI_E_NOT_FOUND)
		slot->absent = true;
	recall->is_new = error == JPKI_OK && !same && may_keep(ref, kind);
	jpki_buffer_free(&der);
	return error;
}

void jpki_token_keep_certificate(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind,
				 struct jpki_recall *recall)
{
	const struct jpki_certificate *certificate = slot_of(ref, kind)->certificate;
	struct jpki_kept kept;

	/* The card may have been forgotten meanwhile, and its certificates with it. */
	if (recall->is_new && certificate != NULL && is_comparable(ref, kind, certificate)) {
		kept = kept_of(ref, kind);
		jpki_kept_write(&kept, &certificate->der);
	}
	jpki_certificate_release(recall->kept);
	*recall = (struct jpki_recall){0};
}

void jpki_token_discard_certificate(const struct jpki_token_ref *ref)
{
	struct jpki_kept kept = kept_of(ref, JPKI_CERTIFICATE_OWN);

	if (jpki_reader_certificate_is_private(ref->reader, ref->key))
		return;
	jpki_reader_forget_certificate(&jpki_token_of(ref)->own);
	if (may_keep(ref, JPKI_CERTIFICATE_OWN))
		jpki_kept_remove(&kept);
}

/* Read a certificate that needs no PIN, in a transaction of its own. Requires the lock held. */
static enum jpki_error read_public_certificate(const struct jpki_token_ref *ref,
					       enum jpki_certificate_kind kind)
{
	struct jpki_certificate_slot *slot = slot_of(ref, kind);
	struct jpki_reader *reader = ref->reader;
	struct jpki_recall recall;
	enum jpki_error error;

	jpki_token_recall_certificate(ref, kind, &recall);
	error = jpki_reader_begin(reader);
	if (error != JPKI_OK) {
		jpki_token_keep_certificate(ref, kind, &recall);
		return error;
	}
	error = jpki_application_select(reader->card);
	if (error == JPKI_OK)
		error = jpki_token_read_certificate(ref, kind, &recall);
	jpki_reader_end(reader, error, false);
	jpki_token_keep_certificate(ref, kind, &recall);
	/* This card hides what others show. The holder's certificate can still be read at a login;
	 * the authority's is treated as missing. */
	if (error == JPKI_E_NOT_ALLOWED) {
		if (slot == &jpki_token_of(ref)->own)
			jpki_token_of(ref)->certificate_is_hidden = true;
		else
			slot->absent = true;
		error = JPKI_E_NOT_FOUND;
	}
	return error;
}

enum jpki_error jpki_token_need_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind)
{
	const struct jpki_certificate_slot *slot = slot_of(ref, kind);
	bool own = kind == JPKI_CERTIFICATE_OWN;
	bool private = own && jpki_reader_certificate_is_private(ref->reader, ref->key);

	if (private && !jpki_token_has_login(ref))
		return JPKI_E_LOGIN_REQUIRED;
	if (slot->absent)
		return JPKI_E_NOT_FOUND;
	if (slot->certificate != NULL)
		return JPKI_OK;
	/* The login would have read it. */
	if (private)
		return JPKI_E_NOT_FOUND;
	return read_public_certificate(ref, kind);
}

enum jpki_error jpki_token_certificate(const struct jpki_token_ref *ref,
				       enum jpki_certificate_kind kind,
				       struct jpki_certificate **certificate)
{
	enum jpki_error error;

	if (jpki_known_certificate(ref, kind, certificate, &error))
		return error;
	error = jpki_reader_lock(ref->reader, ref->insertion);
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK)
		error = jpki_token_need_certificate(ref, kind);
	if (error == JPKI_OK)
		*certificate = jpki_certificate_hold(slot_of(ref, kind)->certificate);
	jpki_reader_unlock(ref->reader);
	return error;
}
