"""Build the SSH log review: six weeks of a gateway's auth logs across New Year, rules and handover notes.

Numbers, dates, addresses and people come from the seed. A world is used only if every foreseeable mistake
would cost exactly the parts of the answer that it should (`_ssh_bruteforce_rules.TRAPS`); else another one
is drawn.
"""

from __future__ import annotations

import json
import time
from calendar import timegm
from pathlib import Path
from random import Random

from _ssh_bruteforce_attacks import Attacks
from _ssh_bruteforce_cast import Addresses, Cast
from _ssh_bruteforce_duty import Duties
from _ssh_bruteforce_log import HOST, LIMIT, Journal
from _ssh_bruteforce_notes import write_up
from _ssh_bruteforce_rules import Review, dead_traps, is_stable
from _ssh_bruteforce_world import Setting

DRAWS = 12
LINES = 60_000
DAY = 86400

RULES = """\
# How we review the logins of {host}

## The files

- `logs/auth.log` is the current file, `auth.log.1` the one before it, and so on: the higher the
  number, the older. From `.2` on they are gzipped. Together they are one log with no line missing
  between them, oldest line to newest.
- They were collected on {day} January {year} at {clock}, by the clock of {host}, and reach back
  less than eight weeks. The stamps carry no year, as syslog writes them.
- The clock of {host} is set to {offset}, with no daylight saving in this period.
  Where notes and log show that it went wrong, the right time is what counts, for the minutes of an
  attack as well as for what we report.
- `handover.md` is what those on call wrote down in these weeks. What it decides is said below.
- syslog shortens: `message repeated N times: [ TEXT]` stands for N further messages TEXT, on top of
  the one that was written before. All N count with the stamp of that line.
- syslog on {host} puts at most {limit} characters of a message on a line. What is left follows on a
  later line of the same process, after `[cont.] `, and belongs to the message without a gap.
- sshd listens on a dual-stack socket, so that some IPv4 clients appear as `::ffff:192.0.2.1`. That
  is the same host as 192.0.2.1; we write such addresses in their IPv4 form.
- sshd writes the user name just as the client sent it, whatever characters it holds and however
  many.

## Failure

A failure is a message of sshd (of any instance that ran on {host}) that begins with `Failed password
for` or with `Failed keyboard-interactive/pam for`, whether or not the user exists. It belongs to the
address from which sshd saw the connection. Nothing else is a failure: not the messages that go with
it (`pam_unix`, `Invalid user`, `Connection closed`, too many attempts …), not a refused key, not
`Failed none`, and nothing that another program writes.

## Attacker

An address is an attacker if {need} or more failures of it lie within {minutes} minutes: the last of
them comes at most {seconds} seconds after the first, exactly {seconds} seconds included. The
{minutes} minutes may begin at any moment and may run across files, midnight and New Year. The hosts
of `allow.txt` (addresses and whole networks) are ours and are never attackers, whatever they do, as
far as the notes do not say otherwise.

For each attacker we report the number of all its failures in the logs, not only those of the busy
minutes, but without those that the notes take out.

## Break-in

An address has become an attacker at the moment of the failure that first completes {need} within
{minutes} minutes. Every login that sshd accepted from it after that moment, by `password` or by
`keyboard-interactive/pam`, is a break-in: address and user make a compromised pair, and the first
of the pair's break-ins is its `first_success_utc`. Logins before that moment are none, and neither
are logins with a key (`publickey`): keys are not guessed, and some of our people share an address
with an infected neighbour.

## What the notes decide

Where `handover.md` and this file or `allow.txt` disagree, the notes are right. Days and times in them
are real ones in the zone of {host}, unless the entry names another zone. A later entry may correct,
or take back, what an earlier one says. Stretches include both ends.

- Tests: what comes from a tester's address during the hours of a test that Security ordered counts
  for nothing, neither its failures nor its logins. Security is Ines and Wim; nobody else can order,
  move, prolong or call off a test. At other hours a tester's address is like any other.
- Our addresses: an address is ours from when to when the notes say, and in that time all that comes
  from it counts for nothing either. Before and after, it is like any other, whatever `allow.txt` says.
- Own logins: a login that the owner of the account claims in an entry of his or her own is not a
  break-in. What somebody else believes about it does not matter. Accounts of people are their first
  names. A claim is about one login and changes nothing about the address.

## Block list

The block list has to cover every attacker, and must not cover anyone else: no host that was still
ours when the logs were collected, and no other address that connected to {host} in these logs,
whether it tried to log in or not.
Addresses that never connected may be covered. How attackers are put together into networks is up to
you; single addresses are fine.
"""

