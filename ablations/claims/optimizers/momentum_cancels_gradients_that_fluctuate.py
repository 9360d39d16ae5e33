"""A velocity is a sum over some ten updates, at a coefficient of 0.9.

Gradients that turn within it cancel. Ones that turn more slowly add up before they do.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import MOMENTUM
from ablations.rigs.readings import at_most, equals

TURNING, PLAIN = "turning_gradients", "steps_over_plain_ones_turning"
EVERY = {1: "update", 2: "second update", 5: "fifth update", 10: "tenth update"}


def _is_less(turns: int) -> ExactCheck:
    """Predict steps shorter than plain ones at the same rate, by a tenth."""
    return at_most(
        TURNING,
        f"{PLAIN}_every_{turns}",
        0.9,
        key=f"every_{turns}",
        label=f"steps over plain ones, the gradient turning with every {EVERY[turns]}",
        at=("turning period", turns),
    )


CLAIM = Claim(
    statement="Momentum cancels movement in directions in which gradients fluctuate.",
    strength="usually",
    rows=("A-OPT-20",),
    source=f"{MOMENTUM}, what velocity does",
    axis="turning period",
    core=(
        _is_less(1),
        _is_less(2),
        at_most(
            *(TURNING, f"{PLAIN}_at_random", 0.9),
            key="random",
            label="steps over plain ones, the gradient turning at random",
            at=("turning period", "random"),
        ),
    ),
    beside=(
        _is_less(5),
        _is_less(10),
        at_most(
            TURNING,
            "steps_over_straight_ones_turning_every_1",
            0.1,
            key="straight",
            label="steps over those under one gradient, turning with every update",
        ),
        equals(
            TURNING,
            f"{PLAIN}_every_1",
            1 / 1.9,
            0.001,
            key="law",
            label="steps over plain ones, every update, against 1 / (1 + coefficient)",
        ),
    ),
    answers={
        "every_1 every_2 !random": "It depends: gradients that turn with every update"
        " leave {every_1} of a plain step; ones that turn at random make it {random}"
        " times as long.",
        "core !every_10": "Yes, if they turn fast: steps are shorter than plain ones;"
        " where gradients turn every tenth update they are {every_10} times as long.",
        "core": "Yes: steps are shorter than plain ones, whether the gradient turns"
        " regularly or at random.",
        "!core": "No: steps are not even a tenth shorter than plain ones, whether the"
        " gradient turns regularly or at random.",
    },
    how="The printed rule, with a coefficient of 0.9, took steps along gradients of one"
    " size that turn every 1 to 10 updates or at random.",
    caveats="Steps are compared at the same learning rate.",
)
