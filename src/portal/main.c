/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * main: serves the extension of the browsers over standard input and output, one request at a time.
 *
 * One thread reads the frames, so that the end of the pipe, or mode 05, ends a question that is
 * open: it sends SIGTERM to the process, which withdraws the window. Signals wait while the card
 * has a PIN.
 */
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/app.h"
#include "app/ask/pinentry_flavor.h"
#include "app/host/portal_files.h"
#include "app/ui/json.h"
#include "app/ui/patience.h"
#include "app/ui/situation.h"
#include "base/config.h"
#include "base/log.h"
#include "portal/about.h"
#include "portal/answer.h"
#include "portal/frame.h"
#include "portal/identity.h"
#include "portal/memory.h"
#include "portal/message.h"
#include "portal/question.h"
#include "portal/reason.h"
#include "portal/signing.h"
#include "portal/text_card.h"

/* The extension waits for no more than 15 seconds for what can be known without a PIN. */
#define ABOUT_SECONDS 8

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *text; /* the request that waits, or is in work; NULL: none */
	size_t length;
	bool working;
	bool answered; /* the page has an error, and the card has not ended its work */
	bool ended;
	int out;       /* the pipe to the browser: nothing else of this process is written there */
	bool dialogue; /* pinentry can show a window, as far as that was asked for */
} host = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .out = -1};

/* Who is answering, for one answer. */
struct identity {
	char uuid[PORTAL_UUID_SIZE];
	char code[PORTAL_CODE_SIZE];
	struct portal_identity names;
};

/* Return whether our extension has started this process. */
static bool is_ours(int argc, char **argv)
{
	if (argc == 2)
		return strcmp(argv[1], PORTAL_CHROMIUM_ORIGIN) == 0;
	return argc == 3 && strcmp(argv[2], PORTAL_FIREFOX_ID) == 0;
}

/* Send a message, and release it. */
static void send_message(json_t *whole)
{
	char *text = whole != NULL ? json_dumps(whole, JSON_COMPACT) : NULL;

	/* A page must not wait for what nobody can tell it any more. */
	if (text == NULL || !portal_frame_write(host.out, text))
		_exit(APP_FAILED);
	explicit_bzero(text, strlen(text));
	free(text);
	json_decref(whole);
}

static void forget(char *answer)
{
	if (answer != NULL)
		explicit_bzero(answer, strlen(answer));
	free(answer);
}

/* Send the page's answer, and free it. The reason of an error, if there is one, is for the person
 * alone. */
static void send_answer(char *answer, const char *reason)
{
	/* In a locale of another encoding the words are not UTF-8. */
	json_t *words = reason != NULL ? ui_json_text(reason) : NULL;
	json_t *busy = portal_reason_is_busy(reason) ? json_true() : NULL;

	/* Without memory, or for what cannot be said in JSON, the page gets an error all the same.
	 */
	send_message(json_pack("{s:i, s:s, s:o*, s:o*}", "version", 1, "answer",
			       answer != NULL ? answer : PORTAL_ANSWER_BARE, "reason", words,
			       "busy", busy));
	forget(answer);
}

static void refuse(const struct portal_message *message, const char *reason)
{
	send_answer(portal_answer_error(message->word), reason);
}

/* Say in the log what was refused, without what a page could hide in it. */
static void log_refusal(const struct portal_message *message)
{
	const uint8_t *head = message->refused_head;

	if (message->refused_length > 0)
		jpki_log(JPKI_LOG_ERROR,
			 "portal: refused: %s: it has %zu bytes and begins with %02x%02x%02x%02x",
			 message->refusal, message->refused_length, head[0], head[1], head[2],
			 head[3]);
	else
		jpki_log(JPKI_LOG_ERROR, "portal: refused: %s", message->refusal);
}

/* Return what is answered without the card; NULL: nothing is, the message is for the card. */
static const char *refusal_of(const struct portal_message *message)
{
	if (message->mode == PORTAL_REFUSED) {
		log_refusal(message);
		return _("The request is not one that is served here.");
	}
	return host.text != NULL ? portal_reason_busy() : NULL;
}

