"""Runs whose every epoch is known stand where they stop."""

from collections.abc import Callable, Iterator
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


def test_rows_hold_the_minimum_and_the_stop_of_every_run(source_of):
    (found,) = early_stopping.read(source_of(one=(0.2, 3)))
    assert isinstance(watched(1000, 0.2).config, StoppedTrainingConfig)
    named = {row.name: row.values.tolist() for row in found.stops}
    assert named == {
        "lowest": list(LOWEST),
        "patience 3": [10, 12, 5],
        "patience 5": [12, 14, 40],
    }
    means = {row.name: row.mean for row in found.accuracies}
    # Stored as float32.
    assert means == pytest.approx(
        {
            "lowest": 0.8,
            "patience 3": 0.7,
            "patience 5": 0.8,
            "all rows": 0.85,
            "to the end": 0.55,
        }
    )


def test_words_say_where_runs_stop_and_what_they_keep(source_of):
    picture = early_stopping.draw(early_stopping.read(source_of(one=(0.2, 3))))
    assert (
        "median epochs: lowest 9, patience 3 10, patience 5 14" in picture.alternative
    )
    assert (
        "patience 3 70.0 %, patience 5 80.0 %, all rows 85.0 %" in picture.alternative
    )
    assert "1.31 after 40" in picture.alternative


def test_arms_without_runs_and_more_than_two_are_left_out(source_of):
    source = source_of(none=(0.05, 0), one=(0.1, 3), two=(0.2, 3), three=(0.3, 3))
    found = early_stopping.read(source)
    assert [each.arm for each in found] == ["one", "two"]
    assert early_stopping.read(source_of(missing=(0.4, 0))) is None


def test_failed_runs_are_not_drawn(source_of):
    (found,) = early_stopping.read(source_of(["ok", "diverged", "ok"], one=(0.2, 3)))
    assert found.stops[0].values.tolist() == [7, 30]
    assert early_stopping.read(source_of(["failed"] * 3, other=(0.1, 3))) is None


def test_rows_are_labeled_and_the_drawing_of_many_runs_stays_small(source_of, texts):
    picture = early_stopping.draw(
        early_stopping.read(source_of(one=(0.1, 60), two=(0.2, 60)))
    )
    found = texts(picture.svg)
    for name in ("one", "two", "patience 3", "to the end", "epochs", "test accuracy"):
        assert name in found
    assert len(picture.svg) < 100_000


def test_lines_go_through_the_first_and_the_last_epoch():
    epochs = early_stopping.drawn_epochs(100)
    assert (epochs[0], epochs[-1]) == (1, 100)
    assert len(epochs) <= early_stopping.MOST_POINTS
    np.testing.assert_array_equal(early_stopping.drawn_epochs(5), [1, 2, 3, 4, 5])


def test_marks_stand_on_their_curves(source_of):
    (found,) = early_stopping.read(source_of(one=(0.2, 3)))
    # The made-up loss is 1, and a hundredth more per epoch from its lowest.
    for row, far in zip(found.stops, ((0, 0, 0), (3, 3, 25), (5, 5, 10)), strict=True):
        assert row.heights == pytest.approx(1.0 + 0.01 * np.array(far))
    np.testing.assert_allclose(found.val_loss.median[[0, -1]], [1.08, 1.31], rtol=1e-6)


def test_the_numbers_of_many_runs_stay_a_small_table(source_of):
    found = early_stopping.read(source_of(one=(0.1, 200), two=(0.2, 200)))
    assert len(tidy_csv(found)) < 300_000


def test_lines_drawn_as_one_are_parted_by_gaps():
    found = early_stopping.separated(np.array([[1, 2], [3, 4]]))
    np.testing.assert_array_equal(found, [1, 2, np.nan, 3, 4, np.nan])
