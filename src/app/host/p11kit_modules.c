/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* p11kit_modules: loads p11-kit's modules, and looks for ours among them. */
#include "app/host/p11kit_modules.h"

#include <stddef.h>
#include <stdlib.h>
/*
 * Use p11-kit's own names of the types: modules are mere handles here, and the types of PKCS#11 are
 * not needed outside the module.
 */
#define CRYPTOKI_GNU 1
#include <p11-kit/p11-kit.h>

#include "app/host/browsers.h"

struct p11kit_modules p11kit_modules_look(void)
{
	struct p11kit_modules seen = {0};
	struct ck_function_list **modules;

	p11_kit_be_quiet();
	modules = p11_kit_modules_load(NULL, 0);
	seen.failed = modules == NULL;
	for (size_t i = 0; modules != NULL && modules[i] != NULL; i++) {
		char *file = p11_kit_module_get_filename(modules[i]);

		if (file != NULL && browser_product_of(file) == BROWSER_PRODUCT_FULL)
			seen.ours = true;
		free(file);
	}
	if (modules != NULL)
		p11_kit_modules_release(modules);
	return seen;
}
