"""Generate a repository of 240 files in which one component's setting is to be renamed, and the right result.

The old name is in many more places than it is to be changed: other components, vendored copies, history, and
a longer name that only begins alike. `traps_alive` makes sure that each kind of place is really there.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import _rename_setting_code as code
import _rename_setting_rest as rest

N_FILES = 240
N_SITES = 26
UNLIMITED = "unlimited"
REMARKS = ["  ; agreed with the site", "  ; since the flood", "  ; ask the night desk first"]

Limit = int | str | None


class Fleet:
    """The repository as it is made: ``files`` by path, and the new values by place."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.component = rng.choice(rest.COMPONENTS)
        self.default, self.pause = rng.randint(2, 7), rng.choice([150, 200, 250, 400])
        self.files: dict[str, str] = {}
        self.sites: dict[str, dict[str, int | str]] = {}
        self.deploy: dict[str, int | str] = {}
        self.site_names = sorted(rng.sample(rest.SITES, N_SITES))
        self._make_services()
        self._make_sites()
        self._make_deploy()
        self._make_documents()

    def limit(self) -> int | str:
        """Draw a value of the old setting."""
        return UNLIMITED if self.rng.random() < 0.12 else self.rng.randint(0, 9)

    def _make_services(self) -> None:
        ranged = self.rng.random() < 0.5
        for path, text in code.package(self.component, self.default, self.pause, ranged).items():
            self.files[f"services/{path}"] = text
        for name, (about, meaning) in rest.ABOUT.items():
            facts = {"name": name, "about": about, "meaning": meaning}
            facts |= {"limit": str(self.rng.randint(1, 8)), "timeout": str(self.rng.randint(5, 40))}
            self.files[f"services/{name}/__init__.py"] = f'"""{about}"""\n'
            self.files[f"services/{name}/config.py"] = rest.OTHER_SERVICE.format(**facts)
            self.files[f"docs/{name}.md"] = rest.OTHER_DOC.format(**facts)
        version, limit = f"2.{self.rng.randint(1, 9)}", self.rng.randint(1, 6)
        client = rest.VENDOR_CLIENT.format(version=version, limit=limit)
        self.files["vendor/queue-client/client.py"] = client
        about = "# Queue client\n\n`retry_limit`: calls after the first one.\n"
        self.files["vendor/queue-client/README.md"] = about
        self.files[f"vendor/queue-client/examples/{self.component}.json"] = self._json(limit, [], 3)[0]
        self.files["vendor/queue-client/examples/stack.ini"] = f"[{self.component}]\nretry_limit = {limit}\n"
        variable = f"{self.component.upper()}_RETRY_LIMIT={limit}\n"
        self.files["vendor/queue-client/examples/local.env"] = variable
        self.files["vendor/queue-client/VERSION"] = version + "\n"

    # -- sites -----------------------------------------------------------------------------------

    def _make_sites(self) -> None:
        kinds = ["json"] * 13 + ["ini"] * 9
        kinds += ["none"] * (N_SITES - len(kinds))
        self.rng.shuffle(kinds)
        for number, (site, kind) in enumerate(zip(self.site_names, kinds, strict=True), 1):
            rng, folder = self.rng, f"sites/{site}"
            self.files[f"{folder}/hosts.csv"] = rest.hosts(rng, number)
            self.files[f"{folder}/contacts.md"] = rest.contacts(rng, site)
            self.files[f"{folder}/shifts.csv"] = rest.shifts(rng)
            self.files[f"{folder}/routes.csv"] = rest.routes(rng, site, self.site_names)
            base: Limit = self.limit() if rng.random() < 0.8 else None
            names = rng.sample(rest.QUEUES, rng.randint(1, 3))
            queues = [(name, self.limit() if rng.random() < 0.6 else None) for name in names]
            same = base if isinstance(base, int) else rng.randint(1, 9)
            if kind == "json":
                path = f"{folder}/{self.component}.json"
                self.files[path], found = self._json(base, queues, same)
                self._expect(path, found)
            text, found = self._ini(base, queues, same, own=kind == "ini")
            self.files[f"{folder}/stack.ini"] = text if rng.random() < 0.75 else text.replace("\n", "\r\n")
            self._expect(f"{folder}/stack.ini", found)

    def _expect(self, path: str, found: dict[str, int | str]) -> None:
        if found:
            self.sites[path] = {place: raised(value) for place, value in found.items()}

    def _json(
        self, base: Limit, queues: list[tuple[str, Limit]], same: int
    ) -> tuple[str, dict[str, int | str]]:
        """Return a site's JSON file, laid out by hand, and its old values by place."""
        rng, pad = self.rng, " " * self.rng.choice([2, 4])
        delivery = [f'"retry_limit_ms": {rng.choice([100, 300, 500])}', f'"batch": {rng.randint(10, 90)}']
        if base is not None:
            delivery.append(f'"retry_limit": {json.dumps(base)}')
        rng.shuffle(delivery)
        entries = []
        for name, value in queues:
            own = [f'"name": "{name}"', f'"batch": {rng.randint(10, 90)}']
            own += [] if value is None else [f'"retry_limit": {json.dumps(value)}']
            own += [f'"retry_limit_ms": {rng.choice([50, 75])}'] if rng.random() < 0.5 else []
            entries.append(f"{pad * 2}{{{', '.join(own)}}}")
        old = [f'"port": {rng.randint(7000, 7099)}', f'"retry_limit": {same}', '"codepage": "cp850"']
        blocks = [f'{pad}"delivery": {{\n' + ",\n".join(pad * 2 + row for row in delivery) + f"\n{pad}}}"]
        blocks.append(f'{pad}"legacy": {{\n' + ",\n".join(pad * 2 + row for row in old) + f"\n{pad}}}")
        if entries:
            blocks.append(f'{pad}"queues": [\n' + ",\n".join(entries) + f"\n{pad}]")
        rng.shuffle(blocks)
        places = {"delivery": base} | {f"queue {name}": value for name, value in queues}
        found = {place: value for place, value in places.items() if value is not None}
        return "{\n" + ",\n".join(blocks) + "\n}\n", found

    def _ini(
        self, base: Limit, queues: list[tuple[str, Limit]], same: int, *, own: bool
    ) -> tuple[str, dict[str, int | str]]:
        """Return a site's INI file and its old values by section."""
        rng, sign = self.rng, self.rng.choice([" = ", "="])
        sections = {
            "legacy": [f"port{sign}{rng.randint(7000, 7099)}", f"retry_limit{sign}{same}"],
            "scanner": [f"interval{sign}{rng.randint(5, 30)}", f"retry_limit{sign}{rng.randint(1, 9)}"],
            "tracker": [f"soft_retry_limit{sign}{rng.randint(1, 9)}", f"keep_days{sign}30"],
        }
        if rng.random() < 0.4:
            sections[f"{self.component}-archive"] = [f"retry_limit{sign}{same}", f"path{sign}/srv/archive"]
        places: dict[str, Limit] = {}
        if own:
            places = {self.component: base}
            places |= {f"{self.component}:{name}": value for name, value in queues}
            for section, value in places.items():
                rows = [f"retry_limit_ms{sign}{rng.choice([100, 300])}", f"batch{sign}{rng.randint(10, 90)}"]
                remark = rng.choice(REMARKS) if rng.random() < 0.3 else ""
                rows += [] if value is None else [f"retry_limit{sign}{value}{remark}"]
                rng.shuffle(rows)
                sections[section] = rows
        order = sorted(sections)
        rng.shuffle(order)
        text = "\n".join("\n".join([f"[{name}]", *sections[name], ""]) for name in order)
        return text, {section: value for section, value in places.items() if value is not None}

    # -- the rest --------------------------------------------------------------------------------

    def _make_deploy(self) -> None:
        names = ["common", "north", "south", "islands", "test", "training"]
        with_limit = set(self.rng.sample(names, 4))
        for name in names:
            variable = f"{self.component.upper()}_RETRY_LIMIT"
            rows = [
                f"LEGACY_RETRY_LIMIT={self.rng.randint(1, 9)}",
                f"{variable}_MS={self.rng.choice([150, 600])}",
                f"TRACKER_KEEP_DAYS={self.rng.randint(10, 60)}",
                f"QUEUE_HOST=queue.{name}.example.net",
            ]
            if name in with_limit:
                value = self.rng.randint(0, 9)
                rows.append(f"{variable}={value}")
                self.deploy[f"deploy/{name}.env"] = raised(value)
            self.rng.shuffle(rows)
            self.files[f"deploy/{name}.env"] = f"# {name}\n" + "\n".join(rows) + "\n"

    def _make_documents(self) -> None:
        values = {"@c@": self.component, "@C@": self.component.upper(), "@default@": str(self.default)}
        text = rest.DOC.replace("@pause@", str(self.pause))
        for mark, value in values.items():
            text = text.replace(mark, value)
        self.files[f"docs/{self.component}.md"] = text
        self.files["CHANGELOG.md"] = rest.changelog(self.rng, self.component)
        about = "Everything that runs at our sites. One folder per site in `sites/`, services in `services/`."
        self.files["README.md"] = f"# Fleet\n\n{about}\n"
        for number, subject in enumerate(rest.SUBJECTS, 1):
            self.files[f"docs/runbooks/{number:02}.md"] = rest.runbook(self.rng, subject)
        for week in range(1, N_FILES - len(self.files) + 1):
            self.files[f"docs/minutes/week-{week:02}.md"] = rest.minutes(self.rng)

    def rename_text(self) -> str:
        """Return the request, with the component's name."""
        return rest.RENAME.replace("@c@", self.component).replace("@C@", self.component.upper())


