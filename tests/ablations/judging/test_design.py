"""What seeds can show, said before any run."""

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.design import design_of, smallest_num_seeds
from ablations.judging.kinds.comparison import compare
from ablations.judging.kinds.equivalence import equate
from ablations.judging.kinds.league import judge_ranks
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    Equivalence,
    ExactCheck,
    Interaction,
    League,
    SuccessRate,
    TimeToTarget,
    Trend,
)
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import smallest_num_pairs
from ablations.stats.power import power_of_mean
from ablations.stats.proportions import clopper_pearson
from ablations.stats.rate_power import power_of_paired_rates, power_of_rate

LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
A, B, C, D = (drawn_arm(name) for name in "abcd")
PAIR = {"key": "p", "label": "p", "treatment": A, "control": B}
EXACT = ExactCheck(key="x", label="x", measurement="m", quantity="q", expected=1.0)


def share(bound: float = 0.95, **changes) -> SuccessRate:
    fields = {"key": "s", "label": "s", "arm": A, "score": SOLVED, "bound": bound}
    return SuccessRate(**(fields | changes))


def comparison(score: ScoreConfig = LOSS, margin: float = 0.0) -> Comparison:
    return Comparison(**PAIR, score=score, margin=margin)


EVERY_KIND = [
    EXACT,
    share(),
    Agreement(key="a", label="a", arm=A, other=B, score=SOLVED, bound=0.9),
    comparison(),
    comparison(SOLVED, 0.02),
    Equivalence(**PAIR, score=LOSS, margin=0.1),
    Equivalence(**PAIR, score=SOLVED, margin=0.1),
    TimeToTarget(**PAIR, score=SOLVED, budget=500, margin=0.1),
    Interaction(
        key="i",
        label="i",
        neither=A,
        first=B,
        second=C,
        both=D,
        score=LOSS,
        margin=0.1,
    ),
    League(key="l", label="l", ranked=(A, B, C), score=LOSS),
    Trend(key="t", label="t", along=(A, B), scores=(SOLVED,), margin=0.05),
    Trend(key="t", label="t", along=(A, B), scores=(LOSS,), margin=0.05),
]


@pytest.mark.parametrize("num_tests", [1, 20, 100])
@pytest.mark.parametrize("confidence", [0.95, 0.999])
def test_means_need_the_pairs_that_the_sign_flip_test_needs(num_tests, confidence):
    expected = max(10, smallest_num_pairs(num_tests, confidence=confidence))
    assert smallest_num_seeds(comparison(), confidence, num_tests) == expected


def test_a_family_too_large_for_the_drawn_signs_is_never_decided():
    assert smallest_num_seeds(comparison(), 0.9999, num_tests=20) is None
    assert "no number of seeds" in design_of(comparison(), 4000, 0.9999, 20).text


def test_a_share_needs_as_many_runs_as_put_all_or_none_beside_its_bound():
    # None of 10 runs refutes 95 %; that all of n hold it takes 0.95^n <= 0.025.
    assert smallest_num_seeds(share(0.95)) == 10
    assert smallest_num_seeds(share(0.95), words=("holds",)) == 72
    needed = smallest_num_seeds(share(0.5), num_tests=500)
    level = 1 - 0.05 / 500
    assert clopper_pearson(needed, needed, confidence=level).low >= 0.5
    assert clopper_pearson(needed - 1, needed - 1, confidence=level).low < 0.5


def test_with_the_fewest_seeds_some_runs_decide_and_with_one_less_none_do():
    # A small family, so that the floor of 10 seeds does not hide the number.
    for margin in (0.0, 0.3):
        prediction = comparison(SOLVED, margin)
        needed = smallest_num_seeds(prediction, 0.95, num_tests=50)
        level = 1 - 0.05 / 50
        words = {}
        for n in (needed - 1, needed):
            extremes = [(np.ones(n), np.zeros(n)), (np.zeros(n), np.ones(n))]
            extremes.append((np.ones(n), np.ones(n)))
            words[n] = {compare(prediction, level, *pair).outcome for pair in extremes}
        assert words[needed - 1] == {"undecided"} or needed == 10
        assert words[needed] > {"undecided"} or "undecided" not in words[needed]


def test_equal_shares_need_more_seeds_the_smaller_the_margin():
    needed = [
        smallest_num_seeds(
            Equivalence(**PAIR, score=SOLVED, margin=margin), words=("holds",)
        )
        for margin in (0.3, 0.1, 0.05)
    ]
    assert needed == sorted(needed)
    n = needed[1]
    prediction = Equivalence(**PAIR, score=SOLVED, margin=0.1)
    both = np.ones(n), np.ones(n)
    assert equate(prediction, CONFIDENCE, *both).outcome == "holds"
    fewer = np.ones(n - 1), np.ones(n - 1)
    assert equate(prediction, CONFIDENCE, *fewer).outcome == "undecided"
    assert f"{n} show that it holds" in design_of(prediction, 1000).text


