from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth.recipes import learns, recipe_config
from ablations.rigs.xor import solved
from reports.figures.seeds import HALF, count_words, success_of


def claim_of(*scores):
    return Claim(
        statement="A statement.",
        rows=("T-1",),
        source="The notes",
        arms={"old recipe": Arm(config=recipe_config())},
        predictions=tuple(
            SuccessRate(label=str(n), arm="old recipe", score=score, bound=0.5)
            for n, score in enumerate(scores)
        ),
    )


def test_learning_is_what_the_claim_says_of_accuracy():
    assert success_of(claim_of(solved(), learns(500))) == learns(500)


def test_without_a_word_of_accuracy_one_half_counts():
    assert success_of(claim_of(solved())) == HALF


def test_counts_that_agree_are_said_once():
    assert count_words([10, 10]) == "10"
    assert count_words([1000, 10, 20]) == "10 to 1,000"
