/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pem: refuses the password for PEM that somebody has encrypted. */
#include "app/signature/pem.h"

#include <stdbool.h>
#include <stddef.h>

int pem_no_password(char *password, int size, int writing, void *asked)
{
	(void)password;
	(void)size;
	(void)writing;
	if (asked != NULL)
		*(bool *)asked = true;
	return -1;
}
