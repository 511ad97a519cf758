/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_card: checks the way from pcscd to the card. */
#include "app/doctor/doctor_checks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/usb_readers.h"
#include "app/host/user_files.h"

struct doctor_finding doctor_sandbox(const struct doctor_view *view)
{
	(void)view;
	if (service_is_sandboxed())
		return doctor_in(SITUATION_SANDBOX, _("this program is inside a snap or Flatpak"));
	return doctor_good(_("this program is not in a sandbox"));
}

/* What is wrong with the service, in a line. Another situation is no fault of the service itself.
 */
static const struct {
	enum situation situation;
	const char *text;
} faults[] = {
	{SITUATION_SERVICE_MISSING, N_("it is not installed")},
	{SITUATION_SERVICE_HANGS, N_("pcscd is there, but does not answer")},
	{SITUATION_SERVICE_FULL, N_("pcscd turns programs away: all its connections are taken")},
	{SITUATION_SERVICE_VERSION, N_("pcscd and libpcsclite are of different versions")},
	{SITUATION_SERVICE_CLOSES, N_("pcscd breaks off the connection")},
	{SITUATION_NO_MEMORY, N_("there is not enough memory")},
};

/* Explain why a connection to the socket fails, which is no fault of the service. */
static struct doctor_finding explain_socket(const struct service *service)
{
	struct doctor_finding finding;
	char path[PATH_MAX];

	/* A path that is too long comes from this variable; it would fill the line. */
	finding = doctor_in(SITUATION_SERVICE_SOCKET, _("its socket %s cannot be used: %s"),
			    service->reason == ENAMETOOLONG
				    ? "PCSCLITE_CSOCK_NAME"
				    : doctor_path(service_socket_path(), path),
			    strerror(service->reason));
	if (service->reason == EMFILE || service->reason == ENFILE)
		finding.remedy = _("Raise the limit of open files (\"ulimit -n\"), or close other "
				   "programs.");
	else if (getenv("PCSCLITE_CSOCK_NAME") != NULL)
		finding.remedy = _("PCSCLITE_CSOCK_NAME must be the path of pcscd's socket, or not "
				   "be set.");
	else
		finding.remedy = _("Remove what forbids it, such as a setting of a container or of "
				   "a systemd service.");
	return finding;
}

struct doctor_finding doctor_service(const struct doctor_view *view)
{
	const struct service *service = &view->cards.service;
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (service->situation == faults[i].situation ||
		    view->waited == faults[i].situation)
			return doctor_in(faults[i].situation, "%s", _(faults[i].text));
	}
	/* The next check but one reports this. */
	if (service->situation == SITUATION_NO_ACCESS)
		return doctor_good(_("pcscd is there"));
	if (service->situation == SITUATION_SERVICE_SOCKET)
		return explain_socket(service);
	if (service->situation != SITUATION_NO_SERVICE)
		return doctor_good(_("pcscd answers"));
	if (service->socket == SERVICE_SOCKET_DEAD)
		return doctor_in(SITUATION_NO_SERVICE,
				 _("its socket exists, but nothing listens on it"));
	return doctor_in(SITUATION_NO_SERVICE, _("its socket %s does not exist"),
			 doctor_path(service_socket_path(), path));
}

/* Return the finding where there is no list of readers. */
static struct doctor_finding without_list(const struct doctor_view *view)
{
	/* The service answers, but the card was waited for before the readers were listed. */
	if (view->waited != SITUATION_NONE && view->waited != SITUATION_SERVICE_HANGS)
		return doctor_open(NULL, _("cannot be checked: it was waited for in vain"));
	return doctor_open(NULL, _("cannot be checked without the service"));
}

struct doctor_finding doctor_access(const struct doctor_view *view)
{
	bool denied = view->cards.service.situation == SITUATION_NO_ACCESS;
	struct doctor_finding finding;

