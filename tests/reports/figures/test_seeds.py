from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth.recipes import learns
from ablations.rigs.xor import solved
from reports.figures.seeds import HALF, count_words, success_of


def test_learning_is_what_the_claim_says_of_accuracy(claim_from, speeds):
    (arm, *_) = speeds.values()
    rate = SuccessRate(key="b", label="b", arm=arm, score=learns(500), bound=0.5)
    claim = claim_from([arm], solved(), beside=(rate,))
    assert success_of(claim) == learns(500)


def test_without_a_word_of_accuracy_one_half_counts(claim_from, speeds):
    assert success_of(claim_from(speeds.values(), solved())) == HALF


def test_counts_that_agree_are_said_once():
    assert count_words([10, 10]) == "10"
    assert count_words([1000, 10, 20]) == "10 to 1,000"
