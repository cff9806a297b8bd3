"""A staging system with faults in its manifests and a day of edits and talk behind them.

`build` proves for every draw that the right system has no problem, that each fault left in costs exactly the
checks of `COSTS`, and that the visible simulator, which stops at its first error, agrees.
"""

import functools
import importlib.util
import json
import random
from pathlib import Path

from _k8s_crashloop_cluster import Cluster
from _k8s_crashloop_faults import draw_broken, with_faults_left
from _k8s_crashloop_judge import ASPECTS, facts_of, problems
from _k8s_crashloop_parts import draw_cast
from _k8s_crashloop_story import draw_story
from _k8s_crashloop_text import afternoon, chat_text, constraints_text, manifest_text

COSTS = {
    "selector": {"services", "callers", "ready", "ingress"},
    "memory": {"memory", "ready", "ingress"},
    "config": {"config", "ready", "ingress"},
    "probe": {"probe", "ready", "ingress"},
    "secret": {"secret", "ready", "ingress"},
    "policy": {"callers"},
    "decided": {"decided"},
    "undone": {"undone"},
}
"""Fault → the checks that fail while it is the only one left."""
HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("_k8s_crashloop_kubesim", HERE / "inputs" / "kubesim.py")
kubesim = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kubesim)


@functools.cache
def _read(text):
    return kubesim.Reader(text).document()


def failing(files, facts):
    """Return the aspects in which a system has problems."""
    cluster = Cluster(list(files.values()))
    return {aspect for aspect in ASPECTS if problems(aspect, cluster, facts)}


def starts(files, rng):
    """Return whether the visible simulator, which reads the files' text, finds all Ready."""
    things = {}
    for thing in files.values():
        read = _read(manifest_text(rng, thing))
        if read != thing:
            raise AssertionError("the simulator does not read a manifest as it was written")
        meta = thing["metadata"]
        things[thing["kind"], meta.get("namespace", ""), meta["name"]] = read
    cluster = kubesim.Cluster(things)
    try:
        cluster.admit()
        for deployment in cluster.of_kind("Deployment"):
            cluster.start(deployment)
    except kubesim.Trouble:
        return False
    return True


def sound(right, broken, places, facts):
    """Return whether every fault, left in alone, costs its checks, and both simulators agree."""
    rng = random.Random(0)
    if failing(right, facts) or not starts(right, rng):
        return False
    if failing(broken, facts) != set(ASPECTS) - {"traffic"}:
        return False
    for fault, costs in COSTS.items():
        left = with_faults_left(right, broken, places, {fault})
        if failing(left, facts) != costs or starts(left, rng) == ("ready" in costs):
            return False
    return True


def telling(day):
    """Return whether each misreading gives another value, and wrong and right ones are as many as foreseen."""
    touched = [slot for slot in day.slots.values() if slot.group]
    if any(slot.right in slot.missed or {slot.noon, slot.now} == {slot.right} for slot in touched):
        return False
    judged = [slot for slot in day.slots.values() if slot.group in ("decided", "undone")]
    wrong = [slot for slot in judged if slot.now != slot.right]
    moved = [slot for slot in judged if slot.now == slot.right != slot.noon]
    return len(wrong) in (21, 22) and len(moved) in (11, 12)


def build(workspace, hidden, seed):
    """Write the broken manifests and what was seen to ``workspace``, the facts to ``hidden``."""
    for redraw in range(100):
        rng = random.Random(f"k8s-crashloop/{seed}/{redraw}")
        cast = draw_cast(rng)
        day = draw_story(rng, cast)
        right, broken, story, places = draw_broken(rng, cast, day)
        facts = facts_of(cast, day.slots.values())
        if sound(right, broken, places, facts) and telling(day):
            break
    else:
        raise AssertionError("no draw with all faults alive")
    for file, thing in sorted(broken.items()):
        path = workspace / "manifests" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(manifest_text(rng, thing), "utf-8")
    (workspace / "constraints.md").write_text(constraints_text(cast, day), "utf-8")
    seen = afternoon(rng, cast, story, day)
    (workspace / "chat.txt").write_text(chat_text(seen.day, day), "utf-8")
    (workspace / "events.txt").write_text(seen.events_text(), "utf-8")
    (workspace / "podlogs").mkdir()
    for name, text in seen.log_files():
        (workspace / "podlogs" / name).write_text(text, "utf-8")
    facts["places"] = sorted(list(place) for some in places.values() for place in some)
    facts["given"] = broken
    (hidden / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
