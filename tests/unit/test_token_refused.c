/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one process learns of the values that a card has refused to another one of the user. */
#include "fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INS_VERIFY 0x20
#define INS_CHANGE 0x24

static char root[PATH_MAX]; /* the runtime directory */
static char ours[PATH_MAX];
static char path[PATH_MAX];

/* The fixture's reader is one process's; this is the same reader in another one. */
static struct fixture *one;
static struct jpki_reader *other;

static void look(void)
{
	struct jpki_reader_list list;

	fixture_look(one);
	assert_error(one->transport->ops->list(one->transport, &list), JPKI_OK);
	jpki_reader_observe(other, &list.readers[0]);
}

static struct jpki_token_ref other_token(enum jpki_key key)
{
	return (struct jpki_token_ref){
		.reader = other, .key = key, .insertion = jpki_reader_insertion(other)};
}

static int set_up(void **state)
{
	fixture_set_up(state);
	one = *state;
	unit_directory_make(root);
	assert_int_equal(chmod(root, 0700), 0);
	unit_path(ours, root, "jpki-pkcs11");
	unit_path(path, ours, "refused");
	strcpy(one->config.runtime_root, root);
	other = jpki_reader_new(one->transport, &one->config);
	assert_non_null(other);
	jpki_reader_set_name(other, FIXTURE_READER);
	look();
	return 0;
}

static int tear_down(void **state)
{
	jpki_reader_free(other);
	unit_directory_remove(ours);
	unit_directory_remove(root);
	return fixture_tear_down(state);
}

static enum jpki_error change(const struct jpki_token_ref *token, const char *old_pin,
			      const char *new_pin)
{
	return jpki_token_change_pin(token, (const uint8_t *)old_pin, strlen(old_pin),
				     (const uint8_t *)new_pin, strlen(new_pin));
}

/* A mistake costs one try, in however many processes. */
static void test_refused_elsewhere(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_AUTH);

	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&theirs, "0000"), JPKI_E_PIN_REPEATED);
	assert_false(jpki_token_is_logged_in(&theirs));
	assert_int_equal(fixture_tries(one, JPKI_KEY_AUTH), 2);
	assert_error(change(&theirs, "0000", "4321"), JPKI_E_PIN_REPEATED);
	/* The signing password is another one, and its small letters are capitals. */
	mine.key = theirs.key = JPKI_KEY_SIGN;
	assert_error(change(&mine, "wrong1", "NEW1PIN"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&theirs, "Wrong1"), JPKI_E_PIN_REPEATED);
	assert_int_equal(fixture_tries(one, JPKI_KEY_SIGN), 4);
	/* The right one makes all forget. */
	mine.key = theirs.key = JPKI_KEY_AUTH;
	assert_error(fixture_login(&theirs, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(jpki_token_logout(&theirs), JPKI_OK);
	assert_error(fixture_login(&theirs, "0000"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_REPEATED);
	assert_int_equal(fixture_tries(one, JPKI_KEY_AUTH), 2);
}

/* A change is a success, and so is a signature with a PIN that is kept. */
static void test_forgotten_elsewhere(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_AUTH);

	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(access(path, F_OK), 0);
	assert_error(change(&theirs, VCARD_AUTH_PIN, "4321"), JPKI_OK);
	assert_int_equal(access(path, F_OK), -1);
	/* What is right by now is sent. */
	assert_error(change(&theirs, "4321", "0000"), JPKI_OK);
	assert_error(fixture_login(&mine, "0000"), JPKI_OK);
	assert_error(fixture_login(&theirs, "1111"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(access(path, F_OK), 0);
	unit_card_set_pin(&one->card, UNIT_AUTH_PIN_FILE, 3, "0000");
	assert_error(fixture_sign(&mine), JPKI_OK);
	assert_int_equal(access(path, F_OK), -1);
}

static unsigned int looked; /* how often the file was looked for, and found */
static void (*end_before)(struct jpki_link *link);

/* The card acts only while the file is there: it waits for none. */
static enum vcard_fault with_file(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	(void)context;
	(void)index;
	(void)command;
	(void)length;
	assert_int_equal(access(path, F_OK), 0);
	looked++;
	return VCARD_FAULT_NONE;
}

static void end_without_file(struct jpki_link *link)
{
	assert_int_equal(access(path, F_OK), -1);
	looked++;
	end_before(link);
}

/* Others are told of the right PIN when the card was left, and before they may use it. */
static void test_forgotten_when_locked(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	const struct jpki_transport_ops *before = one->transport->ops;
	struct jpki_transport_ops ops = *before;
	unsigned int exchanges;

	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_INCORRECT);
	looked = 0;
	end_before = ops.end;
	ops.end = end_without_file;
	one->transport->ops = &ops;
	vcard_transport_forget(one->readers);
	vcard_transport_set_hook(one->readers, with_file, NULL);
	assert_error(fixture_login(&mine, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_set_hook(one->readers, NULL, NULL);
	exchanges = vcard_transport_exchanges(one->readers);
	one->transport->ops = before;
	assert_int_equal(looked, exchanges + 1);
}

/* The PIN was changed to the refused value, by a program that tells nobody: the tries tell it. */
static void test_changed_to_refused(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_SIGN);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_SIGN);

	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&mine, "WRONG2"), JPKI_E_PIN_INCORRECT);
	/* With the tries unchanged it is withheld, even if it were right. */
	unit_card_set_pin(&one->card, UNIT_SIGN_PIN_FILE, 3, "WRONG1");
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_REPEATED);
	assert_error(fixture_login(&theirs, "WRONG1"), JPKI_E_PIN_REPEATED);
	unit_card_set_pin(&one->card, UNIT_SIGN_PIN_FILE, 4, "WRONG1");
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_OK);
	assert_error(jpki_token_logout(&mine), JPKI_OK);
	unit_card_set_pin(&one->card, UNIT_SIGN_PIN_FILE, 5, VCARD_SIGN_PIN);
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_INCORRECT);
	unit_card_set_pin(&one->card, UNIT_SIGN_PIN_FILE, 5, "WRONG1");
	assert_error(fixture_login(&theirs, "WRONG1"), JPKI_OK);
}

