/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_portal_files: a browser's file is in order only if it leads to ours and no other.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/portal_files.h"
#include "place.h"

#define HOST "jpki_pkcs11.portal.json"
#define LINK                                                                                       \
	"root/usr/share/mozilla/extensions/{ec8030f7-c20a-464f-9b0e-13a3a9e97384}/"                \
	"portal@jpki-pkcs11"
#define ID "fcljickjnclfgijbniiijknplcmfbpml"

static const char *const names[PORTAL_PARTS] = {
	[PORTAL_FIREFOX_HOST] = "root/usr/lib/mozilla/native-messaging-hosts/" HOST,
	[PORTAL_FIREFOX_EXTENSION] = LINK,
	[PORTAL_FIREFOX_SETTING] = "root/etc/firefox-esr/jpki-pkcs11.js",
	[PORTAL_CHROMIUM_HOST] = "root/etc/chromium/native-messaging-hosts/" HOST,
	[PORTAL_CHROMIUM_POLICY] = "root/etc/chromium/policies/managed/jpki-pkcs11.json",
};
static const char *const own_names[PORTAL_PARTS] = {
	[PORTAL_FIREFOX_HOST] = ".mozilla/native-messaging-hosts/" HOST,
	[PORTAL_CHROMIUM_HOST] = ".config/chromium/NativeMessagingHosts/" HOST,
};

static char root[PATH_MAX], host[PATH_MAX], data[PATH_MAX];
static struct portal_places places;

static int set_up(void **state)
{
	int result = place_set_up(state);

	snprintf(root, sizeof(root), "%s", place_path("root"));
	snprintf(host, sizeof(host), "%s", place_path("libexec/jpki-portal"));
	snprintf(data, sizeof(data), "%s", place_path("data"));
	places = (struct portal_places){root, host, data};
	return result;
}

static void write_manifest(void)
{
	place_write("data/extension/manifest.json",
		    "{\"browser_specific_settings\": {\"gecko\": {\"id\": "
		    "\"portal@jpki-pkcs11\"}}}");
}

/* What a part must contain is in order where it must be. */
static void write_part(enum portal_part part, const char *name)
{
	char *content = portal_part_content(&places, part);

	assert_non_null(content);
	if (part == PORTAL_FIREFOX_EXTENSION) {
		place_directory("root/usr/share/mozilla/extensions/"
				"{ec8030f7-c20a-464f-9b0e-13a3a9e97384}");
		assert_int_equal(symlink(content, place_path(name)), 0);
	} else {
		place_write(name, content);
	}
	free(content);
}

static void assert_state(enum portal_part part, enum portal_state state)
{
	assert_int_equal(portal_part_state(&places, part, false), state);
}

static void test_what_is_written(void **state)
{
	char path[PATH_MAX];

	(void)state;
	write_manifest();
	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		assert_state(part, PORTAL_MISSING);
		portal_part_path(&places, part, false, path);
		assert_string_equal(path, place_path(names[part]));
		write_part(part, names[part]);
		assert_state(part, PORTAL_RIGHT);
	}
	assert_int_equal(portal_part_browser(PORTAL_FIREFOX_SETTING), BROWSER_FIREFOX);
	assert_int_equal(portal_part_browser(PORTAL_CHROMIUM_POLICY), BROWSER_CHROMIUM);
}

/* A person's own file is what counts if there is one, right or wrong. */
static void test_own(void **state)
{
	char path[PATH_MAX];
	bool own;

	(void)state;
	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		assert_int_equal(portal_part_may_be_own(part), own_names[part] != NULL);
		if (own_names[part] == NULL)
			continue;
		portal_part_path(&places, part, true, path);
		assert_string_equal(path, place_path(own_names[part]));
		assert_int_equal(portal_part_effective(&places, part, &own), PORTAL_MISSING);
		assert_false(own);
		write_part(part, names[part]);
		assert_int_equal(portal_part_effective(&places, part, &own), PORTAL_RIGHT);
		assert_false(own);
		place_write(own_names[part], "{}");
		assert_int_equal(portal_part_effective(&places, part, &own), PORTAL_WRONG);
		assert_true(own);
		write_part(part, own_names[part]);
		place_write(names[part], "{}");
		assert_int_equal(portal_part_effective(&places, part, &own), PORTAL_RIGHT);
		assert_true(own);
	}
	/* Chromium's are below the directory for settings, wherever that is. */
	setenv("XDG_CONFIG_HOME", place_path("settings"), 1);
	portal_part_path(&places, PORTAL_CHROMIUM_HOST, true, path);
	assert_string_equal(path, place_path("settings/chromium/NativeMessagingHosts/" HOST));
	unsetenv("XDG_CONFIG_HOME");
}

/* Texts of a host's file for Firefox: the program, and who may start it. */
static void assert_host(const char *format, enum portal_state state)
{
	char text[PATH_MAX + 512];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, host);
