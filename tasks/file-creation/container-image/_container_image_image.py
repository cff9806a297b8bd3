"""What a finished image may hold, and whether the service comes up from it."""

import posixpath

from _container_image_app import is_shipped, is_test
from _container_image_build import File, Stage
from _container_image_tools import IMAGES, SITE, dependency_files, packed

_FLAGS = {"-u", "-B", "-O", "-OO"}


def _assets(tree: dict[str, File]) -> dict[str, tuple[str, str]]:
    return packed("build.toml", {path: (file.origin, file.text) for path, file in tree.items()})[1]


def _packages(cast: dict, python: str) -> dict[str, str]:
    found = {}
    for name, version in cast["deps"].items():
        for part, (origin, _) in dependency_files(name, version, python).items():
            if not is_test(part):
                found[part] = origin
    return found


def allowed(cast: dict, tree: dict[str, File]) -> set[str]:
    """Return the origins that the layers of the final stage may hold."""
    service = {file.origin for path, file in tree.items() if is_shipped(cast, path)}
    assets = {origin for origin, _ in _assets(tree).values() if origin.startswith("asset:")}
    return service | assets | set(_packages(cast, IMAGES[cast["base"]][0]).values())


def trouble(final: Stage, cast: dict, tree: dict[str, File]) -> str:
    """Return why the service does not come up as its code asks, or nothing."""
    pkg, up = cast["pkg"], cast["pkg"].upper()
    program, *rest = final.cmd or [""]
    while rest and rest[0] in _FLAGS:
        rest.pop(0)
    if posixpath.basename(program) not in ("python", "python3") or rest not in (
        ["-m", pkg],
        ["-m", f"{pkg}.__main__"],
    ):
        return f"CMD {final.cmd}"
    python = IMAGES[final.image][0]
    if not python:
        return "the image has no Python"
    places = [
        final.workdir,
        *(final.at(one) for one in final.env.get("PYTHONPATH", "").split(":") if one),
        SITE,
    ]
    homes = [one for one in places if final.below(posixpath.join(one, pkg))]
    if not homes:
        return f"no module {pkg}"
    wanted = {
        posixpath.join(homes[0], path.removeprefix("src/")): file.origin
        for path, file in tree.items()
        if path.startswith("src/") and is_shipped(cast, path)
    }
    templates = final.at(final.env.get(f"{up}_TEMPLATES", "templates"))
    for path, file in tree.items():
        if path.startswith("templates/") and is_shipped(cast, path):
            wanted[posixpath.join(templates, path.removeprefix("templates/"))] = file.origin
    assets = final.at(final.env.get(f"{up}_ASSETS", "static"))
    for part, (origin, _) in _assets(tree).items():
        if origin.startswith("asset:"):
            wanted[posixpath.join(assets, part)] = origin
    for place, origin in wanted.items():
        if place not in final.files or final.files[place].origin != origin:
            return f"no {place}"
    for part, origin in _packages(cast, python).items():
        found = [
            final.files[one] for one in (posixpath.join(home, part) for home in places) if one in final.files
        ]
        if not found or found[0].origin != origin:
            return f"no package file {part} for Python {python}"
    if final.env.get(f"{up}_HOST", "127.0.0.1") not in ("0.0.0.0", "::"):
        return "listens on the loopback interface only"
    if not final.env.get(f"{up}_PORT", "8000").isdecimal():
        return "the port is no number"
    return ""
