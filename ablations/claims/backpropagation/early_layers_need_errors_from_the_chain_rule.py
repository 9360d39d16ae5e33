"""The chain rule hands an error down through the transposed weights of the layer above.

Where it passes through fixed random weights instead, the layers above turn towards them
while they learn, so that what arrives points roughly downhill all the same.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.backpropagation import NOTES
from ablations.rigs.readings import compare
from ablations.rigs.training.networks import SEEDS, TEST, taught

SETTINGS = {
    "clusters_2": ("clusters", 2),
    "clusters_4": ("clusters", 4),
    "digits_2": ("digits", 2),
}
TAUGHT, NEAR = 0.02, 0.05
"""Accuracy that shows that hidden layers learn, and that may be lost to backprop."""


def _learns_nothing(key: str) -> Comparison:
    """Predict that random feedback is worth no more than hidden layers that stay."""
    task, depth = SETTINGS[key]
    arms = taught(task, "random", depth), taught(task, "none", depth)
    return compare(arms[0], "no_greater", arms[1], TEST, TAUGHT, key=key)


def _is_as_good(key: str) -> Comparison:
    task, depth = SETTINGS[key]
    arms = taught(task, "random", depth), taught(task, "chain", depth)
    return compare(arms[0], "no_less", arms[1], TEST, NEAR, key=f"near_{key}")


CLAIM = Claim(
    statement="Weights in early layers need the error that the chain rule sends back to"
    " them.",
    strength="always",
    rows=("A-BP-11",),
    source=f"{NOTES}, problem of weights in early layers",
    reference="Lillicrap, Cownden, Tweed and Akerman (2016), Random synaptic feedback"
    " weights support error backpropagation for deep learning",
    axis="depth",
    core=tuple(map(_learns_nothing, SETTINGS)),
    beside=(
        *map(_is_as_good, SETTINGS),
        compare(
            taught("clusters", "chain"),
            "greater",
            taught("clusters", "none"),
            TEST,
            TAUGHT,
            key="worth",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "!core": "No: errors sent back through fixed random weights teach them, too:"
        " {clusters_2.treatment} of test rows of clusters are right,"
        " {clusters_2.control} with frozen layers.",
        "core": "Yes: errors sent back through fixed random weights are worth no more"
        " than frozen layers, {clusters_2.treatment} against {clusters_2.control}.",
        "!clusters_2 clusters_4": "No: random weights can send errors back in two"
        " layers, {clusters_2.treatment} against {clusters_2.control} where they are"
        " frozen, though not in four.",
        "!clusters_2": "No: errors through random weights teach two layers, too, by"
        " {clusters_2} percentage points over frozen ones; elsewhere it is not as"
        " clear.",
    },
    how="{clusters_2.n} networks of two and of four layers learned clusters and digits"
    " by the chain rule, by errors through fixed random weights, or with frozen hidden"
    " layers.",
    caveats=(
        "Plain gradient descent for 1,000 updates, each network at a rate of its own,"
        " chosen by validation rows of those nearly as good as the best; the output"
        " layer learns in all of them. Random weights replace those on the way back"
        " alone: the error still starts at the output and passes the slopes of ReLU,"
        " and accuracy stays below that of the chain rule."
    ),
)
