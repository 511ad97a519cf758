/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "token/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "crypto/hash.h"

/* What the serial is a digest of begins with this, so that it is no digest of anything else. */
#define SERIAL_DOMAIN "jpki-pkcs11 token serial"
/* Without a login, and unused for so long, a link is closed: programs that want the card for
 * themselves must not find ours in their way. Opening it again costs three exchanges. */
#define LINK_IDLE_S 3

struct jpki_reader *jpki_reader_new(struct jpki_transport *transport,
				    const struct jpki_config *config)
{
	struct jpki_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->transport = transport;
	reader->config = config;
	pthread_mutex_init(&reader->observation_lock, NULL);
	pthread_mutex_init(&reader->lock, NULL);
	return reader;
}

void jpki_reader_set_name(struct jpki_reader *reader, const char *name)
{
	snprintf(reader->name, sizeof(reader->name), "%s", name);
}

const char *jpki_reader_name(const struct jpki_reader *reader)
{
	return reader->name;
}

jpki_insertion jpki_reader_insertion(const struct jpki_reader *reader)
{
	return atomic_load(&reader->insertion);
}

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

bool jpki_reader_certificate_is_private(const struct jpki_reader *reader, enum jpki_key key)
{
	return reader->generation != NULL && (reader->generation->keys[key].certificate_needs_pin ||
					      reader->tokens[key].certificate_is_hidden);
}

void jpki_reader_drop_login(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];

	atomic_store(&token->logged_in, false);
	if (token->pin != NULL)
		jpki_pin_store_drop(token->pin);
	if (jpki_reader_certificate_is_private(reader, key))
		jpki_reader_forget_certificate(&token->own);
}

int64_t jpki_reader_now_s(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec;
}

bool jpki_reader_login_expired(const struct jpki_reader *reader, enum jpki_key key)
{
	unsigned int limit = reader->config->pin_idle_seconds;

	return limit != 0 && jpki_reader_now_s() - atomic_load(&reader->tokens[key].last_used_s) >=
				     (int64_t)limit;
}

/* With the lock held: nothing is known of a card any more. */
static void forget_card(struct jpki_reader *reader)
{
	close_card(reader);
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token *token = &reader->tokens[key];

		jpki_reader_drop_login(reader, (enum jpki_key)key);
		jpki_pin_store_free(token->pin);
		token->pin = NULL;
		jpki_reader_forget_certificate(&token->own);
		jpki_reader_forget_certificate(&token->ca);
		token->own.absent = false;
		token->ca.absent = false;
		token->exists = false;
		token->certificate_is_hidden = false;
		token->login_is_fresh = false;
		atomic_store(&token->authentications, 0);
		atomic_store(&token->missing, false);
	}
	reader->recognised = false;
	reader->foreign = false;
	reader->pss = JPKI_PSS_UNASKED;
	reader->unclear = false;
	reader->generation = NULL;
	memset(reader->serial, 0, sizeof(reader->serial));
}

bool jpki_reader_always_authenticates(const struct jpki_reader *reader, enum jpki_key key)
{
	return key == JPKI_KEY_SIGN && reader->config->sign_always_authenticate;
}

/* Where each signature wants the PIN: whether none is left that the one held was given for. */
static bool pin_has_served(const struct jpki_reader *reader, enum jpki_key key)
{
	const struct jpki_token *token = &reader->tokens[key];

	return jpki_reader_always_authenticates(reader, key) && !token->login_is_fresh &&
	       atomic_load(&token->authentications) == 0;
}

