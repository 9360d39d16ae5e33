import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.splits import Splits
from ablations.study.training.baselines import (
    BASELINES,
    CHOSEN_BY,
    outputs_of,
    run_baseline,
)
from ablations.study.training.scoring import score_splits


def make_splits(target: np.ndarray) -> Splits:
    """Return splits of 80 rows with one column that tells the target."""
    x = np.random.default_rng(1).normal(size=(80, 2))
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": target})
    dataset = load_dataset(frame, "y", num_splits=4)
    return Splits(dataset, make_folds(dataset, 4, 1, 0))


COLUMN = np.random.default_rng(1).normal(size=(80, 2))[:, 0]
CLASSES = np.where(COLUMN > 0, "high", "low")


def loss_of(found: dict[str, np.ndarray], splits: Splits) -> float:
    """Return the loss on the test rows of the first split."""
    stored = {name: np.asarray(array)[None] for name, array in found.items()}
    name = CHOSEN_BY[splits.dataset.task]
    return score_splits([name], outputs_of(stored), "test", splits)[name].item()


@pytest.mark.parametrize("baseline", BASELINES, ids=lambda baseline: baseline.name)
@pytest.mark.parametrize("target", [CLASSES, COLUMN * 10], ids=["classes", "numbers"])
def test_every_baseline_learns_a_column_that_tells_the_target(baseline, target):
    splits = make_splits(target)
    found = run_baseline(baseline, splits, 0)
    guess = run_baseline(BASELINES[0], splits, 0)
    ours, theirs = loss_of(found, splits), loss_of(guess, splits)
    assert ours == theirs if baseline.name == "dummy" else ours < 0.8 * theirs
    assert 0 <= found["setting"] < len(baseline.settings)


def test_a_baseline_is_the_same_when_it_is_trained_again():
    splits = make_splits(CLASSES)
    for baseline in BASELINES:
        first, second = (run_baseline(baseline, splits, 1) for _ in range(2))
        for name in ("outputs.val", "outputs.test", "setting"):
            np.testing.assert_array_equal(first[name], second[name])


def test_the_settings_of_all_but_the_dummy_are_equally_many():
    assert {len(b.settings) for b in BASELINES if b.name != "dummy"} == {3}
