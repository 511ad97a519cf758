/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_portal: frames, messages and answers of the native host are as the portal has them. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/signature/signature_block.h"
#include "portal/answer.h"
#include "portal/frame.h"
#include "portal/identity.h"
#include "portal/message.h"
#include "portal/site.h"

#define SHA256_INFO "MDEwDQYJYIZIAWUDBAIBBQAEILp4Fr+PAc/qQUFA3l2uIiOwA2Gjlhd6nLQQ/2HyABWt"
#define LOG_IN                                                                                     \
	"{\\\"mode\\\":\\\"01\\\",\\\"service_id\\\":\\\"01\\\",\\\"digest\\\":\\\"" SHA256_INFO   \
	"\\\"}"
#define UUID "00112233445566778899aabbccddeeff"
#define CODE "48ad57a22404622bd877fcd8f976c44c5d991461d9f58bb9b05b5dbefe7cec5b"

/* --- frames ---------------------------------------------------------------------------------- */

/* Read what a pipe holds that is then closed. */
static enum portal_frame frame_of(const void *bytes, size_t size, char **text, size_t *length)
{
	enum portal_frame result;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, size), size);
	close(ends[1]);
	result = portal_frame_read(ends[0], text, length);
	close(ends[0]);
	return result;
}

static void test_portal_frame(void **state)
{
	char *text;
	size_t length;

	(void)state;
	assert_int_equal(frame_of("\x0d\0\0\0{\"mode\":\"05\"}", 17, &text, &length),
			 PORTAL_FRAME_READ);
	assert_int_equal(length, 13);
	assert_string_equal(text, "{\"mode\":\"05\"}");
	free(text);
	assert_int_equal(frame_of("", 0, &text, &length), PORTAL_FRAME_END);
	assert_int_equal(frame_of("\x0d\0\0", 3, &text, &length), PORTAL_FRAME_BROKEN);
	assert_int_equal(frame_of("\x0d\0\0\0{}", 6, &text, &length), PORTAL_FRAME_BROKEN);
	assert_null(text);
	assert_int_equal(frame_of("\0\0\0\0", 4, &text, &length), PORTAL_FRAME_BROKEN);
	/* One more than a MiB, and nearly 4 GiB. */
	assert_int_equal(frame_of("\x01\0\x10\0", 4, &text, &length), PORTAL_FRAME_BROKEN);
	assert_int_equal(frame_of("\xff\xff\xff\xff", 4, &text, &length), PORTAL_FRAME_BROKEN);
}

/* A frame of this length, which is all there. */
static enum portal_frame frame_long(size_t size)
{
	const uint8_t head[] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), 0};
	FILE *file = tmpfile();
	enum portal_frame result;
	size_t length;
	char *text;

	assert_non_null(file);
	assert_int_equal(fwrite(head, 1, sizeof(head), file), sizeof(head));
	for (size_t i = 0; i < size; i++)
		assert_int_equal(putc(' ', file), ' ');
	rewind(file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	result = portal_frame_read(fileno(file), &text, &length);
	free(text);
	fclose(file);
	return result;
}

static void test_portal_frame_limit(void **state)
{
	(void)state;
	assert_int_equal(frame_long(PORTAL_FRAME_MAX), PORTAL_FRAME_READ);
	assert_int_equal(frame_long(PORTAL_FRAME_MAX + 1), PORTAL_FRAME_BROKEN);
}

static void test_portal_frame_write(void **state)
{
	char *text;
	size_t length;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_true(portal_frame_write(ends[1], "{}"));
	close(ends[1]);
	assert_int_equal(portal_frame_read(ends[0], &text, &length), PORTAL_FRAME_READ);
	assert_string_equal(text, "{}");
	free(text);
	close(ends[0]);
}

/* --- messages -------------------------------------------------------------------------------- */

static enum portal_mode mode_of(const char *text, bool bare, struct portal_message *message)
{
	portal_message_parse(message, text, strlen(text), bare);
	assert_int_equal(message->mode == PORTAL_REFUSED, message->refusal != NULL);
	return message->mode;
}

/* Parse a page's request, in which ' stands for ", from an origin. */
static enum portal_mode mode_from(const char *origin, const char *request, bool bare)
{
	struct portal_message message;
	char quoted[20000];
	char text[21000];
	size_t length = 0;
	enum portal_mode mode;

