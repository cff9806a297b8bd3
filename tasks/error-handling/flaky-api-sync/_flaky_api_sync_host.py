"""Serves the hidden nights, each at an address of its own, from one process.

    python3 _flaky_api_sync_host.py SERVER NIGHTS LOGS

SERVER is the sandbox's server.py, NIGHTS a JSON file ``{scenario: [{"stock", "weather"}, ...]}``. The first line
printed is ``{scenario: [url, ...]}``; the log of a scenario's first night is ``LOGS/scenario-1.jsonl``.
"""

import importlib.util
import json
import sys
import threading
from pathlib import Path

GENERATIONS = 200
"""How many pairs of tokens a night knows; practice knows more, which takes time to work out."""


def main(server_file, nights_file, logs):
    """Serve all nights until killed."""
    spec = importlib.util.spec_from_file_location("server", server_file)
    server = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(server)
    server.GENERATIONS = GENERATIONS

    class Night(server.Sandbox):
        """Goes on with the pair of tokens that the night before ended with."""

        before = None

        def answer(self, method, target, authorization, body):
            if self.generation is None:
                self.generation = self.before.generation if self.before else 0
            return super().answer(method, target, authorization, body)

    urls = {}
    for name, nights in json.loads(Path(nights_file).read_text("utf-8")).items():
        before = None
        for number, night in enumerate(nights, 1):
            sandbox = Night(night["stock"], night["weather"])
            sandbox.before, before = before, sandbox
            running = server.Server(0, sandbox, Path(logs, f"{name}-{number}.jsonl"))
            threading.Thread(target=running.serve_forever, daemon=True).start()
            urls.setdefault(name, []).append(f"http://127.0.0.1:{running.server_port}")
    print(json.dumps(urls), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
