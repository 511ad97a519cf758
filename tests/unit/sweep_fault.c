/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The faults of the sweep: what can go wrong between a program and a card. */
#include "sweep.h"

#include <stdio.h>
#include <string.h>

/* The words to answer with, right or wrong as the moment has it. */
static const uint16_t words[] = {
	0x9000, 0x6100, 0x61FF, 0x6282, 0x6300, 0x63C0, 0x63C1, 0x63C2, 0x63C3, 0x63C4, 0x63C5,
	0x63CF, 0x6581, 0x6700, 0x6881, 0x6882, 0x6981, 0x6982, 0x6983, 0x6984, 0x6985, 0x6986,
	0x6987, 0x6988, 0x6A80, 0x6A81, 0x6A82, 0x6A83, 0x6A84, 0x6A85, 0x6A86, 0x6A87, 0x6A88,
	0x6B00, 0x6C00, 0x6C10, 0x6CFF, 0x6D00, 0x6E00, 0x6F00, 0x0000, 0xFFFF,
};

/* Those that a card which has gone mad repeats for ever. */
static const uint16_t lasting_words[] = {0x9000, 0x61FF, 0x6282, 0x63C0, 0x63C3,
					 0x6982, 0x6A82, 0x6CFF, 0x6D00, 0x6F00};

/* The first three have no room for a word, the last is more than any answer. */
static const size_t garbage_lengths[] = {0, 1, 2, 3, 7, 22, 34, 130, 255, 257, 258, 259, 300};

static struct sweep_fault faults[SWEEP_FAULTS_MAX];
static size_t fault_count;
static uint32_t seed = 20240229;

static uint8_t random_byte(void)
{
	seed = seed * 1664525U + 1013904223U;
	return (uint8_t)(seed >> 24);
}

/* A command of another program, past our transaction. */
static void send_to_card(const char *hex)
{
	uint8_t command[JPKI_APDU_COMMAND_MAX], answer[VCARD_RESPONSE_MAX];
	size_t length = unit_hex(hex, command, sizeof(command));

	vcard_transmit(module_fixture.card.card, command, length, answer, sizeof(answer));
}

static void select_issuer(void)
{
	send_to_card(UNIT_SELECT_ISD);
}

static void select_common(void)
{
	send_to_card(UNIT_SELECT_COMMON);
}

static void select_application(void)
{
	send_to_card(UNIT_SELECT_AP);
}

static void select_key(void)
{
	send_to_card(UNIT_SELECT_AP);
	send_to_card(UNIT_SELECT_EF "0017");
}

/*
 * Another program's VERIFY. It does not leave the PIN's file selected: then our PIN, meant for
 * the other file, would count there, and nothing but the transaction can keep us from that.
 */
static void present(const char *file, const char *verify)
{
	char select[32];

	snprintf(select, sizeof(select), UNIT_SELECT_EF "%s", file);
	send_to_card(UNIT_SELECT_AP);
	send_to_card(select);
	send_to_card(verify);
	send_to_card(UNIT_SELECT_AP);
}

static void present_right_auth(void)
{
	present("0018", "002000800431323334");
}

static void present_wrong_auth(void)
{
	present("0018", "002000800430303030");
}

static void present_right_sign(void)
{
	present("001B", "0020008006414243313233");
}

static void present_wrong_sign(void)
{
	present("001B", "0020008006585859393939");
}

static void put_back_at_once(void)
{
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
}

static void other_card(void)
{
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.second.card);
}

static void swap_card(void)
{
	vcard_transport_swap(module_fixture.readers, 0, module_fixture.second.card);
}

static void unplug_reader(void)
{
	vcard_transport_plug(module_fixture.readers, 0, false);
}

/* With the service, the cards lose their power. */
static void stop_service(void)
{
	vcard_power_off(module_fixture.card.card);
	vcard_power_on(module_fixture.card.card);
	vcard_transport_serve(module_fixture.readers, false);
}

/* From now on another program has the card to itself; our link is cut with the next command. */
static void take_exclusively(void)
{
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_CONNECT, JPKI_E_BUSY, 1000);
}

/* The service grants no transaction. */
static void refuse_transactions(void)
{
	vcard_transport_fail(module_fixture.readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1000);
}

static struct sweep_fault *add(const char *name, enum sweep_family family, enum vcard_fault fault)
{
	struct sweep_fault *added = &faults[fault_count++];

	assert_true(fault_count <= SWEEP_FAULTS_MAX);
	snprintf(added->name, sizeof(added->name), "%s", name);
	added->family = family;
	added->fault = fault;
	return added;
}

static void add_meddler(const char *name, void (*meddle)(void), int spends, int restores)
{
	struct sweep_fault *added = add(name, SWEEP_MEDDLER, VCARD_FAULT_NONE);

	added->meddle = meddle;
	added->spends = spends;
	added->restores = restores;
}

static void add_departure(const char *name, void (*meddle)(void), bool cuts_off, bool strange)
{
	struct sweep_fault *added = add(name, SWEEP_GONE, VCARD_FAULT_NONE);

	added->meddle = meddle;
	added->cuts_off = cuts_off;
	added->strange = strange;
}

static void add_departures(void)
{
	add("pulled before", SWEEP_GONE, VCARD_FAULT_REMOVE)->cuts_off = true;
	add("pulled after", SWEEP_GONE, VCARD_FAULT_REMOVE_AFTER)->cuts_off = true;
	add_departure("pulled and put back", put_back_at_once, false, false);
	add_departure("another person's card", other_card, true, true);
	add_departure("another person's card, unnoticed", swap_card, true, true);
	add_departure("reader unplugged", unplug_reader, true, false);
	add_departure("service stopped", stop_service, true, false);
}

