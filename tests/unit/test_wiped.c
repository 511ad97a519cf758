/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the card layer leaves on the stack: each call runs on a stack of the test's own, in which
 * nothing of a PIN or of an answer may be found afterwards.
 */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "card/card.h"
#include "card/pcsc.h"
#include "service.h"

#define STACK_BYTES  (512 * 1024)
#define NEEDLE_BYTES 16

/* What is looked for; nothing that runs on the watched stack copies it but the code under test. */
static uint8_t needle[NEEDLE_BYTES] = {'S', '3', 'C', 'R', 'E', 'T', 'S', '3',
				       'C', 'R', 'E', 'T', 'S', '3', 'C', 'R'};
/* The answers of the card, in their order; the last one is repeated. */
static struct {
	uint8_t bytes[JPKI_APDU_RESPONSE_MAX];
	size_t length;
} answers[4];
static size_t answer_count;
static size_t answers_given;

static enum jpki_error fake_connect(struct jpki_transport *self, const char *reader_name,
				    struct jpki_link **link)
{
	(void)reader_name;
	*link = (struct jpki_link *)(void *)self;
	return JPKI_OK;
}

static enum jpki_error fake_begin(struct jpki_link *link, bool *was_reset)
{
	(void)link;
	*was_reset = false;
	return JPKI_OK;
}

static enum jpki_error fake_transmit(struct jpki_link *link, const uint8_t *command,
				     size_t command_len, uint8_t *response, size_t *response_len)
{
	size_t next = answers_given < answer_count - 1 ? answers_given++ : answer_count - 1;

	(void)link, (void)command, (void)command_len;
	memcpy(response, answers[next].bytes, answers[next].length);
	*response_len = answers[next].length;
	return JPKI_OK;
}

static void fake_end(struct jpki_link *link)
{
	(void)link;
}

static const struct jpki_transport_ops fake_ops = {
	.connect = fake_connect,
	.begin = fake_begin,
	.transmit = fake_transmit,
	.end = fake_end,
	.disconnect = fake_end,
};
static struct jpki_transport fake = {.ops = &fake_ops};

/* Give the card one more answer: data, then the status word. */
static void answer(const void *data, size_t length, uint16_t sw)
{
	uint8_t *bytes = answers[answer_count].bytes;

	memcpy(bytes, data, length);
	bytes[length] = (uint8_t)(sw >> 8);
	bytes[length + 1] = (uint8_t)(sw & 0xffU);
	answers[answer_count++].length = length + 2;
}

struct job {
	enum jpki_error (*work)(struct jpki_card *card, void *room);
	struct jpki_card *card;
	void *room; /* off the stack */
	enum jpki_error error;
};

static void *run_job(void *argument)
{
	struct job *job = argument;

	job->error = job->work(job->card, job->room);
	return NULL;
}

/* Have an array as a whole on the stack: clang 19 splits even a volatile one whose address it
 * knows. */
static volatile uint8_t *whole(volatile uint8_t *array)
{
	__asm__ volatile("" : "+r"(array) : : "memory");
	return array;
}

/* Far enough down for the end of the thread not to overwrite what is looked for. */
struct deep {
	void *(*run)(void *argument);
	void *argument;
};

static void *run_deep(void *argument)
{
	const struct deep *deep = argument;
	volatile uint8_t room[STACK_BYTES / 8];
	volatile uint8_t *above = whole(room);

	above[0] = 0;
	deep->run(deep->argument);
	above[sizeof(room) - 1] = above[0];
	return NULL;
}

/* Run on a fresh stack, and return whether half of the needle is left on it. */
static bool leaves_needle(void *(*run)(void *argument), void *argument)
{
	struct deep deep = {run, argument};
	void *stack =
		mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attributes;
	pthread_t thread;
	uint8_t *copy = malloc(STACK_BYTES);
	int memory;
	bool found;

	assert_ptr_not_equal(stack, MAP_FAILED);
	pthread_attr_init(&attributes);
	assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK_BYTES), 0);
	assert_int_equal(pthread_create(&thread, &attributes, run_deep, &deep), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
	/* By the kernel, because valgrind forbids a look at a stack that is over. */
	memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	assert_true(memory >= 0 && copy != NULL);
	assert_int_equal(pread(memory, copy, STACK_BYTES, (off_t)(uintptr_t)stack), STACK_BYTES);
	close(memory);
	found = memmem(copy, STACK_BYTES, needle, NEEDLE_BYTES / 2) != NULL;
	free(copy);
	munmap(stack, STACK_BYTES);
	return found;
}

static void forget_answers(void)
{
	memset(answers, 0, sizeof(answers));
	answer_count = 0;
	answers_given = 0;
}

/* Do the work on a card with the answers given so far; nothing of the needle stays. */
static void assert_wiped(enum jpki_error (*work)(struct jpki_card *card, void *room),
			 enum jpki_error wanted)
{
	struct job job = {.work = work, .room = calloc(1, 4096)};
	bool was_reset;

	assert_non_null(job.room);
	assert_error(jpki_card_open(&fake, "Fake", &job.card), JPKI_OK);
	assert_error(jpki_card_begin(job.card, &was_reset), JPKI_OK);
	assert_false(leaves_needle(run_job, &job));
	assert_error(job.error, wanted);
	jpki_card_end(job.card);
	jpki_card_close(job.card);
	free(job.room);
	forget_answers();
}

