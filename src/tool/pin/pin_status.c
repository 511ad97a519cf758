/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin status: shows the tries left for each PIN; reading them needs no PIN. */
#include "tool/pin/pin_parts.h"

#include <stdio.h>

#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"

struct pins {
	bool exists[JPKI_PIN_COUNT];
	struct jpki_token_info infos[JPKI_PIN_COUNT];
};

static enum jpki_error read_pins(const struct card *card, struct pins *pins)
{
	enum jpki_error error = JPKI_OK;

	for (int key = 0; key < JPKI_PIN_COUNT && error == JPKI_OK; key++) {
		struct jpki_token_ref token = card_token(card, (enum jpki_key)key);

		error = jpki_token_get_info(&token, &pins->infos[key]);
		pins->exists[key] = error == JPKI_OK;
		if (error == JPKI_E_NO_TOKEN)
			error = JPKI_OK;
	}
	return error;
}

static bool is_locked(const struct pins *pins, enum jpki_key key)
{
	return pins->exists[key] && pins->infos[key].pin_is_set && pins->infos[key].tries == 0;
}

static bool lacks_pin(const struct pins *pins, enum jpki_key key)
{
	return pins->exists[key] && !pins->infos[key].pin_is_set;
}

/* Return what to say in addition to the numbers; SITUATION_NONE for nothing. */
static enum situation advice(const struct pins *pins)
{
	bool auth_locked = is_locked(pins, JPKI_KEY_AUTH);
	bool sign_locked = is_locked(pins, JPKI_KEY_SIGN);

	if (auth_locked && sign_locked)
		return SITUATION_BOTH_LOCKED;
	if (auth_locked)
		return SITUATION_AUTH_LOCKED;
	if (sign_locked)
		return SITUATION_SIGN_LOCKED;
	if (lacks_pin(pins, JPKI_KEY_AUTH) || lacks_pin(pins, JPKI_KEY_SIGN))
		return SITUATION_PIN_NOT_SET;
	return is_locked(pins, JPKI_PIN_TEXT) ? SITUATION_TEXT_LOCKED : SITUATION_NONE;
}

static void print_tries(const struct pins *pins, enum jpki_key key)
{
	const struct jpki_token_info *info = &pins->infos[key];
	static const char *const names[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = N_("Authentication PIN"),
		[JPKI_KEY_SIGN] = N_("Signing password"),
		[JPKI_PIN_TEXT] = N_("Text-input PIN"),
	};
	const char *pin = _(names[key]);

	if (!pins->exists[key])
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

static json_t *json_of_pin(const struct pins *pins, enum jpki_key key)
{
	const struct jpki_token_info *info = &pins->infos[key];
	json_t *tries;

	if (!pins->exists[key])
		return json_null();
	tries = info->pin_is_set && info->tries >= 0 ? json_integer(info->tries) : json_null();
	return json_pack("{s:b, s:o, s:i, s:b}", "set", info->pin_is_set, "tries_left", tries,
			 "tries_max", (int)info->tries_full, "locked", is_locked(pins, key));
}

int pin_status(const struct card *card, bool json)
{
	struct pins pins;
	enum jpki_error error = read_pins(card, &pins);
	enum app_exit code = APP_OK;
	enum situation situation;

	if (error != JPKI_OK)
		return ui_refuse(json, situation_of_error(error, JPKI_KEY_AUTH));
	situation = advice(&pins);
	if (json) {
		ui_json(json_pack("{s:s, s:s?, s:o, s:o, s:o}", "serial", card->serial, "situation",
				  situation == SITUATION_NONE ? NULL : situation_name(situation),
				  "auth", json_of_pin(&pins, JPKI_KEY_AUTH), "sign",
				  json_of_pin(&pins, JPKI_KEY_SIGN), "text",
				  json_of_pin(&pins, JPKI_PIN_TEXT)));
	} else {
		print_tries(&pins, JPKI_KEY_AUTH);
		print_tries(&pins, JPKI_KEY_SIGN);
		/* Phones and older cards are not expected to have it. */
		if (pins.exists[JPKI_PIN_TEXT])
			print_tries(&pins, JPKI_PIN_TEXT);
		if (situation != SITUATION_NONE)
			ui_say(stdout, UI_BAD, situation);
	}
	if (situation != SITUATION_NONE)
		code = situation_exit(situation);
	return (int)code;
}