/* The same for a program that has not reached the card yet, and one that has. */
static void add_start(const char *name, void (*meddle)(void))
{
	struct sweep_fault *added = add(name, SWEEP_BROKEN, VCARD_FAULT_NONE);

	added->meddle = meddle;
	added->is_kept = true;
	added->from_the_start = true;
	added->cuts_off = true;
}

static void add_exclusive(const char *name, enum vcard_fault fault)
{
	struct sweep_fault *added = add(name, SWEEP_BROKEN, fault);

	added->meddle = take_exclusively;
	added->is_kept = true;
	added->cuts_off = true;
}

static void add_breaks(void)
{
	static const struct {
		const char *name;
		enum vcard_fault fault;
	} kinds[] = {
		{"answer lost", VCARD_FAULT_LOSE},
		{"mute", VCARD_FAULT_MUTE},
		{"reset before", VCARD_FAULT_RESET},
		{"reset after", VCARD_FAULT_RESET_AFTER},
		{"power lost before", VCARD_FAULT_POWER},
		{"power lost after", VCARD_FAULT_POWER_AFTER},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct sweep_fault *added;
		char name[48];

		add(kinds[i].name, SWEEP_BROKEN, kinds[i].fault);
		snprintf(name, sizeof(name), "%s, for good", kinds[i].name);
		added = add(name, SWEEP_BROKEN, kinds[i].fault);
		added->lasting = true;
		added->cuts_off = true;
	}
	add_start("held by another program", take_exclusively);
	add_start("no transaction", refuse_transactions);
	add_exclusive("lost, then held by another program", VCARD_FAULT_LOSE);
	add_exclusive("reset, then held by another program", VCARD_FAULT_RESET);
}

static void add_meddlers(void)
{
	add_meddler("issuer's domain selected", select_issuer, 0, 0);
	add_meddler("common application selected", select_common, 0, 0);
	faults[fault_count - 1].strays = true;
	faults[fault_count - 2].strays = true;
	add_meddler("application selected again", select_application, 0, 0);
	add_meddler("key file selected", select_key, 0, 0);
	add_meddler("auth PIN verified", present_right_auth, 0, UNIT_AUTH_PIN_FILE);
	add_meddler("auth PIN tried", present_wrong_auth, UNIT_AUTH_PIN_FILE, 0);
	add_meddler("sign PIN verified", present_right_sign, 0, UNIT_SIGN_PIN_FILE);
	add_meddler("sign PIN tried", present_wrong_sign, UNIT_SIGN_PIN_FILE, 0);
}

static void add_word(uint16_t word, enum vcard_fault fault, bool lasting)
{
	struct sweep_fault *added;
	char name[48];

	snprintf(name, sizeof(name), "%04X %s%s", word,
		 fault == VCARD_FAULT_ANSWER ? "instead" : "after", lasting ? ", for good" : "");
	added = add(name, SWEEP_LIE, fault);
	added->lasting = lasting;
	added->answer[0] = (uint8_t)(word >> 8);
	added->answer[1] = (uint8_t)(word & 0xff);
	added->answer_length = 2;
}

/* Random bytes; with_word puts 9000 at the end. */
static void add_garbage(size_t length, enum vcard_fault fault, bool with_word, bool lasting)
{
	struct sweep_fault *added;
	char name[48];

	snprintf(name, sizeof(name), "%zu bytes%s %s%s", length, with_word ? " and 9000" : "",
		 fault == VCARD_FAULT_ANSWER ? "instead" : "after", lasting ? ", for good" : "");
	added = add(name, SWEEP_LIE, fault);
	added->lasting = lasting;
	added->answer_length = length + (with_word ? 2 : 0);
	assert_true(added->answer_length <= SWEEP_ANSWER_MAX);
	for (size_t i = 0; i < length; i++)
		added->answer[i] = random_byte();
	if (with_word) {
		added->answer[length] = 0x90;
		added->answer[length + 1] = 0x00;
	}
}

static void add_answers(void)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		add_word(words[i], VCARD_FAULT_ANSWER, false);
		add_word(words[i], VCARD_FAULT_ANSWER_AFTER, false);
	}
	for (size_t i = 0; i < sizeof(lasting_words) / sizeof(lasting_words[0]); i++) {
		add_word(lasting_words[i], VCARD_FAULT_ANSWER, true);
		add_word(lasting_words[i], VCARD_FAULT_ANSWER_AFTER, true);
	}
	for (size_t i = 0; i < sizeof(garbage_lengths) / sizeof(garbage_lengths[0]); i++) {
		size_t length = garbage_lengths[i];

		add_garbage(length, VCARD_FAULT_ANSWER, false, false);
		if (length > 0 && length <= 256)
			add_garbage(length, VCARD_FAULT_ANSWER, true, false);
	}
	add_garbage(0, VCARD_FAULT_ANSWER_AFTER, false, false);
	add_garbage(256, VCARD_FAULT_ANSWER_AFTER, true, false);
	add_garbage(34, VCARD_FAULT_ANSWER_AFTER, false, false);
	add_garbage(1, VCARD_FAULT_ANSWER, true, true);
	add_garbage(0, VCARD_FAULT_ANSWER, false, true);
	add_garbage(34, VCARD_FAULT_ANSWER_AFTER, false, true);
	add("the answer before", SWEEP_LIE, VCARD_FAULT_REPLAY);
}

const struct sweep_fault *sweep_faults(size_t *count)
{
	if (fault_count == 0) {
		add_departures();
		add_breaks();
		add_meddlers();
		add_answers();
	}
	*count = fault_count;
	return faults;
}

unsigned int sweep_word(const struct sweep_fault *fault)
{
	size_t length = fault->answer_length;

	if (length < 2)
		return 0;
	return (unsigned int)fault->answer[length - 2] << 8 | fault->answer[length - 1];
}
