"""The text of questions.md: how the log is to be read, and the six questions."""

from __future__ import annotations

import time

from _syslog_needle_plan import DAY, DAYS, Plan
from _syslog_needle_stories import FIRST_LAST, MOVED, REPEATED, SUPPRESSED

TEXT = """\
# Six questions to our syslog

`syslog` is what our log host collected from all machines from {first} to {last}, both days in full.

## How to read it

- **Stamps** are in UTC and were written by the machine that sent the line, so they say when something
  happened. They carry no year: it is {year}. Lines stand in the order in which they reached the log host.
  That is not always the order of the stamps: the machines of the outside site (`{site}-…`) come through a
  relay, which keeps their lines while its link is down and delivers them afterwards. The lines of one
  machine are always in their own order.
- **`last message repeated N times`** means that the message which this machine wrote last happened N more
  times. Lines of other machines may stand in between. Two such lines may follow each other; both then count
  for the same message.
- **`PROGRAM[PID]: N messages suppressed`** means that the message which this program on this machine wrote
  last happened N more times. All N count at the stamp of this line.
- **Kernel messages** (`kernel: [SECONDS] …`) are fetched in batches, so that their stamps can be ten minutes
  late. SECONDS is the time since the machine's boot. When it boots, the kernel says `setting system clock to
  … UTC`: that clock time is right, to the second, for the SECONDS of that very line. When we ask for the
  time of a kernel message, we want it by this clock, rounded down to the full second.
- **Renamed machines** say so: `Changed static hostname from 'OLD' to 'NEW'`. They are the same machine
  before and after. Questions, answers and the list below use the name that a machine had at the end of the log.
- **Test machines** do not count in any question, whatever they write: {tests}.

## Questions

1. How often did `{program1}` report `{text1}`, in the whole log?
2. How often did `{program2}` report `{text2}` on {day} (UTC), on all machines together?
3. How often did `{program3}` on the machine `{moved}` report `{text3}`, in the whole log?
4. When did the kernel of `{crashing}` say for the first time in this log that {text4}?
5. On which machines {text5}? Once in the log is enough.
6. Which machine was the {order} to report `{text6}` (program `{program6}`), and when?

## Answers

`answers.json` is one object with the question numbers as keys:

- `"1"`, `"2"`, `"3"`: a number
- `"4"`: an instant in UTC like `"{year}-01-31T23:05:09Z"`
- `"5"`: a list of machine names
- `"6"`: an object like `{{"machine": "NAME", "at": INSTANT}}`, with an instant as in 4: the stamp of that line
"""

FOURTH = (
    "it killed the process `reportd` for lack of memory (`Out of memory: Killed process … (reportd)`)",
    "its disk nvme1 did not answer (`nvme nvme1: I/O … QID 3 timeout, reset controller`)",
)
FIFTH = (
    "did `certwatch` report a certificate that expires in fewer than {bound} days",
    "did `smartd` report more than {bound} `Currently unreadable (pending) sectors`",
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
