"""Dropout trains a crowd of thinned networks that share their weights.

None of them can rely on single units to remember mislabeled rows, which helps where
there are more units than the task needs and takes away needed ones where there are not.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import RATES, TIE
from ablations.rigs.depth.recipes import BASICS, SEEDS, accuracy, tuned
from ablations.rigs.readings import compare, mostly
from ablations.rigs.regularization.dropout import shared_config
from ablations.rigs.regularization.readings import FORGOTTEN, MEMORIZES


def _arm(width: int, dropout: float, is_tuned: bool = False) -> Arm:
    config = shared_config(width, dropout)
    arm = Arm(levels={"width": width, "dropout": dropout}, config=config)
    levels = {**arm.levels, "rate": "tuned rate"}
    best = tuned(config, levels, rates=RATES["modern"], tolerance=0.0)
    return best if is_tuned else arm


def _both(
    place: str, width: int, share: float, is_tuned: bool = False
) -> tuple[Comparison, Comparison]:
    some, full = _arm(width, share, is_tuned), _arm(width, 0.0, is_tuned)
    fit, key = accuracy("accuracy"), f"gain_{place}"
    return (
        compare(some, "less", full, fit, FORGOTTEN, key=f"fit_{place}"),
        compare(
            some, "greater", full, accuracy(), TIE, key=key, headline=key == "gain_64"
        ),
    )


CLAIM = Claim(
    statement="With dropout networks overfit less and do better on new data.",
    rows=("B-SOL-1",),
    source=f"{BASICS}, solutions to common problems",
    reference="Srivastava et al. (2014)",
    axis="width",
    core=(
        *_both("64", 64, 0.5),
        *_both("256", 256, 0.5),
        *_both("tuned", 64, 0.5, is_tuned=True),
    ),
    beside=(*_both("8", 8, 0.5), *_both("fifth", 64, 0.2)),
    controls=(mostly(_arm(64, 0.0), MEMORIZES, key="memorize"),),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "fit_64 gain_64 !fit_256 ?gain_256 !fit_tuned gain_tuned": "Not settled:"
        " dropping half of the units raises test accuracy by {gain_64} percentage"
        " points at 64 units, but wider layers learn false labels regardless.",
        "core": "Yes: in all settings false labels are fitted less and accuracy rises.",
        "!core": "No: in no setting are false labels fitted less, and in none does"
        " accuracy rise.",
    },
    how="{gain_64.n} networks of two ReLU layers, with and without dropout, took 1,500"
    " updates on 300 rows of ten classes, a fifth of whose labels are drawn anew.",
    caveats="Adam at a rate of 0.003; a tuned rate stops short of overfitting by"
    " itself. Overfitting is what of the false labels is learned.",
)
