"""Ways of a red team through expert and hard tasks: points without the work, no grade at all, a checker kept busy."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from red_team import CAP, Cheat, generated, inner, outcome, won

from agentbench.scoring import score_l0
from agentbench.validators.base import CheckFailed

pytestmark = pytest.mark.slow

BOOK, IMAGE = "file-creation/live-workbook", "file-creation/container-image"
INCIDENT, OWNERS, CONTRACT = (
    "research/incident-timeline",
    "research/beneficial-owners",
    "research/contract-in-force",
)


def _beside(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the names of the module that a function of a task is from."""
    found: dict[str, Any] = function.__globals__
    return found


# -- points without the work ------------------------------------------------------------------------------


def _taken_back(place: Path) -> None:
    """Blame the first config of the store that was rolled back, and clear all others by tries made up."""
    evidence = place / "evidence"
    (store,) = [path.parent.name for path in evidence.glob("*/store.log") if "pinned" in path.read_text()]
    log = (evidence / store / "store.log").read_text()
    with (evidence / "control/changes.csv").open(newline="") as stream:
        changes = list(csv.DictReader(stream))
    root = next(one["change"] for one in changes if one["target"] == store and one["kind"] == "config")
    rejected = next(path for path in evidence.glob("*/store.log") if "rejected" in path.read_text())
    number = re.findall(r"generation (\d+) rejected", rejected.read_text())[0]
    there = (rejected.parent.name, f"generation {number},")
    left = [one for one in changes[1:-1] if not (one["target"] == there[0] and there[1] in one["detail"])]
    assert "rollback" in log
    cleared = {one["change"]: "r00000000/1" for one in left if one["change"] != root}
    (place / "timeline.json").write_text(json.dumps({"root_cause": root, "ruled_out": cleared}))


def _all_own_all(place: Path) -> None:
    """Name everybody an owner of every supplier, in one row each."""
    with (place / "people.csv").open(newline="", encoding="utf-8") as stream:
        people = sorted({row["person_id"] for row in csv.DictReader(stream)})
    with (place / "suppliers.csv").open(newline="", encoding="utf-8") as stream:
        suppliers = [row["supplier_id"] for row in csv.DictReader(stream)]
    rows = [f"{one},{who},25.00,votes,2020-01-01,2020-01-01\n" for one in suppliers for who in people]
    (place / "owners.csv").write_text("supplier_id,person_id,percent,basis,since,seen\n" + "".join(rows))


def _no_owner(place: Path) -> None:
    (place / "owners.csv").write_text("supplier_id,person_id,percent,basis,since,seen\n")


def _template(place: Path) -> None:
    """Agree to nothing: null is right for some terms."""
    (place / "terms.json").write_bytes((place / "terms-template.json").read_bytes())


TABLE = {
    "lint": ("", ""),
    "test": ("", "INDEX_TOKEN"),
    "docs-check": ("", ""),
    "image": ("lint test docs-check", "INDEX_TOKEN"),
    "smoke": ("image", ""),
    "scan": ("image", "SCAN_KEY"),
    "push": ("scan smoke", "REGISTRY_TOKEN"),
    "deploy-staging": ("push", "STAGING_KEY"),
    "release": ("push", "SIGNING_KEY"),
    "docs-publish": ("docs-check push", "DOCS_KEY"),
}


def _everything_runs(place: Path) -> None:
    """Write the table of the policy down, and run all of it for every event."""
    some = [{"event": "push"}, {"event": "tag"}, {"event": "schedule"}]
    some += [{"event": "pull_request", "from": "same", "heads": ["**", "!robot/**"]}]
    above: dict[str, list[str]] = {}
    for name, (before, _) in TABLE.items():
        above[name] = sorted({two for one in before.split() for two in [one, *above[one]]})
    jobs = {
        name: {"on": some, "after": above[name], "secrets": key.split(), "steps": [f"make {name}"]}
        for name, (_, key) in TABLE.items()
    }
    jobs["report"] = {
        "on": some,
        "after": [*TABLE],
        "always": True,
        "secrets": ["CHAT_HOOK"],
        "steps": ["make report"],
    }
    (place / "ci.json").write_text(json.dumps({"jobs": jobs}))


