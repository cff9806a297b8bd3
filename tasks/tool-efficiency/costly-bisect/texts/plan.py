"""Print the firing plan as JSON: every figure of every zone, out of limits.cfg, common.cfg and zones/*.cfg."""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTING = re.compile(r"(\w+) = (.+)")
LIMIT = re.compile(r"(\d+)\.\.(\d+) step (\d+) (\S+)")
VALUE = re.compile(r"([0-9]+)|(common|[0-9]{2})\.(\w+)(?: ([+-]) ([0-9]+))?")


class PlanError(Exception):
    """Why there is no plan."""


def read(path):
    """Return the settings of a file: kind -> text."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            hit = SETTING.fullmatch(line)
            if hit is None or hit[1] in found:
                raise PlanError(f"{path.name}: {line}")
            found[hit[1]] = hit[2]
    return found


def number(texts, place, kind, seen=()):
    """Return the number that a setting stands for, references followed."""
    where = f"{place}.{kind}"
    hit = VALUE.fullmatch(texts.get(place, {}).get(kind, ""))
    if hit is None or where in seen:
        raise PlanError(f"{where}: not a number, nor a reference to one")
    if hit[1]:
        return int(hit[1])
    offset = int(hit[5] or 0)
    return number(texts, hit[2], hit[3], (*seen, where)) + (-offset if hit[4] == "-" else offset)


def plan():
    """Return the firing plan."""
    limits = read(HERE / "limits.cfg")
    zones = sorted(path.stem for path in (HERE / "zones").glob("*.cfg"))
    texts = {zone: read(HERE / "zones" / f"{zone}.cfg") for zone in zones}
    texts["common"] = read(HERE / "common.cfg")
    figures = {}
    for zone in zones:
        if texts[zone].keys() != limits.keys():
            raise PlanError(f"{zone}: not one setting of every kind")
        for kind in limits:
            low, high, step, unit = LIMIT.fullmatch(limits[kind]).groups()
            value = number(texts, zone, kind)
            if value not in range(int(low), int(high) + 1, int(step)):
                raise PlanError(f"{zone}.{kind}: {value} is not in {limits[kind]}")
            figures[f"{zone}.{kind}"] = f"{value} {unit}"
    return {"zones": len(zones), "figures": figures}


if __name__ == "__main__":
    try:
        print(json.dumps(plan(), indent=1))
    except (PlanError, OSError) as error:
        sys.exit(f"no plan: {error}")
