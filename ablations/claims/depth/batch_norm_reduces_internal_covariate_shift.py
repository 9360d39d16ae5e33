"""Batch norm fixes mean and variance before each activation, so that inputs drift less.

A layer's gradient depends on the layers before it through more than two moments, and
changes when they are updated with batch norm as well.
"""

from typing import Any

from ablations.experiments.covariate_shift import CovariateShiftConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import recipes
from ablations.rigs.readings import compare
from ablations.tasks import TaskConfig

TASK = TaskConfig(name="gmm10", num_train=512, num_val=300, num_test=500)
LESS = 0.1
"""Fall of a log10 that counts as less: a fifth."""

SETTINGS = {
    "slow": ("relu", "he_normal", 0.03),
    "fast": ("relu", "he_normal", 0.1),
    "tanh": ("tanh", "glorot_uniform", 0.1),
}


def _arm(setting: str, norm: str | None = None) -> Arm:
    activation, initializer, rate = SETTINGS[setting]
    told: dict[str, Any] = {
        "activation": activation,
        "initializer": initializer,
        "batch_norm": norm,
    }
    model = recipes.deep_config(depth=5, width=32, **told).model
    return Arm(
        levels=recipes.levels_of({**told, "learning_rate": rate}),
        config=CovariateShiftConfig(task=TASK, model=model, learning_rate=rate),
    )


def _less(setting: str, key: str, quantity: str, words: str) -> Comparison:
    activation, _, rate = SETTINGS[setting]
    name = recipes.WORDS[activation]
    return compare(
        _arm(setting, "before"),
        "less",
        _arm(setting),
        ScoreConfig(quantity=quantity, better="lower", words=f"log10 of {words}"),
        LESS,
        key=key,
        label=f"effect of batch norm (log10) on {words}, {name} at rate {rate:g}",
    )


CLAIM = Claim(
    statement=(
        "Batch norm reduces internal covariate shift, the change of the inputs of"
        " layers while the layers before them learn."
    ),
    rows=("B-SOL-7",),
    source=f"{recipes.BASICS}, solutions to common problems",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018)",
    axis="rate",
    core=tuple(
        _less(setting, setting, "log10_input_drift", "the drift of layers' inputs")
        for setting in SETTINGS
    ),
    beside=tuple(
        _less(
            setting,
            f"{setting}_gradient",
            "log10_gradient_change",
            "the gradient's change by updates before it",
        )
        for setting in SETTINGS
    ),
    controls=(
        recipes.succeeds(
            _arm("fast"), key="plain", label="runs that learn without batch norm"
        ),
        recipes.succeeds(
            _arm("fast", "before"),
            key="normed",
            label="runs that learn with batch norm",
        ),
    ),
    standard_only=True,
    seeds=recipes.SEEDS,
    answers={
        "core": (
            "Yes: with batch norm the inputs of layers drift less, by a factor of"
            " {fast.power} with ReLU and {tanh.power} with tanh at the same rate."
        ),
        "!core": "No: with batch norm the inputs of layers do not drift a fifth less.",
    },
    how=(
        "Networks of five layers of 32 units, {tanh.n} for each case, were followed"
        " over the first ten passes of plain gradient descent."
    ),
    caveats="The learning rate is the same with and without batch norm.",
    figure="effects",
)
