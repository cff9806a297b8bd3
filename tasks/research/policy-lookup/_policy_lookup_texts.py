"""What the staff handbook says: documents, the rules in them with their figures, the questions about them.

`DOCUMENTS`: number -> title, owner, sections; an item of a section is plain text or ``@rule``.
`RULES`: rule -> clause, possible figures, factor from the clause's unit to the question's, unit, question.
A rule without a question is never asked about.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One figure that the handbook lays down; ``factor`` turns it into ``unit``, in which it is asked for."""

    clause: str
    figures: tuple
    unit: str = ""
    question: str = ""
    factor: int = 1


RULES = {
    "referral": Rule(
        "Whoever recommends a person that we then hire receives a bonus of EUR {v}, paid once the new "
        "colleague has passed the probation period.",
        (500, 600, 750, 800, 1000, 1200), "EUR",
        "A former classmate of mine starts here next month because I recommended her. What bonus can I "
        "expect for that?"),
    "interview": Rule(
        "Applicants are reimbursed for the journey to an interview up to EUR {v}.",
        (120, 150, 180, 200, 250), "EUR",
        "We have invited an applicant to an interview on site. Up to what amount do we refund the journey?"),
    "probation": Rule(
        "The first {v} months of every employment are a probation period.",
        (3, 4, 5, 6), "months",
        "I am drawing up a contract for a new colleague. How long is the probation period?"),
    "notice-probation": Rule(
        "During the probation period both sides may end the employment with {v} weeks' notice.",
        (2, 3, 4), "calendar days",
        "I am still on probation and would like to leave. How much notice do I have to give?", 7),
    "notice": Rule(
        "After the probation period the notice is {v} weeks to the end of a month.",
        (6, 8, 9, 10, 12)),
    "leave": Rule(
        "Everybody who works full time has {v} working days of annual leave per calendar year.",
        (25, 26, 27, 28, 29, 30), "working days",
        "How many days of annual leave do I have in a full year? I work full time."),
    "carry": Rule(
        "Up to {v} working days that were not taken may be carried over into the next year; they lapse "
        "at the end of March.",
        (3, 4, 5, 6, 8), "working days",
        "I will not manage to use up my annual leave. How many days of it can I take along into next year?"),
    "wedding": Rule("For one's own wedding there are {v} working days of paid special leave.", (1, 2, 3)),
    "birth": Rule(
        "When one's partner gives birth there are {v} working days of paid special leave.",
        (2, 3, 4, 5), "working days",
        "My wife is expecting our second child. How many days of paid special leave do I get when it is "
        "born?"),
    "bereavement": Rule(
        "On the death of a parent, a child or a partner there are {v} working days of paid special leave.",
        (2, 3, 4, 5), "working days",
        "My mother has died. How many days of paid special leave am I entitled to?"),
    "certificate": Rule(
        "A medical certificate is due from day {v} of an absence on.",
        (2, 3, 4, 5), "day of absence (1 = first)",
        "I have been in bed with a cold since yesterday. From which day of my absence on do I need a "
        "medical certificate?"),
    "sick-pay": Rule(
        "After the statutory period the company tops up sick pay for another {v} weeks.", (4, 6, 8, 10),
        "calendar days",
        "I will be ill for months, I am afraid. For how long does the company top up sick pay after the "
        "statutory period?", 7),
    "parental": Rule(
        "Parental leave is announced in writing at least {v} weeks before it begins.",
        (7, 8, 9, 10, 12), "calendar days",
        "I want to take parental leave next year. How long before it begins do I have to announce it?", 7),
    "return": Rule("The talk about the return takes place at the latest {v} weeks before its "
                   "end.", (4, 5, 6)),
    "hours": Rule(
        "The working week of a full-time employee has {v} hours.",
        ("37.5", 38, "38.5", 39, 40), "hours per week",
        "How many hours a week do I have to work as a full-time employee?"),
    "flexitime": Rule(
        "The flexitime account may hold up to {v} hours in credit at the end of a month.",
        (20, 25, 30, 40, 45, 50), "hours",
        "It has been a busy month. How many hours in credit may my flexitime account show at the end of it?"),
    "remote": Rule(
        "Up to {v} days a week may be worked from home, after agreement with one's manager.",
        (1, 2, 3, 4), "days per week",
        "On how many days a week may I work from home if my manager agrees?"),
    "desk": Rule(
        "Towards desk and chair at home the company pays once up to EUR {v}.",
        (250, 300, 350, 400, 450, 500), "EUR",
        "I would like to buy a proper desk and chair for working at home. How much does the company pay "
        "towards them?"),
    "training": Rule(
        "Each employee has a training budget of EUR {v} per calendar year.",
        (900, 1000, 1200, 1500, 1800, 2000), "EUR",
        "What is my yearly training budget?"),
    "payback": Rule(
        "Whoever leaves within {v} months after a course that cost more than EUR 3,000 pays back a share "
        "of it.",
        (12, 18, 24, 36), "months",
        "I took an expensive course and am thinking of leaving. For how many months after it would I "
        "have to pay back a share?"),
    "on-call": Rule(
        "A weekend on call is paid with a flat sum of EUR {v}, whether or not there was a call.",
        (140, 160, 180, 200, 220, 240), "EUR",
        "I am on call for a whole weekend for the first time. What flat sum is paid for it?"),
    "rest": Rule("Between two working days lie at least {v} hours of rest.", (11, 12)),
    "hotel": Rule(
        "A hotel room may cost up to EUR {v} per night, breakfast included.",
        (110, 120, 125, 130, 140, 150), "EUR per night",
        "I am looking for a room near a customer. What may a night in a hotel cost at most?"),
    "first-class": Rule(
        "First class by rail may be booked for journeys of more than {v} hours.",
        (2, 3, 4, 5), "hours",
        "My next train journey is rather long. How many hours must a journey exceed for me to book first "
        "class by rail?"),
    "car": Rule(
        "For journeys with one's own car the company pays EUR {v} per kilometre.",
        ("0.30", "0.32", "0.35", "0.38", "0.40", "0.42"), "EUR per km",
        "I drove to a customer in my own car. What does the company pay per kilometre?"),
    "motorcycle": Rule("With one's own motorcycle it is EUR {v} per kilometre.", ("0.15", "0.18", "0.20")),
    "full-day": Rule(
        "For every full day away on business there is a meal allowance of EUR {v}.",
        (26, 28, 30, 32, 34), "EUR per day",
        "What meal allowance do I get for a full day away on business?"),
    "part-day": Rule("For the day of departure and the day of return it is EUR {v} each.", (12, 13, 14, 15)),
    "claim": Rule(
        "Expense claims are handed in at most {v} weeks after the end of the journey.",
        (3, 4, 5, 6, 8), "calendar days",
        "I came back from a business trip some time ago. How long after its end may I hand in "
        "my expense claim without an extra signature?", 7),
    "receipt": Rule(
        "Single expenses of up to EUR {v} are refunded without a receipt.",
        (5, 8, 10, 12, 15), "EUR",
        "I lost the receipt for a small expense. Up to what amount do I get it back without one?"),
    "order": Rule(
        "Team leads may approve orders of up to EUR {v}; what is dearer goes to the head of department.",
        (1500, 2000, 2500, 3000, 4000), "EUR",
        "I am a team lead. Up to what amount may I approve an order myself?"),
    "quotes": Rule("From EUR {v} on, three quotes are asked for.", (5000, 6000, 7500)),
    "gift": Rule(
        "Gifts from business partners may be accepted up to a value of EUR {v} per partner and year.",
        (25, 30, 35, 40, 50), "EUR",
        "A supplier wants to send me a hamper. Up to what value per year may I accept gifts from a partner?"),
    "password": Rule(
        "A password has at least {v} characters.",
        (12, 13, 14, 15, 16), "characters",
        "I have to choose a new password. How many characters does it need at least?"),
    "attempts": Rule(
        "After {v} failed attempts the account is locked for half an hour.",
        (4, 5, 6, 8, 10), "attempts",
        "After how many failed attempts to log in will my account be locked?"),
    "laptop": Rule(
        "Laptops are replaced after {v} months.",
        (36, 42, 48, 54, 60), "months",
        "My laptop is getting slow. After how many months is a laptop replaced?"),
    "loss": Rule(
        "Whoever loses a company device through gross negligence bears up to EUR {v} of the damage.",
        (100, 150, 200, 250, 300), "EUR",
        "I left my company phone on a park bench, which was grossly negligent. Up to what amount do I "
        "bear the damage?"),
    "mailbox": Rule(
        "The mailbox of somebody who has left is kept for {v} months and then deleted.",
        (3, 4, 6, 9), "months",
        "A colleague of mine has left. For how many months will her mailbox be kept?"),
    "camera": Rule("Pictures of the entrance cameras are deleted after {v} hours.", (48, 72, 96)),
    "badge": Rule(
        "A lost badge is replaced for EUR {v}.",
        (10, 15, 20, 25, 30), "EUR",
        "I have lost my badge. What does a new one cost me?"),
    "visitor": Rule(
        "Visitors are registered with reception at least {v} hours ahead.",
        (2, 4, 6, 8, 24), "hours",
        "Customers are coming to see us. How many hours ahead do I have to register them with reception?"),
    "first-aid": Rule(
        "Every floor has at least {v} first-aiders.",
        (2, 3, 4), "first-aiders",
        "How many first-aiders does our floor need at least?"),
    "drill": Rule("The building is evacuated for practice {v} times a year.", (2, 3, 4)),
    "ticket": Rule(
        "The company pays EUR {v} a month towards a season ticket for public transport.",
        (20, 25, 30, 35, 40, 45), "EUR per month",
        "I would like to come by bus from now on. What does the company pay per month towards a season "
        "ticket?"),
    "charging": Rule("A kilowatt-hour from the charging points costs EUR {v}.", ("0.28", "0.30", "0.33")),
    "jubilee": Rule(
        "After ten years with us there is a jubilee bonus of EUR {v}.",
        (750, 1000, 1250, 1500), "EUR",
        "I will soon have been here for ten years. How much is the jubilee bonus?"),
}  # fmt: skip


