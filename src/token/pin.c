/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "token/pin.h"

#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/secret.h"
#include "crypto/hash.h"

/* More than any PIN has tries; the oldest value is forgotten first. */
#define REFUSED_MAX 16
#define MAC_LENGTH  32

struct jpki_pin_store {
	struct {
		struct jpki_pin pin;
		uint8_t mac[MAC_LENGTH]; /* of pin */
		struct jpki_pin new_pin; /* while a PIN is changed */
	} held;
	uint8_t key[MAC_LENGTH];
	uint8_t refused[REFUSED_MAX][MAC_LENGTH];
	size_t refused_count; /* ever; the newest is at (refused_count - 1) % REFUSED_MAX */
	bool in_doubt;        /* a PIN went out and no answer has come */
	unsigned int doubt_tries;
	uint8_t doubt_mac[MAC_LENGTH];
};

/* The byte to send for a byte typed, or 0 when the alphabet has none. */
static uint8_t fold(enum jpki_pin_alphabet alphabet, uint8_t typed)
{
	if (typed >= '0' && typed <= '9')
		return typed;
	if (alphabet == JPKI_PIN_DIGITS)
		return 0;
	if (typed >= 'a' && typed <= 'z')
		return (uint8_t)(typed - 'a' + 'A');
	return typed >= 'A' && typed <= 'Z' ? typed : 0;
}

enum jpki_error jpki_pin_possible(const struct jpki_pin_rule *rule, const uint8_t *typed,
				  size_t length)
{
	if (length < rule->min_length || length > rule->max_length || length > JPKI_PIN_MAX)
		return JPKI_E_PIN_LENGTH;
	for (size_t i = 0; i < length; i++) {
		if (fold(rule->alphabet, typed[i]) == 0)
			return JPKI_E_PIN_ALPHABET;
	}
	return JPKI_OK;
}

enum jpki_error jpki_pin_normalise(const struct jpki_pin_rule *rule, const uint8_t *typed,
				   size_t length, struct jpki_pin *pin)
{
	enum jpki_error error = jpki_pin_possible(rule, typed, length);

	explicit_bzero(pin, sizeof(*pin));
	if (error != JPKI_OK)
		return error;
	for (size_t i = 0; i < length; i++)
		pin->value[i] = fold(rule->alphabet, typed[i]);
	pin->length = length;
	return JPKI_OK;
}

enum jpki_error jpki_pin_may_send(unsigned int tries, bool final_try_allowed)
{
	if (tries == 0)
		return JPKI_E_PIN_LOCKED;
	return tries == 1 && !final_try_allowed ? JPKI_E_PIN_FINAL_TRY : JPKI_OK;
}

struct jpki_pin_store *jpki_pin_store_new(void)
{
	struct jpki_pin_store *store = jpki_secret_alloc(sizeof(*store));

	/* The kernel's own random numbers: a program may call us when OpenSSL has shut down. */
	if (store != NULL &&
	    getrandom(store->key, sizeof(store->key), 0) != (ssize_t)sizeof(store->key)) {
		jpki_pin_store_free(store);
		store = NULL;
	}
	return store;
}

void jpki_pin_store_free(struct jpki_pin_store *store)
{
	jpki_secret_free(store, sizeof(*store));
}

/* Without the digest a repetition would go unnoticed: such a PIN is not held at all. */
static enum jpki_error digest_pin(struct jpki_pin_store *store)
{
	enum jpki_error error = jpki_hmac_sha256(store->key, store->held.pin.value,
						 store->held.pin.length, store->held.mac);

	if (error != JPKI_OK)
		jpki_pin_store_drop(store);
	return error;
}

enum jpki_error jpki_pin_store_offer(struct jpki_pin_store *store, const struct jpki_pin_rule *rule,
				     const uint8_t *typed, size_t length)
{
	enum jpki_error error = jpki_pin_normalise(rule, typed, length, &store->held.pin);

	return error == JPKI_OK ? digest_pin(store) : error;
}

/* Letters and digits both, where the rule wants them. */
static bool is_mixed(const struct jpki_pin *pin)
{
	bool letter = false;
	bool digit = false;

	for (size_t i = 0; i < pin->length; i++) {
		bool is_digit = pin->value[i] >= '0' && pin->value[i] <= '9';

		digit = digit || is_digit;
		letter = letter || !is_digit;
	}
	return letter && digit;
}

enum jpki_error jpki_pin_store_offer_new(struct jpki_pin_store *store,
					 const struct jpki_pin_rule *rule, const uint8_t *typed,
					 size_t length)
{
	enum jpki_error error = jpki_pin_normalise(rule, typed, length, &store->held.new_pin);

	if (error == JPKI_OK && rule->mixed && !is_mixed(&store->held.new_pin)) {
		jpki_pin_store_forget_new(store);
		error = JPKI_E_PIN_ALPHABET;
	}
	return error;
}

void jpki_pin_store_forget_new(struct jpki_pin_store *store)
{
	explicit_bzero(&store->held.new_pin, sizeof(store->held.new_pin));
}

const struct jpki_pin *jpki_pin_store_new_pin(const struct jpki_pin_store *store)
{
	return &store->held.new_pin;
}

enum jpki_error jpki_pin_store_changed(struct jpki_pin_store *store)
{
	store->held.pin = store->held.new_pin;
	jpki_pin_store_forget_new(store);
	return digest_pin(store);
}

const struct jpki_pin *jpki_pin_store_pin(const struct jpki_pin_store *store)
{
	return store->held.pin.length != 0 ? &store->held.pin : NULL;
}

static bool is_refused(const struct jpki_pin_store *store, const uint8_t mac[MAC_LENGTH])
{
	size_t count = store->refused_count < REFUSED_MAX ? store->refused_count : REFUSED_MAX;
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found = found || memcmp(store->refused[i], mac, MAC_LENGTH) == 0;
	return found;
}

static void remember_refused(struct jpki_pin_store *store, const uint8_t mac[MAC_LENGTH])
{
	if (!is_refused(store, mac))
		memcpy(store->refused[store->refused_count++ % REFUSED_MAX], mac, MAC_LENGTH);
}

bool jpki_pin_store_was_refused(const struct jpki_pin_store *store)
{
	return store->held.pin.length != 0 && is_refused(store, store->held.mac);
}

void jpki_pin_store_sent(struct jpki_pin_store *store, unsigned int tries)
{
	store->in_doubt = true;
	store->doubt_tries = tries;
	memcpy(store->doubt_mac, store->held.mac, MAC_LENGTH);
}

void jpki_pin_store_accepted(struct jpki_pin_store *store)
{
	store->in_doubt = false;
	explicit_bzero(store->refused, sizeof(store->refused));
	store->refused_count = 0;
}

void jpki_pin_store_refused(struct jpki_pin_store *store)
{
	store->in_doubt = false;
	remember_refused(store, store->held.mac);
}

void jpki_pin_store_settle(struct jpki_pin_store *store, unsigned int tries)
{
	if (store->in_doubt && tries < store->doubt_tries)
		remember_refused(store, store->doubt_mac);
	store->in_doubt = false;
}

/* Not inlined: gcc 12 then takes the first member for the whole and warns of an overflow. */
__attribute__((noinline)) void jpki_pin_store_drop(struct jpki_pin_store *store)
{
	explicit_bzero(&store->held, sizeof(store->held));
}
