import numpy as np
import pytest

from ablations.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.judging.outcome import UntestedError
from ablations.prediction import Agreement, ScoreConfig, SuccessRate
from ablations.rigs.xor import xor_arm

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
RATE = SuccessRate(label="it", arm="treatment", score=SOLVED, bound=0.5)
ALIKE = Agreement(label="it", arm="treatment", other="control", score=SOLVED, bound=0.5)


def test_scores_are_of_the_seeds_that_all_arms_have_in_their_order(
    hand_made, make_claim, two_arms
):
    hand_made.put(
        two_arms["treatment"], np.arange(20.0), seeds=range(19, -1, -1), metric="loss"
    )
    hand_made.put(two_arms["control"], 100 + np.arange(12.0), metric="loss")
    arms = {
        "treatment": Arm(config=two_arms["treatment"]),
        "control": Arm(config=two_arms["control"], max_seeds=12),
    }
    case = hand_made.case(make_claim(ALIKE, arms=arms).claim, 20)
    assert (case.seeds_of("treatment"), case.seeds_of("control")) == (20, 12)
    one, other = case.scores([("treatment", LOSS), ("control", LOSS)])
    assert one.tolist() == list(range(19, 7, -1))
    assert other.tolist() == list(range(100, 112))


def test_too_few_shared_seeds_and_missing_runs_are_named(
    hand_made, make_claim, two_arms
):
    hand_made.put(two_arms["treatment"], np.ones(9))
    claim = make_claim(ALIKE, arms=two_arms).claim
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 9).scores([("treatment", SOLVED)])
    assert str(refusal.value) == "9 seeds are too few; it takes 10."
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 1200).scores([("treatment", SOLVED)])
    message = "Only 9 of 1,200 runs of treatment are there."
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({0.01: 2, 0.1: 8}, "Tuning runs of treatment are missing."),
        (
            {0.01: 2, 0.1: 5, 1.0: 9},
            "The best learning rate of treatment, 1, lies at the edge of its grid.",
        ),
    ],
)
def test_an_arm_that_is_not_tuned_is_refused(hand_made, make_claim, shares, message):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10)
    arm = Arm(config=xor_arm(), tune=tune)
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    for rate, k in shares.items():
        hand_made.put(arm.with_learning_rate(rate), np.arange(10) < k, seeds=seeds)
    claim = make_claim(RATE, arms={"treatment": arm}).claim
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 20).scores([("treatment", SOLVED)])
    assert str(refusal.value) == message
