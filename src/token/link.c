/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* link: locks a reader for work on one insertion, begins and ends transactions, and forgets what
 * has ended. */
#include "token/link.h"

#include <string.h>

#include "base/log.h"
#include "token/clock.h"
#include "token/known.h"
#include "token/recognise.h"
#include "token/room.h"

/*
 * A link rests between the calls that use the card, so that programs that want the card for
 * themselves can have it, and so that the reader can cut its power. While somebody is logged in, or
 * another program is using the card, it stays open until it was not used for longer than this: to
 * open it again costs three exchanges before a PIN, and may take as long as another program's
 * transaction.
 */
#define LINK_IDLE_S 3

/* After a card did not answer, to us or to pcscd, ask it again after the first number of seconds,
 * and then after twice as long each time, up to the second: a fault of the line may pass. */
#define MUTE_FIRST_S 2
#define MUTE_LAST_S  64

static void close_card(struct jpki_reader *reader)
{
	jpki_card_close(reader->card);
	reader->card = NULL;
}

void jpki_reader_forget_certificate(struct jpki_certificate_slot *slot)
{
	jpki_certificate_release(slot->certificate);
	slot->certificate = NULL;
}

void jpki_reader_drop_login(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];

	atomic_store(&token->logged_in, false);
	atomic_store(&token->suspended, false);
	if (token->pin != NULL)
		jpki_pin_store_drop(token->pin);
	if (jpki_reader_certificate_is_private(reader, key))
		jpki_reader_forget_certificate(&token->own);
}

void jpki_reader_forget_card(struct jpki_reader *reader)
{
	close_card(reader);
	for (int key = 0; key < JPKI_PIN_COUNT; key++) {
		struct jpki_token *token = &reader->tokens[key];

		jpki_reader_drop_login(reader, (enum jpki_key)key);
		jpki_pin_store_free(token->pin);
		token->pin = NULL;
		jpki_reader_forget_certificate(&token->own);
		jpki_reader_forget_certificate(&token->ca);
		token->own.absent = false;
		token->ca.absent = false;
		token->exists = false;
		token->asked = false;
		token->certificate_is_hidden = false;
		token->login_is_fresh = false;
		atomic_store(&token->authentications, 0);
		atomic_store(&token->missing, false);
	}
	reader->recognised = false;
	reader->availability_is_known = false;
	reader->foreign = false;
	for (int scheme = 0; scheme < JPKI_SIGN_COUNT; scheme++)
		reader->schemes[scheme] = JPKI_SCHEME_UNASKED;
	reader->unclear = false;
	reader->mute_until_s = 0;
	reader->mute_for_s = 0;
	reader->shown_mute = false;
	reader->generation = NULL;
	memset(reader->serial, 0, sizeof(reader->serial));
}

/* True if each signature requires the PIN, and no signature is pending for which the PIN held was
 * given. */
static bool pin_has_served(const struct jpki_reader *reader, enum jpki_key key)
{
	const struct jpki_token *token = &reader->tokens[key];

	return jpki_reader_always_authenticates(reader, key) && !token->login_is_fresh &&
	       atomic_load(&token->authentications) == 0;
}

/* Let go of the card, unless the next call is to find the link open. */
static void let_rest(struct jpki_reader *reader, bool logged_in)
{
	bool is_last = atomic_load(&reader->abandoned);
	bool is_idle = jpki_reader_now_s() - reader->last_used_s > LINK_IDLE_S;

	if (reader->card == NULL || ((logged_in || reader->kept_out) && !is_idle && !is_last))
		return;
	jpki_card_rest(reader->card);
	reader->proven = false;
	reader->kept_out = false;
}

/* With the lock held: forget what a removal has ended or what was idle for too long. Return whether
 * somebody is logged in. */
static bool tidy(struct jpki_reader *reader)
{
	jpki_insertion now = atomic_load(&reader->insertion);
	bool logged_in = false;

	atomic_store(&reader->untidy, false);
	if (reader->known_insertion != now) {
		jpki_reader_forget_card(reader);
		reader->known_insertion = now;
	}
	for (int key = 0; key < JPKI_PIN_COUNT; key++) {
		struct jpki_token *token = &reader->tokens[key];

		if (token->pin == NULL)
			continue;
		if (pin_has_served(reader, (enum jpki_key)key))
			jpki_pin_store_drop(token->pin);
		if (jpki_reader_has_login(reader, (enum jpki_key)key))
			logged_in = true;
		else
			jpki_reader_drop_login(reader, (enum jpki_key)key);
	}
	return logged_in;
}

