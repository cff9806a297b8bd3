"""The way in for everybody: a request in, an answer out, both as in CONTRACTS.md."""

from contextlib import closing

from . import bank, cards, money, orders, quotes, receipts, refunds, reports, store


def split(db, request):
    """Divide an amount that nobody has stored."""
    currency = request["currency"]
    shares = money.split(float(request["amount"]), request["weights"], currency)
    return {"shares": [money.text(share, currency) for share in shares]}


OPS = {
    "order": orders.place,
    "show": orders.show,
    "search": orders.search,
    "refund": refunds.refund,
    "card_sell": cards.sell,
    "card": cards.show,
    "card_pay": cards.pay,
    "settle": bank.settle,
    "quote": quotes.quote,
    "accept": quotes.accept,
    "receipt": receipts.receipt,
    "report": reports.month,
    "split": split,
}


def handle(path, request):
    """Answer a request on the database at ``path``; what it writes is written when this returns."""
    with closing(store.connect(path)) as db:
        answer = OPS[request["op"]](db, request)
        db.commit()
    return answer