#pragma GCC diagnostic pop
	place_write(names[PORTAL_FIREFOX_HOST], text);
	assert_state(PORTAL_FIREFOX_HOST, state);
}

static void test_wrong_hosts(void **state)
{
	(void)state;
#define BEGIN "{\"name\": \"jpki_pkcs11.portal\", \"type\": \"stdio\", \"path\": \"%s\""
#define OURS  "\"portal@jpki-pkcs11\""
	assert_host(BEGIN ", \"allowed_extensions\": [" OURS "]}", PORTAL_RIGHT);
	assert_host(BEGIN ", \"description\": \"\", \"allowed_extensions\": [" OURS "]}",
		    PORTAL_RIGHT);
	assert_host(BEGIN ", \"allowed_extensions\": [" OURS ", \"other@example.org\"]}",
		    PORTAL_WRONG);
	assert_host(BEGIN ", \"allowed_extensions\": [\"other@example.org\"]}", PORTAL_WRONG);
	assert_host(BEGIN ", \"allowed_extensions\": []}", PORTAL_WRONG);
	assert_host(BEGIN ", \"allowed_extensions\": " OURS "}", PORTAL_WRONG);
	assert_host(BEGIN ", \"allowed_origins\": [" OURS "]}", PORTAL_WRONG);
	assert_host("{\"name\": \"jpki_pkcs11.portal\", \"type\": \"stdio\", \"path\": \"/x%s\""
		    ", \"allowed_extensions\": [" OURS "]}",
		    PORTAL_WRONG);
	assert_host("{\"name\": \"other\", \"type\": \"stdio\", \"path\": \"%s\", "
		    "\"allowed_extensions\": [" OURS "]}",
		    PORTAL_WRONG);
	assert_host("{\"name\": \"jpki_pkcs11.portal\", \"type\": \"pkcs11\", \"path\": \"%s\", "
		    "\"allowed_extensions\": [" OURS "]}",
		    PORTAL_WRONG);
	assert_host(BEGIN ", \"path\": \"/x\", \"allowed_extensions\": [" OURS "]}", PORTAL_WRONG);
	assert_host("{\"path\": \"/x\", \"name\": \"jpki_pkcs11.portal\", \"type\": \"stdio\", "
		    "\"path\": \"%s\", \"allowed_extensions\": [" OURS "]}",
		    PORTAL_WRONG);
	assert_host("[]", PORTAL_WRONG);
	assert_host("", PORTAL_WRONG);
	assert_int_equal(unlink(place_path(names[PORTAL_FIREFOX_HOST])), 0);
	place_directory(names[PORTAL_FIREFOX_HOST]);
	assert_state(PORTAL_FIREFOX_HOST, PORTAL_WRONG);
}

static void assert_setting(const char *text, enum portal_state state)
{
	place_write(names[PORTAL_FIREFOX_SETTING], text);
	assert_state(PORTAL_FIREFOX_SETTING, state);
}

static void test_settings(void **state)
{
	(void)state;
	assert_setting("// words\npref(\"extensions.startupScanScopes\", 8);", PORTAL_RIGHT);
	assert_setting("pref(\"extensions.startupScanScopes\", 15);", PORTAL_RIGHT);
	assert_setting("pref(\"extensions.startupScanScopes\", 4);", PORTAL_WRONG);
	assert_setting("pref(\"extensions.startupScanScopes\", true);", PORTAL_WRONG);
	assert_setting("pref(\"extensions.autoDisableScopes\", 8);", PORTAL_WRONG);
	assert_setting("", PORTAL_WRONG);
}

static void assert_policy(const char *mode, const char *before, enum portal_state state)
{
	char text[PATH_MAX + 512];

	snprintf(text, sizeof(text),
		 "{\"ExtensionSettings\": {\"" ID "\": {\"installation_mode\": \"%s\", "
		 "\"update_url\": \"file://%s%s/chromium/updates.xml\"}}}",
		 mode, before, data);
	place_write(names[PORTAL_CHROMIUM_POLICY], text);
	assert_state(PORTAL_CHROMIUM_POLICY, state);
}

static void test_policies(void **state)
{
	(void)state;
	assert_policy("normal_installed", "", PORTAL_RIGHT);
	assert_policy("force_installed", "", PORTAL_RIGHT);
	assert_policy("blocked", "", PORTAL_WRONG);
	assert_policy("normal_installed", "/x", PORTAL_WRONG);
	place_write(names[PORTAL_CHROMIUM_POLICY], "{\"ExtensionSettings\": {}}");
	assert_state(PORTAL_CHROMIUM_POLICY, PORTAL_WRONG);
}

