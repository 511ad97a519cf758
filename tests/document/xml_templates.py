#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes templates of signed XML for xmlsec1, as honest signers make it.

    xml_templates.py DIRECTORY
    xml_templates.py counter FILE
    xml_templates.py odd FILE
    xml_templates.py other-digest FILE KEY

DIRECTORY/expected has a line for each: its name, the exit code of jpki verify, what the signature is
told to be and to cover, and a filter of jq, without blanks, that is true of what is told beside. The second form puts
the template of a further signer into a signed FILE, over the value of the signature that it has (XAdES). The third one
makes a FILE in which a method has a URI, as nobody means it. The last one gives the last Reference of a signed FILE
another digest, and signs that with the KEY.
"""
import base64
import hashlib
import os
import subprocess
import sys
import xml.etree.ElementTree

EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
DSIG = 'http://www.w3.org/2000/09/xmldsig#'
ENVELOPED = DSIG + 'enveloped-signature'
QUOTE = '"'


def transform(method, content=''):
    return f'<ds:Transform Algorithm="{method}">{content}</ds:Transform>'


def listed(prefixes):
    """The exclusive form, with prefixes that are treated as in the inclusive one."""
    return transform(EXCLUSIVE, f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{prefixes}"/>')


def reference(uri, *transforms, more=''):
    listing = f'<ds:Transforms>{"".join(transforms)}</ds:Transforms>' if transforms else ''
    return (f'<ds:Reference URI="{uri}"{more}>{listing}'
            '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>')


def signature(*references, objects='', canonical=INCLUSIVE):
    return (f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{canonical}"/>'
            '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
            f'{"".join(references)}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo>'
            f'{objects}</ds:Signature>')


def whole(*transforms):
    return reference('', transform(ENVELOPED), *transforms)


WHOLE = whole(transform(INCLUSIVE))
EXACT = whole(transform(EXCLUSIVE))


def prefixes():
    """What a prefix in a value stands for, which the exclusive canonical form may leave open."""
    def told(*names):
        return '.declarations==' + ('[' + ','.join(f'"{name}"' for name in names) + ']' if names else 'null')
    cur, none = 'xmlns:cur="urn:iso:jpy"', told()
    yield 'prefix-in-a-text', f'<a {cur}><b>cur:unit</b>{signature(EXACT)}</a>', 0, 'good/all', told('xmlns:cur')
    yield 'prefix-in-a-text-by-c14n', f'<a {cur}><b>cur:unit</b>{signature(WHOLE)}</a>', 0, 'good/all', none
    yield 'prefix-listed', f'<a {cur}><b>cur:unit</b>{signature(whole(listed("x cur")))}</a>', 0, 'good/all', none
    yield 'prefix-not-listed', (
        f'<a {cur}><b>cur:unit</b>{signature(whole(listed("x currency")))}</a>'), 0, 'good/all', told('xmlns:cur')
    yield 'prefix-used-around', f'<cur:a {cur}><b>cur:unit</b>{signature(EXACT)}</cur:a>', 0, 'good/all', none
    yield 'prefix-used-beside', (
        f'<a {cur}><cur:c/><b>cur:unit</b>{signature(EXACT)}</a>'), 0, 'good/all', told('xmlns:cur')
    yield 'prefix-used-beside-alone', f'<a {cur}><cur:c/><b>unit</b>{signature(EXACT)}</a>', 0, 'good/all', none
    yield 'prefix-in-an-attribute', (
        f'<a {cur}><cur:c/><b unit=" (cur:x) "/>{signature(EXACT)}</a>'), 0, 'good/all', told('xmlns:cur')
    yield 'prefix-of-another-name', (
        f'<cur:a {cur}><b xmlns:cur="urn:other">cur:unit</b>{signature(EXACT)}</cur:a>'), 0, 'good/all', told('xmlns:cur')
    yield 'prefix-above-a-part', (
        f'<a {cur}><b Id="part">1</b>{signature(reference("#part", transform(EXCLUSIVE)))}</a>'), 14, 'good/partial', (
            told('xmlns:cur'))
    yield 'prefix-of-a-part-and-of-all', (
        f'<a {cur}><b Id="part">cur:x</b>{signature(WHOLE, reference("#part", transform(EXCLUSIVE)))}</a>'), (
            0), 'good/all', none
    yield 'prefix-beside-a-file', (
        f'<a {cur}><b>cur:unit</b>{signature(EXACT, reference("beside"))}</a>'), 0, 'good/all', told('xmlns:cur')
    yield 'prefix-behind-a-sign', f'<a {cur}><b>-cur:x</b>{signature(EXACT)}</a>', 0, 'good/all', told('xmlns:cur')
    yield 'prefix-of-an-attribute', f'<a {cur}><b cur:k="1">cur:x</b>{signature(EXACT)}</a>', 0, 'good/all', none
    declared = f' xmlns:ds="{DSIG}"'
    yield 'prefix-of-the-signature', (
        f'<a{declared}><b/>{signature(EXACT).replace(declared, "")}</a>'), 0, 'good/all', told('xmlns:ds')
    yield 'no-prefix-listed', f'<p:a xmlns:p="urn:p" xmlns="urn:x">unit{signature(whole(listed("#default")))}</p:a>', (
        0), 'good/all', none
    yield 'no-prefix', f'<p:a xmlns:p="urn:p" xmlns="urn:x">unit{signature(EXACT)}</p:a>', 0, 'good/all', told('xmlns')
    yield 'no-prefix-used-beside', (
        f'<p:a xmlns:p="urn:p" xmlns="urn:x" kind="unit"><b/>{signature(EXACT)}</p:a>'), 0, 'good/all', told('xmlns')
    yield 'no-prefix-and-no-word', (
        f'<p:a xmlns:p="urn:p" xmlns="urn:x" Id="i" n="12"><b/>2 units{signature(EXACT)}</p:a>'), 0, 'good/all', none


XADES = 'xmlns:x="http://uri.etsi.org/01903/v1.3.2#"'
NOTHING = '.unsigned==null'


def in_properties(content, identifier='Id="more"'):
    """The signer's role in words of another vocabulary (XAdES)."""
    return (f'<ds:Object><x:QualifyingProperties {XADES}><x:SignedProperties {identifier}><x:SignedSignatureProperties>'
            f'<x:SignerRole><x:ClaimedRoles><x:ClaimedRole>{content}</x:ClaimedRole></x:ClaimedRoles></x:SignerRole>'
            '</x:SignedSignatureProperties></x:SignedProperties></x:QualifyingProperties></ds:Object>')


