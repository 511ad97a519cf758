/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* secret: allocates memory for PINs, and wipes it. */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>

#include "base/log.h"

void *jpki_secret_alloc(size_t length)
{
	void *memory =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (madvise(memory, length, MADV_DONTDUMP) != 0 ||
	    madvise(memory, length, MADV_WIPEONFORK) != 0) {
		jpki_log(JPKI_LOG_ERROR, "secret: the kernel cannot keep a PIN out of core files");
		munmap(memory, length);
		return NULL;
	}
	if (mlock(memory, length) != 0)
		jpki_log(JPKI_LOG_INFO, "secret: memory for a PIN could not be locked");
	return memory;
}

void jpki_secret_free(void *memory, size_t length)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, length);
	munmap(memory, length);
}
