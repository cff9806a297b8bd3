"""Reads policy, service and formats as a careful engineer would: what is in force, and what goes where."""

import re
import tomllib
from pathlib import Path

_HEAD = re.compile(r"\*\*(N-\d+)\*\* \(([^)]*)\), for ([^,]*), from (\d{4}-\d\d-\d\d)\. (.*)")
_MATTERS = {
    "base image": "base",
    "user": "uid",
    "port": "port",
    "release branches": "release",
    "staging": "staging",
}


def _notes(workspace: Path, service: dict) -> list[dict]:
    found = []
    for line in (workspace / "platform-policy.md").read_text("utf-8").splitlines():
        if not (match := _HEAD.match(line)):
            continue
        name, _, scope, day, body = match.groups()
        reach = {
            "all services": 0,
            f"services of tier `{service['tier']}`": 1,
            f"`{service['name']}`": 2,
        }.get(scope, -1)
        note = {"id": name, "reach": reach, "day": day, "firm": "without exception" in body}
        if gone := re.match(r"(N-\d+) is withdrawn", body):
            found.append({**note, "gone": gone[1]})
        else:
            matter = re.match(r"On the ([a-z ]+):", body)
            found.append(
                {**note, "matter": _MATTERS[matter[1]], "value": re.search("`([^`]+)`", body)[1].strip("/")}
            )
    return found


def in_force(workspace: Path, today: str) -> dict[str, str]:
    """Return matter → value that holds."""
    service = tomllib.loads((workspace / "app/service.toml").read_text("utf-8"))
    notes = [one for one in _notes(workspace, service) if one["day"] <= today]
    gone: set[str] = set()
    for one in sorted(notes, key=lambda one: one["day"], reverse=True):
        if "gone" in one and one["id"] not in gone:
            gone.add(one["gone"])
    right = {}
    for matter in _MATTERS.values():
        mine = [
            one
            for one in notes
            if one.get("matter") == matter and one["reach"] >= 0 and one["id"] not in gone
        ]
        wall = max((one["day"] for one in mine if one["firm"]), default="")
        mine = [one for one in mine if one["day"] >= wall]
        mine.sort(key=lambda one: (one["reach"], one["day"]))
        right[matter] = mine[-1]["value"]
    return right


def facts(workspace: Path, message: str) -> dict[str, str]:
    """Return all that the files are filled with."""
    today = re.search(r"\d{4}-\d\d-\d\d", message)[0]
    right = in_force(workspace, today)
    assets = tomllib.loads((workspace / "app/build.toml").read_text("utf-8"))["assets"]
    image = right["base"]
    version = re.search(r":(3\.\d+)", image)[1]
    registry = image.rpartition("/")[0]
    pkg = next((workspace / "app/src").iterdir()).name
    return {
        **right,
        "pkg": pkg,
        "up": pkg.upper(),
        "pip": f"{registry}/py-build:{version}",
        "pack": f"{registry}/assetpack:5",
        "web": assets["sources"][0].partition("/")[0],
        "out": assets["out"],
    }
