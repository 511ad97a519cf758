/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* slot: does the work of the C_ functions of PKCS#11 2.40 §5.5, for slots and tokens. */
#include "pkcs11/slot.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/mechanism.h"
#include "pkcs11/module.h"
#include "pkcs11/product.h"
#include "pkcs11/rv.h"
#include "pkcs11/text.h"

/* The time between two looks for pcscd while it does not run, as there is nothing to wait on. */
#define SERVICE_POLL_MS 500
/* The longest wait without a look: a reader that is plugged in may not wake it. */
#define WAIT_SLICE_MS 2000
/* At most this many waits in a row end without an event before they are slowed down; otherwise a
 * reader that reports changes all the time would keep the processor busy. */
#define IDLE_WAKES_MAX 10

/* Which PIN a slot is about, for a person whose program shows nothing but the slot. In every locale
 * the same, because some programs choose a slot by its description. */
static const char *const pin_words[JPKI_KEY_COUNT] = {
	[JPKI_KEY_AUTH] = "利用者証明用4桁 (PIN 4 digits)",
	[JPKI_KEY_SIGN] = "署名用パスワード (signing password)",
};

void jpki_slots_refresh(struct jpki_module *module, struct jpki_reader_list *seen)
{
	struct jpki_readers *readers = &module->slots.readers;
	struct jpki_reader_list *list = &module->look;
	enum jpki_error error;
	size_t count;

	pthread_mutex_lock(&module->poll_lock);
	error = readers->transport->ops->list(readers->transport, list);
	/* No pcscd means no cards. Any other failure says nothing about them. */
	if (error != JPKI_OK)
		list->count = 0;
	if (error != JPKI_OK && error != JPKI_E_NO_SERVICE && error != JPKI_E_SERVICE_VERSION &&
	    error != JPKI_E_NO_ACCESS)
		goto out;
	pthread_mutex_lock(&module->lock);
	jpki_readers_place(readers, list);
	/* Without memory there is none until the next look. */
	(void)jpki_readers_reserve(readers);
	count = readers->count;
	pthread_mutex_unlock(&module->lock);
	/* The poll lock keeps the table from growing in the meantime. */
	jpki_readers_observe(readers, count, list);
	pthread_mutex_lock(&module->lock);
	jpki_session_table_end_private(&module->sessions);
	pthread_mutex_unlock(&module->lock);
out:
	if (seen != NULL)
		*seen = *list;
	pthread_mutex_unlock(&module->poll_lock);
}

void jpki_slots_first_look(struct jpki_module *module)
{
	jpki_slots_refresh(module, NULL);
	pthread_mutex_lock(&module->lock);
	jpki_slot_table_forget_events(&module->slots);
	pthread_mutex_unlock(&module->lock);
}

CK_RV jpki_slot_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token)
{
	CK_RV rv;

	pthread_mutex_lock(&module->lock);
	rv = jpki_slot_table_token(&module->slots, slot, token);
	pthread_mutex_unlock(&module->lock);
	return rv;
}

CK_RV jpki_slot_look(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token,
		     struct jpki_token_info *info)
{
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, token);
	return rv != CKR_OK ? rv : jpki_rv(jpki_token_get_pin_info(token, info));
}

CK_RV jpki_slot_list(struct jpki_module *module, CK_BBOOL token_present, CK_SLOT_ID *list,
		     CK_ULONG *count)
{
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	pthread_mutex_lock(&module->lock);
	rv = jpki_slot_table_list(&module->slots, token_present, list, count);
	pthread_mutex_unlock(&module->lock);
	return rv;
}

/* Return the end of the last whole UTF-8 character within the first length bytes of the text. */
static size_t whole_before(const char *text, size_t length)
{
	while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80)
		length--;
	return length;
}

/* Return the start of the first whole character at or after this place. */
static size_t whole_after(const char *text, size_t place)
{
	while (((unsigned char)text[place] & 0xC0U) == 0x80)
		place++;
	return place;
}

