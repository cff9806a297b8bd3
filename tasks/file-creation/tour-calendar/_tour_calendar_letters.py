"""How the agency words its corrections: several forms for each kind of change, one of them drawn for each entry."""

HEAD = """CORRECTIONS TO THE PLAN
Newest on top; all dates are in {year}. An entry changes what it mentions and nothing else. Where two entries do not
agree on something, the one written later counts for it, whatever the dates in them; what no entry mentions stays as in
tour.csv. An entry that is taken back counts as if it had never been written. A date that says which of a series are
meant is the date in the plan, even of one that has been moved since. Clock times are local to the place where it is
going to be. What is cancelled is not made up for.
"""
WHERE = "\n    new place: {place}\n    zone: {zone}"
FORMS = {
    "move": [
        "{id}: moved to {day}, {hours}. Same hall.",
        "{id}: they can only have us on {day}, {hours}. I have said yes.",
        "{id}: the choice was between {decoy} and {day}. The musicians took the latter, {hours}.",
        "{id} cannot stay where it is, the organ is being tuned that week. {decoy} was no good for us, so we play on "
        "{day}, {hours}.",
        "The hall has let our evening to somebody else and is very sorry. What we get for {id} instead is {day}, "
        "{hours}; they pay for the piano tuner.",
        "{id}: new date, {day}, now {hours}. Not {decoy}, as the paper has it.",
    ],
    "move-one": [
        "{id}: the one planned for {planned} is on {day} instead, {hours}.",
        "{id}: on {day}, {hours}, we play the one planned for {planned}, which the hall cannot have then.",
        "{id}: the conductor flies home early, so {planned} becomes {day}, {hours}. All others stay.",
        "{id}: I asked for another day for the one planned for {planned}. First they said {decoy}, then it was "
        "{day}, {hours}, and that is settled.",
    ],
    "day": [
        "{id}: now on {day}. The hours agreed last still hold.",
        "{id}: the day in the last entry about it was a slip, it is on {day}. The hours there were right.",
        "{id}: they ask for {day} in place of the day agreed last, at the hours agreed last. Granted.",
    ],
    "later": [
        "{id}: begins 30 minutes later than agreed last. The end stays.",
        "{id}: their train gets in late. We begin half an hour later than the entry says that moved it; the end is "
        "not touched by this.",
        "The bell ringers have the tower first, so the start of {id} slips by half an hour from what was agreed last, "
        "though not the end.",
    ],
    "cancel": [
        "{id}: cancelled. No other date will be found.",
        "{id}: does not take place, the hall is flooded.",
        "{id}: the promoter has withdrawn, so this is off.",
        "I fought for {id} until this morning, but nobody wants to pay for it any more. Please strike it.",
        "We are not going to play {id}: both violins are ill, and the hall cannot wait for them.",
    ],
    "cancel-one": [
        "{id}: the one planned for {planned} is cancelled.",
        "{id}: planned for {planned}, does not take place.",
        "{id}: the school is closed on {planned}, so that one is off. The others are not touched by this.",
        "{id}: I can keep all of them but the {nth} in the plan, which has to be dropped.",
    ],
    "which": [
        "Of the two that the plan has at {place}, the {which} is off. They need the hall for a wedding.",
        "{place}: since the fire both that the plan has there were in doubt, but only the {which} one is off; the "
        "other goes ahead.",
        "Bad news from {place}: of the two in our plan, the {which} one cannot be, though the other can.",
    ],
    "two": [
        "{id} and {other}: the promoter has withdrawn from both, so they are off. {spared}, which is the same "
        "promoter's, is not affected.",
        "The festival can pay for one of its three evenings only: {spared} can stay, while {id} and {other} are off.",
        "{id} is off, and so is {other}. About {spared} they have thought better of it, that one they keep.",
    ],
    "tail": [
        "{id}: money is short, the last two in the plan are dropped.",
        "{id} ends earlier: neither the last one in the plan nor the one before it takes place.",
        "{id}: all as planned but for the last two, which are off.",
    ],
    "restore": [
        "{id}: takes place after all, exactly as tour.csv has it, hall included.",
        "{id}: good news, we have it back. The day, the hours and the hall are those of tour.csv again.",
        "They want {id} after all, and they want it as tour.csv has it in every respect.",
    ],
    "from": [
        "{id}: from the one of {planned} on, it is {hours}, every time until the end of the series, whichever day it "
        "is on by now.",
        "{id}: the caretaker has other hours. All those planned for {planned} or later are {hours} now, "
        "also what has been moved to another day.",
        "{id}: we agreed on {hours} for the one planned for {planned} and for each one planned after it, moved or not.",
    ],
    "place": [
        "{id}: changes places. The clock times stay the same, local there." + WHERE,
        "{id} goes abroad, on the same day and at the same clock times as before, by the clocks there."
        + WHERE,
        "The hall for {id} has lost its roof. They have found us another; the day there is the same, and so are the "
        "times that the clocks there have to show." + WHERE,
    ],
    "swap": [
        "{id} and {other} swap: each takes the date and the clock times that the other has in the plan. Everybody "
        "stays in their own hall, by the clocks there.",
        "The two promoters want to change over: {id} is played on the date and at the clock times that the plan gives "
        "for {other}, and the other way round. The halls stay, and so do the clocks that count.",
        "{other} takes over date and clock times of {id} in the plan, and {id} those of {other}. Nobody changes "
        "halls; the times are by the clocks of each hall.",
    ],
    "undo": [
        "Please take the entry of {ref} as never written: it was about another agency's concert.",
        "I take back the entry of {ref}: they had looked at the wrong year. What was agreed before it holds.",
        "On {ref}, we were too quick: the hall had only asked. That entry does not count.",
    ],
    "meant": [
        "The entry of {ref} has the wrong number, it should say {other}. {id} is not concerned by it.",
        "On {ref}, two numbers were mixed up. Day and hours in that entry are right, but they are those of "
        "{other}; {id} is to stay as it was before.",
        "What the entry of {ref} says about {id} was meant for {other}, and for {other} only.",
    ],
    "clocks": [
        "The government there has put it off: in the zone {zone} the clocks will not be changed on "
        "{planned} but on {day}, at the same hour. zones.json does not know of it yet.",
        "It is in all the papers: {zone} changes its clocks on {day}, at the usual hour, and no longer "
        "on {planned}. Our zones.json is from before that; until then the old offset goes on.",
        "Mind the trains: what zones.json has for {zone} on {planned} will only happen on {day}, at the same hour.",
    ],
    "refused": [
        "{id}: the hall offered {day}, {hours}. I have told them no, so it stays as it is.",
        "{id}: for two days it looked like {day}, {hours}, but they have given in, and we keep what we have.",
        "They would rather have {id} on {day}, {hours}. The soloist cannot, and so nothing comes of it.",
    ],
    "rumour": [
        "{id}: they feared a strike and wanted to call it off, but the strike is settled. No change for us.",
        "{id}: the poster says cancelled. That is the other hall of that name, not ours.",
        "Do not strike {id}, whatever the paper writes: it is last year's that was cancelled.",
    ],
    "note": [
        "{id}: Ms Ølund is ill, Mr Grabowski sings instead. Nothing else changes.",
        "{id}: twelve more places for guests. Times and hall as in the plan.",
        "Hotel list is in the shared folder now. Nothing for the calendar.",
    ],
}
"""Kind → forms. ``ref`` is the heading of another entry, ``decoy`` a date that does not count."""
