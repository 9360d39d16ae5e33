"""A row for which the unit's sum is negative sends no gradient to its weights.

An update averages over the rows of a batch, so that a unit learns from the rows for
which it is active; only when no row is left does it stop.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals

UNIT = "unit_gradients"


def _stops(active: int, key: str) -> ExactCheck:
    """Predict no gradient, where of ten rows so many have a positive sum."""
    percent = 100 - 10 * active
    return equals(
        UNIT,
        f"gradient_of_relu_active_in_{active}",
        0.0,
        key=key,
        label=f"gradient left where {percent} % of the rows are negative",
        at=("negative rows (%)", percent),
    )


CLAIM = Claim(
    statement="Negative inputs give a ReLU unit a gradient of zero, so that it stops"
    " learning.",
    strength="always",
    rows=("A-ACT-19",),
    source=f"{NOTES}, dying ReLU",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural"
    " network acoustic models; Lu, Shin, Su and Karniadakis (2020), Dying ReLU and"
    " initialization",
    core=(_stops(0, "all"),),
    beside=(_stops(1, "nine"), _stops(5, "half"), _stops(9, "one")),
    controls=(
        # A leaky unit learns from the rows that ReLU leaves out.
        equals(UNIT, "gradient_of_leaky_0_1_active_in_0", 0.1, 1e-6, key="leaky"),
    ),
    answers={
        "core !nine !half !one": (
            "Yes, for a batch in which the unit's sum is negative in every row; one"
            " active row of ten leaves a tenth of the gradient."
        ),
        "core": "Yes: a unit that is negative for every row gets no gradient.",
        "!core": "No: a unit gets a gradient even where all rows are negative.",
    },
    how="The gradient of one ReLU unit was computed for batches of ten rows of which"
    " one, five, nine or all are negative.",
    caveats="One unit and one batch; how often units die in training is a matter of"
    " other claims.",
)
