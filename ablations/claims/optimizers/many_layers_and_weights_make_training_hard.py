"""More weights are more to find, but they also leave more ways down.

Every layer multiplies gradients once more, which good starting weights keep from
growing or shrinking.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import (
    NEAR_ENOUGH,
    SEARCHED,
    SEEDS,
    TARGET,
    WHERE,
    arm,
    updates,
)
from ablations.rigs.readings import trend

WIDTHS, DEPTHS = (8, 32, 128), (2, 5, 10)


def _rises(axis: str, optimizer: str) -> Trend:
    """Predict 1.5 times the updates from the smallest to the largest network."""
    levels = WIDTHS if axis == "width" else DEPTHS
    arms = [arm(optimizer, "clusters", **{axis: level}) for level in levels]
    key = f"{axis}_{optimizer.lower()}"
    return trend(arms, "rises", updates(), NEAR_ENOUGH, key=key, at=("size", axis))


CLAIM = Claim(
    statement="Deep networks are hard to train because of their many layers and the"
    " vast number of weights.",
    strength="usually",
    rows=("A-OPT-48",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks; Livni, Shalev-Shwartz and Shamir (2014), On the"
    " computational efficiency of training neural networks",
    axis="size",
    core=(
        *(_rises("depth", rule) for rule in ("SGD", "Adam")),
        *(_rises("width", rule) for rule in ("SGD", "Adam")),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: both more layers and more units take 1.5 times the updates, under"
        " SGD and under Adam.",
        "!core": "No: neither more layers nor more units take 1.5 times the updates,"
        " each network having its best rate.",
        "depth_sgd depth_adam !width_sgd !width_adam": (
            "It depends: under Adam ten layers take {depth_adam.power} times the"
            " updates of two, but sixteen times the units take far fewer."
        ),
        "!depth_sgd !depth_adam width_sgd width_adam": "It depends: sixteen times the"
        " units take 1.5 times the updates, but ten layers no more than two.",
        "depth_sgd !depth_adam !width_sgd !width_adam": "It depends: more layers take"
        " more updates under SGD and not under Adam; more units take no more.",
    },
    how=SEARCHED.replace("two layers of 32", "2 to 10 layers of 8 to 128"),
    caveats=(
        f"{WHERE} {TARGET} Weights start from He's initialization, and an"
        " update costs more in a larger network. Networks of 8 units hardly"
        " reach the target; they count with 512 updates."
    ),
)
