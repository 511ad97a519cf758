/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "module_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11/general.h"

struct module_fixture module_fixture;
CK_FUNCTION_LIST *p11;

/* A test that hangs is a failed one. */
#define SECONDS_MAX 300

static struct jpki_transport *make_transport(void)
{
	static const char *const names[] = {MODULE_READER_A, MODULE_READER_B};

	if (module_fixture.names != NULL)
		module_fixture.readers =
			vcard_transport_new(module_fixture.names, module_fixture.name_count);
	else
		module_fixture.readers = vcard_transport_new(names, 2);
	if (module_fixture.readers == NULL)
		return NULL;
	if (module_fixture.card.card != NULL)
		vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	for (size_t i = 0; module_fixture.unplugged && i < 2; i++)
		vcard_transport_plug(module_fixture.readers, i, false);
	return vcard_transport_base(module_fixture.readers);
}

int module_prepare(void **state)
{
	(void)state;
	alarm(SECONDS_MAX);
	/* The configuration and the record of whoever runs the tests are not theirs. */
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	setenv("XDG_CACHE_HOME", "/dev/null", 1);
	/* Nor what was refused to others; see module_share_refused. */
	setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
	memset(&module_fixture, 0, sizeof(module_fixture));
	unit_card_open(&module_fixture.card, "mynumber", NULL);
	jpki_module_make_transport = make_transport;
	assert_rv(C_GetFunctionList(&p11), CKR_OK);
	return 0;
}

static char runtime[PATH_MAX];

void module_share_refused(void)
{
	unit_directory_make(runtime);
	setenv("XDG_RUNTIME_DIR", runtime, 1);
}

void module_forget_refused(void)
{
	char ours[PATH_MAX];

	unit_path(ours, runtime, "jpki-pkcs11");
	unit_directory_remove(ours);
}

void module_share_end(void)
{
	module_forget_refused();
	unit_directory_remove(runtime);
	setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
}

int module_set_up(void **state)
{
	module_prepare(state);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	return 0;
}

int module_tear_down(void **state)
{
	(void)state;
	p11->C_Finalize(NULL);
	unit_card_close(&module_fixture.card);
	unit_card_close(&module_fixture.second);
	return 0;
}

void module_exchange_card(const char *name)
{
	vcard_transport_remove(module_fixture.readers, 0);
	unit_card_close(&module_fixture.card);
	unit_card_open(&module_fixture.card, name, NULL);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
}

void module_assert_rv(CK_RV got, CK_RV wanted, const char *expression, const char *file, int line)
{
	if (got == wanted)
		return;
	print_error("%s is 0x%lx instead of 0x%lx\n", expression, got, wanted);
	_fail(file, line);
}

CK_SESSION_HANDLE module_open(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE session = 0;

	assert_rv(p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
	assert_true(session != 0);
	return session;
}

CK_RV module_login(CK_SESSION_HANDLE session, const char *pin)
{
	CK_UTF8CHAR copy[64];
	size_t length = strlen(pin);

	assert_true(length <= sizeof(copy));
	memcpy(copy, pin, length);
	return p11->C_Login(session, CKU_USER, copy, (CK_ULONG)length);
}

CK_SESSION_HANDLE module_open_user(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE session = module_open(slot);

	assert_rv(module_login(session, slot % 2 == 0 ? VCARD_AUTH_PIN : VCARD_SIGN_PIN), CKR_OK);
	return session;
}

CK_OBJECT_HANDLE module_find(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class)
{
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_TOKEN_USER;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_OBJECT_HANDLE objects[2] = {0};
	CK_ULONG count = 0;

	assert_rv(p11->C_FindObjectsInit(session, template, class == CKO_CERTIFICATE ? 2 : 1),
		  CKR_OK);
	assert_rv(p11->C_FindObjects(session, objects, 2, &count), CKR_OK);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	assert_int_equal(count, 1);
	return objects[0];
}

void module_assert_exchanges(unsigned int count)
{
	assert_int_equal(vcard_transport_exchanges(module_fixture.readers), count);
}

const struct jpki_function_list_3_0 *module_newest(void)
{
	CK_INTERFACE *interface = NULL;

	assert_rv(C_GetInterface(NULL, NULL, &interface, 0), CKR_OK);
	return interface->pFunctionList;
}

CK_SESSION_HANDLE module_open_read_write(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE session = 0;

	assert_rv(
		p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session),
		CKR_OK);
	return session;
}
