/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin: shows the tries left, verifies or changes a PIN, and shows who used up the tries. */
#include "tool/tool.h"

#include <string.h>

#include "app/card/cards.h"
#include "app/card/pin_change.h"
#include "app/ui/key_name.h"
#include "app/ui/options.h"
#include "tool/pin/pin_parts.h"

enum action { ACTION_STATUS, ACTION_VERIFY, ACTION_CHANGE, ACTION_LOG, ACTION_COUNT };

static const char *const action_names[ACTION_COUNT] = {
	[ACTION_STATUS] = "status",
	[ACTION_VERIFY] = "verify",
	[ACTION_CHANGE] = "change",
	[ACTION_LOG] = "log",
};

struct arguments {
	enum action action; /* ACTION_COUNT if none was given */
	enum jpki_key key;  /* JPKI_KEY_COUNT if none was given */
	struct options common;
};

static const struct argp_child children[] = {{.argp = &options_pin}, {0}};

#define AT_CARD  (EXIT_PIN | EXIT_PIN_CARD)
#define WITH_PIN (EXIT_PIN | EXIT_PIN_CARD | EXIT_PIN_ENTRY)

static const struct help_action actions[] = {
	{"status", NULL, N_("Shows the tries left for each PIN. It asks for no PIN."),
	 " --pinentry ", AT_CARD, NULL, true},
	{"verify", N_("auth|sign"),
	 N_("Asks for the PIN and reports whether it is right. A wrong PIN costs a try; the right "
	    "one restores all tries."),
	 NULL, WITH_PIN,
	 N_("If the PIN is wrong, it says how many tries are left, and asks again. Ctrl-C stops "
	    "it."),
	 false},
	{"change", N_("auth|sign"), N_("Asks for the current PIN once, and for the new PIN twice."),
	 NULL, WITH_PIN,
	 N_("If the current PIN is wrong, it says how many tries are left, and asks again: a wrong "
	    "PIN costs a try. If the two entries of the new PIN differ, or break a rule, it asks "
	    "for the new PIN again, which costs no try. The case of letters does not count. It "
	    "advises against a new PIN that is easy to guess; enter it again to use it all the "
	    "same. Ctrl-C stops it."),
	 false},
	{"log", NULL,
	 N_("Shows which programs used up tries, and which PINs were not sent to the card. The "
	    "newest entry comes last."),
	 " --pinentry --wait ", EXIT_PIN,
	 N_("It reads the record that the module and jpki keep on this computer. It needs no card "
	    "and asks for no PIN; the record contains none. --serial shows the entries of one "
	    "card."),
	 true},
	{0},
};

static const char documentation[] =
	N_("Shows the tries left, verifies or changes a PIN, or shows who used up tries.\vauth is "
	   "the authentication PIN (4 digits), sign is the signing password (6 to 16 letters and "
	   "digits).\n"
	   "\n"
	   "You type a PIN on the terminal, which does not show it, or into pinentry if there is "
	   "no terminal. There is no other way to pass it. A PIN whose length or characters cannot "
	   "be right is not sent to the card, so it costs no try. The last try is used only if you "
	   "confirm it.");

static void parse_word(const char *word, struct arguments *arguments, struct argp_state *state)
{
	if (state->arg_num == 0) {
		for (int i = 0; i < ACTION_COUNT; i++) {
			if (strcmp(word, action_names[i]) == 0)
				arguments->action = (enum action)i;
		}
		if (arguments->action == ACTION_COUNT)
			options_refuse(state, _("\"%s\" is not status, verify, change or log"),
				       word);
	} else if (arguments->action == ACTION_STATUS || arguments->action == ACTION_LOG) {
		argp_error(state, _("too many arguments"));
	} else if (state->arg_num == 1) {
		/* Do not print the word: it may be a PIN. */
		if (!key_of_name(word, &arguments->key))
			argp_error(state, _("specify a PIN: auth or sign"));
	} else {
		argp_error(state, _("too many arguments; a PIN is never given on the command line, "
				    "where other programs can see it"));
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		return 0;
	case ARGP_KEY_ARG:
		parse_word(argument, arguments, state);
		return 0;
	case ARGP_KEY_END:
		if (arguments->action == ACTION_COUNT)
			argp_error(state, _("specify an action: status, verify, change or log"));
		else if (arguments->key == JPKI_KEY_COUNT && arguments->action != ACTION_STATUS &&
			 arguments->action != ACTION_LOG)
			argp_error(state, _("specify a PIN: auth or sign"));
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Do the action with one card. */
static int run(struct cards *cards, const struct card *card, void *argument)
{
	const struct arguments *arguments = argument;
	struct card_pin card_pin;

	if (arguments->action == ACTION_STATUS)
		return pin_status(card, arguments->common.json);
	card_pin_init(&card_pin, cards, card, arguments->key, &arguments->common);
	return arguments->action == ACTION_VERIFY ? pin_verify(&card_pin) : pin_change(&card_pin);
}

int tool_pin(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse, .doc = documentation, .children = children};
	struct arguments arguments = {.action = ACTION_COUNT, .key = JPKI_KEY_COUNT};

	options_parse_actions(&argp, WITH_PIN, actions, argc, argv, &arguments);
	if (arguments.action == ACTION_LOG)
		return pin_log(arguments.common.serial, arguments.common.json);
	return cards_with_one(&arguments.common, run, &arguments);
}
