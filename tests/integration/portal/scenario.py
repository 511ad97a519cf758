#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is to be seen of the extension in a browser, from the pages' side and from the host's.

scenario.py firefox PROFILE PART... | chromium ID PART...; the parts are the functions below. Prints a line
for each promise, "ok TEXT" or "no TEXT: WHAT WAS SEEN", and comments after "#". The host is stub-host.py, see talk.py.
"""

import json
import os
import sys
import time

import browsers
import forms
from browsers import until
from talk import (ANSWER, END, ERROR, INPUTS, LISTED, PORTAL, REFUSED, REQUEST, UNLISTED, answer_waiting,
                  answer_with, answers, ask, click, ended, go_to, hold, host_log, is_, listened, messages, one_more,
                  send)

VISITS = 10
# The version that portal_newer makes.
NEWER = "0.1.1"
# How long a question is open while the browser would like to end the extension's background: Chromium after 30 seconds.
LONG = int(os.environ.get("JPKI_TEST_HOLD", "45"))


def presence(browser):
    go_to(browser, PORTAL)
    for url in LISTED:
        browser.go(url)
        listened(browser)
        is_(f"{url} sees the two inputs", browser.js(INPUTS), "24 29")
    for url in UNLISTED:
        browser.go(url)
        is_(f"{url} sees nothing", browser.js(INPUTS), "none none")


def visits(browser, url):
    """Visit a page often; what it has found each time."""
    found = []
    for number in range(VISITS):
        address = f"{url}?{number}"

        def seen():
            now = json.loads(browser.js("JSON.stringify({ at: location.href, ...document.documentElement.dataset })"))
            return now["at"] == address and {"first", "loaded"} <= now.keys() and now
        browser.go(address)
        found.append(until(seen))
    return found


def moments(browser):
    """When pages find the inputs, also the one that loads in no time."""
    go_to(browser, PORTAL)
    listened(browser)
    for url in (PORTAL, f"{PORTAL}slow"):
        found = visits(browser, url)
        is_(f"{url} finds them when it has been loaded, if not before", {one["loaded"] for one in found}, {"24 29"})
        print(f"# {url}: in {sum(one['parsed'] == '24 29' for one in found)} of {VISITS} visits already when it has "
              "been parsed", flush=True)


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
    found = visits(browser, f"{PORTAL}slow")
    is_("from the first moment at which it finds any", {one["first"] for one in found}, {"31 47"})
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


def told_why(browser, text, url, name):
    """The extension's page tells the person why that site's last request was not served, in these words of its own."""
    api = "(globalThis.browser ?? globalThis.chrome).i18n"
    options(browser, browser.go)
    until(lambda: not browser.js("document.getElementById('reason').hidden"))
    is_(f"the person is told: {text}", browser.js(f"""document.getElementById('reason').textContent ===
        {api}.getMessage('reasonText', [{url[8:-1]!r}, {api}.getMessage({name!r})])"""), True)


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
    browser.window(LISTED[1])
    is_("another site gets an error meanwhile", [json.loads(one) for one in ask(browser, REQUEST)],
        [{"mode": "01", **ERROR}])
    is_("and the host hears nothing of it", len(messages()), 1)
    browser.close()
    browser.go(LISTED[1])
    ended("when the page is left the host ends")
    told_why(browser, "another question was open", LISTED[1], "busy")
    go_to(browser, PORTAL)
    ask(browser, REQUEST)
    told_why(browser, "without a click the site may not ask again", PORTAL, "clickFirst")


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


def disabled(browser):
    """The extension is disabled while a question is open. In Firefox its scripts are then gone from the page, too."""
    answer_with("hold")
    go_to(browser, PORTAL)
    click(browser)
    hold(browser)
    before = len(answers(browser))
    browser.enable(False)
    until(lambda: len(answers(browser)) > before)
    is_("it is disabled: the page gets the error", [json.loads(one) for one in answers(browser)[before:]],
        [{"mode": "01", **ERROR}])
    browser.enable(True)
    answer_with(ANSWER)
    browser.go(PORTAL)
    one_more(browser, "it is enabled again: the page is answered when it is loaded again")


def stays(browser):
    """The host does not end when it is told to: the test has made the limit short after which it is ended by force."""
    answer_with("stay")
    go_to(browser, PORTAL)
    click(browser)
    hold(browser)
    browser.go(LISTED[1])
    until(lambda: host_log()[-1:] == ["cut"])
    is_("it is told to end, and then its input ends", (messages()[1:], host_log()[-1:]),
        ([{"version": 1, "request": END}], ["cut"]))


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
    options(browser, browser.go)
    is_("after an answer there is nothing to tell", browser.js("document.getElementById('reason').hidden"), True)
    browser.go(LISTED[1])
    answer_with("hold")
    hold(browser)
    click(browser)
    send(browser, '{"mode":"05"}')
    ended("a question that is taken back ends the host")
    answer_with(ANSWER)
    for _ in range(10):
        ask(browser, REQUEST)
    is_("a click while the question was open is no wish for another", messages(), [])
    told_why(browser, "after a question that was taken back it takes a click", LISTED[1], "clickFirst")


def busy(browser):
    answer_with(ANSWER)
    go_to(browser, LISTED[2])
    click(browser)
    is_("the site is refused nothing", ask(browser, REQUEST), [ANSWER])
    answer_with("busy")
    is_("another browser's question is open: the page gets an error",
        [json.loads(one) for one in ask(browser, REQUEST)], [{"mode": "01", **ERROR}])
    answer_with(ANSWER)
    is_("that is no refusal: it may ask again by itself", ask(browser, REQUEST), [ANSWER])


def turned(browser):
    """The person turns away while the question is open."""
    answer_with("wait")
    go_to(browser, PORTAL)
    click(browser)
    hold(browser)
    browser.window(LISTED[1])
    until(lambda: browser.js("document.hasFocus()"))
    is_("another window has the focus", browser.js("document.hasFocus()"), True)
    browser.behind()
    answer_waiting(ANSWER)
    until(lambda: answers(browser)[-1:] == [ANSWER])
    is_("the question goes on: the window that asks has the focus, too", answers(browser)[-1:], [ANSWER])
    browser.close()
    answer_with("hold")
    click(browser)
    hold(browser)
    before = len(answers(browser))
    browser.tab(LISTED[1])
    ended("another tab is in front: the host ends")
    browser.behind()
    until(lambda: len(answers(browser)) > before)
    is_("the page gets the error", json.loads(answers(browser)[-1]), {"mode": "01", **ERROR})
    browser.close()
    answer_with(ANSWER)
    for _ in range(10):
        ask(browser, REQUEST)
    is_("it can't ask again by itself", messages(), [])
    one_more(browser, "but after a click")


def turn(browser, step, url):
    """Have the page itself go on or back, when Marionette has let go of it, and wait until it has."""
    browser.js(f"setTimeout(() => {{ {step}; }}, 1000)")
    until(lambda: browser.at() == url)


def kept(browser):
    """The browser keeps a document that is left, and shows it again. Firefox keeps none on which Marionette has clicked;
    this site has been refused nothing yet, and needs no click."""
    page = f"{LISTED[3]}kept"
    answer_with("hold")
    go_to(browser, page)
    hold(browser)
    before = len(answers(browser))
    browser.js("[document.body.dataset.mark = 'kept']")
    turn(browser, f"location.assign('{LISTED[1]}')", LISTED[1])
    ended("a page is left that the browser keeps: the host ends")
    turn(browser, "history.back()", page)
    is_("it is the same document", browser.js("document.body.dataset.mark"), "kept")
    until(lambda: len(answers(browser)) > before)
    is_("which gets an error for its request", [json.loads(one) for one in answers(browser)[before:]],
        [{"mode": "01", **ERROR}])
    answer_with(ANSWER)
    one_more(browser, "and is answered again")


def prepared(browser):
    """The browser prepares a document in advance (Chromium alone does)."""
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    browser.prepared(f"{PORTAL}prepare?{PORTAL}advance", f"{PORTAL}advance")
    until(lambda: "none" not in browser.js(INPUTS))
    is_("a page was prepared in advance", browser.js(
        "performance.getEntriesByType('navigation')[0].activationStart > 0"), True)
    is_("it saw nothing before it was shown", browser.js("document.documentElement.dataset.early"), "false")
    click(browser)
    is_("and is answered then", ask(browser, REQUEST), [ANSWER])
    browser.close()


def long_question(browser):
    answer_with("wait")
    go_to(browser, PORTAL)
    browser.impatient()
    click(browser)
    hold(browser)
    time.sleep(LONG)
    answer_waiting(ANSWER)
    until(lambda: answers(browser)[-1:] == [ANSWER])
    is_(f"a question that is open for {LONG} seconds is answered", answers(browser)[-1:], [ANSWER])


def hidden(browser):
    answer_with(ANSWER)
    go_to(browser, PORTAL)
    click(browser)
    browser.tab(LISTED[1])
    browser.behind()
    is_("a tab behind gets an error", [json.loads(one) for one in ask(browser, REQUEST)],
        [{"mode": "01", **ERROR}])
    browser.close()
    told_why(browser, "the tab was not in front", PORTAL, "notInFront")
    answer_with(ANSWER)
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


def hints(browser):
    """What the navigator answers of the system, in the form of the headers; and those headers."""
    names = ("architecture", "bitness", "formFactors", "model", "platform", "platformVersion", "wow64")
    values = json.loads(browser.js(
        f"navigator.userAgentData.getHighEntropyValues({list(names)!r}).then(JSON.stringify)"))
    told = {"arch": json.dumps(values["architecture"]), "bitness": json.dumps(values["bitness"]),
            "form-factors": ", ".join(json.dumps(one) for one in values["formFactors"]),
            "model": json.dumps(values["model"]), "platform": json.dumps(values["platform"]),
            "platform-version": json.dumps(values["platformVersion"]), "wow64": f"?{int(values['wow64'])}"}
    lines = [line.partition(": ") for line in browser.js("document.getElementById('headers').textContent").split("\n")]
    sent = {name.lower(): value for name, _, value in lines}
    return told, {name: sent.get(f"sec-ch-ua-{name}") for name in told}


def hints_agree(browser, url, system):
    """Twice: the browser sends the most of them only after it was asked for them."""
    windows = {"arch": '"x86"', "bitness": '"64"', "platform": '"Windows"', "platform-version": '"15.0.0"',
               "wow64": "?0"}
    browser.go(url)
    told, sent = hints(browser)
    is_(f"{system}: at once the headers tell Windows", {name: sent[name] for name in windows}, windows)
    browser.go(url)
    told, sent = hints(browser)
    is_(f"{system}: the headers and the navigator agree in all hints", sent, told)
    is_(f"{system}: and tell Windows", {name: told[name] for name in windows}, windows)


def worker_headers(browser):
    """With which headers a worker of the page asks."""
    return browser.js("new Promise(ready => { new Worker('/worker').onmessage = ({ data }) => ready(data); })")


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
    is_("a frame of the page's own, too", browser.js("""new Promise(ready => {
        const frame = document.createElement("iframe");
        frame.srcdoc = "frame";
        frame.onload = () => ready(frame.contentWindow.navigator.platform);
        document.body.append(frame);
    })"""), "Win32")
    is_("a worker's request says so, too", f"User-Agent: {lines[0]}" in worker_headers(browser), True)
    if lines[2]:
        hints_agree(browser, LISTED[1], "this machine")
        with browser.on_arm():
            browser.go(PORTAL)
            is_("arm64: another site is told so", hints(browser)[0]["arch"], '"arm"')
            hints_agree(browser, LISTED[1], "arm64")
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


def updated(browser):
    """The browser has found the newer version of the extension by itself, and it works."""
    version = "globalThis.chrome?.runtime?.getManifest?.().version ?? ''"

    def newer():
        browser.go(browser.options())
        return browser.js(version) == NEWER
    until(newer)
    options(browser, browser.go)
    is_("the newer version is there", browser.js(version), NEWER)
    answered(browser)


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