/* With the lock held: lets go of what the card that is there now, or the time, has ended. */
static void tidy(struct jpki_reader *reader)
{
	jpki_insertion now = atomic_load(&reader->insertion);
	bool logged_in = false;

	if (reader->known_insertion != now) {
		forget_card(reader);
		reader->known_insertion = now;
	}
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token *token = &reader->tokens[key];

		if (token->pin == NULL)
			continue;
		if (pin_has_served(reader, (enum jpki_key)key))
			jpki_pin_store_drop(token->pin);
		if (atomic_load(&token->logged_in) &&
		    !jpki_reader_login_expired(reader, (enum jpki_key)key))
			logged_in = true;
		else
			jpki_reader_drop_login(reader, (enum jpki_key)key);
	}
	if (reader->card != NULL && !logged_in &&
	    jpki_reader_now_s() - reader->last_used_s > LINK_IDLE_S)
		close_card(reader);
}

void jpki_reader_free(struct jpki_reader *reader)
{
	if (reader == NULL)
		return;
	forget_card(reader);
	pthread_mutex_destroy(&reader->lock);
	pthread_mutex_destroy(&reader->observation_lock);
	free(reader);
}

void jpki_reader_observe(struct jpki_reader *reader, const struct jpki_reader_state *state)
{
	bool present = state != NULL && state->card_present;
	jpki_insertion insertion;

	pthread_mutex_lock(&reader->observation_lock);
	insertion = atomic_load(&reader->insertion);
	if (jpki_insertion_has_card(insertion) &&
	    (!present || state->events != reader->events || state->epoch != reader->epoch))
		insertion++;
	if (present && !jpki_insertion_has_card(insertion)) {
		insertion++;
		reader->events = state->events;
		reader->epoch = state->epoch;
	}
	atomic_store(&reader->insertion, insertion);
	pthread_mutex_unlock(&reader->observation_lock);

	/* When the lock is taken, its holder forgets the old card on giving it back. */
	if (pthread_mutex_trylock(&reader->lock) == 0)
		jpki_reader_unlock(reader);
}

/* The card of this insertion was found to have left before anybody looked. */
static void note_lost(struct jpki_reader *reader, jpki_insertion insertion)
{
	pthread_mutex_lock(&reader->observation_lock);
	if (atomic_load(&reader->insertion) == insertion && jpki_insertion_has_card(insertion))
		atomic_store(&reader->insertion, insertion + 1);
	pthread_mutex_unlock(&reader->observation_lock);
}

enum jpki_error jpki_reader_lock(struct jpki_reader *reader, jpki_insertion insertion)
{
	pthread_mutex_lock(&reader->lock);
	tidy(reader);
	if (reader->known_insertion == insertion && jpki_insertion_has_card(insertion))
		return JPKI_OK;
	jpki_reader_unlock(reader);
	return jpki_insertion_has_card(insertion) ? JPKI_E_REMOVED : JPKI_E_NO_CARD;
}

void jpki_reader_unlock(struct jpki_reader *reader)
{
	/* Again when the card leaves between the look and the unlocking: then nobody else was
	 * able to take the lock to forget it. */
	jpki_insertion known;

	do {
		tidy(reader);
		known = reader->known_insertion;
		pthread_mutex_unlock(&reader->lock);
	} while (atomic_load(&reader->insertion) != known &&
		 pthread_mutex_trylock(&reader->lock) == 0);
}

static void handle_broken_link(struct jpki_reader *reader, enum jpki_error error)
{
	if (!jpki_error_broke_link(error))
		return;
	close_card(reader);
	if (error != JPKI_E_RESET && error != JPKI_E_MUTE && error != JPKI_E_LINK)
		note_lost(reader, reader->known_insertion);
}

void jpki_reader_end(struct jpki_reader *reader, enum jpki_error error, bool power_off)
{
	if (power_off) {
		/* A phone has no other application, so it is the usual way there. */
		jpki_log(error == JPKI_OK ? JPKI_LOG_INFO : JPKI_LOG_WARNING,
			 "reader: the card's power is cut to lock it (%s)", jpki_error_name(error));
		jpki_card_power_off(reader->card);
		close_card(reader);
	} else {
		jpki_card_end(reader->card);
	}
	handle_broken_link(reader, error);
}

