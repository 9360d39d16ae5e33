"""What every estimator owes its reader: all fields, its confidence, its refusals."""

import math

import numpy as np
import pytest

from ablations.stats.estimate import (
    as_floats,
    as_outcomes,
    check_alternative,
    check_confidence,
    check_counts,
)
from ablations.stats.league import league
from ablations.stats.multiple import holm, simultaneous_confidence
from ablations.stats.paired import (
    attainable_p,
    paired_mean_difference,
    sign_flip_p_value,
    smallest_num_pairs,
)
from ablations.stats.paired_proportions import mcnemar_p_value, paired_rate_difference
from ablations.stats.power import power_of_mean, seeds_for_mean
from ablations.stats.proportions import clopper_pearson, wilson
from ablations.stats.ranks import signed_rank_p_value
from ablations.stats.rate_power import (
    power_of_paired_rates,
    power_of_rate,
    seeds_for_paired_rates,
)
from ablations.stats.resampled import corrected_resampled_t
from ablations.stats.survival import (
    kaplan_meier,
    restricted_times,
)
from ablations.stats.trends import (
    adjacent_steps,
    linear_trend,
)


def generator():
    return np.random.default_rng(0)


# Nine seeds, 1 to 9; both arms won some of them.
ONE = np.arange(1.0, 10.0)
TWO = np.array([0.5, 2.5, 1.0, 3.0, 2.0, 6.5, 4.0, 5.0, 9.5])
SOLVED = [1, 1, 1, 1, 1, 1, 0, 1, 0]
FAILED = [0, 0, 1, 0, 0, 0, 0, 1, 1]
ALL_SIGNS = "sign-flip permutation, all signs"

