#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated pages: pages.py CERTIFICATE KEY serves them on loopback, https at 443 and http at 80.

/           a page that notes each answer (in #answers) and what its request's headers were (in #headers)
/frame?URL  the same with that page in a frame
/other      a page on which another extension has been before ours
/login      a log-in as a person sees it, see login.py
"""

import html
import http.server
import ssl
import sys
import threading

import login

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>page</title></head><body>%s
<pre id="headers">%s</pre><pre id="answers"></pre>
<script>
document.addEventListener("recvMsg", event => {
	document.getElementById("answers").append(event.detail + "\\n");
});
</script></body></html>"""
OTHER = '<input type="hidden" id="app-is-installed" value="99">'


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
        body = (PAGE % (inside, html.escape(str(self.headers)))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
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