SECOND = {
    "certificate": "My knee will keep me at home this week. As of which day away do you want to see a doctor's "
    "certificate?",
    "hours": "My bank asks for my weekly hours; I am employed full time. What is the number?",
    "remote": "My manager is fine with it: how many days of the week can I spend in my study at home?",
    "training": "I am planning my courses. How much may I spend on training this calendar year?",
    "on-call": "What do I get, as a flat sum, for a weekend on call on which nobody rang?",
    "hotel": "What is the most that I may spend on a hotel room per night?",
    "full-day": "I was with a customer from Monday to Friday. What is the meal allowance for the Wednesday?",
    "car": "Please tell me the rate per kilometre for business journeys in my own car.",
    "ticket": "I am buying a season ticket for the tram. How much per month does the company add?",
    "password": "The computer wants a new password from me. What is the least number of characters?",
    "leave": "I work full time, all year. To how many days of annual leave does that entitle me?",
    "gift": "May I keep a pen from a supplier? I mean: up to what value per year are gifts of one partner "
    "fine?",
}
"""The same questions as somebody else would put them; these rules differ between sites."""


@dataclass(frozen=True)
class Silent:
    """A question that the handbook leaves open, with the rule in it that comes nearest."""

    near: str
    unit: str
    question: str


SILENT = (
    Silent("birth", "working days",
           "My husband and I are adopting a child. How many days of paid special leave do we each get for "
           "an adoption?"),
    Silent("car", "EUR per km",
           "I visit customers in town on my own bicycle. What does the company pay per kilometre by "
           "bicycle?"),
    Silent("remote", "days per year",
           "I would like to work from my parents' place in another country now and then. On how many days a year "
           "may I work from abroad?"),
    Silent("loss", "EUR",
           "My private phone broke during a visit to a customer. Up to what amount does the company pay for "
           "it?"),
    Silent("ticket", "EUR per month",
           "I rent a parking space near the office. What does the company pay per month towards it?"),
    Silent("jubilee", "EUR",
           "I will soon have been with the company for 25 years. How much is the jubilee bonus for that?"),
)  # fmt: skip

