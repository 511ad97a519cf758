#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does in a browser what a test says, one command after the other: see service.sh.

service.py firefox PROFILE | chromium ID reads a command in each line, and writes what came of it in a line of JSON.
The commands are the functions below and those of walk.py, with one argument. The browser ends with the input.
"""

import json
import os
import sys

import browsers
import talk
import walk
from browsers import until


def go(browser, url):
    """Visit a page; what it sees of the two inputs."""
    talk.go_to(browser, url)
    if url in talk.LISTED:
        talk.listened(browser)
    return browser.js(talk.INPUTS)


def tab(browser, url):
    """Open a page in a tab in front."""
    browser.tab(url)
    look(browser)


def behind(browser, _):
    """Speak to the first tab while the second is in front."""
    browser.behind()


def close(browser, _):
    """Close the second tab."""
    browser.close()
    look(browser)


def look(browser):
    """The person looks at the page and has clicked on it: so it may ask, also after a refusal."""
    talk.click(browser)
    if not until(lambda: browser.js("document.hasFocus()")):
        raise RuntimeError("the page has no focus")


def ask(browser, texts):
    """Send requests, after a click; the answers to them."""
    look(browser)
    return talk.ask(browser, *json.loads(texts))


def nag(browser, texts):
    """Send requests without a click, or from a tab behind; the answers to them."""
    return talk.ask(browser, *json.loads(texts))


def is_asked():
    """The person is: pinentry of jpki-sign.sh has noted it."""
    return os.path.getsize("asked") > 0


def send(browser, texts):
    """Send requests, after a click, until the person is asked; how often. The extension may be busy with the end of an
    earlier one, and the window about to get the focus: then the page has an error, and the person clicks again."""
    talk.listened(browser)
    times = 0

    def asks():
        nonlocal times
        times += 1
        look(browser)
        before = len(talk.answers(browser))
        talk.send(browser, *json.loads(texts))
        until(lambda: is_asked() or len(talk.answers(browser)) > before)
        return is_asked()
    until(asks)
    return times


def try_(browser, text):
    """Send a request without a click on a page to which nobody listens."""
    talk.send(browser, text)


def end(browser, _):
    """Send mode 05."""
    talk.send(browser, talk.END)


def answers(browser, number):
    """Wait until the page has so many answers in all; they."""
    until(lambda: len(talk.answers(browser)) >= int(number))
    return talk.answers(browser)


def impatient(browser, _):
    """From now on the browser ends the extension's background as soon as it may."""
    browser.impatient()


def framed(browser, text):
    """Send a request in the first frame of the page; what that sees of the two inputs."""
    inner = "window.frames[0].document"
    until(lambda: browser.js(f"{inner}.getElementById('answers') !== null"))
    browser.js(f"{inner}.dispatchEvent(new CustomEvent('launchApp', {{ detail: {json.dumps(text)} }})) + ''")
    return browser.js(talk.INPUTS.replace("document", inner))


def add(browser, url):
    """Visit a site and add it with the extension's button; what it sees then of the two inputs."""
    talk.go_to(browser, url)
    browser.button()
    until(lambda: browser.js(talk.INPUTS) == "24 29")
    return browser.js(talk.INPUTS)


COMMANDS = {"try": try_} | {each.__name__: each for each in (
    go, tab, behind, close, ask, nag, send, end, answers, impatient, framed, add)} | walk.COMMANDS


def main(kind, argument):
    browser = {"firefox": browsers.Firefox, "chromium": browsers.Chromium}[kind](argument)
    for line in sys.stdin:
        command, _, rest = line.rstrip("\n").partition(" ")
        try:
            result = COMMANDS[command](browser, rest)
        except (RuntimeError, OSError, TypeError, KeyError) as error:
            result = f"{command}: {error!r}"
        print(json.dumps(result), flush=True)
    browser.quit()


main(*sys.argv[1:])
