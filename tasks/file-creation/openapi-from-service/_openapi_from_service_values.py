"""Values worth sending for a member: good ones, ones beside each bound, and ones of a wrong type."""

import string

STRANGE = [True, 3, []]
GONE = object()
"""Stands for leaving the member out."""


def words(length: int) -> str:
    """Return a text of a length without blanks around it."""
    return (string.ascii_lowercase * 4)[:length]


def text(low: int, high: int, *, trim: bool = True) -> list:
    """Return values for a text with bounds."""
    found = ["", words(high), words(high + 1), words(low), "ab cd"[: max(low, 5)]]
    found += [words(low - 1)] if low > 1 else []
    found += [
        f" {words(high)}  ",
        "   ",
        f"  {words(max(low - 1, 1))}  ",
        f"  {words(low)}",
        f"{words(high - 1)} ",
    ]
    if not trim:
        found += [f" {words(high - 1)}", f" {words(high)}"]
    return [*found, None, GONE, *STRANGE]


def choice(options, *, fold: bool = False) -> list:
    """Return values for one of several words."""
    first, other = options[0], options[-1]
    return [
        *options,
        first.upper(),
        other.capitalize(),
        other.title(),
        f"{first} ",
        "other",
        "",
        None,
        GONE,
        *STRANGE,
    ]


def whole(low: int, high: int | None, *, step: int = 1, texts: bool = False) -> list:
    """Return values for a whole number."""
    found = [low, low - 1, "x", "", 2.5, None, GONE, True, False, [], {}, f"{low + step}"]
    if high is not None:
        found += [high, high + 1, high - 1, high // step * step, low // step * step + step]
    found += [-low] if low else []
    if texts and high is not None:
        found += [
            f"{high}",
            f"{high + 1}",
            f"0{high}",
            "0",
            "1",
            "007",
            "00007",
            "-1",
            "+1",
            " 1",
            "1.0",
            f"{high}0",
        ]
        found += [f"{n}" for n in (9, 10, 11, 19, 20, 50, 59, 99, 100) if n <= high + 1]
    return found


def number(low: int, high: int) -> list:
    """Return values for a number with bounds."""
    cents = [low + 0.01, high - 0.01, high + 0.01, high - 0.5, 1.234, 0.001, 7.25, 7.1, 7.005]
    return [*cents, low, high, low - 1, high + 1, "5", "", None, GONE, True, False, [], {}]


def flag() -> list:
    """Return values for true or false."""
    return [True, False, "true", 0, 1, None, GONE, "", []]


def code(good: list[str], bad: list[str]) -> list:
    """Return values for a text of a pattern: some that fit from their beginning, with things before and after."""
    found = [*good, *bad, "", None, GONE, *STRANGE]
    for one in good[:2]:
        found += [f"{one}x", f"{one} ", f"{one}-77", f" {one}", f"x{one}", one[:-1], one.lower(), f"{one}0"]
    return found


def email() -> list:
    """Return values for an address."""
    good = [
        "a@b.c",
        "a.b@c-d.example",
        "A@B.EX",
        "x@1.2.3",
        f"{words(40)}@{words(16)}.de",
        "a@b..c",
        "é@ö.de",
    ]
    bad = [
        "a@bc",
        "a@.bc",
        "a@bc.",
        "@b.cd",
        "a@b@c.d",
        "a b@c.de",
        " a@b.cd",
        "a@b.cd ",
        "a@",
        "abcdef",
        "a@b. c",
    ]
    return [*good, *bad, f"{words(41)}@{words(16)}.de", "a@b.c.", "a@.b.c", None, GONE, *STRANGE]


def phone(low: int, high: int) -> list:
    """Return values for an international number."""
    good = [
        f"+{'1' * low}",
        f"+{'2' * high}",
        f"+{'1 ' * low}",
        f" + 4-7{'5' * (low - 2)}",
        f"-+{'3-' * high}",
    ]
    bad = [
        f"+{'1' * (low - 1)}",
        f"+{'2' * (high + 1)}",
        "1" * low,
        "++1234567",
        f"+{'1' * low}x",
        f"00{'1' * low}",
    ]
    return [*good, *bad, f"+{'1 ' * (low - 1)}-", "+(47)12345678", "", " ", None, GONE, *STRANGE]


def day() -> list:
    """Return values for a day."""
    good = ["2026-05-05", "2026-05-04", "2026-05-06"]
    bad = [
        "2026-00-10",
        "2026-13-01",
        "2026-05-32",
        "2026-05-00",
        "2026-5-4",
        "26-05-04",
        "1999-05-04",
        "2100-05-04",
    ]
    return [*good, *bad, "2026-05-04T00:00:00Z", " 2026-05-04", "20260504", "", None, GONE, *STRANGE]


def far_days() -> list:
    """Return days for a member that nothing is compared with."""
    return [*day(), "2000-01-31", "2099-12-31", "2025-02-31", "2025-10-09", "2025-11-30"]


def hour(opens: int, closes: int, step: int) -> list:
    """Return values for a time at the counter."""
    found = [
        f"{opens:02d}:00",
        f"{opens - 1:02d}:{60 - step:02d}",
        f"{closes:02d}:00",
        f"{closes:02d}:{step:02d}",
    ]
    found += [
        f"{closes - 1:02d}:{60 - step:02d}",
        f"{opens:02d}:{step:02d}",
        "12:05",
        "12:30",
        "12:60",
        "12:01",
    ]
    found += [f"13:{n:02d}" for n in (10, 15, 20, 40, 45, 50)]
    return [
        *found,
        f"{opens}:00",
        "12",
        "1200",
        "12:00:00",
        "00:00",
        "24:00",
        "",
        " 12:00",
        None,
        GONE,
        *STRANGE,
    ]


def slugs(low: int, high: int, tail: int) -> list:
    """Return values for a list of slugs."""
    many = [f"t{n}x" for n in range(high + 1)]
    odd = ["a", "1a", "-a", "a_b", "A-b", "ab", words(tail + 1), words(tail + 2), "", "a b", "äb"]
    found: list = [
        many,
        many[:high],
        many[:low],
        [],
        ["ab", "ab"],
        ["ab", "cd", "ab"],
        *([one] for one in odd),
    ]
    return [*found, [None], [1], ["ab", True], "ab", {}, None, GONE, 1, True]
