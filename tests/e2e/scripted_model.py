"""A chat-completions server on loopback whose "model" is a Python generator, so that a run is known exactly.

A player is a generator function ``play(turn: Turn)``. It yields `Reply` objects (text, tool calls, both) and
receives, after a reply with calls, the list of their results; a reply without calls ends the turn. Every
request, reply and usage figure is recorded: that is what tests compare an agent's own log with.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

INTERNAL = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>"
_PLACE = re.compile(r"agentbench-task-[\w-]+")
"""Names the workspace of a trial, so that conversations side by side are told apart."""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Call:
    """A tool call the model makes; its id is unique in the process."""

    name: str
    arguments: dict[str, Any]
    id: str = field(default_factory=lambda: f"call_{next(_numbers):05d}")


@dataclass(frozen=True)
class Reply:
    """What the model says and which tools it calls."""

    text: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Fault:
    """An endpoint that misbehaves: an error status, after a while, or an answer that is cut off."""

    status: int = 500
    message: str = "out of order"
    headers: dict[str, str] = field(default_factory=dict)
    hang_sec: float = 0.0
    cut: bool = False
    text: str = ""
    calls: tuple[Call, ...] = ()
    """Always empty: it is no answer."""


def call(name: str, text: str = "", **arguments: Any) -> Reply:
    """Return a reply that calls one tool."""
    return Reply(text, (Call(name, arguments),))


@dataclass(frozen=True)
class Turn:
    """A user's message as the model sees it."""

    message: str
    system: str


Play = Generator[Reply | Fault, list[str], None]
Player = Callable[[Turn], Play]


@dataclass(frozen=True)
class Usage:
    """Tokens of one answer, made up but different for every request."""

    prompt: int
    cached: int
    completion: int

    def as_openai(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
            "prompt_tokens_details": {"cached_tokens": self.cached},
        }


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    request: dict[str, Any]
    reply: Reply | Fault
    usage: Usage


class ScriptedModel:
    """Serve ``/v1/chat/completions`` while the context is open; play one turn at a time."""

    def __init__(self, player: Player, *, finish: str = "stop") -> None:
        self.finish = finish
        """Why answers without calls end, in the API's word."""
        self.exchanges: list[Exchange] = []
        self.errors: list[str] = []
        self._player = player
        self._plays: dict[str, Play] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def calls(self) -> list[Call]:
        """Every tool call made, in order."""
        return [item for exchange in self.exchanges for item in exchange.reply.calls]

    def __enter__(self) -> ScriptedModel:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def answer(self, request: dict[str, Any]) -> Exchange:
        """Return the next move for a request; a player that raises ends its turn with the error as text."""
        with self._lock:
            try:
                reply = self._next(request["messages"])
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                reply = Reply(f"script error: {error}")
            n = len(self.exchanges) + 1
            usage = Usage(prompt=1000 + 17 * n, cached=100 + n, completion=20 + 3 * n)
            exchange = Exchange(request, reply, usage)
            self.exchanges.append(exchange)
            return exchange

    def _next(self, messages: list[dict[str, Any]]) -> Reply | Fault:
        real = [item for item in messages if INTERNAL not in text_of(item)]
        system = "\n".join(text_of(item) for item in messages if item["role"] in ("system", "developer"))
        first = next(text_of(item) for item in real if item["role"] == "user")
        place = _PLACE.search(system)
        talk = f"{place[0] if place else ''}\n{first}"
        if real[-1]["role"] == "user":
            self._plays[talk] = self._player(Turn(text_of(real[-1]), system))
            return next(self._plays[talk], Reply("done"))
        if talk not in self._plays:
            raise RuntimeError("a tool result arrived, but no turn is being played")
        results: list[str] = []
        for item in reversed(real):
            if item["role"] != "tool":
                break
            results.insert(0, text_of(item))
        try:
            return self._plays[talk].send(results)
        except StopIteration:
            return Reply("done")


def text_of(message: dict[str, Any]) -> str:
    """Return the text of a chat message, whatever shape its content has."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content if isinstance(part, dict))


def chunks(exchange: Exchange, number: int, finish: str = "stop") -> Iterator[dict[str, Any]]:
    """Yield the server-sent chunks of an answer: role, text, calls, finish, usage."""
    reply = exchange.reply
    head = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000 + number,
        "model": exchange.request.get("model", "scripted"),
    }

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    if reply.text:
        yield chunk({"content": reply.text})
    for index, item in enumerate(reply.calls):
        function = {"name": item.name, "arguments": json.dumps(item.arguments)}
        yield chunk(
            {"tool_calls": [{"index": index, "id": item.id, "type": "function", "function": function}]}
        )
    yield chunk({}, "tool_calls" if reply.calls else finish)
    yield head | {"choices": [], "usage": exchange.usage.as_openai()}


def _handler(model: ScriptedModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            exchange = model.answer(json.loads(body))
            if isinstance(exchange.reply, Fault):
                self._fail(exchange.reply)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for item in chunks(exchange, len(model.exchanges), model.finish):
                self.wfile.write(f"data: {json.dumps(item)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def _fail(self, fault: Fault) -> None:
            time.sleep(fault.hang_sec)
            if fault.cut:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.wfile.write(b'data: {"choices": [{"index": 0, "delta": {"content": "Hal')
                return
            data = json.dumps({"error": {"message": fault.message, "type": "error"}}).encode()
            self.send_response(fault.status)
            for name, value in {"Content-Type": "application/json", **fault.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
