"""The metering proxy: stands between agents and one endpoint, holds its key, and counts for each try what passes.

Runs in a thread of the harness. A try has a secret token in the path of its requests, so that requests are known by
their try whatever the agent is. Answers are passed on as they come; only one thing is changed: a streamed chat request
that does not ask for token counts does so on its way out, and the agent does not see the chunk that brings them.
The key never goes back: it is taken out of errors, and the agent's own credentials are dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import msgspec

from agentbench import ledger, scratch, usage
from agentbench.errors import EnvironmentNotReady
from agentbench.failures import FailureCause
from agentbench.metering import wire
from agentbench.metering.classify import cause_of, retry_after_sec
from agentbench.metering.egress import Egress, listen
from agentbench.metering.records import GATEWAY_PORT, GONE, NO_LIMITS, Endpoint, Limits, Meter, Request
from agentbench.metering.upstream import ANTHROPIC, Upstream
from agentbench.redact import Scrubber

try:
    import aiohttp
    from aiohttp import web
except ImportError:
    raise EnvironmentNotReady(
        "aiohttp is missing", where="agentbench", hint="Install it: pip install 'agentbench[harness]'."
    ) from None

_METERED = frozenset({"chat/completions", "completions", "messages", "responses"})
_FREE = frozenset({"messages/count_tokens", "embeddings"})
_TO_ENDPOINT = ("content-type", "accept", "user-agent", "anthropic-version", "anthropic-beta", "openai-beta")
_TO_AGENT = ("content-type", "retry-after", "retry-after-ms", "request-id", "x-request-id")
_PLAIN = re.compile(r"[\w./:@+-]+", re.ASCII)
"""Paths that mean the same to everybody; with ``..`` a client could leave the API with our key."""
_MAX_BODY = 64 * 1024**2
_MAX_ERROR = 1024**2


class _Live:
    """One try's token, as long as it is good."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.n_asked = 0
        """Requests that were passed on, those under way included."""
        self.tasks: set[asyncio.Task[Any]] = set()


