#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes signed PDFs, honest ones and attacks, and what must be found of each.

    attacks.py DIRECTORY [FAMILY...]

DIRECTORY/expected has a line for each file: its name, the exit code of jpki verify, and for each
signature, in the order in which they were made, "signature/what it covers/certificates". The
authority is DIRECTORY/ca.crt. A FAMILY is a function of those at the end; without any it is all of them.
"""
import copy
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from corpus import CATALOGUE, FONT, Writer, encoded, plain, stream, text  # noqa: E402

EXTENSIONS = '''
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
[noca]
keyUsage=critical,keyCertSign,digitalSignature,nonRepudiation
[falseca]
basicConstraints=critical,CA:FALSE
keyUsage=critical,keyCertSign
[sign]
keyUsage=critical,digitalSignature,nonRepudiation
[repudiable]
keyUsage=critical,digitalSignature
[unused]
keyUsage=critical,nonRepudiation
[decrypts]
keyUsage=critical,keyEncipherment,dataEncipherment
[unsaid]
subjectKeyIdentifier=hash
[server]
keyUsage=critical,digitalSignature,nonRepudiation
extendedKeyUsage=serverAuth
[auth]
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
'''

# The sections of certificates that say of their key that it is for something else, or nothing.
USAGES = ('repudiable', 'unused', 'decrypts', 'unsaid', 'server')


def openssl(*words, data=None):
    done = subprocess.run(['openssl', *words], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f'openssl {" ".join(words)}: {done.stderr.decode()}')
    return done.stdout


class Authority:
    """Certificates and keys, in the directory where this runs."""

    def __init__(self):
        self.serial = 100
        with open('extensions', 'w', encoding='ascii') as out:
            out.write(EXTENSIONS)
        self.self_signed('ca', 'ca')
        self.self_signed('other', 'ca')
        self.self_signed('noca', 'noca')
        self.self_signed('falseca', 'falseca')
        self.issue('signer', 'ca', 'sign')
        self.issue('second', 'ca', 'sign')
        self.issue('auth', 'ca', 'auth')
        self.issue('expired', 'ca', 'sign', '-not_before', '20200101000000Z', '-not_after',
                   '20210101000000Z')
        self.issue('early', 'ca', 'sign', '-not_before', '21000101000000Z', '-not_after',
                   '21010101000000Z')
        self.issue('stranger', 'other', 'sign')
        self.issue('below', 'noca', 'sign')
        self.issue('under', 'falseca', 'sign')
        self.issue('heir', 'signer', 'sign')
        for usage in USAGES:
            self.issue(usage, 'ca', usage)

    @staticmethod
    def request(name, subject):
        openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', subject, '-keyout', name + '.key',
                '-out', name + '.csr')

    def self_signed(self, name, section):
        self.request(name, '/CN=Authority')
        openssl('x509', '-req', '-in', name + '.csr', '-signkey', name + '.key', '-days', '3650',
                '-extfile', 'extensions', '-extensions', section, '-out', name + '.crt')

    def issue(self, name, issuer, section, *period):
        self.request(name, '/CN=' + name)
        self.serial += 1
        if not period:
            openssl('x509', '-req', '-in', name + '.csr', '-CA', issuer + '.crt', '-CAkey', issuer + '.key',
                    '-days', '30', '-extfile', 'extensions', '-extensions', section, '-out', name + '.crt',
                    '-set_serial', str(self.serial))
            return
        # Only "openssl ca" takes dates in Debian 12.
        for file, content in (('index', ''), ('serial', '%08x\n' % self.serial),
                              ('ca.conf', '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n'
                                          'default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' + EXTENSIONS)):
            with open(file, 'w', encoding='ascii') as out:
                out.write(content)
        dates = ['-startdate', period[1], '-enddate', period[3]]
        openssl('ca', '-batch', '-config', 'ca.conf', '-cert', issuer + '.crt', '-keyfile', issuer + '.key',
                '-in', name + '.csr', '-out', name + '.crt', '-notext', '-extensions', section, *dates)


def cms(signed, signers=('signer',), options=()):
    words = [word for name in signers for word in ('-signer', name + '.crt', '-inkey', name + '.key')]
    if '-md' not in options:
        options = (*options, '-md', 'sha256')
    return openssl('cms', '-sign', '-binary', '-outform', 'DER', *words, *options, data=signed)


ROOM = 6000
FORM = '/AcroForm << /Fields [%s] /SigFlags 3 >> %s'


def signature(kind='adbe.pkcs7.detached', more=''):
    return (b'<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /' + kind.encode() + b" /M (D:20260101000000+09'00') "
            b'/ByteRange [0 XXXXXXXXX XXXXXXXXX XXXXXXXXX] /Contents <' + b'00' * ROOM + b'> ' + more.encode() +
            b' >>')


def widget(name, value, rectangle='0 0 0 0', more=''):
    return (f'<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /V {value} 0 R /F 132 '
            f'/Rect [{rectangle}] /P 3 0 R {more} >>')


def fill(pdf, make=None, **options):
    """Signs the newest signature that waits, with CMS or what make returns."""
    place = pdf.rindex(b'XXXXXXXXX XXXXXXXXX XXXXXXXXX')
    gap = pdf.index(b'<0', place)
    end = pdf.index(b'>', gap) + 1
    numbers = b'%09d %09d %09d' % (gap, end, len(pdf) - end)
    pdf = pdf[:place] + numbers + pdf[place + 29:]
    value = (make or cms)(pdf[:gap] + pdf[end:], **options)
    value += bytes(ROOM - len(value))
    return pdf[:gap] + b'<' + value.hex().encode() + b'>' + pdf[end:]


def unsigned(catalogue='', page='', **more):
    return Writer().objects(plain(catalogue, page, **more)).table()


def first(writer=None, field=None, value=None, perms='', notes='10 0 R', **options):
    """A document with a signature; the writer knows where its objects are."""
    writer = writer or unsigned()
    objects = plain(FORM % ('10 0 R', perms), f'/Annots [{notes}]')
    writer.objects({1: objects[1], 3: objects[3], 10: field or widget('One', 11),
                    11: value or signature()}).table()
    writer.out = fill(writer.out, **options)
    return writer


def second(writer, field=None, page=None, form=None, more=None, **options):
    objects = plain(form or FORM % ('10 0 R 12 0 R', ''), page or '/Annots [10 0 R 12 0 R]')
    writer.objects({1: objects[1], 3: objects[3], 12: field or widget('Two', 13), 13: signature(),
                    **(more or {})}).table()
    writer.out = fill(writer.out, **{'signers': ('second',), **options})
    return writer


def update(writer, objects):
    return writer.objects(objects).table().out


GOOD = 'good/all/good'
OLDER = 'good/version/good'
SQUARE = stream('0 0 200 100 re f', '/Type /XObject /Subtype /Form /BBox [0 0 200 100]')
VISIBLE = '<< /Type /Annot /Subtype /FreeText /Rect [10 10 100 60] /Contents (Paid) /DA (/F 9 Tf) /F 4 >>'


def honest():
    yield 'one', 0, GOOD, first().out
    yield 'two', 0, f'{OLDER} {GOOD}', second(first()).out
    writer = second(first())
    objects = plain(FORM % ('10 0 R 12 0 R 14 0 R', ''), '/Annots [10 0 R 12 0 R 14 0 R]')
    writer.objects({1: objects[1], 3: objects[3], 14: widget('Three', 15), 15: signature()})
    yield 'three', 0, f'{OLDER} {OLDER} {GOOD}', fill(writer.table().out)
    yield 'pades', 0, GOOD, first(value=signature('ETSI.CAdES.detached'), options=('-cades',)).out
    yield 'without-attributes', 0, GOOD, first(options=('-noattr',)).out
    # A time that is too long is none.
    yield 'time-of-32-bytes', 0, GOOD, first(value=signature().replace(
        b"(D:20260101000000+09'00')", b"(D:20260101000000+09'00'%s)" % (b'0' * 9))).out
    yield 'two-signers-at-once', 0, 'good/all/good,good', first(signers=('signer', 'second')).out
    objects = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]')
    empty = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Two) /F 4 /Rect [0 0 50 20] /P 3 0 R >>'
    writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature(), 12: empty}).table()
    writer.out = fill(writer.out)
    filled = empty.replace('/F 4', '/F 132 /V 13 0 R')
    writer.objects({12: filled, 13: signature()}).table()
    yield 'field-that-waited', 0, f'{OLDER} {GOOD}', fill(writer.out, signers=('second',))
    writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature(), 12: empty}).table()
    writer.out = fill(writer.out)
    writer.objects({12: filled[:-2] + '/AP << /N 14 0 R >> >>', 13: signature(), 14: SQUARE}).table()
    yield 'field-that-waited-shown', 0, f'good/shown/good {GOOD}', fill(writer.out, signers=('second',))
    writer = second(first(), field=widget('Two', 13, '0.0 0.0 0 0.0'))
    yield 'with-a-state', 0, f'{OLDER} {GOOD}', second(first(), field=widget('Two', 13, more='/AS /N')).out
    yield 'no-size-as-reals', 0, f'{OLDER} {GOOD}', writer.out
    many = {number: f'<< /A {number + 1} 0 R /B {number + 1} 0 R >>' for number in range(40, 90)}
    writer = pair('/DR 40 0 R', objects={**many, 90: '<< /A 40 0 R >>'}, later={})
    yield 'resources-by-many-ways', 0, f'{OLDER} {GOOD}', fill(writer.table().out, signers=('second',))
    yield 'two-on-an-untyped-page', 0, f'{OLDER} {GOOD}', on_an_untyped_page()
    yield 'value-in-the-field', 0, GOOD, first(field=whole('One'), value='null').out
    writer = second(first(field=whole('One'), value='null'), field=whole('Two'), more={13: 'null'})
    yield 'values-in-the-fields', 0, f'{OLDER} {GOOD}', writer.out
    yield 'field-in-the-catalogue', 0, f'{OLDER} {GOOD}', in_the_catalogue()
    writer = first(unsigned(o6='<< /Title (a) /ModDate (D:2025) >>'))
    writer.objects({6: '<< /Title (a) /ModDate (D:2026) >>'})
    yield 'signed-on-date', 0, f'{OLDER} {GOOD}', second(writer).out
    writer = Writer().objects(plain()).object_stream(20, {30: '(deleted)', 31: 'null'})
    del writer.places[30]
    yield 'deleted-from-an-object-stream', 0, GOOD, packed_first(writer.stream(21), 22).out
    empty = stream('', '/Type /XObject /Subtype /Form /BBox [0 0 0 0]')
    yield 'empty-look', 0, f'{OLDER} {GOOD}', second(
        first(unsigned(o20=empty), widget('One', 11, more='/AP << /N 20 0 R >>'))).out


def on_an_untyped_page():
    """As second, but the page has no type; readers know it as what the tree has."""
    one, two = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]'), plain(
        FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]')
    for objects in (one, two):
        objects[3] = objects[3].replace('/Type /Page ', '')
    writer = Writer().objects({**one, 10: widget('One', 11), 11: signature()}).table()
    writer.out = fill(writer.out)
    writer.objects({1: two[1], 3: two[3], 12: widget('Two', 13), 13: signature()}).table()
    return fill(writer.out, signers=('second',))


def whole(name):
    """A field whose signature is no object of its own."""
    return widget(name, 'X').encode().replace(b'X 0 R', signature())


def in_the_catalogue():
    """The form, a field and its signature are parts of the catalogue, which has to be written again."""
    def form(*fields):
        return b'<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /SigFlags 3 >> >>' % b' '.join(fields)
    writer = Writer().objects({**plain(), 1: form(whole('One'))}).table()
    writer.out = fill(writer.out)
    place = writer.out.index(b'/ByteRange')
    done = writer.out[place:writer.out.index(b'>', place) + 1]
    before = signature()[:signature().index(b'/ByteRange')]
    one = widget('One', 'X').encode().replace(b'X 0 R', before + done + b' >>')
    page = plain(page='/Annots [12 0 R]')[3]
    writer.objects({1: form(one, b'12 0 R'), 3: page, 12: widget('Two', 13), 13: signature()}).table()
    return fill(writer.out, signers=('second',))


def removed():
    """The first signature is taken out of the form, a page is replaced, and another signs that."""
    form, notes = FORM % ('12 0 R', ''), '/Annots [12 0 R]'

    def dropped(writer, **objects):
        more = {int(name[1:]): value for name, value in objects.items()}
        return second(writer, form=form, page=notes, more={4: text('Another letter'), **more}).out
    gone, hidden = f'good/removed/good {GOOD}', f'good/hidden/good {GOOD}'
    yield 'removed-and-null', 14, gone, dropped(first(), o11='null')
    yield 'removed-and-used-again', 14, gone, dropped(first(), o11=FONT)
    writer = first()
    objects = plain(form, notes)
    writer.objects({1: objects[1], 3: objects[3], 4: text('Another letter'), 12: widget('Two', 11), 11: signature()})
    yield 'removed-by-its-own-number', 14, gone, fill(writer.table().out, signers=('second',))
    yield 'removed-and-nobody-signs', 14, 'good/removed/good', update(
        first(), {1: CATALOGUE % '', 3: plain()[3], 11: 'null'})
    yield 'removed-from-its-field', 14, gone, dropped(first(field=whole('One'), value='null'), o10='null')
    yield 'removed-and-its-field-stays', 14, hidden, dropped(first(field=whole('One'), value='null'))
    objects = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]')
    writer = unsigned().objects({1: objects[1], 3: objects[3], 11: signature(),
                                 10: widget('One', 11).replace('11 0 R', '11 1 R')}, {11: 1}).table()
    writer.out = fill(writer.out)
    yield 'of-generation-1', 0, GOOD, writer.out
    yield 'removed-of-generation-1', 14, hidden, dropped(writer)
    for name, old, new in (('in-other-words', b'/Contents <', b'/#43ontents <'),
                           ('with-comments', b'[0 ', b'%\n[%\n+0 ')):
        yield f'removed-{name}', 14, gone, dropped(first(value=signature().replace(old, new)), o11='null')
    value = signature()
    place, end = value.index(b'['), value.index(b']') + 1
    writer = Writer().objects(plain(o20=value[place:end]))
    yield 'removed-with-its-range-elsewhere', 14, gone, dropped(
        first(writer, value=value[:place] + b'20 0 R' + value[end:]), o11='null')
    small = '<< /Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 10] /Contents <3003020101> >>'
    found = f'no-signature/hidden/ {GOOD}'
    yield 'in-no-field-of-generation-1', 14, found, first(
        Writer().objects({**plain(), 20: small}, {20: 1}).table()).out
    yield 'in-a-widget-of-no-field', 14, found, first(
        unsigned(o20=widget('A', 'X').replace('X 0 R', small)), notes='20 0 R 10 0 R').out
    yield 'in-a-note-of-a-page', 14, found, first(
        notes=widget('A', 'X').replace('X 0 R', small) + ' 10 0 R').out
    # What only looks like a signature of an older version: the text of another document.
    other = b'/ByteRange [0 900 1000 200] /Contents <00> ' + first().out
    yield 'another-document-inside', 0, GOOD, first(unsigned(o20=stream(other))).out


def appended():
    yield 'bytes-after', 14, 'good/appended/good', first().out + b'% more\n'
    yield 'line-end-after', 14, 'good/appended/good', first().out + b'\n'
    yield 'contents-replaced', 14, 'good/changed/good', update(first(), {4: text('Another letter')})
    yield 'one-letter-replaced', 14, 'good/changed/good', update(first(), {4: text('B letter')})
    yield 'overlay', 14, 'good/put-over/good', update(first(), {
        3: plain(page='/Annots [10 0 R 20 0 R]')[3], 20: VISIBLE})
    yield 'page-added', 14, 'good/changed/good', update(first(), {
        2: '<< /Type /Pages /Kids [3 0 R 20 0 R] /Count 2 >>', 20: plain()[3]})
    yield 'catalogue-replaced', 14, 'good/changed/good', update(first(), {
        1: CATALOGUE % (FORM % ('10 0 R', '')) .replace('3 >>', '3 >> /OpenAction [3 0 R /Fit]')})
    yield 'info-replaced', 14, 'good/changed/good', Writer.table(
        first().objects({6: '<< /Title (Another) >>'}), extra='/Info 6 0 R').out
    yield 'font-replaced', 14, 'good/changed/good', update(first(), {
        5: '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>'})
    yield 'signature-removed', 14, 'good/hidden/good', \
        update(first(), {1: CATALOGUE % '', 3: plain()[3]})
    yield 'form-value', 14, 'good/form-changed/good', form_value()
    # Somebody signs a change: the first signature does not hold for what the second one shows.
    yield 'changed-and-signed', 14, f'good/changed/good {GOOD}', second(
        first(), more={4: text('Another letter')}).out
    yield 'overlay-and-signed', 14, f'good/put-over/good {GOOD}', second(
        first(), page='/Annots [10 0 R 12 0 R 20 0 R]', more={20: VISIBLE}).out
    yield 'visible-signature-over-text', 14, f'good/put-over/good {GOOD}', second(
        first(), field=widget('Two', 13, '0 0 200 100')).out
    yield 'signature-with-action', 14, f'good/form-changed/good {GOOD}', second(
        first(), field=widget('Two', 13, more='/AA << /PO << /S /Named /N /Print >> >>')).out
    yield 'first-signature-removed', 14, f'good/hidden/good {GOOD}', second(
        first(), form=FORM % ('12 0 R', ''), page='/Annots [12 0 R]').out
    yield 'need-appearances', 14, f'good/form-changed/good {GOOD}', second(
        first(), form='/AcroForm << /Fields [10 0 R 12 0 R] /SigFlags 3 /NeedAppearances true >>').out
    yield 'change-between', 14, f'good/changed/good good/changed/good {GOOD}', third()


def pair(form='', catalogue='', page='', objects=None, later=None, more=''):
    """Signed by one; then another changes what the first has prepared, and is to sign."""
    objects = objects or {}
    fields = ''.join(f'{number} 0 R ' for number, value in objects.items() if '/Widget' in value)
    forms = '/AcroForm << /Fields [%s] /SigFlags 3 %s >> %s'
    one = plain(forms % (fields + '10 0 R', form, catalogue), f'/Annots [{fields}10 0 R] {page}')
    writer = Writer().objects({**one, **objects, 10: widget('One', 11), 11: signature()}).table()
    writer.out = fill(writer.out)
    two = plain(forms % (fields + '10 0 R 12 0 R', form + more, catalogue),
                f'/Annots [{fields}10 0 R 12 0 R] {page}')
    return writer.objects({1: two[1], 3: two[3], 12: widget('Two', 13), 13: signature(), **later})


def prepared():
    """What somebody can do who made the document that another signed first."""
    refused, over, form = (f'good/{covers}/good {GOOD}' for covers in ('changed', 'put-over', 'form-changed'))

    def signed(writer):
        return fill(writer.table().out, signers=('second',))
    square = SQUARE
    yield 'another-generation', 14, refused, signed(pair(
        catalogue='/AAA [4 1 R]', later={4: text('Another letter')}))
    yield 'resources-of-the-form', 14, refused, signed(pair(
        '/DR 7 0 R', page='/Group << /Resources 7 0 R >>', objects={7: '<< /Font << /F 5 0 R >> >>'},
        later={7: '<< /Font << /F 5 0 R >> /XObject << /X 30 0 R >> >>', 30: square}))
    value = ('<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sum) /V (1000) /DA (/F9 9 Tf) /F 4 '
             '/Rect [10 10 90 30] /P 3 0 R >>')
    yield 'font-of-a-value', 14, form, signed(pair(
        '/NeedAppearances true', objects={6: value}, more='/DR << /Font << /F9 31 0 R >> >>',
        later={31: '<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>'}))
    empty = '<< /Type /Annot /Subtype /%s /FT /Sig /T (All) /F %d /Rect [0 0 200 100] /P 3 0 R %s >>'
    shown = '/V << /Type /Sig >> /AP << /N 30 0 R >>'
    yield 'hidden-field-shown', 14, over, signed(waiting(empty, square))
    large = '<< /Type /Annot /Subtype /%s /FT /Sig /T (All) /F %d /Rect [0 0 120.5 50] /P 3 0 R %s >>'
    yield 'shown-over-the-page', 14, over, signed(waiting(large, square, hidden=4))
    small = large.replace('120.5', '50')
    yield 'shown-where-nobody-knows', 14, over, signed(waiting(
        large.replace('120.5 50', '200 100 0'), square, hidden=4))
    yield 'shown-under-the-mouse', 14, form, signed(waiting(
        small, square, hidden=4, look='/N 30 0 R /R 30 0 R'))
    # Small ones, which do not cover too much of the page.
    yield 'small-hidden-field-shown', 14, form, signed(waiting(small, square))
    yield 'small-field-not-viewed-shown', 14, form, signed(waiting(small, square, hidden=32))
    yield 'small-note-like-a-signature', 14, refused, signed(no_field(small, shown, square))
    yield 'small-field-of-no-form-shown', 14, refused, signed(no_field(small, shown, square, 'Widget'))
    note = '<< /Type /Annot /Subtype /FreeText /Rect [10 10 150 40] /Contents (1000) /DA (/F9 14 Tf) /F 4 >>'
    one = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R 6 0 R]', o6=note)
    two = plain(FORM.replace('3 >>', '3 /DR << /Font << /F9 31 0 R >> >> >>') % ('10 0 R 12 0 R', ''),
                '/Annots [10 0 R 6 0 R 12 0 R]')
    writer, _ = twice(one, two, {31: '<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>'})
    yield 'font-of-a-note', 14, form, signed(writer)
    yield 'name-of-a-value', 14, form, signed(pair(objects={6: value}, later={12: widget('Sum', 13)}))
    below = {6: '<< /Kids [7 0 R] /A /Widget >>', 7: value.replace('/Widget', '/#57idget')}
    yield 'name-below-one-without', 14, form, signed(pair(
        objects=below, later={12: widget('Sum', 13)}))
    yield 'name-like-one-below', 14, form, signed(pair(objects={6: value}, later={12: widget('Sum.a', 13)}))
    yield 'without-a-name', 14, form, signed(pair(later={12: widget('', 13)}))
    yield 'note-like-a-signature', 14, refused, signed(no_field(empty, shown, square))
    yield 'hidden-part', 14, f'good/ambiguous/good {GOOD}', fill(hidden_part(square), signers=('second',))
    # Readers show a picture of their own for a note, whatever its size is.
    note = widget('Two', 13).replace('/Widget', '/Text').replace('132', '4')
    yield 'signature-in-a-note', 14, form, second(first(), field=note).out
    note = '<< /Type /Annot /Subtype /Text%.0s /FT /Sig /T (All) /F %d /Rect [0 0 0 0] /P 3 0 R %s >>'
    yield 'signature-in-a-note-that-waited', 14, form, signed(waiting(note, square, hidden=4))
    for name, writer, extra in shared():
        yield name, 14, refused, fill(writer.table(extra=extra).out, signers=('second',))
    lock = widget('One', 11, more='/Lock << /Type /SigFieldLock /Action /All /P 1 >>')
    yield 'locked-and-signed', 14, f'good/certification-broken/good {GOOD}', second(first(field=lock)).out


def twice(one, two, later, extra=('', '')):
    """Two versions of a document, with the objects that are written in each beside a signature's."""
    writer = Writer().objects({**one, 10: widget('One', 11), 11: signature()}).table(extra=extra[0])
    writer.out = fill(writer.out)
    return writer.objects({1: two[1], 3: two[3], 12: widget('Two', 13), 13: signature(), **later}), extra[1]


