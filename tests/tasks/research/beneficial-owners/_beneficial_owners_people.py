"""Finds out who is who in people.csv."""

import itertools
from collections import defaultdict
from datetime import date

from _beneficial_owners_reader import plain, rows


class People:
    """Everybody, by name and day of birth."""

    def __init__(self, workspace, slips=()):
        self.entries = rows(workspace / "people.csv")
        self.readings = {
            row["character"]: row["readings"].split() for row in rows(workspace / "readings.csv")
        }
        self.group = {row["person_id"]: row["person_id"] for row in self.entries}
        self.by_name = {}
        births = defaultdict(list)
        for row in self.entries:
            born = date.fromisoformat(row["born"])
            births["" if "any-birth" in slips else born].append(row)
            for name in self._names(row):
                self.by_name[name, born] = row["person_id"]
        for some in births.values():
            for one, other in itertools.permutations(some, 2) if len(some) < 20 else self._namesakes(some):
                if self._same(one, other, slips):
                    self._join(one["person_id"], other["person_id"])

    def _namesakes(self, some):
        by_name = defaultdict(list)
        for row in some:
            for name in self._names(row):
                by_name[name].append(row)
        return [(same[0], other) for same in by_name.values() for other in same[1:]]

    def _names(self, row):
        latin = f"{row['family']} {row['given']}".strip()
        return [plain(name) for name in (latin, row["chinese"]) if name]

    def _read_as(self, chinese):
        return {"".join(one) for one in itertools.product(*(self.readings[sign] for sign in chinese))}

    def _same(self, one, other, slips):
        if "any-birth" in slips:
            return True
        latin = (one["family"] + one["given"]).lower().replace(" ", "")
        if (
            "no-merge" not in slips
            and latin
            and other["chinese"]
            and latin in self._read_as(other["chinese"])
        ):
            return True
        return "no-former" not in slips and one["formerly"] and plain(one["formerly"]) in self._names(other)

    def _join(self, one, other):
        low, high = sorted((self.group[one], self.group[other]))
        self.group = {who: low if where == high else where for who, where in self.group.items()}

    def who(self, name, born):
        """Return the id of whom a filing names."""
        return self.group[self.by_name[plain(name), born]]
