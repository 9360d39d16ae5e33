"""A layer that has learned from some inputs meets others after the next update.

How much that costs shows where inputs of layers are moved on purpose: all rows of a
batch lose the same fifth of units, and the next batch another one. That batch norm
saves updates there, too, does not tell whether drift is the reason.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, TimeToTarget
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.depth.recipes import accuracy
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly

CASES: dict[str, tuple[rig.Place, int]] = {
    "plain_3": (None, 3),
    "norm_3": ("before", 3),
    "plain_6": (None, 6),
    "norm_6": ("before", 6),
}
SLOWER, POINT = 0.25, 0.01
TARGET = ScoreConfig(
    quantity="accuracy", at_least=0.8, words="classify 80 % of the training rows"
)
BY_BATCH, BY_ROW = "units dropped for a batch", "units dropped for a row"


def _slower(
    key: str, arm: Arm, other: Arm, direction: Direction = "greater"
) -> TimeToTarget:
    depth = 3 if "3" in key else 6
    return TimeToTarget(
        treatment=arm,
        control=other,
        score=TARGET,
        budget=rig.STEPS[-1],
        margin=SLOWER,
        direction=direction,
        key=key,
        at=("depth", depth),
    )


def _arm(key: str, moved: str = "") -> Arm:
    return rig.timed(*CASES[key], moved=moved)


def _ends_lower(key: str) -> Comparison:
    moved, plain, at = _arm(key, BY_BATCH), _arm(key), ("depth", CASES[key][1])
    end = accuracy("accuracy")
    return compare(moved, "less", plain, end, POINT, key=f"{key}_end", at=at)


CLAIM = Claim(
    statement="Inputs of layers that keep changing slow training down and hinder"
    " convergence, since layers have to adapt to them again and again.",
    rows=("A-BN-2",),
    source=f"{NOTES}, problem",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018), How does batch"
    " normalization help optimization?",
    axis="depth",
    core=(
        *(_slower(key, _arm(key, BY_BATCH), _arm(key)) for key in CASES),
        *map(_ends_lower, CASES),
    ),
    beside=(
        *(
            _slower(f"{key}_row", _arm(key, BY_BATCH), _arm(key, BY_ROW))
            for key in ("norm_3", "norm_6")
        ),
        _slower(
            "as_slow", _arm("norm_6", BY_BATCH), _arm("plain_6"), direction="no_less"
        ),
    ),
    controls=(mostly(_arm("norm_6"), TARGET, key="reached"),),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core": "Yes: where inputs of layers are moved, six layers need"
        " {plain_6.times} times as many updates, with batch norm {norm_6.times} times.",
        "plain_6 norm_6 plain_6_end !norm_6_end": (
            "Mixed: moving inputs makes six layers need {plain_6.times} times the"
            " updates, with batch norm {norm_6.times} times; they end clearly"
            " lower only without it."
        ),
        "plain_3 norm_3 plain_6 norm_6 !plain_6_end !norm_6_end": "Slower, yes: six"
        " layers whose inputs are moved need {plain_6.times} times as many updates, but"
        " they end about as well.",
        "!core": "No: where inputs of layers are moved between updates, training is"
        " hardly slower and ends as well.",
    },
    how="In networks of three and six layers, {norm_6.n} for each case, another fifth"
    " of units was set to zero for all rows of each batch, in training alone.",
    caveats="Other units are a quarter larger then, so that means stay. Noise that is"
    " the same for a batch also makes gradients noisier; a fifth of units for each row"
    f" apart stands beside. {rig.ALL_ROWS}",
)
