"""The commands that a RUN step may hold, and which image offers which."""

import posixpath
import tomllib
from collections.abc import Callable

from _container_image_globs import matches

REGISTRY = "images.lindhall.example"
IMAGES: dict[str, tuple[str, set[str]]] = {
    **{f"{REGISTRY}/py-build:{one}": (one, {"pip"}) for one in ("3.11", "3.12", "3.13")},
    **{f"{REGISTRY}/py-run:{one}-r{n}": (one, set()) for one in ("3.11", "3.12", "3.13") for n in (1, 2)},
    f"{REGISTRY}/py-full:3.12": ("3.12", {"pip", "assetpack"}),
    f"{REGISTRY}/assetpack:4": ("", {"assetpack"}),
    f"{REGISTRY}/assetpack:5": ("", {"assetpack"}),
}
"""Image → version of its Python, and the tools it has beside mkdir, cp, rm and find."""
SITE = "/usr/lib/python3/site-packages"
_Files = dict[str, tuple[str, str]]


def run_tool(words: list[str], image: str, at: Callable[[str], str], files: _Files) -> _Files:
    """Run one command on the files: delete what it deletes, return what it writes. Raises ValueError."""
    python, tools = IMAGES[image]
    name, *rest = words
    if words[:4] == ["python3", "-m", "pip", "install"] or words[:4] == ["python", "-m", "pip", "install"]:
        name, rest = "pip", words[3:]
    if name in ("pip", "assetpack") and name not in tools:
        raise ValueError(f"{image} has no {name}")
    if name == "pip":
        return _pip(rest, python, at, files)
    if name == "assetpack" and len(rest) == 1:
        return _assetpack(at(rest[0]), image, files)
    if name == "mkdir" and rest[:1] == ["-p"]:
        return {}
    if name == "cp" and rest[:1] == ["-r"] and len(rest) == 3:
        return _cp(at(rest[1]), at(rest[2]), files)
    if name == "rm" and rest[:1] in (["-rf"], ["-f"], ["-r"]):
        for one in rest[1:]:
            _delete(files, lambda path, one=one: matches(at(one), path))
        return {}
    if name == "find" and len(rest) == 4 and rest[1] == "-name" and rest[3] == "-delete":
        start = at(rest[0]).rstrip("/") + "/"
        _delete(files, lambda path: path.startswith(start) and matches(rest[2], posixpath.basename(path)))
        return {}
    raise ValueError("no such command")


def _delete(files: _Files, wanted: Callable[[str], bool]) -> None:
    """Delete each file that is wanted or lies below a wanted folder."""
    for path in list(files):
        parts = path.split("/")
        if any(wanted("/".join(parts[:size])) for size in range(2, len(parts) + 1)):
            del files[path]


def _cp(source: str, target: str, files: _Files) -> _Files:
    if source in files:
        into = any(path.startswith(target.rstrip("/") + "/") for path in files)
        return {posixpath.join(target, posixpath.basename(source)) if into else target: files[source]}
    inside = {path: file for path, file in files.items() if path.startswith(source.rstrip("/") + "/")}
    if not inside:
        raise ValueError("nothing to copy")
    exists = any(path.startswith(target.rstrip("/") + "/") for path in files)
    goal = posixpath.join(target, posixpath.basename(source)) if exists else target
    return {goal + path[len(source.rstrip("/")) :]: file for path, file in inside.items()}


def read_requirements(path: str, files: _Files) -> tuple[dict[str, str], set[str]]:
    """Return name → version of a requirements file and the files read. Raises ValueError."""
    wanted: list[str] = []
    limits: dict[str, str] = {}
    read: set[str] = set()
    todo = [(path, False)]
    while todo:
        one, limit = todo.pop()
        if one in read:
            continue
        if one not in files:
            raise ValueError(f"no file {one[:80]}")
        read.add(one)
        for line in files[one][1].splitlines():
            line = line.partition("#")[0].strip()
            if line.startswith(("-r ", "-c ")):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(one), line[3:].strip()))
                todo.append((other, limit or line.startswith("-c ")))
            elif line:
                name, _, version = line.partition("==")
                if version:
                    limits[name] = version
                if not limit:
                    wanted.append(name)
    missing = [name for name in wanted if name not in limits]
    if missing:
        raise ValueError(f"no version for {missing[0]}")
    return {name: limits[name] for name in wanted}, read


def dependency_files(name: str, version: str, python: str) -> _Files:
    """Return what pip writes for one package, by place below its target."""
    parts = ("__init__.py", "core.py", "tests/cases.py", "io/test_io.py", "io/conftest.py", "io/__init__.py")
    return {
        f"{name}/{part}": (f"dep:{name}:{version}:{python}:{part}", f"{name} {version}") for part in parts
    }


def _pip(rest: list[str], python: str, at: Callable[[str], str], files: _Files) -> _Files:
    target, listed, todo = SITE, "", rest[1:]
    if rest[:1] != ["install"]:
        raise ValueError("pip install")
    while todo:
        flag = todo.pop(0)
        if flag in ("-r", "--requirement") and todo and not listed:
            listed = at(todo.pop(0))
        elif flag in ("-t", "--target") and todo:
            target = at(todo.pop(0))
        elif flag.startswith("--target="):
            target = at(flag.partition("=")[2])
        elif flag != "--no-cache-dir":
            raise ValueError(f"pip has no {flag[:40]}")
    made: _Files = {}
    for name, version in read_requirements(listed, files)[0].items():
        for part, file in dependency_files(name, version, python).items():
            made[posixpath.join(target, part)] = file
    return made


def packed(config: str, files: _Files) -> tuple[str, _Files, set[str]]:
    """Return output folder, what assetpack writes by place below it, and the files read. Raises ValueError."""
    if config not in files:
        raise ValueError(f"no file {config[:80]}")
    table = tomllib.loads(files[config][1])["assets"]
    home = posixpath.dirname(config)
    made: _Files = {}
    read = {config}
    for source in [*table["sources"], *table["single"]]:
        place = posixpath.normpath(posixpath.join(home, source))
        inside = [path for path in files if path == place or path.startswith(place + "/")]
        if not inside:
            raise ValueError(f"no {place[:80]}")
        for path in inside:
            read.add(path)
            goal = posixpath.basename(place) + path[len(place) :]
            made[goal] = (f"asset:{goal}", files[path][1])
            if path.endswith((".css", ".js")):
                made[f"{goal}.map"] = (f"map:{goal}", files[path][1])
    made["manifest.json"] = (
        "asset:manifest.json",
        "\n".join(f"{goal} {file[1]}" for goal, file in sorted(made.items())),
    )
    return posixpath.normpath(posixpath.join(home, table["out"])), made, read


def _assetpack(config: str, image: str, files: _Files) -> _Files:
    out, made, _ = packed(config, files)
    if "format = 2" in files[config][1] and image.endswith("assetpack:4"):
        raise ValueError("assetpack 4 reads format 1 only")
    return {posixpath.join(out, goal): file for goal, file in made.items()}
