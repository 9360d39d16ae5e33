from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.experiments.penalty import PenaltyConfig
from ablations.rigs.regularization.penalties import NORM, penalized
from ablations.store.store import Store
from reports.figures import penalty_curve

NUM_SEEDS = 3
STRENGTHS = (0.0, 0.001, 0.003, 0.1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "penalties.sqlite") as store:
        yield store


def add(store: Store, config: PenaltyConfig, value: float) -> None:
    """Add runs whose every measurement is near a value."""
    values = np.float32(value + 0.01 * np.arange(NUM_SEEDS))[:, None]
    store.insert(
        store.put_spec(config.specification()),
        np.arange(NUM_SEEDS),
        ["ok"] * NUM_SEEDS,
        [-1] * NUM_SEEDS,
        {
            "steps": np.full((NUM_SEEDS, 1), 1500),
            **{f"curve.{name}": values for name in config.recorded_metrics()},
        },
        {"processor": "none"},
    )


@pytest.fixture
def two_settings(store, source_for):
    arms = [penalized(l2) for l2 in STRENGTHS]
    arms += [penalized(l2, "batch norm") for l2 in (0.0, 0.1)]
    for place, arm in enumerate(arms):
        if arm is not arms[2]:
            add(store, arm.config, float(place))
    return source_for(arms, NORM.replace(at_most=0.1), Evidence(store))


def test_the_longest_line_of_strengths_is_read_seed_by_seed(two_settings):
    found = penalty_curve.read(two_settings)
    assert found.setting == "Adam"
    # What was not run has no column.
    assert found.strengths == (0.0, 0.001, 0.1)
    assert [len(values) for values in found.values] == [NUM_SEEDS] * 3
    assert found.means == pytest.approx([0.01, 1.01, 3.01])


def test_the_best_strength_is_that_of_the_best_mean(two_settings):
    found = penalty_curve.read(two_settings)
    assert not found.is_better_high
    assert found.strengths[found.best] == 0.0
    assert "is lowest with no penalty, and suffers at 0.1" in penalty_curve.title(found)
    high = replace(found, is_better_high=True)
    assert high.strengths[high.best] == 0.1
    assert penalty_curve.title(high).endswith("is highest with a penalty of 0.1")


def test_logarithms_are_written_as_what_they_are_logarithms_of(two_settings, texts):
    found = penalty_curve.read(two_settings)
    assert found.is_log
    assert not found.words.startswith("log10")
    assert {"10", "100"} <= set(texts(penalty_curve.draw(found).svg))


def test_the_figure_names_its_columns_and_its_axis(two_settings, texts):
    picture = penalty_curve.draw(penalty_curve.read(two_settings))
    assert picture.name == "penalty_curve"
    written = texts(picture.svg)
    assert {"none", "0.001", "strength of the penalty"} <= set(written)
    assert "3 for every strength" in picture.caption


def test_without_penalties_or_runs_there_is_nothing_to_draw(
    store, source_for, empty_source
):
    assert penalty_curve.read(empty_source) is None
    arms = [penalized(l2) for l2 in STRENGTHS]
    not_run = source_for(arms, NORM.replace(at_most=0.1), Evidence(store))
    assert penalty_curve.read(not_run) is None
