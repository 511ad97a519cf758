/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command around the virtual card: making one, putting it into a reader, looking at it. */
#include "internal.h"
#include "make.h"
#include "vpcd.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define MS_MAX     10000

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void print_usage(FILE *out)
{
	fputs("Usage: jpki-vcard make DIR [--profile NAME] [--soon|--expired] [--keys CARD]\n"
	      "                             [--name TEXT] [--address TEXT] [--birthday YYYYMMDD]\n"
	      "                             [--sex DIGIT] [--text-pin PIN]\n"
	      "       jpki-vcard insert DIR [--host HOST] [--port PORT]\n"
	      "                             [--atr contact|contactless|HEX]... [--log FILE]\n"
	      "                             [--quirk NAME[=VALUE]]...\n"
	      "                             [--exchange-ms MS] [--signature-ms MS]\n"
	      "       jpki-vcard tries DIR\n"
	      "       jpki-vcard reset-tries DIR\n"
	      "       jpki-vcard --help\n"
	      "\n"
	      "make         issue a virtual card in the directory DIR, with keys of its own or\n"
	      "             those of another virtual card, which is quicker\n"
	      "insert       put it into the reader of vpcd (127.0.0.1, port 35963) until the\n"
	      "             process is ended; prints \"inserted\" when it is in; with an ATR that\n"
	      "             does not offer T=1 it speaks T=0; each exchange, and beside that\n"
	      "             each signature, takes at least the time that is given\n"
	      "tries        print how many tries the PINs have left\n"
	      "reset-tries  give the card its first PINs and all tries back\n"
	      "\n"
	      "PINs of a new card: authentication " VCARD_AUTH_PIN ", signing " VCARD_SIGN_PIN
	      ", text " VCARD_TEXT_PIN "\n"
	      "\nProfiles:\n",
	      out);
	for (unsigned i = 0; i < VCARD_PROFILE_COUNT; i++)
		fprintf(out, "  %s\n", vcard_profile_name((enum vcard_profile)i));
	fputs("\nQuirks:\n", out);
	for (unsigned i = 0; i < VCARD_QUIRK_COUNT; i++)
		fprintf(out, "  %s\n", vcard_quirk_usage((enum vcard_quirk)i));
}

static int usage_error(const char *what, const char *value)
{
	fprintf(stderr, "jpki-vcard: %s: %s\nTry 'jpki-vcard --help'.\n", what, value);
	return EXIT_USAGE;
}

/* The one operand, the card's directory; NULL with a message when it is not exactly one. */
static const char *operand(int argc, char **argv)
{
	if (optind + 1 != argc) {
		usage_error("wanted", "one directory DIR");
		return NULL;
	}
	return argv[optind];
}

static int run_make(int argc, char **argv)
{
	static const struct option options[] = {{"profile", required_argument, NULL, 'p'},
						{"soon", no_argument, NULL, 's'},
						{"expired", no_argument, NULL, 'e'},
						{"keys", required_argument, NULL, 'k'},
						{"name", required_argument, NULL, 'n'},
						{"address", required_argument, NULL, 'a'},
						{"birthday", required_argument, NULL, 'b'},
						{"sex", required_argument, NULL, 'x'},
						{"text-pin", required_argument, NULL, 't'},
						{NULL, 0, NULL, 0}};
	struct vcard_make_options make = {.profile = VCARD_MYNUMBER};
	const char *dir;
	const char *keys = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			make.validity = VCARD_SOON;
		else if (option == 'e')
			make.validity = VCARD_EXPIRED;
		else if (option == 'k')
			keys = optarg;
		else if (option == 'n')
			make.name = optarg;
		else if (option == 'a')
			make.address = optarg;
		else if (option == 'b')
			make.birthday = optarg;
		else if (option == 'x')
			make.sex = optarg;
		else if (option == 't')
			make.text_pin = optarg;
		else if (option != 'p')
			return EXIT_USAGE;
		else if (!vcard_profile_by_name(optarg, &make.profile))
			return usage_error("no such profile", optarg);
	}
	dir = operand(argc, argv);
	if (dir == NULL)
		return EXIT_USAGE;
	return vcard_make_with_keys(dir, &make, keys) ? EXIT_SUCCESS : EXIT_FAILURE;
}

struct insertion {
	const char *dir, *host, *port, *log;
	struct vcard_pace pace;
	struct vcard_options options;
};

