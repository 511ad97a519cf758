/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * situation: holds the name, exit code and English text of each situation, and maps errors to
 * situations.
 */
#include "app/ui/situation.h"

#include <stddef.h>

/* The texts are English; po/ja.po has the Japanese ones. */
static const struct {
	const char *name;
	enum app_exit exit_code;
	const char *text;
} rows[SITUATION_COUNT] = {
	[SITUATION_NO_SERVICE] = {"no-service", APP_NO_READER,
				  N_("The smart card service (pcscd) is not running. Try "
				     "\"systemctl start pcscd.socket\".")},
	[SITUATION_SERVICE_MISSING] =
		{"service-missing", APP_NO_READER,
		 N_("The smart card service is not installed. Install the package pcscd (Debian, "
		    "Ubuntu) or pcsc-lite (Fedora).")},
	[SITUATION_SERVICE_HANGS] =
		{"service-hangs", APP_WAITED,
		 N_("The smart card service (pcscd) does not answer. Restart it with \"systemctl "
		    "restart pcscd\".")},
	[SITUATION_SERVICE_FULL] =
		{"service-full", APP_NO_READER,
		 N_("The smart card service (pcscd) takes no more programs: some program opens "
		    "connections and keeps them. End it, or restart the service with "
		    "\"systemctl restart pcscd\".")},
	[SITUATION_SERVICE_VERSION] =
		{"service-version", APP_NO_READER,
		 N_("The smart card service (pcscd) and the library libpcsclite are of versions "
		    "that do not go together, as in a container or after an update. Install the "
		    "same version of both, and restart the service.")},
	[SITUATION_SERVICE_CLOSES] =
		{"service-closes", APP_NO_READER,
		 N_("The smart card service (pcscd) breaks off the connection. Restart it with "
		    "\"systemctl restart pcscd\"; \"journalctl -u pcscd\" shows what it says.")},
	[SITUATION_SERVICE_SOCKET] =
		{"service-socket", APP_NO_READER,
		 N_("The socket of the smart card service (pcscd) cannot be used. \"jpki doctor\" "
		    "shows the system's reason.")},
	[SITUATION_NO_ACCESS] = {"no-access", APP_NO_READER,
				 N_("Access to the reader was denied. On systems such as Debian "
				    "13, a rule (polkit) lets only the person use it who is logged "
				    "in at the machine itself, not a session over ssh or a cron "
				    "job. \"jpki doctor\" finds out more.")},
	[SITUATION_SANDBOX] = {"sandbox", APP_FAILED,
			       N_("This snap or Flatpak program cannot reach the card. Use a "
				  "native package, or p11-kit's "
				  "remote modules.")},
	[SITUATION_NO_READER] =
		{"no-reader", APP_NO_READER,
		 N_("No card reader was found. Check the USB connection and the driver (CCID).")},
	[SITUATION_NO_CARD] = {"no-card", APP_NO_CARD,
			       N_("Please insert the card, or put it on the reader.")},
	[SITUATION_OTHER_CARD] = {"other-card", APP_NOT_RECOGNISED,
				  N_("There is no JPKI application on this card. Is it a My Number "
				     "card? Nothing was sent to it "
				     "beyond a selection.")},
	[SITUATION_MUTE_CARD] = {"mute-card", APP_NOT_RECOGNISED,
				 N_("The card does not answer. Check that it is the right way "
				    "round and does not move.")},
	[SITUATION_TWO_CARDS] =
		{"two-cards", APP_WHICH_CARD,
		 N_("Two cards are present. Take one away, or choose one with --serial:")},
	[SITUATION_JUKI] = {"juki", APP_OK,
			    N_("This is a Juki card. Its certificates expired in December 2018 at "
			       "the latest. Use a My Number card for filings.")},
	[SITUATION_PHONE] = {"phone", APP_NOT_RECOGNISED,
			     N_("These certificates are held in a phone, which is not supported "
				"yet. No PIN was sent.")},
	[SITUATION_UNKNOWN_GENERATION] =
		{"unknown-generation", APP_NOT_RECOGNISED,
		 N_("This looks like a newer kind of card. No PIN was sent.")},
	[SITUATION_NO_SIGN_CERTIFICATE] =
		{"no-sign-certificate", APP_ABSENT,
		 N_("There is no signing certificate on this card: the holder is under 15, or it "
		    "was "
		    "declined at issue. Your municipal office can add one.")},
	[SITUATION_NO_AUTH_CERTIFICATE] =
		{"no-auth-certificate", APP_ABSENT,
		 N_("There is no authentication certificate on this card (declined at issue?).")},
	[SITUATION_NO_TEXT] = {"no-text", APP_ABSENT,
			       N_("This card does not hold the name and address as text "
				  "(券面事項入力補助). A My Number card does; a phone and a Juki "
				  "card do not.")},
	[SITUATION_PROMPT_AUTH] = {"prompt-auth", APP_OK,
				   N_("PIN for authentication (4 digits, the one for Myna Portal "
				      "and convenience stores). Tries "
				      "left: %d")},
	[SITUATION_PROMPT_SIGN] = {"prompt-sign", APP_OK,
				   N_("Signing password (6 to 16 letters and digits, as used for "
				      "e-Tax; case does not matter). "
				      "Tries left: %d")},
	[SITUATION_PROMPT_TEXT] = {"prompt-text", APP_OK,
				   N_("Text-input PIN (券面事項入力補助; 4 digits, for reading "
				      "name, address, birth date and sex). Tries left: %d")},
	[SITUATION_LENGTH_AUTH] =
		{"length-auth", APP_PIN_WITHHELD,
		 N_("Enter exactly 4 digits. Nothing was sent to the card; no try was used.")},
	[SITUATION_LENGTH_SIGN] = {"length-sign", APP_PIN_WITHHELD,
				   N_("The signing password has 6 to 16 letters and digits. "
				      "Nothing was sent to the card; no try was "
				      "used. A PIN of 4 digits belongs to authentication.")},
	[SITUATION_LENGTH_TEXT] =
		{"length-text", APP_PIN_WITHHELD,
		 N_("The text-input PIN has exactly 4 digits. Nothing was sent to the card; no "
		    "try was used.")},
	[SITUATION_LENGTH_JUKI] = {"length-juki", APP_PIN_WITHHELD,
				   N_("The password of a Juki card has 4 to 16 letters and digits. "
				      "Nothing was sent to the card; no "
				      "try was used.")},
	[SITUATION_DIGITS_SIGN] =
		{"digits-sign", APP_PIN_WITHHELD,
		 N_("The signing password also contains letters; digits alone are another PIN. "
		    "Nothing was sent to the card; no try was used.")},
	[SITUATION_ALPHABET] =
		{"alphabet", APP_PIN_WITHHELD,
		 N_("Only half-width letters and digits are allowed, and only digits for "
		    "authentication. Nothing was sent to the card; no try was used.")},
	[SITUATION_REPEATED] = {"repeated", APP_PIN_WITHHELD,
				N_("The card refused the same value before. It was not sent again; "
				   "no try was used.")},
	[SITUATION_WRONG] = {"wrong", APP_PIN_WRONG, N_("Wrong. Tries left before it locks: %d")},
	[SITUATION_WRONG_ONE_LEFT] = {"wrong-one-left", APP_PIN_WRONG,
				      N_("Wrong. ONE TRY IS LEFT. A lock means a visit to the "
					 "municipal office or a reset at a "
					 "convenience-store terminal. Stop if you are not sure.")},
	[SITUATION_FINAL_TRY] = {"final-try", APP_PIN_WITHHELD,
				 N_("ONE TRY IS LEFT, and it was not used. A lock means a visit to "
				    "the municipal office or a reset "
				    "at a convenience-store terminal. Stop if you are not sure.")},
	[SITUATION_WHICH_PIN] =
		{"which-pin", APP_OK,
		 N_("The card has several PINs of 4 digits. This one is the authentication PIN.")},
	[SITUATION_SIGN_LOCKED] =
		{"sign-locked", APP_PIN_LOCKED,
		 N_("The signing password is locked. It can be reset at your municipal office or, "
		    "if you know the 4-digit PIN, with the \"JPKI暗証番号リセット\" app and a "
		    "convenience-store terminal.")},
	[SITUATION_AUTH_LOCKED] =
		{"auth-locked", APP_PIN_LOCKED,
		 N_("The authentication PIN is locked. It can be reset at your municipal office "
		    "or, if you know the signing password, with the \"JPKI暗証番号リセット\" app "
		    "and a convenience-store terminal.")},
	[SITUATION_TEXT_LOCKED] = {"text-locked", APP_PIN_LOCKED,
				   N_("The text-input PIN is locked. It can be reset at your "
				      "municipal office. The other PINs are not affected.")},
	[SITUATION_BOTH_LOCKED] =
		{"both-locked", APP_PIN_LOCKED,
		 N_("Both PINs are locked: only your municipal office can help.")},
	[SITUATION_PIN_NOT_SET] = {"pin-not-set", APP_ABSENT,
				   N_("This may be a face-only card without PINs "
				      "(顔認証マイナンバーカード); it cannot be used "
				      "online.")},
	[SITUATION_PIN_UNANSWERED] =
		{"pin-unanswered", APP_FAILED,
		 N_("The card stopped answering while the PIN was being checked: a try may have "
		    "been used. See the tries left with \"jpki pin status\" before you try "
		    "again.")},
	[SITUATION_CHANGED_AUTH] = {"changed-auth", APP_OK,
				    N_("The authentication PIN was changed. Remember it, and do "
				       "not write it on the card.")},
	[SITUATION_CHANGED_SIGN] = {"changed-sign", APP_OK,
				    N_("The signing password was changed. Letters are stored as "
				       "capitals. Remember it, and do not "
				       "write it on the card.")},
	[SITUATION_CHANGE_UNCERTAIN] =
		{"change-uncertain", APP_FAILED,
		 N_("The card's answer was lost: either the old PIN or the new one is set. Try the "
		    "new one first, with \"jpki pin verify\"; enough tries are left for both.")},
	[SITUATION_NEW_RULE_AUTH] =
		{"new-rule-auth", APP_PIN_WITHHELD,
		 N_("The new PIN must have exactly 4 digits. Nothing was changed.")},
	[SITUATION_NEW_RULE_SIGN] = {"new-rule-sign", APP_PIN_WITHHELD,
				     N_("Use both letters and digits, 6 to 16 characters (8 or "
					"more are advised). Nothing was "
					"changed.")},
	[SITUATION_NEW_RULE_JUKI] =
		{"new-rule-juki", APP_PIN_WITHHELD,
		 N_("Use letters and digits, 4 to 16 characters. Nothing was changed.")},
	[SITUATION_NEW_DIFFERS] = {"new-differs", APP_PIN_WITHHELD,
				   N_("The two entries differ. Nothing was changed.")},
	[SITUATION_SOON] = {"soon", APP_SOON,
			    N_("%d days left (until %s). You can renew at your municipal office "
			       "now; bring the PINs.")},
	[SITUATION_EXPIRED] = {"expired", APP_EXPIRED,
			       N_("Expired on %s. Services will refuse it. Your municipal office "
				  "can re-issue it.")},
	[SITUATION_AUTH_ENDS_FIRST] = {"auth-ends-first", APP_OK,
				       N_("The authentication certificate expires first (%s); the "
					  "signing certificate expires that day, too.")},
	[SITUATION_NOT_YET_VALID] = {"not-yet-valid", APP_FAILED,
				     N_("Not valid yet. Check the date of this computer.")},
	[SITUATION_MAYBE_REVOKED] =
		{"maybe-revoked", APP_OK,
		 N_("In date but refused by a service? Moving or a name change revokes the signing "
		    "certificate, though it stays on the card. Your municipal office can re-issue "
		    "it. The authentication certificate is not affected.")},
	[SITUATION_JUST_RENEWED] = {"just-renewed", APP_OK,
				    N_("A new or renewed certificate can be used from the next "
				       "day, and must be registered again with e-Tax.")},
	[SITUATION_VALIDITY_UNKNOWN] = {"validity-unknown", APP_OK,
					N_("In date. Whether it was revoked cannot be checked "
					   "here; Myna Portal, the official client and "
					   "the phone app can, in their service hours.")},
	[SITUATION_REMOVED] = {"removed", APP_FAILED,
			       N_("The card left the reader, so this was not finished. Put it back "
				  "and try again (no try was "
				  "used).")},
	[SITUATION_BUSY] =
		{"busy", APP_FAILED,
		 N_("Another program, such as gpg's scdaemon, holds the card exclusively. Set "
		    "\"pcsc-shared\" for scdaemon, or end that program.")},
	[SITUATION_CARD_HELD] =
		{"card-held", APP_WAITED,
		 N_("Another program kept the card for itself for too long. End that program, or "
		    "wait longer with --wait.")},
	[SITUATION_RESET] = {"reset", APP_FAILED,
			     N_("Another program has reset the card. Please try again.")},
	[SITUATION_CARD_LOST] = {"card-lost", APP_OK,
				 N_("Lost your card? Report it at once: to the My Number call "
				    "centre (suspension), your municipality "
				    "and the police.")},
	[SITUATION_LINK] = {"link", APP_FAILED,
			    N_("The card did not answer correctly. Keep it still on the reader, or "
			       "insert it again, and try again.")},
	[SITUATION_CANCELLED] = {"cancelled", APP_CANCELLED,
				 N_("Stopped. Nothing was sent to the card.")},
	[SITUATION_NO_MEMORY] = {"no-memory", APP_FAILED,
				 N_("Not enough memory is free. Close other programs and try "
				    "again.")},
	[SITUATION_INTERNAL] = {"internal", APP_FAILED,
				N_("This program failed. Set JPKI_LOG=debug to find out more.")},
};

