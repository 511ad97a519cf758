# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firefox by Marionette and Chromium by its pipe, with the same few verbs for the scenario.

go(URL) visits, at() is what the tab has loaded, js(EXPRESSION) is what the page's expression comes to, tab(URL) opens
a tab in front, window(URL) a window in front, behind() speaks to the first tab while that is in front, close() closes
it, extension_came() is whether the extension has, options() is the address of the extension's page, click() is a
person's click, button() is one on the extension's button, with yes to what the browser asks, impatient() has the
background ended as soon as it has nothing to do, quit().
"""

import contextlib
import itertools
import subprocess
import sys
import time

import devtools
import marionette

LIMIT = 120
EXTENSION = "portal@jpki-pkcs11"


def until(what):
    """Wait for an event, with a generous end."""
    end = time.monotonic() + LIMIT
    while not (value := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


def connected(port):
    """A session, as soon as Firefox listens."""
    try:
        return marionette.Marionette(port, LIMIT)
    except ConnectionRefusedError:
        return None


class Firefox:
    def __init__(self, profile):
        self.process = subprocess.Popen(
            ["firefox-esr", "--marionette", "--no-remote", "-remote-allow-system-access",
             "--profile", profile], stdin=subprocess.DEVNULL, stdout=sys.stderr)
        self.session = until(lambda: connected(2828))
        self.send = self.session.send
        self.script = self.session.script
        self.js = self.session.js

    def go(self, url):
        self.send("Marionette:SetContext", {"value": "content"})
        self.send("WebDriver:Navigate", {"url": url})

    def tab(self, url, kind="tab"):
        handle = self.send("WebDriver:NewWindow", {"type": kind, "focus": True})["handle"]
        self.first = self.send("WebDriver:GetWindowHandles", {})[0]
        self.second = handle
        self.front(handle)
        self.go(url)

    def at(self):
        """Not asked of the page: Firefox keeps none in which a script of Marionette runs when it is left."""
        return self.script("chrome", """
            const { currentURI, webProgress } = window.gBrowser.selectedBrowser;
            return webProgress.isLoadingDocument ? null : currentURI.spec;""")

    def window(self, url):
        self.tab(url, "window")

    def front(self, handle):
        self.send("WebDriver:SwitchToWindow", {"handle": handle, "focus": True})

    def behind(self):
        """The first tab is spoken to, and the second stays in front."""
        self.send("WebDriver:SwitchToWindow", {"handle": self.first, "focus": False})

    def close(self):
        self.front(self.second)
        self.send("WebDriver:CloseWindow", {})
        self.front(self.first)

    def click(self):
        body = self.send("WebDriver:FindElement", {"using": "css selector", "value": "#headers"})["value"]
        self.send("WebDriver:ElementClick", {"id": next(iter(body.values()))})

    def button(self):
        self.script("chrome", f"""
            Services.prefs.setBoolPref("extensions.webextOptionalPermissionPrompts", false);
            const {{ ExtensionParent }} =
                ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
            const {{ extension }} = WebExtensionPolicy.getByID("{EXTENSION}");
            ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);""")

    def extension_came(self):
        return True

    def options(self):
        host = self.script(
            "chrome", f"return WebExtensionPolicy.getByID('{EXTENSION}').mozExtensionHostname")
        return f"moz-extension://{host}/options.html"

    def impatient(self):
        self.script("chrome", "Services.prefs.setIntPref('extensions.background.idle.timeout', 1000);")

    def quit(self):
        self.send("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.process.wait(LIMIT)


class Chromium(devtools.DevTools):
    def __init__(self, extension):
        self.extension = extension
        self.came = False
        self.tabs = []
        super().__init__(
            ["chromium", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             # The page of plain http is to be seen as it is.
             "--disable-features=HttpsUpgrades", "--password-store=basic",
             # For the extension's button.
             "--enable-unsafe-extension-debugging", "about:blank"], LIMIT)

    def attach(self, target):
        super().attach(target)
        self.tabs.append((target, self.session))

    def go(self, url):
        self.ask("Page.navigate", url=url)
        self.js(devtools.LOADED)

    def tab(self, url, window=False):
        self.attach(self.ask("Target.createTarget", url="about:blank", newWindow=window)["targetId"])
        self.go(url)

    def at(self):
        return self.js("document.readyState == 'complete' ? location.href : null")

    def window(self, url):
        self.tab(url, True)
        self.ask("Page.bringToFront")

    def behind(self):
        self.session = self.tabs[0][1]

    def close(self):
        self.ask("Target.closeTarget", targetId=self.tabs.pop()[0])
        self.session = self.tabs[0][1]

    def click(self):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=20, y=20, button="left",
                      clickCount=1)

    def button(self):
        """The question lies over the page, takes the focus, and has its yes on the right of its lower edge."""
        self.click()
        until(lambda: self.js("document.hasFocus()"))
        tabs = self.ask("Target.getTargets", filter=[{"type": "tab"}])["targetInfos"]
        self.ask("Extensions.triggerAction", id=self.extension, targetId=tabs[0]["targetId"])
        until(lambda: not self.js("document.hasFocus()"))
        heights = itertools.cycle(range(230, 420, 20))

        def answered():
            subprocess.run(["xdotool", "mousemove", "700", str(next(heights)), "click", "1"], check=True)
            return self.js("document.hasFocus()")
        until(answered)

    def extension_came(self):
        """Its worker runs when it comes and when the browser starts. No page may load meanwhile: Chromium
        then puts the installing off."""
        targets = self.ask("Target.getTargets")["targetInfos"]
        self.came = self.came or any(
            one["type"] == "service_worker" and self.extension in one["url"] for one in targets)
        return self.came

    def options(self):
        return f"chrome-extension://{self.extension}/options.html"

    def enable(self, on):
        """Enable the extension or disable it, as a person does on the browser's page of extensions."""
        self.window("chrome://extensions")
        self.js(f"chrome.management.setEnabled({self.extension!r}, {str(on).lower()})")
        self.close()

    def impatient(self):
        """It ends the background after 30 seconds, which nobody can change."""

    def prepared(self, url, prepared):
        """Visit a page in a tab in front, which prepares another one and then goes to it. Chromium prepares none for
        a tab that it is spoken to about."""
        def targets():
            return [one for one in self.ask("Target.getTargets")["targetInfos"] if one["url"] == prepared]
        target = self.ask("Target.createTarget", url=url)["targetId"]
        until(lambda: [one for one in targets() if one.get("subtype") == "prerender" and one["title"] == "page"])
        self.js(f"new BroadcastChannel('go').postMessage({prepared!r})")
        until(lambda: [one for one in targets() if one.get("subtype") is None])
        self.attach(target)

    @contextlib.contextmanager
    def on_arm(self):
        """As on another machine, for the tab and for what it asks for."""
        agent = self.ask("Browser.getVersion")["userAgent"]
        self.ask("Emulation.setUserAgentOverride", userAgent=agent, userAgentMetadata={
            "platform": "Linux", "platformVersion": "6.1.0", "architecture": "arm", "bitness": "64", "model": "",
            "mobile": False, "wow64": False, "formFactors": ["Desktop"]})
        yield
        self.ask("Emulation.setUserAgentOverride", userAgent="")
