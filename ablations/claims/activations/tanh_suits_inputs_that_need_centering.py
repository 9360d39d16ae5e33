"""Tanh is centered itself, and passes centered inputs on as such.

Inputs that are all positive shift the sums of its units away from zero, where its slope
is largest, so that centering should help tanh more than ReLU; here it did not.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEPTHS, POINT, better, network, on_test_rows
from ablations.rigs.readings import interaction, mostly


def _digits(activation: str, depth: int, inputs: str = "") -> Arm:
    return network(activation, "digits", depth, inputs=inputs)


def _gains(depth: int) -> Interaction:
    """Predict that centering gains tanh a point more than it gains ReLU."""
    arms = [
        _digits(activation, depth, inputs)
        for inputs in ("unit", "")
        for activation in ("ReLU", "tanh")
    ]
    label = f"what centering adds to the lead of tanh over ReLU, depth {depth}"
    return interaction(
        arms,
        on_test_rows("digits"),
        POINT,
        key=f"centered_{depth}",
        label=label,
        differs_in=("data",),
    )


def _no_worse(depth: int, inputs: str = "") -> Comparison:
    arms = (_digits(name, depth, inputs) for name in ("tanh", "ReLU"))
    tanh, relu = arms
    key = f"{'positive' if inputs else 'lead'}_{depth}"
    return better(tanh, "no_less", relu, key=key)


CLAIM = Claim(
    statement="Tanh is for hidden layers when the data need to be centered on zero.",
    rows=("B-ACT-25",),
    source=f"{BASICS}, table of activations",
    reference="LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.4",
    axis="depth",
    core=tuple(_no_worse(depth, "unit") for depth in DEPTHS),
    beside=(
        *map(_gains, DEPTHS),
        *map(_no_worse, DEPTHS),
        mostly(network("tanh", "digits"), league.learned("digits"), key="learned"),
    ),
    standard_only=True,
    seeds=league.SEEDS,
    answers={
        "core lead_2 lead_6": (
            "Yes, but centering is no reason: tanh keeps up with ReLU on digits,"
            " whether pixels are centered or not."
        ),
        "core": "Yes: on digits whose pixels are not centered tanh loses less than a"
        " percentage point to ReLU, with two layers and with six.",
        "!core": "No: on digits whose pixels are not centered tanh is {positive_2}"
        " percentage points behind ReLU with two layers, and {positive_6} with six.",
        "positive_2 !positive_6": "With two layers, where on digits not centered tanh"
        " keeps up with ReLU; with six it is {positive_6} percentage points behind.",
        "!positive_2 positive_6": "With six layers, where on digits not centered tanh"
        " keeps up with ReLU; with two it is {positive_2} percentage points behind.",
    },
    how="Networks of two and six layers of 24 units took 600 updates on digits,"
    " {positive_2.n} of each kind, with pixels from 0 to 1 or less their means.",
    caveats=f"{league.OWN_RATE} The sentence is vague: it is read as saying that"
    " tanh keeps up with ReLU on pixels that are all positive.",
)
