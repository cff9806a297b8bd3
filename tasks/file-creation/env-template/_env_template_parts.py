"""The raw material of the generated service: settings to draw from, and one source template per module.

A template line ``@@ target KEY [conv]`` becomes one read of the setting KEY; ``@@lazy`` marks a read that
only happens after start-up; ``@@shared [lazy]`` may become a second read of a setting of another
module; ``@@imports``, ``@@note`` and ``@@child`` are places for imports, decoy comments and child processes.
"""

from __future__ import annotations

# KEY: (possible variable names, possible defaults, a value that works; no defaults = always required)
SETTINGS: dict[str, tuple[list[str], list[str], str]] = {
    "BIND": (["BIND_ADDRESS", "LISTEN_HOST", "HTTP_HOST"], ["127.0.0.1", "0.0.0.0", "::1"], "127.0.0.1"),
    "PORT": (["HTTP_PORT", "LISTEN_PORT", "WEB_PORT"], ["8080", "8300", "9110", "5080"], "8181"),
    "BODY": (["MAX_BODY_KB", "UPLOAD_LIMIT_KB"], ["512", "1024", "256"], "640"),
    "DB": (["DATABASE_URL", "POSTGRES_DSN", "ORDERS_DSN"], ["postgresql://localhost/orders"], "postgresql://db/o"),
    "POOL": (["POOL_SIZE", "DB_CONNECTIONS"], ["5", "8", "12"], "6"),
    "VACUUM": (["VACUUM_MODE", "VACUUM_OPTIONS"], ["ANALYZE", "FULL", "FREEZE"], "ANALYZE"),
    "CACHE": (["CACHE_URL", "REDIS_URL", "MEMCACHE_URL"], ["redis://127.0.0.1:6379/2"], "redis://cache/0"),
    "TTL": (["CACHE_TTL", "CACHE_SECONDS"], ["60", "300", "900"], "120"),
    "SMTP_HOST": (["SMTP_HOST", "MAIL_HOST", "RELAY_HOST"], ["localhost", "mail.example.net"], "10.4.0.2"),
    "SMTP_PASS": (["SMTP_PASSWORD", "MAIL_PASSWORD", "RELAY_PASSWORD"], [], "s3same"),
    "SENDER": (["MAIL_FROM", "SENDER_ADDRESS"], ["noreply@example.com", "desk@example.org"], "a@example.com"),
    "BCC": (["ARCHIVE_BCC", "MAIL_COPY_TO"], ["", "archive@example.com"], "copy@example.com"),
    "BROKER": (["BROKER_URL", "AMQP_URL", "QUEUE_URL"], ["amqp://localhost:5672/"], "amqp://mq/"),
    "QUEUE": (["QUEUE_NAME", "INTAKE_QUEUE"], ["parcels", "intake", "orders-in"], "q1"),
    "PREFETCH": (["PREFETCH", "QUEUE_PREFETCH"], ["10", "25", "50"], "15"),
    "BUCKET": (["S3_BUCKET", "BLOB_BUCKET", "STORE_BUCKET"], ["labels-dev", "scratch"], "labels-x"),
    "STORE_KEY": (["S3_SECRET", "BLOB_SECRET", "STORE_SECRET"], [], "k-771"),
    "REGION": (["S3_REGION", "BLOB_REGION", "STORE_REGION"], ["eu-north", "ap-south", "us-west"], "eu-west"),
    "JWT": (["JWT_SECRET", "TOKEN_SECRET", "SESSION_SECRET"], [], "t0p"),
    "TOKEN_TTL": (["TOKEN_MINUTES", "SESSION_MINUTES"], ["15", "30", "720"], "20"),
    "ISSUER": (["TOKEN_ISSUER", "AUTH_ISSUER"], ["parcel-desk", "https://id.example.com/"], "issuer-a"),
    "STATSD": (["STATSD_HOST", "METRICS_HOST"], ["127.0.0.1", "stats.example.net"], "10.2.0.9"),
    "FLUSH": (["METRICS_FLUSH_MS", "STATSD_FLUSH_MS"], ["500", "1000", "2500"], "750"),
    "OTLP": (["TRACE_ENDPOINT", "OTLP_ENDPOINT"], ["", "http://127.0.0.1:4318"], "http://otel:4318"),
    "SAMPLE": (["TRACE_RATIO", "TRACE_SAMPLE"], ["0.05", "0.1", "0.25"], "0.5"),
    "TICK": (["TICK_SECONDS", "SCHEDULER_INTERVAL"], ["20", "45", "90"], "30"),
    "LOCK": (["LOCK_NAME", "LEADER_LOCK"], ["desk-leader", "cron-1"], "lock-a"),
    "WORKERS": (["WORKER_THREADS", "CONCURRENCY"], ["2", "4", "16"], "3"),
    "DRAIN": (["DRAIN_SECONDS", "SHUTDOWN_GRACE"], ["10", "25", "40"], "12"),
    "SIGN": (["WEBHOOK_SECRET", "HOOK_SIGNING_KEY", "CALLBACK_SECRET"], [], "hk-1"),
    "HOOK_WAIT": (["WEBHOOK_TIMEOUT", "HOOK_TIMEOUT"], ["3.5", "5", "7.5"], "4"),
    "HOOK_TRIES": (["WEBHOOK_TRIES", "HOOK_REPEATS"], ["3", "6"], "2"),
    "GEO_KEY": (["GEO_TOKEN", "MAPS_TOKEN", "ATLAS_TOKEN"], [], "g-99"),
    "GEO_LANG": (["GEO_LANGUAGE", "MAPS_LANGUAGE", "ATLAS_LANGUAGE"], ["en", "de", "sv"], "fr"),
    "ACCOUNT": (["BILLING_ACCOUNT", "LEDGER_ACCOUNT"], ["4711-00", "9000-12"], "1200-01"),
    "CURRENCY": (["BILLING_CURRENCY", "LEDGER_CURRENCY"], ["EUR", "SEK", "CHF"], "NOK"),
    "VAT": (["BILLING_VAT_PERCENT", "LEDGER_VAT_PERCENT"], ["19", "21", "25"], "20"),
    "PRINTER": (["LABEL_PRINTER", "PRINTER_QUEUE"], ["zebra-1", "front-desk"], "p-2"),
    "PAPER": (["LABEL_SIZE", "PAPER_FORMAT"], ["A6", "100x150", "4x6"], "A5"),
    "INDEX": (["SEARCH_URL", "INDEX_URL"], ["http://localhost:9200"], "http://search:9200"),
    "INDEX_NAME": (["SEARCH_INDEX", "INDEX_ALIAS"], ["parcels-v2", "shipments"], "ix"),
}

