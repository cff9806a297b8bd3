"""What differs between manifests, as ``(file, JSON Pointer) → (old, new)`` over single values."""

ABSENT = "\0absent"
MAX_DEPTH = 40


def leaves(value, pointer=""):
    """Return pointer → value of every scalar and empty container; raises ValueError if nested too deeply."""
    if pointer.count("/") > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict) and value:
        inner = [(str(key).replace("~", "~0").replace("/", "~1"), one) for key, one in value.items()]
    elif isinstance(value, list) and value:
        inner = list(enumerate(value))
    else:
        return {pointer: _atom(value)}
    found = {}
    for key, one in inner:
        found |= leaves(one, f"{pointer}/{key}")
    return found


def _atom(value):
    """Return a scalar in a form that compares by type and value; 1 is not true, and NaN equals itself."""
    if isinstance(value, (dict, list)):
        return ("empty", "{}" if isinstance(value, dict) else "[]")
    if value is None or isinstance(value, bool):
        return ("word", str(value).lower())
    return ("text" if isinstance(value, str) else "number", str(value))


def difference(before, after):
    """Return (file, pointer) → (old, new) of all values that differ between two sets of ``file → object``."""
    found = {}
    for file in sorted(before.keys() | after.keys()):
        old, new = (leaves(side[file]) if file in side else {} for side in (before, after))
        for pointer in sorted(old.keys() | new.keys()):
            pair = old.get(pointer, ABSENT), new.get(pointer, ABSENT)
            if pair[0] != pair[1]:
                found[file, pointer] = pair
    return found


def claimed(entries):
    """Return the difference that entries ``(file, path, old, new)`` state; None stands for what is absent."""
    found = {}
    for file, path, old, new in entries:
        sides = [{} if value is None else leaves(value, path) for value in (old, new)]
        for pointer in sorted(sides[0].keys() | sides[1].keys()):
            pair = sides[0].get(pointer, ABSENT), sides[1].get(pointer, ABSENT)
            if _loose(pair[0]) != _loose(pair[1]):
                found[file, pointer] = pair
    return found


def same(real, stated):
    """Return the places where what is stated is not what is real, whatever the spelling of scalars."""
    return sorted(
        place
        for place in real.keys() | stated.keys()
        if [_loose(one) for one in real.get(place, ())] != [_loose(one) for one in stated.get(place, ())]
    )


def _loose(atom):
    return atom if atom == ABSENT else atom[1]
