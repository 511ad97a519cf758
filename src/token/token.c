/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* token: describes a token, and gets random numbers from its card. */
#include "token/application.h"
#include "token/availability.h"
#include "token/token.h"

#include <string.h>

#include "token/clock.h"
#include "token/known.h"
#include "token/link.h"
#include "token/tries.h"

/* Tries read longer ago than this are read again when a program begins a session, because others
 * may have spent some. */
#define TRIES_RECENT_S 5

bool jpki_token_may_be_present(const struct jpki_token_ref *ref)
{
	return jpki_insertion_has_card(ref->insertion) &&
	       !atomic_load(&jpki_token_of(ref)->missing);
}

/* Read the tries in a transaction of their own, in which the card is recognised if it was not. A
 * card that does not tell them is still usable, but one that other programs keep is not: the caller
 * must not wait for it again. */
static enum jpki_error ask_tries(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	bool recognised = reader->recognised;
	enum jpki_error error = jpki_reader_begin(reader);

	if (error == JPKI_E_BUSY || error == JPKI_E_CANCELLED || (error != JPKI_OK && !recognised))
		return error;
	if (error == JPKI_OK) {
		enum jpki_error left = JPKI_OK;

		if (jpki_token_of(ref)->exists)
			error = jpki_reader_ask_token(reader, ref->key);
		if (!jpki_error_broke_link(error))
			left = jpki_application_resume(reader, ref->key);
		jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, false);
	}
	return jpki_error_broke_link(error) || error == JPKI_E_NO_TOKEN ? error : JPKI_OK;
}

enum jpki_error jpki_token_renew_tries(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	struct jpki_token_info known;
	enum jpki_error error;

	if (!jpki_known_info(ref, false, &known, &error))
		error = jpki_reader_lock(reader, ref->insertion);
	else if (!jpki_reader_try_lock(reader, ref->insertion, &error))
		return error;
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK &&
	    jpki_reader_now_s() - jpki_token_of(ref)->tries_read_s > TRIES_RECENT_S)
		error = ask_tries(ref);
	jpki_reader_unlock(reader);
	return error;
}

/* With the lock held: make sure that the card is recognised, that it has this token, and that the
 * tries were asked for; all in one transaction if nothing was known. */
static enum jpki_error need_known(const struct jpki_token_ref *ref)
{
	bool is_key = ref->key != JPKI_PIN_TEXT;
	enum jpki_error error = JPKI_OK;

	/* The recognition makes no store for the text PIN. */
	if (!is_key || ref->reader->recognised)
		error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK &&
	    (!ref->reader->recognised || !jpki_reader_knows_token(ref->reader, ref->key)))
		error = ask_tries(ref);
	return error == JPKI_OK ? jpki_token_need_recognised(ref) : error;
}

static enum jpki_error get_info(const struct jpki_token_ref *ref, bool contents,
				struct jpki_token_info *info)
{
	enum jpki_error error;

	if (jpki_known_info(ref, contents, info, &error))
		return error;
	error = jpki_reader_lock(ref->reader, ref->insertion);
	memset(info, 0, sizeof(*info));
	if (error != JPKI_OK)
		return error;
	error = need_known(ref);
	if (error == JPKI_OK && contents)
		error = jpki_token_need_availability(ref);
	if (error == JPKI_OK)
		jpki_known_describe(ref, info);
	jpki_reader_unlock(ref->reader);
	return error;
}

enum jpki_error jpki_token_get_info(const struct jpki_token_ref *ref, struct jpki_token_info *info)
{
	return get_info(ref, true, info);
}

enum jpki_error jpki_token_get_pin_info(const struct jpki_token_ref *ref,
					struct jpki_token_info *info)
{
	return get_info(ref, false, info);
}

enum jpki_error jpki_token_random(const struct jpki_token_ref *ref, uint8_t *data, size_t length)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error;

	if (length > JPKI_TOKEN_RANDOM_MAX)
		return JPKI_E_ARGUMENT;
	error = jpki_reader_lock(reader, ref->insertion);
	if (error != JPKI_OK)
		return error;
	error = jpki_reader_begin(reader);
	if (error == JPKI_OK) {
		enum jpki_error left = JPKI_OK;

		error = jpki_card_challenge(reader->card, data, length);
		/* To compare the card's number, another application was selected. */
		if (!jpki_error_broke_link(error) &&
		    jpki_card_selected(reader->card) == JPKI_APPLICATION_OTHER)
			left = jpki_application_select(reader->card);
		jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, false);
	}
	jpki_reader_unlock(reader);
	return error;
}