DOCUMENTS = {
    "HR-01": ("Recruiting", "People team", (
        ("Vacancies", ("Vacancies are advertised in-house for a week before they are published elsewhere.",
                       "@interview")),
        ("Recommendations", ("Recommendations go to the People team by mail, with the candidate's consent.",
                             "@referral", "Members of the management receive no bonus.")))),
    "HR-02": ("Probation and notice", "People team", (
        ("Beginning", ("@probation", "Half-way through, manager and employee talk about how things are going.")),
        ("End", ("Notice is given in writing; a mail is not enough.", "@notice-probation", "@notice",
                 "Leave that is left over is taken before the last day wherever possible.")))),
    "HR-03": ("Annual leave", "People team", (
        ("Entitlement", ("@leave", "Part-time staff have leave in proportion to their days per week.")),
        ("Planning", ("Leave is entered in the calendar of the team and approved by the manager.",
                      "Longer holidays are agreed upon before the end of January.", "@carry")))),
    "HR-04": ("Special leave", "People team", (
        ("Occasions", ("@wedding", "@birth", "@bereavement")),
        ("How to take it", ("Special leave is taken within a month of the occasion.",
                            "Ask your manager, and tell the People team what it is for.")))),
    "HR-05": ("Illness", "People team", (
        ("Telling us", ("Whoever is ill calls the team before nine o'clock on the first day.", "@certificate")),
        ("Pay", ("For the statutory period pay goes on in full.", "@sick-pay")))),
    "HR-06": ("Parental leave", "People team", (
        ("Announcing it", ("@parental", "The announcement names the first and the last day.")),
        ("Coming back", ("@return", "Part-time work afterwards is possible in every team.")))),
    "HR-07": ("Working hours", "People team", (
        ("Hours", ("@hours", "Between ten and three o'clock teams make sure that somebody can be reached.")),
        ("Flexitime", ("Hours are entered by each employee, at the latest on the next day.", "@flexitime",
                       "What goes beyond that lapses unless it was ordered.")))),
    "HR-08": ("Working from home", "People team", (
        ("Days", ("@remote", "New colleagues come to the office during their first month.")),
        ("Equipment", ("Laptop and headset are provided.", "@desk", "The invoice goes to Finance.")))),
    "HR-09": ("Training", "People team", (
        ("Budget", ("@training", "What is not used lapses at the end of the year.")),
        ("Long courses", ("Courses of more than five days are agreed upon in writing.", "@payback")))),
    "HR-10": ("On-call duty", "Operations", (
        ("Rota", ("The rota is fixed four weeks ahead. Swaps are fine if both sides tell the shift lead.",)),
        ("Pay and rest", ("@on-call", "@rest")))),
    "HR-11": ("Anniversaries", "People team", (
        ("Bonus", ("@jubilee", "It is paid with the salary of the month of the anniversary.")),
        ("Celebration", ("Teams may close an hour early for a toast.",)))),
    "TR-01": ("Business travel", "Finance", (
        ("Booking", ("Journeys are booked through the travel desk.", "@first-class",
                     "Flights within the country are not booked.")),
        ("Staying", ("@hotel", "During trade fairs the travel desk may agree to more in writing.")))),
    "TR-02": ("Own vehicles", "Finance", (
        ("Rates", ("@car", "@motorcycle", "Parking and tolls are refunded against a receipt.")),
        ("Before you set out", ("A private vehicle is used where rail would take twice as long.",)))),
    "TR-03": ("Meals on business trips", "Finance", (
        ("Allowances", ("@full-day", "@part-day")),
        ("Meals provided", ("Meals that a host pays for are not deducted.",)))),
    "TR-04": ("Expense claims", "Finance", (
        ("Claims", ("@claim", "Claims that come later need the signature of the head of Finance.")),
        ("Receipts", ("Receipts are scanned; the paper may then be thrown away.", "@receipt")))),
    "FI-01": ("Purchasing", "Finance", (
        ("Approval", ("@order", "Orders must not be split to stay below a limit.")),
        ("Quotes", ("@quotes", "Reasons for the choice are noted on the order.")))),
    "FI-02": ("Gifts and invitations", "Legal", (
        ("Gifts", ("@gift", "Money is never accepted.")),
        ("Invitations", ("A business lunch is no gift. Anything with an overnight stay is asked about first.",)))),
    "IT-01": ("Passwords", "IT", (
        ("Choosing", ("@password", "Use the password manager, and no password twice.")),
        ("Locking", ("@attempts", "The service desk can unlock it earlier after a call back.")))),
    "IT-02": ("Devices", "IT", (
        ("Life", ("@laptop", "Old devices are wiped and given to schools.")),
        ("Loss", ("A loss is reported to the service desk on the same day.", "@loss")))),
    "IT-03": ("Keeping data", "IT", (
        ("Mail", ("@mailbox", "An automatic reply names the successor.")),
        ("Cameras", ("@camera",)))),
    "OP-01": ("Badges and visitors", "Facilities", (
        ("Badges", ("Badges are worn where they can be seen.", "@badge")),
        ("Visitors", ("@visitor", "They are fetched from reception and never left alone in the workshop.")))),
    "OP-02": ("Safety at work", "Facilities", (
        ("First aid", ("@first-aid", "Their names hang beside the lifts.")),
        ("Fire", ("@drill", "The assembly point is the car park.")))),
    "OP-03": ("Getting to work", "Facilities", (
        ("Public transport", ("@ticket", "Apply through the pay portal by the tenth of a month.")),
        ("Cars", ("Spaces on our car park are given out by lot every December.", "@charging")))),
}  # fmt: skip

