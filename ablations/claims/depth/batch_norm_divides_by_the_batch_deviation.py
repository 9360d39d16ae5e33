"""Batch norm divides by the root of the batch variance plus a small number.

That number keeps a constant feature from being divided by zero, and shrinks every
feature whose variance is not far above it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

SDS = (10.0, 1.0, 0.1, 0.01)

CLAIM = Claim(
    statement="Batch normalization divides by the batch standard deviation.",
    rows=("B-SOL-5",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015), algorithm 1",
    predictions=(
        *(
            ExactCheck(
                label=f"standard deviation after it, {sd:g} before",
                at=("feature deviation", sd),
                measurement="batch_norm_division",
                quantity=f"sd_of_a_feature_of_sd_{sd:g}".replace(".", "_"),
                expected=1.0,
                # A hundredth: larger than rounding, too small for a layer to notice.
                tolerance=0.01,
            )
            for sd in SDS
        ),
        ExactCheck(
            label="a constant feature has a value (1 yes, 0 no)",
            measurement="batch_norm_division",
            quantity="constant_feature_is_defined_by_the_formula",
            expected=1.0,
        ),
    ),
    controls=(
        ExactCheck(
            label="Keras on a constant feature",
            measurement="batch_norm_division",
            quantity="largest_output_of_a_constant_feature",
            expected=0.0,
            tolerance=1e-3,
        ),
        ExactCheck(
            label="Keras against the formula with epsilon",
            measurement="batch_norm_division",
            quantity="deviation_from_the_formula_with_epsilon",
            expected=0.0,
            # Rounding of float32 where features are divided by their small spread.
            tolerance=1e-4,
        ),
    ),
    caveats="Keras's default epsilon, 0.001, in training.",
    findings={
        "conditional": (
            "A feature of deviation 10 comes out with {0} and one of 1 with {1}, but"
            " one of 0.1 with {2} and one of 0.01 with {3}: Keras adds 0.001 to the"
            " variance. Without that a constant feature would be 0 / 0; Keras makes"
            " {controls[0]} of it."
        )
    },
)
