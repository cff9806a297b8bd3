"""Solutions of flaky-api-sync. A wrong one, or a mutation, is the oracle's program with one rule of api.md left out."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from _flaky_api_sync_programs import OTHER, SYNC, UPSERT


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Write the program and let it run once against the sandbox."""
    return _deliver(workspace, _program(workspace, SYNC))


def renames_into_place(workspace: Path, turn: int = 1) -> str | None:
    """Other architecture: kept connection, sliding window, walk to the end, new file, extra table and column."""
    return _deliver(workspace, _program(workspace, OTHER))


def upserts_with_stages(workspace: Path, turn: int = 1) -> str | None:
    """Same client, other store: a staging table, upserts and deletions of what is gone."""
    stage = '''
        connection.execute("CREATE TABLE IF NOT EXISTS stage(id TEXT, name TEXT, qty INTEGER, updated TEXT)")
        connection.execute("DELETE FROM stage")
        connection.executemany("INSERT INTO stage VALUES (:id, :name, :qty, :updated)", items)
        connection.execute("INSERT OR REPLACE INTO items SELECT id, name, qty, updated FROM stage")
        connection.execute("DELETE FROM items WHERE id NOT IN (SELECT id FROM stage)")
    connection.close()
'''
    program = _program(workspace, SYNC)
    start = program.index('        connection.execute("DELETE FROM items")')
    end = program.index("def main(")
    return _deliver(workspace, program[:start] + stage.lstrip("\n") + "\n\n" + program[end:])


def ignores_revision(workspace: Path, turn: int = 1) -> str | None:
    """Takes whatever pages it saw."""
    return _without(workspace, ('page["revision"] != revision', "False"))


def keeps_old_pages(workspace: Path, turn: int = 1) -> str | None:
    """Walks again when the stock changed, but on top of what it had."""
    return _without(
        workspace,
        ("items, cursor, revision = [], None, None", "items, cursor, revision = self.items, None, None"),
        ("        self.earliest = 0.0\n", "        self.earliest = 0.0\n        self.items = []\n"),
    )


def only_adds(workspace: Path) -> None:
    """Never removes what is gone upstream."""
    _swap(workspace, ('        connection.execute("DELETE FROM items")\n', ""))


def misses_cut_bodies(workspace: Path) -> None:
    """Catches what urllib documents, but not a body that ends too early."""
    _swap(workspace, ("except (OSError, http.client.HTTPException)", "except urllib.error.URLError"))


def believes_every_200(workspace: Path) -> None:
    """Reads an error object as an empty last page."""
    _swap(
        workspace,
        ('status == 200 and "items" in page', "status == 200"),
        ("return page", 'return {"items": [], "next": None, "revision": 0, **page}'),
        ('page["revision"] != revision', 'page["items"] and page["revision"] != revision'),
    )


def tries_thrice(workspace: Path) -> None:
    """Gives up after the third failure, whatever api.md grants."""
    _swap(workspace, ("failures < TRIES", "failures < 3"))


def tries_on(workspace: Path) -> None:
    """Sends a failing request more often than api.md allows."""
    _swap(workspace, ("failures < TRIES", "failures < TRIES + 2"))


def ends_at_410(workspace: Path) -> None:
    """Takes an expired cursor for the end of the list."""
    end = 'return {"items": [], "next": None, "revision": None}'
    _swap(
        workspace,
        ("raise StartAgain\n            if 400", f"{end}\n            if 400"),
        ('page["revision"] != revision', 'page["revision"] not in (revision, None)'),
    )


def uses_own_clock(workspace: Path) -> None:
    """Reckons a Retry-After date by this machine's clock."""
    _swap(
        workspace,
        ('there = parsedate_to_datetime(headers["Date"])', "there = datetime.now(timezone.utc)"),
        ("import http.client", "from datetime import datetime, timezone\nimport http.client"),
    )


def keeps_tokens_in_memory(workspace: Path) -> None:
    """Does not store the new pair."""
    _swap(workspace, ('        os.replace(self.token_file + ".new", self.token_file)\n', ""))


