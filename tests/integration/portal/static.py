#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is fixed of the extension: static.py DIRECTORY PROTOCOL SITE CONFIGURE prints each rule that is broken, and
fails if any is.

PROTOCOL is docs/portal-protocol.md, which says why each site is listed; SITE is src/portal/site.c, the host's own list;
CONFIGURE is configure.ac, which has the version.
"""

import base64
import hashlib
import json
import os
import re
import sys

PERMISSIONS = {"nativeMessaging", "storage", "activeTab", "scripting", "declarativeNetRequest",
               "declarativeNetRequestWithHostAccess"}
SITES = r"https://(myna\.go\.jp|\*\.myna\.go\.jp|([a-z0-9-]+\.)+nta\.go\.jp)/\*"
KEYS = {"manifest_version", "name", "description", "version", "default_locale", "minimum_chrome_version", "key",
        "browser_specific_settings", "icons", "permissions", "host_permissions",
        "optional_host_permissions", "background", "content_scripts", "action", "options_ui", "storage",
        "content_security_policy", "incognito"}
SCRIPT_KEYS = {"matches", "js", "run_at"}
# No code from text, no HTML from text, no connection, nothing of others.
FORBIDDEN = (r"\beval\b|\bFunction\s*\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|"
             r"createContextualFragment|\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|"
             r"\bimport\s*\(|importScripts|\bsetTimeout\(\s*[\"'`]|getClientOS")


def sites_with_a_reason(protocol):
    with open(protocol, encoding="utf-8") as file:
        table = file.read().partition("## Which sites")[2].partition("\n\nOther")[0]
    return {f"https://{one}/*" for row in table.split("\n")
            for one in re.findall(r"`([^`]+)`", row.split("|")[1] if "|" in row else "")}


def sites_of_host(source):
    """The host's list, in the manifest's form."""
    with open(source, encoding="utf-8") as file:
        names = re.findall(r'"([^"]+)"', file.read().partition("sites[] = {")[2].partition("}")[0])
    return {f"https://{form}{name.lstrip('.')}/*" for name in names
            for form in (("", "*.") if name.startswith(".") else ("",))}


def version_of_package(configure):
    with open(configure, encoding="utf-8") as file:
        return re.search(r"AC_INIT\(\[[^]]*\], \[([^]]*)\]", file.read()).group(1)


def is_version(text):
    """One to four numbers without needless zeros: browsers compare them one by one, and take no other form."""
    return re.fullmatch(r"(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){0,3}", text) is not None and \
        all(int(one) <= 65535 for one in text.split(".")) and text.strip("0.") != ""


def rules(directory, protocol, source, configure):
    def read(name):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            return file.read()

    manifest = json.loads(read("manifest.json"))
    yield "manifest 3", manifest["manifest_version"] == 3
    yield "the package's version", manifest["version"] == version_of_package(configure)
    yield "a version that browsers know", is_version(manifest["version"])
    yield "nothing else in the manifest", set(manifest) <= KEYS
    yield "no private windows", manifest["incognito"] == "not_allowed"
    yield "permissions", set(manifest["permissions"]) <= PERMISSIONS
    yield "other sites by the person's act alone", manifest["optional_host_permissions"] == ["https://*/*"]
    scripts = manifest["content_scripts"]
    yield "content scripts", len(scripts) == 1 and set(scripts[0]) == SCRIPT_KEYS
    sites = scripts[0]["matches"]
    yield "sites", all(re.fullmatch(SITES, one) for one in sites) and sites == manifest["host_permissions"]
    yield "each site has a reason", set(sites) == sites_with_a_reason(protocol)
    yield "the host has the same list", set(sites) == sites_of_host(source)
    key = hashlib.sha256(base64.b64decode(manifest["key"])).hexdigest()[:32]
    letters = key.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    yield "Chromium's manifest of the host names this one", \
        json.loads(read("chromium-host.json.in"))["allowed_origins"] == [f"chrome-extension://{letters}/"]
    yield "and of the policy", letters in read("chromium-policy.json.in")
    gecko = manifest["browser_specific_settings"]["gecko"]
    yield "so does Firefox's", \
        json.loads(read("firefox-host.json.in"))["allowed_extensions"] == [gecko["id"]]
    background = manifest["background"]
    yield "one background", background["scripts"] == [background["service_worker"]]

    named = [background["service_worker"], *scripts[0]["js"], "options.js", "windows.js"]
    there = sorted(name for name in os.listdir(directory) if name.endswith(".js"))
    yield "scripts", sorted(named) + [] == [name for name in there if name != "firefox-pref.js"]
    code = {name: read(name) for name in there}
    for name, text in code.items():
        yield f"{name}: nothing forbidden", not re.search(FORBIDDEN, text)
    usual = [re.search(r"const usual = (.*);", code[name]).group(1) for name in ("page.js", "options.js")]
    yield "the same two numbers", usual[0] == usual[1]
    for what, form, places in (("rule for numbers", r"const isNumber = .*;", ("background.js", "page.js")),
                               ("user agent", r"navigator\.userAgent\.replace\(.*\)", ("background.js", "windows.js"))):
        yield f"the same {what}", len({re.search(form, code[name]).group() for name in places}) == 1
    page = read("options.html")
    yield "no remote code", not re.search(r"(src|href)=\"(?!options\.(js|css)\")", page)
    yield "no script in the page", not re.search(r"<script>|\son[a-z]+=", page)
    yield "no field in the page", not re.search(r"<(input|textarea|form|iframe)", page)
    yield "no field but switches", set(re.findall(r'\.type = "(\w+)"', code["options.js"])) == \
        {"button", "checkbox"}

    texts = [json.loads(read(f"_locales/{one}/messages.json")) for one in ("ja", "en")]
    yield "texts in both languages", set(texts[0]) == set(texts[1])
    yield "no empty text", all(one["message"].strip() for each in texts for one in each.values())
    yield "the same values", all(re.findall(r"\$\w+\$", texts[0][one]["message"]) ==
                                 re.findall(r"\$\w+\$", texts[1][one]["message"])
                                 for one in set(texts[0]) & set(texts[1]))
    used = set(re.findall(r'data-i18n="(\w+)"', page)) | set(re.findall(r'words\("(\w+)"', code["options.js"]))
    used |= set(re.findall(r"__MSG_(\w+)__", read("manifest.json"))) | {"titleWindows", "tabLeft"}
    used |= set(re.findall(r'getMessage\("(\w+)"', code["background.js"]))
    yield "each text is there and used", used == set(texts[0])


def main(*arguments):
    broken = [name for name, kept in rules(*arguments) if not kept]
    for name in broken:
        print("broken:", name)
    return len(broken) > 0


sys.exit(main(*sys.argv[1:]))
