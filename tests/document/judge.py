#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Judges signed PDFs against their originals, by openssl, pdfsig, mutool and what the registries ask.

    judge.py [--each=COUNT] CA ORIGINAL...

The signed copy of ORIGINAL is in the same folder. With --each it has so many signatures of ours, each of
which openssl judges over the file as it was then; else that is done with the last one alone. Prints what
is wrong, and at its end how many it has judged.
"""
import getpass
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

PAGES = '1-N'
# What a signature adds to in objects that were there, and the keys of what is new.
GROWS = {'/AcroForm', '/Annots', '/Fields', '/SigFlags'}
NEW = [{'/Type', '/Subtype', '/FT', '/T', '/V', '/F', '/Rect', '/P'}, GROWS,
       {'/Type', '/Filter', '/SubFilter', '/Name', '/M', '/ByteRange', '/Contents'}]
# What says where, by whom or with what a file was signed.
TRACES = [os.getcwd(), os.path.expanduser('~'), getpass.getuser(), socket.gethostname(), 'jpki-pkcs11', 'jpki sign',
          'OpenSSL', 'qpdf']
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
    signer = printed[printed.find(b'signerInfos:'):]
    if signer.count(b'algorithm: rsaEncryption ') != 1:
        faults.append('the signature is not RSA PKCS #1 v1.5')
    again = run('openssl', 'cms', '-cmsout', '-inform', 'DER', '-outform', 'DER', '-in', name + '.p7').stdout
    if again != der[:length]:
        faults.append('the CMS is not in DER throughout')
    if printed.count(b'd.certificate') != 1:
        faults.append('the CMS has not exactly one certificate')
    faults += [f'the CMS has {word}' for word in TRACES if len(word) > 3 and word.encode() in der]
    os.remove(name + '.p7')
    os.remove(name + '.data')
    return faults


def versions(signed, count):
    """The file as it was after each of its signatures; the last one is the file itself."""
    ends = [int(start) + int(rest)
            for start, rest in re.findall(rb'/ByteRange \[0 \d+ (\d+) (\d+) *\]', signed)]
    return None if count != len(ends) or ends != sorted(ends) else [signed[:end] for end in ends[:-1]] + [signed]


def objects(file):
    """All objects, by qpdf, but for those in which other objects or places are packed."""
    shown = run('qpdf', '--json=2', '--json-key=qpdf', file).stdout
    # A name may have any bytes.
    every = json.loads(shown.decode(errors='surrogateescape'))['qpdf'][1]
    found = {name: value.get('value', value.get('stream', {}).get('dict')) for name, value in every.items()}
    return {name: value for name, value in found.items()
            if name == 'trailer' or not (isinstance(value, dict) and value.get('/Type') in ('/XRef', '/ObjStm'))}


def resolved(found, value):
    """The value that a reference leads to."""
    return found.get(f'obj:{value}') if isinstance(value, str) and re.fullmatch(r'\d+ \d+ R', value) else value


def grew(before, after):
    """Whether a list is as it was, but for one item at its end, or none."""
    before = before if isinstance(before, list) else []
    return isinstance(after, list) and after[:len(before)] == before and len(after) - len(before) <= 1


def entry_changed(key, old, new):
    """Whether an entry of a dictionary is not as it should be after a signature; both have their objects."""
    if key == '/SigFlags':
        return new[1] != 3
    if key == '/AcroForm' and new[1] is not None:
        was = resolved(*old) if isinstance(resolved(*old), dict) else {}
        now = resolved(*new)
        return any(entry_changed(name, (old[0], was.get(name)), (new[0], now.get(name))) for name in {*was, *now})
    if key in GROWS:
        return not grew(resolved(*old), resolved(*new))
    return old[1] != new[1]


def object_faults(original, signed):
    """What was changed beside the catalogue, the form, a page's annotations and a new field."""
    before, after = objects(original), objects(signed)
    # What a reference leads to that leads nowhere is null here: the reference itself may have gone.
    faults = [f'{name} is missing' for name, value in before.items() if value is not None and name not in after]
    for name, value in after.items():
        old = before.get(name)
        if old == value or name == 'trailer' or (isinstance(old, list) and grew(old, value)):
            continue
        if old is None:
            if not isinstance(value, list) and not any(set(value) <= keys for keys in NEW):
                faults.append(f'{name} is new, and no part of a signature')
        elif not isinstance(old, dict) or not isinstance(value, dict) or \
                any(entry_changed(key, (before, old.get(key)), (after, value.get(key))) for key in {*old, *value}):
            faults.append(f'{name} was changed')
    old, new = before['trailer'], after['trailer']
    faults += [f'{key} of the trailer was changed' for key in ('/Root', '/Info', '/Encrypt')
               if old.get(key) != new.get(key)]
    if ('/ID' in old) != ('/ID' in new) or old.get('/ID', [0])[0] != new.get('/ID', [0])[0]:
        faults.append('/ID of the trailer was changed')
    if new['/Size'] <= max(int(name.split()[0][4:]) for name in after if name != 'trailer'):
        faults.append('/Size of the trailer is too small')
    if new['/Size'] < old['/Size']:
        faults.append('/Size of the trailer is less than it was')
    return faults


def judge(ca, original, count):
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
    # Contents is judged as CMS. A short name is one only as a word.
    words = re.sub(rb'/Contents <[0-9a-f]*>', b'', update)
    faults += [f'the update has {word}' for word in TRACES
               if re.search(rb'(?<![A-Za-z0-9])' + re.escape(word.encode()) + rb'(?![A-Za-z0-9])', words)]
    faults += [f'there is a field {name} already'
               for name in re.findall(rb'/FT /Sig\n/T (\([^)]*\))\n/V', update) if b'/T ' + name in before]
    every = [signed] if count is None else versions(signed, count)
    if every is None:
        faults.append('there are not so many signatures, or not in their order')
    for version in every or []:
        faults += cms_faults(ca, name, version)
    listed = run('pdfsig', '-nocert', name).stdout
    signatures = len(re.findall(rb'/Contents <[0-9a-f]+>\n', signed))
    if listed.count(b'Signature is Valid.') != signatures or b'Total document signed' not in listed or \
            b'not in a form' in listed:
        faults.append('pdfsig: ' + listed.decode(errors='replace'))
    if pages(original) is None or pages(original) != pages(name):
        faults.append('the pages look different')
    faults += object_faults(original, name)
    verified = run('mutool', 'sign', '-v', name).stdout
    if verified.count(b'The document is unchanged since signing.') < 1 or b'changed since signing' in \
            verified.replace(b'unchanged since', b''):
        faults.append('mutool: ' + verified.decode(errors='replace'))
    checked = run('qpdf', '--check', name)
    if checked.returncode != 0 and run('qpdf', '--check', original).returncode == 0:
        faults.append('qpdf: ' + checked.stderr.decode(errors='replace'))
    return faults


def main():
    count, words = None, sys.argv[1:]
    if words[0].startswith('--each='):
        count = int(words.pop(0)[7:])
    ca, originals = words[0], words[1:]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for original, faults in zip(originals, pool.map(lambda file: judge(ca, file, count), originals)):
            for fault in faults:
                print(f'{os.path.basename(original)}: {fault}'.encode(errors='replace').decode())
    print(len(originals), 'judged')


if __name__ == '__main__':
    main()
