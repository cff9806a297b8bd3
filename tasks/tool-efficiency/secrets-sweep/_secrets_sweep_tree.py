"""Hide live credentials and their lookalikes in the tree, and say what the tree must look like afterwards."""

from __future__ import annotations

from random import Random

from _secrets_sweep_files import CLUSTERS, SERVICES, SLOT, Files
from _secrets_sweep_tokens import TYPES, Found, continued, encoded, fingerprint, fresh, longer, lookalike

EXAMPLES = "docs/example-keys.md"
#: Kind of file -> (beginning, ending): where live plain tokens stand, and how many.
LIVE_PLAIN = (
    ("services/", ".py", 4),
    ("services/", ".ini", 2),
    ("services/", ".env", 2),
    ("services/", ".sh", 2),
    ("infra/", ".yaml", 2),
    ("ops/", ".log", 2),
    ("docs/", ".md", 2),
    ("notebooks/", ".ipynb", 2),
    ("tools/legacy/", ".py", 2),
    ("tools/legacy/", ".sh", 1),
)
LIVE_BASE64 = (
    ("infra/", ".yaml", 3),
    ("services/", ".py", 1),
    ("services/", ".env", 1),
    ("ops/cron/", ".sh", 1),
)
LIVE_CONTINUED = (("services/", ".sh", 2), ("services/", ".env", 1), ("ops/cron/", ".sh", 1))
LIVE_ESCAPED = (("exports/", ".json", 3), ("notebooks/", ".ipynb", 1))
DECOYS = {"lookalike": 26, "example": 14, "revoked": 14, "longer": 12}
SUFFIXES = (".py", ".ini", ".env", ".sh", ".yaml", ".log", ".md", ".ipynb", ".json")
CARRIERS = {
    ".py": ('CLIENT_KEY = "{}"', 'SETTINGS = {{"key": "{}", "retries": 3}}', "# was: {}"),
    ".ini": ("key = {}", "access={}", "; formerly {}"),
    ".env": ("ACCESS_KEY={}", 'UPSTREAM_KEY="{}"'),
    ".sh": ('export ACCESS_KEY="{}"', "curl -fsS -H 'X-Access: {}' https://gateway.example.com/ping"),
    ".yaml": ('  access: "{}"', "  upstream-key: {}"),
    ".log": ("2025-03-01T04:12:07Z GET gatekeeper/session access={} status=403",),
    ".md": ("For a first call use `{}` as the key.", "Sam used {} in the last test."),
    ".ipynb": ('    "client = Client(\\"{}\\")\\n",', "    \"key = '{}'  # mine\\n\","),
    ".json": ('    "key": "{}",', '    "signed_with": ["{}"],'),
}
ENCODED = {
    ".py": ('HEADERS = {{"Authorization": "Basic {}"}}',),
    ".ini": ("authorization = Basic {}",),
    ".env": ("ACCESS_B64={}",),
    ".sh": ('export ACCESS_B64="{}"',),
    ".yaml": ("  access-token: {}", '  basic: "{}"'),
}
BROKEN = {".sh": ("export ACCESS_KEY={}", 'export UPSTREAM_KEY="{}"'), ".env": ("UPSTREAM_KEY={}",)}


