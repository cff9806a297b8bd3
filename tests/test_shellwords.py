"""Command lines as agents write them: how they split, and what they are held to have done."""

from __future__ import annotations

import random

import pytest

from agentbench.shellfacts import facts, is_helper_only
from agentbench.shellwords import parse


def words(line: str) -> list[list[tuple[str, ...]]]:
    return [[command.words for command in pipeline] for pipeline in parse(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b | c; d && e || f &", [[("a", "b"), ("c",)], [("d",)], [("e",)], [("f",)]]),
        ("grep '|' 'a;b' \"c > d\"", [[("grep", "|", "a;b", "c > d")]]),
        ("a'b c'\"d\"\\ e", [[("ab cd e",)]]),
        ("echo a # b; c\nd", [[("echo", "a")], [("d",)]]),
        ("echo a#b", [[("echo", "a#b")]]),
        ('x=$(cat f | wc -l) run "$(ls; pwd)" `date; id`', [[("run", "$(ls; pwd)", "`date; id`")]]),
        ("a \\\n  b", [[("a", "b")]]),
        ('for f in *.txt; do cat "$f"; done', [[("for", "f", "in", "*.txt")], [("cat", "$f")]]),
        ("(cd x && ls)", [[("cd", "x")], [("ls",)]]),
        ("A=1 B=2 env C=3 timeout -k 5 60 nohup run x", [[("run", "x")]]),
        ("find . -name '*.py' | xargs -0 -n 1 grep foo", [[("find", ".", "-name", "*.py"), ("grep", "foo")]]),
        ("/bin/bash -lc 'cd d && cat f'", [[("cd", "d")], [("cat", "f")]]),
        ("bash <<'EOF'\ncat f\nEOF\nls", [[("cat", "f")], [("ls",)]]),
        ("diff <(sort a) <(sort b)", [[("diff", "<(sort a)", "<(sort b)")]]),
    ],
)
def test_lines_split_into_commands(line: str, expected: list[list[tuple[str, ...]]]) -> None:
    assert words(line) == expected


def test_redirections_and_heredocs_belong_to_their_command() -> None:
    ((cat,), (last,)) = parse("cat > 'my file' <<-'END' 2>>log\n\tone | two\n\tEND\necho x >&2 &>both")
    assert [(item.operator, item.target) for item in cat.redirects] == [(">", "my file"), ("2>>", "log")]
    assert cat.heredoc == "\tone | two"
    assert cat.written == ("my file",)
    assert last.written == ("both",)


def test_an_earlier_cd_is_the_folder_of_what_follows() -> None:
    folders = [pipeline[0].folder for pipeline in parse("ls; cd /w/a; cd b && cat f")]
    assert folders == ["", "/w/a", "/w/a/b", "/w/a/b"]
    assert [pipeline[0].folder for pipeline in parse("cd /w; cd ~/x; ls")][1:] == ["~/x", "~/x"]


@pytest.mark.parametrize(
    "line", ["", "'open", 'a "b', "$(", "`", "<<EOF", "a <<EOF\nb", "|||", ">", "a >", "\\", "((("]
)
def test_broken_lines_are_read_as_far_as_they_go(line: str) -> None:
    assert facts(line) is not None
    assert is_helper_only(line) is False


def test_no_text_makes_the_parser_raise_or_hang() -> None:
    """Whatever stands on the line, it is read, and nothing of it is taken for a call of the launcher."""
    signs = [
        "a",
        " ",
        "'",
        '"',
        "\\",
        "$(",
        ")",
        "`",
        "|",
        "&",
        ";",
        "<",
        ">",
        "<<E",
        "\n",
        "E",
        "#",
        "{",
        "}",
        "1",
        "cat ",
        "ü",
    ]
    chance = random.Random(7)
    for _ in range(3000):
        line = "".join(chance.choices(signs, k=chance.randrange(30)))
        assert facts(line) is not None
        assert is_helper_only(line) is False


VIEWS = [
    "cat a.txt",
    "cat < a.txt",
    "cat a | head -20",
    "ls -la && cat README.md",
    "cd /w && tail -n 5 log",
    "sed -n '1,20p' f.py",
    "sed -ne 5p f",
    "bash -lc 'cat x'",
    "cat a.txt 2>/dev/null || echo none",
    'for f in a b; do echo "$f"; cat $f; done',
]
NO_VIEWS = [
    "cat a | grep b",
    "python3 x.py && cat out.csv",
    "cat a b > c",
    "cat /proc/cpuinfo",
    "head -c 100 f | xxd",
    "cat <<EOF\nhi\nEOF",
    "x=$(cat VERSION)",
    "grep -n foo f",
    "sed -n '/start/,/end/p' f",
    "sed 's/a/b/' f",
    "git show HEAD:f",
    "ls -la",
]


@pytest.mark.parametrize("line", VIEWS)
def test_viewing_a_file_is_seen(line: str) -> None:
    assert facts(line).views


@pytest.mark.parametrize("line", NO_VIEWS)
def test_searches_pipes_and_results_are_not_viewing(line: str) -> None:
    assert not facts(line).views


@pytest.mark.parametrize(
    "line",
    [
        "echo hi > f",
        "printf '%s\\n' a b >> f",
        "cat > f <<'EOF'\nx\nEOF",
        "cat <<EOF > f\nx\nEOF",
        "cat <<EOF | tee f\nx\nEOF",
        "echo x | tee -a f > /dev/null",
        "mkdir -p d && echo '{}' > d/x.json",
    ],
)
def test_writing_text_by_shell_is_seen(line: str) -> None:
    assert facts(line).writes