def shared():
    """One object in two places, of which the update leaves one and replaces what the other shows."""
    font = '<< /Font << /F 5 0 R >> %s >>'
    courier = '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>'
    form, notes = FORM % ('%s10 0 R', ''), '/Annots [%s10 0 R]'
    more = form.replace('10 0 R', '10 0 R 12 0 R'), notes.replace('10 0 R', '10 0 R 12 0 R')

    def pages(form, notes, was, is_now):
        objects = plain(form, notes)
        objects[3] = objects[3].replace(was, is_now)
        return objects
    before = pages(form % '', notes % '', font.replace('%s ', ''), '7 0 R')
    after = pages(more[0] % '', more[1] % '', font.replace('%s ', ''), '7 0 R')
    yield ('information-as-resources', *twice(
        {**before, 7: font % ''}, after, {99: font % '', 7: font.replace('5 0', '30 0') % '', 30: courier},
        ('/Info 7 0 R', '/Info 99 0 R')))
    fields = '/Fields [%s] /SigFlags 3'
    yield ('form-as-resources', *twice(
        {**before, 1: CATALOGUE % '/AcroForm 7 0 R', 7: font % (fields % '10 0 R')},
        {**after, 1: CATALOGUE % '/AcroForm 99 0 R'},
        {99: font % (fields % '10 0 R 12 0 R'), 30: courier,
         7: font.replace('5 0', '30 0') % (fields % '10 0 R')}))
    one = pages(form % '', '/Annots 7 0 R', '/Contents 4 0 R', '/Contents 7 0 R')
    two = pages(more[0] % '', more[1] % '4 0 R ', '/Contents 4 0 R', '/Contents 7 0 R')
    yield ('annotations-as-contents', *twice(
        {**one, 7: '[4 0 R 10 0 R]'}, two, {7: '[30 0 R]', 30: text('Another letter')}))
    one = plain('/AcroForm << /Fields 7 0 R /SigFlags 3 >>', notes % '')
    two = plain(more[0] % '3 0 R ', more[1] % '')
    yield ('fields-as-pages', *twice(
        {**one, 2: '<< /Type /Pages /Kids 7 0 R /Count 1 >>', 7: '[3 0 R 10 0 R]'}, two,
        {7: '[31 0 R]', 30: text('Another letter'), 31: plain()[3].replace('4 0 R', '30 0 R')}))


