import dataclasses

import numpy as np
import pytest

from reports.study.readings.folds import fold_differences, fold_scores


def test_a_fold_counts_once_however_many_seeds_it_has(study):
    result = study()
    runs = result.runs
    one = runs[(runs["arm"] == "plain") & (runs["repeat"] == 1) & (runs["split"] == 3)]
    scores = fold_scores(result, "plain")
    assert len(scores) == 10
    assert scores[(1, 3)] == pytest.approx(one["score"].mean())


def test_the_mean_of_the_dots_is_the_difference_of_the_means(study):
    result = study()
    row = result.effects.iloc[0].to_dict()
    means = result.arms.set_index("arm")["mean"]
    differences = fold_differences(result, row)
    assert len(differences) == 10
    assert differences.mean() == pytest.approx(means["dropout=0.2"] - means["plain"])


def test_a_main_effect_is_that_of_all_arms_at_a_level(factorial):
    row = factorial.effects.set_index("factor").loc["dropout"].to_dict()
    row["factor"] = "dropout"
    means = factorial.arms.set_index("arm")["mean"]
    expected = np.mean([means["tanh, dropout 0.2"], means["relu, dropout 0.2"]])
    expected -= np.mean([means["tanh, dropout 0"], means["relu, dropout 0"]])
    assert fold_differences(factorial, row).mean() == pytest.approx(expected)


def test_a_fold_that_one_arm_lacks_is_left_out(study):
    result = study()
    runs = result.runs
    lost = (runs["arm"] == "plain") & (runs["repeat"] == 0) & (runs["split"] == 0)
    less = dataclasses.replace(result, runs=runs[~lost])
    assert len(fold_differences(less, result.effects.iloc[0].to_dict())) == 9
    assert not len(fold_scores(result, "no such arm"))
