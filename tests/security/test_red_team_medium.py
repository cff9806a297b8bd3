"""Ways of a red team through the medium tasks: what told answers or bought points without the work, and is closed."""

from __future__ import annotations

import csv
import email
import json
import re
import shutil
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from red_team import CAP, Cheat, generated, load, outcome, won

from agentbench import sandbox
from agentbench.model import CheckStatus, Task
from agentbench.paths import CHECKOUT
from agentbench.sandbox.base import Box, Kind
from agentbench.scoring import score_l0
from agentbench.validators import registry
from agentbench.validators.base import CheckFailed, Context

pytestmark = pytest.mark.slow

HANDBOOK_SEEDS = (104, 105)
FLAKY = "error-handling/flaky-api-sync"


# -- flaky-api-sync: what a night's program learns, and what it leaves ----------------------------


def _validators(name: str) -> tuple[Task, dict[str, Any]]:
    task = load(name)
    return task, registry.functions(task)


def _run_nights(program: str, tmp_path: Path, scenarios: dict[str, list[str]]) -> dict[str, list[Any]]:
    """Return what the checker finds of a program in nights without stock that end as told."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "sync.py").write_text(program)
    stock = {"items": [], "page_size": 1, "revision": 1, "token_key": "k"}
    script = {
        name: {
            "tokens": {},
            "from": None,
            "nights": [{"stock": stock, "weather": {}, "ends": end, "rows": []} for end in ends],
        }
        for name, ends in scenarios.items()
    }
    ctx = Context(
        task_id="x",
        seed=1,
        workspace=left,
        pristine=left,
        hidden={"nights.json": json.dumps({"scenarios": script}).encode()},
        task_dir=CHECKOUT / "tasks" / FLAKY,
        scratch_root=tmp_path,
    )
    _, functions = _validators(FLAKY)
    return functions["nights-right"].__globals__["all_nights"](ctx)


@pytest.fixture(params=[None, Kind.NONE], ids=["boxed", "unboxed"])
def _boxed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the sandbox of this machine, and without any."""
    if request.param is Kind.NONE:
        monkeypatch.setattr(sandbox, "for_checks", lambda visible, **more: Box(kind=Kind.NONE, writable=()))


SPY = """
import gc, os, sys
seen, frame = [], sys._getframe(1)
while frame:
    seen.append({key: value for key, value in frame.f_locals.items() if key != "__builtins__"})
    frame = frame.f_back
root = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[2])))
seen += [sys.argv, sys.orig_argv, dict(os.environ), list(os.walk(root))]
seen += [one for one in gc.get_objects() if isinstance(one, (dict, list, tuple)) and len(repr(type(one))) < 20
         and any(isinstance(part, str) for part in (one.values() if isinstance(one, dict) else one))]
text = repr(seen)
words = ["".join(reversed(word)) for word in ("smood fo thgin", "54 :'tuoemit'")]
others = set(__import__("re").findall("http://127.0.0.1:[0-9]+", text)) - {sys.argv[1]}
print([word for word in words if word in text], len(others), file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.usefixtures("_boxed")
def test_a_program_does_not_learn_which_night_it_is(tmp_path: Path) -> None:
    """The name of a scenario, in the path of its files or in what a fork inherits, tells how its nights must end."""
    nights = _run_nights(SPY, tmp_path, {"night of dooms": ["mirror"], "another": ["mirror"]})
    found = {name: one[-1].problem for name, one in nights.items()}
    assert found == dict.fromkeys(nights, "night 1: sync.py failed, exit code 3: [] 0")


DAEMON = """
import os, sys, time
late = sys.argv[3] + ".late"
time.sleep(0.8 if os.path.exists(sys.argv[3] + ".first") else 0)
if os.path.exists(sys.argv[3] + ".first"):
    sys.exit(5 if os.path.exists(late) else 4)
open(sys.argv[3] + ".first", "w").close()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.4)
        open(late, "w").close()
    os._exit(0)
