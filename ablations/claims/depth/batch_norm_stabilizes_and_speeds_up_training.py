"""Batch norm gives what enters each activation mean 0 and variance 1.

From a bad start this is what makes training possible; from a good one there is little
left to repair, and what speed remains comes from larger steps.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    BASICS,
    DEPTH,
    NUM_STEPS,
    SEEDS,
    TINY_RATES,
    recipe,
    rescues,
    succeeds,
)
from ablations.rigs.depth.signals import DEPTHS, HE, times, trained

TARGETS = {4: 0.9, 8: 0.9, DEPTH: 0.5}
"""Training accuracy to reach: deep networks seldom get further in 500 updates."""

BAD_STARTS = ("small weights", "weights twice He's")


def _reaches(share: float) -> ScoreConfig:
    return ScoreConfig(
        quantity="accuracy",
        at_least=share,
        words=f"classify {100 * share:.0f} % of the training rows",
    )


def _name(what: str, *, norm: bool) -> str:
    return f"{what}, {'batch norm' if norm else 'plain'}"


def _arm(what: str, *, norm: bool) -> Arm:
    on = {"ReLU", "batch norm"} if norm else {"ReLU"}
    if what == "small weights":
        return recipe(on)
    if what == "weights twice He's":
        return recipe(on, rates=TINY_RATES, initializer=times(2.0, HE))
    return _fast(DEPTH, norm=norm)


def _fast(depth: int, *, norm: bool) -> Arm:
    """Return an arm at its very best rate; its moving averages soon catch up.

    Near that rate some runs diverge, which few tuning seeds would miss.
    """
    return trained(
        activation="relu",
        initializer=HE,
        depth=depth,
        batch_norm="before" if norm else None,
        batch_norm_momentum=0.9,
        tune={"tolerance": 0.0, "seeds": 10},
    )


def _deep(depth: int) -> str:
    return f"He's weights, {depth} layers"


CLAIM = Claim(
    statement=(
        "Batch normalization normalizes the inputs of each layer, which makes training"
        " more stable and faster."
    ),
    rows=("B-SOL-6",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015)",
    arms={
        **{
            _name(_deep(depth), norm=norm): _fast(depth, norm=norm)
            for depth in DEPTHS
            for norm in (False, True)
        },
        **{
            _name(what, norm=norm): _arm(what, norm=norm)
            for what in (_deep(DEPTH), *BAD_STARTS)
            for norm in (False, True)
        },
    },
    predictions=(
        *(
            TimeToTarget(
                label=f"faster, {depth} layers",
                treatment=_name(_deep(depth), norm=True),
                control=_name(_deep(depth), norm=False),
                score=_reaches(TARGETS[depth]),
                budget=NUM_STEPS,
                margin=0.25,
                at=("depth", depth),
            )
            for depth in (*DEPTHS, DEPTH)
        ),
        *(
            rescues(
                f"stable from {what}",
                _name(what, norm=True),
                _name(what, norm=False),
            )
            for what in BAD_STARTS
        ),
    ),
    beyond_quick=(
        "faster, 4 layers",
        "faster, 20 layers",
        "stable from small weights",
        "stable from weights twice He's",
    ),
    controls=(
        succeeds("plain networks learn from He's weights", _name(_deep(8), norm=False)),
    ),
    seeds=SEEDS,
    findings={
        "inconclusive": (
            "From He's weights batch norm takes {1} times the updates to a training"
            " accuracy of 90 % with 8 layers, {0} with 4 and {2} to 50 % with 20, over"
            " {1.n} seeds, all of which leave open whether it saves a fifth. From small"
            " weights {3.treatment} of runs learn, against {3.control} without ({3}),"
            " from twice He's {4.treatment} against {4.control}."
        )
    },
    caveats=(
        "ReLU layers under plain gradient descent, batch norm before the activation."
        " Speed is compared at the learning rate with the best validation accuracy at"
        " the end of training on ten tuning seeds, time counted in updates, though one"
        " with batch norm takes longer; from bad starts a rate within two points of the"
        " best is enough. Accuracy is that in use, with moving averages of momentum"
        " 0.9, from small weights and twice He's 0.99."
    ),
)
