"""Signals on their way through networks of a few layers to fifty.

The networks and the task are those of `ablations.rigs.depth.recipes`.
Some arms never train, so that what their gradients are at the start can be asked of
starts that are no good for training.
The others are 2 to 8 layers deep, where old recipes just begin to fail, and also
record how far each update moves each layer.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    DEPTH,
    NUM_STEPS,
    PROBES,
    TINY_RATES,
    accuracy,
    deep_config,
    learns,
    recipe,
    tuned,
)
from ablations.rigs.readings import mostly, rarely, when
from models.config import InitializerConfig

DEPTHS = (4, 8)
"""Numbers of layers at which signals begin to fade."""

UPDATES = ("kernel_gradient_norm", "kernel_update_ratio")
"""What arms of up to eight layers record beside their curves."""

STATES = (*UPDATES, "saturated_share", "slope_second_moment")
"""What arms that never train record."""

STEPS = (0, 50, 100, 150, 200, 300, 400, NUM_STEPS)
"""Numbers of updates at which arms of up to eight layers are recorded."""

RECORDED: dict[str, Any] = {
    "num_steps": NUM_STEPS,
    "probes": UPDATES,
    "training": {"log_steps": STEPS},
}
"""What arms of up to eight layers have in common, as arguments of `deep_config`."""

RATES = {
    "sgd": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    "adam": (0.0003, 0.001, 0.003, 0.01, 0.03),
}
"""Learning rates: sigmoid layers want a hundred times that of ReLU layers."""

GLOROT = InitializerConfig(name="glorot_uniform")
HE = InitializerConfig(name="he_normal")
ORTHOGONAL = InitializerConfig(name="orthogonal")

ORDERS = 3.0
"""Orders of magnitude around 1 in which a healthy first gradient lies."""


def times(gain: float, initializer: InitializerConfig) -> InitializerConfig:
    """Return an initializer that draws weights larger by a factor."""
    return initializer.replace(gain=gain)


TOO_LARGE = times(2.0, HE)
"""ReLU weights from which gradients double per layer: a million times in twenty."""

CLIPS = {"value": 0.01, "norm": 1.0, "global_norm": 1.0}
"""What each kind of clipping cuts to where gradients explode."""

PENALTIES = (0.001, 0.01)
"""Factors of the sum of squared weights in the loss."""

CAREFUL, EXPLODING = "20 layers, He's weights", "20 layers, weights twice He's"


def start(**changes: Any) -> Arm:
    """Return an arm that is measured at the start and makes no update.

    Args:
        changes: Arguments of `deep_config`.
    """
    return Arm(config=deep_config(num_steps=0, probes=STATES, **changes))


def trained(
    optimizer: str = "sgd", *, tune: dict[str, Any] | None = None, **changes: Any
) -> Arm:
    """Return a tuned arm of a few layers.

    Args:
        optimizer: Name of the optimizer.
        tune: Fields of `TuneConfig` in place of those of `tuned`.
        changes: Arguments of `deep_config`.
    """
    config = deep_config(optimizer=optimizer, **_recorded(changes))
    return tuned(config, rates=RATES[optimizer], **(tune or {}))


def untuned(learning_rate: float, **changes: Any) -> Arm:
    """Return an arm of a few layers at one learning rate."""
    return Arm(config=deep_config(learning_rate=learning_rate, **_recorded(changes)))


def _recorded(changes: dict[str, Any]) -> dict[str, Any]:
    """Return arguments of `deep_config`; deeper arms record what recipes do."""
    is_deep = changes.get("depth", DEPTH) > max(DEPTHS)
    return RECORDED | ({"probes": PROBES} if is_deep else {}) | changes


def first_gradient(at: int = 0) -> ScoreConfig:
    """Return log10 of the gradient norm of the first kernel: what feedback arrives.

    At the output the feedback is about 1 in size, whatever the network. A ratio of
    kernels' gradients would miss a signal that fades in both directions: of ReLU
    layers without biases every kernel has a gradient of about the same size, since
    what the way back loses in front of a layer the way forward has lost behind it.
    """
    return ScoreConfig(
        quantity="first_gradient",
        at=at,
        words=f"log10 of the first layer's gradient {when(at)}",
    )


def arrives(at: int = 0) -> ScoreConfig:
    """Return success: the first layer's gradient neither vanished nor exploded."""
    return ScoreConfig(
        quantity="first_gradient",
        at=at,
        at_least=-ORDERS,
        at_most=ORDERS,
        words="have a first gradient between 0.001 and 1,000 in norm",
    )