static enum jpki_error verify(struct jpki_card *card, void *room)
{
	unsigned int *tries = room;
	enum jpki_error error = jpki_card_select_file(card, UNIT_SIGN_PIN_FILE);

	if (error == JPKI_OK)
		error = jpki_card_read_tries(card, tries);
	return error == JPKI_OK ? jpki_card_verify(card, needle, sizeof(needle), tries) : error;
}

static void test_pin_in_a_command(void **state)
{
	(void)state;
	answer("", 0, 0x9000);
	answer("", 0, 0x63c5);
	answer("", 0, 0x9000);
	assert_wiped(verify, JPKI_OK);
}

static enum jpki_error read_file(struct jpki_card *card, void *room)
{
	size_t length = 64;

	return jpki_card_read(card, room, &length);
}

static void test_answer(void **state)
{
	(void)state;
	answer(needle, sizeof(needle), 0x9000);
	assert_wiped(read_file, JPKI_OK);
}

static void test_answer_that_follows(void **state)
{
	(void)state;
	answer("", 0, 0x6110);
	answer(needle, sizeof(needle), 0x9000);
	assert_wiped(read_file, JPKI_OK);
}

static enum jpki_error read_sequence(struct jpki_card *card, void *room)
{
	return jpki_card_read_sequence(card, room);
}

static void test_part_of_a_certificate(void **state)
{
	uint8_t sequence[2 + sizeof(needle)] = {0x30, sizeof(needle)};
	struct jpki_buffer *buffer = calloc(1, sizeof(*buffer));
	struct job job = {.work = read_sequence, .room = buffer};
	bool was_reset;

	(void)state;
	assert_non_null(buffer);
	memcpy(sequence + 2, needle, sizeof(needle));
	answer(sequence, sizeof(sequence), 0x9000);
	assert_error(jpki_card_open(&fake, "Fake", &job.card), JPKI_OK);
	assert_error(jpki_card_begin(job.card, &was_reset), JPKI_OK);
	assert_false(leaves_needle(run_job, &job));
	assert_error(job.error, JPKI_OK);
	assert_int_equal(buffer->length, sizeof(sequence));
	jpki_card_close(job.card);
	jpki_buffer_free(buffer);
	free(buffer);
	forget_answers();
}

static enum jpki_error read_serial(struct jpki_card *card, void *room)
{
	return jpki_card_read_serial(card, room);
}

static void test_serial_number(void **state)
{
	uint8_t record[2 + JPKI_CARD_SERIAL_LENGTH] = {0x01, JPKI_CARD_SERIAL_LENGTH};
	static const uint8_t digits[NEEDLE_BYTES] = {'9', '8', '7', '6', '5', '4', '3', '2',
						     '1', '0', '9', '8', '7', '6', '5', '4'};
	uint8_t before[NEEDLE_BYTES];

	(void)state;
	memcpy(before, needle, sizeof(needle));
	memcpy(needle, digits, sizeof(needle));
	for (size_t i = 0; i < JPKI_CARD_SERIAL_LENGTH; i++)
		record[2 + i] = digits[i % sizeof(digits)];
	answer("", 0, 0x9000);
	answer(record, sizeof(record), 0x9000);
	assert_wiped(read_serial, JPKI_OK);
	memcpy(needle, before, sizeof(needle));
}

static void *transmit(void *argument)
{
	static uint8_t command[5 + NEEDLE_BYTES] = {0x00, 0x20, 0x00, 0x80, NEEDLE_BYTES};
	static uint8_t bytes[JPKI_APDU_RESPONSE_MAX];
	static size_t length = sizeof(bytes);
	struct jpki_transport *transport = argument;
	struct jpki_link *link = NULL;

	memcpy(command + 5, needle, sizeof(needle));
	assert_error(transport->ops->connect(transport, "Reader", &link), JPKI_OK);
	assert_error(transport->ops->transmit(link, command, sizeof(command), bytes, &length),
		     JPKI_OK);
	transport->ops->disconnect(link);
	return NULL;
}

static void test_pin_on_its_way_to_the_service(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();

	(void)state;
	assert_non_null(transport);
	memcpy(service.answer, "\x90\x00", 2);
	service.received = 2;
	assert_false(leaves_needle(transmit, transport));
	/* What was looked for was in the command. */
	assert_non_null(memmem(service.sent, service.sent_length, needle, sizeof(needle)));
	transport->ops->destroy(transport);
}

/* The measure itself: a call that wipes nothing is found out. */
static void *keep(void *argument)
{
	volatile uint8_t bytes[sizeof(needle)];
	volatile uint8_t *copy = whole(bytes);

	for (size_t i = 0; i < sizeof(needle); i++)
		copy[i] = needle[i];
	*(volatile uint8_t *)argument = copy[0];
	return NULL;
}

static void test_measure(void **state)
{
	uint8_t first = 0;

	(void)state;
	assert_true(leaves_needle(keep, &first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measure),
		cmocka_unit_test(test_pin_in_a_command),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_answer_that_follows),
		cmocka_unit_test(test_part_of_a_certificate),
		cmocka_unit_test(test_serial_number),
		cmocka_unit_test(test_pin_on_its_way_to_the_service),
	};

	return cmocka_run_group_tests_name("wiped", tests, NULL, NULL);
}