def raised(value: int | str) -> int | str:
    """Return the new value for an old one."""
    return value if isinstance(value, str) else value + 1


def cases(fleet: Fleet, rng: random.Random) -> list[dict[str, object]]:
    """Return hidden trial deliveries: arguments, settings file, environment, and what must come out."""
    default, pause, upper = fleet.default + 1, fleet.pause, fleet.component.upper()
    first, second, third = rng.sample([value for value in range(2, 12) if value != default], 3)
    wait = rng.choice([20, 35, 70])
    ini = f"[legacy]\nretry_limit = 9\n[{fleet.component}]\nmax_attempts = {second}\nretry_limit_ms = {wait}\n"
    ini += f"[{fleet.component}:night]\nmax_attempts = unlimited\n"
    site = {
        "delivery": {"max_attempts": first, "retry_limit_ms": wait},
        "legacy": {"retry_limit": 5},
        "queues": [{"name": "bulk", "max_attempts": third}],
    }
    old = {"delivery": {"retry_limit": 2}}
    return [
        case({"json": site}, 99, first, wait),
        case({"json": site}, first - 1, first, wait),
        case({"json": site, "argv": ["--queue", "bulk"]}, 99, third, wait),
        case({"ini": ini}, 99, second, wait),
        case({"ini": ini, "argv": ["--queue", "night"]}, 14, None, wait),
        case({}, 99, default, pause),
        case({"env": {f"{upper}_MAX_ATTEMPTS": str(third)}}, 99, third, pause),
        case({"env": {f"{upper}_RETRY_LIMIT": "19"}}, 99, default, pause),
        case({"argv": ["--max-attempts", "1"]}, 99, 1, pause),
        {"given": {"json": old}, "refused": True},
        {"given": {"argv": ["--retry-limit", "3"]}, "refused": True},
        {"given": {"json": {"delivery": {"max_attempts": 0}}}, "refused": True},
    ]


