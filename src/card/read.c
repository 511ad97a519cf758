/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* read: reads the files of a card. */
#include <string.h>

#include "base/der.h"
#include "card/attributes.h"
#include "card/card.h"
#include "card/card_state.h"

#define INS_READ_BINARY 0xb0
/* The largest offset that READ BINARY has room for. */
#define OFFSET_MAX 0x7fffU

/* One READ BINARY asks for at most this many bytes. */
#define READ_MAX JPKI_APDU_DATA_MAX
/* A card may deliver less than it is asked for, but not a certificate byte by byte. */
#define READ_ROUNDS_MAX 256

/* READ BINARY from the file and the place that P1 and P2 name; *length is the number of bytes
 * wanted before and received after. */
static enum jpki_error read_part(struct jpki_card *card, size_t p1_p2, uint8_t *data,
				 size_t *length)
{
	struct jpki_apdu read = {.ins = INS_READ_BINARY,
				 .p1 = (uint8_t)(p1_p2 >> 8),
				 .p2 = (uint8_t)(p1_p2 & 0xffU),
				 .expected = *length};
	uint16_t sw = 0;
	enum jpki_error error = jpki_card_exchange(card, &read, data, length, &sw);

	if (error != JPKI_OK)
		return error;
	error = jpki_card_plain_error(sw);
	/* Some cards deliver the last bytes with a warning that the file has ended. */
	if (error == JPKI_E_END_OF_FILE && *length > 0)
		return JPKI_OK;
	if (error == JPKI_OK && *length == 0)
		return JPKI_E_END_OF_FILE;
	if (error != JPKI_OK)
		*length = 0;
	return error;
}

/* The same from the current file, at an offset below 8000. */
static enum jpki_error read_at(struct jpki_card *card, size_t offset, uint8_t *data, size_t *length)
{
	return read_part(card, offset & OFFSET_MAX, data, length);
}

/* The card does not give a file by its short name, or not all of it: select it, and read there. */
static enum jpki_error read_selected(struct jpki_card *card, uint16_t file, size_t offset,
				     uint8_t *data, size_t *length)
{
	enum jpki_error error = jpki_card_select_file(card, file);

	if (error == JPKI_OK)
		error = read_at(card, offset, data, length);
	/* The card would not give it by its short name a moment ago. */
	if (error == JPKI_OK)
		card->files_need_select = true;
	return error;
}

/*
 * The same from the start of the file that was chosen. Named in the command, which saves a SELECT,
 * it becomes the current file. If the card does not give it that way, whatever the reason, it is
 * selected and read again.
 */
static enum jpki_error read_first(struct jpki_card *card, uint8_t *data, size_t *length)
{
	uint16_t file = card->chosen;
	size_t room = *length;
	enum jpki_error error;

	card->chosen = 0;
	if (file == 0)
		return read_at(card, 0, data, length);
	error = read_part(card, (size_t)(JPKI_CURRENT_FILE | file) << 8, data, length);
	if (error == JPKI_OK || jpki_error_broke_link(error))
		return error;
	*length = room;
	return read_selected(card, file, 0, data, length);
}

enum jpki_error jpki_card_choose_file(struct jpki_card *card, uint16_t file)
{
	/* In another application the same short name is another file, such as the My Number. */
	if (card->selected != JPKI_APPLICATION_JPKI)
		return JPKI_E_INTERNAL;
	if (card->files_need_select || file > JPKI_SHORT_FILE_MAX)
		return jpki_card_select_file(card, file);
	jpki_card_forget_selected(card);
	card->chosen = file;
	return JPKI_OK;
}

enum jpki_error jpki_card_read(struct jpki_card *card, uint8_t *data, size_t *length)
{
	return read_first(card, data, length);
}

/* Return whether one byte fills all of the data, as in a file without a certificate. */
static bool is_filler(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != data[0])
			return false;
	}
	return data[0] == 0xff || data[0] == 0x00;
}

/* Tell the length of a whole object from its header, as far as that was read. JPKI_E_BAD_DER: it is
 * no such object. */
typedef enum jpki_error (*object_length)(const uint8_t *data, size_t available, size_t *total);

static enum jpki_error sequence_length(const uint8_t *data, size_t available, size_t *total)
{
	return jpki_der_total_length(data, available, JPKI_DER_SEQUENCE, total);
}

/* An object that is being read. */
struct reading {
	struct jpki_card *card;
	/* The file, if only its short name made it the current one; 0: it was selected. */
	uint16_t named;
	size_t total; /* the length of the object */
	uint8_t part[READ_MAX];
	size_t part_length;
};

/* Read the first part, whose header tells the length of the object. */
static enum jpki_error read_header(struct reading *reading, object_length length_of, size_t limit)
{
	struct jpki_card *card = reading->card;
	enum jpki_error error;

