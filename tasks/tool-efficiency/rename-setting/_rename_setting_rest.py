"""Everything in the generated repository that is not the component: other services, sites, documents.

Most files never mention the setting; others have one of the same name that belongs to somebody else.
"""

from __future__ import annotations

import random

RENAME = """# `retry_limit` becomes `max_attempts`

This is about one setting of one component, `@c@`. All paths are relative to `fleet/`.

## What changes

`retry_limit` counts the tries after the first one, which hardly anybody expects. `max_attempts` counts every
try, the first one included. Deliveries have to behave exactly as before: nothing is tried more often or less
often than today, and waiting times stay the same. So every number written for this setting goes up by one, be
it a value, a default or the smallest value allowed. `unlimited` stays `unlimited`.

## Where it is ours

1. `services/@c@/`, code and tests: the setting under each of its names. `retry_limit` becomes `max_attempts`
   (settings, attributes, arguments), the option `--retry-limit` becomes `--max-attempts`, the environment
   variable `@C@_RETRY_LIMIT` becomes `@C@_MAX_ATTEMPTS`. The tests are to pass again afterwards.
2. `sites/*/@c@.json`: everywhere in these files, except inside the object `legacy`, which is what the old
   gateway reads.
3. `sites/*/stack.ini`: in the sections `[@c@]` and `[@c@:<queue>]`.
4. `deploy/*.env`: `@C@_RETRY_LIMIT`.
5. `docs/@c@.md`: the tables and the text.

## Where it is not

- `retry_limit_ms` is the pause between two tries. It keeps its name and its values everywhere, and so does
  its variable `@C@_RETRY_LIMIT_MS`.
- Other components have a setting of the same name: `[legacy]`, `[scanner]`, `[@c@-archive]` and whatever
  else there is. They are not touched.
- `vendor/` holds copies of other people's work. Not touched.
- `CHANGELOG.md` tells what once was. The release manager writes the entry for this change; not touched.

## How

- No bridge: the old name does not live on as an alias. It is refused in files and on the command line as any
  unknown name is, the old variable is no longer looked at, and none of the places that are ours mentions the
  old name any more, not even in a comment.
- Small diff: lines that have nothing to do with the setting stay as they are. No reformatting.

For trying things out, in `fleet/services/`: `python3 -m unittest discover -s @c@/tests -t .` and
`python3 -m @c@ try --config ../sites/<site>/@c@.json --failures 99`.
"""

DOC = """# @c@

Takes messages off a queue and delivers them over HTTPS.

## Settings

| setting | default | smallest | meaning |
|---|---|---|---|
| `retry_limit` | @default@ | 0 | how often a failed delivery is tried again, or `unlimited` |
| `retry_limit_ms` | @pause@ | 0 | pause between two tries |
| `batch` | 40 | 1 | messages taken off the queue at once |

A queue can overrule each of them. With `retry_limit` at its smallest value there is a single try.

## Environment

| variable | setting |
|---|---|
| `@C@_RETRY_LIMIT` | `retry_limit` |
| `@C@_RETRY_LIMIT_MS` | `retry_limit_ms` |
| `@C@_BATCH` | `batch` |

## Messages

A message has a length, a checksum and a text. Damaged ones go back to the sender unread.
"""

OTHER_DOC = """# {name}

{about}

## Settings

| setting | default | meaning |
|---|---|---|
| `retry_limit` | {limit} | {meaning} |
| `timeout_s` | {timeout} | how long an answer may take |
| `spool` | /var/spool/{name} | where waiting work lies |
"""

OTHER_SERVICE = '''"""{about}"""

DEFAULTS = {{"retry_limit": {limit}, "timeout_s": {timeout}, "spool": "/var/spool/{name}"}}


def setting(site, name):
    """Return a setting of a site, or its default."""
    return site.get("{name}", {{}}).get(name, DEFAULTS[name])


def give_up(site, failures):
    """Tell whether there is no point in going on."""
    return failures >= setting(site, "retry_limit")
'''

VENDOR_CLIENT = '''"""A client for queue servers. Copied from upstream, release {version}; do not edit."""


class Client:
    def __init__(self, url, retry_limit={limit}, retry_limit_ms=100):
        self.url = url
        self.retry_limit = retry_limit
        self.retry_limit_ms = retry_limit_ms

    def calls(self):
        return 1 + self.retry_limit
'''

