/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state: says what follows from what is known of a reader, its card and its tokens. */
#include "token/state.h"

#include "token/clock.h"

bool jpki_reader_certificate_is_private(const struct jpki_reader *reader, enum jpki_key key)
{
	return reader->generation != NULL && (reader->generation->keys[key].certificate_needs_pin ||
					      reader->tokens[key].certificate_is_hidden);
}

bool jpki_reader_always_authenticates(const struct jpki_reader *reader, enum jpki_key key)
{
	return key == JPKI_KEY_SIGN && reader->config->sign_always_authenticate;
}

bool jpki_reader_login_expired(const struct jpki_reader *reader, enum jpki_key key)
{
	unsigned int limit = reader->config->pin_idle_seconds;

	return limit != 0 && jpki_reader_now_s() - atomic_load(&reader->tokens[key].last_used_s) >=
				     (int64_t)limit;
}

bool jpki_reader_has_login(const struct jpki_reader *reader, enum jpki_key key)
{
	return atomic_load(&reader->tokens[key].logged_in) &&
	       !jpki_reader_login_expired(reader, key);
}
