#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Judges signed PDFs against their originals, by openssl, pdfsig, mutool and what the registries ask.

    judge.py CA ORIGINAL...

The signed copy of ORIGINAL is in the same folder. Prints what is wrong; nothing if all is right.
"""
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

# The first pages are looked at, and so all of any file but the one with thousands.
PAGES = '1-3'
VALUES = [rb'/Type /Sig\n', rb'/SubFilter /adbe\.pkcs7\.detached\n', rb'/Name <FEFF([0-9A-F]+)>\n',
          rb"/M \(D:\d{14}[+-]\d\d'\d\d'\)\n"]


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)


def pages(file):
    """What the pages look like."""
    drawn = run('mutool', 'draw', '-q', '-F', 'pgm', '-r', '50', '-o', '-', file, PAGES)
    return hashlib.sha256(drawn.stdout).hexdigest() if drawn.returncode == 0 and drawn.stdout else None


def cms_faults(ca, name, signed):
    """By openssl; and whether the CMS is as the registries take it."""
    ranges = re.findall(rb'/ByteRange \[0 (\d+) (\d+) (\d+) *\]', signed)
    if not ranges:
        return ['no ByteRange']
    end, start, rest = map(int, ranges[-1])
    faults = []
    if start + rest != len(signed):
        faults.append('the signature does not cover the file')
    contents = signed[end:start]
    if not re.fullmatch(rb'<[0-9a-f]+>', contents):
        return faults + ['the gap is not exactly Contents']
    der = bytes.fromhex(contents[1:-1].decode())
    if der[:2] != b'\x30\x82':
        return faults + ['the CMS is not DER']
    length = 4 + int.from_bytes(der[2:4], 'big')
    if der[length:].strip(b'\0'):
        faults.append('something follows the CMS')
    for suffix, data in (('.p7', der[:length]), ('.data', signed[:end] + signed[start:])):
        with open(name + suffix, 'wb') as out:
            out.write(data)
    verified = run('openssl', 'cms', '-verify', '-binary', '-inform', 'DER', '-in', name + '.p7',
                   '-content', name + '.data', '-CAfile', ca, '-out', '/dev/null')
    if verified.returncode != 0:
        faults.append('openssl: ' + verified.stderr.decode())
    printed = run('openssl', 'cms', '-cmsout', '-print', '-inform', 'DER', '-in', name + '.p7').stdout
    for word in (b'contentType', b'messageDigest', b'signingCertificateV2', b'algorithm: sha256 '):
        if word not in printed:
            faults.append(f'the CMS lacks {word.decode()}')
    again = run('openssl', 'asn1parse', '-inform', 'DER', '-in', name + '.p7').stdout
    if b'l=inf' in again:
        faults.append('the CMS has indefinite lengths')
    if printed.count(b'd.certificate') != 1:
        faults.append('the CMS has not exactly one certificate')
    os.remove(name + '.p7')
    os.remove(name + '.data')
    return faults


def judge(ca, original):
    name = original[:-4] + '-signed.pdf'
    try:
        with open(original, 'rb') as one, open(name, 'rb') as other:
            before, signed = one.read(), other.read()
    except FileNotFoundError:
        return ['there is no signed copy']
    faults = []
    if not signed.startswith(before):
        faults.append('the original is not the beginning of it')
    update = signed[len(before):]
    faults += [f'the update lacks {value}' for value in VALUES if len(re.findall(value, update)) != 1]
    if not re.search(rb'/Subtype /Widget\n/FT /Sig\n/T \([^)]*\)\n/V \d+ 0 R\n/F 132\n/Rect \[0 0 0 0\]',
                     update):
        faults.append('the widget is not as it should be')
    faults += [f'there is a field {name} already'
               for name in re.findall(rb'/FT /Sig\n/T (\([^)]*\))\n/V', update) if b'/T ' + name in before]
    faults += cms_faults(ca, name, signed)
    listed = run('pdfsig', '-nocert', name).stdout
    signatures = len(re.findall(rb'/Contents <[0-9a-f]+>\n', signed))
    if listed.count(b'Signature is Valid.') != signatures or b'Total document signed' not in listed or \
            b'not in a form' in listed:
        faults.append('pdfsig: ' + listed.decode(errors='replace'))
    if pages(original) is None or pages(original) != pages(name):
        faults.append('the pages look different')
    checked = run('qpdf', '--check', name)
    if checked.returncode != 0 and run('qpdf', '--check', original).returncode == 0:
        faults.append('qpdf: ' + checked.stderr.decode(errors='replace'))
    return faults


def main():
    ca, originals = sys.argv[1], sys.argv[2:]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for original, faults in zip(originals, pool.map(lambda file: judge(ca, file), originals)):
            for fault in faults:
                print(f'{os.path.basename(original)}: {fault}')


if __name__ == '__main__':
    main()
