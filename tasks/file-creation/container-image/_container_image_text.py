"""The documents beside the service: notes of the platform group, policy, formats, the README that is out of date."""

from _container_image_tools import IMAGES

BODIES = {
    "base": ("The final stage starts from `{v}`.", "Final stages are built on `{v}`, nothing else."),
    "uid": ("The process runs as user `{v}` (the number, no name).", "Run as user `{v}`, given by number."),
    "port": ("The port is `{v}`.", "Listen on `{v}`; the load balancers are set up for it."),
    "release": (
        "Release branches are those that begin with `{v}/`.",
        "What is released comes from branches that begin with `{v}/`.",
    ),
    "staging": (
        "Staging is fed from `{v}` branches.",
        "Deployments to staging: from pushes to `{v}` branches only.",
    ),
}
FIRM = "This holds without exception, also where a narrower note says otherwise today."
MATTERS = {
    "base": "base image",
    "uid": "user",
    "port": "port",
    "release": "release branches",
    "staging": "staging",
}

ROWS = (
    "| command | secrets | runs for | only after |\n"
    "|---|---|---|---|\n"
    "| `make lint` | – | pushes and pull requests that change product | |\n"
    "| `make test` | `INDEX_TOKEN` (2.3) | as `make lint`; also version tags and nightly | |\n"
    "| `make docs-check` | – | pushes and pull requests that change documentation | |\n"
    "| `make image` | `INDEX_TOKEN` | pushes of product to `main` and release branches; trusted "
    "pull requests of product into release branches; version tags; nightly | lint, test, docs-check |\n"
    "| `make smoke` | – | pushes as for `make image`, if product below `app/src/` or "
    "`app/templates/` changed | image |\n"
    "| `make scan` | `SCAN_KEY` | whenever `make image` does | image |\n"
    "| `make push` | `REGISTRY_TOKEN` | pushes as for `make image`; version tags | scan, smoke |\n"
    "| `make deploy-staging` | `STAGING_KEY` | pushes of product to the branches that feed staging "
    "| push |\n"
    "| `make release` | `SIGNING_KEY` | version tags, but not of candidates | push |\n"
    "| `make docs-publish` | `DOCS_KEY` | pushes to `main` that change documentation | docs-check, "
    "push |\n"
    "| `make report` | `CHAT_HOOK` | version tags and nightly | all others |\n"
)
"""The commands of the pipeline."""

