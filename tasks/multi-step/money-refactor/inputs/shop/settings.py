"""What operators set in settings.json. Amounts there are in major units, and stay so: people edit that file."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def load():
    """Return the settings, read anew each time, as they are changed while the shop runs."""
    return json.loads((ROOT / "settings.json").read_text("utf-8"))


def digits(currency):
    """Return how many decimals a currency has."""
    return load()["currencies"][currency]


def home():
    """Return the currency of the head office."""
    return load()["home"]
