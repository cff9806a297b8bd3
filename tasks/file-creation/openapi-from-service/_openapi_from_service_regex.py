"""Patterns without backtracking: a pattern is a function from places in a text to places, so no text takes long.

The common part of ECMAScript's and Python's patterns is known; groups are not remembered, so there are no references
back. A pattern is searched for, `$` is the end of the text, and `\\d`, `\\w` and `\\b` know ASCII only.
"""

import re._constants as c
import re._parser as parser
import string
import warnings

MAX_PATTERN = 20_000
MAX_STEPS = 200_000
"""How many steps a search may take; nested repetitions of many times are given up."""
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_CATEGORIES = {
    c.CATEGORY_DIGIT: lambda one: one in string.digits,
    c.CATEGORY_NOT_DIGIT: lambda one: one not in string.digits,
    c.CATEGORY_SPACE: str.isspace,
    c.CATEGORY_NOT_SPACE: lambda one: not one.isspace(),
    c.CATEGORY_WORD: lambda one: one in _WORD,
    c.CATEGORY_NOT_WORD: lambda one: one not in _WORD,
}


class Pattern:
    """A pattern, ready to be searched for. Raises ValueError when it is not understood."""

    def __init__(self, text: str):
        if len(text) > MAX_PATTERN:
            raise ValueError("the pattern is too long")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = parser.parse(text)
        except (parser.error, OverflowError, RecursionError) as error:
            raise ValueError(f"not a pattern: {error}") from None
        if tree.state.flags & ~c.SRE_FLAG_UNICODE:
            raise ValueError("patterns have no flags")
        self.steps = _sequence(tree)
        self.known: dict[str, bool] = {}

    def found(self, text: str) -> bool:
        """Return whether the pattern occurs in a text. Raises ValueError when that takes too long."""
        return self.search(text)[0]

    def search(self, text: str) -> tuple[bool, int]:
        """Return whether the pattern occurs in a text, and how many steps it took to know. Raises ValueError."""
        if text in self.known:
            return self.known[text], 0
        _LEFT[0] = MAX_STEPS
        self.known[text] = bool(_walk(self.steps, text, frozenset(range(len(text) + 1))))
        return self.known[text], MAX_STEPS - _LEFT[0]


def _sequence(tree):
    return [_step(op, argument) for op, argument in tree]


_LEFT = [0]
"""How many steps are left of the search that is going on."""


def _walk(steps, text, places):
    for step in steps:
        if not places:
            break
        _LEFT[0] -= 1 + len(places)
        if _LEFT[0] < 0:
            raise ValueError("the pattern takes too long")
        places = step(text, places)
    return places


def _step(op, argument):
    """Return a function (text, places) → places."""
    if op in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
        return _one(_class(op, argument))
    if op is c.BRANCH:
        branches = [_sequence(branch) for branch in argument[1]]
        return lambda text, places: frozenset().union(*(_walk(branch, text, places) for branch in branches))
    if op is c.SUBPATTERN:
        if argument[1] or argument[2]:
            raise ValueError("patterns have no flags")
        inner = _sequence(argument[3])
        return lambda text, places: _walk(inner, text, places)
    if op in (c.MAX_REPEAT, c.MIN_REPEAT):
        return _repeat(*argument[:2], _sequence(argument[2]))
    if op is c.AT:
        return _at(argument)
    if op in (c.ASSERT, c.ASSERT_NOT):
        return _look(argument[0], _sequence(argument[1]), op is c.ASSERT)
    raise ValueError(f"{op} is not understood")


def _one(fits):
    return lambda text, places: frozenset(at + 1 for at in places if at < len(text) and fits(text[at]))


def _class(op, argument):
    """Return a function that tells whether a character fits."""
    if op is c.LITERAL:
        return lambda one: ord(one) == argument
    if op is c.NOT_LITERAL:
        return lambda one: ord(one) != argument
    if op is c.ANY:
        return lambda one: one not in "\n\r\u2028\u2029"
    negated = argument[0][0] is c.NEGATE
    parts = [_part(*part) for part in argument[1 if negated else 0 :]]
    return lambda one: any(part(one) for part in parts) != negated


def _part(op, argument):
    if op is c.LITERAL:
        return lambda one: ord(one) == argument
    if op is c.RANGE:
        return lambda one: argument[0] <= ord(one) <= argument[1]
    return _CATEGORIES[argument]


def _repeat(least, most, steps):
    def walk(text, places):
        for _ in range(min(least, len(text) + 1)):
            before, places = places, _walk(steps, text, places)
            if before == places:
                break
        found = fresh = places
        for _ in range(min(most - least, len(text) + 1)):
            fresh = _walk(steps, text, fresh) - found
            if not fresh:
                break
            found |= fresh
        return found

    return walk


def _look(direction, steps, wanted):
    def ahead(text, at):
        return bool(_walk(steps, text, frozenset([at])))

    def behind(text, at):
        return any(at in _walk(steps, text, frozenset([start])) for start in range(at + 1))

    seen = ahead if direction > 0 else behind
    return lambda text, places: frozenset(at for at in places if seen(text, at) is wanted)


def _at(where):
    def boundary(text, at):
        return (at > 0 and text[at - 1] in _WORD) != (at < len(text) and text[at] in _WORD)

    tests = {
        c.AT_BEGINNING: lambda text, at: at == 0,
        c.AT_BEGINNING_STRING: lambda text, at: at == 0,
        c.AT_END: lambda text, at: at == len(text),
        c.AT_END_STRING: lambda text, at: at == len(text),
        c.AT_BOUNDARY: boundary,
        c.AT_NON_BOUNDARY: lambda text, at: not boundary(text, at),
    }
    holds = tests[where]
    return lambda text, places: frozenset(at for at in places if holds(text, at))