/* The same in a process that tells nobody and is told by nobody. */
static void test_changed_to_own_refused(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	fixture->config.refusals_shared = false;
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_REPEATED);
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, "0000");
	assert_error(fixture_login(&token, "0000"), JPKI_OK);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	/* The tries were unknown in between, because the link broke. */
	assert_error(fixture_login(&token, "1111"), JPKI_E_PIN_INCORRECT);
	fixture_fault_ins(fixture, VCARD_FAULT_LOSE, INS_VERIFY, FIXTURE_EACH);
	assert_failure(fixture_login(&token, "1111"));
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, "1111");
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_error(fixture_login(&token, "1111"), JPKI_OK);
}

/* A PIN that is kept is withheld when another process has found that it is wrong now. */
static void test_kept_and_refused_elsewhere(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_AUTH);

	assert_error(fixture_login(&mine, VCARD_AUTH_PIN), JPKI_OK);
	unit_card_set_pin(&one->card, UNIT_AUTH_PIN_FILE, 3, "9999");
	assert_error(fixture_login(&theirs, VCARD_AUTH_PIN), JPKI_E_PIN_INCORRECT);
	assert_failure(fixture_sign(&mine));
	assert_error(fixture_login(&mine, "9999"), JPKI_OK);
	assert_int_equal(fixture_tries(one, JPKI_KEY_AUTH), 3);
}

/* The same when it waits for its tries: it ends if its own value is offered, not with another. */
static void test_suspended_and_refused_elsewhere(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_SIGN);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_SIGN);

	assert_error(fixture_login(&mine, VCARD_SIGN_PIN), JPKI_OK);
	unit_card_set_pin(&one->card, UNIT_SIGN_PIN_FILE, 5, "NEWER1");
	assert_error(fixture_login(&theirs, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_sign(&mine), JPKI_E_LOGIN_REQUIRED);
	assert_true(jpki_token_is_suspended(&mine));
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_REPEATED);
	assert_true(jpki_token_is_suspended(&mine));
	assert_error(fixture_login(&theirs, VCARD_SIGN_PIN), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&mine, VCARD_SIGN_PIN), JPKI_E_PIN_REPEATED);
	assert_false(jpki_token_is_logged_in(&mine));
	/* So it costs no try when all are back. */
	assert_error(fixture_login(&theirs, "NEWER1"), JPKI_OK);
	assert_error(fixture_sign(&mine), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(fixture_tries(one, JPKI_KEY_SIGN), 5);
}

