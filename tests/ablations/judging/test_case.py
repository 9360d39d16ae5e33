import numpy as np
import pytest

from ablations.judging.outcome import UntestedError
from ablations.protocol.arm import TUNING_SEEDS_START, TuneConfig
from ablations.protocol.kinds import Agreement, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
TREATMENT = drawn_arm("treatment", xor_arm(learning_rate=0.05))
CONTROL = drawn_arm("control", xor_arm(learning_rate=0.5))
RATE = SuccessRate(key="r", label="it", arm=TREATMENT, score=SOLVED, bound=0.5)
ALIKE = Agreement(
    key="a", label="it", arm=TREATMENT, other=CONTROL, score=SOLVED, bound=0.5
)


def test_scores_are_of_the_seeds_that_all_arms_have_in_their_order(
    hand_made, make_claim
):
    hand_made.put(TREATMENT, np.arange(20.0), seeds=range(19, -1, -1), metric="loss")
    hand_made.put(CONTROL, 100 + np.arange(12.0), metric="loss")
    few = CONTROL.replace(max_seeds=12)
    case = hand_made.case(make_claim(ALIKE.replace(other=few)).claim, 20)
    assert (case.seeds_of(TREATMENT), case.seeds_of(few)) == (20, 12)
    one, other = case.scores([(TREATMENT, LOSS), (few, LOSS)])
    assert one.tolist() == list(range(19, 7, -1))
    assert other.tolist() == list(range(100, 112))


def test_too_few_shared_seeds_and_missing_runs_are_named(hand_made, make_claim):
    hand_made.put(TREATMENT, np.ones(9))
    claim = make_claim(ALIKE).claim
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 9).scores([(TREATMENT, SOLVED)])
    assert str(refusal.value) == "9 seeds are too few; it takes 10."
    assert refusal.value.num_seeds == 10
    with pytest.raises(UntestedError) as refusal:
        hand_made.case(claim, 1200).scores([(TREATMENT, SOLVED)])
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
        arm = drawn_arm("treatment", xor_arm(), tune)
        seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
        for rate, k in shares.items():
            hand_made.put(arm.with_learning_rate(rate), np.arange(10) < k, seeds=seeds)
        claim = make_claim(RATE.replace(arm=arm)).claim
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
    arm, case = tuned_case(shares, widen=widen)
    with pytest.raises(UntestedError) as refusal:
        case.scores([(arm, SOLVED)])
    assert str(refusal.value) == message


def test_a_grid_grows_three_times_unless_told_otherwise(tuned_case):
    arm, case = tuned_case(RISING)
    choice = case.choice(arm)
    assert (choice.num_widened, choice.at_edge) == (3, True)


def test_an_arm_that_is_best_inside_its_wider_grid_is_judged(tuned_case, hand_made):
    arm, case = tuned_case({0.01: 2, 0.1: 5, 1.0: 9, 10.0: 3})
    hand_made.put(arm.with_learning_rate(1.0), np.arange(20) < 15)
    (scores,) = case.scores([(arm, SOLVED)])
    assert scores.tolist() == [1.0] * 15 + [0.0] * 5
    assert case.choice(arm).num_widened == 1


def test_an_arm_waits_for_the_rates_that_its_rival_asks_for(hand_made, make_claim):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10)
    arms = {
        "treatment": TREATMENT.replace(tune=tune),
        "control": drawn_arm("control", xor_arm(hidden_units=(3,)), tune),
    }
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    counts = {"treatment": (2, 5, 9), "control": (2, 9, 5)}
    for name, shares in counts.items():
        for rate, k in zip(tune.learning_rates, shares, strict=True):
            config = arms[name].with_learning_rate(rate)
            hand_made.put(config, np.arange(10) < k, seeds=seeds)
    both = ALIKE.replace(arm=arms["treatment"], other=arms["control"])
    case = hand_made.case(make_claim(both).claim, 20)
    # The best rate of the treatment lies at the edge, so that both try a fourth.
    assert case.choice(arms["control"]) is None
    alone = RATE.replace(arm=arms["control"])
    case = hand_made.case(make_claim(alone).claim, 20)
    assert case.choice(arms["control"]).learning_rate == 0.1
