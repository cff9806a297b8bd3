"""The handover notes in words: who wrote what, when, in several wordings for each thing that matters.

A `Note` is one fact or idle remark; `write_up` chooses its words. Every wording of a kind says the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

# fmt: off
MONTHS = {12: ("December", "Dezember"), 1: ("January", "Januar"), 11: ("November", "November")}
# fmt: on
SECURITY = ("ines", "wim")

WORDINGS: dict[str, tuple[str, ...]] = {
    "test": (
        "Penetration test by {firm} on {day}, from {begin} to {end}. They come from {ip} only. Nobody needs to "
        "wake me if it gets loud.",
        "{firm} has our order to test the gateway on {day} between {begin} and {end}; source address {ip}.",
        "For your information: test of the gateway by {firm}, {day}, {begin} until {end}. Tester's address: {ip}.",
        "Am {tag} prüft {firm} in unserem Auftrag das Gateway, von {begin} bis {end}, Quelladresse {ip}.",
    ),
    "test-two": (
        "{firm} tests the gateway on {day}, {begin} to {end}. They have two lines: {ip} and, as the second, {ip2}.",
        "Penetration test on {day} between {begin} and {end}, {firm}. First line {ip}, second line {ip2}.",
        "On {day} from {begin} until {end} the noise is {firm}, ordered by us: {ip}, on their second line {ip2}.",
        "{firm} prüft am {tag} von {begin} bis {end} das Gateway, über {ip} und die zweite Leitung {ip2}.",
    ),
    "test-utc": (
        "{firm} is going to test the gateway on {day}. Their plan, all in UTC: {begin} to {end}, from {ip}.",
        "Test by {firm}: {day}, {begin} to {end} UTC, one source, {ip}.",
        "On {day} {firm} has a go at the gateway for us, out of {ip}. Begin {begin} UTC, end {end} UTC.",
        "Auftrag an {firm}: Test des Gateways am {tag}, {begin} bis {end} (UTC!), Quelle {ip}.",
    ),
    "postponed": (
        "{firm} cannot make it today. Same hours and same address, but tomorrow.",
        "The test that was to be tonight slips by one day; {firm} keeps hours and address.",
        "{firm} has a sick tester, so all of it happens tomorrow instead of today, otherwise as announced.",
        "{firm} kommt erst morgen statt heute. Uhrzeit und Adresse bleiben, wie sie waren.",
    ),
    "deferred": (
        "{firm} will not come tomorrow but the day after. Hours and address as they are.",
        "The test of {firm} goes back by a day, to the day after tomorrow; nothing else changes.",
        "{firm}: one day later than announced, with hours and address unchanged.",
        "{firm} kommt einen Tag später als angekündigt, sonst bleibt alles.",
    ),
    "returned": (
        "{firm} makes it today after all, forget what was written yesterday. But they begin at {begin} only; the end "
        "stays.",
        "Back to the old day for {firm}: the test is today, from {begin} on instead of the hour first given, end as "
        "first given.",
        "Another turn: {firm} tests tonight as first planned, only that it begins no earlier than {begin}.",
        "Rolle rückwärts: {firm} prüft doch heute, Beginn aber erst {begin}, Ende wie zuerst geschrieben.",
    ),
    "longer": (
        "{firm} rang, they go on until 01:00 tonight. They say it is agreed.",
        "Was told by the people of {firm} that today goes on until 01:00.",
        "According to {firm} the end of their test is 01:00 and not {end}.",
        "{firm} wollen heute bis 01:00 machen, das sei abgesprochen, sagen sie.",
    ),
    "leave": (
        "About what {teller} wrote last night: yes, {firm} had my leave to go on, but until {end} and no later.",
        "For the record, {firm}: I allowed them {end} as the end of last night, not what {teller} was told.",
        "{teller} was told half the truth. I prolonged the test of {firm} last night until {end}.",
        "Zum Eintrag von {teller}: ich hatte {firm} gestern Abend tatsächlich verlängert, aber nur bis {end}.",
    ),
    "retracted": (
        "I have to take back what I wrote on {day}: looked into my calendar, I sat on a plane then. Not me.",
        "Correction of my entry of {day}. I mixed up two days; that login was not mine.",
        "What I claimed here on {day} is wrong, my laptop was at the repair shop at the time.",
        "Mein Eintrag vom {tag} stimmt nicht: das war ein anderer Tag, diese Anmeldung war nicht ich.",
    ),
    "watch": (
        "Gesa's script sshd-watch runs on gate1 and writes here what the sshd of the staging host logs. For reading "
        "only, it is no gate1 login.",
        "If you wonder about sshd-watch in the auth log: a script, it copies over lines of the staging host's sshd.",
        "The lines of sshd-watch come from a script that repeats the log of the staging host on gate1.",
        "sshd-watch ist nur ein Skript, das Zeilen vom sshd des Staging-Rechners hierher schreibt.",
    ),
    "typo": (
        "My mistake in the entry on {firm}: the second line ends in .{new}, not in .{old}.",
        "{firm} wrote back that I copied their second line wrong: not .{old} but .{new} at the end. The first one "
        "is right.",
        "Correction for {firm}: for the second line put {new} in place of {old} as the last number.",
        "Zahlendreher bei {firm}: die zweite Leitung endet auf .{new} und nicht auf .{old}.",
    ),
    "hearsay": (
        "{firm} rang: they are behind and would go on until 01:00. Fine with me, I said, and that they should mail "
        "Security all the same.",
        "The man from {firm} is on the phone and wants until 01:00 instead of {end}. Tried Ines and Wim, neither "
        "picks up.",
        "{firm} say they have leave to go on until 01:00. I find nothing in writing.",
        "Anruf von {firm}: sie machen heute bis 01:00 weiter. Habe ihnen viel Erfolg gewünscht.",
    ),
    "cancelled": (
        "The test that I wrote up on {wrote} is off, and there is no new date.",
        "Forget my entry of {wrote}, the testers have gone bankrupt. Nobody comes.",
        "What I announced here on {wrote} does not take place: no budget before summer.",
        "Der Test aus meinem Eintrag vom {schrieb} fällt ersatzlos aus.",
    ),
    "store": (
        "The backup store moved house today. Since {clock} it comes from {new}; {old} went back to the provider, who "
        "rents it out again.",
        "Backup store: on {new} as of {clock} today. We gave {old} back at the same minute. I have no right to write "
        "allow.txt, so it still shows the old state.",
        "Contract of the old backup store ended today at {clock}, with it {old}. The store is {new} from then on.",
        "Der Backup-Server läuft seit heute {clock} auf {new}. Die alte Adresse {old} haben wir da zurückgegeben.",
    ),
    "line": (
        "The warehouse has its own line since {clock} today: {ip}. That is us, please treat it so; allow.txt follows.",
        "New line of the warehouse works since {clock} today, {ip}. Counts as ours, the list has yet to learn it.",
        "As of today {clock} the warehouse sits behind {ip} and no longer behind the branch. Ours, not in allow.txt.",
        "Das Lager hat seit heute {clock} einen eigenen Anschluss, {ip}. Gehört also zu uns, fehlt in allow.txt.",
    ),
    "corrected": (
        "About the warehouse: not {old}, they tell me it is {ip}.",
        "The warehouse says its address is {ip}. Then {old} was never theirs.",
        "{old} is wrong for the warehouse; the display of their router shows {ip}.",
        "Lager: {old} stimmt nicht, laut Telefon ist es {ip}.",
    ),
    "settled": (
        "I have the contract of the warehouse on the desk: both addresses we have had here are wrong, it is {ip}, "
        "from the first minute on.",
        "Went to the warehouse and looked: {ip}, and it has never been anything else. Neither of the two we wrote "
        "down is ours.",
        "Last word on the warehouse, from the provider's letter: {ip} since it was switched on. The other two "
        "belong to strangers.",
        "Lager, jetzt mit Vertrag in der Hand: {ip}, und zwar von Anfang an. Die beiden anderen sind fremd.",
    ),
    "hotel": (
        "I work from a hotel until {day}, {end}: {ip}, from this minute on. Please take it for ours so long.",
        "Travelling. My line until {day}, {end}, is the hotel's {ip}, as of now; treat it as one of ours meanwhile.",
        "From now until {day}, {end}, I have the line of a holiday flat to myself, {ip}. For that time it is ours.",
        "Bin unterwegs und ab sofort bis {tag}, {end}, über {ip} da. So lange bitte wie eine eigene Adresse behandeln.",
    ),
    "left": (
        "Home again, earlier than planned: I gave the room back today at {clock}. Who has that line now is not me.",
        "I checked out already, today at {clock}. From then on the line I named is the next guest's.",
        "Trip cut short. Keys handed in at {clock} this morning, and the line with them.",
        "Früher zurück: Zimmer heute um {clock} abgegeben, der Anschluss ist seitdem nicht mehr meiner.",
    ),
    "claim": (
        "The login under my name on {day} at {clock} was me, on a borrowed line.",
        "Before anybody asks: {day}, {clock}, that was me logging in, from the line of a friend.",
        "I was the one who came in with my account on {day} at {clock}. Strange place, I know.",
        "Die Anmeldung mit meinem Konto am {tag} um {clock} war ich selbst, bei Bekannten.",
    ),
    "rumour": (
        "Saw a login of {user} on {day} at {clock} from {ip}. Surely {User} himself or herself, on holiday as usual.",
        "{user} came in on {day} at {clock} from {ip}; I am told that is {User} on the road. Leaving it.",
        "The login of {user}, {day} {clock}, {ip}: {User}'s desk mate says it was {User}. Good enough for me.",
        "Anmeldung von {user} am {tag} um {clock} von {ip}: das ist bestimmt {User} aus dem Urlaub.",
    ),
    "power": (
        "Power cut. gate1 is back since {clock}. Logins work, did not look any further.",
        "Electricity was gone in the rack, gate1 booted at {clock} by itself. Back to bed.",
        "gate1 was dark for a while, up again at {clock}. All lamps green.",
        "Stromausfall, gate1 läuft seit {clock} wieder. Mehr habe ich nicht geprüft.",
    ),
    "step": (
        "gate1's clock was off since the power cut, the battery on the board is dead and chrony had not started. "
        "Started it at {clock} (real time) and it put the clock right at once; the auth log says by how much.",
        "Found chrony dead on gate1, not started since the power cut, and the clock wrong from that boot on. Set right "
        "in one step at {clock} by the wall; for how far see what chronyd wrote to the auth log.",
        "The clock of gate1 has been behind since it came back from the power cut. chrony stepped it to the right "
        "time at {clock}; its line in the auth log has the seconds.",
        "Die Uhr von gate1 ging seit dem Stromausfall nach. Um {clock} echter Zeit hat chrony sie in einem Schritt "
        "gestellt; um wie viel, steht im Auth-Log.",
    ),
    "step-two": (
        "The clock of gate1 was not right after yesterday's step, only less wrong: chrony had asked a server "
        "that is behind itself. With another server it made one more step at {clock} today, and now it is right.",
        "What was written about gate1's clock was too early. It stayed behind after chrony's step, since the server "
        "in its list was behind. Real time only since {clock} today, when it stepped again.",
        "gate1 and my watch still differed. The time server was at fault, replaced it; chrony stepped a second time "
        "at {clock} today and only that brought the real time.",
        "gate1 ging auch nach dem Schritt noch nach, der Zeitserver war selbst falsch. Erst seit dem zweiten Schritt, "
        "heute {clock}, stimmt die Uhr.",
    ),
    "second": (
        "For the build people there is a second sshd on port 2222 as of {clock}, a unit of its own. It signs the log "
        "as sshd-b.",
        "Second instance of sshd on gate1 up at {clock}, port 2222, for the builders. Tag in the log: sshd-b.",
        "Port 2222 is open since {clock} for the build machines. Own sshd, so own name in the log, sshd-b.",
        "Zweiter sshd auf Port 2222 läuft seit {clock}, für die Build-Leute. Im Log heißt er sshd-b.",
    ),
    "closed": (
        "The second sshd is switched off again, builders are gone.",
        "Port 2222 is shut, nobody used it any more.",
        "Took down the builders' sshd.",
        "Zweiter sshd abgeschaltet.",
    ),
    "authsum": (
        "authsum is on gate1 now: just after each midnight it writes to the auth log how many failures the day had. "
        "It means what rules.md means, goes by the stamps, and leaves nobody out, tests and own hosts included.",
        "Installed authsum. One line a day in the auth log, after midnight by gate1's clock: the failures stamped with "
        "the day that ended, as rules.md defines a failure, from everybody, ourselves and testers too.",
        "New in the auth log: authsum, one line each midnight. Counts failures in the sense of rules.md by their "
        "stamps, whoever they come from, so our own and tests are in it.",
        "authsum läuft: nach Mitternacht eine Zeile im Auth-Log mit den Fehlschlägen des Tages nach Stempel, im Sinne "
        "von rules.md, aber von allen, auch eigene Rechner und Tests.",
    ),
}

IDLE = (
    "Disk of gate1 at {n} %, rotated logs are the most of it. Nothing done.",
    "Quiet. Two pages about the mail queue, both false alarms.",
    "{ip} stands on two public lists of scanners. Nothing to do for us.",
    "Someone asked whether {ip} is ours. It is not, never was.",
    "The monitoring has forgotten its password once more, it will be the old script. Not touched.",
    "Reminder from the meeting: tests are Security's business, do not discuss dates with the testers.",
    "> Is the VPN slow for anybody else?\n\nNo, only for you.",
    "Coffee machine on the second floor leaks. Ticket {n} with facilities.",
    "Kernel update on gate1 waits until after the holidays.",
    "Nichts Besonderes. Drei Anrufe wegen vergessener Passwörter, alle erledigt.",
    "Looked at the block list of last year: half of it is stale. It is not in use.",
    "The firewall people want one file, one entry per line. Told them they will get it.",
    "Somebody from sales wanted to know what a brute force is. Explained.",
    "Ruhige Nacht. Backup lief durch.",
    "Certificates of the intranet run out in {n} days, mail sent to the owners.",
    "Switched the pager to the new number.",
    "Henceforth handover at 8, not at 7:30, says the boss.",
    "One disk of the backup store is replaced, no downtime.",
    "Somebody's phone asked for the guest wifi {n} times. Ignored.",
    "Log volume is up by {n} % since November. Scanners, as far as I can tell.",
    "The provider of {ip} answered our complaint with a form letter.",
    "Happy holidays to whoever reads this at night.",
    "Tested the pager. It works, sorry to those who were asleep.",
    "Fan of gate1 is loud. Ordered a new one.",
    "Ticket {n} closed: it was the proxy.",
    "Bitte die Schlüssel zum Serverraum wieder an das Brett hängen!",
)


class Note(NamedTuple):
    """One entry: when, by whom, and what it says."""

    at: int
    author: str
    kind: str
    values: dict[str, str]


def clock(at: int) -> str:
    """Return hour and minute of a moment."""
    return time.strftime("%H:%M", time.gmtime(at))


def dated(at: int) -> dict[str, str]:
    """Return the date of a moment in both languages."""
    moment = time.gmtime(at)
    english, german = MONTHS[moment.tm_mon]
    return {"day": f"{moment.tm_mday} {english}", "tag": f"{moment.tm_mday}. {german}"}


def write_up(rng: Random, host: str, notes: Iterable[Note]) -> str:
    """Return the notes as one file, oldest first."""
    parts = [f"# Handover, on-call for {host}\n"]
    for note in sorted(notes, key=lambda note: note.at):
        moment = time.gmtime(note.at)
        day = f"{time.strftime('%a', moment)} {dated(note.at)['day']} {moment.tm_year}, {clock(note.at)}"
        text = note.kind if note.kind not in WORDINGS else rng.choice(WORDINGS[note.kind])
        parts.append(f"## {day}, {note.author.capitalize()}\n\n{text.format(**note.values)}\n")
    return "\n".join(parts)
