"""What the season's appointments are called and where they take place. All of it is made up."""

ENSEMBLES = [
    "Kammerorchester Ährenfeld", "Trio Möwenflug", "Quartett Überlandweg", "Bläserkreis Höllental",
    "Vokalensemble Grünspecht", "Duo Süßholz & Söhne", "Chor der Südhöfe", "Ensemble Klöppelweiß",
    "Lautenfräulein Törring", "Marimbaduo Çınar/Öztürk", "Cappella Mühlgräben", "Streichsextett Fährhäuser",
]  # fmt: skip
PROGRAMMES = [
    "Nächte, Gärten, Flüsse", "Werke von Böhmig, Grünhöft und Çelikoğlu", "Wölfe, Füchse, Käuzchen",
    "„Über den Dächern“, ein Liederabend", "Fünf Stücke für Glasflöte, Cembalo & Öltonne",
    "Märchen für große Ohren; mit Erzählerin", "Die schöne Müßiggängerin (konzertant, gekürzt)",
    "Frühe Motetten, späte Madrigale", "Rückwärts gehört: Fugen, Kanons, Krebse",
    "Çelikoğlu, Sinfonietta Nr. 3; Grünhöft, „Süße Brühe“", "Köpfe, Hüte, Stühle – ein Bühnenstück",
    "Lieder aus dem Böhmerwäldchen", "Grünhöft: „Äquinoktium“ für Chor, Tür und Gebläse",
    "Brüche, Böen, Stürme", "Tänze, Märsche, Späße",
]  # fmt: skip
TAILS = [
    "", "", "; Einführung um 19 Uhr, Künstlergespräch danach", ", anschließend Empfang für Gäste & Förderer",
    "; ermäßigte Plätze für Schüler, Azubis, Rentner", ", mit Übertragung im Hörfunk",
    "; zweite Hälfte ohne Pause, Türen schließen pünktlich",
]  # fmt: skip
SERIES = [
    "Öffentliche Probe {0}, Eintritt frei", "Meisterkurs {0}: Gehör, Gefühl, Größe",
    "Frühstückskonzert mit {0}; Kaffee, Brötchen, Fürsten-Torte", "Jugendchor übt mit {0}, Gäste willkommen",
    "Hörwerkstatt {0}: Höhen, Tiefen, Geräusche", "Offenes Singen mit {0}, auch für Ungeübte",
]  # fmt: skip
NIGHTS = [
    "Lange Nacht der Töne: {0}, Nachtmusik bis in die Früh", "{0}: Spätvorstellung, danach Küche & Kerzenlicht",
    "Mitternachtskonzert {0}; Nachtschwärmer, Käuze, Füchse", "Tanznacht mit {0}, Band und Büfett",
    "{0} spielt zur Museumsnacht, Türen bis zum Schluß offen",
]  # fmt: skip
SMALL_HOURS = [
    "Bustransfer {0}: Abfahrt Künstlereingang, Gepäck & Bässe zuerst", "Nachtabbau {0}; Bühne, Pulte, Flügel",
    "Rückfahrt {0}, Treffpunkt Südtor (Fährhaus)",
]  # fmt: skip
SPECIAL = [
    "Reihe „Klang\\neu“: {0}, {1}",
    "{0}\nFamilienkonzert, ab 6 Jahren; {1}",
    "{0}: {1} – Gesprächskonzert mit Publikum, Moderation: Änne Köhler-Lütjenbüttel; Gäste: Dürthe, Jörg & "
    "Käthe Schüßler",
]
"""Titles that every plan has one of each: a backslash, a line break, and one that is very long."""

PLACES = {
    "Europe/Berlin": [
        "Haus am Nußbaumplatz, Großer Saal, Köln", "Alte Färberei, Mühlenstraße 9, Würzburg",
        "Börsensälchen, Bremen", "Fährhaus Övelgrund; Kleine Bühne, Hamburg", "Stadthalle Süd, Düsseldorf",
        "Zehntscheune, Schloßhof 2, Tübingen",
    ],
    "Europe/London": [
        "Weaver's Hall, Tallow Lane, Leeds", "St Osyth's, Crooked Row, Norwich", "The Old Ropeworks, Bristol",
        "Marlowe Rooms; Upper Gallery, London", "Corn Loft, 3 Hythe Street, Oxford",
    ],
    "America/New_York": [
        "Larkspur Hall, 114 Quincy Row, Albany, NY", "The Foundry, Pier Street, Baltimore, MD",
        "Salle Évangéline, Little Harbor, Boston, MA", "Ninth Street Playhouse; Studio B, New York, NY",
        "Tannery Auditorium, Pittsburgh, PA",
    ],
    "America/Chicago": [
        "Prairie Rooms, 40 Elm Court, Madison, WI", "Grain Exchange Theater, Minneapolis, MN",
        "Lakeside Pavilion; East Stage, Chicago, IL", "Salón Peñasco, San Antonio, TX",
        "Riverbend Hall, St. Louis, MO",
    ],
    "Australia/Sydney": [
        "Wattle Street Hall, Newcastle NSW", "The Boatshed; Main Room, Sydney NSW",
        "Old Mint Theatre, 7 Currajong Way, Canberra ACT", "Bellbird Rooms, Wollongong NSW",
        "Quarry Stage, Parramatta NSW",
    ],
    "Pacific/Auckland": [
        "Pōhutukawa Hall, Wellington", "Te Ākau Rooms, 12 Wharf Road, Auckland", "Tūī Theatre; Circle, Dunedin",
        "The Granary, Christchurch", "Mānuka Street Studios, Hamilton",
    ],
    "Asia/Tokyo": [
        "響ホール (Hibiki Hall), Ōmori-dōri 3, Tōkyō", "Kujaku-za; Small Hall, Ōsaka", "月見台音楽堂, Kyōto",
        "Minato Rooms, Yokohama", "Shirakaba Hall, 5-chōme, Sapporo",
    ],
    "Asia/Kolkata": [
        "Rāga Bhavan, Neem Lane 9, Mumbai", "Banyan Auditorium; Block C, Bengaluru", "Kalā Mandal, Pune",
        "Lotus Court, Park Circus, Kolkata", "Chandni Rooms, New Delhi",
    ],
}  # fmt: skip

STAFF = ["Jette", "Mirko", "Frau Lind", "Anneke", "Büro"]
