/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation_list: lists the card generations that the installed modules and programs know. */
#include "card/generation_list.h"

const struct jpki_generation *const jpki_generations[] = {
	&jpki_generation_my_number,
	&jpki_generation_juki,
	&jpki_generation_android,
	&jpki_generation_iphone,
	NULL,
};