# The call at a confidence; then estimate, n and method. By hand: the sums of ONE and
# TWO are 45 and 34.
ESTIMATORS = {
    "paired_mean_difference": (
        lambda c: paired_mean_difference(ONE - TWO, rng=generator(), confidence=c),
        (11 / 9, 9, ALL_SIGNS),
    ),
    "linear_trend": (
        lambda c: linear_trend(
            np.stack([TWO, ONE], axis=1), [0, 2], rng=generator(), confidence=c
        ),
        (11 / 18, 9, f"linear trend, {ALL_SIGNS}"),
    ),
    "adjacent_steps": (
        lambda c: adjacent_steps(
            np.stack([TWO, ONE, 0 * ONE], axis=1), rng=generator(), confidence=c
        )[0],
        (11 / 9, 9, ALL_SIGNS),
    ),
    "corrected_resampled_t": (
        lambda c: corrected_resampled_t(ONE, 0.25, confidence=c),
        (5.0, 9, "corrected resampled t"),
    ),
    "wilson": (lambda c: wilson(7, 9, confidence=c), (7 / 9, 9, "Wilson")),
    "clopper_pearson": (
        lambda c: clopper_pearson(7, 9, confidence=c),
        (7 / 9, 9, "Clopper-Pearson, two-sided"),
    ),
    "one_sided_clopper_pearson": (
        lambda c: clopper_pearson(7, 9, alternative="greater", confidence=c),
        (7 / 9, 9, "Clopper-Pearson, greater"),
    ),
    "paired_rate_difference": (
        lambda c: paired_rate_difference(SOLVED, FAILED, confidence=c),
        (4 / 9, 9, "Newcombe paired, McNemar exact"),
    ),
    "paired_rate_difference_mid_p": (
        lambda c: paired_rate_difference(SOLVED, FAILED, confidence=c, mid_p=True),
        (4 / 9, 9, "Newcombe paired, McNemar mid-p"),
    ),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimate_says_how_it_was_made(name):
    estimator, (estimate, n, method) = ESTIMATORS[name]
    made = estimator(0.8)
    # The sums of a mean round; the other fields are exact.
    assert made.estimate == pytest.approx(estimate, rel=1e-12)
    # A level of (1 - 0.8) / 2 rounds once.
    assert made.confidence == pytest.approx(0.8, rel=1e-15)
    assert (made.n, made.method) == (n, method)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_more_confidence_takes_a_wider_interval_around_the_estimate(name):
    estimator, _ = ESTIMATORS[name]
    narrow, wide = estimator(0.8), estimator(0.95)
    assert wide.low <= narrow.low <= narrow.estimate <= narrow.high <= wide.high
    # An outer limit of 0 or 1 stays; the other one moves.
    assert wide.low < narrow.low
    assert wide.high > narrow.high or wide.high == 1.0
    assert wide.p_value == narrow.p_value


# Without data: the call, and the p-value and method that it reports.
EMPTY = {
    "paired_mean_difference": (
        lambda: paired_mean_difference([], rng=generator(), confidence=0.8),
        (1.0, ALL_SIGNS),
    ),
    "corrected_resampled_t": (
        lambda: corrected_resampled_t([], 0.25, confidence=0.8),
        (1.0, "corrected resampled t"),
    ),
    "wilson": (lambda: wilson(0, 0, confidence=0.8), (None, "Wilson")),
    "clopper_pearson": (
        lambda: clopper_pearson(0, 0, null=0.3, confidence=0.8),
        (1.0, "Clopper-Pearson, two-sided"),
    ),
    "paired_rate_difference": (
        lambda: paired_rate_difference([], [], confidence=0.8),
        (1.0, "Newcombe paired, McNemar exact"),
    ),
}


@pytest.mark.parametrize("name", EMPTY)
def test_without_data_an_estimate_claims_nothing(name):
    call, (p_value, method) = EMPTY[name]
    made = call()
    assert math.isnan(made.estimate)
    assert (made.low, made.high) == (-math.inf, math.inf)
    assert (made.p_value, made.n, made.confidence) == (p_value, 0, 0.8)
    assert made.method == method


@pytest.mark.parametrize("differences", [[0.5], [0.5] * 9])
def test_splits_that_all_agree_keep_their_mean_without_bounds(differences):
    made = corrected_resampled_t(differences, 0.25, confidence=0.8)
    assert (made.estimate, made.n, made.confidence) == (0.5, len(differences), 0.8)
    assert (made.low, made.high, made.p_value) == (-math.inf, math.inf, 1.0)
    assert made.method == "corrected resampled t"


def test_beyond_sixteen_pairs_every_estimator_draws_the_same_signs():
    first = np.random.default_rng(1).lognormal(0.4, 1, 20)
    second = np.random.default_rng(2).lognormal(0.0, 1, 20)
    differences = first - second
    plain = paired_mean_difference(differences, rng=generator())
    assert plain.method == "sign-flip permutation, 100000 draws"
    pairs = np.stack([second, first], axis=1)
    others = [
        linear_trend(pairs, [0, 1], rng=generator()),
        *adjacent_steps(pairs, rng=generator()),
    ]
    for other in others:
        assert other.p_value == plain.p_value
        # A contrast multiplies by one over the sum of its squares: rounding.
        assert (other.low, other.high) == pytest.approx((plain.low, plain.high))
    assert sign_flip_p_value(differences, rng=generator()) == plain.p_value


NAN_OF_TWO = "must not contain NaN. Received: 1 NaN of 2."
BAD = [1.0, math.nan]

REFUSALS = [
    (
        lambda: check_confidence(95),
        "`confidence` must lie strictly between 0 and 1. Received: 95.",
    ),
    (
        lambda: check_confidence(0.0),
        "`confidence` must lie strictly between 0 and 1. Received: 0.0.",
    ),
    (
        lambda: check_confidence(1.0),
        "`confidence` must lie strictly between 0 and 1. Received: 1.0.",
    ),
    (
        lambda: check_alternative("larger"),
        "`alternative` must be one of ('two-sided', 'greater', 'less'). "
        "Received: 'larger'.",
    ),
    (
        lambda: as_floats("losses", [[1.0]]),
        "`losses` must have 1 dimension(s). Received: shape (1, 1).",
    ),
    (lambda: as_floats("losses", BAD), f"`losses` {NAN_OF_TWO}"),
    (
        lambda: as_floats("losses", [1.0, -math.inf]),
        "`losses` must be finite; cap or rank failures first. "
        "Received: 1 infinite of 2.",
    ),
    (
        lambda: as_outcomes("solved", [0.5, 1]),
        "`solved` must contain only 0 and 1 (or booleans).",
    ),
    (
        lambda: check_counts(3, 2),
        "`successes` and `n` must be integers with 0 <= successes <= n. "
        "Received: 3 and 2.",
    ),
    (lambda: league([BAD], higher_is_better=True), f"`scores` {NAN_OF_TWO}"),
    (
        lambda: league(np.empty((3, 0)), higher_is_better=True),
        "`scores` must have at least one arm. Received: none.",
    ),
    (
        lambda: holm([0.5, 1.25]),
        "`p_values` must lie between 0 and 1. Received: [0.5  1.25].",
    ),
    (lambda: holm(BAD), f"`p_values` {NAN_OF_TWO}"),
    (
        lambda: simultaneous_confidence(0),
        "`num_intervals` must be positive. Received: 0.",
    ),
    (lambda: attainable_p(-1), "`n` must not be negative. Received: -1."),
    (
        lambda: smallest_num_pairs(0),
        "`num_tests` must be positive. Received: 0.",
    ),
    (
        lambda: smallest_num_pairs(5001),
        "`num_tests` must be at most 5000, or no sign-flip test can be rejected. "
        "Received: 5001.",
    ),
    (
        lambda: smallest_num_pairs(50_001, confidence=0.5),
        "`num_tests` must be at most 50000, or no sign-flip test can be rejected. "
        "Received: 50001.",
    ),
    (
        lambda: paired_mean_difference(BAD, rng=generator()),
        f"`differences` {NAN_OF_TWO}",
    ),
    (lambda: sign_flip_p_value(BAD, rng=generator()), f"`differences` {NAN_OF_TWO}"),
    (
        lambda: mcnemar_p_value(-1, 3),
        "`successes` and `n` must be integers with 0 <= successes <= n. "
        "Received: -1 and 2.",
    ),
    (lambda: paired_rate_difference(BAD, [0, 1]), f"`treatment` {NAN_OF_TWO}"),
    (lambda: paired_rate_difference([0, 1], BAD), f"`control` {NAN_OF_TWO}"),
    *(
        (
            lambda power=power: seeds_for_mean(1.0, 1.0, power=power),
            f"`power` must lie strictly between 0 and 1. Received: {power}.",
        )
        for power in (0.0, 1.0, 1.5)
    ),
    *(
        (
            lambda effect=effect, spread=spread: seeds_for_mean(effect, spread),
            "`spread` must not be negative, `effect` and `spread` must be finite. "
            f"Received: {spread} and {effect}.",
        )
        for effect, spread in [(1.0, -1.0), (1.0, math.inf), (math.nan, 1.0)]
    ),
    (
        lambda: clopper_pearson(1, 2, null=1.5),
        "`null` must lie between 0 and 1. Received: 1.5.",
    ),
    (lambda: signed_rank_p_value(BAD), f"`effects` {NAN_OF_TWO}"),
    (
        lambda: power_of_rate(-0.5, 0.5, 9),
        "`rate` must lie between 0 and 1. Received: -0.5.",
    ),
    (
        lambda: power_of_rate(0.5, 1.5, 9),
        "`bound` must lie between 0 and 1. Received: 1.5.",
    ),
    (
        lambda: power_of_paired_rates(1.5, 0.5, 9),
        "`treatment` must lie between 0 and 1. Received: 1.5.",
    ),
    (
        lambda: power_of_paired_rates(0.5, 1.5, 9),
        "`control` must lie between 0 and 1. Received: 1.5.",
    ),
    (
        lambda: corrected_resampled_t([1.0, 2.0], 0.0),
        "`test_to_train` must be positive and finite. Received: 0.0.",
    ),
    (lambda: corrected_resampled_t(BAD, 0.5), f"`differences` {NAN_OF_TWO}"),
    (
        lambda: restricted_times([1.0], 0.0),
        "`budget` must be positive and finite. Received: 0.0.",
    ),
    (
        lambda: restricted_times([1.0, -2.5], 9.0),
        "`times` must not be negative. Received: -2.5.",
    ),
    (lambda: restricted_times(BAD, 9.0), f"`times` {NAN_OF_TWO}"),
    (lambda: kaplan_meier(BAD), f"`times` {NAN_OF_TWO}"),
    (
        lambda: kaplan_meier([1.0, math.inf], [True, True]),
        "`reached` must have one value for each time, and be False where the time is "
        "infinite. Received: shapes (2,) and (2,).",
    ),
    (
        lambda: kaplan_meier([1.0, 2.0], [True]),
        "`reached` must have one value for each time, and be False where the time is "
        "infinite. Received: shapes (1,) and (2,).",
    ),
    (
        lambda: linear_trend(np.zeros((6, 2)), [1, 1], rng=generator()),
        "`levels` must have 2 values, at least two of them distinct. "
        "Received: [1. 1.].",
    ),
    (lambda: linear_trend([BAD], [1, 2], rng=generator()), f"`scores` {NAN_OF_TWO}"),
    (lambda: adjacent_steps([BAD], rng=generator()), f"`scores` {NAN_OF_TWO}"),
    (
        lambda: adjacent_steps(np.zeros((6, 1)), rng=generator()),
        "`scores` must have at least two levels. Received: 1.",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS)
def test_a_refusal_names_what_must_hold_and_what_came(call, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the text is compared
        call()
    assert str(refusal.value) == message


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_every_confidence_is_checked(confidence):
    rng = generator()
    for estimator, _ in ESTIMATORS.values():
        with pytest.raises(ValueError, match="`confidence`"):
            estimator(confidence)
    calls = [
        lambda: league([[1.0, 2.0]], higher_is_better=True, confidence=confidence),
        lambda: kaplan_meier([1.0], confidence=confidence),
        lambda: simultaneous_confidence(2, confidence=confidence),
        lambda: smallest_num_pairs(confidence=confidence),
        lambda: power_of_mean(1.0, 9, confidence=confidence),
        lambda: power_of_rate(0.5, 0.4, 9, confidence=confidence),
        lambda: power_of_paired_rates(0.5, 0.4, 9, confidence=confidence),
        lambda: seeds_for_paired_rates(0.5, 0.4, confidence=confidence),
        lambda: paired_mean_difference([], rng=rng, confidence=confidence),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="`confidence`"):
            call()