def differing():
    """Files in which libqpdf finds the letter that was signed, and some readers another one."""
    objects, evil = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]'), text('Another letter')
    later = {1: objects[1], 3: objects[3], 12: widget('Two', 13), 13: signature()}

    def hiding(number, objects):
        """What is written first has another letter, which its table does not list; and where that is."""
        writer = Writer().objects({number: evil})
        hidden = writer.places[number]
        return writer.objects(objects), hidden

    def ended(tail):
        """Two tables, of which one has the other letter; and what tells of them."""
        writer, hidden = hiding(4, plain())
        writer = first(writer.table()).objects(later)
        previous, shown = writer.section, dict(writer.places)
        writer.places[4] = hidden
        writer.table()
        other, writer.section, writer.places = writer.section, previous, shown
        writer.out = writer.out[:writer.out.rindex(b'startxref')]
        writer.table()
        writer.out = writer.out[:writer.out.rindex(b'startxref')] + tail % {b'one': writer.section, b'other': other}
        return fill(writer.out, signers=('second',))

    def listed(change, writer=None, more=None, root='1 0 R'):
        """A table in which the other letter is not listed."""
        writer = (writer or first(hiding(4, plain())[0].table())).objects(more or later).table(root=root)
        place = writer.out.rindex(b'xref\n', 0, writer.out.rindex(b'startxref'))
        writer.out = writer.out[:place] + change(writer.out[place:])
        return fill(writer.out, signers=('second',))
    end, refused = b'startxref\n%(one)d\n%%%%EOF\n', f'good/ambiguous/good {GOOD}'
    for name, tail in (('a-word', b'startxref\n%(other)dx\n%%%%EOF\n'), ('a-fraction', b'startxref\n%(other)d.\n'),
                       ('one-word', b'startxref%(other)d\n%%%%EOF\n'), ('far', b'%%' + b' ' * 1022 + b'\n')):
        yield f'end-{name}', 14, refused, ended(end + tail)
    yield 'table-of-wide-lines', 14, refused, listed(lambda table: table.replace(b' n \n', b'   n   \n'))
    yield 'table-with-another-root', 14, refused, listed(
        lambda table: table.replace(b'/Root', b'/Root 4 0 R /Root'))

    def shifted(table):
        """The first objects, of which the first is free: some readers count from 0."""
        rows = dict(re.findall(rb'(\d+) 1\n(\d{10} \d{5} [nf] \n)', table))
        rest = b''.join(number + b' 1\n' + row for number, row in rows.items() if int(number) > 4)
        return (b'xref\n1 4\n0000000000 65535 f \n' + b''.join(rows[b'%d' % number] for number in (2, 3, 4)) +
                rest + table[table.index(b'trailer'):])

    def moved(objects):
        """The same objects, with greater numbers."""
        return {number + 1: re.sub(rb'\b(\d+) 0 R', lambda found: b'%d 0 R' % (int(found[1]) + 1), encoded(value))
                for number, value in objects.items()}
    writer = hiding(5, moved({**plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]'), 10: widget('One', 11),
                              11: signature()}))[0].table(root='2 0 R')
    writer.out = fill(writer.out)
    yield 'table-from-0-or-1', 14, refused, listed(shifted, writer, moved({**plain(), **later}), '2 0 R')