/*
 * Hand a frame over to the thread with the card, or answer it at once. Return false at the end.
 * Takes the text.
 */
static bool take_frame(char *text, size_t length, bool bare)
{
	struct portal_message message;
	const char *refusal = NULL;
	bool goes_on;

	portal_message_parse(&message, text, length, bare);
	goes_on = message.mode != PORTAL_END;
	pthread_mutex_lock(&host.lock);
	if (goes_on)
		refusal = refusal_of(&message);
	if (refusal != NULL)
		refuse(&message, refusal);
	if (refusal == NULL && goes_on) {
		host.text = text;
		host.length = length;
		text = NULL;
		pthread_cond_signal(&host.changed);
	}
	pthread_mutex_unlock(&host.lock);
	free(text);
	portal_message_free(&message);
	return goes_on;
}

static void *read_frames(void *bare)
{
	struct portal_message message = {.mode = PORTAL_REFUSED};
	enum portal_frame read;
	size_t length;
	char *text;

	do
		read = portal_frame_read(STDIN_FILENO, &text, &length);
	while (read == PORTAL_FRAME_READ && take_frame(text, length, *(const bool *)bare));
	pthread_mutex_lock(&host.lock);
	if (read == PORTAL_FRAME_BROKEN)
		refuse(&message, NULL);
	host.ended = true;
	if (host.working)
		kill(getpid(), SIGTERM);
	pthread_cond_signal(&host.changed);
	pthread_mutex_unlock(&host.lock);
	return NULL;
}

/* Name the card and this installation. */
static bool identify(struct identity *identity, const char *digits)
{
	identity->names = (struct portal_identity){.uuid = identity->uuid, .code = identity->code};
	return portal_combination_code(digits, identity->uuid, identity->code);
}

/* Sign what the message asks for, and make the answer of it. Return why not; NULL if it is made. */
static const char *sign(const struct portal_message *message, struct identity *identity,
			char **answer)
{
	struct portal_signing signing = {0};
	const char *reason = portal_sign(&signing, message);

	if (reason == NULL && !identify(identity, signing.digits))
		reason = situation_text(SITUATION_INTERNAL);
	if (reason == NULL)
		*answer = portal_answer_signed(message->mode == PORTAL_LOG_IN, &identity->names,
					       signing.signatures, message->count,
					       &signing.certificate);
	portal_signing_free(&signing);
	return reason;
}

/* The same for the four attributes. */
static const char *read_attributes(const struct portal_message *message, struct identity *identity,
				   char **answer)
{
	struct portal_reading reading;
	const char *reason = portal_read(&reading, message);

	if (reason == NULL && !identify(identity, reading.digits))
		reason = situation_text(SITUATION_INTERNAL);
	if (reason == NULL)
		*answer = portal_answer_attributes(&identity->names, &reading.attributes);
	explicit_bzero(&reading, sizeof(reading));
	return reason;
}

/* Return why there is no uuid. */
static const char *no_uuid(const struct jpki_user_place *place)
{
	char path[PORTAL_PATH_SIZE];

	return portal_uuid_path(place, path) ? portal_reason_no_uuid(path)
					     : portal_reason_no_place();
}

/* Answer by the card. Return why not; NULL if the answer is made. */
static const char *use_card(const struct portal_message *message, const struct jpki_config *config,
			    char **answer)
{
	struct identity identity;
	const char *reason;

	if (!portal_uuid(&config->record_place, identity.uuid))
		return no_uuid(&config->record_place);
	reason = portal_question_site(message);
	if (reason == NULL)
		reason = message->mode == PORTAL_ATTRIBUTES
				 ? read_attributes(message, &identity, answer)
				 : sign(message, &identity, answer);
	explicit_bzero(&identity, sizeof(identity));
	return reason;
}

/* The same if no other question is open. */
static const char *answer_to(const struct portal_message *message, const struct jpki_config *config,
			     char **answer)
{
	int lock = portal_lock(config);
	const char *reason;

	if (lock < 0)
		return lock == PORTAL_LOCK_TAKEN ? portal_reason_busy() : portal_reason_no_place();
	reason = use_card(message, config, answer);
	close(lock);
	return reason;
}

