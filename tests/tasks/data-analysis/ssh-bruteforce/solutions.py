"""Solutions of the SSH log review: an honest one, two others that are right, and one for each trap.

All read nothing but the workspace. `solve` parses the log text by regular expressions and takes the mistakes
as a set of names; `streaming` reads line by line with string methods and keeps one window per address.
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

LINE = re.compile(r"(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) \S+ ([^:\[]+)(?:\[\d+\])?: (.*)")
REPEATED = re.compile(r"message repeated (\d+) times: \[ (.*)\]")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GUESSABLE = r"password|keyboard-interactive/pam"


class Rules:
    """What rules.md and allow.txt say."""

    def __init__(self, workspace: Path) -> None:
        text = " ".join((workspace / "rules.md").read_text("utf-8").split())
        need, minutes = re.search(r"if (\d+) or more failures of it lie within (\d+) minutes", text).groups()
        self.need, self.window = int(need), timedelta(minutes=int(minutes))
        day, year, hour, minute = map(int, re.search(r"on (\d+) January (\d+) at (\d+):(\d+)", text).groups())
        self.collected = datetime(year, 1, day, hour, minute, 59)
        hours, side = re.search(r"ran (\d+) hours? (ahead of|behind) UTC", text).groups()
        self.ahead = timedelta(hours=int(hours)) * (1 if side == "ahead of" else -1)
        lines = (workspace / "allow.txt").read_text("utf-8").splitlines()
        self.entries = [entry for line in lines if (entry := line.partition("#")[0].strip())]
        self.allowed = [ipaddress.ip_network(entry) for entry in self.entries]

    def is_allowed(self, address: str, mistakes: set[str]) -> bool:
        """Say whether the address is ours."""
        if "allow-as-strings" in mistakes:
            return address in self.entries
        return any(ipaddress.ip_address(address) in network for network in self.allowed)


def log_files(workspace: Path) -> list[tuple[int, str]]:
    """Return age and text of the log files, the oldest first."""
    files = []
    for path in (workspace / "logs").glob("auth.log*"):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        digits = re.search(r"\.(\d+)", path.name)
        files.append((int(digits[1]) if digits else 0, data.decode("utf-8")))
    return sorted(files, reverse=True)


def messages(workspace: Path, rules: Rules, mistakes: set[str]) -> Iterator[tuple[datetime, str, str, int]]:
    """Yield moment, program, message and file age of each line about a login."""
    for age, text in log_files(workspace):
        for line in text.splitlines():
            if "Failed" not in line and "Accepted" not in line:
                continue
            month, day, hour, minute, second, program, message = LINE.fullmatch(line).groups()
            parts = (MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
            at = datetime(rules.collected.year, *parts)
            if at > rules.collected and "one-year" not in mistakes:
                at = datetime(rules.collected.year - 1, *parts)
            yield at, program, message, age


def failure_of(message: str, mistakes: set[str]) -> tuple[str, int] | None:
    """Return address and number of failures that a message of sshd stands for."""
    times = 1
    if "repeats-ignored" not in mistakes and (repeated := REPEATED.fullmatch(message)):
        times, message = int(repeated[1]), repeated[2]
    method = GUESSABLE
    if "any-method" in mistakes:
        method = r"\S+"
    elif "passwords-only" in mistakes:
        method = "password"
    middle = ".*?" if "first-address" in mistakes else ".*"
    failure = re.match(rf"Failed (?:{method}) for {middle} from ([0-9a-f.:]+) port \d+", message)
    return (failure[1], times) if failure else None


def login_of(message: str, mistakes: set[str]) -> tuple[str, str] | None:
    """Return address and user of an accepted login that counts."""
    method = GUESSABLE
    if "key-logins" in mistakes:
        method += "|publickey"
    elif "passwords-only" in mistakes:
        method = "password"
    find = re.search if "quoted-logins" in mistakes else re.match
    login = find(rf"Accepted (?:{method}) for (\S+) from (\S+) port", message)
    return (login[2], login[1]) if login else None


def crossing(stamps: list[tuple[datetime, int]], rules: Rules, mistakes: set[str]) -> datetime | None:
    """Return the moment at which the stamps (with file ages) fill a window, or None."""
    need = rules.need + ("more-than" in mistakes)
    width = rules.window
    if "no-window" in mistakes:
        return stamps[need - 1][0] if len(stamps) >= need else None
    recent: deque[datetime] = deque()
    before: object = None
    for at, age in stamps:
        bucket = None
        if "fixed-buckets" in mistakes:
            bucket = (at - datetime(1970, 1, 1)) // width
        elif "per-file" in mistakes:
            bucket = age
        if bucket != before:
            recent.clear()
        before = bucket
        recent.append(at)
        while at - recent[0] > width or ("open-bound" in mistakes and at - recent[0] == width):
            recent.popleft()
        if len(recent) >= need:
            return at
    return None


def solve(workspace: Path, *names: str) -> dict[str, dict]:
    """Return attackers (address -> failures) and break-ins ((address, user) -> instant)."""
    mistakes, rules = set(names), Rules(workspace)
    stamps: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    logins = []
    for at, program, message, age in messages(workspace, rules, mistakes):
        if program != "sshd" and "any-program" not in mistakes:
            continue
        if "any-program" in mistakes and "COMMAND" in message:
            message = message.partition(" -e ")[2]
        if failure := failure_of(message, mistakes):
            stamps[plain(failure[0], mistakes)].extend([(at, age)] * failure[1])
        if login := login_of(message, mistakes):
            logins.append((at, plain(login[0], mistakes), login[1]))
    crossed = {}
    for address, moments in stamps.items():
        moments.sort(key=lambda moment: moment[0])
        at = crossing(moments, rules, mistakes)
        if at and not rules.is_allowed(address, mistakes):
            crossed[address] = at
    breakins: dict[tuple[str, str], datetime] = {}
    shift = timedelta(0) if "server-clock" in mistakes else rules.ahead
    for at, address, user in sorted(logins, reverse="last-login" not in mistakes):
        if address in crossed and (at > crossed[address] or "any-time" in mistakes):
            breakins[address, user] = at - shift
    return {"attackers": {address: len(stamps[address]) for address in crossed}, "breakins": breakins}


def plain(address: str, mistakes: set[str]) -> str:
    """Return an IPv4 address without its ::ffff: prefix."""
    return address if "mapped-apart" in mistakes else address.removeprefix("::ffff:")


def write(workspace: Path, found: dict[str, dict], block: list[str] | None = None) -> str:
    """Write both files and return the reply."""
    rows = [
        {"ip": ip, "user": user, "first_success_utc": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for (ip, user), at in sorted(found["breakins"].items())
    ]
    report = {"attackers": found["attackers"], "compromised": rows}
    (workspace / "report.json").write_text(json.dumps(report, indent=2), "utf-8")
    lines = block if block is not None else sorted(found["attackers"])
    (workspace / "block.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return f"{len(found['attackers'])} attackers, {len(rows)} compromised pairs."


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
    """Solve in one pass over the lines; the year turns where the months do."""
    rules = Rules(workspace)
    windows: dict[str, deque] = defaultdict(deque)
    totals: dict[str, int] = defaultdict(int)
    since: dict[str, datetime] = {}
    hits: dict[tuple[str, str], datetime] = {}
    year, last_month = rules.collected.year - 1, 0
    for name in sorted((workspace / "logs").iterdir(), key=lambda path: -_age(path.name)):
        opener = gzip.open if name.suffix == ".gz" else open
        with opener(name, "rt", encoding="utf-8") as lines:
            for line in lines:
                month = MONTHS.index(line[:3]) + 1
                year += month < last_month
                last_month = month
                hour, minute, second = map(int, line[7:15].split(":"))
                at = datetime(year, month, int(line[4:6]), hour, minute, second)
                _one_line(line[16:].rstrip("\n"), at, rules, (windows, totals, since, hits))
    found = {"attackers": {ip: totals[ip] for ip in since}, "breakins": hits}
    return write(workspace, found, [f"{ip}/128" if ":" in ip else f"{ip}/32" for ip in since])


def _age(name: str) -> int:
    return int("".join(letter for letter in name if letter.isdigit()) or 0)


def _one_line(line: str, at: datetime, rules: Rules, state: tuple) -> None:
    windows, totals, since, hits = state
    _, _, rest = line.partition(" ")
    program, _, text = rest.partition(": ")
    if not program.startswith("sshd["):
        return
    times = 1
    if text.startswith("message repeated "):
        times = int(text.split(" ")[2])
        text = text[text.index("[ ") + 2 : -1]
    verb, method, *_ = [*text.split(" ", 2), ""]
    if method not in ("password", "keyboard-interactive/pam") or verb not in ("Failed", "Accepted"):
        return
    words = text.split(" ")
    ip = words[-4].removeprefix("::ffff:")
    if any(ipaddress.ip_address(ip) in network for network in rules.allowed):
        return
    if verb == "Accepted":
        if ip in since and at > since[ip]:
            hits.setdefault((ip, words[3]), at - rules.ahead)
        return
    totals[ip] += times
    recent = windows[ip]
    recent.extend([at] * times)
    while at - recent[0] > rules.window:
        recent.popleft()
    if len(recent) >= rules.need:
        since.setdefault(ip, at)


# -- plausible, but wrong ------------------------------------------------------------------------


def one_year(workspace: Path, turn: int = 1) -> str | None:
    """Date every stamp in the year of the collection."""
    return write(workspace, solve(workspace, "one-year"))


def ignores_repeats(workspace: Path, turn: int = 1) -> str | None:
    """Count lines, and leave `message repeated` lines out."""
    return write(workspace, solve(workspace, "repeats-ignored"))


def mapped_apart(workspace: Path, turn: int = 1) -> str | None:
    """Take ::ffff: forms for other hosts."""
    return write(workspace, solve(workspace, "mapped-apart"))


def first_address(workspace: Path, turn: int = 1) -> str | None:
    """Believe the first address in a message, which may be part of a user name."""
    return write(workspace, solve(workspace, "first-address"))


def fixed_buckets(workspace: Path, turn: int = 1) -> str | None:
    """Count by buckets of the clock."""
    return write(workspace, solve(workspace, "fixed-buckets"))


def file_by_file(workspace: Path, turn: int = 1) -> str | None:
    """Start each log file with empty windows."""
    return write(workspace, solve(workspace, "per-file"))


def no_window(workspace: Path, turn: int = 1) -> str | None:
    """Call everybody with enough failures an attacker, however slow."""
    return write(workspace, solve(workspace, "no-window"))


def open_bound(workspace: Path, turn: int = 1) -> str | None:
    """Leave out the last second of the window."""
    return write(workspace, solve(workspace, "open-bound"))


def more_than(workspace: Path, turn: int = 1) -> str | None:
    """Want more failures than the threshold."""
    return write(workspace, solve(workspace, "more-than"))


def any_method(workspace: Path, turn: int = 1) -> str | None:
    """Count refused keys as failures."""
    return write(workspace, solve(workspace, "any-method"))


def passwords_only(workspace: Path, turn: int = 1) -> str | None:
    """Overlook keyboard-interactive logins."""
    return write(workspace, solve(workspace, "passwords-only"))


def any_program(workspace: Path, turn: int = 1) -> str | None:
    """Count what sudo quotes, too."""
    return write(workspace, solve(workspace, "any-program"))


def allow_as_strings(workspace: Path, turn: int = 1) -> str | None:
    """Look addresses up in allow.txt as text."""
    return write(workspace, solve(workspace, "allow-as-strings"))


def key_logins(workspace: Path, turn: int = 1) -> str | None:
    """Call a login with a key a break-in."""
    return write(workspace, solve(workspace, "key-logins"))


def any_time(workspace: Path, turn: int = 1) -> str | None:
    """Call logins from before the attack break-ins."""
    return write(workspace, solve(workspace, "any-time"))


def last_login(workspace: Path, turn: int = 1) -> str | None:
    """Report the last success."""
    return write(workspace, solve(workspace, "last-login"))


def quoted_logins(workspace: Path, turn: int = 1) -> str | None:
    """Find accepted logins anywhere in a message."""
    return write(workspace, solve(workspace, "quoted-logins"))


def server_clock(workspace: Path, turn: int = 1) -> str | None:
    """Report the server's clock as UTC."""
    return write(workspace, solve(workspace, "server-clock"))