	for (; *request != '\0'; request++) {
		if (*request == '\'')
			quoted[length++] = '\\';
		quoted[length++] = *request == '\'' ? '"' : *request;
	}
	quoted[length] = '\0';
	snprintf(text, sizeof(text), "{\"version\":1,\"origin\":\"%s\",\"request\":\"%s\"}", origin,
		 quoted);
	mode = mode_of(text, bare, &message);
	portal_message_free(&message);
	return mode;
}

static enum portal_mode mode_page(const char *request)
{
	return mode_from("https://myna.go.jp", request, false);
}

/* The same for a log-in with this block. */
static enum portal_mode mode_of_block(const uint8_t *block, size_t length, bool bare)
{
	char *text = signature_base64(block, length);
	char request[1000];

	assert_non_null(text);
	snprintf(request, sizeof(request), "{'mode':'01','service_id':'01','digest':'%s'}", text);
	free(text);
	return mode_from("https://myna.go.jp", request, bare);
}

static void test_portal_log_in(void **state)
{
	struct portal_message message;

	(void)state;
	assert_int_equal(
		mode_of("{\"version\":1,\"origin\":\"https://myna.go.jp\",\"request\":\"" LOG_IN
			"\",\"pin\":\"1234\"}",
			false, &message),
		PORTAL_LOG_IN);
	assert_string_equal(message.origin, "https://myna.go.jp");
	assert_string_equal(message.word, "01");
	assert_int_equal(message.count, 1);
	assert_int_equal(message.blocks[0].length, 51);
	assert_memory_equal(message.blocks[0].bytes, "\x30\x31\x30\x0d", 4);
	portal_message_free(&message);
	assert_int_equal(
		mode_of("{\"version\":2,\"origin\":\"https://myna.go.jp\",\"request\":\"" LOG_IN
			"\"}",
			false, &message),
		PORTAL_REFUSED);
	assert_int_equal(mode_of("{\"version\":1,\"request\":\"" LOG_IN "\"}", false, &message),
			 PORTAL_REFUSED);
	portal_message_free(&message);
	assert_int_equal(mode_of("{\"version\":1,\"version\":1}", false, &message), PORTAL_REFUSED);
}

static void test_portal_modes(void **state)
{
	static const char block[] = "'" SHA256_INFO "'";
	char request[18000];
	size_t length;

	(void)state;
	snprintf(request, sizeof(request), "{'mode':'02','service_id':'01','digest':[%s,%s]}",
		 block, block);
	assert_int_equal(mode_page(request), PORTAL_SIGN);
	snprintf(request, sizeof(request), "{'mode':'02','service_id':'01','digest':%s}", block);
	assert_int_equal(mode_page(request), PORTAL_SIGN);
	snprintf(request, sizeof(request), "{'mode':'01','service_id':'01','digest':[%s]}", block);
	assert_int_equal(mode_page(request), PORTAL_REFUSED);
	snprintf(request, sizeof(request), "{'mode':'01','service_id':'02','digest':%s}", block);
	assert_int_equal(mode_page(request), PORTAL_REFUSED);
	snprintf(request, sizeof(request), "{'mode':'02','service_id':'01','digest':[%s,'AAAA']}",
		 block);
	assert_int_equal(mode_page(request), PORTAL_REFUSED);
	assert_int_equal(mode_page("{'mode':'02','service_id':'01','digest':[]}"), PORTAL_REFUSED);
	assert_int_equal(mode_page("{'mode':'04','service_id':'01'}"), PORTAL_ATTRIBUTES);
	assert_int_equal(mode_page("{'mode':'05'}"), PORTAL_END);
	assert_int_equal(mode_page("{'mode':'03','service_id':'01'}"), PORTAL_REFUSED);
	assert_int_equal(mode_page("{'mode':'05','mode':'05'}"), PORTAL_REFUSED);
	assert_int_equal(mode_page("{'mode':'05','x':[[[[1]]]]}"), PORTAL_REFUSED);
	/* Brackets in a text are none, also behind a quotation mark in it. */
	assert_int_equal(mode_page("{'mode':'04','service_id':'01','x':'[[[[[{{{{{'}"),
			 PORTAL_ATTRIBUTES);
	assert_int_equal(mode_page("{'mode':'04','service_id':'01','x':'\\\\'[[[[['}"),
			 PORTAL_ATTRIBUTES);
	assert_int_equal(mode_page("no JSON"), PORTAL_REFUSED);
	for (int count = 100; count <= 101; count++) {
		length = (size_t)snprintf(request, sizeof(request),
					  "{'mode':'02','service_id':'01','digest':[");
		for (int i = 0; i < count; i++)
			length += (size_t)snprintf(request + length, sizeof(request) - length,
						   "%s%s", i > 0 ? "," : "", block);
		snprintf(request + length, sizeof(request) - length, "]}");
		assert_int_equal(mode_page(request), count == 100 ? PORTAL_SIGN : PORTAL_REFUSED);
	}
}