def vanished(at: int = 0) -> ScoreConfig:
    """Return success: less than a thousandth of a healthy gradient arrives."""
    return ScoreConfig(
        quantity="first_gradient",
        at=at,
        at_most=-ORDERS,
        words=f"have a first gradient below 0.001 in norm {when(at)}",
    )


def exploded(at: int = 0) -> ScoreConfig:
    """Return success: more than a thousand times a healthy gradient arrives."""
    return ScoreConfig(
        quantity="first_gradient",
        at=at,
        at_least=ORDERS,
        words=f"have a first gradient above 1,000 in norm {when(at)}",
    )


def finite(at: int | None = None) -> ScoreConfig:
    """Return success: the loss is a number at the end; it is none after overflow."""
    return ScoreConfig(
        quantity="loss", at=at, at_least=0.0, words="end with a finite loss"
    )


def clipped(kind: str, bound: float, **changes: Any) -> Arm:
    """Return a tuned arm of a few layers whose gradients are clipped.

    Args:
        kind: `value`, `norm` or `global_norm`.
        bound: What they are cut to.
        changes: Arguments of `deep_config`.
    """
    return trained(training={"log_steps": STEPS, f"clip_{kind}": bound}, **changes)


def exploding(clip: str | None = None, penalty: float = 0.0) -> Arm:
    """Return 20 ReLU layers with exploding gradients, tuned, with a remedy or none.

    With a remedy only losses and accuracies are recorded.

    Args:
        clip: A kind in `CLIPS`.
        penalty: Factor of the sum of squared weights in the loss.
    """
    changes: dict[str, Any] = {"probes": ()} if clip or penalty else {}
    return recipe(
        ("ReLU",),
        initializer=TOO_LARGE,
        rates=TINY_RATES,
        l2=penalty,
        training={f"clip_{clip}": CLIPS[clip]} if clip else None,
        **changes,
    )


def clipped_name(kind: str) -> str:
    """Return the name of the exploding arm that is clipped by a kind in `CLIPS`."""
    return f"{EXPLODING}, clipped by {kind.replace('_', ' ')}"


def penalized_name(penalty: float) -> str:
    """Return the name of the exploding arm with a penalty on its weights."""
    return f"{EXPLODING}, L2 of {penalty:g}"


def clipping_arms() -> dict[str, Arm]:
    """Return deep arms by name: careful weights, exploding ones, those clipped."""
    return {
        CAREFUL: recipe(("ReLU", "init"), rates=TINY_RATES),
        EXPLODING: exploding(),
        **{clipped_name(kind): exploding(clip=kind) for kind in CLIPS},
    }


def clipping_helps() -> tuple[SuccessRate | Comparison, ...]:
    """Predict that clipping averts overflow and costs no accuracy beside good weights.

    The arms are those of `clipping_arms`.
    """
    return (
        *(
            mostly(f"finite: {clipped_name(k)}", clipped_name(k), finite())
            for k in CLIPS
        ),
        *(
            Comparison(
                label=f"as accurate as from He's weights: {clipped_name(kind)}",
                treatment=clipped_name(kind),
                control=CAREFUL,
                score=accuracy(),
                margin=0.02,
                direction="no_less",
            )
            for kind in CLIPS
        ),
    )


def penalty_arms() -> dict[str, Arm]:
    """Return deep arms by name: exploding weights with and without L2 penalties."""
    return {
        CAREFUL: recipe(("ReLU", "init"), rates=TINY_RATES),
        EXPLODING: exploding(),
        **{penalized_name(p): exploding(penalty=p) for p in PENALTIES},
    }


def penalties_help() -> tuple[SuccessRate, ...]:
    """Predict that a penalty alone averts overflow and lets a deep network learn.

    The arms are those of `penalty_arms`.
    """
    names = [penalized_name(p) for p in PENALTIES]
    return (
        *(mostly(f"finite: {name}", name, finite()) for name in names),
        *(mostly(f"learns: {name}", name, learns()) for name in names),
    )


def deep_controls() -> tuple[SuccessRate, ...]:
    """Say what must hold before a remedy for exploding weights can be told from luck.

    The arms are those of `clipping_arms` or `penalty_arms`.
    """
    return (
        rarely("without a remedy 20 layers do not learn", EXPLODING, learns()),
        mostly("careful weights learn", CAREFUL, learns()),
    )