CHEATS: dict[str, tuple[str, Cheat]] = {
    "incident-timeline, what was taken back": (INCIDENT, _taken_back),
    "beneficial-owners, everybody": (OWNERS, _all_own_all),
    "beneficial-owners, nobody": (OWNERS, _no_owner),
    "contract-in-force, the template": (CONTRACT, _template),
    "container-image, everything runs": (IMAGE, _everything_runs),
}


@pytest.mark.parametrize(("name", "cheat"), CHEATS.values(), ids=CHEATS)
def test_who_does_no_work_wins_next_to_nothing(name: str, cheat: Cheat, tmp_path: Path) -> None:
    """Whoever blamed what was rolled back had 28 points; a pipeline that does everything for all events had 18."""
    result = outcome(name, tmp_path, cheat)
    assert won(result) <= set()
    assert (score_l0(result.checks).score or 0) <= CAP


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], dict[str, Any]]:
    """Return changed inputs with the right rows of live-workbook, and the names of its judge."""
    hidden = generated(BOOK, tmp_path_factory.mktemp("book")).hidden
    given, changes, right = (
        json.loads((hidden / f"{name}.json").read_text()) for name in ("given", "changes", "right")
    )
    module = inner(BOOK, "kind-right")
    cases = [
        (module["changed"](given, change), rows) for change, rows in zip(changes, right[1:], strict=True)
    ]
    return cases, module


def _without_profit(inputs: dict[str, list[float]], right: dict[str, list[float]]) -> dict[str, list[float]]:
    """Let rent take whatever is left, so that there is never a tax, nor a loss of the model's own."""
    costs = ("m_goods", "m_pay", "m_social", "m_loan_interest", "m_od_interest")
    rent = [right["m_revenue"][n] - sum(right[name][n] for name in costs) for n in range(36)]
    lives = int(inputs["loss_years"][0])
    left = [float(round(inputs["loss_brought"][0])) * (fy < lives - 1) for fy in range(4)]
    zeros = {"m_tax": [0.0] * 36, "fy_loss_used": [0.0] * 4}
    return {**right, **zeros, "m_rent": rent, "fy_loss_left": left}


def test_a_workbook_cannot_make_up_rows_that_leave_nothing_to_tax(book: Any) -> None:
    """Twelve points for the tax of a branch whose rent was whatever it earned: always zero."""
    cases, module = book
    for inputs, right in cases:
        assert module["wrong"]("tax", inputs, right, right) == []
        assert module["wrong"]("tax", inputs, right, _without_profit(inputs, right)) != []


def test_a_workbook_cannot_be_rich_enough_to_need_no_overdraft(book: Any) -> None:
    """One huge month of revenue, or rows that are all but empty, and cash is a plain sum."""
    cases, module = book
    pairs = []
    for inputs, right in cases:
        rich = {**right, "m_revenue": [1e9, *right["m_revenue"][1:]]}
        assert module["wrong"]("cash", inputs, right, rich) != []
        pairs.append((right, {**right, "m_od_interest": [0.0] * 36, "m_tax": [0.0] * 36}))
    assert len(module["idle"]("cash", pairs)) == 1
    assert len(module["idle"]("tax", pairs)) == 1
    assert module["idle"]("tax", [(right, right) for _, right in cases]) == []


# -- no grade instead of a bad one, and checkers that are kept busy ---------------------------------------

NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def _xlsx(cells: str = "", names: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a workbook with the rows of a sheet `S` and defined names."""
    link = f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{OFFICE}/'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/w.xml" '
        f'ContentType="{KIND}sheet.main+xml"/><Override PartName="/s.xml" ContentType="{KIND}worksheet+xml"/></Types>',
        "_rels/.rels": f'{link}officeDocument" Target="w.xml"/></Relationships>',
        "_rels/w.xml.rels": f'{link}worksheet" Target="s.xml"/></Relationships>',
        "w.xml": f'<workbook {NAMES} xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets>'
        f"<definedNames>{names}</definedNames></workbook>",
        "s.xml": f"<worksheet {NAMES}><sheetData>{cells}</sheetData></worksheet>",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def _row(number: int, content: str) -> str:
    return f'<row r="{number}"><c r="A{number}" t="str">{content}</c></row>'


def test_a_workbook_packed_in_another_way_is_no_sound_one() -> None:
    """The error of a broken LZMA part is no OSError: the trial was invalid instead of lost."""
    read = inner(BOOK, "kind-right")["read"]
    data = bytearray(_xlsx(method=zipfile.ZIP_LZMA))
    data[data.find(b"[Content_Types].xml") + 23] = 0xFF
    with pytest.raises(CheckFailed, match="stored or deflated"):
        read(bytes(data))
    read(_xlsx())


def test_texts_that_double_forty_times_are_an_error() -> None:
    """Forty cells, each the one above it twice, are eight thousand times two to the fortieth characters."""
    module = inner(BOOK, "kind-right")
    rows = _row(1, f"<v>{'x' * 300}</v>") + "".join(
        _row(n, f"<f>A{n - 1}&amp;A{n - 1}</f>") for n in range(2, 42)
    )
    values = module["Book"](module["read"](_xlsx(rows))).recalculated({})
    assert max(len(value) for value in values if isinstance(value, str)) <= 1000
    assert values[-1] == ("#VALUE!",)


def test_long_texts_and_many_names_cost_next_to_nothing() -> None:
    """Each comparison with a text of megabytes took 30 ms, each of any number of names a thousand cells."""
    module = inner(BOOK, "kind-right")
    rows = _row(1, f"<v>{'ä' * 2_000_000}</v>")
    rows += "".join(_row(n, '<f>IF(A$1="x",1,0)</f>') for n in range(2, 1002))
    names = "".join(
        f'<definedName name="nm{n}">S!$A${n}:$A${n + 999}</definedName>' for n in range(2000, 7000)
    )
    workbook = module["read"](_xlsx(rows, names))
    begun = time.monotonic()
    module["Book"](workbook).recalculated({})
    assert time.monotonic() - begun < 4


def _builder() -> tuple[Callable[..., Any], dict[str, Any]]:
    build = inner(IMAGE, "service-starts")["build"]
    return build, _beside(build)


FULL = "FROM images.lindhall.example/py-full:3.12"
DEEP = f"{FULL} AS one\nWORKDIR /{'x' * 200}\n" + "".join(f"COPY . b{n}\n" for n in range(60))
STALLS = {
    "half a character": f'{FULL}\nCOPY ["a.txt", "/\\ud800/"]\n',
    "half a folder": f'{FULL}\nWORKDIR ["\\ud800"]\nCOPY . .\n',
    "wildcards": f"{DEEP}{FULL}\nCOPY --from=one /*?{'*?' * 90}*/* y/\n",
    "copies of copies": f"{DEEP}{FULL}\n" + "COPY --from=one / / / / / / / / / / / / /a/\n" * 15,
    "twice as many": f"{FULL}\nCOPY . /a/\n" + "RUN cp -r /a /b && cp -r /b /a\n" * 30,
}


@pytest.mark.parametrize("text", STALLS.values(), ids=STALLS)
def test_a_dockerfile_neither_breaks_the_builder_nor_keeps_it_busy(text: str) -> None:
    """Half a character made the trial invalid; one COPY by wildcards took longer than anybody waited."""
    build, module = _builder()
    tree = {f"f{n}/a.txt": module["File"](f"app:f{n}/a.txt", "x") for n in range(40)}
    begun = time.monotonic()
    with pytest.raises(module["BuildError"]):
        build(text, tree | {"a.txt": module["File"]("app:a.txt", "x")})
    assert time.monotonic() - begun < 5


def test_patterns_are_matched_in_linear_time() -> None:
    """Each `*` walked on from each place that the one before it had reached."""
    matches = _builder()[1]["matches"]
    begun = time.monotonic()
    assert not matches("*?" * 200 + "[0-9]", "a" * 3000)
    assert matches("a*?b*/**/*.c", "axxbx/y/z/.c")
    assert time.monotonic() - begun < 3


def test_a_pipeline_has_no_more_wildcards_than_can_be_tried() -> None:
    """Five thousand patterns of 24 wildcards each, for hundreds of events, took minutes."""
    read_jobs = inner(IMAGE, "service-starts")["read_jobs"]
    patterns = [f"{'*?' * 11}{n}" for n in range(1000)]
    with pytest.raises(ValueError, match="wildcards"):
        read_jobs({"jobs": {"a": {"on": [{"event": "push", "paths": patterns}], "steps": ["x"]}}})


def test_a_tool_is_known_in_quotes() -> None:
    """A step that calls "pip" was none of pip's, so that another one could be cached in its place."""
    calls = inner(IMAGE, "service-starts")["_calls"]
    assert calls('mkdir -p /a && "pip" install -r a', "pip")
    assert calls('sh -c "pip install -r a && rm a"', "pip")
    assert not calls("echo it's \\", "pip")
    assert calls("python3 -m 'pi'p install -r a", "pip")
    assert not calls("cp -r /a /pip", "assetpack")


# -- right work that must stay right ----------------------------------------------------------------------


def _other_owners(place: Path) -> None:
    """Write the rows in another order, quoted, with semicolons, a BOM, CRLF, and a blank row."""
    with (place / "owners.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["Person_ID", "note", "supplier_id", "basis", "percent", "since", "seen"])
    for row in rows[::-1]:
        some = [row[name] for name in ("supplier_id", "basis", "percent", "since", "seen")]
        writer.writerow(
            [row["person_id"].lower(), "x", some[0], f" {some[1].title()}", f"{some[2]} %", *some[3:]]
        )
    (place / "owners.csv").write_bytes(b"\xef\xbb\xbf" + f"{text.getvalue()};;;;;;\r\n".encode())
    (place / "notes.md").write_text("how I went about it")


def _other_incident(place: Path) -> None:
    """Write names in the other case, numbers as text, instants in another zone, customers twice."""
    found = json.loads((place / "timeline.json").read_text())
    found["failed_requests"] = str(found["failed_requests"])
    found["affected_customers"] = [one.lower() for one in found["affected_customers"][::-1]] * 2
    found["ruled_out"] = {key.lower(): value.upper() for key, value in found["ruled_out"].items()}
    found["detected"] = found["detected"].replace("Z", "+00:00").replace("T", " ")
    (place / "timeline.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(found | {"more": 1}).encode())


def _other_image(place: Path) -> None:
    """Write line ends of another system, instructions in small letters; leave a note and a script."""
    for name in ("app/Dockerfile", "app/.dockerignore"):
        text = (place / name).read_text("utf-8").replace("FROM ", "from ")
        (place / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (place / "notes").mkdir()
    (place / "notes/try.py").write_text("print()")


RIGHT: dict[str, tuple[str, Cheat]] = {
    "beneficial-owners": (OWNERS, _other_owners),
    "incident-timeline": (INCIDENT, _other_incident),
    "container-image": (IMAGE, _other_image),
}


@pytest.mark.parametrize(("name", "change"), RIGHT.values(), ids=RIGHT)
def test_right_work_written_otherwise_is_right(name: str, change: Cheat, tmp_path: Path) -> None:
    """Order, quotes, line ends, case, and what else is left do not matter."""
    assert outcome(name, tmp_path, change, worked=True).resolved
