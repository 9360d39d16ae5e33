from dataclasses import fields, replace

import numpy as np

from ablations.selfcheck.studies import Table, draw_studies, mean_of_all, ridge
from ablations.selfcheck.study_checks import (
    check_noisy_trainings,
    check_study_power,
    check_twins,
)
from ablations.study.findings.analysis import Terms, judge_family

DRAWS = 30


def judge_as(kind):
    """Return a judge with terms of another kind."""

    def judge(family, terms, is_tested, **options):
        wrong = kind(**{one.name: getattr(terms, one.name) for one in fields(terms)})
        return judge_family(family, wrong, is_tested, **options)

    return judge


class TooSure(Terms):
    """Take the error for half of what it is."""

    def errors(self, values):
        found = super().errors(values)
        return replace(found, rows=found.rows / 4, training=found.training / 4)


class NoTraining(Terms):
    """Take rows for all that differs."""

    def errors(self, values):
        found = super().errors(values)
        return replace(found, training=0 * found.training)


class ManySplits(Terms):
    """Take what few splits show for certain."""

    def errors(self, values):
        found = super().errors(values)
        return replace(found, freedoms=np.full(len(values), 1e6))


def nothing_is_found(family, terms, is_tested, **options):
    """Find nothing, whatever is there."""
    judged = judge_family(family, terms, is_tested, **options)
    return [replace(one, verdict="undecided") for one in judged]


def test_a_wrong_variance_is_noticed():
    rows = check_twins(DRAWS, judge_as(TooSure))
    for what in ("seeds", "coverage"):
        mine = [row for row in rows if what in row.check]
        assert len(mine) == 5
        assert not all(row.passed for row in mine)


def test_where_trainings_differ_much_a_wrong_share_of_theirs_is_noticed():
    assert all(row.passed for row in check_noisy_trainings(300))
    for kind, draws in ((NoTraining, 20), (ManySplits, 700)):
        assert not all(
            row.passed for row in check_noisy_trainings(draws, judge_as(kind))
        )


def test_a_judge_that_finds_nothing_is_noticed():
    rows = check_study_power(2, nothing_is_found)
    assert not all(row.passed for row in rows)
    assert len(rows) == 12


def test_the_truth_of_a_drawn_study_is_that_of_its_models_on_new_rows():
    rng = np.random.default_rng(0)
    models = {"ridge": ridge(0.1), "dummy": mean_of_all}
    table = Table(1.0, classes=False)
    (study,) = draw_studies(1, table, models, 400, rng, num_new=5000)
    truths = {name: one.mean() for name, one in study.truths.items()}
    # Targets have the variance 1 + 0.49 + 1, of which a line explains 1.
    assert abs(truths["dummy"] + 2.49) < 0.15
    assert abs(truths["ridge"] + 1.49) < 0.15
    for name, values in study.values.items():
        assert abs(study.terms.mean(values) - truths[name]) < 0.5