def test_a_league_needs_seeds_for_all_pairs_of_its_arms():
    arms = tuple(drawn_arm(name) for name in "abcdef")
    prediction = League(key="l", label="l", ranked=arms, best=arms[0], score=LOSS)
    # 15 pairs: 2 / 2^10 is the first p-value below 0.05 / 15.
    needed = smallest_num_seeds(prediction, 0.95)
    assert needed == 10
    ranked = [np.full(needed, float(i)) for i in range(6)]
    assert judge_ranks(prediction, CONFIDENCE, ranked).outcome == "holds"
    fewer = [values[:-1] for values in ranked]
    assert judge_ranks(prediction, CONFIDENCE, fewer).outcome == "undecided"


@pytest.mark.parametrize("made", EVERY_KIND, ids=lambda made: made.kind)
def test_every_kind_says_what_its_seeds_can_show(made):
    few, many = design_of(made, 10), design_of(made, 4000)
    for design in (few, many):
        assert design.text.startswith(f"{made.label}: ")
        assert design.text.endswith(".")
    if made.kind == "exact":
        assert (many.smallest, many.detectable) == (0, None)
        return
    assert many.smallest <= 4000
    assert many.detectable > 0
    assert "80 %" in many.text


def test_a_design_that_cannot_decide_says_how_many_seeds_it_takes():
    design = design_of(comparison(), 9)
    assert design.text == (
        "p: 9 seeds cannot decide, it takes 10; with 9, nothing is distinguished"
        " from the bound with a chance of 80 %."
    )
    assert design.detectable is None


def test_a_detectable_share_has_the_power_that_is_asked():
    design = design_of(share(0.8), 200)
    assert power_of_rate(design.detectable, 0.8, 200) == pytest.approx(0.8, abs=0.01)
    down = design_of(share(0.8, direction="at_most"), 200)
    assert down.detectable < 0.8 < design.detectable


def test_detectable_differences_are_found_as_often_as_promised():
    rng = np.random.default_rng(0)
    num_draws = 250
    # Four standard errors of a share of 80 %, and 3 points for the normal power.
    tolerance = 4 * np.sqrt(0.8 * 0.2 / num_draws) + 0.03
    means = design_of(comparison(), 20).detectable
    found = sum(
        compare(
            comparison(), CONFIDENCE, rng.normal(means, 1, 20), np.zeros(20)
        ).outcome
        == "holds"
        for _ in range(num_draws)
    )
    assert found / num_draws == pytest.approx(0.8, abs=tolerance)
    prediction = comparison(SOLVED, 0.1)
    gap = design_of(prediction, 200).detectable
    rates = 0.5 + (0.1 + gap) / 2, 0.5 - (0.1 + gap) / 2
    found = sum(
        compare(
            prediction, CONFIDENCE, *(rng.random((2, 200)) < np.array(rates)[:, None])
        ).outcome
        == "holds"
        for _ in range(num_draws)
    )
    assert found / num_draws == pytest.approx(0.8, abs=tolerance)


def test_more_seeds_and_smaller_families_detect_less():
    for made in EVERY_KIND[3:5]:
        sizes = [design_of(made, n).detectable for n in (50, 100, 200, 1000)]
        assert sizes == sorted(sizes, reverse=True)
        assert design_of(made, 200, num_tests=10).detectable > sizes[2]


def test_a_share_is_refuted_with_the_fewest_runs_by_no_success_at_all():
    # None of n succeeds: 0.95^n <= 0.025 from n = 72 on.
    assert smallest_num_seeds(share(0.05), words=("fails",)) == 72
    down = share(0.05, direction="at_most")
    assert smallest_num_seeds(down, words=("holds",)) == 72


def test_a_family_of_leagues_needs_the_seeds_that_the_smallest_p_value_needs():
    three = League(key="l", label="l", ranked=(A, B, C), score=LOSS)
    # 2 / 2^11 is the first p-value below 0.05 / (10 x 3), 2 / 2^18 below 1e-5.
    assert smallest_num_seeds(three, 0.95, num_tests=10) == 11
    two = League(key="l", label="l", ranked=(A, B), score=LOSS)
    assert smallest_num_seeds(two, 1 - 1e-5) == 18


