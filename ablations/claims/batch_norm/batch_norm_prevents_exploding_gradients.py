"""Behind batch norm weights that are too large do not make signals large.

But a curved activation shrinks the variance over the batch more than it shrinks
gradients. Batch norm divides by that small deviation on the way back as well, so that
the gradient grows a little in each layer; in linear layers it does not.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.starts import at_start
from ablations.rigs.readings import mostly

CASES = {
    "tanh": ("tanh", signals.times(8.0, signals.GLOROT)),
    "relu": ("relu", signals.TOO_LARGE),
    "linear": ("linear", signals.times(2.0, signals.ORTHOGONAL)),
}
"""Weights so large that gradients explode without batch norm."""
DEPTHS = (20, 50, 100)
QUICK = "relu"
"""The case that the quick preset looks at."""
BOUNDED = signals.first_gradient().replace(
    at_most=signals.ORDERS, better=None, words="have a first gradient of at most 1,000"
)


def _arm(key: str, depth: int, norm: str | None = "before") -> Arm:
    activation, weights = CASES[key]
    changes = {"initializer": weights, "depth": depth, "batch_norm": norm}
    return at_start(activation, "he", **changes)


def _is_bounded(key: str, depth: int) -> SuccessRate:
    arm = _arm(key, depth)
    quick = (key, depth) == (QUICK, DEPTHS[0])
    key, at = f"{key}_{depth}", ("depth", depth)
    return mostly(arm, BOUNDED, key=key, at=at, quick=quick)


def _plain(key: str) -> SuccessRate:
    arm, key, quick = _arm(key, 20, None), f"{key}_plain", key == QUICK
    return mostly(arm, signals.exploded(), key=key, quick=quick)


CLAIM = Claim(
    statement="Batch norm prevents exploding gradients.",
    rows=("A-BN-12",),
    source=f"{NOTES}, benefits",
    reference="Yang et al. (2019), A mean field theory of batch normalization",
    axis="depth",
    core=tuple(_is_bounded(key, depth) for depth in DEPTHS for key in CASES),
    controls=tuple(map(_plain, CASES)),
    seeds=recipes.SEEDS,
    answers={
        "tanh_20 relu_20 linear_20 !relu_100 linear_100": (
            "In twenty layers, yes; with ReLU gradients explode in most networks"
            " of fifty layers and in a hundred layers; with linear units they do"
            " not."
        ),
        "core": "Yes: gradients do not explode in up to 100 layers, though weights are"
        " far too large.",
        "!core": "No: gradients explode with batch norm as well.",
    },
    how="The first layer's gradient was measured in {relu_20.n} untrained networks for"
    " each activation and depth, in batches of 512 rows.",
    caveats="A norm above 1,000 has exploded. The output layer, which has no batch"
    " norm, has weights as large, and multiplies gradients by up to eight. At the start"
    " only.",
    figure="gradient_depth",
)
