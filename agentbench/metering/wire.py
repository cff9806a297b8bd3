"""Read what passes between an agent and its model, without holding it up: three APIs, streamed or whole.

`Reader` is fed the bytes of an answer as they pass and notes tokens, calls, text, refusals and whether the answer came
to its end. It never raises: what it cannot read counts as not said. Shapes:

- chat completions: ``usage{prompt_tokens, completion_tokens, prompt_tokens_details{cached_tokens}}``; the cached tokens
  are part of the prompt's. A stream ends with ``[DONE]`` or a ``finish_reason``.
- Anthropic messages: ``usage{input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens}``;
  the three inputs are disjoint, a stream repeats running totals and ends with ``message_stop``.
- OpenAI responses: ``usage{input_tokens, output_tokens, input_tokens_details{cached_tokens}}``; a stream ends with
  ``response.completed`` or ``response.incomplete``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agentbench.model import Tokens

MAX_WHOLE_BYTES = 16 * 1024 * 1024
_REFUSALS = frozenset({"content_filter", "refusal"})
_ENDS = frozenset({"message_stop", "response.completed", "response.incomplete"})


class Reader:
    """Takes note of one answer."""

    def __init__(self, *, streamed: bool) -> None:
        self.streamed = streamed
        self.model: str | None = None
        self.finish: str | None = None
        self.refused = False
        self.n_tool_calls = 0
        self.n_text = 0
        self.ended = False
        """Whether the answer came to its end."""
        self.error: str | None = None
        """What an error inside the stream says."""
        self._usage: dict[str, int] = {}
        self._rest = b""
        self._calls: set[tuple[Any, ...]] = set()

    @property
    def has_content(self) -> bool:
        """Whether anything of the answer itself arrived."""
        return bool(self.n_text or self.n_tool_calls)

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the answer."""
        if not self.streamed:
            self._rest = (self._rest + block)[:MAX_WHOLE_BYTES]
            return
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            self._line(line)

    def close(self) -> None:
        """Take note that no more bytes come."""
        if self.streamed:
            self._line(self._rest)
        else:
            body = _decoded(self._rest)
            if isinstance(body, dict):
                self.ended = True
                self._whole(body)

    @property
    def tokens(self) -> Tokens:
        """The tokens as counted by the endpoint; `input` without what came from or went to a cache."""
        found = self._usage
        if "input" not in found or "output" not in found:
            return Tokens()
        read, written = found.get("read"), found.get("written")
        new = found["input"] if found.get("disjoint") else max(0, found["input"] - (read or 0))
        return Tokens(
            input=new,
            output=found["output"],
            cache_read=read or 0,
            cache_write=written or 0,
            total=new + found["output"] + (read or 0) + (written or 0),
        )

    def _line(self, line: bytes) -> None:
        line = line.strip()
        if not line.startswith(b"data:"):
            return
        data = line[5:].strip()
        if data == b"[DONE]":
            self.ended = True
            return
        event = _decoded(data)
        if isinstance(event, dict):
            self._event(event)

    def _event(self, event: dict[str, Any]) -> None:
        """Take note of one event of a stream, whichever API it belongs to."""
        kind = event.get("type")
        if event.get("error") or kind == "error":
            error = event.get("error") or event
            self.error = (
                str(error.get("message") or error.get("type") or "error")
                if isinstance(error, dict)
                else str(error)
            )
        if kind in _ENDS:
            self.ended = True
        if isinstance(event.get("choices"), list):
            self._chat(event)
        elif isinstance(response := event.get("response"), dict):
            self._response(response, count=kind in _ENDS)
        elif kind in ("response.output_text.delta", "response.refusal.delta"):
            self.n_text += _length(event.get("delta"))
            self.refused |= kind == "response.refusal.delta"
        elif kind == "response.output_item.added":
            self._call(event.get("item"), event.get("output_index"))
        elif kind in ("message_start", "message_delta", "content_block_start", "content_block_delta"):
            self._message(event)
        elif "usage" in event:
            self._count(event["usage"])

    def _whole(self, body: dict[str, Any]) -> None:
        """Take note of an answer that came in one piece."""
        if isinstance(body.get("choices"), list):
            self._chat(body)
        elif isinstance(body.get("output"), list):
            self._response(body, count=True)
        else:
            self._message({"message": body})
            for number, block in enumerate(_dicts(body.get("content"))):
                self._message({"type": "content_block_start", "content_block": block, "index": number})

    def _chat(self, body: dict[str, Any]) -> None:
        self.model = _text(body.get("model")) or self.model
        if isinstance(body.get("usage"), dict):
            self._count(body["usage"])
        for choice in _dicts(body["choices"]):
            part = choice.get("delta") or choice.get("message") or {}
            if not isinstance(part, dict):
                continue
            self.n_text += _length(part.get("content"))
            if part.get("refusal"):
                self.refused = True
                self.n_text += _length(part["refusal"])
            for number, call in enumerate(_dicts(part.get("tool_calls"))):
                self._calls.add(("chat", choice.get("index"), call.get("index", number)))
            self.n_tool_calls = len(self._calls)
            self._finished(choice.get("finish_reason"))

    def _message(self, event: dict[str, Any]) -> None:
        """Take note of an event, or of the whole answer, of the Anthropic API."""
        for part in (event.get("message"), event.get("delta"), event):
            if isinstance(part, dict):
                self.model = _text(part.get("model")) or self.model
                self._finished(part.get("stop_reason"))
                if isinstance(part.get("usage"), dict):
                    self._count(part["usage"], disjoint=True)
        delta, block = event.get("delta"), event.get("content_block")
        if isinstance(delta, dict):
            self.n_text += _length(delta.get("text"))
        if isinstance(block, dict):
            self.n_text += _length(block.get("text"))
            self._call(block, event.get("index"))

    def _response(self, body: dict[str, Any], *, count: bool) -> None:
        """Take note of a response object; its output is counted where it did not pass in pieces before."""
        self.model = _text(body.get("model")) or self.model
        if isinstance(body.get("usage"), dict):
            self._count(body["usage"])
        details = body.get("incomplete_details")
        self._finished(details.get("reason") if isinstance(details, dict) else body.get("status"))
        if isinstance(error := body.get("error"), dict):
            self.error = str(error.get("message") or error.get("code") or "error")
        if not count:
            return
        seen = self.n_text
        for number, item in enumerate(_dicts(body.get("output"))):
            self._call(item, number)
            for part in _dicts(item.get("content")):
                self.refused |= part.get("type") == "refusal"
                if not seen:
                    self.n_text += _length(part.get("text")) + _length(part.get("refusal"))

    def _call(self, item: Any, index: Any) -> None:
        if isinstance(item, dict) and item.get("type") in ("tool_use", "function_call", "custom_tool_call"):
            self._calls.add(("item", index))
            self.n_tool_calls = len(self._calls)

    def _finished(self, reason: Any) -> None:
        if isinstance(reason, str) and reason:
            self.finish = reason
            self.refused |= reason in _REFUSALS
            self.ended = self.ended or reason != "in_progress"

    def _count(self, usage: Any, *, disjoint: bool = False) -> None:
        if not isinstance(usage, dict):
            return
        details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
        found = {
            "input": usage.get("prompt_tokens", usage.get("input_tokens")),
            "output": usage.get("completion_tokens", usage.get("output_tokens")),
            "read": usage.get("cache_read_input_tokens")
            if disjoint
            else details.get("cached_tokens")
            if isinstance(details, dict)
            else None,
            "written": usage.get("cache_creation_input_tokens") if disjoint else None,
        }
        self._usage |= {name: value for name, value in found.items() if isinstance(value, int)}
        if disjoint:
            self._usage["disjoint"] = 1