/*
 * Write a description that no other slot has. A reader name that is too long loses its middle,
 * because readers of one model differ at the end.
 */
static void describe(CK_SLOT_INFO *info, const char *reader_name, enum jpki_key key)
{
	const char *name = reader_name[0] != '\0' ? reader_name : "no reader yet";
	char description[JPKI_READER_NAME_MAX + sizeof(info->slotDescription)];
	size_t room = sizeof(info->slotDescription) - strlen(pin_words[key]) - 1;
	size_t length = strlen(name);

	if (length > room) {
		int head = (int)whole_before(name, room / 2);
		size_t tail = whole_after(name, length - (room - room / 2 - 3));

		snprintf(description, sizeof(description), "%s %.*s...%s", pin_words[key], head,
			 name, name + tail);
	} else {
		snprintf(description, sizeof(description), "%s %s", pin_words[key], name);
	}
	jpki_fill_text(info->slotDescription, sizeof(info->slotDescription), description);
}

CK_RV jpki_slot_info(struct jpki_module *module, CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
	struct jpki_token_ref token;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, &token);
	if (rv != CKR_OK)
		return rv;
	memset(info, 0, sizeof(*info));
	pthread_mutex_lock(&module->lock);
	describe(info, jpki_reader_name(token.reader), token.key);
	pthread_mutex_unlock(&module->lock);
	jpki_fill_text(info->manufacturerID, sizeof(info->manufacturerID), "jpki-pkcs11");
	info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
	if (jpki_token_may_be_present(&token))
		info->flags |= CKF_TOKEN_PRESENT;
	return CKR_OK;
}

static CK_FLAGS pin_flags(const struct jpki_token_info *token)
{
	CK_FLAGS flags = token->pin_is_set ? CKF_USER_PIN_INITIALIZED : 0;

	if (token->tries == 0)
		flags |= CKF_USER_PIN_LOCKED;
	if (token->tries == 1)
		flags |= CKF_USER_PIN_FINAL_TRY;
	if (token->tries > 0 && (unsigned int)token->tries < token->tries_full)
		flags |= CKF_USER_PIN_COUNT_LOW;
	return flags;
}

CK_RV jpki_slot_token_info(struct jpki_module *module, CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	struct jpki_token_ref ref;
	struct jpki_token_info token;
	CK_RV rv = jpki_slot_look(module, slot, &ref, &token);

	if (rv != CKR_OK)
		return rv;
	memset(info, 0, sizeof(*info));
	pthread_mutex_lock(&module->lock);
	info->ulSessionCount = jpki_session_table_count(&module->sessions, &ref, false);
	info->ulRwSessionCount = jpki_session_table_count(&module->sessions, &ref, true);
	pthread_mutex_unlock(&module->lock);
	info->ulMaxSessionCount = JPKI_SESSIONS_MAX;
	info->ulMaxRwSessionCount = JPKI_SESSIONS_MAX;
	jpki_fill_text(info->label, sizeof(info->label), token.label);
	jpki_fill_text(info->manufacturerID, sizeof(info->manufacturerID), "J-LIS");
	jpki_fill_text(info->model, sizeof(info->model), token.model);
	jpki_fill_text(info->serialNumber, sizeof(info->serialNumber), token.serial);
	info->flags = CKF_RNG | CKF_WRITE_PROTECTED | CKF_LOGIN_REQUIRED | CKF_TOKEN_INITIALIZED |
		      pin_flags(&token);
	info->ulMaxPinLen = token.pin_rule->max_length;
	info->ulMinPinLen = token.pin_rule->min_length;
	info->ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
	info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
	info->ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION;
	info->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
	jpki_fill_text(info->utcTime, sizeof(info->utcTime), "");
	return CKR_OK;
}

CK_RV jpki_slot_write(struct jpki_module *module, CK_SLOT_ID slot)
{
	struct jpki_token_ref token;
	struct jpki_token_info info;
	CK_RV rv = jpki_slot_look(module, slot, &token, &info);

	return rv == CKR_OK ? CKR_TOKEN_WRITE_PROTECTED : rv;
}

