"""Batch norm fixes mean and variance before each activation, so that inputs drift less.

A layer's gradient depends on the layers before it through more than two moments, and
changes when they are updated with batch norm as well.
"""

from ablations.experiments.covariate_shift import CovariateShiftConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import BASICS, SEEDS, deep_config, succeeds
from ablations.tasks import TaskConfig
from models.config import MLPConfig

TASK = TaskConfig(name="gmm10", num_train=512, num_val=300, num_test=500)
DEPTH, WIDTH = 5, 32
SETTINGS = {
    "ReLU at 0.03": ("relu", "he_normal", 0.03),
    "ReLU at 0.1": ("relu", "he_normal", 0.1),
    "tanh at 0.1": ("tanh", "glorot_uniform", 0.1),
}
"""Activation, its initializer and the learning rate of both arms."""

MEASURES = {
    "inputs drift less": ("log10_input_drift", "drift of the inputs of layers"),
    "gradients change less": (
        "log10_gradient_change",
        "relative change of gradients by the update of earlier layers",
    ),
}
"""Quantity, and what it is."""

LESS = 0.1
"""Fall of a log10 that counts as less: a fifth."""


def _name(setting: str, normed: bool) -> str:
    return f"{setting}, {'batch norm' if normed else 'plain'}"


def _model(activation: str, initializer: str, normed: bool) -> MLPConfig:
    return deep_config(
        activation=activation,
        initializer=initializer,
        depth=DEPTH,
        width=WIDTH,
        batch_norm="before" if normed else None,
    ).model


def _arm(setting: str, normed: bool) -> Arm:
    activation, initializer, rate = SETTINGS[setting]
    return Arm(
        config=CovariateShiftConfig(
            task=TASK,
            model=_model(activation, initializer, normed),
            learning_rate=rate,
        )
    )


def _prediction(measure: str, setting: str) -> Comparison:
    quantity, words = MEASURES[measure]
    return Comparison(
        label=f"{measure}, {setting}",
        treatment=_name(setting, True),
        control=_name(setting, False),
        score=ScoreConfig(
            quantity=quantity, better="lower", words=f"log10 of the {words}"
        ),
        margin=LESS,
        direction="less",
    )


ALL = tuple(_prediction(m, setting) for setting in SETTINGS for m in MEASURES)

CLAIM = Claim(
    statement=(
        "Batch norm reduces internal covariate shift, the change of the inputs of"
        " layers while the layers before them learn."
    ),
    rows=("B-SOL-7",),
    source=f"{BASICS}, solutions to common problems",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018)",
    arms={
        _name(setting, normed): _arm(setting, normed)
        for setting in SETTINGS
        for normed in (False, True)
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if "tanh" in p.label),
    headline="gradients change less, ReLU at 0.1",
    controls=tuple(
        succeeds(
            f"learns, {_name('ReLU at 0.1', normed)}", _name("ReLU at 0.1", normed)
        )
        for normed in (False, True)
    ),
    standard_only=True,
    seeds=SEEDS,
    findings={
        "conditional": (
            "Inputs of layers drift less in every setting: for ReLU at rate 0.03 {0}"
            " orders of magnitude, for tanh at 0.1 {4}, over {0.n} seeds. When earlier"
            " layers are updated, gradients change less only for ReLU at 0.1 ({3}); at"
            " 0.03 they miss the stated fall of 0.1 ({1}), and with tanh they change"
            " more ({5})."
        )
    },
    caveats=(
        "Five layers of 32 units, plain gradient descent at the same rate with and"
        " without batch norm, means over the first ten passes."
    ),
    figure="effects",
)