const char *situation_name(enum situation situation)
{
	return rows[situation].name;
}

/* The texts for a window, where the ones of the tables name a command. */
static const char *const window_texts[SITUATION_COUNT] = {
	[SITUATION_PIN_UNANSWERED] =
		N_("The card stopped answering while it checked what you typed: a try may have "
		   "been used. Before you try again, see on the page Card how many are left."),
	[SITUATION_CHANGE_UNCERTAIN] =
		N_("The card's answer was lost: either the old PIN or the new one is set. Try to "
		   "change it once more, with the new one first; enough tries are left for both."),
};

static bool is_in_window;

void situation_in_window(bool in_window)
{
	is_in_window = in_window;
}

/* Return the text for a window; NULL: nobody reads a window, or there is none for it. */
static const char *window_text(enum situation situation)
{
	const char *text = is_in_window ? window_texts[situation] : NULL;

	return text != NULL ? _(text) : NULL;
}

const char *situation_text(enum situation situation)
{
	const char *text = window_text(situation);

	return text != NULL ? text : _(rows[situation].text);
}

/* The texts that name a PIN, where the one of the table above fits several. NULL: that fits. */
static const char *const pin_texts[SITUATION_COUNT][JPKI_PIN_COUNT] = {
	[SITUATION_ALPHABET] =
		{[JPKI_PIN_TEXT] =
			 N_("Only half-width digits are allowed. Nothing was sent to the card; no "
			    "try was used.")},
	[SITUATION_WRONG] = {[JPKI_KEY_SIGN] = N_("The signing password is wrong. Tries left "
						  "before it locks: %d"),
			     [JPKI_PIN_TEXT] = N_("The text-input PIN is wrong. Tries left before "
						  "it locks: %d")},
	[SITUATION_WRONG_ONE_LEFT] =
		{[JPKI_KEY_SIGN] =
			 N_("The signing password is wrong. ONE TRY IS LEFT. A lock means a visit "
			    "to the municipal office or a reset at a convenience-store terminal. "
			    "Stop if you are not sure."),
		 [JPKI_PIN_TEXT] =
			 N_("The text-input PIN is wrong. ONE TRY IS LEFT. A lock means a visit to "
			    "the municipal office. Stop if you are not sure.")},
	[SITUATION_PIN_UNANSWERED] =
		{[JPKI_KEY_SIGN] =
			 N_("The card stopped answering while the signing password was being "
			    "checked: a try may have been used. See the tries left with \"jpki "
			    "pin status\" before you try again."),
		 [JPKI_PIN_TEXT] =
			 N_("The card stopped answering while the text-input PIN was being "
			    "checked: a try may have been used. See the tries left with \"jpki "
			    "pin status\" before you try again.")},
	[SITUATION_FINAL_TRY] =
		{[JPKI_KEY_AUTH] =
			 N_("ONE TRY IS LEFT for the authentication PIN, and it was not used. "
			    "If the next one is wrong, the PIN locks: that means a visit to the "
			    "municipal office or a reset at a convenience-store terminal. Stop if "
			    "you are not sure."),
		 [JPKI_KEY_SIGN] =
			 N_("ONE TRY IS LEFT for the signing password, and it was not used. "
			    "If the next one is wrong, the password locks: that means a visit to "
			    "the municipal office or a reset at a convenience-store terminal. Stop "
			    "if you are not sure."),
		 [JPKI_PIN_TEXT] =
			 N_("ONE TRY IS LEFT for the text-input PIN, and it was not used. If the "
			    "next one is wrong, the PIN locks: that means a visit to the municipal "
			    "office. Stop if you are not sure.")},
	[SITUATION_PIN_NOT_SET] =
		{[JPKI_PIN_TEXT] = N_("The text-input PIN was never set. Your municipal office can "
				      "set it.")},
	[SITUATION_WHICH_PIN] =
		{[JPKI_PIN_TEXT] =
			 N_("The card has several PINs of 4 digits. This one is the text-input PIN "
			    "(券面事項入力補助).")},
};

