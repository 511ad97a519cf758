/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_p11kit_modules: what p11-kit gives to programs is told, and let go of. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#define CRYPTOKI_GNU 1
#include <p11-kit/p11-kit.h>

#include "app/host/p11kit_modules.h"

/* A module as p11-kit would tell of it; one of these stands for its functions. */
struct module {
	const char *file;
	const char *name;
};

static const struct module *registered;
static size_t loads, releases;

/* These stand before p11-kit's own. */
CK_FUNCTION_LIST **p11_kit_modules_load(const char *reserved, int flags)
{
	size_t count = 0;
	CK_FUNCTION_LIST **list;

	assert_null(reserved);
	assert_int_equal(flags, 0);
	loads++;
	if (registered == NULL)
		return NULL;
	while (registered[count].file != NULL || registered[count].name != NULL)
		count++;
	list = calloc(count + 1, sizeof(list[0]));
	assert_non_null(list);
	for (size_t i = 0; i < count; i++)
		list[i] = (CK_FUNCTION_LIST *)(uintptr_t)&registered[i];
	return list;
}

void p11_kit_modules_release(CK_FUNCTION_LIST **modules)
{
	releases++;
	free(modules);
}

static char *copy(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

char *p11_kit_module_get_filename(CK_FUNCTION_LIST *module)
{
	return copy(((const struct module *)(const void *)module)->file);
}

static struct p11kit_modules look(const struct module *modules)
{
	struct p11kit_modules seen;

	registered = modules;
	loads = releases = 0;
	seen = p11kit_modules_look();
	assert_int_equal(loads, 1);
	assert_int_equal(releases, modules != NULL ? 1 : 0);
	return seen;
}

#define MODULES(...) ((const struct module[]){__VA_ARGS__, {0}})

static void test_ours(void **state)
{
	struct p11kit_modules seen = look(MODULES({"/usr/lib/p11-kit-trust.so", "p11-kit-trust"},
						  {"/usr/lib/pkcs11/jpki-pkcs11.so", "jpki"}));

	(void)state;
	assert_true(seen.ours);
	assert_false(seen.failed);
	/* Programs that use p11-kit get both tokens, or it is not what is meant. */
	seen = look(MODULES({"/usr/lib/pkcs11/jpki-pkcs11-auth.so", "jpki"},
			    {"/usr/lib/pkcs11/jpki-pkcs11-sign.so", "x"}));
	assert_false(seen.ours);
}

static void test_none(void **state)
{
	struct p11kit_modules seen = look(NULL);

	(void)state;
	assert_true(seen.failed);
	assert_false(seen.ours);
	seen = look(MODULES({NULL, "without-a-file"}));
	assert_false(seen.failed);
	assert_false(seen.ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
