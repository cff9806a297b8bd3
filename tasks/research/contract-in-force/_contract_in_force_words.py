"""Names, and the clauses of the Master Agreement, the order forms and the German annex."""

PEOPLE = ["Ada Brunnhofer", "Till Castorf", "Mira Dellwig", "Jonas Eckelt", "Ruth Fennimore", "Piet Garvens",
          "Lena Hollweck", "Owen Islay", "Karin Jessup", "Emil Kortmann", "Nora Lindqvist", "Hugo Merrow",
          "Tessa Nagel", "Bram Ostrow", "Vera Pellmann", "Cyril Quist", "Doris Rademaker", "Frank Selby",
          "Greta Tornow", "Ulf Vennemann"]  # fmt: skip
SITES = [
    ("Harrowmere", "Ahlbrück"),
    ("Penfold Quay", "Seltenau"),
    ("Oakhaven", "Kirchwalde"),
    ("Stanmoor", "Lindfurt"),
]
ARTICLES = {
    "A:reading": "Reading this contract", "A:changes": "Amendments", "A:services": "Services", "A:sites": "Sites",
    "A:prices": "Prices", "A:payment": "Payment", "A:levels": "Service levels",
    "A:liable": "Warranty and liability", "A:records": "Records", "A:term": "Term", "A:final": "Closing provisions",
}  # fmt: skip
CLAUSES = {
    "whole": "The contract consists of this Master Agreement with its schedules, Annex D, the Order Forms and the "
    "amendments of any of them. An amendment is read as part of the document whose clauses it changes. Letters, "
    "invoices, price lists and summaries report things; they change nothing, except where a clause gives "
    "them an effect.",
    "ranks": "Where two documents contradict each other, Annex D goes before this Master Agreement, for the site "
    "{south} alone, and this Master Agreement before the Order Forms. For Prices it is the other way round: there the "
    "Order Form of a site goes before both. Prices are the amounts, discounts and surcharges of what the "
    "Customer pays for work and parts; periods, interest and credits are not.",
    "language": "Annex D and its amendments bind in their German wording. A translation is for information only.",
    "bday": "Business Days are the days from Monday to Friday that Schedule 2 does not list as a holiday. Annex D may "
    "add holidays, which then hold for the whole contract.",
    "count": "Where something has to be received a number of Business Days before a day, so many whole Business Days "
    "must lie between the day of receipt and that day; neither of the two is counted. In a period after an event the "
    "day of the event is not counted and the last day is. A period in plain days that would end on a day that is not "
    "a Business Day ends on the next Business Day.",
    "receipt": "What is received after 16:00, or on a day that is not a Business Day, counts as received on the next "
    "Business Day. This goes for every letter, notice, invoice and report.",
    "sign": "An amendment binds both parties from the day (its Binding Day) on which it has been signed by one "
    "signatory of the Customer and two of the Supplier, one of them at least a director. Signatures may be given on "
    "separate pages and in any order. An amendment that lacks one of these "
    "three signatures binds nobody.",
    "signers": "Signatories are the persons named in Schedule 1. Only a signature of somebody who is a "
    "signatory on the "
    "day of signing counts, and it counts in the capacity that he or she has on that day. The Supplier reports "
    "changes by letter; each holds from the day that the letter names, but never before the day on which the letter "
    "counts as received.",
    "condition": "A signature given under a condition counts as given on the day on which the condition is met. A "
    "consent meets it on the day on which it has been given and depends on nothing further. If that day is later than "
    "the last day stated with the condition, or never comes, the signature was never given.",
    "effect": "An amendment has effect from the day that it names, and from its Binding Day where it names "
    "none. Where "
    "the day named is earlier than the Binding Day, everything since is reckoned anew as if the amendment had "
    "been there.",
    "numbers": "A clause number in an amendment means the clause that bears this number at the beginning of "
    "the day in "
    "the heading of the amendment. Where an amendment inserts or deletes a clause, the clauses behind it in the same "
    "article are renumbered, and with an article all articles behind it. New numbers hold from the Binding Day, "
    "whenever the effect begins. Annex D and the Order Forms, whose clauses are numbered straight through, are "
    "treated alike.",
    "replaced": "Of a clause that is replaced nothing remains but what the new wording says. Of a clause that is "
    "changed or supplemented all else remains.",
    "conflict": "Where two amendments deal with the same term, the one with the later Binding Day prevails, whatever "
    "their numbers and the days in their headings and whenever their effect begins.",
    "scope": "The Supplier monitors, maintains and repairs the cold rooms at the sites named in the Order Forms.",
    "access": "The Customer gives the Supplier access to the cold rooms at any hour.",
    "sitelist": "Each site has an Order Form of its own.",
    "sitechange": "A site may be added at any time by a further Order Form.",
    "prices": "Each Order Form names the monthly Base Fee of its site.",
    "callout": "A call-out costs EUR {eur}.",
    "hour": "An hour of work on a call-out costs EUR {eur}.",
    "night": "An hour between 20:00 and 06:00 costs {pct} % more; the result is rounded to whole cents.",
    "parts": "On the list prices of spare parts the Supplier grants a discount of {pct} %.",
    "index": "The Base Fees and the amounts for a call-out and for an hour of work are adjusted on 1 January of each "
    "year from 2021 on, by the percentage by which the index in `index.csv` changed from October to October: "
    "from that "
    "of the year before last to that of last year. Both figures are taken on the same base, the newest on "
    "which figures "
    "for both months had been published before this 1 January; where several figures were published for a "
    "month, the last one published before this 1 January counts. The percentage is rounded to two decimals; "
    "a fall counts as 0. The percentage of a year is the same for all amounts, also for one that was not adjusted "
    "before. Each adjusted amount is rounded to whole cents. Rounding is half up throughout.",
    "cap": "No adjustment raises an amount by more than {pct} %.",
    "young": "An amount that has been fixed or raised otherwise than by adjustment is first adjusted on the first "
    "1 January on which it has had effect for at least six months, an effect from 1 July of the year before being "
    "six months.",
    "vat": "All amounts are without value added tax.",
    "invoices": "The Supplier invoices the Base Fees at the end of each month.",
    "payment": "Invoices are payable within {days} days after receipt. Interest of {interest} % a year is due on late "
    "payments.",
    "objection": "Objections to an invoice are raised within {days} days after receipt.",
    "setoff": "The Customer may set off what the Supplier owes it, if it says so {days} days ahead.",
    "reports": "The Supplier reports every month on the service at each site.",
    "response": "The Supplier is on site within {hours} hours after an alarm.",
    "uptime": "A cold room is available if it keeps its temperature range.",
    "credit": "For each alarm answered late the Customer is credited {pct} % of the monthly Base Fee of the site.",
    "claims": "Credits are claimed within {days} Business Days after receipt of the monthly report that shows the "
    "delay.",
    "care": "The Supplier works with the care of an expert firm.",
    "warranty": "Parts and work are under warranty as the law provides.",
    "liability": "For damage the Supplier is liable up to {pct} % of twelve times the sum of the Base Fees that hold "
    "on the day of the damage; the result is rounded to whole cents.",
    "insurance": "The Supplier keeps insurance that covers this liability.",
    "defects": "Defects are notified within {days} Business Days after they were found.",
    "records": "The Supplier keeps the temperature records for {months} months.",
    "audit": "The Customer may inspect the records, if it says so {days} days ahead.",
    "start": "The contract begins on 1 January 2020.",
    "first": "Its first term ends on {date}.",
    "renew": "At the end of a term the contract is renewed, unless a party has given notice of non-renewal: "
    "by 24 months, "
    "or by 12 months if a party has asked for that by notice of short renewal. Either notice must have been received "
    "{days} Business Days before the end of the term.",
    "convenience": "The Customer may end the contract before the end of a term by a notice received {days} "
    "Business Days "
    "ahead, against a fee of {fee} monthly Base Fees of all sites.",
    "assign": "Neither party assigns the contract without the other.",
    "law": "The law of the Customer's seat applies.",
}
ORDER = {
    "ofsite": "This order form is for the cold rooms at {site}.",
    "fee": "The Base Fee is EUR {eur} a month.",
    "ofparts": "On the list prices of spare parts a discount of {pct} % is granted.",
    "ofpay": "Invoices for this site are payable within {days} days after receipt.",
    "ofresponse": "The Supplier is on site within {hours} hours after an alarm.",
}
SURCHARGE = " An hour of work between 20:00 and 06:00 at this site costs {surcharge} % more than by day."
ANNEX_DE = {
    "scope": "Dieser Anhang gilt für den Standort {south}.",
    "feasts": "Zu den Feiertagen der Schedule 2 kommen hinzu: {german}.",
    "react": "Der Auftragnehmer ist binnen {hours} Stunden nach einem Alarm vor Ort.",
    "spare": "Lässt sich ein Kühlraum nicht sofort instand setzen, stellt der Auftragnehmer binnen {hours} "
    "Stunden ein "
    "Ersatzgerät.",
    "keep": "Die Temperaturaufzeichnungen sind {years} Jahre lang aufzubewahren.",
    "contact": "Ansprechpartner ist die Betriebsleitung am Standort.",
}
ANNEX_EN = {
    "scope": "This annex holds for the site {south}.",
    "feasts": "The following holidays are added to those of Schedule 2: {english}.",
    "react": "The Supplier is on site within {hours} hours after an alarm.",
    "spare": "If a cold room cannot be repaired at once, the Supplier provides a replacement unit within "
    "{hours} hours.",
    "keep": "The temperature records are to be kept for {years} years.",
    "contact": "The point of contact is the site management.",
}
INSERTS = {
    "einv": "Invoices are sent electronically within {days} days after the end of the month; on invoices so sent the "
    "Customer deducts {discount} %.",
    "travel": "Travel to the sites is included in the prices.",
    "review": "The parties meet once a year to review the contract.",
    "confirm": "Every alarm is confirmed by telephone.",
    "handover": "When the contract ends, the Supplier hands over all keys and records.",
    "minimum": "In each calendar year the Customer pays at least {pct} % of twelve times the sum of the Base "
    "Fees that "
    "hold on 1 February of that year; the result is rounded to whole cents.",
    "yearend": "What is missing from it is invoiced in December.",
}
QUESTIONS = {
    "base_fee_north_eur": "Monthly Base Fee of {north}, EUR",
    "base_fee_south_eur": "Monthly Base Fee of {south}, EUR",
    "callout_fee_eur": "Price of a call-out, EUR",
    "night_hour_south_eur": "Price of an hour of work at {south} at 23:00, EUR (document and clause: those of the "
    "surcharge)",
    "parts_discount_north_pct": "Discount on spare parts for {north}, percent",
    "minimum_charge_eur": "Minimum charge for the calendar year of the as-of day, EUR",
    "liability_cap_eur": "Highest liability for a damage on the as-of day, EUR",
    "payment_days": "Within how many days after receipt an invoice is payable",
    "objection_days": "Within how many days after receipt we can object to an invoice",
    "defect_notice_bdays": "Within how many Business Days a defect is to be notified",
    "term_end": "Last day of the term that runs on the as-of day, date ("
    "document and clause: those of the end of the first term)",
    "last_notice_day": "Last Business Day on which a notice of non-renewal to that end of term can still be received "
    "before 16:00, date",
    "invoice_due": "Last day to pay invoice {invoice}, by the period in force on the as-of day, date (document and "
    "clause: those of the period)",
    "credit_claim_by": "Last day to claim credits for the delays in the report for April 2026, date (document "
    "and clause: those of the period)",
    "termination_fee_months": "Fee for ending the contract before the end of a term, in monthly Base Fees",
    "service_credit_pct": "Credit for an alarm answered late, percent",
    "response_hours_south": "Within how many hours after an alarm the Supplier must be at {south}",
    "records_months_south": "How many months the temperature records of {south} are kept",
    "late_interest_pct": "Interest on late payments, percent a year",
    "e_invoice_discount_pct": "What we may deduct from invoices sent electronically, percent",
}


def customer_name(rng):
    """Return the name of the Customer."""
    first = rng.choice(["Marelby", "Thornwick", "Esterholt", "Caldermoor"])
    return f"{first} {rng.choice(['Fish & Larder plc', 'Dairy Union Ltd', 'Fresh Depots Ltd'])}"


def supplier_name(rng):
    """Return the name of the Supplier."""
    first = rng.choice(["Frostfeld", "Kaltenbrunn", "Nordkelter", "Eisgrund"])
    return f"{first} {rng.choice(['Kältetechnik', 'Kühlservice'])} GmbH"
