"""A larger batch makes fewer updates of the same rows, and each is less noisy.

After equal passes a larger batch has had fewer updates to learn in, unless its rate
makes up for them.
"""

from itertools import pairwise

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import (
    ACCURACY,
    NUM_ROWS,
    SEARCHED,
    SEEDS,
    WHERE,
    arm,
    named,
)
from ablations.rigs.readings import compare

SIZES, PLACES = (8, 32, 128), ("clusters", "MNIST-1D")


def _keeps(size: int, smaller: int, task: str) -> Comparison:
    """Predict at most a point less of test accuracy than with a smaller batch."""
    large, small = (arm("SGD", task, batch_size=rows) for rows in (size, smaller))
    return compare(
        *(large, "no_less", small, ACCURACY, 0.01),
        key=f"{named(task)}_{size}",
        at=("batch size", size),
    )


CLAIM = Claim(
    statement="The mini-batch is chosen as large as memory allows while the model still"
    " performs well.",
    strength="usually",
    rows=("A-OPT-15",),
    source=f"{NOTES}, terminologies, notes",
    reference="Masters and Luschi (2018), Revisiting small batch training for deep"
    " neural networks; Shallue et al. (2019), Measuring the effects of data"
    " parallelism",
    axis="batch size",
    core=tuple(
        _keeps(size, smaller, task)
        for task in PLACES
        for smaller, size in pairwise(SIZES)
    ),
    beside=tuple(_keeps(NUM_ROWS, SIZES[-1], task) for task in PLACES),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core !clusters_1024 !mnist1d_1024": "Yes, up to 128 rows: after equal passes"
        " each batch size loses under a point of accuracy against a smaller one; all"
        " rows at once lose more.",
        "core": "Yes: after equal passes each batch size up to 128 rows loses under a"
        " point of test accuracy against the one before.",
        "!core": "No: after equal passes each batch size up to 128 rows loses over a"
        " point of test accuracy against the one before.",
        "clusters_32 ?clusters_128 ?mnist1d_32 ?mnist1d_128 !clusters_1024"
        " !mnist1d_1024": (
            "Not settled up to 128 rows; all rows at once, after equal passes"
            " only sixteen updates, surely lose far more than a point of"
            " accuracy."
        ),
    },
    how=SEARCHED,
    caveats=f"{WHERE} That powers of two are faster, and what fits into memory, is"
    " said of GPUs and was not tested on processors. More passes may make up for larger"
    " batches.",
)
