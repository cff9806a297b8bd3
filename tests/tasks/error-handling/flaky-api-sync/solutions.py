"""Solutions of flaky-api-sync. A wrong one, or a mutation, is the oracle's program with one rule of api.md left out."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from _flaky_api_sync_programs import OTHER, OTHERS_COUNT, SYNC, UPSERT


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Write the program and let it run once against the sandbox."""
    return _deliver(workspace, _program(workspace, SYNC))


def renames_into_place(workspace: Path, turn: int = 1) -> str | None:
    """Other habits: sliding window, walk to the end, no worthless cursor, new file, extra table and column."""
    return _deliver(workspace, _program(workspace, OTHER))


def knows_only_the_table(workspace: Path, turn: int = 1) -> str | None:
    """Each habit by itself: Retry-After only where busy, a cut body hides the status, no notice of maintenance."""
    late = "        self.heed(answer.headers)\n        try:\n            body = answer.read()\n"
    return _without(
        workspace,
        (late, "        try:\n            body = answer.read()\n"),
        (
            '            body = b""\n            self.drop()\n',
            '            self.drop()\n            return 0, b""\n        self.heed(answer.headers, answer.status)\n',
        ),
        ("def heed(self, headers)", "def heed(self, headers, status)"),
        ("        if until:\n", "        if until and status in (429, 503):\n"),
        ('if headers["Maintenance-From"]:', "if False:"),
    )


def stores_page_by_page(workspace: Path, turn: int = 1) -> str | None:
    """Writes every page as it comes, so that a failed or killed run leaves a mixture."""
    collect = '            items += page["items"]\n'
    return _without(
        workspace,
        (collect, collect + '            upsert(self.database, page["items"])\n'),
        ("def store(", UPSERT + "\n\ndef store("),
        ("= Api(url, token_file)\n", "= Api(url, token_file)\n        api.database = database\n"),
    )


# -- one fault in what the oracle left -------------------------------------------------------------


def loses_a_row(workspace: Path) -> None:
    """The mirror of the sandbox lacks an item; the program is right."""
    with sqlite3.connect(workspace / "items.db") as database:
        database.execute("DELETE FROM items WHERE id = (SELECT max(id) FROM items)")


def keeps_what_is_gone(workspace: Path) -> None:
    """Never removes an item that has left the stock."""
    _swap(workspace, '        connection.execute("DELETE FROM items")\n', "")


def ignores_revision(workspace: Path) -> None:
    """Takes whatever pages it saw."""
    _swap(workspace, 'page["revision"] != revision', "False")


def walks_once_less(workspace: Path) -> None:
    """Gives up a walk too early."""
    _swap(workspace, "range(WALKS)", "range(WALKS - 1)")


def walks_on(workspace: Path) -> None:
    """Begins a walk more than granted."""
    _swap(workspace, "range(WALKS)", "range(WALKS + 1)")


def stores_no_pair(workspace: Path) -> None:
    """Leaves a new pair of tokens beside the token file."""
    _swap(workspace, '        os.replace(self.token_file + ".new", self.token_file)\n', "")


def lets_others_count(workspace: Path) -> None:
    """Lets a 401 or a Retry-After use up a try."""
    _swap(workspace, "            if status == BUSY:\n                continue\n", OTHERS_COUNT)


def counts_anew(workspace: Path) -> None:
    """Forgets the failures of a request when it has exchanged tokens."""
    _swap(
        workspace,
        "                self.refresh()\n",
        "                self.refresh()\n                failures = 0\n",
    )


def repeats_when_locked(workspace: Path) -> None:
    """Takes a 403 for one of the answers after which to repeat."""
    _swap(workspace, "if status not in (0, 200, 429,", "if status not in (0, 200, 403, 429,")


def hurries(workspace: Path) -> None:
    """Sends as fast as it can."""
    _swap(workspace, "        self.hush(GAP)\n        until", "        until")


def overlooks_dates(workspace: Path) -> None:
    """Reads a Retry-After only where it is a number."""
    _swap(workspace, "        if until:\n", "        if until and until.isdigit():\n")


def believes_the_clock_to_the_second(workspace: Path) -> None:
    """Takes the Date of an answer for the very moment, and so comes into the maintenance's first second."""
    _swap(workspace, 'ahead(headers, "Maintenance-From") - 1', 'ahead(headers, "Maintenance-From")')


def thinks_all_clocks_alike(workspace: Path) -> None:
    """Works out once, by the first answer, how far their clock is from its own."""
    _swap(
        workspace,
        'there = parsedate_to_datetime(headers["Date"])\n',
        'there = LEAD.setdefault("date", parsedate_to_datetime(headers["Date"]))\n'
        '    there += timedelta(seconds=time.monotonic() - LEAD.setdefault("at", time.monotonic()))\n',
        "        now = time.monotonic()\n",
        '        now = time.monotonic()\n        ahead(headers, "Date")\n',
        "def ahead(",
        "from datetime import timedelta\nLEAD = {}\n\n\ndef ahead(",
    )


