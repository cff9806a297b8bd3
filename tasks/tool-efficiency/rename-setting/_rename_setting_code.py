"""Sources of the generated component, with the old setting; ``@c@``/``@C@`` stand for its name.

``@default@`` is the default of the setting and ``@pause@`` that of the pause; there are two ways to write the
sending loop, which behave alike.
"""

from __future__ import annotations

SETTINGS = '''"""Settings: defaults, then a site's file, then the environment; what comes later wins."""

import configparser
import json
import os

DEFAULTS = {
    "retry_limit": @default@,
    "retry_limit_ms": @pause@,
    "batch": 40,
}
SMALLEST = {"retry_limit": 0, "retry_limit_ms": 0, "batch": 1}
VARIABLES = {
    "@C@_RETRY_LIMIT": "retry_limit",
    "@C@_RETRY_LIMIT_MS": "retry_limit_ms",
    "@C@_BATCH": "batch",
}


class SettingsError(ValueError):
    """A setting is unknown or has an impossible value."""


def load(path=None, queue=None, environ=os.environ):
    """Return all settings by name; an unlimited number of tries is None."""
    settings = dict(DEFAULTS)
    if path:
        settings.update(read_ini(path, queue) if str(path).endswith(".ini") else read_json(path, queue))
    for variable, name in VARIABLES.items():
        if variable in environ:
            settings[name] = environ[variable]
    return {name: checked(name, value) for name, value in settings.items()}


def read_json(path, queue=None):
    """Return what a site's JSON file says for a queue."""
    with open(path, encoding="utf-8") as stream:
        site = json.load(stream)
    found = dict(site.get("delivery", {}))
    for entry in site.get("queues", []):
        if entry["name"] == queue:
            found.update({key: value for key, value in entry.items() if key != "name"})
    return found


def read_ini(path, queue=None):
    """Return what a site's INI file says for a queue."""
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",))
    parser.read(path, encoding="utf-8")
    found = {}
    for section in ("@c@", f"@c@:{queue}"):
        if parser.has_section(section):
            found.update(parser.items(section))
    return found


def checked(name, value):
    """Return a value as a number. Raises SettingsError."""
    if name not in DEFAULTS:
        raise SettingsError(f"unknown setting: {name}")
    if name == "retry_limit" and value == "unlimited":
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{name}: {value!r} is not a number") from None
    if number < SMALLEST[name]:
        raise SettingsError(f"{name}: {number} is less than {SMALLEST[name]}")
    return number
'''

SENDER_COUNTING = '''"""Sends one message, again and again if need be."""

from collections import namedtuple

Outcome = namedtuple("Outcome", "delivered tries waited_ms")


def accepts_all(message):
    """A transport that never fails."""
    return True


class Sender:
    """Delivers messages over a transport: a function that returns whether it worked."""

    def __init__(self, transport=accepts_all, retry_limit=@default@, retry_limit_ms=@pause@):
        self.transport = transport
        self.retry_limit = retry_limit
        self.retry_limit_ms = retry_limit_ms

    def deliver(self, message):
        """Try once, and after a failure up to ``retry_limit`` times more (None: until it works)."""
        failures = waited = 0
        while not self.transport(message):
            failures += 1
            if self.retry_limit is not None and failures > self.retry_limit:
                return Outcome(False, failures, waited)
            waited += self.retry_limit_ms
        return Outcome(True, failures + 1, waited)
'''

SENDER_RANGE = '''"""Sends one message, again and again if need be."""

import itertools
from collections import namedtuple

Outcome = namedtuple("Outcome", "delivered tries waited_ms")


def accepts_all(message):
    """A transport that never fails."""
    return True


class Sender:
    """Delivers messages over a transport: a function that returns whether it worked."""

    def __init__(self, transport=accepts_all, retry_limit=@default@, retry_limit_ms=@pause@):
        self.transport = transport
        self.retry_limit = retry_limit
        self.retry_limit_ms = retry_limit_ms

    def deliver(self, message):
        """Try once, and after a failure up to ``retry_limit`` times more (None: until it works)."""
        rounds = itertools.count() if self.retry_limit is None else range(self.retry_limit + 1)
        for number in rounds:
            if self.transport(message):
                return Outcome(True, number + 1, number * self.retry_limit_ms)
        return Outcome(False, number + 1, number * self.retry_limit_ms)
'''

REPORT = '''"""What the operators read."""

WIDTH = 72


def line(text):
    """Return a text cut to the width of the operators' screen."""
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "+"


def verdict(outcome, settings):
    """Return one line about a delivery."""
    if outcome.delivered:
        return line(f"delivered at try {outcome.tries}")
    return line(f"gave up after {settings['retry_limit'] + 1} tries")


def longest_wait_ms(settings):
    """Return how long one delivery can wait in all; None if there is no limit."""
    if settings["retry_limit"] is None:
        return None
    return settings["retry_limit"] * settings["retry_limit_ms"]
'''

