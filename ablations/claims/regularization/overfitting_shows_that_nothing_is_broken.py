"""A training loss near zero says that weights and labels can be brought together.

What keeps gradients from doing so can be noticed by it; a mistake that leaves the
network free to learn the training rows by heart cannot, wherever else it does harm.
"""

from ablations.experiments.damaged_rows import Damage, DamagedRowsConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import network
from ablations.rigs.regularization.noisy_labels import (
    NOISY,
    SEEDS,
    SOURCE,
    noisy_config,
)
from ablations.rigs.regularization.readings import accuracy, mostly
from ablations.rigs.regularization.stopping import MOST
from ablations.training.config import OptimizerConfig

FITS = ScoreConfig(
    quantity="loss", at_most=0.05, words="reach a training loss of at most 0.05"
)
"""Near zero: less than a twenty-fifth of what it takes to guess one of four classes."""


def _damaged(fault: str, damage: Damage) -> Arm:
    right = noisy_config()
    config = DamagedRowsConfig(
        task=NOISY, model=right.model, training=right.training, damage=damage
    )
    return Arm(levels={"fault": fault}, config=config)


def _rate(fault: str, rate: float) -> Arm:
    optimizer = OptimizerConfig(name="adam", learning_rate=rate)
    return network({"fault": fault}, optimizer=optimizer)


RIGHT = network({"fault": "nothing broken"})
OTHER_ROWS = _damaged("labels of other rows", "labels_of_other_rows")
LEAKED = _damaged("a label among the inputs", "label_in_inputs")
SCALED = _damaged("held-out inputs in other units", "held_out_scaled")


def _noticed(key: str, fault: Arm, **more: bool) -> SuccessRate:
    return SuccessRate(
        key=key,
        label=f"runs that overfit all the same: {fault.name}",
        arm=fault,
        score=FITS,
        bound=round(1.0 - MOST, 2),
        direction="at_most",
        **more,
    )


def _harmful(key: str, fault: Arm, **more: bool) -> Comparison:
    return Comparison(
        key=key,
        label=f"change of test accuracy: {fault.name}",
        treatment=fault,
        control=RIGHT,
        score=accuracy(),
        margin=0.1,
        direction="less",
        differs_in=("data",),
        **more,
    )


def _broken(
    key: str, fault: str, quick: bool = False, **changes: object
) -> SuccessRate:
    return _noticed(key, network({"fault": fault}, **changes), quick=quick)


CLAIM = Claim(
    statement=(
        "A network that can be made to overfit its training rows has no coding error,"
        " connected layers, fitting first weights and enough epochs."
    ),
    strength="always",
    rows=("A-REG-1",),
    source=SOURCE,
    axis="fault",
    core=(
        _noticed("other_rows", OTHER_ROWS, headline=True),
        _noticed("leaked", LEAKED, quick=False),
        _broken("frozen", "first layer frozen", training={"frozen_layers": 1}),
        _broken("both", "both hidden layers frozen", training={"frozen_layers": 2}),
        _broken("linear", "no activation", activation="linear"),
        _broken("zeros", "all weights zero", True, kernel_initializer="zeros"),
        _broken("short", "30 updates", training={"num_steps": 30, "log_steps": (0,)}),
    ),
    beside=(
        _noticed("scaled", SCALED, quick=False),
        _noticed("slow", _rate("rate 1,000 times too small", 3e-6)),
        _noticed("fast", _rate("rate 1,000 times too large", 3.0), quick=False),
    ),
    controls=(
        mostly(
            RIGHT,
            FITS,
            key="right",
            label="runs that overfit: nothing broken",
            bound=MOST,
        ),
        _harmful("harm_other_rows", OTHER_ROWS),
        _harmful("harm_leaked", LEAKED, quick=False),
        _harmful("harm_scaled", SCALED, quick=False),
    ),
    seeds=SEEDS,
    answers={
        "!other_rows": (
            "No: {other_rows} networks overfit just as well with the labels of other"
            " rows, a mistake that ruins them on new data."
        ),
        "core": "Yes: with each of seven planted mistakes few networks still overfit.",
    },
    how=(
        "Ten mistakes, planted one at a time into a network that overfits 320 rows"
        " without them; {other_rows.n} runs for each."
    ),
    caveats=(
        "Two ReLU layers of 64 units. A mistake counts as missed when most runs still"
        " reach a training loss of 0.05."
    ),
    figure="conditions",
)
