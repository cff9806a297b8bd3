"""Some seventy mails of a weekend, a calendar, and rules for both.

The draw is kept only if each slip of ``SLIPS`` costs exactly the checks that are listed there.
"""

import json
import random

from _inbox_triage_draw import english
from _inbox_triage_mime import render
from _inbox_triage_rules import CLOSES, OPENS, distance, domain
from _inbox_triage_scenes import draw_box
from _inbox_triage_slips import SLIPS, bad_addresses, judge, lost
from _inbox_triage_words import RULES


def sound(box):
    """Tell whether every slip costs its checks, and every domain is clearly known, clearly alike or clearly other."""
    ones = [one for mail in box.mails for one in (mail, mail.inner) if one]
    hosts = {domain(a) for one in ones for a in (one.address, one.reply_to) if a} | {
        domain(a) for a in box.canaries
    }
    for host in sorted(hosts):
        others = [known for known in box.contacts if known != host and distance(host, known) <= 4]
        firms = {box.further.get(known, known) for known in others}
        if host in box.contacts and firms - {box.further.get(host, host)}:
            return False
        if host not in box.contacts and (
            len(others) > 1 or any(distance(host, known) > 2 for known in others)
        ):
            return False
    triage, taken, drafts = right_ones = judge(box)
    if len(triage) != len(box.mails) or len(taken) < 8 or len(dict(drafts.values())) != len(drafts):
        return False
    return all(lost(box, {slip}, right_ones) == costs for slip, costs in SLIPS.items())


def plan(seed):
    """Return the first sound inbox of a seed, and the random source as it then stands."""
    for attempt in range(40):
        rng = random.Random(f"inbox-triage/{seed}/{attempt}")
        box = draw_box(rng)
        if sound(box):
            return box, rng
    raise AssertionError(f"no sound draw for seed {seed}")


def expected_from(box):
    """Return what the checks compare with."""
    triage, taken, drafts = judge(box)
    keys = ("folder", "priority", "needs_reply")
    return {
        "triage": {key: dict(zip(keys, value, strict=True)) for key, value in sorted(triage.items())},
        "meetings": {uid: [moment.isoformat() for moment in span] for uid, span in sorted(taken.items())},
        "calendar": box.entries,
        "answers": {mail.id: (mail.inner or mail).id for mail in box.mails},
        "recipients": dict(sorted(drafts.values())),
        "bad": sorted(bad_addresses(box)),
        "owner": box.owner[1],
    }


def also_of(box, host):
    """Return the further domains of an organisation."""
    return " ".join(further for further, first in box.further.items() if first == host)


def build(workspace, hidden, seed):
    """Write mails, rules, contacts, calendar and zones; the right answers to ``hidden``."""
    box, rng = plan(seed)

    def write(path, text):
        path.write_bytes(text.encode("utf-8"))

    (workspace / "inbox").mkdir()
    wanted = judge(box)[2]
    twice = rng.sample([mail for mail in box.mails if mail.id in wanted and not mail.inner], 2)
    numbers = rng.sample(range(10_000, 99_999), len(box.mails) + len(twice))
    for number, mail in zip(numbers, [*box.mails, *twice], strict=True):
        (workspace / "inbox" / f"{number}.eml").write_bytes(render(mail, rng, box))
    name, address = box.owner
    hours = {"opens": f"{OPENS:%H:%M}", "closes": f"{CLOSES:%H:%M}"}
    rules = RULES.format(name=name, address=address, today=english(box.monday), **hours)
    write(workspace / "rules.md", rules)
    rows = [f"{name},{host},{also_of(box, host)},{kind},{level}"
            for host, (name, kind, level) in box.contacts.items() if host not in box.further]  # fmt: skip
    rng.shuffle(rows)
    write(workspace / "contacts.csv", "\n".join(["organisation,domain,also,kind,level", *rows]) + "\n")
    write(workspace / "calendar.json", json.dumps(box.entries, indent=2) + "\n")
    write(workspace / "zones.json", json.dumps(box.zones, indent=1) + "\n")
    write(hidden / "expected.json", json.dumps(expected_from(box), indent=1, sort_keys=True) + "\n")