static void test_extension(void **state)
{
	(void)state;
	/* The link leads nowhere as yet. */
	write_part(PORTAL_FIREFOX_EXTENSION, LINK);
	assert_state(PORTAL_FIREFOX_EXTENSION, PORTAL_WRONG);
	assert_false(portal_extension_is_there(&places, BROWSER_FIREFOX));
	place_write("data/extension/manifest.json",
		    "{\"browser_specific_settings\": {\"gecko\": {\"id\": \"other\"}}}");
	assert_state(PORTAL_FIREFOX_EXTENSION, PORTAL_WRONG);
	assert_false(portal_extension_is_there(&places, BROWSER_FIREFOX));
	write_manifest();
	assert_state(PORTAL_FIREFOX_EXTENSION, PORTAL_RIGHT);
	assert_true(portal_extension_is_there(&places, BROWSER_FIREFOX));
}

static void test_packed(void **state)
{
	char text[PATH_MAX + 128];

	(void)state;
	assert_false(portal_extension_is_there(&places, BROWSER_CHROMIUM));
	snprintf(text, sizeof(text),
		 "<app appid='" ID "'> codebase='file://%s/chromium/portal.crx'", data);
	place_write("data/chromium/updates.xml", text);
	assert_false(portal_extension_is_there(&places, BROWSER_CHROMIUM));
	place_write("data/chromium/portal.crx", "x");
	assert_true(portal_extension_is_there(&places, BROWSER_CHROMIUM));
	text[strlen("<app appid='")] = 'x';
	place_write("data/chromium/updates.xml", text);
	assert_false(portal_extension_is_there(&places, BROWSER_CHROMIUM));
	place_write("data/chromium/updates.xml", ID);
	assert_false(portal_extension_is_there(&places, BROWSER_CHROMIUM));
}

static void test_program(void **state)
{
	(void)state;
	assert_false(portal_host_is_there(&places));
	place_write("libexec/jpki-portal", "");
	assert_false(portal_host_is_there(&places));
	assert_int_equal(chmod(host, 0755), 0);
	assert_true(portal_host_is_there(&places));
	assert_int_equal(unlink(host), 0);
	place_directory("libexec/jpki-portal");
	assert_false(portal_host_is_there(&places));
}

static void test_others(void **state)
{
	static char paths[PORTAL_OTHERS_MAX][PATH_MAX];
	char name[64];

	(void)state;
	assert_int_equal(portal_find_others(&places, paths), 0);
	write_part(PORTAL_FIREFOX_HOST, names[PORTAL_FIREFOX_HOST]);
	place_write("root/etc/chromium/native-messaging-hosts/org.example.wampa.json", "{}");
	place_write("root/etc/chromium/native-messaging-hosts/jp.go.myna.json.old", "{}");
	place_write("root/etc/chromium/native-messaging-hosts/jp.go.cao.mpa", "{}");
	assert_int_equal(portal_find_others(&places, paths), 0);
	place_write(".mozilla/native-messaging-hosts/jp.go.cao.mpa.json", "{}");
	assert_int_equal(portal_find_others(&places, paths), 1);
	assert_string_equal(paths[0],
			    place_path(".mozilla/native-messaging-hosts/jp.go.cao.mpa.json"));
	place_write(".config/google-chrome/NativeMessagingHosts/jp.go.myna.json", "{}");
	place_write("root/etc/opt/chrome/native-messaging-hosts/org.example.MynaHost.json", "{}");
	assert_int_equal(portal_find_others(&places, paths), 3);
	for (int i = 0; i < PORTAL_OTHERS_MAX; i++) {
		snprintf(name, sizeof(name),
			 "root/usr/lib/mozilla/native-messaging-hosts/mpa%d.json", i);
		place_write(name, "{}");
	}
	assert_int_equal(portal_find_others(&places, paths), PORTAL_OTHERS_MAX);
}

#define MANAGED "root/etc/chromium/policies/managed/"
#define MERGED  "\"PolicyDictionaryMultipleSourceMergeList\": "
#define SETTING "\"ExtensionSettings\": {}"

static void test_overruling(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_false(portal_find_overruling(&places, path));
	write_part(PORTAL_CHROMIUM_POLICY, names[PORTAL_CHROMIUM_POLICY]);
	place_write(MANAGED "a.json", "{" SETTING ", " MERGED "[]}");
	place_write(MANAGED "k.json", "{" SETTING "}");
	place_write(MANAGED "l.json", "{" MERGED "[]}");
	place_write(MANAGED "m.json", "{" SETTING ", " MERGED "[\"x\", \"ExtensionSettings\"]}");
	place_write(MANAGED "n.json", "{" SETTING ", " MERGED "\"x\"}");
	place_write(MANAGED "o.json", "{");
	assert_false(portal_find_overruling(&places, path));
	place_write(MANAGED "q.json", "{" SETTING ", " MERGED "[\"x\"]}");
	place_write(MANAGED "p.json", "{" SETTING ", " MERGED "[]}");
	assert_true(portal_find_overruling(&places, path));
	assert_string_equal(path, place_path(MANAGED "q.json"));
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_what_is_written), HERE(test_own),      HERE(test_wrong_hosts),
		HERE(test_settings),        HERE(test_policies), HERE(test_extension),
		HERE(test_packed),          HERE(test_program),  HERE(test_others),
		HERE(test_overruling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
