/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin: keeps what is known of one PIN, and decides whether the card may be sent it. */
#include "token/pin.h"

#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/secret.h"
#include "crypto/hash.h"

/* More than any PIN has tries; the oldest value is forgotten first. */
#define REFUSED_MAX 16
#define MAC_LENGTH  32

struct known_pin {
	struct jpki_pin pin;
	uint8_t mac[MAC_LENGTH]; /* of pin */
};

struct jpki_pin_store {
	struct {
		struct known_pin now;
		struct known_pin aside;  /* while another one is offered */
		struct jpki_pin new_pin; /* while a PIN is changed */
	} held;
	uint8_t key[MAC_LENGTH];
	enum jpki_pin_state state;
	unsigned int tries; /* valid if the state says that they are known */
	bool was_counted;   /* tries is what was last known, whatever the state says */
	unsigned int full;  /* the tries when none is spent */
	bool full_is_confirmed;
	uint8_t refused[REFUSED_MAX][MAC_LENGTH];
	size_t refused_count; /* in total; the newest is at (refused_count - 1) % REFUSED_MAX */
	unsigned int refused_tries; /* left by the newest refusal; valid if there is one */
	bool unsent;                /* the PIN held was offered and not sent yet */
	bool in_doubt;              /* a PIN was sent and no answer has come */
	unsigned int doubt_tries;
	uint8_t doubt_mac[MAC_LENGTH];
};