	if (!denied && view->cards.error != JPKI_OK)
		return without_list(view);
	for (size_t i = 0; i < view->cards.count; i++)
		denied = denied || view->cards.cards[i].error == JPKI_E_NO_ACCESS;
	if (!denied)
		return doctor_good(_("this user may use the readers"));
	finding = doctor_in(SITUATION_NO_ACCESS,
			    getenv("SSH_CONNECTION") != NULL
				    ? _("access is denied in this remote session (ssh)")
				    : _("access is denied"));
	finding.remedy =
		geteuid() == 0
			? _("Not even root may use it here: a container, SELinux or AppArmor "
			    "forbids it.")
			: _("Only the active session at the machine itself may use the readers. "
			    "Work there, or ask an administrator for a polkit rule that grants "
			    "this user org.debian.pcsc-lite.access_pcsc and "
			    "org.debian.pcsc-lite.access_card; docs/clients/README.md has an "
			    "example.");
	return finding;
}

/*
 * Remove the serial number of the device, which pcscd puts in round brackets into the name of a
 * reader: it would identify the owner.
 */
static void general_name(const char *full, char *name, size_t size)
{
	unsigned int depth = 0;
	size_t length = 0;

	for (; *full != '\0' && length < size - 1; full++) {
		depth += *full == '(';
		/* Remove the blank before it, too. */
		if (depth == 0 && !(*full == ' ' && full[1] == '('))
			name[length++] = *full;
		depth -= *full == ')' && depth > 0;
	}
	name[length] = '\0';
}

/* Add what helps against a finding. */
static struct doctor_finding with_remedy(struct doctor_finding finding, const char *remedy)
{
	finding.remedy = remedy;
	return finding;
}

/* Tell of a reader that a driver of the kernel has, with the way to get it back. */
static struct doctor_finding kernel_has_it(const struct usb_reader *reader, const char *name)
{
	static char remedy[DOCTOR_TEXT_SIZE];

	snprintf(
		remedy, sizeof(remedy),
		_("As root, write the line \"blacklist %s\" into /etc/modprobe.d/jpki-reader.conf, "
		  "run \"modprobe -r %s\", and plug the reader in again."),
		reader->driver, reader->driver);
	return with_remedy(doctor_in(SITUATION_NO_READER,
				     _("%s is plugged in, but the kernel's driver %s has taken it"),
				     name, reader->driver),
			   remedy);
}

/* Explain why pcscd shows no reader, by what is plugged into USB. */
static struct doctor_finding explain_no_reader(void)
{
	const enum situation none = SITUATION_NO_READER;
	struct usb_reader reader = usb_readers_look();
	const char *name = reader.name[0] != '\0' ? reader.name : _("a card reader");

	switch (reader.state) {
	case USB_READER_KERNEL:
		return kernel_has_it(&reader, name);
	case USB_READER_UNSUPPORTED:
		return with_remedy(
			doctor_in(none,
				  _("%s is plugged in, but pcscd has no driver for this model"),
				  name),
			_("Use another reader, such as RC-S300, ACR122U or a contact reader "
			  "of the class CCID; docs/readers.md has a list."));
	case USB_READER_NO_DRIVER:
		return with_remedy(
			doctor_in(none, _("%s is plugged in, but the driver is missing"), name),
			_("Install the package libccid (Debian, Ubuntu) or pcsc-lite-ccid "
			  "(Fedora), and plug the reader in again."));
	case USB_READER_PROGRAM:
		return with_remedy(
			doctor_in(none,
				  _("%s is plugged in, but another program uses it without pcscd"),
				  name),
			_("gpg's scdaemon does so unless the line \"disable-ccid\" is in "
			  "~/.gnupg/scdaemon.conf; \"gpgconf --kill scdaemon\" ends it. "
			  "Then plug the reader in again."));
	case USB_READER_FREE:
		return with_remedy(
			doctor_in(none, _("%s is plugged in, but pcscd does not show it"), name),
			_("Plug it in again. If that does not help, restart pcscd: "
			  "\"systemctl restart pcscd\"."));
	case USB_READER_ABSENT:
		break;
	}
	return doctor_in(none, _("none is connected"));
}

