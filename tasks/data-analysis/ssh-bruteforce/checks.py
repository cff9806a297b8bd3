"""Judge the SSH log review: attackers, their failures, break-ins, and what the block list would block.

Addresses are compared as addresses (any spelling of IPv6, IPv4 also in its ::ffff: form), instants as
instants. A wrong set of attackers or pairs is the business of one check: the checks of counts and instants
judge the entries that belong there, provided that half of them are there at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    number,
    passed,
    same_map,
    same_set,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Pair = tuple[Address, str]

REPORT, BLOCK, EXPECTED = "report.json", "block.txt", "expected.json"
ENOUGH = 0.5
"""The share of the right entries without which a check of their values has nothing to judge."""
MOST_OTHERS = 0.5
"""The share of other visitors up to which a block list still is one for attackers."""
MAX_BLOCK_LINES = 20_000
_MAPPED_BITS = 96


def attacker_set(ctx: Context) -> Verdict:
    """Judge whether exactly the attackers are reported, each address once."""
    found = _reported(ctx)
    repeated = [str(address) for address, counts in found.items() if len(counts) > 1]
    if repeated:
        return failed("each attacker once", f"more than once: {', '.join(repeated[:5])}")
    return same_set(set(_attackers(ctx)), set(found), "attackers")


def failure_counts(ctx: Context) -> Verdict:
    """Judge the number of failures of every real attacker that is reported."""
    expected, found = _attackers(ctx), _reported(ctx)
    common = _enough(expected, found, "attackers")
    wrong = []
    for address in common:
        counts = [number(value, f"failures of {address}") for value in found[address]]
        if counts != [expected[address]]:
            wrong.append(f"{address}: {' and '.join(map(str, counts))} instead of {expected[address]}")
    if wrong:
        return failed(f"{len(common)} right failure counts", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"{len(common)} failure counts, all right")


def compromised_pairs(ctx: Context) -> Verdict:
    """Judge whether exactly the compromised pairs of address and user are reported."""
    expected, found = map(_name, _breakins(ctx)), map(_name, _compromised(ctx))
    return same_set(set(expected), set(found), "compromised pairs")


def success_instants(ctx: Context) -> Verdict:
    """Judge the first success of every real compromised pair that is reported."""
    expected, found = _breakins(ctx), _compromised(ctx)
    common = _enough(expected, found, "compromised pairs")
    return same_map(
        {_name(pair): _instant(expected[pair], "expected") for pair in common},
        {_name(pair): _one_instant(found[pair], _name(pair)) for pair in common},
        "first successes",
    )


def block_covers(ctx: Context) -> Verdict:
    """Judge whether a block list that is not simply for everyone covers every attacker."""
    blocked = ctx.once("block", lambda: _Block(ctx))
    others = ctx.expected(EXPECTED)["others"]
    hit = sum(blocked.covers(ip_address(text)) for text in others)
    if hit > MOST_OTHERS * len(others):
        return failed("attackers blocked, not everyone", f"{hit} of {len(others)} other visitors blocked too")
    free = sorted(str(address) for address in _attackers(ctx) if not blocked.covers(address))
    if free:
        return failed("every attacker blocked", f"{len(free)} not blocked: {', '.join(free[:5])}")
    return passed("every attacker blocked")


def block_spares(ctx: Context) -> Verdict:
    """Judge whether a block list that covers most attackers spares own hosts and other visitors."""
    blocked, attackers = ctx.once("block", lambda: _Block(ctx)), _attackers(ctx)
    _enough(attackers, {address for address in attackers if blocked.covers(address)}, "blocked attackers")
    expected = ctx.expected(EXPECTED)
    own = [entry for entry in expected["allowed"] if blocked.overlaps(ip_network(entry))]
    if own:
        return failed("no host of ours blocked", f"blocked: {', '.join(own)}")
    others = [text for text in expected["others"] if blocked.covers(ip_address(text))]
    if others:
        return failed("nobody else blocked", f"{len(others)} others blocked: {', '.join(others[:5])}")
    return passed("nobody else blocked")


class _Block:
    """The networks of block.txt; blank lines and ``#`` comments are ignored."""

    def __init__(self, ctx: Context) -> None:
        lines = [line.partition("#")[0].strip() for line in ctx.text(BLOCK).split("\n")]
        entries = sorted({line for line in lines if line})
        if not entries:
            raise CheckFailed("block.txt: one address or network per line", "no entry")
        if len(entries) > MAX_BLOCK_LINES:
            raise CheckFailed(f"block.txt: at most {MAX_BLOCK_LINES} entries", f"{len(entries)} entries")
        self.networks = {_network(entry) for entry in entries}
        self.keys = {_key(net.version, net.prefixlen, net.network_address) for net in self.networks}
        self.lengths = sorted({(net.version, net.prefixlen) for net in self.networks})

    def covers(self, address: Address) -> bool:
        """Say whether some network holds the address."""
        return any(
            _key(version, length, address) in self.keys
            for version, length in self.lengths
            if version == address.version
        )

    def overlaps(self, network: Network) -> bool:
        """Say whether some network shares an address with ``network``."""
        return any(net.version == network.version and net.overlaps(network) for net in self.networks)


