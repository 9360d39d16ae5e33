"""Predictions of the chapter read the arms given and pass on what else is said."""

import pytest

from ablations.rigs.readings import MOSTLY
from ablations.rigs.regularization.dropout import dropped
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import (
    FORGOTTEN,
    MOST,
    TIE,
    accuracy,
    fits_less,
    generalizes,
    less_is_better,
    within_runs,
)
from ablations.stats.proportions import clopper_pearson

WORDS = {"key": "key", "label": "label"}


@pytest.mark.parametrize("bound", [MOST, MOSTLY])
def test_ten_seeds_can_tell_most_from_few(bound):
    n = SEEDS.quick
    assert clopper_pearson(0, n).high < bound < clopper_pearson(n, n).low


def test_comparisons_read_treatment_and_control():
    half, plain = dropped(0.5), dropped()
    better = generalizes(half, plain, **WORDS)
    assert (better.treatment, better.control) == (half, plain)
    assert (better.score, better.margin) == (accuracy(), TIE)
    as_good = generalizes(half, plain, direction="no_less", quick=False, **WORDS)
    assert (as_good.direction, as_good.quick) == ("no_less", False)
    less = fits_less(half, plain, **WORDS)
    assert (less.score, less.bound) == (accuracy("accuracy"), -FORGOTTEN)


def test_readings_of_the_same_runs_are_of_one_arm():
    score, other = (less_is_better(name, name) for name in ("loss", "val_loss"))
    two = within_runs(dropped(), score, other, 0.1, **WORDS)
    assert two.treatment == two.control == dropped()
    assert (two.score, two.control_score) == (score, other)


def test_accuracies_are_called_by_their_rows():
    assert accuracy().words == "test accuracy"
    assert accuracy("accuracy").words == "training accuracy"
