"""Writes Dockerfile, ignore file and pipeline in two architectures each."""

import json
from itertools import product
from pathlib import Path

DOCKER = """FROM {pip} AS deps
WORKDIR /build
COPY requirements.txt ./
COPY requirements/base.txt requirements/
COPY requirements/extra/mail.txt requirements/extra/
COPY pins/runtime.txt pins/
RUN pip install --no-cache-dir -r requirements.txt --target /opt/deps && find /opt/deps -name tests -delete \\
    && find /opt/deps -name "test_*.py" -delete && find /opt/deps -name conftest.py -delete

FROM {pack} AS assets
WORKDIR /build
COPY build.toml ./
COPY brand/logo.svg brand/
COPY {web}/css {web}/css
COPY {web}/js {web}/js
RUN assetpack build.toml && find {out} -name '*.map' -delete

FROM {base}
WORKDIR /srv
ENV PYTHONPATH=/srv/src:/opt/deps {up}_HOST=0.0.0.0 {up}_PORT={port}
COPY --from=deps /opt/deps /opt/deps
COPY --from=assets /build/{out} static
COPY templates templates
COPY src src
USER {uid}
EXPOSE {port}
CMD ["python3", "-m", "{pkg}"]
"""
IGNORE = """**/*.pem
!src/{pkg}/trust/**/*.pem
src/{pkg}/trust/dev/**/*.pem
docs
**/*.md
!templates/mail/**/*.md
templates/mail/drafts
**/tests/**
**/test_*.py
**/conftest.py
# secrets, last, so that nothing brings them back
**/*.key
**/.env*
"""
OTHER_DOCKER = """# one stage copies the sources clean, the last only picks
FROM {base} AS ground
USER {uid}:{uid}
ENV {up}_HOST="0.0.0.0" {up}_PORT="{port}" \\
    {up}_TEMPLATES=/data/t {up}_ASSETS=/data/a
FROM {pack} as pack
COPY ["build.toml", "/w/"]
COPY brand/logo.svg /w/brand/logo.svg
COPY {web} /w/{web}/
WORKDIR /w
RUN assetpack /w/build.toml
RUN find /w/{out} -name *.map -delete && cp -r /w/{out} /done
FROM {pip}
COPY requirements.txt /r/
COPY requirements /r/requirements/
COPY pins /r/pins
RUN python3 -m pip install -r /r/requirements.txt
RUN rm -rf /usr/lib/python3/site-packages/*/tests && find /usr/lib -name conftest.py -delete
RUN find / -name test_*.py -delete
FROM ground
EXPOSE {port}/tcp
COPY --from=2 /usr/lib/python3/site-packages /usr/lib/python3/site-packages/
WORKDIR /code
COPY --from=pack /done /data/a/
COPY templates/ /data/t/
COPY src/ .
CMD ["/usr/bin/python3", "-u", "-m", "{pkg}"]
"""
OTHER_IGNORE = """*
!src
!templates
!build.toml
!requirements.txt
!requirements/base.txt
!requirements/extra/mail.txt
!pins/runtime.txt
!brand/logo.svg
!{web}/css
!{web}/js
src/**/*.md
templates/*.md
templates/**/*.md
!templates/mail/*.md
!templates/mail/**/*.md
templates/mail/drafts/**
**/*.pem
!src/{pkg}/trust/**
**/tests/**
**/test_*.py
**/conftest.py
src/{pkg}/trust/**/*.md
/src/{pkg}/trust/dev/**/*.pem
**/.env*
**/*.key
"""