/* Not inlined, because gcc 12 would take the first member for the whole and warn of an overflow. */
static __attribute__((noinline)) void wipe(struct known_pin *known)
{
	explicit_bzero(known, sizeof(*known));
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

/* Make the digest of the PIN held. Without one a repetition would go unnoticed, so after an error
 * the PIN must not be held. */
static enum jpki_error make_digest(struct jpki_pin_store *store)
{
	struct known_pin *now = &store->held.now;

	return jpki_hmac_sha256(store->key, now->pin.value, now->pin.length, now->mac);
}

enum jpki_error jpki_pin_store_offer(struct jpki_pin_store *store, const struct jpki_pin_rule *rule,
				     const uint8_t *typed, size_t length)
{
	enum jpki_error error;

	store->held.aside = store->held.now;
	store->unsent = true;
	error = jpki_pin_normalise(rule, typed, length, &store->held.now.pin);
	if (error == JPKI_OK)
		error = make_digest(store);
	if (error != JPKI_OK)
		wipe(&store->held.now);
	return error;
}

bool jpki_pin_store_put_back(struct jpki_pin_store *store)
{
	if (!store->unsent)
		return false;
	store->held.now = store->held.aside;
	wipe(&store->held.aside);
	store->unsent = false;
	return true;
}

bool jpki_pin_store_offers_held(const struct jpki_pin_store *store)
{
	return store->unsent && store->held.aside.pin.length != 0 &&
	       memcmp(store->held.now.mac, store->held.aside.mac, MAC_LENGTH) == 0;
}

enum jpki_error jpki_pin_store_offer_new(struct jpki_pin_store *store,
					 const struct jpki_pin_rule *rule, const uint8_t *typed,
					 size_t length)
{
	return jpki_pin_normalise_new(rule, typed, length, &store->held.new_pin);
}

void jpki_pin_store_forget_new(struct jpki_pin_store *store)
{
	explicit_bzero(&store->held.new_pin, sizeof(store->held.new_pin));
}

const struct jpki_pin *jpki_pin_store_new_pin(const struct jpki_pin_store *store)
{
	return &store->held.new_pin;
}

enum jpki_error jpki_pin_store_swap(struct jpki_pin_store *store)
{
	/* Swap through the digest's place, which is secret memory too and is filled again below. */
	_Static_assert(sizeof(store->held.now.mac) >= sizeof(store->held.now.pin),
		       "no room to swap in");
	enum jpki_error error;

	memcpy(store->held.now.mac, &store->held.now.pin, sizeof(store->held.now.pin));
	store->held.now.pin = store->held.new_pin;
	memcpy(&store->held.new_pin, store->held.now.mac, sizeof(store->held.new_pin));
	error = make_digest(store);
	if (error != JPKI_OK)
		jpki_pin_store_drop(store);
	return error;
}

const struct jpki_pin *jpki_pin_store_pin(const struct jpki_pin_store *store)
{
	return store->held.now.pin.length != 0 ? &store->held.now.pin : NULL;
}

static bool is_refused(const struct jpki_pin_store *store, const uint8_t mac[MAC_LENGTH])
{
	size_t count = store->refused_count < REFUSED_MAX ? store->refused_count : REFUSED_MAX;
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found = found || memcmp(store->refused[i], mac, MAC_LENGTH) == 0;
	return found;
}

static void remember_refused(struct jpki_pin_store *store, const uint8_t mac[MAC_LENGTH],
			     unsigned int tries)
{
	if (!is_refused(store, mac))
		memcpy(store->refused[store->refused_count++ % REFUSED_MAX], mac, MAC_LENGTH);
	store->refused_tries = tries;
}

bool jpki_pin_store_was_refused(const struct jpki_pin_store *store)
{
	return store->held.now.pin.length != 0 && is_refused(store, store->held.now.mac);
}

enum jpki_pin_state jpki_pin_store_state(const struct jpki_pin_store *store)
{
	return store->state;
}

int jpki_pin_store_tries(const struct jpki_pin_store *store)
{
	bool known = store->state >= JPKI_PIN_COUNTED;

	return known ? (int)store->tries : -1;
}

enum jpki_error jpki_pin_store_may_send(const struct jpki_pin_store *store,
					unsigned int tries_wanted)
{
	if (store->held.now.pin.length == 0)
		return JPKI_E_INTERNAL;
	if (tries_wanted == JPKI_TRIES_ALL)
		tries_wanted = store->full;
	switch (store->state) {
	case JPKI_PIN_COUNTED:
	case JPKI_PIN_FINAL_TRY:
		if (store->tries < tries_wanted)
			return JPKI_E_PIN_FINAL_TRY;
		break;
	case JPKI_PIN_LOCKED:
		return JPKI_E_PIN_LOCKED;
	case JPKI_PIN_NOT_SET:
		return JPKI_E_PIN_NOT_SET;
	case JPKI_PIN_UNKNOWN:
	case JPKI_PIN_UNTOLD:
	case JPKI_PIN_REFUSED: /* the tries were not read since */
	case JPKI_PIN_VERIFIED:
	case JPKI_PIN_STATE_COUNT:
		return JPKI_E_INTERNAL;
	}
	return jpki_pin_store_was_refused(store) ? JPKI_E_PIN_REPEATED : JPKI_OK;
}

static void set_tries(struct jpki_pin_store *store, unsigned int tries,
		      enum jpki_pin_state state_of_many)
{
	store->tries = tries;
	store->was_counted = true;
	if (tries == 0)
		store->state = JPKI_PIN_LOCKED;
	else
		store->state = tries == 1 ? JPKI_PIN_FINAL_TRY : state_of_many;
}

/* Wipe the digest of a PIN whose outcome is now known, because it helps to guess the PIN. */
static void end_doubt(struct jpki_pin_store *store)
{
	explicit_bzero(store->doubt_mac, sizeof(store->doubt_mac));
	store->in_doubt = false;
}

bool jpki_pin_store_counted(struct jpki_pin_store *store, unsigned int tries)
{
	bool refused = store->in_doubt && tries < store->doubt_tries;

	/* The last reading may be older than the refusal, or missing because the link broke. */
	if (store->refused_count > 0 && tries > store->refused_tries)
		jpki_pin_store_forget_refused(store);
	if (!store->in_doubt && jpki_pin_store_tries(store) >= 0 && tries > store->tries)
		jpki_pin_store_forget_refused(store);
	if (refused)
		remember_refused(store, store->doubt_mac, tries);
	end_doubt(store);
	set_tries(store, tries, JPKI_PIN_COUNTED);
	return refused;
}

bool jpki_pin_store_is_surprised(const struct jpki_pin_store *store, unsigned int tries)
{
	/* A PIN that is in doubt may have spent a try, or have given all back. */
	if (store->in_doubt)
		return tries != store->doubt_tries && tries + 1 != store->doubt_tries &&
		       tries != store->full;
	return store->was_counted ? tries != store->tries : tries > store->full;
}

void jpki_pin_store_expect_full(struct jpki_pin_store *store, unsigned int tries)
{
	store->full = tries;
}

void jpki_pin_store_confirm_full(struct jpki_pin_store *store, unsigned int tries)
{
	store->full = tries;
	store->tries = tries;
	store->full_is_confirmed = true;
}

unsigned int jpki_pin_store_full(const struct jpki_pin_store *store)
{
	int tries = jpki_pin_store_tries(store);

	return tries > (int)store->full ? (unsigned int)tries : store->full;
}

bool jpki_pin_store_full_is_confirmed(const struct jpki_pin_store *store)
{
	return store->full_is_confirmed;
}

void jpki_pin_store_untold(struct jpki_pin_store *store)
{
	store->state = JPKI_PIN_UNTOLD;
}

void jpki_pin_store_not_set(struct jpki_pin_store *store)
{
	store->state = JPKI_PIN_NOT_SET;
}

void jpki_pin_store_link_broke(struct jpki_pin_store *store)
{
	store->state = JPKI_PIN_UNKNOWN;
}

void jpki_pin_store_sent(struct jpki_pin_store *store)
{
	store->in_doubt = true;
	store->doubt_tries = store->tries;
	memcpy(store->doubt_mac, store->held.now.mac, MAC_LENGTH);
	store->state = JPKI_PIN_UNKNOWN;
	wipe(&store->held.aside);
	store->unsent = false;
}

void jpki_pin_store_forget_refused(struct jpki_pin_store *store)
{
	explicit_bzero(store->refused, sizeof(store->refused));
	store->refused_count = 0;
}

void jpki_pin_store_accepted(struct jpki_pin_store *store)
{
	end_doubt(store);
	jpki_pin_store_forget_refused(store);
	store->tries = store->full;
	store->was_counted = true;
	store->state = JPKI_PIN_VERIFIED;
}

void jpki_pin_store_refused(struct jpki_pin_store *store, unsigned int tries)
{
	end_doubt(store);
	remember_refused(store, store->held.now.mac, tries);
	set_tries(store, tries, JPKI_PIN_REFUSED);
}

void jpki_pin_store_left(struct jpki_pin_store *store)
{
	if (store->state == JPKI_PIN_VERIFIED)
		set_tries(store, store->tries, JPKI_PIN_COUNTED);
}

void jpki_pin_store_drop(struct jpki_pin_store *store)
{
	wipe(&store->held.now);
	wipe(&store->held.aside);
	store->unsent = false;
	jpki_pin_store_forget_new(store);
}
