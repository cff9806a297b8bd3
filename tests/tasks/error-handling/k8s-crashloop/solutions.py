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
from _k8s_crashloop_repair import place as _place
from _k8s_crashloop_repair import relist as _list
from _k8s_crashloop_repair import repaired as _repaired
from _k8s_crashloop_repair import save as _save
from _k8s_crashloop_repair import starts as _starts


def _work(workspace: Path, choose=lambda files, found: None, text=_block, proud: bool = False) -> str | None:
    """Repair all faults that ``choose`` leaves in ``found``, in the way it leaves them there."""
    files = _load(workspace)
    found = _faults(workspace, files)
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
    """Write JSON, quantities in bytes, a probe by number, a plain-text secret and a missing entry; list every value."""

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
        (file, _, _) = found["memory"][0]
        resources = copy.deepcopy(_at(files, file, f"{_BOX}/resources"))
        for _, pointer, size in found["memory"]:
            resources[pointer.split("/")[-2]]["memory"] = size
        found["memory"] = [(file, f"{_BOX}/resources", resources)]
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


leaves_selector, leaves_memory = _leaves("selector"), _leaves("memory")
leaves_config, leaves_probe = _leaves("config"), _leaves("probe")
leaves_secret, leaves_policy = _leaves("secret"), _leaves("policy")


def limit_only(workspace: Path, turn: int = 1) -> str | None:
    """Repair the limit and overlook the request."""
    return _work(
        workspace,
        lambda files, found: found.update(memory=[one for one in found["memory"] if "limits" in one[1]]),
    )


def megabytes(workspace: Path, turn: int = 1) -> str | None:
    """Write M for Mi."""
    return _work(
        workspace,
        lambda files, found: found.update(
            memory=[(f, p, v.replace("Mi", "M")) for f, p, v in found["memory"]]
        ),
    )


def generous(workspace: Path, turn: int = 1) -> str | None:
    """Give plenty of memory and raise the quota for it."""

    def choose(files, found) -> None:
        file = found["memory"][0][0]
        quota = _place(files, "ResourceQuota", files[file]["metadata"]["namespace"], "memory")
        found["memory"] = [(f, p, "2Gi") for f, p, _ in found["memory"]]
        found["quota"] = [(quota, "/spec/hard/limits.memory", "16Gi")]

    return _work(workspace, choose)


def no_probe(workspace: Path, turn: int = 1) -> str | None:
    """Drop the probe that fails."""
    return _work(
        workspace,
        lambda files, found: found.update(
            probe=[(f, f"{_BOX}/readinessProbe", None) for f, *_ in found["probe"]]
        ),
    )


def renames_port(workspace: Path, turn: int = 1) -> str | None:
    """Name the container's port as the probe has it, and forget the Service."""

    def choose(files, found) -> None:
        (file, pointer, _) = found["probe"][0]
        found["probe"] = [(file, f"{_BOX}/ports/0/name", _at(files, file, pointer))]

    return _work(workspace, choose)


def renames_entry(workspace: Path, turn: int = 1) -> str | None:
    """Rename the entry that another Deployment uses too."""

    def choose(files, found) -> None:
        (file, pointer, key) = found["config"][0]
        space = files[file]["metadata"]["namespace"]
        settings = next(f for f, one in files.items() if one["kind"] == "ConfigMap" and f"/{space}/" in f)
        value = files[settings]["data"][key]
        found["config"] = [
            (settings, f"/data/{key}", None),
            (settings, f"/data/{_at(files, file, pointer)}", value),
        ]

    return _work(workspace, choose)


def fixed_value(workspace: Path, turn: int = 1) -> str | None:
    """Write the value into the Deployment instead of the reference."""

    def choose(files, found) -> None:
        (file, pointer, key) = found["config"][0]
        entry = pointer.split("/valueFrom")[0]
        settings = next(one for one in files.values() if one["kind"] == "ConfigMap")
        found["config"] = [
            (file, f"{entry}/valueFrom", None),
            (file, f"{entry}/value", settings["data"][key]),
        ]

    return _work(workspace, choose)


def other_password(workspace: Path, turn: int = 1) -> str | None:
    """Give the database the wrong password instead of the client the right one."""

    def choose(files, found) -> None:
        file = found["secret"][0][0]
        user = base64.b64decode(files[file]["data"]["username"]).decode()
        auth = next(one for one in files if one.endswith("-auth-secret.yaml"))
        found["secret"] = [(auth, f"/data/{user}", files[file]["data"]["password"])]

    return _work(workspace, choose)


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


def no_policy(workspace: Path, turn: int = 1) -> str | None:
    """Take the policy away, and say so."""
    files = _load(workspace)
    found = _faults(workspace, files)
    (file, *_) = found.pop("policy")[0]
    after, fixes = _repaired(files, [change for some in found.values() for change in some])
    fixes.append({"file": file, "path": "", "old": after.pop(file), "new": None})
    return _save(workspace, files, after, fixes, _block)


