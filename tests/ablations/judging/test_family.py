"""Several predictions judged as one family, by Holm's procedure."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE, Case
from ablations.judging.family import judge_family
from ablations.judging.judge import judge
from ablations.judging.kinds.comparison import compare
from ablations.judging.outcome import Outcome, untested
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.multiple import holm
from models.config import ConfigError

LOSS = ScoreConfig(quantity="value", words="final loss")
NAMES = ("baseline", "a", "b", "c", *(f"arm {i}" for i in range(20)))
ARMS = {
    name: drawn_arm(name, xor_arm(learning_rate=0.1 * (i + 1)))
    for i, name in enumerate(NAMES)
}


def against_baseline(name: str, score: ScoreConfig = LOSS, **changes) -> Comparison:
    fields = {"key": name.replace(" ", ""), "label": name, "treatment": ARMS[name]}
    fields |= {"control": ARMS["baseline"], "score": score, "margin": 0.0}
    return Comparison(**(fields | changes))


def family_of(columns: dict[str, np.ndarray], case: Case):
    """Judge every column against zero as one family."""
    predictions = [against_baseline("a", key=key, label=key) for key in columns]

    def judge_one(prediction, narrowed):
        values = columns[prediction.label]
        if len(values) < 10:
            return untested(prediction, "Too few.")
        zeros = np.zeros(len(values))
        return compare(prediction, narrowed.confidence, values, zeros)

    return judge_family(predictions, case, judge_one)


@pytest.fixture
def case(hand_made, make_claim) -> Case:
    return hand_made.case(make_claim(against_baseline("a")).claim, 20)


def draw(seed: int, *means: float, n: int = 14) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {f"arm{i}": rng.normal(mean, 1.0, n) for i, mean in enumerate(means)}


def test_words_are_those_of_holms_adjusted_p_values(case):
    num_decided = set()
    for seed in range(40):
        outcomes = family_of(draw(seed, 0.0, 0.4, 0.8, 1.2), case)
        single = [o.details["p_bound"] for o in outcomes.values()]
        for outcome, p in zip(outcomes.values(), holm(single), strict=True):
            assert outcome.details["p_adjusted"] == p
            assert outcome.details["family_size"] == 4
            decided = outcome.outcome in ("holds", "fails")
            assert decided == (p <= 1 - CONFIDENCE + 1e-12)
        num_decided.add(sum(o.outcome != "undecided" for o in outcomes.values()))
    assert len(num_decided) > 2


def test_the_interval_shown_never_contradicts_the_word(case):
    for seed in range(20):
        for outcome in family_of(draw(seed, 0.0, 0.5, 1.0), case).values():
            assert (outcome.low >= 0) == (outcome.outcome == "holds")
            assert (outcome.high < 0) == (outcome.outcome == "fails")
            # Steps of Holm: one of three levels.
            level = 1 - outcome.confidence
            assert any(level == pytest.approx(0.05 / m) for m in (1, 2, 3))


def test_the_order_of_a_family_plays_no_role(case):
    columns = draw(3, 0.0, 0.6, 1.2)
    there = family_of(columns, case)
    back = family_of(dict(reversed(columns.items())), case)
    for name, outcome in there.items():
        assert outcome == back[name]


def test_what_cannot_be_tested_stays_in_the_family(case):
    columns = draw(4, 3.0, 3.0)
    alone = family_of(columns, case)
    outcomes = family_of({**columns, "short": np.ones(3)}, case)
    assert outcomes["short"].outcome == "untested"
    assert outcomes["short"].details["p_adjusted"] == 1.0
    for name in columns:
        p = outcomes[name].details["p_adjusted"]
        assert p == pytest.approx(alone[name].details["p_adjusted"] * 3 / 2)


@pytest.mark.parametrize("num_arms", [5])
def test_a_family_of_equal_arms_errs_as_rarely_as_one_test(case, num_arms):
    rng = np.random.default_rng(5)
    num_draws = 250
    wrong = single = 0
    for _ in range(num_draws):
        baseline = rng.normal(size=12)
        columns = {f"arm{i}": rng.normal(size=12) - baseline for i in range(num_arms)}
        outcomes = family_of(columns, case)
        wrong += any(o.outcome != "undecided" for o in outcomes.values())
        single += any(o.details["p_bound"] <= 0.05 for o in outcomes.values())
    # Four standard errors above 5 %; without the family it is seen to fail.
    assert wrong / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
    assert single / num_draws > 0.11


# Through the judge.


def put_successes(hand_made, counts: dict[str, int], n: int) -> None:
    for name, k in counts.items():
        hand_made.put(ARMS[name], np.arange(n) < k)


def test_a_family_changes_a_word_that_a_single_test_would_give(hand_made, make_claim):
    predictions = [against_baseline(name, solved()) for name in "abc"]
    members = [prediction.replace(family=True) for prediction in predictions]
    counts = {"baseline": 13, "a": 19, "b": 13, "c": 13}
    put_successes(hand_made, counts, 30)
    alone = make_claim(*predictions).claim
    family = make_claim(*members).claim
    case, together = (hand_made.case(claim, 30) for claim in (alone, family))
    assert judge(predictions[0], case).outcome == "holds"
    outcome = judge(members[0], together)
    assert outcome.outcome == "undecided"
    assert outcome.details["p_adjusted"] == pytest.approx(
        3 * outcome.details["p_bound"]
    )


def test_a_family_too_large_for_its_seeds_is_untested_and_says_how_many_it_takes(
    hand_made, make_claim
):
    names = NAMES[4:]
    rng = np.random.default_rng(0)
    for name in ("baseline", *names):
        hand_made.put(ARMS[name], rng.normal(0.1, 0.01, 11), metric="value")
    predictions = [against_baseline(name, family=True) for name in names]
    claim = make_claim(*predictions).claim
    # 2 / 2^9 > 0.05 / 20 >= 2 / 2^10, so that 10 seeds would do; a stricter look
    # takes more.
    lenient = judge(predictions[0], hand_made.case(claim, 10))
    assert lenient.outcome == "undecided"
    strict = Case(claim, hand_made.evidence(), "quick", 11, confidence=0.99)
    outcome = judge(predictions[0], strict)
    assert outcome.outcome == "untested"
    assert outcome.reason == (
        "11 seeds cannot decide in a family of 20, whatever they show; it takes 12."
    )
    assert outcome.details["seeds_that_decide"] == 12


def test_a_family_is_of_two_predictions_of_the_core_or_more(make_claim):
    one, other = against_baseline("a", family=True), against_baseline("b")
    with pytest.raises(ConfigError, match="`family` must be True for no prediction of"):
        make_claim(one, other)
    with pytest.raises(ConfigError, match="`family` must be True for no prediction of"):
        make_claim(one, beside=(other.replace(family=True),))


def test_what_cannot_be_tested_still_takes_its_share_of_the_error(case):
    # Two of 13 signs against it: p = 184 / 8192, between 0.05 / 3 and 0.05 / 2.
    near = np.r_[np.ones(11), -np.ones(2)]
    flat = np.tile([1.0, -1.0], 7)[:13]
    outcomes = family_of({"near": near, "flat": flat, "short": np.ones(3)}, case)
    assert 0.05 / 3 < outcomes["near"].details["p_bound"] < 0.05 / 2
    assert outcomes["near"].outcome == "undecided"
    assert outcomes["near"].confidence == pytest.approx(1 - 0.05 / 3)


def test_a_family_keeps_the_confidence_of_its_case(case):
    strict = replace(case, confidence=0.99)
    for outcome in family_of(draw(0, 0.0, 0.1, 0.2), strict).values():
        assert outcome.confidence == pytest.approx(1 - 0.01 / 3)


def test_a_word_without_a_p_value_and_what_is_untested_count_as_one(case):
    told = {
        "none": ("undecided", {}),
        "not_tested": ("untested", {"p_bound": 0.001}),
        "clear": ("holds", {"p_bound": 0.001}),
    }

    def judge_one(prediction, narrowed):
        word, details = told[prediction.label]
        return Outcome(
            prediction.key,
            prediction.label,
            "comparison",
            word,
            "",
            "",
            details=details,
        )

    predictions = [against_baseline("a", key=key, label=key) for key in told]
    outcomes = judge_family(predictions, case, judge_one)
    adjusted = {name: o.details["p_adjusted"] for name, o in outcomes.items()}
    assert adjusted == {"none": 1.0, "not_tested": 1.0, "clear": 0.003}


def test_a_family_of_two_says_that_it_is_one(hand_made, make_claim):
    rng = np.random.default_rng(0)
    for name in ("baseline", "a", "b"):
        hand_made.put(ARMS[name], rng.normal(0.1, 0.01, 11), metric="value")
    predictions = [against_baseline(name, family=True) for name in "ab"]
    claim = make_claim(*predictions).claim
    case = Case(claim, hand_made.evidence(), "quick", 11, confidence=0.999)
    assert judge(predictions[0], case).reason == (
        "11 seeds cannot decide in a family of 2, whatever they show; it takes 12."
    )
