/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* room: makes room for other programs at a card. */
#include "token/room.h"

#include <time.h>

#include "base/log.h"
#include "token/clock.h"

/* Return the milliseconds of rest that are missing, if the last possession is to end. */
static int64_t missing_ms(const struct jpki_room *room)
{
	int64_t rested_ms = jpki_reader_now_ms() - room->left_ms;

	if (!room->taken || room->left_ms - room->since_ms < JPKI_ROOM_STAY_MS ||
	    rested_ms >= JPKI_ROOM_REST_MS)
		return 0;
	return JPKI_ROOM_REST_MS - rested_ms;
}

void jpki_room_wait(const struct jpki_room *room)
{
	int64_t missing = missing_ms(room);
	struct timespec time = {.tv_nsec = (long)missing * 1000000L};

	if (missing == 0)
		return;
	jpki_log(JPKI_LOG_INFO, "reader: other programs get their turn at the card");
	while (nanosleep(&time, &time) != 0)
		;
}

void jpki_room_entered(struct jpki_room *room)
{
	int64_t now_ms = jpki_reader_now_ms();

	/* To begin may have taken as long as another program's transaction: that was a pause. */
	if (!room->taken || now_ms - room->left_ms >= JPKI_ROOM_REST_MS)
		room->since_ms = now_ms;
	room->taken = true;
}

void jpki_room_left(struct jpki_room *room)
{
	room->left_ms = jpki_reader_now_ms();
}

bool jpki_room_is_used_up(const struct jpki_room *room)
{
	return jpki_reader_now_ms() - room->since_ms >= JPKI_ROOM_STAY_MS;
}
