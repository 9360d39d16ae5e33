"""Gradient descent turns the penalty's gradient into a shrinkage by a fixed share.

Momentum adds it up over many steps, and Adam divides it by the size of the gradients
like everything else, so that weights with large gradients hardly shrink.
"""

from typing import Any

from ablations.measures.regularization.penalties import COMPARED
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, ExactCheck
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, TIE, accuracy
from ablations.rigs.regularization.penalties import (
    FACTOR,
    NORM,
    decay_arms,
    decay_name,
    penalty_arms,
    penalty_name,
)

WORDS = {
    "sgd": "gradient descent",
    "momentum": "momentum",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}
SAME = 1e-5
"""Distance that rounding leaves between two paths, relative to the weights."""

MATCHED = (0.01, 0.03)
LARGE = 3.0
"""A decay that does under Adam what a penalty of 0.03 does, by other seeds."""


def _alike(l2: float, decay: float) -> tuple[Equivalence, Equivalence]:
    arms: dict[str, Any] = {"treatment": penalty_name(l2), "control": decay_name(decay)}
    end = f"{penalty_name(l2)} and {decay_name(decay)} under Adam"
    return (
        Equivalence(
            label=f"equal test accuracy: {end}", score=accuracy(), margin=TIE, **arms
        ),
        Equivalence(label=f"equal norm: {end}", score=NORM, margin=FACTOR, **arms),
    )


TRAINED = tuple(p for l2 in MATCHED for p in _alike(l2, 2 * l2)) + _alike(0.03, LARGE)

CLAIM = Claim(
    statement="L2 regularization is weight decay.",
    rows=("A-REG-11",),
    source=f"{SOURCE}, L2 regularization",
    reference="Loshchilov and Hutter (2019), Decoupled weight decay regularization",
    arms={
        **penalty_arms("", 0.0, *MATCHED),
        **decay_arms(*(2 * l2 for l2 in MATCHED), LARGE),
    },
    predictions=(
        *(
            ExactCheck(
                label=f"distance between both paths, {WORDS[name]}",
                measurement="decay_trajectories",
                quantity=f"distance_under_{name}",
                expected=0.0,
                tolerance=SAME,
            )
            for name in COMPARED
        ),
        *TRAINED,
    ),
    beyond_quick=(*(p.label for p in TRAINED), "penalties matter", "decay matters"),
    controls=(
        Comparison(
            label="penalties matter",
            treatment=penalty_name(0.03),
            control=penalty_name(0.0),
            score=NORM,
            margin=FACTOR,
            direction="less",
        ),
        Comparison(
            label="decay matters",
            treatment=decay_name(LARGE),
            control=penalty_name(0.0),
            score=NORM,
            margin=FACTOR,
            direction="less",
        ),
        ExactCheck(
            label="how much faster the calmer weight shrinks under Adam, by decay",
            measurement="decay_trajectories",
            quantity="ratio_of_pulls_by_decay",
            expected=1.0,
            tolerance=0.01,
        ),
        ExactCheck(
            label="how much faster the calmer weight shrinks under Adam, by L2",
            measurement="decay_trajectories",
            quantity="ratio_of_pulls_by_l2",
            expected=2.0,
            relation="at_least",
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Under gradient descent both paths are the same to {0}; under momentum they"
            " part by {1} of the weights and under Adam by {3}. An L2 penalty of 0.03"
            " under Adam and the decay of equal strength differ by {6} in test accuracy"
            " ({6.n} seeds). Of two weights, the one with gradients a hundredth as"
            " large shrinks {controls[3]} times as fast by L2, and {controls[2]} times"
            " by decay."
        )
    },
    caveats=(
        "Paths are forty steps on a least-squares fit in Keras, where a decay of twice"
        " the strength belongs to a penalty. Trained networks have two layers of 64"
        " units, and their decay, unlike the penalty, also shrinks biases."
    ),
)
