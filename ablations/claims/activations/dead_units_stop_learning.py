"""A unit that is off for all rows gets no gradient, and hands none down.

In the first layer its inputs are the data, which do not move; in a deeper layer they
are the outputs of units that go on learning, and may switch it on again.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import DEAD
from ablations.rigs.readings import at_most, equals

UNITS = "dead_units_in_training"


def _has_none(layer: str) -> ExactCheck:
    quantity, at = f"gradient_into_a_dead_unit_of_the_{layer}_layer", ("layer", layer)
    label = f"gradient of a dead unit's own weights, {layer} hidden layer"
    return equals(UNITS, quantity, 0.0, key=f"{layer}_now", label=label, at=at)


def _stays(layer: str) -> ExactCheck:
    """Predict that less than one unit of a hundred is on again after training."""
    quantity, at = f"share_revived_of_the_{layer}_layer", ("layer", layer)
    label = f"share of dead units that are on after 500 updates, {layer} hidden layer"
    return at_most(UNITS, quantity, 0.01, key=f"{layer}_later", label=label, at=at)


CLAIM = Claim(
    statement="A dead ReLU unit stops learning and stays inactive.",
    strength="always",
    rows=("B-DEAD-4",),
    source=DEAD,
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="layer",
    core=(_has_none("first"), _has_none("second"), _stays("first"), _stays("second")),
    beside=(
        equals(
            UNITS,
            "gradient_out_of_a_dead_unit_of_the_first_layer",
            0.0,
            key="out",
            label="gradient of the weights that leave a dead unit, first layer",
        ),
    ),
    answers={
        "first_now second_now first_later !second_later": (
            "In the first layer for good; in the second, of units that were only just"
            " off {second_later.percent} are on again after 500 updates."
        ),
        "core": "Yes: none gets a gradient, and none is on again after 500 updates.",
        "!core": "No: dead units get gradients and come back.",
    },
    how="In 200 networks one unit was switched off for all 64 rows and the network"
    " trained by full-batch gradient descent.",
    caveats=(
        "Each unit was set just below the point at which one training row"
        " would switch it on."
    ),
)