class Dropper:
    """Takes the chunk that carries only token counts out of a chat stream, with the empty line after it."""

    def __init__(self) -> None:
        self._held = b""
        self._skip_blank = False

    def keep(self, block: bytes) -> bytes:
        """Return what of the stream up to ``block`` is to be passed on."""
        *lines, self._held = (self._held + block).split(b"\n")
        return b"".join(line + b"\n" for line in lines if self._is_kept(line))

    def rest(self) -> bytes:
        """Return what was held back at the end."""
        return self._held if self._held and self._is_kept(self._held) else b""

    def _is_kept(self, line: bytes) -> bool:
        if self._skip_blank and not line.strip():
            self._skip_blank = False
            return False
        self._skip_blank = is_usage_only(line.strip())
        return not self._skip_blank


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    return sum(_length(part.get("text")) for part in _dicts(value))


def with_usage(body: bytes) -> bytes | None:
    """Return the body of a streamed chat request that asks for token counts, None when it does so already."""
    request = _decoded(body)
    if not isinstance(request, dict) or request.get("stream") is not True or request.get("stream_options"):
        return None
    return msgspec.json.encode({**request, "stream_options": {"include_usage": True}})


def is_usage_only(line: bytes) -> bool:
    """Return whether a line of a chat stream is the chunk that carries token counts alone."""
    if not line.startswith(b"data:") or b'"usage"' not in line:
        return False
    event = _decoded(line[5:].strip())
    return isinstance(event, dict) and event.get("choices") == [] and isinstance(event.get("usage"), dict)


def model_of(body: bytes) -> str | None:
    """Return the model that a request asks for."""
    request = _decoded(body)
    return _text(request.get("model")) if isinstance(request, dict) else None


def message_of(body: bytes) -> str:
    """Return what an error body says, in one line."""
    found = _decoded(body)
    if isinstance(found, dict):
        error = found.get("error", found)
        text = error.get("message") if isinstance(error, dict) else error
        if isinstance(text, str) and text:
            return " ".join(text.split())[:300]
    return " ".join(body.decode("utf-8", "replace").split())[:300]
