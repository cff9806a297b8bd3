"""Serves the hidden nights, each at an address of its own, from one process.

    python3 _flaky_api_sync_host.py SERVER NIGHTS LOGS

SERVER is the sandbox's server.py, NIGHTS a JSON file ``{scenario: {"from", "nights": [{"stock", "weather", "key"},
...]}}``. The first line printed is ``{"control": port, "urls": {scenario: [url, ...]}}``; the log of a scenario's
first night is ``LOGS/scenario-1.jsonl``. Who runs a night says its key at the control port; it is told there when to
kill the program, hangs up when that is done, and gets the pairs of tokens that another job would leave.

A night's weather knows one kind more than the sandbox, ``kill``.
"""

import contextlib
import importlib.util
import json
import socket
import sys
import threading
from pathlib import Path

GENERATIONS = 200
"""How many pairs of tokens a night knows; practice knows more, which takes time to work out."""
_KILLED_SEC = 10.0


def main(server_file, nights_file, logs):
    """Serve all nights until killed."""
    spec = importlib.util.spec_from_file_location("server", server_file)
    server = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(server)
    server.GENERATIONS = GENERATIONS
    runners = {}

    class Night(server.Sandbox):
        """Goes on with the pair of tokens that the night before ended with."""

        before, name = None, ""

        def answer(self, method, target, authorization, body):
            if self.generation is None:
                self.generation = self.before.generation or 0 if self.before else 0
            return super().answer(method, target, authorization, body)

        def _strike(self, fault, whole):
            if fault["kind"] != "kill":
                return super()._strike(fault, whole)
            self.note["fault"] = "kill"
            _tell(runners.get(self.name), b"kill", ends=True)
            return server.Answer(0, b"", {}, "drop")

        def leave(self, pair):
            _tell(runners.get(self.name), json.dumps(pair).encode())

    urls, last = {}, {}
    for name, scenario in json.loads(Path(nights_file).read_text("utf-8")).items():
        last[name] = last.get(scenario["from"])
        for number, night in enumerate(scenario["nights"], 1):
            sandbox = Night(night["stock"], night["weather"])
            sandbox.before, last[name] = last[name], sandbox
            sandbox.name = night["key"]
            running = server.Server(0, sandbox, Path(logs, f"{name}-{number}.jsonl"))
            threading.Thread(target=running.serve_forever, daemon=True).start()
            urls.setdefault(name, []).append(f"http://127.0.0.1:{running.server_address[1]}")
    with socket.create_server(("127.0.0.1", 0)) as control:
        print(json.dumps({"control": control.getsockname()[1], "urls": urls}), flush=True)
        while True:
            connection, _ = control.accept()
            threading.Thread(target=_register, args=(connection, runners), daemon=True).start()


def _register(connection, runners):
    with contextlib.suppress(OSError, ValueError):
        connection.settimeout(_KILLED_SEC)
        runners[connection.recv(200).decode().strip()] = connection


def _tell(connection, order, *, ends=False):
    if connection:
        with contextlib.suppress(OSError):
            connection.sendall(order)
            if ends:
                connection.recv(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
