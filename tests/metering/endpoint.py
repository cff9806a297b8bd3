"""A model's endpoint on loopback that answers each request as the test says, byte for byte."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Start = Callable[..., Any]
"""Starts a proxy in front of the endpoint: ``start(key, limits=, **fields of Upstream)``."""
KEY = "sk-the-real-key-0123456789"


def connect(client: socket.socket, place: Path) -> None:
    """Connect a Unix socket to a place of any length."""
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        client.connect(f"/proc/self/fd/{folder}/{place.name}")
    finally:
        os.close(folder)


class Asked:
    """One request that arrived."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[BaseHTTPRequestHandler, Asked], None]


def whole(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Answer with one JSON document."""

    def play(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return play


def stream(*events: bytes, cut: bool = False, pause_sec: float = 0.0) -> Answer:
    """Answer with server-sent events, written one by one; ``cut`` ends the connection in the middle of a chunk."""

    def play(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for event in events:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            handler.wfile.flush()
            time.sleep(pause_sec)
        if cut:
            handler.wfile.write(b"ff\r\nhalf of")
            handler.wfile.flush()
            handler.connection.shutdown(2)
        else:
            handler.wfile.write(b"0\r\n\r\n")

    return play


def hang(release: threading.Event) -> Answer:
    """Answer nothing until ``release``."""

    def play(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        release.wait(30)
        handler.close_connection = True

    return play


class Endpoint:
    """The server; a context manager."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Answer = whole({})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, body)
                outer.asked.append(asked)
                try:
                    outer.answer(self, asked)
                except OSError:
                    self.close_connection = True

            do_POST = do_GET = _serve

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Endpoint:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def chat_stream(text: str = "Hello", *, usage: bool = True, calls: int = 0) -> list[bytes]:
    """Return the events of a streamed chat completion of 100 prompt (40 cached) and 7 answer tokens."""
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m-1-served"}

    def event(**more: Any) -> bytes:
        return b"data: " + json.dumps({**head, **more}).encode() + b"\n\n"

    def delta(index: int | None = None, **part: Any) -> bytes:
        return event(choices=[{"index": 0, "delta": part, "finish_reason": None}])

    events = [delta(role="assistant", content="")]
    events += [delta(content=letter) for letter in text]
    for number in range(calls):
        call = {"index": number, "id": f"call{number}", "function": {"name": "write", "arguments": ""}}
        events.append(delta(tool_calls=[call]))
        events.append(delta(tool_calls=[{"index": number, "function": {"arguments": "{}"}}]))
    finish = "tool_calls" if calls else "stop"
    events.append(event(choices=[{"index": 0, "delta": {}, "finish_reason": finish}]))
    if usage:
        counts = {"prompt_tokens": 100, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 40}}
        events.append(event(choices=[], usage=counts))
    return [*events, b"data: [DONE]\n\n"]
