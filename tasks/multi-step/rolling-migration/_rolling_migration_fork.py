"""Runs migrate.py in forked processes whose connections report each statement before it runs.

There the process can be killed, or be made to wait while others use the database. The process that forks starts before
the steps are read, so it does not know them.
"""

# ruff: noqa: PTH109, PTH123 - pathlib takes long to import
import atexit
import contextlib
import io
import json
import os
import resource
import select
import signal
import sqlite3
import sys
import time
import types
import weakref

CPU_SEC = 3
_connect = sqlite3.connect
_Connection = sqlite3.Connection


class Lines:
    """A pipe of JSON lines."""

    def __init__(self):
        self.source, self.target = os.pipe()
        self.kept = b""

    def put(self, value):
        """Write a line."""
        os.write(self.target, json.dumps(value).encode() + b"\n")

    def get(self, seconds=None):
        """Return the next line. Raises TimeoutError, EOFError."""
        while b"\n" not in self.kept:
            if not select.select([self.source], [], [], seconds)[0]:
                raise TimeoutError
            more = os.read(self.source, 65536)
            if not more:
                raise EOFError
            self.kept += more
        line, _, self.kept = self.kept.partition(b"\n")
        return json.loads(line)


def busy(db):
    """Return whether a connection is in a transaction; one that has been closed is not."""
    try:
        return db.in_transaction
    except sqlite3.ProgrammingError:
        return False


class Tracer:
    """In a process of migrate.py: counts statements, kills at one, waits at those outside of transactions."""

    def __init__(self, job, up, down):
        self.job, self.up, self.down = job, up, down
        self.count, self.all, self.wrote = 0, weakref.WeakSet(), False

    def attach(self, db):
        """Watch a connection."""
        db.execute("PRAGMA synchronous = OFF")
        self.all.add(db)
        db.set_trace_callback(self.statement)

    def statement(self, sql):
        """Note that a statement is about to run."""
        self.count += 1
        if self.count == self.job["kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        writes = not sql.lstrip().upper().startswith("SELECT")
        looks = self.job["watch"] == "always" or (self.job["watch"] == "written" and self.wrote)
        self.wrote = self.wrote or writes
        if looks and not any(busy(db) for db in self.all):
            self.wrote = writes
            self.up.put(["gap", self.count, writes])
            self.down.get()

    def install(self):
        """Make every new connection a watched one."""
        tracer = self

        class Traced(_Connection):
            def __init__(self, *args, **keys):
                super().__init__(*args, **keys)
                tracer.attach(self)

        def connect(*args, **keys):
            if "factory" in keys and not issubclass(keys["factory"], Traced):
                db = _connect(*args, **keys)
                tracer.attach(db)
                return db
            return _connect(*args, **{"factory": Traced, **keys})

        sqlite3.connect = sqlite3.dbapi2.connect = connect
        sqlite3.Connection = sqlite3.dbapi2.Connection = Traced
        time.sleep = lambda _: None


def migrate(code, job, up, down):
    """Run migrate.py in this process and return its exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SEC, CPU_SEC))
    tracer = Tracer(job, up, down)
    tracer.install()
    sys.argv = ["migrate.py", job["db"], job["phase"]]
    main = types.ModuleType("__main__")
    main.__file__ = f"{os.getcwd()}/migrate.py"
    sys.modules["__main__"] = main
    sys.path.insert(0, os.getcwd())
    sys.stdin = io.StringIO()
    sys.stdout = sys.stderr = text = io.StringIO()
    rc = 0
    try:
        exec(code, main.__dict__)
        atexit._run_exitfuncs()
    except SystemExit as end:
        rc = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        text.write(f"{type(error).__name__}: {error}")
        rc = 1
    with contextlib.suppress(OSError, ValueError):
        up.put(["done", tracer.count, text.getvalue()[-300:] if rc not in (0, 3) else ""])
    return rc & 255


def serve(jobs, up, down):
    """Fork a process for each job, and say how it ended."""
    try:
        with open("migrate.py", "rb") as file:
            code = compile(file.read(), "migrate.py", "exec")
    except (SyntaxError, ValueError, OSError):
        code = "raise SystemExit('migrate.py cannot be compiled')"
    while job := jobs.get():
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            os._exit(migrate(code, job, up, down))
        up.put(["pid", pid])
        rc = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)  # what it started goes with it: else nothing would be killed
        up.put(["end", rc])


def start():
    """Fork the process that forks; return the pipes for jobs, for what it says, and for letting go on."""
    pipes = Lines(), Lines(), Lines()
    if os.fork() == 0:
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        for pipe in (pipes[0], pipes[2]):
            os.close(pipe.target)  # so that the end of the driver is the end here
        with contextlib.suppress(EOFError):
            serve(*pipes)
        os._exit(0)
    return pipes
