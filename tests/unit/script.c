/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script.h"

#include <stdlib.h>
#include <string.h>

/* Longer than any script here. */
#define LINES_MAX 64

static struct vcard_line lines_played[LINES_MAX];

void stage_start(struct stage *stage, const char *name, const struct vcard_options *options)
{
	static const char *const names[] = {SCRIPT_READER};
	bool was_reset = false;

	memset(stage, 0, sizeof(*stage));
	stage->readers = vcard_transport_new(names, 1);
	assert_non_null(stage->readers);
	stage->transport = vcard_transport_base(stage->readers);
	if (name != NULL)
		unit_card_open(&stage->source, name, options);
	vcard_transport_insert(stage->readers, 0, stage->source.card);
	assert_error(jpki_card_open(stage->transport, SCRIPT_READER, &stage->card), JPKI_OK);
	assert_error(jpki_card_begin(stage->card, &was_reset), JPKI_OK);
	assert_false(was_reset);
}

void stage_stop(struct stage *stage)
{
	jpki_card_end(stage->card);
	jpki_card_close(stage->card);
	assert_int_equal(vcard_transport_links(stage->readers), 0);
	assert_int_equal(vcard_transport_violations(stage->readers), 0);
	stage->transport->ops->destroy(stage->transport);
	unit_card_close(&stage->source);
}

int stage_set_up(void **state)
{
	struct stage *stage = malloc(sizeof(*stage));

	assert_non_null(stage);
	stage_start(stage, NULL, NULL);
	*state = stage;
	return 0;
}

int stage_tear_down(void **state)
{
	struct stage *stage = *state;
	bool done = !stage->script.deviated && stage->script.next == stage->script.count;

	stage_stop(stage);
	free(stage);
	return done ? 0 : -1;
}

void stage_assert_done(struct stage *stage)
{
	if (stage->script.deviated)
		fail_msg("another command than \"%s\"",
			 stage->script.next < stage->script.count
				 ? stage->script.lines[stage->script.next].command
				 : "none");
	if (stage->script.next != stage->script.count)
		fail_msg("nobody sent \"%s\"", stage->script.lines[stage->script.next].command);
}

void stage_play(struct stage *stage, const struct vcard_line *lines, size_t count)
{
	stage_assert_done(stage);
	assert_true(count <= LINES_MAX);
	memcpy(lines_played, lines, count * sizeof(*lines));
	stage->script = (struct vcard_script){stage->readers, lines_played, count, 0, false};
	vcard_transport_set_hook(stage->readers, vcard_script_hook, &stage->script);
}