FEATURES: dict[str, str] = {
    "api": '''"""The HTTP front: where it listens and how much it accepts."""

@@imports

ROUTES = ("/parcels", "/parcels/{id}", "/healthz")


def load():
    @@ host BIND
    @@ port PORT int
    return {"host": host, "port": port, "routes": ROUTES}


def accept(headers, length):
    """Tell whether a request body may be read."""
    if headers.get("EXPECT_SIZE", "") == "unknown":
        return False
    @@lazy limit BODY int
    return length <= limit * 1024
''',
    "db": '''"""Access to the order database."""

@@imports

SCHEMA = "orders"
@@note


def load():
    @@ url DB
    @@ size POOL int
    return {"url": url, "size": size, "schema": SCHEMA}


def vacuum(table):
    """Return the statement of the nightly clean-up."""
    @@lazy mode VACUUM
    return f"VACUUM ({mode}) {SCHEMA}.{table}"
''',
    "cache": '''"""A small cache in front of the database."""

@@imports

@@ TTL TTL int


def load():
    @@ url CACHE
    return {"url": url, "ttl": TTL}


def key_for(parcel):
    return f"parcel:{parcel['CARRIER']}:{parcel['ID']}"
''',
    "mailer": '''"""Mails to recipients: one when a parcel leaves, one when it arrives."""

@@imports

SUBJECTS = {"sent": "Your parcel is on its way", "there": "Your parcel has arrived"}


def load():
    @@ host SMTP_HOST
    @@ password SMTP_PASS
    @@ sender SENDER
    return {"host": host, "password": password, "sender": sender}


def recipients(order):
    @@lazy copy BCC
    return [order["mail"], copy] if copy else [order["mail"]]
''',
    "broker": '''"""The queue on which shops announce new parcels."""

@@imports

@@ QUEUE QUEUE
@@note


def load():
    @@ url BROKER
    @@ prefetch PREFETCH int
    @@shared
    return {"url": url, "queue": QUEUE, "prefetch": prefetch}


def routing_key(message):
    return ".".join((QUEUE, message.get("REGION", "any"), message["kind"]))
''',
    "storage": '''"""Label images in the object store."""

@@imports

SUFFIX = ".png"


def load():
    @@ bucket BUCKET
    @@ secret STORE_KEY
    @@ region REGION
    return {"bucket": bucket, "secret": secret, "region": region}


def object_name(parcel_id):
    return f"{parcel_id[:2]}/{parcel_id}{SUFFIX}"
''',
    "auth": '''"""Tokens for the desk staff."""

@@imports

@@ SECRET JWT


def load():
    @@ minutes TOKEN_TTL int
    @@ issuer ISSUER
    return {"secret": SECRET, "minutes": minutes, "issuer": issuer}


def claims(user):
    @@shared lazy
    return {"sub": user, "scope": "desk"}
''',
    "metrics": '''"""Counters, sent over UDP."""

@@imports

COUNTERS = {}


def load():
    @@ host STATSD
    @@ flush FLUSH int
    @@shared
    return {"host": host, "flush": flush}


def count(name, step=1):
    COUNTERS[name] = COUNTERS.get(name, 0) + step
''',
    "tracing": '''"""Spans for the requests worth looking at."""

@@imports

@@note


def load():
    @@ endpoint OTLP
    @@ ratio SAMPLE float
    return {"endpoint": endpoint, "ratio": ratio}


def span(name, parent=None):
    @@shared lazy
    return {"name": name, "parent": parent}
''',
    "scheduler": '''"""The clock: what has to happen regularly."""

@@imports

JOBS = ["purge", "remind", "invoice"]


def load():
    @@ tick TICK int
    @@ lock LOCK
    return {"tick": tick, "lock": lock, "jobs": JOBS}


def start_job(name, run):
    """Run a job in a process of its own."""
    @@child
    return run([name])
''',
    "worker": '''"""Threads that take parcels off the queue."""

@@imports

@@ THREADS WORKERS int


def load():
    @@shared
    return {"threads": THREADS}


def fork(run):
    @@child
    return run(["worker"])


def stop(pending):
    """Return how long the last messages may take, in seconds."""
    @@lazy grace DRAIN int
    return min(grace, len(pending))
''',
    "webhooks": '''"""Calls to the shops when a parcel changes its state."""

@@imports

@@note


def load():
    @@ key SIGN
    @@ wait HOOK_WAIT float
    return {"key": key, "wait": wait}


def wants(shop, event):
    if event not in shop.get("EVENTS", ()):
        return 0
    @@lazy tries HOOK_TRIES int
    return tries
''',
    "geo": '''"""Addresses to coordinates."""

@@imports

PRECISION = 4


def load():
    @@ token GEO_KEY
    @@ language GEO_LANG
    return {"token": token, "language": language}


def rounded(point):
    return tuple(round(value, PRECISION) for value in point)
''',
    "billing": '''"""What a parcel costs, and who pays."""

@@imports

STEPS = ((1, 490), (5, 690), (31, 1650))
@@note


def load():
    @@ account ACCOUNT
    @@ currency CURRENCY
    return {"account": account, "currency": currency}


def gross(cents):
    @@lazy vat VAT int
    return cents + cents * vat // 100
''',
    "labels": '''"""Parcel labels and the printer they come out of."""

@@imports


def load():
    @@ printer PRINTER
    @@ paper PAPER
    return {"printer": printer, "paper": paper}


def fields(parcel):
    @@shared lazy
    return [parcel["to"], parcel["ID"], parcel.get("WEIGHT", "")]
''',
    "search": '''"""Full-text search for the desk."""

@@imports

@@ INDEX INDEX_NAME


def load():
    @@ url INDEX
    return {"url": url, "index": INDEX}


def query(text):
    @@shared lazy
    return {"index": INDEX, "q": text.strip().lower()}
''',
}

