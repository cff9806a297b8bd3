"""Writes manifests, constraints, events and logs of staging as people and machines left them."""

import json
import re

from _k8s_crashloop_parts import CALLERS, INGRESS, ROLES, SERVICE_PORT, WEB, address
from _k8s_crashloop_story import SHIFT

PLAIN = re.compile(r"[A-Za-z_/][\w./-]*(?: [\w./-]+)*(?::[\w./-]+)*|\d+(?:m|Mi)")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def scalar(value):
    """Return a value as YAML."""
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) and value.lower() not in WORDS else json.dumps(value)
    return json.dumps(value)


def yaml_lines(value, indent=0):
    """Return the lines of a mapping or list in YAML."""
    pad, lines = " " * indent, []
    if isinstance(value, dict):
        for key, one in value.items():
            name = key if PLAIN.fullmatch(key) else json.dumps(key)
            if isinstance(one, (dict, list)) and one:
                lines += [f"{pad}{name}:", *yaml_lines(one, indent + 2)]
            else:
                lines.append(f"{pad}{name}: {scalar(one)}")
        return lines
    for one in value:
        if isinstance(one, (dict, list)):
            inner = yaml_lines(one, indent + 2)
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        else:
            lines.append(f"{pad}- {scalar(one)}")
    return lines


def manifest_text(rng, thing):
    """Return the text of a manifest, sometimes with a comment on top."""
    heads = {
        "Deployment": ["# owner: platform team", "# rendered by hand, see runbook", ""],
        "NetworkPolicy": ["# closed by default; callers are listed in constraints.md", ""],
        "Secret": ["# staging only", ""],
    }
    head = rng.choice(heads.get(thing["kind"], [""]))
    return "\n".join([*([head] if head else []), *yaml_lines(thing), ""])


CONSTRAINTS = """# Staging: what has to hold

## Workloads

| Deployment | namespace | memory request | memory limit | probes |
|---|---|---:|---:|---|
{workloads}
The quotas stay as they are. They fit exactly this, with the replicas as they should be.

## Who talks to whom

| Service | port | may be called by |
|---|---:|---|
{callers}
A caller is a pod with both this `app` label and this namespace; "ingress" is any pod of the namespace `{ingress}`.
Whatever is not in this table stays blocked by the NetworkPolicies: other pods, other namespaces, other ports.

From outside, `{host}` leads {routes}.

## What was decided that day

A setting is a value that a line of `chat.txt` (the team's channel) or an edit in `events.txt` is about. At 12:00 local
time all settings had their right values. What came then is in these two files; `events.txt` has every edit that was
made that day, with the old and the new value and the login. The channel has local time, events and logs have UTC. The
manifests were exported at 18:00 local time, and each setting is to be as it should stand at that minute.

| owner | login | of |
|---|---|---|
{owners}
An entry `NAME.…` of a ConfigMap is read by the workload NAME and belongs to its owner; its name says its unit.
{others} own nothing.
`pipeline` is the deployment that ran before 12:00.

- A setting changes by the word of its owner alone: an edit they make themselves, what they say in the channel, or
  their yes there to a proposal or an edit. What others say, agree to, report of an owner, or edit decides nothing.
- The owner's latest word holds. They may take it back, tie it to a time or a condition, or let another decide for them
  for a while, whose word in the channel is then the owner's.
- Where no word of the owner holds, the setting has its value of 12:00.

This goes before the next section; the tables above go before this.

## What stays

1. Nothing is added or removed: the files keep their names, each with its one object. Names, namespaces and labels of
   objects and of pods stay, and so do images, replicas, and the ports that programs listen on.
2. All probes stay, with their paths and times. They may ask a port by name or by number.
3. The database was set up with the passwords in `{auth}`; these are right. The copies in its clients' Secrets
   must equal them to the character.
4. Variables keep coming from ConfigMaps and Secrets, under the names they have. The entries of a ConfigMap are used by
   others too and stay, but a missing entry may be added.
5. Only values that are wrong change. Layout, comments and quotes in the files are up to you.

## kubesim.py

It tells whether the pods become Ready, as the cluster would, and stops at its first error. It reads one object per
file and a plain YAML: its first lines say which. It knows nothing of what was decided. It sends no traffic of users
and none that a program starts only later (the {batch} job opens the database at night, {front} calls the others when
a page is asked for).
"""