static void test_portal_blocks(void **state)
{
	static const char bare[] = "{'mode':'01','service_id':'01','digest':"
				   "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}";
	static const char sha1[] = "{'mode':'01','service_id':'01','digest':"
				   "'MCEwCQYFKw4DAhoFAAQUAAAAAAAAAAAAAAAAAAAAAAAAAAA='}";
	/* The bits behind the last byte are not zero. */
	static const char loose[] = "{'mode':'01','service_id':'01','digest':"
				    "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB='}";

	(void)state;
	assert_int_equal(mode_page(bare), PORTAL_REFUSED);
	assert_int_equal(mode_page(sha1), PORTAL_REFUSED);
	assert_int_equal(mode_from("https://myna.go.jp", bare, true), PORTAL_LOG_IN);
	assert_int_equal(mode_from("https://myna.go.jp", sha1, true), PORTAL_LOG_IN);
	assert_int_equal(mode_from("https://myna.go.jp", loose, true), PORTAL_REFUSED);
	assert_int_equal(mode_from("http://myna.go.jp", bare, true), PORTAL_REFUSED);
}

/* Each hash whose DigestInfo is taken: every byte of its beginning counts, and so does its length.
 */
static void test_portal_info(void **state)
{
	static const enum jpki_hash hashes[] = {JPKI_HASH_SHA256, JPKI_HASH_SHA384,
						JPKI_HASH_SHA512};
	uint8_t digest[JPKI_HASH_SIZE_MAX], info[JPKI_DIGEST_INFO_MAX + 1] = {0};

	(void)state;
	memset(digest, 0xa5, sizeof(digest));
	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		size_t length = jpki_hash_digest_info(hashes[i], digest, info);

		assert_int_equal(mode_of_block(info, length, false), PORTAL_LOG_IN);
		assert_int_equal(mode_of_block(info, length - 1, false), PORTAL_REFUSED);
		assert_int_equal(mode_of_block(info, length + 1, false), PORTAL_REFUSED);
		for (size_t at = 0; at < length; at++) {
			info[at] ^= 1;
			assert_int_equal(mode_of_block(info, length, false),
					 at < length - jpki_hash_size(hashes[i]) ? PORTAL_REFUSED
										 : PORTAL_LOG_IN);
			info[at] ^= 1;
		}
	}
	for (size_t length = 1; length <= JPKI_DIGEST_INFO_MAX; length++)
		assert_int_equal(mode_of_block(digest, length < 64 ? length : 64, true),
				 length == 32 ? PORTAL_LOG_IN : PORTAL_REFUSED);
}

/* What was refused can be told, and no more of it. */
static void test_portal_refused_block(void **state)
{
	struct portal_message message;

	(void)state;
	assert_int_equal(mode_of("{\"version\":1,\"origin\":\"https://myna.go.jp\",\"request\":"
				 "\"{\\\"mode\\\":\\\"01\\\",\\\"service_id\\\":\\\"01\\\","
				 "\\\"digest\\\":\\\"AAECAwQF\\\"}\"}",
				 false, &message),
			 PORTAL_REFUSED);
	assert_int_equal(message.refused_length, 6);
	assert_memory_equal(message.refused_head, "\0\1\2\3", 4);
	assert_string_equal(message.word, "01");
	portal_message_free(&message);
	assert_int_equal(message.count, 0);
	assert_null(message.blocks);
	assert_int_equal(mode_of("{\"version\":1,\"origin\":\"http://myna.go.jp\",\"request\":"
				 "\"" LOG_IN "\"}",
				 false, &message),
			 PORTAL_REFUSED);
	assert_int_equal(message.refused_length, 0);
	assert_string_equal(message.origin, "");
	portal_message_free(&message);
}

