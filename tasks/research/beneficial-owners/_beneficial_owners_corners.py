"""Draws suppliers that stand at a corner: circles of control, halves, exact thresholds, nobody who reaches one."""

from __future__ import annotations

from _beneficial_owners_draw import Cast
from _beneficial_owners_model import Entry

THOUSAND = 1000


def daughters(cast: Cast) -> None:
    """Companies that hold shares in one that controls them, one of them by two steps together."""
    rng, b = cast.rng, cast.builder
    supplier, mother, child, grandchild = cast.companies[:4]
    p = rng.sample(cast.people, 6)
    few = rng.randint(52, 60)
    split = rng.randint(24, 36)
    rows = {
        supplier: {
            mother: rng.randint(27, 40),
            p[0]: rng.randint(14, 24),
            p[1]: rng.randint(8, 16),
            p[5]: rng.randint(20, 30),
        },
        mother: {
            p[2]: rng.randint(28, 34),
            p[3]: rng.randint(18, 26),
            child: rng.randint(8, 14),
            grandchild: rng.randint(20, 27),
        },
        child: {mother: few, p[4]: 100 - few},
        grandchild: {mother: split, child: 54 - split, p[0]: rng.randint(20, 30), p[5]: rng.randint(14, 20)},
    }
    if rng.random() < 0.5:
        rows[supplier][child] = rng.randint(5, 15)
    for name in cast.companies[4:]:
        rows[supplier][name] = rng.randint(9, 20)
        rows[name] = {p[3]: rng.randint(30, 60), p[4]: rng.randint(20, 40), p[1]: rng.randint(10, 20)}
    for name, weights in rows.items():
        cast.file(name, weights, 0.0)
    cast.frozen |= {child, grandchild}
    start = cast.day(0.1, 0.8)
    holder = p[2] if rng.random() < 0.5 else p[3]
    b.later(
        cast.soon(start), "nominee", company=mother, effective=start, part=0.3, source=holder, target=child
    )
    day = cast.day(0.3, 0.9)
    b.later(cast.soon(day), "transfer", company=supplier, effective=day)


def halves(cast: Cast) -> None:
    """A company of which two have half of the votes each, from some return on."""
    cast.found(classes=0.0)
    company = cast.above[0]
    one, two, third = cast.rng.sample(cast.people, 3)
    part = cast.rng.randint(40, 70) * THOUSAND
    _restate(
        cast,
        company,
        {
            ("A", one): part,
            ("A", two): part - 8 * THOUSAND,
            ("A", third): 8 * THOUSAND,
            ("A", company): 6 * THOUSAND,
        },
    )
    day = cast.day(0.85, 0.95)
    cast.builder.later(cast.soon(day), "delegation", company=company, effective=day, source=third, target=two)


def _restate(
    cast: Cast,
    company: str,
    held: dict[tuple[str, str], int],
    rights: tuple[tuple[str, int, int], ...] = (("A", 1, 1),),
) -> None:
    """Plan a return with given contents, and let nothing come after it."""
    made = cast.day(0.55, 0.8)
    entries = [Entry("", holder, share, count) for (share, holder), count in held.items() if count]
    cast.rng.shuffle(entries)
    options = {"company": company, "effective": made, "entries": tuple(entries), "classes": rights}
    cast.builder.later(made + cast.rng.randint(25, 60), "stated", **options)
    cast.frozen.add(company)


def _circle(cast: Cast, missing: int) -> tuple[str, ...]:
    """Let supplier and a company hold each other so that somebody has the limit less `missing` millionths of all."""
    rng = cast.rng
    limit = cast.limit.economic
    while True:
        b, c, d = rng.randint(31, 45), rng.randint(11, 29), rng.randint(11, 24)
        # In parts of 1,000,000: a = limit * (1 - bc) - bd, of which b, c, d are hundredths.
        own = limit * (10000 - b * c) - 100 * b * d - missing
        rest = 1000000 - own - b * 10000
        if own > 20000 and rest > 300000:
            break
    supplier, other = cast.companies[:2]
    people = rng.sample(cast.people, 6)
    thirds = _shared(cast, rest, 5)
    held = {("A", people[0]): own, ("A", other): b * 10000} | {
        ("A", one): part for one, part in zip(people[1:], thirds, strict=True)
    }
    back = _shared(cast, 100 - c - d, 4)
    more = {("A", people[0]): d, ("A", supplier): c} | {
        ("A", one): part for one, part in zip(people[2:], back, strict=True)
    }
    grain = rng.choice((1, 2, 3, 5))
    for company, some in ((supplier, held), (other, {key: part * THOUSAND for key, part in more.items()})):
        _restate(cast, company, {key: part * grain for key, part in some.items()})
    return tuple(people)


def _shared(cast: Cast, total: int, many: int) -> list[int]:
    """Return parts of a total, none too large a part."""
    weights = [cast.rng.randint(8, 11) for _ in range(many)]
    parts = [total * weight // sum(weights) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def exact(cast: Cast) -> None:
    """Somebody has exactly the threshold, through a circle."""
    cast.found(classes=0.0)
    _circle(cast, 0)


def nearly(cast: Cast) -> None:
    """Somebody has the threshold only after rounding, and nobody more."""
    cast.found(classes=0.0)
    _circle(cast, cast.rng.randint(12, 40))


def at_votes(cast: Cast) -> None:
    """Somebody has exactly as many votes as must be exceeded; shares without votes keep economic ones low."""
    cast.found(classes=0.0)
    limit = cast.limit.votes
    people = cast.rng.sample(cast.people, 6)
    parts = [limit, *_shared(cast, 100 - limit, 5)]
    held = {("A", one): part * 10 * THOUSAND for one, part in zip(people, parts, strict=True)}
    for at, one in enumerate(people[1:], 1):
        held["B", one] = (6 + at % 2) * 10 * THOUSAND
    held["A", cast.supplier] = cast.rng.randint(5, 15) * THOUSAND
    _restate(cast, cast.supplier, held, (("A", 1, 1), ("B", 0, 4)))


def at_half(cast: Cast) -> None:
    """Somebody would have the votes with more than half of a company, but has half."""
    cast.found(classes=0.0)
    rng = cast.rng
    people = rng.sample(cast.people, 6)
    company = cast.above[0]
    weight = cast.limit.votes + rng.randint(1, 4)
    parts = [weight, *_shared(cast, 100 - weight, 6)]
    holders = [company, *people]
    held = {("A", one): part * 10 * THOUSAND for one, part in zip(holders, parts, strict=True)}
    _restate(cast, cast.supplier, held)
    half = rng.randint(20, 60) * THOUSAND
    outer = [one for one in cast.people if one not in people][:2]
    _restate(cast, company, {("A", outer[0]): half, ("A", outer[1]): half})
