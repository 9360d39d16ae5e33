"""A ReLU that is on passes gradients whole, and one that is off passes none.

About half are on, so that a layer halves the squared gradient; a tanh near zero passes
all of it, and a sigmoid at most a sixteenth.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS, NOTES
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.starts import AXIS, DEPTHS, STARTS, TENFOLD, WORDS, at_start
from ablations.rigs.readings import compare, mostly, shown

GRADIENT = signals.first_gradient()


def _is_larger(other: str, weights: str) -> Comparison:
    """Predict a first gradient ten times that of another activation."""
    relu, control = at_start("relu", weights), at_start(other, weights)
    key, at = f"{other}_{weights}", (AXIS, WORDS[weights])
    return compare(relu, "greater", control, GRADIENT, TENFOLD, key=key, at=at)


CLAIM = Claim(
    statement="ReLU mitigates vanishing gradients, compared with sigmoid and tanh.",
    rows=("A-ACT-17", "B-ACT-8"),
    source=f"{NOTES}, ReLU; {BASICS}, ReLU",
    reference="Glorot, Bordes and Bengio (2011), Deep sparse rectifier neural networks;"
    " He et al. (2015), Delving deep into rectifiers",
    axis=AXIS,
    core=tuple(_is_larger(other, w) for w in STARTS for other in ("sigmoid", "tanh")),
    beside=tuple(
        mostly(
            at_start("relu", w, depth=d),
            signals.arrives(),
            key=f"relu_{w}_{d}",
            quick=d == 20,
        )
        for w in ("glorot", "he")
        for d in (20, 50)
    ),
    controls=(
        mostly(at_start("sigmoid", "glorot"), signals.vanished(), key="vanished"),
    ),
    shown=tuple(
        shown(
            at_start("relu", weights, depth=min(DEPTHS)),
            signals.arrives(),
            key=f"few_{weights}",
            quick=False,
        )
        for weights in STARTS
    ),
    seeds=recipes.SEEDS,
    answers={
        "sigmoid_small sigmoid_glorot sigmoid_he sigmoid_orthogonal"
        " !tanh_small !tanh_glorot !tanh_he !tanh_orthogonal": (
            "Compared with sigmoid, yes; with tanh, no: ReLU's first gradient is"
            " at best equal to that of tanh, and mostly far smaller."
        ),
        "core": "Yes: with each start its first gradient is at least ten times that of"
        " sigmoid and of tanh.",
        "!core": "No: from no start is its first gradient ten times that of sigmoid or"
        " of tanh.",
    },
    how="The first layer's gradient was measured in {sigmoid_glorot.n} untrained"
    " networks of 20 layers for each activation and start.",
    caveats="Both sides have the same weights; with each activation's own the"
    " comparison is another one.",
    figure="gradient_depth",
)
