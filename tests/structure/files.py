# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules 4 to 6: what a file may name, how long it is, and how it explains itself."""
import os
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor

LINES_OF_FILE = 600
LINES_OF_FUNCTION = 60
WORDS_OF_COMMENT = 4

# An include, and the files that may have it.
INCLUDES = [
    (re.compile(r'(.*/)?winscard\.h'), re.compile(r'src/card/(pcsc\.c|scard\.[ch])'),
     'src/card/pcsc.c and src/card/scard'),
    (re.compile(r'openssl/.*'), re.compile(r'src/(crypto|document|app|tool)/.*'),
     'src/crypto, src/document, src/app and src/tool'),
    (re.compile(r'qpdf/.*'), re.compile(r'src/document/pdf_objects\.c'),
     'src/document/pdf_objects.c'),
    (re.compile(r'libxml/.*'), re.compile(r'src/document/xml_\w+\.[ch]'),
     'src/document/xml_*'),
]
# PKCS#11's own names: CK_RV, CKR_OK, CKM_RSA_PKCS ...
CK_NAME = re.compile(r'\bCK[A-Z]{0,2}_\w+')
CK_FILES = re.compile(r'src/pkcs11/.*|src/app/(.*/)?(module_key|module_key_state|module_pool|rv_situation)\.[ch]')

SPDX = r'/\* SPDX-License-Identifier: [^\n]* \*/\n'
OPENING = re.compile(SPDX + r'\s*(/\*.*?\*/|(?://[^\n]*\n)+)', re.S)


def ours(tree):
    """The files of src/."""
    return [file for file in tree.files.values() if file.path.startswith('src/')]


def names_in_their_place(tree):
    """Rule 4: winscard.h, OpenSSL and the CK_ names only where they belong; comments don't count."""
    for file in ours(tree):
        for name, line in file.includes:
            for pattern, allowed, where in INCLUDES:
                if pattern.fullmatch(name) and not allowed.fullmatch(file.path):
                    yield f'{file.path}:{line} includes {name}, which belongs in {where}'
        found = CK_NAME.search(file.code)
        if found and not CK_FILES.fullmatch(file.path):
            yield (f'{file.path}:{file.line(found.start())} has {found[0]}, and CK_ names belong in '
                   'src/pkcs11, module_key, module_pool and rv_situation')


def sizes(tree):
    """Rule 5: no file and no function is too long. Empty lines of functions do not count."""
    for file in tree.files.values():
        lines = file.text.count('\n')
        if lines > LINES_OF_FILE:
            yield f'{file.path} has {lines} lines; {LINES_OF_FILE} are allowed'
        for name, start, end in functions(file):
            if name is None:
                yield f'{file.path}:{start} has a brace without its partner'
                continue
            body = file.text.split('\n')[start:end - 1]
            length = sum(1 for line in body if line.strip())
            if length > LINES_OF_FUNCTION:
                yield f'{file.path}:{start} {name} has {length} lines; {LINES_OF_FUNCTION} are allowed'


def functions(file):
    """(name, line of its opening brace, of its closing brace); name is None if braces don't match.

    A block outside of all others is a function's if a closing parenthesis stands before it.
    """
    depth, begin, opened, name = 0, 0, 0, None
    for brace in re.finditer(r'[{};]', file.bare):
        if brace[0] == '{':
            if depth == 0:
                opened = brace.start()
                head = file.bare[begin:opened]
                called = re.search(r'(\w+)\s*\(', head.replace('__attribute__', ''))
                is_function = called and head.rstrip().endswith(')') and '=' not in head
                name = called[1] if is_function else None
            depth += 1
        elif brace[0] == '}':
            depth -= 1
            if depth == 0 and name:
                yield name, file.line(opened), file.line(brace.start())
        if depth <= 0:
            begin = brace.end()
        if depth < 0:
            break
    if depth != 0:
        yield None, file.line(begin if depth < 0 else opened), 0


def headers_alone(tree, compiler):
    """Rule 5: each header compiles alone."""
    headers = [path for path in tree.files if path.endswith('.h')]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for path, said in zip(headers, pool.map(lambda p: compile_alone(tree, compiler, p), headers)):
            if said:
                yield f'{path} does not compile alone:\n    ' + '\n    '.join(said[:6])


def compile_alone(tree, compiler, path):
    """The lines that the compiler has against a file with this header only; none: it compiles."""
    # A file with nothing in it is not ISO C, and a header may have macros only.
    program = f'#include "{os.path.join(tree.root, path)}"\ntypedef int jpki_not_empty;\n'
    command = shlex.split(compiler)
    first = next((i for i, word in enumerate(command) if word.startswith('-')), len(command))
    command[first:first] = ['-I' + os.path.join(tree.root, folder) for folder in ('src', 'include')]
    done = subprocess.run([*command, '-fsyntax-only', '-x', 'c', '-'], input=program, text=True,
                          cwd=tree.build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.splitlines() or ['no reason given'] if done.returncode else []


def opening_comments(tree):
    """Rule 6: after the line of the licence, a file says what it is for."""
    for file in tree.files.values():
        if not re.match(SPDX, file.text):
            yield f'{file.path} does not begin with the line of its licence (SPDX)'
            continue
        comment = OPENING.match(file.text)
        if not comment or len(re.findall(r'\w+', comment[1])) < WORDS_OF_COMMENT:
            yield f'{file.path} does not open with a comment that says what it is for'


# How docs/ARCHITECTURE.md names a file, its .c and its .h alike:
#  - by its path in backquotes, anywhere: `src/token/pin`, also with .c, .h or .[ch];
#  - in a row of a table (a line that begins with |): `pin`, for the folder of that row. That is the
#    last one that stands before the name in the row (`src/token/`, or of a path as above), else the
#    one that the last heading above names (## `src/token/`: ...).
QUOTED = re.compile(r'`([^`\s]+)`')
ENDING = re.compile(r'\.(c|h|\[ch\])$')


def named(document):
    """(what, line) of each name in backquotes: a path below src/, or a bare name with its folder."""
    heading = None
    for number, text in enumerate(document.splitlines(), 1):
        is_heading, is_row = text.startswith('#'), text.startswith('|')
        folder = None if is_heading else heading
        for name in QUOTED.findall(text):
            if name.startswith('src/'):
                folder = os.path.dirname(name)
                yield name, number
            elif is_row and folder and '/' not in name:
                yield f'{folder}/{name}', number
        if is_heading:
            heading = folder


def architecture(tree):
    """Rule 6: docs/ARCHITECTURE.md names every file of src/, and no path there that is none."""
    path = 'docs/ARCHITECTURE.md'
    with open(os.path.join(tree.root, path), encoding='utf-8') as stream:
        document = stream.read()
    parts = {file.part for file in ours(tree)}
    names = {ENDING.sub('', name) for name, _ in named(document)}
    for part in sorted(parts - names):
        files = [file.path for file in ours(tree) if file.part == part]
        yield f'{path} does not name {" and ".join(files)}'
    for number, text in enumerate(document.splitlines(), 1):
        for name in QUOTED.findall(text):
            is_path = name.startswith('src/') and not re.search(r'[*<]', name)
            part = re.sub(r'\.\[ch\]$', '', name)
            if is_path and part not in parts and not os.path.exists(os.path.join(tree.root, name)):
                yield f'{path}:{number} names {name}, which does not exist'
