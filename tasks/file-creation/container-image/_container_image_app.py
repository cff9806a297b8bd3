"""The service: its tree of files as given, what is added unseen, and which of it belongs in the image."""

import random
import re

NAMES = ("kessel", "tarn", "lorimer", "vantage", "osprey", "marlow", "quillon", "sable")
PACKAGES = ("tinyroute", "stencilpot", "flatlog", "zonekit", "mailfold", "ringcache", "quickhash")
WORDS = ("ledger", "booking", "quota", "parcel", "ticket", "voucher", "meter", "roster")
CONFIG = '''"""Settings of the service, all from the environment."""

import os
from pathlib import Path

HOST = os.environ.get("{up}_HOST", "127.0.0.1")
PORT = int(os.environ.get("{up}_PORT", "8000"))
TEMPLATES = Path(os.environ.get("{up}_TEMPLATES", "templates"))
ASSETS = Path(os.environ.get("{up}_ASSETS", "static"))
TRUST = Path(__file__).parent / "trust"
'''
MAIN = '''"""Starts the service; takes no arguments."""

from http.server import ThreadingHTTPServer

from {pkg}.config import HOST, PORT
from {pkg}.handlers import Handler

ThreadingHTTPServer((HOST, PORT), Handler).serve_forever()
'''
HANDLERS = '''"""Answers /healthz and /assets/NAME; the health check needs templates, assets and a trusted authority."""

{imports}
from http.server import BaseHTTPRequestHandler

from {pkg}.config import ASSETS, TEMPLATES, TRUST


def healthy():
    listed = [line.split()[0] for line in (ASSETS / "manifest.json").read_text().splitlines() if line.strip()]
    shipped = [name for name in listed if not name.endswith(".map")]
    mails = list((TEMPLATES / "mail").rglob("*.md"))
    return bool(mails) and any(TRUST.rglob("*.pem")) and all((ASSETS / name).exists() for name in shipped)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        file = ASSETS / self.path.removeprefix("/assets/")
        if self.path == "/healthz":
            self.send_response(200 if healthy() else 500)
            self.end_headers()
        elif self.path.startswith("/assets/") and ".." not in self.path and file.is_file():
            self.send_response(200)
            self.end_headers()
            self.wfile.write(file.read_bytes())
        else:
            self.send_error(404)
'''


def app_files(rng: random.Random, cast: dict) -> dict[str, str]:
    """Return path below app/ → text of the service as given."""
    pkg, up, (first, second, third) = cast["pkg"], cast["pkg"].upper(), cast["words"]
    deps = cast["deps"]
    direct, below = list(deps)[:3], list(deps)[3:]
    files = {
        f"src/{pkg}/__init__.py": "",
        f"src/{pkg}/__main__.py": MAIN.format(pkg=pkg),
        f"src/{pkg}/config.py": CONFIG.format(up=up),
        f"src/{pkg}/handlers.py": HANDLERS.format(
            pkg=pkg, imports="\n".join(f"import {one}" for one in sorted(deps))
        ),
        f"src/{pkg}/{first}.py": f"{first.upper()} = {rng.randrange(100)}\n",
        f"src/{pkg}/{first}.md": f"How the {first} works.\n",
        f"src/{pkg}/test_{first}.py": "def test_nothing():\n    pass\n",
        f"src/{pkg}/{second}/__init__.py": "",
        f"src/{pkg}/{second}/rules.json": f'{{"limit": {rng.randrange(100)}}}\n',
        f"src/{pkg}/{second}/tests/test_rules.py": "",
        f"src/{pkg}/{second}/tests/sample.json": "{}\n",
        f"src/{pkg}/trust/ca-{first}.pem": "PUBLIC CERTIFICATE\n",
        f"src/{pkg}/trust/dev/self-signed.pem": "DEVELOPMENT CERTIFICATE\n",
        f"src/{pkg}/.env": "# local only\n",
        "templates/base.html": "<main></main>\n",
        f"templates/{third}/list.html": "<ul></ul>\n",
        "templates/mail/welcome.md": "Hello {name},\n",
        f"templates/mail/{second}/reminder.md": "Dear {name},\n",
        "templates/mail/drafts/winter.md": "unfinished\n",
        "templates/README.md": "Who may edit what.\n",
        f"{cast['web']}/css/site.css": "main { margin: 1em }\n",
        f"{cast['web']}/css/print/page.css": "main { margin: 0 }\n",
        f"{cast['web']}/js/site.js": "export const a = 1\n",
        f"{cast['web']}/js/{third}/list.js": "export const b = 2\n",
        f"{cast['web']}/README.md": "Sources of the assets.\n",
        f"{cast['web']}/playground/index.html": "<p>try</p>\n",
        "brand/logo.svg": "<svg/>\n",
        "brand/press-kit.svg": "<svg><g/></svg>\n",
        "build.toml": _build_toml(cast),
        "service.toml": f'name = "{pkg}"\ntier = "{cast["tier"]}"\nteam = "{cast["team"]}"\n',
        "requirements.txt": "-r requirements/base.txt\n-c pins/runtime.txt\n",
        "requirements/base.txt": "".join(f"{one}=={deps[one]}\n" for one in direct) + "-r extra/mail.txt\n",
        "requirements/extra/mail.txt": "".join(f"{one}\n" for one in below),
        "requirements/dev.txt": "-r base.txt\npytestish==3.1\n",
        "pins/runtime.txt": "".join(f"{one}=={deps[one]}\n" for one in below),
        "pins/dev.txt": "pytestish==3.1\n",
        "tests/test_app.py": "",
        "tests/conftest.py": "",
        "docs/architecture.md": "Boxes and arrows.\n",
        "docs/flow.svg": "<svg/>\n",
        "certs/dev.key": "DEVELOPMENT KEY\n",
        ".env": f"{up}_PORT=8000\n",
        ".env.staging": f"{up}_PORT=8001\n",
        "README.md": cast["readme"],
    }
    return dict(sorted(files.items()))


