"""Texts in other languages: the catalogue holds every text that the source marks, and nothing else."""

from __future__ import annotations

import ast
import gettext
import io
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from agentbench import i18n
from agentbench.paths import PACKAGE

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import translations

HOLES = re.compile(r"\{(\w*)")


@cache
def marked() -> frozenset[tuple[str, ...]]:
    """Return the texts that the source marks for translation, with their plural where they have one."""
    return frozenset(map(key, translations.marked()))


@cache
def catalogue() -> Catalog:
    with translations.FILE.open("rb") as stream:
        return read_po(stream, locale="zh_CN")


def key(message_id: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(message_id) if isinstance(message_id, list | tuple) else (message_id,)


def test_every_text_is_translated_and_none_lingers() -> None:
    """The catalogue and the source hold the same texts, each with a translation that nobody doubts."""
    held = {key(message.id): message for message in catalogue() if message.id}
    assert sorted(marked() - set(held)) == []
    assert sorted(set(held) - marked()) == []
    bad = [message.id for message in held.values() if message.fuzzy or not all(key(message.string))]
    assert bad == []


def test_translations_have_the_same_holes() -> None:
    """A translation takes the values that its text takes; a singular may name fewer."""
    for message in catalogue():
        if message.id:
            wanted = set(HOLES.findall(key(message.id)[-1]))
            assert set().union(*map(HOLES.findall, key(message.string))) == wanted, message.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    """`agentbench.mo` was compiled from `agentbench.po` as it stands."""
    made = io.BytesIO()
    write_mo(made, catalogue())
    made.seek(0)
    with translations.FILE.with_suffix(".mo").open("rb") as stream:
        held = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    wanted = gettext.GNUTranslations(made)._catalog  # type: ignore[attr-defined]
    assert {text: said for text, said in held.items() if text} == {
        text: said for text, said in wanted.items() if text
    }


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
    ],
)
def test_the_locale_decides(variables: dict[str, str], expected: str) -> None:
    """LC_ALL before LC_MESSAGES before LANG, as in the C library; what we do not speak is English."""
    assert i18n.of_locale(variables) == expected


def test_the_language_is_that_of_the_context() -> None:
    """Inside `speaking` texts are Chinese, afterwards English again."""
    with i18n.speaking("zh"):
        assert i18n.language() == "zh"
        assert i18n._("Domains") != "Domains"
    assert i18n._("Domains") == "Domains"
    assert i18n.ngettext("{n} call", "{n} calls", 1) == "{n} call"


def test_no_text_is_marked_inside_an_f_string() -> None:
    """The extraction does not look there, so such a text would never reach the catalogue."""
    found = [
        f"{path.name}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in translations.KEYWORDS
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert found == []
