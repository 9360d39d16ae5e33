"""A network with dropout is a crowd of sub-networks that share weights.

Scaled weights stand for the mean of the crowd, at the price of one network.
Its members are not trained apart, so that they may differ, and agree, otherwise than
the members of an ensemble do.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import BESIDE_ENSEMBLES, DROPOUT
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, mostly, within_runs

_compare = partial(within_runs, BESIDE_ENSEMBLES, margin=TIE)


def _accuracy(answerer: str) -> ScoreConfig:
    return accuracy().replace(quantity=f"test_accuracy_{answerer}")


LIKENESS = accuracy().replace(
    failed_value=0.0, words="share of test rows answered as 5 networks together do"
)


def _beside_five(share: int) -> tuple[Comparison, Comparison]:
    return (
        _compare(
            _accuracy(f"scaled_{share}"),
            _accuracy("ensemble_5"),
            key=f"good{share}",
            label=f"test accuracy less that of five networks, {share} % dropped",
            direction="no_less",
            at=("dropout", share / 100),
        ),
        _compare(
            LIKENESS.replace(quantity=f"as_ensemble_{share}"),
            LIKENESS.replace(quantity="as_ensemble_one"),
            key=f"like{share}",
            label=f"gain in rows answered as by five networks, {share} % dropped",
            at=("dropout", share / 100),
        ),
    )


def _beside_sub_networks(share: int) -> tuple[Equivalence, SuccessRate]:
    words = "give the same answer as their sub-networks on 97 % of the test rows"
    return (
        Equivalence(
            key=f"mean{share}",
            label=f"test accuracy less that of all sub-networks, {share} % dropped",
            treatment=BESIDE_ENSEMBLES,
            control=BESIDE_ENSEMBLES,
            score=_accuracy(f"scaled_{share}"),
            control_score=_accuracy(f"masks_{share}"),
            margin=TIE,
        ),
        mostly(
            BESIDE_ENSEMBLES,
            ScoreConfig(quantity=f"as_masks_{share}", at_least=0.97, words=words),
            key=f"answers{share}",
            label=f"runs that answer as their sub-networks do, {share} % dropped",
        ),
    )


CLAIM = Claim(
    statement=(
        "One network trained with dropout does what several networks together would, at"
        " a fraction of their price."
    ),
    rows=("A-REG-24",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout; Warde-Farley et al. (2014)",
    axis="dropout",
    core=(*_beside_five(50), *_beside_five(20)),
    beside=(*_beside_sub_networks(50), *_beside_sub_networks(20)),
    controls=(
        _compare(
            _accuracy("ensemble_5"),
            _accuracy("one"),
            key="five",
            label="gain of five networks together over one",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: one network with dropout does as well as five together, and answers"
            " more like them than one without dropout."
        ),
        "good50 like50 !good20": (
            "Not settled: with half of the units dropped one network matches five"
            " together; with a fifth dropped it falls {good20} percentage points short."
        ),
        "!core": "No: one network with dropout falls short of five together.",
    },
    how=(
        "Networks with dropout answered beside five networks trained apart, all with"
        " 1,500 updates on 320 rows with false labels, on {five.n} seeds."
    ),
    caveats=(
        "Two ReLU layers of 64 units; 500 sub-networks are averaged. A network with"
        " dropout takes as many updates as one of the five members."
    ),
    figure="effects",
)
