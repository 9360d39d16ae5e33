"""Ensembles of networks that memorize a small noisy sample, and of linear ones.

Members of an ensemble answer by their mean probabilities; they see the same rows, with
weights and batches of their own, or rows drawn anew from these, with replacement.

Levels are `members`, a name of `MEMBERS_OF`, and `training sets`, their number, where
there are several.
"""

from __future__ import annotations

from typing import Any, Literal

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm, Level
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config
from ablations.rigs.regularization.readings import CHANCE

MEMBERS = 8
SETS = 4
"""Training sets per seed, of 320 rows each, where variance over sets is asked."""

Resample = Literal["none", "bootstrap"]
MEMBERS_OF: dict[str, tuple[bool, Resample]] = {
    "same rows": (True, "none"),
    "bagging": (True, "bootstrap"),
    "linear, same rows": (False, "none"),
    "linear, bagging": (False, "bootstrap"),
}
"""Whether members have hidden layers, and whether each draws its rows anew."""


def ensemble(members: str, sets: int = 1) -> Arm:
    """Return ensembles of a kind of `MEMBERS_OF`, on so many training sets per seed."""
    deep, resample = MEMBERS_OF[members]
    linear: dict[str, Any] = {
        "hidden_units": (),
        "output_kernel_initializer": "glorot_uniform",
    }
    rows = NOISY.replace(num_train=sets * NOISY.setting("num_train"))
    networks = noisy_config(task=rows, **({} if deep else linear))
    levels: dict[str, Level] = {"members": members}
    if sets > 1:
        levels["training sets"] = sets
    config = readout(
        "ensemble", networks, members=MEMBERS, groups=sets, resample=resample
    )
    return Arm(levels=levels, config=config)


def beside_one(quantity: str, k: int = MEMBERS) -> tuple[ScoreConfig, ScoreConfig]:
    """Return what k members together have, and what one has.

    A variance over seeds is that of answers with the training set as it is, one over
    sets with it drawn anew.
    """
    name = {"accuracy": "training accuracy"}.get(quantity, quantity.replace("_", " "))
    accurate = quantity.endswith("accuracy")
    one = ScoreConfig(
        quantity=f"{quantity}_of_1",
        better="higher" if accurate else "lower" if "loss" in quantity else None,
        failed_value=CHANCE if accurate else None,
        words=f"one model's {name}",
    )
    together = f"{k} models' {name}"
    return one.replace(quantity=f"{quantity}_of_{k}", words=together), one