ALLOW = """\
# Hosts that belong to us. Addresses or networks, one per line.
{office}    # head office
{vpn}    # VPN pool
{monitor}    # monitoring
{store}    # backup store
{admin}    # on-call laptop
{branch}    # branch office, IPv6
"""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write logs, rules and allow list to ``workspace`` and the right answer to ``hidden``."""
    complaints: list[str] = []
    for draw in range(DRAWS):
        rng = Random(f"ssh-bruteforce/{seed}/{draw}")
        setting, addresses = _setting(rng)
        journal, duties = _play(rng, setting, addresses)
        review = Review(journal.events, setting, duties.duty)
        complaints = dead_traps(review)
        inside = all(setting.start <= event.at <= setting.end for event in journal.events)
        if inside and not complaints and is_stable(review):
            break
    else:
        raise RuntimeError(f"no usable world in {DRAWS} draws: {complaints}")
    (workspace / "logs").mkdir(parents=True)
    for name, data in journal.files(duties.duty).items():
        (workspace / "logs" / name).write_bytes(data)
    (workspace / "rules.md").write_text(_rules(setting), "utf-8")
    (workspace / "allow.txt").write_text(_allow_list(addresses), "utf-8")
    (workspace / "handover.md").write_text(write_up(rng, HOST, duties.notes), "utf-8")
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(_expected(review, journal), indent=1) + "\n", "utf-8")


def _setting(rng: Random) -> tuple[Setting, Addresses]:
    addresses = Addresses(rng)
    new_year = timegm((rng.randint(2022, 2026), 1, 1, 0, 0, 0))
    start = new_year - rng.randint(27, 31) * DAY
    end = new_year + rng.randint(12, 16) * DAY + rng.randrange(7 * 3600, 9 * 3600)
    days = (end - start) // DAY
    cron_daily = 6 * 3600 + 25 * 60
    rotations = tuple(
        start + days * (index + 1) // 12 * DAY + cron_daily + rng.randrange(1, 9) for index in range(11)
    )
    setting = Setting(
        threshold=rng.randint(6, 10),
        window=60 * rng.choice((5, 6, 10, 12, 15)),
        offset=rng.choice((-5, -3, 1, 2, 3, 8)),
        start=start,
        new_year=new_year,
        end=end,
        rotations=rotations,
        allowed=tuple(entry for entry in addresses.allowed if entry != addresses.store),
    )
    return setting, addresses


def _play(rng: Random, setting: Setting, addresses: Addresses) -> tuple[Journal, Duties]:
    journal = Journal(rng, setting)
    cast = Cast(rng, setting, addresses, journal)
    cast.staff_life()
    cast.machines()
    attacks = Attacks(cast)
    attacks.intruders()
    attacks.outsiders()
    attacks.at_the_edge()
    attacks.in_disguise()
    duties = Duties(attacks)
    duties.play()
    journal.probe(cast.daytime(0.1, 0.9), attacks.bystander)
    cast.own_hosts()
    cast.many_keys()
    cast.slow_guessers()
    cast.scanners(330)
    cast.probes(LINES)
    journal.power_cut(duties.duty)
    journal.sums(duties.duty)
    return journal, duties


def _rules(setting: Setting) -> str:
    end = time.gmtime(setting.end)
    return RULES.format(
        host=HOST,
        day=end.tm_mday,
        year=end.tm_year,
        clock=f"{end.tm_hour:02}:{end.tm_min:02}",
        offset=_offset(setting.offset),
        need=setting.threshold,
        minutes=setting.window // 60,
        seconds=setting.window,
        limit=LIMIT,
    )


def _offset(hours: int) -> str:
    plural = "hour" if abs(hours) == 1 else "hours"
    return f"{abs(hours)} {plural} {'ahead of' if hours > 0 else 'behind'} UTC"


def _allow_list(addresses: Addresses) -> str:
    names = ("office", "vpn", "monitor", "store", "admin", "branch")
    return ALLOW.format(**dict(zip(names, addresses.allowed, strict=True)))


def _expected(review: Review, journal: Journal) -> dict[str, object]:
    truth = review.answer()
    breakins = [
        {"ip": ip, "user": user, "first_success_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))}
        for (ip, user), at in sorted(truth.breakins.items())
    ]
    return {
        "attackers": dict(sorted(truth.attackers.items())),
        "breakins": breakins,
        "others": sorted(journal.peers - truth.attackers.keys()),
        "allowed": list(review.setting.allowed),
    }
