"""Recurrent networks that start too large, and LSTMs with and without forget gate.

A network without gates reads 20 symbols and says which of four was shown five steps
before the end; 16 units and 500 updates of plain gradient descent are enough for it
from a good start, an orthogonal recurrent kernel. The bad start is the same kernel
times 1.5 or 2, so that 20 steps back a linear unit's gradient is 3,000 or a million
times as long.

The levels of an arm without gates are `cell`, "linear" or "tanh", and `radius`; `clip`,
"clipped to norm 1", and `penalty` where it has one. Those of an LSTM are `cell`, one of
`LSTMS`, and `stream`.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from ablations.experiments.gradient_growth import GradientGrowthConfig
from ablations.experiments.recurrent import RecurrentConfig
from ablations.protocol.arm import Arm, Level, TuneConfig
from ablations.protocol.claim import SeedPlan
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import mostly, rarely

SOURCE = "Basics of deep learning, exploding gradient problem"

Ungated = Literal["linear", "tanh"]
CELLS: tuple[Ungated, ...] = ("linear", "tanh")

CLIPPED_RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Learning rates of gradient descent; tight clipping wants the largest."""

UNCLIPPED_RATES = (1e-6, 1e-4, 0.01, 0.03, 0.1, 0.3)
"""As many rates for arms that may need tiny ones to stay finite."""

ADAM_RATES = (0.01, 0.03, 0.1, 0.3, 1.0)

LEARNS, MOST = 0.9, 0.65
"""Share of symbols that only real learning names, and of runs that counts as most."""

SEEDS = SeedPlan(quick=10, standard=20, full=100)

NAMED = "share of held-out symbols named"
ACCURACY = ScoreConfig(
    quantity="test_accuracy", better="higher", failed_value=0.0, words=NAMED
)


def _tune(score: ScoreConfig, rates: tuple[float, ...]) -> TuneConfig:
    """Return the tuning by a score, on the held-out rows of the tuning seeds."""
    seeds = RecurrentConfig.chunk_size
    return TuneConfig(
        learning_rates=rates, score=score, seeds=seeds, widen=2, tolerance=0.02
    )


def echo_arm(
    cell: Ungated, *, rates: tuple[float, ...] | None = None, **changes: Any
) -> Arm:
    """Return a tuned network without gates, with a `radius`, a clip or `l2`.

    Without `rates` the grid is the one made for arms with clipping or without.
    """
    clipped = any(name.startswith("clip_") for name in changes)
    usual = CLIPPED_RATES if clipped else UNCLIPPED_RATES
    levels: dict[str, Level] = {"cell": cell, "radius": changes.get("radius", 1.0)}
    for name, value in changes.items():
        if name.startswith("clip_"):
            levels["clip"] = f"clipped to {name.rpartition('_')[2]} {value:g}"
        elif name == "l2":
            levels["penalty"] = value
    config = RecurrentConfig(cell=cell, **changes)
    return Arm(levels=levels, config=config, tune=_tune(ACCURACY, rates or usual))


def good_start(cell: Ungated) -> Arm:
    """Return the reference: radius 1, with its gradients clipped as well."""
    return echo_arm(cell, clip_global_norm=1.0)


def learns() -> ScoreConfig:
    """Return success: nine of ten held-out symbols are named."""
    words = "name nine of ten held-out symbols"
    return ScoreConfig(quantity="test_accuracy", at_least=LEARNS, words=words)


def stays_finite() -> ScoreConfig:
    """Return success: loss and weights are finite to the end."""
    words = "stay finite to the end"
    return ScoreConfig(quantity="test_accuracy", at_least=0.0, words=words)


most, few = partial(mostly, bound=MOST), partial(rarely, bound=MOST)
"""Predict that most runs of an arm succeed, and that not even most do."""

GOOD_STARTS = (
    most(good_start("linear"), learns(), key="linear_good"),
    most(good_start("tanh"), learns(), key="tanh_good", quick=False),
)
"""What must hold before a remedy for a bad start can be judged."""


def growth_arm(activation: Ungated, radius: float, length: int) -> Arm:
    """Return gradients sent back through untrained networks.

    Linear units have Gaussian kernels; tanh units orthogonal ones, as in Keras.
    """
    config = GradientGrowthConfig(
        activation=activation,
        start="gaussian" if activation == "linear" else "orthogonal",
        radius=radius,
        length=length,
    )
    return Arm(levels={"cell": activation, "radius": radius}, config=config)


SHARE = "share of variance explained"
EXPLAINED = ACCURACY.replace(quantity="test_explained", words=SHARE)
CONTINUED = EXPLAINED.replace(
    quantity="continued_explained", words=f"{SHARE} on streams ten times as long"
)

LSTMS: dict[str, dict[str, Any]] = {
    "LSTM of 1997": {"forget_gate": False},
    "LSTM of today": {"forget_gate": True, "forget_bias": 1.0},
    "LSTM of today, forget bias 0": {"forget_gate": True, "forget_bias": 0.0},
}
"""The LSTM of 1997 has no forget gate; that of Keras starts its gate's bias at 1."""


def lstm_arm(lstm: str, *, marks: bool = True) -> Arm:
    """Return one of `LSTMS`, tuned, that counts along streams of twelve steps.

    With marks, at 15 % of the steps, counts start anew, and the learning rate is chosen
    by streams ten times as long.
    """
    config = RecurrentConfig(
        stream="counts",
        length=12,
        mark_rate=0.15 if marks else 0.0,
        cell="lstm",
        units=8,
        num_rows=512,
        batch_size=32,
        optimizer="adam",
        learning_rate=0.03,
        **LSTMS[lstm],
    )
    levels: dict[str, Level] = {"cell": lstm}
    levels["stream"] = "with marks" if marks else "one count"
    tune = _tune(CONTINUED if marks else EXPLAINED, ADAM_RATES)
    return Arm(levels=levels, config=config, tune=tune)