def overlooks_maintenance_when_busy(workspace: Path) -> None:
    """Looks for no other header where it has found a Retry-After."""
    _swap(workspace, 'if headers["Maintenance-From"]:', 'if headers["Maintenance-From"] and not until:')


def expects_maintenance_when_busy(workspace: Path) -> None:
    """Looks for an announcement only where it has found a Retry-After."""
    _swap(workspace, 'if headers["Maintenance-From"]:', 'if headers["Maintenance-From"] and until:')


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Copies the stock file into a table and delivers a program that is nothing but the right words."""
    words = "# Heeds Retry-After, refresh_token, revision, count, 401, 403, 409, 410 and Maintenance-From.\n"
    (workspace / "sync.py").write_text(words + "raise SystemExit(0)\n")
    items = json.loads((workspace / "stock.json").read_text("utf-8"))["items"]
    with sqlite3.connect(workspace / "items.db") as database:
        database.execute("CREATE TABLE items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT)")
        database.executemany("INSERT INTO items VALUES (:id, :name, :qty, :updated)", items)
    return "sync.py mirrors the stock, with Retry-After, refresh_token, revision and 403 handled."


ALTERNATIVES = [renames_into_place]
WRONG = {
    knows_only_the_table: {"waits", "maintenance", "forbidden", "storm"},
    stores_page_by_page: {"crash", "forbidden", "tokens", "tries", "walks"},
}
MUTATIONS = {
    loses_a_row: {"database"},
    keeps_what_is_gone: {"crash"},
    ignores_revision: {"moving", "storm", "walks"},
    walks_once_less: {"moving"},
    walks_on: {"walks"},
    stores_no_pair: {"tokens"},
    lets_others_count: {"damaged"},
    counts_anew: {"tries"},
    repeats_when_locked: {"forbidden"},
    hurries: {"pace"},
    overlooks_dates: {"waits"},
    believes_the_clock_to_the_second: {"maintenance", "storm"},
    thinks_all_clocks_alike: {"waits", "maintenance", "storm"},
    overlooks_maintenance_when_busy: {"maintenance"},
    expects_maintenance_when_busy: {"storm"},
}


def _program(workspace: Path, source: str) -> str:
    """Fill the limits that this workspace's api.md states into a program."""
    text = (workspace / "api.md").read_text("utf-8")
    tries = re.search(r"(\d+)\s+times\s+in\s+all", text)[1]
    rate = int(re.search(r"more\s+than\s+(\d+)\s+requests\s+within", text)[1])
    walks = re.search(r"at\s+most\s+(\d+)\s+walks", text)[1]
    source = source.replace("WALKS", walks)
    return (
        source.lstrip().replace("TRIES", tries).replace("RATE", str(rate)).replace("GAP", f"{1.1 / rate:.3f}")
    )


def _without(workspace: Path, *replacements: tuple[str, str]) -> str | None:
    """Deliver the oracle's program with these pieces replaced."""
    return _deliver(workspace, _program(workspace, _replaced(replacements)))


def _swap(workspace: Path, *old_and_new: str) -> None:
    """Put one fault into the oracle's program, old piece and new in turns; its mirror of the sandbox stays."""
    pieces = tuple(zip(old_and_new[::2], old_and_new[1::2], strict=True))
    (workspace / "sync.py").write_text(_program(workspace, _replaced(pieces)), "utf-8")


def _replaced(replacements: tuple[tuple[str, str], ...]) -> str:
    program = SYNC
    for old, new in replacements:
        if program.count(old) != 1:
            raise ValueError(f"{old!r} is not in the program exactly once")
        program = program.replace(old, new)
    return program


def _deliver(workspace: Path, program: str) -> str | None:
    """Write sync.py and mirror the sandbox into items.db with it."""
    (workspace / "sync.py").write_text(program, encoding="utf-8")
    python = [sys.executable, "-S"]
    server = subprocess.Popen([*python, "server.py"], cwd=workspace, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        done = subprocess.run([*python, "sync.py", url, "token.json", "items.db"], cwd=workspace, timeout=60)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    with sqlite3.connect(workspace / "items.db") as database:
        n_items = database.execute("SELECT count(*) FROM items").fetchone()[0]
    kept = len(json.loads((workspace / "token.json").read_text()))
    return f"sync.py is written; it ended with {done.returncode}, items.db has {n_items} items, {kept} tokens kept."
