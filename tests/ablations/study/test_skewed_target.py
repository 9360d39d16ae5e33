"""A target over orders of magnitude is learned where ratios, not distances, count."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.findings.analysis import learned
from ablations.study.findings.frames import make_terms
from ablations.study.settings.config import StudyConfig
from ablations.study.training.baselines import BASELINES, outputs_of, run_baseline
from ablations.study.training.scoring import score_splits, score_test_rows
from ablations.study.training.setup import set_up

generator = np.random.default_rng(15)
X = generator.normal(size=(300, 2))
LOG = 2.6 * X[:, 0] + X[:, 1] + generator.normal(size=300) * 0.3
TARGETS = {
    "sales of 0.3 to a million": np.exp(7 + LOG),
    "moles per liter, all below 0.001": np.exp(LOG - 16),
    "counts, a third of them zero": np.floor(np.exp(LOG + 1)),
    "few rows": np.exp(7 + LOG)[:60],
}


def lay_out(y: np.ndarray, **settings):
    """Lay a small study out."""
    frame = pd.DataFrame(X[: len(y)], columns=["x", "z"]).assign(y=y)
    factors = {"dropout": (0.0, 0.3)}
    plan = {"target": "y", "folds": 4, "repeats": 1, "factors": factors, **settings}
    return set_up(StudyConfig(data="frame", **plan), frame=frame)


def judge(setup) -> tuple[bool, dict[str, dict[str, np.ndarray]]]:
    """Return whether a linear model surely learned, and what it and the dummy say."""
    said, values = {}, {}
    for baseline in BASELINES[:2]:
        runs = [run_baseline(baseline, setup.splits, j, setup.ways) for j in range(4)]
        parts = ("outputs.val", "outputs.test")
        said[baseline.name] = outputs_of(
            {part: np.array([run[part] for run in runs]) for part in parts}
        )
        rows = score_test_rows(setup.score.name, said[baseline.name], setup.splits)
        values[baseline.name] = rows[:, 0].ravel()
    nets = {setup.arms.arms[0].name: values["linear"]}
    _, terms = make_terms(setup, nets, values["dummy"])
    return learned(nets, values["dummy"], terms)[next(iter(nets))], said


def rmsle_of(said, setup) -> float:
    """Return the mean of the score over the splits."""
    return score_splits(["rmsle"], said, "test", setup.splits)["rmsle"].mean()


@pytest.mark.parametrize("kind", TARGETS)
def test_a_target_whose_logarithm_the_columns_tell_is_learned(kind):
    setup = lay_out(TARGETS[kind])
    assert setup.score.name == "rmsle"
    has_learned, said = judge(setup)
    assert has_learned
    ours, theirs = (rmsle_of(said[name], setup) for name in ("linear", "dummy"))
    assert ours < 0.5 * theirs


def test_distances_of_such_a_target_are_those_of_so_few_rows_that_nothing_is_sure():
    assert not judge(lay_out(TARGETS["few rows"], score="mae"))[0]


def test_a_target_that_the_columns_do_not_tell_is_not_learned():
    mixed = np.random.default_rng(1).permutation(TARGETS["sales of 0.3 to a million"])
    assert not judge(lay_out(mixed))[0]


def test_always_the_same_answer_is_the_geometric_mean_of_the_training_rows():
    for kind, (forward, back) in {
        "moles per liter, all below 0.001": (np.log, np.exp),
        "counts, a third of them zero": (np.log1p, np.expm1),
    }.items():
        y = TARGETS[kind]
        setup = lay_out(y)
        said = run_baseline(BASELINES[0], setup.splits, 0, setup.ways)["outputs.test"]
        known = y[setup.splits.folds[0].train]
        told = setup.splits.prepared(0).in_units(said)
        np.testing.assert_allclose(told, back(forward(known).mean()), rtol=1e-6)


def test_small_answers_are_kept_as_exactly_as_their_logarithm_needs():
    """In single precision nothing would be left of one part in a trillion."""
    y = np.exp(7 + 2 * LOG)
    setup = lay_out(y)
    assert y.max() / y.min() > 1e12
    # The noise of the logarithm is 2 x 0.3.
    assert 0.5 < rmsle_of(judge(setup)[1]["linear"], setup) < 0.7
