"""Judges `openapi.json` by what it does: whether it takes the service's answers, refuses spoiled ones, and judges
requests as the service does. Nothing is asked of a live service; the exchanges were recorded with the given code.
"""

from collections.abc import Callable

from _openapi_from_service_meta import structure_errors
from _openapi_from_service_reader import Document, Operation
from _openapi_from_service_schema import BadDocument

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, find_files, passed, same_set

SHARE = 0.8
"""How much of the operations, statuses and answers must be there before a check of details earns anything."""
NAME = "openapi.json"
MAX_OPERATIONS = 400


def routes_right(ctx: Context) -> Verdict:
    """Judge whether exactly the operations that the service answers are documented."""
    return same_set(_operations(ctx), set(_document(ctx).operations), "operations")


def statuses_right(ctx: Context) -> Verdict:
    """Judge whether each documented operation has exactly the statuses that it can answer with."""
    known = _known(ctx)
    right = {pair for pair in _statuses(ctx) if pair.rsplit(" ", 1)[0] in known}
    given = {f"{name} {code}" for name, operation in known.items() for code in operation.responses}
    return same_set(right, given, "statuses")


def answers_right(ctx: Context) -> Verdict:
    """Judge whether the service's own answers fit, while most spoiled ones do not."""
    fitting, judged = _fitting(ctx), _judged_exchanges(ctx)
    wrong = [_named(one) for n, one in judged.items() if n not in fitting]
    if wrong:
        return failed(
            f"{len(judged)} answers of the service fit", f"{len(wrong)} do not: {'; '.join(wrong[:6])}"
        )
    loose = _accepted_faults(ctx, {"missing", "unknown", "type", "word"})
    n_faults = len(_faults(ctx))
    if len(loose) > (1 - SHARE) * n_faults:
        return failed("most spoiled answers do not fit", f"{len(loose)} of {n_faults} do")
    return passed(f"{len(judged)} answers, all fit")


def faults_refused(ctx: Context, kinds: list[str]) -> Verdict:
    """Judge whether answers with a fault of these kinds are refused."""
    fitting, judged = _fitting(ctx), _judged_exchanges(ctx)
    if len(fitting) < SHARE * len(judged):
        return failed("most answers of the service fit", f"{len(fitting)} of {len(judged)} do")
    loose = _accepted_faults(ctx, set(kinds))
    if loose:
        return failed(
            f"answers with a fault ({', '.join(kinds)}) do not fit", f"{len(loose)} do: {_shown(loose)}"
        )
    return passed("all spoiled answers refused")


def requests_right(ctx: Context, group: str) -> Verdict:
    """Judge whether the requests of a group are taken and refused as the service takes and refuses them."""
    known = _known(ctx)
    groups = ctx.once("groups", lambda: ctx.expected("requests.json"))
    requests = [one for one in groups[group] if one["op"] in known]
    wrong = [
        one for one in requests if _guarded(lambda one=one: known[one["op"]].accepts(one)) is not one["good"]
    ]
    if wrong:
        shown = {f"{one['op']}: {'taken' if one['good'] else 'refused'} by the service" for one in wrong}
        return failed(
            f"{len(requests)} requests judged as the service does",
            f"{len(wrong)} not: {'; '.join(sorted(shown))}",
        )
    return passed(f"{len(requests)} requests judged as the service does")


def document_valid(ctx: Context) -> Verdict:
    """Judge whether the document is built as OpenAPI 3.0 wants it, once it covers most operations."""
    _known(ctx)
    errors = structure_errors(ctx.json(NAME))
    if errors:
        return failed("a valid OpenAPI 3.0 document", "; ".join(errors[:5]))
    return passed("a valid OpenAPI 3.0 document")


def inputs_unchanged(ctx: Context) -> Verdict:
    """Judge that all given files are as they were given."""
    for name in find_files(ctx.pristine, "**"):
        if ctx.bytes(name) != (ctx.pristine / name).read_bytes():
            return failed(f"{name} as given", "changed")
    return passed("as given")


