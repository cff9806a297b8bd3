"""Hide live credentials and their lookalikes in the tree, and say what the tree must look like afterwards."""

from __future__ import annotations

import codecs
from random import Random

from _secrets_sweep_carriers import CARRIERS, GOES_ON, LIVE, SPOKEN_OF, SPOKEN_OF_ENCODED, TOGETHER, TWICE
from _secrets_sweep_files import CLUSTERS, SERVICES, SLOT, Files
from _secrets_sweep_tokens import (
    ENCODED,
    TYPES,
    Spot,
    Token,
    encode,
    fingerprint,
    fresh,
    inner_text,
    longer,
    lookalike,
    spell,
)

EXAMPLES = "docs/example-keys.md"
DECOYS = {"lookalike": 16, "example": 9, "revoked": 9, "longer": 8}
SUFFIXES = (".py", ".ini", ".env", ".sh", ".yaml", ".log", ".md", ".ipynb", ".json", ".csv")


class Tree:
    """The tree of a seed, with every place of a token or of something like one.

    ``subjects`` names the tokens that the log speaks about: key -> (listed in revoked.txt, live in the end).
    """

    def __init__(self, rng: Random, subjects: dict[str, tuple[bool, bool]]) -> None:
        self.rng = rng
        self.files = Files(rng)
        self.names = self._names()
        self.spots: list[Spot] = []
        self.said: dict[str, Spot] = {}
        """Key of a token of the log -> the spot at which it was hidden first."""
        self.cleared = f"services/{rng.choice(SERVICES)}/conf"
        """The folder of which the log speaks as a whole."""
        self.examples = [fresh(rng, kind) for kind in TYPES for _ in range(2)]
        self.revoked = [fresh(rng, kind) for kind in TYPES for _ in range(3)]
        lines = ["# Example keys", "", "Our handbook and our tests use these. They open nothing.", ""]
        self.files.texts[EXAMPLES] = [*lines, *(f"- `{token}`" for token in self.examples)]
        self._hide_together()
        self._hide_live()
        self._hide_spoken_of(subjects)
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
        folders["data"] = "counts"
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

    def _free(self, begin: str, end: str, kinds: set[str], *, beside: bool = False) -> str:
        """Return a file with a free slot that fits; ``beside``: one that has a live token already."""
        used = {one.path for one in self.spots if any(token.live for token in one.tokens)}
        taken = {(one.path, token.kind) for one in self.spots for token in one.tokens}
        fits = []
        for name, lines in self.files.texts.items():
            if not (name.startswith(begin) and name.endswith(end)) or SLOT not in lines:
                continue
            if name.startswith(f"{self.cleared}/") and not begin.startswith(self.cleared):
                continue
            if (name in used) == beside and not any((name, kind) in taken for kind in kinds):
                fits.append(name)
        return self.rng.choice(fits)

    def _put(self, path: str, form: str, tokens: list[Token], rest: str = "") -> Spot:
        rng, lines = self.rng, self.files.texts[path]
        suffix = path[path.rindex(".") :]
        inner = ""
        if form in ENCODED:
            inner = inner_text(rng, [token.value for token in tokens])
            spelled = encode(form, inner)
        elif rest:
            spelled = tokens[0].value + rest
        else:
            spelled = spell(rng, form, tokens[0].value)
        if path in self.files.escaped and "\\/" not in spelled and "/" in spelled:
            spelled = spelled.replace("/", "\\/")
            form = "escaped" if form == "plain" else form
        text = rng.choice(CARRIERS[form][suffix]).format(spelled)
        slots = [number for number, line in enumerate(lines) if line == SLOT]
        at = slots[0] if "\n" in spelled else rng.choice(slots)
        if suffix == ".log":
            text = lines[at - 1][:20] + text[20:]
        if ".min." in path:
            text = text.strip().replace(": ", ":")
        indent = "    " if suffix == ".py" and at > 12 else ""
        lines[at : at + 1] = (indent + text).split("\n")
        self.spots.append(Spot(path, form, tokens, inner, spelled))
        return self.spots[-1]

    def _hide_together(self) -> None:
        rng = self.rng
        for suffix, form, what in TOGETHER:
            kinds = rng.sample(TYPES, len(what))
            tokens = [self._token(one, kind) for one, kind in zip(what, kinds, strict=True)]
            self._put(self._free("infra/", suffix, set(kinds)), form, tokens)
        short = self._free("exports/", ".min.json", set(TYPES))
        for kind in rng.sample(TYPES, 3):
            self._put(short, "plain", [self._token("live", kind)])

    def _hide_live(self) -> None:
        rng = self.rng
        for begin, end, form, count in LIVE:
            for number in range(count):
                kind = TYPES[(number + rng.randrange(3)) % 3]
                self._put(self._free(begin, end, {kind}), form, [self._token("live", kind)])
        crlf = [name for name in sorted(self.files.crlf) if name.endswith(".env") and self._open(name)]
        self._put(rng.choice(crlf), "continued", [self._token("live", rng.choice(TYPES))])
        for broken in [one for one in self.spots if "\n" in one.spelled and one.form != "block"]:
            if SLOT in self.files.texts[broken.path]:
                kind = rng.choice([kind for kind in TYPES if kind != broken.tokens[0].kind])
                self._put(broken.path, "plain", [self._token("live", kind)])
        again = rng.choice([one for one in self.spots if one.path.startswith("services/") and not one.inner])
        path = self._free("/".join(again.path.split("/")[:2]), ".py", {again.tokens[0].kind})
        self._put(path, "plain", again.tokens)

    def _open(self, name: str) -> bool:
        """Tell whether a file has a free slot and nothing hidden in it yet."""
        used = any(one.path == name for one in self.spots)
        return not used and SLOT in self.files.texts[name] and not name.startswith(f"{self.cleared}/")

    def _hide_spoken_of(self, subjects: dict[str, tuple[bool, bool]]) -> None:
        rng = self.rng
        places = list(SPOKEN_OF)
        rng.shuffle(places)
        for number, (key, (listed, live)) in enumerate(subjects.items()):
            kind = TYPES[(number + rng.randrange(2)) % 3]
            token = Token(fresh(rng, kind), kind, "log", live)
            if listed:
                self.revoked.append(token.value)
            begin, end, form = SPOKEN_OF_ENCODED.get(key, places[number % len(places)])
            if key.startswith("group"):
                begin, end, form = f"{self.cleared}/", ".env" if key != "group ini" else ".ini", "plain"
                form = "hex" if key == "group hex" else form
            self.said[key] = self._put(self._free(begin, end, {kind}), form, [token])
            if key in TWICE:
                begin, end, form = TWICE[key]
                self._put(self._free(begin, end, {kind}), form, [token])

    def _hide_decoys(self) -> None:
        rng = self.rng
        for what, count in DECOYS.items():
            for number in range(count):
                form, beside, kind = "plain", number in (0, 1), TYPES[number % 3]
                begin, end = "", rng.choice(SUFFIXES)
                if number in (2, 3):
                    form, begin, end = "base64", "", (".yaml", ".sh")[number - 2]
                elif number == 4:
                    form, end = "continued", ".sh"
                elif number == 5:
                    form, end = "unicode", ".json"
                elif beside:
                    end = (".py", ".sh", ".yaml")[rng.randrange(3)]
                path = self._free(begin, end, {kind}, beside=beside)
                self._put(path, form, [self._token(what, kind, number)])
        for begin, end, form, rest in GOES_ON:
            kind = rng.choice(TYPES)
            token = Token(fresh(rng, kind), kind, "longer", False)
            self._put(self._free(begin, end, {kind}), form, [token], rest)

    def _token(self, what: str, kind: str, number: int = 0) -> Token:
        if what == "live":
            return Token(fresh(self.rng, kind), kind, what, True)
        if what == "lookalike":
            return Token(lookalike(self.rng, kind), kind, what, False)
        if what == "longer":
            return Token(longer(self.rng, kind), kind, what, False)
        choices = self.examples if what == "example" else self.revoked[:9]
        fits = [token for token in choices if token.startswith(fresh(self.rng, kind)[:3])]
        return Token(fits[number % len(fits)], kind, what, False)

    # -- what comes of it ------------------------------------------------------------------------

    def text(self, path: str) -> str:
        """Return a file as it is given, line ends as LF."""
        if ".min." in path:
            return "".join(self.files.texts[path]) + "\n"
        return "\n".join(self.files.texts[path]) + "\n"

    def data(self, path: str, text: str) -> bytes:
        """Return the bytes of a text in the encoding and with the line ends of this file."""
        if path in self.files.crlf:
            text = text.replace("\n", "\r\n")
        if path in self.files.utf16:
            return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
        return text.encode("ascii")

    def cleaned(self, path: str) -> str:
        """Return a file as it has to be in the end, line ends as LF."""
        text = self.text(path)
        for one in self.spots:
            if one.path == path and any(token.live for token in one.tokens):
                new = one.inner
                for token in one.tokens:
                    label = f"${{{self.name_of(path, token.kind)}}}"
                    if token.live:
                        new = new.replace(token.value, label) if one.inner else label
                text = text.replace(one.spelled, encode(one.form, new) if one.inner else new)
        return text

    def line_of(self, one: Spot) -> int:
        """Return the line at which a spot begins, in the file as given."""
        text = self.text(one.path)
        return text[: text.index(one.spelled)].count("\n") + 1

    def unlisted(self) -> int:
        """Return how many places have a token that checks out, is no example and not in revoked.txt."""
        listed = set(self.revoked)
        return sum(
            token.why in ("live", "log") and token.value not in listed
            for one in self.spots
            for token in one.tokens
        )

    def revoked_text(self) -> str:
        """Return revoked.txt: what is in the tree, among others."""
        rng = self.rng
        prints = [fingerprint(token) for token in self.revoked]
        prints += [fingerprint(fresh(rng, rng.choice(TYPES))) for _ in range(40)]
        rows = sorted(f"2025-{rng.randint(1, 8):02}-{rng.randint(1, 28):02} {one}" for one in prints)
        return "\n".join(["# revoked on, fingerprint", *rows]) + "\n"
