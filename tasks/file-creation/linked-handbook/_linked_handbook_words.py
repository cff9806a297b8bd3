"""Sentences, labels, code and the rule document of the handbook."""

#: (text before the link, text after it); every text before a link occurs once per note.
LEADS: dict[str, list[tuple[str, str]]] = {
    "de": [
        ("Mehr dazu steht unter", "."), ("Vorher bitte unbedingt lesen:", "."),
        ("Wer unsicher ist, schaut bei", "nach."), ("Die Einzelheiten regelt", "."),
        ("Das gilt genauso für", "."), ("Nicht zu verwechseln mit", "."),
        ("Eine Liste findet sich bei", "."), ("Den Rest erklärt", "."),
        ("Geändert im Herbst, siehe auch", "."), ("Zuständig ist, wer unter", "genannt wird."),
        ("Für Gäste gilt dagegen", "."), ("Am besten zusammen mit", "lesen."),
        ("Hintergrund und Bilder:", "."), ("Bei Fragen hilft oft schon", "."),
    ],
    "en": [
        ("There is more under", "."), ("Before you begin please read", "."),
        ("If you are not sure have a look at", "first."), ("The details are settled in", "."),
        ("The same goes for", "."), ("Not to be mixed up with", "."), ("You will find a list in", "."),
        ("All the rest is explained by", "."), ("Changed last autumn, see also", "."),
        ("Ask whoever is named under", "today."), ("Guests on the other hand follow", "."),
        ("Best read together with", "."), ("Background and pictures:", "."),
        ("Most questions are answered by", "."),
    ],
}  # fmt: skip
LABELS = {
    "de": ["diese Seite", "dort", "die Regeln dazu", "Regeln & Fristen", "der Aushang im Flur",
           "Werte < Grenzwert"],
    "en": ["this page", "over there", "the rules for it", "rules & deadlines", "the notice in the hall",
           "values < limit"],
}  # fmt: skip
UNKNOWN = {
    "de": ["Fahrradständer", "Siebdruck", "Gießerei", "Hofordnung", "Gästezimmer", "Dachgarten", "Leihräder"],
    "en": [
        "Bike racks",
        "Screen printing",
        "Foundry",
        "Yard rules",
        "Guest room",
        "Roof garden",
        "Photo lab",
    ],
}
MISSING = {
    "de": ["Haftung", "Preise", "Frühere Regelung", "Zubehör"],
    "en": ["Liability", "Prices", "The old rules", "Accessories"],
}
FILLERS = {
    "de": ["Wer etwas ändert, sagt in der Runde am Dienstag Bescheid.",
           "**Wichtig:** Am Ende des Abends wird aufgeräumt, auch wenn es spät ist.",
           "Vorschläge nimmt das *Büro* gern entgegen.", "So haben wir es im Frühjahr beschlossen."],
    "en": ["Whoever changes something tells the circle on Tuesday.",
           "**Important:** we tidy up at the end of the evening, however late it is.",
           "The *office* is glad about suggestions.", "That is what we agreed on in spring."],
}  # fmt: skip
SPECIAL = {
    "de": ["Auf den Zettel kommen <Name>, <Datum> & Mitgliedsnummer.",
           "Faustregel: Gewicht < 20 kg trägt eine Person, Gewicht > 20 kg tragen zwei.",
           "Im Regal B&C liegt alles mit dem Aufkleber <frei>."],
    "en": ["Write <name>, <date> & membership number on the slip.",
           "Rule of thumb: weight < 20 kg is for one person, weight > 20 kg for two.",
           "Rack B&C holds everything with the sticker <free>."],
}  # fmt: skip
#: A sentence with inline code, and the code.
INLINE = {
    "de": [("Ob die Tür offen ist, prüft `[[ -e /run/door || -n $OPEN ]]` im Skript.",
            "[[ -e /run/door || -n $OPEN ]]"),
           ("Im alten Wiki stand hier `[[Altes Handbuch]]` und sonst nichts.", "[[Altes Handbuch]]"),
           ("In der Vorlage heißt das Feld `<input name=\"nr\">` und bleibt leer.", '<input name="nr">')],
    "en": [("Whether the door is open is tested by `[[ -e /run/door || -n $OPEN ]]` in the script.",
            "[[ -e /run/door || -n $OPEN ]]"),
           ("The old wiki had `[[Old handbook]]` here and nothing else.", "[[Old handbook]]"),
           ("In the template the field is called `<input name=\"no\">` and stays empty.", '<input name="no">')],
}  # fmt: skip
#: Code blocks by topic: (fence, language, text). ``{restore}`` becomes a heading that only the code has.
BLOCKS: dict[str, tuple[str, str, str]] = {
    "backup": ("```", "sh", "#!/bin/bash\n## {restore}\nif [[ -f $TARGET && $AGE -lt 3 ]]; then\n"
                            "    tar -xf \"$TARGET\" 2>&1 | tee log.txt\nfi"),
    "door": ("~~~", "toml", "[[door]]\nname = \"front & yard\"\nopen = \"14:00\"\n\n[[door]]\nname = \"cellar\"\n\n"
                            "## {restore}\ndelay = 10"),
    "writing": ("````", "", "```\n[[Laser]]\n[[{title}#Abc|xyz]]\n```\n\n## {restore}\n- see [[FAQ|questions]] & more"),
    "software": ("```", "c", "#include <stdio.h>\nint main(void) {\n    int m[1] = {0}, i[1] = {0};\n"
                             "    return m[i[0]] & 1 && 2 > 1;\n}"),
    "printer": ("~~~~", "", "; start &amp; end\n~~~\nG28 X0 Y0\n[[M104 S210]]"),
}  # fmt: skip
RESTORE = {
    "de": {"backup": "Wiederherstellung", "door": "Verzögerung", "writing": "Überschrift"},
    "en": {"backup": "Bringing files back", "door": "Delay", "writing": "A heading"},
}
SHEET = {
    "de": "Blatt {0}, Fragen bitte mit dieser Nummer.",
    "en": "Sheet {0}, please give this number when you ask.",
}
SECRET = {
    "de": "Das Angebot {0} dazu liegt beim Vorstand.",
    "en": "The offer {0} for this is with the board.",
}
HOUSES = [
    "Werkhof Nordend",
    "Tüftelei Hafen 7",
    "Offene Werkstatt Lindenhof",
    "Werkraum Mühlgasse",
    "Haus der Geräte",
]

