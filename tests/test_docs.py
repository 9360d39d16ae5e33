"""What the documentation tells a reader to type must work, word by word."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ablations.claims.registry import all_claims

pytestmark = pytest.mark.usefixtures("warm_python")

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
BLOCK = re.compile(
    r"(?:^Write this to `(?P<file>[^`]+)`:\n\n)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)
INLINE = re.compile(r"`(ablations [^`\n]+)`")
NEW_READOUT = "## 6. A claim that needs a new readout"
MOST_LINES = 100
"""Lines of claim, readout and test together that a question of a new kind may take."""


@pytest.fixture(scope="module")
def original(tmp_path_factory, warm_interpreter):
    """Return what a reader has beside the code: a file of customers, and a store."""
    folder = tmp_path_factory.mktemp("docs") / "original"
    folder.mkdir()
    rng = np.random.default_rng(0)
    age, visits = rng.integers(18, 90, 240), rng.poisson(3, 240)
    left = np.where((age > 50) ^ (rng.random(240) < 0.2), "yes", "no")
    lines = ["age,visits,town,left"]
    towns = rng.choice(["Ulm", "Bonn", ""], 240)
    people = zip(age, visits, towns, left, strict=True)
    lines += [f"{a},{v},{t},{y}" for a, v, t, y in people]
    (folder / "customers.csv").write_text("\n".join(lines), encoding="utf-8")
    run("ablations run no_straight_line_separates_xor", folder, warm_interpreter)
    return folder


@pytest.fixture
def folder(original, tmp_path):
    """Return a folder of a reader who changes no code."""
    return shutil.copytree(original, tmp_path / "folder")


@pytest.fixture
def clone(original, tmp_path):
    """Return a folder with the code, of which no other test knows."""
    folder = shutil.copytree(original, tmp_path / "clone")
    for name in ("ablations", "models", "reports"):
        # What Python has compiled is copied, too, and need not be compiled again.
        ignored = shutil.ignore_patterns("published")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "tests/ablations/experiments/readouts").mkdir(parents=True)
    for name in ("pyproject.toml", "tests/conftest.py", "tests/ablations/conftest.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(command, folder, python=None):
    """Run one line as a shell in the folder would, and return what it printed."""
    name, *arguments = shlex.split(command)
    assert name in ("ablations", "python")
    start = ["-m", "ablations"] if name == "ablations" else []
    has_code = (folder / "ablations").exists()
    done = subprocess.run(  # noqa: S603 - our own documentation
        [python or sys.executable, *start, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
        env={**os.environ, "PYTHONPATH": str(folder if has_code else ROOT)},
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def read(page):
    return (DOCS / page).read_text(encoding="utf-8")


def follow(text, folder, run=run):
    """Write every file and type every command of a text; return the commands."""
    typed = []
    for block in BLOCK.finditer(text):
        if block["file"]:
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["language"] == "sh":
            for line in block["text"].splitlines():
                if not line.startswith(". .venv/"):
                    run(line, folder)
                    typed.append(line)
    return typed


@pytest.mark.slow
def test_whoever_follows_the_tutorial_sees_their_claim_in_the_report(clone):
    typed = follow(read("tutorial.md").partition(NEW_READOUT)[0], clone)
    assert len(typed) >= 7
    page = (clone / "report/index.html").read_text(encoding="utf-8")
    assert '<article id="tanh_solves_xor_more_often_than_relu"' in page
    statement = "With two hidden units tanh solves XOR more often than ReLU."
    text = (clone / "report/xor.md").read_text(encoding="utf-8")
    found = text[text.index(statement) :].partition("**")[2]
    assert found.startswith("Supported.")


def test_a_claim_with_a_readout_and_its_test_takes_at_most_a_hundred_lines():
    page = read("tutorial.md").partition(NEW_READOUT)[2]
    files = [block["text"] for block in BLOCK.finditer(page) if block["file"]]
    num_lines = sum(len(text.splitlines()) for text in files)
    assert len(files) == 3
    assert num_lines <= MOST_LINES
    assert f"That is all: {num_lines} lines" in page


@pytest.mark.slow
def test_whoever_adds_a_readout_sees_its_test_pass_and_its_claim_judged(clone):
    typed = follow(read("tutorial.md").partition(NEW_READOUT)[2], clone)
    assert len(typed) == 2
    told = run("ablations verdicts small_weights_can_go --json", clone)
    (verdict,) = json.loads(told)
    assert verdict["verdict"] == "conditional"
    assert verdict["boundary"] == "holds up to share removed 0.1, fails from 0.5 on"
    assert verdict["answer"].startswith("It depends: a tenth of the weights can go,")


@pytest.mark.slow
def test_every_command_of_the_how_to_works_in_its_order(folder, run_command):
    def run_ours(command, folder):
        name, *arguments = shlex.split(command)
        if name != "ablations":
            run(command, folder)
            return
        done = run_command(*arguments, cwd=folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    typed = follow(read("how-to.md"), folder, run_ours)
    assert len(typed) >= 9
    for path in (
        "answer/report.md",
        "answer/runs.csv",
        "answer/recommended.py",
        "mine/index.html",
        "rates/runs.csv",
        "my_study.toml",
    ):
        assert (folder / path).is_file(), path


@pytest.mark.slow
def test_the_cells_of_the_notebook_run_and_were_executed(folder):
    notebook = json.loads((DOCS / "example.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] for cell in cells)
    source = "\n".join("".join(cell["source"]) for cell in cells)
    (folder / "docs").mkdir()
    subprocess.run(  # noqa: S603 - our own documentation
        [sys.executable, "-c", source],
        cwd=folder / "docs",
        check=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
    )


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda p: p.name)
def test_commands_within_sentences_exist_with_their_options(page, run_command):
    for command in set(INLINE.findall(page.read_text(encoding="utf-8"))):
        words = shlex.split(command)[1:]
        while words and not words[0].islower():
            words.pop(0)
        names = [word for word in words if word.isidentifier() and word.islower()]
        depth = 2 if names[:1] in (["store"], ["study"]) and len(names) > 1 else 1
        if command == "ablations --help":
            continue
        shown = run_command(*names[:depth], "--help").stdout
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        assert [option for option in options if option not in shown] == [], command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def script(name):
    """Return a script of the documentation as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_coding_sheet_has_every_rule_and_nothing_that_tells_role_or_outcome():
    sheet = script("coding_sheet").sheet
    for registered in all_claims().values():
        claim, text = registered.claim, sheet(registered)
        assert claim.statement in text
        assert all(f"{p.label}: {p.rule()}" in text for p in claim.judged)
        keys = re.findall(r"^- `(\w+)` ", text.partition("\nShown,")[0], re.MULTILINE)
        assert keys == sorted(p.key for p in claim.judged)
        told = (registered.mechanism, claim.caveats, claim.untestable)
        told += tuple(claim.answers.values())
        assert not [words for words in told if words and words in text]


def test_the_reference_is_what_help_and_docstrings_say():
    module = script("make_reference")
    assert module.reference() == module.REFERENCE.read_text(encoding="utf-8")
