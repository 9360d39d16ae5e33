"""`ablations study` as a user types it, in a folder of its own."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.command import command_line, summarize
from ablations.study.run import run_study
from ablations.study.settings.config import StudyConfig

QUICK = (
    *("--factor", "dropout=0,0.2", "--folds", "4", "--repeats", "1"),
    *("--trials", "2", "--device", "cpu"),
)
FILE = """
data = "mine.csv"
target = "bought"
folds = 4
repeats = 1
trials = 2
epochs = 5
baselines = false
factors.dropout = [0.0, 0.2]
"""


@pytest.fixture
def table(tmp_path):
    """A CSV of numbers, words, dates and holes."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=120)
    frame = pd.DataFrame(
        {
            "size": np.where(rng.random(120) < 0.1, np.nan, x),
            "town": rng.choice(["Ulm", "Bonn", "Köln"], 120),
            "day": pd.date_range("2024-01-01", periods=120).strftime("%Y-%m-%d"),
            "bought": np.where(x + 0.3 * rng.normal(size=120) > 0, "yes", "no"),
        }
    )
    frame.to_csv(tmp_path / "mine.csv", index=False)
    return tmp_path


@pytest.mark.slow
@pytest.mark.usefixtures("warm_python")
def test_a_table_becomes_a_report_and_a_second_call_trains_nothing(table, run_command):
    (table / "study.toml").write_text(FILE)
    asked = ("study", "run", "study.toml", "--out", "found", "--device", "cpu")
    done = run_command(*asked)
    assert done.returncode == 0, done.stderr
    assert "Runs trained now: 24 of 24, in" in done.stdout
    assert (table / "found" / "index.html").exists()
    assert (table / "found" / "runs.sqlite").exists()
    again = run_command(*asked)
    assert "Runs trained now: 0 of 24" in again.stdout


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(table, run_command):
    asked = ("--data", "mine.csv", "--target", "bought", *QUICK, "--dry-run")
    said = ("--ordered", "town=Ulm<Bonn<Köln", "--numeric", "size")
    said += ("--categorical", "bought", "--text-is-missing", "NA")
    done = run_command("study", *asked, *said)
    assert done.returncode == 0, done.stderr
    _, _, shown = done.stdout.partition("Columns, as they are read:")
    assert "town    order of 3 levels" in shown
    assert "    Ulm < Bonn < Köln are 0 to 2" in shown
    assert "bought  target: 2 classes" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "24 in 1 compiled program;" in done.stdout
    assert "Detectable: about" in done.stdout
    assert "dropout=0.2" in done.stdout
    assert sorted(path.name for path in table.iterdir()) == ["mine.csv"]


def test_a_study_file_is_written_and_understood(table, run_command):
    assert run_command("study", "init", "mine.toml").returncode == 0
    done = run_command("study", "run", "mine.toml", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "early_stopping=10" in done.stdout
    again = run_command("study", "init", "mine.toml")
    assert again.returncode == 2
    assert "`path` must not be there already" in again.stderr


def test_a_column_of_numbers_of_the_row_is_used_where_asked_to_be_kept(
    table, run_command
):
    frame = pd.read_csv(table / "mine.csv")
    frame.insert(0, "id", np.arange(1, 121))
    frame.to_csv(table / "mine.csv", index=False)
    asked = ("study", "--data", "mine.csv", "--target", "bought", *QUICK, "--dry-run")
    assert "120 rows, 3 columns" in run_command(*asked).stdout
    assert "120 rows, 4 columns" in run_command(*asked, "--keep", "id").stdout
    assert "120 rows, 2 columns" in run_command(*asked, "--drop", "day").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "`data` must be given"),
        (("--data", "none.csv"), "none.csv"),
        (("--data", "mine.csv", "--target", "bougth"), "`target`"),
        (
            ("--data", "mine.csv", "--target", "bought", "--factor", "dropout"),
            "`factor`",
        ),
        (
            ("--data", "mine.csv", "--target", "bought", "--factor", "dropot=0,1"),
            "Did you mean 'dropout'",
        ),
        (
            ("--data", "mine.csv", "--target", "bought", "--factor", "dropout=abc"),
            "`factors.dropout` must be at least 0 and less than 1. Received: 'abc'",
        ),
        (("--data", "mine.csv", "--target", "bought", "--keep", "x"), "`keep`"),
        (("--data", "mine.csv", "--target", "bought", "--drop", "x"), "`drop`"),
        (("--data", "mine.csv", "--target", "bought", "--design", "x"), "`design`"),
        (("--data", "mine.csv", "--target", "bought", "--folds", "1"), "`folds`"),
        (("--data", "mine.csv", "--target", "bought", "--score", "rmse"), "`score`"),
        (("--data", "mine.csv", "--target", "bought", "--out", "mine.csv/x"), "`out`"),
        (
            ("--data", "mine.csv", "--target", "bought", "--group", "town"),
            "`folds` must be at most the number of groups in 'town', 3",
        ),
        (("--data", "mine.csv", "--target", "bought", "--time", "town"), "`time`"),
        (("--config", "none.toml"), "`config`"),
        (("run", "none.toml"), "`config`"),
    ],
)
def test_bad_input_is_answered_by_a_line_that_names_it(
    table, run_command, arguments, words
):
    done = run_command("study", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in table.iterdir()) == ["mine.csv"]


def test_the_summary_says_what_is_real_and_what_is_not(table):
    config = StudyConfig(
        data=str(table / "mine.csv"),
        target="bought",
        factors={"dropout": [0.0, 0.2]},
        folds=4,
        repeats=1,
        trials=2,
        epochs=5,
        baselines=False,
    )
    lines = summarize(run_study(config, device="cpu"))
    assert lines[0].startswith(("Use the neural network", "Use none of"))
    assert any(line.startswith(("No difference", "dropout=0.2")) for line in lines)
    assert "Runs trained now: " in lines[-1]


def test_the_command_is_shown_without_secrets(monkeypatch):
    words = [
        "study",
        "https://me:hunter2@host/rows.csv?a=1&api_key=hunter2&b=2",
        "--data=TOKEN=hunter2",
        "keys=3.csv",
        "dropout=0,0.2",
    ]
    monkeypatch.setattr("sys.argv", ["ablations", *words])
    shown = command_line()
    assert "hunter2" not in shown
    assert shown.count("***") == 3
    assert shown.endswith("keys=3.csv dropout=0,0.2")
