"""A hidden layer makes its own features from the inputs, those that lower the loss.

A linear model cannot, so that products and ratios made by hand are all it has beyond
the inputs.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import (
    CANCER,
    DIGITS,
    INTERACTIONS,
    TIE,
    beats,
    classical,
    loss,
    matches,
    network,
)
from ablations.rigs.depth.recipes import SEEDS, accuracy

TASKS = {"digits": DIGITS, "breast cancer": CANCER, "interactions": INTERACTIONS}
MARGINS = {"digits": TIE, "breast cancer": 2 * TIE, "interactions": TIE}
"""Breast cancer has 170 test rows, on which a point is less than two rows."""

FORESTS = ("digits", "interactions")
DEPTH = 2
BY_HAND = "features by hand"


def _arms(task: str) -> dict[str, Arm]:
    rows = TASKS[task]
    made = rows.replace(features="engineered")
    linear = "ridge" if rows.is_regression else "logistic_regression"
    arms = {
        f"network, {task}": network(rows, DEPTH),
        f"network with {BY_HAND}, {task}": network(made, DEPTH),
        f"linear model with {BY_HAND}, {task}": classical(linear, made),
    }
    if task in FORESTS:
        arms[f"forest, {task}"] = classical("random_forest", rows)
    return arms


def _predictions(task: str) -> tuple[Comparison, ...]:
    rows, margin, alone = TASKS[task], MARGINS[task], f"network, {task}"
    enough = matches(
        f"inputs alone are enough for a network, {task}",
        alone,
        f"linear model with {BY_HAND}, {task}",
        rows,
        margin=margin,
        differs_in=("data", "tuning"),
    )
    gains_nothing = Comparison(
        label=f"a network gains nothing from {BY_HAND}, {task}",
        treatment=f"network with {BY_HAND}, {task}",
        control=alone,
        score=loss() if rows.is_regression else accuracy(),
        margin=margin,
        direction="no_less" if rows.is_regression else "no_greater",
        differs_in=("data",),
    )
    if task not in FORESTS:
        return enough, gains_nothing
    no_worse = matches(
        f"a network needs them no more than a forest, {task}",
        alone,
        f"forest, {task}",
        rows,
        margin=margin,
    )
    return enough, gains_nothing, no_worse


CLAIM = Claim(
    statement="Deep learning removes the need for features made by hand.",
    rows=("A-INT-1",),
    source="Deep learning notes, introduction",
    arms={
        **{name: arm for task in TASKS for name, arm in _arms(task).items()},
        "linear model, interactions": classical("ridge", INTERACTIONS),
    },
    predictions=tuple(p for task in TASKS for p in _predictions(task)),
    beyond_quick=tuple(
        p.label
        for task in TASKS
        for k, p in enumerate(_predictions(task))
        if task != "digits" or k
    ),
    headline="inputs alone are enough for a network, digits",
    controls=(
        beats(
            f"a linear model gains from {BY_HAND}, interactions",
            f"linear model with {BY_HAND}, interactions",
            "linear model, interactions",
            INTERACTIONS,
            differs_in=("data",),
        ),
    ),
    seeds=SEEDS,
    caveats=(
        "Squares, products, ratios and logarithms by a recipe, not by an expert; two"
        " hidden layers of 64 units, 500 updates, 300 to 500 training rows. The test"
        " rows of digits and breast cancer are the same for all seeds, so that"
        " intervals cover splits and first weights, but not other test rows."
    ),
    figure="effects",
    findings={
        "inconclusive": (
            "Features by hand add {1} of test accuracy to a network on digits;"
            " whether that is over the 0.01 allowed is undecided. Without them it is"
            " less than 0.01 below a linear model with them there, {0}, less than"
            " 0.02 on breast cancer, {3}, and better where products of inputs count,"
            " {5} of error, over {0.n} seeds."
        )
    },
)
