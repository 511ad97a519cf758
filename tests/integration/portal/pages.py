#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated pages: pages.py CERTIFICATE KEY serves them on loopback, https at 443 and http at 80.

/             a page that notes each answer (in #answers), what its request's headers were (in #headers), and what
              it found of the two inputs at each moment (in its root's data); it asks for all client hints
/frame?URL    the same with that page in a frame
/login        a log-in as a person sees it, see login.py
/other        a page on which another extension has been before ours
/kept         one that the browser may keep when it is left
/slow         one that is not loaded before it has found the two inputs
/prepare?URL  one that has the browser prepare that page in advance, and goes to it when another page says so
/worker       a script that says, as a worker, what the headers of its request were
/headers      these
"""

import html
import http.server
import json
import ssl
import sys
import threading

import login

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>page</title><script>
const numbers = () => ["extension-is-installed", "app-is-installed"].map(
	id => document.getElementById(id)?.value ?? "none").join(" ");
const found = document.documentElement.dataset;
new MutationObserver(() => {
	if (numbers().startsWith("none") || found.first)
		return;
	found.first = numbers();
	found.early = document.prerendering ?? false;
	fetch("/found");
}).observe(document, { childList: true, subtree: true });
addEventListener("DOMContentLoaded", () => { found.parsed = numbers(); });
addEventListener("load", () => { found.loaded = numbers(); });
</script></head><body>%s
<pre id="headers">%s</pre><pre id="answers"></pre>
<script>
document.addEventListener("recvMsg", event => {
	document.getElementById("answers").append(event.detail + "\\n");
});
</script></body></html>"""
WORKER = """fetch("/headers").then(answer => answer.text()).then(text => postMessage(text));"""
PREPARE = """<script type="speculationrules">{"prerender": [{"source": "list", "urls": [%s]}]}</script>
<script>new BroadcastChannel("go").onmessage = ({ data }) => { location = data; };</script>"""
SLOW = '<img src="/held">'
HINTS = ", ".join("Sec-CH-UA-" + name for name in (
    "Arch", "Bitness", "Form-Factors", "Model", "Platform", "Platform-Version", "WoW64"))
OTHER = '<input type="hidden" id="app-is-installed" value="99">'


inputs_found = threading.Event()


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/login":
            self.server.log_in = login.LogIn()
            self.say(self.server.log_in.page())
            return
        inside = OTHER if path == "/other" else ""
        if path == "/frame":
            inside = f'<iframe src="{html.escape(query)}"></iframe>'
        if path == "/slow":
            inputs_found.clear()
            inside = SLOW
        elif path == "/found":
            inputs_found.set()
        elif path == "/held":
            inputs_found.wait()
        elif path == "/prepare":
            inside = PREPARE % json.dumps(query)
        kind, text = {"/worker": ("javascript", WORKER), "/headers": ("plain", str(self.headers))}.get(
            path, ("html", PAGE % (inside, html.escape(str(self.headers)))))
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-CH", HINTS)
        if path != "/kept":
            self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.say(self.server.log_in.result(self.rfile.read(int(self.headers["Content-Length"]))))

    def say(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def main(certificate, key):
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", 80), Pages)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secret = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Pages)
    secret.socket = context.wrap_socket(secret.socket, server_side=True, do_handshake_on_connect=False)
    secret.serve_forever()


main(*sys.argv[1:])
