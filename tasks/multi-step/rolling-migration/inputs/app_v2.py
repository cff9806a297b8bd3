"""The shop, version 2, on the tables of schema_v2.sql. What changes something returns "ok" or why not."""

import sqlite3

SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def open_db(path):
    """Open the shop's database."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA recursive_triggers = ON")
    return db


def register(db, id, name, email, phone, street, zip, city):
    """Take a new member on; email None: not asked, '': has none."""
    if _member(db, id):
        return "exists"
    mail = _mail(email)
    if _taken(db, id, mail):
        return "taken"
    with db:
        place = _place(db, street, zip, city)
        db.execute(
            "INSERT INTO members (id, name, email, asked, phone, address_id) VALUES (?, ?, ?, ?, ?, ?)",
            (id, name, mail, int(email is not None), phone, place),
        )
        db.execute("UPDATE purchases SET member_id = former, former = NULL WHERE former = ?", (id,))
    return "ok"


def save(db, id, changes):
    """Change name or phone of a member."""
    return _write(db, id, changes)


def add_points(db, id, points):
    """Give a member points."""
    with db:
        found = db.execute("UPDATE members SET points = points + ? WHERE id = ?", (points, id)).rowcount
    return "ok" if found else "unknown"


def set_email(db, id, email):
    """Give a member an email, which also settles a conflict."""
    mail = _mail(email)
    if _taken(db, id, mail):
        return "taken"
    return _write(db, id, {"email": mail, "asked": 1}, settle=True)


def clear_email(db, id):
    """Note that a member has no email, or gives up the one in conflict."""
    return _write(db, id, {"email": None, "asked": 1}, settle=True)


def forget_email(db, id):
    """Take a member's email away, as if we had never asked."""
    return _write(db, id, {"email": None, "asked": 0}, settle=True)


def move(db, id, street, zip, city):
    """Note that one member has moved; three times '' for nowhere."""
    row = _member(db, id)
    if not row:
        return "unknown"
    with db:
        place = _place(db, street, zip, city)
        db.execute("UPDATE members SET address_id = ? WHERE id = ?", (place, id))
        _tidy(db, row[5])
    return "ok"


def correct_address(db, id, street, zip, city):
    """Correct the address of a member for all who live there; if it then is another known one, the two become one."""
    row = _member(db, id)
    if not row or row[5] is None or not (street or zip or city):
        return "unknown"
    with db:
        other = _find(db, street, zip, city)
        if other in (None, row[5]):
            db.execute(
                "UPDATE addresses SET street = ?, zip = ?, city = ? WHERE id = ?", (street, zip, city, row[5])
            )
        else:
            hint = db.execute("SELECT hint FROM addresses WHERE id = ?", (row[5],)).fetchone()[0]
            db.execute("UPDATE members SET address_id = ? WHERE address_id = ?", (other, row[5]))
            db.execute("UPDATE addresses SET hint = coalesce(hint, ?) WHERE id = ?", (hint, other))
            _tidy(db, row[5])
    return "ok"


def set_hint(db, id, hint):
    """Note a hint for deliveries to the address of a member."""
    row = _member(db, id)
    if not row or row[5] is None:
        return "unknown"
    with db:
        db.execute("UPDATE addresses SET hint = ? WHERE id = ?", (hint, row[5]))
    return "ok"


def close(db, id):
    """Delete a member; the purchases stay, for the books."""
    row = _member(db, id)
    if not row:
        return "unknown"
    with db:
        db.execute("UPDATE purchases SET former = member_id, member_id = NULL WHERE member_id = ?", (id,))
        db.execute("DELETE FROM members WHERE id = ?", (id,))
        _tidy(db, row[5])
    return "ok"


def record(db, id, member_id, day, cents, note):
    """Take a purchase, or take it anew with what has changed."""
    if not _member(db, member_id):
        return "unknown"
    with db:
        db.execute(
            "INSERT INTO purchases VALUES (?, ?, NULL, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " member_id = excluded.member_id, former = NULL, day = excluded.day, cents = excluded.cents,"
            " note = excluded.note",
            (id, member_id, day, cents, note),
        )
    return "ok"


def reassign(db, id, member_id):
    """Give a purchase to another member, also one whose member is gone."""
    if not _member(db, member_id):
        return "unknown"
    with db:
        found = db.execute(
            "UPDATE purchases SET member_id = ?, former = NULL WHERE id = ?", (member_id, id)
        ).rowcount
    return "ok" if found else "unknown"


def void(db, id):
    """Delete a purchase."""
    with db:
        gone = db.execute("DELETE FROM purchases WHERE id = ?", (id,)).rowcount
    return "ok" if gone else "unknown"


def login(db, email):
    """Return the number of the member with this email, or None."""
    row = db.execute("SELECT id FROM members WHERE email = ?", (_mail(email),)).fetchone()
    return row and row[0]


def members(db):
    """Return all members: id, name, email, asked, phone, points."""
    return db.execute("SELECT id, name, email, asked, phone, points FROM members ORDER BY id").fetchall()


def homes(db):
    """Return all addresses: street, zip, city, hint, numbers of those who live there."""
    living = {}
    for place, id in db.execute("SELECT address_id, id FROM members ORDER BY id"):
        living.setdefault(place, []).append(id)
    rows = db.execute("SELECT id, street, zip, city, hint FROM addresses ORDER BY street, zip, city")
    return [(*row[1:], living.get(row[0], [])) for row in rows]


def conflicts(db):
    """Return whose email is still to be settled: number, email."""
    return db.execute("SELECT member_id, email FROM conflicts ORDER BY member_id").fetchall()


def purchases(db):
    """Return all purchases: id, member, former number, day, cents, note."""
    return db.execute("SELECT id, member_id, former, day, cents, note FROM purchases ORDER BY id").fetchall()


def _member(db, id):
    return db.execute(
        "SELECT id, name, email, asked, phone, address_id, points FROM members WHERE id = ?", (id,)
    ).fetchone()


def _write(db, id, changes, settle=False):
    row = _member(db, id)
    if not row:
        return "unknown"
    fields = ("name", "email", "asked", "phone", "address_id", "points")
    values = [changes.get(field, value) for field, value in zip(fields, row[1:], strict=True)]
    with db:
        db.execute(
            "UPDATE members SET name = ?, email = ?, asked = ?, phone = ?, address_id = ?, points = ? WHERE id = ?",
            (*values, id),
        )
        if settle:
            db.execute("DELETE FROM conflicts WHERE member_id = ?", (id,))
    return "ok"


def _mail(text):
    return (text or "").strip(" ").translate(SMALL) or None


def _taken(db, id, mail):
    return db.execute("SELECT 1 FROM members WHERE email = ? AND id <> ?", (mail, id)).fetchone()


def _find(db, street, zip, city):
    row = db.execute(
        "SELECT id FROM addresses WHERE street = ? AND zip = ? AND city = ?", (street, zip, city)
    ).fetchone()
    return row and row[0]


def _place(db, street, zip, city):
    if not (street or zip or city):
        return None
    row = (street, zip, city)
    return (
        _find(db, *row)
        or db.execute("INSERT INTO addresses (street, zip, city) VALUES (?, ?, ?)", row).lastrowid
    )


def _tidy(db, place):
    db.execute(
        "DELETE FROM addresses WHERE id = ? AND NOT EXISTS (SELECT 1 FROM members WHERE address_id = addresses.id)",
        (place,),
    )