/* Answer that the card takes too long with a PIN, which is not broken off: see
 * patience_set_overdue. */
static void answer_early(enum situation situation, void *argument)
{
	const struct portal_message *message = argument;

	pthread_mutex_lock(&host.lock);
	if (host.working && !host.answered) {
		refuse(message, portal_reason_overdue(situation));
		host.answered = true;
	}
	pthread_mutex_unlock(&host.lock);
}

/* Answer that a wait has ended the process: see patience_set_end. The page's answer may be under
 * way or given already: then there is no other. */
static int give_up(enum situation situation, void *argument)
{
	const struct portal_message *message = argument;
	enum app_exit code = situation_exit(situation);

	pthread_mutex_lock(&host.lock);
	if (host.working && message->mode == PORTAL_ABOUT)
		send_message(portal_about(host.dialogue, NULL));
	else if (host.working && !host.answered)
		refuse(message, portal_reason(situation, JPKI_KEY_AUTH));
	host.working = false;
	return (int)code;
}

/* Return the message about the host and the readers; NULL without memory. */
static json_t *tell_about(void)
{
	host.dialogue = pinentry_shows_windows();
	patience_set_limit(ABOUT_SECONDS);
	return portal_about(host.dialogue, portal_about_readers());
}

/* Serve the request that waits. */
static void serve(const struct jpki_config *config)
{
	struct portal_message message;
	json_t *about = NULL;
	const char *reason = NULL;
	char *answer = NULL;

	portal_message_parse(&message, host.text, host.length, config->portal_bare_digests);
	patience_set_end(give_up, &message);
	patience_set_overdue(answer_early, &message);
	if (message.mode == PORTAL_ABOUT)
		about = tell_about();
	else
		reason = answer_to(&message, config, &answer);
	pthread_mutex_lock(&host.lock);
	if (message.mode == PORTAL_ABOUT)
		send_message(about);
	else if (host.answered)
		forget(answer);
	else if (reason != NULL)
		refuse(&message, reason);
	else
		send_answer(answer, NULL);
	portal_memory_wipe_registers();
	free(host.text);
	host.text = NULL;
	host.working = host.answered = false;
	pthread_mutex_unlock(&host.lock);
	patience_set_end(NULL, NULL);
	patience_set_overdue(NULL, NULL);
	patience_set_limit(PATIENCE_SECONDS);
	portal_message_free(&message);
}

/* Wait for a request. False: there will be none. */
static bool await_request(void)
{
	bool found;

	pthread_mutex_lock(&host.lock);
	while (host.text == NULL && !host.ended)
		pthread_cond_wait(&host.changed, &host.lock);
	/* A page that has gone gets no window. */
	found = !host.ended;
	host.working = found;
	pthread_mutex_unlock(&host.lock);
	return found;
}

/* Keep the pipe to ourselves, and leave the terminal that the browser was started on: a window is
 * the only place to ask. */
static bool take_pipe(void)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (terminal >= 0 && getsid(0) != getpid())
		ioctl(terminal, TIOCNOTTY);
	if (terminal >= 0)
		close(terminal);
	host.out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return host.out >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

int main(int argc, char **argv)
{
	struct jpki_config config;
	pthread_t reader;
	sigset_t all;
	sigset_t before;

	prctl(PR_SET_DUMPABLE, 0);
	portal_memory_begin();
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE_NAME, LOCALEDIR);
	textdomain(PACKAGE_NAME);
	portal_question_begin();
	setenv("JPKI_LOG", "error", 0);
	jpki_log_open();
	if (!is_ours(argc, argv)) {
		fputs("jpki-portal: not called by our extension\n", stderr);
		return APP_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	config = jpki_config_load();
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (!take_pipe() ||
	    pthread_create(&reader, NULL, read_frames, &config.portal_bare_digests) != 0)
		return APP_FAILED;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	while (await_request())
		serve(&config);
	return APP_OK;
}
