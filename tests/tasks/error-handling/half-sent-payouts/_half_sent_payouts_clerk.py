"""A clerk who finishes the batch with the workspace's own payctl; slips make a careless one of him."""

import csv
import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

OUT = ("accepted", "settled")


def load_payctl(workspace: Path):
    """Return the workspace's payctl as a module."""
    loader = SourceFileLoader("_half_sent_payouts_payctl", str(workspace / "payctl"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def cents(text):
    """Return an amount in cents."""
    whole, part = text.split(".")
    return int(whole) * 100 + int(part)


class Clerk:
    """Finishes the batch of one workspace."""

    def __init__(self, workspace: Path, slips=()):
        self.workspace, self.slips = workspace, frozenset(slips)
        self.payctl = load_payctl(workspace)
        self.gateway = self.payctl.opened(workspace / "gateway")
        self.begun = len(self.gateway.lines)
        self.today = self.gateway.settings["today"]
        self.due = self.read_batch()
        self.manual, self.holds = Handover(self).read()
        self.count = 0

    def work(self):
        """Find out, take back, send, and report."""
        self.ask()
        if "recalls-last" not in self.slips:
            self.take_back()
        self.send_missing()
        if "recalls-last" in self.slips:
            self.take_back()
        self.save()
        return self.report()

    def save(self):
        """Write what was done to the ledger, as payctl does."""
        with (self.workspace / "gateway/ledger.jsonl").open("a", encoding="utf-8") as ledger:
            ledger.writelines(json.dumps(line) + "\n" for line in self.gateway.lines[self.begun :])
        self.begun = len(self.gateway.lines)

    def rows(self, name):
        """Return the rows of a file."""
        with (self.workspace / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def read_batch(self):
        """Return payout → its row as corrected."""
        due = {row["payout_id"]: row for row in self.rows("batch.csv")}
        best = {}
        for row in self.rows("batch_v2.csv") if "no-corrections" not in self.slips else []:
            if not row["approved_by"] and "unapproved-too" not in self.slips:
                continue
            known = best.get(row["payout_id"])
            if known is None or "file-order" in self.slips or int(row["rev"]) > int(known["rev"]):
                best[row["payout_id"]] = row
        due |= best
        self.names = {row["payee"]: row["payee_name"] for row in due.values()}
        for row in due.values():
            row["amount"] = 0 if row.get("change") == "withdrawn" else cents(row["amount_eur"])
        return due

    def ask(self):
        """Ask for the outcome of what is pending, on both days."""
        for number, one in sorted(self.gateway.transfers.items()):
            if one["state"] == "pending" and not {"pending-paid", "pending-unpaid"} & self.slips:
                self.gateway.show(number)

    def of(self, payout):
        """Return the transfers that this clerk believes the payout has got, oldest first."""
        found, halted = [], self.halted()
        for number, one in sorted(self.gateway.transfers.items()):
            by_hand = number in self.manual
            if self.manual.get(number, one["ref"]) != payout or (by_hand and "manual-unseen" in self.slips):
                continue
            counts = list(OUT)
            counts += ["returned"] if ("bounced-paid" if by_hand else "returned-paid") in self.slips else []
            counts += ["pending"] if {"pending-paid", "sends-unasked"} & self.slips else []
            if one["at"][:10] != self.today and "only-today" in self.slips:
                continue
            if one["state"] in counts and not (
                "log" in self.slips and payout in halted and number <= self.last_seen
            ):
                found.append(one)
        return found

    def halted(self):
        """Return the payouts that the log gives up."""
        if "log" not in self.slips:
            return set()
        text = (self.workspace / "run.log").read_text()
        self.last_seen = max(n for n, one in self.gateway.transfers.items() if one["key"].startswith("PO-"))
        return set(re.findall(r"ERROR (PO-\d+) 402", text)) if not self.count else set()

    def twins(self):
        """Return payouts that look like doubles of an earlier one: same payee, same amount."""
        seen, found = set(), set()
        for payout, row in sorted(self.due.items()):
            if (row["payee"], row["amount"]) in seen:
                found.add(payout)
            seen.add((row["payee"], row["amount"]))
        return found

    def take_back(self):
        """Recall what is too much."""
        for payout, row in self.due.items():
            if "twins-doubled" in self.slips and payout in self.twins():
                row["amount"] = 0
            made = self.of(payout)
            kept = (
                "doubles-kept" in self.slips
                and row["amount"]
                and len({one["amount"] for one in made}) < len(made)
            )
            if kept or ("withdrawn-kept" in self.slips and not row["amount"]):
                continue
            total = sum(one["amount"] for one in made)
            for one in reversed(made):
                lowered = "lowered-recalled" in self.slips and total > row["amount"]
                if one["state"] == "accepted" and (total - one["amount"] >= row["amount"] or lowered):
                    self.gateway.recall(one["id"])
                    if "recalls-unasked" in self.slips or self.gateway.show(one["id"])["state"] == "recalled":
                        total -= one["amount"]

    def is_held(self, payout):
        """Return whether a payout gets nothing."""
        return payout in self.holds or self.gateway.payees[self.due[payout]["payee"]]["state"] != "open"

    def send_missing(self):
        """Send what is missing, as far as the limit goes."""
        plan = {}
        for payout, row in self.due.items():
            missing = row["amount"] - sum(one["amount"] for one in self.of(payout))
            partly = "split-done" in self.slips and row["amount"] > 500_000 and missing < row["amount"]
            if missing > 0 and not self.is_held(payout) and not partly:
                plan[payout] = missing
        rank = (
            (lambda p: p)
            if "batch-order" in self.slips
            else lambda p: (self.due[p]["class"], self.due[p]["due"], p)
        )
        for payout in sorted(plan, key=rank):
            if plan[payout] <= self.gateway.settings["limit"] - self.gateway.used():
                self.send(payout, plan[payout])
            elif "stops-at-first" in self.slips:
                return

    def send(self, payout, missing):
        """Send an amount in parts, each until it is not rejected."""
        while missing:
            self.count += 1
            part = min(missing, 500_000)
            made = self.gateway.send(f"hand.{payout}.{self.count}", self.due[payout]["payee"], part, payout)
            if "sends-unasked" not in self.slips:
                made = self.gateway.show(made["id"])
            missing -= part if made["state"] in (*OUT, "pending") else 0

    def report(self):
        """Return the rows of payouts.csv, as the gateway has it."""
        rows = []
        for payout, row in sorted(self.due.items()):
            made = self.of(payout)
            net = sum(one["amount"] for one in made)
            missing = row["amount"] - net
            status = (
                "overpaid"
                if missing < 0
                else "withdrawn"
                if not row["amount"]
                else "paid"
                if not missing
                else ""
            )
            status = status or ("held" if self.is_held(payout) else "deferred")
            rows.append([payout, status, self.payctl.euros(net), ";".join(one["id"] for one in made)])
        return rows


class Handover:
    """Reads handover.md, knowing how the two of treasury write."""

    def __init__(self, clerk):
        self.clerk = clerk
        text = (clerk.workspace / "handover.md").read_text("utf-8")
        self.notes = re.findall(r"^\*\*\d\d:\d\d (.*?)\*\*: (.*)$", text, re.M)

    def read(self):
        """Return transfer by hand → payout, and the payouts on hold."""
        return self.manual(), self.holds()

    def manual(self):
        """Return transfer → payout for what treasury paid by hand."""
        found = {}
        refs = {one["ref"]: number for number, one in self.clerk.gateway.transfers.items()}
        for _, text in self.notes:
            if (ref := re.search(r"HAND-\d+", text)) and "deposit" not in text:
                payout = re.search(r"PO-\d+", text)
                named = [p for p, row in self.clerk.due.items() if row["payee_name"] in text]
                found[refs[ref[0]]] = payout[0] if payout else named[0]
        return found

    def holds(self):
        """Return the payouts on hold at the end of the notes."""
        held, slips = {}, self.clerk.slips
        if "hold-none" in slips:
            return set()
        treasury = ("Ines Falk", "Bo Lindqvist")
        for who, text in self.notes:
            payees = {code for code, name in self.clerk.names.items() if name in text}
            if re.search(r"on hold: .* in \w+|, the ones in \w+: hold", text, re.I):
                words = re.findall(r"[A-Z][a-z]+", text)
                place = {
                    code
                    for code, name in self.clerk.names.items()
                    if "(" in name and name.split("(")[1][:-1] in words
                }
            if "only the one" in text.lower() or "Of the two payouts" in text:
                payees = set(payees)
                amounts = re.findall(r"\d+\.\d\d", text)
                for payout, row in self.clerk.due.items():
                    if row["payee"] in payees and (row["amount_eur"] == amounts[0] or "hold-small" in slips):
                        held[payout] = True
                continue
            if "town" in text and who in treasury:
                both = {code for code, name in self.clerk.names.items() if "(" in name}
                payees = place if "hold-place" in slips else both - place
            lifting = re.search("all in order|hold lifted", text)
            if lifting and "hold-lifted" in slips:
                continue
            asks = who not in treasury and payees
            if asks and not ("hold-asked" in slips and "Mina" in who):
                continue
            if re.search("agreed, so|is right, do it", text) and "hold-agreed" in slips:
                continue
            if re.search("nothing changes for them|there is no hold|HAND", text):
                continue
            for payout, row in self.clerk.due.items():
                if row["payee"] in payees:
                    held[payout] = not lifting
        return {payout for payout, is_held in held.items() if is_held}