def constraints_text(cast, day):
    """Return constraints.md."""
    workloads = ""
    for role in ROLES:
        probes = "readiness, liveness" if role in WEB else "readiness" if role in cast.ports else "none"
        request, limit = cast.memory[role] // 2, cast.memory[role]
        workloads += (
            f"| {cast.names[role]} | {cast.space_of(role)} | {request} MiB | {limit} MiB | {probes} |\n"
        )
    callers = ""
    for role, names in CALLERS.items():
        listed = [f"{cast.names[one]} ({cast.space_of(one)})" for one in names]
        listed += ["ingress"] if role in WEB else []
        callers += (
            f"| {cast.names[role]} ({cast.space_of(role)}) | {SERVICE_PORT[role]} | {', '.join(listed)} |\n"
        )
    routes = [f"`{cast.paths[role]}` to {cast.names[role]}" for role in WEB]
    return CONSTRAINTS.format(
        workloads=workloads, callers=callers, ingress=INGRESS, host=cast.host,
        routes=f"{', '.join(routes[:-1])} and {routes[-1]}", auth=f"{cast.names['db']}-auth",
        batch=cast.names["batch"], front=cast.names["front"], owners=_owners(cast, day),
        others=", ".join(f"{day.people[one]} (`{day.login(one)}`)" for one in ("ops", "ops2"))
        + f" and {day.people['support']} (`{day.login('support')}`)",
    )  # fmt: skip


def _owners(cast, day):
    text = ""
    for desk in ("front", "first", "second", "stores", "batch"):
        roles = ("db", "cache") if desk == "stores" else (desk,)
        things = " and ".join(cast.names[role] for role in roles)
        text += f"| {day.people[desk]} | `{day.login(desk)}` | {things} |\n"
    return text


def chat_text(date, day):
    """Return chat.txt, oldest line first."""
    lines = [f"# channel staging, {date}, local time (UTC+2)"]
    for second, who, text in sorted(day.lines):
        lines.append(f"{second // 3600:02}:{second % 3600 // 60:02} {who}: {text}")
    return "\n".join([*lines, ""])


class Afternoon:
    """Collects events and log lines of the afternoon on which staging went down."""

    def __init__(self, rng, cast):
        self.rng, self.cast = rng, cast
        self.day = f"2026-{rng.randint(4, 9):02}-{rng.randint(10, 27)}"
        self.events, self.logs = [], {}
        self.pods = {}
        for role in ROLES:
            hashes = ["".join(rng.choices("bcdfghjklmnpqrstvwxz2456789", k=n)) for n in (9, 5)]
            self.pods[role] = "-".join([cast.names[role], *hashes])

    def event(self, minute, role, kind, reason, message):
        """Note an event of a pod, ``minute`` minutes after 13:00."""
        stamp = self._stamp(minute)
        self.events.append((stamp, self.cast.space_of(role), kind, reason, f"pod/{self.pods[role]}", message))

    def log(self, minute, role, level, text):
        """Note a line of a pod's log."""
        self.logs.setdefault(role, []).append((self._stamp(minute), f"{level:<5} {text}"))

    def edits(self, day):
        """Note the edits of a day, and the migration of its morning."""
        for stamp, word in (("07:05:08", "Started"), ("07:35:41", "Finished")):
            what = ("Normal", f"Migration{word}", "job/migration", f"Migration {word.lower()}")
            self.events.append((stamp, self.cast.spaces["data"], *what))
        for local, who, slot, old, new in day.edits:
            second = local - SHIFT * 60
            stamp = f"{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}"
            pair = " -> ".join(json.dumps(slot.stored(one)) for one in (old, new))
            thing = f"{slot.kind.lower()}/{slot.name}"
            self.events.append(
                (stamp, slot.space, "Normal", "Edited", thing, f"{slot.pointer} by {who}: {pair}")
            )
        for minute, role, slow, limit in day.tests:
            self.log(minute, role, "INFO", "load test started")
            self.log(minute + 9, role, "INFO", f"load test finished: p95 {slow} ms, limit {limit} ms")

    def _stamp(self, minute):
        return f"{13 + minute // 60:02}:{minute % 60:02}:{self.rng.randint(0, 59):02}"

    def events_text(self):
        """Return events.txt, oldest first."""
        lines = [
            f"# kubectl get events -A, {self.day}, UTC",
            f"{'TIME':<10}{'NAMESPACE':<17}{'TYPE':<9}{'REASON':<20}OBJECT / MESSAGE",
        ]
        for stamp, space, kind, reason, pod, message in sorted(self.events):
            lines.append(f"{stamp:<10}{space:<17}{kind:<9}{reason:<20}{pod}  {message}")
        return "\n".join([*lines, ""])

    def log_files(self):
        """Return the name and text of each pod's log."""
        for role, lines in self.logs.items():
            text = "".join(f"{self.day}T{stamp}Z {line}\n" for stamp, line in sorted(lines))
            yield f"{self.cast.space_of(role)}_{self.pods[role]}.log", text


