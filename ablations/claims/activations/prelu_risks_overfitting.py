"""PReLU has one more weight for each unit, which is little beside its other weights.

A network with many times as many weights as rows can memorize false labels without it.
"""

from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS
from ablations.rigs.depth.recipes import accuracy
from ablations.rigs.readings import compare, mostly
from ablations.rigs.regularization.noisy_labels import (
    NOISE,
    NOISY,
    SEEDS,
    labels_of,
    noisy_config,
)
from ablations.rigs.regularization.readings import MEMORIZES

SIZES = (80, 320, 1280)
MIDWAY = accuracy("accuracy", at=300).replace(words="training accuracy midway")
KINDS = {"ReLU": "relu", "PReLU": {"name": "prelu", "slope": 0.25}}


def _network(activation: str, rows: int, noise: float) -> Arm:
    task = NOISY.replace(num_train=rows, label_noise=noise)
    levels: dict[str, Level] = {
        "activation": activation,
        "rows": rows,
        "labels": labels_of(noise),
    }
    return Arm(
        levels=levels, config=noisy_config(task=task, activation=KINDS[activation])
    )


def _pair(rows: int, noise: float) -> tuple[Arm, Arm]:
    prelu, relu = (_network(name, rows, noise) for name in ("PReLU", "ReLU"))
    return prelu, relu


def _worse(rows: int, noise: float) -> Comparison:
    prelu, relu = _pair(rows, noise)
    key = f"{'false' if noise else 'true'}_{rows}"
    return compare(prelu, "less", relu, accuracy(), 0.01, key=key)


def _fits_more(rows: int) -> Comparison:
    prelu, relu = _pair(rows, NOISE)
    return compare(prelu, "greater", relu, MIDWAY, 0.01, key=f"fit_{rows}")


CLAIM = Claim(
    statement="PReLU risks overfitting, because its learned slopes make the network"
    " more flexible.",
    strength="can",
    rows=("B-ACT-17",),
    source=f"{BASICS}, table of activations",
    reference="Xu, Wang, Chen and Li (2015), Empirical evaluation of rectified"
    " activations in convolutional network",
    axis="rows",
    core=tuple(_worse(rows, noise) for noise in (NOISE, 0.0) for rows in SIZES),
    beside=(
        *map(_fits_more, SIZES),
        mostly(_network("ReLU", 80, NOISE), MEMORIZES, key="memorizes"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: PReLU loses over a percentage point of test accuracy to ReLU, on"
        " 80 to 1,280 rows, with false labels and with true ones.",
        "!core": "Not here: from 80 to 1,280 rows PReLU loses less than a percentage"
        " point of test accuracy to ReLU, with false labels or true ones.",
        "false_80": (
            "It can do worse: on 80 rows with false labels PReLU is {false_80}"
            " percentage points behind ReLU; that learned slopes are why is not shown."
        ),
        "false_320": "Yes, it can: on 320 rows with false labels PReLU is {false_320}"
        " percentage points behind ReLU.",
        "!false_80 !false_320 !false_1280": "Not with false labels, where PReLU loses"
        " less than a percentage point of test accuracy to ReLU.",
    },
    how="Networks of two layers of 64 units took 1,500 updates on 80 to 1,280 rows,"
    " {false_80.n} with either activation.",
    caveats=(
        "Both have one learning rate, at which ReLU memorizes all of 80 rows."
        " No network has a fixed slope of a quarter, so that learning the"
        " slope is not told apart from having one. Slopes start at a quarter,"
        " as in the paper, and every unit has its own."
    ),
)
