"""Batch norm divides by the root of the batch variance plus a small number.

That number keeps a constant feature from being divided by zero, and shrinks every
feature whose variance is not far above it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals

DIVISION = "batch_norm_division"
CONSTANT = "constant_feature_is_defined_by_the_formula"
DEFINED = "whether the formula defines a constant feature (1 yes, 0 no)"
OUTPUT = "largest_output_of_a_constant_feature"
FORMULA = "deviation_from_the_formula_with_epsilon"


def _becomes_one(key: str, sd: float) -> ExactCheck:
    """Predict a deviation of one within a hundredth, which no layer would notice."""
    quantity = f"sd_of_a_feature_of_sd_{sd:g}".replace(".", "_")
    label = f"deviation behind batch norm of a feature of deviation {sd:g}"
    at = ("feature deviation", sd)
    return equals(DIVISION, quantity, 1.0, 0.01, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Batch normalization divides by the batch standard deviation.",
    strength="always",
    rows=("B-SOL-5",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015), algorithm 1",
    axis="feature deviation",
    core=(
        _becomes_one("ten", 10.0),
        _becomes_one("one", 1.0),
        _becomes_one("tenth", 0.1),
        _becomes_one("hundredth", 0.01),
    ),
    beside=(equals(DIVISION, CONSTANT, 1.0, key="constant", label=DEFINED),),
    controls=(
        equals(DIVISION, OUTPUT, 0.0, 1e-3, key="keras_constant"),
        # Rounding of float32 where features are divided by their small spread.
        equals(DIVISION, FORMULA, 0.0, 1e-4, key="keras_formula"),
    ),
    answers={
        "!hundredth": (
            "No: with Keras's epsilon of 0.001 a feature whose standard deviation is"
            " one hundredth comes out with {hundredth}, not one."
        ),
        "core": "Yes: features large and small come out with a deviation of one.",
    },
    how="Features of four deviations, and a constant one, were sent through Keras's"
    " batch norm in training, with its epsilon of 0.001.",
)
