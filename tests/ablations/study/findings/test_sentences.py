from dataclasses import replace

import numpy as np
import pytest

from ablations.stats.row_errors import RowTests
from ablations.study.findings.analysis import Terms, judge_family
from ablations.study.findings.sentences import (
    model_name,
    range_of,
    text_of,
)
from ablations.study.settings.score import LOG_UNITS, Score

ACCURACY = Score("accuracy", True, 0.01, "points", 100.0)
ERROR = Score("rmse", False, 2.0, "price")
RATIOS = Score("rmsle", False, 0.1, LOG_UNITS["log"])
SPLITS = RowTests.of([np.array([j]) for j in range(15)], [0] * 15)
TERMS = Terms(SPLITS, 0.25, 0.01, higher_is_better=True, step=5)


def test_a_linear_model_is_named_by_what_it_predicts():
    assert model_name("linear", ACCURACY) == "a linear model (logistic regression)"
    assert model_name("linear", ERROR) == "a linear model (ridge regression)"
    assert model_name("random forest", ERROR) == "a random forest"


@pytest.mark.parametrize(
    ("low", "high", "score", "said"),
    [
        (-0.02, 0.05, ACCURACY, "from 2 points worse to 5 points better"),
        (-0.05, -0.02, ACCURACY, "2 to 5 points worse"),
        (0.02, 0.05, ACCURACY, "2 to 5 points better"),
        (-2.0, 5.0, ERROR, "from 5 worse to 2 better"),
        (2.0, 5.0, ERROR, "2 to 5 in the unit of 'price' worse"),
        (-5.0, 0.0, ERROR, "from no difference to 5 better"),
        (-0.024, 0.1, RATIOS, "from 0.1 worse to 0.024 better"),
        (0.3, 0.4, RATIOS, "0.3 to 0.4 in the logarithm worse"),
    ],
)
def test_an_interval_names_its_unit_once_and_the_worse_end_first(
    low, high, score, said
):
    (one,) = judge_family([np.linspace(-1, 1, 15)], TERMS, [True])
    one = replace(one, estimate=replace(one.estimate, low=low, high=high))
    assert range_of(one, score) == f"95 % interval: {said}; 15 splits"


@pytest.mark.parametrize(
    ("mean", "spread", "said"),
    [
        (-0.11, 0.001, "a against b: really worse, by about 11 points (95 % interval:"),
        (0.11, 0.001, "a against b: really better, by about 11 points"),
        (0.0001, 0.001, "a against b: surely less than 1 point apart"),
        (0.02, 0.05, "points better, which may be chance"),
    ],
)
def test_a_comparison_is_told_without_a_sign(mean, spread, said):
    steps = np.linspace(-1, 1, 15)
    (one,) = judge_family([mean + spread * steps], TERMS, [True])
    text = text_of("a", "b", one, ACCURACY)
    assert said in text
    assert "15 splits" in text
    assert not set("+\N{MINUS SIGN}-") & set(text)


def test_arms_that_say_the_same_everywhere_are_told_so_without_a_margin():
    (one,) = judge_family([np.zeros(15)], TERMS, [True])
    assert text_of("a", "b", one, ACCURACY) == (
        "a against b: no difference on any test row."
    )
