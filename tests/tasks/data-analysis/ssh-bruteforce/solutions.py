"""A careful analyst, two who work otherwise, careless ones, and single faults in what the analyst leaves."""

from __future__ import annotations

import ipaddress
import json
import re
from collections import defaultdict, deque
from datetime import datetime, timedelta
from pathlib import Path

from _ssh_bruteforce_reader import (
    MONTHS,
    STEPPED,
    Notes,
    Rules,
    log_files,
    solve,
    whole_lines,
    write,
)


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Solve as rules.md says."""
    return write(workspace, solve(workspace))


# -- other right solutions -----------------------------------------------------------------------


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Write other spellings: long IPv6, local offsets, floats, extra keys, CRLF, BOM, tight networks."""
    found, rules = solve(workspace), Rules(workspace)
    hours = int(rules.ahead.total_seconds() // 3600)
    rows = [
        {
            "note": "check",
            "user": user,
            "ip": ipaddress.ip_address(ip).exploded.upper(),
            "first_success_utc": f"{(at + rules.ahead).isoformat()}{hours:+03d}:00",
        }
        for (ip, user), at in found["breakins"].items()
    ]
    attackers = {ipaddress.ip_address(ip).exploded: float(count) for ip, count in found["attackers"].items()}
    text = json.dumps({"by": "night shift", "compromised": rows[::-1], "attackers": attackers})
    (workspace / "report.json").write_bytes(b"\xef\xbb\xbf" + text.replace(", ", ",\r\n").encode())
    lines = ["# for the firewall", ""]
    for version in (4, 6):
        nets = [ipaddress.ip_network(ip) for ip in found["attackers"] if (":" in ip) == (version == 6)]
        lines += [f"{net} # seen" for net in ipaddress.collapse_addresses(nets)]
    (workspace / "block.txt").write_bytes("\r\n".join(reversed(lines)).encode())
    (workspace / "scratch.py").write_text("print('how it was done')\n", "utf-8")
    return None


def streaming(workspace: Path, turn: int = 1) -> str | None:
    """Solve in one pass over the messages with string methods; the year turns where the months do."""
    rules = Rules(workspace)
    notes = Notes(workspace, rules, set())
    files = log_files(workspace)
    steps = [int(found) for _, text in files for found in STEPPED.findall(text)]
    state: tuple = (defaultdict(deque), defaultdict(int), {}, {})
    year, last_month, slow = rules.collected.year - 1, 0, 0
    for line in whole_lines("".join(text for _, text in files)):
        month = MONTHS.index(line[:3]) + 1
        year += month < last_month
        last_month = month
        _, _, rest = line[16:].partition(" ")
        program, _, text = rest.partition(": ")
        if text.startswith("Server listening on 0"):
            slow = sum(steps)
        elif program.startswith("chronyd"):
            slow -= steps.pop(0)
        elif program.startswith(("sshd[", "sshd-b[")) and text.startswith(("Failed", "Accepted", "message")):
            hour, minute, second = map(int, line[7:15].split(":"))
            at = datetime(year, month, int(line[4:6]), hour, minute, second) + timedelta(seconds=slow)
            _one_message(text, at, notes, state)
    found = {"attackers": {ip: state[1][ip] for ip in state[2]}, "breakins": state[3]}
    return write(workspace, found, [f"{ip}/128" if ":" in ip else f"{ip}/32" for ip in state[2]])


def _one_message(text: str, at: datetime, notes: Notes, state: tuple) -> None:
    windows, totals, since, hits = state
    times = 1
    if text.startswith("message repeated "):
        times = int(text.split(" ")[2])
        text = text[text.index("[ ") + 2 : -1]
    verb, method, *_ = [*text.split(" ", 2), ""]
    if method not in ("password", "keyboard-interactive/pam") or verb not in ("Failed", "Accepted"):
        return
    words = text.split(" ")
    ip = words[-4].removeprefix("::ffff:")
    if notes.leave_out(ip, at) or (ip != notes.gone and notes.rules.is_allowed(ip)):
        return
    if verb == "Accepted":
        if ip in since and at > since[ip] and not notes.is_claimed(words[3], at):
            hits.setdefault((ip, words[3]), at - notes.rules.ahead)
        return
    totals[ip] += times
    recent = windows[ip]
    recent.extend([at] * times)
    while at - recent[0] > notes.rules.window:
        recent.popleft()
    if len(recent) >= notes.rules.need:
        since.setdefault(ip, at)


# -- plausible, but wrong ------------------------------------------------------------------------


def one_year(workspace: Path, turn: int = 1) -> str | None:
    """Date every stamp in the year of the collection."""
    return write(workspace, solve(workspace, "one-year"))


def mapped_apart(workspace: Path, turn: int = 1) -> str | None:
    """Take ::ffff: forms for other hosts."""
    return write(workspace, solve(workspace, "mapped-apart"))


def allow_as_strings(workspace: Path, turn: int = 1) -> str | None:
    """Look addresses up in allow.txt as text."""
    return write(workspace, solve(workspace, "allow-as-strings"))


def server_clock(workspace: Path, turn: int = 1) -> str | None:
    """Report the server's clock as UTC."""
    return write(workspace, solve(workspace, "server-clock"))


def notes_unread(workspace: Path, turn: int = 1) -> str | None:
    """Go by rules.md and allow.txt alone, but put the clock right."""
    return write(workspace, solve(workspace, "notes-unread"))


def first_step_only(workspace: Path, turn: int = 1) -> str | None:
    """Take the clock for right after its first step."""
    return write(workspace, solve(workspace, "first-step"))


def one_instance(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the second sshd."""
    return write(workspace, solve(workspace, "one-instance"))


def first_piece_only(workspace: Path, turn: int = 1) -> str | None:
    """Read the first line of a long message only."""
    return write(workspace, solve(workspace, "first-piece"))


def believes_testers(workspace: Path, turn: int = 1) -> str | None:
    """Let tests go on for as long as the testers say."""
    return write(workspace, solve(workspace, "hearsay"))


def first_plan(workspace: Path, turn: int = 1) -> str | None:
    """Take tests as they were announced first, and their hours for local ones."""
    return write(workspace, solve(workspace, "first-plan"))


def old_addresses(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the last word on addresses that changed hands."""
    return write(workspace, solve(workspace, "old-addresses"))


def every_claim(workspace: Path, turn: int = 1) -> str | None:
    """Believe claims by others and such as were taken back, and let them clear later logins, too."""
    return write(workspace, solve(workspace, "every-claim", "pair-cleared"))


def small_networks(workspace: Path, turn: int = 1) -> str | None:
    """Block a whole /29 wherever two attackers share one."""
    found = solve(workspace)
    nets = defaultdict(list)
    for ip in found["attackers"]:
        nets[ipaddress.ip_network(f"{ip}/{125 if ':' in ip else 29}", strict=False)].append(ip)
    return write(workspace, found, [str(net) if len(ips) > 1 else ips[0] for net, ips in nets.items()])


# -- one fault in the oracle's files -------------------------------------------------------------


def _edit(workspace: Path, change) -> None:
    """Let ``change`` alter the report."""
    path = workspace / "report.json"
    report = json.loads(path.read_text("utf-8"))
    change(report)
    path.write_text(json.dumps(report, indent=2), "utf-8")


def drops_an_attacker(workspace: Path) -> None:
    """Leave one attacker out of the report."""
    _edit(workspace, lambda report: report["attackers"].pop(min(report["attackers"])))


def counts_one_less(workspace: Path) -> None:
    """Give one attacker a failure less."""

    def change(report: dict) -> None:
        report["attackers"][min(report["attackers"])] -= 1

    _edit(workspace, change)


def drops_a_pair(workspace: Path) -> None:
    """Leave one compromised pair out."""
    _edit(workspace, lambda report: report["compromised"].pop())


def adds_a_pair(workspace: Path) -> None:
    """Report a user who never logged in, too."""
    _edit(
        workspace, lambda report: report["compromised"].append({**report["compromised"][0], "user": "nobody"})
    )


def one_second_late(workspace: Path) -> None:
    """Report one break-in a second too late."""

    def change(report: dict) -> None:
        row = report["compromised"][-1]
        at = datetime.fromisoformat(row["first_success_utc"]) + timedelta(seconds=1)
        row["first_success_utc"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")

    _edit(workspace, change)


def unblocks_one(workspace: Path) -> None:
    """Leave the last line off the block list."""
    path = workspace / "block.txt"
    path.write_text("".join(path.read_text("utf-8").splitlines(True)[:-1]), "utf-8")


def blocks_own_hosts(workspace: Path) -> None:
    """Block the first entry of allow.txt, too."""
    with (workspace / "block.txt").open("a", encoding="utf-8") as stream:
        stream.write(f"{Rules(workspace).entries[0]}\n")


def tidies_a_log(workspace: Path) -> None:
    """Drop the last line of the current log."""
    path = workspace / "logs/auth.log"
    path.write_bytes(b"".join(path.read_bytes().splitlines(True)[:-1]))


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Report every address in sight with a guessed count, and block the world."""
    text = "".join(text for _, text in log_files(workspace))
    seen = sorted(set(re.findall(r"from (\d+\.\d+\.\d+\.\d+) port", text)))
    rows = [{"ip": ip, "user": "root", "first_success_utc": "2026-01-01T00:00:00Z"} for ip in seen]
    report = {"attackers": dict.fromkeys(seen, 10), "compromised": rows}
    (workspace / "report.json").write_text(json.dumps(report), "utf-8")
    (workspace / "block.txt").write_text("0.0.0.0/0\n::/0\n", "utf-8")
    return "All attackers, failures and compromised accounts found; block.txt covers all attackers."


ALTERNATIVES = [spelled_otherwise, streaming]
MISSING = {"attackers", "block-covers"}
EXTRA = {"attackers", "block-spares"}
WRONG = {
    one_year: {*MISSING, *EXTRA, "failures", "compromised", "instants"},
    mapped_apart: {*MISSING, *EXTRA, "failures", "compromised"},
    allow_as_strings: {*EXTRA, "compromised"},
    server_clock: {"instants"},
    notes_unread: {*MISSING, *EXTRA, "failures", "compromised", "instants"},
    first_step_only: {*MISSING, "instants"},
    one_instance: {*MISSING, "failures", "compromised"},
    first_piece_only: {*MISSING, "failures"},
    believes_testers: {*MISSING, "compromised"},
    first_plan: {*MISSING, *EXTRA, "failures"},
    old_addresses: {*MISSING, *EXTRA},
    every_claim: {"compromised"},
    small_networks: {"block-spares"},
}
MUTATIONS = {
    drops_an_attacker: {"attackers"},
    counts_one_less: {"failures"},
    drops_a_pair: {"compromised"},
    adds_a_pair: {"compromised"},
    one_second_late: {"instants"},
    unblocks_one: {"block-covers"},
    blocks_own_hosts: {"block-spares"},
    tidies_a_log: {"inputs-unchanged"},
}
