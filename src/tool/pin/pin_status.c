/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin status: shows the tries left for each PIN; reading them needs no PIN. */
#include "tool/pin/pin_parts.h"

#include <stdio.h>

#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"

struct both {
	bool exists[JPKI_KEY_COUNT];
	struct jpki_token_info infos[JPKI_KEY_COUNT];
};

static enum jpki_error read_both(const struct card *card, struct both *both)
{
	enum jpki_error error = JPKI_OK;

	for (int key = 0; key < JPKI_KEY_COUNT && error == JPKI_OK; key++) {
		struct jpki_token_ref token = card_token(card, (enum jpki_key)key);

		error = jpki_token_get_info(&token, &both->infos[key]);
		both->exists[key] = error == JPKI_OK;
		if (error == JPKI_E_NO_TOKEN)
			error = JPKI_OK;
	}
	return error;
}

static bool is_locked(const struct both *both, enum jpki_key key)
{
	return both->exists[key] && both->infos[key].pin_is_set && both->infos[key].tries == 0;
}

static bool lacks_pin(const struct both *both, enum jpki_key key)
{
	return both->exists[key] && !both->infos[key].pin_is_set;
}

/* Return what to say in addition to the numbers; SITUATION_NONE for nothing. */
static enum situation advice(const struct both *both)
{
	bool auth_locked = is_locked(both, JPKI_KEY_AUTH);
	bool sign_locked = is_locked(both, JPKI_KEY_SIGN);

	if (auth_locked && sign_locked)
		return SITUATION_BOTH_LOCKED;
	if (auth_locked)
		return SITUATION_AUTH_LOCKED;
	if (sign_locked)
		return SITUATION_SIGN_LOCKED;
	if (lacks_pin(both, JPKI_KEY_AUTH) || lacks_pin(both, JPKI_KEY_SIGN))
		return SITUATION_PIN_NOT_SET;
	return SITUATION_NONE;
}

static void print_tries(const struct both *both, enum jpki_key key)
{
	const struct jpki_token_info *info = &both->infos[key];
	const char *pin = key == JPKI_KEY_AUTH ? _("Authentication PIN") : _("Signing password");

	if (!both->exists[key])
		ui_line(stdout, UI_PLAIN, _("%s: this card has none"), pin);
	else if (!info->pin_is_set)
		ui_line(stdout, UI_WARN, _("%s: not set"), pin);
	else if (info->tries < 0)
		ui_line(stdout, UI_PLAIN, _("%s: the card does not tell the tries left"), pin);
	else if (info->tries == 0)
		ui_line(stdout, UI_BAD, _("%s: LOCKED, no try left"), pin);
	else if (info->tries == 1)
		ui_line(stdout, UI_WARN, _("%s: ONLY ONE TRY LEFT of %u"), pin, info->tries_full);
	else
		ui_line(stdout, UI_PLAIN, _("%s: %d of %u tries left"), pin, info->tries,
			info->tries_full);
}

static json_t *json_of_pin(const struct both *both, enum jpki_key key)
{
	const struct jpki_token_info *info = &both->infos[key];
	json_t *tries;

	if (!both->exists[key])
		return json_null();
	tries = info->pin_is_set && info->tries >= 0 ? json_integer(info->tries) : json_null();
	return json_pack("{s:b, s:o, s:i, s:b}", "set", info->pin_is_set, "tries_left", tries,
			 "tries_max", (int)info->tries_full, "locked", is_locked(both, key));
}

int pin_status(const struct card *card, bool json)
{
	struct both both;
	enum jpki_error error = read_both(card, &both);
	enum app_exit code = APP_OK;
	enum situation situation;

	if (error != JPKI_OK)
		return ui_refuse(json, situation_of_error(error, JPKI_KEY_AUTH));
	situation = advice(&both);
	if (json) {
		ui_json(json_pack("{s:s, s:s?, s:o, s:o}", "serial", card->serial, "situation",
				  situation == SITUATION_NONE ? NULL : situation_name(situation),
				  "auth", json_of_pin(&both, JPKI_KEY_AUTH), "sign",
				  json_of_pin(&both, JPKI_KEY_SIGN)));
	} else {
		print_tries(&both, JPKI_KEY_AUTH);
		print_tries(&both, JPKI_KEY_SIGN);
		if (situation != SITUATION_NONE)
			ui_say(stdout, UI_BAD, situation);
	}
	if (situation != SITUATION_NONE)
		code = situation_exit(situation);
	return (int)code;
}