POLICY = """# Platform policy

Kept by the platform group. Parts 1 and 2 say what an image and its pipeline must be like; five matters (base image,
user, port, release branches, staging) are settled by the dated notes of part 3, since they change often.

## 1. Image

1.1 The final stage starts from the base image in force, has `USER` with the user in force, and the service listens on
all interfaces (`0.0.0.0`) at the port in force. `EXPOSE` names that port and no other. Other stages may start from any
image that the builder offers.

1.2 The final stage holds nothing of the repository but the service itself: what lies below `app/src/` and
`app/templates/`, all of it apart from tests, documentation, mail drafts and secrets. To this come what
`assetpack` makes by
`build.toml`, apart from source maps (`*.map`), and the packages of `requirements.txt`, apart from their tests.
Every layer of the final stage counts, those of a stage that it starts from as well: what a later step deletes is still
in the image. Files that belong there are there under their own relative paths.

1.3 Terms, for the image and for the pipeline alike, at any depth:

- *Tests*: folders named `tests` with everything below, and files named `test_*.py` or `conftest.py`.
- *Documentation*: everything below `app/docs/`, and every `*.md` file of the repository. Mail templates, that is
  `*.md` below `app/templates/mail/`, are not documentation; but `*.md` below `app/templates/mail/drafts/` is.
- *Mail drafts*: everything below `app/templates/mail/drafts/`.
- *Secrets*: files whose name begins with `.env`, `*.key`, `*.pem`. The public authorities, that is `*.pem` below
  `app/src/{pkg}/trust/` whose name does not begin with `.env`, are no secrets and belong to the service; but `*.pem`
  below `app/src/{pkg}/trust/dev/` are.

1.4 A secret is not even sent to the builder: `.dockerignore` keeps it out of the build context.

1.5 Builds are cached step by step. A change of files that `pip` does not read must leave the `pip` step cached, and a
change of files that `assetpack` does not read must leave the `assetpack` step cached. New files count as changes.

1.6 The repository grows: files of every kind named here are added, at any depth and in new folders below those that
are there, without anybody touching `Dockerfile`, `.dockerignore` or `ci.json`. All of this must hold then, too. What is
not added: files that `pip` reads, and in the folders that `assetpack` reads anything but style sheets and scripts.

## 2. Pipeline

2.1 What runs when. *Product* is every file of the repository that is not documentation.

{table}

2.2 *Only after*: the command begins when those named, as far as they run for the event, are over, and does not run if
one of them failed or did not run because of an earlier failure. `make report` runs last in any case, whatever failed.
Commands that are not tied to each other in this way, directly or through others, do not hold each other up: one runs
although the other failed.

2.3 *Trusted* pull requests come from our own repository and from a branch that does not begin with `robot/` (there the
dependency robot works, and nobody has read what it pulls in). For all other pull requests `make test` runs without any
secret.

2.4 A command sees the secrets of the table and no others. No command runs twice for an event, and none runs that is
not in the table.

2.5 *Version tags* are `v` and three numbers with dots between them, like `v3.0.12`; *candidates* have `-rc` and a
number after that, like `v3.0.12-rc4`, and are version tags, too. Each number has one or two digits. Other tags, which
teams set as they like, start nothing.

2.6 Release branches of line 1 are frozen: what begins with the prefix in force, `/` included, followed by `1.` is no
release branch.

2.7 Staging is fed either from `main` or from `release` branches (all of them, 2.6 observed), as the notes say.

## 3. Notes

3.1 A note holds from its day on, that day included. It is for all services, for the services of a tier (`tier` in
`service.toml`) or for one service.

3.2 Of the notes on a matter that hold, one for the service goes before one for its tier, and that before one for all,
whatever their days. Between notes of equal reach the later day goes first.

3.3 A note "without exception" sets aside all notes on its matter, of any reach, with an earlier day. Later ones
go by 3.2 again.

3.4 A note that withdraws another has the effect, from its own day on, that the other was never written. A withdrawal
can itself be withdrawn.

{notes}"""

