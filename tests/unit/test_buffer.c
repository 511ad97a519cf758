/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Byte strings that know their bounds. */
#include "unit.h"

#include <malloc.h>
#include <string.h>

#include "base/buffer.h"

#define SECRET "not to be found in freed memory"

void __real_free(void *memory);
void __wrap_free(void *memory);
static bool watched, found;

/* Look through what is given back; free is replaced at link time (--wrap). */
void __wrap_free(void *memory)
{
	if (watched && memory != NULL)
		found = found ||
			memmem(memory, malloc_usable_size(memory), SECRET, strlen(SECRET)) != NULL;
	__real_free(memory);
}

/* Neither growing nor freeing leaves a copy behind. */
static void test_no_copy_stays(void **state)
{
	static const uint8_t more[100000];
	struct jpki_buffer buffer = {0};

	(void)state;
	watched = true;
	assert_error(jpki_buffer_append(&buffer, SECRET, strlen(SECRET), 1000000), JPKI_OK);
	assert_error(jpki_buffer_append(&buffer, more, sizeof(more), 1000000), JPKI_OK);
	assert_memory_equal(buffer.data, SECRET, strlen(SECRET));
	jpki_buffer_free(&buffer);
	watched = false;
	assert_false(found);
}

static void test_append(void **state)
{
	struct jpki_buffer buffer = {0};

	(void)state;
	assert_error(jpki_buffer_append(&buffer, "abc", 3, 10), JPKI_OK);
	assert_error(jpki_buffer_append(&buffer, "defg", 4, 10), JPKI_OK);
	assert_int_equal(buffer.length, 7);
	assert_memory_equal(buffer.data, "abcdefg", 7);
	assert_true(buffer.capacity >= buffer.length);
	jpki_buffer_free(&buffer);
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	assert_int_equal(buffer.capacity, 0);
	jpki_buffer_free(&buffer);
}

static void test_limit(void **state)
{
	struct jpki_buffer buffer = {0};

	(void)state;
	assert_error(jpki_buffer_append(&buffer, "abcd", 4, 3), JPKI_E_RANGE);
	assert_int_equal(buffer.length, 0);
	assert_error(jpki_buffer_append(&buffer, "abc", 3, 3), JPKI_OK);
	assert_error(jpki_buffer_append(&buffer, "d", 1, 3), JPKI_E_RANGE);
	assert_error(jpki_buffer_append(&buffer, "d", SIZE_MAX, 3), JPKI_E_RANGE);
	assert_error(jpki_buffer_append(&buffer, "d", 0, 2), JPKI_E_RANGE); /* over it already */
	assert_error(jpki_buffer_append(&buffer, NULL, 0, 3), JPKI_OK);
	assert_int_equal(buffer.length, 3);
	assert_memory_equal(buffer.data, "abc", 3);
	jpki_buffer_free(&buffer);
}

/* No memory: the buffer is what it was. */
static void test_no_memory(void **state)
{
	struct jpki_buffer buffer = {0};

	(void)state;
	assert_error(jpki_buffer_append(&buffer, "abc", 3, SIZE_MAX), JPKI_OK);
	assert_error(jpki_buffer_append(&buffer, "d", SIZE_MAX - 3, SIZE_MAX), JPKI_E_MEMORY);
	assert_int_equal(buffer.length, 3);
	assert_memory_equal(buffer.data, "abc", 3);
	jpki_buffer_free(&buffer);
}

static void test_growth(void **state)
{
	struct jpki_buffer buffer = {0};

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		uint8_t byte = (uint8_t)(i % 251);

		assert_error(jpki_buffer_append(&buffer, &byte, 1, 100000), JPKI_OK);
	}
	for (size_t i = 0; i < buffer.length; i++)
		assert_int_equal(buffer.data[i], i % 251);
	jpki_buffer_free(&buffer);
}

static void test_clear(void **state)
{
	struct jpki_buffer buffer = {0};

	(void)state;
	jpki_buffer_clear(&buffer);
	assert_error(jpki_buffer_append(&buffer, "secret", 6, 10), JPKI_OK);
	jpki_buffer_clear(&buffer);
	assert_int_equal(buffer.length, 0);
	assert_non_null(buffer.data);
	assert_memory_equal(buffer.data, "\0\0\0\0\0\0", 6);
	assert_error(jpki_buffer_append(&buffer, "x", 1, 10), JPKI_OK);
	assert_int_equal(buffer.data[0], 'x');
	jpki_buffer_free(&buffer);
}

static void test_writer(void **state)
{
	uint8_t bytes[6] = {0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE};
	struct jpki_writer writer = jpki_writer_over(bytes, 5);

	(void)state;
	jpki_writer_byte(&writer, 1);
	jpki_writer_bytes(&writer, "\2\3", 2);
	jpki_writer_bytes(&writer, NULL, 0);
	assert_int_equal(writer.length, 3);
	assert_false(writer.overflow);
	/* What does not fit is not written in part, and nothing after it. */
	jpki_writer_bytes(&writer, "\4\5\6", 3);
	assert_true(writer.overflow);
	assert_int_equal(writer.length, 3);
	jpki_writer_byte(&writer, 4);
	assert_int_equal(writer.length, 3);
	assert_memory_equal(bytes, "\1\2\3\xEE\xEE\xEE", 6);

	writer = jpki_writer_over(bytes, 5);
	jpki_writer_bytes(&writer, "abcde", 5);
	assert_false(writer.overflow);
	assert_int_equal(writer.length, 5);
	jpki_writer_byte(&writer, 'f');
	assert_true(writer.overflow);
	assert_int_equal(bytes[5], 0xEE);

	writer = jpki_writer_over(NULL, 0);
	jpki_writer_bytes(&writer, "a", SIZE_MAX);
	assert_true(writer.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_copy_stays), cmocka_unit_test(test_append),
		cmocka_unit_test(test_limit),         cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_growth),        cmocka_unit_test(test_clear),
		cmocka_unit_test(test_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
