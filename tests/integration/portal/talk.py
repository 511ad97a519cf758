# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the parts of the scenario, and service.py, do with a page and with the host, which is stub-host.py: it has its
files in the directory that JPKI_STUB names.
"""

import json
import os

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


def answer_waiting(text):
    """The host, which may wait for it, answers so from now on."""
    with open(f"{STUB}/answer.new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(f"{STUB}/answer.new", f"{STUB}/answer")


def answer_with(text):
    """The same, and its log begins anew."""
    answer_waiting(text)
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