MAIN = '''"""``show`` prints the settings in force; ``try`` makes a trial delivery whose first tries fail."""

import argparse
import json
import sys

from @c@ import report, settings
from @c@.sender import Sender


def arguments(argv):
    parser = argparse.ArgumentParser(prog="@c@", allow_abbrev=False)
    parser.add_argument("command", choices=["show", "try"])
    parser.add_argument("--config", help="a site's @c@.json or stack.ini")
    parser.add_argument("--queue", help="the queue whose settings apply")
    parser.add_argument("--failures", type=int, default=0, help="how many tries of the trial delivery fail")
    parser.add_argument("--retry-limit", help="overrules the configured retry_limit")
    return parser.parse_args(argv)


def failing(times):
    """Return a transport that fails the given number of times."""
    left = [times]

    def transport(message):
        left[0] -= 1
        return left[0] < 0

    return transport


def main(argv=None):
    given = arguments(argv)
    try:
        chosen = settings.load(given.config, given.queue)
        if given.retry_limit is not None:
            chosen["retry_limit"] = settings.checked("retry_limit", given.retry_limit)
    except (settings.SettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if given.command == "show":
        print(json.dumps({name: "unlimited" if value is None else value for name, value in chosen.items()}))
        return 0
    sender = Sender(failing(given.failures), chosen["retry_limit"], chosen["retry_limit_ms"])
    outcome = sender.deliver("trial")
    print(json.dumps({
        **outcome._asdict(),
        "longest_wait_ms": report.longest_wait_ms(chosen),
        "verdict": report.verdict(outcome, chosen),
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''

WIRE = '''"""How a message looks on the wire: length, checksum, text."""

import zlib


def pack(text):
    """Return the bytes of one message."""
    body = text.encode("utf-8")
    return len(body).to_bytes(4, "big") + zlib.crc32(body).to_bytes(4, "big") + body


def unpack(data):
    """Return the text of one message. Raises ValueError when it is damaged."""
    size, check, body = data[:4], data[4:8], data[8:]
    if int.from_bytes(size, "big") != len(body) or int.from_bytes(check, "big") != zlib.crc32(body):
        raise ValueError("damaged message")
    return body.decode("utf-8")
'''

TEST_SENDER = '''import unittest

from @c@.sender import Sender


class SenderTest(unittest.TestCase):
    def broken(self, message):
        self.calls += 1
        return False

    def setUp(self):
        self.calls = 0

    def test_gives_up(self):
        outcome = Sender(self.broken, retry_limit=2, retry_limit_ms=10).deliver("x")
        self.assertEqual((False, 3, 20), tuple(outcome))
        self.assertEqual(3, self.calls)

    def test_a_single_try(self):
        outcome = Sender(self.broken, retry_limit=0).deliver("x")
        self.assertEqual(1, outcome.tries)
        self.assertEqual(1, self.calls)

    def test_default(self):
        Sender(self.broken).deliver("x")
        self.assertEqual(@default_tries@, self.calls)
'''

TEST_SETTINGS = '''import unittest

from @c@ import report, settings


class SettingsTest(unittest.TestCase):
    def test_environment_wins(self):
        found = settings.load(environ={"@C@_RETRY_LIMIT": "4", "@C@_RETRY_LIMIT_MS": "5"})
        self.assertEqual(4, found["retry_limit"])
        self.assertEqual(20, report.longest_wait_ms(found))

    def test_smallest(self):
        self.assertEqual(0, settings.checked("retry_limit", "0"))
        with self.assertRaises(settings.SettingsError):
            settings.checked("retry_limit", -1)

    def test_unlimited(self):
        self.assertIsNone(settings.checked("retry_limit", "unlimited"))

    def test_unknown(self):
        with self.assertRaises(settings.SettingsError):
            settings.checked("retries", 1)
'''


def package(component: str, default: int, pause: int, ranged: bool) -> dict[str, str]:
    """Return path inside ``services/`` -> source of the component."""
    sources = {
        "__init__.py": '"""Takes messages off a queue and delivers them."""\n',
        "__main__.py": MAIN,
        "report.py": REPORT,
        "sender.py": SENDER_RANGE if ranged else SENDER_COUNTING,
        "settings.py": SETTINGS,
        "wire.py": WIRE,
        "tests/__init__.py": "",
        "tests/test_sender.py": TEST_SENDER,
        "tests/test_settings.py": TEST_SETTINGS,
    }
    values = {
        "@c@": component,
        "@C@": component.upper(),
        "@default_tries@": str(default + 1),
        "@default@": str(default),
        "@pause@": str(pause),
    }
    return {f"{component}/{name}": _filled(text, values) for name, text in sources.items()}


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
