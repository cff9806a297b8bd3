"""The runs of a folder as pages on loopback: the list, reports, comparisons, and runs that go on.

It only reads, answers only to names of this machine (a page elsewhere that points its own name here gets nothing),
and sends what is on disk as it stands at the moment of the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from agentbench import history, i18n, paths, report, stored
from agentbench.compare import compare_all
from agentbench.compare.pages import render_html
from agentbench.errors import AgentBenchError, EnvironmentNotReady
from agentbench.site import pages

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOST = "127.0.0.1"
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def application(results: Path, language: str) -> web.Application:
    """Return the application that shows the runs below ``results``."""
    site = _Site(results, language)
    app = web.Application(middlewares=[_only_here, _errors_as_text])
    app.add_routes(
        [
            web.get("/", site.runs),
            web.get("/run/{run}/", site.run),
            web.get("/run/{run}", _with_slash),
            web.get("/compare", site.compare),
        ]
    )
    return app


async def serve(results: Path, port: int, language: str, ready: Callable[[str], None]) -> None:
    """Serve until cancelled; ``ready`` gets the address. Raises EnvironmentNotReady when the port is taken."""
    runner = web.AppRunner(application(results, language), access_log=None)
    await runner.setup()
    try:
        place = web.TCPSite(runner, HOST, port)
        try:
            await place.start()
        except OSError as error:
            raise EnvironmentNotReady(
                f"cannot listen ({error.strerror or error})",
                where=f"port {port}",
                hint="Name another with --port N.",
            ) from None
        ready(f"http://{HOST}:{runner.addresses[0][1]}/")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


class _Site:
    """Answers; what takes long is done in a thread, in the language that was asked for."""

    def __init__(self, results: Path, language: str) -> None:
        self._results = results
        self._language = language

    async def runs(self, request: web.Request) -> web.Response:
        return await self._page(lambda: pages.render_runs(history.load(self._results), pages.SERVED))

    async def run(self, request: web.Request) -> web.Response:
        run = self._find(request.match_info["run"])
        if run.results.is_file():
            return await self._page(lambda: report.render_html(stored.load_intact(run)))
        return await self._page(lambda: pages.render_progress(run))

    async def compare(self, request: web.Request) -> web.Response:
        names = sorted(set(request.query.getall("run", [])))
        if len(names) < 2:
            raise web.HTTPBadRequest(text="compare: choose two runs or more")
        runs = [self._find(name) for name in names]
        return await self._page(lambda: render_html(compare_all([stored.load_intact(run) for run in runs])))

    def _find(self, name: str) -> paths.RunPaths:
        """Return the run of exactly this id: a path or a prefix is none."""
        found = {run.run_id: run for run in paths.list_runs(self._results)}
        if name not in found:
            raise web.HTTPNotFound(text="no such run")
        return found[name]

    async def _page(self, make: Callable[[], str]) -> web.Response:
        def made() -> str:
            with i18n.speaking(self._language):
                return make()

        text = await asyncio.to_thread(made)
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)


async def _with_slash(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(f"/run/{request.match_info['run']}/")


@web.middleware
async def _only_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.host.rpartition(":")[0] not in _NAMES and request.host not in _NAMES:
        raise web.HTTPForbidden(text="this answers to 127.0.0.1 and localhost only")
    return await handler(request)


@web.middleware
async def _errors_as_text(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except AgentBenchError as error:
        return web.Response(status=422, text=f"{error}\n", headers=_HEADERS)
