"""A contract of fifteen amendments, an annex in German and its letters; twenty terms as they stand on a day.

`build` proves that each trap of `TRAPS`, when missed, costs exactly the checks listed there, and draws again
where it does not.
"""

import json
import random
from decimal import Decimal

from _contract_in_force_draw import draw_world
from _contract_in_force_letters import all_letters
from _contract_in_force_reckon import GROUPS, terms
from _contract_in_force_text import (
    amendment_text,
    annex_text,
    index_text,
    long_date,
    master_text,
    nachtrag_text,
    nachtrag_translation,
    order_text,
)
from _contract_in_force_words import QUESTIONS

# Missed trap -> exactly the checks on values that it must cost.
TRAPS = {
    "receipt": {"annex", "dates", "periods", "rates"},
    "evening": {"annex", "dates", "rates"},
    "director": {"rates"},
    "left": {"totals", "unsigned"},
    "last-sign": {"unsigned"},
    "condition-signed": {"dates", "periods", "silent", "totals", "unsigned"},
    "condition-letter": {"dates", "periods"},
    "condition-never": {"dates", "fees", "periods", "rates", "silent", "totals", "unsigned"},
    "longstop": {"dates", "silent", "totals", "unsigned"},
    "subject": {"dates", "silent", "totals", "unsigned"},
    "counterpart": {"dates", "unsigned"},
    "numbers-bound": {"annex", "dates", "periods", "rates"},
    "numbers-first": {"dates", "fees", "periods", "rates", "silent", "totals", "unsigned"},
    "renumber-effect": {"dates", "periods", "rates"},
    "later-number": {"unsigned"},
    "no-retro": {"fees", "rates", "totals"},
    "replace": {"fees", "rates", "silent", "totals"},
    "future": {"periods"},
    "english": {"annex", "dates", "rates"},
    "annex": {"annex", "dates", "rates"},
    "order-all": {"annex", "dates", "periods"},
    "order-none": {"rates"},
    "correction": {"fees", "rates", "totals"},
    "carry": {"fees", "rates", "totals"},
    "young": {"rates"},
    "half": {"fees", "totals"},
    "rebase": {"fees", "rates", "totals"},
    "revision-first": {"fees", "rates", "totals"},
    "revision-last": {"fees", "rates", "totals"},
    "fall": {"fees", "rates", "totals"},
    "count": {"dates"},
    "n-today": {"dates"},
}


def lost_checks(truth, answer):
    """Return the checks on values that ``answer`` fails when ``truth`` is right."""
    return {GROUPS[key] for key in GROUPS if truth[key][0] != answer[key][0]}


def sound(world):
    """Return whether every trap costs exactly its checks, and no cent of it is within the tolerance."""
    truth = terms(world)
    for trap, costs in TRAPS.items():
        answer = terms(world, {trap})
        if lost_checks(truth, answer) != costs:
            return False
        for key in GROUPS:
            right, given = truth[key][0], answer[key][0]
            if key.endswith("_eur") and right != given and abs(right - given) < Decimal("0.03"):
                return False
    return True


def shown(value):
    """Return a value as the checks compare it."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(Decimal(value.numerator) / Decimal(value.denominator))


def write_inputs(workspace, rng, world):
    """Write contract, letters, index, as-of day and template; return the register."""
    folder = workspace / "contracts"
    for part in ("orders", "amendments", "annex", "letters"):
        (folder / part).mkdir(parents=True)
    invoice = f"R-2604-{rng.randint(100, 899)}"
    rows = [("M", "Master Agreement", "master-agreement.md", master_text(world))]
    for name in ("OF1", "OF2"):
        rows.append(
            (name, f"Order Form {name[2:]}", f"orders/order-form-{name[2:]}.md", order_text(world, name))
        )
    rows.append(("D", "Anhang D", "annex/anhang-d.md", annex_text(world, True)))
    rows.append(("", "Annex D (translation)", "annex/annex-d-translation.md", annex_text(world, False)))
    for paper in world.papers:
        number = paper.name[1:]
        if paper.name[0] == "A":
            path, text = f"amendments/amendment-{int(number):02d}.md", amendment_text(rng, paper, world)
            rows.append((paper.name, f"Amendment No. {number}", path, text))
            continue
        title = f"{number}. Nachtrag zum Anhang D"
        rows.append((paper.name, title, f"annex/nachtrag-{number}.md", nachtrag_text(paper, world)))
        if number == "2":
            text = nachtrag_translation(paper, world)
            rows.append(
                ("", "Second amendment of Annex D (translation)", "annex/nachtrag-2-translation.md", text)
            )
    number = rng.randint(110, 190)
    for text in all_letters(rng, world, invoice):
        number += rng.randint(1, 9)
        (folder / "letters" / f"{number}.txt").write_text(text, "utf-8")
    register = ["id,title,file"]
    for name, title, path, text in rows:
        (folder / path).write_text(text, "utf-8")
        register.append(f"{name},{title},{path}")
    (folder / "register.csv").write_text("\n".join(register) + "\n", "utf-8")
    (folder / "index.csv").write_text(index_text(world), "utf-8")
    (workspace / "asof.txt").write_text(long_date(world.as_of) + "\n", "utf-8")
    template = {
        key: {
            "question": text.format(**world.names, invoice=invoice),
            "value": None,
            "document": None,
            "clause": None,
        }
        for key, text in QUESTIONS.items()
    }
    text = json.dumps(template, indent=2, ensure_ascii=False)
    (workspace / "terms-template.json").write_text(text + "\n", "utf-8")
    return {name: path for name, _, path, _ in rows if name}


def build(workspace, hidden, seed):
    """Write the inputs to ``workspace`` and the expected answers to ``hidden``."""
    for redraw in range(400):
        rng = random.Random(f"contract-in-force/{seed}/{redraw}")
        world = draw_world(rng)
        if sound(world):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    files = write_inputs(workspace, rng, world)
    expected = {
        key: {"value": shown(value), "document": document, "clause": clause, "group": GROUPS[key]}
        for key, (value, document, clause) in terms(world).items()
    }
    table = {"terms": expected, "files": files}
    (hidden / "expected.json").write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", "utf-8")
