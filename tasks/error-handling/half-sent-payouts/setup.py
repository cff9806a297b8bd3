"""Sets up a crashed payout run: batch, corrections, log, notes, and a gateway with its ledger.

`build` proves that each slip of `_half_sent_payouts_rules.SLIPS` changes its own group of payouts and, beside it, only
those that compete for the rest of the day's limit; it draws again where that does not hold.
"""

import json
import random
import shutil
from pathlib import Path

import _half_sent_payouts_rules as rules
import _half_sent_payouts_text as text
import _half_sent_payouts_world as worlds

HERE = Path(__file__).resolve().parent


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the inputs to ``workspace`` and the expected answer to ``hidden``."""
    for attempt in range(300):
        rng = random.Random(f"half-sent-payouts/{seed}/{attempt}")
        world = worlds.draw(rng)
        set_limit(rng, world)
        expected = proven(world)
        if expected is not None:
            break
    else:
        raise AssertionError("no draw with all traps alive")
    write(workspace, rng, world)
    (hidden / "expected.json").write_text(json.dumps(expected, sort_keys=True), "utf-8")


def set_limit(rng, world):
    """Let the day's limit end amid the payouts of class C."""
    world.limit = 10**9
    without = rules.solve(world)
    due = rules.due_list(world)
    done = rules.transfers(world)
    counted = {n: sum(t["amount"] for t in done.get(n, []) if t["state"] in rules.OUT) for n in due}
    sent = {n: net - counted[n] for n, (_, net) in without.items() if net > counted[n]}
    last = sum(amount for n, amount in sent.items() if due[n]["class"] == "C")
    left = sum(sent.values()) - last + round(last * rng.uniform(0.45, 0.6))
    freed = sum(counted[n] - net for n, (_, net) in without.items() if net < counted[n])
    world.limit = rules.used_today(world, done) + left - freed // 2
    world.limit -= rules.left_over(world) - rng.randint(1_000, 3_000)


def proven(world):
    """Return what the checks compare with, or None where a trap is dead or touches what it should not."""
    right = rules.solve(world)
    due = rules.due_list(world)
    groups = {number: rules.group_of(one["role"]) for number, one in due.items()}
    if len(set(world.pending.values())) < 2 or not sound_names(world):
        return None
    touched = {}
    for slip in rules.SLIPS:
        wrong = rules.solve(world, frozenset([slip]))
        touched[slip] = {number for number in right if wrong.get(number) != right[number]}
    limit = {number for several in touched.values() for number in several if groups[number] == "plain"}
    limit |= {number for number, (status, _) in right.items() if status == "deferred"}
    by_batch = rules.solve(world, frozenset(["batch-order"]))
    if all(by_batch[number] == right[number] for number in limit):
        return None
    groups |= dict.fromkeys(limit, "limit")
    for slip, wanted in rules.SLIPS.items():
        if {groups[number] for number in touched[slip]} != wanted:
            return None
    kept = {number: net for number, (_, net) in right.items()}
    return {
        "groups": groups,
        "status": {number: status for number, (status, _) in right.items()},
        "net": kept,
        "due": {number: one["amount"] for number, one in due.items()},
        "manual": world.manual,
    }


def sound_names(world):
    """Return whether the notes can mean one payout only, wherever they name a payee."""
    payouts = {}
    for number, one in rules.due_list(world).items():
        payouts.setdefault(one["payee"], []).append(number)
    for one in world.batch:
        if one.role.startswith(("hold", "manual")):
            allowed = 2 if one.role in {"hold-small", "hold-large"} else 1
            if len(payouts[one.payee]) != allowed:
                return False
    held = [one for one in world.batch if one.role.startswith("hold")]
    return all(world.payees[one.payee]["state"] == "open" for one in held)


def write(workspace, rng, world):
    """Write the files of the workspace."""
    files = {
        "payout-rules.md": text.rules_text(),
        "payctl.md": text.payctl_text(world),
        "batch.csv": text.batch_text(world),
        "batch_v2.csv": text.revisions_text(world),
        "run.log": "\n".join(world.log) + "\n",
        "handover.md": text.Notes(rng, world).text(),
        "gateway/payees.json": json.dumps(world.payees, indent=1, sort_keys=True),
        "gateway/ledger.jsonl": "".join(json.dumps(line) + "\n" for line in world.ledger),
    }
    today = f"{world.day:%Y-%m-%d}"
    settings = {"today": today, "opened": f"{today}T10:00:00+00:00", "limit": world.limit}
    files["gateway/settings.json"] = json.dumps(settings, indent=1)
    for name, content in files.items():
        path = workspace / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    payctl = workspace / "payctl"
    if not payctl.exists():
        shutil.copyfile(HERE / "inputs" / "payctl", payctl)
    payctl.chmod(0o755)
