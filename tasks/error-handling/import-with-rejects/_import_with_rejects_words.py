"""Words for the member list, and the text of `schema.md`."""

_FIRST = (
    "Anna Jürgen Zoë Małgorzata René Björn Heike Søren Günter Chloé Uwe Käthe Dieter Łukasz Ayşe Inés Petra Jörg "
    "Manfred Émile Birgit Gökhan Sigrid Håkon Marta Rüdiger Elke Tomáš Ute André Frauke Jaromír Lena Götz Hanne "
    "Ralf Ilse Kåre Doris Štěpán"
)
_LAST = (
    "Müller Weiß Brandner Kowalczyk Schäfer Dubois Holm Krüger Nowak Lößnitz Baumann Öztürk Fuchs Jäger Pospíšil "
    "Grätz Winter O’Hara Köhler Strauß Lindqvist Böhm Vogt D’Angelo Zeidler Häberle Sørensen Rößler Kern Wójcik "
    "Ströbel Thoma Gärtner Ehrlich Šimek Kühn Hartwig Mühlhaus Abel Réau"
)
_STREETS = (
    "Am Mühlbach|Bahnhofstraße|Gartenweg|Lindenallee|Zur Höhe|Schloßgasse|Kirchplatz|Am Grünen Tor|Uferstraße|"
    "Birkenweg|Hintere Gasse|Färberstraße|Weinbergstraße|Am Anger|Töpferweg|Neue Straße"
)
FIRST, LAST, STREETS = _FIRST.split(), _LAST.split(), _STREETS.split("|")
CITIES = [
    ("Altwiesen", "0"),
    ("Grünthal an der Lohe", "0"),
    ("Köstritzmühle", "0"),
    ("Neuhöfen", "1"),
    ("Ober-Lindach", "7"),
    ("Steinbrück", "3"),
    ("Süderwerth", "2"),
    ("Weißenfurt", "9"),
]
NOTES = [
    "zahlt bar",
    "Trainer – C-Lizenz",
    "Ehrenmitglied",
    "Beitrag ermäßigt (–5 €)",
    "Schlüssel Nr. 14",
    "Übungsleiterin Turnen",
    'genannt "Kalle"',
    "Familienbeitrag, 2 Kinder",
    "Karte „Förderkreis“ ausgegeben",
    "kündigt evtl. zum Jahresende",
]
LONG_NOTES = [
    ("bittet um Rückruf", "ab 18 Uhr"),
    ("Beitrag gestundet", "siehe Schreiben vom März"),
    ("Gerätewart", "Schlüssel für die große Halle"),
    ("spielt auch in Abteilung Tischtennis", "Paß fehlt noch"),
    ("fährt den Bus", "Führerschein geprüft", "nur samstags"),
    ("Attest liegt vor – Knie", "kein Geräteturnen, nur Gymnastik"),
]
HOUSES = ["Hinterhaus", "2. Stock links", "bei Schäfer"]
HOSTS = ["post.example", "mail.example.com", "verein.example.org", "example.net"]
FEES = ["36,00", "45,00", "48,50", "60,00", "72,00", "84,50", "120,00"]

SCHEMA = """# Member import

## The export `members.csv`

- Comma-separated, ten columns: `member_id`, `name`, `street`, `postcode`, `city`, `birth_date`, `joined`,
  `email`, `fee`, `note`. The first line is the header.
- A field in double quotes may contain commas and line breaks, and a quote written twice. So a record can take
  several lines. Empty lines between records are no records, but they are lines.
- The file is UTF-8, but one of the old machines wrote Windows-1252. That changes from line to line: a line that
  is not valid UTF-8 is Windows-1252, the whole line, also where it is only part of a record.
- Spaces at the beginning and the end of a field do not belong to it. Take them off before anything else.

## What is rejected

A record is rejected if one of these is true. If several are, the one that comes first in this table counts.

| code | the record is rejected because |
|---|---|
| `columns` | it does not have exactly ten fields |
| `id` | `member_id` is not `M-` followed by five digits |
| `postcode` | `postcode` is not five digits |
| `date` | `birth_date` or `joined` is not a day of the calendar as `DD.MM.YYYY`: two, two and four digits |
| `duplicate` | a record further up that was not itself rejected has the same `member_id` |

Nothing else is a reason; `email` and `note`, for instance, may be empty. Rejected records are not repaired: we add no
zeros, join no fields and guess no dates.

## The import file `clean.csv`

- UTF-8, comma-separated, with a header; the same ten columns under the same names.
- `birth_date` and `joined` as `YYYY-MM-DD`; `fee`, which the export has with a decimal comma, with a decimal point.
- `email` in lower case.
- A line break inside a field becomes one space.
- Everything else exactly as it is in the export: nothing translated, transliterated or shortened.
"""
