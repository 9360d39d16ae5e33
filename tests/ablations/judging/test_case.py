import numpy as np
import pytest

from ablations.judging.outcome import UntestedError
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.kinds import Agreement, SuccessRate
from ablations.protocol.score import ScoreConfig
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
    assert refusal.value.num_seeds == 10
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 1200).scores([("treatment", SOLVED)])
    message = "Only 9 of 1,200 runs of treatment are there."
    assert str(refusal.value) == message
    assert refusal.value.num_seeds is None


@pytest.fixture
def tuned_case(hand_made, make_claim):
    """Return the case of an arm with so many successes in 10 tuning runs by rate."""

    def make(shares, **changes):
        tune = TuneConfig(
            learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10, **changes
        )
        arm = Arm(config=xor_arm(), tune=tune)
        seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
        for rate, k in shares.items():
            hand_made.put(arm.with_learning_rate(rate), np.arange(10) < k, seeds=seeds)
        claim = make_claim(RATE, arms={"treatment": arm}).claim
        return arm, hand_made.case(claim, 20)

    return make


RISING = {0.01: 2, 0.1: 5, 1.0: 6, 10.0: 7, 100.0: 8, 1000.0: 9}
FALLING = {1.0: 2, 0.1: 5, 0.01: 6, 0.001: 7, 0.0001: 8, 0.00001: 9}


@pytest.mark.parametrize(
    ("shares", "widen", "message"),
    [
        ({0.01: 2, 0.1: 8}, 0, "Tuning runs of treatment are missing."),
        # The grid grows beyond its best rate, where no run is there yet.
        ({0.01: 2, 0.1: 5, 1.0: 9}, 3, "Tuning runs of treatment are missing."),
        (
            {0.01: 2, 0.1: 5, 1.0: 9},
            0,
            "The best learning rate of treatment, 1, lies at the edge of its grid.",
        ),
        (
            RISING,
            1,
            "The best learning rate of treatment, 10, lies at the edge of its grid,"
            " wider by 1 rate already.",
        ),
        (
            RISING,
            3,
            "The best learning rate of treatment, 1000, lies at the edge of its grid,"
            " wider by 3 rates already.",
        ),
        (
            FALLING,
            3,
            "The best learning rate of treatment, 1e-05, lies at the edge of its grid,"
            " wider by 3 rates already.",
        ),
    ],
)
def test_an_arm_that_is_not_tuned_is_refused(tuned_case, shares, widen, message):
    _, case = tuned_case(shares, widen=widen)
    with pytest.raises(UntestedError) as refusal:
        case.scores([("treatment", SOLVED)])
    assert str(refusal.value) == message


def test_a_grid_grows_three_times_unless_told_otherwise(tuned_case):
    _, case = tuned_case(RISING)
    choice = case.choice("treatment")
    assert (choice.num_widened, choice.at_edge) == (3, True)


def test_an_arm_that_is_best_inside_its_wider_grid_is_judged(tuned_case, hand_made):
    arm, case = tuned_case({0.01: 2, 0.1: 5, 1.0: 9, 10.0: 3})
    hand_made.put(arm.with_learning_rate(1.0), np.arange(20) < 15)
    (scores,) = case.scores([("treatment", SOLVED)])
    assert scores.tolist() == [1.0] * 15 + [0.0] * 5
    assert case.choice("treatment").num_widened == 1


def test_an_arm_waits_for_the_rates_that_its_rival_asks_for(
    hand_made, make_claim, two_arms
):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10)
    arms = {
        "treatment": Arm(config=two_arms["treatment"], tune=tune),
        "control": Arm(config=xor_arm(hidden_units=(3,)), tune=tune),
    }
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    counts = {"treatment": (2, 5, 9), "control": (2, 9, 5)}
    for name, shares in counts.items():
        for rate, k in zip(tune.learning_rates, shares, strict=True):
            config = arms[name].with_learning_rate(rate)
            hand_made.put(config, np.arange(10) < k, seeds=seeds)
    case = hand_made.case(make_claim(ALIKE, arms=arms).claim, 20)
    # The best rate of the treatment lies at the edge, so that both try a fourth.
    assert case.choice("control") is None
    alone = RATE.replace(arm="control")
    arms = {"control": arms["control"]}
    case = hand_made.case(make_claim(alone, arms=arms).claim, 20)
    assert case.choice("control").learning_rate == 0.1
