"""The theorem is about functions on a bounded interval, which the notes leave out.

Beyond the last kink a ReLU network is a straight line, and sigmoids go flat, so that
nothing there follows a function that goes on bending.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_most

FITS = "beyond_the_interval"
WORDS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}
HALVES = {1: "from -π to π", 2: "from -2π to 2π"}
CLOSE = 0.1
"""Error that counts as close to a sine, which goes from -1 to 1."""


def _stays_close(name: str, half: int) -> ExactCheck:
    """Predict a small error up to twice as far as the fit reaches."""
    label = f"largest error beyond the interval, {WORDS[name]}, fitted {HALVES[half]}"
    quantity, key = f"largest_error_beyond_{half}_pi_{name}", f"{name}_{half}"
    at = ("half length", half)
    return at_most(FITS, quantity, CLOSE, key=key, label=label, at=at)


def _is_close(name: str, half: int) -> ExactCheck:
    label = f"largest error in the interval, {WORDS[name]}, fitted {HALVES[half]}"
    quantity, key = f"largest_error_within_{half}_pi_{name}", f"in_{name}_{half}"
    return at_most(FITS, quantity, CLOSE, key=key, label=label)


CLAIM = Claim(
    statement="A network with one hidden layer approximates a continuous function"
    " wherever it is defined; no interval is needed.",
    strength="always",
    rows=("A-ACT-3",),
    source=f"{NOTES}, universal approximation theorem; that no domain matters is"
    " implied",
    reference="Leshno, Lin, Pinkus and Schocken (1993), Multilayer feedforward networks"
    " with a nonpolynomial activation function can approximate any function",
    implied=True,
    axis="half length",
    core=tuple(_stays_close(name, half) for name in WORDS for half in HALVES),
    beside=tuple(_is_close(name, half) for name in WORDS for half in HALVES),
    answers={
        "!core": (
            "No: on twice the fitted interval the error on a sine of height"
            " one reaches {relu_1} with ReLU, {tanh_1} with tanh."
        ),
        "core": "Yes: as far again beyond the interval of the fit all three activations"
        " stay close to the sine.",
        "!relu_1": "No: as far again beyond the interval of the fit, ReLU is {relu_1}"
        " off a sine of height one.",
        "!tanh_1": "No: as far again beyond the interval of the fit, tanh is {tanh_1}"
        " off a sine of height one.",
    },
    how="A sine was fitted by least squares to 256 random hidden units on two"
    " intervals, and the fit was read up to twice as far out; medians of five draws.",
    caveats=(
        "A wider interval can be fitted with more units, but never the whole"
        " line with these activations."
    ),
)
