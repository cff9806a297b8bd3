"""The programs that the solutions deliver; TRIES, RATE, WALKS and GAP stand for what the workspace's api.md states."""

SYNC = '''
import http.client
import json
import os
import sqlite3
import sys
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit


BUSY = -1


class GiveUp(Exception):
    """The copy stays as it is."""


class StartAgain(Exception):
    """The pages walked so far are worthless."""


class Api:
    def __init__(self, url, token_file):
        self.host, self.token_file = urlsplit(url).netloc, token_file
        self.tokens = self.read_tokens()
        self.earliest, self.closed = 0.0, None
        self.connection = None

    def read_tokens(self):
        with open(self.token_file, encoding="utf-8") as file:
            return json.load(file)

    def send(self, path, payload=None):
        self.wait()
        headers, method, body = {"Authorization": "Bearer " + self.tokens["access_token"]}, "GET", None
        if payload is not None:
            headers, method, body = {"Content-Type": "application/json"}, "POST", json.dumps(payload)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (OSError, http.client.HTTPException):
            self.drop()
            return 0, b""
        self.heed(answer.headers)
        try:
            body = answer.read()
        except (OSError, http.client.HTTPException):
            body = b""
            self.drop()
        if answer.status in (429, 500, 502, 503, 504) and answer.headers["Retry-After"]:
            return BUSY, b""
        return answer.status, body

    def drop(self):
        self.connection.close()
        self.connection = None
        self.hush(GAP)

    def wait(self):
        time.sleep(max(0.0, self.earliest - time.monotonic()))
        if self.closed and self.closed[0] <= time.monotonic() + 0.1 and time.monotonic() < self.closed[1]:
            time.sleep(self.closed[1] - time.monotonic())

    def hush(self, seconds):
        self.earliest = max(self.earliest, time.monotonic() + seconds)

    def heed(self, headers):
        now = time.monotonic()
        self.hush(GAP)
        until = headers["Retry-After"]
        if until:
            self.hush(int(until) if until.strip().isdigit() else ahead(headers, "Retry-After"))
        if headers["Maintenance-From"]:
            start = ahead(headers, "Maintenance-From") - 1
            self.closed = now + start, now + ahead(headers, "Maintenance-Until") + 0.05

    def repeated(self, path, payload, want):
        failures = 0
        while True:
            status, body = self.send(path, payload)
            if status == BUSY:
                continue
            if status == 401 and payload is None:
                self.refresh()
                continue
            if status not in (0, 200, 429, 500, 502, 503, 504):
                return status, None
            try:
                document = json.loads(body)
                if status == 200 and want in document and len(document.get("items", "")) == document.get("count", 0):
                    return 200, document
            except ValueError:
                pass
            failures += 1
            if failures == TRIES:
                raise GiveUp("the request keeps failing")
            self.hush(0.2)

    def refresh(self):
        sent = self.tokens["refresh_token"]
        status, pair = self.repeated("/v2/token", {"refresh_token": sent}, "refresh_token")
        if status == 409:
            self.adopt()
            return
        if status != 200:
            raise GiveUp("token endpoint: %s" % status)
        self.tokens = pair
        with open(self.token_file + ".new", "w", encoding="utf-8") as file:
            json.dump(self.tokens, file)
        os.replace(self.token_file + ".new", self.token_file)

    def adopt(self):
        for _ in range(15):
            time.sleep(0.2)
            found = self.read_tokens()
            if found != self.tokens:
                self.tokens = found
                return
        raise GiveUp("no other pair came")

    def page(self, cursor):
        path = "/v2/items" + ("?cursor=" + cursor if cursor else "")
        status, page = self.repeated(path, None, "items")
        if status == 410 and cursor:
            raise StartAgain
        if status != 200:
            raise GiveUp("status %s" % status)
        return page

    def walk(self):
        items, cursor, revision = [], None, None
        while True:
            page = self.page(cursor)
            if revision is None:
                revision = page["revision"]
            if page["revision"] != revision:
                raise StartAgain
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items


def ahead(headers, name):
    there = parsedate_to_datetime(headers["Date"])
    return (parsedate_to_datetime(headers[name]) - there).total_seconds()


def store(database, items):
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT)"
        )
        connection.execute("DELETE FROM items")
        connection.executemany("INSERT OR REPLACE INTO items VALUES (:id, :name, :qty, :updated)", items)
    connection.close()


def main(url, token_file, database):
    try:
        api = Api(url, token_file)
        for _ in range(WALKS):
            try:
                store(database, api.walk())
                return 0
            except StartAgain:
                continue
    except GiveUp as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
'''

