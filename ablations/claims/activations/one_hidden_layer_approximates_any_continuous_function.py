"""A hidden layer offers as many curves as it has units, and the output adds them up.

Sums of polynomials of degree two are again of degree two however many there are, so a
polynomial adds nothing with width; any other activation goes on adding new curves.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, at_most

FITS = "one_hidden_layer"
WORDS = {"relu": "ReLU", "square": "square (x²)", "cube": "cube (x³)"}


def _fits(name: str, width: int = 256) -> ExactCheck:
    """Predict an error of a hundredth of the function's height at most, anywhere."""
    words = WORDS.get(name, name)
    key = name if width == 256 else f"{name}_{width}"
    label = f"largest error of {width} hidden units, {words}"
    at = ("activation", words)
    quantity = f"largest_error_of_{width}_{name}"
    return at_most(FITS, quantity, 0.01, key=key, label=label, at=at)


CLAIM = Claim(
    statement="A network with one hidden layer and any non-linear activation can"
    " approximate any continuous function.",
    strength="always",
    rows=("A-ACT-2",),
    source=f"{NOTES}, universal approximation theorem",
    reference="Cybenko (1989), Approximation by superpositions of a sigmoidal function;"
    " Leshno, Lin, Pinkus and Schocken (1993), Multilayer feedforward networks with a"
    " nonpolynomial activation function can approximate any function",
    axis="activation",
    core=tuple(
        _fits(name) for name in ("relu", "tanh", "sigmoid", "cosine", "square", "cube")
    ),
    beside=(_fits("tanh", 16), _fits("relu", 64), _fits("square", 16)),
    controls=(
        at_least(FITS, "largest_error_of_256_linear", 0.5, key="linear"),
        at_least(FITS, "largest_error_of_4_tanh", 0.1, key="narrow"),
    ),
    answers={
        "tanh sigmoid !square !cube": (
            "No: tanh, sigmoid and ReLU can with enough units, but squares and cubes,"
            " non-linear too, never fit a sine wave, however wide the layer."
        ),
        "core": "Yes: all six activations fit a sine wave with 256 hidden units.",
        "!core": "No: none of six activations fits a sine wave with 256 hidden units.",
    },
    how="Output weights for sin(2x) were fitted by least squares to layers of 4 to 256"
    " random hidden units.",
    caveats=(
        "ReLU misses the bound for want of units only: its error falls steadily with"
        " width. One function and random hidden weights; training them as well can only"
        " fit better, but a sum of squares stays a polynomial of degree two."
    ),
)
