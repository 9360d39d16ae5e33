import numpy as np
import pytest

from ablations.judging.seeds import MOST_SEEDS, seeds_for_difference, seeds_for_share
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.proportions import clopper_pearson


@pytest.mark.parametrize("confidence", [0.95, 0.99])
@pytest.mark.parametrize(
    ("successes", "n", "bound"), [(9, 10, 0.75), (1, 10, 0.3), (30, 40, 0.7)]
)
def test_the_seeds_for_a_share_decide_and_hardly_fewer_do(
    successes, n, bound, confidence
):
    def decides(m):
        estimate = clopper_pearson(round(successes / n * m), m, confidence=confidence)
        return estimate.low >= bound or estimate.high <= bound

    needed = seeds_for_share(successes, n, bound, confidence)
    assert decides(needed)
    assert not decides(needed - 1)
    assert needed > n


def test_a_share_that_is_decided_needs_no_more():
    assert seeds_for_share(20, 20, 0.5, 0.95) == 20


def test_a_share_at_its_bound_is_never_decided():
    assert seeds_for_share(5, 10, 0.5, 0.95) is None
    assert MOST_SEEDS == 1_000_000


def pairs(both, only_treatment, only_control, neither):
    treatment = [1] * (both + only_treatment) + [0] * (only_control + neither)
    control = [1] * both + [0] * only_treatment + [1] * only_control + [0] * neither
    return np.array(treatment, float), np.array(control, float)


@pytest.mark.parametrize("confidence", [0.95, 0.99])
@pytest.mark.parametrize(
    ("counts", "bound"),
    [((4, 3, 1, 2), 0.0), ((4, 1, 3, 2), 0.0), ((10, 14, 6, 10), 0.05)],
)
def test_the_seeds_for_a_difference_decide_and_hardly_fewer_do(
    counts, bound, confidence
):
    treatment, control = pairs(*counts)
    n = len(treatment)

    def decides(m):
        # The counts of both, only one, only the other and neither, m / n of each.
        steps = np.cumsum(np.array(counts)[::-1][[0, 1, 2, 3]]) / n * m
        neither, lost, won, both = np.diff(np.round(steps), prepend=0).astype(int)
        estimate = paired_rate_difference(
            *pairs(both, won, lost, neither), confidence=confidence
        )
        return estimate.low >= bound or estimate.high <= bound

    needed = seeds_for_difference(treatment, control, bound, confidence)
    assert decides(needed)
    assert not decides(needed - 1)
    assert needed > n


def test_a_difference_that_is_decided_needs_no_more():
    assert seeds_for_difference(*pairs(2, 18, 0, 0), 0.1, 0.95) == 20


def test_the_order_of_seeds_plays_no_role_for_how_many_are_needed():
    treatment, control = pairs(4, 5, 1, 2)
    order = np.random.default_rng(0).permutation(12)
    ours = seeds_for_difference(treatment, control, 0.0, 0.95)
    theirs = seeds_for_difference(treatment[order], control[order], 0.0, 0.95)
    assert theirs == ours
