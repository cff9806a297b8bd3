"""How the entries of the rotation log are worded, by what they say.

`{r}` is the token as subject, `{a}` as object, `{n}` and `{m}` numbers of entries, `{d}` a day of a month, `{f}` a
folder. Texts that begin with `de:` are German.
"""

HEAD = """\
# Rotation log of the key desk

The desk: Ines Brandt, Tomasz Wilk; Yara Haddad until 10 October 2025; Pelle Holm from 11 October 2025. Anybody else in
the company may write here too, to ask for something or to tell us what they saw. detect.md says which entries count.
"""
DESK = ("Ines Brandt", "Tomasz Wilk")
FORMER, NEW = "Yara Haddad", "Pelle Holm"
OTHERS = ("Kofi Mensah", "Ana Ruiz", "Lukas Meier", "Mina Sato", "Dario Conti")
NEW_FROM = 40
"""Days after 1 September: from here on Pelle is of the desk and Yara is not."""

WORDS = {
    "dead": (
        "Revoked {a} this morning.",
        "{r} no longer opens anything, I switched it off today.",
        "Took {a} out of service at noon.",
        "Cut off {a}; the vault refuses it now.",
        "{r} is dead since yesterday.",
        "de:Heute {a} gesperrt.",
        "de:{r} ist seit gestern ungültig.",
    ),
    "alive": (
        "{r} got into revoked.txt by mistake. It works and is in use.",
        "{r} was never revoked after all, whatever the export says.",
        "Put {a} back into service, the partner cannot do without it.",
        "{r} is on the export although nobody ever switched it off.",
        "de:{r} steht zu Unrecht auf der Liste und funktioniert weiter.",
        "de:{r} ist wieder freigeschaltet, der Vertrag läuft nun doch weiter.",
    ),
    "swap": (
        "Mixed up two keys in entry {n}: it was {a} that I switched off, the one named there still works.",
        "In entry {n} read {a} instead. The key named there was not touched.",
        "Entry {n} names the wrong key. Revoked was {a}, nothing else.",
        "de:In Eintrag {n} ist der falsche genannt, jener geht weiterhin. Gesperrt ist {r}.",
    ),
    "void": (
        "Entry {n} is void, I had looked at the wrong line.",
        "Please forget entry {n}: that key was not touched.",
        "What entry {n} says did not happen, the vault shows the key as active.",
        "de:Eintrag {n} stimmt nicht, der Schlüssel ist nach wie vor in Betrieb.",
    ),
    "stands": (
        "Entry {n} was the mistake, entry {m} stands.",
        "Checked the vault once more: entry {m} holds, not entry {n}.",
        "I mixed up two systems in entry {n}; entry {m} is right after all.",
        "de:Doch: Eintrag {m} gilt, Eintrag {n} war ein Irrtum.",
    ),
    "report": (
        "I switched off {a} myself last week, so it need not be on anybody's list.",
        "{r} is dead as far as we can see.",
        "We got an error with {a} yesterday; it must have been revoked.",
        "{r} was ours and was revoked in summer, you can leave it out.",
        "de:{r} ist bei uns längst abgeschaltet.",
    ),
    "ask": (
        "Could somebody please revoke {a}? The contractor has left.",
        "Please switch off {a}, we have moved to another one.",
        "{r} should be revoked, it was shown on a slide.",
        "de:Bitte {a} sperren, wir brauchen ihn nicht mehr.",
    ),
    "done": (
        "What entry {n} asks for is done.",
        "Entry {n}: done this afternoon.",
        "Did what entry {n} wants.",
        "de:Zu Eintrag {n}: erledigt.",
    ),
    "declined": (
        "Entry {n}: no, the night run depends on that key, it stays in service.",
        "We are not doing what entry {n} asks; talked to the team, they still use it.",
        "Entry {n} is off the table, the key is needed until next year.",
        "de:Zu Eintrag {n}: bleibt in Betrieb, wird noch gebraucht.",
    ),
    "november": (
        "{r} goes out of service on {d} November.",
        "We switch off {a} on {d} November, the team knows.",
        "From {d} November on, {r} will be refused.",
        "de:{r} wird am {d}. November gesperrt.",
    ),
    "october": (
        "{r} goes out of service on {d} October.",
        "We switch off {a} on {d} October, the team knows.",
        "From {d} October on, {r} will be refused.",
        "de:{r} wird am {d}. Oktober gesperrt.",
    ),
    "moved": (
        "The date in entry {n} moves to {d} November.",
        "Entry {n} is put off until {d} November.",
        "The team needs more time: entry {n} happens on {d} November only.",
        "de:Der Termin aus Eintrag {n} ist auf den {d}. November verschoben.",
    ),
    "drill": (
        "Drill on Friday: if it succeeds, {r} is off from that evening. I will note how it went.",
        "If the switch-over on Friday works, {r} counts as revoked from then on; result follows here.",
        "{r} is off as soon as the drill of this week is passed. We will write here whether it was.",
        "de:Wenn die Übung am Freitag gelingt, ist {r} ab dann gesperrt. Ergebnis folgt.",
    ),
    "passed": (
        "The drill in entry {n} went through without a hitch.",
        "About entry {n}: passed on Friday.",
        "Entry {n}: all green, as hoped.",
        "de:Zu Eintrag {n}: Übung gelungen.",
    ),
    "not passed": (
        "The drill in entry {n} was broken off after ten minutes.",
        "About entry {n}: not passed, no further try this year.",
        "Entry {n}: red. We stay with what we have.",
        "de:Zu Eintrag {n}: Übung misslungen, alles bleibt, wie es ist.",
    ),
    "group": (
        "Every key in {f} is switched off since today, except {a}.",
        "Cleared out {f}: all keys in there are revoked, only {r} stays in service.",
        "{f}: revoked everything in this folder but {a}.",
        "de:Alle Schlüssel in {f} sind seit heute gesperrt; nur {r} bleibt in Betrieb.",
    ),
    "quoted": (
        'Kofi sent me an old note of mine, "revoked {a}". That was its predecessor, which is in no file any more; '
        "the one that stands there now works.",
        'In the minutes of July it says "{r} is dead". It was said of the key before; the present one is in use.',
        'For those who ask about my mail of August ("took {a} out of service"): a new key has stood there since, and '
        "that one is in service.",
        'de:Im Protokoll vom Juli steht "{r} ist gesperrt". Das war der Vorgänger; der jetzige ist in Betrieb.',
    ),
    "revived": (
        "The key of entry {n} works again since this morning, new contract.",
        "Had to put the key of entry {n} back into service for the customs people.",
        "Entry {n} is reversed: the key is active again since noon.",
        "de:Der Schlüssel aus Eintrag {n} ist seit heute wieder freigeschaltet.",
    ),
    "back": (
        "{r} works again since this morning, new contract.",
        "Had to put {a} back into service for the customs people.",
        "{r} is active again since noon.",
        "de:{r} ist seit heute wieder freigeschaltet.",
    ),
    "unmoved": (
        "Entry {n} is withdrawn, the team is ready after all.",
        "Entry {n} is void: what we announced before it happens as announced.",
        "I take back entry {n}, no more time is needed.",
        "de:Eintrag {n} ist zurückgezogen, es bleibt beim ersten Termin.",
    ),
    "as guest": (
        "What I wrote in entry {n} before I joined the desk has been checked in the vault: it is so.",
        "Looked up entry {n}, which I wrote as a guest: correct, the vault refuses that key.",
        "Now that I can see the vault: entry {n} is true.",
        "de:Eintrag {n}, damals noch als Gast, habe ich im Tresor nachgesehen: stimmt.",
    ),
}
NOISE = (
    "Vault upgraded to the next minor version, nothing to do for anybody.",
    "Reminder: please write the name of the file, never the key, into this log.",
    "Who has the spare badge for the vault room? Mine opens the bicycle cellar only.",
    "Training for new colleagues is on Thursday, room 4, bring a notebook.",
    "The partner portal was down from ten to eleven. No key was involved.",
    "de:Bitte keine Schlüssel mehr per Chat schicken, auch keine alten.",
    "Names in names.csv are complete again, three had been missing.",
    "The export in revoked.txt stays as it is until the next one in January; corrections are here.",
    "Could we have the meeting earlier in winter? The depot is cold after four.",
    "de:Der Drucker im Flur druckt wieder.",
)
COUNT = (
    "Counted the tree the way detect.md counts places: {c} places with a key that checks out, is no example and is "
    "not in revoked.txt. Nothing is added to the tree or taken out of it any more.",
    "For whoever sweeps the tree: {c} places have a key that checks out, is no example and is not on the export, all "
    "forms of detect.md included. The tree is frozen since today.",
    "My count of places with keys that check out, are no examples and not in revoked.txt: {c}, each token of a packed "
    "text on its own. The tree does not change from now on.",
)
RECOUNT = (
    "Entry {n} was {c} short, I had left out the data files and one block.",
    "Add {c} to the count in entry {n}: the packed texts hold more than one key.",
    "The figure in entry {n} is too low by {c}, some addresses had slipped through.",
)
