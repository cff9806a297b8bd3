"""The words of the travel desk's mail."""

from __future__ import annotations

import textwrap
from datetime import date

from _expense_audit_mail import Mail, Message, Trip

DESK = "Travel Desk <travel-desk@morgental.example>"
HEADS = [
    "Ruth Salzer, head of sales (E2004)",
    "Oskar Timm, head of service (E2011)",
    "Lena Vogt, head of projects (E2017)",
]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip


def _read(text: str) -> dict[str, list[str]]:
    """Return the wordings of each intent: its name in brackets, then paragraphs."""
    parts = (part.strip().partition("]\n") for part in text.split("[")[1:])
    return {intent: [" ".join(words.split()) for words in rest.split("\n\n")] for intent, _, rest in parts}


TEXTS = _read("""\
[grant]
Thank you for the form. The evening with the customers on {trip} is fine with us, as long as it is claimed as
entertainment and stays within {limit} EUR.

About the entertainment for which you asked on {trip}: after a second look we say yes, though to {limit} EUR and
not to the {more} EUR that you had in mind.

No objection to hospitality (entertainment, in the words of the policy) during {trip}; the limit is {limit} EUR.

We had meant to turn it down, but your figures convinced us: {trip} has its entertainment, with {limit} EUR at
most.

Yes, do take them out: {limit} EUR of entertainment go on {trip}, which leaves you a little more than you had
asked for.

It was not {more} EUR that we agreed on, as your draft has it, but {limit} EUR. With that figure the
entertainment of {trip} is approved.

[revoke]
Now that the fair has been cut to one day, there is no reason left for {approval}; please take it as revoked.

{approval}, which we gave you on {decided}, no longer stands from today, since the department's budget is spent.

Sorry to go back on our word: we cannot keep {approval} up. The trip itself goes ahead as planned.

You will not like this: {approval} is void, because the host pays for the evening himself.

[raise]
{approval} was tight for a party of six, you are right. It is now good for {limit} EUR instead of {old} EUR.

The {old} EUR of {approval} become {limit} EUR from today; nothing else about it changes.

We would rather not, but the customer comes with more people than announced, so let us make it {limit} EUR on
{approval}, where we had {old} EUR.

Prices are what they are in high season. {limit} EUR, then, on {approval}; the {old} EUR are history.

[regrant]
We mixed up two forms in our mail of {about}: the entertainment of {limit} EUR was meant for {other}. For
{trip}, which we named, there is none.

A correction: where our mail of {about} approves {limit} EUR of entertainment for {trip}, it should have said
{other}. We have not approved any for the trip that we named.

Our mail of {about} named the wrong trip. It is {other} that has the {limit} EUR for entertainment, not {trip}.

[end]
The return from {trip} is not on {booked}, as in the table, but on {day}; flight and hotel have been changed.

After the call with the customer we moved the end of {trip}, which the table puts on {booked}. Its last day is
{day}.

Rebooked: {trip} ends on {day}. Please do not go by the table, where you will still find {booked}.

You were right about {trip}: not {booked} but {day} is the last day of it, now that the flight is another one.

[start]
{trip} began on {day}, because of the set-up in the hall; the {booked} of the table is the first plan.

Just for your files: we had brought the departure of {trip} forward from {booked}, which is what the table says,
to {day}, and that is the day on which it began.

[undo]
What we wrote on {about} about the end of {trip} did not come about: the airline had no seat, so you came back
on the day that the table has.

Please forget our mail of {about}. In the end nothing was changed about {trip}, and the days of the table hold.

The change of which we wrote on {about} was called off before it came to anything, so {trip} keeps the end that
is in the table.

[nod]
I am all for it: {name} may take the customer out during {trip}, up to {limit} EUR. Entertainment approved from
my side.

As head of the department I hereby approve {limit} EUR of entertainment on {trip}. The form will follow.

Nobody can say anything against {limit} EUR of entertainment on {trip}. It was agreed with me in advance, so
take it as approved.

[pending]
Your request for entertainment on {trip} is with us. Up to {limit} EUR looks possible, but that is not for me
alone to say; you will hear from us.

We have your form about the {limit} EUR of entertainment on {trip}. Before we can approve it, we need the list
of guests.

We are inclined to allow the {limit} EUR of entertainment on {trip}, provided that the project still has the
money. I have asked.

[stay]
I would like to stay in {city} until {day}, because the customer asked me to. Could you please extend {trip} for me?

My boss and I agreed that I would come back from {trip} on {day} only, so that should be its last day.

The customer needs me for longer on {trip}. I have moved my flight to {day} myself and would be glad if you made
that the last day.

[withdraw]
{claim} was a private dinner, which I should never have filed. Please take it out. {twin} of that day was on
business and stays.

Of my claims {twin} and {claim} I do not want to withdraw the former, as I told you on the phone, but the
latter.

Please leave {twin} alone. It is {claim} that I would like to have back: I had a second look at the receipt, and
my cousin paid it.

There are {claim} and {twin}. The one that I named first is not for the company to pay, so please take it back;
not the other.

[restore]
I was wrong on {about}. My cousin's receipt was another one, so please treat {claim} as if I had never written.

Forget what I wrote on {about}: {claim} is right and should stay in after all.

I have found the other receipt, so my mail of {about} was a mistake, and {claim} is to be treated like all the
others.

[oust]
We do not want to pay {claim} of {name}. Please delete it from the run; I have told {name} so.

Please take {claim} out. It is from my department, {name}'s, and I withdraw it.

{name} and I have talked about {claim}, which is not to be paid. Consider it withdrawn.

[copies]
I only see now that {claim} and {twin} are one and the same bill. Please drop the former of the two.

{twin} and {claim} are the same meal, which must not be paid twice. Keep the former, and let me withdraw the
latter.

With {claim} and {twin} I filed one bill more than once. The second of these two is the one to stand; I withdraw
the other.

[agree]
About your mail of {about} on {trip}: we have changed everything just as you asked.

What you wrote on {about} is fine with us, and {trip} is booked that way now.

Sorry for the late answer. Your wish of {about} was no trouble at all: {trip} has been changed accordingly.

[second]
Your head of department wrote to us on {about} about entertainment on {trip}. We have no objection, so it is
approved on those terms.

On {trip}: we approve the entertainment exactly as your head of department put it in the mail of {about}.

[wait]
Thank you for your mail of {about}. Whether {trip} can be changed like that, the project has still to tell us.

We have read what you want for {trip}, and sent your mail of {about} on to the project. For the time being
nothing has been changed.
""")
NOISE = [
    "The desk is closed on the Friday after the public holiday. In urgent cases call the number on your itinerary.",
    "A reminder to everybody: please scan receipts in colour, the grey ones are hard to read.",
    "The railway's new season tickets are here. Those who ordered one can collect it between nine and twelve.",
    "From June on we book hotels through the new portal. Your login is the one that you have for the time sheet.",
    "The hotel in Graz that many of you liked is being renovated until autumn and takes no bookings.",
    "Please fill in the trip report within a week of your return; some projects have been waiting since March.",
]
HEADER = """\
Mail of the travel desk, oldest first
=====================================
"""


