"""A network with dropout is a crowd of sub-networks that share weights.

Scaled weights stand for the mean of the crowd, at the price of one network.
Its members are not trained apart, so that they may differ, and agree, otherwise than
the members of an ensemble do.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Prediction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.dropout import BESIDE_ENSEMBLES as NETWORKS
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, alike, within_runs

beside = partial(within_runs, NETWORKS)
FIVE = accuracy("test_accuracy_ensemble_5", "test accuracy of five together")
ONE = accuracy("test_accuracy_one", "test accuracy of one without dropout")


def _right(share: int, answerer: str, words: str) -> ScoreConfig:
    words = f"test accuracy of {words} with {share} % dropped"
    return accuracy(f"test_accuracy_{answerer}_{share}", words)


def _like_five(of: object, words: str) -> ScoreConfig:
    words = f"share of rows that {words} answers as five do"
    return accuracy(f"as_ensemble_{of}", words).replace(failed_value=0.0)


PLAIN = _like_five("one", "one without dropout")


def _beside(share: int) -> tuple[list[Comparison], list[Prediction]]:
    """Compare with five networks, and with all sub-networks."""
    right, at = _right(share, "scaled", "one network"), ("dropout", share / 100)
    like = _like_five(share, f"one with {share} % dropped")
    masks = _right(share, "masks", "all its sub-networks")
    words = f"answer 97 % of rows as their sub-networks do, {share} % dropped"
    agree = ScoreConfig(quantity=f"as_masks_{share}", at_least=0.97, words=words)
    return (
        [
            beside(right, FIVE, direction="no_less", key=f"good{share}", at=at),
            beside(like, PLAIN, key=f"like{share}", at=at),
        ],
        [
            alike(NETWORKS, NETWORKS, right, TIE, masks, key=f"mean{share}"),
            mostly(NETWORKS, agree, key=f"answers{share}"),
        ],
    )


HALF, FIFTH = _beside(50), _beside(20)

CLAIM = Claim(
    statement="One network trained with dropout does what several networks together"
    " would, at a fraction of their price.",
    rows=("A-REG-24",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout; Warde-Farley et al. (2014)",
    axis="dropout",
    core=(*HALF[0], *FIFTH[0]),
    beside=(*HALF[1], *FIFTH[1]),
    controls=(beside(FIVE, ONE, key="five"),),
    seeds=SEEDS,
    answers={
        "core": "Yes: one network with dropout does as well as five together.",
        "good50 like50 !good20": (
            "Not settled: it is so with half dropped, not a fifth."
        ),
        "!core": "No: one network with dropout falls short of five together.",
    },
    how="Networks with dropout answered beside five networks trained apart, all with"
    " 1,500 updates on 320 rows with false labels, on {five.n} seeds.",
    caveats="Two ReLU layers of 64 units; 500 sub-networks are averaged.",
    figure="effects",
)
