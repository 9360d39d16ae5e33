"""Signals on their way through networks of a few layers to fifty.

The networks and the task are those of `ablations.rigs.depth.recipes`. Some arms never
train, so that what their gradients are at the start can be asked of starts that are no
good for training. The others are 2 to 8 layers deep, where old recipes just begin to
fail, and also record how far each update moves each layer.

The levels of an arm from `start`, `trained`, `untuned` or `clipped` are `activation`,
`initializer`, `gain` where it is not 1, `depth`, what else is given, as `levels_of`
names it, and `training`, "untrained", of those that never train. The optimizer is plain
gradient descent where no level names it; a fixed learning rate is the level `rate`.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.arm import Arm, Level, name_of
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import recipes as rig
from ablations.rigs.depth.recipes import DEPTH, NUM_STEPS, SMALL, learns, recipe, tuned
from ablations.rigs.readings import Told, mostly, rarely, when
from models.config import InitializerConfig

DEPTHS = (4, 8)
"""Numbers of layers at which signals begin to fade."""

UPDATES = ("kernel_gradient_norm", "kernel_update_ratio")
STATES = (*UPDATES, "saturated_share", "slope_second_moment")
"""What arms of up to eight layers and arms that never train record."""

STEPS = (0, 50, 100, 150, 200, 300, 400, NUM_STEPS)
"""Numbers of updates at which arms of up to eight layers are recorded, unless they are
given more updates."""

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


def _levels(changes: dict[str, Any]) -> dict[str, Level]:
    """Return the levels of an arm whose activation, weights and depth are told."""
    usual = {"activation": "sigmoid", "initializer": SMALL, "depth": DEPTH}
    return rig.levels_of(usual | changes)


def start_of(arm: Arm) -> str:
    """Say an arm's activation and weights, as in "ReLU, He weights, gain 2"."""
    factors = ("activation", "initializer", "gain", "bias")
    return name_of({f: arm.levels[f] for f in factors if f in arm.levels})


def start(**changes: Any) -> Arm:
    """Return an arm of `deep_config` that is measured before any update."""
    config = rig.deep_config(num_steps=0, probes=STATES, **changes)
    return Arm(levels={**_levels(changes), "training": "untrained"}, config=config)


def trained(*, tune: dict[str, Any] | None = None, **changes: Any) -> Arm:
    """Return a tuned arm of `deep_config`; `tune` are arguments of `tuned`."""
    rates = RATES[changes.get("optimizer", "sgd")]
    config = rig.deep_config(**_recorded(changes))
    return tuned(config, _levels(changes), rates=rates, **(tune or {}))


def untuned(**changes: Any) -> Arm:
    """Return an arm of a few layers at the learning rate that is given."""
    return Arm(levels=_levels(changes), config=rig.deep_config(**_recorded(changes)))


def _recorded(changes: dict[str, Any]) -> dict[str, Any]:
    """Return arguments of `deep_config`; deeper arms record what recipes do."""
    is_deep = changes.get("depth", DEPTH) > max(DEPTHS)
    recorded: dict[str, Any] = {"probes": rig.PROBES if is_deep else UPDATES}
    if "num_steps" not in changes:
        recorded["training"] = {"log_steps": STEPS}
    return recorded | changes


def first_gradient(at: int = 0) -> ScoreConfig:
    """Return log10 of the gradient norm of the first kernel: what feedback arrives.

    At the output the feedback is about 1 in size, whatever the network. A ratio of
    kernels' gradients would miss a signal that fades in both directions: of ReLU
    layers without biases every kernel has a gradient of about the same size, since
    what the way back loses in front of a layer the way forward has lost behind it.
    """
    words = f"log10 of the first layer's gradient {when(at)}"
    return ScoreConfig(quantity="first_gradient", at=at, words=words)


def arrives(at: int = 0) -> ScoreConfig:
    """Return success: the first layer's gradient neither vanished nor exploded."""
    words = "have a first gradient between 0.001 and 1,000 in norm"
    return first_gradient(at).replace(at_least=-ORDERS, at_most=ORDERS, words=words)


def vanished(at: int = 0) -> ScoreConfig:
    """Return success: less than a thousandth of a healthy gradient arrives."""
    words = f"have a first gradient below 0.001 in norm {when(at)}"
    return first_gradient(at).replace(at_most=-ORDERS, words=words)


def exploded(at: int = 0) -> ScoreConfig:
    """Return success: more than a thousand times a healthy gradient arrives."""
    words = f"have a first gradient above 1,000 in norm {when(at)}"
    return first_gradient(at).replace(at_least=ORDERS, words=words)


def finite(at: int | None = None) -> ScoreConfig:
    """Return success: the loss is a number at the end; it is none after overflow."""
    words = "end with a finite loss"
    return ScoreConfig(quantity="loss", at=at, at_least=0.0, words=words)


def clipped(kind: str, bound: float, **changes: Any) -> Arm:
    """Return a tuned arm whose gradients are cut to a bound, by a kind in `CLIPS`."""
    return trained(training={"log_steps": STEPS, f"clip_{kind}": bound}, **changes)


def exploding(clip: str | None = None, penalty: float = 0.0) -> Arm:
    """Return 20 ReLU layers with exploding gradients, tuned, with a remedy or none.

    With a remedy, a kind in `CLIPS` or a factor of the sum of squared weights in the
    loss, only losses and accuracies are recorded.
    """
    changes: dict[str, Any] = {"probes": ()} if clip or penalty else {}
    changes["training"] = {f"clip_{clip}": CLIPS[clip]} if clip else None
    changes |= {"initializer": TOO_LARGE, "depth": DEPTH, "l2": penalty}
    return recipe(("ReLU",), rates=rig.TINY_RATES, **changes)


CAREFUL = recipe(("ReLU", "init"), rates=rig.TINY_RATES, depth=DEPTH)
"""The network that a remedy for exploding weights is compared with."""

DEEP = Told(at=("network", "twenty layers"), quick=False)
"""What is said of predictions on `exploding`, beside those on other networks."""


def penalty_helps(
    penalty: float, *, finite_key: str, learns_key: str
) -> tuple[SuccessRate, SuccessRate]:
    """Predict that a penalty alone averts overflow and lets 20 layers learn."""
    arm = exploding(penalty=penalty)
    averts = mostly(arm, finite(), key=finite_key, **DEEP)
    return averts, rig.succeeds(arm, learns_key, **DEEP)


DEEP_CONTROLS = (
    rarely(exploding(), learns(), key="deep_without", quick=False),
    rig.succeeds(CAREFUL, "deep_careful", quick=False),
)
"""What must hold before a remedy for exploding weights can be told from luck."""
