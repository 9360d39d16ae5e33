"""Dropout keeps the mean of what passes and raises its mean square.

With half of the units dropped each layer makes gradients about 1.3 times larger with
sigmoids and 1.4 times with ReLU, by noise; what they say of the inputs is no clearer
than before.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, recipe, succeeds
from ablations.rigs.depth.signals import first_gradient, vanished
from ablations.rigs.readings import compare, mostly, rarely

PLACES: dict[str, tuple[str, tuple[str, ...]]] = {
    "small": ("sigmoid, small weights", ()),
    "glorot": ("sigmoid, Glorot weights", ("init",)),
    "relu": ("ReLU, small weights", ("ReLU",)),
}


def _gains(key: str, place: str, share: float = 0.5) -> Comparison:
    words, on = PLACES[place]
    dropped, at = recipe(on, dropout=share), ("starting network", words)
    return compare(
        dropped, "greater", recipe(on), first_gradient(), 0.5, key=key, at=at
    )


CLAIM = Claim(
    statement="Dropout is of some help against vanishing gradients.",
    strength="can",
    rows=("B-SOL-2",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014); Schoenholz et al. (2017)",
    axis="starting network",
    core=tuple(_gains(key, key) for key in PLACES),
    beside=(
        _gains("glorot_less", "glorot", 0.3),
        *(succeeds(recipe(PLACES[k][1], dropout=0.5), f"{k}_learns") for k in PLACES),
        succeeds(recipe(("init",), dropout=0.3), "glorot_less_learns"),
    ),
    controls=(
        *(rarely(recipe(PLACES[k][1]), learns(), key=f"{k}_plain") for k in PLACES),
        mostly(recipe(("init",)), vanished(), key="vanishing"),
        succeeds(recipe(("ReLU", "init")), "healthy"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core !small_learns !glorot_learns !relu_learns": "Yes, but too little:"
        " dropping half of the sigmoid units makes the first layer's gradient"
        " {glorot.power} times as large, yet {glorot_learns} networks learn.",
        "core": "Yes: dropout at least triples the first layer's gradient from every"
        " start.",
        "!core": "No: from no start does dropout triple the first layer's gradient.",
    },
    how="{glorot.n} networks of twenty layers, each followed by dropout or not, were"
    " measured in training mode, and trained for 500 updates of plain descent on 1,024"
    " rows of ten classes.",
)