#: A heading with a link: the words before it, the text of the link, and the text below the heading.
LINK_HEADINGS = {
    "de": ("Zusammen mit", "der Werkstatt nebenan", "Wir stimmen uns ab, meist über den Gartenzaun."),
    "en": ("Together with", "the shop next door", "We settle that among ourselves, mostly over the fence."),
}
#: A heading with emphasis.
MARKED = {
    "de": ("Was *nicht* hineingehört", "Telefonnummern, Geburtstage und alles, was nur drei Leute angeht."),
    "en": (
        "What does *not* belong here",
        "Phone numbers, birthdays and whatever concerns three people only.",
    ),
}
#: Sentences with an escape: as written, and as shown.
ESCAPED = {
    "de": [("Früher stand hier \\[[Altes Brett]] und niemand wusste, warum.",
            "Früher stand hier [[Altes Brett]] und niemand wusste, warum."),
           ("Am Schrank klebt \\*Vorsicht\\* in roter Schrift.", "Am Schrank klebt *Vorsicht* in roter Schrift.")],
    "en": [("It used to say \\[[Old board]] here and nobody knew why.",
            "It used to say [[Old board]] here and nobody knew why."),
           ("The cupboard says \\*careful\\* in red letters.", "The cupboard says *careful* in red letters.")],
}  # fmt: skip
#: A sentence with code between two backticks, and the code.
DOUBLE = {
    "de": ("Im Skript steht ``name=` [[Neues Lager]]`` und das bleibt so.", "name=` [[Neues Lager]]"),
    "en": ("The script says ``name=` [[New store]]`` and that stays.", "name=` [[New store]]"),
}
TABLE = {"de": ("Nr.", "Wo es steht"), "en": ("No.", "Where it is")}