def unlisted():
    """Updates with an object that no table lists, or not as it is written last: who repairs a file finds it."""
    objects, evil = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]'), text('Another letter')
    later = {1: objects[1], 3: objects[3], 12: widget('Two', 13), 13: signature()}
    refused = f'good/ambiguous/good {GOOD}'

    def signed(writer, number=None, **options):
        """Ends an update with a table, or with a stream of this number."""
        return fill((writer.stream(number) if number else writer.table(**options)).out, signers=('second',))

    def written(number, before, after=None):
        """An object that is listed, and one of its number, which is not."""
        writer = first().objects(before)
        shown = dict(writer.places)
        writer.objects({number: evil}).places = shown
        return signed(writer.objects(after or {}))
    yield 'not-listed', 14, refused, written(4, later)
    yield 'not-listed-and-first', 14, refused, written(4, {}, later)
    yield 'not-listed-of-no-other', 14, refused, written(40, later)
    yield 'written-again', 14, refused, written(4, {**later, 4: plain()[4]})
    yield 'written-again-and-listed', 0, f'{OLDER} {GOOD}', written(4, later, {4: plain()[4]})
    writer = first()
    writer.out += b'4 % \n0 obj ' + evil + b' endobj\n'
    yield 'not-listed-with-a-comment', 14, refused, signed(writer.objects(later))
    writer = first().object_stream(20, {4: evil})
    del writer.places[4]
    yield 'not-listed-in-a-stream', 14, refused, signed(writer.objects(later), 21)
    writer = first().object_stream(20, {number: later.pop(number) for number in (1, 3, 12)})
    writer.objects({7: stream('50 % of the objects\na word, an obj and 2 obj, and an endobj')})
    yield 'packed', 0, f'{OLDER} {GOOD}', signed(writer.objects(later), 21)
    later = {1: objects[1], 3: objects[3], 12: widget('Two', 13), 13: signature()}
    # A table that begins later than is said: all find it, or look for what is written last.
    for name, code, found, hidden, more in (
            ('late-table', 0, f'{OLDER} {GOOD}', {}, {}), ('late-table-and-hidden', 14, refused, {4: evil}, {}),
            ('late-table-and-hidden-at-first', 14, refused, {4: evil}, {4: plain()[4]})):
        writer = Writer().objects(plain())
        shown = dict(writer.places)
        writer.objects(hidden).places = shown
        writer.table()
        writer.section -= 1
        writer.out = re.sub(rb'startxref\n\d+', b'startxref\n%d' % writer.section, writer.out)
        yield name, code, found, signed(first(writer).objects({**later, **more}))
    # So it is with a table whose lines have more blanks.
    for name, code, found, hidden, more in (
            ('wide-table', 0, f'{OLDER} {GOOD}', {}, {}), ('wide-table-and-hidden', 14, refused, {4: evil}, {}),
            ('wide-table-and-hidden-at-first', 14, refused, {4: evil}, {4: plain()[4]})):
        writer = Writer().objects(plain())
        shown = dict(writer.places)
        writer.objects(hidden).places = shown
        writer.table()
        writer.out = writer.out.replace(b' n \n', b'   n   \n')
        yield name, code, found, signed(first(writer).objects({**later, **more}))
    writer = first()
    writer.section -= 1
    yield 'late-table-of-an-update', 14, refused, signed(writer.objects(later))
    yield from before(signed, later, refused)
    writer = first().objects({4: evil}, {4: 1}).objects(later)
    yield 'of-another-generation', 14, refused, signed(writer)
    writer = first().objects({4: evil}, {4: 1}).objects(later)
    yield 'of-another-generation-in-a-stream', 14, refused, signed(writer, 21)
    yield 'in-two-updates', 0, f'{OLDER} {GOOD}', signed(first().objects({99: '<< >>'}).table().objects(later))
    # An odd table that is not the last one.
    writer = first().objects(later).table()
    place = writer.out.rindex(b'xref\n', 0, writer.out.rindex(b'startxref'))
    writer.out = writer.out[:place] + writer.out[place:].replace(
        b'xref\n', b'xref\n40 2\n%010d 00001 f \n%010d 00000 n \n' % (0, len(writer.out)), 1).replace(
            b'40 2', b'1 1').replace(b'%010d 00000 n \n' % len(writer.out), b'', 1)
    yield 'odd-table-between', 14, refused, signed(writer.objects({99: '<< >>'}))
    # What an older version has in a way that readers take differently is not mended by a later one.
    # It is compared last: with a warning of libqpdf no stream is the same.
    entry, odd, mended = '/AAA [30 0 R]', '<< /A (One) /A (Other) >>', '<< /A (Other) >>'
    both = {**later, 1: CATALOGUE % (FORM % ('10 0 R 12 0 R', entry))}
    changed = f'good/changed/good {GOOD}'
    yield 'damaged-and-mended', 14, changed, signed(
        first(unsigned(o30=odd), perms=entry).objects({**both, 30: mended}))
    writer = first(unsigned(o30=mended), perms=entry).objects({**both, 30: odd}).table()
    writer.out = fill(writer.out, signers=('second',))
    more = plain(FORM % ('10 0 R 12 0 R 14 0 R', entry), '/Annots [10 0 R 12 0 R 14 0 R]')
    writer.objects({1: more[1], 3: more[3], 30: mended, 14: widget('Three', 15), 15: signature()})
    yield 'damaged-and-mended-by-a-third', 14, f'good/changed/good {changed}', signed(writer)
    yield 'size-too-small', 14, refused, signed(first().objects(later), size=13)
    yield 'size-too-large', 0, f'{OLDER} {GOOD}', signed(first().objects(later), size=99)


