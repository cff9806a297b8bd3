"""The sentences that the correspondence is made of, in English and German.

``{…}`` are the values a sentence takes. Sentences of one key say the same thing in other words.
"""

GENERIC = {
    "confirm": [
        "What {who} wrote to you on {d} is our position and binds us; please take it as part of our offer.",
        "On behalf of the company I confirm the mail that {who} sent you on {d}.",
        "Please treat the mail of {d} by {who} as if I had sent it myself.",
        "You asked whether {who} may say such things. The mail of {d} has my approval as it stands.",
    ],
    "agree": [
        "I agree to what {who} wrote to you on {d}.",
        "The mail that {who} sent you on {d} has my signature too.",
        "Here is the second signature that our offer calls for: {who}'s mail of {d} is approved.",
        "You may count me in on the mail of {d} by {who}; now you have both of us.",
    ],
    "withdraw": [
        "My mail of {d} went out in error. Please treat it as not sent.",
        "I take back all that I wrote to you on {d}.",
        "Please ignore my mail of {d}; it was meant for another customer.",
        "My mail of {d} is withdrawn in full, with apologies.",
    ],
    "left": [
        "{who} has left us; the last working day was {d}. What was sent up to then stands.",
        "For your files: {who} is no longer with the company since the evening of {d}.",
        "We have parted from {who}, with effect from the evening of {d}.",
        "As of the evening of {d} {who} does not work here any more; earlier mails keep their force.",
    ],
    "deputy": [
        "I am on leave from {d} to {e}. On those days {who} decides on our offer in my place.",
        "From {d} to {e} inclusive {who} acts for me and may change the offer.",
        "While I travel, from {d} to {e}, {who} signs for me with all my powers.",
        "{who} stands in for me from {d} up to and including {e} and binds us as I would.",
    ],
    "fact": [
        "To your question whether our offer leaves something out: {fact}",
        "You found a gap in our paper. {fact}",
        "One answer is still owed to you. {fact}",
        "Here is what you asked for on the phone. {fact}",
    ],
    "visit": [
        "You are welcome to see our halls on any weekday; a day's notice is enough.",
        "Two of your people could tour the site next month, if you like.",
        "Our doors are open: tell me a date and I arrange a visit to the data centre.",
        "I would be happy to show you round the site one of these days.",
    ],
    "user-24": [
        "For an agreed term of 24 months or more a protected user costs {p} per month.",
        "If you sign for two years or longer, the price per protected user is {p} per month.",
        "We can go to {p} per protected user per month, given an agreed term of at least 24 months.",
        "With 24 months or more as agreed term you pay {p} per protected user per month.",
    ],
    "user-36": [
        "Were the agreed term 36 months, it would even be {p} per protected user per month.",
        "If you sign for 36 months, a protected user costs {p} per month.",
        "Should you make it three years of agreed term, we charge {p} per protected user per month.",
        "For an agreed term of 36 months we go as far as {p} per protected user per month.",
    ],
    "user-any": [
        "I talked to our board: {p} per protected user per month, no strings attached.",
        "Let me be quite open: you get it for {p} per protected user per month.",
        "I can make it {p} per protected user per month, whatever the term.",
        "My last word to you: {p} per protected user per month.",
    ],
    "half": [
        "We have changed our metering: instead of whole TiB we bill by the half. Each half TiB begun counts "
        "as half a TiB, at half the price.",
        "Good news about rounding: volumes are rounded up to half TiB now, no longer to whole ones, and half a "
        "TiB costs half as much.",
        "In our offer each TiB begun is billed as a whole one. We now round up to the next half TiB instead, "
        "half a TiB at half the price.",
    ],
    "half-later": [
        "My mail of {d} was too short: what it says starts with the second contract year. In the first one "
        "the rule of the offer is kept.",
        "To what I wrote on {d} belongs that it holds as from contract year two; year one is billed as the "
        "offer has it.",
        "A clarification to my mail of {d}: it is for the second and third contract year, not the first.",
    ],
    "phone-half": [
        "{who} told me on the phone that the half TiB hold for all three contract years after all.",
        "I spoke to {who}: rounding to half TiB goes for the first contract year as well, I was told.",
    ],
    "early": [
        "Whoever signs before the end of next month gets {n} % off the whole amount.",
        "We take {n} % off everything if your signature is here by the end of next month.",
        "For a signature before next month is over there is a bonus of {n} % on the whole sum.",
    ],
    "middle": [
        "In the table of our offer the second line changes to {p}.",
        "The row between the dearest and the cheapest one in our table is now {p}.",
        "Of the three steps in our offer we have reckoned the middle one anew; it is {p}.",
        "Step two of our price table reads {p} from today.",
    ],
    "top": [
        "The row beneath the one I wrote about on {d} becomes {p}.",
        "As for the last line of the table, we go down to {p} there as well.",
        "The step for the largest volumes follows suit: {p}.",
        "What I did for the row of my mail of {d} I do for the next one, too: {p}.",
    ],
    "checking": [
        "On {who}'s mail of {d} I have to hear our controllers first.",
        "The mail of {d} by {who} is still on my desk; you will hear from me.",
        "I cannot say anything yet on what {who} wrote on {d}.",
    ],
    "row": [
        "That row of our table which your volume reaches in the third contract year gets {n} % cheaper. "
        "The other rows stay.",
        "We take {n} % off one price of the table: the one of the step that your volume of the third contract "
        "year comes to.",
        "Please look up in our table the step for your volume in contract year three: its price goes down by "
        "{n} %, the rest is unchanged.",
    ],
    "waive-over": [
        "If the volume of your third contract year is above {x} TB, we do not charge the set-up.",
        "The set-up is free of charge, provided that your third contract year has more than {x} TB.",
        "Customers who pass {x} TB by the third contract year are set up without charge; that holds for you, "
        "too.",
    ],
    "all-rows": [
        "A parting gift from me: every row of the table gets {n} % cheaper.",
        "You were fair to me, so I take {n} % off all rows of the table.",
        "Take {n} % off each price of the table, you have my word.",
    ],
    "care": [
        "Option Care 24 costs you {n} % on top of all recurring fees.",
        "We have looked at Option Care 24 again and ask for {n} % of surcharge instead of what the offer says.",
        "The surcharge for Option Care 24 is set to {n} %.",
        "Please read {n} % where our offer has the surcharge for Option Care 24.",
    ],
    "invoice-if": [
        "If you confirm to us by {d} that one invoice a year, in advance, is fine, the price per TB is {p} "
        "per year.",
        "Should we have your word by {d} that we may invoice each year in advance, we charge {p} per TB and "
        "year.",
        "We would go to {p} per TB per year, provided you confirm yearly invoices in advance by {d}.",
    ],
    "percent-off": [
        "We take {n} % off the price per TB, reckoned from the price that is agreed by our mails so far.",
        "On the price per TB that our mails to you have set we grant {n} % off.",
        "From the price per TB that holds between us today {n} % come off.",
    ],
    "invoice-yes": [
        "One invoice a year, in advance, is fine with us.",
        "We confirm: you may send one invoice a year, in advance.",
        "Yearly invoices in advance are no problem for us, herewith confirmed.",
    ],
    "unit": [
        "The correct price is {p} per TB of protected volume per month. Please excuse the misprint.",
        "Our offer has a wrong figure. Right is: {p} per TB of protected volume per month.",
        "Our list, and so our offer, should have {p} per TB of protected volume per month.",
        "Please correct the price in our offer to {p} per TB of protected volume per month.",
    ],
    "unit-up": [
        "Electricity has become dearer, so we have to ask for {p} per TB of protected volume per month.",
        "After a look at our costs we set the price to {p} per TB of protected volume per month.",
        "I have to revise the price once more: {p} per TB of protected volume per month.",
    ],
    "unit-as-was": [
        "I asked around: the figure first printed in our offer was right, so {p} per TB of protected volume "
        "per month.",
        "Forget about any correction, {p} per TB of protected volume per month as in the offer is what you "
        "pay.",
        "We stand by what is printed: {p} per TB of protected volume per month.",
    ],
    "unit-late": [
        "As a last step towards you we go down to {p} per TB of protected volume per month.",
        "Our best price for you: {p} per TB of protected volume per month.",
        "We can now do {p} per TB of protected volume per month.",
    ],
    "retention": [
        "Deleted and overwritten versions remain restorable for {n} weeks, as our data sheet says.",
        "In our offer the version history is misprinted: it is {n} weeks.",
        "Please read {n} weeks where the offer says how long old versions can be brought back.",
    ],
    "room": [
        "One account of yours can hold up to {n} TB now.",
        "We have enlarged our accounts: {n} TB fit into one.",
        "The limit of an account goes up to {n} TB.",
    ],
    "room-36": [
        "For an agreed term of 36 months an account would hold up to {n} TB.",
        "If you sign for 36 months, the limit of your account is {n} TB.",
        "With 36 months as agreed term we would give you room for {n} TB in one account.",
    ],
    "move": [
        "Our site in {old} closes this summer. The second copy will be kept in {town}, {land}.",
        "We give up the hall in {old}; the second copy goes to {town}, {land}, on identical equipment.",
        "With the lease in {old} ending, your second copy will lie in {town}, {land}.",
    ],
    "move-other": [
        "Plans have changed again: the second copy goes to {town}, {land}, instead.",
        "You need not worry about that place: the second copy will be kept in {town}, {land}, after all.",
        "We found a better hall. The second copy will lie in {town}, {land}.",
    ],
    "binding": [
        "We can hold our offer until {d} and no longer.",
        "The offer is binding until {d}, other than our paper has it.",
        "As to how long we are bound: until {d}.",
    ],
    "certificate": [
        "Our ISO/IEC 27001 certificate is valid until {d}; our paper had another date.",
        "As to our ISO/IEC 27001 certificate: it runs until {d}.",
        "The date of our ISO/IEC 27001 certificate needs correction: valid until {d}.",
    ],
    "phone-binding": [
        "{who} told me on the phone that they hold the offer until {d}. It is to come in writing.",
        "I spoke to {who}: the offer is now binding until {d}, I was told.",
    ],
    "phone-certificate": [
        "{who} told me on the phone that the ISO/IEC 27001 certificate now runs until {d}. It is to come in "
        "writing.",
        "I spoke to {who}: the ISO/IEC 27001 certificate is renewed until {d}, I was told.",
    ],
    "speed": [
        "Restores run at a sustained {n} Gbit/s now that the new line is in.",
        "We raise the sustained restore speed to {n} Gbit/s.",
        "After an upgrade you can count on restores at {n} Gbit/s, sustained.",
    ],
    "monthly": [
        "Invoices would come monthly rather than each quarter, if that suits you.",
        "We would send monthly invoices with a report of use to each.",
        "Your invoices would show each site on a line of its own.",
    ],
    "engineers": [
        "The matter of the speed is still with our engineers.",
        "As to speed, our engineers have the last word.",
        "About the faster line I have no news.",
    ],
    "office": [
        "The delivery address for invoices is noted.",
        "Your tax number has been entered in our books.",
        "Thank you for the forms; they are complete.",
        "The reference number that you asked for will be on all our papers.",
    ],
    "filler": [
        "Thank you for confirming receipt of our offer. We are at your disposal for questions.",
        "On Thursday our engineers show how a restore of 40 TB was done over a weekend. A seat is reserved.",
        "From next week on Ilse Varga answers the telephone in our team. Nothing else changes.",
        "Our new brochure is out; shall I send some copies?",
        "May I ask when we can expect your decision?",
        "We have a stand at the fair in autumn and would be glad to see you there.",
    ],
    "volumes": [
        "Because of the film scans we shall have {b} TB to protect in the second contract year and {c} TB in "
        "the third. Please replace the figures of the table.",
        "New volumes for the table: contract year two {b} TB, contract year three {c} TB.",
        "Please plan with {b} TB for contract year 2 and {c} TB for contract year 3.",
    ],
    "volumes-third": [
        "In my mail of {d} only the third contract year counts, the second stays as the table has it. And the "
        "number I gave for the third is right, but our console counts in TiB, so read TiB there, not TB.",
        "Two corrections to my figures of {d}: for year two the table is right after all, and the figure for "
        "year three is one in TiB, not in TB.",
        "The scans start later than I thought when I wrote on {d}, so contract year two is as in the table. "
        "For contract year three the number is as I wrote, with another unit: TiB instead of TB.",
    ],
    "volume-late": [
        "I have to raise the third contract year to {c} TiB, please use that.",
        "New figure for contract year three: {c} TiB.",
    ],
    "volume-admin": [
        "Wenn ich das letzte Quartal fortschreibe, sind wir im dritten Vertragsjahr bei {c} TB. Bitte damit "
        "rechnen.",
        "Für das dritte Vertragsjahr bitte {c} TB ansetzen, so viel wird es sicher.",
        "So wie die Dateiserver wachsen, brauchen wir im dritten Vertragsjahr {c} TB. Nehmen Sie bitte das.",
    ],
    "users": [
        "Ab dem zweiten Vertragsjahr kommen {n} Nutzer mehr hinzu, als die Tabelle vorsieht.",
        "Bitte in der Tabelle für das zweite und das dritte Vertragsjahr je {n} Nutzer mehr eintragen.",
        "Wir bekommen zum zweiten Vertragsjahr {n} zusätzliche Nutzer, die in der Tabelle fehlen; sie bleiben "
        "auch im dritten.",
    ],
    "users-part": [
        "Zu meiner Mail vom {d}: Im zweiten Vertragsjahr sind es erst {m} davon, im dritten alle.",
        "Von den Nutzern aus meiner Mail vom {d} kommen {m} wie angekündigt, die übrigen erst zum dritten "
        "Vertragsjahr.",
        "Meine Mail vom {d} stimmt für das dritte Vertragsjahr; im zweiten sind es nur {m} statt der dort "
        "genannten.",
    ],
    "freeze": [
        "With the hiring freeze there will be no further users at all; use the table as it is.",
        "I see no money for more users than the table has. Please go by the table.",
        "No more staff in either year, so take the users of the table.",
    ],
    "install-if": [
        "Wenn Sie uns bis zum {d} bestätigen, dass Ihre IT die Agenten selbst installiert, kostet die "
        "Einrichtung nur {p}.",
        "Installiert Ihre IT die Agenten selbst, sinkt die Einrichtung auf {p}; wir brauchen dazu Ihre "
        "Bestätigung bis zum {d}.",
        "Die Einrichtung beläuft sich auf {p}, sofern uns Ihre Bestätigung, dass Sie die Agenten selbst "
        "installieren, bis zum {d} vorliegt.",
    ],
    "install-yes": [
        "Hiermit bestätige ich, dass unsere IT die Agenten selbst installiert.",
        "Die Agenten installiert unsere IT selbst, das bestätige ich gern.",
        "Zu Ihrer Frage: ja, unsere IT installiert die Agenten selbst; nehmen Sie das als Bestätigung.",
    ],
    "base-36": [
        "Bei einer vereinbarten Laufzeit von 36 Monaten beträgt die Grundgebühr nur {p} je Monat.",
        "Falls Sie für 36 Monate abschließen, senken wir die Grundgebühr auf {p} je Monat.",
        "Die Grundgebühr läge bei {p} je Monat, wenn Sie 36 Monate vereinbaren.",
    ],
    "base-second": [
        "Die Grundgebühr beträgt {p} je Monat, und zwar ab dem zweiten Vertragsjahr.",
        "Ab dem zweiten Vertragsjahr senken wir die Grundgebühr auf {p} je Monat.",
        "Im zweiten und dritten Vertragsjahr liegt die Grundgebühr bei {p} je Monat.",
    ],
    "base-sales": [
        "Ich habe es durchgesetzt: Grundgebühr von Anfang an {p} je Monat.",
        "Gute Nachricht, die Grundgebühr liegt für Sie bei {p} je Monat, ab dem ersten Tag.",
        "Als Zeichen guten Willens setzen wir die Grundgebühr auf {p} je Monat.",
    ],
    "filler-de": [
        "vielen Dank für die Bestätigung, dass unser Angebot angekommen ist.",
        "am Donnerstag zeigen unsere Techniker eine Rücksicherung von 40 TB. Ein Platz ist für Sie frei.",
        "unsere neue Broschüre ist da. Darf ich Ihnen einige Stücke senden?",
    ],
}  # fmt: skip

