# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sits before jpki-window as a person with a screen reader does: reads it through AT-SPI.

Obeys one command on a line of standard input, and answers with one line, "ok ..." or "no ...":

  see TEXT      wait until something that is shown has this in its name or description
  gone TEXT     wait until nothing that is shown has
  now TEXT      whether something that is shown has this at this moment
  press NAME    press the button of this name, once it can be pressed
  able NAME     wait until the button of this name can be pressed
  unable NAME   whether the button of this name cannot be pressed at this moment
  focus         wait until something has the focus; answer with its role and name
  focus TEXT    wait until something with this in its name has the focus
  focused TEXT  whether it has the focus at this moment
  value         what a screen reader can read of the field that has the focus
  heard         what the bus has told of changed texts and moved carets since the last time
  unnamed       the roles of what can be used, and has no name
  tree          all that is shown, to standard error
"""
import os
import re
import sys
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 60 * int(os.environ.get('JPKI_TEST_PATIENCE', '1'))
STEP = 0.03
LONGEST_MS = 500
BUTTONS = (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.MENU_ITEM)
USABLE = BUTTONS + (Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.ENTRY,
                    Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON, Atspi.Role.LIST_ITEM,
                    Atspi.Role.PAGE_TAB, Atspi.Role.LINK)


heard = []
events = 0


def hear(event):
    """Keep what the bus tells by itself of texts."""
    heard.append(event.type.split(':')[1] + f'={event.any_data}')


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
    return first(lambda node: node.get_role() in BUTTONS and node.get_name() == name and
                 has(node, Atspi.StateType.FOCUSABLE) and has(node, Atspi.StateType.SENSITIVE))


def focused(text=''):
    return first(lambda node: has(node, Atspi.StateType.FOCUSED) and text in words(node))


def press(name):
    node = until(lambda: button(name))
    return bool(node) and node.get_action_iface().do_action(0)


def value():
    node = focused()
    text = node.get_text_iface() if node else None
    return 'text: ' + (Atspi.Text.get_text(text, 0, -1) if text else '')


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
    if command == 'able':
        return until(lambda: button(text)) is not None
    if command == 'unable':
        return button(text) is None
    if command == 'focus':
        node = until(lambda: focused(text))
        return f'{node.get_role_name()} {words(node)}' if node else ''
    if command == 'focused':
        return focused(text) is not None
    if command == 'value':
        return value()
    if command == 'heard':
        settle()
        told = ' '.join(heard)
        heard.clear()
        return told
    if command == 'unnamed':
        names = look(lambda nodes: [node.get_role_name() for node in nodes
                                    if node.get_role() in USABLE and not node.get_name() and
                                    has(node, Atspi.StateType.FOCUSABLE)])
        return ' '.join(['none'] if not names else names)
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
    watcher = Atspi.EventListener.new(notice)
    for kind in ('children-changed', 'property-change', 'state-changed', 'text-changed'):
        watcher.register('object:' + kind)
    for line in sys.stdin:
        answer = obey(line.rstrip('\n'))
        text = '' if isinstance(answer, bool) or answer is None else str(answer)
        print('ok' if answer else 'no', re.sub(r'\s+', ' ', text).strip(), flush=True)


if __name__ == '__main__':
    main()
