"""Weights and transforms count from the rows to the scores."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.run import run_study
from ablations.study.settings.config import StudyConfig
from ablations.study.training.baselines import BASELINES, run_baseline
from ablations.study.training.setup import set_up

generator = np.random.default_rng(8)
N = 60
X = generator.normal(size=N)
FRAME = pd.DataFrame(
    {
        "x": X,
        "z": generator.normal(size=N),
        "w": generator.integers(0, 4, N),
        "y": np.exp(3 * X + 4 + generator.normal(size=N) / 4),
    }
)
SETTINGS = {
    "frame": FRAME,
    "target": "y",
    "sample_weight": "w",
    "folds": 4,
    "repeats": 1,
    "trials": 1,
    "epochs": 12,
    "recipe": {"depth": 1, "width": 8},
    "baselines": False,
    "learning_rates": (0.03,),
}


@pytest.fixture(scope="module")
def studies():
    """Return two studies of the same arms in another order."""
    orders = [("none", "log"), ("log", "none")]
    return [run_study(factors={"target_transform": o}, **SETTINGS) for o in orders]


def scores_by_transform(study) -> dict[str, np.ndarray]:
    """Return the mean absolute error of every split, by transform."""
    runs = study.runs[study.runs["kind"] == "net"].sort_values("split")
    transform = study.arms.set_index("arm")["target_transform"]
    groups = runs.groupby(runs["arm"].map(transform))["mae"]
    return {name: scores.to_numpy() for name, scores in groups}


def test_arms_with_rows_of_their_own_train_alike_in_any_order(studies):
    ours, theirs = map(scores_by_transform, studies)
    for transform in ("none", "log"):
        np.testing.assert_allclose(ours[transform], theirs[transform], rtol=1e-4)
    # A target that is the exponential of an input is learned as its logarithm.
    assert ours["log"].mean() < ours["none"].mean()


def test_scores_are_weighted_and_in_the_unit_of_the_target(studies):
    study = studies[0]
    chosen = study.recommendation
    arm = chosen.name if chosen.kind == "net" else chosen.best
    runs = study.runs[(study.runs["arm"] == arm)].set_index("split")
    for split, rows in study.predictions.groupby("split"):
        weights = FRAME["w"].to_numpy()[rows["row"]]
        squares = (rows["predicted"] - FRAME["y"].to_numpy()[rows["row"]]) ** 2
        expected = np.sqrt((weights * squares).sum() / weights.sum())
        # Outputs are kept in single precision.
        assert runs.loc[split, "rmse"] == pytest.approx(expected, rel=1e-4)


def test_what_is_done_to_weights_and_target_is_said(studies):
    codes = {note.code for note in studies[0].notes}
    assert {"sample_weights", "wide_target", "transformed_target"} <= codes


def test_linear_models_try_what_the_nets_try_and_keep_the_best():
    config = {"factors": {"target_transform": ("none", "log")}, "score": "mae"}
    settings = {k: v for k, v in SETTINGS.items() if k != "frame"} | config
    setup = set_up(StudyConfig(data="frame", **settings), frame=FRAME)
    linear = next(one for one in BASELINES if one.name == "linear")
    ways = setup.ways.of(linear)
    assert [way.target_transform for way in ways] == ["none", "log"]
    found = run_baseline(linear, setup.splits, 0, setup.ways)
    assert ways[int(found["preparation"])].target_transform == "log"
    plain = setup.splits.prepared(0)
    said = plain.in_units(found["outputs.test"])
    known = FRAME["y"].to_numpy()[setup.splits.folds[0].train]
    assert known.min() * 0.99 <= said.min() <= said.max() <= known.max() * 1.01
    assert setup.ways.of(BASELINES[0])[0].target_transform == "none"