def small_networks(workspace: Path, turn: int = 1) -> str | None:
    """Block a whole /29 wherever two attackers share one."""
    found = solve(workspace)
    nets = defaultdict(list)
    for ip in found["attackers"]:
        nets[ipaddress.ip_network(f"{ip}/{125 if ':' in ip else 29}", strict=False)].append(ip)
    return write(workspace, found, [str(net) if len(ips) > 1 else ips[0] for net, ips in nets.items()])


def unpacks_in_place(workspace: Path, turn: int = 1) -> str | None:
    """Find everything, but replace the gzipped evidence by its text."""
    for path in (workspace / "logs").glob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    return write(workspace, solve(workspace))


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
    _edit(workspace, lambda report: report["compromised"].append({**report["compromised"][0], "user": "nobody"}))


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
    one_year: {*MISSING, "compromised", "instants"},
    ignores_repeats: {*MISSING, "failures"},
    mapped_apart: {*MISSING, *EXTRA, "failures", "compromised"},
    first_address: {*MISSING, *EXTRA, "failures"},
    fixed_buckets: MISSING,
    file_by_file: MISSING,
    no_window: {*EXTRA, "compromised"},
    open_bound: MISSING,
    more_than: MISSING,
    any_method: {*EXTRA, "failures", "compromised"},
    passwords_only: {*MISSING, "failures", "compromised"},
    any_program: {"failures"},
    allow_as_strings: {*EXTRA, "compromised"},
    key_logins: {"compromised"},
    any_time: {"compromised", "instants"},
    last_login: {"instants"},
    quoted_logins: {"compromised"},
    server_clock: {"instants"},
    small_networks: {"block-spares"},
    unpacks_in_place: {"inputs-unchanged"},
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