def before(signed, later, refused):
    """What the signed part has, and no table lists: who repairs the file because of an update finds it."""
    evil, good = text('Another letter'), f'{OLDER} {GOOD}'

    def hiding(hide, objects=None):
        writer = Writer().objects(objects or plain())
        shown = dict(writer.places)
        hide(writer).places = shown
        return first(writer.table()).objects(later)
    yield 'not-listed-before', 14, refused, signed(hiding(lambda writer: writer.objects({4: evil})))
    yield 'not-listed-before-of-another-generation', 14, refused, signed(
        hiding(lambda writer: writer.objects({4: evil}, {4: 5})))
    yield 'not-listed-before-in-a-stream', 14, refused, signed(
        hiding(lambda writer: writer.object_stream(20, {4: evil})))
    yield 'deleted-before', 0, good, signed(hiding(lambda writer: writer.objects({30: evil})))
    named = FONT[:-2] + '/Named %s >>'
    for name, code, found, value in (
            ('in-an-array', 14, refused, '[30 0 R]'), ('by-a-key', 14, refused, '30 0 R'),
            ('with-comments', 14, refused, '30%\n0%R\nR'), ('of-another-generation', 14, refused, '+030 7 R'),
            ('in-a-string', 0, good, '[(\\(30 0 R) <30> 30 0 /30#200#20R % 30 0 R\n]')):
        yield f'deleted-before-and-named-{name}', code, found, signed(hiding(
            lambda writer: writer.objects({30: evil}), plain(o5=named % value)))
    # What names it was deleted, too.
    yield 'deleted-before-with-what-names-it', 0, good, signed(hiding(
        lambda writer: writer.objects({30: evil, 31: '<< /A 30 0 R >>'})))
    for name, code, found, value in (('', 0, good, 'null'), ('-and-named', 14, refused, '[30 0 R]')):
        writer = Writer().objects(plain()).object_stream(20, {30: '(Another letter)', 31: f'<< /A {value} >>'})
        del writer.places[30]
        writer = packed_first(writer.stream(21), 22).objects(later)
        yield f'deleted-before-in-a-stream{name}', code, found, signed(writer, 23)
    yield from roots(signed, later, refused, good)
    objects = plain()
    packed = {number: objects.pop(number) for number in (1, 2, 3, 5)}
    one, two = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]'), plain(
        FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]')
    writer = Writer().objects(objects).object_stream(20, packed).stream(21)
    writer.objects({1: one[1], 3: one[3], 10: widget('One', 11), 11: signature()}).stream(22)
    writer.out = fill(writer.out)
    writer.object_stream(23, {1: two[1], 3: two[3]})
    yield 'packed-before', 0, good, signed(writer.objects({12: widget('Two', 13), 13: signature()}), 24)
    yield from packed_and_plain(signed, later, refused, good)


