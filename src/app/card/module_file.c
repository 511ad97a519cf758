/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module_file: chooses which of the installed modules to use a key with. */
#include "app/card/module_file.h"

#include "app/card/patient.h"
#include "card/transport.h"

/* Return whether several readers have a card. */
static bool are_several(void)
{
	struct jpki_transport *transport = patient_pcsc_new();
	struct jpki_reader_list list;
	size_t count = 0;

	if (transport == NULL)
		return false;
	if (transport->ops->list(transport, &list) == JPKI_OK) {
		for (size_t i = 0; i < list.count; i++)
			count += list.readers[i].card_present;
	}
	transport->ops->destroy(transport);
	return count > 1;
}

const char *module_file(enum jpki_key key)
{
	static const char *const of_key[JPKI_KEY_COUNT] = {
		[JPKI_KEY_AUTH] = MODULE_DIR "/jpki-pkcs11-auth.so",
		[JPKI_KEY_SIGN] = MODULE_DIR "/jpki-pkcs11-sign.so",
	};

	return are_several() ? MODULE_DIR "/jpki-pkcs11.so" : of_key[key];
}