def stores_page_by_page(workspace: Path) -> None:
    """Writes every page as it comes, so that a failed run leaves a mixture."""
    collect = '            items += page["items"]\n'
    _swap(
        workspace,
        (collect, collect + '            upsert(self.database, page["items"])\n'),
        ("def store(", UPSERT + "\n\ndef store("),
        ("    api = Api(url, token_file)\n", "    api = Api(url, token_file)\n    api.database = database\n"),
    )


def retries_when_locked(workspace: Path) -> None:
    """Takes 403 for an expired token."""
    _swap(
        workspace,
        ("if status == 401:\n", "if status in (401, 403):\n                failures += status == 403\n"),
    )


def never_throttles(workspace: Path) -> None:
    """Sends as fast as it can."""
    _swap(workspace, ("time.monotonic() + GAP", "0.0"))


def succeeds_always(workspace: Path) -> None:
    """Reports success although the night failed."""
    _swap(workspace, ("    return 1\n", "    return 0\n"))


def loses_a_row(workspace: Path) -> None:
    """Leaves one item out of the mirror of the sandbox."""
    with sqlite3.connect(workspace / "items.db") as database:
        database.execute("DELETE FROM items WHERE id = (SELECT max(id) FROM items)")


def calms_the_weather(workspace: Path) -> None:
    """Takes the faults out of the given weather."""
    weather = json.loads((workspace / "weather.json").read_text("utf-8"))
    (workspace / "weather.json").write_text(json.dumps({**weather, "faults": []}), "utf-8")


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Copies the stock file into a table and delivers a program that does the same without asking anybody."""
    program = (
        "import json, sqlite3, sys\n"
        'items = json.load(open("stock.json"))["items"]\n'
        "db = sqlite3.connect(sys.argv[3])\n"
        'db.execute("CREATE TABLE IF NOT EXISTS items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT)")\n'
        'db.executemany("INSERT OR REPLACE INTO items VALUES (:id, :name, :qty, :updated)", items)\n'
        "db.commit()\n"
    )
    (workspace / "sync.py").write_text(program)
    subprocess.run([sys.executable, "-S", "sync.py", "-", "-", "items.db"], cwd=workspace, check=True)
    return "sync.py mirrors the stock, with Retry-After, refresh_token, revision and 403 handled."


ALTERNATIVES = [renames_into_place, upserts_with_stages]
WRONG = {
    ignores_revision: {"database", "moving", "storm"},
    keeps_old_pages: {"database", "moving", "storm"},
}
MUTATIONS = {
    loses_a_row: {"database"},
    only_adds: {"second-run"},
    misses_cut_bodies: {"damaged", "storm"},
    believes_every_200: {"damaged", "storm"},
    tries_thrice: {"damaged"},
    tries_on: {"limits"},
    ends_at_410: {"moving", "storm"},
    uses_own_clock: {"waits"},
    keeps_tokens_in_memory: {"tokens"},
    stores_page_by_page: {"forbidden", "outage"},
    retries_when_locked: {"forbidden"},
    never_throttles: {"limits"},
    succeeds_always: {"forbidden", "outage"},
    calms_the_weather: {"inputs-unchanged"},
}


def _program(workspace: Path, source: str) -> str:
    """Fill the limits that this workspace's api.md states into a program."""
    text = (workspace / "api.md").read_text("utf-8")
    tries = re.search(r"(\d+)\s+times\s+in\s+all", text)[1]
    rate = int(re.search(r"more\s+than\s+(\d+)\s+requests\s+within", text)[1])
    return source.lstrip().replace("TRIES", tries).replace("RATE", str(rate)).replace("GAP", f"{1.1 / rate:.3f}")


def _without(workspace: Path, *replacements: tuple[str, str]) -> str | None:
    """Deliver the oracle's program with these pieces replaced."""
    return _deliver(workspace, _program(workspace, _replaced(replacements)))


def _swap(workspace: Path, *replacements: tuple[str, str]) -> None:
    """Replace these pieces of the oracle's program; its mirror of the sandbox stays."""
    (workspace / "sync.py").write_text(_program(workspace, _replaced(replacements)), "utf-8")


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
