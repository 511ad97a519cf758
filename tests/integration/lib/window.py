# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sits before jpki-window as a person with a screen reader does: reads it through AT-SPI.

Obeys one command on a line of standard input, and answers with one line, "ok ..." or "no ...":

  see TEXT      wait until something that is shown has this in its name or description
  gone TEXT     wait until nothing that is shown has
  now TEXT      whether something that is shown has this at this moment
  press NAME    press the button of this name, once it can be pressed
  reach NAME    with the keyboard alone to the button of this name, once it can be pressed: it has the focus then
  able NAME     wait until the button of this name can be pressed
  unable NAME   whether the button of this name cannot be pressed at this moment
  focus         wait until something has the focus, in the window that gets what is typed; answer with its role and
                name
  focus TEXT    wait until something with this in its name has the focus there
  focused TEXT  whether it has the focus at this moment
  last NAME     wait until the bus has told last that this got the focus: Orca leaves what comes before unsaid
  value         how many characters the field that has the focus has, and what a screen reader can read of them
  holds TEXT    wait until that field has this text
  heard         what the bus has told of changed texts and moved carets since the last time
  named         wait until all that the keyboard can reach and use has a name; the roles of what has none are
                the answer
  height TEXT   how many pixels high the first label with this name is
  tall N TEXT   wait until it is at least so many
  room TEXT     how many pixels are above or below the first label with this, in the row that it is in: the fewer
  fits          wait until nothing that is shown sticks out of its window or of what it is in; what does
                is the answer
  contrast N    whether each label that can be seen and used has at least this contrast to what is
                behind it, as WCAG defines it, in a picture of the screen; the worst is the answer
  tree          all that is shown, to standard error
"""
import os
import re
import subprocess
import sys
import time
from collections import Counter

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 60 * int(os.environ.get('JPKI_TEST_PATIENCE', '1'))
STEP = 0.03
LONGEST_MS = 500
MOST_TABS = 60
BUTTONS = (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.MENU_ITEM)
WINDOWS = (Atspi.Role.FRAME, Atspi.Role.DIALOG, Atspi.Role.ALERT, Atspi.Role.WINDOW)


LEAVES = BUTTONS + (Atspi.Role.LABEL, Atspi.Role.CHECK_BOX, Atspi.Role.PASSWORD_TEXT,
                    Atspi.Role.PROGRESS_BAR)


class No(str):
    """The answer no, and what is to be said with it."""

    def __bool__(self):
        return False


heard = []
focus = []
events = 0


def hear(event):
    """Keep what the bus tells by itself of texts."""
    heard.append(event.type.split(':')[1] + f'={event.any_data}')


def follow(event):
    """Keep the name of what gets the focus."""
    if event.detail1:
        focus.append(event.source.get_name())


def notice(*_):
    """Something is another now."""
    global events
    events += 1
    return False


def settle():
    """Take what the bus has for us."""
    context = GLib.MainContext.default()
    while context.pending():
        context.iteration(False)


def await_change(known):
    """Wait until more events have come than were known. There is none for some changes: not long."""
    context = GLib.MainContext.default()
    GLib.timeout_add(LONGEST_MS, notice)
    while events == known:
        context.iteration(True)
    # What belongs together comes together.
    time.sleep(STEP)


def visible(node):
    """All that is shown of this, from the outside to the inside."""
    if node is None or not has(node, Atspi.StateType.VISIBLE):
        return
    yield node
    for i in range(node.get_child_count()):
        yield from visible(node.get_child_at_index(i))


def shown():
    """All that is shown by the program."""
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(i)
        if program is None or 'jpki' not in (program.get_name() or ''):
            continue
        program.set_cache_mask(Atspi.Cache.NONE)
        for j in range(program.get_child_count()):
            yield from visible(program.get_child_at_index(j))


def words(node):
    return f'{node.get_name() or ""}\n{node.get_description() or ""}'


def has(node, state):
    return node.get_state_set().contains(state)


def look(find):
    """What find makes of what is shown; what leaves while it is read is read again."""
    for _ in range(50):
        settle()
        try:
            return find(shown())
        except GLib.Error:
            time.sleep(STEP)
    return find(())


def first(is_it):
    """The first that is shown of which this is true, or None."""
    return look(lambda nodes: next((node for node in nodes if is_it(node)), None))


def until(condition):
    """The first true value of the condition, or what it is at the end of patience."""
    end = time.monotonic() + PATIENCE
    while True:
        settle()
        known = events
        value = condition()
        if value or time.monotonic() > end:
            return value
        await_change(known)


def seen(text):
    return first(lambda node: text in words(node)) is not None


def button(name):
    """The button of this name that can be pressed. To GTK 4.8's own dialogs a letter to press belongs to the name."""
    names = (name, f'_{name} {name}')
    return first(lambda node: node.get_role() in BUTTONS and node.get_name() in names and
                 has(node, Atspi.StateType.FOCUSABLE) and has(node, Atspi.StateType.SENSITIVE))


