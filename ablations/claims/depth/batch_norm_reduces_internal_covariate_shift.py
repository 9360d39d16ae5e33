"""Batch norm fixes mean and variance before each activation, so that inputs drift less.

A layer's gradient depends on the layers before it through more than two moments, and
still changes when those are updated, with batch norm too.
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
DRIFT = ("log10_input_drift", "the drift of layers' inputs")
CHANGE = ("log10_gradient_change", "the gradient's change by updates before it")
SETTINGS = {
    "slow": ("relu", "he_normal", 0.03),
    "fast": ("relu", "he_normal", 0.1),
    "tanh": ("tanh", "glorot_uniform", 0.1),
}


def _arm(setting: str, norm: str | None = None) -> Arm:
    activation, weights, rate = SETTINGS[setting]
    told: dict[str, Any] = {"activation": activation, "initializer": weights}
    told["batch_norm"] = norm
    model = recipes.deep_config(depth=5, width=32, **told).model
    config = CovariateShiftConfig(task=TASK, model=model, learning_rate=rate)
    return Arm(levels=recipes.levels_of(told | {"learning_rate": rate}), config=config)


def _less(key: str, setting: str, quantity: str, words: str) -> Comparison:
    """Predict a fall of log10 by a tenth, which is by a fifth."""
    score = ScoreConfig(quantity=quantity, better="lower", words=f"log10 of {words}")
    return compare(_arm(setting, "before"), "less", _arm(setting), score, 0.1, key=key)


CLAIM = Claim(
    statement="Batch norm reduces internal covariate shift, the change of the inputs of"
    " layers while the layers before them learn.",
    rows=("B-SOL-7",),
    source=f"{recipes.BASICS}, solutions to common problems",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018)",
    axis="rate",
    core=tuple(_less(key, key, *DRIFT) for key in SETTINGS),
    beside=tuple(_less(f"{key}_gradient", key, *CHANGE) for key in SETTINGS),
    controls=(
        recipes.succeeds(_arm("fast"), "plain"),
        recipes.succeeds(_arm("fast", "before"), "normed"),
    ),
    standard_only=True,
    seeds=recipes.SEEDS,
    answers={
        "core": "Yes: with batch norm the inputs of layers drift less, by a factor of"
        " {fast.power} with ReLU and {tanh.power} with tanh at the same rate.",
        "!core": "No: with batch norm the inputs of layers do not drift a fifth less.",
    },
    how="Networks of five layers of 32 units, {tanh.n} for each case, were followed"
    " over the first ten passes of plain gradient descent on 512 rows of ten classes.",
)
