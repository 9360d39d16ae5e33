"""Training turns each layer towards what the next one needs to tell classes apart.

Six layers left as they were drawn made spirals slightly harder to tell apart. A layer
can add only what the layers before it have left undone and it can do.
"""

from ablations.experiments.readouts.layers import probe_metric
from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import classical as rig
from ablations.rigs.depth.recipes import CHANCE, NUM_STEPS, SEEDS
from ablations.rigs.readings import compare, trend, when
from ablations.tasks import TaskConfig

GAIN = 0.02
"""Test accuracy of a probe that counts as more useful."""


def _arm(task: TaskConfig, labels: str = "") -> Arm:
    config = readout("layer_probes", rig.network_config(task, 6, learning_rate=0.001))
    return Arm(levels=rig.levels_on(task, labels=labels), config=config)


def _probe(layer: int, at: int = NUM_STEPS) -> ScoreConfig:
    what = f"layer {layer}" if layer else "the inputs"
    return ScoreConfig(
        quantity=probe_metric(layer),
        at=at,
        better="higher",
        failed_value=CHANCE,
        words=f"accuracy of a linear probe of {what} {when(at)}",
    )


SPIRALS, DIGITS, CLUSTERS = _arm(rig.SPIRALS), _arm(rig.DIGITS), _arm(rig.CLUSTERS)
RANDOM = _arm(rig.SPIRALS.replace(labels="random"), "random labels")
LAYERS, INPUTS, LAST = [_probe(layer) for layer in range(1, 7)], _probe(0), _probe(6)
RAW, DRAWN = _probe(0, 0), _probe(6, 0)


def _rises(arm: Arm, task: str) -> Trend:
    label = f"accuracy of linear probes of layers 1 to 6 after 500 updates, {task}"
    return trend([arm], "rises", LAYERS, GAIN, key=f"{task}_layers", label=label)


CLAIM = Claim(
    statement="Depth means successive layers of representations that become more and"
    " more useful.",
    rows=("A-INT-3",),
    source="Deep learning notes, introduction",
    reference="Alain and Bengio (2016)",
    axis="task",
    core=(
        _rises(SPIRALS, "spirals"),
        _rises(DIGITS, "digits"),
        _rises(CLUSTERS, "clusters"),
        compare(SPIRALS, "greater", SPIRALS, LAST, GAIN, INPUTS, key="spirals"),
        compare(DIGITS, "greater", DIGITS, LAST, GAIN, INPUTS, key="digits"),
        compare(CLUSTERS, "greater", CLUSTERS, LAST, GAIN, INPUTS, key="clusters"),
    ),
    controls=(
        compare(SPIRALS, "no_greater", SPIRALS, DRAWN, GAIN, RAW, key="untrained"),
        # Every answer is a guess there, which takes a wider margin.
        compare(RANDOM, "no_greater", RANDOM, LAST, 0.05, INPUTS, key="random"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "digits clusters spirals !digits_layers !clusters_layers spirals_layers": (
            "Not settled: on all three tasks the last layer is more useful than the"
            " inputs, but after the first layer usefulness rises only on spirals."
        ),
        "core": "Yes: on all three tasks usefulness rises from inputs to last layer.",
        "!core": "No: on no task is the last layer more useful than inputs or first.",
    },
    how="Linear classifiers were fitted to each layer of {untrained.n} networks of six"
    " ReLU layers per task, before and after 500 updates by Adam, and scored on test"
    " rows.",
    caveats="The test rows of digits are the same for all seeds.",
    figure="layer_profile",
)
