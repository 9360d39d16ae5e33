"""A batch of a few rows costs a few rows, and its gradient points much the same way.

So a pass over the rows buys many updates instead of one. For the same number of updates
all rows are better, and machines that work on many rows at once make them cheap.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import (
    LOSS,
    NUM_ROWS,
    PASSES,
    SEARCHED,
    SEEDS,
    TENTH,
    WHERE,
    arm,
    lower,
    named,
)
from ablations.rigs.readings import compare

PLACES = ("clusters", "MNIST-1D")


def _halves(size: int, task: str) -> Comparison:
    """Predict half the loss of all rows at once, after as many passes."""
    ours, theirs = (arm("SGD", task, batch_size=rows) for rows in (size, NUM_ROWS))
    return lower(ours, theirs, f"{named(task)}_{size}")


def _update_by_update(task: str) -> Comparison:
    """Predict that all rows do no worse for the same number of updates."""
    all_rows = arm("SGD", task, batch_size=NUM_ROWS)
    few = arm("SGD", task, batch_size=32, num_steps=PASSES)
    return compare(
        *(all_rows, "no_greater", few, LOSS, TENTH),
        key=f"updates_{named(task)}",
        differs_in=("budget",),
    )


CLAIM = Claim(
    statement="Stochastic gradient descent on mini-batches is considerably faster than"
    " gradient descent on all rows.",
    strength="usually",
    rows=("A-OPT-8",),
    source=f"{NOTES}, stochastic gradient descent",
    reference="Bottou and Bousquet (2008), The tradeoffs of large scale learning;"
    " Wilson and Martinez (2003), The general inefficiency of batch training for"
    " gradient descent learning",
    axis="task",
    core=tuple(_halves(32, task) for task in PLACES),
    beside=tuple(_halves(size, task) for task in PLACES for size in (8, 128)),
    controls=tuple(_update_by_update(task) for task in PLACES),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core updates_clusters updates_mnist1d": (
            "Yes: after equal passes full gradients leave {clusters_32.power}"
            " times the loss of batches of 32 on clusters; not after equal"
            " updates."
        ),
        "core": "Yes: after equal passes over the rows batches of 32 leave at most half"
        " the loss of full gradients.",
        "!core": "No: after equal passes over the rows batches of 32 leave over half"
        " the loss of full gradients.",
        "clusters_32 !mnist1d_32": "It depends on the task: after equal passes batches"
        " of 32 at least halve the loss on clusters, but not on MNIST-1D.",
    },
    how=SEARCHED,
    caveats=f"{WHERE} Equal work is equal passes over the rows; how long a pass takes"
    " is a matter of the machine.",
)
