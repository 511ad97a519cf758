/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot: keeps a copy of what is known of a card's tokens, which can be had while the card is in
 * use. */
#include "token/snapshot.h"

#include <string.h>

void jpki_snapshot_init(struct jpki_snapshot *snapshot)
{
	memset(snapshot, 0, sizeof(*snapshot));
	pthread_mutex_init(&snapshot->lock, NULL);
}

void jpki_snapshot_destroy(struct jpki_snapshot *snapshot)
{
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		jpki_facts_release(&snapshot->keys[key]);
	pthread_mutex_destroy(&snapshot->lock);
}

void jpki_snapshot_replace(struct jpki_snapshot *snapshot, jpki_insertion insertion,
			   const struct jpki_facts keys[JPKI_KEY_COUNT])
{
	struct jpki_facts before[JPKI_KEY_COUNT];

	pthread_mutex_lock(&snapshot->lock);
	memcpy(before, snapshot->keys, sizeof(before));
	memcpy(snapshot->keys, keys, sizeof(snapshot->keys));
	snapshot->insertion = insertion;
	pthread_mutex_unlock(&snapshot->lock);
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		jpki_facts_release(&before[key]);
}

bool jpki_snapshot_get(struct jpki_snapshot *snapshot, jpki_insertion insertion, enum jpki_key key,
		       struct jpki_facts *facts)
{
	bool told;

	pthread_mutex_lock(&snapshot->lock);
	told = snapshot->insertion == insertion && snapshot->keys[key].told;
	if (told) {
		*facts = snapshot->keys[key];
		for (int kind = 0; kind < JPKI_CERTIFICATE_COUNT; kind++) {
			if (facts->certificates[kind] != NULL)
				jpki_certificate_hold(facts->certificates[kind]);
		}
	}
	pthread_mutex_unlock(&snapshot->lock);
	return told;
}

void jpki_facts_release(struct jpki_facts *facts)
{
	for (int kind = 0; kind < JPKI_CERTIFICATE_COUNT; kind++) {
		jpki_certificate_release(facts->certificates[kind]);
		facts->certificates[kind] = NULL;
	}
}
