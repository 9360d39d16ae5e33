"""A mean over random rows is right on average, and varies less the more they are.

A sum in its place would make the step grow with the batch.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, equals

STEPS, MEANS = "mini_batch_steps", "batch_means"
DIGITS = 1e-5

CLAIM = Claim(
    statement="A step of mini-batch SGD takes the rate times the mean gradient of m"
    " random rows from the weights.",
    strength="always",
    rows=("A-OPT-9",),
    source=f"{NOTES}, stochastic gradient descent",
    reference="Bottou, Curtis and Nocedal (2018), Optimization methods for large-scale"
    " machine learning",
    axis="batch size",
    core=tuple(
        equals(
            STEPS,
            f"deviation_with_batches_of_{size}",
            0.0,
            DIGITS,
            key=f"batch_{size}",
            label=f"deviation of Keras's step from the printed one, batches of {size}",
            at=("batch size", size),
        )
        for size in (1, 8, 32)
    ),
    beside=(
        equals(MEANS, "largest_bias", 0.0, 1e-12, key="bias"),
        *(
            equals(
                MEANS,
                f"variance_times_size_{kind}_replacement",
                1.0,
                1e-9,
                key=f"variance_{kind}",
                label="variance times batch size over that of single rows, drawn"
                f" {kind} replacement",
            )
            for kind in ("with", "without")
        ),
    ),
    controls=(at_least(STEPS, "smallest_deviation_of_the_sum", 0.01, key="sum"),),
    answers={
        "core": "Yes: Keras's step is the printed one, to five digits, for batches of"
        " one row and more.",
        "!core": "No: Keras's step is not the printed one, for no batch size.",
    },
    how="Steps of Keras's SGD were compared with gradients worked out row by row, and"
    " all batches of eight rows were averaged.",
)
