"""Batch norm divides by the deviation that the kernel gave.

A kernel a tenth as large gives the same outputs, and costs a hundredth of the penalty,
until the variance comes near epsilon; its gradients are ten times as large.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import CODE
from ablations.rigs.readings import at_least, equals

SIZE = "batch_norm_kernel_size"
SHRUNK = {
    "ten": ("from_ten_to_one", "from ten times their first size to it"),
    "one": ("from_one_to_a_tenth", "from their first size to a tenth"),
}


OTHER = {
    "text": ("_with_epsilon_of_text", ", epsilon as in the text"),
    "plain": ("_without_batch_norm", ", no batch norm"),
}


def _changes(key: str, other: str = "") -> ExactCheck:
    """Predict a change of a probability by a point or more as kernels shrink."""
    name, sizes = SHRUNK[key]
    network, words = OTHER.get(other, ("", ""))
    return at_least(
        SIZE,
        f"change_{name}{network}",
        0.01,
        key=f"{key}_{other}" if other else key,
        label=f"largest change of a probability, kernels {sizes}{words}",
        at=("kernel size", sizes),
    )


CLAIM = Claim(
    statement="An L2 penalty on kernels in front of batch norm restrains what the"
    " network computes, as regularization does.",
    rows=("A-BN-20",),
    source=f"{CODE}, regularization of both hidden layers",
    reference="van Laarhoven (2017), L2 regularization versus batch and weight"
    " normalization",
    axis="kernel size",
    core=(_changes("ten"), _changes("one")),
    beside=(
        _changes("ten", "text"),
        _changes("one", "text"),
        equals(
            SIZE,
            "gradient_at_ten_times",
            0.1,
            0.005,
            key="gradient",
            label="gradient of a kernel ten times as large over that at first",
        ),
    ),
    controls=(_changes("ten", "plain"), _changes("one", "plain")),
    answers={
        "!ten one": (
            "It depends on size: shrinking large kernels tenfold changes"
            " next to nothing, kernels of first size already change"
            " probabilities, by up to {one}."
        ),
        "!core": "No: shrinking the kernels, which is what L2 does, leaves the"
        " network's outputs as they were.",
        "core": "Yes: shrinking the kernels, which is what L2 does, changes what the"
        " network puts out.",
    },
    how="Kernels of the printed network were divided by ten, from ten times their first"
    " size and from it, and its outputs on its data compared.",
    caveats="Nothing was trained: smaller kernels also have larger gradients, so L2"
    " still acts as a learning rate does.",
)