/* Signals come in only while the reader is waited for, so that none is missed. */
static bool catch_signals(sigset_t *unblocked)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	return sigprocmask(SIG_BLOCK, NULL, unblocked) == 0 &&
	       sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
	       sigdelset(unblocked, SIGTERM) == 0 && sigdelset(unblocked, SIGINT) == 0;
}

static bool block_signals(void)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	return sigprocmask(SIG_BLOCK, &blocked, NULL) == 0;
}

static int insert(const struct insertion *insertion)
{
	struct vcard *card = vcard_open(insertion->dir, &insertion->options);
	FILE *log = NULL;
	sigset_t unblocked;
	int fd = -1;
	int result = EXIT_FAILURE;

	if (card == NULL)
		return result;
	if (insertion->log != NULL && (log = fopen(insertion->log, "a")) == NULL) {
		perror(insertion->log);
		goto out;
	}
	if (!catch_signals(&unblocked))
		goto out;
	fd = vcard_vpcd_connect(insertion->host, insertion->port, &stop);
	if (fd < 0 || !block_signals())
		goto out;
	puts("inserted");
	fflush(stdout);
	if (vcard_vpcd_serve(card, fd, log, &insertion->pace, &stop, &unblocked))
		result = EXIT_SUCCESS;
	else
		fputs("jpki-vcard: the connection to the reader broke\n", stderr);
out:
	if (fd >= 0)
		close(fd);
	if (log != NULL)
		fclose(log);
	vcard_close(card);
	return result;
}

/* Sets a time of at most ten seconds. */
static bool set_ms(unsigned *ms, const char *text)
{
	char *end = NULL;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || number > MS_MAX)
		return false;
	*ms = (unsigned)number;
	return true;
}

static int run_insert(int argc, char **argv)
{
	static const struct option options[] = {{"host", required_argument, NULL, 'h'},
						{"port", required_argument, NULL, 'p'},
						{"atr", required_argument, NULL, 'a'},
						{"quirk", required_argument, NULL, 'q'},
						{"log", required_argument, NULL, 'l'},
						{"exchange-ms", required_argument, NULL, 'e'},
						{"signature-ms", required_argument, NULL, 's'},
						{NULL, 0, NULL, 0}};
	struct insertion insertion = {.host = "127.0.0.1", .port = "35963"};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			insertion.host = optarg;
		else if (option == 'p')
			insertion.port = optarg;
		else if (option == 'l')
			insertion.log = optarg;
		else if (option == 'q' && !vcard_set_quirk(&insertion.options, optarg))
			return usage_error("no such quirk", optarg);
		else if (option == 'a' && !vcard_set_atr(&insertion.options, optarg))
			return usage_error("not an ATR", optarg);
		else if ((option == 'e' && !set_ms(&insertion.pace.exchange, optarg)) ||
			 (option == 's' && !set_ms(&insertion.pace.signature, optarg)))
			return usage_error("not a time", optarg);
		else if (option == '?')
			return EXIT_USAGE;
	}
	insertion.dir = operand(argc, argv);
	return insertion.dir == NULL ? EXIT_USAGE : insert(&insertion);
}

static int run_tries(int argc, char **argv)
{
	const char *dir = operand(argc, argv);
	struct vcard *card;
	int tries;

	if (dir == NULL)
		return EXIT_USAGE;
	card = vcard_open(dir, NULL);
	if (card == NULL)
		return EXIT_FAILURE;
	tries = vcard_tries(card, VCARD_EF_AUTH_PIN);
	if (tries >= 0)
		printf("auth %d\n", tries);
	tries = vcard_tries(card, VCARD_EF_SIGN_PIN);
	if (tries >= 0)
		printf("sign %d\n", tries);
	tries = vcard_tries_in(card, "text", VCARD_EF_TEXT_PIN);
	if (tries >= 0)
		printf("text %d\n", tries);
	vcard_close(card);
	return EXIT_SUCCESS;
}

static int run_reset_tries(int argc, char **argv)
{
	const char *dir = operand(argc, argv);

	if (dir == NULL)
		return EXIT_USAGE;
	return vcard_restore(dir) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"make", run_make},
	{"insert", run_insert},
	{"tries", run_tries},
	{"reset-tries", run_reset_tries},
};

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage_error("wanted", "a command");
	if (strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	return usage_error("no such command", argv[1]);
}
