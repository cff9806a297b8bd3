"""What is right: the rules of payout-rules.md applied to a world, and to a world misread by one slip.

`solve` returns for each payout its status and its net amount in cents once everything that may be done today is done.
"""

from _half_sent_payouts_world import RECALL, SENT, agrees

OUT = ("accepted", "settled")

SLIPS = {
    "log": {"doubtful", "limit"},
    "pending-paid": {"doubtful", "limit"},
    "pending-unpaid": {"doubtful", "limit"},
    "returned-paid": {"doubtful", "limit"},
    "manual-unseen": {"doubtful", "limit"},
    "bounced-paid": {"doubtful", "limit"},
    "split-done": {"doubtful", "limit"},
    "twins-doubled": {"doubtful"},
    "doubles-kept": {"double", "limit"},
    "recalls-unasked": {"double", "limit"},
    "sends-unasked": {"unsure"},
    "no-corrections": {"corrected", "limit"},
    "unapproved-too": {"corrected", "limit"},
    "file-order": {"corrected", "limit"},
    "withdrawn-kept": {"corrected", "limit"},
    "lowered-recalled": {"corrected", "limit"},
    "hold-lifted": {"held", "limit"},
    "hold-agreed": {"held", "limit"},
    "hold-asked": {"held", "limit"},
    "hold-place": {"held", "limit"},
    "hold-small": {"held", "limit"},
    "hold-none": {"held", "limit"},
    "stops-at-first": {"limit"},
    "recalls-last": {"limit"},
}
"""Slip → the groups of payouts that end wrong by it: mostly those at the limit too. ``batch-order`` reaches all."""

GROUPS = {
    "doubtful": ("funds", "funds-true", "pending", "returned-closed", "returned-open", "manual", "manual-open",
                 "manual-bounced", "split-half", "split-whole", "twin"),
    "double": ("double", "double-denied", "double-split"),
    "unsure": ("unsure",),
    "corrected": ("up", "down", "withdrawn-sent", "withdrawn-denied", "unapproved-sent", "new-amount", "unapproved",
                  "two-revisions", "withdrawn", "added"),
    "held": ("closed", "blocked", "hold", "hold-lifted", "hold-agreed", "hold-asked", "hold-place", "hold-other-place",
             "hold-small", "hold-large"),
}  # fmt: skip


def group_of(role):
    """Return the group of payouts that a role belongs to."""
    return next((group for group, roles in GROUPS.items() if role in roles), "plain")


def due_list(world, slips=frozenset()):
    """Return payout → {payee, amount, class, due, role} as it is due after the corrections."""
    found = {
        one.number: {
            "payee": one.payee,
            "amount": one.amount,
            "class": one.rank,
            "due": one.due,
            "role": one.role,
        }
        for one in world.batch
    }
    if "no-corrections" in slips:
        return found
    best = {}
    for row in world.revisions:
        if not row["approved_by"] and "unapproved-too" not in slips:
            continue
        known = best.get(row["payout_id"])
        if known is None or "file-order" in slips or row["rev"] > known["rev"]:
            best[row["payout_id"]] = row
    for number, row in best.items():
        amount = 0 if row["change"] == "withdrawn" else row["amount"]
        role = found.get(number, {"role": "added"})["role"]
        found[number] = {
            "payee": row["payee"],
            "amount": amount,
            "class": row["class"],
            "due": row["due"],
            "role": role,
        }
    return found


def transfers(world, slips=frozenset()):
    """Return payout → its transfers, oldest first, in the state in which the gateway has them once asked."""
    known = {}
    for line in world.ledger:
        known[line["result"]["id"]] = dict(line["result"])
    found = {}
    for number, one in sorted(known.items()):
        payout = world.manual.get(number, one["ref"])
        if number in world.manual and "manual-unseen" in slips:
            continue
        if one["state"] == "pending":
            settled = world.pending[number] or "pending-paid" in slips
            one["state"] = "settled" if settled and "pending-unpaid" not in slips else "rejected"
        if one["state"] == "returned" and "returned-paid" in slips and number not in world.manual:
            one["state"] = "settled"
        if one["state"] == "returned" and "bounced-paid" in slips and number in world.manual:
            one["state"] = "settled"
        found.setdefault(payout, []).append(one)
    return found