class Tree:
    """The tree of a seed, with every place of a token or of something like one."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.files = Files(rng)
        self.names = self._names()
        self.found: list[Found] = []
        self.live: dict[str, str] = {}
        """NAME -> its token."""
        self.examples = [fresh(rng, kind) for kind in TYPES for _ in range(2)]
        self.revoked = [fresh(rng, kind) for kind in TYPES for _ in range(4)]
        self._write_examples()
        self._hide_live()
        self._hide_decoys()
        for name, lines in self.files.texts.items():
            self.files.texts[name] = [line for line in lines if line != SLOT]

    # -- names -----------------------------------------------------------------------------------

    def _names(self) -> list[tuple[str, str, str]]:
        """Return rows of folder, type and name."""
        folders = {f"services/{service}": service for service in SERVICES}
        folders |= {f"services/{s}/jobs": f"{s}-jobs" for s in self.rng.sample(SERVICES, 6)}
        folders |= {f"infra/{cluster}": f"cluster-{cluster}" for cluster in CLUSTERS}
        folders |= {"infra": "clusters", "notebooks": "analysis", "exports": "hooks", "docs": "manuals"}
        folders |= {"ops": "ops", "ops/logs": "gateway", "tools": "tools", "tools/legacy": "stocktaking"}
        rows = []
        for folder, owner in folders.items():
            upper = owner.upper().replace("-", "_")
            rows += [(folder, kind, f"{upper}_{kind.upper()}_KEY") for kind in TYPES]
        self.rng.shuffle(rows)
        return rows

    def name_of(self, path: str, kind: str, *, longest: bool = True) -> str:
        """Return the name for a token of this type in this file."""
        fits = [row for row in self.names if row[1] == kind and path.startswith(f"{row[0]}/")]
        fits.sort(key=lambda row: len(row[0]), reverse=longest)
        return fits[0][2]

    # -- hiding ----------------------------------------------------------------------------------

    def _free(self, begin: str, end: str, form: str, kind: str, *, beside: bool = False) -> str:
        """Return a file with a free slot that fits; ``beside``: one that has a live token already."""
        files = self.files
        live = {one.path for one in self.found if one.what == "live"}
        taken = {(one.path, one.type) for one in self.found}
        fits = []
        for name, lines in files.texts.items():
            if not (name.startswith(begin) and name.endswith(end)) or SLOT not in lines:
                continue
            slashed = name in files.escaped and kind == "relay"
            if slashed == (form == "escaped") and (name, kind) not in taken and (name in live) == beside:
                fits.append(name)
        return self.rng.choice(fits)

    def _put(self, path: str, kind: str, what: str, form: str, token: str) -> None:
        rng, lines = self.rng, self.files.texts[path]
        suffix = path[path.rindex(".") :]
        spelled = token
        carriers = CARRIERS
        if form == "base64":
            spelled, carriers = encoded(rng, token), ENCODED
        elif form == "continued":
            spelled, carriers = continued(rng, token), BROKEN
        elif form == "escaped":
            spelled = token.replace("/", "\\/")
        text = rng.choice(carriers[suffix]).format(spelled)
        slots = [number for number, line in enumerate(lines) if line == SLOT]
        first = form == "continued"
        at = slots[0] if first else rng.choice(slots)
        if suffix == ".log":
            text = lines[at - 1][:20] + text[20:]
        indent = "    " if suffix == ".py" and at > 12 else ""
        lines[at : at + 1] = (indent + text).split("\n")
        self.found.append(Found(path, kind, what, form, token, spelled))

    def _hide_live(self) -> None:
        rng = self.rng
        plan = [(row, "base64") for row in LIVE_BASE64] + [(row, "continued") for row in LIVE_CONTINUED]
        plan += [(row, "escaped") for row in LIVE_ESCAPED] + [(row, "plain") for row in LIVE_PLAIN]
        for (begin, end, count), form in plan:
            for number in range(count):
                kind = "relay" if form == "escaped" else TYPES[(number + rng.randrange(3)) % 3]
                self._live(self._free(begin, end, form, kind), kind, form)
        for broken in [one for one in self.found if one.form == "continued"]:
            if SLOT in self.files.texts[broken.path]:
                self._live(broken.path, rng.choice([kind for kind in TYPES if kind != broken.type]), "plain")
        for one in rng.sample([one for one in self.found if "/jobs/" in one.path], 1):
            again = self._free("/".join(one.path.split("/")[:3]), ".py", "plain", one.type)
            self._live(again, one.type, "plain")

    def _live(self, path: str, kind: str, form: str) -> None:
        token = self.live.setdefault(self.name_of(path, kind), fresh(self.rng, kind))
        self._put(path, kind, "live", form, token)

    def _hide_decoys(self) -> None:
        for what, count in DECOYS.items():
            for number in range(count):
                form, beside = "plain", number in (0, 1)
                begin, end = "", self.rng.choice(SUFFIXES)
                kind = TYPES[number % 3]
                if number in (2, 3):
                    form, end = "base64", (".yaml", ".env")[number - 2]
                elif number == 4:
                    form, end = "continued", ".sh"
                elif number == 5:
                    form, end, kind = "escaped", ".json", "relay"
                elif beside:
                    end = (".py", ".sh", ".env")[self.rng.randrange(3)]
                if form == "plain" and kind == "relay" and end == ".json":
                    form = "escaped"
                token = self._decoy(what, kind, number)
                self._put(self._free(begin, end, form, kind, beside=beside), kind, what, form, token)

    def _decoy(self, what: str, kind: str, number: int) -> str:
        if what == "lookalike":
            return lookalike(self.rng, kind)
        if what == "longer":
            return longer(self.rng, kind)
        choices = self.examples if what == "example" else self.revoked
        fits = [token for token in choices if token.startswith(fresh(self.rng, kind)[:3])]
        return fits[number % len(fits)]

    def _write_examples(self) -> None:
        lines = ["# Example keys", "", "Our handbook and our tests use these. They open nothing.", ""]
        self.files.texts[EXAMPLES] = [*lines, *(f"- `{token}`" for token in self.examples)]

    # -- what comes of it ------------------------------------------------------------------------

    def text(self, path: str) -> str:
        """Return a file as it is given."""
        end = "\r\n" if path in self.files.crlf else "\n"
        return end.join(self.files.texts[path]) + end

    def cleaned(self, path: str) -> str:
        """Return a file as it has to be in the end."""
        text = self.text(path)
        for one in self.found:
            if one.path == path and one.what == "live":
                text = text.replace(one.spelled, f"${{{self.name_of(path, one.type)}}}")
        return text

    def line_of(self, one: Found) -> int:
        """Return the line at which a token begins, in the file as given."""
        text = self.text(one.path)
        return text[: text.index(one.spelled)].count("\n") + 1

    def revoked_text(self) -> str:
        """Return revoked.txt: what is in the tree, among others."""
        rng = self.rng
        prints = [fingerprint(token) for token in self.revoked]
        prints += [fingerprint(fresh(rng, rng.choice(TYPES))) for _ in range(40)]
        rows = sorted(f"2025-{rng.randint(1, 9):02}-{rng.randint(1, 28):02} {one}" for one in prints)
        return "\n".join(["# revoked on, fingerprint", *rows]) + "\n"