def letters(mail: Mail, trips: list[Trip], numbers: dict[int, str], names: dict[str, str]) -> str:
    """Return the mail as text; ``numbers`` are the approvals' by the identity of the approval."""
    parts = [HEADER]
    for message in sorted(mail.messages, key=lambda one: (one.sent, one.clock)):
        trip = message.trip or (message.claim and message.claim.trip)
        head = HEADS[message.sent.toordinal() % len(HEADS)]
        person = f"{names[trip.employee]} ({trip.employee})" if trip else "all travellers"
        sender = {"": DESK, "head": head}.get(message.sender, person)
        text = textwrap.fill(_body(message, mail, trips, numbers, names), 110, break_on_hyphens=False)
        parts.append(
            f"Date: {message.sent} {message.clock // 60:02}:{message.clock % 60:02}\nFrom: {sender}\n"
            f"To: {person if sender == DESK else DESK}\n\n{text}\n"
        )
    return "\n".join(parts[:2]) + "".join(f"\n----\n\n{part}" for part in parts[2:])


def _body(
    message: Message, mail: Mail, trips: list[Trip], numbers: dict[int, str], names: dict[str, str]
) -> str:
    values = {"limit": f"{message.limit}", "more": f"{message.limit + 80}"}
    trip = message.trip
    if message.claim:
        values |= {"claim": message.claim.claim_id, "name": names[message.claim.employee]}
    if message.twin:
        values["twin"] = message.twin.claim_id
    if message.approval:
        values |= {"approval": numbers[id(message.approval)], "old": f"{message.approval.limit}",
                   "decided": _day(message.approval.decided)}  # fmt: skip
    if message.about:
        values["about"] = _day(message.about)
    if message.other:
        owner = "your" if message.other.employee == trip.employee else f"{message.other.employee}'s"
        values["other"] = _named(message.other, trips, (message.style + 1) % 3, owner)
    if trip:
        owner = {"": "your", "head": f"{trip.employee}'s"}.get(message.sender, "my")
        values |= {
            "trip": _named(trip, trips, message.style, owner),
            "city": trip.city,
            "name": names[trip.employee],
        }
        booked = mail.booked.get(trip.trip_id, (trip.first, trip.last))
        values["booked"] = _day(booked[0 if message.intent == "start" else 1])
    if message.day:
        values["day"] = _day(message.day)
    text = message.text.format(**values)
    return text[0].upper() + text[1:]


def _named(trip: Trip, trips: list[Trip], style: int, owner: str) -> str:
    """Return a trip's number, or words that fit no other trip."""
    if style == 0:
        return trip.trip_id
    if style == 1:
        return f"{owner} trip to {trip.city} in {MONTHS[trip.first.month - 1]}"
    own = sorted((one for one in trips if one.employee == trip.employee), key=lambda one: one.first)
    return f"{owner} {('first', 'second', 'third')[own.index(trip)]} trip of the quarter"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
