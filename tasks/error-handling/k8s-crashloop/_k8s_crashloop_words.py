"""What people wrote in the channel, by kind of line and language; wordings of a kind say the same."""

_SECONDS = {
    "45": (["three quarters of a minute", "forty-five seconds"], ["eine Dreiviertelminute", "45 Sekunden"]),
    "60": (["one minute", "a full minute"], ["eine Minute", "eine volle Minute"]),
    "90": (["a minute and a half", "ninety seconds"], ["anderthalb Minuten", "90 Sekunden"]),
    "120": (["two minutes", "two full minutes"], ["zwei Minuten", "volle zwei Minuten"]),
    "150": (["two and a half minutes", "150 seconds"], ["zweieinhalb Minuten", "150 Sekunden"]),
}
LINES = {
    "propose": {
        "en": ["{o}, I would like to set {n} to {v}. All right?", "How about {v} for {n}, {o}? I would try it.",
               "My proposal for {n}: {v}. {o}?"],
        "de": ["{o}, ich würde {n} gern auf {v} setzen. In Ordnung?", "{n} besser auf {v}, {o}? Ich probiere es mal.",
               "Vorschlag: {n} auf {v}. {o}, was meinst du?"],
    },
    "fine": {
        "en": ["Only reading this now: {n} at {v} is fine, leave it.", "{v} for {n} is all right with me."],
        "de": ["Lese das erst jetzt: {n} mit {v} passt, kann so bleiben.", "{n} auf {v}: von mir aus ja."],
    },
    "wants-back": {
        "en": ["I think {n} should go back to where it was, the new number looks like a mistake.",
               "Can somebody reset {n}? That cannot be meant like this."],
        "de": ["{n} sieht falsch aus, das sollte wieder zurück.",
               "Bitte {n} zurücksetzen, das kann doch nicht so gewollt sein."],
    },
    "go-ahead": {
        "en": ["Yes, {v} for {n}, go ahead.", "{n} to {v}: agreed, do it."],
        "de": ["Ja, {n} auf {v}, mach das.", "{v} für {n}: einverstanden."],
    },
    "no-mind": {
        "en": ["Saw that somebody changed {n}. I have not made up my mind about that yet.",
               "About {n}: give me until tomorrow, I cannot say yes or no yet."],
        "de": ["Sehe gerade, dass {n} geändert wurde. Dazu habe ich noch keine Meinung.",
               "Zu {n}: ob ja oder nein, sage ich morgen."],
    },
    "reported": {
        "en": ["Had {o} on the phone: {n} to {v} is agreed, doing it now.",
               "{o} told me at lunch that {v} is good for {n}, so I am setting it."],
        "de": ["Mit {o} telefoniert: {n} auf {v} ist abgemacht, ich mache das.",
               "{o} hat mir auf dem Flur gesagt, {n} soll auf {v}. Ich trage es ein."],
    },
    "decide": {
        "en": ["{n}: we go to {v} from now on.", "Please set {n} to {v}.", "I want {v} for {n}, starting now."],
        "de": ["{n}: ab sofort {v}.", "Bitte {n} auf {v} setzen.", "Ich möchte {v} für {n}, ab jetzt."],
    },
    "take-back": {
        "en": ["What I wrote about {n} at lunch no longer holds, I take it back.",
               "Forget what I ordered for {n}. I withdraw it."],
        "de": ["Was ich mittags zu {n} geschrieben habe, gilt nicht mehr.",
               "{n}: meine Ansage von vorhin ziehe ich zurück."],
    },
    "rather": {
        "en": ["Not {old} for {n} after all, rather {v}.", "I have to correct myself: {n} to {v}, not {old}."],
        "de": ["Doch nicht {old} für {n}, lieber {v}.", "Korrektur: {n} auf {v} statt {old}."],
    },
    "first-after-all": {
        "en": ["{n}: sorry, of my two numbers the first one was right.",
               "My correction for {n} was the mistake. It stays with what I said first."],
        "de": ["{n}: Entschuldigung, von meinen beiden Zahlen war die erste richtig.",
               "Meine Korrektur bei {n} war der Fehler, es bleibt bei der ersten Zahl."],
    },
    "yes-please": {
        "en": ["{n}: yes, {y}, please do.", "Agreed on {n}, {y}."],
        "de": ["{n}: ja, {y}, bitte so machen.", "Bei {n} einverstanden, {y}."],
    },
    "your-edit": {
        "en": ["{y}, what you edited on {b} at 13:16 is fine, keep it.",
               "{y}: your 13:16 edit on {b} has my yes."],
        "de": ["{y}, deine Änderung an {b} von 13:16 ist in Ordnung, die bleibt.",
               "{y}: was du um 13:16 an {b} geändert hast, geht klar."],
    },
    "from-hour": {
        "en": ["From 17:00 on {n} is {v}.", "{n} becomes {v} at five this afternoon."],
        "de": ["Ab 17 Uhr gilt {v} für {n}.", "{n} kommt heute um fünf Uhr nachmittags auf {v}."],
    },
    "until-late": {
        "en": ["{n} to debug until 20:00, please, then as it was.",
               "I need {n} on debug until eight in the evening, afterwards as before."],
        "de": ["{n} bitte bis 20 Uhr auf debug, danach wie vorher.",
               "Brauche {n} auf debug bis acht Uhr abends, dann wieder wie zuvor."],
    },
    "twice": {
        "en": ["{n}: please double the number that is in there at this moment.",
               "I want {n} twice as high as it stands right now."],
        "de": ["{n} bitte verdoppeln, gerechnet von der Zahl, die jetzt gerade drinsteht.",
               "Ich möchte {n} doppelt so hoch, wie es in diesem Moment steht."],
    },
    "meant-other": {
        "en": ["I mixed something up: my yes to {n} was meant for {n2}. That one is fine as proposed, {n} is not.",
               "My answer about {n} belonged to the proposal for {n2}: yes to that, no to {n}."],
        "de": ["Verwechselt: mein Ja zu {n} war für {n2} gedacht. Das ist so in Ordnung wie "
               "vorgeschlagen, {n} nicht.",
               "Meine Antwort zu {n} gehörte zum Vorschlag für {n2}: dazu ja, zu {n} nein."],
    },
    "window": {
        "en": ["Everything that I edited between 14:05 and 14:35 goes back to how it was at noon, only "
               "{n} keeps its new value.",
               "I am taking back my own edits from 14:05 to 14:35, with the exception of {n}."],
        "de": ["Alles, was ich zwischen 14:05 und 14:35 selbst eingetragen habe, kommt zurück auf den "
               "Stand von mittags; nur {n} bleibt neu.",
               "Meine eigenen Edits von 14:05 bis 14:35 nehme ich zurück, ausgenommen {n}."],
    },
    "same-as": {
        "en": ["{n}: please give it the number that {n2} has at this moment. It keeps that one, "
               "whatever comes later.",
               "For {n} I want the same number as {n2} has right now, fixed, no matter how that one moves on."],
        "de": ["{n}: bitte genau die Zahl, die {n2} in diesem Moment hat, und zwar fest, egal was dort noch kommt.",
               "Für {n} möchte ich dieselbe Zahl, wie sie {n2} jetzt gerade hat. Die bleibt dann, auch "
               "wenn sich dort noch etwas ändert."],
    },
    "before-migration": {
        "en": ["{n} should be again what it was before this morning's migration started.",
               "Please put {n} to the value from before the migration today."],
        "de": ["{n} bitte wieder auf den Wert, der vor der Migration heute früh galt.",
               "{n} soll so sein wie vor Beginn der Migration."],
    },
    "until": {
        "en": ["{n} to debug until 16:00, please, then as it was.",
               "I need {n} on debug, but only until four o'clock, afterwards as before."],
        "de": ["{n} bitte bis 16 Uhr auf debug, danach wie vorher.",
               "Brauche {n} auf debug, aber nur bis um vier, dann wieder wie zuvor."],
    },
    "tomorrow": {
        "en": ["From tomorrow on {n} is {v}.", "{n} goes to {v}, but only with tomorrow's shift."],
        "de": ["Ab morgen gilt {v} für {n}.", "{n} kommt auf {v}, aber erst ab morgen früh."],
    },
    "if-tested": {
        "en": ["{n}: {v} goes in if the load test at 15:30 stays below its limit. If it does not, the old one stays.",
               "{v} as {n} only if the 15:30 load test is below the limit, else we stay where we were at noon."],
        "de": ["{n}: {v} kommt rein, falls der Lasttest um 15:30 unter seinem Limit bleibt. Sonst bleibt das alte.",
               "{v} als {n} nur, wenn der Lasttest von halb vier unter dem Limit ist, sonst bleibt es "
               "wie am Mittag."],
    },
    "hand-over": {
        "en": ["I am away from 15:00 on. {y} decides about {b} in my place until tomorrow.",
               "At three I have to go. For {b}, take {y}'s word as mine from then until tomorrow."],
        "de": ["Bin ab 15 Uhr weg. {y} entscheidet dann an meiner Stelle über {b}, bis morgen.",
               "Um drei muss ich los. Was {y} ab dann zu {b} sagt, gilt bis morgen als mein Wort."],
    },
    "two": {
        "en": ["{o}, two things: (1) {n} to {v}, (2) {n2} to {v2}. I am putting both in for now.",
               "Two wishes for {o}: (1) {n}: {v}; (2) {n2}: {v2}. Both are in, say if not."],
        "de": ["{o}, zwei Sachen: (1) {n} auf {v}, (2) {n2} auf {v2}. Ich trage beides schon ein.",
               "Zwei Wünsche an {o}: (1) {n}: {v}; (2) {n2}: {v2}. Beides ist drin, sag, wenn nicht."],
    },
    "yes-no": {
        "en": ["{o}: your first yes, your second no.", "Of your two, {o}, I take only the first."],
        "de": ["{o}: das Erste ja, das Zweite nein.", "Von deinen beiden nehme ich nur das Erste, {o}."],
    },
    "no-yes": {
        "en": ["{o}: your first no, your second yes.", "Of your two, {o}, I take only the second."],
        "de": ["{o}: das Erste nein, das Zweite ja.", "Von deinen beiden nehme ich nur das Zweite, {o}."],
    },
    "stepped-back": {
        "en": ["Put {n} back to {v}, the third pod hung in Pending on its node.",
               "{n}: I went down to {v} again, the new pod did not get a node."],
        "de": ["{n} steht wieder auf {v}, der dritte Pod hing in Pending.",
               "Habe {n} auf {v} zurückgestellt, der neue Pod bekam keinen Node."],
    },
    **{f"seconds-{key}": {
        "en": [f"{{n}}: {one}." if number else f"I want {{n}} at {one}." for number, one in enumerate(english)],
        "de": [f"{{n}}: {one}." if number else f"{{n}} bitte auf {one}." for number, one in enumerate(german)],
    } for key, (english, german) in _SECONDS.items()},
}  # fmt: skip
NOISE = {
    "en": ["Staging is red again, is anybody on it?", "Node 2 had disk pressure, that is over.",
           "Please do not raise the quotas, finance counts every MiB.", "Customer demo is on Thursday, not today.",
           "The cache is fine, it never even restarted.", "kubesim says the same as the cluster, at least.",
           "Can we stop changing things while it is broken?", "The load test runs twice today, as always.",
           "Half of the logs blame the database.", "Who is writing all of this down?"],
    "de": ["Die Datenbank nimmt keine Verbindungen an, sagt jedes zweite Log.",
               "Habe die Datenbank neu gestartet, ändert nichts.",
           "events.txt liegt im Ordner, Zeiten sind UTC wie immer.",
               "Bitte mit kubectl ändern, damit es in den Events steht.",
           "Ich sehe nur BackOff, BackOff, BackOff.", "Der Ingress selbst ist in Ordnung, glaube ich.",
           "Bitte keine Policies öffnen, das fällt im Audit auf.",
               "Die Passwörter in der Datenbank hat niemand angefasst.",
           "Der Nachtjob ist heute Nacht wieder dran, das muss bis dahin laufen.", "Das wird ein langer Abend."],
}  # fmt: skip
