"""Sixty-one mails of a weekend, a calendar, and rules for both.

The draw is kept only if each slip of ``SLIPS`` costs exactly the checks that are listed there.
"""

import json
import random

from _inbox_triage_draw import EN_MONTHS, draw_box
from _inbox_triage_mime import render
from _inbox_triage_rules import CLOSES, OPENS, SLIPS, bad_addresses, distance, domain, judge, lost
from _inbox_triage_words import RULES


def sound(box):
    """Tell whether every slip costs its checks, and every domain is clearly known, clearly alike or clearly other."""
    hosts = {domain(a) for m in box.mails for a in (m.address, m.reply_to) if a} | {domain(box.canary)}
    for host in sorted(hosts):
        others = [distance(host, known) for known in box.contacts if known != host]
        near = [far for far in others if far <= 4]
        if host in box.contacts and near:
            return False
        if host not in box.contacts and (len(near) > 1 or any(far > 2 for far in near)):
            return False
    triage, taken, drafts = judge(box)
    if len(triage) != len(box.mails) or len(taken) != 6 or len(dict(drafts.values())) != len(drafts):
        return False
    return all(lost(box, {slip}) == costs for slip, costs in SLIPS.items())


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
    }


def build(workspace, hidden, seed):
    """Write mails, rules, contacts, calendar and zones; the right answers to ``hidden``."""
    box, rng = plan(seed)

    def write(path, text):
        path.write_bytes(text.encode("utf-8"))

    (workspace / "inbox").mkdir()
    numbers = rng.sample(range(10_000, 99_999), len(box.mails))
    for number, mail in zip(numbers, box.mails, strict=True):
        (workspace / "inbox" / f"{number}.eml").write_bytes(render(mail, rng, box))
    name, address = box.owner
    today = f"{box.monday.day} {EN_MONTHS[box.monday.month]} {box.monday.year}"
    rules = RULES.format(
        name=name, address=address, today=today, opens=f"{OPENS:%H:%M}", closes=f"{CLOSES:%H:%M}"
    )
    write(workspace / "rules.md", rules)
    rows = [f"{firm},{host},{kind},{level}" for host, (firm, kind, level) in box.contacts.items()]
    rng.shuffle(rows)
    write(workspace / "contacts.csv", "\n".join(["organisation,domain,kind,level", *rows]) + "\n")
    write(workspace / "calendar.json", json.dumps(box.entries, indent=2) + "\n")
    write(workspace / "zones.json", json.dumps(box.zones, indent=1) + "\n")
    write(hidden / "expected.json", json.dumps(expected_from(box), indent=1, sort_keys=True) + "\n")