def case(given: dict[str, object], failures: int, attempts: int | None, wait: int) -> dict[str, object]:
    """Return one trial delivery; ``attempts`` None is unlimited, ``wait`` is the pause in ms."""
    tries = failures + 1 if attempts is None else min(attempts, failures + 1)
    longest = None if attempts is None else (attempts - 1) * wait
    outcome = {"delivered": tries > failures, "tries": tries, "waited_ms": (tries - 1) * wait}
    return {"given": given, "failures": failures, "expect": {**outcome, "longest_wait_ms": longest}}


def traps_alive(fleet: Fleet) -> bool:
    """Tell whether every kind of place and lookalike is there, so that each shortcut goes wrong."""
    files, own = fleet.files, fleet.component
    json_files = [path for path in fleet.sites if path.endswith(".json")]
    ini_files = [path for path in fleet.sites if path.endswith(".ini")]
    old = re.compile(r"\bretry_limit\b")
    both = [p for p in json_files if isinstance(fleet.sites[p].get("delivery"), int)]
    lookalikes = [p for p in files if old.search(files[p]) and p not in fleet.sites and p not in fleet.deploy]
    return (
        len(files) == N_FILES
        and len(json_files) >= 9
        and len(ini_files) >= 6
        and len(both) >= 3
        and any(UNLIMITED in fleet.sites[path].values() for path in json_files)
        and any(UNLIMITED in fleet.sites[path].values() for path in ini_files)
        and any("queue" in place for path in json_files for place in fleet.sites[path])
        and any(":" in place for path in ini_files for place in fleet.sites[path])
        and any(10 in values.values() for values in fleet.sites.values())
        and any(f"[{own}-archive]" in files[path] for path in ini_files)
        and any("\r\n" in files[path] for path in ini_files)
        and len(lookalikes) >= 25
    )


def draw(seed: int) -> Fleet:
    """Return the first repository of this seed in which every trap is alive."""
    for attempt in range(500):
        fleet = Fleet(random.Random(f"rename-setting:{seed}:{attempt}"))
        if traps_alive(fleet):
            return fleet
    raise AssertionError("no draft with all traps")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write ``fleet/`` and ``RENAME.md``, and the hidden values and trial deliveries."""
    fleet = draw(seed)
    for name, text in sorted(fleet.files.items()):
        target = workspace / "fleet" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
    (workspace / "RENAME.md").write_text(fleet.rename_text(), "utf-8")
    own_code = [name for name in sorted(fleet.files) if name.startswith(f"services/{fleet.component}/")]
    answers = {
        "component": fleet.component,
        "default": fleet.default + 1,
        "sites": fleet.sites,
        "deploy": fleet.deploy,
        "code": [name for name in own_code if "retry_limit" in fleet.files[name]],
        "cases": cases(fleet, random.Random(f"rename-setting-cases:{seed}")),
    }
    (hidden / "answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True), "utf-8")
    (hidden / "messages.json").write_text(json.dumps({"component": fleet.component}), "utf-8")
