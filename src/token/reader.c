/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reader: follows which card is in a reader, insertion by insertion. */
#include "token/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token/application.h"
#include "token/availability.h"
#include "token/known.h"
#include "token/link.h"
#include "token/tries.h"

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
	jpki_snapshot_init(&reader->snapshot);
	for (int key = 0; key < JPKI_PIN_COUNT; key++)
		jpki_visit_init(&reader->tokens[key].visit);
	return reader;
}

void jpki_reader_free(struct jpki_reader *reader)
{
	if (reader == NULL)
		return;
	jpki_reader_forget_card(reader);
	jpki_snapshot_destroy(&reader->snapshot);
	for (int key = 0; key < JPKI_PIN_COUNT; key++)
		jpki_visit_destroy(&reader->tokens[key].visit);
	pthread_mutex_destroy(&reader->lock);
	pthread_mutex_destroy(&reader->observation_lock);
	free(reader);
}

void jpki_reader_abandon(struct jpki_reader *reader)
{
	atomic_store(&reader->abandoned, true);
	for (int key = 0; key < JPKI_PIN_COUNT; key++)
		atomic_store(&reader->tokens[key].logged_in, false);
	atomic_store(&reader->untidy, true);
	/* Whoever holds the lock wipes the rest when it releases it. */
	if (pthread_mutex_trylock(&reader->lock) != 0)
		return;
	for (int key = 0; key < JPKI_PIN_COUNT; key++)
		jpki_reader_drop_login(reader, (enum jpki_key)key);
	jpki_known_publish(reader);
	pthread_mutex_unlock(&reader->lock);
}

void jpki_reader_close_abandoned(struct jpki_reader *reader)
{
	jpki_reader_tidy_if_idle(reader);
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
	atomic_store(&reader->mute, present && state->mute);
	pthread_mutex_unlock(&reader->observation_lock);

	jpki_reader_tidy_if_idle(reader);
}

/* With the card recognised: return whether there is something to ask of it at this depth. */
static bool is_unknown(const struct jpki_reader *reader, enum jpki_reader_depth depth)
{
	bool unknown = !reader->availability_is_known;

	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		unknown = unknown || !jpki_reader_knows_token(reader, (enum jpki_key)key);
	return unknown && depth == JPKI_READER_TOKENS;
}

/* In a transaction: ask what is not known. An answer that tells nothing is no reason to give up. */
static enum jpki_error ask(struct jpki_reader *reader)
{
	enum jpki_error error = JPKI_OK;

	for (int key = 0; key < JPKI_KEY_COUNT && !jpki_error_broke_link(error); key++) {
		if (!jpki_reader_knows_token(reader, (enum jpki_key)key))
			error = jpki_reader_ask_token(reader, (enum jpki_key)key);
	}
	if (!jpki_error_broke_link(error) && !reader->availability_is_known) {
		error = jpki_card_selected(reader->card) == JPKI_APPLICATION_JPKI
				? JPKI_OK
				: jpki_application_select(reader->card);
		if (error == JPKI_OK)
			error = jpki_reader_read_availability(reader);
	}
	return jpki_error_broke_link(error) ? error : JPKI_OK;
}

enum jpki_error jpki_reader_recognise(struct jpki_reader *reader, jpki_insertion insertion,
				      enum jpki_reader_depth depth, enum jpki_card_kind *kind,
				      char serial[JPKI_SERIAL_SIZE])
{
	enum jpki_error error = jpki_reader_lock(reader, insertion);

	serial[0] = '\0';
	if (error != JPKI_OK)
		return error;
	if (!reader->foreign && (!reader->recognised || is_unknown(reader, depth))) {
		error = jpki_reader_begin(reader);
		if (error == JPKI_OK) {
			if (is_unknown(reader, depth))
				error = ask(reader);
			jpki_reader_end(reader, error, false);
		}
	}
	if (error == JPKI_E_FOREIGN)
		error = JPKI_OK;
	*kind = reader->kind;
	if (error == JPKI_OK && reader->recognised)
		memcpy(serial, reader->serial, sizeof(reader->serial));
	jpki_reader_unlock(reader);
	return error;
}
