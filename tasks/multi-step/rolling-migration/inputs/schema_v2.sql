CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    street TEXT NOT NULL,
    zip TEXT NOT NULL,
    city TEXT NOT NULL,
    hint TEXT,
    UNIQUE (street, zip, city)
);

CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    asked INTEGER NOT NULL CHECK (asked IN (0, 1)),
    phone TEXT,
    address_id INTEGER REFERENCES addresses (id),
    points INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE conflicts (
    member_id INTEGER PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    email TEXT NOT NULL
);

CREATE TABLE purchases (
    id INTEGER PRIMARY KEY,
    member_id INTEGER REFERENCES members (id),
    former INTEGER,
    day TEXT NOT NULL,
    cents INTEGER NOT NULL,
    note TEXT,
    CHECK ((member_id IS NULL) <> (former IS NULL))
);
