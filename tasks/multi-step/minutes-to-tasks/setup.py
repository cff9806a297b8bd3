"""Three meetings of an accounts office: sixteen tasks, three refs that are only talked about.

The draw is kept only if each slip of ``SLIPS`` costs exactly the checks that are listed there.
"""

import json
import random

from _minutes_to_tasks_story import SLIPS, draw_story, lost, reminders, replay
from _minutes_to_tasks_text import CONVENTIONS, NOISE, minutes, staff_csv


def sound(story):
    """Tell whether every slip costs its checks, and who must and must not get a reminder is as meant."""
    truth = replay(story)
    if set(reminders(truth)) != {"twin", "other", "nick", "lure", "steady"}:
        return False
    if any(task[1] is None or task[1] < story.days[0] for task in truth.values()):
        return False
    return all(lost(truth, replay(story, {slip})) == costs for slip, costs in SLIPS.items())


def plan(seed):
    """Return the first sound draw of a seed, and the random source as it then stands."""
    for attempt in range(500):
        rng = random.Random(f"minutes-to-tasks/{seed}/{attempt}")
        story = draw_story(rng)
        if sound(story):
            return story, rng
    raise AssertionError(f"no sound draw for seed {seed}")


def build(workspace, hidden, seed):
    """Write minutes, conventions and staff list; the right list to ``hidden``."""
    story, rng = plan(seed)

    def write(path, text):
        path.write_bytes(text.encode("utf-8"))

    (workspace / "minutes").mkdir()
    noise = rng.sample(NOISE, 6)
    for number, day in enumerate(story.days):
        text = minutes(rng, story, number, noise[2 * number : 2 * number + 2])
        write(workspace / "minutes" / f"{day.isoformat()}.md", text)
    write(workspace / "conventions.md", CONVENTIONS.format(sample=story.events[0].ref))
    write(workspace / "staff.csv", staff_csv(rng, story))
    tasks = {
        ref: {"owner": story.staff[part][0], "due": due.isoformat(), "status": status}
        for ref, (part, due, status) in sorted(replay(story).items())
    }
    expected = {"tasks": tasks, "refs": sorted(story.titles)}
    write(hidden / "expected.json", json.dumps(expected, indent=1, sort_keys=True) + "\n")
