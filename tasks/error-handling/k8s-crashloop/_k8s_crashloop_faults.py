"""The faults of staging: what each one changes, and where a repair may change something.

Six stand against constraints.md; ``decided`` and ``undone`` are the settings that the day left wrong.
"""

import copy

from _k8s_crashloop_parts import encoded, manifests
from _k8s_crashloop_slots import put

FAULTS = ("selector", "memory", "config", "probe", "secret", "policy")
BOX = "/spec/template/spec/containers/0"


def draw_broken(rng, cast, day):
    """Return the right manifests, the broken ones, roles and words of the faults, and where each may be repaired."""
    right = manifests(cast)
    broken = copy.deepcopy(right)
    for slot in day.slots.values():
        put(right, slot, slot.right)
        put(broken, slot, slot.now)
    starved, misnamed = rng.sample(["first", "second"], 2)
    story = {"memory": starved, "config": misnamed, "secret": rng.choice(["first", "second"])}
    places = {fault: _MAKERS[fault](rng, cast, broken, story) for fault in FAULTS}
    for group in ("decided", "undone"):
        slots = [slot for slot in day.slots.values() if slot.group == group]
        places[group] = [(slot.file, slot.pointer) for slot in slots]
    places["memory"] += [(slot.file, slot.pointer) for slot in day.slots.values() if slot.group == "memory"]
    return right, broken, story, places


def _selector(rng, cast, broken, story):
    name, space = cast.names["db"], cast.spaces["data"]
    file = f"{space}/{name}-service.yaml"
    selectors = [
        {"app": name.replace("-", "")}, {"app": name.replace("-", "_")}, {"app": f"{name}-0"},
        {"app": name, "tier": "database"}, {"app": name.removesuffix("-db")},
    ]  # fmt: skip
    broken[file]["spec"]["selector"] = rng.choice(selectors)
    return [(file, "/spec/selector")]


def _memory(rng, cast, broken, story):
    role = story["memory"]
    file = f"{cast.spaces['app']}/{cast.names[role]}-deployment.yaml"
    resources = broken[file]["spec"]["template"]["spec"]["containers"][0]["resources"]
    for kind in ("requests", "limits"):
        resources[kind]["memory"] = resources[kind]["memory"].replace("Mi", "m")
    return [(file, f"{BOX}/resources/{kind}/memory") for kind in ("requests", "limits")]


def _config(rng, cast, broken, story):
    role = story["config"]
    file = f"{cast.spaces['app']}/{cast.names[role]}-deployment.yaml"
    env = broken[file]["spec"]["template"]["spec"]["containers"][0]["env"]
    refs = [
        (number, one["valueFrom"]["configMapKeyRef"])
        for number, one in enumerate(env)
        if "configMapKeyRef" in one.get("valueFrom", {}) and one["name"].startswith("DB_")
    ]
    number, ref = rng.choice(refs)
    first, second = ref["key"].split("_")
    ref["key"] = rng.choice(
        [ref["key"].upper(), f"{first.upper()}_{second}", f"{first}_{second.capitalize()}"]
    )
    story["config-key"] = ref["key"]
    settings = f"{cast.spaces['app']}/{cast.settings}-configmap.yaml"
    return [(file, f"{BOX}/env/{number}/valueFrom/configMapKeyRef/key"), (settings, f"/data/{ref['key']}")]


def _probe(rng, cast, broken, story):
    file = f"{cast.spaces['app']}/{cast.names['front']}-deployment.yaml"
    box = broken[file]["spec"]["template"]["spec"]["containers"][0]
    story["probe-port"] = rng.choice(
        ["http", "health", f"{cast.port_names['front']}-http", f"{cast.names['front']}"]
    )
    box["readinessProbe"]["httpGet"]["port"] = story["probe-port"]
    return [(file, f"{BOX}/readinessProbe/httpGet/port"), (file, f"{BOX}/ports")]


def _secret(rng, cast, broken, story):
    role = story["secret"]
    file = f"{cast.spaces['app']}/{cast.names[role]}-db-secret.yaml"
    broken[file]["data"]["password"] = encoded(cast.passwords[role] + "\n")
    return [(file, "/data/password"), (file, "/stringData")]


def _policy(rng, cast, broken, story):
    file = f"{cast.spaces['data']}/{cast.names['db']}-policy.yaml"
    rule = broken[file]["spec"]["ingress"][0]
    entry = rule["from"][-1]
    story["policy"] = rng.choice(["team", "label", "home", "gone"])
    if story["policy"] == "team":
        entry["namespaceSelector"]["matchLabels"]["team"] = f"{cast.teams['jobs']}-team"
    elif story["policy"] == "label":
        entry["podSelector"]["matchLabels"]["app"] = f"{cast.names['batch']}-cron"
    elif story["policy"] == "home":
        del entry["namespaceSelector"]
    else:
        rule["from"].pop()
    return [(file, "/spec/ingress")]


_MAKERS = {
    "selector": _selector,
    "memory": _memory,
    "config": _config,
    "probe": _probe,
    "secret": _secret,
    "policy": _policy,
}


def with_faults_left(right, broken, places, left):
    """Return the right manifests with the broken values of these faults' places put back."""
    mixed = copy.deepcopy(right)
    for fault in left:
        for file, pointer in places[fault]:
            _copy_value(broken[file], mixed[file], pointer)
    return mixed


def _copy_value(source, target, pointer):
    *path, last = pointer.split("/")[1:]
    for step in path:
        source, target = (thing[int(step) if isinstance(thing, list) else step] for thing in (source, target))
    if isinstance(source, list):
        target[int(last)] = copy.deepcopy(source[int(last)])
    elif last in source:
        target[last] = copy.deepcopy(source[last])
    else:
        target.pop(last, None)