	reading->named = card->chosen;
	reading->part_length = sizeof(reading->part);
	error = read_first(card, reading->part, &reading->part_length);
	if (card->files_need_select)
		reading->named = 0;
	if (error == JPKI_E_END_OF_FILE)
		return JPKI_E_NOT_FOUND;
	if (error != JPKI_OK)
		return error;
	if (is_filler(reading->part, reading->part_length))
		return JPKI_E_NOT_FOUND;
	error = length_of(reading->part, reading->part_length, &reading->total);
	return error == JPKI_OK && reading->total > limit ? JPKI_E_BAD_DER : error;
}

/* Read another part of the object, from offset on. */
static enum jpki_error read_later(struct reading *reading, size_t offset)
{
	struct jpki_card *card = reading->card;
	uint16_t named = reading->named;
	size_t room = reading->total - offset;
	enum jpki_error error;

	if (room > sizeof(reading->part))
		room = sizeof(reading->part);
	reading->part_length = room;
	error = read_at(card, offset, reading->part, &reading->part_length);
	/* The short name may not have made it the current file. This is tried once. */
	if (error != JPKI_OK && !jpki_error_broke_link(error) && named != 0) {
		reading->named = 0;
		reading->part_length = room;
		error = read_selected(card, named, offset, reading->part, &reading->part_length);
	}
	/* The header announced more than the file holds. */
	if (error == JPKI_E_END_OF_FILE)
		return JPKI_E_BAD_DER;
	/* A moment ago the file was there and could be read. */
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_NOT_ALLOWED)
		return JPKI_E_PROTOCOL;
	return error;
}

/* Append the object, of which the first part was just read, without the filler behind it. */
static enum jpki_error read_rest(struct reading *reading, struct jpki_buffer *data)
{
	size_t total = reading->total;
	enum jpki_error error = JPKI_OK;

	for (unsigned int round = 0; error == JPKI_OK; round++) {
		size_t wanted = total - data->length;

		if (wanted > reading->part_length)
			wanted = reading->part_length;
		error = jpki_buffer_append(data, reading->part, wanted, total);
		if (error != JPKI_OK || data->length == total)
			break;
		if (round == READ_ROUNDS_MAX)
			return JPKI_E_PROTOCOL;
		error = read_later(reading, data->length);
	}
	return error;
}

/* Return whether the part that was read last is what known has at offset. */
static bool is_as_known(const struct reading *reading, const struct jpki_bytes *known,
			size_t offset)
{
	return reading->part_length == sizeof(reading->part) &&
	       memcmp(reading->part, known->data + offset, sizeof(reading->part)) == 0;
}

/*
 * After the first part: ask for the last one, if that saves something and all is as known up to
 * here. *same says whether that is so, too. Otherwise the first part is there again, for the rest
 * to be read.
 */
static enum jpki_error compare_end(struct reading *reading, const struct jpki_bytes *known,
				   bool *same)
{
	const size_t size = sizeof(reading->part);
	enum jpki_error error;

	if (known == NULL || known->length != reading->total || reading->total <= 2 * size ||
	    !is_as_known(reading, known, 0))
		return JPKI_OK;
	error = read_later(reading, reading->total - size);
	if (error != JPKI_OK)
		return error;
	*same = is_as_known(reading, known, reading->total - size);
	memcpy(reading->part, known->data, size);
	reading->part_length = size;
	return JPKI_OK;
}

/* Read the one object at the start of the current file, of at most limit bytes, unless it is known
 * already. */
static enum jpki_error read_object(struct jpki_card *card, object_length length_of, size_t limit,
				   const struct jpki_bytes *known, bool *same,
				   struct jpki_buffer *data)
{
	struct reading reading = {.card = card};
	enum jpki_error error = read_header(&reading, length_of, limit);

	*same = false;
	if (error == JPKI_OK)
		error = compare_end(&reading, known, same);
	if (error == JPKI_OK && !*same)
		error = read_rest(&reading, data);
	if (error != JPKI_OK)
		jpki_buffer_clear(data);
	explicit_bzero(reading.part, sizeof(reading.part));
	return error;
}

enum jpki_error jpki_card_read_sequence(struct jpki_card *card, struct jpki_buffer *data)
{
	return jpki_card_read_sequence_unless(card, NULL, &(bool){false}, data);
}

enum jpki_error jpki_card_read_sequence_unless(struct jpki_card *card,
					       const struct jpki_bytes *known, bool *same,
					       struct jpki_buffer *data)
{
	return read_object(card, sequence_length, JPKI_CERTIFICATE_MAX, known, same, data);
}

enum jpki_error jpki_card_read_attributes(struct jpki_card *card, struct jpki_buffer *data)
{
	enum jpki_error error;

	if (card->selected != JPKI_APPLICATION_TEXT)
		return JPKI_E_INTERNAL;
	error = jpki_card_select_file(card, JPKI_FILE_ATTRIBUTES);
	if (error == JPKI_OK)
		error = read_object(card, jpki_attributes_total_length, JPKI_ATTRIBUTES_FILE_MAX,
				    NULL, &(bool){false}, data);
	return error;
}
