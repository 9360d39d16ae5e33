"""A hidden layer makes its own features from the inputs, those that lower the loss.

A linear model cannot, so that products and ratios made by hand are all it has beyond
the inputs.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth import classical as rig
from ablations.rigs.depth.classical import TIE, beats, classical, loss, matches, network
from ablations.rigs.depth.recipes import SEEDS, accuracy
from ablations.rigs.readings import compare

TASKS = {"digits": rig.DIGITS, "cancer": rig.CANCER, "products": rig.INTERACTIONS}
MARGINS = {"digits": TIE, "cancer": 2 * TIE, "products": TIE}
"""Breast cancer has 170 test rows, on which a point is less than two rows."""


def _what(name: str) -> str:
    return "error" if TASKS[name].is_regression else "accuracy"


def _linear(name: str) -> Arm:
    """Return a linear model with features by hand."""
    model = "ridge" if TASKS[name].is_regression else "logistic_regression"
    return classical(model, TASKS[name].replace(features="engineered"))


def _is_enough(name: str) -> Comparison:
    return matches(
        network(TASKS[name], 2),
        _linear(name),
        MARGINS[name],
        key=name,
        label=f"{_what(name)} of networks on inputs alone less that of linear models"
        f" with features by hand, {name}",
        differs_in=("data", "tuning"),
        quick=name == "digits",
    )


def _gains_nothing(name: str) -> Comparison:
    is_regression = TASKS[name].is_regression
    return compare(
        network(TASKS[name].replace(features="engineered"), 2),
        "no_less" if is_regression else "no_greater",
        network(TASKS[name], 2),
        loss() if is_regression else accuracy(),
        MARGINS[name],
        key=f"{name}_gain",
        label=f"change of networks' {_what(name)} by features by hand, {name}",
        differs_in=("data",),
        quick=False,
    )


def _matches_forest(name: str) -> Comparison:
    return matches(
        network(TASKS[name], 2),
        classical("random_forest", TASKS[name]),
        MARGINS[name],
        key=f"{name}_forest",
        label=f"{_what(name)} of networks less that of forests, {name}",
        quick=False,
    )


CLAIM = Claim(
    statement="Deep learning removes the need for features made by hand.",
    rows=("A-INT-1",),
    source="Deep learning notes, introduction",
    axis="task",
    core=(*map(_is_enough, TASKS), *map(_gains_nothing, TASKS)),
    beside=(_matches_forest("digits"), _matches_forest("products")),
    controls=(
        beats(
            _linear("products"),
            classical("ridge", rig.INTERACTIONS),
            key="linear_gain",
            label="change of linear models' error by features by hand, products",
            differs_in=("data",),
        ),
    ),
    seeds=SEEDS,
    answers={
        "digits cancer products ?digits_gain cancer_gain products_gain": (
            "Not settled: without features by hand networks do as well as linear models"
            " with them, but on digits such features may help networks too."
        ),
        "core": "Yes: on three tasks networks do without features by hand as well as"
        " with them, and as well as linear models with them.",
        "!core": "No: on three tasks networks gain from features by hand, and without"
        " them do worse than linear models with them.",
    },
    how=(
        "{digits.n} networks of two layers, linear models and forests were trained on"
        " 300 to 500 rows of three tasks, with and without features by hand."
    ),
    caveats=(
        "Squares, products, ratios and logarithms by a recipe, not by an expert; 64"
        " units in a layer, 500 updates. The test rows of digits and breast cancer are"
        " the same for all seeds, so that intervals cover splits and first weights, but"
        " not other test rows."
    ),
    figure="effects",
)
