/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pkcs11/slot.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "pkcs11/module.h"
#include "pkcs11/product.h"
#include "pkcs11/rv.h"

/* While pcscd does not run there is nothing to wait on: it is looked for so often. */
#define SERVICE_POLL_MS 500
/* A reader that is plugged in may not wake a wait: somebody looks again after so long. */
#define WAIT_SLICE_MS 2000
/* Waits in a row that may end without an event; then they are paced, lest a reader that is never
 * still keeps the processor busy. */
#define IDLE_WAKES_MAX 10

static const char *const key_suffixes[JPKI_KEY_COUNT] = {
	[JPKI_KEY_AUTH] = " (auth)",
	[JPKI_KEY_SIGN] = " (sign)",
};

static CK_SLOT_ID slot_id(size_t reader, size_t place)
{
	return (CK_SLOT_ID)(reader * jpki_product.slots + place);
}

/* The token in a reader's slot of this place, as of the last look. */
static struct jpki_token_ref token_at(const struct jpki_slot_table *table, size_t reader,
				      size_t place)
{
	return (struct jpki_token_ref){
		.reader = table->readers[reader],
		.key = (enum jpki_key)((size_t)jpki_product.first_key + place),
		.insertion = jpki_reader_insertion(table->readers[reader]),
	};
}

/* With the module's lock held, or before anybody else can be inside: one more reader. */
static struct jpki_reader *add_reader(struct jpki_module *module)
{
	struct jpki_slot_table *table = &module->slots;
	struct jpki_reader *reader = NULL;

	if (table->reader_count < JPKI_READERS_MAX)
		reader = jpki_reader_new(module->transport, &module->config);
	if (reader != NULL)
		table->readers[table->reader_count++] = reader;
	return reader;
}

CK_RV jpki_slot_table_init(struct jpki_module *module)
{
	return add_reader(module) != NULL ? CKR_OK : CKR_HOST_MEMORY;
}

void jpki_slot_table_revoke(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->reader_count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++) {
			struct jpki_token_ref token = token_at(table, i, place);

			jpki_token_revoke(&token);
		}
	}
}

void jpki_slot_table_clear(struct jpki_slot_table *table)
{
	for (size_t i = 0; i < table->reader_count; i++)
		jpki_reader_free(table->readers[i]);
	memset(table, 0, sizeof(*table));
}

static const struct jpki_reader_state *find_state(const struct jpki_reader_list *list,
						  const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->readers[i].name, name) == 0)
			return &list->readers[i];
	}
	return NULL;
}

/* With the module's lock held: gives a reader that is new its place. */
static void place_reader(struct jpki_module *module, const char *name)
{
	struct jpki_slot_table *table = &module->slots;
	struct jpki_reader *reader;

	for (size_t i = 0; i < table->reader_count; i++) {
		if (strcmp(jpki_reader_name(table->readers[i]), name) == 0)
			return;
	}
	/* The first reader takes the pair that was made before there was one. */
	reader = table->readers[0];
	if (jpki_reader_name(reader)[0] != '\0')
		reader = add_reader(module);
	if (reader != NULL) {
		jpki_reader_set_name(reader, name);
	} else if (!table->told_full) {
		jpki_log(JPKI_LOG_WARNING, "slot: no room for one more reader");
		table->told_full = true;
	}
}

void jpki_slots_refresh(struct jpki_module *module, struct jpki_reader_list *seen)
{
	struct jpki_slot_table *table = &module->slots;
	struct jpki_reader_list list;
	enum jpki_error error;
	size_t count;

	pthread_mutex_lock(&module->poll_lock);
	error = module->transport->ops->list(module->transport, &list);
	/* Without pcscd there are no cards. Any other failure tells nothing about them. */
	if (error != JPKI_OK)
		list.count = 0;
	if (error != JPKI_OK && error != JPKI_E_NO_SERVICE && error != JPKI_E_NO_ACCESS)
		goto out;
	pthread_mutex_lock(&module->lock);
	for (size_t i = 0; i < list.count; i++)
		place_reader(module, list.readers[i].name);
	count = table->reader_count;
	pthread_mutex_unlock(&module->lock);
	/* The poll lock keeps the table from growing meanwhile. */
	for (size_t i = 0; i < count; i++) {
		struct jpki_reader *reader = table->readers[i];

		jpki_reader_observe(reader, find_state(&list, jpki_reader_name(reader)));
	}
out:
	pthread_mutex_unlock(&module->poll_lock);
	if (seen != NULL)
		*seen = list;
}

void jpki_slots_first_look(struct jpki_module *module)
{
	struct jpki_slot_table *table = &module->slots;

	jpki_slots_refresh(module, NULL);
	pthread_mutex_lock(&module->lock);
	for (size_t i = 0; i < table->reader_count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++)
			table->reported[i][place] = jpki_reader_insertion(table->readers[i]);
	}
	pthread_mutex_unlock(&module->lock);
}

CK_RV jpki_slot_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token)
{
	CK_RV rv = CKR_SLOT_ID_INVALID;

	pthread_mutex_lock(&module->lock);
	if (slot / jpki_product.slots < module->slots.reader_count) {
		*token = token_at(&module->slots, slot / jpki_product.slots,
				  slot % jpki_product.slots);
		rv = CKR_OK;
	}
	pthread_mutex_unlock(&module->lock);
	return rv;
}

