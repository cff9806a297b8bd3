"""An engineer who reads it all, one who builds it otherwise, one wrong solution per trap, and single faults."""

import json
import re
from pathlib import Path

from _container_image_read import facts as _facts
from _container_image_write import DOCKER as _DOCKER
from _container_image_write import IGNORE as _IGNORE
from _container_image_write import OTHER_DOCKER as _OTHER_DOCKER
from _container_image_write import OTHER_IGNORE as _OTHER_IGNORE
from _container_image_write import by_kind as _by_kind
from _container_image_write import pipeline as _pipeline
from _container_image_write import save as _save


def oracle(workspace: Path, turn: int = 1, message: str = "") -> str:
    """Write the three files by what is in force."""
    right = _facts(workspace, message)
    _save(workspace, right, _DOCKER, _IGNORE, _pipeline(right))
    return f"{right['pkg']} is ready."


def otherwise(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Let in by name what the image needs, install in place, give each kind of event its own jobs."""
    right = _facts(workspace, message)
    _save(workspace, right, _OTHER_DOCKER, _OTHER_IGNORE, _by_kind(right))


def crossed(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Use the one's ignore file with the other's stages, and join jobs that always go together."""
    right = _facts(workspace, message)
    plan = _pipeline(right)
    jobs = plan["jobs"]
    jobs["release"]["after"] = ["scan", "image"]
    jobs["smoke"]["after"] = ["lint", "docs"]
    jobs["smoke"]["needs"] = ["image", "test"]
    (workspace / "notes.txt").write_text("lint first\n", "utf-8")
    _save(workspace, right, _DOCKER.replace("COPY src src", "COPY src /srv/src/"), _OTHER_IGNORE, plan)


def stuffer(workspace: Path, turn: int = 1, message: str = "") -> str:
    """Write the usual files without reading."""
    docker = "FROM images.lindhall.example/py-full:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    docker += 'USER 10001\nEXPOSE 8000\nCMD ["python3", "-m", "app"]\n'
    (workspace / "app/Dockerfile").write_text(docker, "utf-8")
    (workspace / "app/.dockerignore").write_text(".git\n.env\n*.pem\n*.key\ntests\ndocs\n*.md\n", "utf-8")
    names = (
        "lint",
        "test",
        "docs-check",
        "image",
        "smoke",
        "scan",
        "push",
        "deploy-staging",
        "release",
        "report",
    )
    steps = [f"make {one}" for one in names]
    jobs = {
        "all": {"on": [{"event": "push"}, {"event": "tag"}], "steps": steps, "secrets": ["REGISTRY_TOKEN"]}
    }
    (workspace / "ci.json").write_text(json.dumps({"jobs": jobs}), "utf-8")
    return "Base image, user, port, cache, secrets and pipeline are as the policy says."


def _swapped(name: str, file: str, old: str, new: str):
    """Return the oracle with one text of one template replaced."""

    def solution(workspace: Path, turn: int = 1, message: str = "") -> None:
        right = _facts(workspace, message)
        docker, ignore = (
            (_DOCKER.replace(old, new), _IGNORE) if file == "docker" else (_DOCKER, _IGNORE.replace(old, new))
        )
        if (docker, ignore) == (_DOCKER, _IGNORE):
            raise AssertionError(f"{name} changes nothing")
        _save(workspace, right, docker, ignore, _pipeline(right))

    solution.__name__ = name
    return solution


def _replanned(name: str, change):
    """Return the oracle with another pipeline."""

    def solution(workspace: Path, turn: int = 1, message: str = "") -> None:
        right = _facts(workspace, message)
        plan = _pipeline(right)
        change(plan["jobs"], right)
        _save(workspace, right, _DOCKER, _IGNORE, plan)

    solution.__name__ = name
    return solution


def _triggers(jobs: dict, key: str, change) -> None:
    """Change a list of patterns wherever it stands."""
    for job in jobs.values():
        for one in job["on"]:
            if key in one:
                one[key] = change(list(one[key]))


def _ordered_away(jobs: dict, right: dict) -> None:
    jobs["scan"].pop("needs")
    jobs["scan"]["after"] = ["image"]


def _robots_trusted(jobs: dict, right: dict) -> None:
    jobs["open-test"]["on"].pop()
    _triggers(jobs, "heads", lambda _: ["**"])


def _smoke_loose(jobs: dict, right: dict) -> None:
    jobs["push"].pop("after")


def _drafts_last(jobs: dict, right: dict) -> None:
    _triggers(jobs, "paths", lambda some: [one for one in some if "drafts" not in one])


def _frozen(jobs: dict, right: dict) -> None:
    rel = right["release"]
    _triggers(
        jobs, "branches", lambda some: [f"!{rel}/1.*" if one == f"!{rel}/1.**" else one for one in some]
    )


def _loose_tags(jobs: dict, right: dict) -> None:
    _triggers(jobs, "tags", lambda some: ["v*", *([] if "-rc" in some[-1] else ["!*-*"])])


def _site_loose(jobs: dict, right: dict) -> None:
    jobs["site"]["after"] = ["docs", "push"]


_LINE = "COPY requirements/base.txt requirements/"
_DEV = "src/{pkg}/trust/dev/**/*.pem\n"
_PIP_TESTS = " && find /opt/deps -name conftest.py -delete"
_WRONG = {
    _swapped("whole_requirements", "docker", _LINE, "COPY requirements requirements"): {"cached"},
    _swapped("whole_pins", "docker", "COPY pins/runtime.txt pins/", "COPY pins pins"): {"cached"},
    _swapped("top_maps_only", "docker", "find {out} -name '*.map' -delete", "rm -rf {out}/*/*.map"): {
        "contents"
    },
    _swapped("flattened", "docker", "COPY src src", "COPY src/* src/"): {"starts"},
    _swapped("loopback", "docker", " {up}_HOST=0.0.0.0", ""): {"starts"},
    _swapped("package_tests", "docker", _PIP_TESTS, ""): {"contents"},
    _swapped("wide_tests", "ignore", "**/test_*.py", "**/test_*"): {"starts", "contents", "context"},
    _swapped("dev_trusted", "ignore", _DEV, ""): {"contents", "context"},
    _swapped("dev_folder", "ignore", _DEV, "src/{pkg}/trust/dev\n"): {"starts", "contents", "context"},
    _replanned("smoke_unawaited", _smoke_loose): {"failures"},
    _replanned("site_after_two", _site_loose): {"failures"},
    _replanned("robots_trusted", _robots_trusted): {"pull-requests", "secrets"},
    _replanned("frozen_sub_branches", _frozen): {"pushes"},
    _replanned("drafts_as_mails", _drafts_last): {"pushes", "pull-requests"},
    _replanned("loose_tags", _loose_tags): {"tags"},
    _replanned("skipped_is_no_failure", _ordered_away): {"failures"},
}
globals().update({one.__name__: one for one in _WRONG})


def by_the_readme(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Take base image, user and port from the README."""
    text = (workspace / "app/README.md").read_text("utf-8")
    base, uid, port = re.search(
        r"made from `([^`]+)`, runs as user `(\d+)` and listens on (\d+)", text
    ).groups()
    right = _facts(workspace, message)
    version = re.search(r":(3\.\d+)", base)[1]
    right.update(base=base, uid=uid, port=port, pip=re.sub(r":.*", f":{version}", right["pip"]))
    _save(workspace, right, _DOCKER, _IGNORE, _pipeline(right))


def other_staging(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Feed staging from where it was fed before."""
    right = _facts(workspace, message)
    right["staging"] = "release" if right["staging"] == "main" else "main"
    _save(workspace, right, _DOCKER, _IGNORE, _pipeline(right))


def other_release(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Take a prefix that another note gives."""
    right = _facts(workspace, message)
    notes = (workspace / "platform-policy.md").read_text("utf-8")
    right["release"] = next(
        one for one in re.findall(r"begin with `(\w+)/`", notes) if one != right["release"]
    )
    _save(workspace, right, _DOCKER, _IGNORE, _pipeline(right))


def wrong_python(workspace: Path, turn: int = 1, message: str = "") -> None:
    """Install the packages by another Python than runs them."""
    right = _facts(workspace, message)
    head, _, version = right["pip"].rpartition(":")
    right["pip"] = f"{head}:{'3.13' if version != '3.13' else '3.12'}"
    _save(workspace, right, _DOCKER, _IGNORE, _pipeline(right))


# -- one fault each, made in what the oracle left ---------------------------------------------------


def _edit(workspace: Path, name: str, old: str, new: str) -> None:
    file = workspace / name
    text = file.read_text("utf-8")
    if old not in text:
        raise AssertionError(f"no {old}")
    file.write_text(text.replace(old, new), "utf-8")


def no_command(workspace: Path, turn: int = 1) -> None:
    """Start a shell."""
    _edit(workspace, "app/Dockerfile", '"python3", "-m"', '"sh", "-c"')


def exposes_more(workspace: Path, turn: int = 1) -> None:
    """Expose another port, too."""
    _edit(workspace, "app/Dockerfile", "EXPOSE ", "EXPOSE 9 ")


def ships_settings(workspace: Path, turn: int = 1) -> None:
    """Copy the build's settings along."""
    _edit(workspace, "app/Dockerfile", "COPY src src", "COPY service.toml src /srv/\nCOPY src src")


def copies_all_first(workspace: Path, turn: int = 1) -> None:
    """Copy everything before the packages are installed."""
    _edit(workspace, "app/Dockerfile", "COPY requirements.txt ./", "COPY . .")


def keys_sent(workspace: Path, turn: int = 1) -> None:
    """Let keys that no stage copies into the context."""
    _edit(workspace, "app/.dockerignore", "**/*.key\n", "**/*.key\n!certs/*.key\n")


def _job(workspace: Path, name: str, change) -> None:
    file = workspace / "ci.json"
    plan = json.loads(file.read_text("utf-8"))
    change(plan["jobs"][name])
    file.write_text(json.dumps(plan), "utf-8")


def main_unbuilt(workspace: Path, turn: int = 1) -> None:
    """Push nothing from branches."""
    _job(workspace, "push", lambda job: job["on"].pop(0))


def pulls_unbuilt(workspace: Path, turn: int = 1) -> None:
    """Build and scan no pull request."""
    _job(workspace, "image", lambda job: job["on"].pop(1))


def nights_unreported(workspace: Path, turn: int = 1) -> None:
    """Report on tags only."""
    _job(workspace, "report", lambda job: job["on"].pop())


def secret_forgotten(workspace: Path, turn: int = 1) -> None:
    """Give the report no address."""
    _job(workspace, "report", lambda job: job.pop("secrets"))


def lint_unawaited(workspace: Path, turn: int = 1) -> None:
    """Build without waiting for lint."""
    _job(workspace, "image", lambda job: job["after"].remove("lint"))


def readme_mended(workspace: Path, turn: int = 1) -> None:
    """Bring the README up to date."""
    _edit(workspace, "app/README.md", "listens on", "listened on")


ALTERNATIVES = [otherwise, crossed]
WRONG = {
    **_WRONG,
    wrong_python: {"starts"},
    by_the_readme: {"platform"},
    other_staging: {"pushes"},
    other_release: {"pushes", "pull-requests"},
}
MUTATIONS = {
    no_command: {"starts"},
    exposes_more: {"platform"},
    ships_settings: {"contents"},
    copies_all_first: {"cached"},
    keys_sent: {"context"},
    main_unbuilt: {"pushes"},
    pulls_unbuilt: {"pull-requests"},
    nights_unreported: {"tags"},
    secret_forgotten: {"secrets"},
    lint_unawaited: {"failures"},
    readme_mended: {"inputs-unchanged"},
}
