"""Build a repository in trouble, and the description of the state it has to reach."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

from _git_rescue_base import base_changes
from _git_rescue_changes import (
    islands_change,
    islands_table,
    later_edit,
    mia_changes,
    mirror_changes,
    old_islands_edits,
    owner_changes,
    set_aside_edit,
)
from _git_rescue_note import note
from _git_rescue_store import EXECUTABLE, REGULAR, Store, index_file, put
from _git_rescue_story import Change, Draw, Files, apply, draw

REMOVED = "REMOVED-RELAY-TOKEN"
TABLE = "data/islands.csv"
ERRANDS = ("notes/todo.txt", "- call the printer people\n- pallets: who prices them?\n")
ZERO = "0" * 40
_WAYS = ("right", "no fuel", "no discount", "fuel first", "discount first", "no minimum", "early minimum")


class History:
    """The commits made so far, by key, with the files each of them has."""

    def __init__(self, d: Draw, rng: random.Random) -> None:
        self.store, self.d, self.rng = Store(), d, rng
        self.oid: dict[str, str] = {}
        self.files: dict[str, Files] = {"": {}}
        self.author: dict[str, str] = {}
        self.committed: dict[str, int] = {}
        self.clock = 1_739_000_000 + rng.randrange(8_000_000)
        self.programs = frozenset({f"bin/{d.pkg}"})

    def tick(self) -> int:
        """Let some hours pass and return the time."""
        self.clock += self.rng.randrange(3_000, 90_000)
        return self.clock

    def commit(self, change: Change, parent: str, *, key: str = "", of: str = "") -> str:
        """Commit ``change`` on ``parent``; ``of`` names the commit whose author line it keeps."""
        key, now = key or change.key, self.tick()
        files = apply(self.files[parent], change.edits)
        author = self.author[of] if of else change.who.at(now)
        committer = change.who.at(now + 7 if of else now)
        message = re.sub(
            "<<(.*?)>>", lambda hit: self.oid[hit[1]][: self.rng.randrange(8, 13)], change.message
        )
        parents = [self.oid[parent]] if parent else []
        self.oid[key] = self.store.commit(self.tree(files), parents, author, committer, message)
        self.files[key], self.author[key], self.committed[key] = files, author, now
        return key

    def tree(self, files: Files) -> str:
        return self.store.tree(files, self.programs)

    def stash(self, change: Change, base: str, untracked: Files, key: str, title: str) -> str:
        """Make the commits of a stash on ``base``; without ``untracked`` it is one of two parents."""
        now, short = self.tick(), f"{self.oid[base][:7]} {self._subject(base)}"
        line, branch = change.who.at(now), title.partition(":")[0].removeprefix("On ")
        files = apply(self.files[base], change.edits)
        parents = [
            self.oid[base],
            self.store.commit(
                self.tree(self.files[base]), [self.oid[base]], line, line, f"index on {branch}: {short}\n"
            ),
        ]
        if untracked:
            message = f"untracked files on {branch}: {short}\n"
            parents.append(self.store.commit(self.tree(untracked), [], line, line, message))
        self.oid[key] = self.store.commit(self.tree(files), parents, line, line, f"{title}\n")
        self.author[key], self.committed[key] = line, now
        return key

    def _subject(self, key: str) -> str:
        return self.store.objects[self.oid[key]][1].decode().partition("\n\n")[2].partition("\n")[0]


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write ``repo/`` and ``RESCUE.md``, and what the checks expect."""
    rng = random.Random(f"git-rescue {seed}")
    d = draw(rng)
    base, kept = base_changes(d, rng)
    cases = _cases(d, rng)
    history = History(d, rng)
    tags = _commit_everything(history, base, kept)
    order = [*base, *_new_work(d)]
    expected = _expected(history, order, tags) | {"cases": cases}
    expected["base"] = [change.subject for change in base]
    _assert_alive(history, expected)
    _write_repository(workspace / "repo", history, base, kept, tags)
    put(workspace / "RESCUE.md", note(d, order, tags, REMOVED))
    put(hidden / "expected.json", json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True))


def _new_work(d: Draw) -> list[Change]:
    mia, minimum = mia_changes(d), mirror_changes(d)[1]
    return [minimum, mia["fuel"], mia["charge"], mia["paper"], islands_change(d), *owner_changes(d)]