class Proxy:
    """A running proxy; a context manager."""

    def __init__(
        self,
        upstream: Upstream,
        api_key: str | None,
        *,
        limits: Limits = NO_LIMITS,
        prices: usage.Prices = usage.PRICES,
    ) -> None:
        self.upstream = upstream
        self._root = upstream.root
        self._key, self._limits, self._prices = api_key or None, limits, prices
        self.secrets = {"key": api_key} if api_key else {}
        self._scrubber = Scrubber(self.secrets)
        self._live: dict[str, _Live] = {}
        self._loop = asyncio.new_event_loop()
        self._stack = contextlib.ExitStack()
        self._port = 0

    def __enter__(self) -> Proxy:
        self._folder = self._stack.enter_context(scratch.temporary("proxy"))
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        try:
            self._call(self._start())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._stack.close()

    def open(self) -> tuple[Endpoint, Meter]:
        """Return an endpoint for one try, and what is seen of it."""
        token = secrets.token_urlsafe(18)
        live = _Live()
        self._live[token] = live
        path = f"/t/{token}/v1"
        endpoint = Endpoint(
            base_url=f"http://127.0.0.1:{self._port}{path}",
            inside_url=f"http://127.0.0.1:{GATEWAY_PORT}{path}",
            socket=self._folder / "model.sock",
            model=self.upstream.model,
            api=self.upstream.api,
        )
        return endpoint, live.meter

    def close(self, endpoint: Endpoint) -> None:
        """End an endpoint: its token is worthless, requests under way are given up."""
        live = self._live.pop(endpoint.base_url.split("/")[-2], None)
        if live is not None:
            self._call(_cancelled(live))

    def egress(self, hosts: tuple[str, ...]) -> Egress:
        """Return a way out of a box to ``hosts`` and nowhere else."""
        gate = Egress(hosts, self._folder / f"egress-{secrets.token_hex(4)}.sock", self._loop)
        gate.start()
        return gate

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        longest = max(self.upstream.first_byte_sec, self.upstream.idle_sec)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.upstream.connect_sec, sock_read=longest)
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(
            timeout=timeout, connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_route("*", "/t/{token}/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._port = listener.getsockname()[1]
        await web.SockSite(self._runner, listener).start()
        await web.SockSite(self._runner, listen(self._folder / "model.sock")).start()

    async def _stop(self) -> None:
        for live in self._live.values():
            await _cancelled(live)
        await self._runner.cleanup()
        await self._session.close()

    # -- one request --------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        live = self._live.get(request.match_info["token"])
        rest = request.match_info["rest"].removeprefix("v1/").strip("/")
        if live is None:
            return self._refusal(403, "this endpoint is closed")
        if not _PLAIN.fullmatch(rest) or ".." in rest:
            return self._refusal(404, "the proxy does not serve this path")
        task = asyncio.current_task()
        assert task is not None
        live.tasks.add(task)
        try:
            if request.method == "GET" and (rest == "models" or rest.startswith("models/")):
                return await self._passed(request, rest)
            if request.method == "POST" and rest in _FREE:
                return await self._passed(request, rest)
            if request.method == "POST" and rest in _METERED:
                return await self._metered(request, rest, live)
            return self._refusal(404, f"the proxy does not serve {request.method} {rest}")
        finally:
            live.tasks.discard(task)

    async def _passed(self, request: web.Request, rest: str) -> web.StreamResponse:
        """Pass on a request that costs nothing."""
        body = await request.read()
        try:
            async with self._ask(request, rest, body) as answer:
                return await self._small(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._refusal(502, f"the model's endpoint failed ({type(error).__name__})")

    async def _metered(self, request: web.Request, rest: str, live: _Live) -> web.StreamResponse:
        meter = live.meter
        if (why := self._over(live)) is not None:
            now = time.monotonic()
            if meter.exhausted is None:
                refused = Request(
                    at=ledger.now(), started=now, path=rest, model=None, status=403, ours=True, detail=why
                )
                meter.add(refused)
            meter.exhaust(why)
            return self._refusal(403, f"agentbench: {why}")
        live.n_asked += 1
        body = await request.read()
        note = _Exchange(self, rest, body, meter)
        try:
            return await note.run(request)
        except asyncio.CancelledError:
            note.add(finish=GONE)
            raise
        except ConnectionError:
            note.add(finish=GONE)
            raise

    def _over(self, live: _Live) -> str | None:
        if self._limits.requests is not None and live.n_asked >= self._limits.requests:
            return f"the trial's {self._limits.requests} model requests are used up"
        if self._limits.tokens is not None:
            spent = sum(one.tokens.total or 0 for one in live.meter.requests)
            if spent >= self._limits.tokens:
                return f"the trial's {self._limits.tokens} tokens are used up ({spent})"
        return None

    @contextlib.asynccontextmanager
    async def _ask(
        self, request: web.Request, rest: str, body: bytes
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request on, and yield the answer once its head is there."""
        headers = {name: request.headers[name] for name in _TO_ENDPOINT if name in request.headers}
        headers["accept-encoding"] = "identity"
        if self.upstream.api == ANTHROPIC:
            headers.setdefault("anthropic-version", "2023-06-01")
            headers |= {"x-api-key": self._key} if self._key else {}
        elif self._key:
            headers["authorization"] = f"Bearer {self._key}"
        asked = self._session.request(
            request.method, f"{self._root}/{rest}", data=body or None, headers=headers, allow_redirects=False
        )
        async with asyncio.timeout(self.upstream.first_byte_sec):
            answer = await asked
        try:
            yield answer
        finally:
            answer.close()

    async def _small(self, answer: aiohttp.ClientResponse) -> web.Response:
        """Return an answer that is read as a whole: an error, or one that costs nothing."""
        body = await answer.content.read(_MAX_ERROR)
        return web.Response(status=answer.status, headers=self._kept(answer), body=self._scrubber.data(body))

    def _kept(self, answer: aiohttp.ClientResponse) -> dict[str, str]:
        """Return the headers of an answer that the agent gets."""
        return {
            name: self._scrubber.text(value)
            for name, value in answer.headers.items()
            if name.lower() in _TO_AGENT or "ratelimit" in name.lower()
        }

    def _refusal(self, status: int, message: str) -> web.Response:
        """Return an error in a shape that clients of all three APIs read."""
        kind = "permission_error" if status == 403 else "api_error"
        return web.json_response(
            {"type": "error", "error": {"type": kind, "code": "agentbench", "message": message}},
            status=status,
        )


class _Exchange:
    """One metered request on its way through the proxy."""

    def __init__(self, proxy: Proxy, rest: str, body: bytes, meter: Meter) -> None:
        self._proxy, self._rest, self._meter = proxy, rest, meter
        asking = wire.with_usage(body) if rest == "chat/completions" else None
        self._body, self._drops = (body, False) if asking is None else (asking, True)
        self._at, self._started = ledger.now(), time.monotonic()
        self._reader = wire.Reader(streamed=False)
        self._status: int | None = None
        self._ttft: float | None = None
        self._added = False

    async def run(self, request: web.Request) -> web.StreamResponse:
        """Ask the endpoint and pass its answer on. Raises ConnectionError when the agent is gone."""
        try:
            async with self._proxy._ask(request, self._rest, self._body) as answer:
                self._status = answer.status
                if answer.status >= 300:
                    return await self._failed(answer)
                return await self._streamed(request, answer)
        except TimeoutError:
            detail = f"no answer within {self._proxy.upstream.first_byte_sec:g} s"
            self.add(cause=FailureCause.PROVIDER_TRANSIENT, detail=detail)
            return self._proxy._refusal(504, detail)
        except aiohttp.ClientError as error:
            detail = f"the model's endpoint failed ({_kind(error)})"
            self.add(cause=FailureCause.PROVIDER_TRANSIENT, detail=detail)
            return self._proxy._refusal(502, detail)

    async def _failed(self, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        response = await self._proxy._small(answer)
        said = self._proxy._scrubber.text(
            wire.message_of(response.body if isinstance(response.body, bytes) else b"")
        )
        self.add(
            cause=cause_of(answer.status, said),
            detail=f"{answer.status}: {said}"[:300],
            retry_after_sec=retry_after_sec({name.lower(): value for name, value in answer.headers.items()}),
        )
        return response

    async def _streamed(self, request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        """Pass an answer on block by block, as it comes."""
        streamed = "event-stream" in answer.headers.get("content-type", "")
        self._reader = reader = wire.Reader(streamed=streamed)
        dropper = wire.Dropper() if self._drops and streamed else None
        scrubber = self._proxy._scrubber.stream()
        response = web.StreamResponse(status=answer.status, headers=self._proxy._kept(answer))
        await response.prepare(request)
        try:
            async for block in answer.content.iter_any():
                reader.feed(block)
                if self._ttft is None and (reader.has_content or not streamed):
                    self._ttft = time.monotonic() - self._started
                block = scrubber.keep(block)
                await response.write(dropper.keep(block) if dropper else block)
            block = scrubber.rest()
            await response.write(dropper.keep(block) + dropper.rest() if dropper else block)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.add(
                cause=FailureCause.PROVIDER_TRANSIENT,
                detail=f"the answer was cut off ({type(error).__name__})",
            )
            if request.transport is not None:
                request.transport.abort()
            return response
        reader.close()
        if reader.error:
            said = self._proxy._scrubber.text(reader.error)
            self.add(cause=cause_of(200, said), detail=f"error in the stream: {said}"[:300])
        elif not reader.ended:
            self.add(cause=FailureCause.PROVIDER_TRANSIENT, detail="the answer ended early")
        else:
            self.add()
        await response.write_eof()
        return response

    def add(self, **more: Any) -> None:
        """Note how the request ended, once."""
        if self._added:
            return
        self._added = True
        reader, proxy = self._reader, self._proxy
        tokens = reader.tokens
        asked = wire.model_of(self._body)
        cost = usage.cost_usd(reader.model or asked, tokens, proxy._prices)
        if cost is None and asked == proxy.upstream.model:  # what answers may be called by a dated name
            cost = usage.cost_usd(asked, tokens, proxy._prices)
        noted = {
            "at": self._at,
            "started": self._started,
            "path": self._rest,
            "model": asked,
            "status": self._status,
            "answered_by": reader.model,
            "duration_sec": time.monotonic() - self._started,
            "ttft_sec": self._ttft,
            "tokens": msgspec.structs.replace(tokens, cost_usd=cost),
            "n_tool_calls": reader.n_tool_calls,
            "n_text": reader.n_text,
            "finish": reader.finish,
            "refused": reader.refused,
        }
        self._meter.add(Request(**{**noted, **more}))


async def _cancelled(live: _Live) -> None:
    tasks = list(live.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _kind(error: aiohttp.ClientError) -> str:
    """Return what went wrong, without the endpoint's address."""
    number = getattr(getattr(error, "os_error", None), "errno", None)
    return f"{type(error).__name__}: {os.strerror(number)}" if number and number > 0 else type(error).__name__
