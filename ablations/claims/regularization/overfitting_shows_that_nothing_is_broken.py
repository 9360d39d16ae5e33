"""A training loss near zero says that weights and labels can be brought together.

What keeps gradients from doing so can be noticed by it; a mistake that leaves the
network free to learn the training rows by heart cannot, wherever else it does harm.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.readings import Said, compare, mostly, rarely
from ablations.rigs.regularization.faults import BESIDE, FAULTS, RIGHT
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import FITS, MOST, accuracy

ARMS = FAULTS | BESIDE
QUICK = ("other_rows", "zeros", "slow")


def _noticed(key: str) -> SuccessRate:
    told: Said = {"key": key, "quick": key in QUICK, "headline": key == "other_rows"}
    return rarely(ARMS[key], FITS, round(1.0 - MOST, 2), **told)


def _harmful(key: str) -> Comparison:
    told: Said = {"key": f"harm_{key}", "quick": key in QUICK, "differs_in": ("data",)}
    return compare(ARMS[key], "less", RIGHT, accuracy(), 0.1, **told)


CLAIM = Claim(
    statement="A network that can be made to overfit its training rows has no coding"
    " error, connected layers, fitting first weights and enough epochs.",
    strength="always",
    rows=("A-REG-1",),
    source=SOURCE,
    axis="fault",
    core=tuple(map(_noticed, FAULTS)),
    beside=tuple(map(_noticed, BESIDE)),
    controls=(
        mostly(RIGHT, FITS, MOST, key="right"),
        *map(_harmful, ("other_rows", "leaked", "scaled")),
    ),
    seeds=SEEDS,
    answers={
        "!other_rows": (
            "No: {other_rows} networks overfit although a coding error mixed up the"
            " labels of their rows."
        ),
        "core": "Yes: with each of seven planted mistakes few networks still overfit.",
    },
    how="Ten mistakes were planted one at a time in networks that overfit 320 rows"
    " within 1,500 updates without them; {other_rows.n} runs for each.",
    caveats="A mistake is missed when most runs still reach a training loss of 0.05.",
)
