# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a person does in the walk-through (docs/portal-walkthrough.ja.md), with the mouse on the screen, as commands of
service.py.
"""

import subprocess

import talk
from browsers import until


def mouse(x, y):
    subprocess.run(["xdotool", "mousemove", str(round(x)), str(round(y)), "click", "1"], check=True)


def is_firefox(browser):
    return hasattr(browser, "script")


def panel(browser):
    return browser.script("chrome", "return document.getElementById('unified-extensions-panel')?.state")


def focused(browser):
    return browser.js("document.hasFocus()")


def chromium_place(browser, right, top):
    """A place of the window, from its upper right corner."""
    x, y = browser.js(f"[screenX + outerWidth - {right}, screenY + {top}]")
    return x, y


def ready(browser, _):
    """Wait for the extension. In Chromium, close the bar that warns of --no-sandbox, which only tests use."""
    until(browser.extension_came)
    if not is_firefox(browser):
        low = browser.js("innerHeight")
        until(lambda: mouse(*chromium_place(browser, 34, 115)) or browser.js("innerHeight") > low)
        until(lambda: browser.click() or focused(browser))


def menu(browser, _):
    """Open the browser's menu of extensions."""
    if is_firefox(browser):
        browser.script("chrome", "document.getElementById('unified-extensions-button').click()")
        until(lambda: panel(browser) == "open")
    else:
        mouse(*chromium_place(browser, 116, 63))
        until(lambda: not focused(browser))


def menu_end(browser, _):
    """Close it."""
    if is_firefox(browser):
        browser.script("chrome", "document.getElementById('unified-extensions-panel').hidePopup()")
        until(lambda: panel(browser) == "closed")
        return
    subprocess.run(["xdotool", "key", "Escape"], check=True)
    until(lambda: focused(browser))


def options(browser, _):
    """Visit the extension's page, and wait until it shows the readers; its text."""
    browser.go(browser.options())
    until(lambda: browser.js("document.querySelector('#readers li') !== null"))
    return browser.js("document.body.innerText")


def press(browser, element):
    """Press a button of the page, once the extension listens, until the page hears it. It heeds the first press alone."""
    talk.listened(browser)
    place = browser.js(f"""(box => {{
        const border = (outerWidth - innerWidth) / 2;
        return [(globalThis.mozInnerScreenX ?? screenX + border) + box.x + box.width / 2,
            (globalThis.mozInnerScreenY ?? screenY + outerHeight - innerHeight - border) + box.y + box.height / 2];
    }})(document.getElementById("{element}").getBoundingClientRect())""")
    until(lambda: mouse(*place) or browser.js("document.documentElement.dataset.pressed === 'yes'"))


def state(browser, _):
    """Wait until the page of the log-in says what became of it; that."""
    shown = "document.getElementById('state').textContent"
    until(lambda: browser.js(shown))
    return browser.js(shown)


COMMANDS = {each.__name__: each for each in (ready, menu, menu_end, options, press, state)}
