"""Finds the faults by constraints.md and by what was decided that day, and repairs them in one way or another.

It reads YAML with the simulator that lies in the workspace, as anybody could, and shares no code with the generator.
"""

import base64
import copy
import functools
import json
import re
import subprocess
import sys
from pathlib import Path

from _k8s_crashloop_day import Day

BOX = "/spec/template/spec/containers/0"


def load(workspace: Path):
    """Return file → object of all manifests; callers must not change an object."""
    simulator = (workspace / "kubesim.py").read_text("utf-8")
    paths = sorted((workspace / "manifests").rglob("*.yaml"))
    names = [path.relative_to(workspace).as_posix() for path in paths]
    texts = [path.read_text("utf-8") for path in paths]
    return {name: _parsed(simulator, text) for name, text in zip(names, texts, strict=True)}


@functools.lru_cache(maxsize=4)
def _simulator(text: str):
    space = {"__name__": "kubesim"}
    exec(compile(text, "kubesim.py", "exec"), space)
    return space


@functools.lru_cache(maxsize=2000)
def _parsed(simulator: str, text: str):
    return _simulator(simulator)["Reader"](text).document()


def faults(workspace: Path, files, astray=frozenset()):
    """Return fault → list of (file, pointer, new value)."""
    text = (workspace / "constraints.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return {
        "selector": _selectors(files),
        "memory": [change for row in rows if "MiB" in row[2:3][0] for change in _memory(files, row)],
        "config": _keys(files),
        "probe": _probes(files),
        "secret": _passwords(files),
        "settings": _settings(workspace, files, astray),
        "policy": [
            change for row in rows if re.search(r"\w+ \(\w", row[-1]) for change in _peers(files, row)
        ],
    }


def place(files, kind, space, name):
    """Return the file of an object."""
    wanted = (kind, space, name)
    return next(
        file
        for file, one in files.items()
        if (one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) == wanted
    )


def deployments(files):
    """Yield file, name, namespace and container of each Deployment."""
    for file, one in files.items():
        if one["kind"] == "Deployment":
            meta = one["metadata"]
            yield file, meta["name"], meta["namespace"], one["spec"]["template"]["spec"]["containers"][0]


def _settings(workspace, files, astray):
    right = Day(workspace, files, astray).right()
    memory = f"{BOX}/resources/limits/memory"
    return [(*one, value) for one, value in right.items() if at(files, *one) != value and one[1] != memory]


def _selectors(files):
    changes = []
    for file, one in files.items():
        if one["kind"] == "Service":
            pods = files[place(files, "Deployment", one["metadata"]["namespace"], one["metadata"]["name"])]
            labels = pods["spec"]["template"]["metadata"]["labels"]
            if not one["spec"]["selector"].items() <= labels.items():
                changes.append((file, "/spec/selector", {"app": labels["app"]}))
    return changes


def _memory(files, row):
    name, space = row[:2]
    file = place(files, "Deployment", space, name)
    given = files[file]["spec"]["template"]["spec"]["containers"][0]["resources"]
    right = {"requests": row[2].replace(" MiB", "Mi"), "limits": row[3].replace(" MiB", "Mi")}
    return [
        (file, f"{BOX}/resources/{kind}/memory", size)
        for kind, size in right.items()
        if given[kind]["memory"] != size
    ]


def _keys(files):
    changes = []
    for file, _, space, box in deployments(files):
        for number, entry in enumerate(box["env"]):
            ref = entry.get("valueFrom", {}).get("configMapKeyRef")
            data = files[place(files, "ConfigMap", space, ref["name"])]["data"] if ref else {}
            if ref and ref["key"] not in data:
                key = next(one for one in data if one.lower() == ref["key"].lower())
                changes.append((file, f"{BOX}/env/{number}/valueFrom/configMapKeyRef/key", key))
    return changes


def _probes(files):
    changes = []
    for file, _, _, box in deployments(files):
        ports = box.get("ports", [])
        for probe in ("readinessProbe", "livenessProbe"):
            for how in ("httpGet", "tcpSocket"):
                port = box.get(probe, {}).get(how, {}).get("port")
                if port and not any(port in one.values() for one in ports):
                    changes.append((file, f"{BOX}/{probe}/{how}/port", ports[0]["name"]))
    return changes


def _passwords(files):
    auth = next(one["data"] for file, one in files.items() if file.endswith("-auth-secret.yaml"))
    changes = []
    for file, one in files.items():
        if one["kind"] == "Secret" and "username" in one["data"]:
            user = base64.b64decode(one["data"]["username"]).decode()
            if one["data"]["password"] != auth[user]:
                changes.append((file, "/data/password", auth[user]))
    return changes


