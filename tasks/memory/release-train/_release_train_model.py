"""What the tool must do after each message, as a model, and what it does where an agreement was forgotten."""

import copy
import csv
import io
import re

SLIPS = {
    "sorted-plainly": "1",
    "drops-nought": "1",
    "counts-all": "1",
    "keeps-last-spelling": "1",
    "creates-by-take": "1",
    "nought-as-text": "2",
    "halves-import": "3",
    "skips-uncounted": "3",
    "nought-stays": "3",
    "renamed": "5",
    "take-to-nought": "5",
    "mark-in-name": "5",
    "undo-by-row": "6",
    "undo-keeps-name": "6",
    "undo-counts-all": "6",
}
"""Slip → the first message whose tests must tell it from the right tool."""


class Tool:
    """The tool as it is after a message (1 to 6)."""

    def __init__(self, turn, nought, slips=frozenset()):
        self.turn, self.nought, self.slips = turn, nought, slips
        self.stock, self.shown, self.past = {}, {}, []

    def call(self, argv, files):
        """Carry out a command; return (exit code, what it prints)."""
        commands = {"add": self.move, "take": self.move, "list": self.show}
        commands |= {"import": self.take_in} if self.turn >= 3 else {}
        commands |= {"undo": self.undo} if self.turn >= 6 else {}
        if not argv or argv[0] not in commands:
            return 2, ""
        before = copy.deepcopy((self.stock, self.shown))
        code, text = commands[argv[0]](argv, files)
        changed = (self.stock, self.shown) != before or ("undo-counts-all" in self.slips and code in {0, 3})
        if argv[0] != "undo" and changed and argv[0] != "list":
            self.past.append(before)
        return code, text

    def move(self, argv, _):
        """Add or take."""
        if len(argv) != 3 or not re.fullmatch("[0-9]+", argv[2]) or not int(argv[2]) or not argv[1].split():
            return 2, ""
        quantity = int(argv[2])
        return self.put(argv[1], quantity if argv[0] == "add" else -quantity)

    def put(self, name, quantity):
        """Change the stock of a name."""
        name = " ".join(name.split())
        key = name.casefold()
        have = self.stock.get(key, 0)
        if have + quantity < 0:
            if "take-to-nought" in self.slips and key in self.stock:
                self.stock[key] = 0
                return 0, ""
            if "creates-by-take" in self.slips:
                self.stock.setdefault(key, 0)
                self.shown.setdefault(key, name)
            return 3, f"short by {-have - quantity}\n"
        self.stock[key] = have + quantity
        if key not in self.shown or "keeps-last-spelling" in self.slips:
            self.shown[key] = name
        return 0, ""

    def names(self):
        """Return the names in the order of the list."""
        keys = [key for key in self.stock if self.stock[key] or "drops-nought" not in self.slips]
        return (
            sorted(keys)
            if "sorted-plainly" in self.slips
            else sorted(keys, key=lambda key: (len(self.shown[key]), key))
        )

    def show(self, argv, _):
        """List."""
        if argv[1:] not in ([], ["--json"]) or (argv[1:] and self.turn < 2):
            return 2, ""
        count = sum(1 for number in self.stock.values() if number or "counts-all" in self.slips)
        if argv[1:]:
            return 0, {"items": [self.item(key) for key in self.names()], "count": count}
        odd = self.nought if self.turn < 3 or "nought-stays" in self.slips else "0"
        lines = [f"{self.shown[key]} {self.stock[key] or odd}" for key in self.names()]
        return 0, "".join(f"{line}\n" for line in [*lines, f"= {count}"])

    def item(self, key):
        """Return an item of the JSON."""
        number = self.stock[key]
        if "nought-as-text" in self.slips and not number:
            number = self.nought
        found = {"name": self.shown[key], "qty": number}
        if self.turn >= 5:
            found["quantity"] = number
            if "renamed" in self.slips:
                del found["qty"]
        return found

    def take_in(self, argv, files):
        """Import rows."""
        if len(argv) != 2 or argv[1] not in files:
            return 2, ""
        text = files[argv[1]]
        if self.turn >= 5 and "mark-in-name" not in self.slips:
            text = text.removeprefix("\ufeff")
        before = copy.deepcopy((self.stock, self.shown))
        number = 0
        for cells in csv.reader(io.StringIO(text, newline="")):
            number += 1 if cells or "skips-uncounted" not in self.slips else 0
            if not cells:
                continue
            name, quantity = cells if len(cells) == 2 else ("", "")
            fit = re.fullmatch("-?[0-9]+", quantity) and int(quantity) and name.split()
            if not fit or self.put(name, int(quantity))[0]:
                if "halves-import" not in self.slips:
                    self.stock, self.shown = before
                return 4, f"row {number}\n"
            if "undo-by-row" in self.slips:
                self.past.append(before)
        return 0, ""

    def undo(self, argv, _):
        """Take back."""
        if len(argv) != 1:
            return 2, ""
        if not self.past:
            return 5, "nothing to undo\n"
        stock, shown = self.past.pop()
        if "undo-keeps-name" in self.slips:
            stock, shown = {**dict.fromkeys(self.stock, 0), **stock}, {**self.shown, **shown}
        self.stock, self.shown = stock, shown
        return 0, ""

    def lines(self):
        """Return what FILE holds: (name, qty) in the order in which names first came."""
        return [[self.shown[key], number] for key, number in self.stock.items()]


def play(scenario, turn, nought, slips=frozenset()):
    """Return [[exit code, output, lines of FILE], ...] for the commands of a scenario."""
    tool = Tool(turn, nought, slips)
    for name, number in scenario.get("begin", []):
        tool.put(name, number)
    out = []
    for argv in scenario["calls"]:
        code, text = tool.call(argv, scenario["files"])
        out.append([code, text, tool.lines()])
    return out
