"""Amounts of money: reading, rounding, printing, dividing."""

from .settings import digits


def rounded(value, currency):
    """Return an amount rounded to the currency's decimals; a half goes away from zero."""
    return round(value, digits(currency))


def from_till(text):
    """Return the number that a till has printed: the comma is for decimals, a dot for thousands, always."""
    return float(text.replace(".", "").replace(",", "."))


def stored(value):
    """Return an amount as it lies in an old database or an old quote.

    Tills wrote text, other programs numbers. Nothing, or an empty text, is no amount (None).
    """
    if isinstance(value, str):
        return from_till(value) if value.strip() else None
    return value


def text(value, currency):
    """Return an amount as text: point, all decimals of the currency, minus in front."""
    return f"{value:.{digits(currency)}f}"


def split(amount, weights, currency):
    """Divide an amount so that nothing is lost.

    Each share is cut (toward zero) to the currency's decimals; the units left over go, one each, to the shares that
    lost most by cutting, of equal ones to the earlier. A weight of 0 gets nothing; where all are 0, all count as 1.
    A negative amount is divided like its opposite.
    """
    if amount < 0:
        return [-share for share in split(-amount, weights, currency)]
    if not sum(weights):
        weights = [1] * len(weights)
    unit = 10 ** digits(currency)
    exact = [amount * unit * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    left = round(amount * unit) - sum(shares)
    for place in sorted(range(len(weights)), key=lambda n: shares[n] - exact[n])[:left]:
        shares[place] += 1
    return [share / unit for share in shares]
