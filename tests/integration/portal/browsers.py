# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firefox by Marionette and Chromium by its pipe, with the same few verbs for the scenario.

go(URL) visits, js(EXPRESSION) is what the page's expression comes to, tab(URL) opens a tab in front,
behind() speaks to the first tab while that is in front, close() closes it, extension_came() is whether the
extension has, options() is the address of the extension's page, click() is a person's click, button() is one on the
extension's button, with yes to what the browser asks, quit().
"""

import itertools
import json
import os
import select
import socket
import subprocess
import sys
import time

LIMIT = 120
EXTENSION = "portal@jpki-pkcs11"


def until(what):
    """Wait for an event, with a generous end."""
    end = time.monotonic() + LIMIT
    while not (value := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


class Firefox:
    def __init__(self, profile):
        self.process = subprocess.Popen(
            ["firefox-esr", "--marionette", "--no-remote", "-remote-allow-system-access",
             "--profile", profile], stdin=subprocess.DEVNULL, stdout=sys.stderr)
        self.id = 0
        self.connect()
        self.send("WebDriver:NewSession", {"capabilities": {}})

    def connect(self):
        end = time.monotonic() + LIMIT
        while True:
            try:
                self.file = socket.create_connection(("127.0.0.1", 2828), LIMIT).makefile("rwb")
                return self.receive()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.file.read(1)
            if not byte:
                raise OSError("Firefox has closed the connection")
            length += byte
        return json.loads(self.file.read(int(length[:-1])))

    def send(self, command, parameters):
        self.id += 1
        message = json.dumps([0, self.id, command, parameters]).encode()
        self.file.write(b"%d:%b" % (len(message), message))
        self.file.flush()
        error, result = self.receive()[2:]
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def script(self, context, text):
        self.send("Marionette:SetContext", {"value": context})
        return self.send("WebDriver:ExecuteScript", {"script": text, "args": []})["value"]

    def js(self, expression):
        return self.script("content", f"return {expression}")

    def go(self, url):
        self.send("Marionette:SetContext", {"value": "content"})
        self.send("WebDriver:Navigate", {"url": url})

    def tab(self, url):
        handle = self.send("WebDriver:NewWindow", {"type": "tab"})["handle"]
        self.first = self.send("WebDriver:GetWindowHandles", {})[0]
        self.second = handle
        self.front(handle)
        self.go(url)

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

    def quit(self):
        self.send("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.process.wait(LIMIT)


class Chromium:
    def __init__(self, extension):
        self.extension = extension
        self.came = False
        read, self.write = os.pipe()
        self.read, write = os.pipe()

        def descriptors():
            pair = [os.dup(read), os.dup(write)]
            while min(pair) < 5:
                pair = [os.dup(one) for one in pair]
            os.dup2(pair[0], 3)
            os.dup2(pair[1], 4)

        self.process = subprocess.Popen(
            ["chromium", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             # The page of plain http is to be seen as it is.
             "--disable-features=HttpsUpgrades", "--password-store=basic", "--remote-debugging-pipe",
             # For the extension's button.
             "--enable-unsafe-extension-debugging", "about:blank"], close_fds=False,
            stdin=subprocess.DEVNULL, stdout=sys.stderr, preexec_fn=descriptors)
        os.close(read)
        os.close(write)
        self.rest = b""
        self.id = 0
        self.tabs = []
        first = next(one["targetId"] for one in self.send("Target.getTargets", None)["targetInfos"]
                     if one["type"] == "page")
        self.attach(first)

    def attach(self, target):
        session = self.send("Target.attachToTarget", None, targetId=target, flatten=True)["sessionId"]
        self.tabs.append((target, session))
        self.session = session

    def send(self, method, session, **parameters):
        self.id += 1
        message = {"id": self.id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                if not select.select([self.read], [], [], LIMIT)[0]:
                    raise RuntimeError(f"{method}: nothing comes")
                more = os.read(self.read, 65536)
                if not more:
                    raise RuntimeError("Chromium has ended")
                self.rest += more
            text, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.id:
                return answer.get("result", answer)

    def js(self, expression):
        answer = self.send("Runtime.evaluate", self.session, expression=f"({expression})",
                           returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def go(self, url):
        self.send("Page.navigate", self.session, url=url)
        self.js("new Promise(ready => document.readyState == 'complete' ? ready() : "
                "addEventListener('load', ready))")

    def tab(self, url):
        self.attach(self.send("Target.createTarget", None, url="about:blank")["targetId"])
        self.go(url)

    def behind(self):
        self.session = self.tabs[0][1]

    def close(self):
        self.send("Target.closeTarget", None, targetId=self.tabs.pop()[0])
        self.session = self.tabs[0][1]

    def click(self):
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", self.session, type=kind, x=20, y=20, button="left",
                      clickCount=1)

    def button(self):
        """The question lies over the page, takes the focus, and has its yes on the right of its lower edge."""
        self.click()
        until(lambda: self.js("document.hasFocus()"))
        tabs = self.send("Target.getTargets", None, filter=[{"type": "tab"}])["targetInfos"]
        self.send("Extensions.triggerAction", None, id=self.extension, targetId=tabs[0]["targetId"])
        until(lambda: not self.js("document.hasFocus()"))
        heights = itertools.cycle(range(230, 420, 20))

        def answered():
            subprocess.run(["xdotool", "mousemove", "700", str(next(heights)), "click", "1"], check=True)
            return self.js("document.hasFocus()")
        until(answered)

    def extension_came(self):
        """Its worker runs when it comes and when the browser starts. No page may load meanwhile: Chromium
        then puts the installing off."""
        targets = self.send("Target.getTargets", None)["targetInfos"]
        self.came = self.came or any(
            one["type"] == "service_worker" and self.extension in one["url"] for one in targets)
        return self.came

    def options(self):
        return f"chrome-extension://{self.extension}/options.html"

    def quit(self):
        self.process.terminate()
        self.process.wait(LIMIT)