def _key(version: int, length: int, address: Address) -> tuple[int, int, int]:
    return version, length, int(address) >> ((32 if version == 4 else 128) - length)


def _network(entry: str) -> Network:
    try:
        network = ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        raise CheckFailed("block.txt: one address or network per line", repr(entry)) from None
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED_BITS:
        plain = network.network_address.ipv4_mapped
        if plain is not None:
            return IPv4Network((plain, network.prefixlen - _MAPPED_BITS))
    return network


def _address(value: object, where: str) -> Address:
    if not isinstance(value, str):
        raise CheckFailed(f"{where}: an address", repr(value)[:80])
    try:
        address = ip_address(value.strip().strip("[]"))
    except ValueError:
        raise CheckFailed(f"{where}: an address", repr(value)[:80]) from None
    return getattr(address, "ipv4_mapped", None) or address


def _reported(ctx: Context) -> dict[Address, list[Any]]:
    entries = _part(ctx, "attackers", dict)
    found: dict[Address, list[Any]] = {}
    for text, count in entries.items():
        found.setdefault(_address(text, "attackers"), []).append(count)
    return found


def _compromised(ctx: Context) -> dict[Pair, list[Any]]:
    found: dict[Pair, list[Any]] = {}
    for entry in _entries(ctx):
        user = entry.get("user")
        if not isinstance(user, str):
            raise CheckFailed("compromised: a user name", repr(user)[:80])
        pair = (_address(entry.get("ip"), "compromised"), user.strip())
        found.setdefault(pair, []).append(entry.get("first_success_utc"))
    return found


def _entries(ctx: Context) -> Iterator[dict[str, Any]]:
    for entry in _part(ctx, "compromised", list):
        if not isinstance(entry, dict):
            raise CheckFailed("compromised: a list of objects", repr(entry)[:80])
        yield entry


def _part(ctx: Context, key: str, kind: type) -> Any:
    report = ctx.json(REPORT)
    part = report.get(key) if isinstance(report, dict) else None
    if not isinstance(part, kind):
        raise CheckFailed(
            f"report.json: {key} as {'an object' if kind is dict else 'a list'}", type(part).__name__
        )
    return part


def _attackers(ctx: Context) -> dict[Address, int]:
    return {ip_address(text): count for text, count in ctx.expected(EXPECTED)["attackers"].items()}


def _breakins(ctx: Context) -> dict[Pair, str]:
    rows = ctx.expected(EXPECTED)["breakins"]
    return {(ip_address(row["ip"]), row["user"]): row["first_success_utc"] for row in rows}


def _enough(expected: Any, found: Any, what: str) -> list[Any]:
    common = [key for key in expected if key in found]
    if len(common) < ENOUGH * len(expected):
        raise CheckFailed(f"at least {ENOUGH:.0%} of the {len(expected)} {what}", f"{len(common)} of them")
    return common


def _name(pair: Pair) -> str:
    return f"{pair[0]} {pair[1]}"


def _one_instant(values: list[Any], where: str) -> datetime | str:
    instants = {_instant(value, where) for value in values}
    return instants.pop() if len(instants) == 1 else "several instants"


def _instant(value: object, where: str) -> datetime:
    """Return a text such as ``2019-03-01T17:04:09Z`` as an instant; without a zone it is UTC."""
    if not isinstance(value, str):
        raise CheckFailed(f"{where}: an instant", repr(value)[:80])
    try:
        parsed = datetime.fromisoformat(value.strip().removesuffix("UTC").strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckFailed(f"{where}: an instant like 2019-03-01T17:04:09Z", repr(value)[:80]) from None