def packed_first(writer, number, more=None):
    """The first signature, in an update that ends with a stream of this number."""
    objects = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]')
    writer.objects({1: objects[1], 3: objects[3], 10: widget('One', 11), 11: signature(), **(more or {})})
    writer.out = fill(writer.stream(number).out)
    return writer


def roots(signed, later, refused, good):
    """Another catalogue, which readers take that find no trailer, or another one."""
    evil = {40: CATALOGUE.replace('2 0', '41 0') % '', 41: '<< /Type /Pages /Kids [42 0 R] /Count 1 >>',
            42: plain()[3].replace('2 0 R', '41 0 R').replace('4 0 R', '43 0 R'), 43: text('Another letter')}
    nobody = {**evil, 40: evil[40].replace('/Type /Catalog', '')}

    def document(objects, trailer=b''):
        writer = Writer().objects(objects)
        writer.out += trailer
        return signed(packed_first(writer.objects(plain()).stream(50), 51).objects(later), 52)
    yield 'old-trailer', 14, refused, document(nobody, b'trailer << /Size 50 /Root 40 0 R >>\n')
    yield 'old-trailer-with-a-catalogue', 14, refused, document(nobody, b'trailer<</#52oot<</Pages 41 0 R>>>>\n')
    yield 'old-trailer-of-the-same', 0, good, document(nobody, b'trailer << /A [/Root] /Root 1 0 R /Size 9 >>\n')
    yield 'old-trailer-in-words', 0, good, document(nobody, b'%trailer /Root 40 0 R\n')
    yield 'old-section', 14, refused, document({**nobody, 44: stream(b'', '/Type /XRef /Root 40 0 R')})
    yield 'another-catalogue', 14, refused, document(evil)
    writer = Writer().objects({**plain(), **nobody}).object_stream(20, {40: evil[40]}).stream(50)
    yield 'another-catalogue-in-a-stream', 14, refused, signed(packed_first(writer, 51).objects(later), 52)


def packed_and_plain(signed, later, refused, good):
    """A page by itself and in an object stream: the latter is what MuPDF shows once it repairs the file."""
    evil, packed = {30: text('Another letter')}, {3: plain()[3].replace('4 0 R', '30 0 R'), 31: '(A)'}

    def both(writer, more=None):
        """The page is listed as it is by itself."""
        writer.object_stream(20, packed)
        return writer.objects(more or plain())
    three = {1: plain(FORM % ('10 0 R 12 0 R 14 0 R', ''))[1], 14: widget('Three', 15), 15: signature(),
             3: plain(page='/Annots [10 0 R 12 0 R 14 0 R]')[3]}
    writer = both(Writer().objects(evil)).stream(21)
    yield 'packed-and-plain', 14, refused, signed(packed_first(writer, 22).objects(later), 23)
    writer = both(packed_first(Writer().objects({**plain(), **evil}).stream(21), 22), later)
    yield 'packed-and-plain-in-an-update', 14, refused, signed(writer, 23)
    # The first of three signers prepares it, in the same version or an older one.
    objects = {**plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]'), 10: widget('One', 11), 11: signature()}
    page = plain()
    del page[3]
    for name, writer in (
            ('a-signature', both(Writer().objects({**plain(), **evil}).stream(21), objects)),
            ('the-signed', Writer().objects({**page, **evil}).object_stream(20, packed).stream(21).objects(objects))):
        writer.out = fill(writer.stream(22).out)
        writer.out = fill(writer.objects(later).stream(23).out)
        yield f'packed-and-plain-with-{name}', 14, f'good/ambiguous/good good/ambiguous/good {GOOD}', signed(
            writer.objects(three), 24)
    objects = plain()
    packed = {number: objects.pop(number) for number in (1, 2, 3, 5)}
    writer = packed_first(Writer().objects(objects).object_stream(20, packed).stream(21), 22)
    writer.out = fill(writer.objects(later).stream(23).out)
    yield 'packed-before-three', 0, f'{OLDER} {OLDER} {GOOD}', signed(writer.objects(three), 24)


def covering():
    """Signatures in fields that wait, and what they may cover of a page."""
    field = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (F%d) /F 4 /Rect [%s] /P 3 0 R %s >>'

    def document(places, change=lambda objects: objects, notes='/Annots [%s10 0 R]'):
        names = ''.join(f'{40 + i} 0 R ' for i in range(len(places)))
        objects = change({**plain(FORM % (names + '10 0 R', ''), notes % names),
                          **{40 + i: field % (i, place, '') for i, place in enumerate(places)}})
        writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature()}).table()
        writer.out = fill(writer.out)
        return writer

    def show(writer, i, place, look=SQUARE):
        writer.objects({40 + i: field % (i, place, f'/V {50 + i} 0 R /AP << /N {60 + i} 0 R >>'),
                        50 + i: signature(), 60 + i: look}).table()
        writer.out = fill(writer.out, signers=('second',))

    def untyped(objects):
        objects[3] = objects[3].replace('/Type /Page ', '')
        return objects

    def direct(objects):
        objects[2] = objects[2].replace('3 0 R', objects[3])
        return objects

    def cropped(objects):
        objects[3] = objects[3].replace('/Contents', '/CropBox [150 60 9999 9999] /Contents')
        return objects
    page, quarter, none = '0 0 200 100', '0 0 50 20', '/Annots [10 0 R]%.0s'
    for name, place, change, notes, covers in (
            ('shown-over-an-untyped-page', page, untyped, None, 'put-over'),
            ('shown-on-an-untyped-page', quarter, untyped, None, 'shown'),
            ('shown-over-a-page-inside', page, direct, None, 'put-over'),
            ('shown-over-what-is-cropped', quarter, cropped, None, 'put-over'),
            ('shown-on-no-page', quarter, untyped, none, 'form-changed')):
        writer = document([place], change, notes or '/Annots [%s10 0 R]')
        show(writer, 0, place)
        yield name, 0 if covers == 'shown' else 14, f'good/{covers}/good {GOOD}', writer.out
    for name, box in (('without-a-box', b''), ('in-half-a-box', b'/BBox [0 0 200]'), ('in-no-box', b'/BBox [0 0 9 /A]')):
        writer = document([quarter])
        show(writer, 0, quarter, SQUARE.replace(b'/BBox [0 0 200 100]', box))
        yield f'shown-{name}', 14, f'good/form-changed/good {GOOD}', writer.out
    places = ['0 0 50 100', '50 0 100 100', '0 0 1 1']
    writer = document(places)
    show(writer, 2, places[2])
    show(writer, 0, places[0])
    yield 'shown-by-two', 14, f'good/put-over/good good/shown/good {GOOD}', writer.out
    show(writer, 1, places[1])
    yield 'shown-by-three', 14, f'good/put-over/good good/put-over/good good/shown/good {GOOD}', writer.out


