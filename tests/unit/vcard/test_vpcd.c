/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The card's side of the vpcd protocol, with the test in the reader's place. */
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vpcd.h"

struct service {
	pthread_t thread;
	struct vcard *card;
	int card_fd;
	int reader_fd;
	FILE *log;
	struct vcard_pace pace;
	volatile sig_atomic_t stop;
	bool result;
};

static void *run_service(void *context)
{
	struct service *service = context;
	sigset_t unblocked;

	sigemptyset(&unblocked);
	service->result = vcard_vpcd_serve(service->card, service->card_fd, service->log,
					   &service->pace, &service->stop, &unblocked);
	close(service->card_fd);
	return NULL;
}

static void start(struct service *service)
{
	char path[4096];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	snprintf(path, sizeof(path), "%s/log", directory);
	service->card = take_card("adult", VCARD_MYNUMBER, NULL);
	service->card_fd = fds[0];
	service->reader_fd = fds[1];
	service->log = fopen(path, "w");
	assert_non_null(service->log);
	assert_int_equal(pthread_create(&service->thread, NULL, run_service, service), 0);
}

/* Ends the connection on the reader's side and gives the service's result. */
static bool finish(struct service *service)
{
	close(service->reader_fd);
	pthread_join(service->thread, NULL);
	fclose(service->log);
	vcard_close(service->card);
	return service->result;
}

/* Writes the bytes as they are, and reads exactly the bytes expected. */
static void say(const struct service *service, const char *bytes, size_t len)
{
	assert_int_equal(write(service->reader_fd, bytes, len), len);
}

static void hear(const struct service *service, const char *bytes, size_t len)
{
	char got[64];
	size_t have = 0;

	while (have < len) {
		ssize_t more = read(service->reader_fd, got + have, len - have);

		assert_true(more > 0);
		have += (size_t)more;
	}
	assert_memory_equal(got, bytes, len);
}

static void expect_log(const char *expected)
{
	char path[4096], text[1024];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/log", directory);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static void test_session(void **state)
{
	struct service service = {0};

	(void)state;
	start(&service);
	say(&service, "\x00\x01\x00", 3);
	say(&service, "\x00\x04\x00\x20\x00\x80", 6); /* without power: an empty answer */
	hear(&service, "\x00\x00", 2);
	say(&service, "\x00\x01\x01", 3);
	say(&service, "\x00\x01\x04", 3);
	hear(&service,
	     "\x00\x13\x3B\xDA\x13\xFF\x81\x31\xFB\x46\x80\x12\x39\x2F\x31\xC1\x73\xC6\x01\xC0\x3B",
	     21);
	say(&service, "\x00\x0F\x00\xA4\x04\x0C\x0A\xD3\x92", 9); /* in two pieces */
	say(&service, "\xF0\x00\x26\x01\x00\x00\x00\x01", 8);
	hear(&service, "\x00\x02\x90\x00", 4);
	say(&service, "\x00\x00", 2);
	say(&service, "\x00\x01\x02", 3);
	say(&service, "\x00\x04\x00\xA4\x00\x00", 6);
	hear(&service, "\x00\x02\x6A\x86", 4);
	assert_true(finish(&service));
	expect_log("# power off\n> 00200080\n< \n# power on\n"
		   "> 00A4040C0AD392F000260100000001\n< 9000\n# reset\n"
		   "> 00A40000\n< 6A86\n");
}

/* An answer does not come before its time. */
static void test_pace(void **state)
{
	struct service service = {.pace = {.exchange = 30, .signature = 10000}};
	struct timespec before, after;

	(void)state;
	start(&service);
	say(&service, "\x00\x01\x01", 3);
	clock_gettime(CLOCK_MONOTONIC, &before);
	say(&service, "\x00\x04\x00\xA4\x00\x00", 6);
	hear(&service, "\x00\x02\x6A\x86", 4);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >=
		    30000000L);
	assert_true(finish(&service));
}

static void test_unknown_order(void **state)
{
	struct service service = {0};

	(void)state;
	start(&service);
	say(&service, "\x00\x01\x09", 3);
	assert_false(finish(&service));
}

static void test_stop(void **state)
{
	struct service service = {.stop = 1};

	(void)state;
	start(&service);
	assert_true(finish(&service));
}

static void test_connect(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof(address);
	volatile sig_atomic_t go = 0, stop = 1;
	char port[8];
	int fd, listener = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	snprintf(port, sizeof(port), "%u", ntohs(address.sin_port));
	assert_int_equal(vcard_vpcd_connect("127.0.0.1", port, &stop), -1);
	assert_int_equal(listen(listener, 1), 0);
	fd = vcard_vpcd_connect("127.0.0.1", port, &go);
	assert_true(fd >= 0);
	close(fd);
	close(listener);
	assert_int_equal(vcard_vpcd_connect("127.0.0.1", "no such port", &go), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session),       cmocka_unit_test(test_pace),
		cmocka_unit_test(test_unknown_order), cmocka_unit_test(test_stop),
		cmocka_unit_test(test_connect),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
