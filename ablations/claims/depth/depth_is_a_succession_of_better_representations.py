"""Training turns each layer towards what the next one needs to tell classes apart.

Left as it was drawn, a layer only loses some of what its inputs said.
But a layer can add only what the layers before it have left undone, which on easy tasks
is little after the first.
"""

from ablations.experiments.layer_probes import LayerProbesConfig, probe_metric
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Trend
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import classical
from ablations.rigs.depth.recipes import CHANCE, NUM_STEPS, SEEDS
from ablations.rigs.readings import Said, compare, trend, when
from ablations.tasks import TaskConfig

DEPTH = 6
GAIN = 0.02
"""Test accuracy of a probe that counts as more useful."""


def _arm(task: TaskConfig, labels: str = "") -> Arm:
    config = classical.network_config(task, DEPTH, learning_rate=0.001)
    return Arm(
        levels=classical.levels_on(task, labels=labels),
        config=LayerProbesConfig(
            task=task, model=config.model, training=config.training
        ),
    )


DIGITS, CLUSTERS, SPIRALS = (
    _arm(task) for task in (classical.DIGITS, classical.CLUSTERS, classical.SPIRALS)
)
RANDOM = _arm(classical.SPIRALS.replace(labels="random"), "random labels")


def _probe(layer: int, at: int) -> ScoreConfig:
    what = f"layer {layer}" if layer else "the inputs"
    return ScoreConfig(
        quantity=probe_metric(layer),
        at=at,
        better="higher",
        failed_value=CHANCE,
        words=f"accuracy of a linear probe of {what} {when(at)}",
    )


def _last(
    arm: Arm, direction: Direction, at: int, margin: float = GAIN, **said: str
) -> Comparison:
    """Compare probes of the last layer with those of the inputs."""
    names: Said = {"key": said["key"], "label": said["label"]}
    last, inputs = _probe(DEPTH, at), _probe(0, at)
    return compare(arm, direction, arm, last, margin, inputs, **names)


def _gains(arm: Arm) -> Comparison:
    task = str(arm.levels["task"])
    label = f"accuracy from the last layer less that from the inputs, {task}"
    return _last(arm, "greater", NUM_STEPS, key=task, label=label)


def _rises(arm: Arm) -> Trend:
    task = arm.levels["task"]
    return trend(
        (arm,),
        "rises",
        [_probe(layer, NUM_STEPS) for layer in range(1, DEPTH + 1)],
        GAIN,
        key=f"{task}_layers",
        label=f"accuracy from one layer after the other, {task}",
        headline=arm is SPIRALS,
    )


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
        *(_gains(arm) for arm in (DIGITS, CLUSTERS, SPIRALS)),
        *(_rises(arm) for arm in (DIGITS, CLUSTERS, SPIRALS)),
    ),
    controls=(
        _last(
            SPIRALS,
            "no_greater",
            0,
            key="untrained",
            label="what untrained layers add to accuracy, spirals",
        ),
        # Every answer is a guess there, and differences vary more.
        _last(
            RANDOM,
            "no_greater",
            NUM_STEPS,
            0.05,
            key="random",
            label="what layers add to accuracy on random labels",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "digits clusters spirals !digits_layers !clusters_layers spirals_layers": (
            "It depends: on spirals each layer adds to the last; on digits and clusters"
            " all layers together help, but nothing is gained after the first."
        ),
        "core": "Yes: on all three tasks a linear classifier does better from the last"
        " layer than from the inputs, and from later layers.",
        "!core": "No: on no task is the last layer more useful than the inputs or the"
        " first layer.",
    },
    how=(
        "Linear classifiers were trained on every layer of {digits.n} networks of six"
        " ReLU layers, before and after 500 updates by Adam."
    ),
    caveats=(
        "Useful is what a linear probe of the layer gets right on test rows, which for"
        " digits are the same for all seeds."
    ),
    figure="layer_profile",
)