@pytest.mark.parametrize("n", [11, 12, 15])
def test_a_level_that_is_a_smallest_p_value_is_reached_with_its_seeds(n):
    two = League(key="l", label="l", ranked=(A, B), best=A, score=LOSS)
    confidence = 1 - 2 / 2**n
    assert smallest_num_seeds(two, confidence) == n
    ranked = [np.zeros(n), np.ones(n)]
    assert judge_ranks(two, confidence, ranked).outcome == "holds"
    fewer = [values[:-1] for values in ranked]
    assert judge_ranks(two, confidence, fewer).outcome == "undecided"


@pytest.mark.parametrize("num_tests", [1, 10])
@pytest.mark.parametrize(
    ("bound", "direction"),
    [(0.1, "at_least"), (0.8, "at_least"), (0.2, "at_most"), (0.9, "at_most")],
)
def test_a_detectable_share_is_the_nearest_one_with_the_power(
    bound, direction, num_tests
):
    made = share(bound, direction=direction)
    found = design_of(made, 40, num_tests=num_tests).detectable
    away = 1 if direction == "at_least" else -1
    assert away * (found - bound) > 0
    level = 1 - 0.05 / num_tests
    power = [
        power_of_rate(found + away * shift, bound, 40, confidence=level)
        for shift in (-1e-6, 1e-6)
    ]
    assert power[0] < 0.8 < power[1]


def test_a_detectable_share_may_lie_further_off_than_the_bound_from_its_end():
    # With 10 runs, 3 successes are the first to exclude 6 %, and 7 to exclude 94 %.
    up = design_of(share(0.06), 10).detectable
    down = design_of(share(0.94, direction="at_most"), 10).detectable
    assert up > 2 * 0.06
    assert down == pytest.approx(1 - up, abs=1e-9)
    assert power_of_rate(up, 0.06, 10) == pytest.approx(0.8, abs=1e-9)


def test_no_share_is_detectable_beyond_the_last_one():
    assert design_of(share(1.0), 4000).detectable is None
    assert design_of(share(0.0, direction="at_most"), 4000).detectable is None


BEYOND = (
    "standard deviations of the paired differences beyond the bound are distinguished"
    " from"
)
WITH_40 = [
    "x: measured, not sampled.",
    "s: 10 seeds could decide, 72 show that it holds; with 40, nothing is distinguished"
    " from the bound with a chance of 80 %.",
    "a: 10 seeds could decide, 36 show that it holds; with 40, a share of 99.44 % is"
    " distinguished from 90.0 % with a chance of 80 %.",
    f"p: 10 seeds could decide; with 40, 0.454257 {BEYOND} it with a chance of 80 %.",
    "p: 10 seeds could decide; with 40, 30.6 points beyond the bound are"
    " distinguished from it with a chance of 80 %.",
    "p: 10 seeds could decide; with 40, equal arms are found to be so with a chance of"
    " 80 % if their paired differences spread by at most 0.21612.",
    "p: 10 seeds could decide, 35 show that it holds; with 40, equal arms are found to"
    " be so with a chance of 80 % if their paired differences spread by at most"
    " 0.195111.",
    f"p: 10 seeds could decide; with 40, 0.454257 {BEYOND} it with a chance of 80 %.",
    f"i: 10 seeds could decide; with 40, 0.454257 {BEYOND} it with a chance of 80 %.",
    f"l: 10 seeds could decide; with 40, 0.531275 {BEYOND} it with a chance of 80 %.",
    "t: 10 seeds could decide; with 40, 30 points beyond the bound are"
    " distinguished from it with a chance of 80 %.",
    f"t: 10 seeds could decide; with 40, 0.454257 {BEYOND} it with a chance of 80 %.",
]


@pytest.mark.parametrize(("made", "text"), list(zip(EVERY_KIND, WITH_40, strict=True)))
def test_a_design_is_told_word_by_word(made, text):
    assert design_of(made, 40).text == text


IN_A_FAMILY_OF_3 = [
    (0, 0, 0, None),
    (400, 10, 94, 0.98174),
    (400, 10, 46, 0.94567),
    (400, 10, 10, 0.16178),
    (400, 10, 10, 0.11440),
    (400, 10, 10, 0.58658),
    (400, 10, 52, 0.54414),
    (400, 10, 10, 0.16178),
    (400, 10, 10, 0.16178),
    (400, 10, 10, 0.18073),
    (400, 10, 10, 0.11440),
    (400, 10, 10, 0.16178),
]


