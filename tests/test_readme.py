"""What the README tells a newcomer to type must work."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ablations.judging.standing import published_verdicts
from ablations.protocol.claim import Claim

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_the_example_claim_is_a_claim():
    (source,) = (block for block in PYTHON if "CLAIM =" in block)
    names: dict[str, object] = {}
    exec(source, names)  # noqa: S102 - our own README
    assert isinstance(names["CLAIM"], Claim)
    assert names["__doc__"]


def test_the_example_of_the_answers_prints_one(capsys):
    (source,) = (block for block in PYTHON if "load_verdicts(" in block)
    exec(source, {})  # noqa: S102 - our own README
    published = published_verdicts()["l2_is_weight_decay"]
    assert capsys.readouterr().out == f"{published.answer}\n"


def test_the_first_screen_is_a_sentence_a_picture_six_answers_and_two_commands():
    first = README.partition("## How to read")[0]
    sentence, picture, *answers = [
        line
        for line in first.splitlines()
        if line and not line.startswith(("#", "<!--"))
    ][:8]
    assert sentence.endswith(".")
    assert picture.startswith("![")
    assert all(answer.startswith("- “") for answer in answers)
    assert re.findall(r"\]\((?!docs/|.*\.md#)([^)]+)\)", first)[0].endswith(
        "index.html"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("warm_python")
def test_the_example_of_the_parts_runs_and_prints_a_share():
    (source,) = (block for block in PYTHON if "train_stack(" in block)
    done = subprocess.run(  # noqa: S603 - our own README
        [sys.executable, "-c", source],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr
    assert 0.5 < float(done.stdout.splitlines()[-1]) <= 1.0


def test_every_folder_on_the_map_is_there_and_every_link_leads_somewhere():
    map_ = README.split("## Map")[1].split("## ")[0]
    tops = re.findall(r"^    ([a-z]+)/", map_, flags=re.MULTILINE)
    inside = re.findall(r"^      ([a-z]+)/", map_, flags=re.MULTILINE)
    assert {"models", "ablations", "reports", "tests", "benchmarks"} <= set(tops)
    assert all((ROOT / folder).is_dir() for folder in tops)
    assert all((ROOT / "ablations" / folder).is_dir() for folder in inside)
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_it_names_exists(run_command):
    commands = set(re.findall(r"`ablations ([a-z]+)", README))
    assert {"run", "info", "report", "bench", "doctor"} <= commands
    known = run_command("--help").stdout
    assert [name for name in commands if f"  {name} " not in known] == []
    targets = set(re.findall(r"^    make ([a-z]+)", README, flags=re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets == {"reproduce", "test"}
    assert all(f"\n{target}:" in makefile for target in targets)
