/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* context: makes the one OpenSSL library context of a process. */
#include "crypto/context.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct context {
	pid_t pid; /* the process that owns it */
	OSSL_LIB_CTX *library;
};

static _Atomic(struct context *) current;

static struct context *new_context(pid_t pid)
{
	struct context *context = malloc(sizeof(*context));

	if (context == NULL)
		return NULL;
	context->pid = pid;
	context->library = OSSL_LIB_CTX_new();
	if (context->library == NULL) {
		free(context);
		return NULL;
	}
	return context;
}

OSSL_LIB_CTX *jpki_crypto_context(void)
{
	struct context *known = atomic_load(&current);
	pid_t pid = getpid();
	struct context *fresh;

	if (known != NULL && known->pid == pid)
		return known->library;
	fresh = new_context(pid);
	if (fresh == NULL)
		return NULL;
	if (atomic_compare_exchange_strong(&current, &known, fresh))
		return fresh->library;
	/* Another thread was faster. */
	OSSL_LIB_CTX_free(fresh->library);
	free(fresh);
	return known->library;
}
