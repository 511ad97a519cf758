/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* readers: keeps a table of the readers that a transport has shown. */
#include "token/readers.h"

#include <string.h>

#include "base/log.h"

void jpki_readers_init(struct jpki_readers *readers, struct jpki_transport *transport,
		       const struct jpki_config *config)
{
	memset(readers, 0, sizeof(*readers));
	readers->transport = transport;
	readers->config = *config;
}

/* Add one more reader; NULL without memory or room. */
static struct jpki_reader *add(struct jpki_readers *readers)
{
	struct jpki_reader *reader = NULL;

	if (readers->count < JPKI_READERS_MAX)
		reader = jpki_reader_new(readers->transport, &readers->config);
	if (reader != NULL)
		readers->all[readers->count++] = reader;
	return reader;
}

/* Return the place that the next reader will take, or NULL. */
static struct jpki_reader *reserved(const struct jpki_readers *readers)
{
	struct jpki_reader *last = readers->count > 0 ? readers->all[readers->count - 1] : NULL;

	return last != NULL && jpki_reader_name(last)[0] == '\0' ? last : NULL;
}

enum jpki_error jpki_readers_reserve(struct jpki_readers *readers)
{
	if (reserved(readers) != NULL || readers->count == JPKI_READERS_MAX)
		return JPKI_OK;
	return add(readers) != NULL ? JPKI_OK : JPKI_E_MEMORY;
}

static bool has(const struct jpki_readers *readers, const char *name)
{
	for (size_t i = 0; i < readers->count; i++) {
		if (strcmp(jpki_reader_name(readers->all[i]), name) == 0)
			return true;
	}
	return false;
}

static void place(struct jpki_readers *readers, const char *name)
{
	struct jpki_reader *reader = reserved(readers);

	if (reader == NULL)
		reader = add(readers);
	if (reader != NULL) {
		jpki_reader_set_name(reader, name);
	} else if (!readers->told_full) {
		jpki_log(JPKI_LOG_WARNING, "readers: no room for one more reader");
		readers->told_full = true;
	}
}

void jpki_readers_place(struct jpki_readers *readers, const struct jpki_reader_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!has(readers, list->readers[i].name))
			place(readers, list->readers[i].name);
	}
}

const struct jpki_reader_state *jpki_reader_list_find(const struct jpki_reader_list *list,
						      const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->readers[i].name, name) == 0)
			return &list->readers[i];
	}
	return NULL;
}

void jpki_readers_observe(struct jpki_readers *readers, size_t count,
			  const struct jpki_reader_list *list)
{
	for (size_t i = 0; i < count; i++) {
		struct jpki_reader *reader = readers->all[i];

		jpki_reader_observe(reader, jpki_reader_list_find(list, jpki_reader_name(reader)));
	}
}

void jpki_readers_clear(struct jpki_readers *readers)
{
	for (size_t i = 0; i < readers->count; i++)
		jpki_reader_free(readers->all[i]);
	if (readers->transport != NULL)
		readers->transport->ops->destroy(readers->transport);
	memset(readers, 0, sizeof(*readers));
}