/* Note that the card of this insertion has left, which no observation has shown yet. */
static void note_lost(struct jpki_reader *reader, jpki_insertion insertion)
{
	pthread_mutex_lock(&reader->observation_lock);
	if (atomic_load(&reader->insertion) == insertion && jpki_insertion_has_card(insertion))
		atomic_store(&reader->insertion, insertion + 1);
	pthread_mutex_unlock(&reader->observation_lock);
}

/* With the lock just taken: keep it for work on this insertion, or release it. */
static enum jpki_error enter(struct jpki_reader *reader, jpki_insertion insertion)
{
	tidy(reader);
	if (reader->known_insertion == insertion && jpki_insertion_has_card(insertion))
		return JPKI_OK;
	jpki_reader_unlock(reader);
	return jpki_insertion_has_card(insertion) ? JPKI_E_REMOVED : JPKI_E_NO_CARD;
}

enum jpki_error jpki_reader_lock(struct jpki_reader *reader, jpki_insertion insertion)
{
	pthread_mutex_lock(&reader->lock);
	return enter(reader, insertion);
}

bool jpki_reader_try_lock(struct jpki_reader *reader, jpki_insertion insertion,
			  enum jpki_error *error)
{
	if (pthread_mutex_trylock(&reader->lock) != 0)
		return false;
	*error = enter(reader, insertion);
	return true;
}

void jpki_reader_unlock(struct jpki_reader *reader)
{
	/* Repeat if the card leaves or a login ends between tidying and unlocking, because until
	 * then nobody else could take the lock to forget it. */
	jpki_insertion known;

	do {
		let_rest(reader, tidy(reader));
		known = reader->known_insertion;
		jpki_known_publish(reader);
		pthread_mutex_unlock(&reader->lock);
	} while ((atomic_load(&reader->insertion) != known || atomic_load(&reader->untidy)) &&
		 pthread_mutex_trylock(&reader->lock) == 0);
}

void jpki_reader_tidy_if_idle(struct jpki_reader *reader)
{
	if (pthread_mutex_trylock(&reader->lock) == 0)
		jpki_reader_unlock(reader);
}

static void handle_broken_link(struct jpki_reader *reader, enum jpki_error error)
{
	if (!jpki_error_broke_link(error))
		return;
	close_card(reader);
	if (error != JPKI_E_RESET && error != JPKI_E_MUTE && error != JPKI_E_LINK)
		note_lost(reader, reader->known_insertion);
}

static void note_mute(struct jpki_reader *reader)
{
	int64_t next = reader->mute_for_s == 0 ? MUTE_FIRST_S : 2 * reader->mute_for_s;

	reader->mute_for_s = next < MUTE_LAST_S ? next : MUTE_LAST_S;
	reader->mute_until_s = jpki_reader_now_s() + reader->mute_for_s;
	reader->kind = JPKI_CARD_MUTE;
}

/*
 * Return whether a card is left alone because it does not answer: it may be upside down, and to
 * power it anew takes seconds. If the reader shows this, pcscd has tried already. It shows it until
 * somebody gets an answer, even if the fault has passed, so it counts as one attempt only.
 */
static bool is_mute(struct jpki_reader *reader)
{
	bool shown = atomic_load(&reader->mute);

	if (reader->recognised)
		return false;
	if (shown && !reader->shown_mute)
		note_mute(reader);
	else if (!shown && reader->shown_mute)
		reader->mute_until_s = 0;
	reader->shown_mute = shown;
	if (jpki_reader_now_s() >= reader->mute_until_s)
		return false;
	reader->kind = JPKI_CARD_MUTE;
	return true;
}

/* Open the link and begin a transaction. After an error none is open. */
static enum jpki_error open_and_begin(struct jpki_reader *reader)
{
	bool was_reset = false;
	enum jpki_error error = JPKI_OK;