/* What a page says of itself changes nothing, and is kept nowhere. */
static void test_portal_lies(void **state)
{
	static const char lie[] =
		"{\"version\":1,\"origin\":\"https://myna.go.jp\",\"pin\":\"1234\","
		"\"__proto__\":{\"about\":true},\"request\":\"{\\\"mode\\\":\\\"04\\\","
		"\\\"service_id\\\":\\\"01\\\",\\\"origin\\\":\\\"https://www.keisan.nta.go.jp\\\","
		"\\\"added\\\":true,\\\"pin\\\":\\\"1234\\\",\\\"version\\\":9,"
		"\\\"digest\\\":[{}],\\\"about\\\":true,\\\"path\\\":\\\"/bin/sh\\\"}\"}";
	struct portal_message message;

	(void)state;
	assert_int_equal(mode_of(lie, false, &message), PORTAL_ATTRIBUTES);
	assert_string_equal(message.origin, "https://myna.go.jp");
	assert_false(message.added);
	assert_int_equal(message.count, 0);
	portal_message_free(&message);
}

/* The extension itself asks without a page. */
static void test_portal_about(void **state)
{
	static const char *const others[] = {
		"{\"version\":2,\"about\":true}", "{\"about\":true}", "{\"version\":1,\"about\":1}",
		"{\"version\":1,\"about\":true,\"request\":1}", "{\"version\":1}"};
	struct portal_message message;

	(void)state;
	assert_int_equal(mode_of("{\"version\":1,\"about\":true}", false, &message), PORTAL_ABOUT);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(mode_of(others[i], false, &message), PORTAL_REFUSED);
	assert_int_equal(mode_page("{'version':1,'about':true}"), PORTAL_REFUSED);
	/* A page's request goes before. */
	assert_int_equal(mode_of("{\"version\":1,\"about\":true,\"origin\":\"https://myna.go.jp\","
				 "\"request\":\"" LOG_IN "\"}",
				 false, &message),
			 PORTAL_LOG_IN);
	portal_message_free(&message);
}