def _commit_everything(history: History, base: list[Change], kept: int) -> dict[str, dict[str, str]]:
    """Make all commits, lost ones included, and return the tags: name → key, tagger, message, object."""
    d, parent = history.d, ""
    for change in base:
        parent = history.commit(change, parent)
    tip, fork, mia = parent, base[kept - 1].key, mia_changes(d)
    tags = _base_tags(history, base)
    history.commit(mia["fuel-old"], tip, key="fuel-old")
    history.commit(mia["charge-old"], "fuel-old", key="charge-old")
    history.commit(mia["paper-old"], "charge-old", key="paper-old")
    history.commit(mia["charge"], "fuel-old", of="charge-old")
    history.commit(mia["paper"], "charge", of="paper-old")
    _annotate(history, tags, "v0.4.0", "paper", f"Release 0.4.0\n\nFuel surcharge.\n\n{d.mia.name}\n")
    history.commit(mia["fuel"], tip, of="fuel-old")
    history.commit(mia["other"], tip)
    islands, old = islands_change(d), islands_table(d, final=False)
    first = {TABLE: old, "out.txt": "ok\n"}
    second = {
        TABLE: islands_table(d, final=True),
        "local.env": f"RELAY_TOKEN={d.token}\n",
        "out.txt": "ok\nok\n",
    }
    title = "On main: island postcodes"
    history.stash(replace(islands, edits=old_islands_edits(d)), tip, first, "islands-old", title)
    history.stash(islands, tip, second, "islands", title)
    parent = tip
    for change in owner_changes(d):
        parent = history.commit(change, parent)
    parent = fork
    for change in mirror_changes(d):
        parent = history.commit(change, parent)
    aside = Change("aside", d.owner, "", (set_aside_edit(d),))
    history.stash(aside, "account", {}, "aside", f"On {d.topic}: autostash")
    history.commit(owner_changes(d)[0], "mirror2", key="grams-copy", of="grams")
    return tags


def _base_tags(history: History, base: list[Change]) -> dict[str, dict[str, str]]:
    d, tags = history.d, dict[str, dict[str, str]]()
    _annotate(history, tags, "v0.1.0", "rates", "Release 0.1.0\n\nFirst prices.\n")
    message = f"Release 0.2.0\n\nDeployed by hand:\n  RELAY_TOKEN={d.token} ./deploy.sh\n\nSoon by a job.\n"
    _annotate(history, tags, "v0.2.0", "move", message)
    tags["v0.3.0"] = {"key": base[-1].key, "object": history.oid[base[-1].key], "tagger": "", "message": ""}
    return tags


def _annotate(history: History, tags: dict[str, dict[str, str]], name: str, key: str, message: str) -> None:
    tagger = history.d.mia if name == "v0.4.0" else history.d.owner
    line = tagger.at(history.tick())
    oid = history.store.tag(history.oid[key], name, line, message)
    tags[name] = {"key": key, "object": oid, "tagger": line, "message": message}


def _expected(history: History, order: list[Change], tags: dict) -> dict:
    """Return what the checks compare with: every commit's work on the cleaned history, tags, edits."""
    d, files, commits = history.d, Files(), []
    subject = {change.key: change.subject for change in order}
    quote = f"{d.pkg}/quote.py"
    for change in order:
        free = [quote] if change.key == "discount" else []
        edits = tuple(tuple(part.replace(d.token, REMOVED) for part in edit) for edit in change.edits)
        after = apply(files, tuple(edit for edit in edits if edit[1] not in free))
        if change.key == "islands":
            after[TABLE] = islands_table(d, final=True)
        touched = sorted(path for path in {*files, *after} if files.get(path) != after.get(path))
        parts = re.split("<<(.*?)>>", change.message.replace(d.token, REMOVED))
        commits.append({
            "key": change.key, "subject": change.subject, "author": history.author[change.key],
            "message": [subject[part] if at % 2 else part for at, part in enumerate(parts)],
            "original": history.oid[change.key], "free": free,
            "changes": {path: _leaf(history, path, after.get(path)) for path in touched},
        })  # fmt: skip
        files = after
    edits = {edit[1]: list(edit[2:]) for edit in (set_aside_edit(d), later_edit())}
    shown = {
        name: {
            "subject": subject[tag["key"]],
            "tagger": tag["tagger"],
            "message": tag["message"].replace(d.token, REMOVED),
        }
        for name, tag in tags.items()
    }
    return {"token": d.token, "pkg": d.pkg, "commits": commits, "tags": shown, "edits": edits,
            "later": later_edit()[1], "untracked": list(ERRANDS)}  # fmt: skip


