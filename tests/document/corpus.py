#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes PDFs of every shape that a file to sign may have, and those that must be refused.

    corpus.py DIRECTORY

Those that can be signed go into DIRECTORY/good, the others into DIRECTORY/bad. Every page shows a
text, so that a page that is lost can be seen. qpdf makes what is linearized or encrypted.
"""
import os
import re
import subprocess
import sys
import zlib

CATALOGUE = '<< /Type /Catalog /Pages 2 0 R %s >>'
PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
PAGE = ('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R '
        '/Resources << /Font << /F 5 0 R >> >> %s >>')
FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
TEXT_FIELD = ('<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /V (value) /F 4 '
              '/Rect [10 10 90 30] /P 3 0 R %s >>')


def stream(data, entries=''):
    data = data.encode('latin-1') if isinstance(data, str) else data
    return b'<< /Length %d %s >>\nstream\n%s\nendstream' % (len(data), entries.encode(), data)


def text(words):
    return stream(f'BT /F 12 Tf 20 50 Td ({words}) Tj ET')


def plain(catalogue='', page='', **more):
    """The objects of a document with one page."""
    objects = {1: CATALOGUE % catalogue, 2: PAGES, 3: PAGE % page, 4: text('A letter'), 5: FONT}
    objects.update({int(name[1:]): value for name, value in more.items()})
    return objects


def encoded(value):
    return value if isinstance(value, bytes) else value.encode('latin-1')


class Writer:
    """Writes the bytes of a PDF, and knows where each object is."""

    def __init__(self, version='1.7', eol=b'\n'):
        self.eol = eol
        self.out = b'%PDF-' + version.encode() + eol + b'%\xe2\xe3\xcf\xd3' + eol
        # number: (kind, place or number of the object stream, generation or index); kind 0 is free
        self.places = {}
        self.section = None
        self.size = 0

    def objects(self, objects, generations=None):
        for number, value in objects.items():
            generation = (generations or {}).get(number, 0)
            self.places[number] = (1, len(self.out), generation)
            body = encoded(value)
            if self.eol != b'\n' and b'stream' not in body:
                body = body.replace(b'\n', self.eol)
            self.out += b'%d %d obj' % (number, generation) + self.eol + body + self.eol + \
                b'endobj' + self.eol
        return self

    def object_stream(self, number, objects):
        """Puts objects into an object stream."""
        heads, bodies = b'', b''
        for index, (inner, value) in enumerate(objects.items()):
            self.places[inner] = (2, number, index)
            heads += b'%d %d ' % (inner, len(bodies))
            bodies += encoded(value) + b'\n'
        data = zlib.compress(heads + bodies)
        return self.objects({number: stream(
            data, f'/Type /ObjStm /N {len(objects)} /First {len(heads)} /Filter /FlateDecode')})

    def _entries(self, root, extra, with_id):
        previous = b'' if self.section is None else b' /Prev %d' % self.section
        first = b'<00112233445566778899aabbccddeeff>'
        entries = b'/Size %d /Root %s%s %s' % (self.size, encoded(root), previous, encoded(extra))
        return entries + (b' /ID [' + first + first + b']' if with_id else b'')

    def table(self, root='1 0 R', extra='', with_id=True, free=True, size=None, shift=0):
        """A table, of what is new; ends the section."""
        numbers = sorted(number for number, place in self.places.items() if place[0] != 2)
        self.size = size or max(self.size, max(self.places) + 1)
        begin = len(self.out)
        self.out += b'xref' + self.eol
        end = b' \n' if self.eol == b'\n' else b'\r\n' if self.eol == b'\r\n' else b' \r'
        if free and self.section is None:
            self.out += b'0 1' + self.eol + b'0000000000 65535 f' + end
        for number in numbers:
            kind, place, generation = self.places[number]
            self.out += b'%d 1' % number + self.eol + b'%010d %05d %s' % (
                place + shift if kind else 0, generation, b'n' if kind else b'f') + end
        self.out += b'trailer' + self.eol + b'<< ' + self._entries(root, extra, with_id) + b' >>' + self.eol
        return self.finish(begin)

    def stream(self, number, root='1 0 R', extra='', with_id=True, widths=(1, 3, 2), packed=True):
        """A cross-reference stream."""
        begin = len(self.out)
        self.places[number] = (1, begin, 0)
        self.size = max(self.size, max(self.places) + 1)
        numbers = sorted(self.places)
        rows = [(0, 0, 65535 if widths[2] > 1 else 0)] if self.section is None else []
        index = '0 1 ' if self.section is None else ''
        for one in numbers:
            index += f'{one} 1 '
            rows.append(self.places[one])
        data = b''.join(value.to_bytes(width, 'big') for row in rows
                        for value, width in zip(row, widths) if width)
        more = ''
        if packed:
            data, more = zlib.compress(data), '/Filter /FlateDecode'
        entries = self._entries(root, extra, with_id).decode('latin-1')
        value = stream(data, f'/Type /XRef /W [{" ".join(map(str, widths))}] /Index [{index}] '
                             f'{entries} {more}')
        self.out += b'%d 0 obj' % number + self.eol + value + self.eol + b'endobj' + self.eol
        return self.finish(begin)

    def finish(self, section, keep=True):
        self.out += b'startxref' + self.eol + b'%d' % section + self.eol + b'%%EOF' + self.eol
        if keep:
            self.section, self.places = section, {}
        return self


def table(objects, **options):
    return Writer().objects(objects).table(**options).out


def hybrid(objects, hidden):
    """As office programs write: a table, in which what only newer readers see is free, and a stream."""
    writer = Writer().objects(objects)
    writer.object_stream(20, hidden)
    shown = dict(writer.places)
    writer.places = {n: p for n, p in shown.items() if p[0] == 2 or n == 20}
    writer.section = 0  # no free entry
    place = len(writer.out)
    writer.stream(21)
    writer.out = writer.out[:writer.out.rindex(b'startxref')].replace(b'/Prev 0 ', b'')
    writer.section = None
    writer.places = {n: (0, 0, 0) if p[0] == 2 else p for n, p in shown.items() if n != 20}
    return writer.table(extra=f'/XRefStm {place}', size=22)


def many_pages(count):
    objects = {1: CATALOGUE % '', 2: None, 5: FONT}
    kids = []
    for page in range(count):
        objects[10 + 2 * page] = PAGE.replace('4 0 R', f'{11 + 2 * page} 0 R') % ''
        objects[11 + 2 * page] = text(f'Page {page}')
        kids.append(f'{10 + 2 * page} 0 R')
    objects[2] = f'<< /Type /Pages /Count {count} /Kids [{" ".join(kids)}] >>'
    return objects


def certified(level):
    signature = ('<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:2026) '
                 '/ByteRange [0 10 20 10] /Contents <00> /Reference [<< /Type /SigRef '
                 f'/TransformMethod /DocMDP /TransformParams << /V /1.2 {level} >> >>] >>')
    return plain('/AcroForm << /Fields [6 0 R] /SigFlags 3 >> /Perms << /DocMDP 7 0 R >>',
                 '/Annots [6 0 R]', o7=signature,
                 o6='<< /Type /Annot /Subtype /Widget /FT /Sig /T (By) /V 7 0 R /F 132 '
                    '/Rect [0 0 0 0] /P 3 0 R >>')


def updated():
    writer = Writer().objects(plain()).table()
    writer.objects({4: text('A second letter')}).table()
    return writer.objects({4: text('A third letter')}).table().out


def good():
    field = TEXT_FIELD % ('text', '')
    other = TEXT_FIELD % ('Signature1', '')
    form = '/AcroForm 7 0 R'
    note = '<< /Type /Annot /Subtype /Text /Rect [100 10 120 30] /Contents (a note) /F 4 >>'
    two = {1: CATALOGUE % '', 2: '<< /Type /Pages /Kids [3 0 R 8 0 R] /Count 2 >>', 4: text('One'),
           3: PAGE % '/Annots 9 0 R', 5: FONT, 8: PAGE % '/Annots 9 0 R', 9: '[10 0 R]', 10: note}
    deep = {1: CATALOGUE % '', 2: '<< /Type /Pages /Kids [6 0 R 7 0 R] /Count 1 >>', 5: FONT,
            6: '<< /Type /Pages /Parent 2 0 R /Kids [] /Count 0 >>', 4: text('Deep'),
            7: '<< /Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1 >>',
            3: (PAGE % '').replace('2 0 R', '7 0 R')}
    packed = {n: v for n, v in plain(form, '/Annots [6 0 R]', o6=field,
                                     o7='<< /Fields [6 0 R] >>').items() if n != 4}
    metadata = stream('<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
                      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
                      'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" rdf:about="" pdfaid:part="1" '
                      'pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
                      '/Type /Metadata /Subtype /XML')
    yield 'table', table(plain())
    yield 'crlf', Writer(eol=b'\r\n').objects(plain()).table().out
    yield 'cr', Writer(eol=b'\r').objects(plain()).table().out
    yield 'no-last-line-end', table(plain()).rstrip(b'\n')
    yield 'blanks-at-the-end', table(plain()) + b' \n\n'
    yield 'filled-up', table(plain()) + b'\r\n' * 2000 + bytes(60000)
    yield 'no-id', table(plain(), with_id=False)
    yield 'info', table(plain(o6='<< /Title (\\050a title\\051) /Author <feff6cd5> >>'), extra='/Info 6 0 R')
    yield 'size-too-large', table(plain(), size=500)
    yield 'generations', Writer().objects(plain(), {3: 5, 1: 2, 2: 7}).table(root='1 2 R').out \
        .replace(b'2 0 R', b'2 7 R').replace(b'3 0 R', b'3 5 R')
    yield 'updated', updated()
    yield 'stream', Writer().objects(plain()).stream(6).out
    yield 'stream-not-packed', Writer().objects(plain()).stream(6, packed=False).out
    yield 'stream-odd-widths', Writer().objects(plain()).stream(6, widths=(1, 7, 1)).out
    yield 'stream-no-generations', Writer().objects(plain()).stream(6, widths=(1, 2, 0)).out
    yield 'object-stream', Writer().objects({4: text('Packed')}).object_stream(8, packed).stream(9).out
    yield 'stream-after-table', Writer().objects(plain()).table() \
        .objects({4: text('Newer')}).stream(6).out
    yield 'pdf-2.0', Writer('2.0').objects(plain()).stream(6).out
    yield 'pdf-1.2', Writer('1.2').objects(plain()).table(with_id=False).out
    yield 'pdf-a', table(plain('/Metadata 6 0 R', o6=metadata))
    yield 'hybrid', hybrid(plain('/StructTreeRoot 8 0 R'), {8: '<< /Type /StructTreeRoot >>'}).out
    yield 'hybrid-updated', hybrid(plain('/StructTreeRoot 8 0 R'), {8: '<< /Type /StructTreeRoot >>'}) \
        .objects({4: text('Newer')}).table().out
    yield 'form-in-catalogue', table(plain('/AcroForm << /Fields [6 0 R] /DA (/F 0 Tf) >>',
                                           '/Annots [6 0 R]', o6=field))
    yield 'form-object', table(plain(form, '/Annots [6 0 R]', o6=field, o7='<< /Fields [6 0 R] >>'))
    yield 'form-dangling', table(plain('/AcroForm 99 0 R'))
    yield 'form-dangling-next', table(plain('/AcroForm 6 0 R'))
    yield 'form-null', table(plain('/AcroForm null'))
    yield 'form-empty', table(plain(form, o7='<< /Fields [] >>'))
    yield 'form-without-fields', table(plain(form, o7='<< /DA (/F 0 Tf) >>'))
    yield 'fields-object', table(plain(form, '/Annots [6 0 R]', o6=field, o8='[6 0 R]',
                                       o7='<< /Fields 8 0 R /NeedAppearances false >>'))
    yield 'fields-object-form-in-catalogue', table(plain('/AcroForm << /Fields 8 0 R >>',
                                                         '/Annots [6 0 R]', o6=field, o8='[6 0 R]'))
    yield 'fields-dangling', table(plain(form, o7='<< /Fields 98 0 R >>'))
    yield 'field-of-that-name', table(plain(form, '/Annots [6 0 R]', o6=other, o7='<< /Fields [6 0 R] >>'))
    yield 'field-below-one-without-a-name', table(plain(form, '/Annots [6 0 R]', o7='<< /Fields [8 0 R] >>',
                                                        o6=TEXT_FIELD % ('Signature1', '/Parent 8 0 R'),
                                                        o8='<< /Kids [6 0 R] >>'))
    yield 'field-to-sign', table(plain(form, '/Annots [6 0 R]', o7='<< /Fields [6 0 R] >>',
                                       o6='<< /Type /Annot /Subtype /Widget /FT /Sig /T (Here) /F 4 '
                                          '/Rect [10 10 90 30] /P 3 0 R >>'))
    yield 'field-that-would-lock', table(plain(form, '/Annots [6 0 R]', o7='<< /Fields [6 0 R] >>',
                                               o6='<< /Type /Annot /Subtype /Widget /FT /Sig /T (Here) /F 4 '
                                                  '/Rect [10 10 90 30] /P 3 0 R /Lock << /Type /SigFieldLock '
                                                  '/Action /All /P 1 >> >>'))
    yield 'notes-direct', table(plain(page='/Annots [<< /Type /Annot /Subtype /Text /F 4 '
                                           '/Rect [100 10 120 30] /Contents (\\(\\000a\\)) >>]'))
    yield 'notes-object', table(plain(page='/Annots 6 0 R', o6='[7 0 R]', o7=note))
    yield 'notes-shared', table(two)
    yield 'notes-dangling', table(plain(page='/Annots 97 0 R'))
    yield 'names-with-signs', table(plain('/A#20b#23c << /#ff#20 (\\ff\\r\\n) /R 1.50 /N -0 >>'))
    yield 'deep-tree', table(deep)
    yield 'page-without-type', table(plain(o3=(PAGE % '').replace('/Type /Page ', '')))
    yield 'elsewhere', table(plain('/Other 6 0 R /OpenAction << /S /URI /URI (http://127.0.0.1:9/secret) >>',
                                   o6=stream('', '/F (secret)')))
    yield 'certified-2', table(certified('/P 2'))
    yield 'certified-3', table(certified('/P 3'))
    yield 'certified-default', table(certified(''))
    yield 'pages-3000', Writer().objects(many_pages(3000)).stream(9999).out


def bad():
    small = table(plain())
    yield 'no-page', table({1: CATALOGUE % '', 2: '<< /Type /Pages /Kids [] /Count 0 >>'})
    yield 'no-pages', table({1: '<< /Type /Catalog >>'})
    yield 'no-root', table(plain(), root='77 0 R')
    yield 'tree-loop', table({1: CATALOGUE % '', 2: '<< /Type /Pages /Kids [2 0 R] /Count 1 >>'})
    yield 'certified-1', table(certified('/P 1'))
    yield 'cut', small[:len(small) // 2]
    yield 'cut-at-the-end', small[:small.rindex(b'startxref')]
    yield 'filled-up-without-end', small + bytes(70000)
    yield 'no-table', small.replace(b'startxref\n', b'startxref\n7')
    yield 'end-is-no-number', small + small[small.rindex(b'startxref'):].replace(b'\n%%', b'x\n%%')
    yield 'table-shifted', table(plain(), shift=3)
    yield 'nothing-inside', b'%PDF-1.7\n'
    yield 'previous-loop', re.sub(rb'/Size 6', b'/Size 6 /Prev %d' % small.rindex(b'xref\n0 '), small)
    place = small.index(b'4 0 obj')
    yield 'object-elsewhere', small.replace(b'%010d' % place, b'%010d' % (place + 3))
    yield 'form-is-array', table(plain('/AcroForm [1 2]'))
    yield 'fields-no-list', table(plain('/AcroForm << /Fields << >> >>'))
    yield 'notes-no-list', table(plain(page='/Annots << >>'))
    inside = plain()
    inside[2] = inside[2].replace('3 0 R', inside[3])
    yield 'page-in-the-tree', table(inside)
    form = plain('/AcroForm 9 0 R', '/Annots [6 0 R]', o6=TEXT_FIELD % ('text', '')), {9: '<< /Fields [6 0 R] >>'}
    yield 'hybrid-form-hidden', hybrid(*form).out
    yield 'hybrid-form-hidden-updated', hybrid(*form).objects({4: text('Newer')}).table().out
    yield 'hybrid-fields-hidden', hybrid(plain('/AcroForm << /Fields 9 0 R >>'), {9: '[]'}).out
    yield 'hybrid-notes-hidden', hybrid(plain(page='/Annots 9 0 R'), {9: '[]'}).out
    yield 'form-is-page', table(plain('/AcroForm 3 0 R'))
    locked = ('<< /Type /Annot /Subtype /Widget /FT /Sig /V 7 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R /Parent 8 0 R '
              '/Lock << /Type /SigFieldLock /Action /All /P 1 >> >>')
    yield 'locked-below', table(plain('/AcroForm << /Fields [8 0 R] /SigFlags 3 >>', '/Annots [6 0 R]', o6=locked,
                                      o7='<< /Type /Sig >>', o8='<< /T (By) /Kids [6 0 R] >>'))
    yield 'fields-loop', table(plain('/AcroForm << /Fields [8 0 R] >>', o8='<< /T (a) /Kids [8 0 R] >>'))
    yield 'number-too-large', table(plain(), size=2 ** 31 - 1)


def by_qpdf(directory, kind, name, source, *options):
    subprocess.run(['qpdf', *options, os.path.join(directory, 'good', source + '.pdf'),
                    os.path.join(directory, kind, name + '.pdf')], check=True)


def main():
    directory = sys.argv[1]
    for kind, files in (('good', good()), ('bad', bad())):
        os.makedirs(os.path.join(directory, kind))
        for name, data in files:
            with open(os.path.join(directory, kind, name + '.pdf'), 'wb') as out:
                out.write(data)
    by_qpdf(directory, 'good', 'linearized', 'form-object', '--linearize')
    by_qpdf(directory, 'good', 'linearized-packed', 'fields-object', '--linearize',
            '--object-streams=generate')
    by_qpdf(directory, 'bad', 'encrypted', 'table', '--encrypt', '', 'owner', '256', '--')
    by_qpdf(directory, 'bad', 'encrypted-password', 'table', '--encrypt', 'user', 'owner', '256', '--')


if __name__ == '__main__':
    main()