/* Of a card that has shown that it has the application. */
static enum jpki_error select_application_of_ours(struct jpki_card *card)
{
	enum jpki_error error = jpki_card_select_application(card);

	return error == JPKI_E_FOREIGN ? JPKI_E_PROTOCOL : error;
}

enum jpki_error jpki_reader_select_application(struct jpki_reader *reader)
{
	return select_application_of_ours(reader->card);
}

static enum jpki_error digest_serial(char source, const uint8_t *data, size_t length,
				     char serial[JPKI_SERIAL_SIZE])
{
	uint8_t digest[JPKI_HASH_SIZE_MAX];
	struct jpki_hash_state *state = jpki_hash_new(JPKI_HASH_SHA256);
	enum jpki_error error = JPKI_E_MEMORY;

	if (state == NULL)
		return error;
	error = jpki_hash_update(state, SERIAL_DOMAIN, sizeof(SERIAL_DOMAIN));
	if (error == JPKI_OK)
		error = jpki_hash_update(state, &source, 1);
	if (error == JPKI_OK)
		error = jpki_hash_update(state, data, length);
	if (error == JPKI_OK)
		error = jpki_hash_final(state, digest);
	for (size_t i = 0; error == JPKI_OK && i < (JPKI_SERIAL_SIZE - 1) / 2; i++)
		snprintf(serial + 2 * i, 3, "%02x", digest[i]);
	jpki_hash_free(state);
	return error;
}

/* Selects the application and reads the token information; *length is what came. */
static enum jpki_error read_information(struct jpki_card *card, uint8_t *information,
					size_t *length)
{
	enum jpki_error error = jpki_card_select_application(card);

	if (error == JPKI_OK)
		error = jpki_card_select_file(card, JPKI_FILE_TOKEN_INFORMATION);
	if (error == JPKI_OK)
		error = jpki_card_read(card, information, length);
	return error;
}

/* The authentication certificate, for cards without the common application. */
static enum jpki_error serial_of_certificate(struct jpki_card *card,
					     const struct jpki_generation *generation,
					     char serial[JPKI_SERIAL_SIZE])
{
	const struct jpki_key_row *row = &generation->keys[JPKI_KEY_AUTH];
	struct jpki_buffer der = {0};
	enum jpki_error error = JPKI_E_NOT_FOUND;

	if (row->exists && !row->certificate_needs_pin)
		error = select_application_of_ours(card);
	if (error == JPKI_OK)
		error = jpki_card_select_file(card, row->certificate_file);
	if (error == JPKI_OK)
		error = jpki_card_read_sequence(card, &der);
	if (error == JPKI_OK)
		error = digest_serial('A', der.data, der.length, serial);
	jpki_buffer_free(&der);
	return error;
}

/* The best that tells two cards apart and is the same at each insertion. */
static enum jpki_error read_identity(struct jpki_card *card,
				     const struct jpki_generation *generation,
				     char serial[JPKI_SERIAL_SIZE])
{
	char digits[JPKI_CARD_SERIAL_LENGTH];
	uint8_t information[JPKI_TOKEN_INFORMATION_SIZE];
	size_t length = sizeof(information);
	enum jpki_error error = jpki_card_read_serial(card, digits);

	if (error == JPKI_OK) {
		error = digest_serial('C', (const uint8_t *)digits, sizeof(digits), serial);
		explicit_bzero(digits, sizeof(digits));
		/* Programs that have selected it before, and rely on that, find it selected. */
		return error == JPKI_OK ? select_application_of_ours(card) : error;
	}
	/* Only a card that has none plainly is known by something else. */
	if (error != JPKI_E_NOT_FOUND)
		return error;
	error = serial_of_certificate(card, generation, serial);
	if (error == JPKI_OK || error == JPKI_E_PROTOCOL || jpki_error_broke_link(error) ||
	    jpki_error_is_local(error))
		return error;
	error = read_information(card, information, &length);
	if (error == JPKI_OK)
		error = digest_serial('T', information, length, serial);
	return error == JPKI_E_FOREIGN ? JPKI_E_PROTOCOL : error;
}

