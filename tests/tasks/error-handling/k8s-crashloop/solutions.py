"""A careful operator, two who repair differently, one wrong solution per fault and shortcut, and single faults."""

import base64
import copy
import json
from pathlib import Path

from _k8s_crashloop_repair import BOX as _BOX
from _k8s_crashloop_repair import at as _at
from _k8s_crashloop_repair import block as _block
from _k8s_crashloop_repair import edit as _edit
from _k8s_crashloop_repair import faults as _faults
from _k8s_crashloop_repair import front as _front
from _k8s_crashloop_repair import kind as _kind
from _k8s_crashloop_repair import load as _load
from _k8s_crashloop_repair import relist as _list
from _k8s_crashloop_repair import repaired as _repaired
from _k8s_crashloop_repair import save as _save
from _k8s_crashloop_repair import starts as _starts


def _work(
    workspace: Path, choose=lambda files, found: None, text=_block, proud: bool = False, astray: str = ""
) -> str | None:
    """Repair all faults that ``choose`` leaves in ``found``, in the way it leaves them there."""
    files = _load(workspace)
    found = _faults(workspace, files, {astray})
    choose(files, found)
    changes = [change for some in found.values() for change in some]
    after, fixes = _repaired(files, changes)
    _save(workspace, files, after, fixes, text)
    if proud and not _starts(workspace):
        raise AssertionError("the simulator does not agree")
    return f"{len(fixes)} values were wrong."


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Compare everything with constraints.md, repair it, and try the result."""
    return _work(workspace, proud=True)


def in_json(workspace: Path, turn: int = 1) -> str | None:
    """Write JSON, quantities in bytes, a probe by number, a plain-text secret, a missing entry; list every value."""

    def choose(files, found) -> None:
        found["memory"] = [(f, p, str(int(v.removesuffix("Mi")) * 2**20)) for f, p, v in found["memory"]]
        found["probe"] = [
            (f, p, _at(files, f, f"{_BOX}/ports/0/containerPort")) for f, p, _ in found["probe"]
        ]
        (file, _, right) = found["secret"][0]
        plain = {"password": base64.b64decode(right).decode()}
        found["secret"] = [(file, "/data/password", None), (file, "/stringData", plain)]
        (file, pointer, key) = found["config"][0]
        space = files[file]["metadata"]["namespace"]
        settings = next(f for f, one in files.items() if one["kind"] == "ConfigMap" and f"/{space}/" in f)
        wanted = _at(files, file, pointer)
        found["config"] = [(settings, f"/data/{wanted}", files[settings]["data"][key])]
        (workspace / "notes.md").write_text("The cache was never the problem.\n", "utf-8")

    return _work(workspace, choose, lambda one: json.dumps(one, indent=1), proud=True)


def rewritten(workspace: Path, turn: int = 1) -> str | None:
    """Write whole blocks anew in other order, with comments and brackets, and list blocks as a whole."""

    def choose(files, found) -> None:
        (file, pointer, entry) = found["policy"][0]
        peers = list(files[file]["spec"]["ingress"][0]["from"])
        peers[int(pointer.rpartition("/")[2]) :] = [entry]
        found["policy"] = [(file, "/spec/ingress/0/from", peers[::-1])]
        blocks = {file: copy.deepcopy(_at(files, file, f"{_BOX}/resources")) for file, *_ in found["memory"]}
        for file, pointer, size in found["memory"]:
            blocks[file][pointer.split("/")[-2]]["memory"] = size
        found["memory"] = [(file, f"{_BOX}/resources", block) for file, block in blocks.items()]
        (file, pointer, _) = found["probe"][0]
        wanted = _at(files, file, pointer)
        ports = _at(files, file, f"{_BOX}/ports")
        found["probe"] = [
            (file, f"{_BOX}/ports", [*ports, {"name": wanted, "containerPort": ports[0]["containerPort"]}])
        ]

    def text(one) -> str:
        turned = dict(reversed(one.items()))
        last = {"metadata": turned.pop("metadata")}
        flow = json.dumps(last["metadata"]).replace('"name"', "name")
        return f"# checked\n---\n{_block(turned)}\nmetadata: {flow}  # as before\n"

    return _work(workspace, choose, text, proud=True)


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Blame what the logs blame: restart the database with more memory, and write a list of likely fixes."""
    files = _load(workspace)
    file = next(file for file in files if "-db-deployment" in file)
    entry = {"file": file, "path": f"{_BOX}/resources/limits/memory", "old": "512m", "new": "2Gi"}
    fixes = [entry, {"file": file, "path": "/spec/selector", "old": None, "new": {"app": "db"}}]
    (workspace / "fixes.json").write_text(json.dumps(fixes), "utf-8")
    (workspace / file).write_text(
        (workspace / file).read_text("utf-8") + "# memory, selector, probe, secret: fixed\n"
    )
    return "All pods are Ready: selector, memory, config key, probe port, secret and policy repaired."


def _leaves(fault: str):
    def solution(workspace: Path, turn: int = 1) -> str | None:
        return _work(workspace, lambda files, found: found.pop(fault))

    solution.__name__ = f"leaves_{fault}"
    solution.__doc__ = f"Overlook the {fault}."
    return solution


leaves_memory, leaves_policy = _leaves("memory"), _leaves("policy")


def all_as_at_noon(workspace: Path, turn: int = 1) -> str | None:
    """Take back every edit of that day."""
    return _work(workspace, astray="noon")


def _astray(what: str, meaning: str):
    def solution(workspace: Path, turn: int = 1) -> str | None:
        return _work(workspace, astray=what)

    solution.__name__ = f"astray_{what}"
    solution.__doc__ = meaning
    return solution