SYNTAX = r"""# How our notes are written

{house}. The notes lie below `notes/`, one file each, UTF-8. Some were written on a Mac, some on Windows.

## Head

A note begins with a head between two lines `---`, with `key: value` lines. A value is plain text up to the
end of the line.

| key | meaning |
|---|---|
| `title` | the title of today |
| `lang` | `de` or `en` |
| `status` | `published`, `review` or `draft`: how things stood on 1 March 2026 |
| `aliases` | other names of the note, separated by `;` (may be absent) |
| `translation` | the file of the same note in the other language, as its path below `notes/` (may be absent) |

1. Two notes are translations of each other if at least one of them names the other as `translation`.

## What is published

On 1 March the notes with the status `published` were. The heads were not touched since; what was decided in
March stands in `logbook.md`, where people write as they talk. The site shows how things stand at the end of
31 March 2026. For each note the last decision counts that is in force by then; a note without one is as its
head says. Who decides about a note calls it by the title that it had on the day of the entry.

2. {editors} decide, each of them about any note; and so does whoever one of them names in
   the logbook as a stand-in, on the days named there, first and last included. What others write decides
   nothing, not even if they pass on what one of the three has said.
3. A decision on a condition is in force once whoever it names writes in the logbook, in person, that it is
   met for that note. A decision for a later day is in force from that day on. Until then, all stays as it was.
4. Whoever wrote an entry can correct it or take it back. Then it counts as corrected, or not at all.
5. Who decides about one language of a note has not said anything about the other. Wishes, plans, questions,
   and words that are only quoted decide nothing.

Titles change, too, and the logbook says when; anybody may rename a note. Links are not always brought up to
date. A title that a note had once, even for a few days, is a *former title* of that note. If several notes of
one language had it, it belongs to the one that had it last.

## Text

Paragraphs, headings (`##` and `###` and a space), lists of lines that begin with `- `, tables, `**bold**`,
`*emphasis*`, `code`, and code blocks. Nothing else of Markdown is used, and no HTML: `<`, `>` and `&` are
ordinary characters everywhere, also in titles, headings and code. Neighbouring lines are one paragraph; a line
end in it is no more than a blank, also within a link.

6. A code block begins with a line of three or more backticks or tildes, maybe followed by a language, and
   ends with the next line made of at least as many of the same character and nothing else. `Code` in a
   sentence stands between backticks, one or more, and ends with the next run of just as many. In code blocks
   and in code nothing has a meaning: there are no links, no headings, no escapes.
7. A backslash before one of `[`, `*`, `|` and `` ` `` takes its meaning from that character and is not shown.
8. In a table (lines that begin with `|`, the second one made of dashes) a `|` ends a cell. So the one in a
   link is written `\|` there, which means the same as `|` elsewhere.

## Links

A link is `[[target]]` or `[[target|text]]`, in paragraphs, lists, tables and also in headings. The target is the
name of a note, `name#heading`, or `#heading` for a heading of the same note. The text shown is the one behind
the `|`; without it, the target just as it stands between the brackets.

9. A name is compared with titles, aliases and former titles, a heading with the headings of the note as they
   are shown: without the marks for code, emphasis and links. Upper and lower case do not matter, nor does the way
   in which a letter like `ü` is composed in Unicode (one code point or two). Everything else must be the same.
   The names of files play no part.
10. The note is looked for in this order, and the first step that fits decides: a title in the language of the
    note with the link; an alias in that language; a former title of a note in that language; then a title, an
    alias, a former title in the other language.
11. Notes that are not published take part in this search. A link that ends at one of them is broken; it does
    not move on to the next step.
12. If the note has the heading more than once, the first one is meant. `#one#two` means the first heading
    `two` that comes after the first heading `one`, whatever their levels.
13. A link is also broken if no note fits, or if the note has no such heading. Its text stays in the page, as
    plain text.
14. Links in notes that are not published are nobody's business and count nowhere.
"""