def waiting(empty, square, hidden=2, look='/N 30 0 R'):
    """A field that waited for a signature, covers the page."""
    form, notes = FORM % ('10 0 R 6 0 R', ''), '/Annots [10 0 R 6 0 R]'
    objects = {**plain(form, notes), 6: empty % ('Widget', hidden, '')}
    writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature()}).table()
    writer.out = fill(writer.out)
    return writer.objects({6: empty % ('Widget', 4, f'/V 13 0 R /AP << {look} >>'), 13: signature(),
                           30: square})


def no_field(empty, shown, square, kind='FreeText'):
    """An annotation that is in no form, and yet has the entries of a signature's field."""
    writer = first(unsigned(o6=empty % (kind, 4, '')), notes='6 0 R 10 0 R')
    objects = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [6 0 R 10 0 R 12 0 R]')
    return writer.objects({1: objects[1], 3: objects[3], 12: widget('Two', 13), 13: signature(),
                           6: empty % (kind, 4, shown), 30: square})


def hidden_part(square):
    """What is shown has a part that only newer readers find, which the update gives to them."""
    shown = '/Contents [4 0 R 30 0 R]'
    objects = plain(FORM % ('10 0 R', ''), '/Annots [10 0 R]')
    later = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]')
    for one in (objects, later):
        one[3] = one[3].replace('/Contents 4 0 R', shown)
    writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature()}).table()
    writer.out = fill(writer.out)
    previous = writer.section
    writer.objects({1: later[1], 3: later[3], 12: widget('Two', 13), 13: signature()})
    seen, writer.places = writer.places, {}
    writer.objects({30: square})
    place = len(writer.out)
    writer.stream(31)
    writer.out = writer.out[:writer.out.rindex(b'startxref')]
    writer.section, writer.places = previous, seen
    return writer.table(extra=f'/XRef#53tm {place}', size=32).out


def form_value():
    field = ('<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sum) /V (%s) /F 4 /Rect [10 10 90 30] '
             '/P 3 0 R >>')
    objects = plain(FORM % ('10 0 R 20 0 R', ''), '/Annots [10 0 R 20 0 R]')
    writer = Writer().objects({**objects, 10: widget('One', 11), 11: signature(), 20: field % '1000'}).table()
    writer.out = fill(writer.out)
    return update(writer, {20: field % '9000'})


def third():
    writer = second(first())
    writer.objects({4: text('Another letter')}).table()
    return another(writer)


def another(writer, perms=''):
    """A third signature, after first and second."""
    objects = plain(FORM % ('10 0 R 12 0 R 14 0 R', perms), '/Annots [10 0 R 12 0 R 14 0 R]')
    writer.objects({1: objects[1], 3: objects[3], 14: widget('Three', 15), 15: signature()}).table()
    return fill(writer.out)


def ranges():
    pdf = first().out
    numbers = re.search(rb'\[0 (\d{9}) (\d{9}) (\d{9})\]', pdf)
    gap, end, rest = (int(number) for number in numbers.groups())
    shorter = pdf.replace(numbers[0], b'[0 %09d %09d %09d]' % (gap, end, rest - 10))
    yield 'range-too-short', 14, 'content-differs/partial/', shorter
    wider = pdf.replace(numbers[0], b'[0 %09d %09d %09d]' % (gap - 20, end, rest))
    yield 'range-with-a-wider-gap', 14, 'no-signature/partial/', wider
    pdf_with_place = first(value=signature(more='/Location (Paid)')).out
    places = re.search(rb'\[0 (\d{9}) (\d{9}) (\d{9})\]', pdf_with_place)
    yield 'range-without-another-entry', 14, 'no-signature/partial/', pdf_with_place.replace(
        places[0], b'[0 %s %09d %09d]' % (places[1], int(places[2]) + 18, int(places[3]) - 18))
    gap_alone = b'<' + b'00' * ROOM + b'>'
    writer = unsigned(FORM % ('10 0 R', ''), '/Annots [10 0 R]', o10=widget('One', 11)).objects(
        {11: signature().replace(gap_alone, b'20 0 R'), 20: gap_alone})
    yield 'contents-elsewhere', 14, 'no-signature/partial/', fill(writer.table().out)
    writer = Writer().objects({number: value for number, value in plain().items() if number != 1})
    root = b'<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /SigFlags 3 >> >>' % whole('One')
    yield 'in-the-trailer', 14, 'no-signature/partial/', fill(writer.table(root=root, size=6).out)
    yield 'range-from-1', 14, 'no-signature/partial/', pdf.replace(b'ByteRange [0 ', b'ByteRange [1 ')
    yield 'range-backwards', 14, 'no-signature/partial/', pdf.replace(
        numbers[0], b'[0 %09d %09d %09d]' % (end, gap, rest))
    yield 'range-past-the-end', 14, 'no-signature/partial/', pdf.replace(
        numbers[0], b'[0 %09d %09d %09d]' % (gap, end, rest + 1))
    yield 'range-negative', 14, 'no-signature/partial/', pdf.replace(
        numbers[0], b'[0 %09d %09d %09d]' % (gap, end, -rest))
    yield 'range-of-six', 14, 'no-signature/partial/', pdf.replace(
        numbers[0], b'[0 %d %d 5 %d 9]   ' % (gap, end, end + 9) + b' ' * (len(numbers[0]) - len(
            b'[0 %d %d 5 %d 9]   ' % (gap, end, end + 9))))
    yield 'text-in-the-gap', 14, 'no-signature/all/', pdf[:end - 41] + b'41' * 20 + pdf[end - 1:]
    yield 'not-hexadecimal', 2, None, pdf[:end - 41] + b'zz' * 20 + pdf[end - 1:]
    yield 'contents-empty', 14, 'no-signature/empty/', pdf[:gap + 1] + b'0' * (end - gap - 2) + pdf[end - 1:]
    yield 'contents-cut', 14, 'no-signature/all/', pdf[:gap + 401] + b'0' * (end - gap - 402) + pdf[end - 1:]
    yield 'changed-before', 14, 'content-differs/all/', pdf.replace(b'A letter', b'A ladder')
    copied = first()
    value = re.search(rb'11 0 obj\s(.*?)\sendobj', copied.out, re.S)[1]
    # Of one document: another one has another signature as soon as its second is another.
    yield 'copied-over-a-change', 14, 'good/changed/good', update(
        copy.deepcopy(copied), {4: text('Another letter'), 11: value})
    yield 'two-fields-one-signature', 14, 'good/partial/good good/partial/good', update(copy.deepcopy(copied), {
        1: plain(FORM % ('10 0 R 12 0 R', ''))[1], 12: widget('Two', 13), 13: value})
    # One that leaves out the gap of another, and has what is in it.
    pages, twin = plain(FORM % ('10 0 R 12 0 R', ''), '/Annots [10 0 R 12 0 R]'), copy.deepcopy(copied)
    named = re.search(rb'\[0 \d{9} (\d{9}) (\d{9})\]', value)
    twin.objects({1: pages[1], 3: pages[3], 12: widget('Two', 13), 13: value.replace(named[2] + b']', b'X' * 9 + b']')})
    last = twin.table().out
    yield 'gap-of-another', 14, 'good/version/good content-differs/all/', last.replace(
        b'X' * 9, b'%09d' % (len(last) - int(named[1])))
    yield 'in-no-field', 14, 'good/hidden/good good/appended/good', update(copied, {20: value})


