"""A unit is off where its weighted inputs do not reach its bias.

Training rows are finitely many and near one another; far enough along its weights,
every unit with weights is on.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import DEAD
from ablations.rigs.readings import at_least, at_most

OUTPUTS = "dead_outputs"


def _is_off(rows: str, words: str) -> ExactCheck:
    """Predict that less than one dead unit of a hundred is on for any such row."""
    quantity = f"share_active_for_{rows}_rows"
    label, at = f"share of dead units that are on for {words}", ("rows", rows)
    return at_most(OUTPUTS, quantity, 0.01, key=rows, label=label, at=at)


CLAIM = Claim(
    statement="A dead ReLU unit outputs zero for every input.",
    strength="always",
    rows=("B-DEAD-1",),
    source=DEAD,
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="rows",
    core=(_is_off("new", "300 new rows"), _is_off("far", "300 rows ten times as far")),
    controls=(at_least(OUTPUTS, "share_of_units_that_are_dead", 0.1, key="dead"),),
    answers={
        "!new !far": "No: of units that are off for all training rows"
        " {new.percent} are on for some new row, and nearly all for rows farther"
        " out.",
        "new !far": "No: for rows like those of training it does, but for rows farther"
        " out {far.percent} of such units are on.",
        "core": "Yes: units that are off for all training rows are off for others.",
    },
    how="Of 20,000 random units with a large negative bias, those off for 300 training"
    " rows were asked for 300 others of 20 features.",
    caveats="Dead is read as off for all training rows, which is what a network can"
    " know.",
)
