# SPDX-License-Identifier: LGPL-2.1-or-later
"""A log-in as a person sees it, for pages.py: login.html with a challenge, and what the server says of the answer."""

import base64
import hashlib
import json
import os
import subprocess
import tempfile

DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class LogIn:
    def __init__(self):
        self.hash = hashlib.sha256(os.urandom(32)).digest()

    def page(self):
        with open(os.path.join(os.path.dirname(__file__), "login.html"), encoding="utf-8") as file:
            return file.read().replace("BLOCK", base64.b64encode(DIGEST_INFO + self.hash).decode())

    def result(self, text):
        return "ログインしました。" if self.is_signed(text) else "ログインできませんでした。"

    def is_signed(self, text):
        """Whether the answer is signed with the key of the certificate that it has."""
        try:
            answer = json.loads(text)
            parts = {"hash": self.hash, "signature": base64.b64decode(answer["signature"]),
                     "certificate": base64.b64decode(answer["certificate"] + "==")}
        except (ValueError, KeyError):
            return False
        with tempfile.TemporaryDirectory() as directory:
            for name, value in parts.items():
                with open(os.path.join(directory, name), "wb") as file:
                    file.write(value)
            return subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-certin", "-inkey", "certificate", "-keyform", "DER", "-in", "hash",
                 "-sigfile", "signature", "-pkeyopt", "digest:sha256"], cwd=directory, check=False).returncode == 0
