#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes XML documents of every shape for the tests: xml_corpus.py DIRECTORY.

good/ has documents to sign as a whole, bad/ documents that must be refused, e-gov/ a filing, and
tax.xtx a document in the form of e-Tax.
"""
import os
import sys

BODY = ('<データ xmlns="urn:example:a" xmlns:p="urn:example:p" xml:lang="ja" p:x="１" y="&#10;&quot;">'
        '\r\n<p:b xmlns=""/>あいう<![CDATA[<&>]]><!-- 注 --><?p あ?>{}\r\n</データ>\r\n')
# Beyond the basic plane, a variation selector, and private use.
RARE = '\U00020BB7 葛\U000E0100 \ue000'

ENCODINGS = {
    # name: (Python's name, declaration, byte order mark, text)
    'utf8': ('utf-8', 'UTF-8', b'', RARE),
    'utf8-mark': ('utf-8', 'UTF-8', b'\xef\xbb\xbf', RARE),
    'utf8-silent': ('utf-8', None, b'', RARE),
    'utf16le': ('utf-16-le', 'UTF-16', b'\xff\xfe', RARE),
    'utf16be': ('utf-16-be', 'UTF-16', b'\xfe\xff', RARE),
    'sjis': ('shift_jis', 'Shift_JIS', b'', '表ソ能'),
    'euc': ('euc_jp', 'EUC-JP', b'', '表ソ能'),
    'jis': ('iso2022_jp', 'ISO-2022-JP', b'', '表ソ能'),
}

GOOD = {
    'empty': '<a/>',
    'blank': '<a xmlns="">\n</a>\n',
    'prefix': '<p:a xmlns:p="urn:example:p" ><p:b a="1" p:a="2"/></p:a >',
    'outside': '<?xml version="1.0" standalone="no" ?>\n<!-- before -->\n<?p i?>\n<a>&#13;</a>'
               '\n<!-- </a> -->\n<?p </a>?>\n',
    'included': '<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="secret"/></a>',
    'deep': '<a>' * 250 + '</a>' * 250,
    'long': '<a>' + '<b c="1">あ</b>' * 20000 + '</a>',
}


def bomb():
    """Entities that become a thousand million characters."""
    entities = '<!ENTITY e0 "1234567890">' + ''.join(
        f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))
    return f'<!DOCTYPE a [{entities}]><a>&e8;</a>'


BAD = {
    'cut': '<a><b>1<!-- -->0</b></a>',
    'nothing': '',
    'text': 'no XML',
    'open': '<a>',
    'bomb': bomb(),
    'inside': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    'file': '<!DOCTYPE a [<!ENTITY b SYSTEM "secret">]><a>&b;</a>',
    'dtd': '<!DOCTYPE a SYSTEM "secret"><a/>',
    'net': '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/secret"><a/>',
    'parameter': '<!DOCTYPE a [<!ENTITY % b SYSTEM "secret">%b;]><a/>',
    'deeper': '<a>' * 300 + '</a>' * 300,
    'crowded': '<a ' + ' '.join(f'a{i}="1"' for i in range(100000)) + '/>',
    'namespaces': '<a ' + ' '.join(f'xmlns:a{i}="urn:{i}"' for i in range(300)) + '>'
                  + '<b/>' * 100000 + '</a>',
}

FORM = ('<申請書属性情報><申請書様式ID>1</申請書様式ID>'
        '<申請書ファイル名称>{}</申請書ファイル名称></申請書属性情報>')
FILING = ('<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="1.xsl" type="text/xsl"?>\n'
          '<DataRoot>\n\t<様式ID>1</様式ID>\n\t<構成情報 ID="構成情報">\n\t\t{}\n\t</構成情報>\n'
          '\t<その他/>\n</DataRoot>\n')
TAX = ('<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
       '<DATA id="DATA" xmlns="urn:example:tax"><RKO0010 id="RKO0010" VR="1">'
       '<A ID="A">１</A></RKO0010></DATA>\n')


def write(path, data):
    """Write bytes, or a text as UTF-8."""
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def main(directory):
    for name, (python, declared, mark, text) in ENCODINGS.items():
        head = f'<?xml version="1.0" encoding="{declared}"?>\r\n' if declared else ''
        write(f'{directory}/good/{name}.xml', mark + (head + BODY.format(text)).encode(python))
    for name, text in GOOD.items():
        write(f'{directory}/good/{name}.xml', text)
    for name, text in BAD.items():
        write(f'{directory}/bad/{name}.xml', text)
    write(f'{directory}/bad/secret', '<!ENTITY b "a secret">')
    write(f'{directory}/e-gov/kousei.xml', FILING.format(FORM.format('one.xml') + FORM.format('申 2.xml')))
    write(f'{directory}/e-gov/kousei20261129123456789.xml', FILING.format(FORM.format('one.xml')))
    write(f'{directory}/e-gov/out.xml', FILING.format(FORM.format('../tax.xtx')))
    write(f'{directory}/e-gov/lost.xml', FILING.format(FORM.format('lost file.xml')))
    write(f'{directory}/e-gov/one.xml', '<a/>')
    write(f'{directory}/e-gov/申 2.xml', '<!-- \r\n -->')
    write(f'{directory}/tax.xtx', TAX)


if __name__ == '__main__':
    main(sys.argv[1])
