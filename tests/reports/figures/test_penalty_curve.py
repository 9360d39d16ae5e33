from collections.abc import Iterator
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


def test_arms_that_differ_in_strength_are_one_line_in_each_panel(two_settings):
    found = penalty_curve.read(two_settings)
    assert len(found.panels) == len(penalty_curve.MEASURED)
    for panel in found.panels:
        plain, norm = panel.ladders
        assert (plain.name, norm.name) == ("Adam", "batch norm")
        # What was not run has no place on its line.
        assert plain.places.tolist() == pytest.approx([-3.75, -3.0, -1.0])
        assert plain.median == pytest.approx([0.01, 1.01, 3.01])
        assert norm.median == pytest.approx([4.01, 5.01])


def test_powers_of_ten_are_written_and_no_penalty_by_name(two_settings):
    found = penalty_curve.read(two_settings)
    names = [found.ticks[at] for at in sorted(found.ticks)]
    assert names == ["none", "0.001", "0.003", "0.1"]
    assert [found.ticks[at] for at in found.unwritten] == ["0.003"]


def test_the_figure_names_its_lines_and_its_axis(two_settings, texts):
    picture = penalty_curve.draw(penalty_curve.read(two_settings))
    assert picture.name == "penalty_curve"
    written = texts(picture.svg)
    for word in ("Adam", "batch norm", "none", "strength of the penalty"):
        assert word in written
    assert "medians of 3 seeds" in picture.caption


def test_without_penalties_or_runs_there_is_nothing_to_draw(
    store, source_for, empty_source
):
    assert penalty_curve.read(empty_source) is None
    arms = [penalized(l2) for l2 in STRENGTHS]
    not_run = source_for(arms, NORM.replace(at_most=0.1), Evidence(store))
    assert penalty_curve.read(not_run) is None
