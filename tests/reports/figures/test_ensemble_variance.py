from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.rigs.regularization.ensembles import (
    MEMBERS,
    SETS,
    beside_one,
    ensemble,
)
from ablations.store.store import Store
from reports.figures import ensemble_variance
from reports.figures.source import Source

NUM_SEEDS = 3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "ensembles.sqlite") as store:
        yield store


@pytest.fixture
def source_of(store: Store, source_for) -> Callable[..., Source]:
    def make(members: tuple[str, ...], sets: int = SETS) -> Source:
        arms = [ensemble(name, sets) for name in members]
        smaller = beside_one("log2_variance_over_seeds", 4)[0].replace(at_most=-1.0)
        return source_for(arms, smaller, Evidence(store))

    return make


def add(store: Store, members: str, floor: float) -> None:
    """Add ensembles of this correlation, members of variance 1/8, 1/16 and 1/32."""
    config = ensemble(members, SETS).config
    curves = {}
    for name in config.recorded_metrics():
        number = name.rpartition("_")[2]
        k = int(number) if number.isdigit() else 1
        rho = floor if "over_sets" in name else 0.0
        logs = np.log2(rho + (1 - rho) / k) - 3.0 - np.arange(NUM_SEEDS)
        curves[f"curve.{name}"] = np.float32(logs)[:, None]
    store.insert(
        store.put_spec(config.specification()),
        np.arange(NUM_SEEDS),
        ["ok"] * NUM_SEEDS,
        [-1] * NUM_SEEDS,
        {"steps": np.full((NUM_SEEDS, 1), 1500), **curves},
        {"processor": "none"},
    )


def test_variances_are_over_those_of_one_member(store, source_of):
    add(store, "same rows", 0.5)
    found = ensemble_variance.read(source_of(("same rows",)))
    over_seeds, over_sets = found.panels
    (line,) = over_seeds.ladders
    assert line.name == "same rows"
    # All members of a set leave nothing to vary between.
    assert line.values == pytest.approx(np.tile([1, 1 / 2, 1 / 4], (NUM_SEEDS, 1)))
    (line,) = over_sets.ladders
    assert line.median == pytest.approx([1, 0.75, 0.625, 0.5625])
    assert over_sets.ideal[1] == pytest.approx([1, 1 / 2, 1 / 4, 1 / 8])
    assert list(found.ticks.values()) == ["1", "2", "4", f"{MEMBERS}"]


def test_the_figure_names_its_lines_and_the_rule(store, source_of, texts):
    for members in ("same rows", "bagging"):
        add(store, members, 0.3)
    picture = ensemble_variance.draw(
        ensemble_variance.read(source_of(("same rows", "bagging")))
    )
    assert picture.name == "ensemble_variance"
    for word in ("same rows", "bagging", "one k-th", "members k"):
        assert word in texts(picture.svg)


def test_without_several_sets_or_runs_there_is_nothing_to_draw(source_of, empty_source):
    assert ensemble_variance.read(empty_source) is None
    assert ensemble_variance.read(source_of(("same rows",))) is None
    assert ensemble_variance.read(source_of(("same rows",), sets=1)) is None
