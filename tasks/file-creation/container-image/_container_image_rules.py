"""What platform-policy.md comes to: whose note holds, and what the pipeline does for an event."""

import re
from itertools import product

from _container_image_app import is_document

ORDER = {
    "make image": ("make lint", "make test", "make docs-check"),
    "make smoke": ("make image",),
    "make scan": ("make image",),
    "make push": ("make scan", "make smoke"),
    "make deploy-staging": ("make push",),
    "make release": ("make push",),
    "make docs-publish": ("make docs-check", "make push"),
    "make report": (
        "make lint",
        "make test",
        "make docs-check",
        "make image",
        "make smoke",
        "make scan",
        "make push",
        "make release",
    ),
}
"""Command → those that must have succeeded before it, where they run; for the report: be over."""
_NUMBER = "[0-9]{1,2}"
_VERSION = rf"v{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
SECRETS = {
    "make test": "INDEX_TOKEN",
    "make image": "INDEX_TOKEN",
    "make scan": "SCAN_KEY",
    "make push": "REGISTRY_TOKEN",
    "make deploy-staging": "STAGING_KEY",
    "make release": "SIGNING_KEY",
    "make report": "CHAT_HOOK",
    "make docs-publish": "DOCS_KEY",
}


def holding(notes: list[dict], matter: str, today: str, how: str = "") -> str:
    """Return the value that holds, or what a reader who overlooks ``how`` takes for it."""
    live = [one for one in notes if one["from"] <= today or how == "future"]
    gone: set[str] = set()
    if how != "withdrawal":
        for one in sorted(live, key=lambda one: one["from"], reverse=True):
            if one["withdraws"] and (one["id"] not in gone or how == "revival"):
                gone.add(one["withdraws"])
    mine = [one for one in live if one["matter"] == matter and not one["withdraws"] and one["id"] not in gone]
    mine = [one for one in mine if one["scope"] in ("all", "tier", "service")]
    if how == "latest":
        return max(mine, key=lambda one: one["from"])["value"]
    walls = [one["from"] for one in mine if one["firm"] and how != "firm"]
    rank = {"all": 0, "tier": 1, "service": 2}
    open_ones = [one for one in mine if not walls or one["from"] >= max(walls)]
    if how == "absolute" and walls:
        open_ones = [one for one in mine if one["firm"]]
    return max(open_ones, key=lambda one: (rank[one["scope"]], one["from"]))["value"]


def wanted(event: dict, cast: dict) -> dict[str, list[str]]:
    """Return command → secrets for an event."""
    files = event.get("files", [])
    documents = [one for one in files if _document(cast, one)]
    work = len(documents) < len(files)
    kind, made = event["event"], []
    branch = event.get("branch", "")
    trusted = event.get("from", "same") == "same" and not event.get("head", "").startswith("robot/")
    if kind in ("push", "pull_request"):
        made += ["make lint", "make test"] if work else []
        made += ["make docs-check"] if documents else []
        made += ["make docs-publish"] if documents and kind == "push" and branch == "main" else []
        if work and kind == "push" and (branch == "main" or _release(cast, branch)):
            made += ["make image", "make scan", "make push"]
            made += ["make smoke"] if any(_smoked(cast, one) for one in files) else []
            made += ["make deploy-staging"] if (branch == "main") == (cast["staging"] == "main") else []
        if work and kind == "pull_request" and trusted and _release(cast, branch):
            made += ["make image", "make scan"]
    elif kind == "tag":
        final, candidate = (re.fullmatch(_VERSION + end, event["tag"]) for end in ("", f"-rc{_NUMBER}"))
        if final or candidate:
            made += ["make test", "make image", "make scan", "make push", "make report"]
            made += ["make release"] if final else []
    else:
        made += ["make test", "make image", "make scan", "make report"]
    found = {one: [SECRETS[one]] if one in SECRETS else [] for one in made}
    if kind == "pull_request" and not trusted and "make test" in found:
        found["make test"] = []
    return found


def stopped(command: str, failing: str) -> bool:
    """Return whether a command may not run when another failed before it."""
    if command == "make report":
        return False
    before = ORDER.get(command, ())
    return failing in before or any(stopped(one, failing) for one in before)


def _document(cast: dict, path: str) -> bool:
    if path.startswith("app/"):
        return is_document(cast, path.removeprefix("app/"))
    return path.endswith(".md")


def _smoked(cast: dict, path: str) -> bool:
    return path.startswith(("app/src/", "app/templates/")) and not _document(cast, path)


def _release(cast: dict, branch: str) -> bool:
    return branch.startswith(cast["release"] + "/") and not branch.startswith(cast["release"] + "/1.")


def hidden_events(cast: dict) -> list[dict]:
    """Return the events that the pipeline is tried on."""
    pkg, (first, second, third) = cast["pkg"], cast["words"]
    rel = cast["release"]
    files = [
        [f"app/src/{pkg}/{first}.py"],
        [f"app/src/{pkg}/{second}/guide.md"],
        ["app/templates/mail/welcome.md"],
        [f"app/templates/mail/{third}/late/final.md", "README.md"],
        ["app/templates/mail/drafts/winter.md"],
        [f"app/templates/mail/drafts/{third}/x.html"],
        ["app/docs/flow.svg"],
        ["app/docs/flow.svg", "app/pins/runtime.txt"],
        ["app/docs/templates/mail/sample.md"],
        [f"app/{cast['web']}/css/site.css"],
        ["docs/plan.txt"],
        ["CHANGES.md", f"app/templates/{third}/list.html"],
        [f"app/src/{pkg}/docs/table.json"],
    ]
    branches = [
        "main",
        f"{rel}/2.4",
        f"{rel}/2.4/fix",
        f"{rel}/1.9",
        f"{rel}/1.9/fix",
        f"{rel}/12.0",
        f"fix/{rel}/2",
        "mainline",
    ]
    branches += [f"{other}/2.4" for other in cast["stale"]]
    events = [{"event": "push", "branch": one, "files": some} for one, some in product(branches, files)]
    sources = [
        ("same", f"fix/{first}"),
        ("same", f"robot/bump/{first}"),
        ("same", "robotics"),
        ("fork", "patch-1"),
        ("fork", "robot/x"),
    ]
    targets = ["main", f"{rel}/2.4", f"{rel}/1.9", f"{rel}/2.5/next"]
    events += [
        {"event": "pull_request", "branch": one, "from": way, "head": head, "files": some}
        for one, (way, head), some in product(targets, sources, files[:9])
    ]
    tags = [
        "v2.4.0",
        "v12.0.31",
        "v2.10.3-rc2",
        "v2.10.3-rc11",
        "vendor-7",
        "v2-plan",
        "v2.4.0-docs",
        "docs-v2.4.0",
        "v2.4",
        "v2.4.0-rc",
        "team/v2.4.0",
    ]
    events += [{"event": "tag", "tag": one} for one in tags]
    return [*events, {"event": "schedule"}]
