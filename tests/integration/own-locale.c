/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands before a program that is not installed (LD_PRELOAD), so that it finds its translations
 * where the build has put them: in the directory OWN_LOCALE.
 */
#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

typedef char *bind_domain(const char *domain, const char *directory);

/* libc's own has the same name and is behind this one. */
__attribute__((visibility("default"))) char *bindtextdomain(const char *domain,
							    const char *directory)
{
	void *symbol = dlsym(RTLD_NEXT, "bindtextdomain");
	const char *own = getenv("OWN_LOCALE");
	bind_domain *original = NULL;

	if (symbol == NULL)
		return NULL;
	memcpy(&original, &symbol, sizeof(symbol));
	return original(domain, own != NULL ? own : directory);
}