def follows_simulator(workspace: Path, turn: int = 1) -> str | None:
    """Stop when the simulator is content, and list what comes to mind."""
    _work(
        workspace,
        lambda files, found: found.update(
            policy=[], memory=[one for one in found["memory"] if "limits" in one[1]]
        ),
    )
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    (workspace / "fixes.json").write_text(json.dumps(fixes[1:]), "utf-8")
    return "Ready."


# -- one fault each, made in the oracle's manifests or list ----------------------------------------


def unlisted(workspace: Path, turn: int = 1) -> None:
    """Leave out one entry."""
    _list(workspace, lambda fixes: fixes.pop(1))


def wrong_old(workspace: Path, turn: int = 1) -> None:
    """Misquote an old value."""
    _list(workspace, lambda fixes: fixes[1].update(old="64Mi"))


def one_too_many(workspace: Path, turn: int = 1) -> None:
    """List a change that was not made."""
    entry = {"path": "/metadata/name", "old": "a", "new": "b"}
    _list(workspace, lambda fixes: fixes.append({**fixes[0], **entry}))


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


def probe_gone(workspace: Path, turn: int = 1) -> None:
    """Drop the other probe."""
    _edit(workspace, _front, f"{_BOX}/livenessProbe", None)


def newline_back(workspace: Path, turn: int = 1) -> None:
    """Encode the password with a newline again."""
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    one = next(one for one in fixes if one["path"] == "/data/password")
    _edit(workspace, lambda file, _: file == one["file"], "/data/password", one["old"])


def caller_lost(workspace: Path, turn: int = 1) -> None:
    """Take the last caller of the database away."""
    _edit(workspace, _kind("NetworkPolicy", "-db-"), "/spec/ingress/0/from/2", None)


def stranger_let_in(workspace: Path, turn: int = 1) -> None:
    """Let every pod of the database's own namespace in as well."""
    _edit(workspace, _kind("NetworkPolicy", "-db-"), "/spec/ingress/0/from/3", {"podSelector": {}})


def ports_open(workspace: Path, turn: int = 1) -> None:
    """Let the callers reach every port."""
    _edit(workspace, _kind("NetworkPolicy", "-db-"), "/spec/ingress/0/ports", None)


def ingress_off(workspace: Path, turn: int = 1) -> None:
    """Send the ingress to a port that the Service has not."""
    _edit(workspace, _kind("Ingress"), "/spec/rules/0/http/paths/2/backend/service/port/name", "web")


def image_moved(workspace: Path, turn: int = 1) -> None:
    """Take another image."""
    _edit(workspace, _front, f"{_BOX}/image", "registry.example/other:1")


def object_added(workspace: Path, turn: int = 1) -> None:
    """Add an object."""
    text = _block({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "scratch"}})
    (workspace / "manifests" / "scratch.yaml").write_text(text, "utf-8")


def log_tidied(workspace: Path, turn: int = 1) -> None:
    """Cut the events."""
    path = workspace / "events.txt"
    path.write_text(path.read_text("utf-8")[:200], "utf-8")


def simulator_eased(workspace: Path, turn: int = 1) -> None:
    """Change the simulator."""
    path = workspace / "kubesim.py"
    path.write_text(path.read_text("utf-8").replace("2**24", "0"), "utf-8")


ALTERNATIVES = [in_json, rewritten]
WRONG = {
    leaves_selector: {"services", "callers", "ready", "ingress"},
    leaves_memory: {"memory", "ready", "ingress"},
    leaves_config: {"config", "ready", "ingress"},
    leaves_probe: {"probe", "ready", "ingress"},
    leaves_secret: {"secret", "ready", "ingress"},
    leaves_policy: {"callers"},
    limit_only: {"memory"},
    megabytes: {"memory"},
    generous: {"memory", "kept"},
    no_probe: {"probe", "kept"},
    renames_port: {"services", "ingress"},
    renames_entry: {"config", "ready", "ingress", "kept"},
    fixed_value: {"kept"},
    other_password: {"kept"},
    opens_policy: {"traffic"},
    splits_peer: {"traffic"},
    no_policy: {"traffic", "kept"},
    follows_simulator: {"callers", "memory", "fixes"},
}
MUTATIONS = {
    unlisted: {"fixes"},
    wrong_old: {"fixes"},
    one_too_many: {"fixes"},
    selector_lost: {"services", "callers", "ready", "ingress", "fixes"},
    memory_off: {"memory", "kept", "fixes"},
    key_off: {"config", "ready", "ingress", "fixes"},
    probe_off: {"probe", "ready", "ingress", "fixes"},
    probe_gone: {"probe", "kept", "fixes"},
    newline_back: {"secret", "ready", "ingress", "fixes"},
    caller_lost: {"callers", "fixes"},
    stranger_let_in: {"traffic", "fixes"},
    ports_open: {"traffic", "fixes"},
    ingress_off: {"ingress", "kept", "fixes"},
    image_moved: {"kept", "fixes"},
    object_added: {"kept", "fixes"},
    log_tidied: {"inputs-unchanged"},
    simulator_eased: {"inputs-unchanged"},
}
