"""Dropout keeps the mean of what passes and raises its mean square.

With half of the units dropped each layer makes gradients about 1.4 times larger in
size, by noise; what they say of the inputs is no clearer than before.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Prediction
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, recipe, succeeds
from ablations.rigs.depth.signals import first_gradient, vanished
from ablations.rigs.readings import mostly, rarely

RECIPES: dict[str, tuple[str, ...]] = {
    "sigmoid, small weights": (),
    "sigmoid, Glorot's weights": ("init",),
    "ReLU, small weights": ("ReLU",),
}
SHARES = {
    "sigmoid, small weights": (0.5,),
    "sigmoid, Glorot's weights": (0.3, 0.5),
    "ReLU, small weights": (0.5,),
}
PLACES = tuple((kind, share) for kind in RECIPES for share in SHARES[kind])
HEALTHY = "ReLU, He's weights"


def _name(kind: str, share: float) -> str:
    return f"{kind}, dropout of {share:g}" if share else kind


def _arm(kind: str, share: float) -> Arm:
    return recipe(RECIPES[kind], dropout=share)


def _helps(kind: str, share: float) -> tuple[Prediction, ...]:
    return (
        Comparison(
            label=f"more gradient: {_name(kind, share)}",
            treatment=_name(kind, share),
            control=kind,
            score=first_gradient(),
            margin=0.5,
        ),
        mostly(f"learns: {_name(kind, share)}", _name(kind, share), learns()),
    )


CLAIM = Claim(
    statement="Dropout is of some help against vanishing gradients.",
    rows=("B-SOL-2",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014); Schoenholz et al. (2017)",
    arms={
        **{kind: _arm(kind, 0.0) for kind in RECIPES},
        **{_name(*place): _arm(*place) for place in PLACES},
        HEALTHY: recipe(("ReLU", "init")),
    },
    predictions=tuple(p for place in PLACES for p in _helps(*place)),
    beyond_quick=tuple(
        p.label
        for place in PLACES
        for p in _helps(*place)
        if place != ("sigmoid, Glorot's weights", 0.5)
    ),
    controls=(
        *(rarely(f"without it: {kind}", kind, learns()) for kind in RECIPES),
        mostly(
            "without it gradients vanish",
            "sigmoid, Glorot's weights",
            vanished(),
        ),
        succeeds("balanced networks learn", HEALTHY),
    ),
    standard_only=True,
    seeds=SEEDS,
    findings={
        "conditional": (
            "In 20 layers dropout of 0.5 raises the first gradient by {4} orders of"
            " magnitude for sigmoids with Glorot's weights and by {6} for ReLU with"
            " small weights, over {4.n} seeds. It does not make them learn: {5} and {7}"
            " of runs do."
        )
    },
    caveats=(
        "Twenty layers of 64 units under plain gradient descent, dropout behind every"
        " hidden layer; gradients in orders of magnitude, at the first layer, in"
        " training mode."
    ),
    figure="effects",
)