def _document(ctx: Context) -> Document:
    def make():
        raw = ctx.json(NAME)
        document = _guarded(lambda: Document(raw))
        if len(document.operations) > MAX_OPERATIONS:
            raise CheckFailed(
                f"{NAME}: the operations of the service", f"{len(document.operations)} operations"
            )
        return document

    return ctx.once("document", make)


def _guarded(judge: Callable):
    """Return what `judge` gives; a document that cannot be read fails the check."""
    try:
        return judge()
    except BadDocument as error:
        raise CheckFailed(f"{NAME}: readable as OpenAPI 3.0", str(error)) from None


def _exchanges(ctx: Context) -> list[dict]:
    return _recorded(ctx)["exchanges"]


def _recorded(ctx: Context) -> dict[str, list[dict]]:
    return ctx.once("recorded", lambda: ctx.expected("exchanges.json"))


def _faults(ctx: Context) -> list[dict]:
    """Return the faults of answers that fit without them."""
    fitting = _fitting(ctx)
    return [one for one in _recorded(ctx)["faults"] if one["exchange"] in fitting]


def _operations(ctx: Context) -> set[str]:
    return ctx.once("operations", lambda: {one["op"] for one in _exchanges(ctx)})


def _statuses(ctx: Context) -> set[str]:
    return ctx.once("statuses", lambda: {_named(one) for one in _exchanges(ctx)})


def _known(ctx: Context) -> dict[str, Operation]:
    """Return the documented operations that exist. Raises CheckFailed where they are too few."""
    right, known = _operations(ctx), ctx.once("known", lambda: _existing(ctx))
    if len(known) < SHARE * len(right):
        raise CheckFailed(f"most of the service's {len(right)} operations", f"{len(known)} documented")
    return known


def _existing(ctx: Context) -> dict[str, Operation]:
    right = _operations(ctx)
    return {name: one for name, one in _document(ctx).operations.items() if name in right}


def _judged_exchanges(ctx: Context) -> dict[int, dict]:
    """Return the exchanges whose operation and status are documented. Raises CheckFailed where they are too few."""
    known, right = _known(ctx), _statuses(ctx)
    given = right & {f"{name} {code}" for name, operation in known.items() for code in operation.responses}
    if len(given) < SHARE * len(right):
        raise CheckFailed(f"most of the service's {len(right)} statuses", f"{len(given)} documented")
    return {n: one for n, one in enumerate(_exchanges(ctx)) if f"{one['op']} {one['status']}" in given}


def _fitting(ctx: Context) -> set[int]:
    """Return the numbers of the exchanges that fit the document."""

    def make():
        return {
            n for n, one in _judged_exchanges(ctx).items() if _fits(ctx, one, one["headers"], one["body"])
        }

    return ctx.once("fitting", make)


def _fits(ctx: Context, exchange: dict, headers: dict[str, str], body: str) -> bool:
    operation = _known(ctx)[exchange["op"]]
    return _guarded(lambda: operation.answers(exchange["status"], headers, exchange["media"], body))


def _accepted_faults(ctx: Context, kinds: set[str]) -> list[dict]:
    """Return the faults of these kinds that the document does not notice."""

    def make():
        found = []
        for fault in _faults(ctx):
            exchange = _exchanges(ctx)[fault["exchange"]]
            headers = {name: one for name, one in exchange["headers"].items() if name != fault.get("header")}
            if _fits(ctx, exchange, headers, fault.get("body", exchange["body"])):
                found.append({**fault, "answer": _named(exchange)})
        return found

    return [one for one in ctx.once("accepted", make) if one["kind"] in kinds]


def _named(exchange: dict) -> str:
    return f"{exchange['op']} {exchange['status']}"


def _shown(faults: list[dict]) -> str:
    """Return where faults went unnoticed, without saying which."""
    return "; ".join(sorted({fault["answer"] for fault in faults})[:6])