static void test_portal_origin(void **state)
{
	static const char *const good[] = {"https://myna.go.jp", "https://xn--eckwd4c7c.jp",
					   "https://a.b:8443"};
	static const char *const bad[] = {"http://myna.go.jp",
					  "https://",
					  "https://myna.go.jp/",
					  "https://MYNA.go.jp",
					  "https://a..jp",
					  "https://a.jp:",
					  "https://a@b.jp",
					  "https://a.jp\nx",
					  "https://\xe3\x81\x82.jp",
					  "null",
					  "https://.jp",
					  "https://a.jp.",
					  "https://a.jp:123456",
					  "https://a.jp:1x"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(portal_origin_is_https(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(portal_origin_is_https(bad[i]));
}

/* The extension's list; a site beyond it is only what the person has added in the browser. */
static void test_portal_sites(void **state)
{
	static const char *const known[] = {
		"https://myna.go.jp", "https://a.b.myna.go.jp", "https://www.keisan.nta.go.jp",
		"https://login.e-tax.nta.go.jp", "https://clientweb.e-tax.nta.go.jp"};
	static const char *const others[] = {"https://myna.go.jp.example",
					     "https://a.myna.go.jp.example",
					     "https://www.keisan.nta.go.jp.example",
					     "https://www.x-myna.go.jp",
					     "https://xmyna.go.jp",
					     "https://go.jp",
					     "https://keisan.nta.go.jp",
					     "https://uketsuke.e-tax.nta.go.jp",
					     "https://x.www.keisan.nta.go.jp",
					     "https://myna.go.jp:8443",
					     "https://example.jp"};
	struct portal_message message;
	char text[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_true(portal_site_is_known(known[i]));
		assert_int_equal(mode_from(known[i], "{'mode':'04','service_id':'01'}", false),
				 PORTAL_ATTRIBUTES);
	}
	assert_false(portal_site_is_known("http://myna.go.jp"));
	assert_false(portal_site_is_known("http:///myna.go.jp"));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(portal_site_is_known(others[i]));
		assert_int_equal(mode_from(others[i], "{'mode':'04','service_id':'01'}", false),
				 PORTAL_REFUSED);
		snprintf(text, sizeof(text),
			 "{\"version\":1,\"origin\":\"%s\",\"added\":true,\"request\":\"" LOG_IN
			 "\"}",
			 others[i]);
		assert_int_equal(mode_of(text, false, &message), PORTAL_LOG_IN);
		assert_true(message.added);
		portal_message_free(&message);
	}
	assert_int_equal(mode_of("{\"version\":1,\"origin\":\"https://myna.go.jp\",\"added\":true,"
				 "\"request\":\"" LOG_IN "\"}",
				 false, &message),
			 PORTAL_LOG_IN);
	assert_false(message.added);
	portal_message_free(&message);
	assert_int_equal(mode_of("{\"version\":1,\"origin\":\"https://"
				 "example.jp\",\"added\":1,\"request\":\"" LOG_IN "\"}",
				 false, &message),
			 PORTAL_REFUSED);
	portal_message_free(&message);
	assert_int_equal(mode_of("{\"version\":1,\"origin\":\"http://example.jp\",\"added\":true,"
				 "\"request\":\"" LOG_IN "\"}",
				 false, &message),
			 PORTAL_REFUSED);
	portal_message_free(&message);
}

/* --- answers --------------------------------------------------------------------------------- */

static void assert_answer(char *answer, const char *wanted)
{
	assert_non_null(answer);
	assert_string_equal(answer, wanted);
	free(answer);
}

static struct portal_bytes bytes_of(char *text)
{
	return (struct portal_bytes){.data = (uint8_t *)text, .length = strlen(text)};
}

static void test_portal_answers(void **state)
{
	const struct portal_identity identity = {.uuid = UUID, .code = CODE};
	char a[] = "a", b[] = "bb", c[] = "c";
	const struct portal_bytes signatures[] = {bytes_of(a), bytes_of(b)};
	const struct portal_bytes certificate = bytes_of(c);
	const struct jpki_attributes attributes = {
		.name = {.text = "\xe5\x85\xac", .length = 3},
		.address = {.text = "b0", .length = 1},
		.birthday = {'1', '9', '7', '5', '0', '4', '0', '3'},
		.sex = '2'};

	(void)state;
	assert_answer(portal_answer_error("01"),
		      "{\"mode\":\"01\",\"result\":\"1\",\"errcode\":\"EW044-C300\"}");
	assert_answer(portal_answer_error(""), "{\"result\":\"1\",\"errcode\":\"EW044-C300\"}");
	assert_answer(portal_answer_signed(true, &identity, signatures, 1, &certificate),
		      "{\"mode\":\"01\",\"result\":\"0\",\"uuid\":\"" UUID
		      "\",\"combination_code\":\"" CODE
		      "\",\"signature\":\"YQ==\",\"certificate\":\"Yw\"}");
	assert_answer(portal_answer_signed(false, &identity, signatures, 2, &certificate),
		      "{\"mode\":\"02\",\"result\":\"0\",\"uuid\":\"" UUID
		      "\",\"combination_code\":\"" CODE "\",\"signature\":[\"YQ==\",\"YmI=\"],"
		      "\"certificate\":\"Yw\"}");
	assert_answer(portal_answer_signed(false, &identity, signatures, 1, &certificate),
		      "{\"mode\":\"02\",\"result\":\"0\",\"uuid\":\"" UUID
		      "\",\"combination_code\":\"" CODE "\",\"signature\":[\"YQ==\"],"
		      "\"certificate\":\"Yw\"}");
	assert_answer(portal_answer_attributes(&identity, &attributes),
		      "{\"mode\":\"04\",\"result\":\"0\",\"uuid\":\"" UUID
		      "\",\"combination_code\":\"" CODE "\",\"name\":\"e585ac\",\"sex\":\"32\","
		      "\"address\":\"62\",\"birthday\":\"3139373530343033\"}");
}

/* --- identity -------------------------------------------------------------------------------- */

static void test_portal_code(void **state)
{
	char code[PORTAL_CODE_SIZE];

	(void)state;
	assert_true(portal_combination_code("0123456789012", UUID, code));
	assert_string_equal(code, CODE);
	/* Each byte of that uuid has two equal digits; here none has. */
	assert_true(
		portal_combination_code("0123456789012", "0123456789abcdeffedcba9876543210", code));
	assert_string_equal(code,
			    "076b30febf67586527ed48abf42643f18ef4ab3ac4ee8e8deb1a3286f74a0447");
	assert_false(portal_combination_code("012345678901", UUID, code));
	assert_false(portal_combination_code("012345678901x", UUID, code));
	assert_false(portal_combination_code("0123456789012", "0011", code));
}

static void write_uuid(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_portal_uuid(void **state)
{
	struct jpki_user_place place = {.root = "/tmp/test_portal.XXXXXX", .below = "x/y"};
	char first[PORTAL_UUID_SIZE], again[PORTAL_UUID_SIZE], path[PORTAL_PATH_SIZE];
	static const char *const damaged[] = {UUID, UUID " ", "0011223344556677\n",
					      "00112233445566778899AABBCCDDEEFF\n",
					      "00112233445566778899aabbccddeefg\n"};
	struct rlimit before, less;
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(place.root));
	assert_true(portal_uuid(&place, first));
	assert_true(portal_uuid(&place, again));
	assert_string_equal(first, again);
	assert_int_equal(strlen(first), 32);
	assert_true(portal_uuid_path(&place, path));
	assert_string_equal(path + strlen(place.root), "/x/y/portal-uuid");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	/* What was damaged is not replaced by another number. */
	assert_int_equal(truncate(path, 5), 0);
	assert_false(portal_uuid(&place, again));
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		write_uuid(path, damaged[i]);
		assert_false(portal_uuid(&place, again));
	}
	write_uuid(path, UUID "\n");
	assert_true(portal_uuid(&place, again));
	assert_string_equal(again, UUID);
	/* A full disk leaves no half of a number. */
	assert_int_equal(truncate(path, 0), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	less = (struct rlimit){.rlim_cur = 10, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	assert_false(portal_uuid(&place, again));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(portal_uuid(&place, again));
	assert_string_not_equal(again, first);
	/* A link, and a pipe that nobody writes to. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_false(portal_uuid(&place, again));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(portal_uuid(&place, again));
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/x/y", place.root);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/x", place.root);
	rmdir(path);
	rmdir(place.root);
	/* Without a home there is no place. */
	place.root[0] = '\0';
	assert_false(portal_uuid(&place, again));
	assert_false(portal_uuid_path(&place, path));
}

static void test_portal_lock(void **state)
{
	struct jpki_config config = {.runtime_root = "/tmp/test_portal.XXXXXX"};
	char path[PATH_MAX];
	int first, second;

	(void)state;
	assert_non_null(mkdtemp(config.runtime_root));
	first = portal_lock(&config);
	second = portal_lock(&config);
	assert_true(first >= 0);
	assert_int_equal(second, PORTAL_LOCK_TAKEN);
	close(first);
	second = portal_lock(&config);
	assert_true(second >= 0);
	close(second);
	snprintf(path, sizeof(path), "%s/jpki-portal.lock", config.runtime_root);
	unlink(path);
	/* What nobody can make or open is not what another host has. */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(portal_lock(&config), PORTAL_LOCK_NO_PLACE);
	rmdir(path);
	rmdir(config.runtime_root);
	assert_int_equal(portal_lock(&config), PORTAL_LOCK_NO_PLACE);
	config.runtime_root[0] = '\0';
	assert_int_equal(portal_lock(&config), PORTAL_LOCK_NO_PLACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_portal_frame),
		cmocka_unit_test(test_portal_frame_write),
		cmocka_unit_test(test_portal_log_in),
		cmocka_unit_test(test_portal_modes),
		cmocka_unit_test(test_portal_blocks),
		cmocka_unit_test(test_portal_origin),
		cmocka_unit_test(test_portal_sites),
		cmocka_unit_test(test_portal_answers),
		cmocka_unit_test(test_portal_code),
		cmocka_unit_test(test_portal_uuid),
		cmocka_unit_test(test_portal_lock),
		cmocka_unit_test(test_portal_info),
		cmocka_unit_test(test_portal_lies),
		cmocka_unit_test(test_portal_about),
		cmocka_unit_test(test_portal_refused_block),
		cmocka_unit_test(test_portal_frame_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
