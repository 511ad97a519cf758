/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that jpki setup reads. Its own files are taken in, for the parsers are theirs. */
#include "app/host/browsers.c"
#include "app/setup/setup_ssh.c"

#include "tool.h"

/* A copy that ends with a zero, and holds no other. */
static char *text_of(struct fuzz_input input)
{
	return strndup((const char *)input.data, input.size);
}

/* With our block in the text: adding the same host again changes nothing; away with it, all is as
 * before. */
static void check_undo(const char *text, const char *block, const char *host, const char *before)
{
	struct setup_plan *plan = calloc(1, sizeof(*plan));
	struct config config = {.text = strdup(text), .path = "/nonexistent/config"};
	char *again = NULL, *same = NULL;

	fuzz_check(plan != NULL && config.text != NULL && find_block(&config));
	fuzz_check(config.begin != NULL &&
		   strncmp(config.begin, block, (size_t)(config.end - config.begin)) == 0);
	fuzz_check(add_host(&config.hosts, host) && make_text(&config, &again, &same));
	fuzz_check(strcmp(again, text) == 0);
	plan_undo(plan, &config);
	fuzz_check(!plan->failed && plan->count > 0);
	if (before == NULL)
		fuzz_check(plan->steps[0].action == SETUP_REMOVE);
	else
		fuzz_check(plan->steps[0].action == SETUP_WRITE &&
			   strcmp(plan->steps[0].text, before) == 0);
	setup_plan_free(plan);
	free(plan);
	free(again);
	free(same);
	free(config.text);
	free(config.hosts);
}

void tool_ssh(struct fuzz_input input)
{
	uint8_t there = fuzz_byte(&input);
	char host[64] = "";
	struct config config = {.path = "/nonexistent/config"};
	char *text = NULL, *block = NULL;
	char *before;
	bool had_block;

	fuzz_bytes(&input, (uint8_t *)host, sizeof(host) - 1);
	before = there % 8 == 7 ? NULL : text_of(input);
	config.text = before != NULL ? strdup(before) : NULL;
	if (config.text == NULL || find_block(&config)) {
		had_block = config.begin != NULL;
		fuzz_check(!had_block ||
			   (config.begin >= config.text && config.end > config.begin));
		if (config.hosts == NULL)
			config.hosts = strdup("");
		if (config.hosts != NULL && is_host(host) && add_host(&config.hosts, host) &&
		    make_text(&config, &text, &block) && !had_block)
			check_undo(text, block, host, before);
	}
	free(text);
	free(block);
	free(config.text);
	free(config.hosts);
	free(before);
}

void tool_browser(struct fuzz_input input)
{
	static struct browser_registration registrations[BROWSER_REGISTRATIONS_MAX];
	static struct browser_profiles profiles;
	const char *directory = fuzz_directory();
	size_t count;

	fuzz_write("cert9.db", NULL, 0);
	fuzz_write("pkcs11.txt", input.data, input.size);
	count = browser_find_registrations(directory, registrations);
	fuzz_check(count <= BROWSER_REGISTRATIONS_MAX);
	for (size_t i = 0; i < count; i++)
		fuzz_check(browser_product_of(registrations[i].library) ==
			   registrations[i].product);
	fuzz_write("profiles.ini", input.data, input.size);
	profiles.count = 0;
	read_profiles(directory, &profiles);
	fuzz_check(profiles.count <= BROWSER_PROFILES_MAX);
	for (size_t i = 0; i < profiles.count; i++)
		fuzz_check(has_database(profiles.directories[i]));
}
