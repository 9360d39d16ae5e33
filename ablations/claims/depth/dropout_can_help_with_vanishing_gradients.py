"""Dropout keeps the mean of what passes and raises its mean square.

With half of the units dropped each layer makes gradients about 1.4 times larger in
size, by noise; what they say of the inputs is no clearer than before.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, recipe, succeeds
from ablations.rigs.depth.signals import first_gradient, vanished
from ablations.rigs.readings import compare, mostly, rarely

PLACES: dict[str, tuple[str, tuple[str, ...], float]] = {
    "small": ("sigmoid, small weights", (), 0.5),
    "glorot": ("sigmoid, Glorot weights", ("init",), 0.5),
    "relu": ("ReLU, small weights", ("ReLU",), 0.5),
    "glorot_less": ("sigmoid, Glorot weights", ("init",), 0.3),
}
"""Activation and weights, the switches that are on, and the share dropped."""


def _gains(key: str) -> Comparison:
    words, switches, share = PLACES[key]
    return compare(
        recipe(switches, dropout=share),
        "greater",
        recipe(switches),
        first_gradient(),
        0.5,
        key=key,
        label=f"orders of magnitude that dropout of {share:g} adds to the first"
        f" gradient, {words}",
        at=("starting network", words),
    )


def _learns(key: str) -> SuccessRate:
    words, switches, share = PLACES[key]
    return succeeds(
        recipe(switches, dropout=share),
        key=f"{key}_learns",
        label=f"runs that learn with dropout of {share:g}, {words}",
    )


def _fails_without(key: str) -> SuccessRate:
    words, switches, _ = PLACES[key]
    return rarely(
        recipe(switches),
        learns(),
        key=f"{key}_plain",
        label=f"runs that learn without dropout, {words}",
    )


CLAIM = Claim(
    statement="Dropout is of some help against vanishing gradients.",
    strength="can",
    rows=("B-SOL-2",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014); Schoenholz et al. (2017)",
    axis="starting network",
    core=(_gains("small"), _gains("glorot"), _gains("relu")),
    beside=(_gains("glorot_less"), *map(_learns, PLACES)),
    controls=(
        *map(_fails_without, ("small", "glorot", "relu")),
        mostly(
            recipe(("init",)),
            vanished(),
            key="vanishing",
            label="runs whose gradients vanish without dropout, sigmoid, Glorot"
            " weights",
        ),
        succeeds(
            recipe(("ReLU", "init")),
            key="healthy",
            label="runs that learn without dropout, ReLU, He weights",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core !small_learns !glorot_learns !relu_learns": (
            "Yes, but too little: dropping half of the sigmoid units makes the first"
            " gradient {glorot.power} times as large, and {glorot_learns} runs learn."
        ),
        "core": "Yes: dropping half of the units makes the first gradient at least"
        " three times as large, from all three starts.",
        "!core": "No: dropping half of the units does not make the first gradient three"
        " times as large, from any of three starts.",
    },
    how=(
        "{glorot.n} networks of twenty layers, with and without dropout, were measured"
        " before training and after 500 updates of plain gradient descent."
    ),
    caveats=(
        "Layers of 64 units, dropout behind every one; the gradient is the first"
        " layer's, in training mode."
    ),
    figure="effects",
)
