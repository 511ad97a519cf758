/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* visit: lets signatures that wait for the same login share one transaction. */
#include "token/visit.h"

#include <stddef.h>

void jpki_visit_init(struct jpki_visit *visit)
{
	pthread_mutex_init(&visit->lock, NULL);
	pthread_cond_init(&visit->changed, NULL);
}

void jpki_visit_destroy(struct jpki_visit *visit)
{
	pthread_cond_destroy(&visit->changed);
	pthread_mutex_destroy(&visit->lock);
}

/* With the lock held: take a visitor out of those that wait. */
static void take_out(struct jpki_visit *visit, const struct jpki_visitor *visitor)
{
	struct jpki_visitor **place = &visit->waiting;

	while (*place != visitor)
		place = &(*place)->next;
	*place = visitor->next;
}

bool jpki_visit_join(struct jpki_visit *visit, struct jpki_visitor *visitor)
{
	struct jpki_visitor **end = &visit->waiting;
	bool served;

	pthread_mutex_lock(&visit->lock);
	while (*end != NULL)
		end = &(*end)->next;
	visitor->next = NULL;
	*end = visitor;
	while (!visitor->served && (visit->led || visit->waiting != visitor))
		pthread_cond_wait(&visit->changed, &visit->lock);
	served = visitor->served;
	if (!served) {
		take_out(visit, visitor);
		visit->led = true;
	}
	pthread_mutex_unlock(&visit->lock);
	return served;
}

struct jpki_visitor *jpki_visit_next(struct jpki_visit *visit, const struct jpki_visitor *leader)
{
	struct jpki_visitor *next;

	pthread_mutex_lock(&visit->lock);
	next = visit->waiting;
	while (next != NULL &&
	       (next->insertion != leader->insertion || next->login != leader->login))
		next = next->next;
	pthread_mutex_unlock(&visit->lock);
	return next;
}

void jpki_visit_serve(struct jpki_visit *visit, struct jpki_visitor *visitor)
{
	pthread_mutex_lock(&visit->lock);
	take_out(visit, visitor);
	visitor->next = visit->served;
	visit->served = visitor;
	pthread_mutex_unlock(&visit->lock);
}

void jpki_visit_end(struct jpki_visit *visit)
{
	pthread_mutex_lock(&visit->lock);
	for (struct jpki_visitor *each = visit->served; each != NULL; each = each->next)
		each->served = true;
	visit->served = NULL;
	visit->led = false;
	pthread_cond_broadcast(&visit->changed);
	pthread_mutex_unlock(&visit->lock);
}