def version(cast, day, role):
    """Return the version of a workload that ran in the afternoon."""
    return day.slots[role, "image"].now if role in WEB else cast.versions[role]


def afternoon(rng, cast, story, day):
    """Return what was seen: each fault once, some only before a later one hid it, and things that mean nothing."""
    seen = Afternoon(rng, cast)
    db = f"{address(cast, 'db')}:{SERVICE_PORT['db']}"
    for number, role in enumerate(ROLES):
        image = f"registry.example/{cast.spaces['app']}/{cast.names[role]}:{version(cast, day, role)}"
        seen.event(
            2 + number, role, "Normal", "Pulled", f'Container image "{image}" already present on machine'
        )
        seen.event(3 + number, role, "Normal", "Started", f"Started container {cast.names[role]}")
    seen.event(
        1, "cache", "Warning", "FailedScheduling", "0/3 nodes are available: 1 node(s) had untolerated taint"
    )
    seen.edits(day)
    _servers(seen, cast, story)
    for role in ("first", "second"):
        name, level = cast.names[role], day.slots[role, "level"].now
        seen.log(4, role, "INFO", f"{name} {version(cast, day, role)} starting, log level {level}")
        if story["secret"] == role:
            seen.log(
                8, role, "FATAL", f'db: connect to {db}: password authentication failed for user "{name}"'
            )
        else:
            seen.log(8, role, "INFO", f"db: connected to {db}")
            seen.log(9, role, "WARN", "config: key pool_size is deprecated, use pool.max")
        for minute in (34, 36, 40):
            seen.log(minute, role, "INFO", f"{name} {version(cast, day, role)} starting, log level {level}")
            seen.log(
                minute + 1, role, "FATAL", f"db: database refused connection ({db}). Is the database running?"
            )
        seen.event(
            35,
            role,
            "Warning",
            "BackOff",
            f"Back-off restarting failed container {name} in pod {seen.pods[role]}",
        )
        seen.event(
            43,
            role,
            "Warning",
            "BackOff",
            f"Back-off restarting failed container {name} in pod {seen.pods[role]}",
        )
    starved, misnamed = story["memory"], story["config"]
    seen.event(62, starved, "Warning", "RunContainerError", "failed to create containerd task: container init was "
               "OOM-killed (memory limit too low?)")  # fmt: skip
    seen.event(64, misnamed, "Warning", "Failed", f"Error: couldn't find key {story['config-key']} in ConfigMap "
               f"{cast.spaces['app']}/{cast.settings}")  # fmt: skip
    probe = f'Readiness probe errored: strconv.Atoi: parsing "{story["probe-port"]}": invalid syntax'
    for minute in (15, 29, 66):
        seen.event(minute, "front", "Warning", "Unhealthy", probe)
    return seen


def _servers(seen, cast, story):
    """Note what the database, the cache, the nightly job and the front end logged."""
    db = f"{address(cast, 'db')}:{SERVICE_PORT['db']}"
    seen.log(3, "db", "LOG", "starting database, data directory found, skipping initialization")
    seen.log(4, "db", "LOG", f"listening on 0.0.0.0:{SERVICE_PORT['db']}")
    seen.log(5, "db", "LOG", "database system is ready to accept connections")
    user = cast.names[story["secret"]]
    seen.log(8, "db", "FATAL", f'password authentication failed for user "{user}"')
    seen.log(19, "db", "LOG", "checkpoint complete: wrote 41 buffers (0.3%)")
    seen.log(49, "db", "LOG", "checkpoint complete: wrote 3 buffers (0.0%)")
    seen.event(
        24,
        "db",
        "Warning",
        "Unhealthy",
        "Readiness probe failed: dial tcp: i/o timeout (node under disk pressure)",
    )
    seen.event(25, "db", "Normal", "NodePressureGone", "Node has no disk pressure any more")
    seen.log(4, "cache", "INFO", "ready, 0 keys loaded")
    seen.log(30, "cache", "WARN", "overcommit_memory is 0, background saves may fail when memory is low")
    for minute in (6, 12):
        seen.log(
            minute, "batch", "WARN", f"dry run of the night job: db: connect to {db}: timed out after 10 s"
        )
    seen.log(5, "batch", "INFO", f"cache: connected to {address(cast, 'cache')}:{SERVICE_PORT['cache']}")
    seen.log(41, "batch", "WARN", f"dry run of the night job: db: database refused connection ({db})")
    seen.log(4, "front", "INFO", f"listening on :{cast.ports['front']}, metrics on :9187")
    seen.log(50, "front", "WARN", "no visitors for 30 minutes, is the ingress up?")