def places():
    """Where the signature stands, which is not signed."""
    yield 'in-an-empty-element', f'<a><c/><d> {signature(WHOLE)}\n</d></a>', 0, 'good/all', '.stands_in==["d"]'
    yield 'beside-an-element', f'<a><d><c/>{signature(WHOLE)}</d></a>', 0, 'good/all', '.stands_in==null'
    yield 'in-an-empty-root', f'<a>{signature(WHOLE)}</a>', 0, 'good/all', '.stands_in==null'
    yield 'in-a-wrapper', f'<a><b Id="part"/><d>{signature(reference("#part"))}</d></a>', 14, 'good/partial', (
        '.stands_in==null')


def contained():
    """What is signed in the signature's own element, and documents that are nothing but a signature."""
    more = reference('#more')
    role = '<r:role xmlns:r="urn:role">Notary</r:role>'
    own = ('<ds:Object><ds:SignatureProperties><ds:SignatureProperty {} Target="#s"><t:timestamp xmlns:t="urn:t">'
           '<t:date>20261130</t:date></t:timestamp></ds:SignatureProperty></ds:SignatureProperties></ds:Object>')
    for name, objects in (('a-property', own), ('a-role', in_properties(role, '{}')),
                          ('a-note', '<ds:Object><b {}>1</b></ds:Object>'), ('an-object', f'<ds:Object {{}}>{role}</ds:Object>')):
        signed = objects.format('Id="more"')
        yield name, f'<a>{signature(WHOLE, more, objects=signed)}</a>', 0, 'good/all', NOTHING
        # The same, but nobody has signed it.
        other = signature(WHOLE, reference('#part'), objects=objects.format('Id="more"'))
        yield f'{name}-unsigned', f'<a><b Id="part"/>{other}</a>', 14, 'not-accepted/unknown', '.about=="Object"'
    file = reference('beside')
    letter = '<letter>1</letter>'
    yield 'detached', signature(file), 0, 'good/alone', '.files==["beside"]'
    yield 'detached-with-a-role', signature(file, more, objects=in_properties(role)), 0, 'good/alone', '.elements==[]'
    yield 'enveloping', signature(more, objects=f'<ds:Object Id="more">{letter}</ds:Object>'), 0, 'good/alone', (
        '.elements==["letter"]')
    yield 'enveloping-a-text', signature(more, objects='<ds:Object Id="more">1</ds:Object>'), 0, 'good/alone', (
        '.elements==["Object"]')
    yield 'enveloping-an-element', signature(more, objects='<ds:Object><b Id="more">1</b></ds:Object>'), 0, 'good/alone', (
        '.elements==["b"]')
    yield 'enveloping-and-more', signature(
        more, objects=f'<ds:Object Id="more">{letter}</ds:Object><ds:Object>{letter}</ds:Object>'), 14, (
            'not-accepted/unknown'), '.about=="Object"'
    yield 'nothing-but-properties', signature(more, objects=in_properties(role)), 14, 'good/partial', '.elements==[]'
    of_properties = in_properties(role, '').replace('<ds:Object>', '<ds:Object Id="more">')
    yield 'nothing-but-an-object-of-properties', signature(more, objects=of_properties), 14, 'good/partial', (
        '.elements==[]')
    yield 'a-note-of-a-kind', (
        f'<a>{signature(WHOLE, more, objects="<ds:Object MimeType=%st/x%s><b Id=%smore%s/></ds:Object>")}</a>' % (
            ('"',) * 4)), 0, 'good/all', '.unsigned==["Object"]'
    yield 'a-note-of-an-encoding', (
        f'<a>{signature(WHOLE, more, objects="<ds:Object Encoding=%sbase64%s><b Id=%smore%s/></ds:Object>")}</a>' % (
            ('"',) * 4)), 0, 'good/all', '.unsigned==["Object"]'
    yield 'a-value-in-the-content', (
        f'<a><ds:SignatureValue xmlns:ds="{DSIG}" Id="more">AAAA</ds:SignatureValue>{signature(more)}</a>'), (
            14), 'good/partial', '.elements==["SignatureValue"]'
    yield 'a-file-by-its-folder', f'<a>{signature(WHOLE, reference("./beside"))}</a>', 0, 'good/all', '.files==["beside"]'
    included = '<a xmlns:i="http://www.w3.org/2001/XInclude"{}><i:include href="./beside"/>%s</a>' % signature(
        WHOLE, reference('beside'))
    yield 'a-file-that-is-included', included.format(''), 0, 'good/all', '.shown_by==null'
    yield 'a-file-elsewhere-that-is-included', included.format(' xml:base="elsewhere/"'), 0, 'good/all', (
        '.shown_by==["./beside"]')
    yield 'a-file-twice', f'<a>{signature(WHOLE, file, file)}</a>', 0, 'good/all', '.files==["beside"]'
    yield 'enveloping-in-more', f'<a>{signature(more, objects=f"<ds:Object Id=%smore%s>{letter}</ds:Object>")}</a>' % (
        '"', '"'), 14, 'good/partial', '.elements==["letter"]'