const char *situation_pin_text(enum situation situation, enum jpki_key key)
{
	const char *text = pin_texts[situation][key];

	return text != NULL && window_text(situation) == NULL ? _(text) : situation_text(situation);
}

enum app_exit situation_exit(enum situation situation)
{
	return rows[situation].exit_code;
}

/* What each error means to the user, except for those that depend on the PIN. */
static const enum situation of_error[JPKI_E_COUNT] = {
	[JPKI_E_MEMORY] = SITUATION_NO_MEMORY,
	[JPKI_E_NO_SERVICE] = SITUATION_NO_SERVICE,
	[JPKI_E_SERVICE_VERSION] = SITUATION_SERVICE_VERSION,
	[JPKI_E_NO_ACCESS] = SITUATION_NO_ACCESS,
	[JPKI_E_NO_READER] = SITUATION_NO_READER,
	[JPKI_E_NO_CARD] = SITUATION_NO_CARD,
	[JPKI_E_REMOVED] = SITUATION_REMOVED,
	[JPKI_E_RESET] = SITUATION_RESET,
	[JPKI_E_MUTE] = SITUATION_MUTE_CARD,
	[JPKI_E_BUSY] = SITUATION_BUSY,
	[JPKI_E_LINK] = SITUATION_LINK,
	[JPKI_E_PROTOCOL] = SITUATION_LINK,
	[JPKI_E_UNSUPPORTED] = SITUATION_LINK,
	[JPKI_E_BAD_DER] = SITUATION_LINK,
	[JPKI_E_BAD_SIGNATURE] = SITUATION_LINK,
	[JPKI_E_FOREIGN] = SITUATION_OTHER_CARD,
	[JPKI_E_PIN_ALPHABET] = SITUATION_ALPHABET,
	[JPKI_E_PIN_REPEATED] = SITUATION_REPEATED,
	[JPKI_E_PIN_INCORRECT] = SITUATION_WRONG,
	[JPKI_E_PIN_FINAL_TRY] = SITUATION_FINAL_TRY,
	[JPKI_E_PIN_NOT_SET] = SITUATION_PIN_NOT_SET,
	[JPKI_E_PIN_UNCERTAIN] = SITUATION_CHANGE_UNCERTAIN,
};

