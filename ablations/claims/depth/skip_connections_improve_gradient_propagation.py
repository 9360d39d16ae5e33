"""A skip connection adds a layer's input to its output, and so does its gradient.

However small the weights, at least that part of the signal passes unchanged.
With He's weights each block doubles the signal's power instead, and fifty blocks
without a norm raise it by fifteen orders of magnitude.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth.recipes import (
    CONTROLS,
    NOTES,
    SEEDS,
    SMALL,
    SWITCHES,
    TINY_RATES,
    balanced,
    imbalance,
    learns,
    recipe,
    recipe_name,
    recipes,
    rescues,
    succeeds,
)
from models.config import InitializerConfig

STARTS: dict[str, InitializerConfig | str] = {
    "small": SMALL,
    "Glorot": "glorot_normal",
    "He": "he_normal",
}


def _fifty(start: str, *, norm: bool) -> tuple[str, Arm]:
    on = ("ReLU", "skip", "batch norm") if norm else ("ReLU", "skip")
    name = f"{start} weights {'with' if norm else 'without'} a norm, 50 layers"
    return name, recipe(on, rates=TINY_RATES, initializer=STARTS[start], depth=50)


FIFTY = dict(_fifty(start, norm=norm) for start in STARTS for norm in (False, True))

CLAIM = Claim(
    statement="Residual connections improve gradient propagation in deep networks.",
    rows=("A-INT-11",),
    source=NOTES,
    reference="He et al. (2016); Zhang, Dauphin and Ma (2019)",
    arms={**recipes((), ("skip",), SWITCHES), **FIFTY},
    predictions=(
        rescues("the old recipe learns with it", "skip", recipe_name()),
        Comparison(
            label="gradients of the old recipe",
            treatment="skip",
            control=recipe_name(),
            score=imbalance(),
            margin=0.5,
            direction="less",
        ),
        *(succeeds(f"learns from {name}", name) for name in FIFTY),
    ),
    beyond_quick=tuple(f"learns from {name}" for name in FIFTY),
    controls=CONTROLS,
    shown=(
        SuccessRate(
            label="balanced with skips", arm="skip", score=balanced(), bound=0.0
        ),
        SuccessRate(
            label="learns with skips after 200",
            arm="skip",
            score=learns(200),
            bound=0.0,
        ),
    ),
    seeds=SEEDS,
    caveats=(
        "One skip around every layer. Fifty layers train for 500 updates, with ReLU"
        " and plain gradient descent. Accuracy with batch norm is that in use, with"
        " moving averages of momentum 0.99."
    ),
    figure="gradient_depth",
    findings={
        "conditional": (
            "Under the old recipe, skips change the share of runs that learn by {0}"
            " and the gap between first and last gradients by {1} orders of"
            " magnitude. At 50 layers of ReLU without a norm, {2} of {2.n} runs learn"
            " from small weights, but {4} from Glorot's and {6} from He's; with batch"
            " norm, {3.brief}, {5.brief} and {7.brief} do."
        )
    },
)
