"""Far from zero the slope of a sigmoid is a factor of next to nothing in the gradient.

Cross-entropy divides that slope out again, squared error does not; hidden sigmoids have
it in their gradients whatever the loss is.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, TimeToTarget
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.recipes import OWN_RATE
from ablations.rigs.readings import equals
from ablations.rigs.training.networks import (
    SEEDS,
    reaches,
    saturated_layers,
    saturated_output,
)

SLOWER = 0.5
"""Excess of updates that counts: half as many again."""


def _is_slower(key: str, far: Arm, near: Arm, share: float) -> TimeToTarget:
    """Predict that a saturated start takes half as many updates again.

    Guessing is right in half of the rows where classes are two, else in a tenth.
    """
    return TimeToTarget(
        treatment=far,
        control=near,
        score=reaches(share),
        budget=2000,
        margin=SLOWER,
        direction="greater",
        key=key,
        at=("place", f"{far.levels['layers']}, {far.levels['by']}"),
    )


def _output(key: str, loss: str) -> TimeToTarget:
    far, near = saturated_output(8.0, loss), saturated_output(0.0, loss)
    return _is_slower(key, far, near, 0.8)


def _hidden(key: str) -> TimeToTarget:
    far, near = saturated_layers(8.0, key), saturated_layers(0.0, key)
    return _is_slower(key, far, near, 0.5)


def _law(key: str, quantity: str, label: str) -> ExactCheck:
    """Predict how updates grow with the start of a single sigmoid."""
    return equals("saturated_start", quantity, 1.0, 0.1, key=key, label=label)


EXPONENTIAL = "logarithm of the factor in updates per unit of start, squared error"
LINEAR = "added updates from 6 to 8 over those from 4 to 6, cross-entropy"

CLAIM = Claim(
    statement="Gradients of a sigmoid near zero for large inputs slow down training.",
    rows=("A-ACT-9",),
    source=f"{NOTES}, sigmoid",
    reference="LeCun, Bottou, Orr and Müller (1998), Efficient backprop; Glorot and"
    " Bengio (2010)",
    axis="place",
    core=(
        _output("mse", "mse"),
        _output("bce", "binary_crossentropy"),
        _hidden("sgd"),
        _hidden("adam"),
    ),
    beside=(
        _law("exponential", "growth_mse", EXPONENTIAL),
        _law("linear", "step_bce", LINEAR),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: from a bias of 8 hidden layers learn {sgd.times} times as slowly,"
        " and outputs more slowly, too, whatever the loss is.",
        "!core": "No: from a bias of 8 neither outputs nor hidden layers need half as"
        " many updates again.",
        ("mse sgd adam !bce"): (
            "It depends: saturated hidden layers take {adam.times}"
            " times the updates with Adam and far more with plain"
            " descent; an output with cross-entropy loses nothing."
        ),
        "sgd !bce": "It depends: saturated hidden layers learn {sgd.times} times as"
        " slowly, but an output with cross-entropy hardly more slowly.",
        "sgd": "It depends: from a bias of 8 hidden layers learn {sgd.times} times as"
        " slowly by plain descent, but not every network loses as much.",
        "!sgd": "It depends: from a bias of 8 hidden layers do not need half as many"
        " updates again by plain descent.",
    },
    how="{sgd.n} networks of two layers learned clusters with hidden sigmoids or with a"
    " sigmoid output whose biases started at 0 or at 8, where its slope is near zero.",
    caveats="A run that is not there after 2,000 updates counts with these. The first"
    " look is after five updates, by which an output with cross-entropy is there from"
    " both starts; update by update, on other seeds, it took between three and four"
    f" from each. {OWN_RATE}",
)
