"""Why a search ended, in sentences."""

import pytest

from ablations.tuner.ending import describe_ending
from ablations.tuner.settings import SearchConfig
from models.search_space import SearchSpace

SMALL = SearchSpace(
    activation=("relu", "tanh"),
    initializer=("he_normal",),
    depth=(1,),
    width=(8, 16),
    dropout=(0.0,),
    l2=(0.0,),
    batch_norm=("off",),
    learning_rate=(0.01,),
)


@pytest.mark.parametrize(
    ("settings", "space", "epochs", "num_tried", "sentence"),
    [
        (
            {"trials": 3},
            SearchSpace(),
            [20] * 3,
            3,
            "The search ended after the last of 3 trials.",
        ),
        (
            {"trials": 20},
            SMALL,
            [20] * 4,
            4,
            "The search ended after 4 of 20 trials: the space has only 4 combinations"
            " of values, all tried.",
        ),
        (
            {"trials": 20},
            SMALL,
            [20] * 3,
            3,
            "The search ended after 3 of 20 trials: draws brought none that was new,"
            " after 3 of 4 combinations of values.",
        ),
        (
            {"oracle": "grid", "trials": 3},
            SMALL,
            [20] * 3,
            3,
            "The search ended after the last of 3 trials; the grid has 4 combinations.",
        ),
        (
            {"oracle": "grid", "trials": 9},
            SMALL,
            [20] * 4,
            4,
            "The search ended after 4 of 9 trials: the grid has only 4 combinations of"
            " values, all tried.",
        ),
        (
            {"oracle": "hyperband", "trials": 20, "max_epochs": 30},
            SMALL,
            [10] * 4 + [30] * 3,
            4,
            "The search ended after 7 of 20 trials: the space has only 4 combinations"
            " of values, all tried. 3 of them were trained for all 30 epochs, the"
            " others stopped before.",
        ),
        (
            {"trials": 9},
            SearchSpace(),
            [20] * 4,
            4,
            "The search ended after 4 of 9 trials: draws brought no combination of"
            " values that was new.",
        ),
    ],
)
def test_a_search_says_why_it_ended(settings, space, epochs, num_tried, sentence):
    config = SearchConfig(**settings)
    assert describe_ending(config, space, epochs, num_tried) == sentence