@pytest.mark.parametrize(
    "line",
    [
        "echo hi",
        "echo x >&2",
        "echo x 2>err",
        "make | tee log",
        "python3 a.py > out",
        "grep '>' f",
        "echo 'a > b'",
        "cat a b > c",
    ],
)
def test_printing_and_program_output_are_not_writing_text(line: str) -> None:
    assert not facts(line).writes


@pytest.mark.parametrize(
    "line",
    [
        "sed -i 's/a/b/' f",
        "sed -i.bak -e s/a/b/ f",
        "sed -E -i s/a/b/ f",
        "perl -pi -e 's/a/b/' f",
        "gawk -i inplace '{print}' f",
        "awk '{print}' f > t && mv t f",
        "sed s/a/b/ f > t; mv -f t f",
    ],
)
def test_editing_in_place_is_seen(line: str) -> None:
    assert facts(line).edits


@pytest.mark.parametrize(
    "line", ["sed 's/a/b/' f > g", "awk '{s+=$1} END{print s}' f > sum", "perl -ne 'print' f", "mv t f"]
)
def test_making_a_new_file_is_not_editing(line: str) -> None:
    assert not facts(line).edits


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ls -la | sort | head",
        "mkdir -p out && ls",
        "git -C repo log --oneline",
        "find . -name '*.py' -exec grep -l x {} +",
        "python3 --version",
        "python3 - <<'E'\nimport csv\nfor row in csv.reader(open('a.csv')):\n    print(row)\nE",
        "python3 -c \"import json; print(json.load(open('a.json')).keys())\"",
        "sqlite3 shop.db 'select count(*) from orders'",
        "cat a | jq .x",
    ],
)
def test_reading_commands_produce_no_output(line: str) -> None:
    assert facts(line).reads_only


@pytest.mark.parametrize(
    "line",
    [
        "ls > listing",
        "touch f",
        "python3 build.py",
        "python3 - <<E\nopen('x', 'w').write('y')\nE",
        "python3 -c 'import build; build.main()'",
        "git commit -m x",
        "find . -name '*.pyc' -delete",
        "find . -exec rm {} +",
        "sqlite3 shop.db 'delete from orders'",
        "sort a | uniq > b",
        "./run",
    ],
)
def test_working_commands_can_produce_output(line: str) -> None:
    assert not facts(line).reads_only


def test_targets_and_sources_are_joined_to_the_folder() -> None:
    found = facts("cd /w && grep -n x src/*.py > hits.txt; cp a b; sed -i s/x/y/ src/a.py; tee c < d")
    assert found.targets == ("/w/hits.txt", "/w/b", "/w/src/a.py", "/w/c")
    assert "/w/src/*.py" in found.sources
    assert "/w/a" not in found.sources


@pytest.mark.parametrize(
    "line",
    [
        "/x/scripts/agentbench done 3fa91c07be --l2 30,25,25,20",
        "cd /x && ./scripts/agentbench start --fast",
        "bash /x/scripts/agentbench status",
        "python3 scripts/agentbench done X 2>&1 | tail -50",
        "A=1 scripts/agentbench start",
        "/bin/bash -lc 'cd x; scripts/agentbench done x'",
        '"/a b/scripts/agentbench" status',
        "agentbench done x",
        "python3 -m agentbench status",
        "cd /x/scripts && ./agentbench done x --l2 30,25,25,20",
        "sleep 5; /x/scripts/agentbench status",
        "/x/scripts/agentbench done x; echo $?",
        '/x/scripts/agentbench done x || true; echo "exit: $?"',
        "set -e; scripts/agentbench done x 2>/dev/null & wait",
        "while ! scripts/agentbench status | tail -1; do sleep 2; done",
        "[ -x scripts/agentbench ] && timeout 60 scripts/agentbench list --json",
        "scripts/agentbench results",
        "scripts/agentbench compare a b",
        "scripts/agentbench report latest | head -40",
    ],
)
def test_calls_of_the_launcher_alone_are_helper_calls(line: str) -> None:
    """The forms agents use: with a folder, a wait, an exit code, an interpreter or a viewer around the call."""
    assert is_helper_only(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "cd x",
        "scripts/agentbench done x > f",
        "scripts/agentbench",
        "scripts/agentbench run --agent oracle",
        "scripts/agentbench tasks check",
        "agentbench-done done x",
        "sleep 5",
        "echo agentbench; true",
        "scripts/agentbench done x; echo done > log",
        "echo hi | tee f; scripts/agentbench done x",
        "sleep 5; touch f; scripts/agentbench status",
        "scripts/agentbench done $(python3 solve.py)",
        "X=`python3 solve.py`; scripts/agentbench done x",
        "scripts/agentbench status | tee log",
        "scripts/agentbench status | tail -1 notes.txt",
        "(python3 solve.py) && agentbench done x",
        "python3 solve.py; scripts/agentbench done x",
        "scripts/agentbench done x && cat f",
        "cat scripts/agentbench",
        "echo scripts/agentbench done x",
        "my-scripts/agentbench-done x",
    ],
)
def test_other_work_beside_the_launcher_counts(line: str) -> None:
    """Nothing that reads, writes or runs something else hides behind a call of the launcher."""
    assert not is_helper_only(line)
