/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* p11kit_modules: tells whether p11-kit gives our module to the programs that use it. */
#ifndef JPKI_APP_HOST_P11KIT_MODULES_H
#define JPKI_APP_HOST_P11KIT_MODULES_H

#include <stdbool.h>

struct p11kit_modules {
	bool failed; /* p11-kit could not load its modules */
	bool ours;   /* the module with both tokens is one of them */
};

/* Load p11-kit's modules as every program that uses it does, and release them. */
struct p11kit_modules p11kit_modules_look(void);

#endif
