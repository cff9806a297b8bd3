"""The code on printed receipts, by which customers prove later that a receipt is genuine."""

from zlib import crc32

from .money import rounded, stored
from .store import order


def receipt(db, request):
    """Return the code of an order.

    It is made of number, currency and total, the total with as few decimals as it needs, but at least one. Receipts
    are in drawers everywhere: the code of an order never changes.
    """
    row = order(db, request["no"])
    total = float(rounded(stored(row["total"]), row["currency"]))
    told = "|".join([row["no"], row["currency"], str(total)])
    return {"code": f"{crc32(told.encode()):08x}"}
