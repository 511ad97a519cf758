/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A card whose answers are written down beforehand. */
#ifndef UNIT_SCRIPT_H
#define UNIT_SCRIPT_H

#include "card/card.h"
#include "unit.h"

#define SCRIPT_READER "Scripted reader"

struct stage {
	struct vcard_transport *readers;
	struct jpki_transport *transport;
	struct vcard_script script;
	struct unit_card source; /* the virtual card, where there is one instead of a script */
	struct jpki_card *card;
};

/* cmocka's setup and teardown: a card that is silent, opened, a transaction begun. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

/* The same over a virtual card with these options. */
void stage_start(struct stage *stage, const char *name, const struct vcard_options *options);
void stage_stop(struct stage *stage);

/* What is to be said from here on; an unfinished script before it is a failure. */
void stage_play(struct stage *stage, const struct vcard_line *lines, size_t count);
#define PLAY(stage, ...)                                                                           \
	stage_play(stage, (const struct vcard_line[]){__VA_ARGS__},                                \
		   sizeof((const struct vcard_line[]){__VA_ARGS__}) / sizeof(struct vcard_line))

/* All of the script was said, and nothing else. */
void stage_assert_done(struct stage *stage);

#endif