def focused(text=''):
    return first(lambda node: has(node, Atspi.StateType.FOCUSED) and text in words(node))


def is_before_keyboard(node):
    """Whether the window of this gets what is typed. A new one has a focus before it is on the screen and the window
    manager gives it the keyboard; whether it is active then, GTK 4.8 does not tell the bus."""
    while node is not None and (node.get_role() not in WINDOWS or not node.get_name()):
        node = node.get_parent()
    # Around GTK 4.8's file chooser the bus has no window.
    if node is None:
        return True
    active = subprocess.run(['xdotool', 'getactivewindow', 'getwindowname'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    return active.stdout.decode().rstrip('\n') == node.get_name() and \
        (has(node, Atspi.StateType.ACTIVE) or
         node.get_application().get_toolkit_version().startswith('4.8.'))


def ready(text):
    """What has the focus, with this in its name, where what is typed goes to."""
    def find(nodes):
        node = next((node for node in nodes if has(node, Atspi.StateType.FOCUSED) and text in words(node)), None)
        return node if node and is_before_keyboard(node) else None
    return look(find)


def press(name):
    node = until(lambda: button(name))
    return bool(node) and node.get_action_iface().do_action(0)


def is_name(name):
    """In the place of none, GTK 4.8 has the name of a class."""
    return bool(name) and not re.fullmatch(r'(Gtk|Adw|Jpki)[A-Z]\w*', name)


def lacks_name(node):
    """Whether this can be reached with the keyboard, and has no name. What only scrolls has none; and of a choice
    that is closed, GTK tells of the list and the chosen item as of some that could be reached."""
    if is_name(node.get_name()) or not has(node, Atspi.StateType.FOCUSABLE) or \
            node.get_role() == Atspi.Role.SCROLL_PANE:
        return False
    return not (node.get_role() in (Atspi.Role.LIST, Atspi.Role.LIST_ITEM) and is_in_choice(node))


def is_in_choice(node):
    """Whether this is in a choice that has a name."""
    around = node.get_parent()
    while around is not None and around.get_role() != Atspi.Role.COMBO_BOX:
        around = around.get_parent()
    return around is not None and is_name(around.get_name())


def reach(name):
    """One step after the other, each waited for: a step too many would lead past it."""
    if not until(lambda: button(name)):
        return No('it cannot be pressed')
    if first(lambda node: node.get_name() == name and has(node, Atspi.StateType.FOCUSED)):
        return True
    for _ in range(MOST_TABS):
        settle()
        focus.clear()
        subprocess.run(['xdotool', 'key', 'Tab'], check=True)
        end = time.monotonic() + PATIENCE
        while not focus and time.monotonic() < end:
            await_change(events)
        if name in focus:
            return True
        if not focus:
            break
    return No('the keyboard does not lead to it')


def value():
    node = focused()
    text = node.get_text_iface() if node else None
    if text is None:
        return No('nothing that has a text has the focus')
    count = Atspi.Text.get_character_count(text)
    return f'{count} characters: {Atspi.Text.get_text(text, 0, count)}'


def holds(text):
    node = focused()
    field = node.get_text_iface() if node else None
    return field is not None and Atspi.Text.get_text(field, 0, Atspi.Text.get_character_count(field)) == text


def extents(node):
    """Where this is in its window, or None."""
    component = node.get_component_iface()
    return component and component.get_extents(Atspi.CoordType.WINDOW)


def area(node):
    """The same as left, top, right, bottom; None if it takes no room."""
    box = extents(node)
    if not box or box.width <= 0 or box.height <= 0:
        return None
    return box.x, box.y, box.x + box.width, box.y + box.height


def height(name):
    label = first(lambda node: node.get_role() == Atspi.Role.LABEL and node.get_name() == name)
    return extents(label).height if label else 0


def around(node, roles):
    """What this is in that has one of these roles, or None."""
    while node is not None and node.get_role() not in roles:
        node = node.get_parent()
    return node


def room(text):
    label = first(lambda node: node.get_role() == Atspi.Role.LABEL and text in node.get_name())
    row = around(label, (Atspi.Role.LIST_ITEM,))
    own, whole = (area(label), area(row)) if row else (None, None)
    return str(min(own[1] - whole[1], whole[3] - own[3])) if own and whole else No('it is in no row')


def is_ours(node):
    """Whether this is shown, and not a list of the pages: of two lists the toolkit hides one, and says so to
    nobody."""
    return node is not None and has(node, Atspi.StateType.VISIBLE) and \
        node.get_role() != Atspi.Role.PAGE_TAB_LIST


def sides(window):
    """The area of a window. Some version of GTK after Debian 12's began to leave borders out of what it tells of
    a place, and is wrong by as much."""
    left, top, right, bottom = area(window)
    slip = 0 if window.get_application().get_toolkit_version().startswith('4.8.') else 8
    return left - slip, top, right + slip, bottom


def leaves(node, window, around):
    """The texts and buttons that are shown, each with a word of it if it sticks out of what is around it or
    at the sides of the window, and else with None. (What scrolls is larger than what is around it, and a page
    that is not shown keeps its size: so only what is at the ends of the branches counts.)"""
    if not is_ours(node):
        return
    own = area(node)
    if own and node.get_role() in LEAVES:
        sticks = overlap(own, around) != own or own[0] < window[0] or own[2] > window[2]
        what = f'{node.get_role_name()} {node.get_name()!r}'
        yield what, f'{what} {own} in {around}' if sticks else None
    for i in range(node.get_child_count()):
        yield from leaves(node.get_child_at_index(i), window, own or around)


def cut():
    """What sticks out in all windows, as one text. A dialog has its buttons twice, for a wide and for a narrow
    screen, and shows those that fit."""
    def find(windows):
        all_leaves = [leaf for window in windows for leaf in leaves(window, sides(window), area(window))]
        fitting = {what for what, told in all_leaves if not told}
        return ' '.join(told for what, told in all_leaves if told and what not in fitting)
    return look(lambda nodes: find(node for node in nodes if node.get_role() in WINDOWS))


def overlap(one, other):
    """What two areas have in common; None: nothing."""
    both = (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))
    return both if both[0] < both[2] and both[1] < both[3] else None


def seen_labels(node, seen):
    """The labels that can be read and used, with the part of each that is not scrolled away."""
    if not is_ours(node) or not has(node, Atspi.StateType.SENSITIVE):
        return
    own = area(node)
    seen = overlap(own, seen) if own and seen else own or seen
    if own and not seen:
        return
    if node.get_role() == Atspi.Role.LABEL and is_name(node.get_name()) and seen == own:
        yield node.get_name(), own
    for i in range(node.get_child_count()):
        yield from seen_labels(node.get_child_at_index(i), seen)


def luminance(colour):
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(pixels):
    """The contrast of the commonest of these colours, which is behind, and the one furthest from it."""
    counted = Counter(pixels)
    behind = luminance(counted.most_common(1)[0][0])
    return max((max(behind, each) + 0.05) / (min(behind, each) + 0.05) for each in map(luminance, counted))


def worst_contrast():
    """The label with the least contrast in the window that is active, and how much that is."""
    window = first(lambda node: node.get_role() in WINDOWS and has(node, Atspi.StateType.ACTIVE))
    labels = list(seen_labels(window, None))
    place = subprocess.run(['xdotool', 'getactivewindow'], stdout=subprocess.PIPE, check=True)
    picture = subprocess.run(['import', '-window', place.stdout.decode().strip(), '-depth', '8', 'ppm:-'],
                             stdout=subprocess.PIPE, check=True).stdout
    head = re.match(rb'P6\s+(\d+)\s+(\d+)\s+255\s', picture)
    wide = int(head[1])
    # The picture has the frame around the window as well.
    border = (wide - extents(window).width) // 2
    colours = picture[head.end():]
    worst = ('no label', 0.0)
    for name, (left, top, right, bottom) in labels:
        pixels = [tuple(colours[at:at + 3]) for y in range(top + border, bottom + border)
                  for at in range((y * wide + left + border) * 3, (y * wide + right + border) * 3, 3)]
        ratio = contrast(pixels)
        if worst[0] == 'no label' or ratio < worst[1]:
            worst = (name, ratio)
    return worst


def obey(line):
    command, _, text = line.partition(' ')
    if command == 'see':
        return until(lambda: seen(text))
    if command == 'gone':
        return until(lambda: not seen(text))
    if command == 'now':
        return seen(text)
    if command == 'press':
        return press(text)
    if command == 'reach':
        return reach(text)
    if command == 'able':
        return until(lambda: button(text)) is not None
    if command == 'unable':
        return button(text) is None
    if command == 'focus':
        node = until(lambda: ready(text))
        return f'{node.get_role_name()} {words(node)}' if node else ''
    if command == 'focused':
        return focused(text) is not None
    if command == 'last':
        return until(lambda: focus[-1:] == [text]) or No(' '.join(focus[-1:]))
    if command == 'value':
        return value()
    if command == 'holds':
        return until(lambda: look(lambda _: holds(text))) or No(value())
    if command == 'heard':
        settle()
        told = ' '.join(heard)
        heard.clear()
        return told
    if command == 'named':
        nameless = []

        def is_all_named():
            nonlocal nameless
            nameless = look(lambda nodes: [node.get_role_name() for node in nodes if lacks_name(node)])
            return not nameless
        return until(is_all_named) or No(' '.join(nameless))
    if command == 'height':
        return str(height(text))
    if command == 'tall':
        pixels, _, name = text.partition(' ')
        return until(lambda: height(name) >= int(pixels))
    if command == 'room':
        return room(text)
    if command == 'fits':
        left = 'unknown'

        def is_none_cut():
            nonlocal left
            left = cut()
            return not left
        return until(is_none_cut) or No(left)
    if command == 'contrast':
        told, ratio = worst_contrast()
        return f'{ratio:.1f} {told}' if ratio >= float(text) else No(f'{ratio:.1f} {told}')
    if command == 'tree':
        for line in look(lambda nodes: [f'{node.get_role_name()} {words(node)!r}' for node in nodes]):
            print(line, file=sys.stderr)
        sys.stderr.flush()
        return 'told'
    return ''


def main():
    Atspi.init()
    listener = Atspi.EventListener.new(hear)
    listener.register('object:text-changed')
    listener.register('object:text-caret-moved')
    follower = Atspi.EventListener.new(follow)
    follower.register('object:state-changed:focused')
    watcher = Atspi.EventListener.new(notice)
    for kind in ('children-changed', 'property-change', 'state-changed', 'text-changed'):
        watcher.register('object:' + kind)
    for line in sys.stdin:
        answer = obey(line.rstrip('\n'))
        text = '' if isinstance(answer, bool) or answer is None else str(answer)
        print('ok' if answer else 'no', re.sub(r'\s+', ' ', text).strip(), flush=True)


if __name__ == '__main__':
    main()
