"""Batch norm divides by the root of the batch variance plus a small number.

That number keeps a constant feature from being divided by zero, and shrinks every
feature whose variance is not far above it.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals

NAME = "batch_norm_division"
SDS = {"ten": 10.0, "one": 1.0, "tenth": 0.1, "hundredth": 0.01}

CLAIM = Claim(
    statement="Batch normalization divides by the batch standard deviation.",
    strength="always",
    rows=("B-SOL-5",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015), algorithm 1",
    axis="feature deviation",
    core=tuple(
        equals(
            NAME,
            f"sd_of_a_feature_of_sd_{sd:g}".replace(".", "_"),
            1.0,
            # A hundredth: larger than rounding, too small for a layer to notice.
            0.01,
            key=key,
            label=f"deviation behind batch norm of a feature of deviation {sd:g}",
            at=("feature deviation", sd),
        )
        for key, sd in SDS.items()
    ),
    beside=(
        equals(
            NAME,
            "constant_feature_is_defined_by_the_formula",
            1.0,
            key="constant",
            label="whether the formula gives a constant feature a value (1 yes, 0 no)",
        ),
    ),
    controls=(
        equals(
            NAME,
            "largest_output_of_a_constant_feature",
            0.0,
            1e-3,
            key="keras_constant",
            label="largest output of Keras for a constant feature",
        ),
        equals(
            NAME,
            "deviation_from_the_formula_with_epsilon",
            0.0,
            # Rounding of float32 where features are divided by their small spread.
            1e-4,
            key="keras_formula",
            label="largest distance of Keras from the formula with epsilon",
        ),
    ),
    answers={
        "!hundredth": (
            "No: a feature whose deviation is a hundredth comes out with {hundredth},"
            " not one, since a small number is added to its variance."
        ),
        "core": "Yes: features large and small come out with a deviation of one.",
    },
    how=(
        "Features of four deviations, and a constant one, were sent through Keras's"
        " batch norm in training, with its epsilon of 0.001."
    ),
)
