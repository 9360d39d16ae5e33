"""A network with dropout is a crowd of sub-networks that share weights.

Scaled weights stand for the mean of the crowd, at the price of one network.
Its members are not trained apart, so that they may differ, and agree, otherwise than
the members of an ensemble do.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.dropout import BESIDE_ENSEMBLES as NETWORKS
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, alike, within_runs

FIVE = accuracy("test_accuracy_ensemble_5", "test accuracy of five together")
ONE = accuracy("test_accuracy_one", "test accuracy of one without dropout")


def _right(share: int, answerer: str = "scaled") -> ScoreConfig:
    who = "one network" if answerer == "scaled" else "all its sub-networks"
    words = f"test accuracy of {who} with {share} % dropped"
    return accuracy(f"test_accuracy_{answerer}_{share}", words)


def _like_five(of: str, words: str) -> ScoreConfig:
    words = f"share of rows that {words} answers as five do"
    return accuracy(f"as_ensemble_{of}", words).replace(failed_value=0.0)


def _beside_five(share: int) -> tuple[Comparison, Comparison]:
    like = _like_five(f"{share}", f"one with {share} % dropped")
    plain, at = _like_five("one", "one without dropout"), ("dropout", share / 100)
    good = within_runs(
        NETWORKS, _right(share), FIVE, TIE, "no_less", key=f"good{share}", at=at
    )
    return good, within_runs(NETWORKS, like, plain, key=f"like{share}", at=at)


def _beside_sub_networks(share: int) -> tuple[Equivalence, SuccessRate]:
    words = f"answer 97 % of rows as their sub-networks do, {share} % dropped"
    score = ScoreConfig(quantity=f"as_masks_{share}", at_least=0.97, words=words)
    one, all_of_them = _right(share), _right(share, "masks")
    mean = alike(NETWORKS, NETWORKS, one, TIE, all_of_them, key=f"mean{share}")
    return mean, mostly(NETWORKS, score, key=f"answers{share}")


CLAIM = Claim(
    statement="One network trained with dropout does what several networks together"
    " would, at a fraction of their price.",
    rows=("A-REG-24",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout; Warde-Farley et al. (2014)",
    axis="dropout",
    core=(*_beside_five(50), *_beside_five(20)),
    beside=(*_beside_sub_networks(50), *_beside_sub_networks(20)),
    controls=(within_runs(NETWORKS, FIVE, ONE, key="five"),),
    seeds=SEEDS,
    answers={
        "core": "Yes: one network with dropout does as well as five together.",
        "good50 like50 !good20": (
            "Not settled: with half of the units dropped one network matches five"
            " together; with a fifth dropped it falls {good20} percentage points"
            " short."
        ),
        "!core": "No: one network with dropout falls short of five together.",
    },
    how="Networks with dropout answered beside five networks trained apart, all with"
    " 1,500 updates on 320 rows with false labels, on {five.n} seeds.",
    caveats="Two ReLU layers of 64 units; 500 sub-networks are averaged.",
    figure="effects",
)
