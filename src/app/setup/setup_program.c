/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_program: plans what sets a program up, and does it if nothing has changed meanwhile. */
#include "app/setup/setup_program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/user_files.h"
#include "app/ui/line.h"
#include "app/ui/situation.h"

static const struct setup_program programs[] = {
	{.name = "firefox",
	 .plan = setup_plan_firefox,
	 .hint = N_("Start Firefox; it finds the certificate when a site asks for one.")},
	{.name = "chromium",
	 .plan = setup_plan_chromium,
	 .hint = N_("Start Chromium; it finds the certificate when a site asks for one.")},
	{.name = "portal",
	 .plan = setup_plan_portal,
	 .hint = N_("Quit the browsers and start them again."),
	 .purpose = N_("To check it:"),
	 .command = "jpki doctor"},
	{.name = "ssh",
	 .plan = setup_plan_ssh,
	 .purpose = N_("To show the key for the server's authorized_keys:"),
	 .command = "ssh-keygen -D " MODULE_DIR "/jpki-pkcs11-auth.so"},
	{.name = "java",
	 .plan = setup_plan_java,
	 .purpose = N_("To show what Java finds on the card:"),
	 .command = "keytool -list -keystore NONE -storetype PKCS11 "
		    "-providerClass sun.security.pkcs11.SunPKCS11 "
		    "-providerArg ~/.config/jpki-pkcs11/java-sign.cfg"},
	{.name = "p11-kit",
	 .plan = setup_plan_p11_kit,
	 .purpose = N_("To show what p11-kit finds:"),
	 .command = "p11-kit list-modules"},
	{.name = "hide-opensc",
	 .plan = setup_plan_hide_opensc,
	 .hint = N_("p11-kit, Firefox, Chromium and Thunderbird no longer use OpenSC for this "
		    "user.")},
};

#define PROGRAM_COUNT (sizeof(programs) / sizeof(programs[0]))

const struct setup_program *setup_program_find(const char *name)
{
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	}
	return NULL;
}

/* Under sudo, HOME may still be that of the user who called it. */
static bool is_own_home(const struct setup_program *program, struct setup_plan *plan)
{
	struct stat status;

	/* As root it changes nothing in a home directory. */
	if (program->plan == setup_plan_portal && geteuid() == 0)
		return true;
	if (user_home()[0] != '\0' && stat(user_home(), &status) == 0 && status.st_uid == geteuid())
		return true;
	setup_refuse(plan, APP_FAILED,
		     _("The home directory does not belong to the current user. Run jpki setup "
		       "without sudo."));
	return false;
}

/* Make the plan. It can be followed if this returns APP_OK. */
static enum app_exit make_plan(const struct setup_program *program,
			       const struct setup_request *request, struct setup_plan *plan)
{
	enum app_exit result = program->plan(plan, request);

	if (result == APP_OK && plan->failed)
		result = setup_refuse(plan, APP_FAILED, "%s", situation_text(SITUATION_INTERNAL));
	return result;
}

enum app_exit setup_program_plan(const struct setup_program *program,
				 const struct setup_request *request, struct setup_plan *plan)
{
	return is_own_home(program, plan) ? make_plan(program, request, plan) : APP_FAILED;
}

/* Plan again: while the user was reading, a browser may have been started or a file changed. */
static enum app_exit look_again(const struct setup_program *program,
				const struct setup_request *request, const struct setup_plan *shown)
{
	static struct setup_plan now;
	enum app_exit result = make_plan(program, request, &now);

	if (result == APP_OK && !setup_plan_equal(shown, &now))
		result = setup_refuse(&now, APP_FAILED,
				      _("Something changed in the meantime, so this plan no longer "
					"applies. Nothing was done; please try again."));
	setup_plan_free(&now);
	return result;
}

enum app_exit setup_program_follow(const struct setup_program *program,
				   const struct setup_request *request, struct setup_plan *plan)
{
	enum app_exit result = look_again(program, request, plan);

	return result == APP_OK ? setup_plan_follow(plan) : result;
}

void setup_program_tell_done(const struct setup_program *program,
			     const struct setup_request *request)
{
	ui_line(stdout, UI_GOOD, _("Done."));
	if (request->undo)
		return;
	if (program->hint != NULL)
		ui_line(stdout, UI_PLAIN, "%s", _(program->hint));
	/* Who looks at a window has no use for a command. */
	if (program->command == NULL || ui_is_heard())
		return;
	ui_line(stdout, UI_PLAIN, "%s", _(program->purpose));
	ui_command(stdout, "  %s", program->command);
}