MAIN = '''"""Start the service, or only check that it could start."""

import sys

from . import @@modules

PARTS = (@@parts)


def main(argv):
    settings = {part.__name__: part.load() for part in PARTS}
    if argv == ["--check"]:
        print(f"configuration complete: {len(settings)} parts")
        return 0
    print("this checkout has no server loop; use --check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''

HELPER = '''"""One way to read the settings that belong to this service alone."""

import os

NAMESPACE = "@@prefix"
_ABSENT = object()


def @@helper(name, default=_ABSENT):
    """Return a setting of this service as text; without a default it has to be set."""
    key = NAMESPACE + name.upper()
    value = os.environ.get(key)
    if value is not None:
        return value
    if default is _ABSENT:
        raise SystemExit(f"{key} is not set")
    return str(default)
'''

TEST = '''import os
import unittest

from service import @@module


class @@classTest(unittest.TestCase):
    def setUp(self):
        self.target = os.environ.get("@@test_a", "local")
        if "@@test_b" in os.environ:
            self.skipTest(os.environ["@@test_b"])

    def test_module_has_a_loader(self):
        self.assertTrue(callable(@@module.load))
'''

DECOYS = ["OLD_DSN", "FEATURE_BETA", "SENTRY_DSN", "LOG_FORMAT", "DEBUG_TOKEN", "PROXY_HOST", "LICENSE_FILE",
          "AUDIT_PATH", "FTP_PASSWORD", "DEFAULT_TENANT", "BACKUP_DIR", "THEME"]
CHILD_NAMES = ["DESK_CHILD", "JOB_PROCESS", "CHILD_ROLE"]
TEST_NAMES = ["TEST_DATABASE_URL", "CI_RUNNER", "TEST_BROKER", "SKIP_SLOW", "TEST_TMP", "FAKE_SMTP"]
BRANDS = [
    ("Parcel desk", "DESK_"),
    ("Harbour post", "HARBOUR_"),
    ("Pigeon", "PIGEON_"),
    ("Trunkline", "TRUNK_"),
    ("Waybill", "WAYBILL_"),
    ("Dropkey", "DROPKEY_"),
    ("App", "APP_"),
]
