"""Signals on their way through networks of a few layers to fifty.

The networks and the task are those of `ablations.rigs.depth.recipes`.
Some arms never train, so that what their gradients are at the start can be asked of
starts that are no good for training.
The others are 2 to 8 layers deep, where old recipes just begin to fail, and also
record how far each update moves each layer.

The levels of an arm from `start`, `trained`, `untuned` or `clipped` are `activation`,
`initializer`, `gain` where it is not 1, `depth`, what else is given, as `levels_of`
names it, and `training`, "untrained", of those that never train. The optimizer is plain
gradient descent where no level names it; a fixed learning rate is the level `rate`.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.arm import Arm, Level, name_of
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    DEPTH,
    NUM_STEPS,
    PROBES,
    SMALL,
    TINY_RATES,
    accuracy,
    deep_config,
    learns,
    levels_of,
    recipe,
    succeeds,
    tuned,
)
from ablations.rigs.readings import Said, compare, mostly, rarely, when
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


def _levels(changes: dict[str, Any]) -> dict[str, Level]:
    """Return the levels of an arm whose activation, weights and depth are told."""
    usual = {"activation": "sigmoid", "initializer": SMALL, "depth": DEPTH}
    return levels_of(usual | changes)


def start_of(arm: Arm) -> str:
    """Say an arm's activation and weights, as in "ReLU, He weights, gain 2"."""
    factors = ("activation", "initializer", "gain", "bias")
    return name_of({f: arm.levels[f] for f in factors if f in arm.levels})


def said_of(
    arm: Arm, key: str, words: str, *, factor: str = "", quick: bool = True
) -> Said:
    """Return what a prediction on an arm is called: words, its start and its depth.

    Args:
        arm: The arm.
        key: Key of the prediction.
        words: What its number counts.
        factor: The factor of the condition, whose value is the arm's start.
        quick: Whether the quick preset judges it.
    """
    name, depth = start_of(arm), arm.levels.get("depth", DEPTH)
    label = f"{words}, {name}, {depth:g} layers"
    at = (factor, name) if factor else None
    return {"key": key, "label": label, "at": at, "quick": quick}


def start(**changes: Any) -> Arm:
    """Return an arm that is measured at the start and makes no update.

    Args:
        changes: Arguments of `deep_config`.
    """
    return Arm(
        levels={**_levels(changes), "training": "untrained"},
        config=deep_config(num_steps=0, probes=STATES, **changes),
    )


def trained(*, tune: dict[str, Any] | None = None, **changes: Any) -> Arm:
    """Return a tuned arm of a few layers.

    Args:
        tune: Fields of `TuneConfig` in place of those of `tuned`.
        changes: Arguments of `deep_config`.
    """
    rates = RATES[changes.get("optimizer", "sgd")]
    config = deep_config(**_recorded(changes))
    return tuned(config, _levels(changes), rates=rates, **(tune or {}))


def untuned(**changes: Any) -> Arm:
    """Return an arm of a few layers at the learning rate that is given."""
    return Arm(levels=_levels(changes), config=deep_config(**_recorded(changes)))


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
        depth=DEPTH,
        l2=penalty,
        training={f"clip_{clip}": CLIPS[clip]} if clip else None,
        **changes,
    )


CAREFUL = recipe(("ReLU", "init"), rates=TINY_RATES, depth=DEPTH)
"""The network that a remedy for exploding weights is compared with."""

DEEP = ("network", "twenty layers")
"""The condition of predictions on `exploding`, beside those on other networks."""


def clipping_averts_overflow() -> tuple[SuccessRate, ...]:
    """Predict that 20 layers stay finite; the keys are `finite_` and the kind."""
    return tuple(
        mostly(
            exploding(clip=kind),
            finite(),
            key=f"finite_{kind}",
            label=f"runs of 20 layers that stay finite, {_clipped_by(kind)}",
            at=DEEP,
            quick=False,
        )
        for kind in CLIPS
    )


def clipping_costs_nothing() -> tuple[Comparison, ...]:
    """Predict that 20 layers do as well as from good weights.

    The keys are `accurate_` and the kind.
    """
    return tuple(
        compare(
            exploding(clip=kind),
            "no_less",
            CAREFUL,
            accuracy(),
            0.02,
            key=f"accurate_{kind}",
            label=f"test accuracy of 20 layers, {_clipped_by(kind)}, less that from"
            " He weights",
            at=DEEP,
            quick=False,
        )
        for kind in CLIPS
    )


def _clipped_by(kind: str) -> str:
    return f"clipped by {kind.replace('_', ' ')}"


def penalty_helps(
    penalty: float, *, finite_key: str, learns_key: str
) -> tuple[SuccessRate, SuccessRate]:
    """Predict that a penalty alone averts overflow and lets 20 layers learn.

    Args:
        penalty: Factor of the sum of squared weights in the loss.
        finite_key: Key of the first.
        learns_key: Key of the second.
    """
    arm, what = exploding(penalty=penalty), f"with a penalty of {penalty:g}"
    return (
        mostly(
            arm,
            finite(),
            key=finite_key,
            label=f"runs of 20 layers that stay finite {what}",
            at=DEEP,
            quick=False,
        ),
        succeeds(
            arm,
            key=learns_key,
            label=f"runs of 20 layers that learn {what}",
            at=DEEP,
            quick=False,
        ),
    )


DEEP_CONTROLS = (
    rarely(
        exploding(),
        learns(),
        key="deep_without",
        label="runs of 20 layers that learn without a remedy",
        quick=False,
    ),
    succeeds(
        CAREFUL,
        key="deep_careful",
        label="runs of 20 layers that learn from He weights",
        quick=False,
    ),
)
"""What must hold before a remedy for exploding weights can be told from luck."""
