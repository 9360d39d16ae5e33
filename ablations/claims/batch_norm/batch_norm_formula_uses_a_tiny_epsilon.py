"""The mean of a batch is taken off, and the root of its variance divides.

A small number is added to the variance, so that a feature that never changes is not
divided by zero; features come out with a little less than a variance of one, and very
small ones with much less.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import agrees, at_least, equals

FORMULA = "batch_norm_formula"
OUTPUTS = "deviation of Keras's outputs from the formula"


CLAIM = Claim(
    statement="Batch norm takes off the mean of the batch and divides by the root of"
    " its variance plus an epsilon of about 0.00001, which prevents a division by"
    " zero.",
    strength="always",
    rows=("A-BN-5",),
    source=f"{NOTES}, formula",
    reference="Ioffe and Szegedy (2015), Batch normalization, algorithm 1; Keras,"
    " documentation of BatchNormalization",
    core=(
        agrees(
            FORMULA,
            "deviation_from_the_formula_with_epsilon_of_text",
            "formula",
            OUTPUTS,
        ),
        agrees(
            FORMULA,
            "mean_of_outputs_with_epsilon_of_text",
            "mean",
            "mean of the outputs",
        ),
        agrees(
            FORMULA,
            "deviation_of_the_variance_with_epsilon_of_text",
            "variance",
            "deviation of the outputs' variance from that of the formula",
        ),
        agrees(
            FORMULA,
            "largest_of_a_constant_with_epsilon_of_text",
            "constant",
            "largest output of a feature that never changes",
        ),
    ),
    beside=(
        equals(
            FORMULA,
            "log10_of_the_epsilon_of_keras",
            -5.0,
            0.5,  # "About" is read as within a factor of three.
            key="default",
            label="Keras's default epsilon, which the printed code takes, in powers of"
            " ten",
        ),
        agrees(
            FORMULA,
            "deviation_from_the_formula_with_epsilon_of_keras",
            "formula_default",
            f"{OUTPUTS}, at its default epsilon",
        ),
    ),
    controls=(
        at_least(
            FORMULA,
            "smallest_deviation_of_a_fault",
            1e-4,
            key="faults",
            label="deviation without epsilon, or with the unbiased variance",
        ),
    ),
    answers={
        "core !default": (
            "Yes, if epsilon is set to it; Keras's default, which"
            " the printed code keeps, is a hundred times as large."
        ),
        "core": "Yes: Keras computes just that, and a feature that never changes comes"
        " out as zero.",
        "!core": "No: Keras computes something else.",
    },
    how="Keras's layer normalized 256 rows of features large and small, and a constant"
    " one, in float64.",
    caveats="What epsilon does to small features is a claim of the chapter on depth.",
)