/* Finds the row for the card; JPKI_E_FOREIGN when there is none: it must not be sent a PIN. */
static enum jpki_error recognise_generation(struct jpki_reader *reader)
{
	uint8_t information[JPKI_TOKEN_INFORMATION_SIZE];
	size_t length = sizeof(information);
	enum jpki_error error = read_information(reader->card, information, &length);

	reader->kind = JPKI_CARD_FOREIGN;
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_END_OF_FILE || error == JPKI_E_NOT_ALLOWED)
		return JPKI_E_FOREIGN;
	if (error != JPKI_OK)
		return error;
	reader->generation = jpki_generation_by_label(
		information, length < JPKI_CARD_LABEL_LENGTH ? length : JPKI_CARD_LABEL_LENGTH);
	reader->kind = reader->generation != NULL ? reader->generation->kind : JPKI_CARD_UNKNOWN;
	if (reader->generation != NULL && jpki_generation_is_usable(reader->generation))
		return JPKI_OK;
	jpki_log(JPKI_LOG_WARNING, "reader: a %s: it is sent no PIN",
		 reader->generation != NULL ? reader->generation->name
					    : "JPKI card of a kind that is not known");
	return JPKI_E_FOREIGN;
}

/* Which certificates there are, as far as the card says; a card that does not say may have both. */
static enum jpki_error read_availability(struct jpki_reader *reader)
{
	uint8_t availability[JPKI_AVAILABILITY_SIZE];
	size_t length = sizeof(availability);
	enum jpki_error error = jpki_card_select_file(reader->card, JPKI_FILE_AVAILABILITY);

	if (error == JPKI_OK)
		error = jpki_card_read(reader->card, availability, &length);
	if (jpki_error_broke_link(error))
		return error;
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		reader->tokens[key].own.absent = false;
		reader->tokens[key].ca.absent = false;
	}
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++) {
		size_t offset = reader->generation->keys[key].availability_offset;

		reader->tokens[key].own.absent = offset < length && availability[offset] == 0;
		reader->tokens[key].ca.absent = reader->tokens[key].own.absent;
	}
	return JPKI_OK;
}

enum jpki_error jpki_reader_read_tries(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_pin_store *store = reader->tokens[key].pin;
	unsigned int tries = 0;
	enum jpki_error error =
		jpki_card_select_file(reader->card, reader->generation->keys[key].pin.file);

	if (error == JPKI_OK) {
		error = jpki_card_read_tries(reader->card, &tries);
		/* The file is there, but no reference data are in it; or they were a moment ago. */
		if (error == JPKI_E_NOT_FOUND)
			error = jpki_pin_store_tries(store) < 0 ? JPKI_E_PIN_NOT_SET
								: JPKI_E_PROTOCOL;
	}
	/* More than there can be is no count: nothing may be built on it. */
	if (error == JPKI_OK && tries > reader->generation->keys[key].pin.tries)
		error = JPKI_E_PROTOCOL;
	if (error == JPKI_OK && jpki_pin_store_counted(store, tries))
		jpki_reader_record(reader, key, true, JPKI_E_PIN_INCORRECT);
	else if (error == JPKI_OK)
		return error;
	else if (error == JPKI_E_PIN_NOT_SET)
		jpki_pin_store_not_set(store);
	else if (jpki_error_broke_link(error))
		jpki_pin_store_link_broke(store);
	else
		jpki_pin_store_untold(store);
	return error;
}

static enum jpki_error recognise_token(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];
	enum jpki_error error;

	if (!reader->generation->keys[key].exists)
		return JPKI_OK;
	if (token->pin == NULL)
		token->pin = jpki_pin_store_new();
	if (token->pin == NULL)
		return JPKI_E_MEMORY;
	error = jpki_reader_read_tries(reader, key);
	if (jpki_error_broke_link(error))
		return error;
	token->exists = error != JPKI_E_NOT_FOUND;
	return JPKI_OK;
}

