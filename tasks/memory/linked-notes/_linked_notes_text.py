"""The reports as they read, in two languages, and the questions of the last message."""

SENTENCES = {
    ("is", "works-for"): (
        "{s} works for {v}.", "At {v}, {s} is in charge of purchasing.", "{s} arbeitet bei {v}.",
        "The one to talk to at {v} is their employee {s}.",
    ),
    ("ends", "works-for"): ("{s} has left {v}.", "{s} is no longer with {v}.", "{s} ist bei {v} ausgeschieden."),
    ("repeats", "works-for"): (
        "As {via} reported, {s} works for {v}.", "Wie in {via} zu lesen war, arbeitet {s} bei {v}.",
    ),
    ("talk", "works-for"): (
        "{s} is said to be on the way to {v}.", "Man hört, {s} gehe demnächst zu {v}.",
        "Some expect {s} at {v} by autumn.",
    ),
    ("is", "owns"): (
        "{v} belongs to {s}.", "{s} owns {v}.", "Eigentümer von {v} ist {s}.", "Owner of {v} is {s}.",
    ),
    ("ends", "owns"): ("{s} has sold {v}.", "{v} no longer belongs to {s}.", "{s} hat {v} verkauft."),
    ("repeats", "owns"): ("According to {via}, {v} belongs to {s}.", "Laut {via} gehört {v} zu {s}."),
    ("talk", "owns"): (
        "{s} would like to buy {v}, it was heard at the fair.", "{s} soll sich für {v} interessieren.",
        "It would make sense if {s} bought {v}.",
    ),
    ("is", "supplies"): (
        "{s} supplies {v}.", "{v} gets its goods from {s}.", "{v} wird von {s} beliefert.",
        "Among the customers of {s} is {v}.",
    ),
    ("ends", "supplies"): (
        "{s} has stopped supplying {v}.", "{v} is no longer supplied by {s}.", "{s} beliefert {v} nicht mehr.",
    ),
    ("talk", "supplies"): (
        "{s} hopes to supply {v} one day.", "{s} hat {v} ein Angebot gemacht.",
        "Talks between {s} and {v} about deliveries go on.",
    ),
    ("is", "located-in"): ("{s} sits in {v}.", "The rooms of {s} are in {v}.", "{s} hat seinen Sitz in {v}."),
    ("is", "phone"): ("{s} can be reached under {v}.", "The number of {s} is {v}.", "{s} hat die Nummer {v}."),
    ("is", "founded"): ("{s} was founded in {v}.", "Founded in {v}: {s}.", "{s} wurde {v} gegründet."),
}  # fmt: skip
IDLE = (
    "The fair was well attended, though the coffee was not what it used to be.",
    "Prices of pallets keep rising.",
    "Der Nebel legte den Hafen für zwei Tage still.",
    "Nobody wanted to comment on the figures of the last quarter.",
    "The next round table is in six weeks.",
)


def report_text(rng, world, report):
    """Return a report as a file."""

    def shown(code):
        return f"{world.names[code]} ({code})" if code in world.names else code

    sentences, named = [], set()
    for kind, subject, attribute, value, via in report.says:
        wording = rng.choice(SENTENCES[kind, attribute])
        sentences.append(wording.format(s=shown(subject), v=shown(value), via=via))
        named |= {subject, value} & set(world.names)
    for _ in range(2):
        sentences.insert(rng.randint(0, len(sentences)), rng.choice(IDLE))
    paragraphs, size = [], rng.randint(3, 4)
    for place in range(0, len(sentences), size):
        paragraphs.append(" ".join(sentences[place : place + size]))
    index = [f"{code}  {world.names[code]} ({world.types[code]})" for code in sorted(named)]
    return (
        "\n\n".join(
            [
                f"Report {report.number}\n{report.day.isoformat()}",
                *paragraphs,
                "\n".join(["Named here:", *index]),
            ]
        )
        + "\n"
    )


def questions(rng, world, facts, rules):
    """Return the questions and their answers from a base."""
    now = rules.current(facts)
    works = sorted({value for _, attribute, value in now if attribute == "works-for"})
    firm = rng.choice(works)
    starts = sorted({s for s, a, _ in now if a == "supplies" and len(rules.reached(facts, s)) > 1})
    start = rng.choice(starts)
    ended = sorted(fact for fact, (_, enders) in facts.items() if len(enders) == 1 and fact[1] != "phone")
    end = rng.choice(ended)
    owned = rng.choice(sorted({value for _, attribute, value in now if attribute == "owns"}))
    several = sorted(fact for fact, (sources, _) in facts.items() if len(sources) > 1 and fact in now)
    known = rng.choice(several)
    ids = "a list of ids"
    asked = [
        (f"Who works for {firm} now?", ids, sorted(s for s, a, v in now if (a, v) == ("works-for", firm))),
        (f"Which firms does {start} supply now, directly or through others?", ids, rules.reached(facts, start)),
        (f"Which report says that '{end[0]} {end[1]} {end[2]}' has ended?", "the number of the report",
         facts[end][1][0]),
        (f"Who owns {owned} now?", ids, sorted(s for s, a, v in now if (a, v) == ("owns", owned))),
        (f"What is the phone number of {world.kept}?", "the number as text",
         next(v for s, a, v in now if (s, a) == (world.kept, "phone"))),
        (f"Which reports say '{known[0]} {known[1]} {known[2]}'?", "a list of the numbers of reports",
         sorted(facts[known][0])),
        ("How many facts of works-for, owns, supplies and located-in hold now, each counted once?", "a number",
         sum(attribute not in {"phone", "founded"} for _, attribute, _ in now)),
        ("How many of them rest on one report alone?", "a number",
         sum(a not in {"phone", "founded"} and len(facts[s, a, v][0]) == 1 for s, a, v in now)),
    ]  # fmt: skip
    rows = [
        {"id": f"A{place}", "question": text, "answer": form}
        for place, (text, form, _) in enumerate(asked, start=1)
    ]
    return rows, {f"A{place}": answer for place, (_, _, answer) in enumerate(asked, start=1)}
