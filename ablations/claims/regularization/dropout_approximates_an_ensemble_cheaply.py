"""A network with dropout is a crowd of sub-networks that share weights.

Scaled weights stand for the mean of the crowd, at the price of one network.
Its members are not trained apart, so that they may differ, and agree, otherwise than
the members of an ensemble do.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import alike, mostly
from ablations.rigs.regularization.dropout import BESIDE_ENSEMBLES as NETWORKS
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, within_runs

beside = partial(within_runs, NETWORKS)
FIVE = accuracy("test_accuracy_ensemble_5", "five networks' test accuracy")
ONE = accuracy("test_accuracy_one", "one network's test accuracy")


def _right(answerer: str, words: str, share: int) -> ScoreConfig:
    words = f"{words} {share} % dropout test accuracy"
    return accuracy(f"test_accuracy_{answerer}_{share}", words)


def _as_five(of: str, words: str = "") -> ScoreConfig:
    words = f"share of rows that one{words} answers as five do"
    return accuracy(f"as_ensemble_{of}", words).replace(failed_value=0.0)


def _beside_five(share: int) -> tuple[Comparison, Comparison]:
    one, at = _right("scaled", "one network's", share), ("dropout", share / 100)
    like = _as_five(f"{share}", f" with {share} % dropped")
    good = f"test accuracy of one network with {share} % dropped less that of five"
    same = f"share of rows answered as five do, {share} % dropped less none"
    return (
        beside(one, FIVE, direction="no_less", key=f"good{share}", label=good, at=at),
        beside(like, _as_five("one"), key=f"like{share}", label=same, at=at),
    )


def _beside_sub_networks(share: int) -> tuple[Equivalence, SuccessRate]:
    scores = (
        _right("scaled", "one network's", share),
        TIE,
        _right("masks", "all parts'", share),
    )
    words = f"answer 97 % of rows as their sub-networks do, {share} % dropped"
    same = ScoreConfig(quantity=f"as_masks_{share}", at_least=0.97, words=words)
    label = f"test accuracy with {share} % dropped less that of all its sub-networks"
    mean = alike(NETWORKS, NETWORKS, *scores, key=f"mean{share}", label=label)
    return mean, mostly(NETWORKS, same, key=f"answers{share}")


CLAIM = Claim(
    statement="One network trained with dropout does what several networks together"
    " would, at a fraction of their price.",
    rows=("A-REG-24",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout; Warde-Farley et al. (2014)",
    axis="dropout",
    core=(*_beside_five(50), *_beside_five(20)),
    beside=(*_beside_sub_networks(50), *_beside_sub_networks(20)),
    controls=(beside(FIVE, ONE, key="five"),),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: one network with dropout does as well as five together.",
        "good50 like50 !good20": (
            "Not settled: with half of the units dropped one network beats five by"
            " {good50} percentage points; with a fifth dropped it falls {good20} short."
        ),
        "!core": "No: one network with dropout falls short of five together.",
    },
    how="Networks with dropout, and five networks trained apart, took 1,500 updates on"
    " 320 rows with false labels and answered the same new rows, on {five.n} seeds.",
    caveats="Two ReLU layers of 64 units; 500 sub-networks are averaged.",
)