static enum jpki_error recognise_card(struct jpki_reader *reader)
{
	enum jpki_error error = recognise_generation(reader);

	if (error == JPKI_OK)
		error = read_availability(reader);
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++)
		error = recognise_token(reader, (enum jpki_key)key);
	if (error == JPKI_OK)
		error = read_identity(reader->card, reader->generation, reader->serial);
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++)
		atomic_store(&reader->tokens[key].missing, !reader->tokens[key].exists);
	/* An answer that tells nothing is not held against the card, but for the second time. */
	if (error == JPKI_E_PROTOCOL && reader->generation == NULL) {
		error = reader->unclear ? JPKI_E_FOREIGN : error;
		reader->unclear = true;
	}
	reader->recognised = error == JPKI_OK;
	reader->foreign = error == JPKI_E_FOREIGN;
	if (error == JPKI_OK)
		jpki_log(JPKI_LOG_INFO, "reader: %s, serial %s", reader->generation->name,
			 reader->serial);
	return error;
}

/* A reader may miss that a card was exchanged: a PIN must not reach another card than its own. */
static enum jpki_error check_same_card(struct jpki_reader *reader)
{
	char serial[JPKI_SERIAL_SIZE] = "";
	enum jpki_error error = read_identity(reader->card, reader->generation, serial);

	if (error == JPKI_OK && strcmp(serial, reader->serial) != 0)
		error = JPKI_E_REMOVED;
	return error;
}

/* Opens the link and begins a transaction; none is open after an error. */
static enum jpki_error open_and_begin(struct jpki_reader *reader)
{
	bool was_reset = false;
	enum jpki_error error = JPKI_OK;

	if (reader->card == NULL) {
		reader->same_card = false;
		error = jpki_card_open(reader->transport, reader->name, &reader->card);
		/* A card that never said a word, upside down for instance: not asked again. */
		if (error == JPKI_E_MUTE && !reader->recognised) {
			reader->foreign = true;
			reader->kind = JPKI_CARD_MUTE;
			error = JPKI_E_FOREIGN;
		}
	}
	if (error == JPKI_OK)
		error = jpki_card_begin(reader->card, &was_reset);
	if (was_reset)
		reader->same_card = false;
	if (error != JPKI_OK)
		handle_broken_link(reader, error);
	return error;
}

enum jpki_error jpki_reader_begin(struct jpki_reader *reader)
{
	enum jpki_error error = JPKI_E_FOREIGN;

	if (reader->foreign)
		return error;
	error = open_and_begin(reader);
	if (error != JPKI_OK)
		return error;
	reader->last_used_s = jpki_reader_now_s();
	if (!reader->recognised)
		error = recognise_card(reader);
	else if (!reader->same_card)
		error = check_same_card(reader);
	/* A check that failed is repeated: no PIN goes out before one has succeeded. */
	reader->same_card = error == JPKI_OK;
	if (error != JPKI_OK)
		jpki_reader_end(reader, error, false);
	if (error == JPKI_E_FOREIGN)
		close_card(reader);
	return error;
}

enum jpki_error jpki_reader_recognise(struct jpki_reader *reader, jpki_insertion insertion,
				      enum jpki_card_kind *kind)
{
	enum jpki_error error = jpki_reader_lock(reader, insertion);

	if (error != JPKI_OK)
		return error;
	if (!reader->recognised && !reader->foreign) {
		error = jpki_reader_begin(reader);
		if (error == JPKI_OK)
			jpki_reader_end(reader, error, false);
	}
	if (error == JPKI_E_FOREIGN)
		error = JPKI_OK;
	*kind = reader->kind;
	jpki_reader_unlock(reader);
	return error;
}