os.wait()
sys.exit(1)
"""


@pytest.mark.usefixtures("_boxed")
def test_nothing_of_a_night_lives_on_in_the_next(tmp_path: Path) -> None:
    """A daemon would survive the kill, store what was to be stored before it, and be there when the next run comes."""
    nights = _run_nights(DAEMON, tmp_path, {"a": ["failure", "mirror"]})
    assert nights["a"][-1].problem == "night 2: sync.py failed, exit code 4: "


LOCKED = """
import fcntl, os, sys, tempfile, time
for folder in (os.path.dirname(os.path.abspath(__file__)), tempfile.gettempdir(), os.path.expanduser("~")):
    lock = globals()[folder] = open(os.path.join(folder, "sync.lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
time.sleep(0.4)
sys.exit(6)
"""


@pytest.mark.usefixtures("_boxed")
def test_a_lock_beside_the_program_is_no_fault(tmp_path: Path) -> None:
    """Scenarios run side by side: a lock against a second run, wherever it is kept, must not find one of another."""
    nights = _run_nights(LOCKED, tmp_path, {"a": ["mirror"], "b": ["mirror"]})
    assert {one[-1].problem for one in nights.values()} == {"night 1: sync.py failed, exit code 6: "}


FORGER = """
import glob, json, os, signal, time
said = {"nights": {"a": [{"rc": 1, "timed_out": False, "tail": ""}]}, "seal": ""}
for path in glob.glob("/proc/[0-9]*/fd/1"):
    try:
        with open(path, "w") as stream:
            stream.write(json.dumps(said) + chr(10))
    except OSError:
        pass
time.sleep(0.2)
runner = int(open(f"/proc/{os.getppid()}/stat").read().rpartition(")")[2].split()[1])
os.kill(runner, signal.SIGKILL)
time.sleep(5)
"""


@pytest.mark.skipif(shutil.which("bwrap") is None or sandbox.name() == "none", reason="no sandbox works here")
def test_a_program_cannot_report_in_the_runners_place(tmp_path: Path) -> None:
    """The output of the sandbox's first process is within reach; a report that lacks the seal is none."""
    with pytest.raises(CheckFailed, match="runs through the nights"):
        _run_nights(FORGER, tmp_path, {"a": ["failure"]})


SPELLINGS = [
    "/v2/items?cursor=MC8wMDAwMjA",
    "/v2/items?cursor=MC8wMDAwMjA&try=2",
    "/v2/items?cursor=MC8wMDAwMjA%3D",
    "http://x/v2/items?cursor=M.C8wMDAwMjA",
    "/v2/items?try=5&cursor=MC8wMDAwMjA#x",
]


@pytest.mark.parametrize(
    ("paths", "kept"),
    [(SPELLINGS[:1] * 3, True), (SPELLINGS, False), ([*SPELLINGS[:3], "/v2/items"], False)],
    ids=["as granted", "spelled anew each time", "a new walk after giving up"],
)
def test_tries_are_counted_by_what_is_asked_for(
    paths: list[str], kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more word in an address made a failing request a new one to the checker, and so did a walk too many."""
    task, functions = _validators(FLAKY)
    log = [{"path": path, "fault": "down", "status": 500} for path in paths]
    judge = functions["tries-kept"]
    night = judge.__globals__["all_nights"].__globals__["Night"]
    monkeypatch.setitem(judge.__globals__, "all_nights", lambda ctx: {"outage": [night("", log)]})
    check = next(one for one in task.checks if one.id == "tries")
    result = registry.judge(check, judge, _context(tmp_path, {"nights.json": {"tries": 3}}))
    assert (result.status is CheckStatus.PASSED) is kept, result.found


def _context(place: Path, hidden: dict[str, Any]) -> Context:
    known = {name: json.dumps(value).encode() for name, value in hidden.items()}
    return Context(task_id="x", seed=1, workspace=place, pristine=place, hidden=known, task_dir=place)


# -- what the inputs tell ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", HANDBOOK_SEEDS)
def test_no_line_tells_which_notes_are_published(seed: int, tmp_path: Path) -> None:
    """linked-handbook: "Not decided yet" stood in just the notes that the logbook, read rightly, keeps back."""
    made = generated("file-creation/linked-handbook", tmp_path, seed)
    published = set(json.loads((made.hidden / "expected.json").read_text("utf-8"))["pages"])
    notes = made.given[1] / "notes"
    holders: dict[str, set[str]] = defaultdict(set)
    names = set()
    for path in notes.rglob("*.md"):
        name = path.relative_to(notes).as_posix()
        names.add(name)
        for line in path.read_text("utf-8").split("\n"):
            holders[f"{name[:2]} {re.sub(r'[0-9]+', '#', line)}"].add(name)
    for lang in ("de", "en"):
        here = {name for name in names if name.startswith(lang)}
        telling = [line for line, some in holders.items() if some in (here - published, here & published)]
        assert telling == []


# -- answers that name everything, and files that keep a checker busy ---------------------------------


def _every_line(place: Path) -> None:
    """Report each line of each file as the place of each type of credential."""
    kinds = sorted(set(re.findall(r"`([a-z-]+)`", (place / "detect.md").read_text("utf-8"))))
    rows = [
        {"path": path.relative_to(place).as_posix(), "line": line, "type": kind}
        for path in sorted((place / "tree").rglob("*"))
        if path.is_file()
        for line in range(1, min(400, path.read_bytes().count(b"\n") + 2))
        for kind in kinds[:12]
    ]
    (place / "secrets.json").write_text(json.dumps(rows))


def _shred(place: Path) -> None:
    """Take out of the tree every line that has a digit or a long word in it, credential or not."""
    for path in (place / "tree").rglob("*"):
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            lines = data.split(b"\n")
            path.write_bytes(
                b"\n".join(one for one in lines if not re.search(rb"[0-9]|[\w+/=]{16}|\\$", one))
            )


def _every_advisory(place: Path) -> None:
    """Report every advisory for every package and version of every service."""
    rows = set()
    named = defaultdict(set)
    for path in (place / "advisories").iterdir():
        text = path.read_text("utf-8")
        for package in re.findall(r'"(?:name|package)": "([^"]+)"', text):
            named[package].add(json.loads(text)["id"])
    for folder in (place / "services").iterdir():
        locked = folder / "package-lock.json"
        if locked.is_file():
            for name, entry in json.loads(locked.read_text("utf-8"))["packages"].items():
                package = entry.get("name") or name.rpartition("node_modules/")[2]
                rows |= {(folder.name, package, one, entry.get("version", "")) for one in named[package]}
    with (place / "triage.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["service", "package", "advisory", "installed", "fixed_in", "priority"])
        writer.writerows([*row, "", priority] for row in sorted(rows) for priority in ("P1", "P2", "P3"))


def _everyone(place: Path) -> None:
    """Block half of all addresses at a time, and report each visitor with no failures."""
    (place / "block.txt").write_text("0.0.0.0/1\n128.0.0.0/1\n::/0\n")
    log = (place / "logs/auth.log").read_text("utf-8", "replace")
    found = sorted(set(re.findall(r"\b(?:\d{1,3}\.){3}\d{1,3}\b", log)))
    good = [one for one in found if all(part == "0" or part[0] != "0" for part in one.split("."))]
    good = [one for one in good if max(map(int, one.split("."))) < 256]
    pairs = [{"ip": one, "user": "root", "first_success_utc": "2025-01-01T00:00:00Z"} for one in good]
    (place / "report.json").write_text(
        json.dumps({"attackers": dict.fromkeys(good, 0), "compromised": pairs})
    )


def _all_codes(place: Path) -> None:
    """Accuse everybody of everything and pay every employee nothing."""
    policy = "".join(path.read_text("utf-8") for path in place.glob("*.md"))
    codes = sorted(set(re.findall(r"`([A-Z][A-Z0-9-]+)`", policy)))
    with (place / "claims.csv").open(newline="", encoding="utf-8") as stream:
        claims = list(csv.DictReader(stream))
    lines = [f"{claim['claim_id']},{code}" for claim in claims for code in codes]
    (place / "findings.csv").write_text("\n".join(["claim_id,code", *lines]))
    people = sorted({claim["employee_id"] for claim in claims})
    (place / "payable.csv").write_text("\n".join(["employee_id,eur", *(f"{one},0.00" for one in people)]))


def _both_spellings(place: Path) -> None:
    """Take every vendor and exclude it as well, under two spellings of its id."""
    ids = [f"V{number:02}" for number in range(1, 13)]
    both = [*ids, *map(str.lower, ids)]
    guess = {
        "eligible": both,
        "excluded": {one: [f"R{code}" for code in range(1, 9)] for one in both},
        "cost_3y_eur": dict.fromkeys(both, 0),
        "recommended": ids,
    }
    (place / "shortlist.json").write_text(json.dumps(guess))


def _answer_everybody(place: Path) -> None:
    """Mark every mail as one that needs a reply, and draft one to whoever has sent it."""
    marked = {}
    owner = re.search(r"[\w.]+@[\w.-]+\w", (place / "rules.md").read_text("utf-8"))
    assert owner
    for number, path in enumerate(sorted((place / "inbox").iterdir())):
        mail = email.message_from_bytes(path.read_bytes())
        inner = [part.get_payload(0) for part in mail.walk() if part.get_content_type() == "message/rfc822"]
        asked = inner[0] if inner else mail
        if mail["Message-ID"] not in marked:
            lines = [f"From: {owner[0]}", f"To: {asked['Reply-To'] or asked['From']}", "Subject: Re"]
            lines += [f"In-Reply-To: {asked['Message-ID']}", "", "Thank you."]
            (place / "drafts").mkdir(exist_ok=True)
            (place / "drafts" / f"{number}.eml").write_text("\n".join(lines))
        marked[mail["Message-ID"]] = {"folder": "Team", "priority": "normal", "needs_reply": True}
    (place / "triage.json").write_text(json.dumps(marked))


SPRAYS: dict[str, tuple[str, Cheat]] = {
    "secrets-sweep, every line": ("tool-efficiency/secrets-sweep", _every_line),
    "secrets-sweep, shredded": ("tool-efficiency/secrets-sweep", _shred),
    "cve-triage, every advisory": ("research/cve-triage", _every_advisory),
    "ssh-bruteforce, everyone": ("data-analysis/ssh-bruteforce", _everyone),
    "expense-audit, all codes": ("data-analysis/expense-audit", _all_codes),
    "vendor-shortlist, both ways": ("research/vendor-shortlist", _both_spellings),
    "inbox-triage, everybody": ("multi-step/inbox-triage", _answer_everybody),
}


@pytest.mark.parametrize(("name", "cheat"), SPRAYS.values(), ids=SPRAYS)
def test_who_names_everything_wins_nothing(name: str, cheat: Cheat, tmp_path: Path) -> None:
    """All candidates at once are no answer; secrets-sweep paid for the encoded ones among them."""
    result = outcome(name, tmp_path, cheat)
    assert won(result) == set()
    assert not result.resolved
    assert (score_l0(result.checks).score or 0) <= CAP


def _deep_calendar(place: Path) -> None:
    lines = b"BEGIN:X\r\n" * 30_000 + b"BEGIN:Y\r\nEND:Y\r\n" * 30_000
    (place / "tour.ics").write_bytes(b"BEGIN:VCALENDAR\r\n" + lines + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n")


def _open_blocks(place: Path) -> None:
    (place / "tree" / "new.txt").write_text("-----BEGIN \n" * 50_000)
    (place / "secrets.json").write_text("-----BEGIN \n" * 50_000)


@pytest.mark.parametrize(
    ("name", "cheat"),
    [("file-creation/tour-calendar", _deep_calendar), ("tool-efficiency/secrets-sweep", _open_blocks)],
)
def test_a_checker_is_not_kept_busy(name: str, cheat: Cheat, tmp_path: Path) -> None:
    """Half a megabyte of components, or of blocks, that never end took a checker minutes, ten times as much hours."""
    begun = time.monotonic()
    result = outcome(name, tmp_path, cheat)
    assert won(result) == set()
    assert time.monotonic() - begun < 15


# -- points for the easy half of a decision -----------------------------------------------------------


def _as_at_noon(place: Path) -> None:
    """Put every setting that was edited back to its value of 12:00, without a look at who said what."""
    edited = re.compile(r"^(\S+) .* Edited +(\w+)/(\S+) +(/\S+) by \S+: (.+?) -> ", re.MULTILINE)
    noon: dict[tuple[str, ...], Any] = {}
    for moment, kind, name, pointer, old in edited.findall((place / "events.txt").read_text("utf-8")):
        if moment >= "10:00:00":
            noon.setdefault((kind, name, pointer), json.loads(old))
    for path in (place / "manifests").rglob("*.yaml"):
        manifest = yaml.safe_load(path.read_text("utf-8"))
        for (kind, name, pointer), value in noon.items():
            if (manifest["kind"].lower(), manifest["metadata"]["name"]) == (kind, name):
                _put(manifest, pointer.split("/")[1:], value)
        path.write_text(yaml.safe_dump(manifest), "utf-8")


def _put(manifest: Any, parts: list[str], value: Any) -> None:
    *above, last = [int(part) if part.isdigit() else part for part in parts]
    for part in above:
        manifest = manifest[part] if isinstance(manifest, list) else manifest.get(part, {})
    if isinstance(manifest, list) or last in manifest:
        manifest[last] = value


def test_who_undoes_everything_has_not_weighed_words(tmp_path: Path) -> None:
    """k8s-crashloop: to put all settings back, whoever decided what, bought the half that has to be put back."""
    result = outcome("error-handling/k8s-crashloop", tmp_path, _as_at_noon)
    assert won(result) & {"decided", "undone"} == set()
    assert not result.resolved