FORMATS = """# Formats

## 1. Dockerfile and builder

The builder gets the folder `app/`, without what `app/.dockerignore` keeps out, and replays `app/Dockerfile`.

Instructions: `FROM image-or-stage [AS name]`, `WORKDIR`, `COPY [--from=stage] source... target`, `RUN`,
`ENV NAME=value ...`, `USER`, `EXPOSE`, `CMD ["program", "argument"]` (a list only). Lines are continued with `\\`.
There are no variables (`$`), and no other instruction. The last stage is the final one. All but `COPY` and `RUN` work
as usual; those two work as usual within these limits:

- `COPY` takes paths in the context, or with `--from` absolute paths in the other stage, to which `.dockerignore` does
  not apply. A source may hold `*`, `?` and `[0-9]`, within a path segment. Of a folder, also of one that a pattern
  finds, the content is copied, not the folder itself. A source that finds nothing stops the build.
- `RUN` takes these commands, joined by `&&`: `pip install [--no-cache-dir] -r FILE [--target DIR]`, `assetpack FILE`,
  `mkdir -p DIR`, `cp -r FROM TO`, `rm -rf PATH...` (`*`, `?` as above), and `find DIR -name PATTERN -delete`, which
  also deletes folders of such a name with their content. `pip` reads FILE and what it names with `-r` and `-c`
  (paths relative to the file that names them), and writes packages with all that is in them. They work only with
  the version of Python that installed them, and it finds them where `--target` put them if that folder is in
  `PYTHONPATH`, without `--target` by itself (in `/usr/lib/python3/site-packages`). `assetpack` reads FILE and the files
  below the folders in `sources` and those in `single`, all relative to FILE, and writes to `out`, also relative to
  FILE, each of them under its name (that of the source folder first, `css/site.css`), source maps beside all style
  sheets and scripts, and `manifest.json`; all of it is needed but the maps. It has no options.
- A step is cached if the steps before it in its stage are the same, its text is the same, and, for `COPY`, names and
  contents of the files copied are the same.

Images:

| image | Python | offers |
|---|---|---|
{images}

`.dockerignore`: one pattern a line, relative to `app/`, matched from there on. `*` and `?` stay within a segment,
`**` spans segments, `**/` stands for any folders or none. A pattern that fits a folder fits everything below. `!`
brings back; of all patterns that fit, the last decides. `#` begins a comment line.

## 2. ci.json

    {{"jobs": {{"some-name": {{"on": [{{"event": "push", "branches": ["**"]}}], "needs": [], "after": [],
                            "always": false, "secrets": [], "steps": ["make lint"]}}}}}}

`on` and `steps` are required. `steps` are commands, one after the other; the first that fails ends the job, and the job
has failed. All steps of a job see all of its `secrets`.

An entry of `on` fits an event if all that it says fits; a job starts, once, if one entry or more fit.

| event | keys, all optional |
|---|---|
| `push` (to a branch) | `branches`, `paths` |
| `pull_request` | `branches` (the target), `heads` (the branch it comes from), `from` (`fork` or `same`), `paths` |
| `tag` | `tags` |
| `schedule` (nightly) | |

`branches`, `heads`, `tags` and `paths` are lists of patterns for the whole text, in which the last one that fits
decides: with `!` in front it says no, else yes; where none fits it is no. `*` (any text) and `?` (one character)
stay within a segment between slashes, `**` is any text, `**/` any folders or none, `[0-9]` one digit. `paths`, from
the root of the repository, fits if it says yes to at least one changed file.

- `needs`: the job waits for those named, and is skipped unless each of them ran for this event and succeeded.
- `after`: the job waits for those named that run for this event, and is skipped if one of them failed. Those that do
  not run, or are skipped, do not matter.
- `always`: true: the job waits for the same ones, and then runs whatever became of them.
- A job that is skipped has not run; it has not failed.
- A job with `secrets` is skipped if the event is a pull request from a fork.
"""

README = """# {pkg}

An internal service of team {team} (tier {other}). To try it:

    pip install -r requirements.txt
    assetpack build.toml
    PYTHONPATH=src {up}_ASSETS={out} python3 -m {pkg}

The image is made from `{base}`, runs as user `{uid}` and listens on {port}. Settings are in `src/{pkg}/config.py`.
"""


def images_table() -> str:
    """Return the rows of the images."""
    rows = []
    for image, (python, tools) in IMAGES.items():
        offers = ", ".join(sorted(tools)) or "–"
        if image.endswith("assetpack:4"):
            offers += " (format 1)"
        elif tools & {"assetpack"}:
            offers += " (formats 1 and 2)"
        rows.append(f"| `{image}` | {python or '–'} | {offers} |")
    return "\n".join(rows)


def note_text(note: dict, cast: dict, way: int) -> str:
    """Return a note as the group wrote it."""
    scopes = {
        "all": "all services",
        "tier": f"services of tier `{cast['tier']}`",
        "other-tier": f"services of tier `{cast['other_tier']}`",
        "service": f"`{cast['pkg']}`",
        "other-service": f"`{cast['other_pkg']}`",
    }
    head = f"**{note['id']}** ({note['by']}), for {scopes[note['scope']]}, from {note['from']}. "
    if note["withdraws"]:
        return f"{head}{note['withdraws']} is withdrawn."
    body = BODIES[note["matter"]][way].format(v=note["value"])
    return f"{head}On the {MATTERS[note['matter']]}: {body}{' ' + FIRM if note['firm'] else ''}"
