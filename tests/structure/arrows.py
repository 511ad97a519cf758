# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules 1 to 3: where the arrows among files and folders may go."""

# What stands right above what; a folder may use all that is below it.
STANDS_ON = {
    'include': [],
    'base': ['include'],
    'crypto': ['base'],
    'card': ['crypto'],
    'token': ['card'],
    'pkcs11': ['token'],
    'document': ['crypto'],
    'app': ['token', 'document'],
    'tool': ['app'],
    'portal': ['app'],
    'window': ['app'],
}
# The programs, which do not know each other.
PROGRAMS = ('tool', 'portal', 'window')
# The rooms of src/app: an arrow never goes to a greater height. A new room needs one.
ROOM_HEIGHT = {'signature': 0, 'host': 0, 'ui': 0, 'ask': 1, 'certificate': 1, 'card': 2,
               'doctor': 3, 'setup': 3, 'sign': 3, 'verify': 3}


def layer(part):
    """The folder of src/ that a part is in, or the file itself if it is in none."""
    pieces = part.split('/')
    return pieces[1] if pieces[0] == 'src' and len(pieces) > 2 else pieces[0]


def room(part):
    """The folder of src/app or src/tool that a part is in.

    A file beside the rooms (src/tool/main.c) is a room of its own. So are the headers
    src/app/app.h and src/tool/tool.h: that is how they are the ground which all others may stand on.
    """
    return '/'.join(part.split('/')[:3])


def below(name):
    """All that a folder may use, but itself."""
    found = set()
    for lower in STANDS_ON[name]:
        found |= {lower} | below(lower)
    return found


def components(names, follows):
    """The sets of names that lead to each other (Tarjan), in order; single names are left out."""
    number, lowest, stack, found = {}, {}, [], []

    def visit(name):
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in sorted(follows.get(name, ())):
            if other not in number:
                visit(other)
            if other in stack:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == number[name]:
            group = stack[stack.index(name):]
            del stack[stack.index(name):]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(names):
        if name not in number:
            visit(name)
    return sorted(found)


def circles(arrows, what):
    """A finding for each circle, with one reason for each arrow in it. arrows: (from, to, why)."""
    reasons, follows = {}, {}
    for source, target, why in arrows:
        if source != target:
            reasons.setdefault((source, target), []).append(why)
            follows.setdefault(source, set()).add(target)
    for group in components(set(follows), follows):
        ties = [f'{whys[0]}' + (f' (and {len(whys) - 1} more)' if len(whys) > 1 else '')
                for (source, target), whys in sorted(reasons.items())
                if source in group and target in group]
        yield '\n    '.join([f'a circle of {what}: {", ".join(group)}'] + ties)


def no_circles(tree):
    """Rule 1: no circle among files, none among the rooms of src/app and src/tool."""
    yield from circles([(a.source, a.target, a.why) for a in tree.arrows], 'files')
    among_rooms = [(room(a.source), room(a.target), a.why) for a in tree.arrows
                   if {layer(a.source), layer(a.target)} <= {'app', 'tool'}]
    yield from circles(among_rooms, 'folders')


def downwards_only(tree):
    """Rule 2: no arrow upwards, among the folders of src/ and inside src/app and src/tool."""
    for name in sorted({layer(file.part) for file in tree.files.values()} - set(STANDS_ON)):
        yield f'{name} is in none of the folders of src/ that have a place in the order'
    rooms = {room(file.part) for file in tree.files.values() if layer(file.part) == 'app'}
    for name in sorted(name for name in rooms if is_room_without_height(tree, name)):
        yield f'{name} is a room of src/app that has no place in the order'
    for arrow in tree.arrows:
        upper, lower = layer(arrow.source), layer(arrow.target)
        if upper == lower:
            yield from upwards_inside(tree, upper, arrow)
        elif {upper, lower} <= set(PROGRAMS) or not {upper, lower} <= set(STANDS_ON):
            continue  # rule 3, or told already
        elif lower not in below(upper):
            allowed = ', '.join(sorted(below(upper) - {'include'})) or 'itself'
            yield f'an arrow upwards: {arrow.why}; src/{upper} may use only {allowed}'


def is_room_without_height(tree, name):
    """Whether it is a folder of src/app, not a file beside them, that ROOM_HEIGHT does not know."""
    beside = {file.part for file in tree.files.values()}
    return name not in beside and name.split('/')[-1] not in ROOM_HEIGHT


def upwards_inside(tree, name, arrow):
    """The same inside src/app and src/tool."""
    upper, lower = room(arrow.source), room(arrow.target)
    if name == 'app':
        heights = [ROOM_HEIGHT.get(r.split('/')[-1]) for r in (upper, lower)]
        if None not in heights and heights[0] < heights[1]:
            yield f'an arrow upwards: {arrow.why}; {lower} stands above {upper}'
    elif name == 'tool':
        # A .c beside the subcommands is the one that finds them.
        if upper != arrow.source and f'{arrow.target}.c' in tree.files and lower == arrow.target:
            yield f'an arrow upwards: {arrow.why}; {lower} stands above the subcommands'


def no_neighbours(tree):
    """Rule 3: no subcommand uses another; the programs do not use each other."""
    for arrow in tree.arrows:
        layers = [layer(arrow.source), layer(arrow.target)]
        rooms = [room(arrow.source), room(arrow.target)]
        if layers == ['tool', 'tool']:
            beside = arrow.source in rooms or arrow.target in rooms
            if rooms[0] != rooms[1] and not beside:
                yield f'a subcommand that uses another: {arrow.why}; {rooms[1]} is not of {rooms[0]}'
        elif set(layers) <= set(PROGRAMS) and layers[0] != layers[1]:
            yield (f'a program that uses another: {arrow.why}; '
                   f'src/{layers[0]} and src/{layers[1]} do not know each other')
