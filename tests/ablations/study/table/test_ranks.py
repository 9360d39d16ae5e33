import numpy as np
from scipy.stats import norm, rankdata

from ablations.study.table.ranks import MAX_KNOTS, normal_scores

generator = np.random.default_rng(5)


def test_scores_are_normal_quantiles_of_the_mean_ranks():
    values = generator.integers(0, 40, 200).astype(float)
    knots, scores = normal_scores(values)
    expected = norm.ppf((rankdata(values) - 0.5) / len(values))
    np.testing.assert_allclose(np.interp(values, knots, scores), expected, rtol=1e-9)


def test_of_many_values_few_are_kept_and_the_others_lie_between():
    values = generator.lognormal(0, 2, 20_000)
    knots, scores = normal_scores(values)
    assert len(knots) <= MAX_KNOTS
    assert (knots[0], knots[-1]) == (values.min(), values.max())
    expected = norm.ppf((rankdata(values) - 0.5) / len(values))
    # Between two of 1,000 values ranks differ by a thousandth.
    inside = np.abs(expected) < 2
    found = np.interp(values, knots, scores)
    np.testing.assert_allclose(found[inside], expected[inside], atol=0.02)


def test_a_monotone_change_of_the_values_changes_no_score():
    values = generator.normal(size=300)
    _, scores = normal_scores(values)
    _, same = normal_scores(np.exp(values))
    np.testing.assert_array_equal(scores, same)
