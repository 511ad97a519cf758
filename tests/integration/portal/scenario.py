#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is to be seen of the extension in a browser, from the pages' side and from the host's.

scenario.py firefox PROFILE PART... | chromium ID PART...; the parts are the functions below. Prints a line
for each promise, "ok TEXT" or "no TEXT: WHAT WAS SEEN". The host is stub-host.py, whose files are in the
directory that JPKI_STUB names.
"""

import json
import os
import sys
import time

import browsers
import forms
from browsers import until

STUB = os.environ.get("JPKI_STUB")
PORTAL = "https://myna.go.jp/"
LISTED = (PORTAL, "https://www.keisan.nta.go.jp/", "https://login.e-tax.nta.go.jp/",
          "https://clientweb.e-tax.nta.go.jp/")
UNLISTED = ("https://www.go.jp/", "https://myna.go.jp.example/", "https://xn--mna-hqa.go.jp/",
            "https://myna-go.jp/", "https://www.nta.go.jp/", "https://uketsuke.e-tax.nta.go.jp/",
            "http://myna.go.jp/")
REQUEST = '{"mode":"01","service_id":"01","digest":"MDEw"}'
ANSWER = '{"mode":"01","result":"0","uuid":"00112233445566778899aabbccddeeff"}'
REFUSED = '{"mode":"01","result":"1","errcode":"EW044-C300"}'
END = '{"mode":"05"}'
ERROR = {"result": "1", "errcode": "EW044-C300"}
INPUTS = ("['extension-is-installed', 'app-is-installed'].map("
          "id => document.getElementById(id)?.value ?? 'none').join(' ')")


def is_(text, seen, wanted):
    print(f"ok {text}" if seen == wanted else f"no {text}: {seen!r} and not {wanted!r}", flush=True)


def host_log():
    try:
        with open(f"{STUB}/log", encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def answer_with(text):
    """The host answers so from now on; its log begins anew."""
    with open(f"{STUB}/answer", "w", encoding="utf-8") as file:
        file.write(text)
    if os.path.exists(f"{STUB}/log"):
        os.remove(f"{STUB}/log")


def messages():
    return [json.loads(line.partition(" ")[2]) for line in host_log() if line.startswith("message")]


def ended(text):
    until(lambda: host_log()[-1:] == ["end"])
    is_(text, host_log()[-1:], ["end"])


def click(browser):
    """A browser may drop a click on a page that it has not drawn yet."""
    browser.js("[document.title = 'waiting', "
               "addEventListener('pointerdown', () => { document.title = 'clicked'; }, { once: true })][0]")

    def clicked():
        browser.click()
        return browser.js("document.title") == "clicked"
    until(clicked)


def listened(browser):
    """A browser may load the extension's script after the page has come: nobody hears a request before that."""
    until(lambda: "none" not in browser.js(INPUTS))


def ask(browser, *texts):
    """Send the page's requests, and return as many answers."""
    listened(browser)
    before = len(answers(browser))
    send(browser, *texts)
    until(lambda: len(answers(browser)) >= before + len(texts))
    return answers(browser)[before:]


def one_more(browser, text, request=REQUEST, answer=ANSWER):
    """Nothing was on its way, to the host or the page, before this request: it is the first that arrives.

    The extension may still be busy with the end of an earlier one: then it is asked again.
    """
    before = len(answers(browser))
    asked = 0

    def arrives():
        nonlocal asked
        asked += 1
        click(browser)
        ask(browser, request)
        return messages()
    until(arrives)
    is_(text, (len(answers(browser)) - before, answers(browser)[-1], [one["request"] for one in messages()]),
        (asked, answer, [request]))


def send(browser, *texts):
    browser.js(f"{json.dumps(texts)}.forEach(detail => "
               "document.dispatchEvent(new CustomEvent('launchApp', { detail })))")


def hold(browser, request=REQUEST):
    """Send a request until the host has it. The extension may be busy or at rest, and the window about to get the
    focus: then the page has an error, and asks again."""
    listened(browser)

    def arrives():
        before = len(answers(browser))
        send(browser, request)
        until(lambda: messages() or len(answers(browser)) > before)
        return messages()
    until(arrives)


def answers(browser):
    return browser.js("document.getElementById('answers').textContent").split("\n")[:-1]


def go_to(browser, url):
    """Visit a page once the extension is there: by policy it comes a moment after the first window."""
    until(browser.extension_came)
    browser.go(url)


