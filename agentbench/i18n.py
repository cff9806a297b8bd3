"""The language of what people read: English by default, Chinese where it is asked for or the locale says so.

One catalogue, `agentbench/locale/<language>/LC_MESSAGES/agentbench.po`, made with Babel and read by gettext; the
English texts are its keys. What programs read (JSON, ids, codes, exit codes) is never translated.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh": "中文"}
"""What `--lang` takes, and what each language calls itself."""
_FOLDERS = {"zh": "zh_CN"}
_current: ContextVar[str] = ContextVar("language", default="en")


def _(text: str) -> str:
    """Return ``text`` in the current language."""
    return _catalogue(_current.get()).gettext(text)


def N_(text: str) -> str:
    """Mark ``text`` for translation where it is defined; `_` translates it where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:
    """Mark a text with its plural where it is defined; `ngettext` translates it where it is shown."""
    return one, many


def ngettext(one: str, many: str, n: int) -> str:
    """Return ``one`` or ``many`` in the current language, as its grammar wants it for ``n``."""
    return _catalogue(_current.get()).ngettext(one, many, n)


def language() -> str:
    """Return the current language, a key of `LANGUAGES`."""
    return _current.get()


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Make ``name``, a key of `LANGUAGES`, the current language in this context."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


def of_locale(environ: Mapping[str, str] | None = None) -> str:
    """Return the language of the user's locale: the first set of LC_ALL, LC_MESSAGES, LANG decides; else English."""
    variables = os.environ if environ is None else environ
    named = next(filter(None, map(variables.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    found = named.partition(".")[0].partition("_")[0].lower()
    return found if found in LANGUAGES else "en"


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    if name not in _FOLDERS:
        return gettext.NullTranslations()
    folder = Path(__file__).parent / "locale"
    return gettext.translation("agentbench", folder, [_FOLDERS[name]], fallback=True)
