"""Behind batch norm a layer's outputs do not depend on the size of its weights.

So weights that are too small cost no gradient, and what enters an activation stays
where its slope is large.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.starts import at_start
from ablations.rigs.readings import mostly

CASES = {
    "sigmoid_small": ("sigmoid", "small"),
    "sigmoid_glorot": ("sigmoid", "glorot"),
    "tanh_small": ("tanh", "small"),
    "relu_small": ("relu", "small"),
}
DEPTHS = (20, 50)
QUICK = "relu_small"
"""The case that the quick preset looks at."""


def _reaches(key: str, depth: int) -> SuccessRate:
    activation, weights = CASES[key]
    arm = at_start(activation, weights, depth=depth, batch_norm="before")
    quick = (key, depth) == (QUICK, DEPTHS[0])
    key, at = f"{key}_{depth}", ("depth", depth)
    return mostly(arm, recipes.reaches(), key=key, at=at, quick=quick)


def _plain(key: str) -> SuccessRate:
    arm = at_start(*CASES[key], batch_norm=None)
    key, quick = f"{key}_plain", key == QUICK
    return mostly(arm, signals.vanished(), key=key, quick=quick)


CLAIM = Claim(
    statement="Batch norm prevents vanishing gradients.",
    rows=("A-BN-11",),
    source=f"{NOTES}, benefits",
    reference="Ioffe and Szegedy (2015); Yang et al. (2019), A mean field theory of"
    " batch normalization",
    axis="depth",
    core=tuple(_reaches(key, depth) for depth in DEPTHS for key in CASES),
    controls=tuple(map(_plain, CASES)),
    seeds=recipes.SEEDS,
    answers={
        "core": (
            "Yes: with batch norm the gradient reaches the first of 20 or 50 layers for"
            " four kinds of first weights with which it otherwise vanishes."
        ),
        "!core": "No: gradients vanish from all four starts, with batch norm as well.",
    },
    how="The first layer's gradient was measured in {sigmoid_small_20.n} untrained"
    " networks for each start and depth, in batches of 512 rows.",
    caveats="A gradient of norm 0.001 or more has not vanished, but may have exploded."
    " At the start only.",
    figure="gradient_depth",
)
