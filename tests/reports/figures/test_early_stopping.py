"""Runs whose every epoch is known stand where they stop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.experiments.stopped_training import StoppedTrainingConfig
from ablations.rigs.regularization.stopping import reading, watched
from ablations.store.store import Store
from reports.figures import early_stopping
from reports.figures.source import Source
from reports.figures.tidy import tidy_csv

NUM_RUNS, NUM_EPOCHS = 3, 40
ACCURACIES = {
    "test_accuracy_lowest": (0.9, 0.8, 0.7),
    "test_accuracy_kept_3": (0.9, 0.8, 0.4),
    "test_accuracy_kept_5": (0.9, 0.8, 0.7),
    "test_accuracy_all_rows_3": (0.1, 0.1, 0.1),
    "test_accuracy_all_rows_5": (0.95, 0.85, 0.75),
    "test_accuracy_all_rows_end": (0.5, 0.6, 0.55),
}
STOPS = {"stopped_after_3": (10, 12, 5), "stopped_after_5": (12, 14, 40)}
LOWEST = (7, 9, 30)


def arrays(num_runs: int = NUM_RUNS) -> dict[str, np.ndarray]:
    """Return runs that fall to their lowest epoch and rise after it."""
    runs = np.arange(num_runs) % NUM_RUNS
    epochs = np.arange(NUM_EPOCHS + 1)
    losses = 1.0 + 0.01 * np.abs(epochs - np.array(LOWEST)[runs, None])
    numbers = {
        name: np.array(v)[runs, None] for name, v in (ACCURACIES | STOPS).items()
    }
    return {
        "steps": np.full((num_runs, 1), 2000),
        **{f"curve.{name}": np.float32(v) for name, v in numbers.items()},
        "history.loss": np.float32(np.exp(-0.1 * epochs) + 0.0 * losses),
        "history.val_loss": np.float32(losses),
    }


@pytest.fixture
def source_of(tmp_path: Path, source_for) -> Iterator[Callable[..., Source]]:
    """Return a function that stores runs of arms and says what a figure may read."""
    with Store.open(tmp_path / "stops.sqlite") as store:

        def make(status: list[str] | None = None, **arms: tuple[float, int]) -> Source:
            configs = {
                name: watched(1000, arms[name][0]).replace(levels={"arm": name})
                for name in arms
            }
            for name, arm in configs.items():
                count = arms[name][1]
                if count:
                    store.insert(
                        store.put_spec(arm.config.specification()),
                        np.arange(count),
                        status or ["ok"] * count,
                        [-1] * count,
                        arrays(count),
                        {"processor": "none"},
                    )
            half = reading("test_accuracy_end", "words").replace(
                better=None, at_least=0.5
            )
            return source_for(configs.values(), half, Evidence(store))

        yield make


def test_marks_hold_the_minimum_and_the_stop_of_every_patience(source_of):
    found = early_stopping.read(source_of(one=(0.2, 3)))
    assert isinstance(watched(1000, 0.2).config, StoppedTrainingConfig)
    assert [(mark.name, mark.epoch) for mark in found.marks] == [
        ("lowest", 9),
        ("patience 3", 10),
        ("patience 5", 14),
    ]
    kept = [mark.test_accuracy for mark in found.marks]
    # Stored as float32.
    assert kept == pytest.approx([0.8, 0.7, 0.8])
    assert found.end_accuracy == pytest.approx(0.55)


def test_marks_stand_on_the_median_curve(source_of):
    found = early_stopping.read(source_of(one=(0.2, 3)))
    # The made-up loss is 1, and a hundredth more per epoch from its lowest.
    assert [mark.loss for mark in found.marks] == pytest.approx([1.02, 1.03, 1.07])
    np.testing.assert_allclose(found.val_loss[[0, -1]], [1.08, 1.31], rtol=1e-6)


def test_words_say_where_runs_stop_and_what_they_keep(source_of):
    picture = early_stopping.draw(early_stopping.read(source_of(one=(0.2, 3))))
    assert "lowest 9 with 80.0 % of test rows right" in picture.alternative
    assert "1.31 after 40" in picture.alternative
    assert picture.title == (
        "Validation loss is lowest after 9 epochs, then rises to 1.3 times that"
    )


def test_a_loss_that_stays_low_is_said_to(source_of):
    found = early_stopping.read(source_of(one=(0.2, 3)))
    level = replace(found, val_loss=np.ones(4))
    assert early_stopping.title(level).endswith("and hardly rises again")


def test_the_first_arm_with_runs_is_drawn(source_of):
    source = source_of(none=(0.05, 0), one=(0.1, 3), two=(0.2, 3))
    assert early_stopping.read(source).arm == "one"
    assert early_stopping.read(source_of(missing=(0.4, 0))) is None


def test_failed_runs_are_not_drawn(source_of):
    found = early_stopping.read(source_of(["ok", "diverged", "ok"], one=(0.2, 3)))
    assert (found.num_runs, found.marks[0].epoch) == (2, 18.5)
    assert early_stopping.read(source_of(["failed"] * 3, other=(0.1, 3))) is None


def test_marks_are_labeled_and_the_drawing_of_many_runs_stays_small(source_of, texts):
    found = early_stopping.read(source_of(one=(0.1, 60)))
    picture = early_stopping.draw(found)
    written = texts(picture.svg)
    for words in ("validation loss", "patience 3, epoch 10", "80.0 % right", "epochs"):
        assert words in written
    assert len(picture.svg) < 30_000
    assert len(tidy_csv(found)) < 30_000


def test_lines_go_through_the_first_and_the_last_epoch():
    epochs = early_stopping.drawn_epochs(100)
    assert (epochs[0], epochs[-1]) == (1, 100)
    assert len(epochs) <= early_stopping.MOST_POINTS
    np.testing.assert_array_equal(early_stopping.drawn_epochs(5), [1, 2, 3, 4, 5])