def presence(browser):
    go_to(browser, PORTAL)
    for url in LISTED:
        browser.go(url)
        listened(browser)
        is_(f"{url} sees the two inputs", browser.js(INPUTS), "24 29")
    for url in UNLISTED:
        browser.go(url)
        is_(f"{url} sees nothing", browser.js(INPUTS), "none none")


def absence(browser):
    browser.go(PORTAL)
    is_(f"{PORTAL} sees nothing", browser.js(INPUTS), "none none")


def answered(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    is_("01 is answered as the host says", ask(browser, REQUEST), [ANSWER])
    is_("the host gets the origin, the request unchanged and nothing else", messages(),
        [{"version": 1, "origin": PORTAL[:-1], "request": REQUEST}])
    ended("the host ends with its answer")


def modes(browser):
    """Each goes through the browser with nothing added, lost or changed."""
    go_to(browser, PORTAL)
    for name, request in forms.REQUESTS.items():
        answer = forms.answer(request)
        answer_with(answer)
        is_(f"{name}: the page gets the host's answer", ask(browser, request), [answer])
        is_(f"{name}: the host gets the request unchanged", messages(),
            [{"version": 1, "origin": PORTAL[:-1], "request": request}])
        ended(f"{name}: the host ends")


def modes_fail(browser):
    """What fails is an error of the same mode, and 05 takes each question back."""
    go_to(browser, LISTED[1])
    for name in ("02 of three", "04"):
        request = forms.REQUESTS[name]
        answer_with("die")
        click(browser)
        is_(f"{name}: the host dies: the page gets the error",
            [json.loads(one) for one in ask(browser, request)], [{"mode": name[:2], **ERROR}])
        answer_with("hold")
        click(browser)
        hold(browser, request)
        send(browser, END)
        ended(f"{name}: 05 ends the host")
        answer_with(forms.answer(request))
        one_more(browser, f"{name}: and has no answer", request, forms.answer(request))


def managed(browser):
    """What an administrator has set."""
    go_to(browser, PORTAL)
    until(lambda: browser.js(INPUTS) == "31 47")
    is_("the page sees the numbers of the administrator", browser.js(INPUTS), "31 47")
    is_("the extension's page, too", shown_numbers(browser), "31 47")


def managed_wrong(browser):
    """One that is no number is as good as none."""
    go_to(browser, PORTAL)
    until(lambda: browser.js(INPUTS).endswith("48"))
    is_("a number that cannot be one is not taken", browser.js(INPUTS), "24 48")
    is_("nor by the extension's page", shown_numbers(browser), "24 48")


def options(browser, visit):
    """Visit the extension's page, and wait until it has asked the host, whose log is then at rest."""
    visit(browser.options())
    until(lambda: "Virtual Reader" in browser.js("document.body.textContent"))
    until(lambda: host_log()[-1:] == ["end"])


def shown_numbers(browser):
    options(browser, browser.go)
    shown = "['extensionNumber', 'applicationNumber'].map(id => document.getElementById(id).textContent).join(' ')"
    until(lambda: browser.js(shown) != " ")
    return browser.js(shown)


def malformed(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    lies = ["", "{", "[]", "null", '"01"', '{"mode":1}', '{"mode":"03"}', '{"mode":"1"}', "[" * 9999,
            '{"mode":"01","pad":"' + "x" * 65536 + '"}'] * 3
    seen = ask(browser, *lies)
    is_("30 malformed requests get 30 errors", len(seen), 30)
    is_("all of the one kind", {tuple(sorted(ERROR.items()))},
        {tuple(sorted((k, v) for k, v in json.loads(one).items() if k != "mode")) for one in seen})
    is_("the mode is echoed if it is one", json.loads(seen[6]).get("mode"), "03")
    browser.js("document.dispatchEvent(new CustomEvent('launchApp', { detail: { mode: '01' } }))")
    until(lambda: len(answers(browser)) == 31)
    is_("a request that is no text gets an error", len(answers(browser)), 31)
    one_more(browser, "the host is not started for any of them")


def at_once(browser):
    answer_with("hold")
    go_to(browser, PORTAL)
    send(browser, *[REQUEST] * 20)
    until(lambda: len(answers(browser)) == 19 and messages())
    is_("20 at once: 19 get an error at once", [json.loads(one) for one in answers(browser)],
        [{"mode": "01", **ERROR}] * 19)
    is_("and one reaches the host", len(messages()), 1)
    browser.tab(LISTED[1])
    is_("another site gets an error meanwhile", [json.loads(one) for one in ask(browser, REQUEST)],
        [{"mode": "01", **ERROR}])
    is_("and the host hears nothing of it", len(messages()), 1)
    browser.close()
    browser.go(LISTED[1])
    ended("when the page is left the host ends")


def left(browser):
    answer_with("hold")
    go_to(browser, PORTAL)
    click(browser)
    hold(browser)
    browser.go(LISTED[1])
    ended("the page is left: the host ends")
    answer_with(ANSWER)
    one_more(browser, "the next page gets its own answer alone")
    browser.go(LISTED[1])
    answer_with("hold")
    click(browser)
    hold(browser)
    send(browser, END)
    ended("05 ends the host")
    answer_with(ANSWER)
    one_more(browser, "and has no answer")
    answer_with("hold")
    browser.tab(PORTAL)
    hold(browser)
    is_("another tab may ask", len(messages()), 1)
    browser.close()
    ended("the tab is closed: the host ends")


def dies(browser):
    answer_with("die")
    go_to(browser, LISTED[2])
    is_("the host dies: the page gets the error", [json.loads(one) for one in ask(browser, REQUEST)],
        [{"mode": "01", **ERROR}])


def open_at_end(browser):
    """The last part: the browser ends while a question is open; extension.sh looks for what is left."""
    answer_with("hold")
    go_to(browser, PORTAL)
    click(browser)
    hold(browser)
    is_("a question is open", len(messages()), 1)


def after_refusal(browser):
    answer_with(REFUSED)
    go_to(browser, LISTED[1])
    click(browser)
    is_("a refusal reaches the page", ask(browser, REQUEST), [REFUSED])
    for _ in range(10):
        ask(browser, REQUEST)
    is_("10 requests after it do not reach the host", len(messages()), 1)
    browser.go(LISTED[1])
    ask(browser, REQUEST)
    is_("nor does one after the page was loaded again", len(messages()), 1)
    options(browser, browser.go)
    until(lambda: not browser.js("document.getElementById('reason').hidden"))
    is_("the person is told why, and by which site", [one in browser.js(
        "document.getElementById('reason').textContent") for one in ("www.keisan.nta.go.jp", "why not")], [True, True])
    browser.go(LISTED[1])
    answer_with(ANSWER)
    click(browser)
    is_("after a click the person is asked again", ask(browser, REQUEST), [ANSWER])
    answer_with("hold")
    hold(browser)
    click(browser)
    send(browser, '{"mode":"05"}')
    ended("a question that is taken back ends the host")
    answer_with(ANSWER)
    for _ in range(10):
        ask(browser, REQUEST)
    is_("a click while the question was open is no wish for another", messages(), [])
    options(browser, browser.go)
    is_("after an answer there is nothing to tell", browser.js("document.getElementById('reason').hidden"), True)


def hidden(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    click(browser)
    browser.tab(LISTED[1])
    browser.behind()
    is_("a tab behind gets an error", [json.loads(one) for one in ask(browser, REQUEST)],
        [{"mode": "01", **ERROR}])
    browser.close()
    browser.go(f"https://www.go.jp/frame?{PORTAL}")
    is_("around a frame nothing is seen", browser.js(INPUTS), "none none")
    browser.go(f"{PORTAL}frame?https://www.keisan.nta.go.jp/")
    inner = "window.frames[0].document"
    browser.go(f"{PORTAL}frame?{PORTAL}")
    is_("in a frame nothing is seen", browser.js(INPUTS.replace("document", inner)), "none none")
    browser.js(f"{inner}.dispatchEvent(new CustomEvent('launchApp', {{ detail: '{REQUEST}' }})) + ''")
    browser.go(f"{PORTAL}other")
    is_("with another extension ours stands aside", browser.js(INPUTS), "none 99")
    send(browser, REQUEST)
    browser.go(PORTAL)
    one_more(browser, "the host is not started for any of them")


def lies(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    click(browser)
    lie = ('{"mode":"01","origin":"https://example.com","pin":"1234","path":"/bin/sh","version":9,'
           '"__proto__":{"about":true},"digest":"MDEw"}')
    ask(browser, lie)
    is_("what a page says of itself is not believed", messages(),
        [{"version": 1, "origin": PORTAL[:-1], "request": lie}])


def identity(browser):
    return browser.js("""[navigator.userAgent, navigator.platform, navigator.userAgentData?.platform ?? '',
        document.getElementById('headers').textContent].join('\\n')""")


def set_switch(browser, host, on):
    options(browser, browser.go)
    box = f"document.querySelector('[data-host=\"{host}\"]')"
    until(lambda: browser.js(f"{box} !== null"))
    if browser.js(f"{box}.checked") != on:
        old = browser.js(f"{box}.dataset.old = 'old'")
        browser.js(f"{box}.click()")
        until(lambda: browser.js(f"{box}.dataset.old ?? 'new'") != old)
    return browser.js(f"{box}.checked")


def icon_shows(browser, host, wanted):
    """Whether this is written on the icon of the site's tab, as the extension's page in another tab sees it."""
    options(browser, browser.tab)
    api = "(globalThis.browser ?? globalThis.chrome)"
    shown = until(lambda: browser.js(f"""{api}.tabs.query({{ url: "https://{host}/*" }}).then(
        ([{{ id }}]) => {api}.action.getBadgeText({{ tabId: id }}))""") == wanted)
    browser.close()
    return shown


def switch(browser):
    host = "www.keisan.nta.go.jp"
    go_to(browser, LISTED[1])
    is_("by default the site is told the truth", "Windows" in identity(browser), False)
    is_("the switch can be set", set_switch(browser, host, True), True)
    browser.go(LISTED[1])
    seen = identity(browser)
    lines = seen.split("\n")
    is_("with the switch the page sees Windows", "Windows NT 10.0" in lines[0] and lines[1], "Win32")
    is_("with the switch nothing says Linux", "Linux" in seen or "X11" in seen, False)
    is_("header and navigator agree", f"User-Agent: {lines[0]}" in lines, True)
    if lines[2]:
        is_("the client hints agree", (lines[2], 'sec-ch-ua-platform: "Windows"' in seen.lower()
                                       .replace('"windows"', '"Windows"')), ("Windows", True))
    is_("the icon shows it", icon_shows(browser, host, "Win"), True)
    browser.go(PORTAL)
    is_("another site is told the truth", "Windows" in identity(browser), False)
    is_("the icon shows nothing there", icon_shows(browser, "myna.go.jp", ""), True)
    is_("the switch can be withdrawn", set_switch(browser, host, False), False)
    browser.go(LISTED[1])
    is_("then the site is told the truth again", "Windows" in identity(browser), False)
    is_("and the icon shows nothing", icon_shows(browser, host, ""), True)


def added(browser):
    site = UNLISTED[0]
    answer_with(ANSWER)
    go_to(browser, site)
    is_("another site sees nothing", browser.js(INPUTS), "none none")
    browser.button()
    until(lambda: browser.js(INPUTS) == "24 29")
    is_("after the button it sees the two inputs", browser.js(INPUTS), "24 29")
    browser.go(site)
    is_("and again when it is loaded", browser.js(INPUTS), "24 29")
    is_("it is answered", ask(browser, REQUEST), [ANSWER])
    is_("under its own origin, and as one that the person has added", messages(),
        [{"version": 1, "origin": site[:-1], "added": True, "request": REQUEST}])
    browser.go(UNLISTED[1])
    is_("a third site sees nothing", browser.js(INPUTS), "none none")
    options(browser, browser.go)
    until(lambda: browser.js("document.querySelector('#added button') !== null"))
    is_("the extension's page lists it", browser.js(
        "document.querySelector('#added li').firstChild.textContent"), site[8:-1])
    browser.js("document.querySelector('#added button').click()")
    until(lambda: browser.js("document.querySelector('#added button') === null"))
    browser.go(site)
    is_("removed, it sees nothing any more", browser.js(INPUTS), "none none")


def page(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    options(browser, browser.go)
    text = browser.js("document.body.textContent")
    is_("the extension's page tells of the reader, the card and the tries",
        "Virtual Reader 00 00: card" in text and ("PIN for authentication (4 digits): 3 tries left" in text
                                                  or "利用者証明用の暗証番号(数字4桁): 残り3回" in text), True)
    is_("it lists the sites", "myna.go.jp" in text and "www.keisan.nta.go.jp" in text, True)
    is_("it was asked of the host without a page", messages(), [{"version": 1, "about": True}])
    is_("no text is missing", browser.js(
        "[...document.querySelectorAll('[data-i18n]')].filter(one => !one.textContent).length"), 0)
    is_("there is no field but switches", browser.js(
        "document.querySelectorAll('input:not([type=checkbox]), textarea').length"), 0)


def main(kind, argument, *parts):
    browser = {"firefox": browsers.Firefox, "chromium": browsers.Chromium}[kind](argument)
    for part in parts:
        try:
            globals()[part](browser)
        except (RuntimeError, OSError, TypeError, KeyError) as error:
            print(f"no {part}: {error!r}".replace("\n", " "), flush=True)
    browser.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
