"""Power, selection, invariance, references and prose: inside, and seen to fail."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ablations.selfcheck import invariance
from ablations.selfcheck.invariance import check_invariance
from ablations.selfcheck.power import check_power
from ablations.selfcheck.prose import check_prose, is_stored
from ablations.selfcheck.references import check_references, row_of
from ablations.selfcheck.row import most_false
from ablations.selfcheck.selection import check_selection


def failed(rows) -> list[str]:
    return [row.check for row in rows if not row.passed]


def test_the_planner_keeps_its_promises():
    assert failed(check_power(600)) == []


def test_a_judge_that_is_too_careful_breaks_the_planner_s_promises():
    def careful(way, scores):
        return way.words(scores[:, :, : scores.shape[2] // 2])

    assert len(failed(check_power(600, careful))) == 5


def test_the_best_of_many_is_judged_on_other_seeds():
    official, naive = check_selection(500)
    assert official.passed
    assert naive.passed, "the naive path must be seen to fail"


def test_judging_on_the_seeds_that_tuned_is_seen():
    official, _ = check_selection(500, judge_on_fresh=False)
    assert not official.passed


def test_an_outcome_that_depends_on_the_order_of_rows_is_seen(monkeypatch):
    def by_order(way, scores):
        outcome = way_outcome(way, scores)
        low = None if outcome.low is None else outcome.low + scores[0, 0]
        return replace(outcome, low=low)

    way_outcome = invariance._outcome
    monkeypatch.setattr(invariance, "_outcome", by_order)
    assert "invariance, rows permuted" in failed(check_invariance(2))


def test_the_cases_equal_scipy_and_another_number_is_seen():
    assert failed(check_references()) == []
    assert not row_of("wrong", [(0.5, 0.5), (0.1, 0.1 + 1e-8)]).passed
    assert not row_of("lost", [(math.nan, 0.1)]).passed


def test_findings_tell_the_stored_numbers():
    assert failed(check_prose(3)) == []


def test_a_finding_with_another_number_is_seen():
    def tell(verdict):
        return verdict.finding + " It is 12.345 % better."

    assert failed(check_prose(1, tell)) == ["prose, every number is the stored one"]


def test_a_finding_that_calls_the_undecided_equal_is_seen():
    def tell(verdict):
        return "There is no difference."

    names = failed(check_prose(1, tell))
    assert "prose, inconclusive is never told as no difference" in names


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("95.2", 0.9523, True),
        ("95.3", 0.9523, False),
        ("-2.1", -0.0214, True),
        ("+2.1", -0.0214, False),
        ("1,234", 1234, True),
        ("1.2e-05", 1.23e-05, True),
        ("1.2e-05", 1.29e-05, False),
    ],
)
def test_a_number_is_stored_if_it_is_one_rounded_as_written(text, value, expected):
    assert is_stored(text, [value, 7.0]) is expected


def test_ten_thousand_draws_have_the_limit_of_the_table():
    assert most_false(10_000) == 0.0536
    rates = [most_false(n) for n in (100, 1_000, 9_999, 10_000)]
    assert rates == sorted(rates, reverse=True)
    assert np.isclose(most_false(1_000), 0.05 + 3 * math.sqrt(0.0475 / 1_000))
