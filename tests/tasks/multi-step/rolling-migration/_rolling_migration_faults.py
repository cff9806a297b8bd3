"""What somebody misses, and other right ways: name → the replacements in the oracle's program."""

Pairs = list[tuple[str, str]]

_BACKFILL = """            db.execute("BEGIN IMMEDIATE")
            rows = db.execute(
                f"SELECT id FROM {old} WHERE id >= ? AND id NOT IN (SELECT id FROM {new}) ORDER BY id LIMIT {SIZE}",
                (start,),
            ).fetchall()
            db.executemany(f"UPDATE {old} SET {column} = {column} WHERE id = ?", rows)
"""
_ROWS = """            @FIRST@
            rows = db.execute(
                f"SELECT * FROM {old} WHERE id NOT IN (SELECT id FROM {new}) ORDER BY id DESC LIMIT {SIZE}"
            ).fetchall()
            @THEN@
            db.execute("INSERT INTO mig_busy VALUES (1)")
            for row in rows:
                (person if new == "members" else purchase)(db, *row)
            for id, *_ in rows if new == "members" else ():
                db.execute(mails(id, "NULL"))
            db.execute("DELETE FROM mig_busy")
            rows = rows and [(LOWEST,)]
"""
_PERSON = """
def person(db, id, name, email, phone, street, zip, city, orders_n):
    place = tuple(part or "" for part in (street, zip, city))
    found = db.execute("SELECT id FROM addresses WHERE (street, zip, city) = (?, ?, ?)", place).fetchone()
    if not found and any(place):
        found = (db.execute("INSERT INTO addresses (street, zip, city) VALUES (?, ?, ?)", place).lastrowid,)
    db.execute(
        "INSERT INTO members VALUES (?, ?, NULL, ?, ?, ?, 0)"
        " ON CONFLICT DO UPDATE SET name = excluded.name, phone = excluded.phone",
        (id, name, email is not None, phone, found and found[0]),
    )
    db.execute("UPDATE purchases SET member_id = former, former = NULL WHERE former = ?", (id,))


def purchase(db, id, number, day, cents, note):
    known = db.execute("SELECT 1 FROM members WHERE id = ?", (number,)).fetchone()
    db.execute(
        "INSERT INTO purchases VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET day = excluded.day, cents = excluded.cents",
        (id, number if known else None, None if known else number, day, cents, note),
    )


def backfill(db):
"""


def _rows(first: str, then: str) -> Pairs:
    text = _ROWS.replace("@FIRST@", first).replace("@THEN@", then)
    return [(_BACKFILL, text), ("\ndef backfill(db):\n", _PERSON)]


_HERE = 'db.execute("BEGIN IMMEDIATE")'
BY_ROWS: Pairs = [
    *_rows(_HERE, "pass"),
    (
        '"UPDATE ON orders": ORDER,',
        '"UPDATE ON orders": ORDER.replace("WHERE NOT EXISTS (SELECT 1 FROM purchases WHERE id = NEW.id)", "WHERE 0"),',
    ),
    (
        "WHEN NOT EXISTS (SELECT 1 FROM mig_busy) BEGIN",
        "WHEN NOT EXISTS (SELECT 1 FROM mig_busy){more} BEGIN",
    ),
    (
        '        yield f"""CREATE',
        '        only = event.startswith("UPDATE") and "ON customers" in event\n'
        '        more = " AND EXISTS (SELECT 1 FROM members WHERE id = OLD.id)" if only else ""\n'
        '        yield f"""CREATE',
    ),
]
"""Rows carried by Python, from the highest number down; what is not moved yet is left to the backfill."""
BEGUN = """
def begun(db):
    return db.execute("SELECT moved >= 10 FROM mig_state").fetchone()[0]


def expand(db):"""
IN_STEPS: Pairs = [
    (
        '        at_once(db, SCHEMA + ";" + HELPERS + "".join(triggers()) + STATE)',
        '        for statement in SCHEMA.split(";") + HELPERS.split(";"):\n'
        '            db.execute(statement.replace(" TABLE ", " TABLE IF NOT EXISTS ")'
        '.replace(" VIEW ", " VIEW IF NOT EXISTS ").replace(" INDEX ", " INDEX IF NOT EXISTS "))\n'
        '        at_once(db, "".join(triggers()) + STATE)',
    ),
    (
        "    at_once(db, script)\n\n\ndef main",
        '    last = ("mig_state", "customers")\n'
        '    first = [one for one in script.split(";") if one.startswith("DROP trigger")]\n'
        '    rest = [one for one in script.split(";") if one and one not in first]\n'
        "    ends = [one for one in rest if any(f'\"{name}\"' in one for name in last)]\n"
        "    rest.sort(key=lambda one: [f'\"{name}\"' in one for name in reversed(TABLES)])\n"
        '    at_once(db, ("UPDATE mig_state SET moved = 10;" if kept("members") else "") + ";".join(first) + ";")\n'
        "    for one in rest:\n"
        '        db.execute(one if one not in ends else "")\n'
        '    at_once(db, ";".join(ends) + ";")\n\n\ndef main',
    ),
    (
        "    db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)\n",
        "    db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)\n"
        '    db.execute("PRAGMA journal_mode = WAL")\n',
    ),
    (
        '    if phase == "expand":',
        '    if phase == "rollback" and expanded and begun(db):\n        return 3\n    if phase == "expand":',
    ),
    ("\ndef expand(db):", BEGUN),
    (
        "            ).fetchall()\n            db.executemany",
        "            ).fetchall()[:1]\n            db.executemany",
    ),
]
"""One row a transaction, write-ahead log, and tables made and dropped one by one where that does no harm."""

