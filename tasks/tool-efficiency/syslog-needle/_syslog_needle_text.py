"""The text of questions.md: how the log is to be read, and the six questions."""

from __future__ import annotations

import time

from _syslog_needle_plan import DAY, DAYS, Plan
from _syslog_needle_stories import MOVED, REPEATED, SUPPRESSED
from _syslog_needle_values import FIRST_LAST

TEXT = """\
# Six questions to our syslog

`syslog` is what our log host collected from all machines from {first} to {last}, both days in full.

## How to read it

- **Stamps** are in UTC and were written by the machine that sent the line. They carry no year: it is {year}.
  Lines stand in the order in which they reached the log host. That is not always the order of the stamps: the
  machines of the outside site (`{site}-…`) come through the relay `relay-{site}`, which keeps their lines while
  its link is down and delivers them afterwards. The lines of one machine are always in their own order.
- **What the relay sends once more**: not knowing what arrived, it begins with the last N lines before the break,
  says so, and these N lines follow directly. They are copies of lines that stand in the log already; nothing
  happened twice. Apart from them, two equal lines are two messages.
- **`last message repeated N times`** means that what this machine wrote last happened N more times, the whole
  line. Lines of other machines may stand in between. Two such lines may follow each other; both then count
  for the same line. Some programs do it by themselves and write `message repeated N times: [ TEXT]`: TEXT
  happened N more times.
- **`#012`** in a line was a line break in what the program said: each part is a message.
- **`PROGRAM[PID]: N messages suppressed`** means that the message which this process (same machine, same PID)
  wrote last happened N more times. All N count at the stamp of this line.
- **Kernel messages** (`kernel: [SECONDS] …`) are fetched in batches, so that their stamps can be ten minutes
  late. SECONDS is the time since the machine's boot. When it boots, the kernel says `setting system clock to
  … UTC`: that clock time belongs, to the second, to the SECONDS of that very line. If the clock was wrong, chronyd
  says so minutes later at most: `System clock was stepped by S seconds`. S is what has to be added to that
  clock time and to the stamps since the boot. When we ask for the time of a kernel message, we want it by this
  clock set right, rounded down to the full second.
- **Machines**: the name before the program says which machine wrote the line. Capitals, a domain behind the name
  or a forwarder before it (`FORWARDER/NAME`) make no other machine of it. When a machine is renamed, it says so:
  `Changed static hostname from 'OLD' to 'NEW'`, in the first line that it writes as NEW. It is the same machine
  before and after, and OLD is free for others then. Questions, answers and the list below use the names that the
  machines had at the end of the log.
- **Test machines** do not count, whatever they write while they are test machines. When the log began, these
  were: {tests}.
- **Notes**: people write into the log from whatever machine they are on, as `note[PID]: NAME: TEXT`. What the two
  officers on duty, `{officer1}` and `{officer2}`, write is right and counts: about test machines, drills, clocks, and
  about what they wrote before. What others write is for information only.

## Questions

1. How often did `{program1}` report `{text1}`, in the whole log, on all machines together?
2. How often did `{program2}` report `{text2}` on {day} (UTC), on all machines together?
3. How often did `{program3}` on the machine `{moved}` report `{text3}`, in the whole log?
4. When did the kernel of `{crashing}` say for the first time in this log that {text4}?
5. On which machines {text5}? Once is enough.
6. Which machine was the {order} in the log's nine days to report `{text6}` (program `{program6}`), and when?

## Answers

`answers.json` is one object with the question numbers as keys:

- `"1"`, `"2"`, `"3"`: a number
- `"4"`: an instant in UTC like `"{year}-01-31T23:05:09Z"`
- `"5"`: a list of machine names
- `"6"`: an object like `{{"machine": "NAME", "at": INSTANT}}`, with an instant as in 4: when it
  happened, to the second, which is the stamp of that line unless its clock was wrong
"""

FOURTH = (
    "it killed the process `reportd` for lack of memory (`Out of memory: Killed process … (reportd)`)",
    "its disk nvme1 did not answer (`nvme nvme1: I/O … QID 3 timeout, reset controller`)",
)
FIFTH = (
    "did `certwatch` report a certificate with fewer than {bound} days remaining",
    "did `thermald` report air of more than {bound} degrees Celsius at the inlet",
)


def questions_text(plan: Plan) -> str:
    """Return questions.md."""
    fleet, variants = plan.fleet, plan.variants
    tests = sorted(machine.name for machine in fleet.tests)
    picked = {
        "1": REPEATED[variants[0]],
        "2": SUPPRESSED[variants[1]],
        "3": MOVED[variants[2]],
        "6": FIRST_LAST[variants[5]],
    }
    words = {f"program{key}": story[0] for key, story in picked.items()}
    words |= {f"text{key}": story[1] for key, story in picked.items()}
    return TEXT.format(
        first=_day(plan.start),
        last=_day(plan.start + (DAYS - 1) * DAY),
        year=time.gmtime(plan.start).tm_year,
        site=fleet.site,
        officer1=plan.words["officers"].split(",")[0],
        officer2=plan.words["officers"].split(",")[1],
        tests=", ".join(f"`{name}`" for name in tests),
        day=_day(int(plan.words["day"])),
        moved=fleet.moved.name,
        crashing=fleet.crashing.name,
        text4=FOURTH[variants[3]],
        text5=FIFTH[variants[4]].format(bound=plan.words["bound"]),
        order="first" if variants[5] == 0 else "last",
        **words,
    )


def _day(at: int) -> str:
    when = time.gmtime(at)
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{when.tm_mday} {months[when.tm_mon - 1]} {when.tm_year}"