struct doctor_finding doctor_readers(const struct doctor_view *view)
{
	char names[DOCTOR_TEXT_SIZE - 64] = "";

	if (view->cards.error != JPKI_OK)
		return without_list(view);
	if (view->cards.count == 0)
		return explain_no_reader();
	for (size_t i = 0; i < view->cards.count; i++) {
		size_t used = strlen(names);

		if (i > 0 && used < sizeof(names) - 3)
			used += (size_t)snprintf(names + used, sizeof(names) - used, ", ");
		general_name(jpki_reader_name(view->cards.cards[i].reader), names + used,
			     sizeof(names) - used);
	}
	return doctor_good("%s", names);
}

/* True if a process of this name exists. */
static bool is_running(const char *name)
{
	char path[PATH_MAX];
	char line[64];
	bool found = false;
	struct dirent *entry;
	DIR *processes = opendir("/proc");

	while (processes != NULL && !found && (entry = readdir(processes)) != NULL) {
		FILE *file;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		user_path(path, "/proc/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (file == NULL)
			continue;
		if (fgets(line, sizeof(line), file) != NULL) {
			line[strcspn(line, "\n")] = '\0';
			found = strcmp(line, name) == 0;
		}
		fclose(file);
	}
	if (processes != NULL)
		closedir(processes);
	return found;
}

struct doctor_finding doctor_sharing(const struct doctor_view *view)
{
	size_t present = 0;

	if (view->waited == SITUATION_CARD_HELD)
		return doctor_in(view->waited, _("another program is using the card"));
	if (view->waited == SITUATION_SERVICE_HANGS)
		return doctor_in(view->waited, _("pcscd has stopped answering"));
	for (size_t i = 0; i < view->cards.count; i++) {
		const struct card *card = &view->cards.cards[i];

		if (card->error == JPKI_E_BUSY)
			return doctor_in(
				SITUATION_BUSY,
				is_running("scdaemon")
					? _("the card is held exclusively, and scdaemon is running")
					: _("another program holds the card exclusively"));
		present += card->error != JPKI_E_NO_CARD;
	}
	if (present == 0)
		return doctor_open(NULL, _("cannot be checked without a card"));
	return doctor_good(_("none holds the card exclusively"));
}

struct doctor_finding doctor_card(const struct doctor_view *view)
{
	size_t empty = 0;

	if (view->waited == SITUATION_MUTE_CARD)
		return doctor_in(view->waited, _("it has stopped answering"));
	if (view->waited != SITUATION_NONE)
		return doctor_open(NULL, _("cannot be checked: it was waited for in vain"));
	if (view->card == NULL) {
		for (size_t i = 0; i < view->cards.count; i++)
			empty += view->cards.cards[i].error == JPKI_E_NO_CARD;
		if (view->cards.error != JPKI_OK || view->cards.count == 0)
			return doctor_open(NULL, _("cannot be checked without a reader"));
		if (empty == view->cards.count)
			return doctor_in(SITUATION_NO_CARD, _("no reader has one"));
		return doctor_in(view->no_card, _("the card in the reader cannot be used"));
	}
	if (view->card->kind == JPKI_CARD_JUKI) {
		struct doctor_finding finding = doctor_in(SITUATION_JUKI, _("a Juki card"));

		finding.exit_code = APP_EXPIRED;
		return finding;
	}
	if (view->card->kind == JPKI_CARD_ANDROID)
		return doctor_good(_("certificates in a phone, recognised by their application"));
	return doctor_good(_("a My Number card, recognised by its application"));
}

/* A PIN of the card, and what is wrong with it. */
struct pin {
	enum jpki_key key;
	enum situation situation; /* SITUATION_NONE: nothing, or it is not known */
	bool absent;
	int tries; /* below 0 if they cannot be read */
};

/* Look at one PIN. Set *untold if its tries cannot be read. */
static struct pin look_at_pin(const struct doctor_view *view, enum jpki_key key, bool *untold)
{
	struct pin pin = {.key = key, .situation = SITUATION_NONE, .tries = -1};
	struct jpki_token_ref token = card_token(view->card, key);
	struct jpki_token_info info;
	enum jpki_error error = jpki_token_get_info(&token, &info);

	pin.absent = error == JPKI_E_NO_TOKEN || (error == JPKI_OK && !info.has_key);
	if (pin.absent)
		return pin;
	*untold = *untold || error != JPKI_OK || (info.pin_is_set && info.tries < 0);
	if (error != JPKI_OK)
		return pin;
	pin.tries = info.tries;
	if (!info.pin_is_set)
		pin.situation = SITUATION_PIN_NOT_SET;
	else if (info.tries == 0)
		pin.situation =
			key == JPKI_KEY_AUTH ? SITUATION_AUTH_LOCKED : SITUATION_SIGN_LOCKED;
	else if (info.tries == 1)
		pin.situation = SITUATION_FINAL_TRY;
	return pin;
}

/* Return how bad the state of a PIN is; 0 if nothing is wrong with it. */
static int badness(const struct pin *pin)
{
	if (pin->situation == SITUATION_AUTH_LOCKED || pin->situation == SITUATION_SIGN_LOCKED)
		return 3;
	if (pin->situation == SITUATION_FINAL_TRY)
		return 2;
	return pin->situation == SITUATION_PIN_NOT_SET ? 1 : 0;
}

/* Make the finding of a PIN with which something is wrong; line and remedy name the PIN. */
static struct doctor_finding pin_fault(const struct pin *pin)
{
	bool auth = pin->key == JPKI_KEY_AUTH;
	struct doctor_finding finding;

	if (pin->situation == SITUATION_PIN_NOT_SET)
		return doctor_in(pin->situation, "%s",
				 auth ? _("authentication, not set") : _("signing, not set"));
	finding = auth ? doctor_in(pin->situation, _("authentication, tries left: %d"), pin->tries)
		       : doctor_in(pin->situation, _("signing, tries left: %d"), pin->tries);
	finding.remedy = situation_pin_text(pin->situation, pin->key);
	return finding;
}

/* Make the finding of two PINs with which something is wrong; the first one sets the exit code. */
static struct doctor_finding pin_faults(const struct pin *first, const struct pin *second)
{
	static char remedy[2 * DOCTOR_TEXT_SIZE];
	struct doctor_finding one = pin_fault(first);
	struct doctor_finding other = pin_fault(second);

	snprintf(remedy, sizeof(remedy), _("%s %s"), one.remedy, other.remedy);
	return with_remedy(doctor_in(one.situation, _("%s; %s"), one.text, other.text), remedy);
}

struct doctor_finding doctor_pins(const struct doctor_view *view)
{
	struct pin auth, sign;
	const struct pin *worse = &auth, *better = &sign;
	bool untold = false;

	if (view->card == NULL)
		return doctor_open(NULL, _("cannot be checked without a card"));
	auth = look_at_pin(view, JPKI_KEY_AUTH, &untold);
	sign = look_at_pin(view, JPKI_KEY_SIGN, &untold);
	if (badness(&sign) > badness(&auth)) {
		worse = &sign;
		better = &auth;
	}
	if (auth.situation == SITUATION_AUTH_LOCKED && sign.situation == SITUATION_SIGN_LOCKED)
		return doctor_in(SITUATION_BOTH_LOCKED, _("both are locked"));
	if (worse->situation == SITUATION_PIN_NOT_SET &&
	    (better->absent || better->situation == SITUATION_PIN_NOT_SET))
		return doctor_in(SITUATION_PIN_NOT_SET, _("none is set"));
	if (better->situation != SITUATION_NONE)
		return pin_faults(worse, better);
	if (worse->situation != SITUATION_NONE)
		return pin_fault(worse);
	if (untold)
		return doctor_open(NULL, _("the card does not tell the tries left"));
	return doctor_good(_("none is locked, and more than one try is left"));
}
