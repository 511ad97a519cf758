/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* secret: allocates memory for PINs, and wipes it. */
#include "base/secret.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/log.h"

/* What is allocated, for jpki_secret_wipe_all. More than a process has of them: the command has one
 * for each PIN that is typed and for each login. */
#define LIVE_MAX 64

static struct {
	void *_Atomic memory;
	atomic_size_t length;
} live[LIVE_MAX];

static void enter(void *memory, size_t length)
{
	for (size_t i = 0; i < LIVE_MAX; i++) {
		void *empty = NULL;

		if (atomic_compare_exchange_strong(&live[i].memory, &empty, memory)) {
			atomic_store(&live[i].length, length);
			return;
		}
	}
}

static void leave(const void *memory)
{
	for (size_t i = 0; i < LIVE_MAX; i++) {
		if (atomic_load(&live[i].memory) == memory) {
			atomic_store(&live[i].length, 0);
			atomic_store(&live[i].memory, NULL);
			return;
		}
	}
}

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
	enter(memory, length);
	return memory;
}

void jpki_secret_free(void *memory, size_t length)
{
	if (memory == NULL)
		return;
	leave(memory);
	explicit_bzero(memory, length);
	munmap(memory, length);
}

void jpki_secret_wipe_all(void)
{
	for (size_t i = 0; i < LIVE_MAX; i++) {
		void *memory = atomic_load(&live[i].memory);

		if (memory != NULL)
			explicit_bzero(memory, atomic_load(&live[i].length));
	}
}