CK_RV jpki_slot_mechanisms(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE *list,
			   CK_ULONG *count)
{
	CK_MECHANISM_TYPE found[JPKI_MECHANISM_MAX];
	struct jpki_token_ref token;
	struct jpki_token_info info;
	CK_ULONG room = list != NULL ? *count : 0;
	size_t found_count = 0;
	CK_RV rv = jpki_slot_look(module, slot, &token, &info);

	if (rv == CKR_OK)
		rv = jpki_mechanism_types(&token, 0, found, &found_count);
	if (rv != CKR_OK)
		return rv;
	*count = (CK_ULONG)found_count;
	if (list == NULL)
		return CKR_OK;
	if (room < found_count)
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, found, found_count * sizeof(*list));
	return CKR_OK;
}

CK_RV jpki_slot_mechanism_info(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
			       CK_MECHANISM_INFO *info)
{
	struct jpki_token_ref token;
	struct jpki_token_info token_info;
	const struct jpki_mechanism *row;
	CK_RV rv = jpki_slot_look(module, slot, &token, &token_info);

	if (rv == CKR_OK)
		rv = jpki_mechanism_row(&token, type, 0, &row);
	if (rv != CKR_OK)
		return rv;
	*info = (CK_MECHANISM_INFO){.flags = row->flags};
	if ((row->flags & CKF_SIGN) != 0) {
		info->ulMinKeySize = token_info.key_bits_min;
		info->ulMaxKeySize = token_info.key_bits_max;
	}
	return CKR_OK;
}

/* Wait for a while, but not once C_Finalize has begun. */
static void wait_for_service(struct jpki_module *module)
{
	pthread_mutex_lock(&module->lock);
	if (module->state == JPKI_MODULE_RUNNING)
		jpki_module_wait_locked(module, SERVICE_POLL_MS);
	pthread_mutex_unlock(&module->lock);
}

/* Wait for an event, comparing with what is seen; *seen is this call's own. */
static CK_RV wait_for_event(struct jpki_module *module, CK_FLAGS flags,
			    struct jpki_reader_list *seen, CK_SLOT_ID *slot)
{
	struct jpki_transport *transport = module->slots.readers.transport;
	unsigned int idle_wakes = 0;
	enum jpki_error error;
	bool stopping;
	bool found;

	for (;;) {
		/* The wait below compares with this very look, so that no event is lost. */
		jpki_slots_refresh(module, seen);
		pthread_mutex_lock(&module->lock);
		found = jpki_slot_table_take_event(&module->slots, slot);
		stopping = module->state != JPKI_MODULE_RUNNING;
		pthread_mutex_unlock(&module->lock);
		if (stopping)
			return CKR_CRYPTOKI_NOT_INITIALIZED;
		if (found)
			return CKR_OK;
		if ((flags & CKF_DONT_BLOCK) != 0)
			return CKR_NO_EVENT;
		error = transport->ops->wait(transport, seen, WAIT_SLICE_MS);
		if (error == JPKI_E_CANCELLED)
			return CKR_CRYPTOKI_NOT_INITIALIZED;
		idle_wakes = error == JPKI_OK ? idle_wakes + 1 : 0;
		if ((error != JPKI_OK && error != JPKI_E_TIMEOUT) || idle_wakes > IDLE_WAKES_MAX)
			wait_for_service(module);
	}
}

CK_RV jpki_slot_wait(struct jpki_module *module, CK_FLAGS flags, CK_SLOT_ID *slot)
{
	/* Too large for the stack of a small thread. */
	struct jpki_reader_list *seen = malloc(sizeof(*seen));
	CK_RV rv = CKR_HOST_MEMORY;

	if (seen != NULL)
		rv = wait_for_event(module, flags, seen, slot);
	free(seen);
	return rv;
}
