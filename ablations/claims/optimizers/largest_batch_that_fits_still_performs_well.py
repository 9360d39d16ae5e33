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
        "core": "Yes: after 16 passes test accuracy falls by under a point from each"
        " batch size to the next, up to 128 rows.",
        "!core": "No: after 16 passes test accuracy falls by over a point from each"
        " batch size to the next, up to 128 rows.",
        "clusters_32 mnist1d_32 !clusters_1024 !mnist1d_1024": "It depends on the size:"
        " batches of 32 lose under a point of accuracy against smaller ones, all rows"
        " at once lose more.",
        "!mnist1d_32 clusters_32 !clusters_1024 !mnist1d_1024": "It depends: after"
        " equal passes all rows at once always cost accuracy, smaller batches on one"
        " task only.",
        "!clusters_1024 !mnist1d_1024": "It depends on the size: after 16 passes all"
        " 1,024 rows at once cost over a point; smaller batches differ.",
    },
    how=SEARCHED,
    caveats=f"{WHERE} That powers of two are faster, and what fits into memory, is"
    " said of GPUs and was not tested on processors. More passes may make up for larger"
    " batches.",
)
