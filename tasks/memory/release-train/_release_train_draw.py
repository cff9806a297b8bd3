"""Draws the scenarios of the hidden tests: commands and files, growing with the messages."""

GOODS = (
    "bolt",
    "Nut",
    "washer",
    "M8 screw",
    "Hinge",
    "cable tie",
    "Fuse",
    "bit",
    "Drill",
    "tape",
    "glue",
    "Saw",
    "axe",
    "Nail",
)


class Draw:
    """Draws scenarios for one message."""

    def __init__(self, rng, turn):
        self.rng, self.turn = rng, turn

    def name(self):
        """Return a name in some writing."""
        rng, name = self.rng, self.rng.choice(GOODS)
        return rng.choice((name, name, name.upper(), name.lower(), f" {name} ", name.replace(" ", "   ")))

    def scenario(self, long):
        """Return {calls, files}."""
        calls, files = [["undo"]] if self.turn >= 6 else [], {}
        for step in range(self.rng.randint(14, 20) if long else 9):
            calls.append(self.command(step, files))
            if self.rng.random() < 0.35:
                calls.append(["list"])
        calls += [["list"]]
        calls += [["list", "--json"]] if self.turn >= 2 else []
        if self.turn >= 6:
            calls += [["undo"]] * self.rng.randint(3, 8) + [["list"]]
        return {"calls": calls, "files": files}

    def command(self, step, files):
        """Return a command."""
        rng, turn = self.rng, self.turn
        kinds = ["add"] * 5 + ["take"] * 4 + ["odd"]
        kinds += ["import"] * 3 if turn >= 3 else []
        kinds += ["undo"] * 3 if turn >= 6 else []
        kinds += ["json"] if turn >= 2 else []
        kind = rng.choice(kinds) if step > 2 else "add"
        if kind == "add":
            return ["add", self.name(), str(rng.randint(1, 9))]
        if kind == "take":
            return ["take", self.name(), str(rng.randint(1, 9))]
        if kind == "json":
            return ["list", "--json"]
        if kind == "import":
            name = f"in{len(files)}.csv"
            files[name] = self.table()
            return ["import", name]
        return ["undo"] if kind == "undo" else rng.choice(self.wrong())

    def wrong(self):
        """Return commands that are wrong use."""
        some = [["add", "bolt"], ["add", "bolt", "0"], ["add", "bolt", "-2"], ["take", "nut", "1.5"],
                ["add", "  ", "3"], ["remove", "bolt"], [], ["list", "--xml"], ["add", "bolt", "+3"],
                ["take", "bolt", "two"]]  # fmt: skip
        some += [["import"], ["import", "gone.csv"]] if self.turn >= 3 else [["import", "goods.csv"]]
        some += [["list", "--json"]] if self.turn < 2 else []
        return some + ([["undo"]] if self.turn < 6 else [])

    def table(self):
        """Return a CSV."""
        rng = self.rng
        rows = [f"{self.name()},{rng.choice((1, 2, 5, 7))}" for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.5:
            rows.insert(rng.randint(0, len(rows)), "")
        if rng.random() < 0.6:
            rows.insert(rng.randint(1, len(rows)), f"{self.name()},-{rng.randint(1, 6)}")
        if rng.random() < 0.2:
            rows.append(rng.choice(("bolt,0", "bolt", ",4", "tape,x")))
        spreadsheet = self.turn >= 5 and rng.random() < 0.5
        return ("\ufeff" if spreadsheet else "") + ("\r\n" if spreadsheet else "\n").join([*rows, ""])
