"""The migrate.py that the oracle delivers; SIZE and SCHEMA stand for what PLAN.md and schema_v2.sql say."""

PROGRAM = '''
"""Moves a shop from version 1 to version 2. A busy flag keeps triggers from answering each other."""
import sqlite3
import sys

SIZE = @SIZE@
LOWEST = -(2**63)
SCHEMA = """@SCHEMA@"""
TABLES = ("purchases", "conflicts", "members", "addresses")

HELPERS = """
CREATE TABLE mig_busy (busy INTEGER);
CREATE TABLE mig_share (id INTEGER, mail TEXT, old TEXT);
CREATE TABLE mig_who (id INTEGER PRIMARY KEY);
CREATE INDEX mig_key ON customers (lower(trim(email)));
CREATE INDEX mig_bears ON orders (customer_id);
CREATE INDEX mig_lives ON members (address_id);
CREATE INDEX mig_former ON purchases (former);
CREATE VIEW mig_mail AS
    SELECT c.id, c.email AS text, nullif(lower(trim(c.email)), '') AS mail, c.email IS NOT NULL AS asked,
        trim(c.email) <> '' AND EXISTS (
            SELECT 1 FROM customers d JOIN members n ON n.id = d.id
            WHERE lower(trim(d.email)) = lower(trim(c.email)) AND d.id < c.id
        ) AS waits
    FROM customers c JOIN members m ON m.id = c.id;
"""

STATE = "CREATE TABLE mig_state (moved INTEGER NOT NULL); INSERT INTO mig_state VALUES (0);"

SHARE = """
    INSERT INTO mig_who SELECT NEW.id UNION SELECT id FROM customers WHERE lower(trim(email)) IN (NEW.mail, NEW.old);
    UPDATE members SET email = NULL WHERE id IN mig_who;
    UPDATE members SET (email, asked) =
        (SELECT iif(v.waits, NULL, v.mail), v.asked FROM mig_mail v WHERE v.id = members.id)
        WHERE id IN mig_who;
    DELETE FROM conflicts WHERE member_id IN mig_who;
    INSERT INTO conflicts SELECT id, text FROM mig_mail WHERE id IN mig_who AND waits;
    DELETE FROM mig_who;
    DELETE FROM mig_share;
"""


def mails(id, old):
    """Share out anew the email that a customer has now and the one given up."""
    key = f"(SELECT nullif(lower(trim(email)), '') FROM customers WHERE id = {id})"
    return f"    INSERT INTO mig_share VALUES ({id}, {key}, {old});"


PRUNE = """CREATE TRIGGER mig_{} AFTER {} ON members WHEN EXISTS (SELECT 1 FROM mig_busy) BEGIN
    DELETE FROM addresses WHERE id = OLD.address_id
        AND NOT EXISTS (SELECT 1 FROM members WHERE address_id = OLD.address_id);
END;"""
CARD = """
    INSERT INTO members (id, name, asked) SELECT NEW.id, NEW.name, 1
        WHERE NOT EXISTS (SELECT 1 FROM members WHERE id = NEW.id);
    UPDATE members SET name = NEW.name, phone = NEW.phone WHERE id = NEW.id;
    INSERT INTO addresses (street, zip, city)
        SELECT coalesce(NEW.street, ''), coalesce(NEW.zip, ''), coalesce(NEW.city, '')
        WHERE coalesce(NEW.street, '') || coalesce(NEW.zip, '') || coalesce(NEW.city, '') <> ''
        AND NOT EXISTS (SELECT 1 FROM addresses WHERE street = coalesce(NEW.street, '')
            AND zip = coalesce(NEW.zip, '') AND city = coalesce(NEW.city, ''));
    UPDATE members SET address_id = (SELECT id FROM addresses WHERE street = coalesce(NEW.street, '')
        AND zip = coalesce(NEW.zip, '') AND city = coalesce(NEW.city, '')) WHERE id = NEW.id;
    UPDATE purchases SET member_id = former, former = NULL WHERE former = NEW.id;
    UPDATE customers SET orders_n = (SELECT count(*) FROM orders WHERE customer_id = NEW.id)
        WHERE id = NEW.id AND orders_n <> (SELECT count(*) FROM orders WHERE customer_id = NEW.id);
""" + mails("NEW.id", "(SELECT email FROM members WHERE id = NEW.id)")
LEFT = """
    DELETE FROM conflicts WHERE member_id = OLD.id;
    UPDATE purchases SET former = member_id, member_id = NULL WHERE member_id = OLD.id;
"""
RENUMBER = """
    DELETE FROM conflicts WHERE member_id = OLD.id AND OLD.id <> NEW.id;
    UPDATE purchases SET former = member_id, member_id = NULL WHERE member_id = OLD.id AND OLD.id <> NEW.id;
    UPDATE members SET id = NEW.id WHERE id = OLD.id AND OLD.id <> NEW.id;
"""
ORDER = """
    INSERT INTO purchases (id, former, day, cents) SELECT NEW.id, NEW.customer_id, NEW.day, NEW.cents
        WHERE NOT EXISTS (SELECT 1 FROM purchases WHERE id = NEW.id);
    UPDATE purchases SET day = NEW.day, cents = NEW.cents, note = NEW.note,
        member_id = (SELECT id FROM members WHERE id = NEW.customer_id),
        former = iif(EXISTS (SELECT 1 FROM members WHERE id = NEW.customer_id), NULL, NEW.customer_id)
    WHERE id = NEW.id;
"""
TEXT = "coalesce(NEW.email, iif(NEW.asked, '', NULL))"
STREET, ZIP, CITY = (
    f"coalesce((SELECT {part} FROM addresses WHERE id = NEW.address_id), '')" for part in ("street", "zip", "city")
)

TRIGGERS = {
    "INSERT ON customers": CARD,
    "UPDATE OF id, name, email, phone, street, zip, city ON customers": RENUMBER + CARD,
    "DELETE ON customers": LEFT
    + "    DELETE FROM members WHERE id = OLD.id;"
    + mails("OLD.id", "nullif(lower(trim(OLD.email)), '')"),
    "INSERT ON orders": ORDER,
    "UPDATE ON orders": ORDER,
    "DELETE ON orders": "DELETE FROM purchases WHERE id = OLD.id;",
    "INSERT ON members": f"""
    INSERT INTO customers VALUES (NEW.id, NEW.name, {TEXT}, NEW.phone, {STREET}, {ZIP}, {CITY},
        (SELECT count(*) FROM orders WHERE customer_id = NEW.id));
""" + mails("NEW.id", "NULL"),
    "UPDATE OF name, email, asked, phone, address_id ON members": f"""
    UPDATE customers SET name = NEW.name, phone = NEW.phone WHERE id = NEW.id;
    UPDATE customers SET email = {TEXT}
        WHERE id = NEW.id AND (OLD.email IS NOT NEW.email OR OLD.asked <> NEW.asked);
    UPDATE customers SET street = {STREET}, zip = {ZIP}, city = {CITY}
        WHERE id = NEW.id AND OLD.address_id IS NOT NEW.address_id;
""" + mails("NEW.id", "OLD.email"),
    "DELETE ON members": "DELETE FROM customers WHERE id = OLD.id;" + mails("OLD.id", "OLD.email"),
    "UPDATE OF street, zip, city ON addresses": """
    UPDATE customers SET street = NEW.street, zip = NEW.zip, city = NEW.city
        WHERE (OLD.street, OLD.zip, OLD.city) <> (NEW.street, NEW.zip, NEW.city)
        AND id IN (SELECT id FROM members WHERE address_id = NEW.id);
""",
    "DELETE ON conflicts": """
    UPDATE customers SET email = '' WHERE id = OLD.member_id
        AND EXISTS (SELECT 1 FROM members WHERE id = OLD.member_id AND email IS NULL AND asked);
""" + mails("OLD.member_id", "NULL"),
    "INSERT ON purchases": """
    INSERT INTO orders VALUES (NEW.id, coalesce(NEW.member_id, NEW.former), NEW.day, NEW.cents, NEW.note);
""",
    "UPDATE ON purchases": """
    UPDATE orders SET customer_id = coalesce(NEW.member_id, NEW.former), day = NEW.day, cents = NEW.cents,
        note = NEW.note WHERE id = NEW.id;
    UPDATE customers SET orders_n = (SELECT count(*) FROM orders WHERE customer_id = customers.id)
        WHERE id IN (OLD.member_id, OLD.former, NEW.member_id, NEW.former);
""",
    "DELETE ON purchases": "DELETE FROM orders WHERE id = OLD.id;",
}


def triggers():
    yield f"CREATE TRIGGER mig_share_out AFTER INSERT ON mig_share BEGIN {SHARE} END;"
    yield PRUNE.format("moved", "UPDATE OF address_id") + PRUNE.format("gone", "DELETE")
    for number, (event, body) in enumerate(TRIGGERS.items()):
        yield f"""CREATE TRIGGER mig_{number} AFTER {event} WHEN NOT EXISTS (SELECT 1 FROM mig_busy) BEGIN
    INSERT INTO mig_busy VALUES (1);
{body}
    DELETE FROM mig_busy;
END;"""


def has(db, name):
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def at_once(db, script):
    db.executescript("BEGIN IMMEDIATE;" + script + "COMMIT;")


def expand(db):
    if not has(db, "mig_state"):
        at_once(db, SCHEMA + ";" + HELPERS + "".join(triggers()) + STATE)


def backfill(db):
    for old, new, column in (("customers", "members", "name"), ("orders", "purchases", "day")):
        start = LOWEST
        while True:
            db.execute("BEGIN IMMEDIATE")
            rows = db.execute(
                f"SELECT id FROM {old} WHERE id >= ? AND id NOT IN (SELECT id FROM {new}) ORDER BY id LIMIT {SIZE}",
                (start,),
            ).fetchall()
            db.executemany(f"UPDATE {old} SET {column} = {column} WHERE id = ?", rows)
            ended = not rows and start == LOWEST
            if ended and new == "purchases":
                db.execute("UPDATE mig_state SET moved = 1 WHERE moved = 0")
            db.execute("COMMIT")
            if ended:
                break
            start = rows[-1][0] if rows else LOWEST


def drop(db, kept):
    script = ""
    for kind in ("trigger", "view", "index", "table"):
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", (kind,)):
            script += "" if kept(name) else f'DROP {kind} IF EXISTS "{name}";'
    at_once(db, script)


def main():
    phase = sys.argv[2]
    if phase not in ("expand", "backfill", "contract", "rollback"):
        return 3
    db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
    if not has(db, "customers"):
        return 0 if phase == "contract" else 3
    expanded = has(db, "mig_state")
    if phase == "expand":
        expand(db)
    elif phase == "rollback":
        if expanded:
            drop(db, lambda name: name not in TABLES and not name.startswith("mig_"))
    elif not expanded:
        return 3
    elif phase == "backfill":
        backfill(db)
    elif not db.execute("SELECT moved FROM mig_state").fetchone()[0]:
        return 3
    else:
        drop(db, lambda name: name in TABLES)
    return 0


sys.exit(main())
'''