def loose():
    writer = unsigned()
    writer.objects({11: signature()}).table()
    yield 'only-in-no-field', 14, 'good/hidden/good', fill(writer.out)
    yield from rights()
    for level, covers in (('/P 1', 'certification-broken'), ('/P 2', 'version'), ('/P 3', 'version'), ('', 'version')):
        reference = ('/Reference [<< /Type /SigRef /TransformMethod /DocMDP '
                     f'/TransformParams << /V /1.2 {level} >> >>]')
        code = 14 if covers != 'version' else 0
        name = f'certified-{level[3:] or "default"}'
        perms = '/Perms << /DocMDP 11 0 R >>'
        certified = first(value=signature(more=reference), perms=perms)
        yield name, 0, GOOD, certified.out
        changed = update(copy.deepcopy(certified), {4: text('Another letter')})
        broken = 'changed' if code == 0 else covers
        yield f'{name}-and-changed', 14, f'good/{broken}/good', changed
        writer = second(certified, form=FORM % ('10 0 R 12 0 R', perms))
        yield f'{name}-and-signed', code, f'good/{covers}/good {GOOD}', writer.out
        # Only who has certified it allowed no more.
        yield f'{name}-and-signed-twice', code, f'good/{covers}/good {OLDER} {GOOD}', another(writer, perms)


def rights():
    """A form that Adobe Reader may save, by a signature that is no signer's; and what only looks like that."""
    usage = ('/Reference [<< /Type /SigRef /TransformMethod /UR3 /TransformParams << /Type /TransformParams '
             '/V /2.2 /Form [/FillIn] >> >>]')

    def extended(perms='/Perms << /UR3 8 0 R >>', value=None):
        writer = Writer().objects({**plain(perms), 8: value or signature(more=usage)}).table()
        writer.out = fill(writer.out)
        return writer
    yield 'rights', 2, None, extended().out
    yield 'rights-and-signed', 0, f'no-signature/rights/ {GOOD}', first(extended(), perms='/Perms << /UR3 8 0 R >>').out
    yield 'rights-not-in-use', 14, f'good/hidden/good {GOOD}', first(extended('')).out
    yield 'rights-without-their-method', 14, f'good/hidden/good {GOOD}', first(
        extended(value=signature()), perms='/Perms << /UR3 8 0 R >>').out
    # One that was made for more, as the rights of a later version.
    writer = first()
    made = re.search(rb'11 0 obj\s(.*?)>>\sendobj', writer.out, re.S)[1]
    form, notes = FORM % ('12 0 R', '/Perms << /UR3 11 0 R >>'), '/Annots [12 0 R]'
    yield 'removed-as-rights', 14, f'good/hidden/good {GOOD}', second(
        writer, form=form, page=notes, more={11: made + usage.encode() + b'>>', 4: text('Another letter')}).out


def signers():
    yield 'sha-1', 14, 'weak-hash/all/', first(options=('-md', 'sha1')).out
    yield 'md5', 14, 'weak-hash/all/', first(options=('-md', 'md5')).out
    yield 'attached', 14, 'no-signature/all/', first(options=('-nodetach',)).out
    yield 'no-certificate', 14, 'no-certificate/all/', first(options=('-nocerts',)).out
    yield 'without-a-signer', 14, 'no-signature/all/', first(make=lambda data: openssl(
        'crl2pkcs7', '-nocrl', '-certfile', 'signer.crt', '-outform', 'DER')).out
    yield 'hashes-that-differ', 14, 'broken/all/', first(make=other_hash).out
    yield 'not-cms', 14, 'no-signature/all/', first(make=lambda data: b'0\x03\x02\x01\x01').out
    yield 'of-another-document', 14, 'content-differs/all/', first(make=lambda data: cms(data + b' ')).out
    yield 'swapped-certificate', 14, 'broken/all/', first(make=swapped).out
    yield 'second-signer-bad', 14, 'good/all/good,untrusted', first(signers=('signer', 'stranger')).out
    yield 'authentication-key', 14, 'good/all/wrong-usage', first(signers=('auth',)).out
    yield 'expired', 9, 'good/all/expired', first(signers=('expired',)).out
    yield 'not-yet-valid', 14, 'good/all/not-yet-valid', first(signers=('early',)).out
    yield 'authority-of-the-same-name', 14, 'good/all/untrusted', first(signers=('stranger',)).out
    yield 'authority-without-its-flag', 14, 'good/all/untrusted', first(
        signers=('below',), options=('-certfile', 'noca.crt')).out
    yield 'authority-with-a-false-flag', 14, 'good/all/untrusted', first(signers=('under',)).out
    yield 'issued-by-a-holder', 14, 'good/all/no-authority', first(
        signers=('heir',), options=('-certfile', 'signer.crt')).out
    for usage in USAGES:
        yield f'usage-{usage}', 14, 'good/all/wrong-usage', first(signers=(usage,)).out
    yield 'bad-one-of-two', 14, f'good/version/untrusted {GOOD}', second(first(signers=('stranger',))).out
    yield 'time-stamp', 14, 'no-signature/other-kind/', first(value=signature('ETSI.RFC3161')).out
    yield 'pkcs7-sha1', 14, 'no-signature/other-kind/', first(value=signature('adbe.pkcs7.sha1')).out


def other_hash(data):
    """The signature says that it is by SHA-1, and everything else says SHA-256."""
    value = cms(data)
    plain_rsa = bytes.fromhex('2a864886f70d010101')
    place = value.rindex(plain_rsa)
    return value[:place] + plain_rsa[:-1] + b'\x05' + value[place + len(plain_rsa):]


def swapped(data):
    """The signature of one key, with the certificate of another of the same name and number."""
    openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=signer', '-keyout', 'twin.key',
            '-out', 'twin.csr')
    openssl('x509', '-req', '-in', 'twin.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '30', '-extfile',
            'extensions', '-extensions', 'sign', '-out', 'twin.crt', '-set_serial', '101')
    twin = openssl('x509', '-in', 'twin.crt', '-outform', 'DER')
    own = openssl('x509', '-in', 'signer.crt', '-outform', 'DER')
    made = cms(data, ('twin',))
    return made.replace(twin, own) if len(twin) == len(own) else made[:-1] + bytes([made[-1] ^ 1])


def refused():
    yield 'unsigned', 2, None, unsigned().out
    yield 'cut', 2, None, first().out[:2000]
    yield 'bytes-before', 2, None, b'\n' + first().out
    yield 'text-before', 2, None, b'0 for all who read\n' * 50 + first().out
    yield 'objects-damaged', 2, None, first().out.replace(b'4 0 obj', b'9 9 obj')
    many = {1: CATALOGUE % (FORM % (' '.join(f'{20 + i} 0 R' for i in range(70)), ''))}
    many.update({20 + i: widget(f'f{i}', 100 + i) for i in range(70)})
    many.update({100 + i: '<< /Type /Sig /Contents <00> /ByteRange [0 1 2 3] >>' for i in range(70)})
    yield 'too-many', 2, None, Writer().objects({**plain(), **many}).table().out
    loop = '/AcroForm << /Fields [20 0 R] >>'
    yield 'fields-loop', 2, None, unsigned(loop, o20='<< /T (a) /Kids [20 0 R] >>').out


def main():
    os.makedirs(sys.argv[1])
    os.chdir(sys.argv[1])
    Authority()
    with open('expected', 'w', encoding='ascii') as expected:
        for family in (honest, removed, appended, prepared, differing, unlisted, covering, ranges, loose, signers, refused):
            if sys.argv[2:] and family.__name__ not in sys.argv[2:]:
                continue
            for name, code, found, data in family():
                with open(name + '.pdf', 'wb') as out:
                    out.write(data)
                expected.write(f'{name} {code}{" " + found if found else ""}\n')


if __name__ == '__main__':
    main()
