"""A training loss near zero says that weights and labels can be brought together.

What keeps gradients from doing so can be noticed by it; a mistake that leaves the
network free to learn the training rows by heart cannot, wherever else it does harm.
"""

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Comparison, ScoreConfig, SuccessRate
from ablations.rigs.regularization.noisy_labels import (
    SEEDS,
    SOURCE,
    accuracy,
    noisy_config,
)
from ablations.rigs.regularization.stopping import MOST
from ablations.training.config import OptimizerConfig

RIGHT = "nothing broken"

FITS = ScoreConfig(
    quantity="loss", at_most=0.05, words="reach a training loss of at most 0.05"
)
"""Near zero: less than a twenty-fifth of what it takes to guess one of four classes."""

HARM = 0.1
"""Fall of test accuracy that makes a mistake one that must be found."""


def _rate(rate: float) -> ArmConfig:
    return noisy_config(optimizer=OptimizerConfig(name="adam", learning_rate=rate))


BUGS = {
    "labels of other rows": readout(
        "damaged_rows", noisy_config(), damage="labels_of_other_rows"
    ),
    "a label among the inputs": readout(
        "damaged_rows", noisy_config(), damage="label_in_inputs"
    ),
    "held-out inputs in other units": readout(
        "damaged_rows", noisy_config(), damage="held_out_scaled"
    ),
    "first layer frozen": noisy_config(training={"frozen_layers": 1}),
    "both hidden layers frozen": noisy_config(training={"frozen_layers": 2}),
    "no activation": noisy_config(activation="linear"),
    "all weights zero": noisy_config(kernel_initializer="zeros"),
    "rate 1,000 times too small": _rate(3e-6),
    "rate 1,000 times too large": _rate(3.0),
    "30 updates": noisy_config(training={"num_steps": 30, "log_steps": (0,)}),
}
QUICK = (
    "labels of other rows",
    "all weights zero",
    "rate 1,000 times too small",
)
HARMFUL = (
    "labels of other rows",
    "a label among the inputs",
    "held-out inputs in other units",
)
"""What leaves the training as it was, and must be seen to do harm."""


def _noticed(bug: str) -> SuccessRate:
    return SuccessRate(
        label=f"noticed: {bug}",
        arm=bug,
        score=FITS,
        bound=round(1.0 - MOST, 2),
        direction="at_most",
    )


def _harmful(bug: str) -> Comparison:
    return Comparison(
        label=f"does harm: {bug}",
        treatment=bug,
        control=RIGHT,
        score=accuracy(),
        margin=HARM,
        direction="less",
        differs_in=("data",),
    )


CLAIM = Claim(
    statement=(
        "A network that can be made to overfit its training rows has no coding error,"
        " connected layers, fitting first weights and enough epochs."
    ),
    rows=("A-REG-1",),
    source=SOURCE,
    arms={RIGHT: Arm(config=noisy_config())}
    | {bug: Arm(config=config) for bug, config in BUGS.items()},
    predictions=tuple(map(_noticed, BUGS)),
    beyond_quick=(
        *(f"noticed: {bug}" for bug in BUGS if bug not in QUICK),
        *(f"does harm: {bug}" for bug in HARMFUL if bug not in QUICK),
    ),
    headline="noticed: labels of other rows",
    controls=(
        SuccessRate(
            label="overfits: nothing broken", arm=RIGHT, score=FITS, bound=MOST
        ),
        *map(_harmful, HARMFUL),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Runs that overfit all the same: {6.brief} with zero weights, {7.brief}"
            " with a rate too small, {8.brief} too large, {9.brief} in 30 updates,"
            " {5.brief} with no activation, {4.brief} with frozen hidden layers,"
            " {3.brief} with the first alone frozen, {0.brief} with labels of other"
            " rows, {1.brief} with the label among the inputs and {2.brief} with"
            " held-out inputs in other units ({0.n} seeds)."
        )
    },
    caveats=(
        "Ten mistakes, injected one at a time into a network of two ReLU layers of 64"
        " units that overfits 320 rows without them. A mistake counts as missed when"
        " most runs still reach a training loss of 0.05. The harm of three of them is"
        " checked on test rows."
    ),
    figure="conditions",
)
