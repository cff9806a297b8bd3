"""Reads iCalendar files (RFC 5545) twice over: what they say, leniently, and where they break the form, strictly."""

import re

MAX_OCTETS = 75
MAX_DEPTH = 20
"""How deep components may be nested; none of RFC 5545 is deeper than three."""
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT", "UID"}
"""Properties whose value is one TEXT."""
ONCE = ("UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DTSTAMP")
STAMP = re.compile(r"\d{8}T\d{6}Z")
_LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(?P<value>.*)',
    re.DOTALL,
)
_GOOD_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*", re.DOTALL)
_UNESCAPED = {"n": "\n", "N": "\n"}


def events(octets):
    """Return each VEVENT as ``name → [(params, raw value)]``; text that cannot be read is passed over.

    What is nested beyond all measure ends the reading.
    """
    found, stack, current = [], [], None
    for line in unfold(octets):
        match = _LINE.fullmatch(line.decode("utf-8", "replace"))
        if not match:
            continue
        name, value = match["name"].upper(), match["value"]
        word = value.strip().upper()
        if name == "BEGIN":
            stack.append(word)
            if len(stack) > MAX_DEPTH:
                break
            if word == "VEVENT":
                current = {}
        elif name == "END":
            if word in stack:
                del stack[len(stack) - 1 - stack[::-1].index(word) :]
            if word == "VEVENT" and current is not None:
                found.append(current)
                current = None
        elif current is not None and stack and stack[-1] == "VEVENT":
            current.setdefault(name, []).append((match["params"], value))
    return found


def unfold(octets):
    """Return the content lines with folds undone, however the lines end."""
    lines = octets.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return [line for line in re.sub(rb"\n[ \t]", b"", lines).split(b"\n") if line]


def text_value(raw):
    """Return a TEXT value without its escapes."""
    return re.sub(r"\\(.)", lambda hit: _UNESCAPED.get(hit[1], hit[1]), raw, flags=re.DOTALL)


def broken_rules(octets):
    """Return what of RFC 5545's form the file breaks, in words; at most a few of each kind."""
    octets = octets.removeprefix(b"\xef\xbb\xbf")
    problems = _line_problems(octets)
    stack, seen = [], {}
    for line in unfold(octets):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            problems.append("text that is not UTF-8")
            continue
        match = _LINE.fullmatch(text)
        if not match:
            problems.append(f"not a content line: {text[:40]!r}")
            continue
        name, value = match["name"].upper(), match["value"]
        if name in TEXTS and not _GOOD_TEXT.fullmatch(value):
            problems.append(f"wrong escapes in {name}: {value[:60]!r}")
        problems += _nesting(name, value.upper(), stack, seen)
        if len(stack) > MAX_DEPTH:
            break
    if stack:
        problems.append(f"{stack[-1][0]} is not ended")
    return problems


def _line_problems(octets):
    problems = []
    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in lines):
        problems.append("a line that does not end with CRLF")
    longest = max(len(line) for line in lines)
    if longest > MAX_OCTETS:
        problems.append(f"a line of {longest} octets")
    if any(not line.strip() for line in lines):
        problems.append("an empty line")
    if any(not _is_utf8(line) for line in lines):
        problems.append("a fold within a character, or text that is not UTF-8")
    return problems


def _is_utf8(octets):
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _nesting(name, value, stack, seen):
    """Follow BEGIN and END on ``stack`` and return what is wrong at this line."""
    if name == "BEGIN":
        if not stack and (value != "VCALENDAR" or seen.get("VCALENDAR")):
            return [f"BEGIN:{value[:40]} outside of one VCALENDAR"]
        if value == "VEVENT" and [outer for outer, _ in stack] != ["VCALENDAR"]:
            return ["a VEVENT that is not directly in VCALENDAR"]
        seen[value] = True
        stack.append((value, {}))
        return []
    if not stack:
        return [f"{name[:40]} outside of VCALENDAR"]
    if name != "END":
        counts = stack[-1][1]
        counts[name] = counts.get(name, 0) + 1
        return []
    component, counts = stack.pop()
    if component != value:
        return [f"END:{value[:40]} where {component} is open"]
    if component == "VCALENDAR":
        return [f"{needed} of the calendar" for needed in ("VERSION", "PRODID") if counts.get(needed) != 1]
    if component == "VEVENT":
        twice = [one for one in ONCE if counts.get(one, 0) > 1]
        return [f"{one} more than once in a VEVENT" for one in twice]
    return []