FAULTS: dict[str, Pairs] = {
    "reads_first": _rows("pass", _HERE),
    "one_by_one": [
        (
            '        at_once(db, SCHEMA + ";" + HELPERS + "".join(triggers()) + STATE)',
            '        db.executescript(SCHEMA + ";" + HELPERS + "".join(triggers()) + STATE)',
        ),
    ],
    "first_comer": [
        (
            "    UPDATE members SET email = NULL WHERE id IN mig_who;",
            "    UPDATE members SET email = NULL WHERE id IN mig_who AND NOT EXISTS (\n"
            "        SELECT 1 FROM mig_mail v WHERE v.id = members.id AND NOT v.waits AND v.mail = members.email);",
        ),
        (
            "WHERE lower(trim(d.email)) = lower(trim(c.email)) AND d.id < c.id",
            "WHERE lower(trim(d.email)) = lower(trim(c.email)) AND d.id <> c.id"
            " AND (n.email = lower(trim(c.email)) OR d.id < c.id AND m.email IS NOT lower(trim(c.email)))",
        ),
    ],
    "v2_does_not_release": [
        (
            '    "DELETE ON members": "DELETE FROM customers WHERE id = OLD.id;" + mails("OLD.id", "OLD.email"),',
            '    "DELETE ON members": "DELETE FROM customers WHERE id = OLD.id;",',
        ),
    ],
    "imports_anew": [
        (
            '    "INSERT ON customers": CARD,',
            '    "INSERT ON customers": "UPDATE members SET points = 0 WHERE id = NEW.id;" + CARD,',
        ),
    ],
    "not_equal": [
        ("(OLD.email IS NOT NEW.email OR OLD.asked", "(OLD.email <> NEW.email OR OLD.asked"),
    ],
    "notes_who_moved": [
        (
            "CREATE TABLE mig_busy (busy INTEGER);",
            "CREATE TABLE mig_moved (id INTEGER PRIMARY KEY REFERENCES customers (id)\n"
            "    ON DELETE CASCADE ON UPDATE CASCADE);\nCREATE TABLE mig_busy (busy INTEGER);",
        ),
        (
            "    INSERT INTO members (id, name, asked)",
            "    INSERT INTO mig_moved SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM mig_moved WHERE id = NEW.id);\n"
            "    INSERT INTO members (id, name, asked)",
        ),
    ],
    "does_not_count": [
        (
            "    UPDATE customers SET orders_n = (SELECT count(*) FROM orders WHERE customer_id = customers.id)\n"
            "        WHERE id IN (OLD.member_id, OLD.former, NEW.member_id, NEW.former);\n",
            "",
        ),
        (
            "    UPDATE customers SET orders_n = (SELECT count(*) FROM orders WHERE customer_id = NEW.id)\n"
            "        WHERE id = NEW.id AND orders_n <> (SELECT count(*) FROM orders WHERE customer_id = NEW.id);\n",
            "",
        ),
    ],
    "moves_house": [
        (
            "RENUMBER + CARD,",
            '"""\n    UPDATE addresses SET street = NEW.street, zip = NEW.zip, city = NEW.city\n'
            "        WHERE id = (SELECT address_id FROM members WHERE id = NEW.id)\n"
            "        AND (SELECT count(*) FROM members WHERE address_id = addresses.id) = 1\n"
            "        AND NEW.street || NEW.zip || NEW.city <> ''\n"
            "        AND NOT EXISTS (SELECT 1 FROM addresses\n"
            "            WHERE (street, zip, city) = (NEW.street, NEW.zip, NEW.city));\n"
            '""" + RENUMBER + CARD,',
        ),
    ],
    "all_at_once": [("LIMIT {SIZE}", "LIMIT 100000")],
    "remembers": [
        ('"UPDATE mig_state SET moved = 1 WHERE moved = 0"', '"PRAGMA user_version = 1"'),
        ('"SELECT moved FROM mig_state"', '"PRAGMA user_version"'),
    ],
    "drops_all_triggers": [
        (
            'drop(db, lambda name: name not in TABLES and not name.startswith("mig_"))',
            'drop(db, lambda name: name not in TABLES and not name.startswith(("mig_", "order_")))',
        ),
    ],
    "leaves_its_state": [
        ("drop(db, lambda name: name in TABLES)", 'drop(db, lambda name: name in (*TABLES, "mig_state"))'),
    ],
    "renumbers_anew": [
        (
            "    UPDATE members SET id = NEW.id WHERE id = OLD.id AND OLD.id <> NEW.id;",
            "    UPDATE members SET id = NEW.id, points = 0 WHERE id = OLD.id AND OLD.id <> NEW.id;",
        ),
    ],
    "settles_for_all": [
        (
            "    DELETE FROM conflicts WHERE member_id IN mig_who;\n    INSERT INTO",
            "    DELETE FROM conflicts WHERE member_id IN mig_who\n"
            "        AND NOT EXISTS (SELECT 1 FROM mig_mail v WHERE v.id = member_id AND v.waits);\n"
            "    INSERT OR IGNORE INTO",
        ),
    ],
}


def replaced(program: str, pairs: Pairs) -> str:
    """Return the program with these pieces replaced, each of which must be in it exactly once."""
    for old, new in pairs:
        if program.count(old) != 1:
            raise ValueError(f"{old!r} is {program.count(old)} times in the program")
        program = program.replace(old, new)
    return program