def _peers(files, row):
    """Return what the policy of a Service lacks, by its row of the table of callers."""
    name, home = re.fullmatch(r"(\S+) \((\S+)\)", row[0]).groups()
    file = place(files, "NetworkPolicy", home, name)
    given = files[file]["spec"]["ingress"][0]["from"]
    right = []
    for app, space in re.findall(r"(\S+) \((\S+)\)", row[2]):
        entry = {"podSelector": {"matchLabels": {"app": app}}}
        if space != home:
            labels = files[f"manifests/{space}/namespace.yaml"]["metadata"]["labels"]
            entry = {"namespaceSelector": {"matchLabels": {"team": labels["team"]}}, **entry}
        right.append(entry)
    lost = [one for one in right if one not in given]
    stale = [number for number, one in enumerate(given) if one not in right and "podSelector" in one]
    places = stale or [len(given)]
    return [(file, f"/spec/ingress/0/from/{number}", one) for number, one in zip(places, lost, strict=False)]


def at(files, file, pointer):
    """Return the value at a pointer, or None."""
    value = files.get(file)
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = (value or {}).get(step)
    return value


def put(files, file, pointer, value):
    """Set the value at a pointer; None takes it away."""
    above, _, last = pointer.rpartition("/")
    thing = at(files, file, above) if above else files[file]
    if isinstance(thing, list):
        thing[int(last) : int(last) + 1] = [] if value is None else [value]
    elif value is None:
        thing.pop(last, None)
    else:
        thing[last] = value


def repaired(files, changes):
    """Return the manifests with changes made, and the list of fixes."""
    touched = {file for file, *_ in changes}
    after, fixes = {file: copy.deepcopy(one) if file in touched else one for file, one in files.items()}, []
    for file, pointer, value in changes:
        fixes.append(
            {"file": file, "path": pointer, "old": copy.deepcopy(at(after, file, pointer)), "new": value}
        )
        put(after, file, pointer, copy.deepcopy(value))
    return after, fixes


def save(workspace: Path, before, after, fixes, text):
    """Write the manifests that changed, in the form that ``text`` gives, and fixes.json."""
    for file in before.keys() - after.keys():
        (workspace / file).unlink()
    for file, one in after.items():
        if one != before.get(file):
            (workspace / file).write_text(text(one), "utf-8")
    (workspace / "fixes.json").write_text(json.dumps(fixes, indent=2) + "\n", "utf-8")


def starts(workspace: Path) -> bool:
    """Tell whether the simulator in the workspace finds all Ready."""
    command = [sys.executable, "-B", "kubesim.py", "manifests"]
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, timeout=60)
    return done.returncode == 0 and "All Deployments are Ready" in done.stdout


def block(value, pad=""):
    """Return YAML in blocks, lists not indented, all text in single quotes."""
    out = []
    if isinstance(value, dict):
        for key, one in value.items():
            nested = isinstance(one, (dict, list)) and one
            out.append(f"{pad}{key}:" + ("" if nested else f" {_word(one)}"))
            out += [block(one, pad if isinstance(one, list) else pad + "  ")] if nested else []
    else:
        for one in value:
            nested = isinstance(one, (dict, list)) and one
            inner = block(one, pad + "  ") if nested else f"{pad}  {_word(one)}"
            out.append(f"{pad}- {inner[len(pad) + 2 :]}")
    return "\n".join(out)


def _word(value):
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value)


def edit(workspace: Path, find, pointer: str, value) -> None:
    """Change one value of the first manifest that ``find`` accepts."""
    files = load(workspace)
    file = next(file for file, one in files.items() if find(file, one))
    files[file] = copy.deepcopy(files[file])
    put(files, file, pointer, value)
    (workspace / file).write_text(block(files[file]), "utf-8")


def relist(workspace: Path, change) -> None:
    """Rewrite fixes.json after ``change``."""
    fixes = json.loads((workspace / "fixes.json").read_text("utf-8"))
    change(fixes)
    (workspace / "fixes.json").write_text(json.dumps(fixes), "utf-8")


def kind(wanted: str, part: str = ""):
    """Return a test for manifests of a kind whose file name has ``part``."""
    return lambda file, one: one["kind"] == wanted and part in file


def front(file: str, one) -> bool:
    """Tell the front end's Deployment: a web program that connects to nothing at its start."""
    template = one.get("spec", {}).get("template", {})
    return (
        one["kind"] == "Deployment"
        and template["metadata"] == {"labels": template["metadata"]["labels"]}
        and (template["metadata"]["labels"]["tier"] == "web")
    )
