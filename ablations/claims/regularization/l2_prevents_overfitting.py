"""A network needs large weights to bend around single rows, so a penalty forbids that.

Too weak a penalty changes nothing, too strong a one forbids what the classes need as
well, and with batch norm the size of a kernel has no say in what the network computes.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Trend
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, accuracy, fits_less

SETTINGS = {"descent": "gradient descent", "norm": "batch norm", "true": "true labels"}


def _gain(
    key: str, l2: float = rig.GOOD, setting: str = rig.ADAM, **more: Any
) -> Comparison:
    label = f"gain in test accuracy, L2 {l2:g}, {setting}"
    fields = {"key": key, "label": label, "setting": setting, "quick": False, **more}
    return rig.against_none(l2, accuracy(), TIE, **fields)


def _smoother(key: str, setting: str) -> Comparison:
    return rig.against_none(
        rig.GOOD,
        rig.ROUGHNESS,
        rig.FACTOR,
        key=f"smooth_{key}",
        label=f"change of the log10 of roughness, L2 0.03, {setting}",
        setting=setting,
        direction="less",
        quick=False,
    )


def _fit(key: str, l2: float) -> Comparison:
    label = f"change of training accuracy, L2 {l2:g}"
    arms = rig.penalized(l2), rig.penalized(0.0)
    return fits_less(*arms, key=key, label=label, quick=False)


def _dose(l2: float) -> Comparison:
    key, at = f"l2_{l2:g}".replace(".", "_"), ("penalty", l2)
    return _gain(key, l2, at=at, family=True, quick=l2 == 0.01)


CLAIM = Claim(
    statement=(
        "An L2 penalty prevents overfitting: it makes models smoother and better on new"
        " data."
    ),
    rows=("A-REG-8",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Krogh and Hertz (1992); van Laarhoven (2017), L2 regularization versus batch"
        " and weight normalization"
    ),
    axis="setting",
    core=(
        _gain("adam", quick=True),
        *(_gain(key, setting=setting) for key, setting in SETTINGS.items()),
        *(_smoother(*each) for each in SETTINGS.items()),
    ),
    beside=(
        *(_dose(l2) for l2 in rig.STRENGTHS if l2 != rig.GOOD),
        _fit("fit_printed", rig.PRINTED),
        _fit("fit_good", rig.GOOD),
        Trend(
            key="smoother",
            label="log10 of roughness, 0.03 less none",
            along=tuple(rig.penalized(l2) for l2 in (0.0, *rig.STRENGTHS[:-1])),
            scores=(rig.ROUGHNESS,),
            margin=rig.FACTOR,
            direction="falls",
            quick=False,
        ),
    ),
    controls=(rig.memorizes(),),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: a penalty of 0.03 raises test accuracy by {adam} percentage points"
            " under Adam, and helps in all other settings."
        ),
        "adam descent !norm !smooth_true": (
            "Mixed: a penalty of 0.03 raises test accuracy by {adam} percentage points"
            " under Adam, but with batch norm it does not help."
        ),
        "!core": "No: a penalty of 0.03 makes networks neither better nor smoother.",
    },
    how=(
        "Networks took 1,500 updates on 320 rows with seven strengths of penalty and"
        " without, {adam.n} for each strength and setting."
    ),
    caveats=(
        "Two ReLU layers of 64 units; some 15 % of the labels are false. Smooth means"
        " that probabilities change little with the inputs at test rows. The best"
        " strength is one of seven and was found on other seeds."
    ),
    figure="penalty_curve",
)