def counter(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    over = reference('#value', more=' Type="http://uri.etsi.org/01903#CountersignedSignature"')
    further = signature(over).replace('<ds:Signature ', '<ds:Signature Id="further" ')
    more = (f'<ds:Object><x:QualifyingProperties {XADES}><x:UnsignedProperties><x:UnsignedSignatureProperties>'
            f'<x:CounterSignature>{further}</x:CounterSignature></x:UnsignedSignatureProperties></x:UnsignedProperties>'
            '</x:QualifyingProperties></ds:Object>')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text.replace('<ds:SignatureValue>', '<ds:SignatureValue Id="value">', 1)
                   .replace('</ds:Signature>', more + '</ds:Signature>', 1))


def other_digest(path, key):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    begin = text.rindex('<ds:DigestValue>') + len('<ds:DigestValue>')
    digest = base64.b64encode(hashlib.sha256(b'another file').digest()).decode()
    text = text[:begin] + digest + text[text.index('</ds:DigestValue>', begin):]
    info = text[text.index('<ds:SignedInfo>'):text.index('</ds:SignedInfo>')] + '</ds:SignedInfo>'
    # Which is the canonical form, because nothing else is declared around it.
    exact = xml.etree.ElementTree.canonicalize(info.replace('>', f' xmlns:ds="{DSIG}">', 1))
    value = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', key], input=exact.encode(), check=True,
                           stdout=subprocess.PIPE).stdout
    begin = text.index('<ds:SignatureValue>') + len('<ds:SignatureValue>')
    text = text[:begin] + base64.b64encode(value).decode() + text[text.index('</ds:SignatureValue>'):]
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def odd(path):
    text = f'<a>{signature(WHOLE, objects="<ds:Object Id=%so%s><amount>2</amount></ds:Object>" % (QUOTE, QUOTE))}</a>'
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text.replace('<ds:SignatureMethod ', '<ds:SignatureMethod URI="#o" '))


def main(directory):
    os.makedirs(directory)
    os.chdir(directory)
    with open('expected', 'w', encoding='ascii') as expected:
        for family in (prefixes, places, contained):
            for name, text, code, found, told in family():
                with open(name + '.template', 'w', encoding='utf-8') as out:
                    out.write(text)
                expected.write(f'{name} {code} {found} {told}\n')


if __name__ == '__main__':
    if sys.argv[1] == 'counter':
        counter(sys.argv[2])
    elif sys.argv[1] == 'other-digest':
        other_digest(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == 'odd':
        odd(sys.argv[2])
    else:
        main(sys.argv[1])
