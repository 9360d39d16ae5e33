import numpy as np
import pytest
from scipy import special

from ablations.stats.resampled import corrected_resampled_t
from ablations.stats.row_errors import RowTests, row_errors, split_errors


def cross_validations(num_rows, num_splits, num_repeats, rng):
    """Return which rows every split tests, and the repeat it belongs to."""
    tested, repeats = [], []
    for repeat in range(num_repeats):
        order = rng.permutation(num_rows)
        tested += np.array_split(order, num_splits)
        repeats += [repeat] * num_splits
    return tested, repeats


def drawn(tests, rng, of_rows, of_tests, of_training, num_rows, num_draws=1):
    """Return differences `[M, L]` with planted standard deviations."""
    rows = of_rows * rng.normal(size=(num_draws, num_rows))
    training = of_training * rng.normal(size=(num_draws, len(tests.repeats)))
    own = of_tests * rng.normal(size=(num_draws, len(tests.rows)))
    return rows[:, tests.rows] + own + training[:, tests.splits]


def test_without_repeats_the_parts_are_those_of_an_analysis_of_variance():
    rng = np.random.default_rng(0)
    tests = RowTests.of(*cross_validations(60, 4, 1, rng))
    values = drawn(tests, rng, 1.0, 0.0, 2.0, 60)
    found, by_split = row_errors(values, tests), values.reshape(4, 15)
    within = by_split.var(axis=1, ddof=1).mean()
    # Bayle et al.: the mean variance within folds over the number of rows.
    assert found.rows[0] == pytest.approx(within / 60)
    between = by_split.mean(axis=1).var(ddof=1)
    assert found.training[0] == pytest.approx((between - within / 15) / 4)
    assert found.means[0] == pytest.approx(values.mean())


@pytest.mark.parametrize(
    ("of_rows", "of_tests", "of_training"),
    [(1.0, 0.0, 0.0), (0.5, 1.0, 0.0), (1.0, 0.3, 0.3), (0.0, 0.0, 0.2)],
)
def test_the_estimated_variance_is_that_of_the_mean(of_rows, of_tests, of_training):
    rng = np.random.default_rng(1)
    tests = RowTests.of(*cross_validations(100, 5, 2, rng))
    means, variances = [], []
    for _ in range(1500):
        found = row_errors(
            drawn(tests, rng, of_rows, of_tests, of_training, 100), tests
        )
        means.append(found.means[0])
        variances.append(found.errors[0] ** 2)
    # 1,500 draws know a variance to 4 %; cutting the training part at 0 adds to it.
    assert 0.88 < np.mean(variances) / np.var(means) < 1.25


def test_rows_of_one_unit_count_as_one_draw():
    rng = np.random.default_rng(2)
    tested, repeats = cross_validations(50, 5, 1, rng)
    once = RowTests.of(tested, repeats)
    twice = RowTests.of(
        [np.concatenate([2 * rows, 2 * rows + 1]) for rows in tested],
        repeats,
        units=np.arange(100) // 2,
    )
    of_rows = rng.normal(size=50)
    found = row_errors(of_rows[once.rows][None], once)
    copied = row_errors(np.repeat(of_rows, 2)[twice.rows][None], twice)
    assert copied.errors == pytest.approx(found.errors)
    assert copied.freedoms == pytest.approx(found.freedoms)


def test_splits_that_all_have_their_share_of_a_stratum_hide_no_training_noise():
    rng = np.random.default_rng(3)
    strata = np.repeat([0, 1], 100)
    tested = [
        np.concatenate([np.arange(20) + 20 * j, 100 + np.arange(20) + 20 * j])
        for j in range(5)
    ]
    with_strata = RowTests.of(tested, [0] * 5, strata=strata)
    without = RowTests.of(tested, [0] * 5)
    parts = []
    for _ in range(300):
        training = 0.1 * rng.normal(size=5)
        rows = 3.0 * strata + 0.1 * rng.normal(size=200)
        values = (rows[with_strata.rows] + training[with_strata.splits])[None]
        found = [row_errors(values, one).training[0] for one in (with_strata, without)]
        parts.append(found)
    seen = np.mean(parts, axis=0)
    assert seen[0] == pytest.approx(0.1**2 / 5, rel=0.15)
    assert seen[1] < 1e-6


def test_few_rows_that_differ_give_few_degrees_of_freedom():
    rng = np.random.default_rng(4)
    tests = RowTests.of(*cross_validations(200, 5, 3, rng))
    sparse, dense = np.zeros(200), rng.normal(size=200)
    sparse[::50] = 1.0
    few, many = (row_errors(one[tests.rows][None], tests) for one in (sparse, dense))
    assert few.freedoms[0] < 10 < many.freedoms[0]
    # Four rows all on one side are no proof, as a sign test says: p = 2 / 16.
    statistic = few.means[0] / few.errors[0]
    assert 2 * special.stdtr(few.freedoms[0], -statistic) > 0.05


def test_comparisons_with_one_reference_are_correlated_as_their_rows_are():
    rng = np.random.default_rng(5)
    tests = RowTests.of(*cross_validations(2000, 5, 1, rng))
    reference = rng.normal(size=2000)
    values = rng.normal(size=(3, 2000)) - reference
    found = row_errors(values[:, tests.rows], tests).correlation
    assert np.diag(found) == pytest.approx(np.ones(3))
    assert found[np.triu_indices(3, 1)] == pytest.approx(np.full(3, 0.5), abs=0.06)


def test_splits_alone_give_the_corrected_resampled_t():
    values = np.random.default_rng(6).normal(0.3, 1.0, size=(1, 10))
    ours, theirs = split_errors(values, 0.25), corrected_resampled_t(values[0], 0.25)
    half = -special.stdtrit(9, 0.025) * ours.errors[0]
    assert ours.means[0] + half == pytest.approx(theirs.high)


def test_a_difference_that_is_everywhere_the_same_has_no_error():
    tests = RowTests.of(np.arange(40).reshape(4, 10), [0] * 4)
    values = np.full((1, 40), 0.1)
    assert row_errors(values, tests).errors[0] == pytest.approx(0.0, abs=1e-15)
    assert split_errors(tests.means(values), 0.25).errors[0] == 0.0