@pytest.mark.parametrize(
    ("made", "numbers"), list(zip(EVERY_KIND, IN_A_FAMILY_OF_3, strict=True))
)
def test_a_design_in_a_family_is_recorded_whole(made, numbers):
    design = design_of(made, 400, num_tests=3)
    *counts, detectable = numbers
    found = [design.num_seeds, design.smallest, design.smallest_to_hold]
    assert (design.label, found) == (made.label, counts)
    # Five digits are written down.
    assert design.detectable == (detectable and pytest.approx(detectable, abs=1e-5))


def test_many_seeds_tell_a_mean_as_the_normal_power_formula_says():
    # (1.96 + 0.8416) / sqrt(n): Cohen (1988), for a two-sided test at 5 %.
    assert design_of(comparison(), 10_000).detectable == pytest.approx(0.028016, 1e-4)


def test_what_seeds_cannot_show_is_none_and_said_so():
    design = design_of(comparison(), 8)
    assert design.detectable is None
    assert design.text == (
        "p: 8 seeds cannot decide, it takes 10; with 8, nothing is distinguished"
        " from the bound with a chance of 80 %."
    )
    never = design_of(comparison(), 4000, 0.9999, 20)
    assert never.detectable is None
    assert never.text == (
        "p: no number of seeds up to 1,000,000 could decide; with 4,000, nothing is"
        " distinguished from the bound with a chance of 80 %."
    )


def test_a_share_that_never_could_show_that_it_holds_says_so():
    certain = share(1.0)
    assert ", none could show that it holds; with 40" in design_of(certain, 40).text
    assert design_of(certain, 40).detectable is None


def test_an_exact_check_needs_no_seeds():
    assert smallest_num_seeds(EXACT) == 0


@pytest.mark.parametrize("made", EVERY_KIND[1:], ids=lambda made: made.kind)
def test_a_design_names_the_fewest_seeds_of_its_family_at_its_confidence(made):
    design = design_of(made, 4000, 0.99, 10)
    assert design.smallest == smallest_num_seeds(made, 0.99, 10)
    assert design.smallest_to_hold == smallest_num_seeds(made, 0.99, 10, ("holds",))


def test_the_confidence_asked_for_is_that_of_what_is_detected():
    # (2.5758 + 0.8416) / sqrt(n), for a two-sided test at 1 %.
    found = design_of(comparison(), 10_000, 0.99).detectable
    assert found == pytest.approx(0.034174, 1e-4)


def test_a_difference_of_shares_holds_first_where_only_the_treatment_succeeds():
    prediction = comparison(SOLVED, 0.8)
    needed = smallest_num_seeds(prediction, words=("holds",))
    assert needed > 10
    for n, word in ((needed, "holds"), (needed - 1, "undecided")):
        pair = np.ones(n), np.zeros(n)
        assert compare(prediction, CONFIDENCE, *pair).outcome == word


def test_exactly_the_fewest_seeds_decide_and_detect_something():
    design = design_of(comparison(), 10)
    assert design.text.startswith("p: 10 seeds could decide; with 10, ")
    assert f"with 10, {design.detectable:.6g} {BEYOND} it" in design.text


def test_a_share_that_never_could_hold_is_still_told_when_it_could_fail():
    text = design_of(share(1.0), 40).text
    assert text.startswith("s: 10 seeds could decide, none could show that it holds;")


@pytest.mark.parametrize("num_tests", [1, 10])
@pytest.mark.parametrize("n", [40, 100])
def test_up_to_a_hundred_pairs_the_power_is_exact(n, num_tests):
    level = 1 - 0.05 / num_tests
    gap = design_of(comparison(SOLVED, 0.1), n, num_tests=num_tests).detectable
    size = design_of(comparison(), n, num_tests=num_tests).detectable
    for shift, enough in ((-1e-6, False), (1e-6, True)):
        half = (0.1 + gap + shift) / 2
        rates = 0.5 + half, 0.5 - half
        paired = power_of_paired_rates(*rates, n, margin=0.1, confidence=level)
        assert (paired >= 0.8) is enough
        assert (power_of_mean(size + shift, n, confidence=level) >= 0.8) is enough


def test_no_difference_is_detectable_beyond_the_largest_one():
    design = design_of(comparison(SOLVED, 0.95), 200)
    assert design.smallest <= 200
    assert design.detectable is None


def test_a_detectable_share_never_reads_like_its_bound():
    text = design_of(share(0.98855), 150_000).text
    assert "a share of 98.93 % is distinguished from 98.9 %" in text


@pytest.mark.parametrize("made", EVERY_KIND[1:], ids=lambda made: made.kind)
def test_a_confidence_beyond_the_drawn_signs_is_no_error(made):
    assert design_of(made, 40, 1 - 1e-6).text.startswith(f"{made.label}: ")
