"""The slope is the sigmoid times its distance from one.

One of the two factors shrinks like an exponential on either side.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_most, equals

FORMULA = "sigmoid_formula"


def _is_small(far: int, key: str) -> ExactCheck:
    """Predict a slope of less than a hundredth of the largest on both sides."""
    quantity, label = f"relative_slope_at_{far}", f"slope at ±{far} over the largest"
    return at_most(FORMULA, quantity, 0.01, key=key, label=label, at=("distance", far))


CLAIM = Claim(
    statement="The sigmoid's gradient is near zero for inputs far from zero.",
    strength="always",
    rows=("A-ACT-8",),
    source=f"{NOTES}, sigmoid",
    reference="Glorot and Bengio (2010), section 3",
    axis="distance",
    core=(_is_small(10, "ten"), _is_small(5, "five")),
    beside=(
        _is_small(3, "three"),
        equals(FORMULA, "largest_slope", 0.25, 1e-6, key="largest"),
        equals(FORMULA, "deviation_of_the_slope", 0.0, 1e-6, key="formula"),
    ),
    answers={
        "ten !five": (
            "Not yet at five, where the slope is still {five.percent} of"
            " the largest; at ten it is under a hundredth of it."
        ),
        "core": "Yes: at five already it is under a hundredth of the largest slope.",
        "!core": "No: even at ten it is more than a hundredth of the largest slope.",
    },
    how="Slopes of Keras's sigmoid by automatic differentiation were compared with the"
    " formula at 16,001 numbers.",
    caveats="Far is read as five and as ten, near zero as a hundredth of the largest"
    " slope.",
)