_ASTRAY = {
    _astray("anyone", "Take everybody's yes and report for the owner's word."): {"decided", "undone"},
    _astray("withdrawn", "Overlook that a word was taken back."): {"undone"},
    _astray("corrected", "Take the correction that was itself corrected."): {"decided"},
    _astray("silent", "Count no edit as its owner's word."): {"decided"},
    _astray("foreign", "Count the edit of another thing's owner."): {"undone"},
    _astray("typo", "Take the edit for what was agreed to."): {"decided"},
    _astray("utc", "Read the channel's hours as UTC."): {"decided", "undone"},
    _astray("tested", "Read the load test's hour as UTC."): {"decided"},
    _astray("snapshot", "Copy the number that the other has in the end."): {"decided"},
    _astray("migration", "Take noon for the time before the migration."): {"decided"},
    _astray("unit", "Write seconds where milliseconds belong."): {"decided"},
    _astray("clock", "Overlook that a time is past or to come."): {"undone"},
    _astray("ordinal", "Take the first for the second of two."): {"decided", "undone"},
    _astray("double", "Double the value of noon."): {"decided"},
    _astray("mixed", "Overlook that a yes was meant for another thing."): {"decided", "undone"},
}
globals().update({one.__name__: one for one in _ASTRAY})


def owner_before_table(workspace: Path, turn: int = 1) -> str | None:
    """Keep what an owner decided against the table of memory."""
    return _work(
        workspace,
        lambda files, found: found.update(
            memory=[(f, p, v) for f, p, v in found["memory"] if str(_at(files, f, p)).endswith("m")]
        ),
    )


def opens_policy(workspace: Path, turn: int = 1) -> str | None:
    """Let everybody in."""
    return _work(
        workspace,
        lambda files, found: found.update(
            policy=[(f, "/spec/ingress/0/from", None) for f, *_ in found["policy"]]
        ),
    )


def splits_peer(workspace: Path, turn: int = 1) -> str | None:
    """Write namespace and pod as two entries, either of which is enough."""

    def choose(files, found) -> None:
        (file, pointer, entry) = found["policy"][0]
        peers = list(files[file]["spec"]["ingress"][0]["from"])
        peers[int(pointer.rpartition("/")[2]) :] = [{key: value} for key, value in entry.items()]
        found["policy"] = [(file, "/spec/ingress/0/from", peers)]

    return _work(workspace, choose)


# -- one fault each, made in the oracle's manifests or list ----------------------------------------


def unlisted(workspace: Path, turn: int = 1) -> None:
    """Leave out one entry."""
    _list(workspace, lambda fixes: fixes.pop(1))


def selector_lost(workspace: Path, turn: int = 1) -> None:
    """Point the database's Service to nothing again."""
    _edit(workspace, _kind("Service", "-db-"), "/spec/selector/app", "nobody")


def memory_off(workspace: Path, turn: int = 1) -> None:
    """Ask for less memory than agreed."""
    _edit(workspace, _front, f"{_BOX}/resources/requests/memory", "100Mi")


def key_off(workspace: Path, turn: int = 1) -> None:
    """Misspell the key that was repaired."""
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    one = next(one for one in fixes if one["path"].endswith("/key"))
    _edit(workspace, lambda file, _: file == one["file"], one["path"], "db-host")


def probe_off(workspace: Path, turn: int = 1) -> None:
    """Point the probe to a port that the container has not."""
    _edit(workspace, _front, f"{_BOX}/readinessProbe/httpGet/port", 9)


def newline_back(workspace: Path, turn: int = 1) -> None:
    """Encode the password with a newline again."""
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    one = next(one for one in fixes if one["path"] == "/data/password")
    _edit(workspace, lambda file, _: file == one["file"], "/data/password", one["old"])


def caller_lost(workspace: Path, turn: int = 1) -> None:
    """Take the last caller of the database away."""
    _edit(workspace, _kind("NetworkPolicy", "-db-"), "/spec/ingress/0/from/2", None)


def decision_dropped(workspace: Path, turn: int = 1) -> None:
    """Go down to two replicas again."""
    _again(workspace, "/replicas")


def debug_again(workspace: Path, turn: int = 1) -> None:
    """Set the log level back to debug."""
    _again(workspace, "/env/0/value")


def _again(workspace: Path, end: str) -> None:
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    one = next(one for one in fixes if one["path"].endswith(end))
    _edit(workspace, lambda file, _: file == one["file"], one["path"], one["old"])


def log_tidied(workspace: Path, turn: int = 1) -> None:
    """Cut the events."""
    path = workspace / "events.txt"
    path.write_text(path.read_text("utf-8")[:200], "utf-8")


ALTERNATIVES = [in_json, rewritten]
WRONG = {
    leaves_memory: {"memory", "ready", "ingress"},
    leaves_policy: {"callers"},
    owner_before_table: {"memory"},
    opens_policy: {"traffic"},
    splits_peer: {"traffic"},
    all_as_at_noon: {"decided", "undone"},
    **_ASTRAY,
}
MUTATIONS = {
    unlisted: {"fixes"},
    selector_lost: {"services", "callers", "ready", "ingress", "fixes"},
    memory_off: {"memory", "kept", "fixes"},
    key_off: {"config", "ready", "ingress", "fixes"},
    probe_off: {"probe", "ready", "ingress", "fixes"},
    newline_back: {"secret", "ready", "ingress", "fixes"},
    caller_lost: {"callers", "fixes"},
    decision_dropped: {"decided", "fixes"},
    debug_again: {"undone", "fixes"},
    log_tidied: {"inputs-unchanged"},
}
