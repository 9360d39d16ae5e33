"""Training turns each layer towards what the next one needs to tell classes apart.

Left as it was drawn, a layer only loses some of what its inputs said.
But a layer can add only what the layers before it have left undone, which on easy tasks
is little after the first.
"""

from typing import Unpack

from ablations.experiments.readouts.layers import probe_metric
from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Trend
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import classical as rig
from ablations.rigs.depth.recipes import CHANCE, NUM_STEPS, SEEDS
from ablations.rigs.readings import Said, compare, trend, when
from ablations.tasks import TaskConfig

GAIN = 0.02
"""Test accuracy of a probe that counts as more useful."""


def _arm(task: TaskConfig, labels: str = "") -> Arm:
    network = rig.network_config(task, 6, learning_rate=0.001)
    return Arm(
        levels=rig.levels_on(task, labels=labels),
        config=readout("layer_probes", network),
    )


def _probe(layer: int, at: int = NUM_STEPS) -> ScoreConfig:
    what = f"layer {layer}" if layer else "the inputs"
    return ScoreConfig(
        quantity=probe_metric(layer),
        at=at,
        better="higher",
        failed_value=CHANCE,
        words=f"accuracy of a linear probe of {what} {when(at)}",
    )


def _rises(arm: Arm, **said: Unpack[Said]) -> Trend:
    layers = [_probe(layer) for layer in range(1, 7)]
    said["label"] = f"accuracy from layer to layer, {said['label']}"
    return trend([arm], "rises", layers, GAIN, **said)


def _adds(
    arm: Arm,
    way: Direction,
    margin: float = GAIN,
    updates: int = NUM_STEPS,
    **said: Unpack[Said],
) -> Comparison:
    """Compare what the last layer makes possible with what the inputs do."""
    said["label"] = f"accuracy gained from inputs to last layer, {said['label']}"
    return compare(
        arm, way, arm, _probe(6, updates), margin, _probe(0, updates), **said
    )


SPIRALS, DIGITS, CLUSTERS = _arm(rig.SPIRALS), _arm(rig.DIGITS), _arm(rig.CLUSTERS)
RANDOM = _arm(rig.SPIRALS.replace(labels="random"), "random labels")

CLAIM = Claim(
    statement=(
        "Depth means successive layers of representations that become more and more"
        " useful."
    ),
    rows=("A-INT-3",),
    source="Deep learning notes, introduction",
    reference="Alain and Bengio (2016)",
    axis="task",
    core=(
        _rises(SPIRALS, key="spirals_layers", label="spirals"),
        _rises(DIGITS, key="digits_layers", label="digits"),
        _rises(CLUSTERS, key="clusters_layers", label="clusters"),
        _adds(SPIRALS, "greater", key="spirals", label="spirals"),
        _adds(DIGITS, "greater", key="digits", label="digits"),
        _adds(CLUSTERS, "greater", key="clusters", label="clusters"),
    ),
    controls=(
        _adds(SPIRALS, "no_greater", updates=0, key="untrained", label="untrained"),
        # Every answer is a guess there, which takes a wider margin.
        _adds(RANDOM, "no_greater", 0.05, key="random", label="random labels"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "digits clusters spirals !digits_layers !clusters_layers spirals_layers": (
            "Not settled: on all three tasks the last layer is more useful than the"
            " inputs, but only on spirals does usefulness rise after the first."
        ),
        "core": "Yes: on all three tasks usefulness rises from inputs to last layer.",
        "!core": "No: on no task is the last layer more useful than inputs or first.",
    },
    how=(
        "Linear classifiers of each layer of {untrained.n} networks of six ReLU layers"
        " per task were scored on test rows, before and after 500 updates by Adam."
    ),
    caveats="The test rows of digits are the same for all seeds.",
    figure="layer_profile",
)
