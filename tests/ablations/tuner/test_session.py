"""`ablations tune` as a user types it."""

import json

import numpy as np
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.tuner.project import read_project
from ablations.tuner.session import describe_test, measure, split_rows

SMALL = ("--space", "depth=1", "--space", "width=4", "--space", "activation=relu")
SMALL = (*SMALL, "--trials", "3", "--max-epochs", "2", "--device", "cpu")


@pytest.fixture
def table(tmp_path):
    """Return a CSV of a number, a word with holes, and a target to predict."""
    generator = np.random.default_rng(0)
    lines = ["size,color,price"]
    for i in range(100):
        size, color = generator.normal(), ["red", "blue", ""][i % 3]
        lines.append(f"{size:.3f},{color},{2 * size + (color == 'red'):.3f}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.usefixtures("warm_python")
def test_a_file_is_searched_shown_and_read_again(run_command, table, tmp_path):
    done = run_command(
        "tune", "--data", table, "--target", "price", "--out", "found", *SMALL
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "table: regression" in done.stdout
    assert "3 trials: 3 completed." in done.stdout
    assert "a constant prediction has" in " ".join(done.stdout.split())
    frame = read_project(tmp_path / "found")
    assert len(frame) == 3
    again = run_command("tune", "--import", "found")
    assert again.returncode == 0, again.stderr
    assert f"{frame['score'][0]:.4g}" in again.stdout
    (tmp_path / "found" / "trial_1" / "trial.json").write_text("{")
    damaged = run_command("tune", "--import", "found")
    assert damaged.returncode == 0
    assert "Damaged: trial 1: trial.json is no JSON" in damaged.stdout


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((), "data"),
        (("--data", "nowhere.csv"), "nowhere.csv"),
        (("--data", "sklearn:wine", "--oracle", "rnadom"), "oracle"),
        (("--data", "sklearn:wine", "--trials", "0"), "trials"),
        (("--data", "sklearn:wine", "--max-epochs", "0"), "max_epochs"),
        (("--data", "sklearn:wine", "--trials", "99999999999"), "trials"),
        (("--data", "sklearn:wine", "--max-epochs", "99999999999"), "max_epochs"),
        (("--data", "sklearn:wine", "--space", "width=99999999999"), "width"),
        (("--data", "sklearn:wine", "--space", "widht=3"), "space"),
        (("--data", "sklearn:wine", "--space", "width=a"), "space"),
        (("--data", "sklearn:wine", "--objective", "auc"), "objective"),
        (("--data", "sklearn:wine", "--seed", "-1"), "seed"),
        (("--data", "sklearn:wine", "--seed", "4294967295"), "seed"),
        (("--data", "sklearn:wine", "--out", "table.csv"), "out"),
        (("--data", "table.csv", "--target", "price", "--drop", "sizes"), "drop"),
        (("--data", "table.csv", "--target", "price", "--folds", "1"), "folds"),
        (("--import", "nowhere"), "import"),
    ],
)
def test_input_that_cannot_be_used_is_one_line_and_exit_code_2(
    run_command, table, arguments, field
):
    done = run_command("tune", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert field in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_import_needs_no_backend(run_command, tmp_path):
    (tmp_path / "oracle.json").write_text(json.dumps({"start_order": ["0"]}))
    done = run_command(
        "tune", "--import", ".", environment={"KERAS_BACKEND": "no such backend"}
    )
    assert done.returncode == 0, done.stderr
    assert "its folder is missing" in done.stdout


@pytest.mark.parametrize("num_folds", [None, 2, 4])
def test_all_folds_of_a_search_keep_the_same_rows_for_the_end(num_folds, table):
    dataset = load_dataset(table, "price")
    folds = split_rows(dataset, num_folds, seed=1)
    assert len(folds) == (num_folds or 1)
    assert len({(len(f.train), len(f.val), len(f.test)) for f in folds}) == 1
    for fold in folds:
        np.testing.assert_array_equal(fold.test, folds[0].test)
        parts = np.concatenate([fold.train, fold.val, fold.test])
        assert len(np.unique(parts)) == len(parts)
    scored = np.concatenate([fold.val for fold in folds])
    assert len(np.unique(scored)) == len(scored)


def test_predictions_are_measured_beside_a_constant():
    y_train = np.eye(2)[[0, 0, 1]]
    y_test = np.eye(2)[[0, 1, 1, 1]]
    predicted = np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.8, 0.2]])
    found = measure(predicted, y_train, y_test, "classification")
    assert found == {"accuracy": 0.75, "constant_accuracy": 0.25}
    numbers = np.array([[0.0], [2.0]])
    found = measure(numbers + 0.5, numbers, numbers, "regression")
    assert found == {"rmse": 0.5, "constant_rmse": 1.0}
    assert "root mean squared error 0.5" in describe_test(found)
    rows = np.array([0.0, 2.0])
    weighted = measure(numbers * 2, numbers, numbers, "regression", rows)
    assert weighted == {"rmse": 2.0, "constant_rmse": 1.0}
    assert "failed" in describe_test({})
