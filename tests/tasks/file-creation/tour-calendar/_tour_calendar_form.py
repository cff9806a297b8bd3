"""Writes the calendar, by the letter of RFC 5545 or with one of the slips in its form."""


def escaped(text, slips=frozenset()):
    """Return a TEXT value."""
    if "no-escapes" in slips:
        return text
    if "no-backslash" not in slips:
        text = text.replace("\\", "\\\\")
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line, slips=frozenset()):
    """Return the octets of one content line, folded."""
    if "no-folds" in slips:
        return line.encode()
    if "fold-characters" in slips:
        return "\r\n ".join([line[:75], *(line[n : n + 74] for n in range(75, len(line), 74))]).encode()
    octets = line.encode()
    if "fold-octets" in slips:
        return b"\r\n ".join([octets[:75], *(octets[n : n + 74] for n in range(75, len(octets), 74))])
    parts, room = [], 75
    while len(octets) > room:
        cut = room
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(octets[:cut])
        octets, room = octets[cut:], 74
    return b"\r\n ".join([*parts, octets])


def calendar(appointments, slips=frozenset()):
    """Return the octets of the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Agency//Season//DE"]
    for one in appointments:
        lines += ["BEGIN:VEVENT", f"UID:{one['uid']}"]
        lines += [] if "no-stamp" in slips else ["DTSTAMP:20260101T000000Z"]
        if "floating" in slips:
            lines += [f"{name};TZID={one['zone']}:{one[key]:%Y%m%dT%H%M%S}" for name, key in _ENDS]
        else:
            lines += [f"{name}:{one[key]:%Y%m%dT%H%M%SZ}" for name, key in _ENDS]
        lines += [f"SUMMARY:{escaped(one['title'], slips)}", f"LOCATION:{escaped(one['place'], slips)}"]
        lines += ["STATUS:CANCELLED"] if one["off"] and "status" in slips else []
        lines += ["END:VEVENT"]
    octets = b"".join(folded(line, slips) + b"\r\n" for line in [*lines, "END:VCALENDAR"])
    return octets.replace(b"\r\n", b"\n") if "bare-lf" in slips else octets


_ENDS = (("DTSTART", "start"), ("DTEND", "end"))