FOLDERS = {"HR": "people", "TR": "travel", "FI": "finance", "IT": "it", "OP": "site", "AX": "annexes"}
SITES = ("Aarhus", "Bergamo", "Dundee", "Gdynia", "Leuven", "Linz", "Maribor", "Porto", "Tartu")
COMPANIES = ("Brandtweil Instruments", "Oskarlund Pumps", "Tessaly Optics", "Wendover Gauges")
STAFF = ("Amira Lindqvist", "Bartek Olszewski", "Carla Figueira", "Dorian Petrescu", "Elin Haugen", "Fergus Tait",
         "Giulia Moretti", "Hana Novotna", "Ivo Marinov", "Jana Kowal", "Kaspar Rebane", "Lotte Verhoeven",
         "Milan Horvat", "Nadia Rossi", "Oona Laine", "Pieter Claes")  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip

GUIDE = """# The staff handbook of {company}: how to read it

Sites: {sites}. {head} is the head office.

1. Every document has a number, a version, a status and the day on which it takes effect. The file names
   carry number and version. Earlier and later versions are kept here side by side.
2. Only approved documents bind anybody. A draft is there for comments, whatever date it bears.
3. An approved version is in force from the day on which it takes effect, that day included, until a later
   approved version of the same document takes effect. It then replaces the earlier one as a whole.
4. A site annex holds for the staff of its site and for nobody else. On the points that it lists it takes
   precedence over the general document, however new that one is. On all other points the general
   documents hold at that site too.
5. A week has seven calendar days.
6. What no document in force lays down, the handbook does not say. Rules for similar cases do not extend to
   it; the People team decides each such case by itself.
"""