/* The card was taken out and put in again: the tries are what they were, and the value is sent. */
static void test_refused_before_removal(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	struct jpki_token_ref theirs;

	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_INCORRECT);
	vcard_transport_remove(one->readers, 0);
	look();
	vcard_transport_insert(one->readers, 0, one->card.card);
	look();
	theirs = other_token(JPKI_KEY_AUTH);
	assert_error(fixture_login(&theirs, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(fixture_tries(one, JPKI_KEY_AUTH), 1);
}

static void test_sharing_turned_off(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_SIGN);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_SIGN);

	one->config.refusals_shared = false;
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(access(ours, F_OK), -1);
	one->config.refusals_shared = true;
	assert_error(fixture_login(&theirs, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&mine, "WRONG2"), JPKI_E_PIN_INCORRECT);
	one->config.refusals_shared = false;
	assert_error(fixture_login(&theirs, "WRONG2"), JPKI_E_PIN_INCORRECT);
}

/* What may be the right PIN is told to nobody: one whose answer was lost, and any of a locked one.
 */
static void test_maybe_right_is_not_shared(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);

	fixture_fault_verify(one, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&mine, "0000"), JPKI_E_PIN_INCORRECT);
	vcard_transport_set_hook(one->readers, NULL, NULL);
	assert_int_equal(access(path, F_OK), -1);
	fixture_answer(one, "6984");
	fixture_fault_verify(one, VCARD_FAULT_ANSWER);
	assert_error(fixture_login(&mine, VCARD_AUTH_PIN), JPKI_E_PIN_LOCKED);
	vcard_transport_set_hook(one->readers, NULL, NULL);
	assert_int_equal(access(path, F_OK), -1);
}

/* Another program spends a try at the very moment at which a PIN is lost on its way. */
static enum vcard_fault spend_instead(void *context, unsigned index, const uint8_t *command,
				      size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (command[1] != INS_VERIFY || length <= 5)
		return VCARD_FAULT_NONE;
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
	return VCARD_FAULT_RESET;
}

/* So a refusal that only the tries show may be none, and others must not be kept from the right
 * PIN by it. */
static void test_guessed_refusal_is_not_shared(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_AUTH);
	struct jpki_token_ref theirs = other_token(JPKI_KEY_AUTH);

	vcard_transport_set_hook(one->readers, spend_instead, one);
	assert_error(fixture_login(&mine, VCARD_AUTH_PIN), JPKI_E_PIN_INCORRECT);
	vcard_transport_set_hook(one->readers, NULL, NULL);
	assert_int_equal(access(path, F_OK), -1);
	assert_error(fixture_login(&mine, VCARD_AUTH_PIN), JPKI_E_PIN_REPEATED);
	assert_error(fixture_login(&theirs, VCARD_AUTH_PIN), JPKI_OK);
	assert_int_equal(fixture_tries(one, JPKI_KEY_AUTH), 3);
}

/* The answer to a change is lost, and then the card refuses both PINs, of which one is right. */
static enum vcard_fault refuse_both(void *context, unsigned index, const uint8_t *command,
				    size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (command[1] == INS_CHANGE)
		return VCARD_FAULT_LOSE;
	if (command[1] != INS_VERIFY || length <= 5 || fixture->seen++ == 0)
		return VCARD_FAULT_NONE;
	fixture_answer(fixture, "63C4");
	/* None of its tries is lost in truth. */
	return VCARD_FAULT_ANSWER;
}

static void test_unclear_change_is_not_shared(void **state)
{
	struct jpki_token_ref mine = fixture_token(*state, JPKI_KEY_SIGN);

	one->seen = 0;
	vcard_transport_set_hook(one->readers, refuse_both, one);
	assert_error(change(&mine, VCARD_SIGN_PIN, "NEW0PIN"), JPKI_E_PIN_UNCERTAIN);
	assert_int_equal(one->seen, 3);
	vcard_transport_set_hook(one->readers, NULL, NULL);
	assert_int_equal(access(path, F_OK), -1);
	/* From here on refusals are told again. */
	assert_error(fixture_login(&mine, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(access(path, F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_refused_elsewhere),
		TEST(test_forgotten_elsewhere),
		TEST(test_forgotten_when_locked),
		TEST(test_changed_to_refused),
		TEST(test_changed_to_own_refused),
		TEST(test_kept_and_refused_elsewhere),
		TEST(test_suspended_and_refused_elsewhere),
		TEST(test_refused_before_removal),
		TEST(test_sharing_turned_off),
		TEST(test_maybe_right_is_not_shared),
		TEST(test_guessed_refusal_is_not_shared),
		TEST(test_unclear_change_is_not_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
