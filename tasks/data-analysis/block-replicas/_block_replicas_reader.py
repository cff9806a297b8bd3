"""Reads the logs of a cluster into events, in the order of ops.md; with ``flaws`` as somebody who missed a rule."""

from _block_replicas_engine import Engine

DAY = 86_400_000
_HEADS = {}


def stamp(instant):
    """Return an instant (milliseconds since the start of 2031-03-01) as the logs spell it."""
    minute, rest = divmod(instant, 60_000)
    head = _HEADS.get(minute)
    if head is None:
        day, clock = divmod(minute, 1440)
        head = _HEADS[minute] = f"2031-03-{day + 1:02} {clock // 60:02}:{clock % 60:02}:"
    return f"{head}{rest // 1000:02}.{rest % 1000:03}"


def instant(text):
    """Return the instant that `stamp` spells so."""
    clock = (int(text[11:13]) * 60 + int(text[14:16])) * 60 + int(text[17:19])
    return (int(text[8:10]) - 1) * DAY + clock * 1000 + int(text[20:23])


def replay(logs, probes, flaws=frozenset()):
    """Return ``{"states": {probe: rows}, "replicas": rows}``; ``logs``: name of the file → its lines."""
    return run(events(logs, flaws), probes, flaws)


def events(logs, flaws=frozenset()):
    """Return what happens, ``(instant, rank, node, line, kind, arguments)``, in its order."""
    found = []
    for name in logs:
        found += _of_name_node(logs[name]) if name == "namenode" else _of_node(name, logs[name], flaws)
    found.sort(key=lambda one: one[:4])
    return found


def run(happenings, probes, flaws=frozenset()):
    """Return what `replay` does, of what `events` gave."""
    rank, ended = 1 if "probe-first" in flaws else 3, happenings[-1][0]
    happenings = [*happenings, *((at, rank, "", 0, "PROBE", ()) for at in set(probes))]
    if "nn-late" in flaws:
        happenings = [(one[0], 2.5, *one[2:]) if one[1] == 0 else one for one in happenings]
    happenings.sort(key=lambda one: one[:4])
    engine, states, last, end = Engine(flaws), {}, max(probes), None
    for at, order, name, _, kind, args in happenings:
        if kind == "PROBE":
            late = "stops-early" in flaws
            engine.pass_time(min(at, ended) if late else at - bool(flaws & {"probe-first", "death-late"}))
            states[at] = engine.lists()
            end = engine.good() if at == last else end
        elif order == 2:
            engine.feed(at, 2, kind, name, args)
        else:
            engine.feed(at, 0, kind, *args)
    return {"states": states, "replicas": end}


def _of_name_node(lines):
    for place, line in enumerate(lines):
        kind, *words = line[24:].split()
        if kind in PARSERS:
            yield instant(line), 0, "", place, kind, PARSERS[kind](words)


def _of_node(name, lines, flaws):
    """Yield the node's events; a heartbeat carries the notices of the time out of touch before it."""
    correction, gap, missed, first = None, False, [], None
    for place, line in enumerate(lines):
        kind, *words = line[24:].split(maxsplit=1)
        if kind == "HEARTBEAT":
            if words[0].endswith("lost"):
                gap = "no-gap" not in flaws
                continue
            arrived, took = _arrival(words[0])
            correction = arrived - (0 if "took-ignored" in flaws else took) - instant(line)
            first = correction if first is None else first
            correction = 0 if "no-skew" in flaws else first if "first-offset" in flaws else correction
            at = arrived - took if "heartbeat-sent" in flaws else arrived
            yield at, 2, name, place, kind, () if "gap-dropped" in flaws else missed
            gap, missed = False, []
        elif kind == "CLOCK":
            if correction is not None and not flaws & {"no-step", "no-skew"}:
                step = int(words[0].removeprefix("step="))
                correction += step if "step-sign" in flaws else -step
        elif correction is None or kind not in ("RECEIVED", "DELETED", "REPORT"):
            continue
        elif kind == "REPORT":
            yield instant(line) + correction, 2, name, place, kind, (*_listed(words[0]), not gap)
        elif gap:
            missed.append((kind, _block(words[0].split()[0])))
        else:
            yield instant(line) + correction, 2, name, place, kind, _block(words[0].split()[0])


def _arrival(text):
    _, _, rest = text.partition('nn="')
    return instant(rest[:23]), int(rest.partition("took=")[2].split()[0])


def _listed(text):
    serial, part, *entries = text.split()
    number, _, parts = part.partition("/")
    return int(serial), int(number), int(parts), [_block(entry) for entry in entries]


def _block(text):
    return tuple(int(part) for part in text[4:].split("_"))


def _factor(word):
    return int(word.removeprefix("rep="))


PARSERS = {
    "CONFIG": lambda words: (None, [(key, int(value)) for key, _, value in (word.partition("=") for word in words)]),
    "REGISTER": lambda words: (words[0], (words[1].removeprefix("rack="),)),
    "ALLOCATE": lambda words: (None, (*_block(words[0]), _factor(words[1]))),
    "COMMIT": lambda words: (None, _block(words[0])),
    "APPEND": lambda words: (None, _block(words[0])),
    "RECOVER": lambda words: (None, _block(words[0])),
    "SETREP": lambda words: (None, (*_block(words[0]), _factor(words[1]))),
    "REMOVE": lambda words: (None, _block(words[0])),
    "INVALIDATE": lambda words: (words[0], [_block(word)[0] for word in words[1:]]),
    "DECOMMISSION": lambda words: (words[0], ()),
    "RETIRE": lambda words: (words[0], ()),
    "RECOMMISSION": lambda words: (words[0], ()),
}
"""Kind of line of the name node → from its words (node, arguments) of the event."""