OTHER = '''
"""Nightly copy by urllib and a sliding window; the new copy is built beside the old one and renamed into place."""
import collections, http.client, json, os, pathlib, sqlite3, sys, time, urllib.error, urllib.request
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

url, token_path, db_path = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
tokens = json.loads(token_path.read_text())
sent = collections.deque()
quiet = [(0, 0)]  # spans of the monotonic clock in which nothing may be sent
shut = []  # those of them after which older cursors are worthless
began = 0.0  # when the first page of this walk came
troubles = (429, 500, 502, 503, 504)


def stop(reason):
    sys.exit("giving up: " + reason)


def ask(path, headers, body=None):
    """One request, as soon as that is allowed: (status, headers, document or None)."""
    while True:
        now = time.monotonic()
        ends = [end for start, end in quiet if start - 0.1 <= now < end]
        if len(sent) >= RATE and now < sent[0] + 1.05:
            ends.append(sent[0] + 1.05)
        if not ends:
            break
        time.sleep(max(ends) - now)
    if len(sent) >= RATE:
        sent.popleft()
    sent.append(time.monotonic())
    raw = b""
    try:
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url + path, body, headers), timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        status, fields, now = answer.status, answer.headers, time.monotonic()
        date = lambda name: parsedate_to_datetime(fields[name])
        span = lambda name: (date(name) - date("Date")).total_seconds()
        if "Retry-After" in fields:
            text = fields["Retry-After"]
            quiet.append((now, now + 0.1 + (float(text) if text.isdigit() else span("Retry-After"))))
        if "Maintenance-From" in fields:
            shut.append((now + span("Maintenance-From") - 1.0, now + span("Maintenance-Until") + 0.1))
            quiet.append(shut[-1])
        if status == 200:
            raw = answer.read()
        answer.close()
    except (OSError, http.client.HTTPException):
        if not raw and "status" not in locals():
            return 0, {}, None
    try:
        return status, fields, json.loads(raw)
    except ValueError:
        return status, fields, None


def patient(path, payload=None):
    """Repeat until there is an answer that says something."""
    left = TRIES
    while True:
        if "?" in path and any(start - 0.1 <= time.monotonic() and began < end for start, end in shut):
            return 410, None
        auth = {"Authorization": "Bearer " + tokens["access_token"]} if payload is None else {}
        status, fields, document = ask(path, auth, None if payload is None else json.dumps(payload).encode())
        if status in troubles and "Retry-After" in fields:
            continue
        if status == 403:
            stop("locked")
        if status == 401 and payload is None:
            renew()
            continue
        if status not in (0, 200, *troubles):
            return status, None
        if status == 200 and document and "error" not in document:
            if payload is not None or document["count"] == len(document["items"]):
                return status, document
        left -= 1
        if not left:
            stop("no usable answer")
        time.sleep(0.2)


def renew():
    used = tokens["refresh_token"]
    status, pair = patient("/v2/token", {"refresh_token": used})
    if status == 409:
        end = time.monotonic() + 3
        while (pair := json.loads(token_path.read_text()))["refresh_token"] == used:
            if time.monotonic() > end:
                stop("the other job left nothing")
            time.sleep(0.15)
    elif status == 200:
        beside = token_path.with_suffix(".tmp")
        beside.write_text(json.dumps(pair))
        os.replace(beside, token_path)
    else:
        stop("log in again")
    tokens.update(pair)


def snapshot():
    """Walk to the end, then see whether the pages fit together."""
    global began
    for _ in range(WALKS):
        pages, cursor = [], None
        while True:
            status, page = patient("/v2/items" if cursor is None else "/v2/items?cursor=" + quote(cursor, safe=""))
            if status == 410 and cursor:
                break
            if status != 200:
                stop("status %d" % status)
            if cursor is None:
                began = time.monotonic()
            pages.append(page)
            cursor = page["next"]
            if cursor is None:
                if len({page["revision"] for page in pages}) == 1:
                    return {item["id"]: item for page in pages for item in page["items"]}
                break
    stop("no walk was sound")


stock = snapshot()
fresh = db_path.with_name(db_path.name + ".part")
fresh.unlink(missing_ok=True)
db = sqlite3.connect(fresh)
db.executescript("CREATE TABLE items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT, seen TEXT);"
                 "CREATE TABLE runs(n INTEGER);")
db.executemany("INSERT INTO items(updated, qty, name, id) VALUES (?, ?, ?, ?)",
               [(i["updated"], i["qty"], i["name"], i["id"]) for i in reversed(stock.values())])
db.execute("INSERT INTO runs VALUES (?)", (len(stock),))
db.commit()
db.close()
os.replace(fresh, db_path)
'''

UPSERT = """def upsert(database, items):
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT)"
        )
        connection.executemany("INSERT OR REPLACE INTO items VALUES (:id, :name, :qty, :updated)", items)
    connection.close()
"""

OTHERS_COUNT = """            if status in (401, BUSY) and payload is None:
                failures += 1
                if failures == TRIES:
                    raise GiveUp("too many answers")
            if status == BUSY:
                continue
"""