	if (reader->card == NULL) {
		reader->same_card = false;
		reader->proven = false;
		error = jpki_card_open(reader->transport, reader->name, &reader->card);
		if (error == JPKI_E_MUTE && !reader->recognised) {
			note_mute(reader);
			error = JPKI_E_FOREIGN;
		}
	}
	if (error == JPKI_OK)
		error = jpki_card_begin(reader->card, &was_reset);
	if (was_reset)
		reader->same_card = false;
	reader->kept_out = error == JPKI_E_BUSY;
	reader->last_used_s = jpki_reader_now_s();
	if (error == JPKI_OK)
		jpki_room_entered(&reader->room);
	else
		handle_broken_link(reader, error);
	return error;
}

/* A reset, or a rest that was not short, may hide another card. What was not proven since the link
 * was opened does not do for a PIN: it may rest on the reader's word. */
static bool must_compare(const struct jpki_reader *reader, bool for_pin)
{
	return !reader->same_card || (for_pin && !reader->proven);
}

enum jpki_error jpki_reader_begin_unknown(struct jpki_reader *reader)
{
	enum jpki_error error = JPKI_E_FOREIGN;

	if (reader->foreign || is_mute(reader))
		return error;
	jpki_room_wait(&reader->room);
	error = open_and_begin(reader);
	if (error == JPKI_OK && atomic_load(&reader->abandoned)) {
		jpki_reader_end(reader, JPKI_OK, false);
		error = JPKI_E_CANCELLED;
	}
	return error;
}

static enum jpki_error begin(struct jpki_reader *reader, bool for_pin)
{
	enum jpki_error error = jpki_reader_begin_unknown(reader);

	if (error != JPKI_OK)
		return error;
	if (reader->recognised && !must_compare(reader, for_pin))
		return JPKI_OK;
	error = reader->recognised ? jpki_reader_check_same_card(reader)
				   : jpki_reader_recognise_card(reader);
	/* A failed check is repeated next time: no PIN is sent before one has succeeded. */
	reader->same_card = error == JPKI_OK;
	reader->proven = error == JPKI_OK;
	if (error != JPKI_OK)
		jpki_reader_end(reader, error, false);
	if (error == JPKI_E_FOREIGN)
		close_card(reader);
	return error;
}

enum jpki_error jpki_reader_begin(struct jpki_reader *reader)
{
	return begin(reader, false);
}

enum jpki_error jpki_reader_begin_for_pin(struct jpki_reader *reader)
{
	return begin(reader, true);
}

void jpki_reader_end(struct jpki_reader *reader, enum jpki_error error, bool power_off)
{
	if (power_off) {
		/* This is the usual way on a phone, which has no other application to select. */
		jpki_log(error == JPKI_OK ? JPKI_LOG_INFO : JPKI_LOG_WARNING,
			 "reader: the card's power is cut to lock it (%s)", jpki_error_name(error));
		jpki_card_power_off(reader->card);
		close_card(reader);
	} else {
		jpki_card_end(reader->card);
	}
	jpki_room_left(&reader->room);
	handle_broken_link(reader, error);
}

/* Make ready for the text PIN, whose tries are not read with the others: most programs have no use
 * for it. Whether this card has the text application shows when it is selected. */
static enum jpki_error prepare_text_pin(struct jpki_reader *reader)
{
	struct jpki_token *token = &reader->tokens[JPKI_PIN_TEXT];
	const struct jpki_key_row *row = &reader->generation->keys[JPKI_PIN_TEXT];

	if (token->pin != NULL || !row->exists)
		return JPKI_OK;
	token->pin = jpki_pin_store_new();
	if (token->pin == NULL)
		return JPKI_E_MEMORY;
	jpki_pin_store_expect_full(token->pin, row->pin.tries);
	token->own.absent = true;
	token->ca.absent = true;
	token->exists = true;
	return JPKI_OK;
}

enum jpki_error jpki_token_need_recognised(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = JPKI_OK;

	if (!reader->recognised) {
		error = jpki_reader_begin(reader);
		if (error == JPKI_OK)
			jpki_reader_end(reader, error, false);
	}
	if (error == JPKI_OK && ref->key == JPKI_PIN_TEXT)
		error = prepare_text_pin(reader);
	if (error == JPKI_OK && !jpki_token_of(ref)->exists)
		error = JPKI_E_NO_TOKEN;
	return error;
}

bool jpki_token_has_login(const struct jpki_token_ref *ref)
{
	return atomic_load(&jpki_token_of(ref)->logged_in) && jpki_token_of(ref)->pin != NULL;
}
