"""A row alone is its own mean, so it comes out as zero whatever it is.

Of two rows one comes out as one and the other as minus one, so that small changes
change nothing, and hardly any gradient comes through to the layers below.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import agrees, at_least

SMALL = "batch_norm_of_small_batches"
SIZES = (1, 2, 4, 32)
WORKS = 0.25
"""Share of a feature's variance, or of a gradient, that must come through."""


def _tells(rows: int) -> ExactCheck:
    return at_least(
        SMALL,
        f"share_told_by_outputs_of_{rows}",
        WORKS,
        key=f"outputs_{rows}",
        label=f"share of a feature's variance that its outputs tell, batches of {rows}",
        at=("batch size", rows),
    )


def _passes(rows: int) -> ExactCheck:
    return at_least(
        SMALL,
        f"share_of_the_gradient_of_{rows}",
        WORKS,
        key=f"gradient_{rows}",
        label=f"share of the squared gradient that comes through, batches of {rows}",
        at=("batch size", rows),
    )


CLAIM = Claim(
    statement="Batch norm works for every batch size.",
    strength="always",
    rows=("A-BN-23",),
    source=f"{NOTES}, which states no limit; that there is none is implied",
    reference="Wu and He (2018), Group normalization",
    axis="batch size",
    implied=True,
    core=(*map(_tells, SIZES), *map(_passes, SIZES)),
    beside=(
        agrees(SMALL, "deviation_from_keras", "keras", "deviation from Keras's layer"),
    ),
    answers={
        "!outputs_1 !gradient_1 !gradient_2 outputs_4 gradient_4": (
            "No: a row alone comes out as zero, batches of two pass hardly any"
            " gradient, and batches of four pass half of it."
        ),
        "!outputs_1 !gradient_1 outputs_2 gradient_2": "No: a row alone always comes"
        " out as zero; two rows are enough.",
        "core": "Yes: outputs and gradients come through in batches of one, too.",
        "!core": "No: neither outputs nor gradients come through, up to 32 rows.",
    },
    how="Ten thousand batches each of 1, 2, 4 and 32 normal numbers were normalized,"
    " and random gradients sent back through them.",
    caveats="A quarter that comes through counts as working; what comes through in"
    " batches of two is left by epsilon. Scale and shift come after. Convolutions have"
    " many numbers per feature even in a batch of one.",
)
