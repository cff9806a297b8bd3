"""The two ways in which the code base shares windows; a seed draws one of them. Both know a window by too little.

It does no harm today, as a window that is counted back by date depends on its last day and kind of calendar alone.
"""

PLUGIN = {
    "plugins/__init__.py": '"""Loaded when the package is imported, as settings/runtime.json lists them."""\n',
    "plugins/tags.py": '''"""Short names of periods for labels on shelves."""

from ..core import windows


def short(window: windows.Window) -> str:
    """Return a name of three characters."""
    return f"{'JFMAYULGSOND'[window.last.month - 1]}{window.last.year % 100:02}"


windows.Window.tag = property(short)
''',
    "plugins/@memo@.py": '''"""Windows are asked for by the thousand, so each is made only once."""

import functools

from ..core import windows

_KNOWN = {}


def _shared(make):
    @functools.wraps(make)
    def known(calendar, close):
        key = calendar.kind, close
        if key not in _KNOWN:
            _KNOWN[key] = make(calendar, close)
        return _KNOWN[key]

    return known


windows.window_to = _shared(windows.window_to)
''',
}

BUILDERS = {
    "plugins/__init__.py": '"""Loaded when the package is imported, as settings/runtime.json lists them."""\n',
    "plugins/tags.py": PLUGIN["plugins/tags.py"],
    "core/@memo@.py": '''"""Who makes windows; settings/runtime.json names the one in use."""

from .windows import window_to

_KNOWN = {}


def plain(calendar, close):
    """Return a new window."""
    return window_to(calendar, close)


def shared(calendar, close):
    """Return the window that was made first; windows are asked for by the thousand."""
    key = calendar.kind, close
    if key not in _KNOWN:
        _KNOWN[key] = window_to(calendar, close)
    return _KNOWN[key]
''',
}

INIT = '''"""@company@: everything that runs the shop."""

import importlib

from .core import settings

for _name in settings.read("runtime")["plugins"]:
    importlib.import_module(f"@pkg@.plugins.{_name}")
'''