def lists(right: dict) -> dict[str, list[str]]:
    """Return the lists of patterns."""
    mail, drafts, rel = "app/templates/mail/**/*.md", "app/templates/mail/drafts/**/*.md", right["release"]
    release = [f"{rel}/**", f"!{rel}/1.**"]
    number = ("[0-9]", "[0-9][0-9]")
    final = [f"v{'.'.join(three)}" for three in product(number, repeat=3)]
    return {
        "product": ["**", "!app/docs/**", "!**/*.md", mail, f"!{drafts}"],
        "documents": ["app/docs/**", "**/*.md", f"!{mail}", drafts],
        "smoke": ["app/src/**", "app/templates/**", "!**/*.md", mail, f"!{drafts}"],
        "release": release,
        "built": ["main", *release],
        "staging": ["main"] if right["staging"] == "main" else release,
        "final": final,
        "tags": [*final, *(f"{one}-rc{last}" for one in final for last in number)],
        "people": ["**", "!robot/**"],
    }


def pipeline(right: dict) -> dict:
    """Return the jobs of the pipeline."""
    use = lists(right)
    work = {"paths": use["product"]}
    pushed = {"event": "push", "branches": use["built"]}
    tag, night = {"event": "tag", "tags": use["tags"]}, {"event": "schedule"}
    trusted = {"event": "pull_request", "from": "same", "heads": use["people"], **work}
    anyone = [{"event": "push", **work}, {"event": "pull_request", **work}]
    seen = [{"event": one, "paths": use["documents"]} for one in ("push", "pull_request")]
    strange = [
        {"event": "pull_request", "from": "fork", **work},
        {"event": "pull_request", "from": "same", "heads": ["robot/**"], **work},
    ]
    build = [{**pushed, **work}, {**trusted, "branches": use["release"]}, tag, night]
    first = ["lint", "test", "open-test", "docs"]
    rows = [
        ("lint", "lint", anyone, "", {}),
        ("test", "test", [{"event": "push", **work}, trusted, tag, night], "INDEX_TOKEN", {}),
        ("open-test", "test", strange, "", {}),
        ("docs", "docs-check", seen, "", {}),
        ("image", "image", build, "INDEX_TOKEN", {"after": first}),
        ("smoke", "smoke", [{**pushed, "paths": use["smoke"]}], "", {"needs": ["image"]}),
        ("scan", "scan", build, "SCAN_KEY", {"needs": ["image"]}),
        ("push", "push", [{**pushed, **work}, tag], "REGISTRY_TOKEN", {"needs": ["scan"], "after": ["smoke"]}),
        ("staging", "deploy-staging", [{"event": "push", "branches": use["staging"], **work}], "STAGING_KEY",
         {"needs": ["push"]}),
        ("release", "release", [{"event": "tag", "tags": use["final"]}], "SIGNING_KEY", {"needs": ["push"]}),
        ("site", "docs-publish", [{"event": "push", "branches": ["main"], "paths": use["documents"]}], "DOCS_KEY",
         {"after": ["docs", "lint", "test", "image", "smoke", "scan", "push"]}),
        ("report", "report", [tag, night], "CHAT_HOOK",
         {"after": ["test", "image", "scan", "push", "release"], "always": True}),
    ]  # fmt: skip
    jobs = {}
    for name, command, on, secret, rest in rows:
        jobs[name] = {"on": on, **rest, "secrets": [secret] if secret else [], "steps": [f"make {command}"]}
    return {"jobs": jobs}


def by_kind(right: dict) -> dict:
    """Return a pipeline with jobs of its own for each kind of event, last ones first."""
    found = {}
    for name, job in pipeline(right)["jobs"].items():
        for kind in sorted({one["event"] for one in job["on"]}):
            found[f"{kind}:{name}"] = {**job, "on": [one for one in job["on"] if one["event"] == kind]}
    for name, job in found.items():
        kind = name.partition(":")[0]
        for key in ("needs", "after"):
            job[key] = [f"{kind}:{one}" for one in job.get(key, []) if f"{kind}:{one}" in found]
    return {"jobs": dict(reversed(found.items()))}


def save(workspace: Path, right: dict, docker: str, ignore: str, jobs: dict) -> None:
    """Write the three files."""
    (workspace / "app/Dockerfile").write_text(docker.format(**right), "utf-8")
    (workspace / "app/.dockerignore").write_text(ignore.format(**right), "utf-8")
    (workspace / "ci.json").write_text(json.dumps(jobs, indent=1), "utf-8")
