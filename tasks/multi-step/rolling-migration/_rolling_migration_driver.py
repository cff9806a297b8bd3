"""Runs steps given on standard input: phases of migrate.py, calls of both programs, looks at the databases.

Called in the folder of migrate.py. Knows no right answers.
"""

# ruff: noqa: PTH102, PTH106, PTH108, PTH110, PTH123, PTH208 - pathlib takes long to import
import contextlib
import json
import os
import signal
import sqlite3
import sys

from _rolling_migration_fork import start

WAIT_SEC = 20
IDLE = (3, 6)
"""So often others write while nothing is moved: before statements that read, and before those that do not."""
FOLDER = f"{os.environ.get('TMPDIR', '/tmp')}/shops-{os.getpid()}"
MOVED = ("customers", "orders", "members", "purchases", "addresses", "conflicts")
_connect = sqlite3.connect


class Bench:
    """One database, the two programs on it, and what the steps say."""

    def __init__(self, runner, apps, path):
        self.jobs, self.up, self.down = runner
        self.apps, self.path = apps, path
        self.open, self.events, self.stages = {}, {}, {}

    def db(self, version):
        """Return the open connection of a program."""
        if version not in self.open:
            db = self.apps[version]["open_db"](self.path)
            db.execute("PRAGMA synchronous = OFF")
            db.execute("PRAGMA busy_timeout = 500")
            self.open[version] = db
        return self.open[version]

    def shut(self):
        """Close all connections."""
        for db in self.open.values():
            db.close()
        self.open = {}

    def build(self, customers, orders):
        """Make the database of version 1."""
        db = self.db("v1")
        db.executescript(self.apps["v1"]["SCHEMA"])
        db.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, 0)", customers)
        db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", orders)
        db.commit()

    def call(self, version, name, args):
        """Return what a function of a program answers."""
        try:
            return self.apps[version][name](self.db(version), *args)
        except Exception as error:
            if version in self.open:
                self.open.pop(version).close()
            return {"error": f"{version} {name}: {type(error).__name__}: {str(error)[:100]}"}

    def phase(self, phase, kill=0, watcher=None):
        """Run a phase; return how it ended, and what a watcher found between its transactions."""
        self.jobs.put({"db": self.path, "phase": phase, "kill": kill, "watch": watcher and watcher.when})
        found = {"rc": None, "events": 0, "error": ""}
        pid = 0
        while True:
            try:
                kind, *more = self.up.get(WAIT_SEC)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise
            if kind == "gap":
                if watcher:
                    with contextlib.suppress(sqlite3.Error):
                        watcher.gap(*more)
                self.down.put(0)
            elif kind == "pid":
                pid = more[0]
            elif kind == "done":
                found["events"], found["error"] = more
            elif kind == "end":
                break
        found["rc"] = more[0]
        if found["rc"] == -signal.SIGXCPU:
            raise TimeoutError
        if watcher:
            found |= watcher.found()
        return found

    def look(self, sql):
        """Return rows as somebody else sees them."""
        return self.eye().execute(sql).fetchall()

    def eye(self):
        """Return a connection of nobody's, that waits for no lock."""
        if "eye" not in self.open:
            self.open["eye"] = _connect(self.path, timeout=0, isolation_level=None)
        return self.open["eye"]

    def sound(self):
        """Return what SQLite finds wrong."""
        try:
            bad = self.look("PRAGMA foreign_key_check")
            bad += [row for row in self.look("PRAGMA integrity_check") if row != ("ok",)]
            return [" ".join(map(str, row)) for row in bad[:5]]
        except sqlite3.Error as error:
            return [str(error)[:100]]

    def dump(self, versions):
        """Return everything that the programs can show."""
        reads = {"v1": ("customers", "orders"), "v2": ("members", "homes", "conflicts", "purchases")}
        return {f"{one}.{name}": self.call(one, name, []) for one in versions for name in reads[one]}

    def schema(self):
        """Return what the database has."""
        rows = (
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
        return sorted([str(cell) for cell in row] for row in self.look(rows))

    def form(self):
        """Return what the database has, by meaning."""
        found = {}
        for kind, name, *_ in self.schema():
            if kind != "table":
                found[name] = kind
                continue
            keys = []
            for _, index, unique, _, partial in self.look(f'PRAGMA index_list("{name}")'):
                columns = sorted(str(row[2]) for row in self.look(f'PRAGMA index_info("{index}")'))
                keys += [columns] if unique and not partial else []
            columns = [[str(c).lower() for c in row[1:]] for row in self.look(f'PRAGMA table_info("{name}")')]
            foreign = [[str(c) for c in row[2:7]] for row in self.look(f'PRAGMA foreign_key_list("{name}")')]
            found[name] = [sorted(columns), sorted(foreign), sorted(keys)]
        return found

    def save(self, slot):
        """Keep the database as it is."""
        self.shut()
        self.copy(self.path, f"{self.path}.{slot}")

    def load(self, slot):
        """Bring a kept database back."""
        self.shut()
        self.copy(f"{self.path}.{slot}", self.path)

    def copy(self, source, target):
        """Copy a database with what belongs to it."""
        for suffix in ("-shm", "-journal", "-wal", ""):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(target + suffix)
            if suffix != "-shm" and os.path.exists(source + suffix):
                with open(source + suffix, "rb") as file, open(target + suffix, "wb") as copy:
                    copy.write(file.read())

    def undo(self):
        """Answer a killed contract with rollback, and where that may not run with contract."""
        first = self.phase("rollback")["rc"]
        return [first, self.phase("contract")["rc"] if first == 3 else None]

    def left(self):
        """Return how many customers and orders are not moved yet."""
        sql = "SELECT count(*) FROM {} WHERE id NOT IN (SELECT id FROM {})"
        try:
            pairs = (("customers", "members"), ("orders", "purchases"))
            return sum(self.look(sql.format(*pair))[0][0] for pair in pairs)
        except sqlite3.Error:
            return -1

    def point(self, phase, share, by="statements"):
        """Return the statement before which to kill: a share of all, or of the stages that others can see.

        Statements that do nothing, however many, are but one stage.
        """
        stages = self.stages.get(phase) if by == "stages" else None
        if stages:
            return stages[int(len(stages) * share)]
        return 1 + int(self.events.get(phase, 0) * share)

    def step(self, kind, *rest):
        """Carry out a step and return what it gave."""
        if kind in ("v1", "v2"):
            return self.call(kind, *rest)
        if kind == "count":
            found = self.phase(rest[0], 0, Counter(self))
            self.events[rest[0]], self.stages[rest[0]] = found["events"], found["stages"]
            return found
        if kind == "kill":
            point = self.point(*rest)
            return {**self.phase(rest[0], point), "point": point}
        if kind == "watch":
            found = self.phase(rest[0], 0, Watcher(self, rest[1]))
            self.events[rest[0]] = found["events"]
            return found
        try:
            return getattr(self, kind)(*rest)
        except sqlite3.Error as error:
            return {"error": f"{kind}: {error}"}


class Counter:
    """Between the transactions of a phase: notes the first statement of each stage."""

    when = "written"

    def __init__(self, bench):
        self.bench, self.stages = bench, []
        self.before = self.stage()

    def stage(self):
        """Return what has been done, as somebody sees it who then leaves."""
        try:
            tables = [row[1] for row in self.bench.schema() if row[0] == "table" and row[1] in MOVED]
            return self.bench.schema(), [self.bench.look(f"SELECT count(*) FROM {one}") for one in tables]
        finally:
            self.bench.open.pop("eye").close()

    def gap(self, number, _):
        """Look whether a stage has been reached before a statement."""
        now = self.stage()
        if now != self.before:
            self.stages.append(number)
        self.before = now

    def found(self):
        """Return what was noted."""
        return {"stages": self.stages}


class Watcher:
    """Between the transactions of a phase: counts what has been moved, and lets the programs write."""

    when = "always"

    def __init__(self, bench, plan):
        self.bench, self.plan = bench, {name: list(calls) for name, calls in plan.items()}
        self.injected, self.steps, self.idle = [], [], [0, 0]
        self.before = self.counted()

    def ids(self, table, rest=""):
        """Return the numbers in a table, with ``rest`` only those that are not in that one yet."""
        where = f"WHERE id NOT IN (SELECT id FROM {rest})" if rest else ""
        return [id for (id,) in self.bench.look(f"SELECT id FROM {table} {where} ORDER BY id")]

    def counted(self):
        """Return how many rows have been moved."""
        try:
            sql = "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM purchases)"
            return self.bench.look(sql)[0]
        except sqlite3.Error:
            return 0, 0

    def look(self):
        """Note how many rows the last transaction has moved."""
        now = self.counted()
        self.steps.append([one - old for one, old in zip(now, self.before, strict=True)])
        self.before = now

    def found(self):
        """Return what was done."""
        self.look()
        return {"injected": self.injected, "steps": self.steps}

    def gap(self, _, writes):
        """Let others write; an error if the database is not free.

        Where nothing is moved they soon stop: else a program that only waits at first would meet all of them there.
        """
        self.bench.eye().execute("BEGIN EXCLUSIVE")
        self.bench.eye().execute("ROLLBACK")
        self.look()
        if any(self.steps[-1]):
            self.idle = [0, 0]
        self.idle[writes] += 1
        if not any(self.plan.values()) or self.idle[writes] > IDLE[writes]:
            return
        moved = self.ids("members")
        rest = self.ids("customers", "members")
        orders = self.ids("orders", "purchases")
        places = {"low": rest, "high": rest[::-1], "moved": moved, "order": orders, "last": orders[::-1]}
        for name, needed in (("customers", rest), ("orders", orders), ("others", moved)):
            for call in self.plan[name].pop(0) if needed and self.plan.get(name) else ():
                self.inject(places, *call)
        self.before = self.counted()

    def inject(self, places, version, name, args):
        """Call a function; words like ``@low 1`` stand for numbers that are found now."""
        real = []
        for arg in args:
            if isinstance(arg, str) and arg.startswith("@"):
                word, _, index = arg[1:].partition(" ")
                found = places[word]
                if not found:
                    return
                arg = found[int(index) % len(found)]
            real.append(arg)
        self.injected.append([version, name, real, self.bench.call(version, name, real)])


def carry_out(bench, run, found):
    """Carry out the steps of a run, up to a phase that is not done in time."""
    os.mkdir(FOLDER)
    bench.build(run["customers"], run["orders"])
    with contextlib.suppress(TimeoutError):
        for step in run["steps"]:
            found.append(bench.step(*step))
    bench.shut()
    for file in os.listdir(FOLDER):
        os.unlink(f"{FOLDER}/{file}")
    os.rmdir(FOLDER)


def main():
    """Read steps, carry them out, print what they gave."""
    runner = start()
    given = json.load(sys.stdin)
    apps = {}
    for version in ("v1", "v2"):
        apps[version] = {"__name__": version}
        exec(given[version], apps[version])
    answers = {}
    for name, run in given["runs"].items():
        found = answers[name] = []
        seen = [one for one in answers["mixed1"] if isinstance(one, dict) and "v2.members" in one]
        if not seen or "error" not in seen[0]["v2.members"]:
            carry_out(Bench(runner, apps, f"{FOLDER}/shop.db"), run, found)
        found += [{"error": "not done"}] * (len(run["steps"]) - len(found))
    runner[0].put(None)
    print(json.dumps(answers, default=str))


if __name__ == "__main__":
    main()
