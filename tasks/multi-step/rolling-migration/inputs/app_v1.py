"""The shop, version 1. Every function takes an open connection; what changes something returns "ok" or why not."""

import sqlite3

SCHEMA = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    street TEXT,
    zip TEXT,
    city TEXT,
    orders_n INTEGER NOT NULL
);
CREATE INDEX customers_by_city ON customers (city);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    cents INTEGER NOT NULL,
    note TEXT
);
CREATE TRIGGER order_added AFTER INSERT ON orders BEGIN
    UPDATE customers SET orders_n = orders_n + 1 WHERE id = NEW.customer_id;
END;
CREATE TRIGGER order_gone AFTER DELETE ON orders BEGIN
    UPDATE customers SET orders_n = orders_n - 1 WHERE id = OLD.customer_id;
END;
"""
CARD = ("name", "email", "phone", "street", "zip", "city")
COUNT = "(SELECT count(*) FROM orders WHERE customer_id = ?)"


def open_db(path):
    """Open the shop's database."""
    return sqlite3.connect(path)


def add_customer(db, id, *card):
    """Take a new customer on; the card is name, email, phone, street, zip, city."""
    if customer(db, id):
        return "exists"
    with db:
        db.execute(f"INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, {COUNT})", (id, *card, id))
    return "ok"


def import_customer(db, id, *card):
    """Take a card over from the till, which sends new customers and, again, those whose card has changed."""
    with db:
        db.execute(f"INSERT OR REPLACE INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, {COUNT})", (id, *card, id))
    return "ok"


def change_customer(db, id, changes):
    """Change some fields of a card."""
    row = customer(db, id)
    if not row:
        return "unknown"
    card = [changes.get(field, value) for field, value in zip(CARD, row[1:7], strict=True)]
    with db:
        db.execute(
            "UPDATE customers SET name = ?, email = ?, phone = ?, street = ?, zip = ?, city = ? WHERE id = ?",
            (*card, id),
        )
    return "ok"


def renumber_customer(db, old, new):
    """Give a customer, and the orders that bear the old number, another number."""
    if customer(db, new):
        return "exists"
    if not customer(db, old):
        return "unknown"
    with db:
        db.execute("UPDATE orders SET customer_id = ? WHERE customer_id = ?", (new, old))
        db.execute(f"UPDATE customers SET id = ?, orders_n = {COUNT} WHERE id = ?", (new, new, old))
    return "ok"


def rename_city(db, old, new):
    """Rename a city in all cards."""
    with db:
        db.execute("UPDATE customers SET city = ? WHERE city = ?", (new, old))
    return "ok"


def delete_customer(db, id):
    """Delete a customer; the orders stay, for the books."""
    with db:
        gone = db.execute("DELETE FROM customers WHERE id = ?", (id,)).rowcount
    return "ok" if gone else "unknown"


def place_order(db, id, customer_id, day, cents, note):
    """Take an order, be the customer known or not."""
    if db.execute("SELECT 1 FROM orders WHERE id = ?", (id,)).fetchone():
        return "exists"
    with db:
        db.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", (id, customer_id, day, cents, note))
    return "ok"


def change_order(db, id, day, cents, note):
    """Change an order."""
    with db:
        found = db.execute(
            "UPDATE orders SET day = ?, cents = ?, note = ? WHERE id = ?", (day, cents, note, id)
        ).rowcount
    return "ok" if found else "unknown"


def cancel_order(db, id):
    """Delete an order."""
    with db:
        gone = db.execute("DELETE FROM orders WHERE id = ?", (id,)).rowcount
    return "ok" if gone else "unknown"


def customer(db, id):
    """Return the row of a customer, or None."""
    return db.execute("SELECT * FROM customers WHERE id = ?", (id,)).fetchone()


def customers(db):
    """Return the rows of all customers."""
    return db.execute("SELECT * FROM customers ORDER BY id").fetchall()


def orders(db):
    """Return the rows of all orders."""
    return db.execute("SELECT * FROM orders ORDER BY id").fetchall()