enum situation situation_of_error(enum jpki_error error, enum jpki_key key)
{
	static const enum situation of_length[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = SITUATION_LENGTH_AUTH,
		[JPKI_KEY_SIGN] = SITUATION_LENGTH_SIGN,
		[JPKI_PIN_TEXT] = SITUATION_LENGTH_TEXT,
	};
	static const enum situation of_lock[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = SITUATION_AUTH_LOCKED,
		[JPKI_KEY_SIGN] = SITUATION_SIGN_LOCKED,
		[JPKI_PIN_TEXT] = SITUATION_TEXT_LOCKED,
	};
	static const enum situation of_absence[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = SITUATION_NO_AUTH_CERTIFICATE,
		[JPKI_KEY_SIGN] = SITUATION_NO_SIGN_CERTIFICATE,
		[JPKI_PIN_TEXT] = SITUATION_NO_TEXT,
	};

	if (error == JPKI_E_PIN_LENGTH)
		return of_length[key];
	if (error == JPKI_E_PIN_LOCKED)
		return of_lock[key];
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_NO_TOKEN)
		return of_absence[key];
	return of_error[error] != SITUATION_NONE ? of_error[error] : SITUATION_INTERNAL;
}

#define ONE_CARD (EXIT_CERT | EXIT_PIN_CARD | EXIT_SIGN | EXIT_VERIFY)
#define AT_CARD  (EXIT_STATUS | ONE_CARD)
#define WITH_PIN (EXIT_CERT | EXIT_PIN_ENTRY | EXIT_SIGN)

