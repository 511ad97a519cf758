/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all documents share: their kind, their bytes, and the bounds of what parses them. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "document/bytes.h"
#include "document/guard.h"
#include "document/kind.h"
#include "sanitized.h"

#define TEXT(text) text, sizeof(text) - 1

/* The beginning of CMS with these hashes, up to its content. */
#define CMS(hashes)                                                                                \
	"0\x82\x01\x01\x06\x01*\xa0\x80"                                                           \
	"0\x80\x02\x01\x01" hashes "0\x80\x06\x01*\xa0\x80"

static const struct {
	const char *bytes;
	size_t length;
	enum document_kind kind;
} kinds[] = {
	{TEXT("%PDF-1.4\n"), DOCUMENT_PDF},
	{TEXT("%PDF"), DOCUMENT_OTHER},
	{TEXT("\n%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT("0 is no length of DER\n%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT("A PDF begins with %PDF-, and its version follows."), DOCUMENT_OTHER},
	{TEXT("PK\3\4letter.pdf%PDF-1.4\n"), DOCUMENT_OTHER},
	{TEXT("%PDF-x\n%PDF-1.4\n"), DOCUMENT_PDF},
	{TEXT("A %PDF-x and a %PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT("<a>%PDF-</a>"), DOCUMENT_XML},
	{TEXT("<!--%PDF-1.4--><a/>"), DOCUMENT_PDF_LATER},
	{TEXT("<?xml version=\"1.0\"?><a>%PDF-1.4</a>"), DOCUMENT_PDF_LATER},
	{TEXT("0\x82\x01\x01%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x04\x09%PDF-1.4\n"), DOCUMENT_OTHER},
	{TEXT(CMS("1\0") "\x04\x09%PDF-1.4\n%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x04\x81\x0c--\n%PDF-1.4\n"), DOCUMENT_OTHER},
	{TEXT(CMS("1\0") "\x24\x80\x04\x02--\x04\x09%PDF-1.4\n"), DOCUMENT_OTHER},
	{TEXT(CMS("1\0") "\x24\x80\x04\x02--\0\0%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x24\x80\x05\x02--\x04\x09%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x24\x80\x0c\x09%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("0\0") "\x04\x09%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\x09%PDF-1.4\n") "\x04\x84"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x04\x05%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\x09%PDF-1.4\n") "\x04\x09%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\x09%PDF-1.4\n") "\x04\x02--"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x04\x85\0\0\0\0\x09%PDF-1.4\n"), DOCUMENT_PDF_LATER},
	{TEXT(CMS("1\0") "\x04"), DOCUMENT_OTHER},
	{TEXT(""), DOCUMENT_OTHER},
	{TEXT("a text"), DOCUMENT_OTHER},
	{TEXT("-----BEGIN CMS-----"), DOCUMENT_OTHER},
	{TEXT("<?xml version=\"1.0\"?><a/>"), DOCUMENT_XML},
	{TEXT("\r\n <a/>"), DOCUMENT_XML},
	{TEXT("\xef\xbb\xbf<a/>"), DOCUMENT_XML},
	{TEXT("<\xe6\xa7\x8b/>"), DOCUMENT_XML},
	{TEXT("\xff\xfe<\0?\0"), DOCUMENT_XML},
	{TEXT("\xff\xfe<\0\xcb\x69"), DOCUMENT_XML},
	{TEXT("\xfe\xff\0<\0a"), DOCUMENT_XML},
	{TEXT("<\0?\0"), DOCUMENT_XML},
	{TEXT("\0<\0?"), DOCUMENT_XML},
	{TEXT("\xff\xfe<"), DOCUMENT_OTHER},
	{TEXT("<"), DOCUMENT_OTHER},
	{TEXT("< a"), DOCUMENT_OTHER},
	{TEXT("<3 for all"), DOCUMENT_OTHER},
};

static void test_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(document_kind_of((const uint8_t *)kinds[i].bytes, kinds[i].length),
				 kinds[i].kind);
}

/* Readers look for the beginning of a PDF in the first 1024 bytes. */
static void test_kind_later(void **state)
{
	uint8_t bytes[1100] = "";

	(void)state;
	memcpy(bytes + 1018, "%PDF-1.4", 8);
	assert_int_equal(document_kind_of(bytes, sizeof(bytes)), DOCUMENT_PDF_LATER);
	memcpy(bytes + 257, "ustar", 5);
	assert_int_equal(document_kind_of(bytes, sizeof(bytes)), DOCUMENT_OTHER);
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes + 1019, "%PDF-1.4", 8);
	assert_int_equal(document_kind_of(bytes, sizeof(bytes)), DOCUMENT_OTHER);
}

static void test_bytes(void **state)
{
	struct document_bytes bytes;
	char name[] = "/tmp/jpki-bytes-XXXXXX";
	int fd = mkstemp(name);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_true(document_bytes_read(&bytes, name));
	assert_int_equal(bytes.length, 3);
	assert_memory_equal(bytes.data, "abc", 3);
	document_bytes_free(&bytes);
	/* A file with a hole: larger than what is read, and takes no room. */
	assert_int_equal(ftruncate(fd, (off_t)DOCUMENT_BYTES_MAX + 1), 0);
	assert_false(document_bytes_read(&bytes, name));
	assert_int_equal(errno, EFBIG);
	document_bytes_free(&bytes);
	close(fd);
	unlink(name);
	assert_false(document_bytes_read(&bytes, name));
	assert_int_equal(errno, ENOENT);
	assert_false(document_bytes_read(&bytes, "/tmp"));
	assert_int_equal(errno, EISDIR);
	assert_false(document_bytes_read(&bytes, "/dev/null"));
	assert_int_equal(errno, EINVAL);
}

/* --- the guard ------------------------------------------------------------------------------- */

static void write_argument(FILE *answer, void *argument)
{
	fputs(argument, answer);
}

static void write_much(FILE *answer, void *argument)
{
	for (size_t i = 0; i < *(size_t *)argument; i++)
		putc('x', answer);
}

static void crash(FILE *answer, void *argument)
{
	(void)argument;
	fputs("something", answer);
	fflush(answer);
	abort();
}

static void take_memory(FILE *answer, void *argument)
{
	/* Volatile, because the compiler does without memory that nobody uses. */
	void *volatile all = malloc(*(size_t *)argument);

	fputs(all != NULL ? "given" : "refused", answer);
	free(all);
}

static void reach_out(FILE *answer, void *argument)
{
	(void)argument;
	fputs(open("/dev/null", O_RDONLY | O_CLOEXEC) < 0 && errno == EMFILE &&
			      socket(AF_UNIX, SOCK_STREAM, 0) < 0 && fcntl(2, F_GETFD) < 0
		      ? "nothing is reached"
		      : "reached",
	      answer);
}

static void test_guard(void **state)
{
	char found[] = "found", nothing[] = "";
	size_t length, size;
	char *answer;

	(void)state;
	assert_true(guard_run(write_argument, found, 100, &answer, &length));
	assert_int_equal(length, 5);
	assert_memory_equal(answer, "found", 5);
	free(answer);
	assert_true(guard_run(write_argument, nothing, 100, &answer, &length));
	assert_int_equal(length, 0);
	free(answer);
	size = 200000;
	assert_true(guard_run(write_much, &size, size, &answer, &length));
	assert_int_equal(length, size);
	free(answer);
	assert_false(guard_run(write_much, &size, size - 1, &answer, &length));
	assert_null(answer);
	assert_int_equal(length, 0);
}

static void test_guard_bounds(void **state)
{
	size_t small = GUARD_BYTES / 2, large = GUARD_BYTES * 2;
	size_t length;
	char *answer;

	(void)state;
	assert_false(guard_run(crash, NULL, 100, &answer, &length));
	assert_null(answer);
	assert_true(guard_run(take_memory, &small, 100, &answer, &length));
	assert_memory_equal(answer, "given", 5);
	free(answer);
	/* A sanitizer ends the process where malloc() would return NULL. */
	assert_true(guard_run(take_memory, &large, 100, &answer, &length) != IS_SANITIZED);
	assert_true(IS_SANITIZED || memcmp(answer, "refused", 7) == 0);
	free(answer);
	assert_true(guard_run(reach_out, NULL, 100, &answer, &length));
	assert_memory_equal(answer, "nothing is reached", length);
	free(answer);
}

/* Wait, as for a lock that is never opened, as often as the argument, which all processes share,
 * says. */
static void get_stuck(FILE *answer, void *argument)
{
	int *times = argument;

	if ((*times)-- > 0)
		pause();
	fputs("not stuck", answer);
}

/* What gets stuck is begun once more, and ends if that gets stuck, too. */
static void test_guard_stuck(void **state)
{
	int *times = mmap(NULL, sizeof(*times), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	char *answer;
	size_t length;

	(void)state;
	assert_ptr_not_equal(times, MAP_FAILED);
	*times = 1;
	assert_true(guard_run(get_stuck, times, 100, &answer, &length));
	assert_memory_equal(answer, "not stuck", length);
	free(answer);
	*times = 2;
	assert_false(guard_run(get_stuck, times, 100, &answer, &length));
	assert_null(answer);
	assert_int_equal(*times, 0);
	munmap(times, sizeof(*times));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind),         cmocka_unit_test(test_kind_later),
		cmocka_unit_test(test_bytes),        cmocka_unit_test(test_guard),
		cmocka_unit_test(test_guard_bounds), cmocka_unit_test(test_guard_stuck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
