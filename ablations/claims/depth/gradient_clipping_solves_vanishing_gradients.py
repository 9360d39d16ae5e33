"""Clipping multiplies a gradient, or its entries, by a number of at most one.

A gradient below the bound passes as it is, so one that has vanished stays vanished.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, succeeds
from ablations.rigs.depth.signals import GLOROT, HE, clipped, trained
from ablations.rigs.readings import at_least, at_most, equals, rarely

KINDS = {"value": "entry", "norm": "tensor norm", "global_norm": "global norm"}
BOUNDS = {"loose": 1.0, "tight": 0.1}
DEPTH = 8

RAISED = 1.1
"""Ratio of norms from which on a gradient counts as raised: a tenth more."""

CLAIM = Claim(
    statement="Gradient clipping is a solution to vanishing gradients.",
    rows=("B-VAN-6",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Pascanu, Mikolov and Bengio (2013), On the difficulty of training RNNs",
    axis="kind of clipping",
    core=tuple(
        at_least(
            "gradient_clipping",
            f"ratio_of_small_gradients_by_{kind}",
            RAISED,
            key=kind,
            label=f"norm of a small gradient clipped by {words}, relative to before",
            at=("kind of clipping", words),
        )
        for kind, words in KINDS.items()
    ),
    beside=tuple(
        succeeds(
            clipped("global_norm", bound, initializer=GLOROT, depth=DEPTH),
            key=key,
            label=f"runs of {DEPTH} sigmoid layers that learn, clipped to {bound:g}",
            quick=False,
        )
        for key, bound in BOUNDS.items()
    ),
    controls=(
        rarely(
            trained(initializer=GLOROT, depth=DEPTH),
            learns(),
            key="plain",
            label=f"runs of {DEPTH} sigmoid layers that learn unclipped",
        ),
        succeeds(
            trained(activation="relu", initializer=HE, depth=DEPTH),
            key="relu",
            label=f"runs of {DEPTH} ReLU layers that learn unclipped",
        ),
        at_most(
            "gradient_clipping",
            "excess_over_the_bound",
            0.0,
            # Rounding of float32.
            1e-5,
            key="excess",
            label="largest excess of clipped gradients over the bound",
        ),
        equals(
            "gradient_clipping",
            "gap_of_a_large_gradient_to_the_bound",
            0.0,
            1e-5,
            key="gap",
            label="distance of an exploding gradient from the bound it is cut to",
        ),
    ),
    seeds=SEEDS,
    answers={
        "!core !loose": (
            "No: clipping leaves a small gradient at {global_norm} times its norm, and"
            " {loose} networks of eight sigmoid layers learn with it."
        ),
        "!core": "No: by none of three kinds of clipping does a small gradient grow by"
        " a tenth.",
        "core": "Yes: by all three kinds of clipping a small gradient grows.",
    },
    how=(
        "Small gradients were clipped in three ways, and {loose.n} networks of eight"
        " sigmoid layers were trained for 500 updates with each bound and without."
    ),
    caveats=(
        "Bounds of 1 and 0.1, as Keras and as the stack trainer clip; the networks that"
        " train are clipped by global norm."
    ),
)
