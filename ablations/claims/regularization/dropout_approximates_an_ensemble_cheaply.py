"""A network with dropout is a crowd of sub-networks that share weights.

Scaled weights stand for the mean of the crowd, at the price of one network.
Its members are not trained apart, so that they may differ, and agree, otherwise than
the members of an ensemble do.
"""

from typing import Any

from ablations.experiments.readouts.dropout import percent
from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import (
    Comparison,
    Equivalence,
    Prediction,
    ScoreConfig,
)
from ablations.rigs.regularization.dropout import DROPOUT, mostly
from ablations.rigs.regularization.noisy_labels import (
    SEEDS,
    TIE,
    accuracy,
    noisy_config,
)

RATES = (0.5, 0.2)
SIZE = 5
NETWORKS = "networks with dropout beside ensembles"
ALIKE = 0.97
"""Share of test rows on which two ways to answer agree, up to three in a hundred."""


def _accuracy(answerer: str) -> ScoreConfig:
    return accuracy().replace(quantity=f"test_accuracy_{answerer}")


def _likeness(answerer: str) -> ScoreConfig:
    return ScoreConfig(
        quantity=f"as_ensemble_{answerer}",
        better="higher",
        failed_value=0.0,
        words=f"share of test rows answered as {SIZE} networks together do",
    )


def _compare(
    label: str, score: ScoreConfig, other: ScoreConfig, **changes: Any
) -> Comparison:
    fields: dict[str, Any] = {"margin": TIE, **changes}
    return Comparison(
        label=label,
        treatment=NETWORKS,
        control=NETWORKS,
        score=score,
        control_score=other,
        **fields,
    )


def _predictions(rate: float) -> tuple[Prediction, ...]:
    dropped, share = percent(rate), f"{percent(rate)} % dropped"
    scaled = _accuracy(f"scaled_{dropped}")
    return (
        Equivalence(
            label=f"scaled weights do as well as the mean of sub-networks, {share}",
            treatment=NETWORKS,
            control=NETWORKS,
            score=scaled,
            control_score=_accuracy(f"masks_{dropped}"),
            margin=TIE,
        ),
        mostly(
            f"scaled weights answer as the mean of sub-networks, {share}",
            NETWORKS,
            ScoreConfig(
                quantity=f"as_masks_{dropped}",
                at_least=ALIKE,
                words="give the same answer on 97 % of the test rows",
            ),
        ),
        _compare(
            f"does as well as an ensemble of {SIZE}, {share}",
            scaled,
            _accuracy(f"ensemble_{SIZE}"),
            direction="no_less",
        ),
        _compare(
            f"answers more like the ensemble than one network does, {share}",
            _likeness(dropped),
            _likeness("one"),
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
    arms={
        NETWORKS: Arm(
            config=readout(
                "dropout_ensemble", noisy_config(), rates=RATES, sizes=(SIZE,)
            )
        )
    },
    predictions=tuple(p for rate in RATES for p in _predictions(rate)),
    headline=_predictions(0.5)[2].label,
    controls=(
        _compare(
            f"an ensemble of {SIZE} does better than one network",
            _accuracy(f"ensemble_{SIZE}"),
            _accuracy("one"),
        ),
    ),
    seeds=SEEDS,
    caveats=(
        "Two ReLU layers of 64 units on 320 rows, a fifth of their labels drawn anew,"
        " 1,500 updates; 500 sub-networks are averaged. A network with dropout takes as"
        f" many updates as one of the {SIZE} members."
    ),
    figure="effects",
    findings={
        "conditional": (
            "Beside an ensemble of 5 networks trained apart, one network with half of"
            " the units dropped differs in test accuracy by {2} and one with a fifth"
            " dropped by {6}, over {2.n} seeds. Scaled weights differ from the mean"
            " of the sub-networks by {0} and {4}; they answer as the ensemble does on"
            " {3.treatment} of the rows, one network without dropout on {3.control}."
        )
    },
)
