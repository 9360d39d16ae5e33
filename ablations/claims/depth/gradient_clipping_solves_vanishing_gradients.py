"""Clipping multiplies a gradient, or its entries, by a number of at most one.

A gradient below the bound passes as it is, so one that has vanished stays vanished.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth import signals as rig
from ablations.rigs.depth.recipes import BASICS, LEARNING, SEEDS, Changes, succeeds
from ablations.rigs.readings import at_least, at_most, equals, rarely

CLIPPING, GAP = "gradient_clipping", "gap_of_a_large_gradient_to_the_bound"
EIGHT: Changes = {"initializer": rig.GLOROT, "depth": 8}
LOOSE = rig.clipped("global_norm", 1.0, **EIGHT)
TIGHT = rig.clipped("global_norm", 0.1, **EIGHT)
RELU = rig.trained(activation="relu", initializer=rig.HE, depth=8)


def _raises(key: str, words: str) -> ExactCheck:
    """Predict that the norm of a small gradient grows by a tenth."""
    ratio, at = f"ratio_of_small_gradients_by_{key}", ("kind of clipping", words)
    label = f"norm of a small gradient clipped by {words}, relative to before"
    return at_least(CLIPPING, ratio, 1.1, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Gradient clipping is a solution to vanishing gradients.",
    rows=("B-VAN-6",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Pascanu, Mikolov and Bengio (2013), On the difficulty of training RNNs",
    axis="kind of clipping",
    core=(
        _raises("value", "entry"),
        _raises("norm", "tensor norm"),
        _raises("global_norm", "global norm"),
    ),
    beside=(
        succeeds(LOOSE, "loose", quick=False),
        succeeds(TIGHT, "tight", quick=False),
    ),
    controls=(
        rarely(rig.trained(**EIGHT), rig.learns(), key="plain"),
        succeeds(RELU, "relu"),
        # Within rounding of float32.
        at_most(CLIPPING, "excess_over_the_bound", 0.0, 1e-5, key="excess"),
        equals(CLIPPING, GAP, 0.0, 1e-5, key="gap"),
    ),
    seeds=SEEDS,
    answers={
        "!core !loose": "No: clipping does not enlarge small gradients, and {loose}"
        " networks of eight sigmoid layers learn with it.",
        "!core": "No: no kind of clipping makes a small gradient grow by a tenth.",
        "core": "Yes: by all three kinds of clipping a small gradient grows.",
    },
    how="Small gradients were clipped in three ways, and {loose.n} networks of eight"
    " sigmoid layers were trained for 500 updates on 1,024 rows of ten classes with"
    " each bound and without.",
    caveats=LEARNING,
)
