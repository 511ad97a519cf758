# SPDX-License-Identifier: LGPL-2.1-or-later
"""Requests of each mode, and answers to them in the form of docs/portal-protocol.md; the values are made up."""

import base64
import hashlib
import json

IDENTITY = {"uuid": "00112233445566778899aabbccddeeff",
            "combination_code": "48ad57a22404622bd877fcd8f976c44c5d991461d9f58bb9b05b5dbefe7cec5b"}
ATTRIBUTES = {"name": "公的　花子", "sex": "2", "address": "奈良県", "birthday": "19750403"}
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def digest(number):
    """A DigestInfo of SHA-256."""
    return base64.b64encode(DIGEST_INFO + bytes([number] * 32)).decode()


def request(mode, digests=None):
    return json.dumps({"mode": mode, "service_id": "01"} | ({"digest": digests} if digests else {}),
                      separators=(",", ":"))


def signature(one):
    """As long as one of RSA with 2048 bits, and another for each digest."""
    return base64.b64encode(hashlib.sha256(one.encode()).digest() * 8).decode()


def answer(text):
    """Answer a request as the host does when the person has agreed."""
    asked = json.loads(text)
    common = {"mode": asked["mode"], "result": "0", **IDENTITY}
    if asked["mode"] == "04":
        return json.dumps(common | {name: value.encode().hex() for name, value in ATTRIBUTES.items()})
    certificate = base64.b64encode(f"certificate for {asked['mode']}".encode() * 99).decode().rstrip("=")
    digests = asked["digest"] if isinstance(asked["digest"], list) else [asked["digest"]]
    signatures = [signature(one) for one in digests]
    return json.dumps(common | {"certificate": certificate,
                                "signature": signatures[0] if asked["mode"] == "01" else signatures})


REQUESTS = {"01": request("01", digest(1)), "02 of one": request("02", digest(1)),
            "02 of three": request("02", [digest(one) for one in range(3)]),
            "02 of a hundred": request("02", [digest(one) for one in range(100)]),
            "04": request("04")}
