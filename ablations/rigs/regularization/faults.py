"""Networks with one planted mistake each, and the same network without.

The level `fault` says what is wrong with the rows, the layers or the training.
"""

from __future__ import annotations

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.rigs.regularization.dropout import network
from ablations.rigs.regularization.noisy_labels import LEARNING_RATE, noisy_config
from ablations.training.config import OptimizerConfig


def _damaged(fault: str, damage: str) -> Arm:
    config = readout("damaged_rows", noisy_config(), damage=damage)
    return Arm(levels={"fault": fault}, config=config)


def _broken(fault: str, rate: float = LEARNING_RATE, **changes: object) -> Arm:
    optimizer = OptimizerConfig(name="adam", learning_rate=rate)
    return network({"fault": fault}, optimizer=optimizer, **changes)


RIGHT = _broken("nothing broken")
FAULTS = {
    "other_rows": _damaged("labels of other rows", "labels_of_other_rows"),
    "leaked": _damaged("a label among the inputs", "label_in_inputs"),
    "frozen": _broken("first layer frozen", training={"frozen_layers": 1}),
    "both": _broken("both hidden layers frozen", training={"frozen_layers": 2}),
    "linear": _broken("no activation", activation="linear"),
    "zeros": _broken("all weights zero", kernel_initializer="zeros"),
    "short": _broken("30 updates", training={"num_steps": 30, "log_steps": (0,)}),
}
"""Mistakes in code, layers, weights or the number of updates, by key."""

BESIDE = {
    "scaled": _damaged("held-out inputs in other units", "held_out_scaled"),
    "slow": _broken("rate 1,000 times too small", 3e-6),
    "fast": _broken("rate 1,000 times too large", 3.0),
}
"""Mistakes of another kind: in held-out rows, or in the learning rate."""
