"""Training turns each layer towards what the next one needs to tell classes apart.

Left as it was drawn, a layer only loses some of what its inputs said.
But a layer can add only what the layers before it have left undone, which on easy tasks
is little after the first.
"""

from typing import Any

from ablations.experiments.readouts.layers import probe_metric
from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import Comparison, ScoreConfig, Trend
from ablations.rigs.depth.classical import CLUSTERS, DIGITS, SPIRALS, network_config
from ablations.rigs.depth.recipes import CHANCE, NUM_STEPS, SEEDS
from ablations.tasks import TaskConfig

TASKS = {"digits": DIGITS, "clusters": CLUSTERS, "spirals": SPIRALS}
DEPTH = 6
GAIN = 0.02
"""Test accuracy of a probe that counts as more useful."""

CHANCE_GAIN = 0.05
"""The same where labels are random and every answer is a guess."""


def _arm(task: TaskConfig) -> Arm:
    networks = network_config(task, DEPTH, learning_rate=0.001)
    return Arm(config=readout("layer_probes", networks))


def _probe(layer: int, at: int) -> ScoreConfig:
    when = "after training" if at else "before training"
    what = f"layer {layer}" if layer else "the inputs"
    return ScoreConfig(
        quantity=probe_metric(layer),
        at=at,
        better="higher",
        failed_value=CHANCE,
        words=f"accuracy of a linear probe of {what} {when}",
    )


def _last_layer(label: str, arm: str, at: int, **changes: Any) -> Comparison:
    fields: dict[str, Any] = {"margin": GAIN, "direction": "greater"}
    return Comparison(
        label=label,
        treatment=arm,
        control=arm,
        score=_probe(DEPTH, at),
        control_score=_probe(0, at),
        **(fields | changes),
    )


RISES = {
    name: Trend(
        label=f"usefulness rises from the first layer to the last, {name}",
        arms=(name,),
        scores=tuple(_probe(layer, NUM_STEPS) for layer in range(1, DEPTH + 1)),
        margin=GAIN,
    )
    for name in TASKS
}
GAINS = {
    name: _last_layer(
        f"the last layer is better than the inputs, {name}", name, NUM_STEPS
    )
    for name in TASKS
}

CLAIM = Claim(
    statement=(
        "Depth means successive layers of representations that become more and more"
        " useful."
    ),
    rows=("A-INT-3",),
    source="Deep learning notes, introduction",
    reference="Alain and Bengio (2016)",
    arms={
        **{name: _arm(task) for name, task in TASKS.items()},
        "random labels": _arm(SPIRALS.replace(labels="random")),
    },
    predictions=(*GAINS.values(), *RISES.values()),
    beyond_quick=tuple(
        each[name].label for each in (GAINS, RISES) for name in ("digits", "clusters")
    ),
    headline=RISES["spirals"].label,
    controls=(
        _last_layer(
            "untrained layers add nothing, spirals",
            "spirals",
            0,
            direction="no_greater",
        ),
        _last_layer(
            "a probe finds nothing where labels are random",
            "random labels",
            NUM_STEPS,
            direction="no_greater",
            margin=CHANCE_GAIN,
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    caveats=(
        "Six ReLU layers of 64 units, Adam, 500 updates; useful is what a linear probe"
        " of the layer gets right on test rows, which for digits are the same for all"
        " seeds."
    ),
    figure="layer_profile",
    findings={
        "conditional": (
            "A linear probe of the last of six layers is right more often than one"
            " of the inputs: {0} on digits, {1} on clusters, {2} on spirals, over"
            " {0.n} seeds. But from the first layer to the last it gains 0.02 only on"
            " spirals, {5}, not on digits, {3}, or clusters, {4}."
        )
    },
)