def _build_toml(cast: dict) -> str:
    web = cast["web"]
    return (
        f'[assets]\nformat = 2\nsources = ["{web}/css", "{web}/js"]\nsingle = ["brand/logo.svg"]\n'
        f'out = "{cast["out"]}"\n'
    )


def added_files(cast: dict) -> dict[str, str]:
    """Return files of the kinds that policy names which the given tree does not hold."""
    pkg, (first, second, third) = cast["pkg"], cast["words"]
    return {
        f"src/{pkg}/{third}.py": "x = 1\n",
        f"src/{pkg}/{second}/deep/notes.md": "x\n",
        f"src/{pkg}/{second}/deep/data.csv": "a\n",
        f"src/{pkg}/{second}/deep/conftest.py": "\n",
        f"src/{pkg}/{second}/deep/.env.local": "x\n",
        f"src/{pkg}/{second}/signing.key": "x\n",
        f"src/{pkg}/{second}/client.pem": "x\n",
        f"src/{pkg}/{second}/contests.py": "x = 1\n",
        f"src/{pkg}/tests/helper.py": "\n",
        f"src/{pkg}/trust/partners/ca-{second}.pem": "x\n",
        f"src/{pkg}/trust/partners/upload.key": "x\n",
        f"src/{pkg}/trust/dev/more/other.pem": "x\n",
        f"src/{pkg}/trust/dev/hosts.txt": "x\n",
        f"src/{pkg}/trust/README.md": "x\n",
        f"src/{pkg}/trust/tests/fake.pem": "x\n",
        f"src/{pkg}/{second}/regions.map": "x\n",
        f"src/{pkg}/{second}/test_matrix.json": "x\n",
        f"src/{pkg}/docs/table.json": "x\n",
        f"src/{pkg}/{first}_certs/roots.txt": "x\n",
        f"templates/{third}/test_print.html": "x\n",
        f"templates/{third}/environment.html": "x\n",
        f"templates/{first}/new.html": "x\n",
        f"templates/{first}/hints.md": "x\n",
        f"templates/mail/{third}/first/notice.md": "x\n",
        f"templates/mail/{third}/tests/notice.md": "x\n",
        "templates/mail/drafts/spring/idea.md": "x\n",
        "templates/mail/drafts/preview.html": "x\n",
        f"{cast['web']}/css/{first}/new.css": "x\n",
        f"{cast['web']}/js/deep/er/new.js": "x\n",
        f"{cast['web']}/tools/lint.js": "x\n",
        "certs/prod/tls.pem": "x\n",
        "tools/.env.ci": "x\n",
        "pins/lint.txt": "x==1\n",
        "requirements/lint.txt": "x==1\n",
        "brand/.env": "x\n",
    }


def is_test(path: str) -> bool:
    """Return whether a file of the repository or of a package is a test."""
    *folders, name = path.split("/")
    return "tests" in folders or bool(re.fullmatch(r"test_.*\.py|conftest\.py", name))


def is_secret(cast: dict, path: str) -> bool:
    """Return whether a file must not even be sent to the builder."""
    name = path.rpartition("/")[2]
    trust = f"src/{cast['pkg']}/trust/"
    if name.startswith(".env") or name.endswith(".key"):
        return True
    return name.endswith(".pem") and not (path.startswith(trust) and not path.startswith(trust + "dev/"))


def is_document(cast: dict, path: str) -> bool:
    """Return whether a file below app/ counts as documentation."""
    if path.startswith("docs/"):
        return True
    mail = path.startswith("templates/mail/") and not path.startswith("templates/mail/drafts/")
    return path.endswith(".md") and not mail


def is_shipped(cast: dict, path: str) -> bool:
    """Return whether a file of the repository belongs in the image as it is."""
    if not path.startswith(("src/", "templates/")) or path.startswith("templates/mail/drafts/"):
        return False
    return not is_test(path) and not is_secret(cast, path) and not is_document(cast, path)