/* The help of each subcommand prints these, and jpki(1) has them word for word. */
static const struct exit_meaning meanings[] = {
	{EXIT_CERT | EXIT_PIN, APP_OK, N_("success")},
	{EXIT_STATUS, APP_OK, N_("a card is present, and no problem was found")},
	{EXIT_SIGN, APP_OK, N_("all files were signed")},
	{EXIT_VERIFY, APP_OK, N_("all signatures are valid, as far as can be known here")},
	{EXIT_DOCTOR, APP_OK, N_("no check says NG")},
	{EXIT_SETUP, APP_OK, N_("done, or nothing to do")},
	{AT_CARD | EXIT_PIN, APP_FAILED,
	 N_("another failure, such as a card that no longer answers, a file that cannot be read "
	    "or written, or standard output that cannot take everything")},
	{EXIT_STATUS | EXIT_CERT_SHOW | EXIT_SIGN, APP_FAILED,
	 N_("the certificate is not valid yet")},
	{EXIT_SIGN, APP_FAILED, N_("some files were not signed")},
	{EXIT_DOCTOR, APP_FAILED, N_("something is in the way, such as another program")},
	{EXIT_SETUP, APP_FAILED, N_("it cannot be done, or a step failed, as the message says")},
	{EXIT_DOCTOR | EXIT_SETUP, APP_FAILED, N_("standard output cannot take everything")},
	{AT_CARD | EXIT_PIN | EXIT_DOCTOR | EXIT_SETUP, APP_USAGE,
	 N_("the command line is wrong; nothing was done")},
	{EXIT_VERIFY, APP_USAGE, N_("SIGNATURE is not a signature file")},
	{AT_CARD | EXIT_DOCTOR, APP_NO_READER,
	 N_("there is no reader, or the smart card service cannot be used")},
	{AT_CARD | EXIT_DOCTOR, APP_NO_CARD, N_("there is no card in the reader")},
	{AT_CARD, APP_NO_CARD, N_("there is no card with this serial number")},
	{AT_CARD | EXIT_DOCTOR, APP_NOT_RECOGNISED,
	 N_("the card is of a kind that is not supported")},
	{ONE_CARD, APP_WHICH_CARD,
	 N_("there are several cards, and none was chosen with --serial")},
	{AT_CARD | EXIT_DOCTOR, APP_ABSENT,
	 N_("the card does not have the certificate or PIN, or the PIN was never set")},
	{EXIT_STATUS | EXIT_CERT_SHOW, APP_SOON,
	 N_("no problem, but the certificate expires within three months")},
	{EXIT_STATUS | EXIT_CERT_SHOW | EXIT_SIGN | EXIT_DOCTOR, APP_EXPIRED,
	 N_("the certificate has expired, or the authentication certificate has, and the signing "
	    "certificate with it")},
	{EXIT_SIGN, APP_EXPIRED, N_("nothing was signed")},
	{EXIT_VERIFY, APP_EXPIRED, N_("all is valid, except that a certificate has expired")},
	{WITH_PIN, APP_PIN_WRONG, N_("the card refused the PIN")},
	{WITH_PIN, APP_PIN_WITHHELD,
	 N_("the PIN was not sent: it cannot be right, or only one try is left")},
	{EXIT_DOCTOR, APP_PIN_WITHHELD, N_("only one try is left for a PIN")},
	{EXIT_STATUS | EXIT_PIN_CARD | WITH_PIN | EXIT_DOCTOR, APP_PIN_LOCKED,
	 N_("the PIN is locked: no try is left")},
	{WITH_PIN, APP_CANCELLED, N_("you cancelled the command")},
	{EXIT_SETUP, APP_CANCELLED, N_("you did not confirm; nothing was done")},
	{EXIT_VERIFY, APP_NOT_VALID, N_("a signature or a certificate is not valid")},
	{AT_CARD | EXIT_DOCTOR, APP_WAITED,
	 N_("the smart card service does not answer, or another program keeps the card, for "
	    "longer than --wait allows")},
	{EXIT_VERIFY, APP_CA_UNKNOWN,
	 N_("all is valid, but the certificate authority is not one of J-LIS' known to this "
	    "program")},
};

const struct exit_meaning *situation_exit_meanings(size_t *count)
{
	*count = sizeof(meanings) / sizeof(meanings[0]);
	return meanings;
}
