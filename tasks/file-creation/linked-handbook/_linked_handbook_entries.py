"""Wordings of the logbook, in German and English, by what an entry says."""

#: kind -> language -> wordings. {n}, {m}: notes; {p}, {q}: persons; {d}, {e}: days; {t}, {a}, {b}: titles.
WORDINGS: dict[str, dict[str, list[str]]] = {
    "release": {
        "de": ["{n} kann raus, der Text ist jetzt rund.",
               "Freigabe für {n}. Danke an alle, die mitgelesen haben.",
               "Ich habe {n} noch einmal durchgesehen. Darf ab sofort auf die Seite."],
        "en": ["{n} is good to go.",
               "Read {n} again last night. Nothing left to add, please publish.",
               "No objections to {n} any more, so it is released."],
    },
    "withdraw": {
        "de": ["{n} nehmen wir vorerst herunter, die Hälfte stimmt nicht mehr.",
               "Bitte {n} nicht mehr zeigen. Der Vertrag dahinter ist gekündigt."],
        "en": ["Taking {n} off for now, half of it is out of date.",
               "{n} has to go. I will rewrite it in summer."],
    },
    "release-if": {
        "de": ["{n} darf raus, aber erst wenn {p} zugestimmt hat.",
               "Von mir aus ist {n} fertig. Solange das Ja von {p} fehlt, bleibt der Text trotzdem liegen; "
               "danach ist er frei."],
        "en": ["{n} may go out, though not before {p} agrees.",
               "{n} is released from my side, provided {p} says yes; until then it stays where it is."],
    },
    "withdraw-if": {
        "de": ["{n} kommt herunter, sobald {p} hier bestätigt, dass die neue Regelung gilt.",
               "Wenn {p} die neue Regelung bestätigt, zeigen wir {n} nicht mehr."],
        "en": ["{n} comes off once {p} confirms in here that the new rules apply.",
               "As soon as {p} confirms the new rules, {n} is withdrawn."],
    },
    "agreed": {
        "de": ["{n} gelesen, einverstanden.", "Zu {n}: von mir aus ja, die beiden Fehler sind behoben."],
        "en": ["I have read {n}. Agreed.", "{n}: yes from me, the two mistakes are gone."],
    },
    "agreed-they-say": {
        "de": ["{p} ist mit {n} einverstanden, das hörte ich heute im Hof.",
               "Das Ja von {p} zu {n} haben wir, so wurde es mir jedenfalls ausgerichtet."],
        "en": ["{p} agrees to {n}, I was told in the yard today.",
               "We have the yes of {p} to {n}, or so they say in the kitchen."],
    },
    "same-if": {
        "de": ["Mit {m} halten wir es wie mit {n}: frei, aber erst wenn {p} auch diesem Text zugestimmt hat.",
               "Was {q} am {d} über {n} schrieb, gilt genauso für {m}: Auch hier wartet die Freigabe auf das Ja "
               "von {p} zu diesem Text."],
        "en": ["For {m} the same goes as for {n}: free, but only after {p} has agreed to this text as well.",
               "What {q} wrote about {n} on {d} holds for {m} too: released only with the yes of {p} to this text."],
    },
    "later": {
        "de": ["{m} lese ich erst nach Ostern.", "Bei {m} fehlt mir noch der Plan, dazu sage ich später etwas."],
        "en": ["{m} I will read after Easter.", "As for {m}, the drawing is missing. More about that later."],
    },
    "only-de": {
        "de": ["„{t}“: Frei ist nur die deutsche Fassung, in der englischen stehen noch die alten Preise.",
               "Von „{t}“ geht allein der deutsche Text raus. Der andere braucht noch Arbeit."],
        "en": ["\"{t}\": only the German one may go out, the other still has the old prices.",
               "Please publish \"{t}\", but just the German text. The translation needs more work."],
    },
    "only-en": {
        "de": ["„{t}“: Frei ist nur die englische Fassung, in der deutschen stehen noch die alten Preise.",
               "Von „{t}“ geht allein der englische Text raus. Der andere braucht noch Arbeit."],
        "en": ["\"{t}\": only the English one may go out, the other still has the old prices.",
               "Please publish \"{t}\", but just the English text. The translation needs more work."],
    },
    "released-they-say": {
        "de": ["{p} hat mir am Telefon gesagt, dass {n} rausdarf.",
               "Kurz fürs Protokoll: {n} ist laut {p} freigegeben."],
        "en": ["{p} told me on the phone that {n} can go out.", "{n} is released, says {p}. I am only passing it on."],
    },
    "take-it-off": {
        "de": ["{n} muss sofort weg, da stehen falsche Zahlen drin!",
               "{n} ist hiermit zurückgezogen, so geht das nicht."],
        "en": ["{n} is withdrawn as of now, the numbers are wrong!",
               "{n} cannot stay online like this. It has to go."],
    },
    "swap": {
        "de": ["In meinem Eintrag vom {d} habe ich zwei Notizen verwechselt: Er meint {m}, nicht {n}.",
               "Am {d} habe ich mich vertan. Statt {n} muss dort {m} stehen."],
        "en": ["In my entry of {d} I mixed up two notes: read {m} instead of {n}.",
               "On {d} I wrote {n} and meant {m}, please read it like that."],
    },
    "void": {
        "de": ["Meinen Eintrag vom {d} bitte vergessen, ich war zu schnell.",
               "Was ich am {d} geschrieben habe, nehme ich zurück."],
        "en": ["Please forget my entry of {d}, I was too quick.", "I take back what I wrote on {d}."],
    },
    "unvoid": {
        "de": ["Doch, mein Eintrag vom {d} gilt, wie er dasteht. Den vom {e} könnt ihr streichen.",
               "Nach einer Nacht Schlaf: Der Widerruf vom {e} war falsch, es bleibt bei dem, was ich am {d} schrieb."],
        "en": ["After all, my entry of {d} stands as it is. Strike the one of {e}.",
               "Having slept on it: my second thoughts of {e} were wrong, what I wrote on {d} holds."],
    },
    "back": {
        "de": ["Was {p} am {d} heruntergenommen hat, ist überarbeitet und kann wieder hinauf.",
               "Die Notiz, um die es {p} am {d} ging, darf ab heute wieder gezeigt werden."],
        "en": ["The note that {p} took off on {d} is mended and may go back up.",
               "What {p} took down on {d} can be shown again from today."],
    },
    "release-from": {
        "de": ["{n} ist ab dem {d} öffentlich.", "Ab dem {d} darf {n} auf die Seite, vorher nicht."],
        "en": ["{n} goes public on {d}.", "Please show {n} from {d} on, not earlier."],
    },
    "withdraw-from": {
        "de": ["{n} verschwindet am {d}, dann endet der Vertrag.", "Ab dem {d} zeigen wir {n} nicht mehr."],
        "en": ["{n} comes off on {d}, when the contract ends.", "From {d} on we no longer show {n}."],
    },
    "quote": {
        "de": ["> {n} kann raus, der Text ist jetzt rund.\n\nSo stand es im Februar auf meinem Zettel. Das ist "
               "überholt, die Notiz bleibt intern.",
               "> Freigabe für {n}.\n\nDanach hat mich {p} gefragt. Die Zeile ist vom Herbst und gilt nicht, es bleibt "
               "beim Entwurf."],
        "en": ["> {n} is good to go.\n\nThat is my line from February, before the new insurance. It does not hold, the "
               "note stays inside.",
               "> {n}: please publish.\n\n{p} asked me about this old line. It is void, the text stays a draft."],
    },
    "stand-in": {
        "de": ["Vom {d} bis zum {e} bin ich nicht da. In dieser Zeit entscheidet {p} für mich.",
               "Urlaub vom {d} bis zum {e}. {p} vertritt mich in allem, was das Handbuch angeht."],
        "en": ["I am away from {d} to {e}. {p} decides in my place on those days.",
               "Out of the house from {d} to {e}, {p} stands in for me here."],
    },
    "sweep": {
        "de": ["Alle deutschen Notizen, die im Kopf noch `review` haben, sind hiermit frei, ausgenommen {n}.",
               "Was auf Deutsch im Kopf noch auf `review` steht, darf raus. Nur {n} nicht."],
        "en": ["All German notes whose head still says `review` are released herewith, except {n}.",
               "Everything in German with `review` in its head may go out, save {n}."],
    },
    "rename": {
        "de": ["„{a}“ heißt jetzt „{b}“.", "Habe „{a}“ in „{b}“ umbenannt, der Inhalt ist gleich.",
               "Aus „{a}“ ist heute „{b}“ geworden."],
        "en": ["\"{a}\" is now called \"{b}\".", "Renamed \"{a}\" to \"{b}\", the text is the same.",
               "What was \"{a}\" bears the title \"{b}\" from today."],
    },
    "propose": {
        "de": ["Sollten wir „{a}“ nicht lieber „{b}“ nennen?",
               "Ich würde „{a}“ gern in „{b}“ umbenennen. Einwände?"],
        "en": ["Could we not call \"{a}\" \"{b}\"?", "I would love to rename \"{a}\" to \"{b}\". Any objections?"],
    },
    "decline": {
        "de": ["Den Namen „{b}“ lieber nicht, unter dem alten findet es jeder.",
               "„{b}“? Da bin ich dagegen, bitte so lassen."],
        "en": ["Rather not \"{b}\", everybody knows the present title.", "\"{b}\"? I am against it, please leave it."],
    },
    "noise": {
        "de": ["Die Kaffeekasse ist leer, bitte nachfüllen.", "Wer hat den Beamer? Ich brauche ihn am Samstag.",
               "Zwei Tippfehler in {n} behoben, sonst nichts.", "Hat jemand neuere Fotos für {n}?",
               "{n} habe ich zu lesen angefangen, mehr dazu nächste Woche."],
        "en": ["The coffee tin is empty again.", "Who has the projector? I need it on Saturday.",
               "Mended two typos in {n}, nothing else.", "Does anybody have better pictures for {n}?",
               "Started reading {n}, more about it next week."],
    },
}  # fmt: skip
MONTHS = {"de": ("{0}. März", "{0}. April"), "en": ("{0} March", "{0} April")}
LAST_DAY = 31
#: Persons and the language they write in.
EDITORS = [
    ("Petra", "de"),
    ("Jonas", "de"),
    ("Amina", "en"),
    ("Ruth", "en"),
    ("Henrik", "de"),
    ("Niamh", "en"),
]
OTHERS = [("Kemal", "de"), ("Birgit", "de"), ("Sven", "de"), ("Lucia", "en"), ("Tomas", "en"), ("Oskar", "de"),
          ("Dana", "en"), ("Fergus", "en")]  # fmt: skip
FORMER = {
    "de": ["Merkblatt 12", "Merkblatt 14", "Aushang C", "Seite für Neue", "Infoblatt Nord", "Übersicht 3",
           "Handzettel grün", "Büroblatt 7"],
    "en": ["Leaflet 12", "Leaflet 14", "Notice C", "Page for newcomers", "Info sheet north", "Overview 3",
           "Green handout", "Office sheet 7"],
}  # fmt: skip


def day_name(day: int, lang: str) -> str:
    """Return a day, counted from the first of March on, as it is written in a text."""
    month, rest = divmod(day - 1, LAST_DAY)
    return MONTHS[lang][month].format(rest + 1)