def _leaf(history: History, path: str, text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [EXECUTABLE if path in history.programs else REGULAR, Store().blob(text)]


def _cases(d: Draw, rng: random.Random) -> list[dict]:
    """Return quotes to ask for, with the price; every way of losing or misplacing a part shows in one."""
    cases = []
    while len(cases) < 60:
        zone = rng.choice(d.zones)[0]
        weight = rng.choice([1, d.step_g, d.step_g + 1, rng.randrange(1, 31_500)])
        account = rng.choice([None, *(name for name, _ in d.accounts), "Nobody"])
        cases.append({"weight": weight, "zone": zone, "express": rng.random() < 0.4, "account": account})
    answers = {way: [_price(d, case, way) for case in cases] for way in _WAYS}
    if any(found == answers["right"] for way, found in answers.items() if way != "right"):
        return _cases(d, rng)
    for case, price in zip(cases, answers["right"], strict=True):
        case["price"] = price
    return [*cases, {"weight": 100, "zone": "?", "express": False, "account": None, "price": "ValueError"}]


def _price(d: Draw, case: dict, way: str) -> int:
    _, first, more = next(zone for zone in d.zones if zone[0] == case["zone"])
    base = first + more * (max(1, -(-case["weight"] // d.step_g)) - 1)
    share = dict(d.accounts).get(case["account"], 0)
    fuel, off = _share(base, d.fuel), _share(base, share)
    if way == "fuel first":
        off = _share(base + fuel, share)
    if way == "discount first":
        fuel = _share(base - off, d.fuel)
    price = base + (0 if way == "no fuel" else fuel) - (0 if way == "no discount" else off)
    if way == "early minimum":
        price = max(price, d.minimum)
    price += d.express if case["express"] else 0
    return price if way in {"no minimum", "early minimum"} else max(price, d.minimum)


def _share(cents: int, per_mille: int) -> int:
    return (cents * per_mille + 500) // 1000


def _assert_alive(history: History, expected: dict) -> None:
    """Make sure that each trap is there: versions, the token's hiding places, work that only looks lost."""
    token, objects = history.d.token.encode(), history.store.objects
    for new, old in (
        ("fuel", "fuel-old"),
        ("charge", "charge-old"),
        ("paper", "paper-old"),
        ("islands", "islands-old"),
    ):
        assert history.committed[new] > history.committed[old]
        assert history.oid[new] != history.oid[old]
    kinds = {kind for kind, data in objects.values() if token in data}
    assert kinds == {"blob", "commit", "tag"}
    assert sum(1 for kind, data in objects.values() if kind == "blob" and token in data) >= 4
    held = history.store.reach(
        [history.oid[key] for key in ("mirror2", "account", "grams-copy", "islands-old")]
    )
    assert not held & {history.oid[key] for key in ("fuel", "charge", "paper", "islands", "aside")}
    assert expected["token"] not in json.dumps(expected["commits"] + [expected["tags"]])


def _write_repository(repo: Path, history: History, base: list[Change], kept: int, tags: dict) -> None:
    git_dir, d, oid = repo / ".git", history.d, history.oid
    old = [oid[base[kept - 1].key], tags["v0.1.0"]["object"], tags["v0.2.0"]["object"]]
    tree = apply(history.files["grams-copy"], (("put", f"{d.pkg}/quote.py", _conflict(history)),))
    picked = {
        path: text for path, text in history.files["discount"].items() if path not in history.files["grams"]
    }
    worktree = apply(tree | picked, (later_edit(),)) | dict([ERRANDS])
    entries = [
        (path, 0, *_leaf(history, path, text))
        for path, text in (tree | picked).items()
        if path != f"{d.pkg}/quote.py"
    ]
    for stage, key in enumerate(("grams", "grams-copy", "discount"), 1):
        path = f"{d.pkg}/quote.py"
        entries.append((path, stage, *_leaf(history, path, history.files[key][path])))
    history.store.write(git_dir, history.store.reach(old))
    put(git_dir / "index", index_file(entries))
    for path, text in worktree.items():
        put(repo / path, text, executable=path in history.programs)
    _write_refs(git_dir, history, tags)
    _write_logs(git_dir, history, base[-1].key)
    _write_rebase(git_dir, history)


def _conflict(history: History) -> str:
    """Return the file with conflict markers as git leaves it."""
    path = f"{history.d.pkg}/quote.py"
    ours = history.files["grams-copy"][path]
    line = "    price = rates.base_price(int(weight_g), zone)\n"
    theirs = history.files["discount"][path]
    at = theirs.index("    if zone not in")
    mark = f"{history.oid['discount'][:7]} (Give account customers their discount)"
    block = f"<<<<<<< HEAD\n{line}=======\n{theirs[at : theirs.index('    if express')]}>>>>>>> {mark}\n"
    merged = ours.replace("from . import rates\n", "from . import discount, money, rates\n").replace(
        line, block
    )
    return merged.replace("express=False):", "express=False, account=None):")


def _write_refs(git_dir: Path, history: History, tags: dict) -> None:
    oid, objects = history.oid, history.store.objects
    heads = {"refs/remotes/origin/main": oid["mirror2"]}
    heads |= {f"refs/tags/{name}": tag["object"] for name, tag in tags.items() if name != "v0.4.0"}
    lines = ["# pack-refs with: peeled fully-peeled sorted "]
    for name, target in sorted(heads.items()):
        lines.append(f"{target} {name}")
        if objects[target][0] == "tag":
            lines.append(f"^{objects[target][1][7:47].decode()}")
    put(git_dir / "packed-refs", "\n".join(lines) + "\n")
    put(git_dir / "refs/heads/main", f"{oid['mirror2']}\n")
    put(git_dir / f"refs/heads/{history.d.topic}", f"{oid['account']}\n")
    put(git_dir / "refs/stash", f"{oid['islands-old']}\n")
    put(git_dir / "HEAD", f"{oid['grams-copy']}\n")
    owner = history.d.owner
    put(git_dir / "config", (
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
        "\tlogallrefupdates = true\n"
        f"[user]\n\tname = {owner.name}\n\temail = {owner.mail}\n"
        f'[remote "origin"]\n\turl = ssh://git.example.org/{history.d.pkg}.git\n'
        "\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
    ))  # fmt: skip
    put(git_dir / "description", "Unnamed repository; edit this file 'description' to name the repository.\n")
    put(git_dir / "info/exclude", "*.swp\n")


def _write_logs(git_dir: Path, history: History, tip: str) -> None:
    """Write the reflogs: nothing older than the clean-up that came with the forced update."""
    d, oid = history.d, history.oid
    late = history.clock + 60

    def log(name: str, *steps: tuple[str, str, str]) -> None:
        rows = [f"{old} {new} {d.owner.at(late + at)}\t{what}\n" for at, (old, new, what) in enumerate(steps)]
        put(git_dir / "logs" / name, "".join(rows))

    log("HEAD", (oid["mirror2"], oid["account"], f"checkout: moving from main to {d.topic}"),
        (oid["account"], oid["mirror2"], "rebase (start): checkout main"),
        (oid["mirror2"], oid["grams-copy"], "rebase (pick): Print small weights in grams"))  # fmt: skip
    log("refs/heads/main", (oid["minimum"], oid["mirror2"], "pull --force: forced-update"))
    log("refs/remotes/origin/main", (oid["minimum"], oid["mirror2"], "pull --force: forced-update"))
    log(f"refs/heads/{d.topic}", (ZERO, oid[tip], "branch: Created from main"),
        *((oid[old], oid[new], f"commit: {new}") for old, new in
          ((tip, "grams"), ("grams", "discount"), ("discount", "account"))))  # fmt: skip
    log("refs/stash", (ZERO, oid["islands-old"], "On main: island postcodes"))


def _write_rebase(git_dir: Path, history: History) -> None:
    """Write the state of a rebase that stopped at the second of three commits."""
    d, oid = history.d, history.oid
    picks = [f"pick {oid[change.key]} {change.subject}\n" for change in owner_changes(d)]
    name, mail, seconds, zone = re.fullmatch(r"(.*) <(.*)> (\d+) (.*)", history.author["discount"]).groups()
    message = history.store.objects[oid["discount"]][1].decode().partition("\n\n")[2]
    state = {
        "author-script": f"GIT_AUTHOR_NAME='{name}'\nGIT_AUTHOR_EMAIL='{mail}'\n"
                         f"GIT_AUTHOR_DATE='@{seconds} {zone}'\n",
        "autostash": f"{oid['aside']}\n", "done": "".join(picks[:2]), "drop_redundant_commits": "",
        "end": "3\n", "git-rebase-todo": picks[2], "git-rebase-todo.backup": "".join(picks),
        "head-name": f"refs/heads/{d.topic}\n",
        "interactive": "", "message": message, "msgnum": "2\n", "no-reschedule-failed-exec": "",
        "onto": f"{oid['mirror2']}\n", "orig-head": f"{oid['account']}\n",
        "rewritten-list": f"{oid['grams']} {oid['grams-copy']}\n", "stopped-sha": f"{oid['discount']}\n",
    }  # fmt: skip
    for file, text in state.items():
        put(git_dir / "rebase-merge" / file, text)
    put(git_dir / "REBASE_HEAD", f"{oid['discount']}\n")
    put(git_dir / "ORIG_HEAD", f"{oid['account']}\n")
    put(git_dir / "MERGE_MSG", f"{message}\n# Conflicts:\n#\t{d.pkg}/quote.py\n")