/* With the module's lock held. */
static CK_RV write_list(const struct jpki_slot_table *table, CK_BBOOL token_present,
			CK_SLOT_ID *list, CK_ULONG *count)
{
	/* Without a list there is nothing to read yet in *count. */
	CK_ULONG room = list != NULL ? *count : 0;
	CK_ULONG found = 0;

	for (size_t i = 0; i < table->reader_count; i++) {
		for (size_t place = 0; place < jpki_product.slots; place++) {
			struct jpki_token_ref token = token_at(table, i, place);

			if (token_present && !jpki_token_may_be_present(&token))
				continue;
			if (list != NULL && found < room)
				list[found] = slot_id(i, place);
			found++;
		}
	}
	*count = found;
	return list != NULL && found > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV jpki_slot_list(struct jpki_module *module, CK_BBOOL token_present, CK_SLOT_ID *list,
		     CK_ULONG *count)
{
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	pthread_mutex_lock(&module->lock);
	rv = write_list(&module->slots, token_present, list, count);
	pthread_mutex_unlock(&module->lock);
	return rv;
}

/*
 * Both slots of a reader want a name of their own: some programs choose a slot by it. Of a reader
 * name that is too long the middle is left out, because readers of one kind differ at the end.
 */
static void describe(CK_SLOT_INFO *info, const char *reader_name, enum jpki_key key)
{
	const char *name = reader_name[0] != '\0' ? reader_name : "No reader yet";
	char description[JPKI_READER_NAME_MAX + 16];
	size_t room = sizeof(info->slotDescription) - strlen(key_suffixes[key]);
	size_t length = strlen(name);

	if (length > room)
		snprintf(description, sizeof(description), "%.*s...%s%s", (int)(room / 2), name,
			 name + length - (room - room / 2 - 3), key_suffixes[key]);
	else
		snprintf(description, sizeof(description), "%s%s", name, key_suffixes[key]);
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
	if (token->tries > 0 && (unsigned int)token->tries < token->pin_rule->tries)
		flags |= CKF_USER_PIN_COUNT_LOW;
	return flags;
}

CK_RV jpki_slot_token_info(struct jpki_module *module, CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	struct jpki_token_ref ref;
	struct jpki_token_info token;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, &ref);
	if (rv != CKR_OK)
		return rv;
	rv = jpki_rv(jpki_token_get_info(&ref, &token));
	if (rv != CKR_OK)
		return rv;
	memset(info, 0, sizeof(*info));
	pthread_mutex_lock(&module->lock);
	info->ulSessionCount = jpki_session_count(&module->sessions, &ref, false);
	info->ulRwSessionCount = jpki_session_count(&module->sessions, &ref, true);
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
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, &token);
	if (rv == CKR_OK)
		rv = jpki_rv(jpki_token_get_info(&token, &info));
	return rv == CKR_OK ? CKR_TOKEN_WRITE_PROTECTED : rv;
}

/* With the module's lock held: a slot whose card came or went since it was last told of. */
static bool take_event(struct jpki_slot_table *table, CK_SLOT_ID *slot)
{
	for (size_t i = 0; i < table->reader_count; i++) {
		jpki_insertion insertion = jpki_reader_insertion(table->readers[i]);

		for (size_t place = 0; place < jpki_product.slots; place++) {
			if (table->reported[i][place] == insertion)
				continue;
			table->reported[i][place] = insertion;
			*slot = slot_id(i, place);
			return true;
		}
	}
	return false;
}

/* Waits for a while, or until C_Finalize wants everybody out. */
static void wait_for_service(struct jpki_module *module)
{
	pthread_mutex_lock(&module->lock);
	if (module->state == JPKI_MODULE_RUNNING)
		jpki_module_wait_locked(module, SERVICE_POLL_MS);
	pthread_mutex_unlock(&module->lock);
}

CK_RV jpki_slot_wait(struct jpki_module *module, CK_FLAGS flags, CK_SLOT_ID *slot)
{
	struct jpki_reader_list seen;
	unsigned int idle_wakes = 0;
	enum jpki_error error;
	bool stopping;
	bool found;

	for (;;) {
		/* What is waited on is the very look that no event was found in. */
		jpki_slots_refresh(module, &seen);
		pthread_mutex_lock(&module->lock);
		found = take_event(&module->slots, slot);
		stopping = module->state != JPKI_MODULE_RUNNING;
		pthread_mutex_unlock(&module->lock);
		if (stopping)
			return CKR_CRYPTOKI_NOT_INITIALIZED;
		if (found)
			return CKR_OK;
		if ((flags & CKF_DONT_BLOCK) != 0)
			return CKR_NO_EVENT;
		error = module->transport->ops->wait(module->transport, &seen, WAIT_SLICE_MS);
		if (error == JPKI_E_CANCELLED)
			return CKR_CRYPTOKI_NOT_INITIALIZED;
		idle_wakes = error == JPKI_OK ? idle_wakes + 1 : 0;
		if ((error != JPKI_OK && error != JPKI_E_TIMEOUT) || idle_wakes > IDLE_WAKES_MAX)
			wait_for_service(module);
	}
}