LEFT = frozenset(["what is left of the limit"])


def left_over(world):
    """Return what is left of the limit when everything is done, in cents."""
    return solve(world, LEFT)


def solve(world, slips=frozenset()):
    """Return payout → (status, net in cents), as they really are after somebody with these slips has finished."""
    due = due_list(world, slips)
    known, really = transfers(world, slips), transfers(world)
    counted = {number: [one for one in known.get(number, []) if one["state"] in OUT] for number in due}
    twins = sorted(number for number, one in due.items() if one["role"] == "twin")
    for number, one in due.items():
        if "log" in slips and one["role"] == "funds":
            counted[number] = []
        if "split-done" in slips and one["role"] == "split-half":
            one["amount"] = sum(made["amount"] for made in counted[number])
        if "twins-doubled" in slips and number == twins[-1]:
            one["amount"] = 0
    taken = {
        one["id"]: one
        for number, made in counted.items()
        for one in _recalled(number, due[number], made, slips)
    }
    freed = sum(one["amount"] for one in taken.values() if one["at"][:10] == f"{world.day:%Y-%m-%d}")
    believed = {
        n: sum(one["amount"] for one in made if one["id"] not in taken) for n, made in counted.items()
    }
    left = world.limit - used_today(world, really) + (0 if "recalls-last" in slips else freed)
    sent, deferred = _sent(world, due, believed, left, slips)
    if slips == LEFT:
        return left - sum(sent.values())
    answer = {}
    for number, one in due.items():
        kept = [t for t in really.get(number, []) if t["state"] in OUT and t["id"] not in taken]
        lost = "sends-unasked" in slips and one["role"] == "unsure" and not agrees(number, SENT, 0)
        net = sum(t["amount"] for t in kept) + (0 if lost else sent.get(number, 0))
        answer[number] = _status(one, net, number in deferred), net
    return answer


def used_today(world, done):
    """Return what is used of today's limit before anything is done, in cents."""
    today = f"{world.day:%Y-%m-%d}"
    mine = [one for several in done.values() for one in several]
    return sum(one["amount"] for one in mine if one["at"][:10] == today and one["state"] in OUT)


def _recalled(number, payout, made, slips):
    """Return the transfers that come back: youngest first, each one without which the payout still has its due."""
    due, role = payout["amount"], payout["role"]
    if ("doubles-kept" in slips and role.startswith("double")) or ("withdrawn-kept" in slips and due == 0):
        return []
    found = []
    total = sum(one["amount"] for one in made)
    for nth, one in reversed(list(enumerate(made))):
        lowered = "lowered-recalled" in slips and total > due
        if one["state"] == "settled" or (total - one["amount"] < due and not lowered):
            continue
        if agrees(number, RECALL, nth):
            found.append(one)
        if agrees(number, RECALL, nth) or "recalls-unasked" in slips:
            total -= one["amount"]
    return found


def _held(world, one, number, slips):
    named = next((slip for slip in slips if slip in world.hold_slips), None)
    holds = world.hold_slips[named] if named else world.holds
    return number in holds or world.payees[one["payee"]]["state"] != "open"


def _sent(world, due, net, left, slips):
    """Return payout → what is sent, in the order of the rules and as far as the limit goes, and who has to wait."""
    queue = [
        number
        for number, one in due.items()
        if net[number] < one["amount"] and not _held(world, one, number, slips)
    ]
    if "batch-order" in slips:
        queue.sort()
    else:
        queue.sort(key=lambda number: (due[number]["class"], due[number]["due"], number))
    sent, deferred = {}, set()
    for number in queue:
        missing = due[number]["amount"] - net[number]
        if missing > left or (deferred and "stops-at-first" in slips):
            deferred.add(number)
            continue
        sent[number] = missing
        left -= missing
    return sent, deferred


def _status(one, net, deferred):
    if net > one["amount"]:
        return "overpaid"
    if one["amount"] == 0:
        return "withdrawn"
    if net == one["amount"]:
        return "paid"
    return "deferred" if deferred else "held"
