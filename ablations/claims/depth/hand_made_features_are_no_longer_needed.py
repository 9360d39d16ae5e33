"""A hidden layer makes its own features from the inputs, those that lower the loss.

A linear model cannot, so that products and ratios made by hand are all it has beyond
the inputs.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth import classical as rig
from ablations.rigs.depth.classical import TIE, classical, network
from ablations.rigs.depth.recipes import SEEDS

TASKS = {"digits": rig.DIGITS, "cancer": rig.CANCER, "products": rig.INTERACTIONS}
BY_HAND = {key: task.replace(features="engineered") for key, task in TASKS.items()}
MARGINS = {"digits": TIE, "cancer": 2 * TIE, "products": TIE}
"""Breast cancer has 170 test rows, on which a point is less than two rows."""


def _linear(key: str) -> Arm:
    """Return a linear model with features by hand."""
    model = "ridge" if TASKS[key].is_regression else "logistic_regression"
    return classical(model, BY_HAND[key])


def _is_enough(key: str) -> Comparison:
    ours, theirs, margin = network(TASKS[key], 2), _linear(key), MARGINS[key]
    apart, quick = ("data", "tuning"), key == "digits"
    return rig.matches(ours, theirs, margin, key=key, differs_in=apart, quick=quick)


def _gains_nothing(key: str) -> Comparison:
    return rig.gains_little(
        network(BY_HAND[key], 2),
        network(TASKS[key], 2),
        MARGINS[key],
        key=f"{key}_gain",
        differs_in=("data",),
        quick=False,
    )


def _matches_forest(key: str) -> Comparison:
    ours, forest = network(TASKS[key], 2), classical("random_forest", TASKS[key])
    return rig.matches(ours, forest, MARGINS[key], key=f"{key}_forest", quick=False)


CLAIM = Claim(
    statement="Deep learning removes the need for features made by hand.",
    rows=("A-INT-1",),
    source="Deep learning notes, introduction",
    axis="task",
    core=(*map(_is_enough, TASKS), *map(_gains_nothing, TASKS)),
    beside=(_matches_forest("digits"), _matches_forest("products")),
    controls=(
        rig.beats(
            _linear("products"),
            classical("ridge", rig.INTERACTIONS),
            key="linear_gain",
            differs_in=("data",),
        ),
    ),
    seeds=SEEDS,
    answers={
        "digits cancer products ?digits_gain cancer_gain products_gain": "Not settled:"
        " without features by hand networks do as well as linear models with them, but"
        " on digits such features may help networks too.",
        "core": "Yes: on three tasks networks do without features by hand as well as"
        " with them, and as well as linear models with them.",
        "!core": "No: on three tasks networks gain from features by hand, and without"
        " them do worse than linear models with them.",
    },
    how="{digits.n} networks of two layers, linear models and forests were trained on"
    " 300 to 500 rows of three tasks, with and without features by hand.",
    caveats="Squares, products, ratios and logarithms by a recipe, not by an expert."
    f" {rig.SAME_ROWS}",
    figure="effects",
)