ABOUT = {
    "legacy": ("The old gateway, still in use at the smaller sites.", "calls before the line is dropped"),
    "scanner": ("Reads the parcels that pass the gate.", "reads of one code"),
    "tracker": ("Knows where each vehicle was last seen.", "queries per position"),
}
COMPONENTS = ["relay", "courier", "outbox", "ferry", "postman", "shuttle", "envoy"]
QUEUES = ["night", "express", "bulk", "returns", "customs", "pharma", "cold"]
SITES = [
    "aldmoor", "ashgrove", "bexholm", "brinford", "calder", "corvik", "daneholt", "dunmarsh", "elmstad",
    "eskby", "farnhurst", "gildern", "harrow-quay", "inverley", "jarnvik", "kelmont", "lowick", "marsten",
    "norrtull", "oakhythe", "penbrook", "quarle", "ravensund", "selkirkby", "tarnholm", "ulvsund", "varnby",
    "wexmere", "yarrowdale", "zennik",
]
FIRST = [
    "Ada", "Bo", "Carla", "Dan", "Edda", "Finn", "Gro", "Hal", "Ines", "Jon", "Kaja", "Leif", "Mona",
    "Nils", "Olga", "Per", "Runa", "Siv", "Tor",
]
LAST = [
    "Aker", "Brandt", "Cole", "Dahl", "Ekman", "Frost", "Gray", "Holm", "Ivers", "Juhl", "Krog", "Lund",
    "Moen", "North", "Oster", "Park",
]
ROLES = ["gate", "dock", "yard", "office", "cold store", "lane camera", "printer", "scale"]
SUBJECTS = [
    "Gate does not open", "Scanner is dark", "Printer out of ribbon", "Power cut", "Lost vehicle",
    "New site", "Queue does not drain", "Certificate runs out", "Clock is wrong", "Disk is full",
    "Line is slow", "Visitors", "Site closes", "Holiday rota", "Key handed in", "Fire drill",
    "Ice in the yard", "Scale is off", "Audit day", "Lane camera moved", "Spare parts", "Night call",
    "Handover", "Water in the cabinet",
]
STEPS = [
    "Call the site and ask what they see.",
    "Look at the lamps on the cabinet.",
    "Note the time in the log book.",
    "Restart the box once, not twice.",
    "Ask the neighbour site to take over.",
    "Tell the desk when it works again.",
    "Swap the cable for the spare one.",
    "Compare the clock with the one on the wall.",
    "If nothing helps, wake the person on call.",
    "Write down what you did, for the next one.",
]
TOPICS = ["rota", "spare parts", "the new gate", "heating", "the audit", "training", "parking", "first aid"]


def hosts(rng: random.Random, number: int) -> str:
    """Return a site's list of machines."""
    rows = ["host,address,role,installed"]
    for index in range(rng.randint(9, 22)):
        installed = f"20{rng.randint(15, 24)}-{rng.randint(1, 12):02}"
        rows.append(f"n{number:02}{index:02},10.{number}.0.{index + 10},{rng.choice(ROLES)},{installed}")
    return "\n".join(rows) + "\n"


def contacts(rng: random.Random, site: str) -> str:
    """Return a site's people."""
    rows = [f"# {site.title()}", ""]
    for role in ("Site lead", "Deputy", "Electrician", "Night desk"):
        person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        mail = person.lower().replace(" ", ".")
        rows.append(f"- {role}: {person}, {mail}@{site}.example.org, ext. {rng.randint(200, 899)}")
    return "\n".join(rows) + "\n"


def shifts(rng: random.Random) -> str:
    """Return a site's rota."""
    rows = ["week,early,late,night"]
    for week in range(1, rng.randint(14, 27)):
        rows.append(f"{week},{','.join(rng.sample(LAST, 3))}")
    return "\n".join(rows) + "\n"


def routes(rng: random.Random, site: str, sites: list[str]) -> str:
    """Return where a site sends what."""
    rows = ["to;carrier;cutoff;days"]
    for other in rng.sample([name for name in sites if name != site], rng.randint(6, 12)):
        carrier, days = rng.choice(["road", "rail", "sea"]), rng.choice(["mo-fr", "mo-sa", "tu,th"])
        rows.append(f"{other};{carrier};{rng.randint(12, 21)}:{rng.choice(['00', '15', '30', '45'])};{days}")
    return "\n".join(rows) + "\n"


def runbook(rng: random.Random, subject: str) -> str:
    """Return a page for the people on call; some speak of settings of the scanner or the old gateway."""
    steps = [f"{number}. {step}" for number, step in enumerate(rng.sample(STEPS, rng.randint(4, 7)), 1)]
    aside = ""
    if rng.random() < 0.25:
        name = rng.choice(["scanner", "legacy"])
        aside = f"\nDo not raise the `retry_limit` of {name} to get rid of the alarm.\n"
    return f"# {subject}\n\n" + "\n".join(steps) + "\n" + aside


def changelog(rng: random.Random, component: str) -> str:
    """Return the history of the repository, the setting's own included."""
    notes = [
        f"{component}: `retry_limit` can be set per queue.",
        f"{component}: new setting `retry_limit_ms`.",
        f"{component}: `retry_limit` may be `unlimited`.",
        f"{component}: default of `retry_limit` lowered by 1.",
        "scanner: `retry_limit` is now read from the site.",
        "tracker: positions are kept for 30 days.",
        "legacy: code page per site.",
        "sites: two new ones in the north.",
    ]
    rng.shuffle(notes)
    rows = ["# Changes", ""]
    for number, note in enumerate(notes):
        rows += [f"## 4.{len(notes) - number}", "", f"- {note}", ""]
    return "\n".join(rows)


def minutes(rng: random.Random) -> str:
    """Return the minutes of a meeting nobody needs to read."""
    rows = ["# Weekly", "", f"Present: {', '.join(rng.sample(FIRST, 4))}", ""]
    rows += [f"- On {topic}: {rng.choice(FIRST)} will look into it." for topic in rng.sample(TOPICS, 4)]
    return "\n".join(rows) + "\n"
