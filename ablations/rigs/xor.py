"""The four points of XOR, the printed program and its variants.

The printed program is a 2-2-1 network with leaky ReLU (Keras's string, slope 0.2),
He-normal hidden weights and a linear output, trained on all four rows at once with Adam
at rate 0.05 on the mean squared error for 100 epochs, each of one update.
"""

from __future__ import annotations

from typing import Any, Literal

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import compare, equals, mostly
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import MLPConfig

LOG_STEPS = (0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Numbers of updates at which XOR runs are recorded."""

PRINTED_STEPS = 100
"""Updates that the printed program makes."""

LONG = 5000
"""Updates of the longest runs."""

WIDTHS = (1, 2, 3, 4, 8, 16)
"""Numbers of hidden units."""

ACTIVATIONS: dict[str, Any] = {
    "ReLU": "relu",
    "leaky ReLU": "leaky_relu",
    "leaky ReLU of slope 0.01": {"name": "leaky_relu", "slope": 0.01},
    "ELU": "elu",
    "cosine": {"name": "cosine", "output_scale": -0.5, "output_shift": 0.5},
}
"""What `MLPConfig` calls the activations that people call otherwise."""

NEVER = 0.001
"""Share of runs that counts as never, where even one success would be a surprise."""

SMALLEST_EFFECT = 0.02
"""Difference between shares of runs below which two choices count as equal."""

SOURCE = "Deep learning notes, chapter 2, XOR problem"


def xor_arm(
    *,
    task: str = "xor",
    num_steps: int = 500,
    learning_rate: float = 0.05,
    optimizer: str = "adam",
    loss: Literal["mse", "binary_crossentropy"] = "mse",
    engine: Literal["stack", "fit"] = "stack",
    metrics: tuple[str, ...] = ("loss", "max_error", "solved"),
    record_weights: bool = False,
    probes: tuple[str, ...] = (),
    **model: Any,
) -> ArmConfig:
    """Return the printed program with changes.

    Args:
        task: A Boolean task.
        num_steps: Number of updates.
        learning_rate: Adam's learning rate.
        optimizer: Name of the optimizer.
        loss: Name of the loss.
        engine: `stack` or `fit`.
        metrics: What is recorded.
        record_weights: Keep the final weights.
        probes: What is recorded of gradients.
        model: Changed fields of `MLPConfig`.
    """
    network: dict[str, Any] = {
        "input_units": 2,
        "hidden_units": (2,),
        "activation": "leaky_relu",
        "kernel_initializer": "he_normal",
        "output_kernel_initializer": "glorot_uniform",
    }
    return ArmConfig(
        task=TaskConfig(name=task),
        model=MLPConfig(**(network | model)),
        training=TrainingConfig(
            optimizer=OptimizerConfig(name=optimizer, learning_rate=learning_rate),
            loss=loss,
            num_steps=num_steps,
            log_steps=tuple(k for k in LOG_STEPS if k <= num_steps),
            metrics=metrics,
            record_weights=record_weights,
            probes=probes,
        ),
        engine=engine,
    )


def long_arm(**changes: Any) -> ArmConfig:
    """Return the printed program with changes, carried on to 5,000 updates."""
    return xor_arm(num_steps=LONG, record_weights=True, **changes)


def single_neuron(
    activation: str | dict[str, Any] = "linear", **changes: Any
) -> ArmConfig:
    """Return a network without hidden layer, trained for 2,000 updates."""
    return xor_arm(
        hidden_units=(),
        output_activation=activation,
        num_steps=2000,
        record_weights=True,
        **changes,
    )


def width_arm(width: int, activation: str | dict[str, Any]) -> ArmConfig:
    """Return a network with `width` hidden units; up to 2 it is trained for longer."""
    if width <= 2:
        return long_arm(hidden_units=(width,), activation=activation)
    return xor_arm(hidden_units=(width,), activation=activation)


PRINTED = long_arm()
"""The printed program, carried on to 5,000 updates; its first 100 are the program."""

PRINTED_FIT = xor_arm(num_steps=PRINTED_STEPS, engine="fit")
"""The printed program as it stands, one `keras.Model.fit` per run."""

PROGRAM = Arm(levels={"program": "printed program"}, config=PRINTED)
"""The arm of the printed program."""


def neuron(activation: str, **changes: Any) -> Arm:
    """Return the arm of a single neuron, trained for 2,000 updates."""
    named = ACTIVATIONS.get(activation, activation)
    return Arm(
        levels={"network": "one neuron", "activation": activation},
        config=single_neuron(named, **changes),
    )


def network(activation: str = "leaky ReLU", width: int = 2, **changes: Any) -> Arm:
    """Return the arm of a network with one hidden layer.

    It is trained as `width_arm` says, and for 500 updates if anything else is changed,
    which the caller's levels must name.
    """
    named = ACTIVATIONS.get(activation, activation)
    config = width_arm(width, named)
    if changes:
        config = xor_arm(hidden_units=(width,), activation=named, **changes)
    return Arm(levels={"activation": activation, "width": width}, config=config)


def _after(at: int | None) -> str:
    return "" if at is None else f" after {at:,} updates"


def solved(at: int | None = None) -> ScoreConfig:
    """Return success: every rounded output equals its target after `at` updates."""
    return ScoreConfig(
        quantity="solved", at=at, at_least=1.0, words=f"solve all four rows{_after(at)}"
    )


def within(error: float, at: int | None = None) -> ScoreConfig:
    """Return success: no output is further than `error` from its target."""
    return ScoreConfig(
        quantity="max_error",
        at=at,
        at_most=error,
        words=f"keep every error within {error:g}{_after(at)}",
    )


def solves(
    key: str, arm: Arm, at: int | None = None, *, share: float = 0.0
) -> SuccessRate:
    """Predict that at least a share of runs solves XOR; without one it is shown."""
    label = f"runs that solve all four rows{_after(at)}, {arm.name}"
    return mostly(arm, solved(at), share, key=key, label=label)


def never_solves(key: str, arm: Arm, at: int | None = None) -> SuccessRate:
    """Predict that no run solves XOR, or next to none."""
    return solves(key, arm, at, share=NEVER).replace(direction="at_most")


def solves_more(
    key: str,
    label: str,
    treatment: Arm,
    control: Arm,
    after: int,
    direction: Direction = "greater",
    **rest: Any,
) -> Comparison:
    """Predict that more runs of the treatment solve XOR, or as many."""
    said = {"key": key, "label": label, **rest}
    score = solved(after)
    return compare(treatment, direction, control, score, SMALLEST_EFFECT, **said)


def measured(
    measurement: str, quantity: str, expected: float, label: str, **how: Any
) -> ExactCheck:
    """Compare a measured quantity, by which it is called, with what is implied.

    `how` are the tolerance and the relation.
    """
    return equals(measurement, quantity, expected, key=quantity, label=label, **how)


def is_so(
    measurement: str, quantity: str, words: str, answer: bool = True
) -> ExactCheck:
    """Predict whether something is so, which is measured as 1 or 0."""
    label = f"whether {words} (1 yes, 0 no)"
    return measured(measurement, quantity, float(answer), label)
