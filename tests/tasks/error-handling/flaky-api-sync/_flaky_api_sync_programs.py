"""The programs that the solutions deliver; TRIES, RATE and GAP stand for what the workspace's api.md states."""

SYNC = '''
import http.client
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime


class GiveUp(Exception):
    """The copy stays as it is."""


class StartAgain(Exception):
    """The pages walked so far are worthless."""


class Api:
    def __init__(self, url, token_file):
        self.url, self.token_file = url.rstrip("/"), token_file
        with open(token_file, encoding="utf-8") as file:
            self.tokens = json.load(file)
        self.earliest = 0.0

    def send(self, path, payload=None):
        time.sleep(max(0.0, self.earliest - time.monotonic()))
        request = urllib.request.Request(self.url + path)
        if payload is None:
            request.add_header("Authorization", "Bearer " + self.tokens["access_token"])
        else:
            request.data = json.dumps(payload).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, headers, body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, headers, body = error.code, error.headers, b""
        except (OSError, http.client.HTTPException):
            status, headers, body = 0, {}, b""
        self.earliest = time.monotonic() + GAP
        if status in (429, 503) and headers.get("Retry-After"):
            self.earliest = max(self.earliest, time.monotonic() + wait_of(headers))
            status = 429
        return status, body

    def refresh(self):
        status = 429
        while status == 429:
            status, body = self.send("/v2/token", {"refresh_token": self.tokens["refresh_token"]})
        if status != 200:
            raise GiveUp("token endpoint: %s" % status)
        self.tokens = json.loads(body)
        with open(self.token_file + ".new", "w", encoding="utf-8") as file:
            json.dump(self.tokens, file)
        os.replace(self.token_file + ".new", self.token_file)

    def page(self, cursor):
        path = "/v2/items" + ("?cursor=" + cursor if cursor else "")
        failures = 0
        while failures < TRIES:
            status, body = self.send(path)
            if status == 429:
                continue
            if status == 401:
                self.refresh()
                continue
            if status == 410:
                raise StartAgain
            if 400 <= status < 500:
                raise GiveUp("status %s" % status)
            try:
                page = json.loads(body)
                if status == 200 and "items" in page:
                    return page
            except ValueError:
                pass
            failures += 1
            self.earliest = max(self.earliest, time.monotonic() + 0.2)
        raise GiveUp("the request keeps failing")

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


def wait_of(headers):
    text = headers["Retry-After"]
    if text.strip().isdigit():
        return int(text)
    there = parsedate_to_datetime(headers["Date"])
    return max(0.0, (parsedate_to_datetime(text) - there).total_seconds())


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
    api = Api(url, token_file)
    try:
        for _ in range(12):
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
"""Nightly copy over one kept connection; the new copy is built beside the old one and renamed into place."""
import collections, http.client, json, os, pathlib, sqlite3, sys, time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, quote

url, token_path, db_path = urlsplit(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
tokens = json.loads(token_path.read_text())
sent = collections.deque()
connection = None


def stop(reason):
    sys.exit("giving up: " + reason)


def ask(method, path, headers, body=None):
    """One request, as soon as the limit allows it: (status, headers, document or None)."""
    global connection
    while len(sent) >= RATE:
        time.sleep(max(0, sent[0] + 1.05 - time.monotonic()))
        sent.popleft()
    sent.append(time.monotonic())
    if connection is None:
        connection = http.client.HTTPConnection(url.netloc, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        raw = answer.read()
        if answer.getheader("Connection") == "close":
            connection = None
        status, fields = answer.status, answer.headers
    except Exception:
        connection = None
        return 0, {}, None
    try:
        document = json.loads(raw)
    except ValueError:
        document = None
    return status, fields, document


def patient(method, path, payload=None):
    """Repeat until there is an answer that says something."""
    left = TRIES
    while True:
        auth = {"Authorization": "Bearer " + tokens["access_token"]} if payload is None else {}
        status, fields, document = ask(method, path, auth, None if payload is None else json.dumps(payload))
        if "Retry-After" in fields:
            delay = fields["Retry-After"]
            if not delay.isdigit():
                delay = (parsedate_to_datetime(delay) - parsedate_to_datetime(fields["Date"])) / timedelta(seconds=1)
            time.sleep(float(delay) + 0.1)
            continue
        if status == 403:
            stop("locked")
        if status in (400, 401, 404, 410) or (status == 200 and document and "error" not in document):
            return status, document
        left -= 1
        if not left:
            stop("no usable answer")
        time.sleep(0.25)


def fetch(cursor):
    path = "/v2/items" if cursor is None else "/v2/items?cursor=" + quote(cursor, safe="")
    while True:
        status, document = patient("GET", path)
        if status != 401:
            return status, document
        status, pair = patient("POST", "/v2/token", {"refresh_token": tokens["refresh_token"]})
        if status != 200:
            stop("log in again")
        tokens.update(pair)
        token_path.write_text(json.dumps(tokens))


def snapshot():
    """Walk to the end, then see whether the pages fit together."""
    pages, cursor = [], None
    while True:
        status, page = fetch(cursor)
        if status == 410:
            pages, cursor = [], None
            continue
        if status != 200:
            stop("status %d" % status)
        pages.append(page)
        cursor = page["next"]
        if cursor is None:
            if len({page["revision"] for page in pages}) == 1:
                return {item["id"]: item for page in pages for item in page["items"]}
            pages = []


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

UPSERT = '''def upsert(database, items):
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS items(id TEXT PRIMARY KEY, name TEXT, qty INTEGER, updated TEXT)"
        )
        connection.executemany("INSERT OR REPLACE INTO items VALUES (:id, :name, :qty, :updated)", items)
    connection.close()
'''