PAD = [
    "It was good to talk to your team last week.", "I hope this finds you well.",
    "Thank you for your patience with us.", "Sorry for the short notice.", "This took me longer than I hoped.",
    "Thank you for your kind reply.", "I come back to our talk.", "A busy week, so let me be brief.",
    "We are glad that you consider us.", "Please let me know if anything is unclear.",
]  # fmt: skip
PAD_DE = [
    "ich komme auf unser Gespräch zurück.", "haben Sie Dank für Ihre Geduld.",
    "es hat leider etwas gedauert.", "ich fasse mich kurz.",
]  # fmt: skip
SUBJECTS = ["Offer {0}", "Re: Offer {0}", "Our offer {0}", "Re: your enquiry", "Backup for {1}",
            "Re: Backup for {1}", "A word on {0}"]  # fmt: skip
SUBJECTS_DE = ["Angebot {0}", "AW: Angebot {0}", "Unser Angebot {0}", "AW: Ihre Anfrage"]
SUBJECTS_OWN = ["Backup tender", "Re: Backup tender", "Figures for the tender", "Offers for the backup"]
NAMES = [
    "Aino Saarela", "Bastian Krohn", "Camille Dupuis", "Dorota Wilk", "Eamon Tierney", "Femke Bosch",
    "Gustav Ekdahl", "Hedda Moen", "Ivo Lindner", "Jorun Aasen", "Katrien Maes", "Lucian Moraru",
    "Maud Feller", "Niall Brogan", "Oskar Wendt", "Petra Zeman", "Quirin Haas", "Rosalie Binet",
    "Stellan Hjort", "Tilda Nyberg", "Ulrik Dahl", "Vera Castell", "Wouter Kok", "Xenia Roth", "Yorick Baum",
    "Zita Pohl", "Alban Verdier", "Birte Olsen", "Conor Haskett", "Dagny Holm", "Edwin Tasker",
    "Flora Menotti", "Gerrit Vos", "Hilma Rauta", "Ignaz Thoma", "Jonna Kallio", "Kester Wray",
    "Leonie Arndt", "Mirko Sala", "Nora Quist", "Odile Garnier", "Pavel Hruby", "Runa Berge", "Silvan Egger",
]  # fmt: skip
TITLES = {"first": ["Managing Director", "Director"], "second": ["Head of Contracts", "Company Secretary"],
          "sales": ["Vice President Sales", "Key Account Director", "Regional Manager", "Senior Sales Director"],
          "deputy": ["Tender Desk"]}  # fmt: skip
BINDS = {
    "alone": ["Entitled to bind us: {0} and {1}, each of them alone.",
              "For the company sign {0} and {1}; either may do so alone.",
              "This offer is signed by {0} and {1}, who may each bind the company alone."],
    "joint": ["Entitled to bind us: {0} and {1}, only both together.",
              "For the company sign {0} and {1}, who do so jointly.",
              "This offer is signed by {0} and {1}, who may bind the company only with each other."],
    "german": ["Zeichnungsberechtigt sind {0} und {1}, jeweils allein."],
}  # fmt: skip
