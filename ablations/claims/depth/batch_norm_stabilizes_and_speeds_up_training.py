"""Batch norm gives what enters each activation mean 0 and variance 1.

From a bad start this is what makes training possible; from a good one what it gains
grows with depth: not surely anything with four layers, a third of the updates with
eight, nearly half with twenty.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import recipes as rig
from ablations.rigs.depth.signals import HE, TOO_LARGE, exploding, trained

NORMED = ("ReLU", "batch norm")
TINY: rig.Changes = {"rates": rig.TINY_RATES, "initializer": TOO_LARGE, "depth": 20}
SMALL, LARGE = rig.recipe(NORMED), rig.recipe(NORMED, **TINY)
"""Networks with batch norm from weights that are too small, and too large."""


def _fast(depth: int, norm: str | None = None) -> Arm:
    """Return an arm at its very best rate.

    Near that rate some runs diverge, which few tuning seeds would miss.
    """
    told = {"depth": depth, "batch_norm": norm, "batch_norm_momentum": 0.9}
    tune = {"tolerance": 0.0, "seeds": 10}
    return trained(activation="relu", initializer=HE, tune=tune, **told)


def _faster(key: str, depth: int, share: float) -> TimeToTarget:
    target = f"classify {100 * share:.0f} % of the training rows"
    return TimeToTarget(
        treatment=_fast(depth, "before"),
        control=_fast(depth),
        score=ScoreConfig(quantity="accuracy", at_least=share, words=target),
        budget=rig.NUM_STEPS,
        margin=0.25,
        key=key,
        headline=depth == 8,
    )


CLAIM = Claim(
    statement="Batch normalization normalizes the inputs of each layer, which makes"
    " training more stable and faster.",
    strength="can",
    rows=("B-SOL-6",),
    source=f"{rig.BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015)",
    axis="depth",
    core=(
        _faster("four", 4, 0.9),
        _faster("eight", 8, 0.9),
        # Deep networks seldom get further in 500 updates.
        _faster("twenty", 20, 0.5),
        rig.rescues(SMALL, rig.recipe(("ReLU",)), "small"),
        rig.rescues(LARGE, exploding(), "large"),
    ),
    controls=(rig.succeeds(_fast(8), "plain"),),
    shown=(rig.shown_moving(SMALL, "small"), rig.shown_moving(LARGE, "large")),
    standard_only=True,
    seeds=rig.FRESH_SEEDS,
    answers={
        "small large ?four eight twenty": "Yes: from small weights {small.treatment}"
        " runs learn with batch norm, {small.control} without; eight and twenty layers"
        " also need fewer updates.",
        "core": "Yes: batch norm speeds training up, and rescues it from bad starts.",
        "!core": "No: batch norm neither saves a fifth of updates nor rescues runs.",
    },
    how=(
        "ReLU networks, {small.n} for each case with and without batch norm,"
        " counted updates to a training accuracy, or were trained for 500 updates"
        " from bad starts, always on 1,024 rows of ten classes."
    ),
    caveats=f"{rig.LEARNING} Speed is in updates, at the best rate of plain descent."
    f" {rig.AT_INFERENCE}",
)
