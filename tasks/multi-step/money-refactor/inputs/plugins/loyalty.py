"""Loyalty credit: one percent of an order of 100 or more. Supplied by Bonuskreis; do not change."""


def credit(cart):
    return cart["sum"] * 0.01 if cart["sum"] >= 100 else None
