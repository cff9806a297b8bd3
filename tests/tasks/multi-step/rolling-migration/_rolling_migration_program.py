"""The migrate.py that the oracle delivers; SIZE and SCHEMA stand for what PLAN.md and schema_v2.sql say."""

PROGRAM = '''
"""Moves a shop from version 1 to version 2. A busy flag keeps triggers from answering each other."""
import sqlite3
import sys

SIZE = @SIZE@
SCHEMA = """@SCHEMA@"""
TABLES = ("purchases", "conflicts", "members", "addresses")

HELPERS = """
CREATE TABLE mig_busy (busy INTEGER);
CREATE TABLE mig_share (turn INTEGER NOT NULL);
INSERT INTO mig_share VALUES (0);
CREATE INDEX mig_key ON customers (lower(trim(email)));
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
    UPDATE members SET email = NULL WHERE email IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM mig_mail v WHERE v.id = members.id AND NOT v.waits AND v.mail = members.email);
    UPDATE members SET
        email = (SELECT iif(v.waits, NULL, v.mail) FROM mig_mail v WHERE v.id = members.id),
        asked = (SELECT v.asked FROM mig_mail v WHERE v.id = members.id)
    WHERE EXISTS (SELECT 1 FROM mig_mail v WHERE v.id = members.id
        AND (members.email IS NOT iif(v.waits, NULL, v.mail) OR members.asked <> v.asked));
    DELETE FROM conflicts WHERE member_id NOT IN (SELECT id FROM mig_mail WHERE waits);
    UPDATE conflicts SET email = (SELECT text FROM mig_mail v WHERE v.id = member_id)
        WHERE email <> (SELECT text FROM mig_mail v WHERE v.id = member_id);
    INSERT INTO conflicts SELECT id, text FROM mig_mail
        WHERE waits AND id NOT IN (SELECT member_id FROM conflicts);
"""
MAILS = "    UPDATE mig_share SET turn = turn + 1;"
PRUNE = """
    DELETE FROM addresses WHERE id NOT IN (SELECT address_id FROM members WHERE address_id IS NOT NULL);
"""
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
""" + PRUNE + MAILS
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
    "DELETE ON customers": LEFT + "    DELETE FROM members WHERE id = OLD.id;" + PRUNE + MAILS,
    "INSERT ON orders": ORDER,
    "UPDATE ON orders": ORDER,
    "DELETE ON orders": "DELETE FROM purchases WHERE id = OLD.id;",
    "INSERT ON members": f"""
    INSERT INTO customers VALUES (NEW.id, NEW.name, {TEXT}, NEW.phone, {STREET}, {ZIP}, {CITY},
        (SELECT count(*) FROM orders WHERE customer_id = NEW.id));
""" + MAILS,
    "UPDATE OF name, email, asked, phone, address_id ON members": f"""
    UPDATE customers SET name = NEW.name, phone = NEW.phone WHERE id = NEW.id;
    UPDATE customers SET email = {TEXT}
        WHERE id = NEW.id AND (OLD.email IS NOT NEW.email OR OLD.asked <> NEW.asked);
    UPDATE customers SET street = {STREET}, zip = {ZIP}, city = {CITY}
        WHERE id = NEW.id AND OLD.address_id IS NOT NEW.address_id;
""" + MAILS,
    "DELETE ON members": "DELETE FROM customers WHERE id = OLD.id;" + MAILS,
    "UPDATE OF street, zip, city ON addresses": """
    UPDATE customers SET street = NEW.street, zip = NEW.zip, city = NEW.city
        WHERE (OLD.street, OLD.zip, OLD.city) <> (NEW.street, NEW.zip, NEW.city)
        AND id IN (SELECT id FROM members WHERE address_id = NEW.id);
""",
    "DELETE ON conflicts": """
    UPDATE customers SET email = '' WHERE id = OLD.member_id
        AND EXISTS (SELECT 1 FROM members WHERE id = OLD.member_id AND email IS NULL AND asked);
""" + MAILS,
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
    yield f"CREATE TRIGGER mig_share_out AFTER UPDATE ON mig_share BEGIN {SHARE} END;"
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
        while True:
            db.execute("BEGIN IMMEDIATE")
            rows = db.execute(
                f"SELECT id FROM {old} WHERE id NOT IN (SELECT id FROM {new}) ORDER BY id LIMIT {SIZE}"
            ).fetchall()
            db.executemany(f"UPDATE {old} SET {column} = {column} WHERE id = ?", rows)
            if not rows and new == "purchases":
                db.execute("UPDATE mig_state SET moved = 1 WHERE moved = 0")
            db.execute("COMMIT")
            if not rows:
                break


def drop(db, kept):
    script = ""
    for kind in ("trigger", "view", "index", "table"):
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", (kind,)):
            script += "" if kept(name) else f'DROP {kind} IF EXISTS "{name}";'
    at_once(db, script)


def main():
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    phase = sys.argv[2]
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
