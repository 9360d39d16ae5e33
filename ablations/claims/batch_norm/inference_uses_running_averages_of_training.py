"""Each batch in training moves the averages by a hundredth of the way to its own.

At inference they are fixed, so that a row's output does not depend on its neighbors;
they remember their start for some hundreds of updates.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import agrees, at_least, at_most

INFERENCE = "batch_norm_inference"
AGREES = {
    "outputs": (
        "deviation_of_the_outputs",
        "deviation of outputs at inference from the formula with averages",
    ),
    "mean": (
        "deviation_of_the_moving_mean",
        "relative deviation of the mean from the average of batches",
    ),
    "variance": (
        "deviation_of_the_moving_variance",
        "relative deviation of the variance from the average of batches",
    ),
    "frozen": (
        "change_of_the_averages_by_use",
        "change of the averages by use at inference",
    ),
}


def _caught_up(updates: int) -> ExactCheck:
    """Predict that a hundredth of the way is left, or less."""
    return at_most(
        INFERENCE,
        f"left_after_{updates}",
        0.01,
        key=f"left_{updates}",
        label=f"share of the way to the mean still to go after {updates} updates",
    )


CLAIM = Claim(
    statement="At inference batch norm uses running averages of mean and variance,"
    " computed during training and then frozen.",
    strength="always",
    rows=("A-BN-10",),
    source=f"{NOTES}, inference time",
    reference="Ioffe and Szegedy (2015), Batch normalization, section 3.1; Keras,"
    " documentation of BatchNormalization",
    core=tuple(
        agrees(INFERENCE, quantity, key, label)
        for key, (quantity, label) in AGREES.items()
    ),
    beside=(
        agrees(
            INFERENCE,
            "difference_alone_and_in_a_crowd",
            "alone",
            "difference between rows alone and in a batch of 64",
        ),
        _caught_up(10),
        _caught_up(100),
        _caught_up(500),
        at_least(
            INFERENCE,
            "difference_to_statistics_of_the_batch",
            0.01,
            key="own",
            label="difference to outputs by statistics of the batch itself",
        ),
    ),
    answers={
        "core !left_100 left_500": (
            "Yes; but with Keras's defaults, after 100 updates the averages still lack"
            " {left_100.percent} of the way to the true values."
        ),
        "core !left_100 !left_500": "Yes; but even after 500 updates the averages have"
        " not caught up, with Keras's defaults.",
        "core alone": "Yes: exactly, and rows come out alike alone and in a crowd.",
        "core": "Yes: exactly.",
        "!core": "No: outputs at inference are not those of running averages.",
    },
    how="Keras's layer was given 100 batches of 32 rows, its averages and outputs"
    " compared with the formulas; its lag was measured on one batch shown again.",
    caveats="Each average is of momentum 0.99, Keras's default. What the lag does to"
    " accuracies in short trainings is shown by other claims.",
)
